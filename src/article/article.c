#include "article/article.h"

#include "article/role.h"
#include "article/tree.h"
#include "base/buf.h"
#include "base/userinfo.h"
#include "base/utf8.h"
#include "lang/caption.h"
#include "lang/name.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct article *article_new(void)
{
	struct article *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	a->doc = tree_doc_new("body");
	if (!a->doc) {
		free(a);
		return NULL;
	}
	a->body = tree_root(a->doc);
	return a;
}

void article_free(struct article *a)
{
	if (!a)
		return;
	tree_doc_free(a->doc);
	arena_release(&a->arena);
	free(a);
}

bool article_failed(const struct article *a)
{
	return a->arena.failed || tree_failed(a->doc);
}

bool article_fill(struct article *a, char **field, const char *value, size_t len)
{
	if (*field || !value)
		return false;
	if (len == SIZE_MAX)
		len = strlen(value);
	utf8_trim(&value, &len);
	if (len == 0)
		return false;
	if (utf8_is_clean(value, len)) {
		*field = arena_dupn(&a->arena, value, len);
	} else {
		struct buf clean = BUF_INIT;
		utf8_clean(&clean, value, len);
		a->arena.failed |= clean.failed;
		if (clean.len)
			*field = arena_dupn(&a->arena, clean.data, clean.len);
		buf_release(&clean);
	}
	return *field != NULL;
}

void article_hide_logins(struct article *a)
{
	char *const urls[] = {a->source_url, a->asked_url, a->reached_url,   a->archived_url,
			      a->next_url,   a->base_url,  a->canonical_url, a->cover_ref,
			      a->lead_image, a->rights,    a->publisher,     a->section,
			      a->series.name};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
		if (urls[i])
			userinfo_cut(urls[i]);
	for (size_t i = 0; i < a->identifiers.count; i++)
		if (a->identifiers.items[i].value)
			userinfo_cut(a->identifiers.items[i].value);
	for (size_t i = 0; i < a->subjects.count; i++)
		userinfo_cut(a->subjects.items[i]);
	for (size_t i = 0; i < a->authors.count; i++) {
		struct author *author = &a->authors.items[i];
		if (author->url)
			userinfo_cut(author->url);
		if (author->portrait)
			userinfo_cut(author->portrait);
	}
}

/* Names are the same when they differ in case and white space only. */
static bool same_name(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b);
	utf8_trim(&a, &alen);
	utf8_trim(&b, &blen);
	while (alen && blen) {
		uint32_t ca, cb;
		size_t na = utf8_decode(a, alen, &ca), nb = utf8_decode(b, blen, &cb);
		bool space = cp_is_space(ca);
		if (space != cp_is_space(cb) || (!space && cp_lower(ca) != cp_lower(cb)))
			return false;
		if (space) {
			utf8_trim(&a, &alen);
			utf8_trim(&b, &blen);
			continue;
		}
		a += na;
		alen -= na;
		b += nb;
		blen -= nb;
	}
	return alen == 0 && blen == 0;
}

enum { MAX_COMPARED = 1000 }; /* so that a hostile list costs no square of its length */

struct author *article_find_author(struct article *a, const char *name)
{
	for (size_t i = 0; i < a->authors.count && i < MAX_COMPARED; i++) {
		struct author *author = &a->authors.items[i];
		if (author->name &&
		    (same_name(author->name, name) || name_is_same(author->name, name)))
			return author;
	}
	return NULL;
}

struct author *article_author(struct article *a, const char *name)
{
	for (size_t i = 0; i < a->authors.count && i < MAX_COMPARED; i++) {
		struct author *author = &a->authors.items[i];
		if (!author->name) {
			article_fill(a, &author->name, name, SIZE_MAX);
			return author;
		}
		if (same_name(author->name, name))
			return author;
	}
	struct author *author = ARENA_PUSH(&a->arena, a->authors);
	if (author && !article_fill(a, &author->name, name, SIZE_MAX)) {
		a->authors.count--;
		return NULL;
	}
	return author;
}

bool author_has_facts(const struct author *author)
{
	return author->bio || author->url || author->affiliation;
}

bool article_has_author(const struct article *a)
{
	for (size_t i = 0; i < a->authors.count; i++)
		if (a->authors.items[i].name)
			return true;
	return false;
}

/* The words of a part of the credit; "/Agency" follows the name at once, others after a comma. */
static void put_credit(struct buf *credit, const xmlNode *node)
{
	struct buf text = BUF_INIT;
	tree_put_text(&text, node);
	if (credit->len && text.len && text.data[0] != '/')
		buf_puts(credit, ", ");
	buf_append(credit, text.data, text.len);
	buf_end(&text, &credit->failed);
}

/* The caption's text without its credit, the credit's name and the copyright notice. */
static void read_caption(struct article *a, struct figure *figure, const xmlNode *figcaption,
			 struct buf *text)
{
	struct buf credit = BUF_INIT;
	buf_truncate(text, 0);
	for (const xmlNode *n = tree_walk(figcaption, NULL); n;) {
		if (tree_has_class(n, "credit")) {
			put_credit(&credit, n);
			n = tree_walk_skip(figcaption, n);
			continue;
		}
		if (tree_is_text(n))
			buf_puts(text, tree_text_value(n));
		else if (tree_is(n, "br") || tree_is(n, "p"))
			buf_putc(text, ' ');
		n = tree_walk(figcaption, n);
	}
	buf_fold_space(text, 0);
	article_fill(a, &figure->caption, text->data, text->len);
	struct credit found;
	if (credit_name(credit.data, credit.len, &found))
		article_fill(a, &figure->credit, credit.data + found.name_start, found.name_len);
	const char *copyright = strstr(credit.data, "©");
	if (!copyright && figure->caption)
		copyright = strstr(figure->caption, "©");
	article_fill(a, &figure->copyright, copyright, SIZE_MAX);
	a->arena.failed |= credit.failed || text->failed;
	buf_release(&credit);
}

static bool inside_figure(const xmlNode *node)
{
	for (const xmlNode *n = tree_parent(node); n; n = tree_parent(n))
		if (tree_is(n, "figure"))
			return true;
	return false;
}

bool author_wrote(const struct author *author)
{
	return author->name && !author->contributor && role_is_author(author->role);
}

bool article_is_lost_photo(const xmlNode *figure)
{
	const xmlNode *child = tree_first_element(figure);
	for (; child; child = tree_next_element(child))
		if (!tree_is(child, "figcaption") && !tree_has_class(child, "missing-image"))
			return false;
	return tree_find(figure, NULL, "figcaption") != NULL;
}

const char *article_lost_address(const xmlNode *figure)
{
	const xmlNode *link = tree_find(figure, NULL, "a");
	return tree_has_class(link, "missing-source") ? tree_get(link, "href") : NULL;
}

void article_collect_figures(struct article *a)
{
	if (!tree_knows(a->body, "img") && !tree_knows(a->body, "figure"))
		return;
	struct buf text = BUF_INIT;
	unsigned long long number = tree_last_id(a->body, "photo");
	for (xmlNode *n = tree_walk(a->body, NULL); n; n = tree_walk(a->body, n)) {
		xmlNode *img = NULL, *figcaption = NULL;
		if (tree_is(n, "figure")) {
			img = tree_find(n, NULL, "img");
			figcaption = tree_find(n, NULL, "figcaption");
			if (!img && !article_is_lost_photo(n))
				continue;
		} else if (tree_is(n, "img") && !inside_figure(n)) {
			img = n;
		} else {
			continue;
		}
		const char *alt = tree_get(img, "alt");
		if (!figcaption && alt && !*alt)
			continue;
		struct figure *figure = ARENA_PUSH(&a->arena, a->figures);
		if (!figure)
			break;
		if (!tree_get(n, "id")) {
			char id[32];
			snprintf(id, sizeof id, "photo-%llu", ++number);
			tree_set(n, "id", id);
		}
		article_fill(a, &figure->id, tree_get(n, "id"), SIZE_MAX);
		article_fill(a, &figure->src, tree_get(img, "src"), SIZE_MAX);
		if (!img)
			article_fill(a, &figure->source_url, article_lost_address(n), SIZE_MAX);
		figure->alt = arena_dup(&a->arena, alt);
		if (figcaption)
			read_caption(a, figure, figcaption, &text);
	}
	buf_release(&text);
}
