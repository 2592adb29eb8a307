#include "source/rows.h"

#include "source/plain.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- Names --- */

static char fold_letter(char c)
{
	return c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

bool row_is_name(const struct cell *name, const char *text, size_t len)
{
	utf8_trim(&text, &len);
	if (name->len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (fold_letter(name->s[i]) != fold_letter(text[i]))
			return false;
	return true;
}

/* Whether one of "a|b" is there. */
static bool has_any(struct cell names, row_has_fn *has, void *ctx)
{
	struct cell name;
	while (cell_item(&names, '|', &name))
		if (has(ctx, &name))
			return true;
	return false;
}

static bool has_signature(struct cell signature, row_has_fn *has, void *ctx)
{
	struct cell names;
	while (cell_item(&signature, ',', &names))
		if (!has_any(names, has, ctx))
			return false;
	return true;
}

bool row_find(struct source_row *row, const char *kind, row_has_fn *has, void *ctx)
{
	struct tsv table = tsv_open("assets/sources.tsv");
	while (tsv_next(&table, row->cells, ROW_FIELD_COUNT))
		if (cell_is(&row->cells[ROW_KIND], kind) &&
		    has_signature(row->cells[ROW_SIGNATURE], has, ctx))
			return true;
	return false;
}

bool row_of_name(struct source_row *row, const char *kind, const char *name)
{
	struct tsv table = tsv_open("assets/sources.tsv");
	while (tsv_next(&table, row->cells, ROW_FIELD_COUNT))
		if (cell_is(&row->cells[ROW_KIND], kind) && cell_is(&row->cells[ROW_NAME], name))
			return true;
	return false;
}

bool row_copy_name(const struct source_row *row, char *name, size_t size)
{
	snprintf(name, size, "%.*s", (int)row->cells[ROW_NAME].len, row->cells[ROW_NAME].s);
	return true;
}

/* --- Values --- */

/* A field's cell: which values it is taken from, and what is behind the space. */
struct choice {
	struct cell name;
	struct cell word;  /* of "a=word" */
	struct cell among; /* of "a[b,c]" */
	bool is_excluded;  /* of "a[!b,c]" */
};

static struct cell option_of(struct cell *cell)
{
	static const char *const words[] = {"|", "comma", "space", "list", "webkit"};
	const char *space = cell->len ? memrchr(cell->s, ' ', cell->len) : NULL;
	struct cell option = {"", 0};
	if (!space)
		return option;
	struct cell last = {space + 1, (size_t)(cell->s + cell->len - space - 1)};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (cell_is(&last, words[i]))
			option = last;
	if (option.len)
		cell->len = (size_t)(space - cell->s);
	return option;
}

/* Cut `cell` at `c`: what is behind it. */
static bool cut_cell(struct cell *cell, char c, struct cell *behind)
{
	const char *at = cell->len ? memchr(cell->s, c, cell->len) : NULL;
	if (!at)
		return false;
	*behind = (struct cell){at + 1, (size_t)(cell->s + cell->len - at - 1)};
	cell->len = (size_t)(at - cell->s);
	return true;
}

static struct choice parse_choice(struct cell item)
{
	struct choice choice = {0};
	if (cut_cell(&item, '[', &choice.among)) {
		choice.among.len -= choice.among.len > 0;
		choice.is_excluded = choice.among.len && choice.among.s[0] == '!';
		choice.among.s += choice.is_excluded;
		choice.among.len -= choice.is_excluded;
	} else {
		cut_cell(&item, '=', &choice.word);
	}
	choice.name = item;
	return choice;
}

static bool is_true(const struct row_value *value)
{
	static const char *const words[] = {"true", "1", "yes", "t", "y"};
	const char *s = value->text ? value->text : json_string_value(value->json);
	if (!s)
		return json_is_true(value->json) ||
		       (json_is_integer(value->json) && json_integer_value(value->json) != 0);
	size_t len = value->text ? value->len : json_string_length(value->json);
	utf8_trim(&s, &len);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == len && strncasecmp(words[i], s, len) == 0)
			return true;
	return false;
}

static bool is_among(struct cell list, const struct row_value *value)
{
	const char *s = value->text;
	size_t len = value->len;
	struct cell word;
	utf8_trim(&s, &len);
	while (cell_item(&list, ',', &word))
		if (word.len == len && strncasecmp(word.s, s, len) == 0)
			return true;
	return false;
}

/* Scalars of JSON as text; lists and objects are left. */
static void make_scalar(struct row_value *value, struct item_builder *b)
{
	const json_t *json = value->json;
	if (value->text || !json)
		return;
	if (json_is_string(json)) {
		value->text = json_string_value(json);
		value->len = json_string_length(json);
	} else if (json_is_number(json)) {
		value->text = json_is_integer(json)
				      ? arena_printf(&b->arena, "%lld", json_integer_value(json))
				      : arena_printf(&b->arena, "%.0f", json_real_value(json));
		value->len = value->text ? strlen(value->text) : 0;
	}
}

static bool is_empty_value(const struct row_value *value)
{
	const char *s = value->text;
	size_t len = value->len;
	if (!s)
		return !json_is_array(value->json) && !json_is_object(value->json);
	utf8_trim(&s, &len);
	return len == 0;
}

/* The value that a choice gives. */
static bool choose_value(const struct choice *choice, const struct row_record *record,
			 struct row_value *value, struct item_builder *b)
{
	*value = (struct row_value){0};
	if (!record->get(record->ctx, choice->name.s, choice->name.len, value))
		return false;
	make_scalar(value, b);
	if (choice->word.len) {
		bool holds = is_true(value);
		*value = (struct row_value){choice->word.s, choice->word.len, NULL};
		return holds;
	}
	if (is_empty_value(value))
		return false;
	return !choice->among.len || !value->text ||
	       is_among(choice->among, value) != choice->is_excluded;
}

/* The value of a field, and its option. */
static bool find_value(const struct source_row *row, enum row_field field,
		       const struct row_record *record, struct row_value *value,
		       struct item_builder *b)
{
	struct cell cell = row->cells[field], item;
	option_of(&cell);
	while (cell_item(&cell, ';', &item)) {
		struct choice choice = parse_choice(item);
		if (choose_value(&choice, record, value, b))
			return true;
	}
	return false;
}

bool row_uses(const struct source_row *row, const char *name)
{
	size_t len = strlen(name);
	for (int field = ROW_ID; field < ROW_FIELD_COUNT; field++) {
		struct cell cell = row->cells[field], item, behind;
		option_of(&cell);
		if (field == ROW_HIGHLIGHTS || field == ROW_CONTENT)
			cut_cell(&cell, ' ', &behind);
		while (cell_item(&cell, ';', &item)) {
			struct choice choice = parse_choice(item);
			cut_cell(&choice.name, '.', &behind);
			if (choice.name.len == len && memcmp(choice.name.s, name, len) == 0)
				return true;
		}
	}
	return false;
}

static char separator_of(const struct source_row *row)
{
	struct cell cell = row->cells[ROW_TAGS];
	struct cell option = option_of(&cell);
	return cell_is(&option, "space")   ? ' '
	       : cell_is(&option, "comma") ? ','
	       : cell_is(&option, "list")  ? 'l'
	       : option.len                ? option.s[0]
					   : ',';
}

const char *row_line(const struct source_row *row, enum row_field field,
		     const struct row_record *record, struct item_builder *b)
{
	struct row_value value;
	return find_value(row, field, record, &value, b) && value.text
		       ? item_line(b, value.text, value.len)
		       : NULL;
}

static const char *row_text(const struct source_row *row, enum row_field field,
			    const struct row_record *record, struct item_builder *b)
{
	struct row_value value;
	return find_value(row, field, record, &value, b) && value.text
		       ? item_text(b, value.text, value.len)
		       : NULL;
}

static const char *row_date(const struct source_row *row, enum row_field field,
			    const struct row_record *record, struct item_builder *b)
{
	struct row_value value;
	struct cell cell = row->cells[field], option = option_of(&cell);
	if (!find_value(row, field, record, &value, b) || !value.text)
		return NULL;
	return item_date(b, value.text, value.len,
			 cell_is(&option, "webkit") ? SOURCE_TIME_WEBKIT : SOURCE_TIME_TEXT);
}

/* --- Lists of values --- */

/* A string, or the name of an object: {"name": "ice"}. */
static const char *json_word(const json_t *json)
{
	static const char *const names[] = {"name", "tag", "title", "label"};
	const char *word = json_string_value(json);
	for (size_t i = 0; !word && i < sizeof names / sizeof *names; i++)
		word = json_string_value(json_object_get(json, names[i]));
	return word;
}

static void add_json_words(struct item_builder *b, const json_t *json,
			   void (*add)(struct item_builder *b, const char *text, size_t len))
{
	for (size_t i = 0; i < json_array_size(json); i++) {
		const char *word = json_word(json_array_get(json, i));
		if (word)
			add(b, word, strlen(word));
	}
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		const char *word = json_word(value);
		add(b, word ? word : key, strlen(word ? word : key));
	}
}

static void read_tags(const struct source_row *row, const struct row_record *record,
		      struct item_builder *b)
{
	struct row_value value;
	if (!find_value(row, ROW_TAGS, record, &value, b))
		return;
	if (value.text)
		item_add_tags(b, value.text, value.len, separator_of(row));
	else
		add_json_words(b, value.json, item_add_tag);
}

static void read_authors(const struct source_row *row, const struct row_record *record,
			 struct item_builder *b)
{
	struct row_value value;
	if (!find_value(row, ROW_AUTHORS, record, &value, b))
		return;
	if (value.text)
		item_add_author(b, value.text, value.len);
	else
		add_json_words(b, value.json, item_add_author);
}

static const char *member_text(struct item_builder *b, const json_t *object,
			       const struct cell *name)
{
	const json_t *value = name->len ? json_object_getn(object, name->s, name->len) : NULL;
	return json_is_string(value)
		       ? item_text(b, json_string_value(value), json_string_length(value))
		       : NULL;
}

/* Lines that begin with "Highlight:" and "Note:", or are highlights themselves. */
static void read_highlight_lines(struct item_builder *b, const char *text, size_t len)
{
	const char *end = text + len, *mark = NULL;
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		const char *stop = eol ? eol : end;
		size_t n = (size_t)(stop - text);
		if (n > 5 && strncasecmp(text, "Note:", 5) == 0 && mark) {
			item_add_highlight(b, mark, item_text(b, text + 5, n - 5));
			mark = NULL;
		} else {
			item_add_highlight(b, mark, NULL);
			bool named = n > 10 && strncasecmp(text, "Highlight:", 10) == 0;
			mark = item_text(b, text + (named ? 10 : 0), n - (named ? 10 : 0));
		}
		text = stop + 1;
	}
	item_add_highlight(b, mark, NULL);
}

/* The cell has the names of three members: of the list, of a text in it, of a note. */
static void read_highlights(const struct source_row *row, const struct row_record *record,
			    struct item_builder *b)
{
	struct cell cell = row->cells[ROW_HIGHLIGHTS], name, text = {"", 0}, note = {"", 0};
	struct row_value value = {0};
	if (!cell_item(&cell, ' ', &name) || !record->get(record->ctx, name.s, name.len, &value))
		return;
	cell_item(&cell, ' ', &text);
	cell_item(&cell, ' ', &note);
	make_scalar(&value, b);
	if (value.text) {
		read_highlight_lines(b, value.text, value.len);
		return;
	}
	for (size_t i = 0; i < json_array_size(value.json); i++) {
		const json_t *one = json_array_get(value.json, i);
		if (json_is_string(one))
			item_add_highlight(
				b, item_text(b, json_string_value(one), json_string_length(one)),
				NULL);
		else
			item_add_highlight(b, member_text(b, one, &text),
					   member_text(b, one, &note));
	}
}

/* A text as short as this is a teaser, or the notice of a service that could not load the page. */
enum { MIN_ROW_CONTENT = 1000 };

/* The cell has names with media types: the first that has a value. */
static void read_content(const struct source_row *row, const struct row_record *record,
			 struct item_builder *b)
{
	struct cell cell = row->cells[ROW_CONTENT], choice, name, type;
	struct chapbook_item *item = &b->item;
	while (!item->content && cell_item(&cell, ';', &choice)) {
		struct row_value value = {0};
		if (!cell_item(&choice, ' ', &name) || !cell_item(&choice, ' ', &type) ||
		    !record->get(record->ctx, name.s, name.len, &value))
			continue;
		make_scalar(&value, b);
		item->content = value.text ? item_text(b, value.text, value.len) : NULL;
		if (item->content)
			item->content_type = arena_dupn(&b->arena, type.s, type.len);
	}
	if (!item->content)
		return;
	item->content_size = strlen(item->content);
	struct buf plain = BUF_INIT;
	plain_put_html(&plain, item->content, item->content_size);
	buf_fold_space(&plain, 0);
	item->is_partial = item->url && utf8_length(plain.data, plain.len) < MIN_ROW_CONTENT;
	b->arena.failed |= plain.failed;
	buf_release(&plain);
}

bool row_read(const struct source_row *row, const struct row_record *record, struct item_builder *b)
{
	struct chapbook_item *item = &b->item;
	struct row_value url;
	if (find_value(row, ROW_URL, record, &url, b) && url.text &&
	    !item_set_url(b, url.text, url.len, record->base))
		return false;
	item->title = row_line(row, ROW_TITLE, record, b);
	read_content(row, record, b);
	if (!item->url && !item->content)
		return false;
	item->id = row_line(row, ROW_ID, record, b);
	const char *folder = row_line(row, ROW_FOLDER, record, b);
	item->folder = folder ? folder : item->folder;
	item->state = row_line(row, ROW_STATE, record, b);
	item->note = row_text(row, ROW_NOTE, record, b);
	item->summary = row_line(row, ROW_SUMMARY, record, b);
	item->saved = row_date(row, ROW_SAVED, record, b);
	item->published = row_date(row, ROW_PUBLISHED, record, b);
	read_tags(row, record, b);
	read_authors(row, record, b);
	read_highlights(row, record, b);
	return true;
}
