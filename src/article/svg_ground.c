#include "article/svg.h"

#include "article/tree.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whether a colour is about as light as paper. */
static bool is_light(const char *colour)
{
	static const char *const light[] = {"#fff",
					    "#ffffff",
					    "white",
					    "#fefefe",
					    "#fafafa",
					    "rgb(255,255,255)",
					    "rgb(255, 255, 255)"};
	for (size_t i = 0; i < sizeof light / sizeof *light; i++)
		if (strcasecmp(colour, light[i]) == 0)
			return true;
	return false;
}

/* The colours of a drawing: which of those that are named by attributes are
 * light, and whether a style names others. */
struct colours {
	unsigned light, other;
	bool current; /* it takes the colour of the text around it */
};

static void inspect_colours(struct colours *c, const xmlNode *node)
{
	static const char *const names[] = {"fill", "stroke"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = tree_get(node, names[i]);
		if (!value || strcmp(value, "none") == 0)
			continue;
		c->current |= strcasecmp(value, "currentColor") == 0;
		c->light += is_light(value);
		c->other += !is_light(value);
	}
	const char *style = tree_get(node, "style");
	if (style) {
		c->current |= strcasestr(style, "currentColor") != NULL;
		c->other++;
	}
	c->other += tree_is(node, "style") || tree_is(node, "image");
}

bool svg_put_ground(xmlNode *svg, bool is_file)
{
	struct colours c = {0};
	inspect_colours(&c, svg);
	for (const xmlNode *n = tree_walk(svg, NULL); n; n = tree_walk(svg, n))
		if (tree_is_element(n))
			inspect_colours(&c, n);
	if ((c.current && !is_file) || (c.light && !c.other))
		return false;
	const char *box = tree_get(svg, "viewBox");
	double at[4];
	xmlNode *rect = tree_detached(svg, "rect");
	if (box &&
	    sscanf(box, "%lf%*[ ,]%lf%*[ ,]%lf%*[ ,]%lf", &at[0], &at[1], &at[2], &at[3]) == 4) {
		static const char *const names[] = {"x", "y", "width", "height"};
		for (int i = 0; i < 4; i++) {
			char number[32];
			snprintf(number, sizeof number, "%g", at[i]);
			tree_set(rect, names[i], number);
		}
	} else {
		tree_set(rect, "width", "100%");
		tree_set(rect, "height", "100%");
	}
	tree_set(rect, "fill", "#ffffff");
	xmlNode *first = tree_first_element(svg);
	while (tree_is(first, "title") || tree_is(first, "desc"))
		first = tree_next_element(first);
	if (first)
		tree_insert_before(first, rect);
	return first != NULL;
}
