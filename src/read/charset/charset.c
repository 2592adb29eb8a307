#include "read/charset/charset.h"

#include "base/error.h"
#include "base/library.h"
#include "base/plural.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "read/charset/convert.h"
#include "read/charset/guess.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* The charset that a byte order mark says, and the mark's size (Unicode Standard, table 3-12). */
static const char *charset_of_bom(const char *bytes, size_t size, size_t *mark)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *charset;
	} boms[] = {
		{"\xEF\xBB\xBF", 3, "UTF-8"},    {"\xFF\xFE\0\0", 4, "UTF-32LE"},
		{"\0\0\xFE\xFF", 4, "UTF-32BE"}, {"\xFF\xFE", 2, "UTF-16LE"},
		{"\xFE\xFF", 2, "UTF-16BE"},
	};
	for (size_t i = 0; i < sizeof boms / sizeof *boms; i++)
		if (size >= boms[i].size && memcmp(bytes, boms[i].bytes, boms[i].size) == 0) {
			*mark = boms[i].size;
			return boms[i].charset;
		}
	*mark = 0;
	return NULL;
}

enum {
	SAMPLE = 64 * 1024, /* bytes that are inspected where a part says enough */
	NAME_SIZE = 64,     /* of a charset's name */
	CLEAN_ENOUGH = 4,   /* so many characters that are UTF-8 are not so by chance */
};

/* charset_fit.score: of what may be text, and of what surely is. */
#define MIN_SCORE  0.3
#define GOOD_SCORE 0.8

/* UTF-16 without a mark: in most texts one byte of each pair is often 0, the other hardly ever. */
static const char *charset_of_nuls(const char *bytes, size_t size)
{
	size_t nuls[2] = {0, 0}, n = (size < SAMPLE ? size : SAMPLE) & ~(size_t)1;
	for (size_t i = 0; i < n; i++)
		nuls[i & 1] += bytes[i] == 0;
	if (nuls[1] * 8 > n && nuls[0] * 16 < nuls[1])
		return "UTF-16LE";
	if (nuls[0] * 8 > n && nuls[1] * 16 < nuls[0])
		return "UTF-16BE";
	return NULL;
}

/* Bytes that no text has: NUL and most C0 controls, more than a few and than one in fifty. */
static bool is_binary(const char *bytes, size_t size)
{
	size_t controls = 0, n = size < SAMPLE ? size : SAMPLE;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];
		controls += c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' &&
			    c != '\v' && c != 0x1B;
	}
	return controls > 4 && controls * 50 > n;
}

/* Whether the bytes are UTF-8, but for a few that are broken. Plain ASCII is. */
static bool is_mostly_utf8(const char *bytes, size_t size)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < size;) {
		if ((unsigned char)bytes[i] < 0x80) {
			i++;
			continue;
		}
		uint32_t cp;
		size_t n = utf8_decode(bytes + i, size - i, &cp);
		if (cp == 0xFFFD && n < 3)
			bad++;
		else
			good++;
		i += n;
	}
	return bad == 0 || good > bad * 20;
}

struct uchardet_calls {
	void *(*make)(void);
	int (*handle)(void *, const char *, size_t);
	void (*end)(void *);
	const char *(*get)(void *);
	void (*drop)(void *);
};

/* Ask uchardet. Returns whether it could be asked; name[0] is NUL when it does not know. */
static bool ask_uchardet(const struct buf *sample, char *name, size_t name_size)
{
	static const struct library_symbol symbols[] = {
		{"uchardet_new", offsetof(struct uchardet_calls, make)},
		{"uchardet_handle_data", offsetof(struct uchardet_calls, handle)},
		{"uchardet_data_end", offsetof(struct uchardet_calls, end)},
		{"uchardet_get_charset", offsetof(struct uchardet_calls, get)},
		{"uchardet_delete", offsetof(struct uchardet_calls, drop)},
	};
	struct uchardet_calls u;
	void *library = library_open("libuchardet.so.0");
	name[0] = '\0';
	if (!library || !library_find(library, symbols, sizeof symbols / sizeof *symbols, &u))
		return false;
	void *detector = u.make();
	if (!detector)
		return false;
	bool asked = u.handle(detector, sample->data, sample->len) == 0;
	u.end(detector);
	const char *charset = asked ? u.get(detector) : "";
	if (strlen(charset) < name_size)
		memcpy(name, charset, strlen(charset) + 1);
	u.drop(detector);
	return asked;
}

/* U+2028 or U+2029 */
static bool is_separator(const char *s, const char *end)
{
	return end - s > 2 && s[1] == '\x80' && (s[2] == '\xA8' || s[2] == '\xA9');
}

/* Append `text` with CR LF, CR, form feed, vertical tab, U+2028 and U+2029 as LF. */
static void put_lines(struct buf *out, const char *text, size_t len)
{
	const char *p = text, *end = text + len, *start = p;
	buf_reserve(out, len);
	for (; p < end; p++) {
		size_t skip;
		if (*p == '\r')
			skip = end - p > 1 && p[1] == '\n' ? 2 : 1;
		else if (*p == '\f' || *p == '\v')
			skip = 1;
		else if (*p == '\xE2' && is_separator(p, end))
			skip = 3;
		else
			continue;
		buf_append(out, start, (size_t)(p - start));
		buf_putc(out, '\n');
		start = p + skip;
		p = start - 1;
	}
	buf_append(out, start, (size_t)(end - start));
}

/* Whether put_lines() has anything to do. */
static bool has_odd_lines(const char *text, size_t len)
{
	const char *end = text + len, *s = text;
	if (memchr(text, '\r', len) || memchr(text, '\f', len) || memchr(text, '\v', len))
		return true;
	while ((s = memchr(s, '\xE2', (size_t)(end - s))) != NULL)
		if (is_separator(s++, end))
			return true;
	return false;
}

/* What iconv calls the charset of this label: assets/charsets.tsv. In `name`, when it is not the
 * label itself. */
static const char *charset_of_label(const char *label, char *name, size_t name_size)
{
	struct tsv table = tsv_open("assets/charsets.tsv");
	struct cell row[2], item;
	while (tsv_next(&table, row, 2)) {
		while (cell_item(&row[1], '|', &item)) {
			if (item.len != strlen(label) ||
			    strncasecmp(item.s, label, item.len) != 0 || row[0].len >= name_size)
				continue;
			memcpy(name, row[0].s, row[0].len);
			name[row[0].len] = '\0';
			return name;
		}
	}
	return label;
}

/* What decide() works on. */
struct decision {
	const char *bytes;
	size_t size;
	bool clean; /* it is UTF-8 */
	const struct charset_hints *hints;
	struct charset_sample sample; /* taken when needed: see sample_of() */
	bool sampled;
	struct diag *diag;
	char *name; /* of the charset: NAME_SIZE bytes */
};

static const struct charset_sample *sample_of(struct decision *d)
{
	if (!d->sampled)
		charset_sample_take(&d->sample, d->bytes, d->size, d->hints->page);
	d->sampled = true;
	d->sample.language = d->hints->language;
	return &d->sample;
}

/* Whether the bytes may be in the charset that a server or a page declares. A page may have been
 * stored in UTF-8 without its saying so; and one that declares UTF-8 may be anything. */
static bool is_believable(struct decision *d, const char *charset)
{
	size_t wide = 0;
	if (strcasecmp(charset, "UTF-8") == 0)
		return d->clean || is_mostly_utf8(d->bytes, d->size);
	if (charset_unit(charset) > 1)
		return false; /* or it could not have been read */
	for (size_t i = 0; d->clean && i < d->size; i++)
		wide += (unsigned char)d->bytes[i] >= 0xC0;
	if (d->clean && (wide == 0 || wide >= CLEAN_ENOUGH))
		return false;
	if (d->clean && charset_fit(sample_of(d), charset).score < MIN_SCORE)
		return false;
	iconv_t cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

/* Where a text does not read in the charset that the server alone declares, in d->name, and reads
 * well in another one, take that. */
static void doubt_server(struct decision *d, const char *label)
{
	struct charset_fit best, server = charset_fit(sample_of(d), d->name);
	char name[NAME_SIZE];
	if (server.score >= MIN_SCORE)
		return;
	charset_guess(sample_of(d), name, sizeof name, &best);
	if (!name[0] || best.score < GOOD_SCORE || best.score <= server.score + MIN_SCORE)
		return;
	diag_add(d->diag, DIAG_CHARSET_WRONG, 0,
		 "the server declares charset %.40s, but the text is not in it; %s is used", label,
		 name);
	memcpy(d->name, name, sizeof name);
}

/* The declared charset to take, of the server's and the page's own; NULL: neither. */
static const char *choose_declared(struct decision *d)
{
	const char *labels[] = {d->hints->server, d->hints->page_label}, *found[2] = {NULL, NULL};
	char names[2][NAME_SIZE];
	for (int i = 0; i < 2; i++) {
		if (!labels[i] || !labels[i][0])
			continue;
		const char *charset = charset_of_label(labels[i], names[i], NAME_SIZE);
		if (is_believable(d, charset))
			found[i] = charset;
	}
	int taken = found[0] ? 0 : 1;
	if (found[0] && found[1] && !d->clean && strcasecmp(found[0], found[1]) != 0) {
		struct charset_fit server = charset_fit(sample_of(d), found[0]);
		struct charset_fit own = charset_fit(sample_of(d), found[1]);
		if (own.score >= GOOD_SCORE && own.score > server.score + MIN_SCORE) {
			taken = 1;
			diag_add(d->diag, DIAG_CHARSET_WRONG, 0,
				 "the server declares charset %.40s, but the text is in %.40s, as "
				 "the page declares",
				 labels[0], labels[1]);
		}
	}
	if (!found[taken] || strlen(found[taken]) >= NAME_SIZE)
		return NULL;
	memcpy(d->name, found[taken], strlen(found[taken]) + 1);
	if (!d->clean && !found[1])
		doubt_server(d, labels[0]);
	return d->name;
}

/* Guess, from the bytes alone. */
static const char *guess(struct decision *d)
{
	struct charset_fit fit;
	const char *wide = charset_of_nuls(d->bytes, d->size);
	if (wide) {
		diag_add(d->diag, DIAG_GUESS_CHARSET, 0,
			 "charset %s: one byte of every two is often 0, and no byte order mark",
			 wide);
		return wide;
	}
	if (is_mostly_utf8(d->bytes, d->size))
		return "UTF-8";
	charset_guess(sample_of(d), d->name, NAME_SIZE, &fit);
	if (d->name[0]) {
		diag_add(d->diag, DIAG_GUESS_CHARSET, 0,
			 "charset %s: not UTF-8, and this one fits best%s%s", d->name,
			 fit.tag ? ", with words of language " : "", fit.tag ? fit.tag : "");
		return d->name;
	}
	bool asked = ask_uchardet(&sample_of(d)->bytes, d->name, NAME_SIZE);
	if (d->name[0]) {
		diag_add(d->diag, DIAG_GUESS_CHARSET, 0,
			 "charset %s: not UTF-8, and uchardet recognises it", d->name);
		return d->name;
	}
	diag_add(d->diag, DIAG_GUESS_CHARSET, 0, "charset windows-1252: not UTF-8, and %s",
		 asked ? "uchardet does not recognise it" : "libuchardet is not installed");
	return "windows-1252";
}

/* Decide which charset the bytes are in. Static, one of the hints, or in d->name. */
static const char *decide(struct decision *d)
{
	if (d->hints->given)
		return charset_of_label(d->hints->given, d->name, NAME_SIZE);
	const char *declared = choose_declared(d);
	if (declared)
		return declared;
	if (d->clean || (!memchr(d->bytes, 0, d->size < SAMPLE ? d->size : SAMPLE) &&
			 is_mostly_utf8(d->bytes, d->size)))
		return "UTF-8";
	return guess(d);
}

int charset_decode(struct buf *out, const char *bytes, size_t size,
		   const struct charset_hints *hints, struct diag *diag, struct chapbook_error *err)
{
	size_t mark, start = out->len;
	char name[NAME_SIZE] = "";
	struct buf converted = BUF_INIT, lines = BUF_INIT;
	int result = -1;
	long replaced = 0;

	const char *marked = charset_of_bom(bytes, size, &mark);
	bytes += mark;
	size -= mark;
	bool clean = utf8_is_clean(bytes, size);
	struct decision decision = {.bytes = bytes,
				    .size = size,
				    .clean = clean,
				    .hints = hints,
				    .diag = diag,
				    .name = name};
	const char *charset = marked ? marked : decide(&decision);
	if (decision.sampled)
		charset_sample_release(&decision.sample);
	bool utf8 = strcasecmp(charset, "UTF-8") == 0 || strcasecmp(charset, "UTF8") == 0 ||
		    strcasecmp(charset, "ASCII") == 0 || strcasecmp(charset, "US-ASCII") == 0;
	if (!clean && strncasecmp(charset, "UTF-16", 6) != 0 &&
	    strncasecmp(charset, "UTF-32", 6) != 0 && is_binary(bytes, size)) {
		error_set(err, CHAPBOOK_E_INPUT,
			  "this is binary data, not text: give a text, a Markdown file or a "
			  "web page");
		goto out;
	}
	if (!utf8) {
		replaced = charset_convert(&converted, bytes, size, charset);
		if (replaced < 0) {
			error_set(err, CHAPBOOK_E_USAGE, "no such charset: %s", charset);
			goto out;
		}
		if (converted.failed)
			goto out;
		bytes = converted.data;
		size = converted.len;
	}
	if (has_odd_lines(bytes, size)) {
		put_lines(&lines, bytes, size);
		if (lines.failed)
			goto out;
		bytes = lines.data;
		size = lines.len;
	}
	if (utf8 && clean)
		buf_append(out, bytes, size);
	else
		replaced += (long)utf8_clean(out, bytes, size);
	if (replaced)
		diag_add(diag, DIAG_BYTES_REPLACED, 0,
			 "%ld %s not valid in %s %s replaced or dropped; --charset names another "
			 "charset",
			 replaced,
			 plural((unsigned long long)replaced, "byte or character",
				"bytes or characters"),
			 charset, plural((unsigned long long)replaced, "was", "were"));
	result = 0;
out:
	if (out->failed || converted.failed || lines.failed)
		result = error_memory(err);
	if (result < 0)
		buf_truncate(out, start);
	buf_release(&converted);
	buf_release(&lines);
	return result;
}
