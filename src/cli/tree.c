/* --to-dir: a folder, whole or not at all. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *path)
{
	cli_complain("%s: %s", path, strerror(errno));
	return CLI_NOT_CONVERTED;
}

/* Whether the folder is there and holds anything. */
static bool holds_anything(const char *dir)
{
	DIR *d = opendir(dir);
	bool found = false;
	for (struct dirent *e; d && !found && (e = readdir(d));)
		found = strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	if (d)
		closedir(d);
	return found;
}

int cli_tree_begin(struct cli_tree *tree, const char *dir)
{
	size_t len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/')
		len--;
	const char *slash = memrchr(dir, '/', len);
	int folder = slash ? (int)(slash - dir) + 1 : 0;
	*tree = (struct cli_tree){.dir = dir};
	if (holds_anything(dir)) {
		cli_complain("%s: the folder is not empty", dir);
		return CLI_NOT_CONVERTED;
	}
	if (asprintf(&tree->temp, "%.*s.chapbook-XXXXXX", folder, dir) < 0)
		tree->temp = NULL;
	if (!tree->temp || !mkdtemp(tree->temp)) {
		int status = fail(dir);
		free(tree->temp);
		tree->temp = NULL;
		return status;
	}
	if (asprintf(&tree->path, "%s/%.*s", tree->temp, (int)len - folder, dir + folder) < 0)
		tree->path = NULL;
	return tree->path ? CLI_DONE : fail(dir);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int cli_tree_end(struct cli_tree *tree, int status)
{
	enum { MOST_OPEN = 16 };
	if (status == CLI_DONE && rename(tree->path, tree->dir) != 0)
		status = fail(tree->dir);
	if (tree->temp)
		nftw(tree->temp, remove_entry, MOST_OPEN, FTW_DEPTH | FTW_PHYS);
	free(tree->temp);
	free(tree->path);
	return status;
}
