/* A design taken apart: the drawing, and the boxes in it. */
#include "base/error.h"
#include "base/word_list.h"
#include "base/xml_limits.h"
#include "cover/parts.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SVG   (16 << 20)
#define MAX_BOXES 200

struct reader {
	struct cover_design *design;
	const struct cover_sheet *sheet;
	double scale; /* pixels a unit */
	double page_height;
	xmlNode *cut; /* the root's child that the picture is in */
};

/* An attribute in the design's memory; NULL when there is none. */
static const char *design_text_of(struct reader *r, xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
	char *copy = arena_dup(&r->design->arena, (char *)value);
	xmlFree(value);
	return copy;
}

/* xmlXPathCastStringToNumber() reads numbers in the same way in every locale. */
static double number_of(struct reader *r, xmlNode *node, const char *name, double otherwise)
{
	const char *text = design_text_of(r, node, name);
	double number = text ? xmlXPathCastStringToNumber((const xmlChar *)text) : otherwise;
	return number > -1e6 && number < 1e6 ? number : otherwise;
}

/* Black where there is no colour, or none of this form. */
static struct colour colour_of(struct reader *r, xmlNode *node)
{
	const char *text = design_text_of(r, node, "fill");
	struct colour colour = {0, 0, 0};
	if (text)
		colour_read(text, &colour);
	return colour;
}

/* Which of two words an attribute says: 1, 2, or 0 for neither. */
static int design_word_of(struct reader *r, xmlNode *node, const char *name, const char *one,
			  const char *two)
{
	const char *text = design_text_of(r, node, name);
	return !text ? 0 : strcmp(text, one) == 0 ? 1 : two && strcmp(text, two) == 0 ? 2 : 0;
}

static void read_text_box(struct reader *r, xmlNode *node, struct cover_box *box)
{
	box->text = design_text_of(r, node, "data-text");
	box->families = design_text_of(r, node, "data-font");
	box->weight = (int)number_of(r, node, "data-weight", 400);
	box->italic = design_word_of(r, node, "data-style", "italic", NULL) != 0;
	box->capitals = design_word_of(r, node, "data-case", "capitals", NULL) != 0;
	box->largest = number_of(r, node, "data-size", 100) * r->scale;
	if (box->largest < 4)
		box->largest = 4;
	box->smallest = number_of(r, node, "data-least", 0) * r->scale;
	if (box->smallest <= 0)
		box->smallest = box->largest / 2;
	if (box->smallest > box->largest)
		box->smallest = box->largest;
	box->lines = (int)number_of(r, node, "data-lines", 0);
	box->leading = number_of(r, node, "data-leading", 1.2);
	box->spacing = number_of(r, node, "data-spacing", 0);
	box->align = (enum box_align)design_word_of(r, node, "data-align", "middle", "end");
	box->stand = (enum box_stand)design_word_of(r, node, "data-stand", "middle", "bottom");
}

/* Take a box out of the drawing. */
static void design_take_box(struct reader *r, xmlNode *node, enum box_kind kind)
{
	struct box_list *boxes = &r->design->boxes;
	struct cover_box *box =
		boxes->count < MAX_BOXES ? ARENA_PUSH(&r->design->arena, *boxes) : NULL;
	if (box) {
		box->kind = kind;
		box->x = number_of(r, node, "x", 0) * r->scale;
		box->y = number_of(r, node, "y", 0) * r->scale;
		box->width = number_of(r, node, "width", 0) * r->scale;
		box->height = number_of(r, node, "height", 0) * r->scale;
		if (box->y < 0)
			box->y += r->page_height;
		if (xmlHasProp(node, (const xmlChar *)"data-bottom")) {
			double bottom = number_of(r, node, "data-bottom", 0) * r->scale;
			box->height = bottom + (bottom <= 0 ? r->page_height : 0) - box->y;
		}
		box->fill = colour_of(r, node);
		box->flows = xmlHasProp(node, (const xmlChar *)"data-gap") != NULL;
		box->gap = number_of(r, node, "data-gap", 0) * r->scale;
		if (kind == BOX_TEXT)
			read_text_box(r, node, box);
	}
	if (kind == BOX_PICTURE && !r->cut) {
		for (r->cut = node; xmlDocGetRootElement(node->doc) != r->cut->parent;)
			r->cut = r->cut->parent;
		if (r->cut != node) {
			xmlUnlinkNode(node);
			xmlFreeNode(node);
		}
		return;
	}
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

/* libxml2 lets elements nest 256 deep. */
static void take_boxes(struct reader *r, xmlNode *parent)
{
	static const struct {
		const char *attribute;
		enum box_kind kind;
	} kinds[] = {{"data-text", BOX_TEXT}, {"data-bar", BOX_BAR}, {"data-picture", BOX_PICTURE}};
	for (xmlNode *next, *n = xmlFirstElementChild(parent); n; n = next) {
		next = xmlNextElementSibling(n);
		size_t i = 0, count = sizeof kinds / sizeof *kinds;
		while (i < count && !xmlHasProp(n, (const xmlChar *)kinds[i].attribute))
			i++;
		if (i < count)
			design_take_box(r, n, kinds[i].kind);
		else
			take_boxes(r, n);
	}
}

/* What draws nothing by itself but is referred to. */
static bool is_shared(const xmlNode *node)
{
	return word_list_has("defs style symbol clipPath mask", (const char *)node->name);
}

/* Remove the root's children on one side of number `cut`, and itself. Returns how many are left
 * that draw something. */
static size_t keep_side(xmlDoc *doc, size_t cut, bool behind)
{
	size_t at = 0, kept = 0;
	for (xmlNode *next, *n = xmlFirstElementChild(xmlDocGetRootElement(doc)); n; n = next) {
		next = xmlNextElementSibling(n);
		bool keep = behind ? at > cut : at < cut;
		at++;
		if (is_shared(n))
			continue;
		if (keep) {
			kept++;
			continue;
		}
		xmlUnlinkNode(n);
		xmlFreeNode(n);
	}
	return kept;
}

static int print(xmlDoc *doc, struct arena *arena, struct cover_layer *layer)
{
	xmlChar *printed = NULL;
	int len = 0;
	xmlDocDumpMemory(doc, &printed, &len);
	layer->svg = printed ? arena_dupn(arena, (char *)printed, (size_t)len) : NULL;
	layer->svg_size = (size_t)len;
	xmlFree(printed);
	return layer->svg ? 0 : -1;
}

/* What is left of a document, as shapes or else for librsvg. */
static int read_layer(struct reader *r, xmlDoc *doc, struct cover_layer *layer)
{
	struct arena *arena = &r->design->arena;
	if (cover_shapes_read(&layer->shapes, arena, xmlDocGetRootElement(doc), r->sheet))
		return arena->failed ? -1 : 0;
	layer->shapes = (struct shape_list){0};
	return print(doc, arena, layer);
}

/* The drawing in two, where the picture comes between. */
static int design_split(struct reader *r, xmlDoc *doc)
{
	struct cover_design *design = r->design;
	int rc = 0;
	if (r->cut) {
		size_t cut = 0;
		for (xmlNode *n = xmlPreviousElementSibling(r->cut); n;
		     n = xmlPreviousElementSibling(n))
			cut++;
		xmlDoc *over = xmlCopyDoc(doc, 1);
		if (!over)
			return -1;
		if (keep_side(over, cut, true) > 0)
			rc = read_layer(r, over, &design->over);
		xmlFreeDoc(over);
		keep_side(doc, cut, false);
	}
	return rc == 0 ? read_layer(r, doc, &design->under) : rc;
}

/* How many units wide the drawing is: its viewBox, else its width. */
static double width_in_units(struct reader *r, xmlNode *root, double page_width)
{
	const char *box = design_text_of(r, root, "viewBox");
	char third[32] = "";
	if (box && sscanf(box, "%*31[^ ,]%*[ ,]%*31[^ ,]%*[ ,]%31[^ ,]", third) == 1) {
		double width = xmlXPathCastStringToNumber((const xmlChar *)third);
		if (width >= 1 && width < 1e6)
			return width;
	}
	double width = number_of(r, root, "width", page_width);
	return width >= 1 ? width : page_width;
}

static bool design_is_svg(const xmlNode *root)
{
	return strcmp((const char *)root->name, "svg") == 0 && root->ns &&
	       strcmp((const char *)root->ns->href, "http://www.w3.org/2000/svg") == 0;
}

int cover_design_read(struct cover_design *design, const struct cover_sheet *sheet,
		      struct chapbook_error *err)
{
	struct reader r = {.design = design, .sheet = sheet, .page_height = sheet->height};
	*design = (struct cover_design){.arena = ARENA_INIT};
	xmlDoc *doc = NULL;
	size_t line;
	if (sheet->svg_size <= MAX_SVG && !xml_excess(sheet->svg, sheet->svg_size, 0, &line))
		doc = xmlReadMemory(sheet->svg, (int)sheet->svg_size, NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!root || !design_is_svg(root)) {
		xmlFreeDoc(doc);
		return error_set(err, CHAPBOOK_E_INPUT, "cover.svg: not an SVG document");
	}
	r.scale = sheet->width / width_in_units(&r, root, sheet->width);
	take_boxes(&r, root);
	int rc = design_split(&r, doc);
	xmlFreeDoc(doc);
	return rc != 0 || design->arena.failed ? error_memory(err) : 0;
}

void cover_design_release(struct cover_design *design)
{
	arena_release(&design->arena);
}
