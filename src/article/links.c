#include "article/links.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"

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
static bool resolve(xmlNode *link, const char *href, const char *base)
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

void links_settle(struct article *a, struct diag *diag)
{
	const char *base = links_base(a);
	unsigned dropped = 0;
	char example[120] = "";
	for (xmlNode *n = tree_find(a->body, NULL, "a"), *next; n; n = next) {
		next = tree_find(a->body, n, "a");
		const char *href = tree_get(n, "href");
		if (!href || href[0] == '#' || (url_is_absolute(href) && href[0] != '/'))
			continue;
		if (base && resolve(n, href, base))
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
			 "%u relative link%s %s removed (\"%s\"); use --base-url or --source to "
			 "keep "
			 "them",
			 dropped, dropped == 1 ? "" : "s", dropped == 1 ? "was" : "were", example);
}
