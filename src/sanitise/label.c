/* Labels of drawings that are HTML: "foreignObject", as Mermaid and draw.io write it. Reading
 * systems show it in few places, and EPUB 3.3 (section 6.2.2.1) allows only part of it. */
#include "sanitise/parts.h"

#include "article/tree.h"
#include "base/word_list.h"
#include "sanitise/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINES = 20 };

/* A length in the drawing's units; 0 when there is none. */
static double length(const xmlNode *node, const char *attribute)
{
	const char *value = tree_get(node, attribute);
	char *end = NULL;
	double number = value ? strtod(value, &end) : 0;
	bool plain = value && end != value && (*end == '\0' || strcmp(end, "px") == 0);
	return plain && isfinite(number) ? number : 0;
}

/* The text, a line feed where a block or a line ends. */
static void label_put_lines(struct buf *out, const xmlNode *object)
{
	for (const xmlNode *n = tree_walk(object, NULL); n; n = tree_walk(object, n)) {
		if (word_list_has("style script template", tree_name(tree_parent(n))))
			continue;
		if (word_list_has("br p div li tr h1 h2 h3 h4", tree_name(n)))
			buf_putc(out, '\n');
		for (const char *s = tree_text_value(n); *s; s++)
			buf_putc(out, *s == '\n' || *s == '\t' || *s == '\r' ? ' ' : *s);
	}
}

/* Whether another child of the `switch` around it says the same in SVG. */
static bool has_fallback(const xmlNode *object)
{
	if (!tree_is(tree_parent(object), "switch"))
		return false;
	for (const xmlNode *n = tree_next_element(object); n; n = tree_next_element(n))
		if (word_list_has("text g", tree_name(n)))
			return true;
	return false;
}

static void label_put_number(xmlNode *node, const char *attribute, double value)
{
	struct buf text = BUF_INIT;
	buf_printf(&text, "%ld", lround(value));
	tree_set(node, attribute, text.data);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
}

void sanitise_label(xmlNode *object)
{
	struct buf text = BUF_INIT;
	const char *lines[MAX_LINES];
	size_t count = 0;
	label_put_lines(&text, object);
	for (char *s = text.data; *s && !has_fallback(object);) {
		size_t len = strcspn(s, "\n");
		bool more = s[len] != '\0';
		s[len] = '\0';
		s += strspn(s, " ");
		if (*s && count < MAX_LINES)
			lines[count++] = s;
		s += strlen(s) + more;
	}
	if (count) {
		double x = length(object, "x") + length(object, "width") / 2;
		double y = length(object, "y") + length(object, "height") / 2;
		bool wide = length(object, "width") > 0;
		for (xmlNode *child; (child = tree_first(object)) != NULL;)
			tree_remove(child);
		tree_rename(object, "text");
		for (const char *const *a = (const char *const[]){"width", "height", "style", NULL};
		     *a; a++)
			tree_set(object, *a, NULL);
		label_put_number(object, "x", x);
		label_put_number(object, "y", y);
		if (wide)
			tree_set(object, "text-anchor", "middle");
		for (size_t i = 0; i < count; i++) {
			xmlNode *line = tree_leaf(object, "tspan", lines[i]);
			struct buf shift = BUF_INIT;
			label_put_number(line, "x", x);
			buf_printf(&shift, "%.2fem", i ? 1.2 : 0.35 - 0.6 * (double)(count - 1));
			tree_set(line, "dy", shift.data);
			buf_end(&shift, &text.failed);
		}
	}
	if (text.failed)
		tree_fail(object);
	buf_release(&text);
}
