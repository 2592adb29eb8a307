/* The record of a folder of books. */
#include "base/diag.h"
#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "batch/line.h"
#include "batch/offsets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAX_LINE = 1 << 16, /* bytes; a longer line is not one of a record */
	CHUNK = 1 << 16,
	MEAN_LINE = 128,
};

struct queued {
	uint64_t hash;
	size_t at; /* of its line in `lines` */
};

struct chapbook_record {
	char *path, *folder; /* of the file; owned */
	int fd;
	struct offsets offsets;
	struct buf lines; /* that are not written yet */
	struct queued *queue;
	size_t queued, room;
	struct arena arena; /* of the entry that was found last */
	char *line;         /* MAX_LINE bytes */
	struct diag diag;
	size_t valid; /* lines that were read */
};

/* FNV-1a, of the key as a line has it. */
static uint64_t hash_key(const char *key)
{
	struct buf clean = BUF_INIT;
	uint64_t hash = 14695981039346656037u;
	utf8_clean(&clean, key, strlen(key));
	for (size_t i = 0; i < clean.len; i++)
		hash = (hash ^ (unsigned char)clean.data[i]) * 1099511628211u;
	buf_release(&clean);
	return hash;
}

/* --- Reading --- */

/* A line while it is read: its first MAX_LINE + 1 bytes, and how many there are. */
struct held {
	struct buf start;
	size_t len;
};

static void record_hold(struct held *held, const char *bytes, size_t len)
{
	size_t room = MAX_LINE + 1 - held->start.len;
	buf_append(&held->start, bytes, len < room ? len : room);
	held->len += len;
}

/* Note where the line is that begins at `offset`. */
static int load_line(struct chapbook_record *r, const struct held *held, int number,
		     uint64_t offset, struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct chapbook_error why = {0};
	struct chapbook_entry entry;
	if (held->len <= MAX_LINE && line_parse(&entry, held->start.data, held->len, &arena)) {
		r->valid++;
		if (!offsets_set(&r->offsets, hash_key(entry.key), offset, r->folder))
			error_sys(&why, "%s", r->path);
	} else if (arena.failed) {
		error_memory(&why);
	} else {
		diag_add(&r->diag, DIAG_RECORD_BROKEN, number,
			 "this is no line of a record, and is ignored");
	}
	arena_release(&arena);
	if (why.code != CHAPBOOK_OK && err && err->code == CHAPBOOK_OK)
		*err = why;
	return why.code == CHAPBOOK_OK ? 0 : -1;
}

/* Read all lines; *end becomes the offset behind the last whole one, `held` what is behind it. */
static int load_lines(struct chapbook_record *r, uint64_t *end, struct held *held,
		      struct chapbook_error *err)
{
	char *chunk = malloc(CHUNK);
	int rc = chunk ? 0 : error_memory(err);
	ssize_t n = 0;
	*end = 0;
	for (int number = 1;
	     rc == 0 && (n = pread(r->fd, chunk, CHUNK, (off_t)(*end + held->len))) > 0;) {
		const char *s = chunk, *stop = chunk + n, *feed;
		while (rc == 0 && (feed = memchr(s, '\n', (size_t)(stop - s))) != NULL) {
			record_hold(held, s, (size_t)(feed - s));
			rc = held->start.failed ? error_memory(err)
						: load_line(r, held, number++, *end, err);
			*end += held->len + 1;
			buf_truncate(&held->start, 0);
			held->len = 0;
			s = feed + 1;
		}
		record_hold(held, s, (size_t)(stop - s));
		if (rc == 0 && held->start.failed)
			rc = error_memory(err);
	}
	if (rc == 0 && n < 0)
		rc = error_sys(err, "%s", r->path);
	free(chunk);
	return rc;
}

/* Whether it can be the beginning of a line of a record. After a power cut zeros may be there. */
static bool is_beginning(const struct held *held)
{
	static const char begins[] = "{\"key\":\"";
	size_t len = held->start.len < sizeof begins - 1 ? held->start.len : sizeof begins - 1;
	return held->start.data[0] == '\0' || memcmp(held->start.data, begins, len) == 0;
}

/* Cut off what a process that was ended has left of a line. The file is locked. */
static int cut_end(struct chapbook_record *r, uint64_t end, struct chapbook_error *err)
{
	struct stat st;
	if (fstat(r->fd, &st) != 0 ||
	    ((uint64_t)st.st_size > end && ftruncate(r->fd, (off_t)end) != 0))
		return error_sys(err, "%s", r->path);
	return 0;
}

static int record_load(struct chapbook_record *r, struct chapbook_error *err)
{
	struct stat st;
	struct held held = {BUF_INIT, 0};
	uint64_t end;
	r->fd = open(r->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666);
	if (r->fd < 0 || fstat(r->fd, &st) != 0)
		return error_sys(err, "%s", r->path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, CHAPBOOK_E_USAGE, "%s: is not a regular file", r->path);
	if (!offsets_init(&r->offsets, (size_t)st.st_size / MEAN_LINE, r->folder))
		return error_sys(err, "%s", r->path);
	(void)!flock(r->fd, LOCK_EX); /* a file system without locks is no reason to fail */
	int rc = load_lines(r, &end, &held, err);
	if (rc == 0 && r->valid == 0 && (end > 0 || !is_beginning(&held)) && st.st_size > 0)
		rc = error_set(err, CHAPBOOK_E_USAGE,
			       "%s: this file exists and is not a record of books; choose another",
			       r->path);
	if (rc == 0)
		rc = cut_end(r, end, err);
	buf_release(&held.start);
	(void)!flock(r->fd, LOCK_UN);
	return rc;
}

struct chapbook_record *chapbook_record_open(const char *path, chapbook_message_fn *fn, void *ctx,
					     struct chapbook_error *err)
{
	struct chapbook_record *r = calloc(1, sizeof *r);
	if (!r) {
		error_memory(err);
		return NULL;
	}
	r->fd = r->offsets.fd = -1;
	r->lines = (struct buf)BUF_INIT;
	r->path = strdup(path);
	r->folder = file_dirname(path);
	r->line = malloc(MAX_LINE + 1);
	r->diag = (struct diag){.fn = fn, .ctx = ctx, .file = r->path};
	if (r->path && r->folder && r->line && record_load(r, err) == 0)
		return r;
	error_memory(err);
	chapbook_record_close(r);
	return NULL;
}

void chapbook_record_close(struct chapbook_record *r)
{
	if (!r)
		return;
	offsets_release(&r->offsets);
	if (r->fd >= 0)
		close(r->fd);
	buf_release(&r->lines);
	arena_release(&r->arena);
	free(r->queue);
	free(r->path);
	free(r->folder);
	free(r->line);
	free(r);
}

bool chapbook_record_find(struct chapbook_record *r, const char *key, struct chapbook_entry *entry)
{
	uint64_t offset;
	struct buf clean = BUF_INIT;
	bool found = false;
	arena_release(&r->arena);
	if (offsets_find(&r->offsets, hash_key(key), &offset)) {
		ssize_t n = pread(r->fd, r->line, MAX_LINE, (off_t)offset);
		const char *feed = n > 0 ? memchr(r->line, '\n', (size_t)n) : NULL;
		utf8_clean(&clean, key, strlen(key));
		found = feed && line_parse(entry, r->line, (size_t)(feed - r->line), &r->arena) &&
			!clean.failed && strcmp(entry->key, clean.data) == 0;
	}
	buf_release(&clean);
	return found;
}

/* --- Writing --- */

int chapbook_record_add(struct chapbook_record *r, const struct chapbook_entry *entry,
			struct chapbook_error *err)
{
	size_t at = r->lines.len;
	if (r->queued == r->room) {
		size_t room = r->room ? r->room * 2 : 64;
		struct queued *more = realloc(r->queue, room * sizeof *more);
		if (!more)
			return error_memory(err);
		r->queue = more;
		r->room = room;
	}
	line_put(&r->lines, entry);
	if (r->lines.failed)
		return error_memory(err);
	if (r->lines.len - at > MAX_LINE) {
		buf_truncate(&r->lines, at);
		return error_set(err, CHAPBOOK_E_LIMIT, "%s: a line is longer than %d bytes",
				 r->path, MAX_LINE);
	}
	r->queue[r->queued++] = (struct queued){hash_key(entry->key), at};
	return 0;
}

/* Where the lines begin: at the end, behind a line feed. The file is locked; what another process
 * has left of a line, it was ended. */
static int record_find_end(struct chapbook_record *r, off_t *end, struct chapbook_error *err)
{
	char last = '\n';
	*end = lseek(r->fd, 0, SEEK_END);
	if (*end < 0 || (*end > 0 && pread(r->fd, &last, 1, *end - 1) != 1))
		return error_sys(err, "%s", r->path);
	while (*end > 0 && last != '\n') {
		--*end;
		if (*end > 0 && pread(r->fd, &last, 1, *end - 1) != 1)
			return error_sys(err, "%s", r->path);
	}
	return cut_end(r, (uint64_t)*end, err);
}

int chapbook_record_flush(struct chapbook_record *r, struct chapbook_error *err)
{
	off_t start;
	if (r->queued == 0)
		return 0;
	(void)!flock(r->fd, LOCK_EX);
	int rc = record_find_end(r, &start, err);
	if (rc == 0 && file_write_fd(r->fd, r->path, r->lines.data, r->lines.len, err) != 0) {
		(void)!ftruncate(r->fd, start);
		rc = -1;
	}
	if (rc == 0 && fdatasync(r->fd) != 0)
		rc = error_sys(err, "%s", r->path);
	(void)!flock(r->fd, LOCK_UN);
	for (size_t i = 0; rc == 0 && i < r->queued; i++)
		if (!offsets_set(&r->offsets, r->queue[i].hash, (uint64_t)start + r->queue[i].at,
				 r->folder))
			rc = error_sys(err, "%s", r->path);
	chapbook_record_drop(r);
	return rc;
}

void chapbook_record_drop(struct chapbook_record *r)
{
	buf_truncate(&r->lines, 0);
	r->queued = 0;
}
