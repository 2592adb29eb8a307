/* The block of metadata that a text may begin with. */
#ifndef READ_METADATA_FRONT_MATTER_H
#define READ_METADATA_FRONT_MATTER_H

#include "base/diag.h"
#include "read/metadata/tree.h"

enum front_matter_kind {
	FRONT_NONE,
	FRONT_YAML,        /* between lines "---"; the last may be "..." */
	FRONT_TOML,        /* between lines "+++" */
	FRONT_JSON,        /* an object, as Hugo has it */
	FRONT_TITLE_BLOCK, /* pandoc's: up to three fields that begin with "%" */
	FRONT_LINES,       /* MultiMarkdown's: "Title: …" up to a blank line */
};

struct front_matter {
	enum front_matter_kind kind;
	size_t size;       /* of the block with its marks, in bytes */
	size_t start, end; /* of what is between the marks */
	bool unclosed;     /* it begins as YAML or TOML, and nothing ends it: size is 0 */
};

/* The block at the start of a text, which is clean UTF-8 with LF line ends. Of `markdown` alone the
 * last two kinds are searched for. */
void front_matter_find(const char *text, size_t len, bool markdown, struct front_matter *front);

/* Parse the block. NULL with an error that names a line; at most 1 MB. */
struct metadata_value *front_matter_parse(struct arena *arena, const char *text,
					  const struct front_matter *front, const char *where,
					  struct chapbook_error *err);

/* Parse a file of metadata: by its name TOML or JSON, else YAML; or what its marks say. */
struct metadata_value *front_matter_parse_file(struct arena *arena, const char *bytes, size_t len,
					       const char *name, struct chapbook_error *err);

#endif
