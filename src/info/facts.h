/* The facts that info prints, collected from a package. All strings live in the arena (or in the
 * package), are clean UTF-8, and NULL when not known. */
#ifndef INFO_FACTS_H
#define INFO_FACTS_H

#include "base/arena.h"
#include "package/package.h"

struct info_strings {
	const char **items;
	size_t count, cap;
};

struct info_person {
	const char *name, *role, *file_as, *bio, *url;
};
struct info_people {
	struct info_person *items;
	size_t count, cap;
};

struct info_identifier {
	const char *value, *scheme;
	bool unique;
};

struct info_entry {
	const char *title, *href;
	int depth; /* 1: top level */
};

struct info_picture {
	const char *id, *file, *media_type, *place;
	const char *caption, *credit, *copyright, *alt, *description;
	size_t size;
	unsigned width, height; /* pixels; 0: not known */
	bool cover;
};

struct info_facts {
	struct arena arena;
	const char *version, *title, *subtitle, *published, *modified, *publisher, *description,
		*rights;
	struct info_people authors, contributors;
	struct info_strings languages, subjects, sources;
	const char *series, *series_type, *series_position;
	struct {
		struct info_identifier *items;
		size_t count, cap;
	} identifiers;
	struct {
		struct info_entry *items;
		size_t count, cap;
	} contents; /* in order, with depth */
	struct {
		struct info_picture *items;
		size_t count, cap;
	} pictures;
	struct info_strings modes, sufficient, features, hazards;
	const char *summary, *conforms_to, *certified_by;
	size_t pages, files;
};

/* The caller releases facts->arena, also on failure. */
int info_collect(struct info_facts *facts, const struct package *p, struct chapbook_error *err);

/* Set the picture's size in bytes and, for PNG, GIF and JPEG, in pixels. */
void info_measure(struct info_picture *p, const struct entry *e);

#endif
