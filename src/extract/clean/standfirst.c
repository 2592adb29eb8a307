#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/authors/authors.h"
#include "extract/page/names.h"

#include <string.h>

/* The standfirst stands under the title, often in a header beside the article's text. */

enum {
	AROUND_TITLE = 3000, /* characters of the part of the page that is inspected */
	MAX_LINES = 8,       /* between the title and the standfirst */
	SHORTEST = 20,
	LONGEST = 600,
	PROSE = 100, /* characters of a line that is text */
	MAX_UP = 4
};

struct search {
	struct page *page;
	const xmlNode *root; /* around the title */
	struct buf text;
};

/* The heading that is the title. */
static xmlNode *find_title(struct search *s)
{
	static const char *const names[] = {"h1", "h2"};
	const char *title = s->page->a->title;
	for (size_t i = 0; title && i < sizeof names / sizeof *names; i++)
		for (xmlNode *n = tree_find(s->page->body, NULL, names[i]); n;
		     n = tree_find(s->page->body, n, names[i])) {
			buf_truncate(&s->text, 0);
			tree_put_text(&s->text, n);
			if (name_is(s->text.data, s->text.len, title))
				return n;
		}
	return NULL;
}

/* Whether the page names the line, or an element that holds little else, a standfirst. */
static bool standfirst_is_named(const struct search *s, const struct line *line)
{
	const xmlNode *up = tree_parent(line->first);
	for (int i = 0; i < MAX_UP && up && up != s->root; i++, up = tree_parent(up)) {
		if (names_of(s->page, up) & NAMED(STANDFIRST))
			return true;
		if (up != line->block && !lines_are_few(up, line->chars + 8))
			return false;
	}
	return false;
}

static bool standfirst_is_text(const xmlNode *node)
{
	return tree_is(node, "p") && !lines_are_few(node, PROSE);
}

/* Whether it says what the page says of itself, and is not the first of the paragraphs. */
static bool is_description(const struct search *s, const struct line *line)
{
	const struct article *a = s->page->a;
	const char *said[] = {a->description, a->subtitle};
	if (tree_is(line->block, "p") && standfirst_is_text(tree_next_element(line->block)))
		return false;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (said[i] && name_is(s->text.data, s->text.len, said[i]))
			return true;
	return false;
}

static bool is_standfirst(struct search *s, const struct line *line)
{
	if (line->apart || line->item || line->chars < SHORTEST || line->chars > LONGEST ||
	    line->link_chars * 2 > line->chars ||
	    (line->heading && line->heading != 2 && line->heading != 3) ||
	    meta_line(s->page, s->text.data, s->text.len))
		return false;
	return standfirst_is_named(s, line) || is_description(s, line);
}

static void clean_standfirst_take(struct search *s, const xmlNode *title)
{
	struct line_list lines = lines_of(s->page, s->root);
	size_t i = 0, end;
	while (i < lines.count && lines.items[i].block != title)
		i++;
	end = i + MAX_LINES < lines.count ? i + MAX_LINES : lines.count;
	while (i < end && lines.items[i].block == title)
		i++;
	for (; i < end; i++) {
		const struct line *line = &lines.items[i];
		buf_truncate(&s->text, 0);
		line_put_text(&s->text, s->root, line);
		if (is_standfirst(s, line)) {
			page_note(s->page, "standfirst", line->block, "\"%s\"", s->text.data);
			article_fill(s->page->a, &s->page->a->standfirst, s->text.data,
				     s->text.len);
			line_remove(page_holds(s->page->content, line->first) ? s->page->content
									      : s->root,
				    line);
			return;
		}
		if (line->chars >= PROSE && !line->apart)
			return;
	}
}

void standfirst_take(struct page *page)
{
	struct search s = {.page = page, .text = BUF_INIT};
	const xmlNode *title = page->a->standfirst ? NULL : find_title(&s);
	if (title) {
		s.root = title;
		while (s.root != page->body && lines_are_few(s.root, AROUND_TITLE))
			s.root = tree_parent(s.root);
		clean_standfirst_take(&s, title);
	}
	page->arena.failed |= s.text.failed;
	buf_release(&s.text);
}
