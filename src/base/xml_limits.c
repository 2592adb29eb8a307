#include "base/xml_limits.h"

#include "base/ascii.h"

#include <string.h>
#include <strings.h>

static const char many_attributes[] = "an element has more than 1000 attributes",
		  many_namespaces[] = "more than 1000 namespaces are in scope",
		  large_doctype[] = "the DOCTYPE is larger than 64 KB",
		  much_hidden[] = "the DOCTYPE has more than 1 KB of attribute lists and markup",
		  odd_encoding[] = "the encoding is not supported; use UTF-8";

/* A place in the document. In UTF-16 a step is two bytes; characters beyond ASCII read as "x". */
struct place {
	const char *s, *end;
	size_t step, low; /* where the low byte of a step is */
};

static char at(const struct place *p)
{
	return p->step == 1 ? *p->s : p->s[!p->low] ? 'x' : p->s[p->low];
}

/* To the next `c`; false, and to the end, when there is none. */
static bool find(struct place *p, char c)
{
	if (p->step == 1) {
		const char *found = memchr(p->s, c, (size_t)(p->end - p->s));
		p->s = found ? found : p->end;
	} else {
		while (p->s < p->end && at(p) != c)
			p->s += p->step;
	}
	return p->s < p->end;
}

static bool begins(struct place p, const char *word)
{
	for (; *word && p.s < p.end && at(&p) == *word; word++)
		p.s += p.step;
	return !*word;
}

/* Behind the next `word`. */
static void skip_past(struct place *p, const char *word)
{
	while (find(p, *word) && !begins(*p, word))
		p->s += p->step;
	if (p->s < p->end)
		p->s += strlen(word) * p->step;
}

/* Behind the literal that begins here. */
static void skip_literal(struct place *p)
{
	char quote = at(p);
	p->s += p->step;
	if (find(p, quote))
		p->s += p->step;
}

/* Behind the comment, processing instruction or CDATA section that begins here; false: none does.
 */
static bool skip_unparsed(struct place *p)
{
	static const struct {
		const char *start, *end;
	} kinds[] = {{"<!--", "-->"}, {"<?", "?>"}, {"<![CDATA[", "]]>"}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!begins(*p, kinds[i].start))
			continue;
		p->s += strlen(kinds[i].start) * p->step;
		skip_past(p, kinds[i].end);
		return true;
	}
	return false;
}

/* --- Elements --- */

/* How many namespaces are declared on each open element. The parser refuses deeper elements. */
struct scope {
	size_t depth, count;
	unsigned short declared[256];
};

/* An end tag, or the end of an empty element. */
static void close_element(struct scope *scope)
{
	if (scope->depth == 0)
		return;
	scope->depth--;
	if (scope->depth < sizeof scope->declared / sizeof *scope->declared)
		scope->count -= scope->declared[scope->depth];
}

/* To the end of a start tag, from its name on. */
static const char *read_start_tag(struct place *p, struct scope *scope)
{
	size_t attributes = 0, namespaces = 0;
	bool may_declare = false, is_empty = false;
	for (; p->s < p->end; p->s += p->step) {
		char c = at(p);
		if (c > '>') {
			namespaces += c == 'x' && may_declare && begins(*p, "xmlns");
			may_declare = false;
			continue;
		}
		if (c == '>' || c == '<')
			break;
		if (c == '"' || c == '\'') {
			skip_literal(p);
			p->s -= p->step;
		}
		may_declare = c <= '\'';
		is_empty = c == '/';
		attributes += c == '=';
	}
	if (attributes > XML_MAX_ATTRIBUTES || namespaces > XML_MAX_ATTRIBUTES)
		return many_attributes;
	scope->count += namespaces;
	if (scope->depth < sizeof scope->declared / sizeof *scope->declared)
		scope->declared[scope->depth] = (unsigned short)namespaces;
	scope->depth++;
	if (is_empty)
		close_element(scope);
	return scope->count > XML_MAX_NAMESPACES ? many_namespaces : NULL;
}

/* --- The document type declaration --- */

/* Whether the text of an entity has a "<" when it is parsed: as it is or as a character reference.
 * "&lt;" is none. */
static bool has_markup(struct place p)
{
	for (; p.s < p.end; p.s += p.step) {
		if (at(&p) == '<')
			return true;
		if (!begins(p, "&#"))
			continue;
		struct place digits = p;
		digits.s += 2 * p.step;
		while (digits.s < digits.end && (at(&digits) == 'x' || at(&digits) == '0'))
			digits.s += p.step;
		if (begins(digits, "60;") || begins(digits, "3c;") || begins(digits, "3C;"))
			return true;
	}
	return false;
}

/* To the end of a declaration. *hidden: characters of those that put attributes or elements into
 * the document. */
static void read_declaration(struct place *p, size_t *hidden)
{
	const struct place start = *p;
	bool is_entity = begins(start, "<!ENTITY"), hides = begins(start, "<!ATTLIST");
	while (p->s < p->end && at(p) != '>') {
		char c = at(p);
		if (c != '"' && c != '\'') {
			p->s += p->step;
			continue;
		}
		struct place literal = *p;
		skip_literal(p);
		literal.end = p->s;
		hides |= is_entity && has_markup(literal);
	}
	if (hides)
		*hidden += (size_t)(p->s - start.s) / p->step;
}

static const char *read_doctype(struct place *p)
{
	const char *start = p->s;
	size_t hidden = 0;
	bool is_inside = false;
	for (p->s += p->step; p->s < p->end;) {
		char c = at(p);
		if (c == '>' && !is_inside)
			break;
		if (c == '"' || c == '\'') {
			skip_literal(p);
		} else if (c != '<') {
			is_inside = c == '[' || (is_inside && c != ']');
			p->s += p->step;
		} else if (!skip_unparsed(p)) {
			read_declaration(p, &hidden);
		}
	}
	size_t length = (size_t)(p->s - start) / p->step;
	return length > XML_MAX_DOCTYPE  ? large_doctype
	       : hidden > XML_MAX_HIDDEN ? much_hidden
					 : NULL;
}

/* --- The encoding --- */

/* Whether ASCII characters are bytes of their own in this encoding, and these bytes no part of
 * others: what Shift_JIS, Big5, GBK and ISO 2022 are not. */
static bool is_readable(const char *name, size_t step)
{
	static const char *const kinds[] = {
		"ascii", "us-ascii",    "utf-8",     "utf8",  "iso-8859-", "iso8859-", "latin1",
		"cp125", "windows-125", "macintosh", "koi8-", "euc-",      "gb2312",
	};
	if (step == 2)
		return strcasecmp(name, "utf-16") == 0 || strcasecmp(name, "utf16") == 0 ||
		       strcasecmp(name, "utf-8") == 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncasecmp(name, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

/* Whether each encoding that the XML declaration names can be read. */
static bool reads_declaration(struct place p)
{
	struct place end = p;
	if (!begins(p, "<?xml"))
		return true;
	skip_past(&end, "?>");
	p.end = end.s;
	for (skip_past(&p, "encoding"); p.s < p.end; skip_past(&p, "encoding")) {
		char name[24] = "";
		size_t n = 0;
		while (p.s < p.end && (ascii_is_xml_space(at(&p)) || at(&p) == '='))
			p.s += p.step;
		for (p.s += p.step; p.s < p.end && n + 1 < sizeof name; p.s += p.step) {
			char c = at(&p);
			if (c == '"' || c == '\'')
				break;
			name[n++] = c;
		}
		if (!is_readable(name, p.step))
			return false;
	}
	return true;
}

/* The start of the text, as libxml2 finds it; false for what is neither ASCII nor UTF-16. */
static bool open_place(struct place *p, const char *bytes, size_t size)
{
	*p = (struct place){bytes, bytes + size, 1, 0};
	if (size < 4)
		return true;
	bool little = memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "<\0?", 4) == 0,
	     big = memcmp(bytes, "\xfe\xff", 2) == 0 || memcmp(bytes, "\0<\0?", 4) == 0;
	if (little || big) {
		p->step = 2;
		p->low = big;
		p->end = bytes + size / 2 * 2;
		p->s += (unsigned char)*bytes >= 0xfe ? 2 : 0;
		return true;
	}
	if (memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		p->s += 3;
	return !memchr(bytes, '\0', 4) && memcmp(bytes, "\x4c\x6f\xa7\x94", 4) != 0; /* EBCDIC */
}

static size_t line_of(struct place p, const char *here)
{
	size_t line = 1;
	for (p.end = here; find(&p, '\n'); p.s += p.step)
		line++;
	return line;
}

const char *xml_excess(const char *bytes, size_t size, unsigned flags, size_t *line)
{
	struct place p;
	*line = 1;
	if (!open_place(&p, bytes, size) || (!(flags & XML_IS_UTF8) && !reads_declaration(p)))
		return odd_encoding;
	const struct place start = p;
	struct scope scope = {0};
	while (find(&p, '<')) {
		const char *tag = p.s, *excess = NULL;
		struct place name = p;
		name.s += p.step;
		char first = name.s < p.end ? at(&name) : ' ';
		if (first == '/') {
			close_element(&scope);
			p = name;
		} else if (first != '!' && first != '?') {
			p = name;
			excess = read_start_tag(&p, &scope);
			if (!excess && (flags & XML_ROOT_ALONE))
				break;
		} else if (!skip_unparsed(&p)) {
			excess = read_doctype(&p);
		}
		if (excess) {
			*line = line_of(start, tag);
			return excess;
		}
	}
	return NULL;
}

bool xml_is_limit(const xmlError *e)
{
	return e->code == XML_ERR_ENTITY_LOOP ||
	       (e->message &&
		(strstr(e->message, "XML_PARSE_HUGE") || strstr(e->message, "Huge input lookup")));
}
