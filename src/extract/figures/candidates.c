#include "extract/figures/candidates.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Scores of addresses without a known width, in pixels. */
enum {
	WIDTH_SRC = 800,
	WIDTH_DATA = 900,
	WIDTH_LARGER = 1100,
	WIDTH_JSON = 500,
	WIDTH_ENOUGH = 2000, /* where the caller does not say what is */
	MAX_BYTES = 8000,    /* of an attribute that is inspected */
};

/* What is left of the score of a small version, and of a form that few e-readers show. */
#define FACTOR_SMALL  0.3
#define FACTOR_MODERN 0.45

/* What is known of an address beside itself. */
struct offer {
	double width;     /* 0 unknown */
	double otherwise; /* the score then */
	bool modern;      /* WebP, AVIF and the like */
	bool packed;      /* in the page itself, or in the folder that browsers save beside it */
};

static bool candidates_has(const char *s, size_t len, const char *what)
{
	return memmem(s, len, what, strlen(what)) != NULL;
}

/* The width that an address names: "?w=640", "&width=640", "w_640", "-640x480.", "/640px-"; or 0.
 */
static double named_width(const char *s, size_t len)
{
	static const char *const marks[] = {
		"?w=", "&w=", "width=", "w_", "&wid=", "?wid=", "imwidth=", "=w", "resize="};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = memmem(s, len, marks[i], strlen(marks[i]));
		if (!at)
			continue;
		at += strlen(marks[i]);
		double width = at < s + len && *at >= '1' && *at <= '9' ? atof(at) : 0;
		if (width >= 1 && width < 10000)
			return width;
	}
	for (size_t i = len; i-- > 1;) {
		if (s[i] == '/')
			break;
		bool px = s[i] == 'p' && i + 1 < len && s[i + 1] == 'x';
		bool by = s[i] == 'x' && i + 1 < len && ascii_is_digit(s[i + 1]);
		size_t digits = i;
		while (digits && ascii_is_digit(s[digits - 1]))
			digits--;
		if ((px || by) && i - digits >= 2 && i - digits <= 4)
			return atof(s + digits);
	}
	return 0;
}

static void offer(struct picture_pick *pick, const char *url, size_t len, struct offer about)
{
	const char *name;
	size_t name_len;
	while (len && strchr(" \t\n\r\f", *url))
		url++, len--;
	while (len && strchr(" \t\n\r\f", url[len - 1]))
		len--;
	if (len == 0)
		return;
	double width = about.width > 0 ? about.width : named_width(url, len);
	double unknown =
		about.otherwise < 0.9 * pick->enough ? about.otherwise : 0.9 * pick->enough;
	double score = width > 0 ? width : unknown;
	if (score > pick->enough)
		score = pick->enough - (score - pick->enough) / 10;
	picture_file(url, len, &name, &name_len);
	if (width <= 0 && picture_name_has(PICTURE_SMALL, name, name_len))
		score *= FACTOR_SMALL;
	if (about.modern || candidates_has(url, len, "webp") || candidates_has(url, len, "avif"))
		score *= FACTOR_MODERN;
	if (about.packed)
		score = pick->enough + 1; /* nothing needs to be fetched */
	if (score > pick->score)
		*pick = (struct picture_pick){url, len, score, pick->enough};
}

/* The descriptors after an address in a srcset: "640w", "2x", up to the comma. */
static const char *read_descriptors(const char *s, double *width, double *density)
{
	while (*s && *s != ',') {
		s += strspn(s, " \t\n\r\f");
		char *end = NULL;
		double number = strtod(s, &end);
		if (end > s && *end == 'w')
			*width = number;
		else if (end > s && *end == 'x')
			*density = number;
		s = end > s ? end : s;
		s += strcspn(s, " \t\n\r\f,");
	}
	return s + (*s == ',');
}

/* "640w", "2x": a descriptor where an address should be. */
static bool is_descriptor(const char *s, size_t len)
{
	size_t digits = strspn(s, "0123456789.");
	return digits && digits + 1 == len && (s[digits] == 'w' || s[digits] == 'x');
}

/* A srcset: HTML Living Standard, section 4.8.4.2.4. A minified set has no space after its commas,
 * which many addresses have within. */
static void offer_set(struct picture_pick *pick, const char *s, bool modern, double hint)
{
	for (;;) {
		s += strspn(s, " \t\n\r\f,");
		size_t len = strcspn(s, " \t\n\r\f");
		if (len == 0)
			return;
		const char *url = s;
		const char *next = memmem(s, len, ",http", 5);
		double width = 0, density = 1;
		if (next && candidates_has(next, 9, "://")) {
			len = (size_t)(next - s);
			s = next;
		} else if (url[len - 1] == ',') {
			s += len;
			while (len && url[len - 1] == ',')
				len--;
		} else {
			s = read_descriptors(s + len, &width, &density);
		}
		if (strncasecmp(url, "data:", 5) == 0 || is_descriptor(url, len))
			continue;
		offer(pick, url, len,
		      (struct offer){.width = width,
				     .otherwise = (hint > 0 ? hint : WIDTH_SRC + 1) * density,
				     .modern = modern});
	}
}

/* "640w" or "2x" after a space: a set of addresses. */
static bool is_set(const char *value)
{
	for (const char *s = value; (s = strpbrk(s, " \t\n")) != NULL;) {
		s += strspn(s, " \t\n");
		size_t n = strspn(s, "0123456789.");
		if (n && (s[n] == 'w' || s[n] == 'x') && (!s[n + 1] || strchr(", \t\n", s[n + 1])))
			return true;
	}
	return false;
}

/* Whether a value could be an address at all. */
static bool candidates_is_address(const char *value)
{
	return value[strcspn(value, "{}<>()[]\"")] == '\0' && value[strcspn(value, "/.")] != '\0' &&
	       strncasecmp(value, "javascript:", 11) != 0;
}

/* The first string in a piece of JSON that is the address of an image file. */
static void offer_json(struct page *page, struct picture_pick *pick, const char *json)
{
	for (const char *s = strchr(json, '"'); s;) {
		const char *start = ++s;
		while (*s && *s != '"')
			s += *s == '\\' && s[1] ? 2 : 1;
		size_t len = (size_t)(s - start);
		if (*s != '"')
			return;
		if (len > 4 && memchr(start, '/', len) && picture_is_file(start, len)) {
			char *url = arena_dupn(&page->arena, start, len);
			size_t n = 0;
			for (size_t i = 0; url && i < len; i++)
				if (url[i] != '\\' || url[i + 1] != '/')
					url[n++] = url[i];
			if (url)
				offer(pick, url, n, (struct offer){.width = WIDTH_JSON});
			return;
		}
		s = strchr(s + 1, '"');
	}
}

/* The width that a media query asks for at least (or at most): "(min-width: 1200px)". */
static double media_width(const char *media)
{
	const char *width = media ? strstr(media, "width") : NULL;
	width = width ? strpbrk(width, "0123456789") : NULL;
	double number = width ? atof(width) : 0;
	return width && strstr(width, "em") ? number * 16 : number;
}

static void offer_attribute(struct page *page, struct picture_pick *pick, const char *name,
			    const char *value, struct offer about)
{
	size_t len = strlen(value), name_len = strlen(name);
	if (len == 0 || len > MAX_BYTES)
		return;
	if (value[0] == '{' || value[0] == '[') {
		offer_json(page, pick, value);
		return;
	}
	if (picture_name_has(PICTURE_OTHER, name, name_len))
		return;
	bool named = picture_name_has(PICTURE_ADDRESS, name, name_len);
	if (strstr(name, "srcset") || strstr(name, "bgset") || is_set(value)) {
		offer_set(pick, value, about.modern, about.otherwise);
		return;
	}
	if (!candidates_is_address(value) || !(named || picture_is_file(value, len)) ||
	    picture_is_placeholder(value) || strncasecmp(value, "data:", 5) == 0)
		return;
	/* words beside the address are none: "large", "image/jpeg" */
	if (named && !picture_is_file(value, len) &&
	    (!strchr(value, '/') || strchr(value, ' ') || strncmp(value, "image/", 6) == 0))
		return;
	about.otherwise =
		picture_name_has(PICTURE_LARGER, name, name_len) ? WIDTH_LARGER : WIDTH_DATA;
	offer(pick, value, len, about);
}

static bool is_packed(const char *src)
{
	size_t len = strlen(src);
	if (strncasecmp(src, "data:", 5) == 0)
		return len >= PICTURE_MIN_PACKED;
	return !candidates_has(src, len, "://") && src[0] != '/' &&
	       candidates_has(src, len, "_files/");
}

static void offer_src(struct picture_pick *pick, const char *src, bool modern)
{
	bool data = strncasecmp(src, "data:", 5) == 0;
	offer(pick, src, strlen(src),
	      (struct offer){.otherwise = data ? WIDTH_JSON : WIDTH_SRC,
			     .modern = modern,
			     .packed = is_packed(src)});
}

void picture_offer(struct page *page, struct picture_pick *pick, const xmlNode *node)
{
	static const char *const passed[] = {"alt",   "title", "class", "id",
					     "style", "href",  "width", "height",
					     "sizes", "media", "type",  "itemtype"};
	const char *name, *value, *media = tree_get(node, "media"), *type = tree_get(node, "type");
	pick->enough = page->picture_width ? page->picture_width : WIDTH_ENOUGH;
	/* for dark screens and printers only */
	if (media && (strstr(media, "dark") || strstr(media, "print")))
		return;
	struct offer about = {.otherwise = media_width(media),
			      .modern = type && (strstr(type, "webp") || strstr(type, "avif") ||
						 strstr(type, "jxl") || strstr(type, "jp2"))};
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;
	     a = tree_attr_next(node, a, &name, &value)) {
		bool pass = strncmp(name, "on", 2) == 0 || strncmp(name, "aria-", 5) == 0;
		for (size_t i = 0; i < sizeof passed / sizeof *passed && !pass; i++)
			pass = strcmp(name, passed[i]) == 0;
		if (pass)
			continue;
		if (strcmp(name, "src") != 0)
			offer_attribute(page, pick, name, value, about);
		else if (!picture_is_placeholder(value))
			offer_src(pick, value, about.modern);
	}
}
