#include "extract/measure.h"

#include "article/tree.h"
#include "base/utf8.h"

#include <string.h>

static const struct measure nothing;

/* The characters of a text, white space folded: a run counts as one. */
static void count_text(struct measure *m, const char *s)
{
	bool space = true;
	for (size_t len = strlen(s); len;) {
		uint32_t cp;
		size_t n = utf8_decode(s, len, &cp);
		bool blank = cp_is_space(cp);
		m->chars += !blank || !space;
		space = blank;
		s += n;
		len -= n;
		switch (cp) {
		case ',':
		case 0x3001: /* ideographic comma */
		case 0xFF0C: /* fullwidth comma */
		case 0x060C: /* Arabic comma */
		case 0x201A:
			m->commas++;
			break;
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
	else if (page_name_is_in(node, "li dt dd tr"))
		m->items++;
	else if (page_name_is_in(node, "input button select textarea"))
		m->inputs++;
	else if (tree_is(node, "a"))
		m->links++;
}

static void add(struct measure *to, const struct measure *from)
{
	to->chars += from->chars;
	to->link_chars += from->link_chars;
	to->commas += from->commas;
	to->sentences += from->sentences;
	to->paragraphs += from->paragraphs;
	to->images += from->images;
	to->headings += from->headings;
	to->items += from->items;
	to->inputs += from->inputs;
	to->links += from->links;
}

/* All below `node` has been added up. */
static void close_element(const xmlNode *node, const xmlNode *root, unsigned own_chars)
{
	struct measure *m = tree_data(node);
	if (!m)
		return;
	if (tree_is(node, "a")) {
		const char *href = tree_get(node, "href");
		m->link_chars = href && href[0] == '#' ? m->chars / 2 : href ? m->chars : 0;
	}
	if (tree_is(node, "p") ? m->chars >= 25
			       : page_name_is_in(node, "div section td article") && own_chars >= 80)
		m->paragraphs++;
	if (node != root && tree_data(tree_parent(node)))
		add(tree_data(tree_parent(node)), m);
}

void measure_all(struct page *page, xmlNode *root)
{
	unsigned order = 0;
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
				m->depth = up ? up->depth + 1 : 0;
				count_self(m, node);
			}
			next = tree_first(node);
		} else if (up) {
			count_text(up, tree_text_value(node));
		}
		while (!next && node) {
			if (tree_is_element(node)) {
				const struct measure *m = tree_data(node);
				unsigned own = m ? m->chars : 0;
				for (xmlNode *n = tree_first_element(node); n && own;
				     n = tree_next_element(n)) {
					const struct measure *below = tree_data(n);
					if (below && !page_name_is_in(n, "a b i em strong span"))
						own -= below->chars < own ? below->chars : own;
				}
				close_element(node, root, own);
			}
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
