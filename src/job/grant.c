/* What the parent does for its child, by the access that it granted. */
#include "job/grant.h"

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

static int compare_path(const void *path, const void *item)
{
	return strcmp(path, *(const char *const *)item);
}

static bool is_listed(const char *const *list, size_t count, const char *path)
{
	return count && bsearch(path, list, count, sizeof *list, compare_path);
}

static bool is_output(const struct chapbook_access *access, const char *path)
{
	return is_listed(access->outputs, access->output_count, path);
}

/* Without slashes at its end; "." for "". malloc()ed, or NULL. */
static char *folder_name(const char *path)
{
	size_t len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len ? strndup(path, len) : strdup(".");
}

static bool same_folder(const char *a, const char *b)
{
	char *x = folder_name(a), *y = folder_name(b);
	bool same = x && y && strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

/* Whether it is NAME.epub right in the folder for books; no hidden file. */
bool grant_is_book_name(const struct chapbook_access *access, const char *path)
{
	static const char ending[] = ".epub";
	const char *name = file_basename(path);
	size_t len = strlen(name), n = sizeof ending - 1;
	if (!access->books || *name == '.' || len <= n || strcmp(name + len - n, ending) != 0)
		return false;
	char *folder = file_dirname(path);
	bool right = folder && same_folder(folder, access->books);
	free(folder);
	return right;
}

/* OCF 3.3, "OCF ZIP container media type identification". */
static bool holds_epub(int fd)
{
	static const char type[] = "mimetypeapplication/epub+zip";
	char start[30 + sizeof type - 1];
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       pread(fd, start, sizeof start, 0) == (ssize_t)sizeof start &&
	       memcmp(start, "PK\3\4", 4) == 0 && memcmp(start + 30, type, sizeof type - 1) == 0;
}

/* Open an EPUB file that the child may read; -1 with errno set: EMEDIUMTYPE for another file. */
int grant_open_book(const struct chapbook_access *access, const char *path)
{
	if (!is_output(access, path) && !grant_is_book_name(access, path)) {
		errno = EACCES;
		return -1;
	}
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && !holds_epub(fd)) {
		close(fd);
		fd = -1;
		errno = EMEDIUMTYPE;
	}
	return fd;
}

int grant_open(const struct chapbook_access *access, const char *path)
{
	return is_listed(access->inputs, access->input_count, path)
		       ? open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
		       : grant_open_book(access, path);
}

/* Whether a file is hidden in the home folder, where programs keep keys, while the folder of the
 * article is not: the article names it by no accident. */
static bool is_hidden_at_home(int fd, const char *folder)
{
	const char *name = getenv("HOME");
	char *home = name && *name ? realpath(name, NULL) : NULL;
	char link[64], path[PATH_MAX];
	size_t len = home ? strlen(home) : 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	bool hidden = len && strncmp(path, home, len) == 0 && strncmp(path + len, "/.", 2) == 0 &&
		      !(strncmp(folder, home, len) == 0 && strncmp(folder + len, "/.", 2) == 0);
	free(home);
	return hidden;
}

/* Open a file below a folder of articles; -1 with errno set. */
int grant_open_below(const struct chapbook_access *access, const char *folder, const char *name)
{
	char *real = realpath(folder, NULL);
	int fd = -1, error = EACCES;
	if (real && is_listed(access->folders, access->folder_count, real)) {
		fd = below_open(real, name);
		error = errno;
	}
	if (fd >= 0 && is_hidden_at_home(fd, real)) {
		close(fd);
		fd = -1;
		error = EACCES;
	}
	free(real);
	errno = error;
	return fd;
}

/* Whether the file may be made or, unless it is to be `fresh`, replaced. */
int grant_write(const struct chapbook_access *access, const char *path, bool fresh,
		struct chapbook_error *err)
{
	if (is_output(access, path))
		return 0;
	errno = EACCES;
	if (!grant_is_book_name(access, path))
		return error_sys(err, "%s", path);
	struct stat st;
	if (fresh || (lstat(path, &st) != 0 && errno == ENOENT))
		return 0;
	int fd = grant_open_book(access, path);
	if (fd < 0)
		return error_set(err, CHAPBOOK_E_IO,
				 "%s: exists and is not an EPUB file; it is not replaced", path);
	close(fd);
	return 0;
}

/* The folder for books, and those that outputs are in. */
bool grant_make_folder(const struct chapbook_access *access, const char *path)
{
	if (access->books && same_folder(path, access->books))
		return true;
	for (size_t i = 0; i < access->output_count; i++) {
		char *folder = file_dirname(access->outputs[i]);
		bool same = folder && same_folder(path, folder);
		free(folder);
		if (same)
			return true;
	}
	return false;
}
