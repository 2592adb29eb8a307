#include "source/feed.h"
#include "source/text.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <libxml/HTMLparser.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	FEED_BLOCK = 16384,
	MAX_REFERENCE = 40, /* bytes of "&name;" */
	MAX_DOCTYPE = 65536,
	MAX_TAG = 65536,
	MAX_OPEN_TAGS = 400, /* deeper ones are left out */
	MAX_VALUE = 1000,    /* bytes of a declared entity */
};

enum feed_state { IN_TEXT, IN_CDATA, IN_COMMENT, IN_DOCTYPE };

struct feed_bytes {
	struct source_bytes *in;
	struct source_text text; /* decodes what is UTF-8, UTF-16 or declares nothing */
	iconv_t converter;       /* else; (iconv_t)-1: not used */
	char rest[16];           /* bytes of a character that is not whole yet */
	size_t rest_len;
	struct buf decoded; /* from `at` on not filtered yet */
	size_t at;
	struct buf part;
	enum feed_state state;
	struct buf doctype;
	int brackets;    /* open ones in the document type */
	struct buf open; /* names of the open elements, each with NUL */
	size_t open_at[MAX_OPEN_TAGS], open_count;
	bool ended, is_cut;
};

/* --- Decoding --- */

/* The charset that the XML declaration names; empty: none. */
static void find_declared(const char *head, size_t len, char name[64])
{
	const char *end = memmem(head, len, "?>", 2);
	const char *at = end ? memmem(head, (size_t)(end - head), "encoding", 8) : NULL;
	name[0] = '\0';
	if (!at || len < 5 || !memmem(head, len < 200 ? len : 200, "<?xml", 5))
		return;
	at += 8 + strspn(at + 8, " \t\r\n=");
	if (*at != '"' && *at != '\'')
		return;
	size_t n = strcspn(at + 1, "\"'?> \t\r\n");
	if (n < 64) {
		memcpy(name, at + 1, n);
		name[n] = '\0';
	}
}

/* Charsets that source_text decodes, and aliases that iconv does not know. */
static iconv_t open_converter(const char *declared)
{
	static const char *const own[] = {"",      "utf-8",  "utf8",   "us-ascii",
					  "ascii", "utf-16", "unicode"};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcasecmp(declared, own[i]) == 0)
			return (iconv_t)-1;
	/* What is declared as ISO 8859-1 is Windows-1252 (WHATWG Encoding). */
	if (strcasecmp(declared, "iso-8859-1") == 0 || strcasecmp(declared, "latin1") == 0)
		declared = "WINDOWS-1252";
	if (strcasecmp(declared, "gb2312") == 0)
		declared = "GB18030";
	return iconv_open("UTF-8",
			  strncasecmp(declared, "x-sjis", 6) == 0 ? "SHIFT_JIS" : declared);
}

struct feed_bytes *feed_bytes_new(struct source_bytes *in, struct chapbook_error *err)
{
	struct feed_bytes *f = calloc(1, sizeof *f);
	char head[1025], name[64];
	if (!f) {
		error_memory(err);
		return NULL;
	}
	f->in = in;
	f->decoded = f->part = f->doctype = f->open = (struct buf)BUF_INIT;
	f->converter = (iconv_t)-1;
	source_text_init(&f->text, in);
	long n = in->read(in, head, sizeof head - 1, err);
	if (n < 0 || in->rewind(in, err) != 0) {
		feed_bytes_free(f);
		return NULL;
	}
	head[n] = '\0';
	bool has_bom =
		n >= 3 && ((unsigned char)head[0] >= 0xEF || head[0] == '\0' || head[1] == '\0');
	find_declared(head, (size_t)n, name);
	if (!has_bom)
		f->converter = open_converter(name);
	return f;
}

void feed_bytes_free(struct feed_bytes *f)
{
	if (!f)
		return;
	if (f->converter != (iconv_t)-1)
		iconv_close(f->converter);
	source_text_release(&f->text);
	buf_release(&f->decoded);
	buf_release(&f->part);
	buf_release(&f->doctype);
	buf_release(&f->open);
	free(f);
}

/* Convert a block; what is not valid becomes U+FFFD. */
static void feed_convert(struct feed_bytes *f, char *bytes, size_t len)
{
	struct buf raw = BUF_INIT;
	char out[4096];
	while (len > 0) {
		char *to = out;
		size_t room = sizeof out;
		size_t rc = iconv(f->converter, &bytes, &len, &to, &room);
		buf_append(&raw, out, (size_t)(to - out));
		if (rc != (size_t)-1 || errno == E2BIG)
			continue;
		if (errno == EINVAL && !f->ended && len < sizeof f->rest)
			break;
		buf_puts(&raw, "\xEF\xBF\xBD");
		bytes++;
		len--;
	}
	memcpy(f->rest, bytes, len);
	f->rest_len = len;
	utf8_clean(&f->decoded, raw.data, raw.len);
	f->decoded.failed |= raw.failed;
	buf_release(&raw);
}

/* Decode the next block behind what is not filtered yet. */
static int feed_decode(struct feed_bytes *f, struct chapbook_error *err)
{
	char block[FEED_BLOCK + sizeof f->rest];
	bool converts = f->converter != (iconv_t)-1;
	struct source_bytes *in = converts ? f->in : &f->text.bytes;
	size_t kept = converts ? f->rest_len : 0;
	memcpy(block, f->rest, kept);
	long n = in->read(in, block + kept, FEED_BLOCK, err);
	if (n < 0)
		return -1;
	f->ended = n == 0;
	f->rest_len = 0;
	if (converts)
		feed_convert(f, block, kept + (size_t)n);
	else
		buf_append(&f->decoded, block, (size_t)n);
	return f->decoded.failed ? error_memory(err) : 0;
}

/* --- Filtering --- */

/* Append the value of an entity that the document type declares: as text, so that it refers to no
 * other. False: it declares none of that name. */
static bool put_declared(struct feed_bytes *f, const char *name)
{
	size_t len = strlen(name);
	for (const char *p = f->doctype.data; (p = strstr(p, "<!ENTITY")) != NULL;) {
		p += strlen("<!ENTITY");
		p += strspn(p, " \t\r\n");
		if (strncmp(p, name, len) != 0 || !p[len] || !strchr(" \t\r\n", p[len]))
			continue;
		const char *value = p + len + strspn(p + len, " \t\r\n");
		const char *end =
			*value == '"' || *value == '\'' ? strchr(value + 1, *value) : NULL;
		if (!end || end - value > MAX_VALUE)
			return false;
		buf_put_xml(&f->part, value + 1, (size_t)(end - value - 1));
		return true;
	}
	return false;
}

/* The reference at `s` ("&…"), appended as that of a character: in what is not well-formed libxml2
 * drops those of entities, &lt; among them. Returns its length; 0: more bytes are needed to know.
 */
static size_t put_reference(struct feed_bytes *f, const char *s, size_t len)
{
	char name[MAX_REFERENCE];
	size_t n = 1;
	while (n < len && n < MAX_REFERENCE && (ascii_is_alnum(s[n]) || (n == 1 && s[n] == '#')))
		n++;
	if (n == len && n < MAX_REFERENCE && !f->ended)
		return 0;
	bool whole = n < len && n > 1 && n < MAX_REFERENCE && s[n] == ';';
	if (whole && s[1] == '#') {
		const char *digits = s + 2 + (s[2] == 'x' || s[2] == 'X');
		unsigned long cp = strtoul(digits, NULL, digits > s + 2 ? 16 : 10);
		if (cp >= 0x80 && cp < 0xA0)
			cp = utf8_windows_1252((uint32_t)cp);
		if (cp > 0 && cp <= 0x10FFFF)
			buf_printf(&f->part, "&#%lu;", cp);
		return n + 1;
	}
	if (whole) {
		memcpy(name, s + 1, n - 1);
		name[n - 1] = '\0';
		if (strcmp(name, "apos") == 0) {
			buf_puts(&f->part, "&#39;");
			return n + 1;
		}
		const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
		if (entity)
			buf_printf(&f->part, "&#%u;", entity->value);
		if (entity || put_declared(f, name))
			return n + 1;
	}
	buf_puts(&f->part, "&#38;");
	return 1;
}

/* --- Tags: each start has its end, and attributes have quotation marks --- */

static void close_tag(struct feed_bytes *f)
{
	size_t at = f->open_at[--f->open_count];
	buf_printf(&f->part, "</%s>", f->open.data + at);
	buf_truncate(&f->open, at);
}

/* An end tag closes what is open inside of its element; of an element that is not open it is left
 * out. */
static void put_end_tag(struct feed_bytes *f, const char *name, size_t len)
{
	for (size_t i = f->open_count; i-- > 0;) {
		const char *open = f->open.data + f->open_at[i];
		if (strlen(open) != len || memcmp(open, name, len) != 0)
			continue;
		while (f->open_count > i)
			close_tag(f);
		return;
	}
}

static size_t put_reference(struct feed_bytes *f, const char *s, size_t len);

static void put_tag_value(struct feed_bytes *f, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		if (s[i] == '&') {
			size_t n = put_reference(f, s + i, len - i);
			if (n == 0) /* the value ends inside of it */
				buf_puts(&f->part, "&#38;");
			i += n ? n : 1;
			continue;
		}
		if (s[i] == '<' || s[i] == '"')
			buf_printf(&f->part, "&#%d;", s[i]);
		else
			buf_putc(&f->part, s[i]);
		i++;
	}
}

static size_t name_length(const char *s, const char *end)
{
	const char *p = s;
	if (p < end && (ascii_is_alpha(*p) || *p == '_' || *p == ':' || (unsigned char)*p >= 0x80))
		while (p < end &&
		       (ascii_is_alnum(*p) || strchr("_:.-", *p) || (unsigned char)*p >= 0x80))
			p++;
	return (size_t)(p - s);
}

static void put_tag_attributes(struct feed_bytes *f, const char *s, const char *end)
{
	while (s < end) {
		size_t n = name_length(s, end);
		if (n == 0) {
			s++;
			continue;
		}
		const char *name = s, *value = name, *stop = name;
		s += n;
		const char *eq = s;
		while (eq < end && ascii_is_xml_space(*eq))
			eq++;
		if (eq < end && *eq == '=') {
			for (eq++; eq < end && ascii_is_xml_space(*eq);)
				eq++;
			bool quoted = eq < end && (*eq == '"' || *eq == '\'');
			value = eq + quoted;
			stop = quoted ? memchr(value, *eq, (size_t)(end - value)) : value;
			if (!stop)
				stop = end;
			while (!quoted && stop < end && !ascii_is_xml_space(*stop))
				stop++;
			s = stop + (quoted && stop < end);
		}
		buf_putc(&f->part, ' ');
		buf_append(&f->part, name, n);
		buf_puts(&f->part, "=\"");
		put_tag_value(f, value, (size_t)(stop - value));
		buf_putc(&f->part, '"');
	}
}

/* The ">" of the tag at `s`, outside of quotation marks; NULL: it is not there. */
static const char *tag_end(const char *s, const char *end)
{
	char quote = '\0';
	for (; s < end; s++) {
		if (quote ? *s == quote : *s == '"' || *s == '\'')
			quote = quote ? '\0' : *s;
		else if (!quote && *s == '>')
			return s;
	}
	return NULL;
}

/* Returns the length of the tag; 0: more bytes are needed. */
static size_t put_tag(struct feed_bytes *f, const char *s, size_t len)
{
	const char *end = tag_end(s, s + len);
	if (!end && !f->ended && len < MAX_TAG)
		return 0;
	bool closes = s[1] == '/';
	const char *name = s + 1 + closes;
	size_t n = end ? name_length(name, end) : 0;
	if (n == 0) {
		buf_puts(&f->part, "&#60;");
		return 1;
	}
	if (closes) {
		put_end_tag(f, name, n);
	} else if (f->open_count < MAX_OPEN_TAGS) {
		bool is_empty = end[-1] == '/';
		buf_putc(&f->part, '<');
		buf_append(&f->part, name, n);
		put_tag_attributes(f, name + n, end - is_empty);
		buf_puts(&f->part, is_empty ? "/>" : ">");
		if (!is_empty) {
			f->open_at[f->open_count++] = f->open.len;
			buf_append(&f->open, name, n);
			buf_putc(&f->open, '\0');
		}
	}
	return (size_t)(end - s) + 1;
}

/* A processing instruction, the XML declaration among them, is left out. */
static size_t skip_instruction(const struct feed_bytes *f, const char *s, size_t len)
{
	const char *end = memmem(s, len, "?>", 2);
	if (end)
		return (size_t)(end - s) + 2;
	return !f->ended && len < MAX_TAG ? 0 : 1;
}

/* What begins with "<" in text. Returns how many bytes were taken; 0: more are needed to know. */
static size_t put_markup(struct feed_bytes *f, const char *s, size_t len)
{
	static const struct {
		const char *start;
		enum feed_state state;
	} states[] = {{"<![CDATA[", IN_CDATA}, {"<!--", IN_COMMENT}, {"<!DOCTYPE", IN_DOCTYPE}};
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		size_t n = strlen(states[i].start), have = len < n ? len : n;
		if (strncasecmp(s, states[i].start, have) != 0)
			continue;
		if (have < n && !f->ended)
			return 0;
		if (have < n)
			break;
		f->state = states[i].state;
		buf_truncate(&f->doctype, 0);
		f->brackets = 0;
		if (f->state != IN_DOCTYPE)
			buf_append(&f->part, states[i].start, n);
		return n;
	}
	if (len == 1 && !f->ended)
		return 0;
	if (len > 1 && s[1] == '?')
		return skip_instruction(f, s, len);
	if (len > 1 && (s[1] == '/' || name_length(s + 1, s + len) > 0))
		return put_tag(f, s, len);
	buf_puts(&f->part, "&#60;");
	return 1;
}

/* Copy up to the end of a CDATA section or a comment. */
static size_t put_until(struct feed_bytes *f, const char *s, size_t len, const char *mark)
{
	const char *end = memmem(s, len, mark, 3);
	size_t n = end ? (size_t)(end - s) + 3 : f->ended || len < 3 ? len : len - 2;
	if (!end && !f->ended && len < 3)
		return 0;
	buf_append(&f->part, s, n);
	if (end)
		f->state = IN_TEXT;
	return n;
}

/* The document type is left out; the entities that it declares are kept in f->doctype. */
static size_t take_doctype(struct feed_bytes *f, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		f->brackets += (s[i] == '[') - (s[i] == ']');
		bool ends = s[i] == '>' && f->brackets <= 0;
		if (ends || f->doctype.len > MAX_DOCTYPE) {
			f->state = IN_TEXT;
			return i + 1;
		}
		buf_putc(&f->doctype, s[i]);
	}
	return len;
}

/* Filter what was decoded, up to where more bytes are needed. */
static void feed_filter(struct feed_bytes *f)
{
	while (f->at < f->decoded.len) {
		const char *s = f->decoded.data + f->at;
		size_t len = f->decoded.len - f->at, n;
		if (f->state == IN_CDATA || f->state == IN_COMMENT) {
			n = put_until(f, s, len, f->state == IN_CDATA ? "]]>" : "-->");
		} else if (f->state == IN_DOCTYPE) {
			n = take_doctype(f, s, len);
		} else if (*s == '&') {
			n = put_reference(f, s, len);
		} else if (*s == '<') {
			n = put_markup(f, s, len);
		} else {
			for (n = 1; n < len && s[n] != '&' && s[n] != '<';)
				n++;
			buf_append(&f->part, s, n);
		}
		if (n == 0)
			break;
		f->at += n;
	}
	memmove(f->decoded.data, f->decoded.data + f->at, f->decoded.len - f->at);
	buf_truncate(&f->decoded, f->decoded.len - f->at);
	f->at = 0;
}

long feed_bytes_next(struct feed_bytes *f, const char **part, struct chapbook_error *err)
{
	buf_truncate(&f->part, 0);
	while (f->part.len == 0 && !f->ended) {
		if (feed_decode(f, err) != 0)
			return -1;
		feed_filter(f);
		while (f->ended && f->open_count > 0) {
			f->is_cut = true;
			close_tag(f);
		}
		if (f->open.failed || f->part.failed || f->doctype.failed)
			return error_memory(err);
	}
	*part = f->part.data;
	return (long)f->part.len;
}

bool feed_bytes_is_cut(const struct feed_bytes *f)
{
	return f->is_cut;
}
