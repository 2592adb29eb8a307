#include "fetch/cache_parts.h"

#include "base/buf.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A file of the cache: KIND/ab/NAME. */
struct kept {
	struct timespec used;
	size_t size;        /* on disk */
	unsigned char kind; /* index of kinds[] */
	unsigned char part; /* 0xab */
	char *name;         /* in the arena */
};

struct file_list {
	struct arena arena;
	struct kept *items;
	size_t count, cap;
	size_t total;
};

static const char *const kinds[] = {"entries", "objects"};

static void cache_trim_add(struct file_list *list, int folder, unsigned kind, unsigned part,
			   const char *name)
{
	enum { HOUR = 3600 };
	struct stat st;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return;
	if (strncmp(name, CACHE_TEMP, strlen(CACHE_TEMP)) == 0) {
		if (st.st_mtim.tv_sec < time(NULL) - HOUR)
			unlinkat(folder, name, 0);
		return;
	}
	struct kept *kept = ARENA_PUSH(&list->arena, *list);
	if (!kept)
		return;
	*kept = (struct kept){.used = st.st_mtim,
			      .size = (size_t)st.st_blocks * 512,
			      .kind = (unsigned char)kind,
			      .part = (unsigned char)part,
			      .name = arena_dup(&list->arena, name)};
	list->total += kept->size;
}

static void list_part(struct file_list *list, const char *dir, unsigned kind, unsigned part)
{
	struct buf path = BUF_INIT;
	buf_printf(&path, "%s/%s/%02x", dir, kinds[kind], part);
	DIR *folder = path.failed ? NULL : opendir(path.data);
	buf_release(&path);
	if (!folder)
		return;
	for (struct dirent *e; (e = readdir(folder));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			cache_trim_add(list, dirfd(folder), kind, part, e->d_name);
	closedir(folder);
}

static int by_use(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	if (x->used.tv_nsec != y->used.tv_nsec)
		return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
	return 0;
}

size_t cache_trim(const char *dir, size_t max)
{
	struct file_list list = {0};
	for (unsigned kind = 0; kind < 2; kind++)
		for (unsigned part = 0; part < 256; part++)
			list_part(&list, dir, kind, part);
	if (list.total > max && !list.arena.failed) {
		/* Somewhat more, so that not every run has to. */
		max -= max / 8;
		qsort(list.items, list.count, sizeof *list.items, by_use);
		for (size_t i = 0; i < list.count && list.total > max; i++) {
			const struct kept *kept = &list.items[i];
			struct buf path = BUF_INIT;
			buf_printf(&path, "%s/%s/%02x/%s", dir, kinds[kept->kind], kept->part,
				   kept->name);
			if (!path.failed && unlink(path.data) == 0)
				list.total -= kept->size;
			buf_release(&path);
		}
	}
	arena_release(&list.arena);
	return list.total;
}
