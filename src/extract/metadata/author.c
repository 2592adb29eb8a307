#include "base/buf.h"
#include "base/utf8.h"
#include "extract/authors/byline.h"
#include "extract/metadata/fields.h"
#include "extract/metadata/text.h"
#include "extract/page/phrases.h"
#include "lang/name.h"
#include "lang/phrases.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Whether the source names authors and nothing else: then a name need not look like a person's. */
static bool is_sure(const struct claim *k)
{
	if (strcmp(k->name, "article:author") == 0 || strstr(k->name, "creator"))
		return false; /* may as well be a site or an account */
	return k->source != FROM_TEXT && k->source != FROM_NAMED &&
	       !(k->source == FROM_HREF && !strcasestr(k->name, "aut"));
}

static bool author_is_seen(const struct claim *k)
{
	return k->order && k->source != FROM_META && k->source != FROM_LINK;
}

/* In which order sources are asked: those by the headline, those elsewhere, those in other parts of
 * the page; organisations, which sites name as authors where people wrote; and what authors call
 * themselves. */
enum round { NEAR, FAR, ASIDE, ORGANISATIONS, NICKNAMES, ROUNDS };

/* Whether all words of the shorter name are in the longer one. */
static bool is_same_person(struct page *page, const char *a, const char *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	meta_put_letters(&x, a, strlen(a));
	meta_put_letters(&y, b, strlen(b));
	bool same = x.len && y.len && (strstr(x.data, y.data) || strstr(y.data, x.data));
	buf_end(&x, &page->arena.failed);
	buf_end(&y, &page->arena.failed);
	return same;
}

static bool is_site(const struct claims *c, const char *name)
{
	const struct article *a = c->page->a;
	if (a->publisher && strcasecmp(a->publisher, name) == 0)
		return true;
	for (const struct claim *k = NULL; (k = claim_next(c, CLAIM_SITE, k));)
		if (strcasecmp(k->value, name) == 0)
			return true;
	return false;
}

/* Whether the page names another person in article:author than in its meta tag "author", which many
 * sites fill with the company's name, and shows the latter nowhere. */
static bool is_contradicted(const struct claims *c, const struct claim *author)
{
	const struct claim *other = NULL;
	if (author->source != FROM_META || strcasecmp(author->name, "author") != 0)
		return false;
	for (const struct claim *k = NULL; (k = claim_next(c, CLAIM_AUTHOR, k));) {
		if (strcasestr(k->value, author->value) && author_is_seen(k))
			return false;
		if (k->source == FROM_META && strcmp(k->name, "article:author") == 0)
			other = k;
	}
	return other && !is_site(c, other->value) &&
	       name_is_personal(other->value, strlen(other->value)) &&
	       !is_same_person(c->page, author->value, other->value);
}

static bool is_organisation(const struct claims *c, const struct claim *k)
{
	return k->organisation || is_site(c, k->value) ||
	       phrase_whole(SAYS(COMPANY), k->value, strlen(k->value)) || is_contradicted(c, k);
}

static bool is_asked(const struct claims *c, const struct claim *k, enum round round)
{
	enum { MAX_NICKNAME = 40, MAX_FAR = 60 }; /* bytes: a longer line is prose */
	if (strcmp(k->name, "twitter:data1") == 0 && !name_is_personal(k->value, strlen(k->value)))
		return false;
	if (is_organisation(c, k) != (round == ORGANISATIONS))
		return false;
	if (round == ORGANISATIONS)
		return !k->aside;
	if (round == NICKNAMES)
		return !k->aside && claim_is_near(c, k) && strlen(k->value) <= MAX_NICKNAME &&
		       (k->source == FROM_NAMED ||
			(k->source == FROM_TEXT &&
			 phrase_at(PHRASE_BY, k->value, strlen(k->value))));
	if (round != NEAR && !is_sure(k) &&
	    (k->source == FROM_HREF || round == ASIDE || strlen(k->value) > MAX_FAR))
		return false;
	return k->aside == (round == ASIDE) && (k->aside || claim_is_near(c, k) == (round == NEAR));
}

/* Add what a claim names. Returns whether it named anybody. */
static bool add_authors(struct claims *c, const struct claim *k, bool sure)
{
	struct article *a = c->page->a;
	struct string_list names = {0};
	author_line_read(c->page, k->value, sure, &names);
	for (size_t i = 0; i < names.count; i++)
		if (names.items[i] && article_author(a, names.items[i]))
			claim_note(c, k, names.items[i]);
	return names.count > 0;
}

/* The authors by the first source that names any: all of its claims that stand together. */
static void choose_authors(struct claims *c, enum round round)
{
	enum { TOGETHER = 8 }; /* elements */
	const struct claim *first = NULL;
	unsigned last = 0;
	for (const struct claim *k = NULL; (k = claim_next(c, CLAIM_AUTHOR, k));) {
		if (!is_asked(c, k, round))
			continue;
		if (first && (k->rank != first->rank || strcmp(k->name, first->name) != 0))
			return;
		if (first && author_is_seen(k) && (k->order > last + TOGETHER || !is_sure(k)))
			return;
		if (add_authors(c, k, is_sure(k) || round == NICKNAMES) && !first)
			first = k;
		last = k->order;
	}
}

/* What JSON-LD says of the authors, besides their names. */
static void add_facts(struct claims *c)
{
	enum { MAX_COMPARED = 50 };
	struct article *a = c->page->a;
	for (const struct claim *k = NULL; (k = claim_next(c, CLAIM_AUTHOR, k));) {
		const struct author *person = k->person;
		for (size_t i = 0; person && i < a->authors.count && i < MAX_COMPARED; i++) {
			struct author *author = &a->authors.items[i];
			if (!author->name || !is_same_person(c->page, author->name, person->name))
				continue;
			article_fill(a, &author->url, person->url, SIZE_MAX);
			article_fill(a, &author->portrait, person->portrait, SIZE_MAX);
			if (article_fill(a, &author->bio, person->bio, SIZE_MAX))
				page_note(c->page, "bio", NULL, "json-ld: %s", author->name);
			break;
		}
	}
}

void meta_take_authors(struct claims *c)
{
	for (enum round round = NEAR; round < ROUNDS && !article_has_author(c->page->a); round++)
		choose_authors(c, round);
	add_facts(c);
}
