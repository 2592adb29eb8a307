#include "base/temporary.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many processes can write to a folder at a time; of those that were killed, the names are
 * searched for up to CLEANED. */
enum { NAMES = 10000, CLEANED = 16 };

static void put_name(char *path, const char *folder, unsigned n)
{
	snprintf(path, strlen(folder) + MAX_TEMPORARY_NAME, "%s/.chapbook-temporary-%u", folder, n);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)ftw;
	return unlinkat(AT_FDCWD, path, type == FTW_DP ? AT_REMOVEDIR : 0);
}

static void remove_tree(const char *path)
{
	enum { MAX_OPEN = 16 };
	nftw(path, remove_entry, MAX_OPEN, FTW_DEPTH | FTW_PHYS);
}

void temporary_clean(const char *folder)
{
	char path[4096];
	struct stat st;
	if (strlen(folder) + MAX_TEMPORARY_NAME > sizeof path)
		return;
	for (unsigned n = 0; n < CLEANED; n++) {
		put_name(path, folder, n);
		int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) &&
		    st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
			remove_tree(path);
		close(fd);
	}
}

/* Lock what was made, and see whether it is still there: another process may have taken it for one
 * that was left before it was locked. A file system without locks is no reason to fail. */
static bool hold(int fd, const char *path)
{
	struct stat mine, there;
	(void)!flock(fd, LOCK_EX);
	return fstat(fd, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
	       mine.st_dev == there.st_dev;
}

int temporary_link(int fd, const char *path)
{
	char proc[64];
	snprintf(proc, sizeof proc, "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, proc, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

int temporary_file(int fd, const char *folder, char *path)
{
	if (fd >= 0)
		(void)!flock(fd, LOCK_EX | LOCK_NB);
	for (unsigned n = 0; n < NAMES; n++) {
		put_name(path, folder, n);
		if (fd >= 0) {
			if (temporary_link(fd, path) == 0)
				return fd;
		} else {
			int made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
			if (made >= 0 && hold(made, path))
				return made;
			if (made >= 0) {
				close(made);
				continue;
			}
		}
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

static int make_folder(const char *folder, char *path)
{
	for (unsigned n = 0; n < NAMES; n++) {
		put_name(path, folder, n);
		if (mkdir(path, 0777) != 0) {
			if (errno != EEXIST)
				return -1;
			continue;
		}
		int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || hold(fd, path))
			return fd;
		close(fd);
	}
	return -1;
}

int chapbook_temporary_make(const char *folder, char **path, struct chapbook_error *err)
{
	*path = malloc(strlen(folder) + MAX_TEMPORARY_NAME);
	if (!*path)
		return error_memory(err);
	temporary_clean(folder);
	int fd = make_folder(folder, *path);
	if (fd >= 0)
		return fd;
	error_sys(err, "%s", folder);
	free(*path);
	*path = NULL;
	return -1;
}

void chapbook_temporary_remove(int fd, char *path)
{
	if (path)
		remove_tree(path);
	if (fd >= 0)
		close(fd);
	free(path);
}
