#include "article/links.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"

#include <libxml/uri.h>
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
	struct buf clean = BUF_INIT;
	xmlChar *absolute = xmlBuildURI((const xmlChar *)href, (const xmlChar *)base);
	bool done = absolute &&
		    url_put_clean(&clean, (const char *)absolute, strlen((const char *)absolute),
				  URL_LINK) &&
		    is_web(clean.data);
	if (done)
		tree_set(link, "href", clean.data);
	if (clean.failed)
		tree_fail(link);
	xmlFree(absolute);
	buf_release(&clean);
	return done;
}

void links_settle(struct article *a, struct diag *diag)
{
	const char *base = is_web(a->source_url) ? a->source_url : a->canonical_url;
	unsigned dropped = 0;
	char example[120] = "";
	base = is_web(base) ? base : NULL;
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
			 "%u relative link%s lead%s nowhere without the article's source URL "
			 "(\"%s\")",
			 dropped, dropped == 1 ? "" : "s", dropped == 1 ? "s" : "", example);
}
