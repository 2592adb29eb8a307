#include "extract/metadata/record.h"

struct writer {
	struct buf *out;
	bool first;
};

static void put_key(struct writer *w, const char *key)
{
	buf_puts(w->out, w->first ? "\n  \"" : ",\n  \"");
	buf_puts(w->out, key);
	buf_puts(w->out, "\": ");
	w->first = false;
}

static void put_string(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	buf_put_json(out, text);
	buf_putc(out, '"');
}

static void put_member(struct writer *w, const char *key, const char *value)
{
	if (!value)
		return;
	put_key(w, key);
	put_string(w->out, value);
}

struct pair {
	const char *key, *value;
};

/* An object in one line. */
static void put_object(struct buf *out, const struct pair *pairs, size_t count)
{
	bool first = true;
	buf_putc(out, '{');
	for (size_t i = 0; i < count; i++) {
		if (!pairs[i].value)
			continue;
		buf_puts(out, first ? "" : ", ");
		put_string(out, pairs[i].key);
		buf_puts(out, ": ");
		put_string(out, pairs[i].value);
		first = false;
	}
	buf_putc(out, '}');
}

static void put_authors(struct writer *w, const struct author_list *authors)
{
	const char *separator = "\n    ";
	put_key(w, "authors");
	buf_putc(w->out, '[');
	for (size_t i = 0; i < authors->count; i++) {
		const struct author *author = &authors->items[i];
		const struct pair pairs[] = {{"name", author->name},
					     {"role", author->role},
					     {"bio", author->bio},
					     {"url", author->url},
					     {"portrait", author->portrait}};
		buf_puts(w->out, separator);
		put_object(w->out, pairs, sizeof pairs / sizeof *pairs);
		separator = ",\n    ";
	}
	buf_putc(w->out, ']');
}

static void put_figures(struct writer *w, const struct figure_list *figures)
{
	const char *separator = "\n    ";
	put_key(w, "figures");
	buf_putc(w->out, '[');
	for (size_t i = 0; i < figures->count; i++) {
		const struct figure *figure = &figures->items[i];
		const struct pair pairs[] = {
			{"id", figure->id},
			{"src", figure->src},
			{"caption", figure->caption},
			{"credit", figure->credit},
			{"copyright", figure->copyright},
			{"alt", figure->alt},
			{"licence", figure->licence},
		};
		buf_puts(w->out, separator);
		put_object(w->out, pairs, sizeof pairs / sizeof *pairs);
		separator = ",\n    ";
	}
	buf_putc(w->out, ']');
}

static void put_strings(struct writer *w, const char *key, const struct string_list *list)
{
	put_key(w, key);
	buf_putc(w->out, '[');
	for (size_t i = 0; i < list->count; i++) {
		buf_puts(w->out, i ? ", " : "");
		put_string(w->out, list->items[i]);
	}
	buf_putc(w->out, ']');
}

void record_put_json(struct buf *out, const struct article *a)
{
	static const char *const directions[] = {NULL, "ltr", "rtl"};
	struct writer w = {out, true};
	buf_putc(out, '{');
	put_member(&w, "title", a->title);
	put_member(&w, "subtitle", a->subtitle);
	put_member(&w, "standfirst", a->standfirst);
	put_authors(&w, &a->authors);
	put_member(&w, "published", a->published);
	put_member(&w, "modified", a->modified);
	put_member(&w, "site", a->publisher);
	put_member(&w, "section", a->section);
	put_member(&w, "language", a->language);
	put_member(&w, "direction", directions[a->direction]);
	put_member(&w, "description", a->description);
	put_member(&w, "url", a->source_url);
	put_member(&w, "canonical", a->canonical_url);
	put_member(&w, "image", a->lead_image);
	put_member(&w, "licence", a->rights);
	if (a->subjects.count)
		put_strings(&w, "subjects", &a->subjects);
	put_figures(&w, &a->figures);
	buf_puts(out, "\n}\n");
}
