#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/metadata/claims.h"
#include "extract/metadata/fields.h"
#include "extract/metadata/jsonld.h"
#include "extract/metadata/scan.h"
#include "extract/metadata/text.h"
#include "extract/page/phrases.h"
#include "lang/tag.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

static bool same_letters(struct page *page, const char *a, const char *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	meta_put_letters(&x, a, strlen(a));
	meta_put_letters(&y, b, strlen(b));
	bool same = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
	buf_end(&x, &page->arena.failed);
	buf_end(&y, &page->arena.failed);
	return same;
}

static void fill(struct claims *c, char **field, const struct claim *claim, const char *value)
{
	if (article_fill(c->page->a, field, value, SIZE_MAX))
		claim_note(c, claim, *field);
}

/* The first claim that is a text, and, but for a licence, no address. */
static void take_text(struct claims *c, enum claim_field field, char **to, size_t most)
{
	for (const struct claim *k = NULL; !*to && (k = claim_next(c, field, k));)
		if (strlen(k->value) <= most &&
		    (field == CLAIM_LICENCE || strncmp(k->value, "http", 4) != 0))
			fill(c, to, k, k->value);
}

static void take_url(struct claims *c, enum claim_field field, char **to)
{
	for (const struct claim *k = NULL; !*to && (k = claim_next(c, field, k));) {
		char *url = page_url(c->page, k->value);
		if (url && strstr(url, "://"))
			fill(c, to, k, url);
	}
}

/* --- The site --- */

static void take_site(struct claims *c)
{
	enum { MAX_SITE = 120 };
	take_text(c, CLAIM_SITE, &c->page->a->publisher, MAX_SITE);
}

/* --- Language and direction --- */

/* "en_us" is "en-US"; "English", "de-DE,en" and the like are none. */
static void take_language(struct claims *c)
{
	struct article *a = c->page->a;
	for (const struct claim *k = NULL;
	     !a->language && (k = claim_next(c, CLAIM_LANGUAGE, k));) {
		char *tag = lang_tag_normalise(&c->page->arena, k->value);
		if (tag)
			fill(c, &a->language, k, tag);
	}
}

static void take_direction(struct claims *c)
{
	struct article *a = c->page->a;
	const struct claim *k = NULL;
	while (a->direction == DIR_UNKNOWN && (k = claim_next(c, CLAIM_DIRECTION, k))) {
		if (strcasecmp(k->value, "rtl") == 0)
			a->direction = DIR_RTL;
		else if (strcasecmp(k->value, "ltr") == 0)
			a->direction = DIR_LTR;
	}
	if (a->direction == DIR_UNKNOWN && a->language && lang_tag_is_rtl(a->language))
		a->direction = DIR_RTL;
}

/* --- The picture --- */

/* Names of files that no article's picture has: what stands for a site, or for a picture to come.
 */
static bool is_stand_in(const char *url)
{
	static const char *const words[] = {"logo",   "placeholder", "default",  "favicon",
					    "blank.", "spacer",      "icon.",    "avatar",
					    "1x1",    "pixel.",      "no-image", "noimage"};
	const char *name = strrchr(url, '/');
	if (!name || strncasecmp(url, "data:", 5) == 0)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(name, words[i]))
			return true;
	return false;
}

static void metadata_take_image(struct claims *c)
{
	struct article *a = c->page->a;
	for (const struct claim *k = NULL; !a->lead_image && (k = claim_next(c, CLAIM_IMAGE, k));) {
		char *url = k->aside ? NULL : page_url(c->page, k->value);
		if (url && !is_stand_in(url))
			fill(c, &a->lead_image, k, url);
	}
}

/* --- What it is about --- */

/* Whether a section or subject is what a program wrote: a word of its own, a path, a list, a key.
 */
static bool is_machine_word(const char *s, size_t len)
{
	bool letters = false;
	for (size_t i = 0; i < len; i++) {
		letters |= (unsigned char)s[i] >= 0x80 || (s[i] | 32) >= 'a';
		if (strchr("/\\_=<>{}|#", s[i]))
			return true;
		if (s[i] == ':' && i + 1 < len && s[i + 1] != ' ')
			return true; /* "type:article" */
	}
	return !letters || phrase_whole(SAYS(NO_SECTION), s, len);
}

/* A kicker stands over the title: only what names a part of the paper. */
static void take_section(struct claims *c)
{
	struct article *a = c->page->a;
	for (const struct claim *k = NULL; !a->section && (k = claim_next(c, CLAIM_SECTION, k));) {
		size_t len = strlen(k->value);
		bool slug =
			strchr(k->value, '-') && !strpbrk(k->value, " ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (len <= MAX_TITLE && !strpbrk(k->value, ",;") && !slug &&
		    !is_machine_word(k->value, len))
			fill(c, &a->section, k, k->value);
	}
}

static void add_subject(struct claims *c, const char *s, size_t len)
{
	enum { MAX_SUBJECTS = 30, MAX_SUBJECT = 80 };
	struct article *a = c->page->a;
	char *subject = NULL;
	while (len && *s == ' ') {
		s++;
		len--;
	}
	if (a->subjects.count >= MAX_SUBJECTS || len > MAX_SUBJECT || is_machine_word(s, len) ||
	    !article_fill(a, &subject, s, len))
		return;
	for (size_t i = 0; i < a->subjects.count; i++)
		if (strcasecmp(a->subjects.items[i], subject) == 0)
			return;
	char **slot = ARENA_PUSH(&a->arena, a->subjects);
	if (slot)
		*slot = subject;
}

static void take_subjects(struct claims *c)
{
	const struct claim *k =
		c->page->a->subjects.count ? NULL : claim_next(c, CLAIM_SUBJECT, NULL);
	unsigned rank = k ? k->rank : 0;
	for (; k && k->rank == rank; k = claim_next(c, CLAIM_SUBJECT, k))
		for (const char *s = k->value; *s;) {
			size_t len = strcspn(s, ",;");
			add_subject(c, s, len);
			s += len + (s[len] != '\0');
		}
}

/* --- All --- */

/* A summary that only repeats the title says nothing. */
static void take_description(struct claims *c)
{
	struct article *a = c->page->a;
	const struct claim *k = NULL;
	while (!a->description && (k = claim_next(c, CLAIM_DESCRIPTION, k)))
		if (!k->aside && !(a->title && same_letters(c->page, a->title, k->value)))
			fill(c, &a->description, k, k->value);
}

void metadata_read(struct page *page)
{
	struct claims *c = arena_alloc(&page->arena, sizeof *c);
	if (!c)
		return;
	c->page = page;
	jsonld_read(c);
	meta_scan(c);
	claims_sort(c);
	take_site(c);
	meta_take_title(c);
	take_text(c, CLAIM_SUBTITLE, &page->a->subtitle, MAX_TITLE);
	take_description(c);
	meta_take_authors(c);
	meta_take_dates(c);
	take_section(c);
	take_language(c);
	take_direction(c);
	take_url(c, CLAIM_CANONICAL, &page->a->canonical_url);
	metadata_take_image(c);
	take_text(c, CLAIM_LICENCE, &page->a->rights, MAX_TITLE);
	take_subjects(c);
}
