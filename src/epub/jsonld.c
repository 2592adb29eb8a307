/* The record: JSON-LD with the vocabulary of schema.org. */
#include "epub/facts.h"

#include <string.h>

/* JSON as it is written: objects and lists, one value a line. */
struct json {
	struct buf *out;
	unsigned depth;
	bool more; /* something stands before, on this level */
};

static void jsonld_json_line(struct json *j)
{
	buf_puts(j->out, j->more ? ",\n" : "\n");
	for (unsigned i = 0; i < j->depth; i++)
		buf_puts(j->out, "  ");
	j->more = true;
}

static void jsonld_json_string(struct json *j, const char *s)
{
	buf_putc(j->out, '"');
	buf_put_json(j->out, s);
	buf_putc(j->out, '"');
}

static void jsonld_json_key(struct json *j, const char *key)
{
	jsonld_json_line(j);
	if (key)
		buf_printf(j->out, "\"%s\": ", key);
}

/* `key` is NULL in a list. A value that is not known is left out. */
static void json_put(struct json *j, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	jsonld_json_key(j, key);
	jsonld_json_string(j, value);
}

static void json_put_number(struct json *j, const char *key, unsigned value)
{
	if (value == 0)
		return;
	jsonld_json_key(j, key);
	buf_printf(j->out, "%u", value);
}

static void json_open(struct json *j, const char *key, char bracket)
{
	jsonld_json_key(j, key);
	buf_putc(j->out, bracket);
	j->depth++;
	j->more = false;
}

static void json_close(struct json *j, char bracket)
{
	j->depth--;
	j->more = false;
	jsonld_json_line(j);
	buf_putc(j->out, bracket);
}

static void put_thing(struct json *j, const char *key, const char *type, const char *name)
{
	if (!name)
		return;
	json_open(j, key, '{');
	json_put(j, "@type", type);
	json_put(j, "name", name);
	json_close(j, '}');
}

static const char *author_property(const struct author *author)
{
	const char *role = author->role;
	static const struct {
		const char *role, *property;
	} properties[] = {
		{"edt", "editor"},
		{"trl", "translator"},
		{"ill", "illustrator"},
	};
	for (size_t i = 0; role && i < sizeof properties / sizeof *properties; i++)
		if (strcmp(properties[i].role, role) == 0)
			return properties[i].property;
	return facts_has_role(author, NULL) ? "author" : "contributor";
}

/* Those of one property, in one list. */
static void put_people(struct json *j, const struct author_list *authors, const char *property)
{
	bool open = false;
	for (size_t i = 0; i < authors->count; i++) {
		const struct author *author = &authors->items[i];
		if (!author->name || strcmp(author_property(author), property) != 0)
			continue;
		if (!open)
			json_open(j, property, '[');
		open = true;
		json_open(j, NULL, '{');
		json_put(j, "@type", "Person");
		json_put(j, "name", author->name);
		json_put(j, "description", author->bio);
		put_thing(j, "affiliation", "Organization", author->affiliation);
		json_put(j, "url", author->url);
		json_put(j, "image", author->portrait);
		json_close(j, '}');
	}
	if (open)
		json_close(j, ']');
}

static void jsonld_put_image(struct json *j, const struct photo *photo)
{
	const struct figure *figure = photo->figure;
	json_open(j, NULL, '{');
	json_put(j, "@type", "ImageObject");
	json_put(j, "@id", photo->href);
	if (photo->resource) {
		json_put(j, "contentUrl", photo->resource->file);
		json_put(j, "encodingFormat", photo->resource->media_type);
		json_put_number(j, "width", photo->resource->width);
		json_put_number(j, "height", photo->resource->height);
	}
	json_put(j, "caption", figure->caption);
	json_put(j, "description", figure->description ? figure->description : figure->alt);
	json_put(j, "creditText", figure->credit);
	json_put(j, "copyrightNotice", figure->copyright);
	json_put(j, "license", figure->licence);
	json_put(j, "isBasedOn", figure->source_url);
	json_close(j, '}');
}

/* The article's photos begin at *at in the book's list, which is in the order of the articles. */
static void put_images(struct json *j, const struct book *book, const struct article *article,
		       size_t *at)
{
	const struct figure_list *own = &article->figures;
	bool open = false;
	for (; *at < book->photos.count; (*at)++) {
		const struct photo *photo = &book->photos.items[*at];
		if (own->count == 0 || photo->figure < own->items ||
		    photo->figure >= own->items + own->count)
			break;
		if (!open)
			json_open(j, "image", '[');
		open = true;
		jsonld_put_image(j, photo);
	}
	if (open)
		json_close(j, ']');
}

static void put_source(struct json *j, const struct article *article)
{
	const char *url = article->reached_url  ? article->reached_url
			  : article->source_url ? article->source_url
						: article->canonical_url;
	if (!url && !article->source_name && !article->digest[0])
		return;
	json_open(j, "isBasedOn", '{');
	json_put(j, "@type", "MediaObject");
	json_put(j, "name", article->source_name);
	json_put(j, "url", article->asked_url);
	json_put(j, "contentUrl", url);
	json_put(j, "sha256", article->digest);
	if (article->retrieved) {
		json_open(j, "@context", '{');
		json_put(j, "dcterms", "http://purl.org/dc/terms/");
		json_close(j, '}');
		json_put(j, "dcterms:date", article->retrieved);
	}
	json_close(j, '}');
}

static void put_series(struct json *j, const struct book *book)
{
	if (!book->series.name)
		return;
	json_open(j, "isPartOf", '{');
	json_put(j, "@type", "CreativeWorkSeries");
	json_put(j, "name", book->series.name);
	json_close(j, '}');
	json_put(j, "position", book->series.position);
}

static void put_article(struct json *j, const struct book *book, const struct article *article,
			size_t *photo)
{
	const char *type = article->publisher || article->section ? "NewsArticle" : "Article";
	json_put(j, "@type", type);
	if (book->article_count == 1)
		json_put(j, "@id", book->identifier);
	json_put(j, "headline", article->title);
	json_put(j, "alternativeHeadline", article->subtitle);
	json_put(j, "abstract", article->standfirst);
	json_put(j, "description", article->description);
	put_people(j, &article->authors, "author");
	put_people(j, &article->authors, "editor");
	put_people(j, &article->authors, "translator");
	put_people(j, &article->authors, "illustrator");
	put_people(j, &article->authors, "contributor");
	put_thing(j, "publisher", "Organization", article->publisher);
	json_put(j, "articleSection", article->section);
	json_put(j, "datePublished", article->published);
	json_put(j, "dateModified", article->modified);
	json_put(j, "inLanguage", article->language);
	json_put(j, "url", article->canonical_url ? article->canonical_url : article->source_url);
	put_source(j, article);
	if (article->subjects.count) {
		json_open(j, "keywords", '[');
		for (size_t i = 0; i < article->subjects.count; i++)
			json_put(j, NULL, article->subjects.items[i]);
		json_close(j, ']');
	}
	json_put(j, "copyrightNotice", article->rights);
	put_images(j, book, article, photo);
}

void jsonld_put(struct buf *out, const struct book *book)
{
	struct json j = {.out = out};
	size_t photo = 0;
	buf_putc(out, '{');
	j.depth++;
	json_put(&j, "@context", "https://schema.org");
	if (book->article_count == 1) {
		put_article(&j, book, book->articles[0], &photo);
		put_series(&j, book);
	} else {
		json_put(&j, "@type", "PublicationIssue");
		json_put(&j, "@id", book->identifier);
		json_put(&j, "name", book->title);
		json_put(&j, "alternativeHeadline", book->subtitle);
		json_put(&j, "description", book->description);
		put_thing(&j, "publisher", "Organization", book->publisher);
		json_put(&j, "datePublished", book->published);
		put_series(&j, book);
		json_open(&j, "hasPart", '[');
		for (size_t i = 0; i < book->article_count; i++) {
			json_open(&j, NULL, '{');
			put_article(&j, book, book->articles[i], &photo);
			json_close(&j, '}');
		}
		json_close(&j, ']');
	}
	json_close(&j, '}');
	buf_putc(out, '\n');
}
