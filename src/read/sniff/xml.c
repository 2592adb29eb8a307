/* XML that is no page, by its root element. */
#include "read/sniff/parts.h"

#include <string.h>
#include <strings.h>

#define LINKS "give the addresses of the articles"
#define OTHER "convert it to HTML or Markdown, for example with pandoc"
#define DATA  "give a text, a Markdown file or a web page"

/* The kind of documents with a root element of this name, without its prefix. `sign` stands in the
 * text, unless it is NULL; `item` is counted. The first row that fits is right. */
static const struct {
	const char *root, *sign, *what, *item, *unit, *units, *advice;
} roots[] = {
	{"rss", "wordpress.org/export", "a WordPress export (WXR)", "<item>", "entry", "entries",
	 LINKS},
	{"rss", NULL, "an RSS feed", "<item", "entry", "entries", LINKS},
	{"rdf", "purl.org/rss", "an RSS feed", "<item ", "entry", "entries", LINKS},
	{"rdf", "channel.netscape.com", "an RSS feed", "<item", "entry", "entries", LINKS},
	{"rdf", NULL, "an RDF document", NULL, NULL, NULL, DATA},
	{"feed", "http", "an Atom feed", "<entry", "entry", "entries", LINKS},
	{"opml", NULL, "an OPML list", "xmlUrl=", "feed", "feeds", LINKS},
	{"en-export", NULL, "an Evernote export (ENEX)", "<note>", "note", "notes", OTHER},
	{"urlset", NULL, "a sitemap", "<url>", "address", "addresses", LINKS},
	{"sitemapindex", NULL, "a list of sitemaps", "<sitemap>", "sitemap", "sitemaps", LINKS},
	{"xbel", NULL, "a list of bookmarks (XBEL)", "<bookmark", "address", "addresses", LINKS},
	{"mediawiki", NULL, "a MediaWiki export", "<page>", "page", "pages", OTHER},
	{"svg", NULL, "an SVG picture", NULL, NULL, NULL,
	 "give it with --photo or --cover beside an article"},
	{"fictionbook", NULL, "a FictionBook (FB2)", NULL, NULL, NULL, OTHER},
	{"kml", NULL, "a map (KML)", "<Placemark", "place", "places", DATA},
	{"gpx", NULL, "a track (GPX)", NULL, NULL, NULL, DATA},
	{"plist", NULL, "a property list", NULL, NULL, NULL, DATA},
	{"tei", NULL, "a TEI document", NULL, NULL, NULL, OTHER},
	{"nitf", NULL, "an NITF document", NULL, NULL, NULL, OTHER},
	{"newsml", NULL, "a NewsML document", NULL, NULL, NULL, OTHER},
	{"newsitem", NULL, "a NewsML document", NULL, NULL, NULL, OTHER},
	{"ncx", NULL, "a table of contents of a book (NCX)", NULL, NULL, NULL, DATA},
	{"package", "idpf.org", "a package document of a book (OPF)", NULL, NULL, NULL, DATA},
	{"document", "opendocument", "an OpenDocument file", NULL, NULL, NULL, OTHER},
	{"worddocument", NULL, "a Word document (XML)", NULL, NULL, NULL, OTHER},
	{"article", "docbook", "a DocBook document", NULL, NULL, NULL, OTHER},
	{"article", "DocBook", "a DocBook document", NULL, NULL, NULL, OTHER},
	{"article", "<article-meta", "a JATS article", NULL, NULL, NULL, OTHER},
	{"article", "JATS", "a JATS article", NULL, NULL, NULL, OTHER},
	{"book", "ocbook", "a DocBook document", NULL, NULL, NULL, OTHER},
	{"book", "ocBook", "a DocBook document", NULL, NULL, NULL, OTHER},
	{"chapter", "ocbook", "a DocBook document", NULL, NULL, NULL, OTHER},
	{"chapter", "ocBook", "a DocBook document", NULL, NULL, NULL, OTHER},
};

/* Roots of pages, and of parts of pages. */
static const char pages[] = "html head body div p section main span table ul ol h1 h2 h3 article "
			    "header nav title meta link blockquote center font";

static const char *xml_behind(const char *p, const char *end, const char *word)
{
	const char *found = memmem(p, (size_t)(end - p), word, strlen(word));
	return found ? found + strlen(word) : NULL;
}

/* Where a document type ends, behind its internal subset. */
static const char *behind_doctype(const char *p, const char *end)
{
	const char *gt = memchr(p, '>', (size_t)(end - p));
	const char *subset = memchr(p, '[', (size_t)(end - p));
	if (subset && gt && subset < gt) {
		const char *close = xml_behind(subset, end, "]");
		gt = close ? memchr(close, '>', (size_t)(end - close)) : NULL;
	}
	return gt ? gt + 1 : NULL;
}

/* The name of the root element, behind its prefix; NULL: it does not begin as XML does. */
static const char *find_root(const struct sniffed *s, size_t *len)
{
	const char *p = s->text;
	while (p && p < s->end) {
		size_t left = (size_t)(s->end - p);
		if (strchr(" \t\n\r", *p)) {
			p++;
			continue;
		}
		if (*p != '<' || left < 4)
			return NULL;
		if (p[1] == '?') {
			p = xml_behind(p, s->end, "?>");
		} else if (memcmp(p, "<!--", 4) == 0) {
			p = xml_behind(p + 4, s->end, "-->");
		} else if (p[1] == '!') {
			p = behind_doctype(p, s->end);
		} else {
			const char *name = ++p;
			while (p < s->end && !strchr(" \t\n\r/>", *p)) {
				if (*p == ':')
					name = p + 1;
				p++;
			}
			*len = (size_t)(p - name);
			return *len ? name : NULL;
		}
	}
	return NULL;
}

/* Whether the text ends where the root element does: Markdown may begin with a drawing. */
static bool ends_with_root(const struct sniffed *s, const char *root, size_t len)
{
	const char *end = s->end;
	while (end > s->text && strchr(" \t\n\r", end[-1]))
		end--;
	return (size_t)(end - s->text) > len + 2 && end[-1] == '>' &&
	       (memcmp(end - 1 - len, root, len) == 0 || end[-2] == '/');
}

bool sniff_xml(const struct sniffed *s, struct buf *what)
{
	size_t len, left = (size_t)(s->end - s->text);
	if (*s->text != '<')
		return false;
	const char *root = find_root(s, &len);
	bool declared = left > 5 && memcmp(s->text, "<?xml", 5) == 0;
	if (!root || (!declared && !ends_with_root(s, root, len)))
		return false;
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		const char *sign = roots[i].sign;
		if (strlen(roots[i].root) != len || strncasecmp(roots[i].root, root, len) != 0 ||
		    (sign && !memmem(s->text, left < 65536 ? left : 65536, sign, strlen(sign))))
			continue;
		sniff_put_count(what, roots[i].what,
				roots[i].item ? sniff_count(s, roots[i].item) : 0, roots[i].unit,
				roots[i].units);
		buf_printf(what, ": %s", roots[i].advice);
		return true;
	}
	bool named = sniff_is_listed("xml", s->extension, strlen(s->extension));
	if (!(declared || named) || sniff_is_listed(pages, root, len))
		return false;
	buf_printf(what, "an XML document (<%.*s>): " OTHER, (int)(len < 40 ? len : 40), root);
	return true;
}
