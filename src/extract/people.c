#include "extract/passes.h"

#include "article/phrases.h"
#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/people_parts.h"

#include <string.h>

/* The end of an article: who wrote it, when there is no box about them. The last lines are read
 * upwards until one belongs to the text. A line is a bio when it
 * - begins "The author is", "About the author:" and the like; or
 * - begins with the author's name; or
 * - begins with somebody's name, "is", and what writers are, and the article has no author. */

enum {
	MOST_LINES = 30,    /* looked at */
	LONGEST_BIO = 1200, /* characters of a line */
	TEXT = 120,         /* characters of a line that belongs to the text */
};

struct ending {
	struct page *page;
	struct line_list lines;
	struct buf text; /* of the line that is looked at */
	bool may_add;    /* the article has no author */
};

/* Past brackets and stars that a bio may stand in. */
static void skip_wrapping(const char **s, size_t *len)
{
	while (*len > 1 && strchr("([*_-~", **s)) {
		++*s;
		--*len;
	}
	while (*len > 3 && (!strncmp(*s, "（", 3) || !strncmp(*s, "【", 3) ||
			    !strncmp(*s, "—", 3) || !strncmp(*s, "–", 3) || !strncmp(*s, "■", 3))) {
		*s += 3;
		*len -= 3;
	}
	utf8_trim(s, len);
}

/* Whether all of the line is in italics: how bios are often set. */
static bool is_italic(const struct line *line)
{
	const xmlNode *up = tree_parent(line->first);
	for (int i = 0; i < 4 && up && up != line->block; i++, up = tree_parent(up))
		if (page_name_is_in(up, "em i") && lines_are_few(line->block, line->chars + 8))
			return true;
	return false;
}

/* Whether the line is a bio, and whose. */
static bool read_bio(struct ending *e, const struct line *line, const char **name)
{
	const struct article *a = e->page->a;
	const char *s = e->text.data;
	size_t len = e->text.len, used, rest;
	if (line->chars > LONGEST_BIO || line->heading || line->item)
		return false;
	skip_wrapping(&s, &len);
	*name = NULL;
	size_t label = phrase_at(PHRASE_ABOUT, s, len);
	if (label && label < len && strchr(":-", s[label])) {
		s += label + 1;
		len -= label + 1;
		utf8_trim(&s, &len);
	} else {
		label = phrase_at(PHRASE_AUTHOR_IS, s, len);
	}
	const struct author *author = author_at(a, s, len, &used);
	if (author) {
		*name = author->name;
		/* a company may well be what the piece is about */
		return label ||
		       (is_name(author->name, strlen(author->name)) && is_bio_prose(line, s, len));
	}
	size_t own = opening_name(s, len, &rest);
	if (own) {
		author = author_like(a, s, own);
		*name = author ? author->name : arena_dupn(&e->page->arena, s, own);
		return label || author ||
		       (s[own] != ',' && has_occupation(s + rest, len - rest) &&
			(e->may_add || is_italic(line)));
	}
	return label != 0;
}

/* "She lives in Lima.", "Follow her on …": goes on with the bio above it. */
static bool goes_on(const struct ending *e)
{
	const char *s = e->text.data;
	size_t len = e->text.len;
	skip_wrapping(&s, &len);
	return phrase_at(PHRASE_MORE, s, len) != 0;
}

/* Take the bio in the lines [first, last] if its author is known or may be added. */
static void take(struct ending *e, size_t first, size_t last, const char *name)
{
	struct article *a = e->page->a;
	struct bio bio = {.name = name, .text = BUF_INIT};
	for (size_t i = first; i <= last; i++) {
		if (e->lines.items[i].apart)
			continue;
		if (bio.text.len)
			buf_puts(&bio.text, "\n\n");
		line_put_text(&bio.text, e->page->content, &e->lines.items[i]);
	}
	struct author *author = bio_author(a, &bio);
	if (!author && name && e->may_add)
		author = article_author(a, name);
	if (author) {
		page_note(e->page, "ending-bio", e->lines.items[first].block, "of %s: \"%.60s\"",
			  author->name, bio.text.data);
		bio_give(a, author, &bio.text);
		for (size_t i = first; i <= last; i++)
			if (!e->lines.items[i].apart)
				line_remove(e->page->content, &e->lines.items[i]);
	}
	a->arena.failed |= bio.text.failed;
	buf_release(&bio.text);
}

void people_take(struct page *page)
{
	struct ending e = {.page = page, .text = BUF_INIT, .may_add = !article_has_author(page->a)};
	e.lines = lines_of(page, page->content);
	size_t last = SIZE_MAX; /* of a bio whose start is still looked for */
	for (size_t n = 0, i = e.lines.count; i-- > 0 && n < MOST_LINES; n++) {
		const struct line *line = &e.lines.items[i];
		const char *name;
		if (line->apart)
			continue;
		buf_truncate(&e.text, 0);
		line_put_text(&e.text, page->content, line);
		if (read_bio(&e, line, &name)) {
			take(&e, i, last == SIZE_MAX ? i : last, name);
			last = SIZE_MAX;
		} else if (goes_on(&e)) {
			last = last == SIZE_MAX ? i : last;
		} else if (!line->heading && is_meta_line(page, e.text.data, e.text.len, true)) {
			page_note(page, "ending-meta", line->block, "\"%.60s\"", e.text.data);
			line_remove(page->content, line);
			last = SIZE_MAX;
		} else if (line->chars >= TEXT) {
			break;
		} else {
			last = SIZE_MAX;
		}
	}
	page->arena.failed |= e.text.failed;
	buf_release(&e.text);
}
