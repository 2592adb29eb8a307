/* Omnivore's export: metadata_0_to_20.json and so on, lists of articles; content/SLUG.html, their
 * texts; highlights/SLUG.md, what was marked in them. */
#include "source/formats.h"
#include "source/json.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_TEXT = 32 << 20 };

struct omnivore {
	struct source_archive *archive;
	const struct source_sink *sink;
	struct chapbook_error *err;
	struct map entries; /* their numbers + 1, by their names without the folder above */
	struct arena arena; /* of an item */
};

/* "export/content/a.html" is content/a.html: the archive may have a folder around all. */
static const char *short_name(const char *name)
{
	static const char *const folders[] = {"content/", "highlights/"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *at = strstr(name, folders[i]);
		if (at && (at == name || at[-1] == '/'))
			return at;
	}
	return name;
}

static bool is_metadata(const char *name)
{
	const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
	size_t len = strlen(base);
	return strncmp(base, "metadata_", 9) == 0 && len > 14 &&
	       strcmp(base + len - 5, ".json") == 0;
}

static bool omnivore_is(struct source_archive *a)
{
	for (size_t i = 0; i < source_archive_count(a); i++)
		if (is_metadata(source_archive_name(a, i)))
			return true;
	return false;
}

/* The text of an entry, clean and NUL-terminated, in the arena; NULL: it is not there, or damaged.
 */
static const char *read_entry_text(struct omnivore *o, const char *folder, const char *slug,
				   const char *extension, size_t *size)
{
	struct buf name = BUF_INIT, clean = BUF_INIT;
	struct chapbook_error why = {0};
	char *bytes = NULL;
	const char *text = NULL;
	size_t len = 0;
	buf_printf(&name, "%s/%s.%s", folder, slug, extension);
	size_t number = (size_t)(uintptr_t)map_find(&o->entries, name.data);
	struct source_bytes *in = number ? source_archive_open(o->archive, number - 1, &why) : NULL;
	if (in && source_read_all(in, MAX_TEXT, &bytes, &len, &why) == 0) {
		utf8_clean(&clean, bytes, len);
		text = clean.failed ? NULL : arena_dupn(&o->arena, clean.data, clean.len);
		*size = clean.len;
	} else if (number) {
		diag_add(o->sink->diag, DIAG_ITEM_BAD, 0, "%s: %s", name.data, why.message);
	}
	o->arena.failed |= name.failed || clean.failed;
	source_archive_close(in);
	free(bytes);
	buf_release(&name);
	buf_release(&clean);
	return text;
}

/* --- Pictures --- */

/* The service had its pictures behind a proxy, which is closed: the address of the picture itself
 * is the end of the proxy's. */
static void put_without_proxy(struct buf *out, const char *s, size_t len)
{
	static const char proxy[] = "omnivore-image-cache.app/";
	const char *end = s + len;
	while (s < end) {
		const char *at = memmem(s, (size_t)(end - s), proxy, sizeof proxy - 1);
		const char *start = at;
		while (start && start > s && !strchr("\"' \t\n,=(>", start[-1]))
			start--;
		const char *stop = at;
		while (stop && stop < end && !strchr("\"' \t\n<>", *stop))
			stop++;
		const char *own = at ? memmem(at + sizeof proxy - 1,
					      (size_t)(stop - at) - (sizeof proxy - 1), "http", 4)
				     : NULL;
		if (!at) {
			buf_append(out, s, (size_t)(end - s));
			return;
		}
		buf_append(out, s, (size_t)((own ? start : stop) - s));
		if (own)
			buf_append(out, own, (size_t)(stop - own));
		s = stop;
	}
}

/* The value of an attribute of the tag [s, end), with its length; NULL: there is none. */
static const char *tag_attribute(const char *s, const char *end, const char *name, size_t *len)
{
	size_t n = strlen(name);
	for (const char *p = s; (p = memmem(p, (size_t)(end - p), name, n)) != NULL; p += n) {
		const char *eq = p + n;
		if (p == s || !strchr(" \t\n\"'", p[-1]) || eq + 1 >= end || *eq != '=' ||
		    (eq[1] != '"' && eq[1] != '\''))
			continue;
		const char *close = memchr(eq + 2, eq[1], (size_t)(end - eq - 2));
		if (!close)
			return NULL;
		*len = (size_t)(close - eq - 2);
		return eq + 2;
	}
	return NULL;
}

/* An `img` has its picture's own address in an attribute, too. */
static const char *restore_pictures(struct omnivore *o, const char *html, size_t *size)
{
	struct buf out = BUF_INIT;
	const char *s = html, *end = html + *size, *tag;
	while ((tag = strcasestr(s, "<img")) != NULL) {
		const char *stop = memchr(tag, '>', (size_t)(end - tag));
		size_t own_len = 0, src_len = 0;
		if (!stop)
			break;
		const char *own = tag_attribute(tag, stop, "data-omnivore-original-src", &own_len);
		const char *src = own ? tag_attribute(tag, stop, "src", &src_len) : NULL;
		if (src) {
			put_without_proxy(&out, s, (size_t)(src - s));
			buf_append(&out, own, own_len);
			put_without_proxy(&out, src + src_len, (size_t)(stop - src) - src_len);
		} else {
			put_without_proxy(&out, s, (size_t)(stop - s));
		}
		s = stop;
	}
	put_without_proxy(&out, s, (size_t)(end - s));
	const char *copy = out.failed ? NULL : arena_dupn(&o->arena, out.data, out.len);
	*size = out.len;
	o->arena.failed |= out.failed;
	buf_release(&out);
	return copy;
}

/* --- Highlights --- */

struct highlight_list {
	struct chapbook_highlight *items;
	size_t count, cap;
};

static void add_highlight(struct omnivore *o, struct highlight_list *list, struct buf *quote,
			  struct buf *note)
{
	buf_fold_space(quote, 0);
	buf_fold_space(note, 0);
	if (quote->len || note->len) {
		struct chapbook_highlight *slot = ARENA_PUSH(&o->arena, *list);
		if (slot)
			*slot = (struct chapbook_highlight){
				quote->len ? arena_dupn(&o->arena, quote->data, quote->len) : NULL,
				note->len ? arena_dupn(&o->arena, note->data, note->len) : NULL};
	}
	o->arena.failed |= quote->failed || note->failed;
	buf_truncate(quote, 0);
	buf_truncate(note, 0);
}

/* Markdown: quotations (">"), each with its note below it. */
static struct highlight_list read_markdown_highlights(struct omnivore *o, const char *text)
{
	struct highlight_list list = {0};
	struct buf quote = BUF_INIT, note = BUF_INIT;
	while (*text) {
		size_t len = strcspn(text, "\n");
		bool quoted = *text == '>';
		if (quoted && note.len)
			add_highlight(o, &list, &quote, &note);
		struct buf *to = quoted ? &quote : &note;
		if (quoted || quote.len) {
			buf_append(to, text + quoted, len - quoted);
			buf_putc(to, ' ');
		}
		text += len + (text[len] == '\n');
	}
	add_highlight(o, &list, &quote, &note);
	buf_release(&quote);
	buf_release(&note);
	return list;
}

/* --- Articles --- */

/* The slug of an article: the row has it as the id. */
static int omnivore_pass(void *ctx, const struct chapbook_item *item)
{
	struct omnivore *o = ctx;
	struct chapbook_item whole = *item;
	size_t size = 0, marks_size;
	arena_release(&o->arena);
	const char *html = item->id ? read_entry_text(o, "content", item->id, "html", &size) : NULL;
	const char *marks =
		item->id ? read_entry_text(o, "highlights", item->id, "md", &marks_size) : NULL;
	if (html)
		html = restore_pictures(o, html, &size);
	if (html && size) {
		whole.content = html;
		whole.content_size = size;
		whole.content_type = "text/html";
	}
	if (marks) {
		struct highlight_list list = read_markdown_highlights(o, marks);
		whole.highlights = list.items;
		whole.highlight_count = list.count;
	}
	if (o->arena.failed)
		return error_memory(o->err);
	return o->sink->fn(o->sink->ctx, &whole);
}

static int read_metadata_entry(struct omnivore *o, size_t entry, const struct source_row *row,
			       struct chapbook_error *err)
{
	const struct source_sink pass = {omnivore_pass, o, o->sink->diag};
	struct source_text text;
	struct source_bytes *in = source_archive_open(o->archive, entry, err);
	if (!in)
		return -1;
	source_text_init(&text, in);
	int rc = json_read_row(&text, row, &pass, err);
	source_text_release(&text);
	source_archive_close(in);
	return rc;
}

static int omnivore_read(struct source_archive *a, const struct source_sink *sink,
			 struct chapbook_error *err)
{
	struct omnivore o = {.archive = a, .sink = sink, .err = err};
	struct source_row row;
	int rc = 0;
	if (!row_of_name(&row, "json", "omnivore-zip"))
		return error_set(err, CHAPBOOK_E_INTERNAL,
				 "assets/sources.tsv has no omnivore-zip");
	for (size_t i = 0; i < source_archive_count(a); i++)
		map_set(&o.entries, short_name(source_archive_name(a, i)),
			(void *)(uintptr_t)(i + 1));
	if (o.entries.failed)
		rc = error_memory(err);
	for (size_t i = 0; rc == 0 && i < source_archive_count(a); i++) {
		struct chapbook_error why = {0};
		if (!is_metadata(source_archive_name(a, i)))
			continue;
		rc = read_metadata_entry(&o, i, &row, &why);
		if (rc == -1 && why.code == CHAPBOOK_E_INPUT) {
			diag_add(sink->diag, DIAG_ITEM_BAD, 0, "%s", why.message);
			rc = 0;
		} else if (rc == -1 && err) {
			*err = why;
		}
	}
	arena_release(&o.arena);
	map_release(&o.entries);
	return rc;
}

const struct source_format source_omnivore = {
	.name = "omnivore", .is_archive = omnivore_is, .read_archive = omnivore_read};
