/* --to-dir: a folder, whole or not at all. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int cli_tree_fail(const char *path)
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
	*tree = (struct cli_tree){.dir = dir, .lock = -1};
	if (holds_anything(dir)) {
		cli_complain("%s: the folder is not empty", dir);
		return CLI_NOT_CONVERTED;
	}
	char *above = folder ? strndup(dir, (size_t)folder) : strdup(".");
	struct chapbook_error err = {0};
	if (!above || !cli_make_folder(above, 0777)) {
		free(above);
		return cli_tree_fail(dir);
	}
	tree->lock = chapbook_temporary_make(above, &tree->temp, &err);
	free(above);
	if (tree->lock < 0) {
		cli_complain("%s", err.message);
		return CLI_NOT_CONVERTED;
	}
	if (asprintf(&tree->path, "%s/%.*s", tree->temp, (int)len - folder, dir + folder) < 0)
		tree->path = NULL;
	return tree->path ? CLI_DONE : cli_tree_fail(dir);
}

static bool move_entry(const char *from, const char *to, const char *name)
{
	char *old = NULL, *new = NULL;
	bool moved = asprintf(&old, "%s/%s", from, name) >= 0 &&
		     asprintf(&new, "%s/%s", to, name) >= 0 && rename(old, new) == 0;
	free(old);
	free(new);
	return moved;
}

/* Move what is right in the folder `from` into the empty folder `to`; the mimetype, without which
 * it is no book, comes last. */
static bool move_entries(const char *from, const char *to)
{
	static const char last[] = "mimetype";
	DIR *d = opendir(from);
	bool moved = d != NULL;
	for (struct dirent *e; moved && (e = readdir(d));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    strcmp(e->d_name, last) != 0)
			moved = move_entry(from, to, e->d_name);
	if (d)
		closedir(d);
	return moved && move_entry(from, to, last);
}

/* A folder that exists may be one that cannot be replaced: the current one, where a file system is
 * mounted. */
static bool tree_place(const struct cli_tree *tree)
{
	return rename(tree->path, tree->dir) == 0 ||
	       ((errno == EBUSY || errno == EINVAL) && move_entries(tree->path, tree->dir));
}

int cli_tree_end(struct cli_tree *tree, int status)
{
	if (status == CLI_DONE && !tree_place(tree))
		status = cli_tree_fail(tree->dir);
	chapbook_temporary_remove(tree->lock, tree->temp);
	free(tree->path);
	return status;
}
