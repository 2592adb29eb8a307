#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/authors/authors.h"
#include "extract/page/names.h"
#include "lang/phrases.h"

#include <string.h>

/* The header of an article: the lines before its text. Its facts are already in the metadata. */

enum {
	MAX_LINES = 40,      /* of a header */
	PROSE = 100,         /* characters of a line that is text */
	LONGEST_NAMED = 160, /* of a line that names say is a byline or a date */
	LONGEST_LINK = 60,   /* of a line that is a link to somewhere else */
	MAX_LINKS = 4,       /* of those: more are a list, or a table of contents */
	MAX_UP = 6
};

/* Shares of words that headings have in common with the title. */
#define ALIKE      0.5
#define VERY_ALIKE 0.9

struct header {
	struct page *page;
	struct line_list lines;
	struct buf text; /* of the line that is inspected */
	unsigned prose;  /* lines of text so far */
	bool titled;     /* the title has been seen */
	bool links;      /* lines that are links are no part of the text */
	bool above;      /* the title comes further down */
};

static void put_line(struct header *h, const struct line *line)
{
	buf_truncate(&h->text, 0);
	line_put_text(&h->text, h->page->content, line);
}

static bool is_title(const struct header *h, const struct line *line)
{
	const struct article *a = h->page->a;
	if (!a->title)
		return false;
	if (name_is(h->text.data, h->text.len, a->title))
		return true;
	if (!line->heading || line->heading > 2 || h->titled)
		return false;
	/* the page's heading and what it calls itself elsewhere differ by a site's name, a year,
	 * words for search engines */
	double share = share_of_words(h->text.data, h->text.len, a->title, strlen(a->title));
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
static name_set names_around(const struct header *h, const struct line *line)
{
	name_set names = 0;
	const xmlNode *up = tree_parent(line->first);
	for (int i = 0; i < MAX_UP && up && up != h->page->content; i++, up = tree_parent(up)) {
		if (up != line->block && !lines_are_few(up, LONGEST_NAMED * 2))
			break;
		names |= names_of(h->page, up);
	}
	return names;
}

/* Why a line does not belong to the text; NULL when it does. */
static const char *header_why_not(struct header *h, const struct line *line)
{
	if (is_title(h, line)) {
		h->titled = true;
		h->above = false;
		return "header-title";
	}
	if (h->above && !header_is_prose(line))
		return "header-above";
	buf_truncate(&h->text, 0);
	line_put_words(&h->text, h->page->content, line);
	const char *s = h->text.data;
	size_t len = h->text.len;
	unsigned said = meta_line(h->page, s, len);
	if (line->heading ? said & (META_WHO | META_WHEN) : said)
		return "header-meta";
	if (h->prose || line->heading || line->chars > LONGEST_NAMED)
		return NULL;
	name_set names = names_around(h, line);
	if (names & (NAMED(BYLINE) | NAMED(DATE) | NAMED(AUTHOR_BOX)))
		return "header-named";
	return h->links && is_link(line) ? "header-link" : NULL;
}

/* Whether the line is about the author, who has it then. */
static bool is_bio(struct header *h, const struct line *line)
{
	struct bio bio = {.text = h->text};
	if (!is_bio_line(h->page, line, h->text.data, h->text.len, false, &bio.name) ||
	    !phrase_is_occupation(h->text.data, h->text.len))
		return false;
	struct author *author = bio_author(h->page->a, &bio);
	if (author)
		bio_give(h->page->a, author, &h->text);
	return author != NULL;
}

/* The number of lines that may be the header: those before the text, and some of it. Where no line
 * is long enough to be text for sure, those up to the title. */
static size_t measure_header(struct header *h)
{
	size_t links = 0, title_end = 0, i = 0;
	for (; i < h->lines.count && !header_is_prose(&h->lines.items[i]); i++) {
		const struct line *line = &h->lines.items[i];
		links += is_link(line);
		if (line->heading && !line->apart && i < MAX_LINES && !h->above) {
			put_line(h, line);
			h->above = is_title(h, line);
			title_end = h->above ? i + 1 : 0;
		}
	}
	h->links = links <= MAX_LINKS;
	if (i == h->lines.count)
		return title_end;
	return i + 5 < MAX_LINES ? i + 5 : MAX_LINES;
}

/* Whether the title stands as a heading outside the content: then one in it that is only like it is
 * a section's. */
static bool is_titled_outside(struct header *h)
{
	enum { MAX_HEADINGS = 4 };
	const xmlNode *body = h->page->body;
	unsigned seen = 0;
	for (xmlNode *n = tree_find(body, NULL, "h1"); n && seen < MAX_HEADINGS;
	     n = tree_find(body, n, "h1"), seen++) {
		const xmlNode *up = n;
		while (up && up != h->page->content)
			up = tree_parent(up);
		buf_truncate(&h->text, 0);
		tree_put_text(&h->text, n);
		if (!up && h->page->a->title &&
		    name_is(h->text.data, h->text.len, h->page->a->title))
			return true;
	}
	return false;
}

void header_normalise(struct page *page)
{
	struct header h = {.page = page, .text = BUF_INIT};
	h.titled = is_titled_outside(&h);
	h.lines = lines_of(page, page->content);
	size_t most = measure_header(&h);
	for (size_t i = 0; i < h.lines.count && i < most && h.prose < 2; i++) {
		const struct line *line = &h.lines.items[i];
		if (line->apart)
			continue;
		put_line(&h, line);
		const char *why = is_bio(&h, line) ? "header-bio" : header_why_not(&h, line);
		if (why) {
			page_note(page, why, line->block, "\"%.60s\"", h.text.data);
			line_remove(page->content, line);
		} else {
			h.prose += header_is_prose(line);
		}
	}
	page->arena.failed |= h.text.failed;
	buf_release(&h.text);
}
