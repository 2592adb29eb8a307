/* What stands at the end of an article, as prose: about its authors, where it was published. */
#include "epub/facts.h"

#include "article/url.h"
#include "base/utf8.h"

#include <string.h>

/* --- About the authors --- */

/* A bio that begins with the author's name needs no line with the name before it. */
static bool names_author(const struct author *author)
{
	return author->bio && author->name &&
	       strncmp(author->bio, author->name, strlen(author->name)) == 0 &&
	       (!author->affiliation || strstr(author->bio, author->affiliation));
}

/* The paragraphs of a bio, which a blank line separates. `skip`: bytes of the name that the first
 * one begins with; the template prints the name. */
static struct value *paragraph_facts(struct arena *arena, const char *bio, size_t skip)
{
	struct value *list = value_list(arena);
	for (const char *text = bio ? bio : ""; *text; skip = 0) {
		text += strspn(text, "\n");
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		struct value *map = value_map(arena);
		value_put(arena, map, "begins_with_name", value_bool(arena, skip > 0));
		value_put(arena, map, "text", value_string_n(arena, text + skip, len - skip));
		if (len)
			value_add(arena, list, map);
		text += len;
	}
	return list;
}

static struct value *author_facts(struct arena *arena, const struct author *author)
{
	struct value *map = value_map(arena);
	bool named = names_author(author);
	value_put_string(arena, map, "portrait", author->portrait);
	value_put_string(arena, map, "name", author->name);
	value_put_string(arena, map, "url", facts_link(arena, author->url));
	value_put(arena, map, "has_line", value_bool(arena, author->name && !named));
	value_put_string(arena, map, "affiliation", author->affiliation);
	value_put(arena, map, "paragraphs",
		  paragraph_facts(arena, author->bio, named ? strlen(author->name) : 0));
	return map;
}

/* --- Where it was published --- */

/* Sentences as they grow: pieces of text, among them the name of the paper, the date and the
 * address, which have marks of their own. */
struct prose {
	struct arena *arena;
	struct value *pieces;
	const char *stop; /* what ends a sentence in the language: "." or "。" */
	char last;        /* the last byte so far; '\0': nothing yet */
};

static void put_piece(struct prose *prose, const char *kind, struct value *value, const char *text)
{
	static const char *const kinds[] = {"words", "paper", "date", "address"};
	struct value *map = value_map(prose->arena);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		value_put(prose->arena, map, kinds[i], strcmp(kinds[i], kind) == 0 ? value : NULL);
	value_add(prose->arena, prose->pieces, map);
	prose->last = text[strlen(text) - 1];
}

/* Words between the pieces. A full stop behind one ("2021 г.") is not written twice. */
static void put_words(struct prose *prose, const char *text, size_t len)
{
	if (len && *text == '.' && prose->last == '.') {
		text++;
		len--;
	}
	if (len == 0)
		return;
	const char *copy = arena_dupn(prose->arena, text, len);
	if (copy)
		put_piece(prose, "words", value_string(prose->arena, copy), copy);
}

static void put_text(struct prose *prose, const char *text)
{
	put_words(prose, text, strlen(text));
}

/* A sentence after another: languages that end it with a wide stop need no space. */
static void begin_sentence(struct prose *prose)
{
	if (prose->last &&
	    (prose->stop[0] == '.' || prose->last != prose->stop[strlen(prose->stop) - 1]))
		put_text(prose, " ");
}

/* A label with {paper}, {date} and {address}. */
struct origin {
	const char *paper;
	struct value *date;
	const char *date_text; /* as printed */
	bool has_day;
	struct value *address;
	const char *address_text;
};

static void put_date(struct prose *prose, const struct origin *origin)
{
	put_piece(prose, "date", origin->date, origin->date_text);
}

static void put_hole(struct prose *prose, const char *name, const struct origin *origin)
{
	if (*name == 'd') {
		put_date(prose, origin);
	} else if (*name == 'a') {
		put_piece(prose, "address", origin->address, origin->address_text);
	} else {
		put_piece(prose, "paper", value_string(prose->arena, origin->paper), origin->paper);
		if (origin->date && !origin->has_day) {
			put_text(prose, " (");
			put_date(prose, origin);
			put_text(prose, ")");
		}
	}
}

static void put_sentence(struct prose *prose, const char *label, const struct origin *origin)
{
	begin_sentence(prose);
	while (*label) {
		size_t len = strcspn(label, "{");
		put_words(prose, label, len);
		label += len;
		if (!*label)
			break;
		put_hole(prose, label + 1, origin);
		label += strcspn(label, "}");
		label += *label == '}';
	}
}

static void put_published(struct prose *prose, const struct labels *labels,
			  const struct origin *origin)
{
	if (origin->paper)
		put_sentence(prose,
			     labels->text[origin->has_day ? LABEL_FIRST_PUBLISHED_IN_ON
							  : LABEL_FIRST_PUBLISHED_IN],
			     origin);
	else if (origin->has_day)
		put_sentence(prose, labels->text[LABEL_FIRST_PUBLISHED_ON], origin);
	else if (origin->date) {
		begin_sentence(prose);
		put_text(prose, labels->text[LABEL_PUBLISHED]);
		put_text(prose, ": ");
		put_date(prose, origin);
		put_text(prose, prose->stop);
	}
}

static bool end_matter_ends_sentence(const char *text)
{
	static const char *const ends[] = {".", "!", "?", "…", "。", "।"};
	size_t len = strlen(text);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len >= n && strcmp(text + len - n, ends[i]) == 0)
			return true;
	}
	return false;
}

static void put_rights(struct prose *prose, const char *rights)
{
	if (!rights)
		return;
	begin_sentence(prose);
	struct value *address = facts_address(prose->arena, rights);
	if (address)
		put_piece(prose, "address", address, rights);
	else
		put_text(prose, rights);
	if (!end_matter_ends_sentence(rights))
		put_text(prose, prose->stop);
}

/* The last character of a label that is a whole sentence. */
static const char *full_stop(const struct labels *labels)
{
	const char *text = labels->text[LABEL_FIRST_PUBLISHED_IN];
	size_t at = strlen(text);
	while (at > 1 && ((unsigned char)text[at - 1] & 0xC0) == 0x80)
		at--;
	return text + at - 1;
}

static struct value *origin_facts(struct arena *arena, const char *language,
				  const struct article *article)
{
	const struct labels *labels = labels_find(language);
	const char *published = article->published, *date_text = NULL;
	struct value *date = facts_date(arena, language, published, &date_text);
	struct prose prose = {
		.arena = arena, .pieces = value_list(arena), .stop = full_stop(labels)};
	struct origin origin = {
		.paper = article->publisher,
		.date = date,
		.date_text = date_text,
		.has_day = published && strlen(published) >= strlen("2021-07-02"),
		.address = facts_address(arena, facts_source(article)),
		.address_text = facts_source(article),
	};
	put_published(&prose, labels, &origin);
	put_rights(&prose, article->rights);
	if (origin.address)
		put_sentence(&prose, labels->text[LABEL_READ_AT], &origin);
	if (article->archived_url) {
		origin.address = facts_address(arena, article->archived_url);
		origin.address_text = article->archived_url;
		put_sentence(&prose, labels->text[LABEL_ARCHIVED_AT], &origin);
	}
	return prose.last ? prose.pieces : NULL;
}

struct value *end_matter_facts(struct arena *arena, const char *language,
			       const struct article *article)
{
	struct value *map = value_map(arena), *authors = value_list(arena);
	struct value *origin = origin_facts(arena, language, article);
	bool any = origin != NULL;
	for (size_t i = 0; i < article->authors.count; i++) {
		const struct author *author = &article->authors.items[i];
		if (!author->bio && !author->affiliation && !author->portrait)
			continue;
		value_add(arena, authors, author_facts(arena, author));
		any = true;
	}
	value_put(arena, map, "authors", authors);
	value_put(arena, map, "has_origin", value_bool(arena, origin != NULL));
	value_put(arena, map, "origin", origin);
	return any ? map : NULL;
}
