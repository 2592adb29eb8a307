#include "extract/page/measure.h"

#include "article/elements.h"
#include "article/tree.h"
#include "base/utf8.h"

#include <string.h>

/* Characters of a paragraph: of a `p`, and of another block. */
enum { MIN_PARAGRAPH = 25, MIN_BLOCK = 80 };

static const struct measure nothing;

/* The characters of a text, white space folded: a run counts as one. */
static void count_text(struct measure *m, const char *s)
{
	bool space = true;
	for (size_t len = strlen(s); len;) {
		uint32_t cp = (unsigned char)*s;
		bool ascii = cp < 0x80;
		size_t n = ascii ? 1 : utf8_decode(s, len, &cp);
		bool blank = ascii ? cp == ' ' || (cp >= '\t' && cp <= '\r') : cp_is_space(cp);
		m->chars += !ascii && cp_is_cjk(cp) ? 2 : !blank || !space;
		space = blank;
		s += n;
		len -= n;
		switch (cp) {
		case '.':
		case '!':
		case '?':
			m->sentences += len == 0 || *s == ' ' || *s == '\n' || *s == '"';
			break;
		case 0x3002: /* ideographic full stop */
		case 0xFF01:
		case 0xFF1F:
		case 0x061F: /* Arabic question mark */
		case 0x0964: /* danda */
			m->sentences++;
			break;
		}
	}
}

/* What an element is by itself. */
static void count_self(struct measure *m, const xmlNode *node)
{
	if (tree_heading_level(node))
		m->headings++;
	else if (page_name_is_in(node, "img picture video svg amp-img"))
		m->images++;
	else if (page_name_is_in(node, "input button select textarea"))
		m->inputs++;
	else if (tree_is(node, "a"))
		m->links++;
}

/* Whether it stands among text: what is in it belongs to the line of the block around it. */
static bool is_inline(const xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	return el ? el->flags & EL_PHRASING : page_name_is_in(node, "font tt big nobr strike");
}

static void measure_add(struct measure *to, const struct measure *from)
{
	to->chars += from->chars;
	to->link_chars += from->link_chars;
	to->sentences += from->sentences;
	to->paragraphs += from->paragraphs;
	to->images += from->images;
	to->headings += from->headings;
	to->inputs += from->inputs;
	to->links += from->links;
}

static void measure_put_text(struct measure *m, const char *text, bool in_link, bool within_page)
{
	unsigned before = m->chars;
	count_text(m, text);
	unsigned chars = m->chars - before;
	unsigned link_chars = !in_link ? 0 : within_page ? chars / 2 : chars;
	m->own_chars += chars;
	m->link_chars += link_chars;
	m->own_links += link_chars;
}

/* All below `node` has been added up. */
static void measure_close_element(const xmlNode *node, struct measure *m, struct measure *up)
{
	if (tree_is(node, "p")
		    ? m->chars >= MIN_PARAGRAPH
		    : m->own_chars >= MIN_BLOCK && page_name_is_in(node, "div section td article"))
		m->paragraphs++;
	if (!up)
		return;
	measure_add(up, m);
	if (is_inline(node)) {
		up->own_chars += m->own_chars;
		up->own_links += m->own_links;
	}
}

void measure_all(struct page *page, xmlNode *root)
{
	unsigned order = 0;
	const xmlNode *link = NULL; /* the one that the walk is in */
	bool within_page = false;
	xmlNode *node = root;
	while (node) {
		struct measure *up = node == root ? NULL : tree_data(tree_parent(node));
		xmlNode *next = NULL;
		if (tree_is_element(node)) {
			struct measure *m = arena_alloc(&page->arena, sizeof *m);
			tree_set_data(node, m);
			if (m) {
				m->names = names_of(page, node);
				m->order = order++;
				count_self(m, node);
			}
			const char *href = tree_is(node, "a") ? tree_get(node, "href") : NULL;
			if (href && !link) {
				link = node;
				within_page = href[0] == '#';
			}
			next = tree_first(node);
		} else if (up) {
			measure_put_text(up, tree_text_value(node), link, within_page);
		}
		while (!next && node) {
			if (node == link)
				link = NULL;
			struct measure *m = tree_is_element(node) ? tree_data(node) : NULL;
			if (m)
				measure_close_element(node, m,
						      node == root ? NULL
								   : tree_data(tree_parent(node)));
			if (node == root)
				return;
			next = tree_next(node);
			if (!next)
				node = tree_parent(node);
		}
		node = next;
	}
}

const struct measure *measure_of(const xmlNode *node)
{
	const struct measure *m = tree_is_element(node) ? tree_data(node) : NULL;
	return m ? m : &nothing;
}

double measure_link_density(const struct measure *m)
{
	return m->chars ? (double)m->link_chars / m->chars : 0;
}
