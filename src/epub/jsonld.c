/* The record: JSON-LD with the vocabulary of schema.org. */
#include "epub/facts.h"

#include "base/json.h"

#include <string.h>

static void put_thing(struct json *j, const char *key, const char *type, const char *name)
{
	if (!name)
		return;
	json_open(j, key, '{');
	json_put_known(j, "@type", type);
	json_put_known(j, "name", name);
	json_close(j);
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
		json_put_known(j, "@type", "Person");
		json_put_known(j, "name", author->name);
		json_put_known(j, "description", author->bio);
		put_thing(j, "affiliation", "Organization", author->affiliation);
		json_put_known(j, "url", author->url);
		json_put_known(j, "image", author->portrait);
		json_close(j);
	}
	if (open)
		json_close(j);
}

static void jsonld_put_image(struct json *j, const struct photo *photo)
{
	const struct figure *figure = photo->figure;
	json_open(j, NULL, '{');
	json_put_known(j, "@type", "ImageObject");
	json_put_known(j, "@id", photo->href);
	if (photo->resource) {
		json_put_known(j, "contentUrl", photo->resource->file);
		json_put_known(j, "encodingFormat", photo->resource->media_type);
		if (photo->resource->width)
			json_put_number(j, "width", photo->resource->width);
		if (photo->resource->height)
			json_put_number(j, "height", photo->resource->height);
	}
	json_put_known(j, "caption", figure->caption);
	json_put_known(j, "description", figure->description ? figure->description : figure->alt);
	json_put_known(j, "creditText", figure->credit);
	json_put_known(j, "copyrightNotice", figure->copyright);
	json_put_known(j, "license", figure->licence);
	json_put_known(j, "isBasedOn", figure->source_url);
	json_close(j);
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
		json_close(j);
}

static void put_source(struct json *j, const struct article *article)
{
	const char *url = article->reached_url  ? article->reached_url
			  : article->source_url ? article->source_url
						: article->canonical_url;
	if (!url && !article->source_name && !article->digest[0])
		return;
	json_open(j, "isBasedOn", '{');
	json_put_known(j, "@type", "MediaObject");
	json_put_known(j, "name", article->source_name);
	json_put_known(j, "url", article->asked_url);
	json_put_known(j, "contentUrl", url);
	json_put_known(j, "sha256", article->digest);
	if (article->retrieved) {
		json_open(j, "@context", '{');
		json_put_known(j, "dcterms", "http://purl.org/dc/terms/");
		json_close(j);
		json_put_known(j, "dcterms:date", article->retrieved);
	}
	json_close(j);
}

static void put_series(struct json *j, const struct book *book)
{
	if (!book->series.name)
		return;
	json_open(j, "isPartOf", '{');
	json_put_known(j, "@type", "CreativeWorkSeries");
	json_put_known(j, "name", book->series.name);
	json_close(j);
	json_put_known(j, "position", book->series.position);
}

static void put_article(struct json *j, const struct book *book, const struct article *article,
			size_t *photo)
{
	const char *type = article->publisher || article->section ? "NewsArticle" : "Article";
	json_put_known(j, "@type", type);
	if (book->article_count == 1)
		json_put_known(j, "@id", book->identifier);
	json_put_known(j, "headline", article->title);
	json_put_known(j, "alternativeHeadline", article->subtitle);
	json_put_known(j, "abstract", article->standfirst);
	json_put_known(j, "description", article->description);
	put_people(j, &article->authors, "author");
	put_people(j, &article->authors, "editor");
	put_people(j, &article->authors, "translator");
	put_people(j, &article->authors, "illustrator");
	put_people(j, &article->authors, "contributor");
	put_thing(j, "publisher", "Organization", article->publisher);
	json_put_known(j, "articleSection", article->section);
	json_put_known(j, "datePublished", article->published);
	json_put_known(j, "dateModified", article->modified);
	json_put_known(j, "inLanguage", article->language);
	json_put_known(j, "url",
		       article->canonical_url ? article->canonical_url : article->source_url);
	put_source(j, article);
	if (article->subjects.count) {
		json_open(j, "keywords", '[');
		for (size_t i = 0; i < article->subjects.count; i++)
			json_put_known(j, NULL, article->subjects.items[i]);
		json_close(j);
	}
	json_put_known(j, "copyrightNotice", article->rights);
	put_images(j, book, article, photo);
}

void jsonld_put(struct buf *out, const struct book *book)
{
	struct json j = {.out = out};
	size_t photo = 0;
	json_open(&j, NULL, '{');
	json_put_known(&j, "@context", "https://schema.org");
	if (book->article_count == 1) {
		put_article(&j, book, book->articles[0], &photo);
		put_series(&j, book);
	} else {
		json_put_known(&j, "@type", "PublicationIssue");
		json_put_known(&j, "@id", book->identifier);
		json_put_known(&j, "name", book->title);
		json_put_known(&j, "alternativeHeadline", book->subtitle);
		json_put_known(&j, "description", book->description);
		put_thing(&j, "publisher", "Organization", book->publisher);
		json_put_known(&j, "datePublished", book->published);
		put_series(&j, book);
		json_open(&j, "hasPart", '[');
		for (size_t i = 0; i < book->article_count; i++) {
			json_open(&j, NULL, '{');
			put_article(&j, book, book->articles[i], &photo);
			json_close(&j);
		}
		json_close(&j);
	}
	json_close(&j);
	buf_putc(out, '\n');
}
