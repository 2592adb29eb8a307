/* Pictures, their captions and credits become figures, anywhere in the page: the passes
 * that come later see one form.
 *
 * What is of interest is listed first, in document order: pictures, captions, figures' beginnings
 * and ends, and the text between them. What belongs together is seen in this list. */
#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/figures/figures.h"
#include "extract/page/measure.h"
#include "lang/caption.h"

#include <string.h>

enum {
	MAX_CAPTION = 1500, /* characters of a caption */
	MAX_REST = 300,     /* of what stands in a figure beside picture and caption */
	MAX_GAP = 60,       /* between a picture and its caption, outside a figure */
	MAX_CREDIT = 60,    /* of a rest that is one */
	MAX_NAMED_CREDIT = 200,
	MAX_PARTS = 8,   /* of one picture's caption */
	MAX_LINE = 300,  /* of a caption known by its words */
	MAX_NODES = 100, /* in a table that only sets a picture */
	HEIGHT = 8,      /* elements between a picture and what it has in common with its caption */
};

enum kind { IMG, CAPTION, OPEN, CLOSE, TEXT, BLOCK };

struct token {
	enum kind kind;
	unsigned chars; /* of a TEXT */
	xmlNode *node;
	bool done;          /* a picture that is in a finished figure, a caption that is bound */
	size_t other;       /* OPEN: the index of its CLOSE, and the other way round */
	xmlNode *figure;    /* IMG: the finished figure that it is in */
	const xmlNode *end; /* OPEN: the node after it */
};

struct tokens {
	struct token *items;
	size_t count, cap;
	struct page *page;
};

static void bind_put(struct tokens *t, enum kind kind, xmlNode *node, unsigned chars)
{
	struct token *last = t->count ? &t->items[t->count - 1] : NULL;
	if (kind == TEXT && last && last->kind == TEXT) {
		last->chars += chars;
		return;
	}
	struct token *token = ARENA_PUSH(&t->page->arena, *t);
	if (token)
		*token = (struct token){.kind = kind, .node = node, .chars = chars};
}

/* --- The list --- */

static bool is_caption(const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	if (!(m->names & NAMED(CAPTION)) || m->images || m->chars > MAX_CAPTION || m->inputs)
		return false;
	const char *role = tree_get(node, "role");
	return !page_name_is_in(node, "body main article figure table caption tr a label h1 h2") &&
	       !(role && strcmp(role, "heading") == 0) &&
	       (m->chars > 2 || tree_is(node, "figcaption"));
}

/* A line right under a picture that says that it is a caption: "Figure 2: …", "Photo: Ann Brown".
 */
static bool is_caption_line(const struct tokens *t, const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	const struct token *last = t->count ? &t->items[t->count - 1] : NULL;
	if (!last || last->kind != IMG || !tree_is(node, "p") || m->images || m->chars < 3 ||
	    m->chars > MAX_LINE)
		return false;
	struct buf text = BUF_INIT;
	struct credit credit;
	tree_put_text(&text, node);
	bool marked = caption_is_marked(text.data, text.len) ||
		      (credit_find(text.data, text.len, &credit) && credit.sure);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	return marked;
}

static bool is_credit(const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	return (m->names & NAMED(CREDIT)) && m->images == 0 && m->chars > 2 &&
	       m->chars < MAX_NAMED_CREDIT;
}

/* A table that only sets a picture over its caption. */
static bool is_picture_table(const xmlNode *table)
{
	const struct measure *m = measure_of(table);
	unsigned cells = 0, seen = 0;
	if (m->images != 1 || m->chars == 0 || m->chars > MAX_REST || m->paragraphs > 1 ||
	    m->headings)
		return false;
	for (const xmlNode *n = tree_walk(table, NULL); n; n = tree_walk(table, n)) {
		if (++seen > MAX_NODES || page_name_is_in(n, "table th caption pre li dt dd"))
			return false;
		cells += tree_is(n, "td");
	}
	return cells <= 3;
}

static unsigned text_chars(const xmlNode *node)
{
	const char *s = tree_text_value(node);
	s += strspn(s, " \t\n\r\f");
	size_t len = strlen(s);
	return len > 100000 ? 100000 : (unsigned)len;
}

static void list(struct tokens *t)
{
	xmlNode *root = t->page->body, *next;
	size_t open = SIZE_MAX; /* the innermost figure that is open; others by .other */
	for (xmlNode *n = tree_walk(root, NULL); n; n = next) {
		next = tree_walk(root, n);
		if (tree_is(n, "img")) {
			bind_put(t, IMG, n, 0);
		} else if (tree_is_text(n)) {
			if (text_chars(n))
				bind_put(t, TEXT, n, text_chars(n));
		} else if (is_caption(n) || is_caption_line(t, n) ||
			   (open != SIZE_MAX && is_credit(n))) {
			bind_put(t, CAPTION, n, 0);
			next = tree_walk_skip(root, n);
		} else if (tree_is(n, "figure") || (tree_is(n, "table") && is_picture_table(n)) ||
			   (open == SIZE_MAX && figure_is_box(t->page, n))) {
			bind_put(t, OPEN, n, 0);
			if (t->page->arena.failed)
				return;
			t->items[t->count - 1].end = tree_walk_skip(root, n);
			t->items[t->count - 1].other = open;
			open = t->count - 1;
		} else if (page_name_is_in(n, "table pre blockquote video audio iframe math ul ol "
					      "dl h1 h2 h3 h4 hr")) {
			bind_put(t, BLOCK, n, 0);
		}
		while (open != SIZE_MAX && next == t->items[open].end) {
			size_t begin = open;
			open = t->items[begin].other;
			bind_put(t, CLOSE, t->items[begin].node, 0);
			if (t->page->arena.failed)
				return;
			t->items[t->count - 1].other = begin;
			t->items[begin].other = t->count - 1;
		}
	}
}

/* --- In a figure --- */

/* The picture becomes a figure of its own, before `ref`. */
static xmlNode *finish(struct tokens *t, xmlNode *ref, struct token *img)
{
	img->figure = figure_make(t->page, ref, img->node);
	img->done = true;
	return img->figure;
}

static void bind(struct tokens *t, struct token *img, struct token *caption)
{
	figure_add_caption(t->page, img->figure, caption->node);
	caption->done = true;
}

/* Only white space and empty elements; inspects a few nodes only. */
static bool is_shell(const xmlNode *node)
{
	enum { MAX_SEEN = 12 };
	unsigned seen = 0;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		if (++seen > MAX_SEEN || tree_is(n, "img") || (tree_is_text(n) && text_chars(n)))
			return false;
	}
	return true;
}

/* What an open figure holds, between its tokens. */
struct content {
	struct token *first_img, *last_img;
	size_t imgs, captions, figures, blocks;
	bool quote;    /* the caption names the speaker */
	unsigned rest; /* characters */
};

static struct content inspect_content(struct tokens *t, size_t open, size_t close)
{
	struct content c = {0};
	for (size_t i = open + 1; i < close; i++) {
		struct token *token = &t->items[i];
		switch (token->kind) {
		case IMG:
			c.first_img = c.first_img ? c.first_img : token;
			c.last_img = token;
			c.imgs++;
			break;
		case CAPTION:
			c.captions++;
			break;
		case OPEN:
			c.figures++;
			i = token->other;
			c.last_img = NULL;
			break;
		case TEXT:
			c.rest += token->chars;
			break;
		case BLOCK:
			c.blocks++;
			c.quote |= tree_is(token->node, "blockquote");
			break;
		case CLOSE:
			break;
		}
	}
	return c;
}

/* Several pictures, several captions: each to the picture before it, or, where the first caption
 * comes before the first picture, to that behind it. */
static void pair(struct tokens *t, size_t open, size_t close, xmlNode *ref)
{
	struct token *img = NULL, *waiting = NULL;
	unsigned parts = 0;
	for (size_t i = open + 1; i < close; i++) {
		struct token *token = &t->items[i];
		if (token->kind == OPEN) {
			i = token->other;
			img = NULL;
		} else if (token->kind == IMG && !token->done) {
			img = token;
			parts = 0;
			finish(t, ref, img);
			if (waiting)
				bind(t, img, waiting);
			waiting = NULL;
		} else if (token->kind == CAPTION) {
			if (img && parts++ < MAX_PARTS)
				bind(t, img, token);
			else if (!img && !waiting)
				waiting = token;
		}
	}
	for (size_t i = open + 1; i < close; i++)
		if (t->items[i].kind == IMG && t->items[i].done && t->items[i].figure)
			figure_close(t->page, t->items[i].figure);
}

/* The caption in an attribute of the picture or of what is around it. */
static const char *caption_attribute(const xmlNode *img)
{
	static const char *const names[] = {"data-caption", "data-image-caption",
					    "data-img-caption", "data-sub-html"};
	for (unsigned up = 0; up < 3 && img; up++, img = tree_parent(img))
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			const char *value = tree_get(img, names[i]);
			if (value && value[0] && value[0] != '{' && value[0] != '#' &&
			    value[0] != '.' && strlen(value) < MAX_CAPTION)
				return value;
		}
	return NULL;
}

/* A figure that has one picture, or several with one caption: the last one gets it. */
static void normalise_figure(struct tokens *t, size_t open, size_t close, const struct content *c)
{
	xmlNode *figure = t->items[open].node;
	struct token *last = c->last_img;
	char *attribute = arena_dup(&t->page->arena, caption_attribute(last->node));
	for (struct token *img = c->first_img; img < last; img++)
		if (img->kind == IMG)
			finish(t, figure, img);
	finish(t, figure, last);
	for (const char *const *name = (const char *const[]){"id", "class", NULL}; *name; name++)
		tree_set(last->figure, *name, tree_get(figure, *name));
	for (size_t i = open + 1; i < close; i++)
		if (t->items[i].kind == CAPTION)
			bind(t, last, &t->items[i]);
	if (c->rest) {
		bool credit = c->captions && c->rest <= MAX_CREDIT;
		tree_rename(figure, "div");
		tree_set(figure, "class", credit ? "credit" : NULL);
		figure_add_caption(t->page, last->figure, figure);
	} else {
		tree_remove(figure);
	}
	if (!c->captions && !c->rest && attribute)
		figure_add_text(t->page, last->figure, attribute);
	figure_close(t->page, last->figure);
}

/* A figure in which there is more than pictures and captions, or figures: a plain part of the
 * page, with figures in it. */
static void unmake_figure(struct tokens *t, size_t open, size_t close, const struct content *c)
{
	xmlNode *figure = t->items[open].node;
	struct token *inner = NULL;
	tree_rename(figure, "div");
	for (size_t i = open + 1; i < close && c->imgs == 0; i++)
		if (t->items[i].kind == IMG && t->items[i].figure)
			inner = &t->items[i];
	for (size_t i = open + 1; i < close; i++) {
		struct token *token = &t->items[i];
		if (token->kind == OPEN)
			i = token->other;
		else if (token->kind == CAPTION && !token->done && inner &&
			 !tree_find(inner->figure, NULL, "figcaption")) {
			bind(t, inner, token);
			figure_close(t->page, inner->figure);
		} else if (token->kind == CAPTION && !token->done) {
			tree_rename(token->node, "div");
		}
	}
}

static void close_figure(struct tokens *t, size_t open, size_t close)
{
	struct content c = inspect_content(t, open, close);
	xmlNode *figure = t->items[open].node;
	bool table = tree_is(figure, "table");
	bool others = c.quote || (c.imgs == 0 && c.figures == 0);
	for (size_t i = open + 1; i < close && others; i++)
		t->items[i].done = true; /* what is said of the quote, of another figure */
	if (c.imgs == 0 && c.figures == 0)
		return;
	bool many = c.imgs == 1 && c.captions > MAX_PARTS;
	if (c.figures || (c.blocks && !table) || c.rest > MAX_REST || many) {
		if (!table)
			unmake_figure(t, open, close, &c);
		return;
	}
	if (c.imgs > 1 && c.captions > 1) {
		pair(t, open, close, figure);
		if (is_shell(figure) || c.rest <= MAX_CREDIT)
			tree_remove(figure);
		else
			tree_rename(figure, "div");
		return;
	}
	normalise_figure(t, open, close, &c);
}

/* --- Without a figure --- */

/* The lowest element that both are in, not far above them; *child is the one below it that holds
 * `node`. */
static xmlNode *in_common(xmlNode *node, const xmlNode *other, xmlNode **child)
{
	const xmlNode *above[HEIGHT];
	size_t count = 0;
	for (other = tree_parent(other); other && count < HEIGHT; other = tree_parent(other))
		above[count++] = other;
	*child = node;
	for (unsigned up = 0; up < HEIGHT && (node = tree_parent(node)) != NULL; up++) {
		for (size_t i = 0; i < count; i++)
			if (above[i] == node)
				return node;
		*child = node;
	}
	return NULL;
}

/* Bind a caption to the picture before it. */
static void bind_apart(struct tokens *t, struct token *img, struct token *caption)
{
	xmlNode *child, *box;
	xmlNode *start = img->figure ? img->figure : img->node;
	box = in_common(start, caption->node, &child);
	if (!box)
		return;
	if (!img->figure) {
		/* blocks do not stand in text, lists or rows */
		while (page_name_is_in(box,
				       "p a span em strong b i small font label dt dl ul ol tr "
				       "tbody table h1 h2 h3 h4 h5 h6")) {
			if (tree_is(box, "table") && measure_of(box)->chars > MAX_CAPTION)
				return;
			if (tree_is(box, "dl")) {
				tree_rename(box, "div");
				break;
			}
			child = box;
			box = tree_parent(box);
		}
		if (!box)
			return;
		xmlNode *shell = tree_parent(img->node);
		xmlNode *ref = child;
		finish(t, ref, img);
		while (shell && shell != box && shell != caption->node && is_shell(shell)) {
			xmlNode *up = tree_parent(shell);
			tree_remove(shell);
			shell = up;
		}
	}
	page_note(t->page, "caption", caption->node, "bound to its picture");
	bind(t, img, caption);
	figure_close(t->page, img->figure);
}

void figures_bind(struct page *page)
{
	struct tokens t = {.page = page};
	struct token *img = NULL;
	unsigned gap = 0;
	if (!tree_knows(page->body, "img"))
		return;
	measure_all(page, page->body);
	list(&t);
	for (size_t i = 0; i < t.count && !page->arena.failed; i++)
		if (t.items[i].kind == CLOSE)
			close_figure(&t, t.items[i].other, i);
	for (size_t i = 0; i < t.count && !page->arena.failed; i++) {
		struct token *token = &t.items[i];
		if (token->kind == IMG) {
			img = token;
			gap = 0;
		} else if (token->kind == TEXT) {
			gap += token->chars;
		} else if (token->kind == BLOCK) {
			img = NULL;
		} else if (token->kind == CAPTION && !token->done && img && gap <= MAX_GAP) {
			if (!figure_caption(img->figure))
				bind_apart(&t, img, token);
		}
	}
}
