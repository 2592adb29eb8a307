/* Plain shapes of a design: the part of SVG (1.1, chapters 7 to 9) that cairo draws without
 * librsvg: its start takes as long as drawing a cover. */
#include "cover/parts.h"

#include <libxml/xpath.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a circle's radius: where the control points of its quarters are. */
#define QUARTER 0.5522847498

/* How deep svg elements nest, at most. */
enum { MAX_DEPTH = 16 };

/* Units of an svg element on the page: pixel = offset + scale * unit. */
struct frame {
	double scale, x, y;
	double clip[4];
};

struct reader {
	struct arena *arena;
	struct shape_list *shapes;
	bool plain;
};

/* --- Attributes --- */

static bool is_named(const xmlNode *node, const char *name)
{
	return strcmp((const char *)node->name, name) == 0;
}

/* Whether an element is in SVG's namespace, and has no attributes but these. */
static bool has_only(const xmlNode *node, const char *const *names)
{
	if (!node->ns || strcmp((const char *)node->ns->href, "http://www.w3.org/2000/svg") != 0)
		return false;
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		size_t i = 0;
		while (names[i] && strcmp((const char *)attr->name, names[i]) != 0)
			i++;
		if (!names[i] || attr->ns)
			return false;
	}
	return true;
}

static double to_number(struct reader *r, const char *text)
{
	double number = xmlXPathCastStringToNumber((const xmlChar *)text);
	r->plain &= number > -1e6 && number < 1e6;
	return r->plain ? number : 0;
}

/* A length without a unit. */
static double shapes_number_of(struct reader *r, xmlNode *node, const char *name, double otherwise)
{
	xmlChar *text = xmlGetProp(node, (const xmlChar *)name);
	double number = text ? to_number(r, (const char *)text) : otherwise;
	xmlFree(text);
	return number;
}

/* False: it is not filled. */
static bool fill_of(struct reader *r, xmlNode *node, struct colour *fill)
{
	xmlChar *text = xmlGetProp(node, (const xmlChar *)"fill");
	bool filled = !text || strcmp((const char *)text, "none") != 0;
	*fill = (struct colour){0, 0, 0};
	if (text && filled)
		r->plain &= colour_read((const char *)text, fill);
	xmlFree(text);
	return filled;
}

/* --- Paths --- */

static struct cover_shape *new_shape(struct reader *r, const struct frame *frame, xmlNode *node)
{
	struct colour fill;
	if (!fill_of(r, node, &fill) || !r->plain)
		return NULL;
	struct cover_shape *shape = ARENA_PUSH(r->arena, *r->shapes);
	if (shape) {
		shape->fill = fill;
		memcpy(shape->clip, frame->clip, sizeof shape->clip);
	}
	return shape;
}

/* Add a segment of `count` numbers: x and y in turn. */
static void shapes_put(struct reader *r, struct cover_shape *shape, const struct frame *frame,
		       char op, const double *at, size_t count)
{
	struct cover_segment *segment = ARENA_PUSH(r->arena, shape->path);
	if (!segment)
		return;
	segment->op = op;
	for (size_t i = 0; i < count; i++)
		segment->at[i] = (i % 2 ? frame->y : frame->x) + frame->scale * at[i];
}

#define PUT(r, shape, frame, op, ...)                                                              \
	shapes_put(r, shape, frame, op, (const double[]){__VA_ARGS__},                             \
		   sizeof(const double[]){__VA_ARGS__} / sizeof(double))

/* Where a path is being read. */
struct pen {
	const char *text;
	double x, y;             /* where it is */
	double start_x, start_y; /* of the subpath */
	double control_x, control_y;
	char last; /* the command before, as a capital */
};

static const char *shapes_skip_space(const char *text)
{
	return text + strspn(text, " \t\r\n,");
}

/* A number of path data; no exponents. */
static double take_number(struct reader *r, struct pen *pen)
{
	char number[32];
	size_t len = 0, digits;
	const char *text = shapes_skip_space(pen->text);
	len += text[0] == '-' || text[0] == '+';
	digits = strspn(text + len, "0123456789");
	len += digits;
	if (text[len] == '.') {
		size_t fraction = strspn(text + len + 1, "0123456789");
		digits += fraction;
		len += 1 + fraction;
	}
	r->plain &= digits > 0 && len < sizeof number;
	if (!r->plain)
		return 0;
	size_t sign = text[0] == '+';
	memcpy(number, text + sign, len - sign);
	number[len - sign] = 0;
	pen->text = text + len;
	return to_number(r, number);
}

static void put_curve(struct reader *r, struct cover_shape *shape, const struct frame *frame,
		      struct pen *pen, const double to[6])
{
	shapes_put(r, shape, frame, 'C', to, 6);
	pen->control_x = to[2];
	pen->control_y = to[3];
	pen->x = to[4];
	pen->y = to[5];
}

/* Q and T: the cubic curve that is the same. */
static void put_quadratic(struct reader *r, struct cover_shape *shape, const struct frame *frame,
			  struct pen *pen, const double v[4])
{
	double cx = v[0], cy = v[1];
	put_curve(r, shape, frame, pen,
		  (const double[]){pen->x + (cx - pen->x) * 2 / 3, pen->y + (cy - pen->y) * 2 / 3,
				   v[2] + (cx - v[2]) * 2 / 3, v[3] + (cy - v[3]) * 2 / 3, v[2],
				   v[3]});
	pen->control_x = cx;
	pen->control_y = cy;
}

/* One command with the absolute numbers `v`. */
static void obey(struct reader *r, struct cover_shape *shape, const struct frame *frame,
		 struct pen *pen, char op, const double *v)
{
	bool smooth = op == 'T' ? pen->last == 'Q' || pen->last == 'T'
				: pen->last == 'C' || pen->last == 'S';
	/* The last control point, reflected. */
	double rx = smooth ? 2 * pen->x - pen->control_x : pen->x;
	double ry = smooth ? 2 * pen->y - pen->control_y : pen->y;
	switch (op) {
	case 'M':
	case 'L':
		shapes_put(r, shape, frame, op, v, 2);
		pen->x = v[0];
		pen->y = v[1];
		if (op == 'M') {
			pen->start_x = v[0];
			pen->start_y = v[1];
		}
		break;
	case 'H':
		pen->x = v[0];
		PUT(r, shape, frame, 'L', pen->x, pen->y);
		break;
	case 'V':
		pen->y = v[0];
		PUT(r, shape, frame, 'L', pen->x, pen->y);
		break;
	case 'C':
		put_curve(r, shape, frame, pen, v);
		break;
	case 'S':
		put_curve(r, shape, frame, pen, (const double[]){rx, ry, v[0], v[1], v[2], v[3]});
		break;
	case 'Q':
		put_quadratic(r, shape, frame, pen, v);
		break;
	case 'T':
		put_quadratic(r, shape, frame, pen, (const double[]){rx, ry, v[0], v[1]});
		break;
	default: /* Z */
		shapes_put(r, shape, frame, 'Z', NULL, 0);
		pen->x = pen->start_x;
		pen->y = pen->start_y;
	}
	pen->last = op;
}

/* Its numbers, made absolute, of the command at hand. */
static void take_numbers(struct reader *r, struct pen *pen, char op, bool relative, double *v,
			 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool down = op == 'V' || (op != 'H' && i % 2);
		v[i] = take_number(r, pen) + (!relative ? 0 : down ? pen->y : pen->x);
	}
}

/* SVG 1.1, section 8.3, but for arcs. */
static void read_path(struct reader *r, const struct frame *frame, xmlNode *node)
{
	static const char ops[] = "MLHVCSQTZ";
	static const unsigned char counts[] = {2, 2, 1, 1, 6, 4, 4, 2, 0};
	struct cover_shape *shape = new_shape(r, frame, node);
	xmlChar *data = xmlGetProp(node, (const xmlChar *)"d");
	struct pen pen = {.text = data ? (const char *)data : ""};
	char op = 0;
	bool relative = false;
	while (shape && r->plain && *(pen.text = shapes_skip_space(pen.text))) {
		char c = *pen.text, capital = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		if (strchr(ops, capital)) {
			op = capital;
			relative = c != capital;
			pen.text++;
		} else if (op == 'M') { /* further points are lines */
			op = 'L';
		} else if (op == 'Z') {
			op = 0;
		}
		const char *known = op ? strchr(ops, op) : NULL;
		r->plain &= known && (pen.last || op == 'M');
		if (!r->plain)
			break;
		double v[6];
		take_numbers(r, &pen, op, relative, v, counts[known - ops]);
		if (r->plain)
			obey(r, shape, frame, &pen, op, v);
	}
	xmlFree(data);
}

/* --- Elements --- */

static void read_rect(struct reader *r, const struct frame *frame, xmlNode *node)
{
	double x = shapes_number_of(r, node, "x", 0), y = shapes_number_of(r, node, "y", 0);
	double right = x + shapes_number_of(r, node, "width", 0);
	double bottom = y + shapes_number_of(r, node, "height", 0);
	struct cover_shape *shape = right > x && bottom > y ? new_shape(r, frame, node) : NULL;
	if (!shape)
		return;
	PUT(r, shape, frame, 'M', x, y);
	PUT(r, shape, frame, 'L', right, y);
	PUT(r, shape, frame, 'L', right, bottom);
	PUT(r, shape, frame, 'L', x, bottom);
	shapes_put(r, shape, frame, 'Z', NULL, 0);
}

static void read_circle(struct reader *r, const struct frame *frame, xmlNode *node)
{
	double x = shapes_number_of(r, node, "cx", 0), y = shapes_number_of(r, node, "cy", 0);
	double a = shapes_number_of(r, node, "r", 0), k = a * QUARTER;
	struct cover_shape *shape = a > 0 ? new_shape(r, frame, node) : NULL;
	if (!shape)
		return;
	PUT(r, shape, frame, 'M', x + a, y);
	PUT(r, shape, frame, 'C', x + a, y + k, x + k, y + a, x, y + a);
	PUT(r, shape, frame, 'C', x - k, y + a, x - a, y + k, x - a, y);
	PUT(r, shape, frame, 'C', x - a, y - k, x - k, y - a, x, y - a);
	PUT(r, shape, frame, 'C', x + k, y - a, x + a, y - k, x + a, y);
	shapes_put(r, shape, frame, 'Z', NULL, 0);
}

/* How much of the free room stands before what is aligned: "xMidYMax", at its x or Y. */
static double share(const char *align)
{
	return strncmp(align, "Min", 3) == 0 ? 0 : strncmp(align, "Max", 3) == 0 ? 1 : 0.5;
}

/* The frame of an svg element's content, in a viewport that is given in pixels: section 7.8. */
static bool open_frame(struct reader *r, xmlNode *node, const double viewport[4],
		       struct frame *frame)
{
	char box[4][32], align[16] = "xMidYMid", fit[16] = "meet", rest;
	xmlChar *text = xmlGetProp(node, (const xmlChar *)"viewBox");
	int found = text ? sscanf((const char *)text,
				  "%31[^ ,]%*[ ,]%31[^ ,]%*[ ,]%31[^ ,]%*[ ,]%31[^ ,]", box[0],
				  box[1], box[2], box[3])
			 : 0;
	xmlFree(text);
	text = xmlGetProp(node, (const xmlChar *)"preserveAspectRatio");
	if (text && sscanf((const char *)text, "%15s %15s %c", align, fit, &rest) > 2)
		r->plain = false;
	xmlFree(text);
	if (found != 4 || strlen(align) != 8 || align[0] != 'x' || align[4] != 'Y')
		return false;
	double x = to_number(r, box[0]), y = to_number(r, box[1]);
	double width = to_number(r, box[2]), height = to_number(r, box[3]);
	if (!r->plain || width <= 0 || height <= 0)
		return false;
	double across = viewport[2] / width, down = viewport[3] / height;
	double scale = strcmp(fit, "slice") == 0 ? fmax(across, down) : fmin(across, down);
	frame->scale = scale;
	frame->x = viewport[0] + (viewport[2] - width * scale) * share(align + 1) - x * scale;
	frame->y = viewport[1] + (viewport[3] - height * scale) * share(align + 5) - y * scale;
	memcpy(frame->clip, viewport, sizeof frame->clip);
	return true;
}

/* The part of a viewport that its parent's shows. */
static void shapes_cut(double viewport[4], const double parent[4])
{
	double right = fmin(viewport[0] + viewport[2], parent[0] + parent[2]);
	double bottom = fmin(viewport[1] + viewport[3], parent[1] + parent[3]);
	viewport[0] = fmax(viewport[0], parent[0]);
	viewport[1] = fmax(viewport[1], parent[1]);
	viewport[2] = fmax(right - viewport[0], 0);
	viewport[3] = fmax(bottom - viewport[1], 0);
}

static void read_children(struct reader *r, const struct frame *frame, xmlNode *parent, int depth);

static void read_svg(struct reader *r, const struct frame *frame, xmlNode *node, int depth)
{
	struct frame inner;
	double viewport[4] = {frame->x + frame->scale * shapes_number_of(r, node, "x", 0),
			      frame->y + frame->scale * shapes_number_of(r, node, "y", 0),
			      frame->scale * shapes_number_of(r, node, "width", -1),
			      frame->scale * shapes_number_of(r, node, "height", -1)};
	if (depth >= MAX_DEPTH || viewport[2] <= 0 || viewport[3] <= 0 ||
	    !open_frame(r, node, viewport, &inner)) {
		r->plain = false;
		return;
	}
	shapes_cut(inner.clip, frame->clip);
	read_children(r, &inner, node, depth + 1);
}

static void read_children(struct reader *r, const struct frame *frame, xmlNode *parent, int depth)
{
	static const char *const svg[] = {
		"x", "y", "width", "height", "viewBox", "preserveAspectRatio", NULL};
	static const char *const rect[] = {"x", "y", "width", "height", "fill", NULL};
	static const char *const circle[] = {"cx", "cy", "r", "fill", NULL};
	static const char *const path[] = {"d", "fill", NULL};
	for (xmlNode *n = xmlFirstElementChild(parent); n && r->plain;
	     n = xmlNextElementSibling(n)) {
		if (is_named(n, "svg") && has_only(n, svg))
			read_svg(r, frame, n, depth);
		else if (is_named(n, "rect") && has_only(n, rect))
			read_rect(r, frame, n);
		else if (is_named(n, "circle") && has_only(n, circle))
			read_circle(r, frame, n);
		else if (is_named(n, "path") && has_only(n, path))
			read_path(r, frame, n);
		else
			r->plain = false;
	}
}

bool cover_shapes_read(struct shape_list *shapes, struct arena *arena, xmlNode *root,
		       const struct cover_sheet *sheet)
{
	static const char *const names[] = {"width", "height", "viewBox", "preserveAspectRatio",
					    NULL};
	struct reader r = {.arena = arena, .shapes = shapes, .plain = true};
	const double page[4] = {0, 0, sheet->width, sheet->height};
	struct frame frame;
	if (!has_only(root, names) || !open_frame(&r, root, page, &frame))
		return false;
	read_children(&r, &frame, root, 0);
	return r.plain;
}

/* --- Drawing --- */

bool cover_shapes_fill(const struct shape_list *shapes, const struct cover_sheet *sheet)
{
	static const char rectangle[] = "MLLLZ";
	const struct cover_shape *first = shapes->items;
	if (shapes->count == 0 || first->path.count != sizeof rectangle - 1)
		return false;
	for (size_t i = 0; i < first->path.count; i++)
		if (first->path.items[i].op != rectangle[i])
			return false;
	const double *from = first->path.items[0].at, *to = first->path.items[2].at;
	const double *clip = first->clip;
	return from[0] <= 0 && from[1] <= 0 && to[0] >= sheet->width && to[1] >= sheet->height &&
	       first->path.items[1].at[1] == from[1] && first->path.items[3].at[0] == from[0] &&
	       clip[0] <= 0 && clip[1] <= 0 && clip[2] >= sheet->width && clip[3] >= sheet->height;
}

static void draw_path(const struct pango *p, cairo_t *cr, const struct segment_list *path)
{
	p->cairo_new_path(cr);
	for (size_t i = 0; i < path->count; i++) {
		const double *at = path->items[i].at;
		switch (path->items[i].op) {
		case 'M':
			p->cairo_move_to(cr, at[0], at[1]);
			break;
		case 'L':
			p->cairo_line_to(cr, at[0], at[1]);
			break;
		case 'C':
			p->cairo_curve_to(cr, at[0], at[1], at[2], at[3], at[4], at[5]);
			break;
		default:
			p->cairo_close_path(cr);
		}
	}
	p->cairo_fill(cr);
}

void cover_shapes_draw(const struct pango *p, cairo_t *cr, const struct shape_list *shapes)
{
	for (size_t i = 0; i < shapes->count; i++) {
		const struct cover_shape *shape = &shapes->items[i];
		const double *clip = shape->clip;
		p->cairo_save(cr);
		p->cairo_rectangle(cr, clip[0], clip[1], clip[2], clip[3]);
		p->cairo_clip(cr);
		p->cairo_set_source_rgb(cr, shape->fill.r / 255.0, shape->fill.g / 255.0,
					shape->fill.b / 255.0);
		draw_path(p, cr, &shape->path);
		p->cairo_restore(cr);
	}
}
