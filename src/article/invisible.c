/* Names and titles without the characters that only say where a line may break: in metadata and
 * lists they are noise, and search does not find what has them. */
#include "article/article.h"
#include "article/tree.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static void invisible_clean(char *s)
{
	if (s)
		utf8_drop_invisible(s, strlen(s));
}

/* Whether it may have such a character, by the bytes that they begin with. */
static bool may_have(const char *s)
{
	return s && strpbrk(s, "\xC2\xE2\xEF") != NULL;
}

static char *copy_of(const xmlNode *node, const char *s)
{
	char *copy = strdup(s);
	if (!copy)
		tree_fail(node);
	else
		invisible_clean(copy);
	return copy;
}

static void clean_texts(xmlNode *root)
{
	for (xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		const char *text = tree_text_value(n);
		char *copy = may_have(text) ? copy_of(n, text) : NULL;
		if (copy && strcmp(copy, text) != 0)
			tree_set_text(n, copy, strlen(copy));
		free(copy);
	}
}

static void clean_alt(xmlNode *img)
{
	const char *alt = tree_get(img, "alt");
	char *copy = may_have(alt) ? copy_of(img, alt) : NULL;
	if (copy)
		tree_set(img, "alt", copy);
	free(copy);
}

void article_clean_words(struct article *a)
{
	char *const fields[] = {a->title,     a->subtitle, a->standfirst, a->description,
				a->publisher, a->section,  a->rights};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		invisible_clean(fields[i]);
	for (size_t i = 0; i < a->subjects.count; i++)
		invisible_clean(a->subjects.items[i]);
	for (size_t i = 0; i < a->authors.count; i++) {
		invisible_clean(a->authors.items[i].name);
		invisible_clean(a->authors.items[i].bio);
	}
	for (xmlNode *n = tree_walk(a->body, NULL); n; n = tree_walk(a->body, n)) {
		if (tree_is(n, "figcaption") || tree_heading_level(n))
			clean_texts(n);
		else if (tree_is(n, "img"))
			clean_alt(n);
	}
}
