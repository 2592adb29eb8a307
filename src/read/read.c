#include "read/read.h"

#include "article/links.h"
#include "article/tree.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "read/charset.h"
#include "read/front_matter.h"
#include "read/language.h"
#include "read/metadata.h"
#include "read/mhtml.h"

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

/* Whether it begins as a page does: comments may come first, and a byte order mark. */
static bool starts_with_tag(const char *text, size_t len)
{
	static const char *const starts[] = {"<!doctype html", "<html",  "<head", "<body",
					     "<?xml",          "<title", "<meta", "<link"};
	size_t i = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	for (;;) {
		while (i < len && strchr(" \t\n\r\f", text[i]) != NULL)
			i++;
		if (len - i < 4 || memcmp(text + i, "<!--", 4) != 0)
			break;
		const char *end = memmem(text + i + 2, len - i - 2, "-->", 3);
		if (!end)
			return false;
		i = (size_t)(end + 3 - text);
	}
	for (size_t k = 0; k < sizeof starts / sizeof *starts; k++)
		if (len - i >= strlen(starts[k]) &&
		    strncasecmp(text + i, starts[k], strlen(starts[k])) == 0)
			return true;
	return false;
}

/* Whether the bytes are a page, as far as that can be told before they are decoded. */
static bool is_page(const struct read_input *in)
{
	enum read_format format = in->format != READ_AUTO ? in->format : format_of_name(in->name);
	return format == READ_HTML || (format == READ_AUTO && starts_with_tag(in->bytes, in->size));
}

/* What the text itself looks like: how many signs of Markdown its first lines bear. */
static enum read_format format_of_text(const char *text, size_t len)
{
	int signs = 0;
	const char *end = text + len;
	if (starts_with_tag(text, len))
		return READ_HTML;
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

static enum read_format find_format(const struct read_input *in, const char *text, size_t len,
				    bool front, struct diag *diag)
{
	static const char *const words[] = {"", "plain text", "Markdown", "HTML"};
	if (in->format != READ_AUTO)
		return in->format;
	enum read_format format = format_of_name(in->name);
	if (format != READ_AUTO)
		return format;
	format = front ? READ_MARKDOWN : format_of_text(text, len);
	diag_add(diag, DIAG_GUESS_FORMAT, 0, "taken as %s, for the look of it", words[format]);
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

/* From the body's first paragraphs, when nobody said. */
static void guess_language(struct article *a, struct diag *diag)
{
	enum { ENOUGH = 4096 };
	if (a->language)
		return;
	struct buf text = BUF_INIT;
	for (const xmlNode *n = tree_first(a->body); n && text.len < ENOUGH; n = tree_next(n)) {
		if (tree_is(n, "pre"))
			continue;
		tree_put_text(&text, n);
		buf_putc(&text, '\n');
	}
	const char *language = language_detect(text.data, text.len);
	if (language) {
		article_fill(a, &a->language, language, SIZE_MAX);
		a->language_guessed = true;
		diag_add(diag, DIAG_GUESS_LANGUAGE, 0, "the text looks like language \"%s\"",
			 language);
	}
	a->arena.failed |= text.failed;
	buf_release(&text);
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

/* The text is decoded: front matter, metadata files, then the reader. */
static int read_decoded(struct article *a, const struct read_input *in, const struct buf *text,
			struct diag *diag, struct chapbook_error *err)
{
	bool page = is_page(in) || starts_with_tag(text->data, text->len);
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

	struct chapbook_error why = {0};
	int result = format == READ_HTML
			     ? read_html(a, rest, len, in->url, in->picture_width, diag, &why)
		     : format == READ_MARKDOWN ? read_markdown(a, rest, len, line, diag, &why)
					       : read_text(a, rest, len, line, diag, &why);
	if (result != 0) {
		error_set(err, why.code, "%s: %s", in->name, why.message);
		if (err)
			err->sys_errno = why.sys_errno;
		return -1;
	}
	guess_language(a, diag);
	article_hide_logins(a);
	links_settle(a, in->files, diag);
	if (!tree_first_element(a->body) && !a->title)
		return error_set(err, CHAPBOOK_E_INPUT, "%s: there is no text in it", in->name);
	return 0;
}

/* A web archive's page, as if it had come by itself. */
static int unpack(struct article *a, struct read_input *in, char *says, size_t says_size,
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

int read_article(struct article *a, const struct read_input *input, struct diag *diag,
		 struct chapbook_error *err)
{
	struct read_input in = *input;
	struct buf text = BUF_INIT;
	struct chapbook_error why = {0};
	char server[64] = "", own[64] = "", language[32] = "";
	int result = 0;
	if ((in.format == READ_AUTO || in.format == READ_HTML) && mhtml_is(in.bytes, in.size))
		result = unpack(a, &in, server, sizeof server, &why);
	if (in.says && strlen(in.says) < sizeof server)
		memcpy(server, in.says, strlen(in.says) + 1);
	bool page = result == 0 && is_page(&in);
	if (page) {
		charset_of_page(in.bytes, in.size, own, sizeof own);
		language_of_page(in.bytes, in.size, language, sizeof language);
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
	if (result != 0)
		error_set(err, why.code, "%s: %s", in.name, why.message);
	else if (text.failed)
		result = error_memory(err);
	else
		result = read_decoded(a, &in, &text, diag, err);
	buf_release(&text);
	return result;
}
