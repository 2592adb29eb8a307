#include "info/info.h"

#include "base/error.h"
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
	out->failed |= line.failed;
	buf_release(&line);
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
	out->failed |= line.failed;
	buf_release(&line);
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
	out->failed |= line.failed;
	buf_release(&line);
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
	out->failed |= line.failed;
	buf_release(&line);
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

/* `indent` is in levels of two spaces. */
static void json_line(struct buf *out, bool first, int indent)
{
	buf_puts(out, first ? "\n" : ",\n");
	put_spaces(out, 2 * (size_t)indent);
}

static void json_string(struct buf *out, const char *s)
{
	if (!s) {
		buf_puts(out, "null");
		return;
	}
	buf_putc(out, '"');
	buf_put_json(out, s);
	buf_putc(out, '"');
}

static void json_pair(struct buf *out, const char *before, const char *key, const char *value)
{
	buf_printf(out, "%s\"%s\": ", before, key);
	json_string(out, value);
}

static void json_key(struct buf *out, bool first, int indent, const char *key)
{
	json_line(out, first, indent);
	buf_printf(out, "\"%s\": ", key);
}

static void json_strings(struct buf *out, int indent, const char *key,
			 const struct info_strings *list, bool first)
{
	json_key(out, first, indent, key);
	buf_putc(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		json_string(out, list->items[i]);
	}
	buf_putc(out, ']');
}

static void json_people(struct buf *out, const char *key, const struct info_people *people)
{
	json_key(out, false, 1, key);
	buf_putc(out, '[');
	for (size_t i = 0; i < people->count; i++) {
		const struct info_person *p = &people->items[i];
		json_line(out, i == 0, 2);
		json_pair(out, "{", "name", p->name);
		json_pair(out, ", ", "role", p->role);
		json_pair(out, ", ", "file_as", p->file_as);
		json_pair(out, ", ", "bio", p->bio);
		json_pair(out, ", ", "url", p->url);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

static void json_identifiers(struct buf *out, const struct info_facts *f)
{
	json_key(out, false, 1, "identifiers");
	buf_putc(out, '[');
	for (size_t i = 0; i < f->identifiers.count; i++) {
		const struct info_identifier *id = &f->identifiers.items[i];
		json_line(out, i == 0, 2);
		json_pair(out, "{", "value", id->value);
		json_pair(out, ", ", "scheme", id->scheme);
		buf_printf(out, ", \"unique\": %s}", id->unique ? "true" : "false");
	}
	buf_putc(out, ']');
}

/* The list of entries with their depths as a tree: `open` counts the lists that are open. An entry
 * is never more than one level below the one before it, whatever the book says. */
static void json_contents(struct buf *out, const struct info_facts *f)
{
	int open = 1;
	json_key(out, false, 1, "contents");
	buf_putc(out, '[');
	for (size_t i = 0; i < f->contents.count; i++) {
		const struct info_entry *e = &f->contents.items[i];
		int depth = e->depth < 1 ? 1 : e->depth;
		if (i == 0)
			depth = 1;
		else if (depth > open + 1)
			depth = open + 1;
		if (i > 0 && depth <= open) {
			for (; open > depth; open--)
				buf_puts(out, "]}");
			buf_puts(out, "]}");
		}
		json_line(out, i == 0 || depth > open, depth + 1);
		open = depth;
		json_pair(out, "{", "title", e->title);
		json_pair(out, ", ", "href", e->href);
		buf_puts(out, ", \"children\": [");
	}
	for (; f->contents.count > 0 && open > 0; open--)
		buf_puts(out, "]}");
	buf_putc(out, ']');
}

static void json_number(struct buf *out, const char *key, unsigned n)
{
	if (n > 0)
		buf_printf(out, ", \"%s\": %u", key, n);
	else
		buf_printf(out, ", \"%s\": null", key);
}

static void json_pictures(struct buf *out, const struct info_facts *f)
{
	json_key(out, false, 1, "pictures");
	buf_putc(out, '[');
	for (size_t i = 0; i < f->pictures.count; i++) {
		const struct info_picture *p = &f->pictures.items[i];
		json_line(out, i == 0, 2);
		json_pair(out, "{", "file", p->file);
		json_pair(out, ", ", "media_type", p->media_type);
		if (p->file)
			buf_printf(out, ", \"size\": %zu", p->size);
		else
			buf_puts(out, ", \"size\": null");
		json_number(out, "width", p->width);
		json_number(out, "height", p->height);
		buf_printf(out, ", \"cover\": %s", p->cover ? "true" : "false");
		json_pair(out, ", ", "place", p->place);
		json_pair(out, ", ", "caption", p->caption);
		json_pair(out, ", ", "credit", p->credit);
		json_pair(out, ", ", "copyright", p->copyright);
		json_pair(out, ", ", "alt", p->alt);
		json_pair(out, ", ", "description", p->description);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

static void json_value(struct buf *out, int indent, const char *key, const char *value)
{
	json_key(out, false, indent, key);
	json_string(out, value);
}

static void info_put_json(struct buf *out, const struct info_facts *f)
{
	buf_putc(out, '{');
	json_key(out, true, 1, "version");
	json_string(out, f->version);
	json_value(out, 1, "title", f->title);
	json_value(out, 1, "subtitle", f->subtitle);
	json_people(out, "authors", &f->authors);
	json_people(out, "contributors", &f->contributors);
	json_strings(out, 1, "languages", &f->languages, false);
	json_value(out, 1, "published", f->published);
	json_value(out, 1, "modified", f->modified);
	json_value(out, 1, "publisher", f->publisher);
	json_value(out, 1, "description", f->description);
	json_value(out, 1, "rights", f->rights);
	json_strings(out, 1, "subjects", &f->subjects, false);
	json_strings(out, 1, "sources", &f->sources, false);
	json_key(out, false, 1, "series");
	if (f->series) {
		json_pair(out, "{", "name", f->series);
		json_pair(out, ", ", "type", f->series_type);
		json_pair(out, ", ", "position", f->series_position);
		buf_putc(out, '}');
	} else {
		buf_puts(out, "null");
	}
	json_identifiers(out, f);
	json_contents(out, f);
	json_pictures(out, f);
	json_key(out, false, 1, "accessibility");
	buf_putc(out, '{');
	json_strings(out, 2, "modes", &f->modes, true);
	json_strings(out, 2, "sufficient", &f->sufficient, false);
	json_strings(out, 2, "features", &f->features, false);
	json_strings(out, 2, "hazards", &f->hazards, false);
	json_value(out, 2, "summary", f->summary);
	json_value(out, 2, "conforms_to", f->conforms_to);
	json_value(out, 2, "certified_by", f->certified_by);
	buf_putc(out, '}');
	buf_printf(out, ",\n  \"pages\": %zu,\n  \"files\": %zu\n}\n", f->pages, f->files);
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
