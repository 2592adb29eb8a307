#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/authors/authors.h"
#include "lang/bio_line.h"
#include "lang/byline.h"
#include "lang/phrases.h"

#include <string.h>

/* The end of an article: who wrote it, when there is no box about them. The last lines are read
 * upwards until one belongs to the text. */

enum {
	MAX_LINES = 30, /* inspected */
	LONGEST_BYLINE = 80,
	MIN_PROSE = 3, /* lines */
	TEXT = 120,    /* characters of a line that belongs to the text */
};

struct ending {
	struct page *page;
	struct line_list lines;
	struct buf text; /* of the line that is inspected */
	bool may_add;    /* the article has no author */
};

/* "She lives in Lima.", "Follow her on …": continues the bio above it. */
static bool bios_continue(const struct ending *e)
{
	const char *s = e->text.data;
	size_t len = e->text.len;
	skip_wrapping(&s, &len);
	return phrase_at(PHRASE_MORE, s, len) != 0;
}

/* A bio that begins with several names is of each of them. */
static void give_others(struct article *a, const struct buf *text)
{
	struct bio_line start;
	const char *s = text->data;
	size_t len = text->len;
	skip_wrapping(&s, &len);
	if (!bio_line_read(s, len, &start))
		return;
	for (size_t i = 1; i < start.count; i++) {
		struct author *other = author_like(a, start.names[i].s, start.names[i].len);
		if (other)
			bio_give(a, other, text);
	}
}

/* Take the bio in the lines [first, last] if its author is known or may be added. */
static void bios_take(struct ending *e, size_t first, size_t last, const char *name)
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
		give_others(a, &bio.text);
		for (size_t i = first; i <= last; i++)
			if (!e->lines.items[i].apart)
				line_remove(e->page->content, &e->lines.items[i]);
	}
	a->arena.failed |= bio.text.failed;
	buf_release(&bio.text);
}

/* "More articles by Ann Brown" */
static bool adds_text(const struct ending *e)
{
	const char *s = e->text.data;
	size_t len = e->text.len, used, n = phrase_at(PHRASE_NOT_BIO, s, len);
	if (!n || len > LONGEST_BYLINE)
		return false;
	s += n;
	len -= n;
	utf8_trim(&s, &len);
	return author_at(e->page->a, s, len, &used) != NULL;
}

/* Whether a line in the ending only says who or when. */
static bool is_byline_or_date(const struct ending *e, const struct line *line, bool above_bio)
{
	unsigned said = meta_line(e->page, e->text.data, e->text.len);
	if (line->heading)
		return (said & META_WHO) && ((said & META_LABEL) || above_bio);
	return said & (META_LABEL | META_WHEN) || (said == META_WHO && !line->item) || adds_text(e);
}

static void bios_drop(const struct ending *e, const struct line *line, const char *why)
{
	page_note(e->page, why, line->block, "\"%.60s\"", e->text.data);
	line_remove(e->page->content, line);
}

/* From the end upwards. Returns the first line of the ending. */
static size_t read_ending(struct ending *e)
{
	size_t last = SIZE_MAX; /* of a bio; its start is still searched for */
	size_t i = e->lines.count;
	bool above_bio = false;
	for (size_t n = 0; i > 0 && n < MAX_LINES; n++, i--) {
		const struct line *line = &e->lines.items[i - 1];
		const char *name;
		if (line->apart)
			continue;
		buf_truncate(&e->text, 0);
		line_put_text(&e->text, e->page->content, line);
		if (is_bio_line(e->page, line, e->text.data, e->text.len, e->may_add, &name)) {
			bios_take(e, i - 1, last == SIZE_MAX ? i - 1 : last, name);
			last = SIZE_MAX;
			above_bio = true;
			continue;
		} else if (bios_continue(e)) {
			last = last == SIZE_MAX ? i - 1 : last;
		} else if (is_byline_or_date(e, line, above_bio)) {
			bios_drop(e, line, "ending-meta");
			last = SIZE_MAX;
		} else if (line->chars >= TEXT) {
			break;
		} else {
			last = SIZE_MAX;
		}
		above_bio = false;
	}
	return i;
}

/* "By Ann Brown", "Updated July 2, 2021" as a line of its own, wherever it stands before the
 * ending. */
static void drop_bylines(struct ending *e, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		const struct line *line = &e->lines.items[i];
		if (line->apart || line->item || line->heading || line->chars > LONGEST_BYLINE)
			continue;
		buf_truncate(&e->text, 0);
		line_put_words(&e->text, e->page->content, line);
		const char *s = e->text.data;
		size_t len = e->text.len;
		if (!byline_label(s, len) && !phrase_at(PHRASE_UPDATED, s, len) &&
		    !phrase_at(PHRASE_PUBLISHED, s, len) && !phrase_at(PHRASE_CHECKED_BY, s, len))
			continue;
		unsigned said = meta_line(e->page, s, len);
		if ((said & META_LABEL) && (said & (META_WHO | META_WHEN)))
			bios_drop(e, line, "byline");
	}
}

/* Whether there is a text of which the last lines could be the end. */
static bool bios_has_text(const struct ending *e)
{
	size_t prose = 0;
	for (size_t i = 0; i < e->lines.count && prose < MIN_PROSE; i++)
		prose += e->lines.items[i].chars >= TEXT;
	return prose >= MIN_PROSE;
}

void people_take(struct page *page)
{
	struct ending e = {.page = page, .text = BUF_INIT, .may_add = !article_has_author(page->a)};
	e.lines = lines_of(page, page->content);
	if (bios_has_text(&e))
		drop_bylines(&e, read_ending(&e));
	page->arena.failed |= e.text.failed;
	buf_release(&e.text);
}
