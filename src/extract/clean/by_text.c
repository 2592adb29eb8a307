#include "extract/clean/clean.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/plural.h"
#include "extract/page/lines.h"
#include "extract/page/measure.h"
#include "extract/page/phrases.h"
#include "lang/phrases.h"

enum {
	LONGEST = 160,      /* characters of a line that may say so */
	SHORT_LINK = 60,    /* ... of one of a row of links */
	LONGEST_CALL = 600, /* ... that may be a last word */
	PROSE = 80,         /* characters outside links of a line of text */
	OPENING = 300,      /* of prose before anything can be the end */
	ALOOF = 2,          /* lines that may stand between two links of a row */
	AHEAD = 60,         /* lines inspected to see whether the text continues */
};

static const unsigned whole_kinds = SAYS(RELATED) | SAYS(MORE) | SAYS(SHARE) | SAYS(NETWORK) |
				    SAYS(SIGNUP) | SAYS(AD) | SAYS(COMMENTS) | SAYS(TAGS) |
				    SAYS(NAV) | SAYS(CONTENTS) | SAYS(NOTES);
static const unsigned start_kinds = SAYS(RELATED_START) | SAYS(SHARE_START) | SAYS(SIGNUP_START) |
				    SAYS(AD_START) | SAYS(TAGS_START) | SAYS(NAV_START) |
				    SAYS(CONSENT_START);

/* what stands over a row of links */
static const unsigned row_kinds =
	SAYS(RELATED) | SAYS(RELATED_START) | SAYS(CONTENTS) | SAYS(TAGS) | SAYS(SHARE);

struct text_reader {
	struct page *page;
	struct line_list lines;
	unsigned *says;  /* for each line: the kind of phrase that it is or starts with, or 0 */
	bool *calls;     /* ...: whether it starts as a last word does */
	unsigned *prose; /* characters of prose before each line, and of all of it */
	struct buf text;
};

static bool is_linked(const struct line *line)
{
	return line->link_chars * 10 >= line->chars * 6;
}

static bool is_all_link(const struct line *line)
{
	return line->link_chars * 10 >= line->chars * 9 && !line->item;
}

static bool is_prose(const struct line *line)
{
	if (line->apart)
		return line->chars != 0;
	return line->chars - line->link_chars >= PROSE && !is_linked(line) && !line->heading;
}

static bool read_lines(struct text_reader *r)
{
	struct arena *arena = &r->page->arena;
	r->lines = lines_of(r->page, r->page->content);
	r->says = arena_alloc(arena, (r->lines.count + 1) * sizeof *r->says);
	r->prose = arena_alloc(arena, (r->lines.count + 1) * sizeof *r->prose);
	r->calls = arena_alloc(arena, (r->lines.count + 1) * sizeof *r->calls);
	if (!r->says || !r->prose || !r->calls)
		return false;
	for (size_t i = 0; i < r->lines.count; i++) {
		const struct line *line = &r->lines.items[i];
		r->prose[i + 1] = r->prose[i];
		if (is_prose(line))
			r->prose[i + 1] += line->chars - line->link_chars;
		if (line->apart || line->chars > LONGEST_CALL)
			continue;
		buf_truncate(&r->text, 0);
		line_put_text(&r->text, r->page->content, line);
		r->calls[i] = phrase_start(SAYS(CALL_START), r->text.data, r->text.len) != 0;
		if (line->chars > LONGEST)
			continue;
		r->says[i] = phrase_whole(whole_kinds, r->text.data, r->text.len);
		if (!r->says[i])
			r->says[i] = phrase_start(start_kinds, r->text.data, r->text.len);
		if (line->heading && phrase_at(PHRASE_ABOUT, r->text.data, r->text.len))
			r->says[i] = SAYS(NOTES);
	}
	return true;
}

/* Whether one of the next lines is a link. */
static bool has_link_after(const struct text_reader *r, size_t i)
{
	for (size_t n = i + 1; n < r->lines.count && n <= i + 1 + ALOOF; n++)
		if (is_linked(&r->lines.items[n]))
			return true;
	return false;
}

/* Whether text continues after line i where it stood before it: beside the last paragraph. */
static bool continues(const struct text_reader *r, size_t i)
{
	const struct line *lines = r->lines.items;
	size_t before = i, last = i + AHEAD < r->lines.count ? i + AHEAD : r->lines.count;
	while (before > 0 && before + AHEAD > i && !is_prose(&lines[before - 1]))
		before--;
	if (before == 0 || !is_prose(&lines[before - 1]))
		return false;
	const xmlNode *beside = tree_parent(lines[before - 1].block);
	for (size_t n = i + 1; n < last; n++)
		if (is_prose(&lines[n]) && !r->says[n] && tree_parent(lines[n].block) == beside)
			return true;
	return false;
}

/* Whether the article ends before line i. */
static bool is_end(const struct text_reader *r, size_t i)
{
	const struct line *line = &r->lines.items[i];
	unsigned before = r->prose[i], after = r->prose[r->lines.count] - r->prose[i + 1];
	if (before < OPENING)
		return false;
	if (r->says[i] & SAYS(COMMENTS))
		return after * 2 <= before || (line->heading && after <= before * 3);
	if (r->says[i] & (SAYS(RELATED) | SAYS(RELATED_START)))
		return after * 4 <= before && (line->heading || !is_linked(line)) &&
		       has_link_after(r, i) && !continues(r, i);
	if (r->says[i] & (SAYS(SIGNUP) | SAYS(SIGNUP_START)))
		return line->heading && after * 8 <= before && !continues(r, i);
	return false;
}

/* Whether a heading begins something else than the row below line i: its words are no link, or it
 * stands above the row's own heading. */
static bool is_next_part(const struct line *line, const struct line *over)
{
	return line->heading && (!is_linked(line) || line->heading < over->heading);
}

/* The line after the row of links below line i; i + 1 when there is no row. */
static size_t row_end(const struct text_reader *r, size_t i)
{
	size_t end = i + 1;
	for (size_t n = i + 1; n < r->lines.count; n++) {
		const struct line *line = &r->lines.items[n];
		if (is_prose(line) || is_next_part(line, &r->lines.items[i]) || n > end + ALOOF)
			break;
		if (is_linked(line))
			end = n + 1;
	}
	return end;
}

static void report_lines(struct text_reader *r, size_t first, size_t end, const char *rule)
{
	const struct line *line = &r->lines.items[first];
	buf_truncate(&r->text, 0);
	line_put_text(&r->text, r->page->content, line);
	page_note(r->page, rule, line->block, "%u %s from \"%.60s\"", (unsigned)(end - first),
		  plural(end - first, "line", "lines"), r->text.data);
}

/* The line is no longer in the tree. */
static void forget(struct line *line)
{
	line->chars = line->link_chars = 0;
}

/* Take out the lines from `first` up to `end`. */
static void by_text_cut(const struct text_reader *r, size_t first, size_t end)
{
	struct line *line = &r->lines.items[first];
	xmlNode *stop = NULL;
	if (end < r->lines.count) {
		/* pictures before the next line are the next line's */
		stop = r->lines.items[end].first;
		xmlNode *last = r->lines.items[end - 1].last;
		while (tree_parent(last) != r->page->content && !tree_next(last))
			last = tree_parent(last);
		stop = tree_walk_skip(r->page->content, last);
	}
	clean_cut(r->page->content, line->first, stop);
	for (size_t i = first; i < end; i++)
		forget(&r->lines.items[i]);
}

/* Headings with nothing below them any more. */
static void drop_last_headings(struct text_reader *r, size_t count)
{
	for (; count > 0; count--) {
		struct line *line = &r->lines.items[count - 1];
		if (line->chars == 0)
			continue;
		if (!line->heading || r->prose[count - 1] < OPENING)
			break;
		report_lines(r, count - 1, count, "drop-last-heading");
		line_remove(r->page->content, line);
	}
}

/* Whether line i is removed because of its own words. Amid the text, many of these words may be the
 * article's own: there it must lead somewhere. */
static bool is_boilerplate(const struct text_reader *r, size_t i)
{
	const struct line *line = &r->lines.items[i];
	unsigned says = r->says[i];
	bool after_text = r->prose[i] >= OPENING && r->prose[i] == r->prose[r->lines.count];
	bool linked = line->link_chars * 10 >= line->chars * 4;
	if (says & (SAYS(AD) | SAYS(CONSENT_START) | SAYS(AD_START)))
		return !line->item;
	if (line->heading && (says & SAYS(RELATED_START)) && is_all_link(line))
		return true;
	if (line->heading)
		return after_text && (says & (SAYS(RELATED) | SAYS(SHARE) | SAYS(SIGNUP) |
					      SAYS(COMMENTS) | SAYS(TAGS)));
	if (says & (SAYS(RELATED_START) | SAYS(TAGS_START) | SAYS(NAV) | SAYS(NETWORK) |
		    SAYS(RELATED) | SAYS(MORE)))
		return linked || (after_text && (says & SAYS(RELATED)));
	if (says & SAYS(SIGNUP_START))
		return linked || after_text;
	if (says & (SAYS(SHARE) | SAYS(SIGNUP) | SAYS(COMMENTS)))
		return linked || !line->item;
	return (says & (SAYS(SHARE_START) | SAYS(NAV_START))) && !line->item;
}

/* A link that is alone in a box, or in a row of paragraphs that are nothing but links. */
static bool is_bare_link(const struct text_reader *r, size_t i)
{
	const struct line *line = &r->lines.items[i];
	const struct measure *m = measure_of(line->block);
	if (r->prose[r->lines.count] < OPENING || line->apart || line->heading ||
	    !is_all_link(line) || m->images || m->chars > line->chars + 4)
		return false;
	if (page_name_is_in(line->block, "div section span header footer aside"))
		return true;
	bool row = (i > 0 && is_all_link(&r->lines.items[i - 1])) ||
		   (i + 1 < r->lines.count && is_all_link(&r->lines.items[i + 1]));
	return row && line->chars < SHORT_LINK && tree_is(line->block, "p");
}

/* The lines at the end that are no longer the article begin here. */
static size_t last_words(const struct text_reader *r)
{
	size_t i = r->lines.count;
	while (i > 0 && r->calls[i - 1] && !r->lines.items[i - 1].item &&
	       r->prose[i - 1] >= OPENING)
		i--;
	return i;
}

void clean_lines(struct page *page)
{
	struct text_reader r = {.page = page, .text = BUF_INIT};
	size_t count = read_lines(&r) ? r.lines.count : 0;
	size_t last = count ? last_words(&r) : 0;
	if (last < count) {
		report_lines(&r, last, count, "drop-last-words");
		by_text_cut(&r, last, count);
		count = last;
	}
	for (size_t i = 0, end; i < count; i = end) {
		end = i + 1;
		if (r.says[i] & SAYS(NOTES))
			continue;
		if (is_end(&r, i)) {
			while (end < count && !(r.says[end] & SAYS(NOTES)))
				end++;
			report_lines(&r, i, end, "drop-after-end");
			by_text_cut(&r, i, end);
		} else if (r.says[i] & row_kinds && (end = row_end(&r, i)) > i + 1) {
			report_lines(&r, i, end, "drop-row");
			by_text_cut(&r, i, end);
		} else if (is_boilerplate(&r, i) || is_bare_link(&r, i)) {
			report_lines(&r, i, end, "drop-line");
			line_remove(page->content, &r.lines.items[i]);
			forget(&r.lines.items[i]);
		}
	}
	drop_last_headings(&r, count);
	page->arena.failed |= r.text.failed;
	buf_release(&r.text);
}
