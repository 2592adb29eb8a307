#include "extract/metadata/record.h"

#include "base/json.h"

/* A value that is known, the empty alt text of an ornament too. */
static void put_given(struct json *j, const char *key, const char *value)
{
	if (value)
		json_put(j, key, value);
}

static void put_authors(struct json *j, const struct author_list *authors)
{
	json_open(j, "authors", '[');
	for (size_t i = 0; i < authors->count; i++) {
		const struct author *author = &authors->items[i];
		json_open_line(j, NULL, '{');
		put_given(j, "name", author->name);
		put_given(j, "role", author->role);
		put_given(j, "bio", author->bio);
		put_given(j, "url", author->url);
		put_given(j, "portrait", author->portrait);
		json_close(j);
	}
	json_close(j);
}

static void put_figures(struct json *j, const struct figure_list *figures)
{
	json_open(j, "figures", '[');
	for (size_t i = 0; i < figures->count; i++) {
		const struct figure *figure = &figures->items[i];
		json_open_line(j, NULL, '{');
		put_given(j, "id", figure->id);
		put_given(j, "src", figure->src);
		put_given(j, "caption", figure->caption);
		put_given(j, "credit", figure->credit);
		put_given(j, "copyright", figure->copyright);
		put_given(j, "alt", figure->alt);
		put_given(j, "licence", figure->licence);
		json_close(j);
	}
	json_close(j);
}

static void put_subjects(struct json *j, const struct string_list *list)
{
	if (list->count == 0)
		return;
	json_open_line(j, "subjects", '[');
	for (size_t i = 0; i < list->count; i++)
		json_put(j, NULL, list->items[i]);
	json_close(j);
}

void record_put_json(struct buf *out, const struct article *a)
{
	static const char *const directions[] = {NULL, "ltr", "rtl"};
	struct json j = {.out = out};
	json_open(&j, NULL, '{');
	put_given(&j, "title", a->title);
	put_given(&j, "subtitle", a->subtitle);
	put_given(&j, "standfirst", a->standfirst);
	put_authors(&j, &a->authors);
	put_given(&j, "published", a->published);
	put_given(&j, "modified", a->modified);
	put_given(&j, "site", a->publisher);
	put_given(&j, "section", a->section);
	put_given(&j, "language", a->language);
	put_given(&j, "direction", directions[a->direction]);
	put_given(&j, "description", a->description);
	put_given(&j, "url", a->source_url);
	put_given(&j, "canonical", a->canonical_url);
	put_given(&j, "image", a->lead_image);
	put_given(&j, "licence", a->rights);
	put_subjects(&j, &a->subjects);
	put_figures(&j, &a->figures);
	json_close(&j);
	buf_putc(out, '\n');
}
