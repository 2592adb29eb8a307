#include "read/read.h"

#include "article/links.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "lang/date.h"
#include "lang/detect.h"
#include "lang/tag.h"
#include "read/charset/charset.h"
#include "read/html/html.h"
#include "read/html/xhtml.h"
#include "read/markdown/markdown.h"
#include "read/metadata/front_matter.h"
#include "read/metadata/metadata.h"
#include "read/mhtml.h"
#include "read/sniff/sniff.h"
#include "read/text/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

int read_format_parse(const char *name)
{
	static const struct {
		const char *name;
		enum read_format format;
	} names[] = {
		{"text", READ_TEXT},           {"plain", READ_TEXT},  {"txt", READ_TEXT},
		{"markdown", READ_MARKDOWN},   {"md", READ_MARKDOWN}, {"gfm", READ_MARKDOWN},
		{"commonmark", READ_MARKDOWN}, {"html", READ_HTML},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return (int)names[i].format;
	return -1;
}

static enum read_format format_of_name(const char *name)
{
	static const struct {
		const char *extension;
		enum read_format format;
	} extensions[] = {
		{"md", READ_MARKDOWN},  {"markdown", READ_MARKDOWN}, {"mdown", READ_MARKDOWN},
		{"mkd", READ_MARKDOWN}, {"mkdn", READ_MARKDOWN},     {"mdtext", READ_MARKDOWN},
		{"txt", READ_TEXT},     {"text", READ_TEXT},         {"asc", READ_TEXT},
		{"html", READ_HTML},    {"htm", READ_HTML},          {"xhtml", READ_HTML},
		{"xht", READ_HTML},     {"shtml", READ_HTML},        {"mht", READ_HTML},
		{"mhtml", READ_HTML},
	};
	size_t len = name ? strlen(name) : 0;
	if (len > 3 && strcasecmp(name + len - 3, ".gz") == 0)
		len -= 3;
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
		size_t n = strlen(extensions[i].extension);
		if (len > n && name[len - n - 1] == '.' &&
		    strncasecmp(name + len - n, extensions[i].extension, n) == 0)
			return extensions[i].format;
	}
	return READ_AUTO;
}

/* The format of a media type. What is surely no article is an error, unless its text is to be
 * inspected first: sniff_text() says better what it is. */
static int format_of_type(const struct read_input *in, bool inspected, enum read_format *format,
			  struct chapbook_error *err)
{
	static const struct {
		const char *type;
		enum read_format format;
	} known[] = {
		{"text/html", READ_HTML},
		{"application/xhtml+xml", READ_HTML},
		{"text/markdown", READ_MARKDOWN},
		{"text/x-markdown", READ_MARKDOWN},
		{"text/", READ_AUTO},
		{"multipart/related", READ_AUTO},
		{"message/rfc822", READ_AUTO},
		{"application/octet-stream", READ_AUTO},
		{"application/gzip", READ_AUTO},
		{"application/xml", READ_AUTO},
	};
	*format = READ_AUTO;
	for (size_t i = 0; in->type && i < sizeof known / sizeof *known; i++) {
		size_t n = strlen(known[i].type);
		if (strncmp(in->type, known[i].type, n) != 0 ||
		    (in->type[n] != '\0' && known[i].type[n - 1] != '/'))
			continue;
		*format = known[i].format;
		return 0;
	}
	bool binary = in->type &&
		      (strncmp(in->type, "image/", 6) == 0 || strncmp(in->type, "audio/", 6) == 0 ||
		       strncmp(in->type, "video/", 6) == 0 || strncmp(in->type, "font/", 5) == 0);
	if (!in->type || (!inspected && !binary))
		return 0;
	return error_set(err, CHAPBOOK_E_INPUT,
			 "it is of type %s: give a web page, a text or a Markdown file", in->type);
}

/* What is known of the format before the text is decoded. */
static enum read_format expected_format(const struct read_input *in)
{
	enum read_format format = in->format;
	if (format == READ_AUTO)
		format_of_type(in, false, &format, NULL);
	return format != READ_AUTO ? format : format_of_name(in->name);
}

/* Whether the bytes are a page, as far as that can be seen before they are decoded. */
static bool read_is_page(const struct read_input *in)
{
	enum read_format format = expected_format(in);
	return format == READ_HTML ||
	       (in->format == READ_AUTO && sniff_is_page(in->bytes, in->size, false));
}

/* Text or Markdown, by the signs of Markdown in its first lines. */
static enum read_format format_of_text(const char *text, size_t len)
{
	int signs = 0;
	const char *end = text + len;
	for (int lines = 0; text < end && lines < 500; lines++) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((eol ? eol : end) - text), marks = strspn(text, "#");
		if (marks >= 1 && marks <= 6 && marks + 1 < n && text[marks] == ' ')
			signs += 2;
		else if (n >= 3 && memcmp(text, "```", 3) == 0)
			signs += 2;
		else if (memmem(text, n, "](", 2))
			signs += 2;
		else if (memmem(text, n, "**", 2))
			signs++;
		text += n + 1;
	}
	return signs >= 2 ? READ_MARKDOWN : READ_TEXT;
}

/* Decide what the text is read as. Its content overrules its name and its type, as far as HTML is
 * concerned. `front`: it has front matter. */
static enum read_format find_format(const struct read_input *in, const char *text, size_t len,
				    bool front, struct diag *diag)
{
	static const char *const words[] = {"", "plain text", "Markdown", "HTML"};
	enum read_format expected = expected_format(in), format = expected;
	if (in->format != READ_AUTO)
		return in->format;
	if (expected == READ_HTML && !front && !sniff_has_no_tags(text, len))
		return READ_HTML;
	bool page = !front && sniff_is_page(text, len, expected != READ_MARKDOWN);
	if (expected == READ_MARKDOWN && !(page && memmem(text, len, "</html", 6)))
		return READ_MARKDOWN;
	if (page)
		format = READ_HTML;
	else if (expected != READ_TEXT)
		format = front ? READ_MARKDOWN : format_of_text(text, len);
	if (format != expected)
		diag_add(diag, DIAG_GUESS_FORMAT, 0, "read as %s, by its content", words[format]);
	return format;
}

/* Files that metadata name, and did not name before, lie in `folder`; NULL: they name none. */
static void note_folder(struct article *a, const char *folder)
{
	const char *copy = folder ? arena_dup(&a->arena, folder) : "";
	if (a->cover_ref && !a->cover_folder)
		a->cover_folder = copy;
	if (a->css.count && !a->css_folder)
		a->css_folder = copy;
	for (size_t i = 0; i < a->authors.count; i++)
		if (a->authors.items[i].portrait && !a->authors.items[i].portrait_folder)
			a->authors.items[i].portrait_folder = copy;
}

static int read_metadata_files(struct article *a, const struct read_input *in, struct diag *diag,
			       struct chapbook_error *err)
{
	const char *file = diag ? diag->file : NULL;
	int result = 0;
	note_folder(a, a->folder);
	for (size_t i = in->metadata_count; i-- > 0 && result == 0;) {
		const struct read_metadata *m = &in->metadata[i];
		if (diag)
			diag->file = m->name;
		result = metadata_read_file(a, m->bytes, m->size, m->name, diag, err);
		note_folder(a, m->folder);
	}
	if (diag)
		diag->file = file;
	return result;
}

/* The first paragraphs of the body, without code. */
static void put_sample(struct buf *text, const struct article *a)
{
	enum { ENOUGH = 4096 };
	for (const xmlNode *n = tree_first(a->body); n && text->len < ENOUGH; n = tree_next(n)) {
		if (tree_is(n, "pre"))
			continue;
		tree_put_text(text, n);
		buf_putc(text, '\n');
	}
}

/* What the text is in, where nothing or something wrong is declared. */
static void use_language(struct article *a, const char *language, struct diag *diag)
{
	const char *declared = a->language;
	if (declared && a->direction == DIR_RTL && lang_tag_is_rtl(declared))
		a->direction = DIR_UNKNOWN; /* it was the declared language's */
	a->language = NULL;
	article_fill(a, &a->language, language, SIZE_MAX);
	a->language_guessed = true;
	if (declared)
		diag_add(diag, DIAG_LANGUAGE_CONTRADICTED, 0,
			 "the text is not in the declared language \"%s\"; the book says \"%s\": "
			 "use --lang if that is wrong",
			 declared, language);
	else
		diag_add(diag, DIAG_GUESS_LANGUAGE, 0, "the text looks like language \"%s\"",
			 language);
}

/* From the text, when no language is declared or the text is in another one. A language that the
 * caller gave is not questioned. */
static void guess_language(struct article *a, bool given, struct diag *diag)
{
	struct buf text = BUF_INIT;
	if (given)
		return;
	put_sample(&text, a);
	if (!a->language || language_is_contradicted(text.data, text.len, a->language)) {
		const char *language = language_detect(text.data, text.len);
		size_t primary = a->language ? strcspn(a->language, "-") : 0;
		if (a->language && (!language || strncmp(language, a->language, primary) == 0))
			language = "und";
		if (language)
			use_language(a, language, diag);
	}
	buf_end(&text, &a->arena.failed);
}

/* Read the block of metadata at the start of a text. *front says where it ends. */
static int read_front_matter(struct article *a, const struct read_input *in, const struct buf *text,
			     struct front_matter *front, struct diag *diag,
			     struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	enum read_format format = in->format != READ_AUTO ? in->format : format_of_name(in->name);
	if (format == READ_AUTO)
		format = format_of_text(text->data, text->len);
	front_matter_find(text->data, text->len, format == READ_MARKDOWN, front);
	if (front->unclosed)
		diag_add(diag, DIAG_METADATA_BAD, 1,
			 "metadata begins here, but no line \"%.3s\" ends it: it is kept as text",
			 text->data);
	if (!front->size)
		return 0;
	struct metadata_value *root = front_matter_parse(&arena, text->data, front, in->name, err);
	int result = root ? metadata_read_tree(a, root, in->name, diag, err) : -1;
	arena_release(&arena);
	return result;
}

/* A page: by XML's rules when it is XHTML, and well-formed; else by HTML's. */
static int read_page(struct article *a, const struct read_input *in, const char *text, size_t len,
		     struct diag *diag, struct chapbook_error *err)
{
	struct buf html = BUF_INIT;
	struct xhtml_problem problem;
	if (xhtml_is(in->name, in->type, text, len)) {
		if (xhtml_put_html(&html, text, len, &problem)) {
			text = html.data;
			len = html.len;
		} else {
			diag_add(diag, problem.is_limit ? DIAG_XML_LIMIT : DIAG_XML_MALFORMED,
				 problem.line, "%s (%s): read by the rules of HTML",
				 problem.is_limit ? "XML beyond a limit" : "not well-formed XML",
				 problem.reason);
		}
	}
	int result = html.failed
			     ? error_memory(err)
			     : read_html(a, text, len,
					 &(struct html_input){.url = in->url,
							      .is_article = in->is_article,
							      .picture_width = in->picture_width,
							      .files = in->files},
					 diag, err);
	buf_release(&html);
	return result;
}

/* Markdown and text are relative to where they came from, as pages are, but name no base of their
 * own. */
static void set_addresses(struct article *a, const struct read_input *in)
{
	if (!in->url || strncasecmp(in->url, "http", 4) != 0)
		return;
	article_fill(a, &a->base_url, in->url, SIZE_MAX);
	article_fill(a, &a->source_url, in->url, SIZE_MAX);
}

/* The text is decoded: front matter, metadata files, then the reader. */
static int read_decoded(struct article *a, const struct read_input *in, const struct buf *text,
			struct diag *diag, struct chapbook_error *err)
{
	bool page = in->format == READ_HTML || sniff_is_page(text->data, text->len, false);
	bool language_given = a->language != NULL;
	struct front_matter front = {0};
	int line = 1;
	if (!page && read_front_matter(a, in, text, &front, diag, err) != 0)
		return -1;
	for (size_t i = 0; i < front.size; i++)
		line += text->data[i] == '\n';
	const char *rest = text->data + front.size;
	size_t len = text->len - front.size;
	enum read_format format = find_format(in, rest, len, front.size > 0, diag);

	if (read_metadata_files(a, in, diag, err) != 0)
		return -1;
	if (a->source_url && url_is_absolute(a->source_url)) /* was given: not what the page says */
		article_fill(a, &a->canonical_url, a->source_url, SIZE_MAX);

	if (format != READ_HTML)
		set_addresses(a, in);
	struct chapbook_error why = {0};
	int result = format == READ_HTML       ? read_page(a, in, rest, len, diag, &why)
		     : format == READ_MARKDOWN ? read_markdown(a, rest, len, line, diag, &why)
					       : read_text(a, rest, len, line, diag, &why);
	if (result != 0) {
		error_set(err, why.code, "%s: %s", in->name, why.message);
		if (err)
			err->sys_errno = why.sys_errno;
		return -1;
	}
	article_clean_words(a);
	article_drop_fillers(a);
	guess_language(a, language_given, diag);
	article_hide_logins(a);
	links_resolve(a, in->files, diag);
	if (!tree_first_element(a->body) && !a->title)
		return error_set(err, CHAPBOOK_E_INPUT, "%s: it has no text", in->name);
	return 0;
}

/* A web archive's page, as if it had come by itself. */
static int read_unpack(struct article *a, struct read_input *in, char *says, size_t says_size,
		       struct chapbook_error *err)
{
	struct mhtml_page page;
	size_t start, end;
	if (mhtml_read(a, in->bytes, in->size, &page, err) != 0)
		return -1;
	in->bytes = page.bytes;
	in->size = page.size;
	in->format = READ_HTML;
	in->url = in->url ? in->url : page.url;
	a->folder = NULL; /* all its files came with it */
	if (page.charset && strlen(page.charset) < says_size)
		memcpy(says, page.charset, strlen(page.charset) + 1);
	if (page.date && !a->retrieved)
		a->retrieved = date_find(&a->arena, page.date, strlen(page.date), &start, &end);
	return 0;
}

/* Refuse what is no article: the bytes, before `text` is decoded (NULL), or the text. */
static int refuse(const struct read_input *in, const struct buf *text, struct chapbook_error *err)
{
	struct buf what = BUF_INIT;
	enum read_format format;
	int result = 0;
	/* Markdown may begin with anything, raw "<?php" included: its name decides. */
	bool inspected = in->format == READ_AUTO && format_of_name(in->name) != READ_MARKDOWN;
	bool known = text ? inspected && sniff_text(in->name, text->data, text->len, &what)
			  : sniff_bytes(in->bytes, in->size, &what);
	if (what.failed)
		result = error_memory(err);
	else if (known)
		result = error_set(err, CHAPBOOK_E_INPUT, "%s", what.data);
	else if (in->format == READ_AUTO)
		result = format_of_type(in, text != NULL, &format, err);
	buf_release(&what);
	return result;
}

/* Append bytes of an unknown charset as if they were ISO-8859-1, with LF line ends: keys of
 * metadata are ASCII in every charset that is guessed. */
static void put_latin1(struct buf *out, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c >= 0x80) {
			buf_putc(out, (char)(0xC0 | c >> 6));
			c = 0x80 | (c & 0x3F);
		}
		if (c != '\r' || i + 1 == size || bytes[i + 1] != '\n')
			buf_putc(out, c == '\r' ? '\n' : (char)c);
	}
}

/* The language that front matter or metadata files name, before the text is decoded; in `tag`, ""
 * where they name none. Errors in them are reported later. */
static void language_of_metadata(const struct read_input *in, char *tag, size_t tag_size)
{
	enum { MAX_FRONT = 64 * 1024 };
	struct read_input copy = *in;
	struct buf text = BUF_INIT;
	struct front_matter front = {0};
	struct article *scratch = article_new();
	copy.name = "";
	copy.format = in->format != READ_AUTO ? in->format : format_of_name(in->name);
	put_latin1(&text, in->bytes, in->size < MAX_FRONT ? in->size : MAX_FRONT);
	if (scratch && !text.failed) {
		read_front_matter(scratch, &copy, &text, &front, NULL, NULL);
		read_metadata_files(scratch, &copy, NULL, NULL);
	}
	if (scratch && scratch->language && strlen(scratch->language) < tag_size)
		memcpy(tag, scratch->language, strlen(scratch->language) + 1);
	article_free(scratch);
	buf_release(&text);
}

int read_article(struct article *a, const struct read_input *input, struct diag *diag,
		 struct chapbook_error *err)
{
	struct read_input in = *input;
	struct buf text = BUF_INIT;
	struct chapbook_error why = {0};
	char server[64] = "", own[64] = "", language[32] = "";
	int result = 0;
	if ((in.format == READ_AUTO || in.format == READ_HTML) && mhtml_is(in.bytes, in.size))
		result = read_unpack(a, &in, server, sizeof server, &why);
	else
		result = refuse(&in, NULL, &why);
	if (in.says && strlen(in.says) < sizeof server)
		memcpy(server, in.says, strlen(in.says) + 1);
	bool page = result == 0 && read_is_page(&in);
	if (page) {
		charset_of_page(in.bytes, in.size, own, sizeof own);
		language_of_page(in.bytes, in.size, language, sizeof language);
	} else if (result == 0 && !a->language && !utf8_is_clean(in.bytes, in.size)) {
		language_of_metadata(&in, language, sizeof language);
	}
	const struct charset_hints hints = {.given = in.charset,
					    .server = server,
					    .page_label = own,
					    .language = a->language   ? a->language
							: language[0] ? language
								      : NULL,
					    .page = page};
	if (result == 0)
		result = charset_decode(&text, in.bytes, in.size, &hints, diag, &why);
	if (result == 0 && !text.failed)
		result = refuse(&in, &text, &why);
	if (result != 0)
		error_set(err, why.code, "%s: %s", in.name, why.message);
	else if (text.failed)
		result = error_memory(err);
	else
		result = read_decoded(a, &in, &text, diag, err);
	buf_release(&text);
	return result;
}
