#include "extract/clean/clean.h"

#include "article/tree.h"
#include "base/plural.h"
#include "extract/page/measure.h"

#include <string.h>

static const name_set unwanted = NAMED(SHARE) | NAMED(RELATED) | NAMED(SIGNUP) | NAMED(CONSENT) |
				 NAMED(AD) | NAMED(COMMENTS) | NAMED(TAGS) | NAMED(NAV) |
				 NAMED(BUTTON) | NAMED(LEGAL);

enum {
	LONGEST_BUTTON = 100, /* characters */
	SOME_PROSE = 200,     /* ...: less is never much */
	MIN_ARTICLE = 400,    /* ... of prose, that are left when comments go */
	LONGEST_LABEL = 120,  /* ... of a paragraph that may be boilerplate by itself */
	MIN_SENTENCE = 80,    /* ... of a paragraph that is paid for */
	MIN_REMARK = 30,      /* ... of words that lead nowhere */
	LONGEST_TERM = 60,    /* ... of a name in a sentence that is all of it */
};

/* Link densities of text that may have links in it. */
#define FEW_LINKS  .1
#define MANY_LINKS .5

/* Characters of text that is no link. */
static unsigned prose(const struct measure *m)
{
	return m->chars - m->link_chars;
}

/* What is named a button, and only that, is one when it leads somewhere and says little. */
static bool is_no_button(const struct measure *m)
{
	return (m->names & unwanted) == NAMED(BUTTON) &&
	       (m->chars > LONGEST_BUTTON || m->images || m->link_chars * 2 < m->chars);
}

/* Names say what a thing is for, often only of some part of it ("has-share-bar"): what holds much
 * of the article's text is the article. */
static bool is_much(const struct measure *m, const struct measure *all)
{
	if (prose(m) < SOME_PROSE)
		return false;
	/* a teaser or an appeal has links, a dialog says what it says */
	if (!(m->names &
	      (NAMED(COMMENTS) | NAMED(CONSENT) | NAMED(AD) | NAMED(SIGNUP) | NAMED(LEGAL))) &&
	    measure_link_density(m) < FEW_LINKS && m->sentences >= 2)
		return true;
	/* readers may write more than the author: what they leave must be an article */
	if (m->names & NAMED(COMMENTS))
		return prose(all) - prose(m) < MIN_ARTICLE || all->paragraphs - m->paragraphs < 2;
	return prose(m) * 3 > prose(all);
}

/* A section with its heading first, as systems for documentation make it: its id are the heading's
 * own words, and "cookies" or "topics" are what it is about. */
static bool is_chapter(const xmlNode *node, const struct measure *m)
{
	const char *class = tree_get(node, "class");
	return (class ? strcmp(class, "section") == 0 || strncmp(class, "level", 5) == 0
		      : tree_is(node, "section")) &&
	       !tree_get(node, "role") && !(m->names & NAMED(COMMENTS)) &&
	       tree_heading_level(tree_first_element(node)) && prose(m) >= 100 &&
	       m->link_chars < prose(m);
}

/* Headings and paragraphs are rarely boilerplate by themselves, and their ids are their own words.
 */
static bool by_name_is_text(const xmlNode *node, const struct measure *m)
{
	return tree_heading_level(node) ||
	       (tree_is(node, "footer") && tree_is(tree_parent(node), "blockquote")) ||
	       (tree_is(node, "p") && (m->names & unwanted) == NAMED(SIGNUP) && !m->link_chars &&
		m->sentences && m->chars >= MIN_SENTENCE) ||
	       (page_name_is_in(node, "p li dt dd blockquote figure figcaption") &&
		m->chars > LONGEST_LABEL && measure_link_density(m) < MANY_LINKS);
}

/* What leads to other pages has links. */
static bool leads_nowhere(const struct measure *m)
{
	return !(m->names & unwanted & ~(NAMED(RELATED) | NAMED(TAGS) | NAMED(NAV))) &&
	       m->links == 0 && m->chars >= MIN_REMARK;
}

/* Words in a sentence are kept, whatever their names are. */
static bool is_in_sentence(const xmlNode *node, const struct measure *m)
{
	if (!page_name_is_in(node, "a span b strong em i u small sup sub mark abbr time"))
		return false;
	const xmlNode *up = tree_parent(node);
	unsigned around = measure_of(up)->chars;
	if (tree_heading_level(up))
		return m->chars * 2 > around;
	return page_name_is_in(up, "p li dd td th blockquote figcaption em strong b i span") &&
	       (around > m->chars * 2 || m->chars > LONGEST_TERM);
}

/* What the rule is called that drops what is so named. */
static const char *rule_of(name_set names)
{
	static const struct {
		name_set kind;
		const char *rule;
	} rules[] = {
		{NAMED(SHARE), "drop-share"},   {NAMED(RELATED), "drop-related"},
		{NAMED(SIGNUP), "drop-signup"}, {NAMED(CONSENT), "drop-consent"},
		{NAMED(AD), "drop-ad"},         {NAMED(COMMENTS), "drop-comments"},
		{NAMED(BUTTON), "drop-button"}, {NAMED(LEGAL), "drop-legal"},
		{NAMED(TAGS), "drop-tags"},     {NAMED(NAV), "drop-nav"},
	};
	size_t i = 0;
	while (i + 1 < sizeof rules / sizeof *rules && !(names & rules[i].kind))
		i++;
	return rules[i].rule;
}

void clean_named(struct page *page)
{
	const struct measure *all = measure_of(page->content);
	for (xmlNode *n = tree_walk(page->content, NULL), *next; n; n = next) {
		const struct measure *m = measure_of(n);
		bool closed = page_name_is_in(n, "pre code math svg table");
		next = closed ? tree_walk_skip(page->content, n) : tree_walk(page->content, n);
		if (closed || !(m->names & unwanted) || is_much(m, all) || is_no_button(m) ||
		    leads_nowhere(m) || is_chapter(n, m) || by_name_is_text(n, m) ||
		    is_in_sentence(n, m))
			continue;
		page_note(page, rule_of(m->names), n, "%u %s", m->chars,
			  plural(m->chars, "character", "characters"));
		next = tree_walk_skip(page->content, n);
		tree_remove(n);
	}
}
