#include "info/info.h"

#include "base/error.h"
#include "base/json.h"
#include "base/plural.h"
#include "base/utf8.h"
#include "info/facts.h"

#include <string.h>

/* --- For people --- */

enum { COLUMNS = 80, LABEL = 14 };

static void put_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/* Text broken at spaces, and beside ideographs (which take two columns), so that it fits within
 * COLUMNS; further lines start `indent` columns in. The cursor stands at column `at`. */
static void put_wrapped(struct buf *out, const char *s, size_t at, size_t indent)
{
	bool first = true;
	for (size_t len = strlen(s), i = 0; i < len;) {
		size_t start = i, width = 0;
		bool space = s[i] == ' ';
		while (i < len && s[i] == ' ')
			start = ++i;
		while (i < len && s[i] != ' ') {
			uint32_t cp;
			size_t n = utf8_decode(s + i, len - i, &cp);
			if (cp_is_cjk(cp) && i > start)
				break;
			i += n;
			width += cp_is_cjk(cp) ? 2 : 1;
			if (cp_is_cjk(cp))
				break;
		}
		if (!first && at + space + width > COLUMNS) {
			buf_putc(out, '\n');
			put_spaces(out, indent);
			at = indent;
		} else if (space && !first) {
			buf_putc(out, ' ');
			at++;
		}
		buf_append(out, s + start, i - start);
		at += width;
		first = false;
	}
	buf_putc(out, '\n');
}

static void put_fact(struct buf *out, const char *label, const char *value)
{
	if (!value)
		return;
	buf_puts(out, label);
	put_spaces(out, LABEL - strlen(label));
	put_wrapped(out, value, LABEL, LABEL);
}

static void put_list(struct buf *out, const char *label, const struct info_strings *list,
		     const char *between)
{
	struct buf line = BUF_INIT;
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_puts(&line, between);
		buf_puts(&line, list->items[i]);
	}
	if (list->count > 0)
		put_fact(out, label, line.data);
	buf_end(&line, &out->failed);
}

static void put_person(struct buf *out, const char *label, const struct info_person *person)
{
	struct buf line = BUF_INIT;
	buf_puts(&line, person->name);
	if (person->role && strcmp(person->role, "aut") != 0)
		buf_printf(&line, " (%s)", person->role);
	if (person->file_as && strcmp(person->file_as, person->name) != 0)
		buf_printf(&line, " [%s]", person->file_as);
	put_fact(out, label, line.data);
	put_fact(out, "", person->bio);
	put_fact(out, "", person->url);
	buf_end(&line, &out->failed);
}

static void put_metadata(struct buf *out, const struct info_facts *f)
{
	struct buf line = BUF_INIT;
	put_fact(out, "Title", f->title);
	put_fact(out, "Subtitle", f->subtitle);
	for (size_t i = 0; i < f->authors.count; i++)
		put_person(out, "Author", &f->authors.items[i]);
	for (size_t i = 0; i < f->contributors.count; i++)
		put_person(out, "Contributor", &f->contributors.items[i]);
	put_list(out, "Language", &f->languages, ", ");
	put_fact(out, "Published", f->published);
	put_fact(out, "Modified", f->modified);
	put_fact(out, "Publisher", f->publisher);
	put_fact(out, "Description", f->description);
	put_list(out, "Subjects", &f->subjects, ", ");
	if (f->series) {
		buf_puts(&line, f->series);
		if (f->series_position)
			buf_printf(&line, ", %s", f->series_position);
		put_fact(out,
			 f->series_type && strcmp(f->series_type, "set") == 0 ? "Set" : "Series",
			 line.data);
	}
	put_fact(out, "Rights", f->rights);
	for (size_t i = 0; i < f->identifiers.count; i++) {
		const struct info_identifier *id = &f->identifiers.items[i];
		buf_truncate(&line, 0);
		buf_puts(&line, id->value);
		if (id->scheme)
			buf_printf(&line, " (%s)", id->scheme);
		put_fact(out, "Identifier", line.data);
	}
	put_list(out, "Source", &f->sources, ", ");
	buf_end(&line, &out->failed);
}

static void put_contents(struct buf *out, const struct info_facts *f)
{
	if (f->contents.count == 0)
		return;
	buf_puts(out, "\nContents\n");
	for (size_t i = 0; i < f->contents.count; i++) {
		const struct info_entry *e = &f->contents.items[i];
		size_t indent = 2 * (size_t)(e->depth > 0 ? e->depth < 20 ? e->depth : 20 : 1);
		put_spaces(out, indent);
		put_wrapped(out, e->title ? e->title : "-", indent, indent + 2);
	}
}

static void put_picture_line(struct buf *out, const char *label, const char *value)
{
	if (!value)
		return;
	buf_printf(out, "    %s", label);
	put_wrapped(out, value, 4 + strlen(label), 6);
}

static void put_pictures(struct buf *out, const struct info_facts *f)
{
	if (f->pictures.count == 0)
		return;
	buf_puts(out, "\nPictures\n");
	for (size_t i = 0; i < f->pictures.count; i++) {
		const struct info_picture *p = &f->pictures.items[i];
		if (p->file) {
			buf_printf(out, "  %s: %s", p->file, p->media_type ? p->media_type : "");
			if (p->width && p->height)
				buf_printf(out, ", %u x %u", p->width, p->height);
			buf_printf(out, ", %zu KB%s\n", (p->size + 1023) / 1024,
				   p->cover ? ", cover" : "");
		} else {
			buf_printf(out, "  no picture, at %s\n", p->place ? p->place : "?");
		}
		put_picture_line(out, "Caption: ", p->caption);
		put_picture_line(out, "Credit: ", p->credit);
		put_picture_line(out, "Copyright: ", p->copyright);
		put_picture_line(out, "Alt: ", p->alt);
		put_picture_line(out, "Description: ", p->description);
	}
}

static void put_part(struct buf *line, const char *name, const struct info_strings *list)
{
	if (list->count == 0)
		return;
	if (line->len > 0)
		buf_puts(line, "; ");
	buf_puts(line, name);
	for (size_t i = 0; i < list->count; i++)
		buf_printf(line, "%s%s", i > 0 ? ", " : " ", list->items[i]);
}

static void put_accessibility(struct buf *out, const struct info_facts *f)
{
	struct buf line = BUF_INIT;
	put_part(&line, "modes", &f->modes);
	put_part(&line, "enough", &f->sufficient);
	put_part(&line, "features", &f->features);
	put_part(&line, "hazards", &f->hazards);
	if (line.len > 0 || f->summary || f->conforms_to)
		buf_putc(out, '\n');
	if (line.len > 0)
		put_fact(out, "Accessibility", line.data);
	put_fact(out, line.len > 0 ? "" : "Accessibility", f->summary);
	put_fact(out, "Conforms to", f->conforms_to);
	put_fact(out, "Certified by", f->certified_by);
	buf_end(&line, &out->failed);
}

static void info_put_text(struct buf *out, const struct info_facts *f)
{
	put_metadata(out, f);
	put_contents(out, f);
	put_pictures(out, f);
	put_accessibility(out, f);
	buf_printf(out, "\nEPUB %s, %zu %s, %zu %s\n", f->version ? f->version : "?", f->pages,
		   plural(f->pages, "page", "pages"), f->files, plural(f->files, "file", "files"));
}

/* --- JSON --- */

static void put_string_list(struct json *j, const char *key, const struct info_strings *list)
{
	json_open_line(j, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_put(j, NULL, list->items[i]);
	json_close(j);
}

static void put_people_list(struct json *j, const char *key, const struct info_people *people)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < people->count; i++) {
		const struct info_person *p = &people->items[i];
		json_open_line(j, NULL, '{');
		json_put(j, "name", p->name);
		json_put(j, "role", p->role);
		json_put(j, "file_as", p->file_as);
		json_put(j, "bio", p->bio);
		json_put(j, "url", p->url);
		json_close(j);
	}
	json_close(j);
}

static void put_identifiers(struct json *j, const struct info_facts *f)
{
	json_open(j, "identifiers", '[');
	for (size_t i = 0; i < f->identifiers.count; i++) {
		const struct info_identifier *id = &f->identifiers.items[i];
		json_open_line(j, NULL, '{');
		json_put(j, "value", id->value);
		json_put(j, "scheme", id->scheme);
		json_put_bool(j, "unique", id->unique);
		json_close(j);
	}
	json_close(j);
}

/* The list of entries with their depths as a tree: `open` counts the lists that are open. An entry
 * is never more than one level below the one before it, whatever the book says. */
static void put_contents_tree(struct json *j, const struct info_facts *f)
{
	enum { MAX_OPEN = (JSON_MAX_DEPTH - 8) / 2 };
	int open = 0;
	json_open(j, "contents", '[');
	for (size_t i = 0; i < f->contents.count; i++) {
		const struct info_entry *e = &f->contents.items[i];
		int depth = e->depth < 1 ? 1 : e->depth > MAX_OPEN ? MAX_OPEN : e->depth;
		if (depth > open + 1)
			depth = open + 1;
		for (; open >= depth; open--) {
			json_close(j);
			json_close(j);
		}
		open = depth;
		json_open(j, NULL, '{');
		json_put(j, "title", e->title);
		json_put(j, "href", e->href);
		json_open(j, "children", '[');
	}
	for (; open > 0; open--) {
		json_close(j);
		json_close(j);
	}
	json_close(j);
}

static void put_known_number(struct json *j, const char *key, size_t n, bool known)
{
	if (known)
		json_put_number(j, key, n);
	else
		json_put(j, key, NULL);
}

static void put_picture_list(struct json *j, const struct info_facts *f)
{
	json_open(j, "pictures", '[');
	for (size_t i = 0; i < f->pictures.count; i++) {
		const struct info_picture *p = &f->pictures.items[i];
		json_open_line(j, NULL, '{');
		json_put(j, "file", p->file);
		json_put(j, "media_type", p->media_type);
		put_known_number(j, "size", p->size, p->file);
		put_known_number(j, "width", p->width, p->width);
		put_known_number(j, "height", p->height, p->height);
		json_put_bool(j, "cover", p->cover);
		json_put(j, "place", p->place);
		json_put(j, "caption", p->caption);
		json_put(j, "credit", p->credit);
		json_put(j, "copyright", p->copyright);
		json_put(j, "alt", p->alt);
		json_put(j, "description", p->description);
		json_close(j);
	}
	json_close(j);
}

static void put_series(struct json *j, const struct info_facts *f)
{
	if (!f->series) {
		json_put(j, "series", NULL);
		return;
	}
	json_open_line(j, "series", '{');
	json_put(j, "name", f->series);
	json_put(j, "type", f->series_type);
	json_put(j, "position", f->series_position);
	json_close(j);
}

static void info_put_json(struct buf *out, const struct info_facts *f)
{
	struct json j = {.out = out};
	json_open(&j, NULL, '{');
	json_put(&j, "version", f->version);
	json_put(&j, "title", f->title);
	json_put(&j, "subtitle", f->subtitle);
	put_people_list(&j, "authors", &f->authors);
	put_people_list(&j, "contributors", &f->contributors);
	put_string_list(&j, "languages", &f->languages);
	json_put(&j, "published", f->published);
	json_put(&j, "modified", f->modified);
	json_put(&j, "publisher", f->publisher);
	json_put(&j, "description", f->description);
	json_put(&j, "rights", f->rights);
	put_string_list(&j, "subjects", &f->subjects);
	put_string_list(&j, "sources", &f->sources);
	put_series(&j, f);
	put_identifiers(&j, f);
	put_contents_tree(&j, f);
	put_picture_list(&j, f);
	json_open(&j, "accessibility", '{');
	put_string_list(&j, "modes", &f->modes);
	put_string_list(&j, "sufficient", &f->sufficient);
	put_string_list(&j, "features", &f->features);
	put_string_list(&j, "hazards", &f->hazards);
	json_put(&j, "summary", f->summary);
	json_put(&j, "conforms_to", f->conforms_to);
	json_put(&j, "certified_by", f->certified_by);
	json_close(&j);
	json_put_number(&j, "pages", f->pages);
	json_put_number(&j, "files", f->files);
	json_close(&j);
	buf_putc(out, '\n');
}

int info_put(const struct package *p, enum chapbook_info_format format, struct buf *out,
	     struct chapbook_error *err)
{
	struct info_facts facts;
	int rc = info_collect(&facts, p, err);
	if (rc == 0) {
		if (format == CHAPBOOK_INFO_JSON)
			info_put_json(out, &facts);
		else
			info_put_text(out, &facts);
		if (out->failed)
			rc = error_memory(err);
	}
	arena_release(&facts.arena);
	return rc;
}
