/* Mustache templates (mustache(5): interpolation, sections, inverted sections, comments,
 * partials, delimiters), rendered from values. Values are XML-escaped by {{x}}, raw by {{{x}}}
 * and {{&x}}. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* --- Values: what a template is rendered from. Made in an arena; strings are borrowed, not
 * copied, and must outlive the value. A NULL value, a NULL string and an empty one, false and
 * an empty list are falsy. --- */
struct value;

struct value *value_map(struct arena *a);
struct value *value_list(struct arena *a);
struct value *value_string(struct arena *a, const char *s);
struct value *value_string_n(struct arena *a, const char *s, size_t len); /* need not end in NUL */
struct value *value_bool(struct arena *a, bool b);
struct value *value_number(struct arena *a, long long n);
/* Set a key of a map (the key is borrowed; the last value given to it holds; `v` NULL is a falsy
 * value), and add to a list. A NULL map or list takes nothing, so that running out of memory is
 * asked of the arena once. Maps are searched from end to end: keep them small. */
void value_put(struct arena *a, struct value *map, const char *key, struct value *v);
void value_put_string(struct arena *a, struct value *map, const char *key, const char *s);
void value_add(struct arena *a, struct value *list, struct value *v);

/* --- Templates --- */
struct template_set;

/* Finds a template's text. Returns 0 with the text and the file name for messages appended to
 * `text` and `file`; 1 when there is no such template; -1 on an error. */
typedef int template_loader(void *ctx, const char *name, struct buf *text, struct buf *file,
			    struct chapbook_error *err);

/* `strict`: a name that no value on the stack has, and a partial that cannot be found, are
 * errors with file and line (a key that is there with a falsy value is not). Not strict: both
 * render as nothing, as the Mustache specification has it. Templates are parsed once, at first
 * use; a set may be rendered from by many threads at once. */
struct template_set *template_set_new(template_loader *load, void *ctx, bool strict);
void template_set_free(struct template_set *set);

/* Render a template, appending to `out`, which must be empty or hold what comes before it in the
 * same file. Sections and partials nest at most MAX_TEMPLATE_DEPTH deep; deeper is an error.
 * Errors read "file:line: what is wrong". Text is rendered in time linear in what comes out, which
 * is bounded: 50 million tags, 1 GB. */
enum { MAX_TEMPLATE_DEPTH = 100 };
int template_render(struct template_set *set, const char *name, const struct value *root,
		    struct buf *out, struct chapbook_error *err);

/* The loader chapbook uses: files NAME in the given folders, first found wins (`dirs` is an array
 * of `count` paths, each may be NULL), else the built-in copy of templates/. */
struct template_dirs {
	const char *const *dirs;
	size_t count;
};
int template_load(void *template_dirs, const char *name, struct buf *text, struct buf *file,
		  struct chapbook_error *err);

#endif
