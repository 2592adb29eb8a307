#include "extract/structure/structure.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/tsv.h"
#include "extract/figures/candidates.h"
#include "extract/structure/embed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A row of assets/players.tsv, and the id that was found by it. */
struct player {
	struct cell where, kind, site, page;
	const char *address; /* of the player, "" when only the id is known */
	const char *id;
	size_t id_len;
};

/* The address after its scheme and "www.". */
static const char *without_scheme(const char *url)
{
	if (strncasecmp(url, "https:", 6) == 0)
		url += 6;
	else if (strncasecmp(url, "http:", 5) == 0)
		url += 5;
	if (strncmp(url, "//", 2) != 0)
		return NULL;
	url += 2;
	return strncasecmp(url, "www.", 4) == 0 ? url + 4 : url;
}

static size_t id_length(const char *id)
{
	return strcspn(id, "?&#/\"' \t\n");
}

/* The length of "script " at the start of a row that is about scripts, or 0. */
static size_t is_script(const struct cell *where)
{
	static const char mark[] = "script ";
	size_t len = sizeof mark - 1;
	return where->len > len && memcmp(where->s, mark, len) == 0 ? len : 0;
}

/* Whether this row is meant by an attribute of the element. */
static bool row_matches(struct player *p, const xmlNode *node, const char *name, const char *value)
{
	const char *at = memchr(p->where.s, '@', p->where.len);
	size_t script = is_script(&p->where);
	if ((script != 0) != tree_is(node, "script"))
		return false;
	if (!at) {
		const char *bare = without_scheme(value);
		if (!bare || strncasecmp(bare, p->where.s + script, p->where.len - script) != 0)
			return false;
		p->address = value;
		p->id = bare + p->where.len - script;
	} else {
		struct cell tag = {p->where.s, (size_t)(at - p->where.s)};
		struct cell attribute = {at + 1, p->where.len - tag.len - 1};
		if (!cell_is(&attribute, name) || (tag.len && !cell_is(&tag, tree_name(node))))
			return false;
		p->address = "";
		p->id = value;
	}
	p->id_len = id_length(p->id);
	return !memchr(p->page.s, '*', p->page.len) || p->id_len >= 3;
}

/* Whether the table may have an attribute. */
static bool may_be_player(const char *name, const char *value)
{
	return (without_scheme(value) || strncmp(name, "data-", 5) == 0 ||
		strcmp(name, "videoid") == 0) &&
	       strlen(value) < 2000;
}

static bool find_player(struct player *p, const xmlNode *node)
{
	const char *name, *value;
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;
	     a = tree_attr_next(node, a, &name, &value)) {
		if (!may_be_player(name, value))
			continue;
		struct tsv table = tsv_open("assets/players.tsv");
		struct cell cells[4];
		while (tsv_next(&table, cells, 4)) {
			*p = (struct player){cells[0], cells[1], cells[2], cells[3], "", "", 0};
			if (row_matches(p, node, name, value))
				return true;
		}
	}
	return false;
}

bool embed_is_script(const char *address)
{
	const char *bare = without_scheme(address);
	struct tsv table = tsv_open("assets/players.tsv");
	struct cell cells[4];
	while (bare && tsv_next(&table, cells, 4)) {
		size_t script = is_script(&cells[0]);
		if (script && strncasecmp(bare, cells[0].s + script, cells[0].len - script) == 0)
			return true;
	}
	return false;
}

static void put_page(struct buf *out, const struct player *p)
{
	if (*p->page.s == '=') {
		size_t len = strcspn(p->address, "?#");
		bool script = is_script(&p->where) && len > 3 &&
			      memcmp(p->address + len - 3, ".js", 3) == 0;
		buf_puts(out, *p->address == '/' ? "https:" : "");
		buf_append(out, p->address, script ? len - 3 : strlen(p->address));
	} else if (*p->page.s == '?') {
		const char *at = p->address;
		while ((at = strpbrk(at, "?&")) &&
		       strncmp(++at, p->page.s + 1, p->page.len - 1) != 0)
			;
		if (at)
			url_put_decoded(out, at + p->page.len - 1,
					strcspn(at + p->page.len - 1, "&#"));
	} else {
		const char *star = memchr(p->page.s, '*', p->page.len);
		size_t before = star ? (size_t)(star - p->page.s) : p->page.len;
		buf_append(out, p->page.s, before);
		buf_append(out, p->id, star ? p->id_len : 0);
		if (star)
			buf_append(out, star + 1, p->page.len - before - 1);
	}
}

/* --- The link --- */

/* A title that says what it is, not only that it is a player. */
static const char *title_of(const xmlNode *node)
{
	static const char *const attributes[] = {"title", "data-title", "aria-label"};
	static const char *const nothing[] = {"youtube video player",
					      "video player",
					      "player",
					      "youtube",
					      "embedded content",
					      "iframe",
					      "youtube video",
					      "vimeo video player",
					      "vimeo",
					      "audio player",
					      "video",
					      "embedded video",
					      "embed",
					      "media player"};
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *title = tree_get(node, attributes[i]);
		bool says = title && title[strspn(title, " \t\n")];
		for (size_t k = 0; says && k < sizeof nothing / sizeof *nothing; k++)
			says = strcasecmp(title, nothing[k]) != 0;
		if (says)
			return title;
	}
	return NULL;
}

/* Put a link in the place of `node`, in a paragraph when it stands among blocks; around the picture
 * that it shows before it plays, when there is one. */
static void put_link(xmlNode *node, const char *href, const char *text, const char *poster)
{
	xmlNode *a = tree_detached(node, "a"), *place = a;
	tree_set(a, "class", "embed");
	tree_set(a, "href", href);
	if (poster) {
		xmlNode *img = tree_element(a, "img");
		tree_set(img, "src", poster);
		tree_set(img, "alt", text);
	} else {
		tree_text(a, text, strlen(text));
	}
	if (!page_is_inside(tree_parent(node), "p figure span a li td h1 h2 h3 h4 h5 h6",
			    tree_parent(tree_parent(node)))) {
		place = tree_detached(node, "p");
		tree_append(place, a);
	}
	tree_insert_before(node, place);
}

/* The same player again: as `noscript` beside the lazy one, `embed` in `object`. */
static bool is_seen(struct normaliser *s, const char *href)
{
	if (map_find(&s->players, href))
		return true;
	char *own = arena_dup(&s->page->arena, href);
	if (own)
		map_set(&s->players, own, own);
	return false;
}

static xmlNode *embed_replace(struct normaliser *s, xmlNode *node, const struct player *p)
{
	struct buf href = BUF_INIT, text = BUF_INIT;
	const char *title = title_of(node);
	put_page(&href, p);
	if (title)
		buf_puts(&text, title);
	else
		buf_printf(&text, "%.*s (%.*s)", (int)p->kind.len, p->kind.s, (int)p->site.len,
			   p->site.s);
	buf_fold_space(&text, 0);
	if (href.len && !is_seen(s, href.data)) {
		page_note(s->page, "player", node, "%s", href.data);
		put_link(node, href.data, text.data, NULL);
	}
	if (href.failed || text.failed)
		tree_fail(node);
	buf_release(&href);
	buf_release(&text);
	return walk_remove(s, node);
}

/* A file that plays. */
static xmlNode *normalise_media(struct normaliser *s, xmlNode *node)
{
	const char *src = tree_get(node, "src"), *poster = tree_get(node, "poster");
	if (!src || !*src)
		src = tree_get(node, "data-src");
	for (const xmlNode *n = tree_first_element(node); n && !(src && *src);
	     n = tree_next_element(n))
		if (tree_is(n, "source"))
			src = tree_get(n, "src") ? tree_get(n, "src") : tree_get(n, "data-src");
	const char *title = title_of(node);
	bool playable =
		src && *src && strncmp(src, "blob:", 5) != 0 && strncmp(src, "data:", 5) != 0;
	poster = poster && *poster ? poster : NULL;
	if (playable && !is_seen(s, src)) {
		page_note(s->page, "media", node, "%s", src);
		put_link(node, src,
			 title                    ? title
			 : tree_is(node, "audio") ? "Audio"
						  : "Video",
			 poster);
	} else if (poster && !playable) {
		xmlNode *img = tree_detached(node, "img");
		tree_set(img, "src", poster);
		tree_insert_before(node, img);
	}
	return walk_remove(s, node);
}

/* Whether an embedded file is a picture, by its type or its name. */
static bool embed_is_picture(const xmlNode *node, const char *address)
{
	const char *type = tree_get(node, "type");
	return type ? strncasecmp(type, "image/", 6) == 0
		    : strncasecmp(address, "data:image/", 11) == 0 ||
			       picture_is_file(address, strcspn(address, "?#"));
}

/* `embed` and `object`: a picture is that picture; of a file that is not shown, what the element
 * holds stands for it, or a link. */
static xmlNode *normalise_embedded(struct normaliser *s, xmlNode *node)
{
	const char *address = tree_get(node, tree_is(node, "object") ? "data" : "src");
	if (address && *address && embed_is_picture(node, address)) {
		struct buf alt = BUF_INIT;
		xmlNode *img = tree_detached(node, "img");
		tree_put_text(&alt, node);
		tree_set(img, "src", address);
		tree_set(img, "alt", alt.len ? alt.data : title_of(node));
		tree_set(img, "width", tree_get(node, "width"));
		tree_set(img, "height", tree_get(node, "height"));
		tree_insert_before(node, img);
		if (alt.failed)
			tree_fail(node);
		buf_release(&alt);
		return walk_remove(s, node);
	}
	if (tree_is(node, "object") &&
	    (!address || tree_first_element(node) || !tree_is_blank(node))) {
		tree_rename(node, "div"); /* what it holds is for those that cannot play it */
		return walk_into(s, node);
	}
	if (!address || !*address || strncmp(address, "data:", 5) == 0 || is_seen(s, address))
		return walk_remove(s, node);
	const char *title = title_of(node);
	page_note(s->page, "embedded", node, "%s", address);
	put_link(node, address, title ? title : address, NULL);
	return walk_remove(s, node);
}

xmlNode *normalise_player(struct normaliser *s, xmlNode *node)
{
	struct player p;
	if (find_player(&p, node))
		return embed_replace(s, node, &p);
	if (page_name_is_in(node, "video audio amp-video"))
		return normalise_media(s, node);
	if (page_name_is_in(node, "embed object"))
		return normalise_embedded(s, node);
	return walk_into(s, node);
}

/* A script that writes what it shows into the page: a link to where it comes from. */
xmlNode *normalise_player_script(struct normaliser *s, xmlNode *node)
{
	struct player p;
	return find_player(&p, node) ? embed_replace(s, node, &p) : normalise_math_script(s, node);
}

xmlNode *normalise_player_box(struct normaliser *s, xmlNode *node)
{
	struct player p;
	return find_player(&p, node) ? embed_replace(s, node, &p) : walk_into(s, node);
}
