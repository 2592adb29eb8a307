#include "source/tags.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"

#include <libxml/HTMLparser.h>
#include <string.h>

enum { MAX_TAG = 4 << 20, MAX_REFERENCE = 32, TAG_BLOCK = 32768 };

struct tag_reader {
	const struct html_events *events;
	struct buf pending; /* read, and not passed on yet */
	struct buf decoded;
	struct arena arena; /* of a tag */
	bool ended;         /* nothing follows the pending bytes */
};

/* --- Character references (HTML Living Standard, section 13.2.5.72) --- */

static uint32_t reference_number(const char *s, size_t len)
{
	bool hex = len > 1 && (s[0] == 'x' || s[0] == 'X');
	uint32_t n = 0;
	for (size_t i = hex; i < len; i++) {
		int digit = ascii_hex_value((unsigned char)s[i]);
		if (digit < 0 || (!hex && digit > 9) || n > 0x10FFFF)
			return 0;
		n = n * (hex ? 16 : 10) + (uint32_t)digit;
	}
	uint32_t mapped = n >= 0x80 && n < 0xA0 ? utf8_windows_1252(n) : n;
	return n > 0x10FFFF || (n >= 0xD800 && n < 0xE000) ? 0 : mapped;
}

/* Append what the reference at `s` stands for. Returns its length; 0: it is none. */
static size_t put_char_reference(struct buf *out, const char *s, size_t len)
{
	char name[MAX_REFERENCE];
	size_t n = 1;
	while (n < len && n < sizeof name && (ascii_is_alnum((unsigned char)s[n]) || s[n] == '#'))
		n++;
	if (n < 2 || n >= sizeof name)
		return 0;
	memcpy(name, s + 1, n - 1);
	name[n - 1] = '\0';
	const htmlEntityDesc *entity = name[0] == '#' ? NULL : htmlEntityLookup((xmlChar *)name);
	uint32_t cp = name[0] == '#' ? reference_number(name + 1, n - 2)
		      : entity       ? entity->value
				     : 0;
	if (strcmp(name, "apos") == 0)
		cp = '\'';
	if (cp == 0 || (!entity && name[0] != '#' && cp != '\''))
		return 0;
	buf_put_utf8(out, cp);
	return n + (n < len && s[n] == ';');
}

static void put_decoded(struct buf *out, const char *s, size_t len)
{
	size_t start = out->len;
	for (size_t i = 0; i < len;) {
		size_t n = s[i] == '&' ? put_char_reference(out, s + i, len - i) : 0;
		if (n == 0) {
			const char *next = memchr(s + i + 1, '&', len - i - 1);
			n = next ? (size_t)(next - s) - i : len - i;
			buf_append(out, s + i, n);
		}
		i += n;
	}
	/* A reference may stand for a character that no book may have. */
	if (!out->failed && !utf8_is_clean(out->data + start, out->len - start)) {
		struct buf clean = BUF_INIT;
		utf8_clean(&clean, out->data + start, out->len - start);
		buf_truncate(out, start);
		buf_append(out, clean.data, clean.len);
		out->failed |= clean.failed;
		buf_release(&clean);
	}
}

/* --- Tags --- */

static char *small_letters(struct arena *arena, const char *s, size_t len)
{
	char *copy = arena_dupn(arena, s, len);
	for (size_t i = 0; copy && i < len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + 'a' - 'A');
	return copy;
}

static size_t skip_tag_space(const char *s, size_t at, size_t len)
{
	while (at < len && (ascii_is_html_space((unsigned char)s[at]) || s[at] == '/'))
		at++;
	return at;
}

static size_t skip_attribute_name(const char *s, size_t at, size_t len)
{
	while (at < len && !ascii_is_html_space((unsigned char)s[at]) && s[at] != '=' &&
	       s[at] != '/')
		at++;
	return at;
}

/* Read an attribute's value behind its "=". Returns where it ends. */
static size_t read_attribute_value(struct tag_reader *r, const char *s, size_t at, size_t len,
				   const char **value)
{
	while (at < len && ascii_is_html_space((unsigned char)s[at]))
		at++;
	char quote = at < len && (s[at] == '"' || s[at] == '\'') ? s[at] : '\0';
	size_t start = at + (quote != '\0'), end = start;
	while (end < len && (quote ? s[end] != quote : !ascii_is_html_space((unsigned char)s[end])))
		end++;
	buf_truncate(&r->decoded, 0);
	put_decoded(&r->decoded, s + start, end - start);
	*value = arena_dup(&r->arena, r->decoded.data);
	return end + (quote && end < len);
}

/* `s`: what is between < and >. */
static void pass_tag(struct tag_reader *r, const char *s, size_t len)
{
	struct html_tag tag = {.is_end = len && s[0] == '/'};
	size_t start = tag.is_end, at = skip_attribute_name(s, start, len);
	arena_release(&r->arena);
	tag.name = small_letters(&r->arena, s + start, at - start);
	while ((at = skip_tag_space(s, at, len)) < len && tag.count < MAX_TAG_ATTRIBUTES) {
		size_t name = at;
		at = skip_attribute_name(s, at, len);
		at += at == name; /* "=" without a name */
		tag.attributes[tag.count].name = small_letters(&r->arena, s + name, at - name);
		tag.attributes[tag.count].value = "";
		size_t mark = at;
		while (mark < len && ascii_is_html_space((unsigned char)s[mark]))
			mark++;
		if (mark < len && s[mark] == '=')
			at = read_attribute_value(r, s, mark + 1, len,
						  &tag.attributes[tag.count].value);
		tag.count++;
	}
	if (!r->arena.failed && !r->decoded.failed)
		r->events->tag(r->events->ctx, &tag);
}

/* Where the tag at `s` ends, behind its ">"; 0: not in these bytes. Quoted values may have a ">".
 */
static size_t end_of_tag(const char *s, size_t len)
{
	char quote = '\0', before = '\0';
	for (size_t i = 1; i < len; i++) {
		if (quote) {
			quote = s[i] == quote ? '\0' : quote;
		} else if ((s[i] == '"' || s[i] == '\'') && before == '=') {
			quote = s[i];
		} else if (s[i] == '>') {
			return i + 1;
		}
		before = ascii_is_html_space((unsigned char)s[i]) ? before : s[i];
	}
	return 0;
}

/* The length of what begins with "<" at `s`; 0: it has no end yet. */
static size_t pass_markup(struct tag_reader *r, const char *s, size_t len)
{
	bool is_tag = len > 1 && (ascii_is_alpha((unsigned char)s[1]) ||
				  (s[1] == '/' && len > 2 && ascii_is_alpha((unsigned char)s[2])));
	if (len < 4 && !r->ended)
		return 0;
	if (len >= 4 && memcmp(s, "<!--", 4) == 0) {
		const char *end = memmem(s + 4, len - 4, "-->", 3);
		return end ? (size_t)(end - s) + 3 : 0;
	}
	if (len > 1 && (s[1] == '!' || s[1] == '?')) {
		const char *end = memchr(s, '>', len);
		return end ? (size_t)(end - s) + 1 : 0;
	}
	if (!is_tag) {
		r->events->text(r->events->ctx, "<", 1);
		return 1;
	}
	size_t end = end_of_tag(s, len);
	if (end)
		pass_tag(r, s + 1, end - 2);
	return end;
}

static void pass_text(struct tag_reader *r, const char *s, size_t len)
{
	buf_truncate(&r->decoded, 0);
	put_decoded(&r->decoded, s, len);
	r->events->text(r->events->ctx, r->decoded.data, r->decoded.len);
}

/* How much of a text that may continue has no character or reference that is cut off. */
static size_t whole_text(const char *s, size_t len)
{
	size_t n = len > TAG_BLOCK ? len : 0;
	size_t tail = n < MAX_REFERENCE ? n : MAX_REFERENCE;
	const char *reference = tail ? memrchr(s + n - tail, '&', tail) : NULL;
	if (reference)
		n = (size_t)(reference - s);
	while (n && n < len && ((unsigned char)s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

/* Pass on what is whole. Returns how many bytes that was. */
static size_t pass_pending(struct tag_reader *r)
{
	const char *s = r->pending.data;
	size_t len = r->pending.len, at = 0;
	while (at < len && !r->events->stopped(r->events->ctx)) {
		const char *mark = memchr(s + at, '<', len - at);
		size_t n = mark ? (size_t)(mark - s) - at : len - at;
		if (!mark && !r->ended)
			n = whole_text(s + at, n);
		if (n)
			pass_text(r, s + at, n);
		at += n;
		if (!mark)
			return at;
		n = pass_markup(r, s + at, len - at);
		if (n == 0)
			return at;
		at += n;
	}
	return at;
}

int html_read_tags(struct source_text *text, const struct html_events *events,
		   struct chapbook_error *err)
{
	struct tag_reader r = {.events = events, .pending = BUF_INIT, .decoded = BUF_INIT};
	char block[TAG_BLOCK];
	int rc = 0;
	while (rc == 0 && !r.ended && !events->stopped(events->ctx)) {
		long n = text->bytes.read(&text->bytes, block, sizeof block, err);
		if (n > 0)
			buf_append(&r.pending, block, (size_t)n);
		r.ended = n == 0;
		size_t used = n < 0 ? 0 : pass_pending(&r), left = r.pending.len - used;
		memmove(r.pending.data, r.pending.data + used, left);
		buf_truncate(&r.pending, left);
		if (n < 0)
			rc = -1;
		else if (left > MAX_TAG)
			rc = error_set(err, CHAPBOOK_E_LIMIT, "%s: a tag of more than %d MB",
				       text->bytes.name, MAX_TAG >> 20);
		else if (r.pending.failed || r.decoded.failed || r.arena.failed)
			rc = error_memory(err);
	}
	buf_release(&r.pending);
	buf_release(&r.decoded);
	arena_release(&r.arena);
	return rc;
}
