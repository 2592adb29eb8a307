/* Find the article. Each line of text (the text of one block, without the blocks in it) gets a
 * score: its number of characters if it is prose, code or a row of data; a negative number if it
 * is links or a label. The element with the highest sum of scores is the article: a larger one
 * would include menus and teasers, a smaller one would leave out text. (This is the maximum
 * subsequence segmentation of Pasternack and Roth, 2009, on the tree; the tests for prose are
 * those of Readability.) What the page declares about itself takes precedence. */
#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/authors/authors.h"
#include "extract/page/measure.h"

#include <string.h>

enum {
	MIN_CHARS = 25,   /* of a sentence */
	PROSE_CHARS = 80, /* of a line that is text without being one */
	LINK_COSTS = 5,   /* a line of links, and half a character for each of its own … */
	LINK_COSTS_TO = 30,
	LABEL_COSTS = 3, /* a line that is neither text nor links */
	MAIN_RELIEF = 5, /* within the page's main part, costs are divided by this */
	MAX_APART = 3, /* a part of the page with more than a third of its prose is not apart, … */
	MUCH_REST = 800, /* but for comments and lists of articles: if so much prose is left, … */
	LONG_APART = 3,  /* and they have no more than this times as much */
	MAX_TEASER = 1000, /* characters of one of such a list, … */
	MIN_TEASERS = 4,
	ESSAY_CHARS = 1500, /* what reads like an article has so many, and so many paragraphs */
	ESSAY_PARAGRAPHS = 5,
	MIN_LEDE = 60,
	MAX_HEADER = 6,
};

#define ESSAY_LINKS .15 /* link density */

/* An element inside the best one that declares itself the article needs this share of its score: by
 * itemprop=articleBody, by another name, by being an `article`. */
#define SHARE_OF_ARTICLE_BODY 0.08
#define SHARE_OF_NAMED_BODY   0.6
#define SHARE_OF_ARTICLE      0.7

/* Of the prose around it, what the core of a page of links must have. */
#define SHARE_OF_CORE 0.8

/* Of the prose of the best container of a body, what the others must have together. */
#define SHARE_OF_OTHERS 0.3

struct candidate {
	xmlNode *node;
	struct candidate *up, *last; /* the element around it; the last below it */
	double line;                 /* score of its own line */
	double score;                /* of all lines in it */
	double prose;                /* of the lines with a positive score, also those set apart */
	unsigned titles;             /* headings that lead elsewhere */
	unsigned children, teasers;  /* elements just below it; of these, teasers */
	bool within; /* the page says that this is its main part: links in it count less against it
		      */
	bool apart;  /* it, or an element around it, is by its name not the article */
};

struct candidates {
	struct candidate *items; /* in document order */
	size_t count;
};

/* Names of parts that hold other things than the article. */
static const name_set apart_names = NAMED(NAV) | NAMED(RELATED) | NAMED(COMMENTS) | NAMED(SHARE) |
				    NAMED(AD) | NAMED(SIGNUP) | NAMED(CONSENT) | NAMED(ASIDE);

/* Lines between the title and the body that are not the lede. */
static const name_set not_lede = NAMED(BYLINE) | NAMED(DATE) | NAMED(AUTHOR_BOX) | NAMED(CAPTION) |
				 NAMED(CREDIT) | NAMED(TAGS) | NAMED(HIDDEN);

static bool find_is_block(const xmlNode *node)
{
	return page_name_is_in(node, "p div section");
}

/* A heading that leads to another article, and perhaps a paragraph of it. */
static bool is_teaser(const struct candidate *s)
{
	const struct measure *m = measure_of(s->node);
	return s->titles > 0 && s->titles == m->headings && m->paragraphs <= 1 &&
	       m->chars <= MAX_TEASER && !tree_heading_level(s->node);
}

/* Menus and lists of other pages have links, not paragraphs: an element with the text of an article
 * is neither. */
static bool is_essay(const struct candidate *s, name_set names)
{
	const struct measure *m = measure_of(s->node);
	return (names & apart_names & ~(NAMED(NAV) | NAMED(RELATED))) == 0 &&
	       m->paragraphs >= ESSAY_PARAGRAPHS && m->chars >= ESSAY_CHARS &&
	       measure_link_density(m) < ESSAY_LINKS;
}

/* Whether something is an article is doubtful when it holds most of the page. Lists of others and
 * readers' comments may well be longer than it: it is enough that there is one. */
static bool is_minor(const struct candidate *s, const struct candidate *whole, bool may_be_long)
{
	double rest = whole->prose - s->prose;
	return s->prose * MAX_APART < whole->prose ||
	       (may_be_long && rest >= MUCH_REST && rest * LONG_APART > s->prose);
}

static bool is_stream(const struct candidate *s, const struct candidate *whole)
{
	return s->teasers >= MIN_TEASERS && s->teasers * 4 >= s->children * 3 &&
	       is_minor(s, whole, true);
}

/* Sites call anything "banner-wrap" or "has-sidebar". */
static bool is_named_apart(const struct candidate *s, const struct candidate *whole)
{
	const struct measure *m = measure_of(s->node);
	name_set names = m->names;
	/* a paragraph named "paywall" is what the reader pays for */
	if (tree_is(s->node, "p") && m->chars >= PROSE_CHARS && m->link_chars == 0)
		names &= ~NAMED(SIGNUP);
	const bool named = names & (names & NAMED(BODY) ? NAMED(COMMENTS) : apart_names);
	return named && is_minor(s, whole, names & NAMED(COMMENTS)) && !is_essay(s, names);
}

static double line_score(const xmlNode *node, const struct measure *m)
{
	double text = m->own_chars - m->own_links;
	if (m->own_chars == 0)
		return 0;
	if (m->own_links * 2 > m->own_chars)
		return -LINK_COSTS -
		       (m->own_links < 2 * LINK_COSTS_TO ? m->own_links / 2.0 : LINK_COSTS_TO);
	if (tree_heading_level(node))
		return 0;
	if (tree_is(node, "pre"))
		return text;
	if (m->own_chars >= MIN_CHARS &&
	    (m->sentences > 0 || m->own_chars >= PROSE_CHARS || tree_is(node, "p")))
		return text;
	if (page_name_is_in(node, "p li td th dd dt"))
		return text / 2;
	return -LABEL_COSTS;
}

static bool leads_elsewhere(const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	return m->chars > 0 && m->link_chars * 10 >= m->chars * 8;
}

/* Sum up what all elements hold, from the leaves up. */
static void add_scores(struct candidates *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct candidate *s = &all->items[i];
		s->score = s->line;
		s->prose = s->line > 0 ? s->line : 0;
		s->last = s;
		s->titles = tree_heading_level(s->node) && leads_elsewhere(s->node);
	}
	for (size_t i = all->count; --i > 0;) {
		struct candidate *s = &all->items[i];
		s->up->score += s->score;
		s->up->prose += s->prose;
		s->up->titles += s->titles;
		if (s->up->last < s->last)
			s->up->last = s->last;
	}
}

/* Parts that pass the test score 0, with all that they contain. */
static void drop_apart(struct candidates *all,
		       bool test(const struct candidate *, const struct candidate *))
{
	for (struct candidate *s = all->items + 1; s < all->items + all->count; s++) {
		s->apart |= s->up->apart || test(s, all->items);
		if (s->apart && s->line > 0)
			s->line = 0;
	}
	add_scores(all);
}

static bool score_lines(struct page *page, struct candidates *all)
{
	size_t count = 1;
	for (const xmlNode *n = tree_walk(page->body, NULL); n; n = tree_walk(page->body, n))
		count += tree_is_element(n);
	all->items = arena_alloc(&page->arena, count * sizeof *all->items);
	if (!all->items)
		return false;
	all->count = count;
	struct candidate *s = all->items;
	for (xmlNode *n = page->body; n; n = tree_walk(page->body, n)) {
		if (!tree_is_element(n))
			continue;
		s->node = n;
		s->up = n == page->body ? NULL : &all->items[measure_of(tree_parent(n))->order];
		s->line = line_score(n, measure_of(n));
		s++;
	}
	add_scores(all);
	for (s = all->items + 1; s < all->items + count; s++) {
		s->up->children++;
		s->up->teasers += is_teaser(s);
		s->within = s->up->within || (measure_of(s->node)->names & NAMED(BODY));
	}
	drop_apart(all, is_stream);
	drop_apart(all, is_named_apart);
	for (s = all->items + 1; s < all->items + count; s++)
		if (!s->apart && s->within && s->line < 0)
			s->line /= MAIN_RELIEF;
	add_scores(all);
	return true;
}

/* The element with the best score of lines; the smallest of several around the same lines. */
static struct candidate *find_best(const struct candidates *all)
{
	struct candidate *best = &all->items[0];
	for (size_t i = 1; i < all->count; i++) {
		struct candidate *s = &all->items[i];
		if (page_name_is_in(s->node, "div section article main td body") &&
		    (s->score > best->score || (s->score == best->score && s->up == best)))
			best = s;
	}
	return best;
}

/* The one name that is given by a standard to nothing but an article's text. */
static bool is_article_body(const xmlNode *node)
{
	const char *itemprop = tree_get(node, "itemprop");
	return itemprop && strcmp(itemprop, "articleBody") == 0;
}

/* Sites mark each paragraph, too: then none of them is the body. */
static bool is_one_of_many(const xmlNode *node)
{
	const xmlNode *before = tree_prev(node), *after = tree_next_element(node);
	while (before && !tree_is_element(before))
		before = tree_prev(before);
	return is_article_body(node) &&
	       ((before && is_article_body(before)) || (after && is_article_body(after)));
}

/* Within the best, the element that says of itself that it is the article, if it holds most of it;
 * the smallest, when several are in one another. */
static struct candidate *find_marked(struct candidate *best)
{
	struct candidate *found = best;
	for (struct candidate *s = best + 1; s <= found->last; s++) {
		const bool body = measure_of(s->node)->names & NAMED(BODY);
		const double share = is_article_body(s->node) ? SHARE_OF_ARTICLE_BODY
				     : body                   ? SHARE_OF_NAMED_BODY
							      : SHARE_OF_ARTICLE;
		if ((body || tree_is(s->node, "article")) && !s->apart &&
		    !is_one_of_many(s->node) && s->score >= share * best->score)
			found = s;
	}
	return found;
}

/* Lines of prose between the title and the body, in a header of their own: the lede. */
static void join_header(struct page *page, const struct candidates *all,
			const struct candidate *root)
{
	const struct candidate *title = NULL, *lines[MAX_HEADER];
	size_t count = 0;
	for (const struct candidate *s = all->items + 1; s < root; s++) {
		const struct measure *m = measure_of(s->node);
		if (tree_is(s->node, "h1") && !s->apart) {
			title = s;
			count = 0;
		} else if (title && !s->apart && !(m->names & not_lede) &&
			   m->own_chars >= MIN_LEDE && m->chars == m->own_chars && m->sentences &&
			   m->own_links * 4 < m->own_chars && find_is_block(s->node)) {
			if (count == MAX_HEADER)
				return;
			lines[count++] = s;
		}
	}
	while (count-- > 0) {
		page_note(page, "join-header", lines[count]->node, "%u characters",
			  measure_of(lines[count]->node)->chars);
		if (tree_first(root->node))
			tree_insert_before(tree_first(root->node), lines[count]->node);
		else
			tree_append(root->node, lines[count]->node);
	}
}

/* The smallest element that contains nearly all prose. */
static struct candidate *find_core(const struct candidates *all)
{
	struct candidate *core = &all->items[0];
	for (struct candidate *s = core + 1; s <= core->last; s++)
		if (s->up == core && s->prose >= core->prose * SHARE_OF_CORE && s->prose > 0 &&
		    page_name_is_in(s->node, "div section article main td table tbody tr center"))
			core = s;
	return core;
}

/* Where links outweigh the text everywhere (a list of resources, a contents page), the best is some
 * remark in a corner: the part that says that it is the main one, then. */
static struct candidate *find_main(const struct candidates *all, struct candidate *best)
{
	struct candidate *found = NULL;
	for (size_t i = 1; i < all->count; i++) {
		struct candidate *s = &all->items[i];
		if (!s->apart &&
		    ((measure_of(s->node)->names & NAMED(BODY)) || tree_is(s->node, "article")) &&
		    (!found || s->prose > found->prose))
			found = s;
	}
	if (found && found->prose > best->prose * 2)
		return found;
	return best->score > 0 ? best : find_core(all);
}

/* --- One article of several --- */

enum { MIN_ARTICLE = 300 }; /* characters of prose */

/* The first heading in it, with its rank below that of a section; NULL if text comes before it. */
static const xmlNode *heading_of(const struct candidate *article)
{
	for (const struct candidate *s = article + 1; s <= article->last; s++) {
		unsigned level = tree_heading_level(s->node);
		if (level)
			return level <= 2 ? s->node : NULL;
		if (s->line > MIN_LEDE)
			return NULL;
	}
	return NULL;
}

/* What a heading is: the page's title, another title (of some words), or neither ("Comments"). */
enum heading { LABEL, PAGE_TITLE, OTHER_TITLE };

static enum heading read_heading(struct page *page, const xmlNode *heading)
{
	enum { MIN_LETTERS = 15 };
	struct buf text = BUF_INIT;
	if (!heading)
		return LABEL;
	tree_put_text(&text, heading);
	bool own = page->a->title && name_is(text.data, text.len, page->a->title);
	bool words = measure_of(heading)->chars >= MIN_LETTERS && !measure_of(heading)->link_chars;
	buf_end(&text, &page->arena.failed);
	return own ? PAGE_TITLE : words ? OTHER_TITLE : LABEL;
}

/* An element `article` under the page's own headline, when another with a headline of its own
 * follows it: the next piece of an endless page. Else `best`. */
static struct candidate *first_article(struct page *page, const struct candidates *all,
				       struct candidate *best)
{
	struct candidate *own = NULL;
	for (struct candidate *s = all->items + 1; s < all->items + all->count; s++) {
		if (!tree_is(s->node, "article") || s->prose < MIN_ARTICLE)
			continue;
		enum heading heading = read_heading(page, heading_of(s));
		if (!own && heading == PAGE_TITLE)
			own = s;
		else if (own && s > own->last && heading == OTHER_TITLE && s <= best->last &&
			 (best < own || best > own->last))
			return own;
		s = own == s ? s->last : s;
	}
	return best;
}

/* --- A body in several containers --- */

static bool is_alike(const xmlNode *a, const xmlNode *b)
{
	const char *class_a = tree_get(a, "class"), *class_b = tree_get(b, "class");
	return strcmp(tree_name(a), tree_name(b)) == 0 &&
	       (class_a ? class_b && strcmp(class_a, class_b) == 0 : !class_b);
}

static bool is_container(const struct candidate *s, const struct candidate *like)
{
	const struct measure *m = measure_of(s->node);
	return !s->apart && is_alike(s->node, like->node) && s->prose >= PROSE_CHARS &&
	       s->score > 0 && m->paragraphs > 0 && measure_link_density(m) < ESSAY_LINKS;
}

/* What may stand between two containers of a body: pictures, headings and lines of text. */
static bool belongs_between(const struct candidate *s)
{
	return !s->apart &&
	       (page_name_is_in(s->node, "figure p h2 h3 h4 blockquote ul ol table") ||
		(s->score > 0 && measure_of(s->node)->links == 0)) &&
	       measure_link_density(measure_of(s->node)) < ESSAY_LINKS;
}

/* The best element and its neighbours of the same make that hold prose, too, with what stands
 * between them, in one new element; boxes of links are left outside. The best element itself when
 * it has no such neighbour. */
static xmlNode *join_containers(struct page *page, const struct candidates *all,
				struct candidate *best)
{
	struct candidate *top = best, *first = NULL, *last = NULL;
	while (top->up && top->up != all->items && top->up->prose <= top->prose &&
	       page_name_is_in(top->up->node, "div section"))
		top = top->up;
	if (!top->up || !page_name_is_in(top->node, "div section"))
		return best->node;
	for (struct candidate *s = top->up + 1; s <= top->up->last; s = s->last + 1)
		if (is_container(s, top)) {
			first = first ? first : s;
			last = s;
		}
	double others = -top->prose;
	for (struct candidate *s = first; s && s <= last; s = s->last + 1)
		others += is_container(s, top) ? s->prose : 0;
	if (!first || others < SHARE_OF_OTHERS * top->prose)
		return best->node;
	xmlNode *joined = tree_detached(page->body, "div");
	tree_insert_before(first->node, joined);
	for (struct candidate *s = first; s <= last; s = s->last + 1)
		if (is_container(s, top) || belongs_between(s))
			tree_append(joined, s->node);
	page_note(page, "join-containers", joined, "%s", tree_name(top->node));
	return joined;
}

bool content_find(struct page *page, const char **why)
{
	struct candidates all = {0};
	measure_all(page, page->body);
	*why = "the page has no text; perhaps a script shows it";
	if (measure_of(page->body)->chars == 0 || page->arena.failed || !score_lines(page, &all))
		return false;
	struct candidate *best = find_best(&all);
	best = find_main(&all, best);
	best = find_marked(first_article(page, &all, best));
	join_header(page, &all, best);
	page->content = join_containers(page, &all, best);
	page_note(page, "content", best->node, "score %.0f of %.0f", best->score,
		  all.items[0].score);
	return true;
}
