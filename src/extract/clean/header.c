#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/authors/authors.h"
#include "extract/page/names.h"
#include "lang/phrases.h"

#include <string.h>

/* The opening of an article: the lines before its text. What they say is in the metadata. */

enum {
	MAX_LINES = 40,      /* of an opening */
	PROSE = 100,         /* characters of a line that is text */
	LONGEST_NAMED = 160, /* of a line that names say is a byline or a date */
	LONGEST_LINK = 60,   /* of a line that is a link to somewhere else */
	MAX_LINKS = 4,       /* of those: more are a list, or a table of contents */
	MAX_UP = 6
};

/* Shares of words that headings have in common with the title. */
#define ALIKE      0.5
#define VERY_ALIKE 0.9

struct opening {
	struct page *page;
	struct line_list lines;
	struct buf text; /* of the line that is looked at */
	unsigned prose;  /* lines of text so far */
	bool titled;     /* the title has been seen */
	bool links;      /* lines that are links are no part of the text */
	bool above;      /* the title comes further down */
};

static void put_line(struct opening *o, const struct line *line)
{
	buf_truncate(&o->text, 0);
	line_put_text(&o->text, o->page->content, line);
}

static bool is_title(const struct opening *o, const struct line *line)
{
	const struct article *a = o->page->a;
	if (!a->title)
		return false;
	if (name_is(o->text.data, o->text.len, a->title))
		return true;
	if (!line->heading || line->heading > 2 || o->titled)
		return false;
	/* the page's heading and what it calls itself elsewhere differ by a site's name, a year,
	 * words for search engines */
	double share = share_of_words(o->text.data, o->text.len, a->title, strlen(a->title));
	return share >= (line->heading == 1 ? ALIKE : VERY_ALIKE);
}

static bool header_is_prose(const struct line *line)
{
	return line->chars >= PROSE && line->link_chars * 2 < line->chars;
}

static bool is_link(const struct line *line)
{
	return line->link_chars == line->chars && line->chars < LONGEST_LINK && !line->item &&
	       !line->heading && !tree_is(line->block, "dt") && !tree_is(line->block, "dd");
}

/* The kinds of names of the elements around the line that hold little else. */
static name_set names_around(const struct opening *o, const struct line *line)
{
	name_set names = 0;
	const xmlNode *up = tree_parent(line->first);
	for (int i = 0; i < MAX_UP && up && up != o->page->content; i++, up = tree_parent(up)) {
		if (up != line->block && !lines_are_few(up, LONGEST_NAMED * 2))
			break;
		names |= names_of(o->page, up);
	}
	return names;
}

/* Why a line does not belong to the text; NULL when it does. */
static const char *header_why_not(struct opening *o, const struct line *line)
{
	if (is_title(o, line)) {
		o->titled = true;
		o->above = false;
		return "opening-title";
	}
	if (o->above && !header_is_prose(line))
		return "opening-above";
	buf_truncate(&o->text, 0);
	line_put_words(&o->text, o->page->content, line);
	const char *s = o->text.data;
	size_t len = o->text.len;
	unsigned said = meta_line(o->page, s, len);
	if (line->heading ? said & (META_WHO | META_WHEN) : said)
		return "opening-meta";
	if (o->prose || line->heading || line->chars > LONGEST_NAMED)
		return NULL;
	name_set names = names_around(o, line);
	if (names & (NAMED(BYLINE) | NAMED(DATE) | NAMED(AUTHOR_BOX)))
		return "opening-named";
	return o->links && is_link(line) ? "opening-link" : NULL;
}

/* Whether the line is about the author, who has it then. */
static bool is_bio(struct opening *o, const struct line *line)
{
	struct bio bio = {.text = o->text};
	if (!is_bio_line(o->page, line, o->text.data, o->text.len, false, &bio.name) ||
	    !phrase_says_occupation(o->text.data, o->text.len))
		return false;
	struct author *author = bio_author(o->page->a, &bio);
	if (author)
		bio_give(o->page->a, author, &o->text);
	return author != NULL;
}

/* The number of lines that may be the opening: those before the text, and some of it. Where no line
 * is long enough to be text for sure, those up to the title. */
static size_t measure_opening(struct opening *o)
{
	size_t links = 0, title_end = 0, i = 0;
	for (; i < o->lines.count && !header_is_prose(&o->lines.items[i]); i++) {
		const struct line *line = &o->lines.items[i];
		links += is_link(line);
		if (line->heading && !line->apart && i < MAX_LINES && !o->above) {
			put_line(o, line);
			o->above = is_title(o, line);
			title_end = o->above ? i + 1 : 0;
		}
	}
	o->links = links <= MAX_LINKS;
	if (i == o->lines.count)
		return title_end;
	return i + 5 < MAX_LINES ? i + 5 : MAX_LINES;
}

/* Whether the title stands as a heading outside the content: then one in it that is only like it is
 * a section's. */
static bool is_titled_outside(struct opening *o)
{
	enum { MAX_HEADINGS = 4 };
	const xmlNode *body = o->page->body;
	unsigned seen = 0;
	for (xmlNode *n = tree_find(body, NULL, "h1"); n && seen < MAX_HEADINGS;
	     n = tree_find(body, n, "h1"), seen++) {
		const xmlNode *up = n;
		while (up && up != o->page->content)
			up = tree_parent(up);
		buf_truncate(&o->text, 0);
		tree_put_text(&o->text, n);
		if (!up && o->page->a->title &&
		    name_is(o->text.data, o->text.len, o->page->a->title))
			return true;
	}
	return false;
}

void header_normalise(struct page *page)
{
	struct opening o = {.page = page, .text = BUF_INIT};
	o.titled = is_titled_outside(&o);
	o.lines = lines_of(page, page->content);
	size_t most = measure_opening(&o);
	for (size_t i = 0; i < o.lines.count && i < most && o.prose < 2; i++) {
		const struct line *line = &o.lines.items[i];
		if (line->apart)
			continue;
		put_line(&o, line);
		const char *why = is_bio(&o, line) ? "opening-bio" : header_why_not(&o, line);
		if (why) {
			page_note(page, why, line->block, "\"%.60s\"", o.text.data);
			line_remove(page->content, line);
		} else {
			o.prose += header_is_prose(line);
		}
	}
	page->arena.failed |= o.text.failed;
	buf_release(&o.text);
}
