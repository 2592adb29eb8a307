/* Captions and alternative texts that say nothing are removed. */
#include "article/article.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "lang/filler.h"

#include <string.h>

/* Whether the text is the name of the picture's file, with or without its ending; a plain word says
 * something. */
static bool is_file_of(const xmlNode *img, const char *text)
{
	const char *src = tree_get(img, "src");
	size_t len = strlen(text);
	if (!src || strchr(text, ' ') || !text[strcspn(text, "0123456789_-.")])
		return false;
	struct buf url = BUF_INIT;
	url_put_decoded(&url, src, strcspn(src, "?#"));
	const char *name = strrchr(url.data, '/');
	name = name ? name + 1 : url.data;
	bool same = strncmp(name, text, len) == 0 && (!name[len] || name[len] == '.');
	if (url.failed)
		tree_fail(img);
	buf_release(&url);
	return same;
}

static bool fillers_is_generic(const xmlNode *img, const char *text)
{
	return filler_is_caption(text, strlen(text)) || is_file_of(img, text);
}

/* The alternative text; a title that says more takes its place. An empty one is kept: it says that
 * the picture is for decoration. */
static void fillers_clean_alt(xmlNode *img)
{
	const char *alt = tree_get(img, "alt"), *title = tree_get(img, "title");
	if (title && fillers_is_generic(img, title)) {
		tree_set(img, "title", NULL);
		title = NULL;
	}
	if (alt && *alt && fillers_is_generic(img, alt))
		tree_set(img, "alt", title);
}

static bool in_credit(const xmlNode *node, const xmlNode *stop)
{
	for (; node && node != stop; node = tree_parent(node))
		if (tree_has_class(node, "credit"))
			return true;
	return false;
}

/* Names of files that stand in a caption beside other words. */
static void drop_file_names(xmlNode *figcaption)
{
	for (xmlNode *n = tree_walk(figcaption, NULL), *next; n; n = next) {
		next = tree_walk(figcaption, n);
		const char *text = tree_text_value(n);
		if ((n != tree_first(figcaption) || tree_next(n)) &&
		    !tree_is(tree_parent(n), "a") && filler_is_file(text, strlen(text)))
			tree_remove(n);
	}
}

/* The caption's words are removed when they say nothing; its credit is kept. */
static void clean_caption(xmlNode *figcaption)
{
	drop_file_names(figcaption);
	struct buf words = BUF_INIT;
	bool credit = false;
	const xmlNode *img = tree_find(tree_parent(figcaption), NULL, "img");
	for (const xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n)) {
		if (!tree_is_text(n))
			continue;
		if (in_credit(n, figcaption))
			credit = true;
		else
			buf_puts(&words, tree_text_value(n));
	}
	buf_fold_space(&words, 0);
	bool nothing = words.len && filler_is_caption(words.data, words.len);
	if (words.failed)
		tree_fail(figcaption);
	buf_release(&words);
	if (!nothing)
		return;
	for (xmlNode *n = tree_walk(figcaption, NULL), *next; n && credit; n = next) {
		next = tree_walk(figcaption, n);
		if (tree_is_text(n) && !in_credit(n, figcaption))
			tree_remove(n);
	}
	if (!credit && img) /* without a picture it is all there is */
		tree_remove(figcaption);
}

void article_drop_fillers(struct article *a)
{
	if (!tree_knows(a->body, "img") && !tree_knows(a->body, "figcaption"))
		return;
	for (xmlNode *n = tree_walk(a->body, NULL), *next; n; n = next) {
		next = tree_walk(a->body, n);
		if (tree_is(n, "img")) {
			fillers_clean_alt(n);
		} else if (tree_is(n, "figcaption")) {
			next = tree_walk_skip(a->body, n);
			clean_caption(n);
		}
	}
}
