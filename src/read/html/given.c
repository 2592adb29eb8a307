#include "read/html/given.h"

#include "article/tree.h"
#include "lang/name.h"

#include <string.h>

static void move(char **to, char **from)
{
	*to = *from;
	*from = NULL;
}

void given_set_aside(struct article *a, struct given *given)
{
	*given = (struct given){.authors = a->authors};
	a->authors = (struct author_list){0};
	move(&given->title, &a->title);
	move(&given->subtitle, &a->subtitle);
	move(&given->standfirst, &a->standfirst);
	move(&given->description, &a->description);
	move(&given->publisher, &a->publisher);
	move(&given->section, &a->section);
	move(&given->published, &a->published);
	move(&given->modified, &a->modified);
}

/* The facts of `over` where it has them. */
static void overlay(struct author *author, const struct author *over)
{
	author->name = over->name ? over->name : author->name;
	author->sort_name = over->sort_name ? over->sort_name : author->sort_name;
	author->role = over->role ? over->role : author->role;
	author->contributor |= over->contributor;
	author->bio = over->bio ? over->bio : author->bio;
	author->url = over->url ? over->url : author->url;
	author->affiliation = over->affiliation ? over->affiliation : author->affiliation;
	if (over->portrait) {
		author->portrait = over->portrait;
		author->portrait_folder = over->portrait_folder;
	}
}

/* A bio as paragraphs at the end of the body, before its notes. */
static void put_bio(struct article *a, const char *bio)
{
	xmlNode *before = NULL;
	for (xmlNode *n = tree_last(a->body); n && (tree_is(n, "aside") || tree_is_space(n));
	     n = tree_prev(n))
		before = n;
	while (*bio) {
		const char *end = strstr(bio, "\n\n");
		size_t len = end ? (size_t)(end - bio) : strlen(bio);
		xmlNode *p = tree_element(a->body, "p");
		tree_text(p, bio, len);
		if (before)
			tree_insert_before(before, p);
		bio += len;
		bio += strspn(bio, "\n");
	}
}

static void restore_authors(struct article *a, const struct author_list *given)
{
	struct author_list found = a->authors;
	if (given->count == 0)
		return;
	if (!given->items[0].name && found.count) { /* a bio that waits for its name */
		overlay(&found.items[0], &given->items[0]);
		return;
	}
	a->authors = *given;
	for (size_t i = 0; i < found.count; i++) {
		struct author *from = &found.items[i];
		struct author *to = from->name ? article_find_author(a, from->name) : NULL;
		if (to) {
			overlay(from, to);
			*to = *from;
		} else if (from->bio) {
			put_bio(a, from->bio);
		}
	}
}

void given_restore(struct article *a, const struct given *given)
{
	a->title = given->title ? given->title : a->title;
	a->subtitle = given->subtitle ? given->subtitle : a->subtitle;
	a->standfirst = given->standfirst ? given->standfirst : a->standfirst;
	a->description = given->description ? given->description : a->description;
	a->publisher = given->publisher ? given->publisher : a->publisher;
	a->section = given->section ? given->section : a->section;
	a->published = given->published ? given->published : a->published;
	a->modified = given->modified ? given->modified : a->modified;
	restore_authors(a, &given->authors);
}
