#include "book/layout.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "book/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_COLUMNS = 256, /* cells further to the right have no label */
	MAX_HEADS = 4,     /* rows of column headers */
	MAX_REPEAT = 200,  /* bytes of a cell that is repeated in each row it reaches into */
};

/* In em of the text. A table wider than page_width has no room on a small screen; one wider than
 * small_width (inside another table: cell_width) has none when the letters are large, too. */
static const double page_width = 24, phone_width = 18, small_width = 10, cell_width = 3;
/* Between two columns; the longest word that counts, since a reader breaks longer ones; a picture.
 */
static const double gap = 1.2, longest_word = 12, picture_width = 8;

/* A cell at its place in a row. */
struct slot {
	xmlNode *cell;
	unsigned column, span;
	bool repeated; /* it began in a row above */
};

/* A row being placed: HTML Living Standard, section 4.9.12, "forming a table". */
struct grid {
	xmlNode *held[MAX_COLUMNS]; /* cells that reach down into the next rows */
	unsigned left[MAX_COLUMNS]; /* how many rows more */
	struct slot slots[MAX_COLUMNS];
	size_t count, columns;
};

struct row {
	xmlNode *tr;
	bool head;         /* its cells name columns */
	bool starts_group; /* the first of its thead, tbody or tfoot */
};

/* A cell that names columns. */
struct head {
	struct slot slot;
	const char *text;
	bool moved; /* its content stands in a card */
};

struct table {
	struct book *book;
	const struct article *article;
	xmlNode *node;
	struct {
		struct row *items;
		size_t count, cap;
	} rows;
	struct {
		struct head *items;
		size_t count, cap;
	} heads;
	size_t text, repeated; /* bytes of text in cells; of those, repeated so far */
	bool first_named;      /* the header of the first column is in the book */
};

static bool is_cell(const xmlNode *node)
{
	return tree_is(node, "td") || tree_is(node, "th");
}

static unsigned layout_table_number_of(const xmlNode *cell, const char *attribute, unsigned most)
{
	const char *value = tree_get(cell, attribute);
	unsigned long number = value ? strtoul(value, NULL, 10) : 1;
	return number == 0 ? (strcmp(attribute, "rowspan") == 0 ? most : 1)
			   : (unsigned)(number < most ? number : most);
}

/* --- The grid --- */

static void add_slot(struct grid *g, xmlNode *cell, unsigned column, unsigned span, bool repeated)
{
	g->slots[g->count++] = (struct slot){cell, column, span, repeated};
	if (g->columns < column + span)
		g->columns = column + span;
}

/* Cells from above that reach into this row, from `column` on. Returns the column after them. */
static unsigned pass_held(struct grid *g, unsigned column)
{
	while (column < MAX_COLUMNS && g->left[column]) {
		unsigned start = column;
		do
			g->left[column++]--;
		while (column < MAX_COLUMNS && g->left[column] &&
		       g->held[column] == g->held[start]);
		add_slot(g, g->held[start], start, column - start, true);
	}
	return column;
}

static void place_row(struct grid *g, const struct row *row)
{
	enum { ALL_ROWS = 65534 };
	unsigned column = 0;
	g->count = 0;
	if (row->starts_group)
		memset(g->left, 0, sizeof g->left);
	for (xmlNode *cell = tree_first_element(row->tr); cell; cell = tree_next_element(cell)) {
		if (!is_cell(cell))
			continue;
		column = pass_held(g, column);
		if (column == MAX_COLUMNS)
			return;
		unsigned span = layout_table_number_of(cell, "colspan", MAX_COLUMNS - column);
		unsigned rows = layout_table_number_of(cell, "rowspan", ALL_ROWS);
		add_slot(g, cell, column, span, false);
		for (unsigned end = column + span; column < end; column++) {
			g->held[column] = cell;
			g->left[column] = rows - 1;
		}
	}
	pass_held(g, column);
}

/* --- How wide it is --- */

/* About, of a character in a serif type: em. */
static double char_width(uint32_t cp)
{
	if (cp < 0x80 && strchr("fijlrtI.,;:!|'()[]", (int)cp))
		return 0.33;
	if (cp == 'm' || cp == 'w' || (cp >= 'A' && cp <= 'Z'))
		return 0.72;
	return cp < 0x80 ? 0.5 : cp_is_cjk(cp) ? 1 : 0.58;
}

struct ruler {
	double word, widest;
	unsigned cjk; /* characters in a row, between any of which a line may end */
};

static void end_word(struct ruler *r)
{
	double word = r->word < longest_word ? r->word : longest_word;
	if (r->widest < word)
		r->widest = word;
	r->word = 0;
	r->cjk = 0;
}

static void measure_text(struct ruler *r, const char *text)
{
	enum { CJK_WORD = 4 };
	uint32_t cp;
	for (size_t left = strlen(text), n; left; left -= n, text += n) {
		n = utf8_decode(text, left, &cp);
		if (cp_is_cjk(cp) && ++r->cjk > CJK_WORD)
			continue;
		bool hyphen = cp == '-' || cp == 0x2013 || cp == 0x2014;
		if (cp_is_space(cp) && cp != 0xA0) {
			end_word(r);
			continue;
		}
		r->word += char_width(cp);
		if (hyphen || cp == 0xAD)
			end_word(r);
	}
}

/* The longest word of a cell. */
static double measure_cell(const xmlNode *cell, size_t *text)
{
	struct ruler r = {0};
	for (const xmlNode *n = tree_walk(cell, NULL); n; n = tree_walk(cell, n)) {
		if (tree_is_text(n)) {
			*text += strlen(tree_text_value(n));
			measure_text(&r, tree_text_value(n));
		} else if (tree_is(n, "img") || tree_is(n, "svg")) {
			const char *width = tree_get(n, "width");
			double em = width ? strtod(width, NULL) / 16 : picture_width;
			end_word(&r);
			r.word = em > 0 && em < picture_width ? em : picture_width;
			end_word(&r);
		} else if (tree_is(n, "br") || tree_is(n, "p") || tree_is(n, "li") ||
			   tree_is(n, "div") || is_cell(n)) {
			end_word(&r);
		}
	}
	end_word(&r);
	return r.widest;
}

struct column {
	double word; /* the longest, em */
	size_t text; /* bytes of all its cells */
};

/* Measure the columns; returns how many there are. */
static size_t measure_columns(struct table *t, struct column columns[MAX_COLUMNS])
{
	struct grid g = {0};
	for (size_t i = 0; i < t->rows.count; i++) {
		place_row(&g, &t->rows.items[i]);
		for (size_t k = 0; k < g.count; k++) {
			const struct slot *slot = &g.slots[k];
			size_t text = 0;
			if (slot->repeated)
				continue;
			double word = measure_cell(slot->cell, &text) / slot->span;
			t->text += text;
			for (unsigned c = slot->column; c < slot->column + slot->span; c++) {
				if (columns[c].word < word)
					columns[c].word = word;
				columns[c].text += text / slot->span;
			}
		}
	}
	return g.columns;
}

static double width_of(const struct column *columns, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += columns[i].word + gap;
	return sum;
}

/* Each column gets room for its longest word, and a share of what is left by how much text it has:
 * then words are broken only where a page has no room for them, and no table is wider than its
 * page.
 */
static void fix_widths(const struct table *t, const struct column *columns, size_t count)
{
	double sum = width_of(columns, count), free = sum < phone_width ? phone_width - sum : 0;
	xmlNode *first = NULL;
	for (xmlNode *part = tree_first_element(t->node), *next; part; part = next) {
		next = tree_next_element(part);
		if (tree_is(part, "colgroup") || tree_is(part, "col"))
			tree_remove(part);
		else if (!first && !tree_is(part, "caption"))
			first = part;
	}
	xmlNode *group = tree_detached(t->node, "colgroup");
	tree_insert_before(first, group);
	for (size_t i = 0; i < count; i++) {
		char style[32];
		double own = columns[i].word + gap;
		if (t->text)
			own += free * (double)columns[i].text / (double)t->text;
		snprintf(style, sizeof style, "width:%.0f%%", 100 * own / (sum + free));
		tree_set(tree_element(group, "col"), "style", style);
	}
	tree_set(t->node, "class", "fitted");
}

/* --- Its rows --- */

static bool is_bold(const xmlNode *cell)
{
	const xmlNode *first = tree_first_element(cell);
	if (tree_is(first, "p"))
		return is_bold(first);
	if (!tree_is(first, "b") && !tree_is(first, "strong"))
		return false;
	for (const xmlNode *n = tree_first(cell); n; n = tree_next(n))
		if (n != first && !tree_is_space(n))
			return false;
	return true;
}

/* Whether all cells that say something are headers, or, in the first row, bold. */
static bool names_columns(const xmlNode *tr, bool first)
{
	size_t heads = 0;
	for (const xmlNode *cell = tree_first_element(tr); cell; cell = tree_next_element(cell)) {
		if (tree_is_blank(cell))
			continue;
		if (!tree_is(cell, "th") && !(first && is_bold(cell)))
			return false;
		heads++;
	}
	return heads > 1;
}

static void add_row(struct table *t, xmlNode *tr, bool in_head, bool starts_group)
{
	struct row *row = ARENA_PUSH(&t->book->arena, t->rows);
	if (row)
		*row = (struct row){tr, in_head, starts_group};
}

/* List the rows. False when there are none, or none but headers. */
static bool list_rows(struct table *t)
{
	size_t heads = 0, rest = 0;
	bool own = true;
	for (xmlNode *part = tree_first_element(t->node); part; part = tree_next_element(part)) {
		if (tree_is(part, "tr")) {
			add_row(t, part, false, own);
			own = false;
		}
		if (!tree_is(part, "thead") && !tree_is(part, "tbody") && !tree_is(part, "tfoot"))
			continue;
		bool first = own = true;
		bool names = tree_is(part, "thead");
		for (xmlNode *tr = tree_first_element(part); tr; tr = tree_next_element(tr)) {
			add_row(t, tr, names && heads++ < MAX_HEADS, first);
			first = false;
		}
	}
	for (size_t i = 0; heads == 0 && i < t->rows.count && i < MAX_HEADS; i++) {
		struct row *row = &t->rows.items[i];
		row->head = (i == 0 || row[-1].head) && names_columns(row->tr, i == 0);
	}
	for (size_t i = 0; i < t->rows.count; i++)
		rest += !t->rows.items[i].head;
	return rest > 0;
}

/* --- Cards --- */

static void drop_attributes(xmlNode *node)
{
	const char *name, *value;
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;) {
		const char *this_name = name;
		a = tree_attr_next(node, a, &name, &value);
		if (strcmp(this_name, "id") != 0 && strcmp(this_name, "lang") != 0 &&
		    strcmp(this_name, "xml:lang") != 0 && strcmp(this_name, "dir") != 0)
			tree_set(node, this_name, NULL);
	}
}

static void become(xmlNode *node, const char *class, const char *role)
{
	drop_attributes(node);
	tree_rename(node, "div");
	tree_set(node, "class", class);
	tree_set(node, "role", role);
}

static bool layout_table_covers(const struct slot *head, const struct slot *slot)
{
	return head->column < slot->column + slot->span && slot->column < head->column + head->span;
}

/* What the header says: itself where it is named first, so that its links and notes are kept;
 * afterwards its text. */
static void put_head(struct head *head, xmlNode *label)
{
	if (head->moved) {
		tree_text(label, head->text, strlen(head->text));
		return;
	}
	head->moved = true;
	if (!tree_get(label, "id"))
		tree_set(label, "id", tree_get(head->slot.cell, "id"));
	for (xmlNode *n = tree_first(head->slot.cell), *next; n; n = next) {
		next = tree_next(n);
		if (tree_is(n, "p") || tree_is(n, "div"))
			tree_unwrap(n);
	}
	tree_move_children(head->slot.cell, label);
}

/* The headers of the slot's columns, each once. NULL: it has none. */
static xmlNode *make_label(struct table *t, const struct slot *slot)
{
	xmlNode *label = NULL;
	for (size_t i = 0; i < t->heads.count; i++) {
		struct head *head = &t->heads.items[i];
		if (!layout_table_covers(&head->slot, slot))
			continue;
		if (label)
			tree_text(label, " – ", strlen(" – "));
		else
			label = tree_detached(t->node, "span");
		put_head(head, label);
	}
	return label;
}

/* A colon as the language writes it, unless the label ends in a mark of its own. */
static void put_colon(const struct table *t, xmlNode *label)
{
	const char *language = t->article->language ? t->article->language : "";
	struct buf text = BUF_INIT;
	tree_put_text(&text, label);
	bool cjk = strncmp(language, "zh", 2) == 0 || strncmp(language, "ja", 2) == 0;
	const char *colon = cjk ? "：" : strncmp(language, "fr", 2) == 0 ? "\xC2\xA0:" : ":";
	if (text.len && !strchr(":?!.", text.data[text.len - 1]))
		tree_text(label, colon, strlen(colon));
	if (text.failed)
		tree_fail(label);
	buf_release(&text);
}

/* `label` stands before what is in `cell`, in its first paragraph if it has one. */
static void put_label(const struct table *t, xmlNode *cell, xmlNode *label)
{
	xmlNode *into = tree_is(tree_first_element(cell), "p") ? tree_first_element(cell) : cell;
	xmlNode *space = tree_detached(cell, "span");
	put_colon(t, label);
	tree_set(label, "class", "label");
	tree_text(space, " ", 1);
	if (tree_first(into)) {
		tree_insert_before(tree_first(into), space);
	} else {
		tree_append(into, space);
	}
	tree_insert_before(space, label);
	tree_unwrap(space);
}

/* The cell of a row above, in this row: its text. NULL when it is too long. */
static xmlNode *repeat_cell(struct table *t, const struct slot *slot)
{
	struct buf text = BUF_INIT;
	xmlNode *copy = NULL;
	tree_put_text(&text, slot->cell);
	t->repeated += text.len;
	if (text.len && text.len <= MAX_REPEAT && t->repeated <= 4 * t->text + 65536) {
		copy = tree_detached(t->node, "div");
		tree_text(copy, text.data, text.len);
	}
	if (text.failed)
		tree_fail(t->node);
	buf_release(&text);
	return copy;
}

static void make_item(struct table *t, const struct slot *slot, xmlNode *cell)
{
	bool heads = slot->column == 0;
	become(cell, heads ? "card-head" : NULL, heads ? "rowheader" : "cell");
	if (heads)
		return;
	xmlNode *label = make_label(t, slot);
	if (label)
		put_label(t, cell, label);
}

/* The header of the first column stands over the first card. */
static void name_first(struct table *t, xmlNode *card)
{
	struct slot first = {.span = 1};
	xmlNode *label = t->first_named ? NULL : make_label(t, &first);
	t->first_named = true;
	if (!label)
		return;
	xmlNode *row = tree_detached(card, "div");
	become(label, NULL, "columnheader");
	tree_set(row, "class", "card-columns");
	tree_set(row, "role", "row");
	tree_append(row, label);
	tree_insert_before(card, row);
}

/* A row becomes a card. What is said of the whole row above, in one cell, is its heading only. */
static void make_card(struct table *t, const struct grid *g, xmlNode *tr)
{
	bool single = g->count == 1 && g->slots[0].span == g->columns;
	xmlNode *before = NULL;
	become(tr, single ? "card-group" : "card", "row");
	for (size_t i = 0; i < g->count; i++) {
		const struct slot *slot = &g->slots[i];
		xmlNode *cell = slot->cell;
		if (!slot->repeated && tree_is_blank(cell) && !tree_get(cell, "id")) {
			tree_remove(cell);
			continue;
		}
		if (slot->repeated) {
			cell = repeat_cell(t, slot);
			if (cell && before)
				tree_insert_after(before, cell);
			else if (cell && tree_first(tr))
				tree_insert_before(tree_first(tr), cell);
		}
		if (!cell)
			continue;
		make_item(t, slot, cell);
		before = cell;
	}
	for (xmlNode *cell = tree_first_element(tr); cell; cell = tree_next_element(cell))
		if (is_cell(cell))
			become(cell, NULL, "cell");
	if (!tree_first_element(tr))
		tree_remove(tr);
	else if (!single)
		name_first(t, tr);
}

/* Remember what names columns. Its rows leave the table. */
static void take_heads(struct table *t, const struct grid *g, const struct row *row)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct slot *slot = &g->slots[i];
		if (slot->repeated || tree_is_blank(slot->cell))
			continue;
		struct head *head = ARENA_PUSH(&t->book->arena, t->heads);
		if (head)
			*head = (struct head){*slot, book_heading_title(t->book, slot->cell),
					      false};
	}
	tree_remove(row->tr);
}

static void make_cards(struct table *t)
{
	struct grid g = {0};
	for (size_t i = 0; i < t->rows.count; i++) /* how many columns there are */
		place_row(&g, &t->rows.items[i]);
	memset(g.left, 0, sizeof g.left);
	for (int heads = 1; heads >= 0; heads--)
		for (size_t i = 0; i < t->rows.count; i++) {
			const struct row *row = &t->rows.items[i];
			if (row->head != (heads == 1))
				continue;
			place_row(&g, row);
			if (row->head)
				take_heads(t, &g, row);
			else
				make_card(t, &g, row->tr);
		}
}

/* The table is a box; its caption stands before it, and names it. */
static void make_box(struct table *t)
{
	struct buf name = BUF_INIT;
	for (xmlNode *part = tree_first_element(t->node), *next; part; part = next) {
		next = tree_next_element(part);
		if (tree_is(part, "caption")) {
			tree_put_text(&name, part);
			drop_attributes(part);
			tree_rename(part, "div");
			tree_set(part, "class", "caption");
			tree_insert_before(t->node, part);
		} else if (tree_is(part, "colgroup") || tree_is(part, "col")) {
			tree_remove(part);
		} else if (!tree_is(part, "div")) {
			tree_unwrap(part);
		}
	}
	become(t->node, "cards", "table");
	if (name.len)
		tree_set(t->node, "aria-label", name.data);
	if (name.failed)
		tree_fail(t->node);
	buf_release(&name);
}

/* Whether it stands in a cell of another table. */
static bool is_nested(const xmlNode *table)
{
	for (const xmlNode *n = tree_parent(table); n; n = tree_parent(n))
		if (is_cell(n))
			return true;
	return false;
}

void layout_table(struct book *book, const struct article *article, xmlNode *table)
{
	struct table t = {.book = book, .article = article, .node = table};
	struct column columns[MAX_COLUMNS] = {0};
	bool has_cards = list_rows(&t);
	size_t count = measure_columns(&t, columns);
	double width = width_of(columns, count);
	if (has_cards && count > 1 && width > page_width) {
		make_cards(&t);
		make_box(&t);
	} else if (width > (is_nested(table) ? cell_width : small_width)) {
		fix_widths(&t, columns, count);
	}
}
