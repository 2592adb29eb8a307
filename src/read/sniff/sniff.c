#include "base/ascii.h"
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
