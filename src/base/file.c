#include "base/file.h"

#include "base/error.h"
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Set before there are threads. */
static const struct file_broker *broker;

void file_set_broker(const struct file_broker *new_broker)
{
	broker = new_broker;
}

int file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 && errno == EACCES && broker ? broker->open(path) : fd;
}

int file_ask_below(const char *folder, const char *name)
{
	errno = EACCES;
	return broker ? broker->open_below(folder, name) : -1;
}

int file_read_fd(int fd, const char *name, size_t limit, char **bytes, size_t *size,
		 struct chapbook_error *err)
{
	struct stat st;
	size_t cap = 64 * 1024, len = 0;
	if (fstat(fd, &st) == 0) {
		if (S_ISDIR(st.st_mode)) {
			return error_set(err, CHAPBOOK_E_IO, "%s: is a folder, not a file", name);
		}
		if (S_ISREG(st.st_mode) && (size_t)st.st_size > limit)
			return error_set(err, CHAPBOOK_E_LIMIT, "%s: larger than %zu MB", name,
					 limit >> 20);
		if (S_ISREG(st.st_mode))
			cap = (size_t)st.st_size + 1;
	}
	char *data = malloc(cap + 1);
	if (!data)
		return error_memory(err);
	for (;;) {
		if (len == cap) {
			if (len > limit)
				break;
			char *more = realloc(data, cap * 2 + 1);
			if (!more) {
				free(data);
				return error_memory(err);
			}
			data = more;
			cap *= 2;
		}
		ssize_t n = read(fd, data + len, cap - len);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			error_sys(err, "%s", name);
			free(data);
			return -1;
		}
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len > limit) {
		free(data);
		return error_set(err, CHAPBOOK_E_LIMIT, "%s: larger than %zu MB", name,
				 limit >> 20);
	}
	data[len] = '\0';
	*bytes = data;
	*size = len;
	return 0;
}

int file_read(const char *path, size_t limit, char **bytes, size_t *size,
	      struct chapbook_error *err)
{
	if (strcmp(path, "-") == 0)
		return file_read_fd(STDIN_FILENO, "standard input", limit, bytes, size, err);
	int fd = file_open(path);
	if (fd < 0)
		return error_sys(err, "%s", path);
	int rc = file_read_fd(fd, path, limit, bytes, size, err);
	close(fd);
	return rc;
}

int file_write_fd(int fd, const char *name, const void *bytes, size_t size,
		  struct chapbook_error *err)
{
	const char *p = bytes;
	while (size > 0) {
		ssize_t n = write(fd, p, size);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return error_sys(err, "%s", name);
		}
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Give the file `temp` the name `path`, which must be free. FAT has no links, NFS no such rename.
 */
static int rename_new(const char *temp, const char *path)
{
	if (renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EEXIST || link(temp, path) != 0)
		return -1;
	unlink(temp);
	return 0;
}

int file_draft_begin(struct file_draft *draft, const char *path, const void *bytes, size_t size,
		     struct chapbook_error *err)
{
	struct stat old;
	*draft = (struct file_draft){.fd = -1, .dir = file_dirname(path), .path = strdup(path)};
	draft->temp = draft->dir ? malloc(strlen(draft->dir) + MAX_TEMPORARY_NAME) : NULL;
	if (!draft->temp || !draft->path)
		return error_memory(err);
	/* Without /proc it could never be given its name. */
	if (access("/proc/self/fd", F_OK) == 0)
		draft->fd = open(draft->dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (draft->fd < 0) {
		draft->fd = temporary_file(-1, draft->dir, draft->temp);
		draft->is_named = draft->fd >= 0;
	}
	if (draft->fd < 0)
		return error_sys(err, "%s", path);
	if (file_write_fd(draft->fd, path, bytes, size, err) != 0)
		return -1;
	/* What is replaced keeps its mode, as far as this process may set it. */
	if (stat(path, &old) == 0 && S_ISREG(old.st_mode))
		(void)!fchmod(draft->fd, old.st_mode & 0777);
	return 0;
}

int file_draft_flush(const struct file_draft *draft, struct chapbook_error *err)
{
	return fsync(draft->fd) == 0 ? 0 : error_sys(err, "%s", draft->path);
}

int file_draft_place(struct file_draft *draft, bool *taken, struct chapbook_error *err)
{
	if (!draft->is_named) {
		if (temporary_link(draft->fd, draft->path) == 0)
			return 0;
		if (errno == EEXIST && taken) {
			*taken = true;
			return 0;
		}
		if (errno != EEXIST || temporary_file(draft->fd, draft->dir, draft->temp) < 0)
			return error_sys(err, "%s", draft->path);
		draft->is_named = true;
	}
	if ((taken ? rename_new(draft->temp, draft->path) : rename(draft->temp, draft->path)) ==
	    0) {
		draft->is_named = false;
		return 0;
	}
	if (!taken || errno != EEXIST)
		return error_sys(err, "%s", draft->path);
	*taken = true;
	return 0;
}

void file_draft_end(struct file_draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->is_named)
		unlink(draft->temp);
	free(draft->temp);
	free(draft->dir);
	free(draft->path);
	*draft = (struct file_draft){.fd = -1};
}

/* `taken`: as for file_draft_place(). */
static int write_regular(const char *path, const void *bytes, size_t size, bool *taken,
			 struct chapbook_error *err)
{
	struct file_draft draft;
	char *dir = file_dirname(path);
	if (dir)
		temporary_clean(dir);
	free(dir);
	int rc = file_draft_begin(&draft, path, bytes, size, err);
	if (rc == 0)
		rc = file_draft_flush(&draft, err);
	if (rc == 0)
		rc = file_draft_place(&draft, taken, err);
	file_draft_end(&draft);
	return rc;
}

int file_may_replace(const char *path, bool *is_special, struct chapbook_error *err)
{
	struct stat st;
	*is_special = false;
	if (stat(path, &st) != 0)
		return 0;
	*is_special = !S_ISREG(st.st_mode);
	/* A file made read-only is meant to stay. */
	return *is_special || access(path, W_OK) == 0 ? 0 : error_sys(err, "%s", path);
}

int file_write(const char *path, const void *bytes, size_t size, struct chapbook_error *err)
{
	bool is_special;
	if (broker)
		return broker->write(path, bytes, size, err);
	if (file_may_replace(path, &is_special, err) != 0)
		return -1;
	if (!is_special)
		return write_regular(path, bytes, size, NULL, err);
	/* A device or a pipe is written to; a folder cannot be. */
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return error_sys(err, "%s", path);
	int rc = file_write_fd(fd, path, bytes, size, err);
	close(fd);
	return rc;
}

int file_write_new(const char *path, const void *bytes, size_t size, bool *taken,
		   struct chapbook_error *err)
{
	struct stat st;
	*taken = lstat(path, &st) == 0; /* before the bytes are written for nothing */
	if (*taken)
		return 0;
	if (broker)
		return broker->write_new(path, bytes, size, taken, err);
	return write_regular(path, bytes, size, taken, err);
}

#define NOTE_ATTRIBUTE "user.chapbook.source"

void file_set_note(const char *path, const char *text)
{
	if (broker)
		broker->set_note(path, text);
	else
		setxattr(path, NOTE_ATTRIBUTE, text, strlen(text), 0);
}

void file_get_note(const char *path, char *text, size_t size)
{
	int fd = file_open(path);
	ssize_t len = fd >= 0 ? fgetxattr(fd, NOTE_ATTRIBUTE, text, size - 1) : -1;
	text[len > 0 ? len : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

int file_mkdirs(const char *path, struct chapbook_error *err)
{
	char *copy = strdup(path);
	if (!copy)
		return error_memory(err);
	int rc = 0;
	for (char *p = copy + 1; rc == 0; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char c = *p;
		*p = '\0';
		struct stat st;
		if (mkdir(copy, 0777) != 0 &&
		    (errno != EEXIST || stat(copy, &st) != 0 || !S_ISDIR(st.st_mode))) {
			if (errno == EACCES && broker) {
				rc = broker->mkdirs(path, err);
				break;
			}
			if (errno == EEXIST)
				errno = ENOTDIR;
			rc = error_sys(err, "%s", copy);
		}
		*p = c;
		if (c == '\0')
			break;
	}
	free(copy);
	return rc;
}

char *file_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return strdup(".");
	if (slash == path)
		return strdup("/");
	return strndup(path, (size_t)(slash - path));
}

const char *file_basename(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}
