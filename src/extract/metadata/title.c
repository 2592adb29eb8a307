#include "article/article.h"
#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/metadata/fields.h"
#include "extract/metadata/text.h"
#include "extract/page/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Titles are declared (by JSON-LD, Open Graph, the title element), often with the site's name, and
 * stand on the page as headlines, not always alone. The headline that is most like a declared title
 * is the article's; where there is none, the declared title that most sources agree on is, without
 * the site's name. */

enum {
	MAX_TITLES = 24,
	MAX_SITES = 8,
	MAX_WORDS = 48,
	SHORT_NAME = 3, /* letters: too few to find a site's name by */
};

struct title {
	const struct claim *claim;
	const char *text;          /* the site's name taken off */
	const char *letters;       /* of the text: meta_put_letters() */
	size_t len;                /* of the letters */
	uint32_t words[MAX_WORDS]; /* hashes, sorted, each once */
	size_t word_count;
	bool whole; /* nothing was taken off */
};

struct titles {
	struct page *page;
	struct title *declared, *headlines;
	size_t declared_count, headline_count;
	const char *sites[MAX_SITES]; /* letters of the site's names */
	size_t site_count;
	const char *subheadings[MAX_TITLES]; /* letters of <h2> and <h3> */
	size_t subheading_count;
	const char *in_menu; /* letters of an <h1> in a menu */
	const char *host;    /* letters of the site's address, without "www" */
};

/* --- Words --- */

static const char *letters_of(struct page *page, const char *s, size_t len)
{
	struct buf letters = BUF_INIT;
	meta_put_letters(&letters, s, len);
	const char *own = buf_to_arena(&letters, &page->arena);
	return own ? own : "";
}

static int compare_words(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static size_t read_words(const char *s, size_t len, uint32_t *words)
{
	size_t count = 0, kept = 0;
	uint32_t hash = 0;
	for (size_t i = 0; i <= len && count < MAX_WORDS;) {
		uint32_t cp = 0;
		i += i < len ? utf8_decode(s + i, len - i, &cp) : 1;
		if (cp_is_letter(cp) || ascii_is_digit(cp)) {
			hash = (hash + cp_lower(cp)) * 2654435761u + 1;
		} else if (hash) {
			words[count++] = hash;
			hash = 0;
		}
	}
	qsort(words, count, sizeof *words, compare_words);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || words[i] != words[i - 1])
			words[kept++] = words[i];
	return kept;
}

static size_t count_words(const char *s, size_t len)
{
	uint32_t words[MAX_WORDS];
	return read_words(s, len, words);
}

static void title_set_text(struct titles *t, struct title *title, const char *text)
{
	title->text = text;
	title->letters = letters_of(t->page, text, strlen(text));
	title->len = strlen(title->letters);
	title->word_count = read_words(text, strlen(text), title->words);
}

/* How alike two titles are, 0 to 1: the share of the words of both that they have in common, and of
 * the shorter one's. */
static double likeness(const struct title *a, const struct title *b)
{
	size_t shared = 0;
	if (a->len == b->len && memcmp(a->letters, b->letters, a->len) == 0)
		return 1;
	if (!a->word_count || !b->word_count)
		return 0;
	for (size_t i = 0, k = 0; i < a->word_count && k < b->word_count;) {
		shared += a->words[i] == b->words[k];
		bool next = a->words[i] <= b->words[k];
		k += a->words[i] >= b->words[k];
		i += next;
	}
	size_t shorter = a->word_count < b->word_count ? a->word_count : b->word_count;
	size_t all = a->word_count + b->word_count - shared;
	return .99 * (.7 * (double)shared / (double)all + .3 * (double)shared / (double)shorter);
}

/* --- The site's name --- */

static void read_sites(struct titles *t, const struct claims *c)
{
	const struct claim *k = NULL;
	const char *host = t->page->url ? strstr(t->page->url, "://") : NULL;
	while (t->site_count < MAX_SITES && (k = claim_next(c, CLAIM_SITE, k))) {
		const char *name = letters_of(t->page, k->value, strlen(k->value));
		if (*name)
			t->sites[t->site_count++] = name;
	}
	host = host ? host + 3 : "";
	host += strncmp(host, "www.", 4) == 0 ? 4 : 0;
	t->host = letters_of(t->page, host, strcspn(host, "/:?#"));
}

/* Whether a headline is just the name of the site. */
static bool title_is_site(const struct titles *t, const struct title *title)
{
	for (size_t i = 0; i < t->site_count; i++)
		if (strcmp(t->sites[i], title->letters) == 0)
			return true;
	return title->len > SHORT_NAME && title->len * 10 >= strlen(t->host) * 6 &&
	       strstr(t->host, title->letters);
}

/* Whether a piece of a title is the site's name, or about that. */
static bool is_like_site(const struct titles *t, const char *s, size_t len)
{
	const char *letters = letters_of(t->page, s, len);
	len = strlen(letters);
	for (size_t i = 0; i < t->site_count; i++) {
		const char *site = t->sites[i];
		if (strcmp(site, letters) == 0 ||
		    (len > SHORT_NAME &&
		     (strstr(site, letters) || (strlen(site) > SHORT_NAME &&
						strstr(letters, site) && len < strlen(site) + 12))))
			return true;
	}
	return len == 0 || (len > SHORT_NAME && strstr(t->host, letters));
}

/* A mark between a title and a site's name at `s`; its length with the spaces, or 0. What may stand
 * inside a title ("-", ":") needs them. */
static size_t separator(const char *s, size_t len, char *kind)
{
	static const struct {
		const char *mark;
		char kind;
		bool spaced;
	} marks[] = {
		{"|", '|', false}, {"｜", '|', false}, {"»", '-', false}, {"«", '-', false},
		{"–", '-', true},  {"—", '-', true},   {"-", '-', true},  {"·", '-', true},
		{"•", '-', true},  {"~", '-', true},   {">", '-', true},  {"‹", '-', true},
		{"›", '-', true},  {"/", '-', true},   {"::", '|', true}, {":", ':', false},
		{"−", '-', true},  {"@", '-', true},
	};
	size_t before = s[0] == ' ';
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t n = strlen(marks[i].mark);
		if (len < before + n || memcmp(s + before, marks[i].mark, n) != 0)
			continue;
		size_t end = before + n;
		bool after = end < len && s[end] == ' ';
		if ((marks[i].spaced && (!before || !after)) || (marks[i].kind == ':' && !after))
			continue;
		*kind = marks[i].kind;
		return end + after;
	}
	return 0;
}

static bool is_headline(const struct titles *t, const char *s, size_t len)
{
	const char *letters = letters_of(t->page, s, len);
	for (size_t i = 0; i < t->headline_count; i++)
		if (*letters && strcmp(t->headlines[i].letters, letters) == 0)
			return true;
	return false;
}

/* Whether a piece is a heading below the first rank. */
static bool is_subheading(const struct titles *t, const char *s, size_t len)
{
	const char *letters = letters_of(t->page, s, len);
	for (size_t i = 0; i < t->subheading_count; i++)
		if (*letters && strcmp(t->subheadings[i], letters) == 0)
			return true;
	return false;
}

/* Whether the piece after the last mark is a site's name by its shape alone. */
static bool is_tail(const char *text, size_t keep, size_t from, size_t len, char kind)
{
	size_t words = count_words(text + from, len - from);
	if (keep <= len - from)
		return false;
	return kind == '|' ? words <= 4 : kind == '-' && words <= 3 && count_words(text, keep) >= 2;
}

/* The part of the text that is left when a site's name at one of its ends is taken off; false when
 * there is none. */
static bool take_off_one(struct titles *t, const char **s, size_t *len)
{
	size_t first = 0, first_end = 0, last = 0, last_end = 0;
	char kind = 0, last_kind = 0;
	for (size_t i = 0; i < *len;) {
		size_t n = separator(*s + i, *len - i, &kind);
		if (n && i && i + n < *len) {
			if (!first_end) {
				first = i;
				first_end = i + n;
			}
			last = i;
			last_end = i + n;
			last_kind = kind;
		}
		i += n ? n : 1;
	}
	if (!last_end)
		return false;
	/* the site's name, or the book's, may be an <h1> */
	if (is_headline(t, *s + last_end, *len - last_end) && is_subheading(t, *s, last)) {
		if (t->site_count < MAX_SITES)
			t->sites[t->site_count++] =
				letters_of(t->page, *s + last_end, *len - last_end);
		*len = last;
		return true;
	}
	if (is_like_site(t, *s + last_end, *len - last_end) || is_headline(t, *s, last) ||
	    is_tail(*s, last, last_end, *len, last_kind)) {
		*len = last;
		return true;
	}
	if (is_like_site(t, *s, first) || is_headline(t, *s + first_end, *len - first_end)) {
		*s += first_end;
		*len -= first_end;
		return true;
	}
	return false;
}

static void take_off_site(struct titles *t, struct title *title)
{
	enum { MAX_NAMES = 4 };
	const char *s = title->text;
	size_t len = strlen(s);
	int count = 0;
	while (count < MAX_NAMES && take_off_one(t, &s, &len))
		count++;
	title->whole = count == 0;
	if (count)
		title_set_text(t, title, arena_dupn(&t->page->arena, s, len));
	if (!title->text)
		title_set_text(t, title, title->claim->value);
}

/* --- The choice --- */

/* "Patch notes: The title": a line above the headline is in its element. Then the declared title is
 * the better one. */
static const struct title *without_kicker(const struct titles *t, const struct title *headline)
{
	for (size_t i = 0; i < t->declared_count; i++) {
		const struct title *declared = &t->declared[i];
		if (declared->whole && declared->word_count >= 3 && declared->len < headline->len &&
		    declared->len * 2 > headline->len &&
		    strcmp(headline->letters + headline->len - declared->len, declared->letters) ==
			    0)
			return declared;
	}
	return headline;
}

/* The headline that is most like the declared title; or the only one, if it is long enough to be
 * one. */
static const struct title *choose_headline(const struct titles *t)
{
	const struct title *best = NULL;
	double best_likeness = .5;
	for (size_t i = 0; i < t->headline_count; i++) {
		const struct title *headline = &t->headlines[i];
		if (!headline->len || title_is_site(t, headline))
			continue;
		for (size_t k = 0; k < t->declared_count; k++) {
			double like = likeness(headline, &t->declared[k]);
			if (like > best_likeness || (like == best_likeness && !best)) {
				best_likeness = like;
				best = headline;
			}
		}
	}
	if (!best && t->headline_count == 1 && !title_is_site(t, &t->headlines[0]) &&
	    (t->headlines[0].word_count >= 4 || t->declared_count == 0))
		best = &t->headlines[0];
	return best;
}

/* Whether the title is cut: another one has it, and continues with a quotation mark, which ended
 * the attribute. */
static bool title_is_cut(const struct titles *t, const struct title *title)
{
	const char *text = title->claim->value;
	size_t len = strlen(text);
	for (size_t i = 0; i < t->declared_count; i++) {
		const char *other = t->declared[i].claim->value;
		if (strncmp(other, text, len) == 0 &&
		    (other[len] == '"' || other[len] == '\'' ||
		     (other[len] == ' ' && other[len + 1] == '"')))
			return true;
	}
	return false;
}

/* The declared title that most sources agree on. */
static const struct title *best_declared(const struct titles *t)
{
	const struct title *best = NULL;
	size_t best_votes = 0;
	for (size_t i = 0; i < t->declared_count; i++) {
		size_t votes = 0;
		if (title_is_cut(t, &t->declared[i]))
			continue;
		for (size_t k = 0; k < t->declared_count; k++)
			votes += strcmp(t->declared[i].letters, t->declared[k].letters) == 0;
		if (t->declared[i].len && votes > best_votes) {
			best_votes = votes;
			best = &t->declared[i];
		}
	}
	return best;
}

/* The same; but where that is in a menu as <h1>, for search engines, and another declared title is
 * a heading of the page, that other one. */
static const struct title *choose_declared(const struct titles *t)
{
	const struct title *best = best_declared(t);
	if (!best || !t->in_menu || strcmp(t->in_menu, best->letters) != 0)
		return best;
	for (size_t i = 0; i < t->declared_count; i++) {
		const struct title *declared = &t->declared[i];
		if (declared->len && is_subheading(t, declared->text, strlen(declared->text)))
			return declared;
	}
	return best;
}

static bool is_in_menu(struct page *page, const xmlNode *node)
{
	enum { MAX_ABOVE = 4 };
	for (unsigned up = 0; up < MAX_ABOVE && node; up++, node = tree_parent(node))
		if (names_of(page, node) & NAMED(NAV))
			return true;
	return false;
}

static void read_titles(struct titles *t, const struct claims *c)
{
	const struct claim *k = NULL;
	const char *last = NULL;
	while ((k = claim_next(c, CLAIM_TITLE, k))) {
		bool headline = k->source == FROM_ELEMENT && strcmp(k->name, "h1") == 0;
		if (k->source == FROM_ELEMENT && (k->name[1] == '2' || k->name[1] == '3')) {
			if (t->subheading_count < MAX_TITLES && !k->aside)
				t->subheadings[t->subheading_count++] =
					letters_of(t->page, k->value, strlen(k->value));
			continue;
		}
		if (headline && k->aside && is_in_menu(t->page, k->node))
			t->in_menu = letters_of(t->page, k->value, strlen(k->value));
		size_t *count = headline ? &t->headline_count : &t->declared_count;
		struct title *title = headline ? &t->headlines[*count] : &t->declared[*count];
		if (*count == MAX_TITLES || strlen(k->value) > MAX_TITLE || (headline && k->aside))
			continue;
		if (!headline && last && strcmp(last, k->name) == 0)
			continue; /* of a source, the first counts */
		last = headline ? last : k->name;
		title->claim = k;
		title->whole = true;
		title_set_text(t, title, k->value);
		++*count;
	}
	for (size_t i = 0; i < t->declared_count; i++)
		take_off_site(t, &t->declared[i]);
}

/* The mark behind a headline that links to it: "Installing¶", "Installing #". */
static void drop_link_mark(struct buf *text)
{
	static const char *const marks[] = {"¶", " #", " §", "🔗"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t n = strlen(marks[i]);
		if (text->len > n && strcmp(text->data + text->len - n, marks[i]) == 0)
			buf_truncate(text, text->len - n);
	}
	buf_fold_space(text, 0);
}

void meta_take_title(struct claims *c)
{
	struct page *page = c->page;
	struct titles t = {.page = page};
	t.declared = arena_alloc(&page->arena, MAX_TITLES * sizeof *t.declared);
	t.headlines = arena_alloc(&page->arena, MAX_TITLES * sizeof *t.headlines);
	if (!t.declared || !t.headlines)
		return;
	read_sites(&t, c);
	read_titles(&t, c);
	const struct title *headline = choose_headline(&t);
	const struct title *title = headline ? without_kicker(&t, headline) : choose_declared(&t);
	if (headline)
		c->headline_order = headline->claim->order;
	else if (t.headline_count)
		c->headline_order = t.headlines[0].claim->order;
	if (!title)
		return;
	/* lines of a headline are one text */
	struct buf text = BUF_INIT;
	buf_puts(&text, title->text);
	drop_link_mark(&text);
	if (article_fill(page->a, &page->a->title, text.data, text.len))
		claim_note(c, title->claim, page->a->title);
	buf_end(&text, &page->arena.failed);
}
