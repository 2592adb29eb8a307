/* YAML metadata: front matter and metadata files, with pandoc's keys (pandoc manual, "Metadata
 * variables" and "EPUB metadata"). */
#ifndef READ_METADATA_H
#define READ_METADATA_H

#include "article/article.h"
#include "base/diag.h"

/* The length of the front matter block at the start of `text` ("---" line to "---" or "..."
 * line, with both), or 0. */
size_t metadata_front_matter(const char *text, size_t len);

/* Fill what is still unknown in `a` from YAML. `where` is the file's name for errors;
 * first_line is added to line numbers. Bounded: 1 MB, depth 32, aliases refused, so that no
 * bomb unfolds. */
int metadata_read_yaml(struct article *a, const char *yaml, size_t len, const char *where,
		       int first_line, struct diag *diag, struct chapbook_error *err);

/* Set one key from a string, as `--title X` or a scalar in YAML says it. Returns 0 if the key
 * is known (whether or not it was still unset), -1 if not. A later `author` adds an author,
 * `bio` and the other author keys belong to the last one. */
int metadata_set(struct article *a, const char *key, const char *value, struct chapbook_error *err);

/* A date as people write it ("July 2, 2021", "2 July 2021", "2021年7月2日", "2021/7/2", RFC 3339)
 * in W3C form, in the arena, or NULL. Also reads month names in the languages of the labels. */
char *metadata_date(struct arena *arena, const char *text, size_t len);

#endif
