#include "base/below.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a name is relative and, as it is written, leads to a place below the real path `root`: a
 * ".." may lead above it when the names behind lead back. No file is inspected. False with errno
 * set. */
static bool keeps_below(const char *root, const char *name)
{
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
	char *path = NULL;
	errno = EXDEV;
	if (*name == '/' || *name == '\0')
		return false;
	if (asprintf(&path, "%.*s/%s", (int)len, root, name) < 0)
		return false;
	char *end = path;
	for (const char *part = path; *part;) {
		size_t n = strcspn(part, "/");
		if (n == 2 && memcmp(part, "..", 2) == 0) {
			*end = '\0';
			char *slash = strrchr(path, '/');
			end = slash ? slash : path;
		} else if (n > 0 && !(n == 1 && *part == '.')) {
			*end++ = '/';
			memmove(end, part, n);
			end += n;
		}
		part += n + (part[n] == '/');
	}
	*end = '\0';
	bool below = strncmp(path, root, len) == 0 && path[len] == '/' && path[len + 1];
	free(path);
	errno = EXDEV;
	return below;
}

/* The real path of `name` as seen from the real path `root`, which it must be below: malloc()ed,
 * or NULL with errno set. */
static char *real_name(const char *root, const char *name)
{
	char *path = NULL, *whole = NULL, *rest = NULL;
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
	if (asprintf(&path, "%s/%s", root, name) < 0)
		return NULL;
	whole = realpath(path, NULL);
	free(path);
	if (!whole)
		return NULL;
	if (strncmp(whole, root, len) == 0 && whole[len] == '/' && whole[len + 1])
		rest = strdup(whole + len + 1);
	else
		errno = EXDEV;
	free(whole);
	return rest;
}

/* Open a regular file right in `dir`. */
static int open_regular(int dir, const char *name)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (S_ISREG(st.st_mode)) {
		int fd = openat(dir, name,
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
			return fd;
		close(fd);
	}
	errno = ENXIO;
	return -1;
}

/* Open `path`, in which nothing is a symbolic link, from the folder `dir`, part by part; closes
 * `dir`. */
static int below_walk(int dir, char *path)
{
	for (char *slash; dir >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		*slash = '\0';
		int next = openat(dir, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(dir);
		dir = next;
	}
	if (dir < 0)
		return -1;
	int fd = open_regular(dir, path), error = errno;
	close(dir);
	errno = error;
	return fd;
}

int below_open(const char *folder, const char *name)
{
	errno = EXDEV;
	char *root = folder && *folder ? realpath(folder, NULL) : NULL;
	char *path = root && keeps_below(root, name) ? real_name(root, name) : NULL;
	int fd = path ? below_walk(open(root, O_PATH | O_DIRECTORY | O_CLOEXEC), path) : -1;
	if (fd < 0 && path && errno == EACCES)
		fd = file_ask_below(folder, name);
	int error = errno;
	free(root);
	free(path);
	errno = error;
	return fd;
}

bool below_is_file(const char *folder, const char *name)
{
	int fd = below_open(folder, name);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

const char *below_why(const char *folder, int error)
{
	if (!folder || !*folder)
		return "articles from the web, standard input or an archive may name no files; "
		       "save the article in a folder first";
	switch (error) {
	case EXDEV:
		return "outside the folder of the file that names it; copy it there";
	case ENXIO:
		return "not a regular file";
	case ENOENT:
	case ENOTDIR:
		return "no such file";
	case EACCES:
		return "permission denied";
	default:
		return "cannot be read";
	}
}

int below_read(const char *folder, const char *name, size_t limit, char **bytes, size_t *size,
	       struct chapbook_error *err)
{
	int fd = below_open(folder, name);
	if (fd < 0)
		return errno == ENOMEM ? error_memory(err)
				       : error_set(err, CHAPBOOK_E_INPUT, "%s: %s", name,
						   below_why(folder, errno));
	int rc = file_read_fd(fd, name, limit, bytes, size, err);
	close(fd);
	return rc;
}
