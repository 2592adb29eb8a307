/* The package document's own facts: EPUB 3.3 section 5. */
#include "epub/facts.h"

#include "article/identifier.h"
#include "base/timestamp.h"

#include <string.h>

static struct value *strings(struct arena *arena, const struct string_list *list)
{
	struct value *values = value_list(arena);
	for (size_t i = 0; i < list->count; i++)
		value_add(arena, values, value_string(arena, list->items[i]));
	return values;
}

/* The type of an identifier: a code of ONIX code list 5, which has a scheme, or a word. */
static void put_identifier_type(struct arena *arena, struct value *map, const char *scheme)
{
	const char *code = identifier_onix_code(scheme);
	value_put_string(arena, map, "type", code ? code : scheme);
	value_put(arena, map, "onix", value_bool(arena, code != NULL));
}

/* The scheme of the identifier that is the book's own. */
static struct value *unique_facts(struct arena *arena, const struct book *book)
{
	struct value *map = value_map(arena);
	const char *scheme = NULL;
	for (size_t i = 0; i < book->identifiers.count && !scheme; i++)
		if (strcmp(book->identifiers.items[i].value, book->identifier) == 0)
			scheme = book->identifiers.items[i].scheme;
	put_identifier_type(arena, map, scheme);
	return map;
}

/* Those beside the book's own. */
static struct value *identifier_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->identifiers.count; i++) {
		const struct identifier *identifier = &book->identifiers.items[i];
		if (strcmp(identifier->value, book->identifier) == 0)
			continue;
		struct value *map = value_map(arena);
		value_put_string(arena, map, "id", arena_printf(arena, "identifier-%zu", i + 1));
		value_put_string(arena, map, "value", identifier->value);
		put_identifier_type(arena, map, identifier->scheme);
		value_add(arena, list, map);
	}
	return list;
}

/* All who are named, as dc:creator or dc:contributor, each kind in its order. */
static struct value *people_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	long long creators = 0, contributors = 0;
	for (size_t i = 0; i < book->authors.count; i++) {
		const struct author *author = &book->authors.items[i];
		const char *element = author->contributor ? "contributor" : "creator";
		if (!author->name)
			continue;
		long long seq = author->contributor ? ++contributors : ++creators;
		struct value *map = value_map(arena);
		value_put_string(arena, map, "element", element);
		value_put_string(arena, map, "id", arena_printf(arena, "%s-%lld", element, seq));
		value_put(arena, map, "seq", value_number(arena, seq));
		value_put_string(arena, map, "name", author->name);
		value_put_string(arena, map, "role", author->role ? author->role : "aut");
		value_put_string(arena, map, "file_as", author->sort_name);
		value_put_string(arena, map, "bio", author->bio);
		value_put_string(arena, map, "affiliation", author->affiliation);
		value_put_string(arena, map, "url", facts_link(arena, author->url));
		value_add(arena, list, map);
	}
	return list;
}

/* The names of those who wrote it. */
static struct value *writer_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->authors.count; i++)
		if (facts_has_role(&book->authors.items[i], NULL))
			value_add(arena, list, value_string(arena, book->authors.items[i].name));
	return list;
}

/* An article that was a file has that file's name as its source. */
static struct value *source_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->article_count; i++) {
		const struct article *article = book->articles[i];
		const char *value = article->canonical_url ? article->canonical_url
				    : article->source_url  ? article->source_url
							   : article->source_name;
		if (!value)
			continue;
		struct value *map = value_map(arena);
		value_put_string(arena, map, "id", arena_printf(arena, "source-%zu", i + 1));
		value_put_string(arena, map, "value", value);
		value_put_string(arena, map, "retrieved", article->retrieved);
		value_put_string(arena, map, "fetched_from", article->reached_url);
		value_put_string(arena, map, "asked_for", article->asked_url);
		value_put_string(arena, map, "digest", article->digest);
		value_add(arena, list, map);
	}
	return list;
}

static struct value *series_facts(struct arena *arena, const struct book *book)
{
	if (!book->series.name)
		return NULL;
	struct value *map = value_map(arena);
	value_put_string(arena, map, "name", book->series.name);
	value_put_string(arena, map, "type", book->series.type);
	value_put_string(arena, map, "position", book->series.position);
	return map;
}

/* Whether this is the first photo that shows the picture: marks it as shown. */
static bool shows_first(const struct book *book, const struct photo *photo, bool *shown)
{
	if (!photo->resource || !shown)
		return false;
	size_t at = (size_t)(photo->resource - book->resources.items);
	bool first = !shown[at];
	shown[at] = true;
	return first;
}

/* What is said of a photo is said of the picture; of its place in the text when the picture is
 * lost, or has been spoken of already. */
static struct value *photo_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	bool *shown = arena_alloc(arena, book->resources.count + 1);
	for (size_t i = 0; i < book->photos.count; i++) {
		const struct photo *photo = &book->photos.items[i];
		const struct figure *figure = photo->figure;
		bool differs = figure->alt && *figure->alt &&
			       !(figure->caption && strcmp(figure->alt, figure->caption) == 0);
		const char *target = shows_first(book, photo, shown)
					     ? arena_printf(arena, "#%s", photo->resource->id)
					     : photo->href;
		struct value *map = value_map(arena);
		value_put_string(arena, map, "target", target);
		value_put_string(arena, map, "caption", figure->caption);
		value_put_string(arena, map, "credit", figure->credit);
		value_put_string(arena, map, "copyright", figure->copyright);
		value_put_string(arena, map, "description",
				 figure->description ? figure->description
				 : differs           ? figure->alt
						     : NULL);
		value_add(arena, list, map);
	}
	return list;
}

static struct value *accessibility_facts(struct arena *arena, const struct book *book)
{
	const struct accessibility *a = &book->accessibility;
	struct value *map = value_map(arena);
	value_put(arena, map, "modes", strings(arena, &a->modes));
	value_put(arena, map, "sufficient", strings(arena, &a->sufficient));
	value_put(arena, map, "features", strings(arena, &a->features));
	value_put(arena, map, "hazards", strings(arena, &a->hazards));
	value_put_string(arena, map, "summary", a->summary);
	value_put_string(arena, map, "labels_language", book->labels->language);
	value_put_string(arena, map, "conforms_to", a->conforms_to);
	value_put_string(arena, map, "certified_by", a->certified_by);
	return map;
}

static struct value *add_item(struct arena *arena, struct value *items, const char *id,
			      const char *href, const char *media_type, const char *properties)
{
	struct value *map = value_map(arena);
	value_put_string(arena, map, "id", id);
	value_put_string(arena, map, "href", href);
	value_put_string(arena, map, "media_type", media_type);
	value_put_string(arena, map, "properties", properties);
	value_add(arena, items, map);
	return map;
}

static const char *page_properties(const struct page *page)
{
	if (page->kind == PAGE_NAV)
		return "nav";
	if (page->has_svg)
		return page->has_mathml ? "mathml svg" : "svg";
	return page->has_mathml ? "mathml" : NULL;
}

static struct value *item_facts(struct arena *arena, const struct book *book)
{
	struct value *items = value_list(arena);
	for (size_t i = 0; i < book->pages.count; i++) {
		const struct page *page = &book->pages.items[i];
		if (!page->dropped)
			add_item(arena, items, page->id, page->file, "application/xhtml+xml",
				 page_properties(page));
	}
	add_item(arena, items, "style", "style.css", "text/css", NULL);
	for (size_t i = 0; i < book->css.count; i++) {
		const struct resource *css = &book->css.items[i];
		if (css->dropped)
			continue;
		add_item(arena, items, css->id, css->file, css->media_type, NULL);
	}
	for (size_t i = 0; i < book->style_files.count; i++) {
		const struct resource *file = &book->style_files.items[i];
		if (!file->dropped)
			add_item(arena, items, file->id, file->file, file->media_type, NULL);
	}
	return items;
}

static struct value *picture_facts(struct arena *arena, const struct book *book)
{
	struct value *items = value_list(arena);
	for (size_t i = 0; i < book->resources.count; i++) {
		const struct resource *r = &book->resources.items[i];
		if (r->dropped)
			continue;
		struct value *item = add_item(arena, items, r->id, r->file, r->media_type,
					      r->is_cover ? "cover-image" : NULL);
		value_put_string(arena, item, "fallback", r->stands_in);
	}
	return items;
}

static struct value *spine_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->pages.count; i++)
		if (!book->pages.items[i].off_spine && !book->pages.items[i].dropped)
			value_add(arena, list, value_string(arena, book->pages.items[i].id));
	return list;
}

/* OPF 2.0.1 section 2.6, for readers that know no landmarks. */
static struct value *guide_facts(struct arena *arena, const struct book *book)
{
	static const struct {
		enum page_kind kind;
		const char *type;
		enum label label;
	} references[] = {
		{PAGE_COVER, "cover", LABEL_COVER},
		{PAGE_TITLE, "title-page", LABEL_TITLE_PAGE},
		{PAGE_NAV, "toc", LABEL_CONTENTS},
		{PAGE_CHAPTER, "text", LABEL_START},
		{PAGE_COLOPHON, "colophon", LABEL_COLOPHON},
	};
	struct value *list = value_list(arena);
	for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
		const struct page *page = facts_find_page(book, references[i].kind);
		if (!page || page->off_spine)
			continue;
		struct value *map = value_map(arena);
		value_put_string(arena, map, "type", references[i].type);
		value_put_string(arena, map, "title", book->labels->text[references[i].label]);
		value_put_string(arena, map, "href", page->file);
		value_add(arena, list, map);
	}
	return list;
}

struct value *opf_facts(struct arena *arena, const struct book *book)
{
	struct value *map = value_map(arena);
	long long epoch;
	bool dated = book->published && when_parse(book->published, &epoch);
	bool rtl = book->direction == DIR_RTL || book->vertical;
	value_put(arena, map, "identifiers", identifier_facts(arena, book));
	value_put(arena, map, "languages", strings(arena, &book->languages));
	value_put(arena, map, "unique", unique_facts(arena, book));
	value_put(arena, map, "people", people_facts(arena, book));
	value_put(arena, map, "writers", writer_facts(arena, book));
	value_put_string(arena, map, "date", dated ? book->published : NULL);
	value_put_string(arena, map, "modified", book->modified);
	value_put(arena, map, "subjects", strings(arena, &book->subjects));
	value_put(arena, map, "sources", source_facts(arena, book));
	value_put(arena, map, "series", series_facts(arena, book));
	value_put(arena, map, "photos", photo_facts(arena, book));
	value_put_string(arena, map, "record", RECORD_FILE);
	value_put(arena, map, "accessibility", accessibility_facts(arena, book));
	value_put(arena, map, "items", item_facts(arena, book));
	value_put(arena, map, "pictures", picture_facts(arena, book));
	value_put(arena, map, "spine", spine_facts(arena, book));
	value_put_string(arena, map, "progression", rtl ? "rtl" : NULL);
	value_put(arena, map, "guide", guide_facts(arena, book));
	return map;
}
