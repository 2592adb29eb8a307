/* Bookmarks in HTML: the Netscape format, which all browsers export, and lists of links that look
 * like it. Read tag by tag: no tree is made. */
#include "source/formats.h"
#include "source/rows.h"
#include "source/tags.h"

#include "base/buf.h"
#include "base/error.h"

#include <string.h>
#include <strings.h>

enum { MAX_LEVELS = 100, MAX_TEXT = 1 << 20 };

struct bookmark_list {
	struct source_row row;
	struct item_builder item;
	const char *base;
	/* The link that is read: its tag, in the item's arena; its text; the text behind it. */
	struct html_tag link;
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
	for (size_t i = 0; i < list->link.count && len > 1; i++) {
		const char *text = list->link.attributes[i].value;
		if (strlen(list->link.attributes[i].name) != len - 1 ||
		    memcmp(list->link.attributes[i].name, name + 1, len - 1) != 0 || !text)
			continue;
		*value = (struct row_value){text, strlen(text), NULL};
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

static void begin_link(struct bookmark_list *list, const struct html_tag *tag)
{
	struct arena *arena = &list->item.arena;
	end_link(list);
	item_begin(&list->item);
	list->link = *tag;
	for (size_t i = 0; i < tag->count; i++) {
		list->link.attributes[i].name = arena_dup(arena, tag->attributes[i].name);
		list->link.attributes[i].value = arena_dup(arena, tag->attributes[i].value);
	}
	if (arena->failed)
		list->link.count = 0;
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
	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2];
}

static void on_start_tag(struct bookmark_list *list, const struct html_tag *tag)
{
	const char *name = tag->name;
	if (strcmp(name, "a") == 0) {
		if (!list->in_note)
			begin_link(list, tag);
	} else if (is_heading(name)) {
		end_link(list);
		buf_truncate(&list->heading, 0);
		list->in_heading = true;
		list->is_folder = name[1] != '1';
	} else if (strcmp(name, "dl") == 0) {
		enter_level(list);
	} else if (strcmp(name, "dt") == 0 || strcmp(name, "li") == 0) {
		end_link(list);
	} else if (strcmp(name, "dd") == 0) {
		list->in_link = list->in_heading = false;
		list->in_note = list->pending;
	} else if (strcmp(name, "br") == 0 && list->in_note) {
		buf_putc(&list->note, '\n');
	}
}

static void on_bookmark_tag(void *ctx, const struct html_tag *tag)
{
	struct bookmark_list *list = ctx;
	if (!tag->is_end)
		on_start_tag(list, tag);
	else if (strcmp(tag->name, "a") == 0 && !list->in_note)
		list->in_link = false;
	else if (is_heading(tag->name))
		list->in_heading = false;
	else if (strcmp(tag->name, "dl") == 0)
		leave_level(list);
}

static void on_link_text(void *ctx, const char *text, size_t len)
{
	struct bookmark_list *list = ctx;
	struct buf *to = list->in_heading ? &list->heading
			 : list->in_link  ? &list->text
			 : list->in_note  ? &list->note
					  : NULL;
	if (to && to->len < MAX_TEXT)
		buf_append(to, text, len);
}

static bool is_stopped(void *ctx)
{
	return ((const struct bookmark_list *)ctx)->rc != 0;
}

static int parse_bookmarks(struct bookmark_list *list, struct source_text *text)
{
	const struct html_events events = {on_bookmark_tag, on_link_text, is_stopped, list};
	if (html_read_tags(text, &events, list->err) != 0)
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
