#include "source/feed_parts.h"
#include "source/plain.h"

#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static const struct feed_element elements[] = {
#define FEED_ELEMENT(ns, name, field, rank) {ns, name, field, rank},
#include "source/feed_table.h"
#undef FEED_ELEMENT
};

static const struct {
	const char *prefix, *uri;
} namespaces[] = {
#define FEED_NAMESPACE(prefix, uri) {prefix, uri},
#include "source/feed_table.h"
#undef FEED_NAMESPACE
};

/* --- Elements and attributes --- */

static const char *namespace_prefix(const xmlChar *uri, const xmlChar *prefix)
{
	if (!uri)
		return prefix ? (const char *)prefix : "";
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
		if (strcmp(namespaces[i].uri, (const char *)uri) == 0)
			return namespaces[i].prefix;
	return "?";
}

const struct feed_element *feed_element_find(const xmlChar *uri, const xmlChar *prefix,
					     const xmlChar *name)
{
	const char *ns = namespace_prefix(uri, prefix);
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (strcmp(elements[i].ns, ns) == 0 &&
		    strcasecmp(elements[i].name, (const char *)name) == 0)
			return &elements[i];
	return NULL;
}

/* The value of an attribute, NUL-terminated in `text`; false: there is none of that name. `ns`: its
 * prefix, or NULL for any. */
bool feed_attribute(const struct feed_attributes *at, const char *ns, const char *name,
		    struct buf *text)
{
	buf_truncate(text, 0);
	for (int i = 0; i < at->count; i++) {
		const xmlChar *const *a = at->items + (size_t)i * 5;
		if (strcasecmp((const char *)a[0], name) != 0 ||
		    (ns && (!a[1] || strcmp((const char *)a[1], ns) != 0)))
			continue;
		buf_append(text, (const char *)a[3], (size_t)(a[4] - a[3]));
		return true;
	}
	return false;
}

bool feed_frame_has(const struct feed *f, unsigned depth, enum feed_field field)
{
	return depth > 0 && depth <= MAX_DEPTH && f->frames[depth - 1].element &&
	       f->frames[depth - 1].element->field == field;
}

/* --- Values --- */

/* The form that the attributes `type` and `mode` of Atom 1.0 and 0.3 give. */
static enum feed_form form_of_type(const char *type, const char *mode)
{
	if (strcmp(mode, "base64") == 0)
		return strncmp(type, "text/plain", 10) == 0 ? FORM_TEXT : FORM_GUESS;
	if (strcmp(mode, "xml") == 0 && strncmp(type, "text/plain", 10) != 0)
		return FORM_XHTML;
	if (strcasecmp(type, "text") == 0 || strcasecmp(type, "plain") == 0 ||
	    strncasecmp(type, "text/plain", 10) == 0)
		return strcmp(mode, "escaped") == 0 ? FORM_GUESS : FORM_TEXT;
	if (strcasecmp(type, "xhtml") == 0 || strncasecmp(type, "application/xhtml", 17) == 0)
		return strcmp(mode, "escaped") == 0 ? FORM_HTML : FORM_XHTML;
	if (strcasecmp(type, "html") == 0 || strncasecmp(type, "text/html", 9) == 0)
		return FORM_HTML;
	if (!*type || strncasecmp(type, "text/", 5) == 0)
		return FORM_GUESS;
	return strstr(type, "xml") ? FORM_XHTML : FORM_NONE;
}

void feed_value_begin(struct feed *f, const struct feed_attributes *at)
{
	struct buf type = BUF_INIT, mode = BUF_INIT;
	bool is_atom = feed_attribute(at, NULL, "type", &type);
	feed_attribute(at, NULL, "mode", &mode);
	f->value_depth = f->depth;
	f->form = is_atom || mode.len ? form_of_type(type.data, mode.data) : FORM_GUESS;
	f->is_base64 = strcmp(mode.data, "base64") == 0 || (is_atom && f->form == FORM_NONE);
	f->has_children = false;
	feed_attribute(at, NULL, "isPermaLink", &type);
	f->is_permalink = strcasecmp(type.data, "false") != 0;
	buf_truncate(&f->value, 0);
	f->b.arena.failed |= type.failed || mode.failed;
	buf_release(&type);
	buf_release(&mode);
}

static bool is_void_element(const char *name)
{
	static const char *const names[] = {"area",  "base", "br",   "col",    "embed", "hr", "img",
					    "input", "link", "meta", "source", "track", "wbr"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* Write an element inside a value as HTML. */
void feed_put_child_start(struct feed *f, const char *name, const struct feed_attributes *at)
{
	if (!f->has_children && f->form == FORM_GUESS && f->value.len) {
		/* The text before was taken as it is: now it is known to be XML. */
		struct buf before = BUF_INIT;
		buf_append(&before, f->value.data, f->value.len);
		buf_truncate(&f->value, 0);
		if (plain_has_markup(before.data, before.len))
			buf_append(&f->value, before.data, before.len);
		else
			buf_put_xml(&f->value, before.data, before.len);
		f->value.failed |= before.failed;
		buf_release(&before);
	}
	f->has_children = true;
	buf_printf(&f->value, "<%s", name);
	for (int i = 0; i < at->count; i++) {
		const xmlChar *const *a = at->items + (size_t)i * 5;
		buf_printf(&f->value, " %s%s%s=\"", a[1] ? (const char *)a[1] : "", a[1] ? ":" : "",
			   (const char *)a[0]);
		buf_put_xml(&f->value, (const char *)a[3], (size_t)(a[4] - a[3]));
		buf_putc(&f->value, '"');
	}
	buf_putc(&f->value, '>');
}

void feed_put_child_end(struct feed *f, const char *name)
{
	if (!is_void_element(name))
		buf_printf(&f->value, "</%s>", name);
}

void feed_value_add(struct feed *f, const char *text, size_t len)
{
	if (!f->value_depth || f->is_too_large)
		return;
	if (f->value.len + len > MAX_VALUE) {
		f->is_too_large = true;
		return;
	}
	if (f->form == FORM_XHTML || (f->form == FORM_GUESS && f->has_children)) {
		buf_put_xml(&f->value, text, len);
	} else {
		buf_append(&f->value, text, len);
	}
}

/* Without the `div` that Atom has around XHTML (RFC 4287, 3.1.1.3). */
static void drop_outer_div(struct buf *html)
{
	const char *s = html->data + strspn(html->data, " \t\n"), *end;
	size_t len = html->len;
	while (len > 0 && strchr(" \t\n", html->data[len - 1]))
		len--;
	if (strncmp(s, "<div", 4) != 0 || !(s[4] == '>' || s[4] == ' ') || len < 6 ||
	    memcmp(html->data + len - 6, "</div>", 6) != 0 || !(end = strchr(s, '>')))
		return;
	const char *next = strstr(end, "<div"), *close = strstr(end, "</div>");
	if (close != html->data + len - 6 && !next)
		return; /* two divs side by side */
	size_t start = (size_t)(end + 1 - html->data);
	memmove(html->data, html->data + start, len - 6 - start);
	buf_truncate(html, len - 6 - start);
}

/* What was read, as HTML or as plain text: then *is_plain. Valid until the next value. */
void feed_value_finish(struct feed *f, bool *is_plain)
{
	if (f->is_base64) {
		struct buf decoded = BUF_INIT;
		plain_put_base64(&decoded, f->value.data, f->value.len);
		buf_truncate(&f->value, 0);
		if (f->form == FORM_NONE)
			buf_append(&f->value, decoded.data, decoded.len);
		else
			utf8_clean(&f->value, decoded.data, decoded.len);
		f->value.failed |= decoded.failed;
		buf_release(&decoded);
	}
	if (f->form == FORM_NONE && !utf8_is_clean(f->value.data, f->value.len))
		buf_truncate(&f->value, 0); /* a picture, a film: not a text */
	bool unsure = f->form == FORM_GUESS || f->form == FORM_NONE;
	*is_plain = f->form == FORM_TEXT ||
		    (unsure && !f->has_children && !plain_has_markup(f->value.data, f->value.len));
	if (f->form == FORM_XHTML)
		drop_outer_div(&f->value);
}

/* The value as one line of plain text; NULL: it is empty. */
const char *feed_value_line(struct feed *f, bool is_plain)
{
	struct buf text = BUF_INIT;
	const char *line;
	if (is_plain)
		return item_line(&f->b, f->value.data, f->value.len);
	plain_put_html(&text, f->value.data, f->value.len);
	line = item_line(&f->b, text.data, text.len);
	f->b.arena.failed |= text.failed;
	buf_release(&text);
	return line;
}
