/* A small book without fault, for the tests of the preflight: every case in cases.h is this book
 * with something broken. */
#ifndef TESTS_CHECK_GOOD_H
#define TESTS_CHECK_GOOD_H

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static const char good_container[] = XML
	"<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n"
	"<rootfiles><rootfile full-path=\"EPUB/package.opf\" "
	"media-type=\"application/oebps-package+xml\"/></rootfiles>\n"
	"</container>\n";

static const char good_package[] = XML
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
	"unique-identifier=\"uid\" xml:lang=\"en\">\n"
	"<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
	"<dc:identifier id=\"uid\">urn:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8</dc:identifier>\n"
	"<dc:title id=\"t\">The Ferry</dc:title>\n"
	"<meta property=\"title-type\" refines=\"#t\">main</meta>\n"
	"<dc:creator id=\"a\">Ann Brown</dc:creator>\n"
	"<meta property=\"role\" refines=\"#a\" scheme=\"marc:relators\">aut</meta>\n"
	"<meta property=\"file-as\" refines=\"#a\">Brown, Ann</meta>\n"
	"<dc:language>en</dc:language>\n"
	"<dc:date>2020-05-01</dc:date>\n"
	"<meta property=\"dcterms:modified\">2020-05-01T00:00:00Z</meta>\n"
	"<meta property=\"schema:accessMode\">textual</meta>\n"
	"<meta property=\"schema:accessMode\">visual</meta>\n"
	"<meta property=\"schema:accessModeSufficient\">textual</meta>\n"
	"<meta property=\"schema:accessibilityFeature\">alternativeText</meta>\n"
	"<meta property=\"schema:accessibilityHazard\">none</meta>\n"
	"<meta property=\"schema:accessibilitySummary\">Plain text and one picture.</meta>\n"
	"<meta property=\"schema:caption\" refines=\"#photo\">The ferry at dawn</meta>\n"
	"<link rel=\"record\" href=\"chapter-2.xhtml#about\" "
	"media-type=\"application/xhtml+xml\"/>\n"
	"<meta name=\"cover\" content=\"photo\"/>\n"
	"</metadata>\n"
	"<manifest>\n"
	"<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>\n"
	"<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" "
	"properties=\"nav\"/>\n"
	"<item id=\"c1\" href=\"chapter-1.xhtml\" media-type=\"application/xhtml+xml\"/>\n"
	"<item id=\"c2\" href=\"chapter-2.xhtml\" media-type=\"application/xhtml+xml\"/>\n"
	"<item id=\"css\" href=\"style.css\" media-type=\"text/css\"/>\n"
	"<item id=\"photo\" href=\"photo.png\" media-type=\"image/png\" "
	"properties=\"cover-image\"/>\n"
	"<item id=\"map\" href=\"map.svg\" media-type=\"image/svg+xml\"/>\n"
	"</manifest>\n"
	"<spine toc=\"ncx\">\n"
	"<itemref idref=\"nav\"/>\n"
	"<itemref idref=\"c1\"/>\n"
	"<itemref idref=\"c2\"/>\n"
	"</spine>\n"
	"<guide><reference type=\"text\" title=\"Start\" href=\"chapter-1.xhtml\"/></guide>\n"
	"</package>\n";

static const char good_ncx[] = XML
	"<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\" xml:lang=\"en\">\n"
	"<head>\n"
	"<meta name=\"dtb:uid\" content=\"urn:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8\"/>\n"
	"<meta name=\"dtb:depth\" content=\"2\"/>\n"
	"<meta name=\"dtb:totalPageCount\" content=\"0\"/>\n"
	"<meta name=\"dtb:maxPageNumber\" content=\"0\"/>\n"
	"</head>\n"
	"<docTitle><text>The Ferry</text></docTitle>\n"
	"<navMap>\n"
	"<navPoint id=\"n1\" playOrder=\"1\"><navLabel><text>Morning</text></navLabel>"
	"<content src=\"chapter-1.xhtml\"/></navPoint>\n"
	"<navPoint id=\"n2\" playOrder=\"2\"><navLabel><text>Evening</text></navLabel>"
	"<content src=\"chapter-2.xhtml\"/>\n"
	"<navPoint id=\"n3\" playOrder=\"3\"><navLabel><text>Late</text></navLabel>"
	"<content src=\"chapter-2.xhtml#late\"/></navPoint>\n"
	"</navPoint>\n"
	"</navMap>\n"
	"</ncx>\n";

#define HTML_START                                                                                 \
	XML "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "                       \
	    "xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"en\" xml:lang=\"en\">\n"

static const char good_nav[] =
	HTML_START "<head><title>Contents</title></head>\n"
		   "<body>\n"
		   "<nav epub:type=\"toc\" id=\"toc\"><h1>Contents</h1>\n"
		   "<ol>\n"
		   "<li><a href=\"chapter-1.xhtml\">Morning</a></li>\n"
		   "<li><a href=\"chapter-2.xhtml\">Evening</a>\n"
		   "<ol><li><a href=\"chapter-2.xhtml#late\">Late</a></li></ol></li>\n"
		   "</ol></nav>\n"
		   "<nav epub:type=\"landmarks\" id=\"landmarks\"><h2>Landmarks</h2>\n"
		   "<ol>\n"
		   "<li><a epub:type=\"toc\" href=\"#toc\">Contents</a></li>\n"
		   "<li><a epub:type=\"bodymatter\" href=\"chapter-1.xhtml\">Text</a></li>\n"
		   "</ol></nav>\n"
		   "</body>\n</html>\n";

static const char good_chapter_1[] = HTML_START
	"<head><title>Morning</title><link rel=\"stylesheet\" href=\"style.css\"/></head>\n"
	"<body>\n"
	"<section epub:type=\"chapter\" role=\"doc-chapter\" id=\"morning\">\n"
	"<h1>Morning</h1>\n"
	"<p>The ferry left <em>before</em> dawn.<a epub:type=\"noteref\" role=\"doc-noteref\" "
	"id=\"r1\" href=\"#fn1\">1</a> See <a href=\"chapter-2.xhtml#late\">later</a>.</p>\n"
	"<figure id=\"photo-1\"><img src=\"photo.png\" alt=\"A ferry\"/>"
	"<figcaption>At dawn</figcaption></figure>\n"
	"<p><img src=\"map.svg\" alt=\"A map\"/></p>\n"
	"<dl><dt>Port</dt><dd>left</dd></dl>\n"
	"<table><caption>Times</caption><thead><tr><th scope=\"col\">At</th></tr></thead>"
	"<tbody><tr><td>5</td></tr></tbody></table>\n"
	"<p><ruby>\xE6\xBC\xA2<rt>kan</rt></ruby></p>\n"
	"<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"fn1\"><p>At five. "
	"<a role=\"doc-backlink\" href=\"#r1\">Back</a></p></aside>\n"
	"</section>\n"
	"</body>\n</html>\n";

static const char good_chapter_2[] = HTML_START
	"<head><title>Evening</title><link rel=\"stylesheet\" href=\"style.css\"/></head>\n"
	"<body>\n"
	"<section epub:type=\"chapter\" role=\"doc-chapter\" id=\"evening\">\n"
	"<h1>Evening</h1>\n"
	"<p>It came back.</p>\n"
	"<h2 id=\"late\">Late</h2>\n"
	"<ul><li>a lamp</li></ul>\n"
	"<p id=\"about\">Printed in <a href=\"https://example.org/\">a town</a>.</p>\n"
	"</section>\n"
	"</body>\n</html>\n";

static const char good_css[] = "@charset \"utf-8\";\n"
			       "/* plain */\n"
			       "body { margin: 0 5%; }\n"
			       ".photo { background: url(\"photo.png\"); }\n";

static const char good_svg[] =
	XML "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\" id=\"m\">"
	    "<title>Map</title><path d=\"M0 0h10v10z\"/></svg>\n";

/* One grey pixel. */
static const char good_png[] = "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52"
			       "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b"
			       "\x55\x00\x00\x00\x0a\x49\x44\x41\x54\x78\xda\x63\x68\x00\x00\x00"
			       "\x82\x00\x81\xda\x45\x08\x3b\x00\x00\x00\x00\x49\x45\x4e\x44\xae"
			       "\x42\x60\x82";

/* What devices and shops want besides: a cover (1200 x 1600 pixels; neither JFIF nor Exif is needed
 * to know that) on a page of its own, and where the book came from. */
static const char good_cover[] = "\xFF\xD8\xFF\xC0\0\x0B\x08\x06\x40\x04\xB0\1\1\x11\0"
				 "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\xD9";
#define COVER_PAGE                                                                                 \
	HTML_START "<head><title>Cover</title></head><body><section epub:type=\"cover\">"          \
		   "<img src=\"cover.jpg\" alt=\"The Ferry\" role=\"doc-cover\"/>"                 \
		   "</section></body></html>\n"
#define COVERED                                                                                    \
	BYTES("EPUB/cover.jpg", good_cover), ADD("EPUB/cover.xhtml", COVER_PAGE),                  \
		EDIT("EPUB/package.opf", " properties=\"cover-image\"", ""),                       \
		EDIT("EPUB/package.opf", "content=\"photo\"", "content=\"cover\""),                \
		EDIT("EPUB/package.opf", "<dc:date>",                                              \
		     "<dc:source>https://example.org/</dc:source><dc:date>"),                      \
		EDIT("EPUB/package.opf", "</manifest>",                                            \
		     "<item id=\"cover\" href=\"cover.jpg\" media-type=\"image/jpeg\" "            \
		     "properties=\"cover-image\"/><item id=\"page\" href=\"cover.xhtml\" "         \
		     "media-type=\"application/xhtml+xml\"/></manifest>"),                         \
		EDIT("EPUB/package.opf", "<itemref", "<itemref idref=\"page\"/><itemref")

/* One transparent pixel; a JPEG with four inks; a cover of 300 x 400; a GIF of two frames; a WebP.
 */
static const char clear_png[] =
	"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1F\x15"
	"\xC4\x89\0\0\0\rIDATx\xDA\x63\x64\xF8\xCF\x50\x0F\0\3\x86\1\x80\x5A"
	"\x34\x7D\x6B\0\0\0\0IEND\xAE\x42\x60\x82";
static const char inks_jpeg[] =
	"\xFF\xD8\xFF\xC0\0\x14\x08\x06\x40\x04\xB0\4\1\x11\0\2\x11\0\3\x11\0\4\x11\0"
	"\xFF\xDA\0\x0E\4\1\0\2\0\3\0\4\0\0\x3F\0\x2A\xFF\xD9";
static const char small_cover[] = "\xFF\xD8\xFF\xC0\0\x0B\x08\x01\x90\x01\x2C\1\1\x11\0"
				  "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\xD9";
static const char square_cover[] = "\xFF\xD8\xFF\xC0\0\x0B\x08\x04\xB0\x04\xB0\1\1\x11\0"
				   "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\xD9";
#define GIF_FRAME "!\xF9\4\0\x0A\0\0\0,\0\0\0\0\2\0\3\0\0\2\2\x44\1\0"
static const char moving_gif[] = "GIF89a\2\0\3\0\x80\0\0\0\0\0\xFF\xFF\xFF" GIF_FRAME GIF_FRAME ";";
static const char some_webp[] =
	"RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\x04\xC0\0\0\0\0\0\0\0\0\0\0\0";

struct good_file {
	const char *name;
	const char *bytes;
	size_t size;
};

#define GOOD(name, data)                                                                           \
	{                                                                                          \
		name, data, sizeof data - 1                                                        \
	}
static const struct good_file good_files[] = {
	{"mimetype", "application/epub+zip", 20},
	GOOD("META-INF/container.xml", good_container),
	GOOD("EPUB/package.opf", good_package),
	GOOD("EPUB/toc.ncx", good_ncx),
	GOOD("EPUB/nav.xhtml", good_nav),
	GOOD("EPUB/chapter-1.xhtml", good_chapter_1),
	GOOD("EPUB/chapter-2.xhtml", good_chapter_2),
	GOOD("EPUB/style.css", good_css),
	GOOD("EPUB/photo.png", good_png),
	GOOD("EPUB/map.svg", good_svg),
};
#undef GOOD

#endif
