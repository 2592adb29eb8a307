/* Fonts, pictures and further sheets that a style sheet names. */
#include "job/style.h"

#include "article/url.h"
#include "base/below.h"
#include "base/error.h"
#include "job/pictures.h"
#include "media/load.h"
#include "media/picture.h"

#include <stdlib.h>
#include <string.h>

/* Of all sheets of a book. */
#define MAX_STYLE_BYTES ((size_t)200 << 20)
#define MAX_STYLE_FILE  ((size_t)64 << 20)
enum { MAX_STYLE_FILES = 1000, MAX_IMPORTS = 8 /* in one another */ };

/* The type of a font, by its first bytes (OpenType 1.9 "Table directory", WOFF 1 and 2); NULL: it
 * is not one that EPUB readers know. */
static const char *font_type(const char *bytes, size_t size, const char **extension)
{
	static const struct {
		const char *head, *type, *extension;
	} fonts[] = {{"\0\1\0\0", "font/ttf", "ttf"},
		     {"true", "font/ttf", "ttf"},
		     {"OTTO", "font/otf", "otf"},
		     {"wOFF", "font/woff", "woff"},
		     {"wOF2", "font/woff2", "woff2"}};
	for (size_t i = 0; size >= 4 && i < sizeof fonts / sizeof *fonts; i++)
		if (memcmp(bytes, fonts[i].head, 4) == 0) {
			*extension = fonts[i].extension;
			return fonts[i].type;
		}
	return NULL;
}

/* A file that a sheet names. */
struct named_file {
	const char *path; /* below the sheet's folder */
	char *bytes;      /* malloc()ed */
	size_t size;
	const char *why; /* it cannot be used; or NULL */
};

/* A new file of the book; `bytes` are malloc()ed, and the arena's from now on. */
static struct resource *add_file(struct style_files *files, const struct style_sheet *sheet,
				 const char *stem, const char *extension, const char *origin)
{
	struct book *book = files->book;
	struct resource *r = ARENA_PUSH(&book->arena, book->style_files);
	if (!r)
		return NULL;
	*r = (struct resource){
		.id = arena_printf(&book->arena, "%s-%zu", stem, book->style_files.count),
		.file = arena_printf(&book->arena, "%s-%zu.%s", stem, book->style_files.count,
				     extension),
		.origin = origin,
		.given = sheet->given,
	};
	return r;
}

/* A sheet that another one imports: its place in the list comes first, since it may import the
 * first one again. */
static int add_import(struct style_files *files, const struct style_sheet *from,
		      struct named_file *file, struct chapbook_error *err)
{
	struct book *book = files->book;
	const char *path = file->path, *slash = strrchr(path, '/');
	struct style_sheet sheet = *from;
	struct buf text = BUF_INIT;
	sheet.place = slash ? arena_dupn(&book->arena, path, (size_t)(slash - path) + 1) : "";
	sheet.origin = path;
	sheet.depth++;
	file->why = sheet.depth > MAX_IMPORTS ? "more than 8 sheets import one another"
					      : style_fault(file->bytes, file->size);
	if (file->why)
		return 0;
	size_t place = book->style_files.count;
	struct resource *r = add_file(files, from, "style-sheet", "css", path);
	if (!r || book->arena.failed)
		return error_memory(err);
	r->media_type = "text/css";
	r->bytes = "";
	map_set(&files->taken, path, r->file);
	int rc = style_rewrite(files, &sheet, file->bytes, file->size, &text, err);
	if (rc == 0) {
		r = &book->style_files.items[place];
		r->size = text.len;
		r->bytes = arena_take(&book->arena, buf_detach(&text, NULL));
	}
	buf_release(&text);
	return rc;
}

static int add_font(struct style_files *files, const struct style_sheet *sheet,
		    struct named_file *file, struct chapbook_error *err)
{
	const char *extension = NULL, *type = font_type(file->bytes, file->size, &extension);
	struct resource *r = add_file(files, sheet, "style-font", extension, file->path);
	if (!r)
		return error_memory(err);
	r->media_type = type;
	r->bytes = arena_take(&files->book->arena, file->bytes);
	r->size = file->size;
	file->bytes = NULL;
	map_set(&files->taken, file->path, r->file);
	return 0;
}

/* A picture becomes what readers show, as those of articles do. */
static int add_picture(struct style_files *files, const struct style_sheet *sheet,
		       struct named_file *file, struct chapbook_error *err)
{
	const char *path = file->path;
	struct arena *arena = &files->book->arena;
	struct media_options options;
	struct picture p = {
		.ref = path,
		.source = {
			.kind = SOURCE_FILE, .where = path, .folder = sheet->folder, .name = path}};
	input_media_options(files->job, &options);
	options.none = options.keep_originals = false;
	picture_prepare(&p, &options);
	bool failed = p.arena.failed;
	if (!failed && !p.lost) {
		struct resource *r = add_file(files, sheet, "style-image", p.info.extension, path);
		if (r) {
			r->media_type = p.info.media_type;
			r->size = p.size;
			r->bytes = arena_dupn(arena, p.bytes, p.size);
			map_set(&files->taken, path, r->file);
		}
	} else if (!failed) {
		file->why = "neither a font nor a picture that can be used";
	}
	picture_release(&p);
	return failed || arena->failed ? error_memory(err) : 0;
}

static int add_bytes(struct style_files *files, const struct style_sheet *sheet,
		     struct named_file *file, bool import, struct chapbook_error *err)
{
	struct chapbook_error cause = {0};
	const char *extension;
	if (below_read(sheet->folder, file->path, MAX_STYLE_FILE, &file->bytes, &file->size,
		       &cause) != 0) {
		if (cause.code == CHAPBOOK_E_MEMORY)
			return error_memory(err);
		/* without the name, which the caller of style_file_add() writes */
		const char *colon = strstr(cause.message, ": ");
		file->why = arena_dup(&files->book->arena, colon ? colon + 2 : cause.message);
		return 0;
	}
	files->total += file->size;
	if (files->total > MAX_STYLE_BYTES || files->book->style_files.count >= MAX_STYLE_FILES)
		return error_set(err, CHAPBOOK_E_LIMIT,
				 "%s: the files that style sheets name are more than %d, or larger "
				 "than %zu MB together",
				 sheet->origin, MAX_STYLE_FILES, MAX_STYLE_BYTES >> 20);
	if (import)
		return add_import(files, sheet, file, err);
	if (font_type(file->bytes, file->size, &extension))
		return add_font(files, sheet, file, err);
	return add_picture(files, sheet, file, err);
}

/* A path without "." and, where a folder stands before it, "..": one file has one path. In place.
 */
static void normalise(char *path)
{
	char *out = path;
	for (char *s = path; *s;) {
		size_t n = strcspn(s, "/"), whole = n + (s[n] == '/');
		bool up = n == 2 && memcmp(s, "..", 2) == 0;
		char *folder = out > path ? out - 1 : NULL;
		while (folder && folder > path && folder[-1] != '/')
			folder--;
		if (up && folder && strncmp(folder, "../", 3) != 0) {
			out = folder;
		} else if (whole > 1 && !(n == 1 && *s == '.')) {
			memmove(out, s, whole);
			out += whole;
		}
		s += whole;
	}
	*out = '\0';
}

int style_file_add(struct style_files *files, const struct style_sheet *sheet,
		   struct style_reference *reference, struct chapbook_error *err)
{
	const char *ref = reference->url;
	struct arena *arena = &files->book->arena;
	struct buf path = BUF_INIT;
	int rc = 0;
	reference->file = reference->why = NULL;
	if (*ref != '/')
		buf_puts(&path, sheet->place);
	url_put_decoded(&path, ref, strcspn(ref, "?#"));
	char *name = path.failed ? NULL : arena_dup(arena, path.data);
	buf_release(&path);
	if (!name)
		return error_memory(err);
	if (*name != '/')
		normalise(name);
	reference->file = map_find(&files->taken, name);
	if (!reference->file) {
		struct named_file named = {.path = name};
		rc = add_bytes(files, sheet, &named, reference->import, err);
		free(named.bytes);
		reference->why = named.why;
		reference->file = map_find(&files->taken, name);
	}
	return rc == 0 && (arena->failed || files->taken.failed) ? error_memory(err) : rc;
}
