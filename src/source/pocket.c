/* Pocket's archive: part_000000.csv and so on, the list; annotations/, the highlights by addresses;
 * collections/, lists of articles with titles of their own. */
#include "source/formats.h"
#include "source/json.h"

#include "article/url.h"
#include "base/error.h"
#include "base/map.h"

#include <string.h>
#include <strings.h>

enum { MAX_MARKS = 1000000 };

/* The highlights of one article. */
struct pocket_marks {
	struct {
		struct chapbook_highlight *items;
		size_t count, cap;
	} list;
};

struct pocket_archive {
	const struct source_sink *sink;
	struct arena arena;
	struct map marks; /* by the keys of addresses (url_put_key()) */
	size_t count;
};

static bool has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);
	return n > m && strcasecmp(name + n - m, suffix) == 0;
}

static bool is_part(const char *name)
{
	const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
	return strncasecmp(base, "part_", 5) == 0 && has_suffix(base, ".csv");
}

static bool is_json_below(const char *name, const char *folder)
{
	const char *at = strcasestr(name, folder);
	return at && (at == name || at[-1] == '/') && has_suffix(name, ".json");
}

static bool pocket_is(struct source_archive *a)
{
	for (size_t i = 0; i < source_archive_count(a); i++)
		if (is_part(source_archive_name(a, i)))
			return true;
	return false;
}

/* --- Highlights --- */

static const char *key_of_address(struct arena *arena, const char *url)
{
	struct buf key = BUF_INIT;
	url_put_key(&key, url);
	const char *copy = key.failed ? NULL : arena_dup(arena, key.data);
	arena->failed |= key.failed;
	buf_release(&key);
	return copy;
}

static int keep_marks(void *ctx, const struct chapbook_item *item)
{
	struct pocket_archive *pocket = ctx;
	struct arena *arena = &pocket->arena;
	const char *key = item->url ? key_of_address(arena, item->url) : NULL;
	struct pocket_marks *marks = key ? map_find(&pocket->marks, key) : NULL;
	if (key && !marks && (marks = arena_alloc(arena, sizeof *marks)) != NULL)
		map_set(&pocket->marks, key, marks);
	for (size_t i = 0; marks && i < item->highlight_count; i++) {
		struct chapbook_highlight *slot =
			pocket->count++ < MAX_MARKS ? ARENA_PUSH(arena, marks->list) : NULL;
		if (slot)
			*slot = (struct chapbook_highlight){
				arena_dup(arena, item->highlights[i].text),
				arena_dup(arena, item->highlights[i].note)};
	}
	return 0;
}

static int pass_on(void *ctx, const struct chapbook_item *item)
{
	struct pocket_archive *pocket = ctx;
	struct chapbook_item marked = *item;
	struct arena arena = ARENA_INIT;
	const char *key =
		item->url && pocket->marks.count ? key_of_address(&arena, item->url) : NULL;
	const struct pocket_marks *marks = key ? map_find(&pocket->marks, key) : NULL;
	arena_release(&arena);
	if (marks) {
		marked.highlights = marks->list.items;
		marked.highlight_count = marks->list.count;
	}
	return pocket->sink->fn(pocket->sink->ctx, &marked);
}

/* --- Entries --- */

static int read_json_entry(struct source_bytes *in, const char *kind, const char *name,
			   const struct source_sink *sink, struct chapbook_error *err)
{
	struct source_text text;
	struct source_row row;
	source_text_init(&text, in);
	int rc = row_of_name(&row, kind, name) ? json_read_row(&text, &row, sink, err) : 0;
	source_text_release(&text);
	return rc;
}

/* Read the entries that `wanted` wants. One that is damaged costs its items. */
static int read_entries(struct source_archive *a, bool (*wanted)(const char *name),
			int (*read)(struct source_bytes *in, const struct source_sink *sink,
				    struct chapbook_error *err),
			const struct source_sink *sink, struct chapbook_error *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < source_archive_count(a); i++) {
		struct chapbook_error why = {0};
		if (!wanted(source_archive_name(a, i)))
			continue;
		struct source_bytes *in = source_archive_open(a, i, &why);
		rc = in ? read(in, sink, &why) : -1;
		source_archive_close(in);
		if (rc == -1 && why.code == CHAPBOOK_E_INPUT) {
			diag_add(sink->diag, DIAG_ITEM_BAD, 0, "%s", why.message);
			rc = 0;
		} else if (rc == -1 && err) {
			*err = why;
		}
	}
	return rc;
}

static bool is_annotations(const char *name)
{
	return is_json_below(name, "annotations/");
}

static bool is_collection(const char *name)
{
	return is_json_below(name, "collections/");
}

static int read_annotations(struct source_bytes *in, const struct source_sink *sink,
			    struct chapbook_error *err)
{
	return read_json_entry(in, "annotations", "pocket", sink, err);
}

static int read_collections(struct source_bytes *in, const struct source_sink *sink,
			    struct chapbook_error *err)
{
	return read_json_entry(in, "json", "json", sink, err);
}

static int pocket_read(struct source_archive *a, const struct source_sink *sink,
		       struct chapbook_error *err)
{
	struct pocket_archive pocket = {.sink = sink};
	const struct source_sink keep = {keep_marks, &pocket, sink->diag};
	const struct source_sink pass = {pass_on, &pocket, sink->diag};
	int rc = read_entries(a, is_annotations, read_annotations, &keep, err);
	if (rc == 0 && (pocket.arena.failed || pocket.marks.failed))
		rc = error_memory(err);
	if (rc == 0)
		rc = read_entries(a, is_part, source_csv.read, &pass, err);
	if (rc == 0)
		rc = read_entries(a, is_collection, read_collections, &pass, err);
	map_release(&pocket.marks);
	arena_release(&pocket.arena);
	return rc;
}

const struct source_format source_pocket = {
	.name = "pocket", .is_archive = pocket_is, .read_archive = pocket_read};
