/* Dividing what is too large for one file: a table by its rows, a list by its items, what holds
 * blocks between them, long paragraphs and code within their text. The first part keeps the id and
 * the caption; a table's head is repeated. */
#include "book/parts.h"

#include "article/elements.h"
#include "article/tree.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Sizes --- */

/* The bytes of a text as the writer of pages escapes it. */
static size_t text_bytes(const char *s)
{
	size_t bytes = strlen(s);
	for (; *(s += strcspn(s, "&<>\"")); s++)
		bytes += 5;
	return bytes;
}

/* While a block is divided, each of its nodes has its bytes as its data. */
static size_t bytes_of(const xmlNode *node)
{
	return (size_t)(uintptr_t)tree_data(node);
}

/* Of a node without its children. book_split() keeps the bytes of a note at the reference that
 * takes it to its page. */
static size_t node_bytes(const xmlNode *node)
{
	const size_t file_name = 20; /* that book_link() may add to a link */
	const size_t namespaces = 100;
	const char *name, *value;
	if (!tree_is_element(node))
		return text_bytes(tree_text_value(node));
	size_t bytes = 2 * strlen(tree_name(node)) + 6 + (tree_is(node, "a") ? bytes_of(node) : 0);
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;
	     a = tree_attr_next(node, a, &name, &value))
		bytes += strlen(name) + text_bytes(value) + 4 +
			 (*value == '#' && strcmp(name, "href") == 0 ? file_name : 0);
	if (tree_is(node, "svg") || tree_is(node, "math"))
		bytes += namespaces;
	return bytes;
}

size_t book_count_bytes(const xmlNode *node)
{
	size_t bytes = node_bytes(node);
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n))
		bytes += node_bytes(n);
	return bytes;
}

static void set_bytes(xmlNode *node, size_t bytes)
{
	tree_set_data(node, (void *)(uintptr_t)bytes);
}

static void measure(xmlNode *block)
{
	for (xmlNode *n = block; n; n = tree_walk(block, n == block ? NULL : n))
		set_bytes(n, node_bytes(n));
	for (xmlNode *n = block; n;) {
		if (tree_first(n)) {
			n = tree_first(n);
			continue;
		}
		while (n != block) {
			xmlNode *parent = tree_parent(n);
			set_bytes(parent, bytes_of(parent) + bytes_of(n));
			if (tree_next(n))
				break;
			n = parent;
		}
		n = n == block ? NULL : tree_next(n);
	}
}

/* Forget all but the bytes of notes. */
static void divide_forget(xmlNode *block)
{
	for (xmlNode *n = block; n; n = tree_walk(block, n == block ? NULL : n)) {
		size_t bytes = bytes_of(n);
		set_bytes(n, 0);
		if (!tree_is(n, "a"))
			continue;
		for (const xmlNode *child = tree_first(n); child; child = tree_next(child))
			bytes -= bytes_of(child);
		set_bytes(n, bytes ? bytes - node_bytes(n) : 0);
	}
}

/* --- Where a block may be cut --- */

/* Elements that may be cut between two of their children. */
static bool is_divisible(const xmlNode *node)
{
	return tree_is_any(node, "div section article blockquote ul ol li dl table tbody p pre "
				 "code span em strong b i small");
}

static bool is_in_pre(const xmlNode *node)
{
	while (node && !tree_is(node, "pre"))
		node = tree_parent(node);
	return node != NULL;
}

/* Break long texts of paragraphs and code into several nodes, behind a space or a line. */
static void break_texts(xmlNode *block)
{
	enum { LONG_TEXT = 16 * 1024 };
	for (xmlNode *n = tree_walk(block, NULL); n; n = tree_walk(block, n)) {
		const char *start = tree_text_value(n);
		char wanted = is_in_pre(n) ? '\n' : ' ';
		size_t len = strlen(start);
		if (len < 2 * LONG_TEXT || !is_divisible(tree_parent(n)))
			continue;
		xmlNode *pieces = tree_detached(n, "div");
		for (const char *end; len >= 2 * LONG_TEXT; start = end) {
			end = memchr(start + LONG_TEXT, wanted, len - LONG_TEXT);
			if (!end)
				break;
			end++;
			tree_text(pieces, start, (size_t)(end - start));
			tree_insert_before(n, tree_first(pieces));
			len -= (size_t)(end - start);
		}
		if (start != tree_text_value(n))
			tree_set_text(n, start, len);
	}
}

struct divider {
	xmlNode *block;
	size_t most;
	size_t filled;  /* bytes since the last cut */
	xmlNode *head;  /* of the table that is cut: thead, or a row of th; NULL: none */
	long span_rows; /* that cells of earlier rows still reach down */
};

static long cell_rows(const xmlNode *cell)
{
	const char *span = tree_get(cell, "rowspan");
	long rows = span ? strtol(span, NULL, 10) : 1;
	return rows == 0 ? LONG_MAX : rows; /* 0: all that follow */
}

static void pass_row(struct divider *d, const xmlNode *row)
{
	for (const xmlNode *cell = tree_first_element(row); cell; cell = tree_next_element(cell))
		if (cell_rows(cell) > d->span_rows)
			d->span_rows = cell_rows(cell);
	if (d->span_rows > 0 && d->span_rows < LONG_MAX)
		d->span_rows--;
}

/* Between words; between lines of code. */
static bool is_break(const xmlNode *before, const xmlNode *node)
{
	const char *end = tree_text_value(before), *start = tree_text_value(node);
	size_t len = strlen(end);
	char last = len ? end[len - 1] : '\0';
	if (tree_is(before, "br") || tree_has_class(before, "line") || last == '\n')
		return true;
	return !is_in_pre(node) && (last == ' ' || *start == ' ');
}

static bool may_cut_before(const struct divider *d, const xmlNode *node)
{
	const xmlNode *parent = tree_parent(node), *before = tree_prev(node);
	if (!before || tree_heading_level(before) || node == d->head || before == d->head)
		return false;
	if (tree_is(parent, "table") || tree_is(parent, "tbody"))
		return d->span_rows == 0 && (tree_is(node, "tr") || tree_is(node, "tbody"));
	const struct element *el = element_find(tree_name(parent));
	if (el && (el->flags & EL_HOLDS_PHRASING))
		return is_break(before, node);
	return !tree_is(parent, "dl") || !tree_is(node, "dd");
}

/* --- Cutting --- */

/* A node with all that is below it, but without ids. */
static xmlNode *copy_node(xmlNode *node)
{
	const char *name, *value;
	if (!tree_is_element(node)) {
		xmlNode *around = tree_detached(node, "div");
		const char *text = tree_text_value(node);
		return tree_text(around, text, strlen(text));
	}
	xmlNode *copy = tree_detached(node, tree_name(node));
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;
	     a = tree_attr_next(node, a, &name, &value))
		if (strcmp(name, "id") != 0)
			tree_set(copy, name, value);
	return copy;
}

static xmlNode *copy_all(xmlNode *root)
{
	xmlNode *copy = copy_node(root), *to = copy;
	for (xmlNode *n = root; n && to;) {
		if (tree_first(n)) {
			n = tree_first(n);
		} else {
			while (n != root && !tree_next(n)) {
				n = tree_parent(n);
				to = tree_parent(to);
			}
			if (n == root)
				break;
			n = tree_next(n);
			to = tree_parent(to);
		}
		xmlNode *child = copy_node(n);
		tree_append(to, child);
		to = child;
	}
	return copy;
}

/* The rest of a list continues with the number behind the last of its first part. */
static void number_rest(const xmlNode *part, xmlNode *rest)
{
	bool reversed = tree_get(rest, "reversed") != NULL;
	const char *start = tree_get(rest, "start"), *value;
	long number = start ? strtol(start, NULL, 10) : 1;
	char text[24];
	if (reversed && !start) {
		number = 0;
		for (const xmlNode *n = tree_first_element(part); n; n = tree_next_element(n))
			number++;
		for (const xmlNode *n = tree_first_element(rest); n; n = tree_next_element(n))
			number++;
		snprintf(text, sizeof text, "%ld", number);
		tree_set((xmlNode *)(uintptr_t)part, "start", text);
	}
	for (const xmlNode *n = tree_first_element(part); n; n = tree_next_element(n)) {
		if ((value = tree_get(n, "value")) != NULL)
			number = strtol(value, NULL, 10);
		number += reversed ? -1 : 1;
	}
	snprintf(text, sizeof text, "%ld", number);
	tree_set(rest, "start", text);
}

/* Repeat the head of a table in its rest, unless it is most of the file. Returns its bytes. */
static size_t repeat_head(const struct divider *d, const xmlNode *part, xmlNode *rest)
{
	xmlNode *first = tree_first(rest);
	for (xmlNode *n = tree_first(part); n; n = tree_next(n))
		if (tree_is(n, "colgroup") && bytes_of(n) < d->most / 8)
			tree_insert_before(first, copy_all(n));
	if (!d->head || bytes_of(d->head) > d->most / 8)
		return 0;
	xmlNode *copy = copy_all(d->head);
	if (!tree_is(copy, "thead"))
		copy = tree_wrap(copy, "thead");
	tree_insert_before(first, copy);
	return bytes_of(d->head);
}

/* Move what stands before `node` in the block into a part of its own before the block. */
static void cut_before(struct divider *d, xmlNode *node)
{
	xmlNode *below = NULL;
	d->filled = 0;
	for (xmlNode *at = node, *around; at != d->block; at = around) {
		around = tree_parent(at);
		xmlNode *part = copy_node(around);
		if (!part)
			return;
		tree_set(part, "id", tree_get(around, "id"));
		tree_set(around, "id", NULL);
		for (xmlNode *n; (n = tree_first(around)) != at;)
			tree_append(part, n);
		if (tree_is(around, "ol"))
			number_rest(part, around);
		if (tree_is(around, "table"))
			d->filled += repeat_head(d, part, around);
		tree_append(part, below);
		below = part;
	}
	tree_insert_before(d->block, below);
}

/* The head of a table: its thead, or a first row that has th alone. */
static xmlNode *find_head(xmlNode *table)
{
	for (xmlNode *n = tree_first_element(table); n; n = tree_next_element(n)) {
		if (tree_is(n, "thead"))
			return n;
		xmlNode *row = tree_is(n, "tbody") ? tree_first_element(n) : n;
		if (!tree_is(row, "tr"))
			continue;
		const xmlNode *cell = tree_first_element(row);
		while (tree_is(cell, "th"))
			cell = tree_next_element(cell);
		return cell ? NULL : row;
	}
	return NULL;
}

static void enter(struct divider *d, xmlNode *node)
{
	if (tree_is(node, "table"))
		d->head = find_head(node);
	if (tree_is(node, "table") || tree_is(node, "tbody"))
		d->span_rows = 0;
}

/* The node after `node` that is not below it; NULL at the end of the block. */
static xmlNode *divide_leave(struct divider *d, xmlNode *node)
{
	while (node != d->block && !tree_next(node)) {
		node = tree_parent(node);
		if (tree_is(node, "table"))
			d->head = NULL;
	}
	return node == d->block ? NULL : tree_next(node);
}

xmlNode *book_divide(xmlNode *block, size_t most)
{
	struct divider d = {.block = block, .most = most};
	xmlNode *before = tree_prev(block), *parent = tree_parent(block);
	if (!is_divisible(block))
		return block;
	break_texts(block);
	measure(block);
	enter(&d, block);
	for (xmlNode *n = tree_first(block); n;) {
		size_t bytes = bytes_of(n);
		bool fits = d.filled + bytes <= most;
		if (!fits && bytes > most && is_divisible(n) && tree_first(n)) {
			enter(&d, n);
			n = tree_first(n);
			continue;
		}
		if (!fits && may_cut_before(&d, n))
			cut_before(&d, n);
		d.filled += bytes;
		if (tree_is(n, "tr"))
			pass_row(&d, n);
		n = divide_leave(&d, n);
	}
	xmlNode *first = before ? tree_next(before) : tree_first(parent);
	for (xmlNode *part = first; part && tree_prev(part) != block; part = tree_next(part))
		divide_forget(part);
	return first;
}
