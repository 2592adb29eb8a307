#include "read/charset.h"

#include "base/error.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* What is plainly not text, by its first bytes. */
static const struct {
	const char *bytes;
	size_t size;
	const char *what;
} magics[] = {
#define MAGIC(bytes, what)                                                                         \
	{                                                                                          \
		bytes, sizeof bytes - 1, what                                                      \
	}
	MAGIC("%PDF-", "a PDF file"),
	MAGIC("PK\3\4", "a ZIP file (or an office document, or an e-book)"),
	MAGIC("PK\5\6", "a ZIP file"),
	MAGIC("\x89PNG\r\n", "a PNG picture"),
	MAGIC("\xFF\xD8\xFF", "a JPEG picture"),
	MAGIC("GIF87a", "a GIF picture"),
	MAGIC("GIF89a", "a GIF picture"),
	MAGIC("\x1F\x8B", "a gzip file"),
	MAGIC("BZh", "a bzip2 file"),
	MAGIC("\xFD"
	      "7zXZ",
	      "an xz file"),
	MAGIC("\x28\xB5\x2F\xFD", "a Zstandard file"),
	MAGIC("7z\xBC\xAF", "a 7z file"),
	MAGIC("\x7F"
	      "ELF",
	      "a program"),
	MAGIC("\xD0\xCF\x11\xE0\xA1\xB1", "an old office document"),
	MAGIC("{\\rtf", "an RTF document"),
	MAGIC("OggS", "an Ogg file"),
	MAGIC("ID3", "an MP3 file"),
	MAGIC("SQLite format 3", "a database"),
#undef MAGIC
};

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

enum { SAMPLE = 64 * 1024 }; /* bytes that are looked at where a part says enough */

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

static bool load_symbol(void *library, const char *name, void *function, size_t size)
{
	void *symbol = dlsym(library, name);
	memcpy(function, &symbol, size);
	return symbol != NULL;
}

/* Ask uchardet. Returns whether it could be asked; name[0] is NUL when it does not know. */
static bool ask_uchardet(const char *bytes, size_t size, char *name, size_t name_size)
{
	void *(*make)(void);
	int (*handle)(void *, const char *, size_t);
	void (*end)(void *);
	const char *(*get)(void *);
	void (*drop)(void *);
	name[0] = '\0';
	void *library = dlopen("libuchardet.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	bool asked = false;
	if (load_symbol(library, "uchardet_new", &make, sizeof make) &&
	    load_symbol(library, "uchardet_handle_data", &handle, sizeof handle) &&
	    load_symbol(library, "uchardet_data_end", &end, sizeof end) &&
	    load_symbol(library, "uchardet_get_charset", &get, sizeof get) &&
	    load_symbol(library, "uchardet_delete", &drop, sizeof drop)) {
		void *detector = make();
		if (detector) {
			/* from the first byte that is not ASCII: what comes before tells nothing */
			size_t start = 0;
			while (start < size && (unsigned char)bytes[start] < 0x80)
				start++;
			start = start > 256 ? start - 256 : 0;
			size_t n = size - start < 4 * SAMPLE ? size - start : 4 * SAMPLE;
			asked = handle(detector, bytes + start, n) == 0;
			end(detector);
			const char *charset = asked ? get(detector) : "";
			if (strlen(charset) < name_size)
				memcpy(name, charset, strlen(charset) + 1);
			drop(detector);
		}
	}
	dlclose(library);
	return asked;
}

/* How many bytes a character takes at least. */
static size_t charset_unit(const char *charset)
{
	if (strncasecmp(charset, "UTF-16", 6) == 0 || strncasecmp(charset, "UCS-2", 5) == 0)
		return 2;
	if (strncasecmp(charset, "UTF-32", 6) == 0 || strncasecmp(charset, "UCS-4", 5) == 0)
		return 4;
	return 1;
}

/* Convert with iconv; what cannot be converted becomes U+FFFD, the shortest character at a time.
 * Returns how many did, or -1 when iconv does not know the charset. */
static long convert(struct buf *out, const char *bytes, size_t size, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return -1;
	char chunk[16 * 1024], *in = (char *)(uintptr_t)bytes; /* iconv() reads it only */
	size_t unit = charset_unit(charset);
	long replaced = 0;
	bool flushed = false;
	while (!flushed && !out->failed) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t done = size ? iconv(cd, &in, &size, &to, &room)
				   : iconv(cd, NULL, NULL, &to, &room);
		int why = done == (size_t)-1 ? errno : 0;
		buf_append(out, chunk, (size_t)(to - chunk));
		if (why == E2BIG)
			continue;
		if (why) { /* EILSEQ, or EINVAL: cut off at the end */
			buf_put_utf8(out, 0xFFFD);
			replaced++;
			size_t skip = unit < size ? unit : size;
			in += skip;
			size -= skip;
			iconv(cd, NULL, NULL, NULL, NULL);
		} else {
			flushed = size == 0;
			if (flushed) /* one more turn would write nothing: shift state is back */
				break;
		}
	}
	iconv_close(cd);
	return replaced;
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

/* Whether a text that says that it is in `charset` is so. A page may have been stored in UTF-8
 * without its saying so; and one that says UTF-8 may be anything. `clean`: it is UTF-8. */
static bool is_believable(const char *charset, const char *bytes, size_t size, bool clean)
{
	enum { ENOUGH = 4 };
	size_t wide = 0;
	if (strcasecmp(charset, "UTF-8") == 0)
		return clean || is_mostly_utf8(bytes, size);
	if (charset_unit(charset) > 1)
		return false; /* or it could not have been read */
	for (size_t i = 0; clean && i < size; i++)
		wide += (unsigned char)bytes[i] >= 0xC0;
	if (clean && (wide == 0 || wide >= ENOUGH))
		return false;
	iconv_t cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

/* Decide which charset the bytes are in. Static, or in `name`. */
static const char *decide(const char *bytes, size_t size, bool clean, const char *declared,
			  const char *says, struct diag *diag, char *name, size_t name_size)
{
	if (declared)
		return charset_of_label(declared, name, name_size);
	if (says && says[0]) {
		says = charset_of_label(says, name, name_size);
		if (is_believable(says, bytes, size, clean))
			return says;
	}
	if (clean ||
	    (!memchr(bytes, 0, size < SAMPLE ? size : SAMPLE) && is_mostly_utf8(bytes, size)))
		return "UTF-8";
	const char *wide = charset_of_nuls(bytes, size);
	if (wide) {
		diag_add(diag, DIAG_GUESS_CHARSET, 0,
			 "charset %s: one byte of every two is often 0, and no byte order mark",
			 wide);
		return wide;
	}
	if (is_mostly_utf8(bytes, size))
		return "UTF-8";
	bool asked = ask_uchardet(bytes, size, name, name_size);
	if (name[0]) {
		diag_add(diag, DIAG_GUESS_CHARSET, 0, "charset %s: not UTF-8, and uchardet says so",
			 name);
		return name;
	}
	diag_add(diag, DIAG_GUESS_CHARSET, 0, "charset windows-1252: not UTF-8, and %s",
		 asked ? "uchardet does not know" : "libuchardet is not installed to tell");
	return "windows-1252";
}

int charset_decode(struct buf *out, const char *bytes, size_t size, const char *charset,
		   const char *says, struct diag *diag, struct chapbook_error *err)
{
	size_t mark, start = out->len;
	char name[64];
	struct buf converted = BUF_INIT, lines = BUF_INIT;
	int result = -1;
	long replaced = 0;

	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (size >= magics[i].size && memcmp(bytes, magics[i].bytes, magics[i].size) == 0)
			return error_set(err, CHAPBOOK_E_INPUT, "this is %s, not text",
					 magics[i].what);
	const char *marked = charset_of_bom(bytes, size, &mark);
	bytes += mark;
	size -= mark;
	bool clean = utf8_is_clean(bytes, size);
	charset = marked ? marked
			 : decide(bytes, size, clean, charset, says, diag, name, sizeof name);
	bool utf8 = strcasecmp(charset, "UTF-8") == 0 || strcasecmp(charset, "UTF8") == 0 ||
		    strcasecmp(charset, "ASCII") == 0 || strcasecmp(charset, "US-ASCII") == 0;
	if (!clean && strncasecmp(charset, "UTF-16", 6) != 0 &&
	    strncasecmp(charset, "UTF-32", 6) != 0 && is_binary(bytes, size)) {
		error_set(err, CHAPBOOK_E_INPUT, "this is binary data, not text");
		goto out;
	}
	if (!utf8) {
		replaced = convert(&converted, bytes, size, charset);
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
			 "%ld %s that no text in %s has %s replaced or dropped", replaced,
			 replaced == 1 ? "byte or character" : "bytes or characters", charset,
			 replaced == 1 ? "was" : "were");
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
