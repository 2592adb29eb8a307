#include "read/mhtml.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum {
	MAX_HEADER = 64 * 1024,
	MAX_PARTS = 10000,
	MAX_NESTED = 8, /* multiparts in one another */
};

struct bytes {
	const char *s;
	size_t len;
};

/* What is known of a part from its header; strings in the arena, NULL where not said. */
struct header {
	const char *type; /* "text/html", without parameters */
	const char *charset, *boundary, *start;
	const char *encoding, *location, *id, *date;
};

struct reader {
	struct article *a;
	struct mhtml_page *page;
	const char *start; /* Content-ID of the page, or NULL */
	bool found, found_start;
	size_t parts;
};

/* --- Headers --- */

/* The next line, without its end; false when there is none. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
	if (rest->len == 0)
		return false;
	const char *lf = memchr(rest->s, '\n', rest->len);
	size_t n = lf ? (size_t)(lf - rest->s) : rest->len;
	*line = (struct bytes){rest->s, n && rest->s[n - 1] == '\r' ? n - 1 : n};
	rest->s += n + (lf != NULL);
	rest->len -= n + (lf != NULL);
	return true;
}

/* A parameter's value ("boundary" of `type; boundary="…"`), unquoted; NULL when it is not there. */
static char *parameter(struct arena *arena, const char *value, const char *name)
{
	struct buf out = BUF_INIT;
	char *result = NULL;
	size_t len = strlen(name);
	for (const char *s = strchr(value, ';'); s && !result; s = strchr(s, ';')) {
		s += 1 + strspn(s + 1, " \t");
		size_t n = strcspn(s, "=;");
		bool wanted = n == len && s[n] == '=' && strncasecmp(s, name, len) == 0;
		s += n;
		if (*s != '=')
			continue;
		buf_truncate(&out, 0);
		if (*++s == '"') {
			for (s++; *s && *s != '"'; s++) {
				s += *s == '\\' && s[1];
				buf_putc(&out, *s);
			}
			s += *s == '"';
		} else {
			n = strcspn(s, "; \t");
			buf_append(&out, s, n);
			s += n;
		}
		if (wanted)
			result = arena_dup(arena, out.data);
	}
	buf_end(&out, &arena->failed);
	return result;
}

/* An address or id: without white space, which folding puts in, and without "<" and ">". */
static char *bare(struct arena *arena, const char *value)
{
	char *copy = arena_dup(arena, value), *to = copy;
	for (const char *s = value; copy && *s; s++)
		if (!strchr(" \t<>", *s))
			*to++ = *s;
	if (copy)
		*to = '\0';
	return copy && *copy ? copy : NULL;
}

static void take_field(struct header *h, struct arena *arena, const char *name, size_t len,
		       const char *value)
{
	const struct {
		const char *name;
		const char **field;
	} fields[] = {
		{"Content-Transfer-Encoding", &h->encoding},
		{"Content-Location", &h->location},
		{"Snapshot-Content-Location", &h->location},
		{"Content-ID", &h->id},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strlen(fields[i].name) == len && strncasecmp(name, fields[i].name, len) == 0 &&
		    !*fields[i].field)
			*fields[i].field = bare(arena, value);
	if (len == 4 && strncasecmp(name, "Date", 4) == 0 && !h->date)
		h->date = arena_dup(arena, value);
	if (len == 12 && strncasecmp(name, "Content-Type", 12) == 0 && !h->type) {
		h->type = arena_dupn(arena, value, strcspn(value, "; \t"));
		h->charset = parameter(arena, value, "charset");
		h->boundary = parameter(arena, value, "boundary");
		char *start = parameter(arena, value, "start");
		h->start = start ? bare(arena, start) : NULL;
	}
}

/* Read the header and move *part to what follows it. */
static void read_header(struct header *h, struct arena *arena, struct bytes *part)
{
	struct buf field = BUF_INIT;
	struct bytes line;
	const char *top = part->s;
	*h = (struct header){0};
	for (bool more = true; more;) {
		more = next_line(part, &line) && line.len > 0 && part->s - top < MAX_HEADER;
		if (more && (line.s[0] == ' ' || line.s[0] == '\t')) {
			buf_append(&field, line.s, line.len); /* folded */
			continue;
		}
		const char *colon = memchr(field.data, ':', field.len);
		if (colon) {
			size_t n = (size_t)(colon - field.data);
			colon += 1 + strspn(colon + 1, " \t");
			take_field(h, arena, field.data, n, colon);
		}
		buf_truncate(&field, 0);
		buf_append(&field, line.s, more ? line.len : 0);
	}
	buf_end(&field, &arena->failed);
}

static bool mhtml_is_type(const struct header *h, const char *type)
{
	return h->type && strncasecmp(h->type, type, strlen(type)) == 0;
}

bool mhtml_is(const char *bytes, size_t size)
{
	struct header h;
	struct arena arena = ARENA_INIT;
	struct bytes part = {bytes, size}, first = part;
	/* An archive begins with "From:", "MIME-Version:" or another field. */
	struct bytes line;
	const char *colon = next_line(&first, &line) ? memchr(line.s, ':', line.len) : NULL;
	size_t name = colon ? (size_t)(colon - line.s) : 0;
	for (size_t i = 0; i < name; i++)
		if (!ascii_is_alpha(line.s[i]) && line.s[i] != '-')
			return false;
	if (name == 0)
		return false;
	read_header(&h, &arena, &part);
	bool is = mhtml_is_type(&h, "multipart/related") && h.boundary;
	arena_release(&arena);
	return is;
}

/* --- Encodings (RFC 2045 section 6) --- */

static void decode_quoted(struct buf *out, struct bytes in)
{
	struct bytes line;
	while (next_line(&in, &line)) {
		while (line.len && (line.s[line.len - 1] == ' ' || line.s[line.len - 1] == '\t'))
			line.len--;
		bool soft = line.len && line.s[line.len - 1] == '=';
		line.len -= soft;
		for (size_t i = 0; i < line.len;) {
			const char *equals = memchr(line.s + i, '=', line.len - i);
			size_t end = equals ? (size_t)(equals - line.s) : line.len;
			buf_append(out, line.s + i, end - i);
			i = end;
			if (!equals)
				break;
			bool full = i + 2 < line.len;
			int high = full ? ascii_hex_value(line.s[i + 1]) : -1;
			int low = full ? ascii_hex_value(line.s[i + 2]) : -1;
			if (high >= 0 && low >= 0) {
				buf_putc(out, (char)(high * 16 + low));
				i += 3;
			} else {
				buf_putc(out, line.s[i++]);
			}
		}
		if (!soft)
			buf_putc(out, '\n');
	}
}

static void decode_base64(struct buf *out, struct bytes in)
{
	unsigned bits = 0, count = 0;
	buf_reserve(out, in.len / 4 * 3);
	for (size_t i = 0; i < in.len && in.s[i] != '='; i++) {
		char c = in.s[i];
		unsigned value = c >= 'A' && c <= 'Z'   ? (unsigned)(c - 'A')
				 : c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 26
				 : ascii_is_digit(c)    ? (unsigned)(c - '0') + 52
				 : c == '+'             ? 62
				 : c == '/'             ? 63
							: 64;
		if (value == 64)
			continue;
		bits = bits << 6 | value;
		if (++count % 4 == 0) {
			const char three[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
			buf_append(out, three, 3);
		}
	}
	if (count % 4 >= 2)
		buf_putc(out, (char)(count % 4 == 3 ? bits >> 10 : bits >> 4));
	if (count % 4 == 3)
		buf_putc(out, (char)(bits >> 2));
}

/* What the part holds, in the arena; NUL-terminated beyond its size. */
static struct bytes decode(struct arena *arena, const struct header *h, struct bytes in)
{
	struct buf out = BUF_INIT;
	bool quoted = h->encoding && strcasecmp(h->encoding, "quoted-printable") == 0;
	if (quoted)
		decode_quoted(&out, in);
	else if (h->encoding && strcasecmp(h->encoding, "base64") == 0)
		decode_base64(&out, in);
	else
		buf_append(&out, in.s, in.len);
	arena->failed |= out.failed;
	struct bytes copy = {arena_dupn(arena, out.data, out.len), out.len};
	buf_release(&out);
	return copy;
}

/* --- Parts --- */

static void add_part(struct reader *r, const char *url, struct bytes content)
{
	struct part *part = url ? ARENA_PUSH(&r->a->arena, r->a->parts) : NULL;
	if (part)
		*part = (struct part){(char *)(uintptr_t)url, content.s, content.len};
}

/* The page is the part that `start` names, else the first that is HTML. */
static void take_leaf(struct reader *r, const struct header *h, struct bytes body)
{
	struct arena *arena = &r->a->arena;
	bool html = mhtml_is_type(h, "text/html") || mhtml_is_type(h, "application/xhtml+xml");
	bool start = html && r->start && h->id && strcmp(r->start, h->id) == 0;
	if (html && (start ? !r->found_start : !r->found)) {
		struct bytes content = decode(arena, h, body);
		const char *date = r->page->date;
		*r->page =
			(struct mhtml_page){content.s, content.len, h->charset, h->location, date};
		r->found = true;
		r->found_start = start;
	} else if (mhtml_is_type(h, "image/") || mhtml_is_type(h, "application/octet-stream")) {
		struct bytes content = decode(arena, h, body);
		add_part(r, h->location, content);
		if (h->id)
			add_part(r, arena_printf(arena, "cid:%s", h->id), content);
	}
}

static void read_part(struct reader *r, struct bytes part, int nested);

/* The parts between the lines that the boundary makes (RFC 2046 section 5.1.1). */
static void read_multipart(struct reader *r, const char *boundary, struct bytes body, int nested)
{
	size_t len = strlen(boundary);
	const char *end = body.s + body.len, *part = NULL;
	for (const char *s = body.s; s < end && r->parts < MAX_PARTS;) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		const char *next = eol ? eol + 1 : end;
		if ((size_t)(end - s) >= len + 2 && s[0] == '-' && s[1] == '-' &&
		    memcmp(s + 2, boundary, len) == 0) {
			if (part)
				read_part(r, (struct bytes){part, (size_t)(s - part)}, nested);
			part = next;
			if (next - s >= (ptrdiff_t)len + 4 && memcmp(s + 2 + len, "--", 2) == 0)
				return;
		}
		s = next;
	}
	if (part && part < end && r->parts < MAX_PARTS)
		read_part(r, (struct bytes){part, (size_t)(end - part)}, nested);
}

static void read_part(struct reader *r, struct bytes part, int nested)
{
	struct header h;
	r->parts++;
	read_header(&h, &r->a->arena, &part);
	if (nested == 0) {
		r->start = h.start;
		r->page->date = h.date;
	}
	if (mhtml_is_type(&h, "multipart/") && h.boundary && nested < MAX_NESTED)
		read_multipart(r, h.boundary, part, nested + 1);
	else
		take_leaf(r, &h, part);
	/* The whole says where it is from where the page does not. */
	if (nested == 0 && !r->page->url)
		r->page->url = h.location;
}

/* Parts of a page that was a file on somebody's disk: their names from the page's folder on, as it
 * refers to them. */
static void strip_folder(struct article *a, const char *page)
{
	const char *slash = page ? strrchr(page, '/') : NULL;
	if (!slash || strncasecmp(page, "file:", 5) != 0)
		return;
	size_t len = (size_t)(slash + 1 - page);
	for (size_t i = 0; i < a->parts.count; i++)
		if (strncmp(a->parts.items[i].url, page, len) == 0)
			a->parts.items[i].url += len;
}

int mhtml_read(struct article *a, const char *bytes, size_t size, struct mhtml_page *page,
	       struct chapbook_error *err)
{
	struct reader r = {.a = a, .page = page};
	*page = (struct mhtml_page){0};
	read_part(&r, (struct bytes){bytes, size}, 0);
	if (a->arena.failed)
		return error_memory(err);
	if (!r.found)
		return error_set(err, CHAPBOOK_E_INPUT, "this web archive has no page");
	strip_folder(a, page->url);
	return 0;
}
