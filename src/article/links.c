#include "article/links.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void link_drop(xmlNode *link)
{
	if (!tree_get(link, "id")) {
		tree_unwrap(link);
		return;
	}
	tree_set(link, "href", NULL);
	tree_set(link, "epub:type", NULL);
	tree_set(link, "role", NULL);
}

static bool is_web(const char *url)
{
	return url && (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
}

/* Point a link at `href` as seen from `base`. False when nothing comes of it. */
static bool resolve_link(xmlNode *link, const char *href, const char *base)
{
	struct buf absolute = BUF_INIT;
	bool done = url_resolve(&absolute, href, base, URL_LINK) && is_web(absolute.data);
	if (done)
		tree_set(link, "href", absolute.data);
	if (absolute.failed)
		tree_fail(link);
	buf_release(&absolute);
	return done;
}

const char *links_base(const struct article *a)
{
	const char *const urls[] = {a->base_url, a->source_url, a->canonical_url};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
		if (is_web(urls[i]))
			return urls[i];
	return NULL;
}

/* --- Links between files of one book --- */

char *links_absolute_path(const char *file)
{
	char *folder = file_dirname(file), *real = folder ? realpath(folder, NULL) : NULL;
	char *path = NULL;
	if (real &&
	    asprintf(&path, "%s/%s", strcmp(real, "/") == 0 ? "" : real, file_basename(file)) < 0)
		path = NULL;
	free(real);
	free(folder);
	return path;
}

/* Append the path that a relative reference means beside the file `base`: "/a/b.md" and "../c.md"
 * make "/c.md". */
static void links_put_path(struct buf *out, const char *base, const char *reference)
{
	const char *slash = strrchr(base, '/');
	buf_append(out, base, slash ? (size_t)(slash - base) : 0);
	for (const char *part = reference; *part;) {
		size_t len = strcspn(part, "/");
		if (len == 2 && strncmp(part, "..", 2) == 0) {
			const char *up = memrchr(out->data, '/', out->len);
			buf_truncate(out, up ? (size_t)(up - out->data) : 0);
		} else if (len && !(len == 1 && *part == '.')) {
			buf_putc(out, '/');
			buf_append(out, part, len);
		}
		part += len + (part[len] == '/');
	}
}

/* Find the file of the book that a reference means: one beside the article's own or, where it
 * begins with a slash and the root of the site is not known, one below any folder that the article
 * is in. */
static bool find_file(struct buf *path, const struct article *a, const struct map *files,
		      const char *reference)
{
	char *base = strdup(a->path);
	bool found = false;
	for (char *slash; base && !found && (slash = strrchr(base, '/')) != NULL; *slash = '\0') {
		slash[1] = '\0';
		buf_truncate(path, 0);
		links_put_path(path, base, reference);
		found = map_find(files, path->data) != NULL;
		if (*reference != '/')
			break;
	}
	path->failed |= base == NULL;
	free(base);
	return found;
}

/* Mark a link to a file of the book. Returns whether it is one. */
static bool mark_file(xmlNode *link, const char *href, const struct article *a,
		      const struct map *files)
{
	struct buf reference = BUF_INIT, path = BUF_INIT;
	const char *fragment = strchr(href, '#');
	if (!files || !a->path || (*href == '/' && links_base(a)) || strncmp(href, "//", 2) == 0)
		return false;
	url_put_decoded(&reference, href, strcspn(href, "?#"));
	bool known = reference.len && find_file(&path, a, files, reference.data);
	if (known) {
		buf_puts(&path, fragment ? fragment : "");
		tree_set(link, LINK_FILE_ATTRIBUTE, path.data);
	}
	if (path.failed || reference.failed)
		tree_fail(link);
	buf_release(&reference);
	buf_release(&path);
	return known;
}

/* --- All relative links --- */

void links_resolve(struct article *a, const struct map *files, struct diag *diag)
{
	const char *base = links_base(a);
	unsigned dropped = 0;
	char example[120] = "";
	for (xmlNode *n = tree_find(a->body, NULL, "a"), *next; n; n = next) {
		next = tree_find(a->body, n, "a");
		const char *href = tree_get(n, "href");
		if (!href || href[0] == '#' || (url_is_absolute(href) && href[0] != '/'))
			continue;
		bool in_book = mark_file(n, href, a, files);
		if ((base && resolve_link(n, href, base)) || in_book)
			continue;
		if (dropped++ == 0) {
			strncpy(example, href, sizeof example - 1);
			while (*example && ((unsigned char)example[strlen(example) - 1] & 0x80))
				example[strlen(example) - 1] = '\0';
		}
		link_drop(n);
	}
	if (dropped)
		diag_add(diag, DIAG_LINK_BROKEN, 0,
			 "%u relative %s removed (\"%s\"); use --base-url or --source to keep %s",
			 dropped, plural(dropped, "link was", "links were"), example,
			 plural(dropped, "it", "them"));
}
