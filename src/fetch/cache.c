#include "fetch/cache.h"

#include "base/buf.h"
#include "base/file.h"
#include "fetch/cache_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct cache {
	char *dir;
	size_t max;
	atomic_uint names;   /* of files being written, so far */
	atomic_size_t added; /* bytes on disk, about */
	atomic_bool broken;  /* it cannot be written: not tried again */
};

enum { MAX_ENTRY = 256 * 1024 };

struct cache *cache_new(const char *dir, size_t max)
{
	struct cache *cache = calloc(1, sizeof *cache);
	if (!cache)
		return NULL;
	cache->dir = strdup(dir);
	cache->max = max;
	if (!cache->dir) {
		free(cache);
		return NULL;
	}
	return cache;
}

/* DIR/KIND/ab/cdef…, in a buffer that the caller releases. */
static struct buf path_of(const struct cache *cache, const char *kind, const char *digest)
{
	struct buf path = BUF_INIT;
	buf_printf(&path, "%s/%s/%.2s/%s", cache->dir, kind, digest, digest + 2);
	return path;
}

static struct buf entry_path(const struct cache *cache, const char *url)
{
	char digest[SHA256_HEX];
	sha256_hex(url, strlen(url), digest);
	return path_of(cache, "entries", digest);
}

/* --- Reading --- */

bool cache_find(struct cache *cache, const char *url, struct arena *arena,
		struct cache_entry *entry)
{
	struct buf path = entry_path(cache, url);
	char *text = NULL;
	size_t size;
	bool found = !path.failed && file_read(path.data, MAX_ENTRY, &text, &size, NULL) == 0 &&
		     cache_entry_parse(text, size, arena, entry);
	free(text);
	buf_release(&path);
	return found;
}

bool cache_load(struct cache *cache, const char *url, const struct cache_entry *entry, char **bytes)
{
	struct buf path = path_of(cache, "objects", entry->digest);
	size_t size = 0;
	*bytes = NULL;
	bool right = !path.failed && file_read(path.data, entry->size, bytes, &size, NULL) == 0 &&
		     size == entry->size;
	if (right) {
		char digest[SHA256_HEX];
		sha256_hex(*bytes, size, digest);
		right = strcmp(digest, entry->digest) == 0;
	}
	if (!right) {
		free(*bytes);
		*bytes = NULL;
		if (!path.failed)
			unlink(path.data);
		cache_forget(cache, url);
	}
	buf_release(&path);
	return right;
}

/* --- Writing --- */

/* Make the folders of `path` below the cache's, readable by this user alone. */
static bool make_folders(const struct cache *cache, const char *path)
{
	char *dir = file_dirname(path), *above = dir ? file_dirname(dir) : NULL;
	bool made = above && (mkdir(dir, 0700) == 0 || errno == EEXIST);
	if (above && !made) {
		made = file_mkdirs(cache->dir, NULL) == 0;
		mkdir(above, 0700);
		made = made && (mkdir(dir, 0700) == 0 || errno == EEXIST);
	}
	free(above);
	free(dir);
	return made;
}

/* Open a file that was not there before, in the folder of the one that is to be written. */
static int open_temp(struct cache *cache, const char *path, struct buf *temp)
{
	for (int tries = 0; tries < 100; tries++) {
		buf_truncate(temp, 0);
		buf_append(temp, path, (size_t)(file_basename(path) - path));
		buf_printf(temp, CACHE_TEMP "%ld-%u", (long)getpid(),
			   atomic_fetch_add(&cache->names, 1));
		if (temp->failed)
			return -1;
		int fd = open(temp->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static bool write_whole(struct cache *cache, const char *path, const char *bytes, size_t size)
{
	struct buf temp = BUF_INIT;
	int fd = open_temp(cache, path, &temp);
	if (fd < 0 && errno == ENOENT && make_folders(cache, path))
		fd = open_temp(cache, path, &temp);
	bool written = fd >= 0 && file_write_fd(fd, path, bytes, size, NULL) == 0;
	if (fd >= 0 && close(fd) != 0)
		written = false;
	if (written && rename(temp.data, path) != 0)
		written = false;
	if (!written && fd >= 0)
		unlink(temp.data);
	buf_release(&temp);
	return written;
}

/* Put "used just now" on a file; false when it is not there. */
static bool touch(const char *path)
{
	return utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

/* As a file takes it on disk. */
static size_t blocks(size_t size)
{
	return (size + 4095) / 4096 * 4096;
}

static bool keep_object(struct cache *cache, const struct cache_entry *entry, const char *bytes)
{
	struct buf path = path_of(cache, "objects", entry->digest);
	struct stat st;
	/* One of the same digest and size that is damaged is found out when it is read. */
	bool kept = !path.failed && stat(path.data, &st) == 0 &&
		    (size_t)st.st_size == entry->size && touch(path.data);
	if (!kept && !path.failed) {
		kept = write_whole(cache, path.data, bytes, entry->size);
		atomic_fetch_add(&cache->added, kept ? blocks(entry->size) : 0);
	}
	buf_release(&path);
	return kept;
}

void cache_keep(struct cache *cache, const char *url, struct cache_entry *entry, const char *bytes,
		size_t size)
{
	if (cache->broken || size > cache->max / 2)
		return;
	if (bytes) {
		sha256_hex(bytes, size, entry->digest);
		entry->size = size;
	}
	struct buf path = entry_path(cache, url), text = BUF_INIT;
	if (cache_entry_print(entry, &text) && text.len <= MAX_ENTRY && !path.failed) {
		if ((bytes && !keep_object(cache, entry, bytes)) ||
		    !write_whole(cache, path.data, text.data, text.len))
			cache->broken = true;
		else
			atomic_fetch_add(&cache->added, blocks(text.len));
	}
	buf_release(&text);
	buf_release(&path);
}

void cache_touch(struct cache *cache, const char *url, const struct cache_entry *entry)
{
	struct buf path = entry_path(cache, url);
	if (!path.failed)
		touch(path.data);
	buf_release(&path);
	if (entry->location)
		return;
	path = path_of(cache, "objects", entry->digest);
	if (!path.failed)
		touch(path.data);
	buf_release(&path);
}

void cache_forget(struct cache *cache, const char *url)
{
	struct buf path = entry_path(cache, url);
	if (!path.failed)
		unlink(path.data);
	buf_release(&path);
}

/* --- The end --- */

/* Inspecting all files at the end of every run would take longer than many runs. DIR/size has their
 * total size and the time of the last inspection; a run that adds to the cache adds to that size.
 * Runs at the same time may lose some of it, so the files are inspected again after a day. */
static void keep_bounded(struct cache *cache)
{
	enum { DAY = 24 * 3600 };
	struct buf path = BUF_INIT, line = BUF_INIT;
	char *text = NULL;
	size_t len, size = 0;
	long long looked, now = time(NULL);
	buf_printf(&path, "%s/size", cache->dir);
	if (path.failed || file_read(path.data, 100, &text, &len, NULL) != 0 ||
	    sscanf(text, "%zu %lld", &size, &looked) != 2 || looked > now || looked < now - DAY ||
	    cache->added > cache->max || size > cache->max - cache->added) {
		size = cache_trim(cache->dir, cache->max);
		looked = now;
	} else {
		size += cache->added;
	}
	buf_printf(&line, "%zu %lld\n", size, looked);
	if (!path.failed && !line.failed)
		write_whole(cache, path.data, line.data, line.len);
	free(text);
	buf_release(&line);
	buf_release(&path);
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	if (cache->added > 0)
		keep_bounded(cache);
	free(cache->dir);
	free(cache);
}
