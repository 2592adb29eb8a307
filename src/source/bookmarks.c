/* Bookmarks in HTML: the Netscape format, which all browsers export, and lists of links that look
 * like it. Read as it comes (libxml2's HTML parser in push mode): no tree is made. */
#include "source/formats.h"
#include "source/rows.h"
#include "source/text.h"

#include "base/buf.h"
#include "base/error.h"

#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

enum { MAX_LEVELS = 100, MAX_TEXT = 1 << 20 };

struct bookmark_list {
	struct source_row row;
	struct item_builder item;
	const char *base;
	/* The link that is read: its attributes (names and values by turns), its text, the text
	 * behind it. */
	const char **attributes;
	bool pending, in_link, in_note, in_heading;
	struct buf text, note;
	struct buf heading;        /* the last one */
	bool is_folder;            /* it is not the page's */
	struct buf folder;         /* "Reading/Science" */
	size_t levels[MAX_LEVELS]; /* lengths of the folders above */
	size_t level;              /* may be more than MAX_LEVELS */
	int rc;
	struct chapbook_error *err;
};

static bool get_part(void *ctx, const char *name, size_t len, struct row_value *value)
{
	const struct bookmark_list *list = ctx;
	const struct cell wanted = {name, len};
	const struct {
		const char *name;
		const struct buf *text;
	} parts[] = {{"#text", &list->text},
		     {"#note", &list->note},
		     {"#folder", &list->folder},
		     {"#heading", &list->heading}};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (!cell_is(&wanted, parts[i].name))
			continue;
		*value = (struct row_value){parts[i].text->data, parts[i].text->len, NULL};
		return true;
	}
	for (const char **a = list->attributes; a && a[0] && len > 1; a += 2) {
		if (strlen(a[0]) != len - 1 || strncasecmp(a[0], name + 1, len - 1) != 0 || !a[1])
			continue;
		*value = (struct row_value){a[1], strlen(a[1]), NULL};
		return true;
	}
	return false;
}

/* The link is whole: what follows is another. */
static void end_link(struct bookmark_list *list)
{
	const struct row_record record = {get_part, list, list->base};
	if (!list->pending || list->rc != 0)
		return;
	list->pending = list->in_link = list->in_note = false;
	if (row_read(&list->row, &record, &list->item))
		list->rc = item_emit(&list->item, list->err);
}

static void begin_link(struct bookmark_list *list, const xmlChar **attributes)
{
	struct arena *arena = &list->item.arena;
	size_t count = 0;
	end_link(list);
	item_begin(&list->item);
	while (attributes && attributes[count])
		count += 2;
	list->attributes = arena_alloc(arena, (count + 2) * sizeof *list->attributes);
	for (size_t i = 0; list->attributes && i < count; i++)
		list->attributes[i] = arena_dup(arena, (const char *)attributes[i]);
	list->pending = list->in_link = true;
	buf_truncate(&list->text, 0);
	buf_truncate(&list->note, 0);
}

/* The list below a heading. */
static void enter_level(struct bookmark_list *list)
{
	end_link(list);
	if (list->level < MAX_LEVELS) {
		list->levels[list->level] = list->folder.len;
		buf_fold_space(&list->heading, 0);
		if (list->is_folder && list->heading.len)
			buf_printf(&list->folder, "%s%s", list->folder.len ? "/" : "",
				   list->heading.data);
	}
	list->level++;
	list->is_folder = false;
}

static void leave_level(struct bookmark_list *list)
{
	end_link(list);
	if (list->level == 0)
		return;
	if (--list->level < MAX_LEVELS)
		buf_truncate(&list->folder, list->levels[list->level]);
}

static bool is_heading(const char *name)
{
	return (name[0] == 'h' || name[0] == 'H') && name[1] >= '1' && name[1] <= '6' && !name[2];
}

static void on_start_tag(void *ctx, const xmlChar *tag, const xmlChar **attributes)
{
	struct bookmark_list *list = ctx;
	const char *name = (const char *)tag;
	if (strcasecmp(name, "a") == 0) {
		if (!list->in_note)
			begin_link(list, attributes);
	} else if (is_heading(name)) {
		end_link(list);
		buf_truncate(&list->heading, 0);
		list->in_heading = true;
		list->is_folder = name[1] != '1';
	} else if (strcasecmp(name, "dl") == 0) {
		enter_level(list);
	} else if (strcasecmp(name, "dt") == 0 || strcasecmp(name, "li") == 0) {
		end_link(list);
	} else if (strcasecmp(name, "dd") == 0) {
		list->in_link = list->in_heading = false;
		list->in_note = list->pending;
	} else if (strcasecmp(name, "br") == 0 && list->in_note) {
		buf_putc(&list->note, '\n');
	}
}

static void on_end_tag(void *ctx, const xmlChar *tag)
{
	struct bookmark_list *list = ctx;
	const char *name = (const char *)tag;
	if (strcasecmp(name, "a") == 0 && !list->in_note)
		list->in_link = false;
	else if (is_heading(name))
		list->in_heading = false;
	else if (strcasecmp(name, "dl") == 0)
		leave_level(list);
}

static void on_link_text(void *ctx, const xmlChar *text, int len)
{
	struct bookmark_list *list = ctx;
	struct buf *to = list->in_heading ? &list->heading
			 : list->in_link  ? &list->text
			 : list->in_note  ? &list->note
					  : NULL;
	if (to && to->len < MAX_TEXT)
		buf_append(to, text, (size_t)len);
}

static int parse_bookmarks(struct bookmark_list *list, struct source_text *text)
{
	xmlSAXHandler handler = {.startElement = on_start_tag,
				 .endElement = on_end_tag,
				 .characters = on_link_text,
				 .ignorableWhitespace = on_link_text};
	char block[16384];
	long n = 1;
	htmlParserCtxt *parser =
		htmlCreatePushParserCtxt(&handler, list, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (!parser)
		return error_memory(list->err);
	htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
					   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	while (list->rc == 0 && n > 0) {
		n = text->bytes.read(&text->bytes, block, sizeof block, list->err);
		if (n >= 0)
			htmlParseChunk(parser, block, (int)n, n == 0);
	}
	htmlFreeParserCtxt(parser);
	if (n < 0)
		return -1;
	end_link(list);
	bool failed = list->text.failed || list->note.failed || list->heading.failed ||
		      list->folder.failed;
	return list->rc == 0 && failed ? error_memory(list->err) : list->rc;
}

/* --- The format --- */

/* Whether the head has the text, without case. */
static bool head_has_text(void *ctx, const struct cell *text)
{
	const struct cell *head = ctx;
	for (size_t i = 0; i + text->len <= head->len; i++)
		if (strncasecmp(head->s + i, text->s, text->len) == 0)
			return true;
	return false;
}

static bool find_html_row(struct source_row *row, const char *head, size_t len)
{
	struct cell all = {head, len};
	size_t at = strspn(head, " \t\n");
	return at < len && head[at] == '<' && row_find(row, "html", head_has_text, &all);
}

static bool bookmarks_is(const char *head, size_t len)
{
	struct source_row row;
	return find_html_row(&row, head, len);
}

static bool bookmarks_name_of(const char *head, size_t len, char *name, size_t size)
{
	struct source_row row;
	return find_html_row(&row, head, len) && row_copy_name(&row, name, size);
}

static int bookmarks_read(struct source_bytes *in, const struct source_sink *sink,
			  struct chapbook_error *err)
{
	struct source_text text;
	struct bookmark_list list = {.item = {.sink = sink},
				     .base = in->url,
				     .text = BUF_INIT,
				     .note = BUF_INIT,
				     .heading = BUF_INIT,
				     .folder = BUF_INIT,
				     .err = err};
	source_text_init(&text, in);
	int rc = source_text_peek(&text, SOURCE_HEAD, err);
	if (rc == 0 && !find_html_row(&list.row, text.ready.data, text.ready.len) &&
	    !row_of_name(&list.row, "html", "bookmarks"))
		rc = error_set(err, CHAPBOOK_E_INTERNAL, "there is no row for bookmarks");
	if (rc == 0)
		rc = parse_bookmarks(&list, &text);
	item_release(&list.item);
	source_text_release(&text);
	buf_release(&list.text);
	buf_release(&list.note);
	buf_release(&list.heading);
	buf_release(&list.folder);
	return rc;
}

const struct source_format source_bookmarks = {.name = "bookmarks",
					       .is = bookmarks_is,
					       .read = bookmarks_read,
					       .name_of = bookmarks_name_of};
