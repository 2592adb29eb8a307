#include "source/feed_parts.h"
#include "source/plain.h"

#include "article/url.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

/* --- What an item says --- */

/* Whether a field of this rank replaces what is there. */
static bool outranks(struct feed *f, enum feed_field field, int rank)
{
	if (f->ranks[field] >= rank)
		return false;
	f->ranks[field] = rank;
	return true;
}

void feed_take_link(struct feed *f, const char *text, size_t len, int rank)
{
	const struct buf *base = &f->frames[f->depth - 1].base;
	utf8_trim(&text, &len);
	if (len == 0 || f->ranks[LINK] >= rank)
		return;
	const char *before = f->b.item.url;
	if (item_set_url(&f->b, text, len, base->len ? base->data : f->self ? f->self : f->url))
		f->ranks[LINK] = rank;
	else
		f->b.item.url = before;
}

/* `link` with attributes: RFC 4287, 4.2.7. */
void feed_take_atom_link(struct feed *f, const struct feed_attributes *at)
{
	struct buf href = BUF_INIT, rel = BUF_INIT, type = BUF_INIT;
	feed_attribute(at, NULL, "href", &href);
	bool has_rel = feed_attribute(at, NULL, "rel", &rel);
	feed_attribute(at, NULL, "type", &type);
	bool page = !type.len || strstr(type.data, "html");
	if (!has_rel || strcmp(rel.data, "alternate") == 0)
		feed_take_link(f, href.data, href.len, page ? RANK_ALTERNATE : RANK_LINK);
	buf_release(&href);
	buf_release(&rel);
	buf_release(&type);
}

static const char *copy_frame_base(struct feed *f)
{
	const struct buf *base = &f->frames[f->depth - 1].base;
	return base->len ? base->data : "";
}

/* A text that may be the content: the fullest wins. A summary must be more than twice as long as
 * what is declared to be the content. */
static void take_text(struct feed *f, bool is_plain, bool is_content)
{
	struct buf text = BUF_INIT;
	if (is_plain)
		buf_append(&text, f->value.data, f->value.len);
	else
		plain_put_html(&text, f->value.data, f->value.len);
	buf_fold_space(&text, 0);
	size_t characters = utf8_length(text.data, text.len);
	f->b.arena.failed |= text.failed;
	buf_release(&text);
	bool has_media = !is_plain &&
			 (strcasestr(f->value.data, "<img") || strcasestr(f->value.data, "<svg"));
	if (characters == 0 && !has_media)
		return;
	size_t weight = characters * (is_content ? 2 : 1);
	size_t best = f->best.characters * (f->best.is_content ? 2 : 1);
	if (f->best.bytes.len && (weight < best || (weight == best && f->best.is_content)))
		return;
	buf_truncate(&f->best.bytes, 0);
	buf_append(&f->best.bytes, f->value.data, f->value.len);
	buf_truncate(&f->best.base, 0);
	buf_puts(&f->best.base, copy_frame_base(f));
	memcpy(f->best.language, f->frames[f->depth - 1].language, MAX_LANGUAGE);
	f->best.characters = characters;
	f->best.is_plain = is_plain;
	f->best.is_content = is_content;
}

/* A person of RSS: "ann@example.org (Ann Brown)", "Ann Brown (ann@example.org)", "Ann Brown
 * <ann@example.org>", "Ann Brown". Mail addresses are left out. */
static void take_person(struct feed *f, const char *line)
{
	const char *open = strpbrk(line, "(<"), *close = open ? strpbrk(open, ")>") : NULL;
	size_t len = strlen(line);
	if (open && close) {
		size_t inner = (size_t)(close - open - 1);
		bool mail_inside = memchr(open + 1, '@', inner) != NULL;
		bool mail_before = memchr(line, '@', (size_t)(open - line)) != NULL;
		if (mail_before && !mail_inside) {
			item_add_author(&f->b, open + 1, inner);
			return;
		}
		if (mail_inside)
			len = (size_t)(open - line);
	}
	if (!memchr(line, '@', len) && len)
		item_add_author(&f->b, line, len);
}

static const char *take_date(struct feed *f)
{
	return feed_date(&f->b.arena, f->value.data, f->value.len);
}

static void take_id(struct feed *f, const struct feed_element *e)
{
	const char *id = item_line(&f->b, f->value.data, f->value.len);
	if (!id || !outranks(f, ID, e->rank))
		return;
	f->b.item.id = id;
	bool is_address = strncasecmp(id, "http://", 7) == 0 || strncasecmp(id, "https://", 8) == 0;
	if (strcasecmp(e->name, "guid") == 0 && f->is_permalink && is_address)
		feed_take_link(f, id, strlen(id), RANK_GUID);
}

/* The element that ends, as a child of an item. */
void feed_take_field(struct feed *f, const struct feed_element *e, bool is_plain)
{
	struct chapbook_item *item = &f->b.item;
	const char *line, *date;
	switch (e->field) {
	case TITLE:
		line = feed_value_line(f, is_plain);
		if (line && outranks(f, TITLE, e->rank))
			item->title = line;
		break;
	case LINK:
		feed_take_link(f, f->value.data, f->value.len, RANK_LINK);
		break;
	case ORIGINAL_LINK:
		feed_take_link(f, f->value.data, f->value.len, RANK_ALTERNATE + 1);
		break;
	case ID:
		take_id(f, e);
		break;
	case SUMMARY:
		line = feed_value_line(f, is_plain);
		if (line && outranks(f, SUMMARY, e->rank))
			item->summary = line;
		take_text(f, is_plain, false);
		break;
	case CONTENT:
		take_text(f, is_plain, true);
		break;
	case TAG:
		line = feed_value_line(f, is_plain);
		if (line)
			item_add_tag(&f->b, line, strlen(line));
		break;
	case POST_TYPE:
		f->post_type = feed_value_line(f, is_plain);
		break;
	case POST_STATUS:
		f->post_status = feed_value_line(f, is_plain);
		break;
	case TAGS:
		item_add_tags(&f->b, f->value.data, f->value.len, ',');
		break;
	case LANGUAGE:
		line = item_line(&f->b, f->value.data, f->value.len);
		if (line && outranks(f, LANGUAGE, e->rank))
			item->language = line;
		break;
	case PUBLISHED:
	case UPDATED:
	case DATE:
	case CREATED:
		date = take_date(f);
		if (!date || !outranks(f, e->field, e->rank))
			break;
		*(e->field == PUBLISHED ? &item->published
		  : e->field == UPDATED ? &item->updated
		  : e->field == DATE    ? &f->date
					: &f->created) = date;
		break;
	default:
		break;
	}
}

/* An author, as a text or with children; the element of the highest rank counts. */
void feed_author_end(struct feed *f, const struct feed_element *e, bool is_plain)
{
	const char *line = f->author_name ? NULL : feed_value_line(f, is_plain);
	if (e->rank < f->ranks[AUTHOR])
		return;
	if (e->rank > f->ranks[AUTHOR] && (line || f->author_name)) {
		f->b.authors.count = 0;
		f->ranks[AUTHOR] = e->rank;
	}
	if (f->author_name) {
		item_add_author(&f->b, f->author_name, strlen(f->author_name));
		if (f->b.authors.count)
			f->b.authors.items[f->b.authors.count - 1].url = f->author_url;
	} else if (line) {
		take_person(f, line);
	}
	f->author_name = f->author_url = NULL;
}

void feed_item_begin(struct feed *f, const struct feed_attributes *at)
{
	struct buf text = BUF_INIT;
	item_begin(&f->b);
	memset(f->ranks, 0, sizeof f->ranks);
	f->created = f->date = f->author_name = f->author_url = NULL;
	f->post_type = f->post_status = NULL;
	buf_truncate(&f->best.bytes, 0);
	f->best.characters = 0;
	f->is_too_large = false;
	f->item_depth = f->depth;
	if (feed_attribute(at, NULL, "about", &text) && text.len) {
		f->b.item.id = item_line(&f->b, text.data, text.len);
		feed_take_link(f, text.data, text.len, RANK_ABOUT);
	}
	if (feed_attribute(at, NULL, "href", &text)) /* CDF */
		feed_take_link(f, text.data, text.len, RANK_LINK);
	if (feed_attribute(at, NULL, "lastmod", &text))
		f->b.item.updated = feed_date(&f->b.arena, text.data, text.len);
	f->b.arena.failed |= text.failed;
	buf_release(&text);
}

/* An export of WordPress has pages, menus, pictures and drafts among its posts. */
static bool is_published(const struct feed *f)
{
	return (!f->post_type || strcmp(f->post_type, "post") == 0) &&
	       (!f->post_status || strcmp(f->post_status, "publish") == 0);
}

void feed_item_end(struct feed *f)
{
	struct chapbook_item *item = &f->b.item;
	f->item_depth = f->value_depth = 0;
	f->count++;
	if (f->is_too_large) {
		diag_add(f->b.sink->diag, DIAG_ITEM_BAD, 0, "an entry has more than %d MB",
			 MAX_VALUE >> 20);
		return;
	}
	if (!is_published(f))
		return;
	item->source = f->title;
	item->source_url = f->url;
	if (!item->updated)
		item->updated = f->date;
	if (!item->published)
		item->published = f->date ? f->date : f->created;
	if (f->best.bytes.len) {
		item->content = f->best.bytes.data;
		item->content_size = f->best.bytes.len;
		item->content_type = f->best.is_plain ? "text/plain" : "text/html";
		item->base_url = f->best.base.len ? f->best.base.data : NULL;
		item->is_partial = item->url && !f->post_type && f->best.characters < MIN_CONTENT;
		if (!item->language && f->best.language[0])
			item->language = f->best.language;
	}
	if (!item->language)
		item->language = f->language;
	f->b.arena.failed |= f->best.bytes.failed || f->value.failed || f->arena.failed;
	f->result = item_emit(&f->b, f->err);
	if (f->result != 0)
		xmlStopParser(f->ctxt);
}

/* What the feed says of itself. */
void feed_take_channel(struct feed *f, const struct feed_element *e, bool is_plain)
{
	struct buf text = BUF_INIT;
	if (is_plain || e->field != TITLE)
		buf_append(&text, f->value.data, f->value.len);
	else
		plain_put_html(&text, f->value.data, f->value.len);
	buf_fold_space(&text, 0);
	const char **slot = e->field == TITLE      ? &f->title
			    : e->field == LINK     ? &f->url
			    : e->field == LANGUAGE ? &f->language
						   : NULL;
	if (slot && text.len && (!*slot || e->field == TITLE) && f->arena.failed == false)
		*slot = *slot ? *slot : arena_dupn(&f->arena, text.data, text.len);
	buf_release(&text);
}

/* `link` of the feed: its page, or the feed itself. */
void feed_take_channel_link(struct feed *f, const struct feed_attributes *at, struct buf *href)
{
	const struct buf *base = &f->frames[f->depth - 1].base;
	struct buf rel = BUF_INIT, whole = BUF_INIT;
	feed_attribute(at, NULL, "rel", &rel);
	bool is_self = strcmp(rel.data, "self") == 0;
	const char **slot = is_self ? &f->self : &f->url;
	const char *known = base->len ? base->data : f->self;
	if (known)
		url_resolve(&whole, href->data, known, URL_LINK);
	else
		buf_append(&whole, href->data, href->len);
	if (!*slot && url_is_absolute(whole.data) &&
	    (is_self || !rel.len || strcmp(rel.data, "alternate") == 0))
		*slot = arena_dupn(&f->arena, whole.data, whole.len);
	f->b.arena.failed |= rel.failed || whole.failed;
	buf_release(&rel);
	buf_release(&whole);
}
