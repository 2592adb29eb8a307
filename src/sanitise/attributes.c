/* Attributes: which are kept, with which values. */
#include "sanitise/parts.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/ascii.h"
#include "base/word_list.h"
#include "lang/tag.h"
#include "sanitise/rules.h"

#include <string.h>
#include <strings.h>

static bool all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return len > 0;
}

/* A whole number within bounds, written plainly to `out`. */
static bool put_number(struct buf *out, const char *value, long least, long most)
{
	value += strspn(value, " \t\n\r\f");
	bool minus = *value == '-';
	value += minus || *value == '+';
	size_t len = strspn(value, "0123456789");
	if (len == 0 || len > 9)
		return false;
	if (value[len + strspn(value + len, " \t\n\r\f")] != '\0' && strcmp(value + len, "px") != 0)
		return false;
	long number = 0;
	for (size_t i = 0; i < len; i++)
		number = number * 10 + (value[i] - '0');
	number = minus ? -number : number;
	if (number < least || number > most)
		return false;
	buf_printf(out, "%ld", number);
	return true;
}

/* YYYY-MM-DD, alone or with Thh:mm[:ss[.sss]] and Z or an offset (HTML, "Dates and times"). */
static bool is_datetime(const char *s)
{
	size_t len = strlen(s);
	if (len < 10 || !all_digits(s, 4) || s[4] != '-' || !all_digits(s + 5, 2) || s[7] != '-' ||
	    !all_digits(s + 8, 2))
		return false;
	int month = (s[5] - '0') * 10 + s[6] - '0', day = (s[8] - '0') * 10 + s[9] - '0';
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	if (len == 10)
		return true;
	if ((s[10] != 'T' && s[10] != ' ') || len < 16 || !all_digits(s + 11, 2) || s[13] != ':' ||
	    !all_digits(s + 14, 2) || s[11] > '2' || s[14] > '5')
		return false;
	s += 16;
	if (*s == ':') {
		if (!all_digits(s + 1, strnlen(s + 1, 2)) || strnlen(s + 1, 2) != 2)
			return false;
		s += 3;
		if (*s == '.') {
			size_t n = strspn(s + 1, "0123456789");
			if (n == 0 || n > 3)
				return false;
			s += 1 + n;
		}
	}
	if (strcmp(s, "Z") == 0)
		return true;
	return (*s == '+' || *s == '-') && strlen(s) == 6 && all_digits(s + 1, 2) && s[3] == ':' &&
	       all_digits(s + 4, 2);
}

static bool put_enumerated(struct buf *out, const char *value, const char *const *allowed)
{
	for (; *allowed; allowed++) {
		if (strcasecmp(value, *allowed) != 0)
			continue;
		buf_puts(out, *allowed);
		return true;
	}
	return false;
}

/* The structural semantics (EPUB SSV 1.1) that a body has of itself; all else is the book's to
 * say. */
static bool put_epub_type(struct buf *out, const char *element, const char *value)
{
	const char *type = strcmp(element, "a") == 0       ? "noteref"
			   : strcmp(element, "aside") == 0 ? "footnote"
							   : "";
	buf_puts(out, type);
	return *type && strcmp(value, type) == 0;
}

/* DPUB-ARIA roles on the elements that ARIA in HTML allows them on. */
static bool put_role(struct buf *out, const char *element, const char *value, bool has_href)
{
	static const char *const on_a[] = {"doc-noteref", "doc-backlink", "doc-biblioref",
					   "doc-glossref", NULL};
	static const char *const on_aside[] = {"doc-footnote", "doc-tip", "doc-pullquote", NULL};
	static const char *const on_section[] = {
		"doc-endnotes",   "doc-bibliography", "doc-epigraph",
		"doc-dedication", "doc-glossary",     "doc-abstract",
		"doc-conclusion", "doc-notice",       NULL};
	if (strcmp(element, "a") == 0)
		return has_href && put_enumerated(out, value, on_a);
	if (strcmp(element, "aside") == 0)
		return put_enumerated(out, value, on_aside);
	return strcmp(element, "section") == 0 && put_enumerated(out, value, on_section);
}

/* The value as it may stand, appended to `out`; false when the attribute is dropped. */
static bool put_value(struct buf *out, const xmlNode *source, const char *element, const char *attr,
		      const char *value)
{
	static const char *const dirs[] = {"ltr", "rtl", "auto", NULL};
	static const char *const yes_no[] = {"yes", "no", NULL};
	static const char *const scopes[] = {"row", "col", "rowgroup", "colgroup", NULL};

	if (strcmp(attr, "title") == 0) {
		buf_puts(out, value);
		return value[0] != '\0';
	}
	if (strcmp(attr, "lang") == 0 || strcmp(attr, "xml:lang") == 0) {
		buf_puts(out, value);
		return lang_tag_is_valid(value);
	}
	if (strcmp(attr, "dir") == 0)
		return put_enumerated(out, value, dirs);
	if (strcmp(attr, "translate") == 0)
		return put_enumerated(out, value, yes_no);
	if (strcmp(attr, "epub:type") == 0)
		return put_epub_type(out, element, value);
	if (strcmp(attr, "role") == 0)
		return put_role(out, element, value, tree_get(source, "href") != NULL);
	if (strcmp(attr, "aria-label") == 0) {
		buf_puts(out, value);
		return value[0] && word_list_has("a aside nav section", element);
	}
	if (strcmp(attr, "href") == 0)
		return url_put_clean(out, value, strlen(value), URL_LINK);
	if (strcmp(attr, "cite") == 0) /* EPUBCheck takes it for a resource, by https alone */
		return strncasecmp(value, "https://", strlen("https://")) == 0 &&
		       url_put_clean(out, value, strlen(value), URL_LINK);
	if (strcmp(attr, "src") == 0)
		return url_put_clean(out, value, strlen(value), URL_IMAGE);
	if (strcmp(attr, "datetime") == 0) {
		buf_puts(out, value);
		return is_datetime(value);
	}
	if (strcmp(attr, "width") == 0 || strcmp(attr, "height") == 0)
		return put_number(out, value, 1, 100000);
	if (strcmp(attr, "colspan") == 0 || strcmp(attr, "span") == 0)
		return put_number(out, value, 1, 1000);
	if (strcmp(attr, "rowspan") == 0)
		return put_number(out, value, 0, 65534);
	if (strcmp(attr, "start") == 0 ||
	    (strcmp(attr, "value") == 0 && strcmp(element, "li") == 0))
		return put_number(out, value, -999999999, 999999999);
	if (strcmp(attr, "type") == 0) {
		buf_puts(out, value);
		return value[0] && !value[1] && strchr("1aAiI", value[0]) != NULL;
	}
	if (strcmp(attr, "scope") == 0)
		return put_enumerated(out, value, scopes);
	if (strcmp(attr, "reversed") == 0 || strcmp(attr, "open") == 0) {
		buf_puts(out, attr);
		return true;
	}
	buf_puts(out, value);
	return word_list_has("alt value alttext", attr); /* any text, also none */
}

bool sanitise_has_attribute(const xmlNode *source, const char *name, const char *attr)
{
	const char *value = tree_get(source, attr);
	struct buf scratch = BUF_INIT;
	bool has = value && put_value(&scratch, source, name, attr, value);
	if (scratch.failed)
		tree_fail((xmlNode *)source);
	buf_release(&scratch);
	return has;
}

/* Class names that a style sheet can name plainly; others are dropped. */
static void put_classes(struct buf *out, const char *value)
{
	for (unsigned count = 0; *value && count < 16;) {
		value += strspn(value, " \t\n\r\f");
		size_t len = strcspn(value, " \t\n\r\f");
		bool good = len > 0 && len < 64 && !ascii_is_digit(value[0]);
		for (size_t i = 0; i < len && good; i++) {
			unsigned char c = (unsigned char)value[i];
			good = c >= 0x80 || (c && strchr("-_+#", c)) || ascii_is_alnum(c);
		}
		if (good) {
			if (out->len)
				buf_putc(out, ' ');
			buf_append(out, value, len);
			count++;
		}
		value += len;
	}
}

/* `align="…"` and "text-align: …" in `style` become classes. */
static void put_alignment(struct buf *out, const char *value)
{
	static const char *const sides[] = {"left", "center", "right", NULL};
	value += strspn(value, " \t\n\r\f");
	for (const char *const *side = sides; *side; side++) {
		size_t len = strlen(*side);
		if (strncasecmp(value, *side, len) == 0 && strchr(" ;!\t\n", value[len]) != NULL)
			buf_printf(out, "%salign-%s", out->len ? " " : "", *side);
	}
}

void sanitise_attributes(struct id_map *ids, const xmlNode *source, xmlNode *out,
			 const struct element *el, const char *extra_class)
{
	struct buf classes = BUF_INIT, value = BUF_INIT;
	const char *name = NULL, *raw = NULL, *id = NULL;
	bool text = !word_list_has("img table", el->name); /* their alignment places no text */

	if (extra_class)
		buf_puts(&classes, extra_class);
	for (const xmlAttr *a = NULL; (a = tree_attr_next(source, a, &name, &raw)) != NULL;) {
		if (strcmp(name, "class") == 0) {
			put_classes(&classes, raw);
		} else if (strcmp(name, "id") == 0) {
			id = raw;
		} else if (strcmp(name, "name") == 0 && strcmp(tree_name(source), "a") == 0) {
			id = id ? id : raw;
		} else if (strcmp(name, "align") == 0 && text) {
			put_alignment(&classes, raw);
		} else if (strcmp(name, "style") == 0 && text) {
			const char *align = strcasestr(raw, "text-align:");
			if (align)
				put_alignment(&classes, align + strlen("text-align:"));
		} else if (element_allows(el, name)) {
			buf_truncate(&value, 0);
			if (put_value(&value, source, el->name, name, raw))
				tree_set(out, strcmp(name, "xml:lang") == 0 ? "lang" : name,
					 value.data);
		}
	}
	if (classes.len)
		tree_set(out, "class", classes.data);
	if (ids && id && !id_map_find(ids, id))
		tree_set(out, "id", id_map_claim(ids, id));
	if (classes.failed || value.failed)
		tree_fail(out);
	buf_release(&classes);
	buf_release(&value);
}
