#include "extract/metadata/scan.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "extract/authors/byline.h"
#include "extract/metadata/text.h"
#include "extract/page/names.h"
#include "lang/phrases.h"

#include <string.h>
#include <strings.h>

enum {
	MAX_VISIBLE = 200, /* bylines, dates in sight that are inspected, each */
	MAX_BYLINE = 300,  /* bytes */
	MAX_DATE_LINE = 200,
	MAX_HEADLINES = 4,
	MAX_LOOKUPS = 1000, /* of what an element is in */
	MAX_ELEMENTS = 1000000,
};

struct scan {
	struct claims *c;
	struct page *page;
	struct claim at;          /* of the element at hand */
	const xmlNode *aside_end; /* while in an aside part: the element after it */
	bool aside;
	const xmlNode *headlines[MAX_HEADLINES];
	size_t headline_count, lookups;
	unsigned dates, bylines; /* texts inspected */
	const char *date_name;   /* after a label, "Updated:": what a date is claimed as */
	const char *after_by;    /* after "Written by" */
	unsigned label_left;     /* for so many texts */
};

/* --- Attributes --- */

enum { NAME_ROOM = 64 };

/* Take the next of the names that an attribute lists; longer ones are passed over. */
static bool next_name(const char **names, char name[NAME_ROOM])
{
	static const char space[] = " \t\n\r\f";
	for (;;) {
		*names += strspn(*names, space);
		size_t len = strcspn(*names, space);
		const char *found = *names;
		*names += len;
		if (len == 0)
			return false;
		if (len < NAME_ROOM) {
			memcpy(name, found, len);
			name[len] = '\0';
			return true;
		}
	}
}

/* Claim under each of the names. */
static void claim_names(struct scan *s, enum claim_source source, const char *names,
			const char *value)
{
	char name[NAME_ROOM];
	while (next_name(&names, name))
		claim_add(s->c, source, name, value, &s->at);
}

static bool any_wanted(enum claim_source source, const char *names)
{
	char name[NAME_ROOM];
	while (next_name(&names, name))
		if (claim_wanted(source, name))
			return true;
	return false;
}

static void scan_meta(struct scan *s, const xmlNode *node)
{
	static const char *const attributes[] = {"name", "property", "http-equiv"};
	const char *content = tree_get(node, "content");
	const char *itemprop = tree_get(node, "itemprop");
	if (!content)
		content = tree_get(node, "value");
	if (!content)
		return;
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *names = tree_get(node, attributes[i]);
		if (names && any_wanted(FROM_META, names))
			claim_names(s, FROM_META, names,
				    meta_text(s->page, content, strlen(content), MAX_SUMMARY));
	}
	if (itemprop && any_wanted(FROM_ITEMPROP, itemprop))
		claim_names(s, FROM_ITEMPROP, itemprop,
			    meta_text(s->page, content, strlen(content), MAX_SUMMARY));
}

static void scan_link(struct scan *s, const xmlNode *node)
{
	const char *rel = tree_get(node, "rel"), *href = tree_get(node, "href");
	if (rel && href && any_wanted(FROM_LINK, rel))
		claim_names(s, FROM_LINK, rel, meta_text(s->page, href, strlen(href), MAX_LINE));
}

/* What a microdata property's element says (HTML, 5.2.4 "Values"): an attribute, or its text. */
static char *property_value(struct scan *s, const xmlNode *node)
{
	static const char *const attributes[] = {"content", "datetime", "data-datetime"};
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *value = tree_get(node, attributes[i]);
		if (value && *value)
			return meta_text(s->page, value, strlen(value), MAX_SUMMARY);
	}
	const char *url = tree_is(node, "img")    ? tree_get(node, "src")
			  : tree_is(node, "link") ? tree_get(node, "href")
						  : NULL;
	if (url)
		return arena_dup(&s->page->arena, url);
	return meta_element_text(s->page, node, MAX_LINE);
}

/* The element below that is the thing's name: `itemprop="name"`. */
static const xmlNode *name_inside(const xmlNode *node)
{
	enum { MAX_NODES = 60 };
	unsigned count = 0;
	for (const xmlNode *n = tree_walk(node, NULL); n && ++count < MAX_NODES;
	     n = tree_walk(node, n)) {
		const char *prop = tree_get(n, "itemprop");
		if (!prop)
			prop = tree_get(n, "property");
		if (prop && (strcmp(prop, "name") == 0 || strcmp(prop, "schema:name") == 0))
			return n;
	}
	return node;
}

static void scan_property(struct scan *s, const xmlNode *node, const char *attribute)
{
	const char *names = tree_get(node, attribute);
	if (!names || !any_wanted(FROM_ITEMPROP, names))
		return;
	const xmlNode *from =
		strstr(names, "author") || strstr(names, "publisher") ? name_inside(node) : node;
	claim_names(s, FROM_ITEMPROP, names, property_value(s, from));
}

/* --- Words in sight --- */

/* A link to a person's page has the name in its address: /author/ann-brown. */
static void scan_href(struct scan *s, const xmlNode *node)
{
	enum { MAX_SEGMENTS = 12 };
	const char *href = tree_get(node, "href");
	char name[NAME_ROOM];
	if (!href || s->bylines >= MAX_VISIBLE)
		return;
	const char *p = strstr(href, "://");
	p = p ? p + 3 + strcspn(p + 3, "/?#") : href;
	for (int i = 0; i < MAX_SEGMENTS && *p && *p != '?' && *p != '#'; i++) {
		p += *p == '/';
		size_t len = strcspn(p, "/?#");
		const char *next = p + len + (p[len] == '/');
		if (len && len < sizeof name && p[len] == '/' && strcspn(next, "/?#") > 1) {
			memcpy(name, p, len);
			name[len] = '\0';
			if (claim_wanted(FROM_HREF, name)) {
				s->bylines++;
				claim_add(s->c, FROM_HREF, name,
					  meta_element_text(s->page, node, MAX_BYLINE), &s->at);
				return;
			}
		}
		p += len;
	}
}

static void scan_rel(struct scan *s, const xmlNode *node)
{
	const char *rel = tree_get(node, "rel");
	if (!rel || !any_wanted(FROM_REL, rel))
		return;
	char *value = strstr(rel, "license") ? arena_dup(&s->page->arena, tree_get(node, "href"))
					     : meta_element_text(s->page, node, MAX_BYLINE);
	claim_names(s, FROM_REL, rel, value);
}

/* Whether the text says, before a date, that this is when the page was changed. */
static bool is_update(const char *s, size_t len)
{
	for (size_t i = 0; i < len && !ascii_is_digit(s[i]); i++)
		if ((i == 0 || s[i - 1] == ' ' || s[i - 1] == '\n') &&
		    phrase_at(PHRASE_UPDATED, s + i, len - i))
			return true;
	return false;
}

/* The same, in an element before. */
static bool follows_update(const struct scan *s)
{
	return s->label_left && strcmp(s->date_name, "date-updated") == 0;
}

/* Whether one of the first headlines is in the element. */
static bool has_headline(const struct scan *s, const xmlNode *node)
{
	for (size_t i = 0; i < s->headline_count; i++)
		if (page_holds(node, s->headlines[i]))
			return true;
	return false;
}

/* Parts of a text with dates that are part of it. */
static bool is_in_prose(const struct scan *s, const xmlNode *node)
{
	if (page_is_inside(node, "figure figcaption blockquote q caption pre cite svg",
			   s->page->body))
		return true;
	const xmlNode *table = node;
	while (table && !tree_is(table, "table"))
		table = tree_parent(table);
	return table && !has_headline(s, table); /* a table that is not the page's layout */
}

static void scan_names(struct scan *s, const xmlNode *node, name_set names)
{
	if (page_name_is_in(node, "html body main article section"))
		return;
	if (names & NAMED(AUTHOR) && s->bylines < MAX_VISIBLE) {
		s->bylines++;
		claim_add(s->c, FROM_NAMED, "author", meta_element_text(s->page, node, MAX_BYLINE),
			  &s->at);
	}
	if (names & NAMED(DATE) && s->dates < MAX_VISIBLE && !is_in_prose(s, node)) {
		const char *title = tree_get(node, "title"); /* the microformats' abbr */
		const char *value =
			tree_is(node, "abbr") && title ? title : property_value(s, node);
		bool update = value && (follows_update(s) || is_update(value, strlen(value)));
		s->dates++;
		claim_add(s->c, update ? FROM_TEXT : FROM_NAMED, update ? "date-updated" : "date",
			  value, &s->at);
	}
}

/* A text that may have a date in it: a year in digits, or "2.7.21". */
static bool has_date(const char *s, size_t len)
{
	for (size_t i = 0; i + 4 <= len; i++) {
		bool digits = ascii_is_digit(s[i + 2]) && ascii_is_digit(s[i + 3]);
		if (digits && (memcmp(s + i, "20", 2) == 0 || memcmp(s + i, "19", 2) == 0))
			return true;
		if (digits && s[i + 1] == '.' && i && memchr(s, '.', i) && len < 60)
			return true;
	}
	return false;
}

/* "Updated:" in an element of its own is about the date that follows. */
static void read_label(struct scan *s, const char *text, size_t len)
{
	enum { MAX_LABEL = 40, TEXTS_AFTER = 2 };
	s->label_left -= s->label_left > 0;
	if (len > MAX_LABEL)
		return;
	bool updated = is_update(text, len);
	if (updated || phrase_is(PHRASE_PUBLISHED, text, len)) {
		s->date_name = updated ? "date-updated" : "date-published";
		s->label_left = TEXTS_AFTER;
	}
}

/* A date that is most of a line, or that a paragraph begins with. */
static void scan_date(struct scan *s, const xmlNode *node, const char *text, size_t len, bool cut)
{
	enum { MAX_DATELINE = 40 };
	const char *value, *name = s->label_left ? s->date_name : "date";
	bool paragraph = cut || len >= MAX_DATE_LINE;
	if (s->dates >= MAX_VISIBLE)
		return;
	if (paragraph) {
		while (len > MAX_DATELINE && (len = MAX_DATELINE))
			while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
				len--;
		name = "dateline";
	}
	if (!has_date(text, len) || (!s->label_left && is_in_prose(s, node)))
		return;
	s->dates++;
	value = paragraph ? meta_text(s->page, text, len, len)
			  : meta_element_text(s->page, tree_parent(node), MAX_DATE_LINE);
	if (value && is_update(value, strlen(value)))
		name = "date-updated";
	s->label_left = 0;
	claim_add(s->c, FROM_TEXT, name, value, &s->at);
}

/* "Written by" in an element of its own is about the text that follows. */
static void scan_after_by(struct scan *s, const char *text, size_t len)
{
	enum { MAX_LABEL = 30, MAX_NAME = 80 };
	if (s->after_by && len <= MAX_NAME && s->bylines < MAX_VISIBLE) {
		s->bylines++;
		claim_add(s->c, FROM_TEXT, "byline",
			  arena_printf(&s->page->arena, "%s %.*s", s->after_by, (int)len, text),
			  &s->at);
	}
	bool label = len <= MAX_LABEL &&
		     (phrase_is(PHRASE_BY, text, len) ||
		      (text[len - 1] == ':' && phrase_is(PHRASE_BY_MARK, text, len)));
	s->after_by = label ? "By" : NULL;
}

static void scan_text(struct scan *s, const xmlNode *node)
{
	const char *text = tree_text_value(node);
	size_t len = strnlen(text, MAX_BYLINE);
	bool cut = len == MAX_BYLINE;
	utf8_trim(&text, &len);
	if (len == 0)
		return;
	scan_date(s, node, text, len, cut);
	if (cut)
		return;
	scan_after_by(s, text, len);
	read_label(s, text, len);
	if (s->bylines < MAX_VISIBLE && author_line_starts(text, len)) {
		s->bylines++;
		claim_add(s->c, FROM_TEXT, "byline",
			  meta_element_text(s->page, tree_parent(node), MAX_BYLINE), &s->at);
	}
}

static void scan_time(struct scan *s, const xmlNode *node)
{
	const char *itemprop = tree_get(node, "itemprop"), *class = tree_get(node, "class");
	bool published = tree_get(node, "pubdate") || (itemprop && strstr(itemprop, "ublished")) ||
			 (class && (strstr(class, "ublish") || strstr(class, "entry-date")));
	bool updated =
		(class && (strstr(class, "update") || strstr(class, "modif"))) || follows_update(s);
	if (s->dates >= MAX_VISIBLE || (!published && !updated && is_in_prose(s, node)))
		return;
	s->dates++;
	claim_add(s->c, FROM_ELEMENT,
		  updated && !published ? "time-updated"
		  : published           ? "time-published"
					: "time",
		  property_value(s, node), &s->at);
}

/* --- The walk --- */

static void scan_element(struct scan *s, const xmlNode *node)
{
	static const char *const attributes[] = {"lang", "xml:lang", "dir"};
	char name[32];
	if (tree_is(node, "meta")) {
		scan_meta(s, node);
		return;
	}
	if (tree_is(node, "link")) {
		scan_link(s, node);
		scan_property(s, node, "itemprop");
		return;
	}
	if (node == s->page->html || node == s->page->body)
		for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
			const char *value = tree_get(node, attributes[i]);
			int len = snprintf(name, sizeof name, "%s.%s", tree_name(node),
					   attributes[i]);
			if (value && len > 0)
				claim_add(s->c, FROM_ATTRIBUTE, name,
					  meta_text(s->page, value, strlen(value), MAX_LINE),
					  &s->at);
		}
	if (page_name_is_in(node, "h1 h2 h3") ||
	    (tree_is(node, "title") && tree_parent(node) == s->page->head))
		claim_add(s->c, FROM_ELEMENT, tree_name(node),
			  meta_element_text(s->page, node, MAX_TITLE), &s->at);
	scan_property(s, node, "itemprop");
	scan_property(s, node, "property");
	if (tree_is(node, "a")) {
		scan_rel(s, node);
		if (!s->page->a->no_guess)
			scan_href(s, node);
	} else if (tree_is(node, "time")) {
		scan_time(s, node);
	}
}

/* Whether what is in the element is about something else than the article. */
static bool is_aside(struct scan *s, const xmlNode *node, name_set names)
{
	if (tree_is(node, "footer"))
		return s->lookups++ >= MAX_LOOKUPS ||
		       !page_is_inside(tree_parent(node), "article main", NULL);
	if (page_name_is_in(node, "nav aside"))
		return true;
	return names & (NAMED(COMMENTS) | NAMED(RELATED) | NAMED(NAV)) &&
	       !page_name_is_in(node, "html body main article time a span h1") &&
	       (s->lookups++ >= MAX_LOOKUPS || !has_headline(s, node));
}

static void find_headlines(struct scan *s)
{
	for (const xmlNode *n = NULL;
	     s->headline_count < MAX_HEADLINES && (n = tree_find(s->page->html, n, "h1"));)
		s->headlines[s->headline_count++] = n;
}

void meta_scan(struct claims *c)
{
	struct scan s = {.c = c, .page = c->page};
	const xmlNode *root = s.page->html;
	const xmlNode *next = NULL;
	find_headlines(&s);
	for (const xmlNode *n = root; n && s.at.order < MAX_ELEMENTS; n = next) {
		/* names and dates in code are not the article's, those in captions are a picture's
		 */
		bool other = tree_is(n, "code") || tree_is(n, "figcaption");
		next = other ? tree_walk_skip(root, n) : tree_walk(root, n);
		if (n == s.aside_end && s.aside) {
			s.aside = false;
			s.aside_end = NULL;
		}
		if (tree_is_text(n)) {
			if (!s.page->a->no_guess)
				scan_text(&s, n);
			continue;
		}
		if (!tree_is_element(n))
			continue;
		name_set names = names_of(s.page, n);
		if (!s.aside && is_aside(&s, n, names)) {
			s.aside = true;
			s.aside_end = tree_walk_skip(root, n);
		}
		s.at = (struct claim){.node = n, .order = s.at.order + 1, .aside = s.aside};
		scan_element(&s, n);
		if (!s.page->a->no_guess)
			scan_names(&s, n, names);
	}
}
