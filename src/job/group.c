#include "job/group.h"

#include "base/error.h"
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	MAX_AGE = 1000, /* ms that a file waits for its name */
	MAX_BYTES = 64 << 20,
	FEW = 8 /* so many are flushed one by one: a flush of all writes others' files, too */
};

static long long group_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void group_init(struct group *g)
{
	*g = (struct group){.folder = -1};
}

const struct group_file *group_find(const struct group *g, const char *path)
{
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(g->files[i].draft.path, path) == 0)
			return &g->files[i];
	return NULL;
}

bool group_is_due(const struct group *g)
{
	return g->count == GROUP_MAX || g->bytes >= MAX_BYTES ||
	       (g->count && group_now() - g->since >= MAX_AGE);
}

/* No other process of chapbook may take a name in the folder until the files have theirs. */
static void group_begin(struct group *g, const struct file_draft *draft)
{
	g->since = group_now();
	g->bytes = 0;
	g->name = draft->dir;
	temporary_clean(draft->dir);
	g->folder = open(draft->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (g->folder >= 0)
		(void)!flock(g->folder, LOCK_EX);
}

int group_add(struct group *g, const char *path, const void *bytes, size_t size, bool *taken,
	      struct chapbook_error *err)
{
	struct group_file *file = &g->files[g->count];
	struct stat st;
	int rc = file_draft_begin(&file->draft, path, bytes, size, err);
	if (rc == 0 && g->count == 0)
		group_begin(g, &file->draft);
	if (rc == 0 && taken)
		*taken = group_find(g, path) || lstat(path, &st) == 0;
	if (rc == 0 && !(taken && *taken)) {
		file->is_new = taken != NULL;
		g->count++;
		g->bytes += size;
		return 0;
	}
	file_draft_end(&file->draft);
	if (g->count == 0 && g->folder >= 0) {
		close(g->folder);
		g->folder = -1;
	}
	return rc;
}

static int group_flush(const struct group *g, struct chapbook_error *err)
{
	if (g->count > FEW && g->folder >= 0)
		return syncfs(g->folder) == 0 ? 0 : error_sys(err, "%s", g->name);
	for (size_t i = 0; i < g->count; i++)
		if (file_draft_flush(&g->files[i].draft, err) != 0)
			return -1;
	return 0;
}

static int group_place_file(struct group_file *file, struct chapbook_error *err)
{
	bool taken = false;
	int rc = file_draft_place(&file->draft, file->is_new ? &taken : NULL, err);
	if (taken)
		return error_set(err, CHAPBOOK_E_IO,
				 "%s: another program has made a file of this name",
				 file->draft.path);
	return rc;
}

int group_place(struct group *g, struct chapbook_error *err)
{
	int rc = g->count ? group_flush(g, err) : 0;
	for (size_t i = 0; i < g->count && rc == 0; i++)
		rc = group_place_file(&g->files[i], err);
	/* The names. Some file systems have no such flush. */
	if (rc == 0 && g->folder >= 0 && fsync(g->folder) != 0 && errno != EINVAL)
		rc = error_sys(err, "%s", g->name);
	for (size_t i = 0; i < g->count; i++)
		file_draft_end(&g->files[i].draft);
	if (g->folder >= 0)
		close(g->folder);
	g->count = 0;
	g->folder = -1;
	return rc;
}
