#include "base/ascii.h"
#include "base/plural.h"
#include "read/sniff/parts.h"

#include <string.h>
#include <strings.h>

/* A format a row. What begins with printable characters must have others near, unless they are
 * more than a word: a text may begin with "ID3". A reader for a format replaces its row. */
static const struct {
	size_t at;         /* where the signature is */
	const char *magic; /* of bytes; NULL: of a text */
	size_t size;
	bool printable; /* the signature may begin a text */
	bool (*is)(const struct sniffed *s, struct buf *what);
	const char *what; /* NULL: is() says it */
	const char *advice;
} formats[] = {
#define BYTES(at, magic, printable, what, advice)                                                  \
	{                                                                                          \
		at, magic, sizeof magic - 1, printable, NULL, what, advice                         \
	}
#define TEXT(is, what, advice)                                                                     \
	{                                                                                          \
		0, NULL, 0, false, is, what, advice                                                \
	}
#define CONVERT "convert it to Markdown or HTML, for example with pandoc"
#define UNPACK  "unpack it and give the articles in it"
#define PICTURE "give it with --photo or --cover beside an article"
#define NO_TEXT "give a text, a Markdown file or a web page"
#define BOOK    "it is a book already"
	BYTES(0, "%PDF-", false, "a PDF file", "convert it to text, for example with pdftotext"),
	BYTES(0, "%!PS-", false, "a PostScript file",
	      "convert it to text, for example with ps2ascii"),
	BYTES(0, "{\\rtf", false, "an RTF document", CONVERT),
	BYTES(30, "mimetypeapplication/epub+zip", false, "an EPUB book",
	      "chapbook info and chapbook check read books"),
	BYTES(30, "mimetypeapplication/vnd.oasis.opendocument", false, "an OpenDocument file",
	      CONVERT),
	BYTES(30, "[Content_Types].xml", false, "an Office document (DOCX, XLSX or PPTX)", CONVERT),
	BYTES(30, "word/", false, "an Office document (DOCX)", CONVERT),
	BYTES(0, "PK\3\4", false, "a ZIP file (or an office document, or an e-book)", UNPACK),
	BYTES(0, "PK\5\6", false, "a ZIP file", UNPACK),
	BYTES(0, "\xD0\xCF\x11\xE0\xA1\xB1", false, "an old Office document (DOC, XLS or PPT)",
	      CONVERT),
	BYTES(60, "BOOKMOBI", false, "a MOBI or AZW3 book", BOOK),
	BYTES(60, "TEXtREAd", false, "a PalmDoc book", BOOK),
	BYTES(0, "\xEA\x44RMION", false, "a KFX book", BOOK),
	BYTES(0, "AT&TFORM", true, "a DjVu document", NO_TEXT),
	BYTES(0, "ITSF\3\0", false, "a CHM file", UNPACK),
	BYTES(0, "\x89PNG\r\n", false, "a PNG picture", PICTURE),
	BYTES(0, "\xFF\xD8\xFF", false, "a JPEG picture", PICTURE),
	BYTES(0, "GIF87a", true, "a GIF picture", PICTURE),
	BYTES(0, "GIF89a", true, "a GIF picture", PICTURE),
	BYTES(8, "WEBPVP8", false, "a WebP picture", PICTURE),
	BYTES(0, "II*\0", false, "a TIFF picture", PICTURE),
	BYTES(0, "MM\0*", false, "a TIFF picture", PICTURE),
	BYTES(0, "BM", true, "a BMP picture", PICTURE),
	BYTES(0, "8BPS\0", false, "a Photoshop picture", PICTURE),
	BYTES(0, "\0\0\1\0", false, "an icon", PICTURE),
	BYTES(4, "ftypavif", false, "an AVIF picture", PICTURE),
	BYTES(4, "ftypheic", false, "a HEIC picture", PICTURE),
	BYTES(4, "ftypmif1", false, "a HEIF picture", PICTURE),
	BYTES(4, "ftypM4A", false, "an M4A audio file", NO_TEXT),
	BYTES(4, "ftyp", false, "an MP4 video", NO_TEXT),
	BYTES(8, "WAVEfmt", false, "a WAV audio file", NO_TEXT),
	BYTES(8, "AVI LIST", false, "an AVI video", NO_TEXT),
	BYTES(0, "\x1A\x45\xDF\xA3", false, "a Matroska or WebM video", NO_TEXT),
	BYTES(0, "OggS\0", false, "an Ogg file", NO_TEXT),
	BYTES(0, "fLaC", true, "a FLAC audio file", NO_TEXT),
	BYTES(0, "ID3", true, "an MP3 file", NO_TEXT),
	BYTES(0, "\xFF\xFB", false, "an MP3 file", NO_TEXT),
	BYTES(0, "\x1F\x8B", false, "a gzip file", UNPACK),
	BYTES(0, "BZh", true, "a bzip2 file", UNPACK),
	BYTES(0, "\xFD\x37zXZ", false, "an xz file", UNPACK),
	BYTES(0, "\x28\xB5\x2F\xFD", false, "a Zstandard file", UNPACK),
	BYTES(0, "7z\xBC\xAF", false, "a 7z file", UNPACK),
	BYTES(0, "Rar!\x1A\7", false, "a RAR file", UNPACK),
	BYTES(0, "LZIP\1", false, "an lzip file", UNPACK),
	BYTES(0, "MSCF\0", false, "a cabinet file", UNPACK),
	BYTES(0, "!<arch>\n", false, "an archive of ar (or a Debian package)", UNPACK),
	BYTES(257, "ustar", false, "a tar file", UNPACK),
	BYTES(0, "\x7F\x45LF", false, "a program", NO_TEXT),
	BYTES(0, "MZ", true, "a program for Windows", NO_TEXT),
	BYTES(0, "\xCF\xFA\xED\xFE", false, "a program for macOS", NO_TEXT),
	BYTES(0, "\xCA\xFE\xBA\xBE", false, "a program for Java or macOS", NO_TEXT),
	BYTES(0, "\0asm", false, "a WebAssembly program", NO_TEXT),
	BYTES(0, "SQLite format 3\0", false, "an SQLite database", NO_TEXT),
	BYTES(0, "PAR1", true, "a Parquet file", NO_TEXT),
	BYTES(0, "wOF2", true, "a font", NO_TEXT),
	BYTES(0, "wOFF", true, "a font", NO_TEXT),
	BYTES(0, "OTTO\0", false, "a font", NO_TEXT),
	BYTES(0, "\0\1\0\0\0", false, "a font", NO_TEXT),
	TEXT(sniff_xml, NULL, NULL),
	TEXT(sniff_json, NULL, NO_TEXT),
	TEXT(sniff_json_lines, NULL, NO_TEXT),
	TEXT(sniff_mailbox, NULL, "save the messages you want as text or HTML"),
	TEXT(sniff_mail, "a mail message", "save it as text or HTML"),
	TEXT(sniff_tex, NULL, CONVERT),
	TEXT(sniff_code, NULL, "use -f text to have it as text"),
	TEXT(sniff_table, NULL, "use -f text to have it as text"),
#undef BYTES
#undef TEXT
};

enum { FORMATS = sizeof formats / sizeof *formats };

static void put_advice(struct buf *what, size_t row)
{
	if (formats[row].what)
		buf_puts(what, formats[row].what);
	if (formats[row].advice)
		buf_printf(what, ": %s", formats[row].advice);
}

/* Whether there is a byte near the beginning that no text has. */
static bool has_control(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && i < 64; i++)
		if ((unsigned char)bytes[i] < 0x20 && !strchr("\t\n\f\r\x1B", bytes[i]))
			return true;
	return memchr(bytes, 0, size < 64 ? size : 64) != NULL;
}

bool sniff_bytes(const char *bytes, size_t size, struct buf *what)
{
	for (size_t i = 0; i < FORMATS; i++) {
		size_t at = formats[i].at;
		if (!formats[i].magic || size < at + formats[i].size ||
		    memcmp(bytes + at, formats[i].magic, formats[i].size) != 0 ||
		    (formats[i].printable && !has_control(bytes, size)))
			continue;
		buf_puts(what, "this is ");
		put_advice(what, i);
		return true;
	}
	return false;
}

/* The extension of a file's name or of an address's path; compression does not count. */
static void find_extension(const char *name, char extension[16])
{
	extension[0] = '\0';
	size_t len = name ? strlen(name) : 0;
	const char *scheme = name ? strstr(name, "://") : NULL;
	if (scheme) {
		const char *path = strchr(scheme + 3, '/');
		if (!path)
			return;
		name = path;
		len = strcspn(path, "?#");
	}
	if (len > 3 && strncasecmp(name + len - 3, ".gz", 3) == 0)
		len -= 3;
	size_t n = 0;
	while (n < len && name[len - n - 1] != '.' && name[len - n - 1] != '/')
		n++;
	if (n == 0 || n >= 15 || n + 1 >= len || name[len - n - 1] != '.')
		return;
	for (size_t i = 0; i < n; i++)
		extension[i] = name[len - n + i];
	extension[n] = '\0';
}

bool sniff_text(const char *name, const char *text, size_t len, struct buf *what)
{
	char extension[16];
	struct sniffed s = {text, text + len, extension};
	find_extension(name, extension);
	while (s.text < s.end && strchr(" \t\n\r", *s.text))
		s.text++;
	size_t start = what->len;
	for (size_t i = 0; i < FORMATS && s.text < s.end; i++) {
		if (!formats[i].is)
			continue;
		buf_puts(what, "this is ");
		if (formats[i].is(&s, what)) {
			put_advice(what, i);
			return true;
		}
		buf_truncate(what, start);
	}
	return false;
}

/* --- For those that recognise --- */

size_t sniff_count(const struct sniffed *s, const char *word)
{
	size_t count = 0, n = strlen(word);
	for (const char *p = s->text; (p = memmem(p, (size_t)(s->end - p), word, n)) != NULL;
	     p += n)
		count++;
	return count;
}

void sniff_put_count(struct buf *what, const char *name, size_t count, const char *unit,
		     const char *units)
{
	buf_puts(what, name);
	if (unit)
		buf_printf(what, " with %zu %s", count, plural(count, unit, units));
}

bool sniff_line(const char **p, const char *end, const char **line, size_t *len)
{
	if (*p >= end)
		return false;
	const char *lf = memchr(*p, '\n', (size_t)(end - *p));
	*line = *p;
	*len = (size_t)((lf ? lf : end) - *p);
	*p = lf ? lf + 1 : end;
	return true;
}

bool sniff_is_listed(const char *list, const char *word, size_t len)
{
	while (*list) {
		size_t n = strcspn(list, " ");
		if (n == len && strncasecmp(list, word, len) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

/* --- HTML --- */

static const char *after_comments(const char *p, const char *end)
{
	for (;;) {
		while (p < end && strchr(" \t\n\r\f", *p))
			p++;
		if (end - p < 4 || memcmp(p, "<!--", 4) != 0)
			return p;
		const char *close = memmem(p + 2, (size_t)(end - p - 2), "-->", 3);
		if (!close)
			return end;
		p = close + 3;
	}
}

static bool starts_with(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);
	return (size_t)(end - p) >= n && strncasecmp(p, word, n) == 0;
}

bool sniff_is_page(const char *text, size_t len, bool fragment)
{
	static const char *const pages[] = {"<!doctype html", "<html",  "<head", "<body",
					    "<?xml",          "<title", "<meta", "<link"};
	static const char blocks[] = "p div h1 h2 h3 h4 h5 h6 article section main header center "
				     "table blockquote ul ol figure font span a img hr";
	const char *end = text + len;
	if (starts_with(text, end, "\xEF\xBB\xBF"))
		text += 3;
	text = after_comments(text, end);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (starts_with(text, end, pages[i]))
			return true;
	if (!fragment || end - text < 3 || *text != '<')
		return false;
	size_t n = 1;
	while (text + n < end && n < 12 && !strchr(" \t\n/>", text[n]))
		n++;
	return sniff_is_listed(blocks, text + 1, n - 1) &&
	       memmem(text, (size_t)(end - text), "</", 2);
}

bool sniff_has_no_tags(const char *text, size_t len)
{
	const char *end = text + len;
	for (const char *p = text; (p = memchr(p, '<', (size_t)(end - p))) != NULL; p++)
		if (end - p > 2 && (strchr("/!?", p[1]) || ascii_is_alpha(p[1])) &&
		    memchr(p, '>', (size_t)(end - p)))
			return false;
	return true;
}
