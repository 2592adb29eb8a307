/* What a style sheet refers to, in the book: a scan of CSS (Syntax Level 3, section 4) that copies
 * all but the addresses. */
#include "job/style.h"

#include "article/url.h"
#include "base/ascii.h"
#include "base/error.h"

#include <string.h>
#include <strings.h>

enum statement { STATEMENT_OTHER, STATEMENT_IMPORT, STATEMENT_NAMESPACE };

struct rewrite {
	struct style_files *files;
	const struct style_sheet *sheet;
	const char *s, *end;
	int line;
	struct buf *out;
	struct chapbook_error *err;
	/* Offsets into `out`. */
	size_t start; /* of the statement: a declaration or an at-rule */
	size_t part;  /* of the part of the declaration's list, with its comma */
	enum statement kind;
	bool in_value; /* of a declaration, behind its colon */
	bool drop;     /* the part, or the at-rule, has an address that leads nowhere */
	bool dropped;  /* a part was */
	size_t kept;   /* parts */
	size_t open;   /* brackets */
	size_t blocks; /* braces */
};

static bool rewrite_is_name(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* Take what is written behind an offset back, but for its line ends. */
static void take_back(struct rewrite *w, size_t offset)
{
	size_t lines = 0;
	for (size_t i = offset; i < w->out->len; i++)
		lines += w->out->data[i] == '\n';
	buf_truncate(w->out, offset);
	while (lines--)
		buf_putc(w->out, '\n');
}

static void copy_to(struct rewrite *w, const char *to)
{
	for (const char *s = w->s; s < to; s++)
		w->line += *s == '\n';
	buf_append(w->out, w->s, (size_t)(to - w->s));
	w->s = to;
}

/* The end of the string that starts at `s`: behind its quote, or at the end of its line. */
static const char *rewrite_string_end(const char *s, const char *end)
{
	char quote = *s++;
	while (s < end && *s != quote && *s != '\n')
		s += *s == '\\' && s + 1 < end ? 2 : 1;
	return s < end && *s == quote ? s + 1 : s;
}

/* A part of a declaration's list ends. */
static void end_part(struct rewrite *w)
{
	if (w->drop)
		take_back(w, w->part);
	w->dropped |= w->drop;
	w->kept += !w->drop;
	w->drop = false;
}

/* A statement ends; returns whether it is still there. */
static bool end_statement(struct rewrite *w)
{
	bool gone = w->kind == STATEMENT_IMPORT && w->drop;
	if (w->in_value) {
		end_part(w);
		gone = w->dropped && w->kept == 0;
	}
	if (gone)
		take_back(w, w->start);
	return !gone;
}

static void start_statement(struct rewrite *w)
{
	w->start = w->part = w->out->len;
	w->kind = STATEMENT_OTHER;
	w->in_value = w->drop = w->dropped = false;
	w->kept = w->open = 0;
}

/* --- Addresses --- */

/* Report what is left out; an error where the caller named the sheet and `fatal`. */
static int leave_out(struct rewrite *w, const char *ref, const char *why, bool fatal)
{
	w->drop = true;
	if (fatal && w->sheet->given)
		return error_set(w->err, CHAPBOOK_E_INPUT, "%s:%d: %.200s: %s", w->sheet->origin,
				 w->line, ref, why);
	diag_add(w->files->diag, DIAG_STYLE_FILE, 0, "css: %s:%d: %.200s: %s: left out",
		 w->sheet->origin, w->line, ref, why);
	return 0;
}

/* An address of `len` bytes; writes url(FILE), or what the sheet has from w->s to `after`. */
static int rewrite_address(struct rewrite *w, const char *text, size_t len, const char *after)
{
	struct buf ref = BUF_INIT;
	int rc = 0;
	for (const char *s = text; s < text + len; s++)
		if (*s != '\\' || s + 1 == text + len)
			buf_putc(&ref, *s);
	const char *name = ref.data;
	struct style_reference reference = {.url = name, .import = w->kind == STATEMENT_IMPORT};
	bool plain = ref.len == 0 || *name == '#' || strncasecmp(name, "data:", 5) == 0;
	if (ref.failed)
		rc = error_memory(w->err);
	else if (!plain && url_is_absolute(name))
		rc = leave_out(w, name,
			       "remote files cannot be in a book; save it beside the sheet", false);
	else if (!plain)
		rc = style_file_add(w->files, w->sheet, &reference, w->err);
	if (rc == 0 && reference.why)
		rc = leave_out(w, name, reference.why, true);
	buf_release(&ref);
	if (rc != 0)
		return -1;
	if (!reference.file) {
		copy_to(w, after);
		return 0;
	}
	buf_printf(w->out, "url(%s)", reference.file);
	for (; w->s < after; w->s++)
		w->line += *w->s == '\n';
	return 0;
}

/* "url(" at w->s. What is not closed is copied: the check reports it. */
static int rewrite_url(struct rewrite *w)
{
	const char *s = w->s + strlen("url("), *text, *end = w->end;
	size_t len;
	while (s < end && ascii_is_space(*s))
		s++;
	if (s < end && (*s == '"' || *s == '\'')) {
		const char *after = rewrite_string_end(s, end);
		text = s + 1;
		len = after > text && after[-1] == *s ? (size_t)(after - text) - 1 : 0;
		s = after;
	} else {
		const char *close = memchr(s, ')', (size_t)(end - s));
		text = s;
		s = close ? close : end;
		len = (size_t)(s - text);
		while (len > 0 && ascii_is_space(text[len - 1]))
			len--;
	}
	while (s < end && ascii_is_space(*s))
		s++;
	if (s < end && *s == ')' && len > 0 && w->kind != STATEMENT_NAMESPACE)
		return rewrite_address(w, text, len, s + 1);
	copy_to(w, s);
	return 0;
}

/* --- Tokens --- */

static int rewrite_name(struct rewrite *w)
{
	const char *name = w->s, *s = name + (*name == '@');
	while (s < w->end && rewrite_is_name(*s))
		s++;
	size_t len = (size_t)(s - name);
	if (len == 7 && strncasecmp(name, "@import", len) == 0)
		w->kind = STATEMENT_IMPORT;
	else if (len == 10 && strncasecmp(name, "@namespace", len) == 0)
		w->kind = STATEMENT_NAMESPACE;
	if (len == 3 && s < w->end && *s == '(' && strncasecmp(name, "url", len) == 0)
		return rewrite_url(w);
	copy_to(w, s > name ? s : name + 1);
	return 0;
}

static int rewrite_string(struct rewrite *w)
{
	const char *after = rewrite_string_end(w->s, w->end);
	bool closed = after > w->s + 1 && after[-1] == *w->s;
	if (w->kind == STATEMENT_IMPORT && w->open == 0 && closed)
		return rewrite_address(w, w->s + 1, (size_t)(after - w->s) - 2, after);
	copy_to(w, after);
	return 0;
}

static void put_mark(struct rewrite *w)
{
	char c = *w->s;
	bool outer = w->open == 0;
	w->open += c == '(' || c == '[';
	w->open -= (c == ')' || c == ']') && w->open > 0;
	if (c == ',' && outer && w->in_value) {
		end_part(w);
		w->part = w->out->len;
		if (w->kept == 0) {
			w->s++;
			return;
		}
	} else if (c == '}' || (c == ';' && outer)) {
		bool there = end_statement(w);
		w->blocks -= c == '}' && w->blocks > 0;
		if (c == ';' && !there) {
			w->s++;
			start_statement(w);
			return;
		}
	}
	copy_to(w, w->s + 1);
	if (c == ':' && outer && w->blocks > 0 && !w->in_value) {
		w->in_value = true;
		w->part = w->out->len;
	}
	w->blocks += c == '{';
	if (c == '{' || c == '}' || (c == ';' && outer))
		start_statement(w);
}

int style_rewrite(struct style_files *files, const struct style_sheet *sheet, const char *bytes,
		  size_t size, struct buf *out, struct chapbook_error *err)
{
	struct rewrite w = {.files = files,
			    .sheet = sheet,
			    .s = bytes,
			    .end = bytes + size,
			    .line = 1,
			    .out = out,
			    .err = err};
	int rc = 0;
	while (rc == 0 && w.s < w.end) {
		char c = *w.s;
		if (c == '/' && w.s + 1 < w.end && w.s[1] == '*') {
			const char *close = memmem(w.s + 2, (size_t)(w.end - w.s) - 2, "*/", 2);
			copy_to(&w, close ? close + 2 : w.end);
		} else if (c == '\\') {
			copy_to(&w, w.s + 1 < w.end ? w.s + 2 : w.end);
		} else if (c == '"' || c == '\'') {
			rc = rewrite_string(&w);
		} else if (c == '@' || rewrite_is_name(c)) {
			rc = rewrite_name(&w);
		} else {
			put_mark(&w);
		}
	}
	if (rc == 0)
		end_statement(&w);
	return rc == 0 && out->failed ? error_memory(err) : rc;
}
