#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/authors/authors.h"
#include "extract/page/names.h"
#include "lang/bio_line.h"
#include "lang/byline.h"
#include "lang/name.h"
#include "lang/phrases.h"

#include <stdint.h>
#include <string.h>

/* Author boxes: by their names, or under a line "About the author". They often stand outside the
 * article, so they are searched for on the whole page, before it is searched. */

enum {
	MAX_BOX = 5000,    /* characters in a box */
	MAX_BIO = 2000,    /* in one bio */
	MAX_REFUSED = 100, /* boxes without a bio: nested ones would take quadratic time */
	LONGEST_ABOUT = 80,
	LONGEST_REST = 40, /* after the name, in a line that names */
	LONGEST_NAME = 30,
	NAME_UP = 3,
	ENOUGH = 60,    /* characters that may describe somebody */
	MAX_BEHIND = 8, /* nodes under a line that announces them */
	MAX_PARTS = 8
};

struct box {
	struct page *page;
	xmlNode *root;
	struct bio parts[MAX_PARTS];
	size_t count;
};

/* What follows is about another person, or about `name` if no text came before. */
static void start_part(struct box *box, const char *name)
{
	struct bio *bio = box->count ? &box->parts[box->count - 1] : NULL;
	if (bio && bio->name && name && strcmp(bio->name, name) == 0)
		return;
	if (!bio || bio->text.len) {
		if (box->count == MAX_PARTS)
			return;
		bio = &box->parts[box->count++];
		*bio = (struct bio){.text = BUF_INIT};
	}
	bio->name = name;
}

static const char *copy_name(struct box *box, const char *name, size_t len)
{
	return arena_dupn(&box->page->arena, name, len);
}

/* The name that the text begins with: "Ann Brown is …", or, where any words may follow, "Ann Brown
 * covers …". */
static size_t first_name(const char *text, size_t len, bool any)
{
	struct bio_line start;
	size_t name = bio_line_read(text, len, &start) ? start.names[0].len : 0, words = 0;
	for (size_t i = 1; any && !name && i + 1 < len && words < 4; i++) {
		if (text[i] != ' ')
			continue;
		words++;
		uint32_t next;
		utf8_decode(text + i + 1, len - i - 1, &next);
		if (words > 1 && cp_is_lower(next))
			return is_name(text, i) ? i : 0;
	}
	return name;
}

static void add_prose(struct box *box, const char *text, size_t len)
{
	size_t used, name;
	const struct author *author = author_at(box->page->a, text, len, &used);
	if (author)
		start_part(box, author->name);
	else if ((name = first_name(text, len, box->count == 0)) &&
		 !author_like(box->page->a, text, name))
		start_part(box, copy_name(box, text, name));
	else if (box->count == 0)
		start_part(box, NULL);
	struct buf *out = &box->parts[box->count - 1].text;
	if (out->len)
		buf_puts(out, "\n\n");
	buf_append(out, text, trim_bio(text, len));
}

/* Whether the page says that the line is a name. */
static bool is_named_name(const struct box *box, const struct line *line)
{
	const xmlNode *up = tree_parent(line->first);
	for (int i = 0; i < NAME_UP && up && up != box->root; i++, up = tree_parent(up))
		if (names_of(box->page, up) & NAMED(BYLINE))
			return true;
	return false;
}

/* Bytes of a line that are the name of the person whom the box describes; 0: no name. */
static size_t given_name(const struct box *box, const struct line *line, bool labelled,
			 const char *s, size_t len)
{
	if (line->chars > LONGEST_ABOUT || len == 0)
		return 0;
	size_t name = strcspn(s, ",(|");
	name = name < len ? name : len;
	while (name && s[name - 1] == ' ')
		name--;
	if ((box->count == 0 || line->heading || labelled) && is_name(s, name))
		return name;
	return box->count == 0 && line->chars <= LONGEST_NAME && is_named_name(box, line) &&
			       !phrase_at(PHRASE_NOT_BIO, s, len) &&
			       !phrase_is(PHRASE_ABOUT, s, len)
		       ? name
		       : 0;
}

static void read_line(struct box *box, const struct line *line, const char *text, size_t len)
{
	size_t label = byline_label(text, len), used;
	if (!label && line->chars < LONGEST_ABOUT)
		label = phrase_at(PHRASE_ABOUT_WHOM, text, len);
	const char *name = text + label;
	size_t name_len = len - label;
	utf8_trim(&name, &name_len);
	const struct author *author = author_at(box->page->a, name, name_len, &used);
	if (author && name_len - used < LONGEST_REST && line->chars < LONGEST_ABOUT)
		start_part(box, author->name);
	else if (is_bio_prose(line, text, len))
		add_prose(box, text, len);
	else if ((name_len = given_name(box, line, label != 0, name, name_len)))
		start_part(box, copy_name(box, name, name_len));
}

/* Read all lines of the box. */
static void read_box(struct box *box)
{
	struct line_list lines = lines_of(box->page, box->root);
	struct buf text = BUF_INIT;
	for (size_t i = 0; i < lines.count; i++) {
		buf_truncate(&text, 0);
		line_put_text(&text, box->root, &lines.items[i]);
		read_line(box, &lines.items[i], text.data, text.len);
	}
	buf_end(&text, &box->page->arena.failed);
}

/* Whether anybody is known to have written it, and not only a site or a company. */
static bool has_person(const struct article *a)
{
	for (size_t i = 0; i < a->authors.count && i < 20; i++) {
		const char *name = a->authors.items[i].name;
		if (name && name_is_personal(name, strlen(name)))
			return true;
	}
	return false;
}

/* Give what the box says to its authors; those that are not known yet are added if `may_add`.
 * Returns how many took something. */
static size_t give(struct box *box, bool may_add)
{
	struct article *a = box->page->a;
	size_t given = 0;
	for (size_t i = 0; i < box->count; i++) {
		struct bio *bio = &box->parts[i];
		struct author *author = bio->text.len ? bio_author(a, bio) : NULL;
		if (!author && bio->name && bio->text.len && may_add) {
			if (!has_person(a))
				a->authors = (struct author_list){0};
			author = article_author(a, bio->name);
		}
		if (author) {
			page_note(box->page, "author-box", box->root, "bio of %s, %zu bytes",
				  author->name, bio->text.len);
			bio_give(a, author, &bio->text);
			given++;
		}
	}
	return given;
}

static void give_portrait(const struct box *box)
{
	struct author *author = box->count == 1 ? bio_author(box->page->a, &box->parts[0]) : NULL;
	const xmlNode *img = author ? tree_find(box->root, NULL, "img") : NULL;
	const char *src = tree_get(img, "src");
	if (src && strncmp(src, "data:", 5) != 0)
		article_fill(box->page->a, &author->portrait, src, SIZE_MAX);
}

/* Links on the names of authors lead to their pages. */
static void give_links(const struct box *box)
{
	struct page *page = box->page;
	struct buf text = BUF_INIT;
	for (xmlNode *n = tree_find(box->root, NULL, "a"); n; n = tree_find(box->root, n, "a")) {
		const char *href = tree_get(n, "href");
		size_t used;
		buf_truncate(&text, 0);
		tree_put_text(&text, n);
		struct author *author = author_at(page->a, text.data, text.len, &used);
		const char *url = author && used == text.len && href ? page_url(page, href) : NULL;
		if (url && strncmp(url, "http", 4) == 0)
			article_fill(page->a, &author->url, url, SIZE_MAX);
	}
	buf_end(&text, &page->arena.failed);
}

/* What an author box may not have in it: the article. */
static bool holds_article(struct page *page, const xmlNode *root)
{
	for (const xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n))
		if (tree_is(n, "h1") || (tree_is_element(n) && (names_of(page, n) & NAMED(BODY)) &&
					 !lines_are_few(n, MAX_BIO)))
			return true;
	return false;
}

/* Whether anything in the box describes anybody; if so, they have it now, as far as they are known.
 */
static bool take_box(struct page *page, xmlNode *root, bool may_add, bool *given)
{
	struct box box = {.page = page, .root = root};
	bool told = false;
	read_box(&box);
	for (size_t i = 0; i < box.count; i++)
		told |= box.parts[i].text.len != 0;
	*given = told && give(&box, may_add) > 0;
	if (*given) {
		give_portrait(&box);
		give_links(&box);
	}
	for (size_t i = 0; i < box.count; i++) {
		page->arena.failed |= box.parts[i].text.failed;
		buf_release(&box.parts[i].text);
	}
	return told;
}

/* Whether a text says that a bio follows. */
static bool is_about(const struct page *page, const char *s)
{
	size_t len = strlen(s), used;
	utf8_trim(&s, &len);
	if (len < 4 || len > LONGEST_ABOUT)
		return false;
	if (phrase_is(PHRASE_ABOUT, s, len))
		return true;
	size_t label = phrase_at(PHRASE_ABOUT_WHOM, s, len);
	if (!label)
		return false;
	s += label;
	len -= label;
	utf8_trim(&s, &len);
	const struct author *author = author_at(page->a, s, len, &used);
	return author && len - used < 4 && is_name(author->name, strlen(author->name));
}

/* Whether `node` has nothing to read before `text`. */
static bool box_starts_with(const xmlNode *node, const xmlNode *text)
{
	for (const xmlNode *n = tree_walk(node, NULL); n && n != text; n = tree_walk(node, n))
		if (tree_is_text(n) && !tree_is_space(n))
			return false;
	return true;
}

/* Whether some line in it may describe somebody. */
static bool box_has_prose(struct page *page, const xmlNode *node)
{
	struct line_list lines = lines_of(page, node);
	for (size_t k = 0; k < lines.count; k++)
		if (lines.items[k].chars >= ENOUGH && !lines.items[k].heading)
			return true;
	return false;
}

/* The box that the line `text` announces: the smallest element that it begins and that describes
 * somebody; or what stands behind it, for which `*made` is then put around both. NULL when that
 * would be the text of the page. */
static xmlNode *box_under(struct page *page, xmlNode *text, bool *made)
{
	xmlNode *top = NULL, *next;
	*made = false;
	for (xmlNode *up = tree_parent(text); up && up != page->body; up = tree_parent(up)) {
		if (!lines_are_few(up, MAX_BOX) || !box_starts_with(up, text))
			break;
		top = up;
		if (box_has_prose(page, up))
			return holds_article(page, up) ? NULL : up;
	}
	if (!top)
		return NULL;
	*made = true;
	top = tree_wrap(top, "div");
	bool told = false;
	for (int i = 0; i < MAX_BEHIND && (next = tree_next(top)); i++) {
		if (tree_is_element(next) &&
		    ((told && !tree_is(next, "p")) || !lines_are_few(next, MAX_BOX) ||
		     (i > 1 && tree_heading_level(next)) || holds_article(page, next)))
			break;
		told |= box_has_prose(page, next);
		tree_append(top, next);
	}
	return top;
}

void author_boxes_take(struct page *page)
{
	bool may_add = !has_person(page->a), given;
	unsigned refused = 0;
	for (xmlNode *n = tree_walk(page->body, NULL), *next; n; n = next) {
		xmlNode *root = NULL;
		bool named = false, made = false;
		name_set names = tree_is_element(n) ? names_of(page, n) : 0;
		next = tree_walk(page->body, n);
		if (refused > MAX_REFUSED)
			break;
		if (tree_is_text(n)) {
			if (!is_about(page, tree_text_value(n)))
				continue;
			root = box_under(page, n, &made);
			refused++;
		} else if ((names & (NAMED(COMMENTS) | NAMED(VOICES))) &&
			   !page_name_is_in(n, "main article section")) {
			next = tree_walk_skip(page->body, n);
		} else if (names & NAMED(AUTHOR_BOX)) {
			named = lines_are_few(n, MAX_BOX) && !holds_article(page, n);
			root = named ? n : NULL;
			refused += !named;
		}
		if (!root)
			continue;
		if (take_box(page, root, may_add, &given) && (named || given)) {
			next = tree_walk_skip(page->body, root);
			page_note(page, "drop-author-box", root,
				  given ? "taken" : "of no author of this article");
			tree_remove(root);
		} else if (named) {
			next = tree_walk_skip(page->body, root);
		} else if (made) {
			tree_unwrap(root);
		}
	}
}
