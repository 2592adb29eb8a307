/* Files that are written in groups: the bytes of all are flushed together, then all get their
 * names. One flush of a file system costs hardly more than that of a file. */
#ifndef JOB_GROUP_H
#define JOB_GROUP_H

#include "base/file.h"

enum { GROUP_MAX = 256 };

struct group {
	struct group_file {
		struct file_draft draft;
		bool is_new; /* the name must be free */
	} files[GROUP_MAX];
	size_t count;
	unsigned long long bytes; /* of all */
	long long since;          /* when the first one came: ms of CLOCK_MONOTONIC */
	int folder;               /* locked while there are files; -1 */
	const char *name;         /* of it, borrowed from the first file */
};

void group_init(struct group *group);
/* Add a file as file_write() or, with `taken`, file_write_new() do. A full group is to be placed
 * first. */
int group_add(struct group *group, const char *path, const void *bytes, size_t size, bool *taken,
	      struct chapbook_error *err);
/* The file in the group that is to have that name, or NULL. */
const struct group_file *group_find(const struct group *group, const char *path);
/* Whether it is time to flush it: it is full, or a second old. */
bool group_is_due(const struct group *group);
/* Flush all and give them their names, and forget them. */
int group_place(struct group *group, struct chapbook_error *err);

#endif
