#include "read/metadata.h"

#include "article/language_tag.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "base/utf8.h"
#include "read/markdown.h"
#include "read/yaml.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { MOST_YAML = 1000 * 1000, MOST_AUTHORS = 10000 };

/* What became of a key and its value. */
enum outcome { SET, NO_SUCH_KEY, BAD_VALUE };

/* --- Values --- */

static enum outcome set_date(struct article *a, char **field, const char *value)
{
	if (!*value)
		return SET;
	char *date = date_parse(&a->arena, value, strlen(value));
	if (!date && !a->arena.failed)
		return BAD_VALUE;
	if (!*field)
		*field = date;
	return SET;
}

static enum outcome set_language(struct article *a, const char *value)
{
	char *tag = arena_dup(&a->arena, value);
	for (char *s = tag; s && *s; s++)
		if (*s == '_') /* as locales are written: en_GB */
			*s = '-';
	if (tag && !language_tag_is_valid(tag))
		return BAD_VALUE;
	article_fill(a, &a->language, tag, SIZE_MAX);
	return SET;
}

static enum outcome set_direction(struct article *a, const char *value)
{
	enum direction direction = strcmp(value, "ltr") == 0   ? DIR_LTR
				   : strcmp(value, "rtl") == 0 ? DIR_RTL
							       : DIR_UNKNOWN;
	if (direction == DIR_UNKNOWN && strcmp(value, "auto") != 0 && strcmp(value, "default") != 0)
		return BAD_VALUE;
	if (a->direction == DIR_UNKNOWN)
		a->direction = direction;
	return SET;
}

static enum outcome set_writing_mode(struct article *a, const char *value)
{
	if (strcmp(value, "vertical-rl") != 0 && strcmp(value, "horizontal-tb") != 0)
		return BAD_VALUE;
	a->vertical |= value[0] == 'v';
	return SET;
}

static enum outcome set_position(struct article *a, const char *value)
{
	/* group-position: numbers with full stops between (EPUB 3.3, appendix D.3.5) */
	for (const char *s = value; *s;) {
		size_t digits = strspn(s, "0123456789");
		if (digits == 0 || (s[digits] && s[digits] != '.'))
			return BAD_VALUE;
		s += digits;
		if (*s == '.' && !*++s)
			return BAD_VALUE;
	}
	article_fill(a, &a->series.position, value, SIZE_MAX);
	return SET;
}

static enum outcome set_collection_type(struct article *a, const char *value)
{
	if (strcmp(value, "series") != 0 && strcmp(value, "set") != 0)
		return BAD_VALUE;
	article_fill(a, &a->series.type, value, SIZE_MAX);
	return SET;
}

static void add_string(struct article *a, struct string_list *list, const char *value, size_t len)
{
	char *copy = NULL;
	if (!article_fill(a, &copy, value, len))
		return;
	for (size_t i = 0; i < list->count && i < 1000; i++)
		if (strcmp(list->items[i], copy) == 0)
			return;
	char **slot = ARENA_PUSH(&a->arena, *list);
	if (slot)
		*slot = copy;
}

static void add_words(struct article *a, struct string_list *list, const char *value)
{
	while (*value) {
		size_t len = strcspn(value, ",;");
		add_string(a, list, value, len);
		value += len + (value[len] != '\0');
	}
}

/* The package document and the NCX must say the same: readers fold white space in one of them. */
static void add_identifier(struct article *a, const char *scheme, const char *value)
{
	struct identifier id = {0};
	struct buf folded = BUF_INIT;
	utf8_clean(&folded, value, strlen(value));
	buf_fold_space(&folded, 0);
	a->arena.failed |= folded.failed;
	bool there = article_fill(a, &id.value, folded.data, folded.len);
	buf_release(&folded);
	if (!there)
		return;
	article_fill(a, &id.scheme, scheme, SIZE_MAX);
	struct identifier *slot = ARENA_PUSH(&a->arena, a->identifiers);
	if (slot)
		*slot = id;
}

/* MARC relator codes by the words that pandoc knows them by, and some more. */
static const char *find_role(const char *word)
{
	static const struct {
		const char *word, *code;
	} roles[] = {
		{"author", "aut"},      {"editor", "edt"},       {"translator", "trl"},
		{"illustrator", "ill"}, {"photographer", "pht"}, {"contributor", "ctb"},
		{"compiler", "com"},    {"reporter", "rpt"},     {"journalist", "jrn"},
		{"narrator", "nrt"},    {"publisher", "pbl"},    {"interviewer", "ivr"},
		{"interviewee", "ive"}, {"commentator", "cmm"},  {"reviewer", "rev"},
		{"designer", "dsr"},    {"artist", "art"},       {"creator", "cre"},
		{"proofreader", "pfr"}, {"annotator", "ann"},    {"producer", "pro"},
		{"researcher", "res"},  {"adapter", "adp"},      {"correspondent", "crp"},
	};
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strcasecmp(word, roles[i].word) == 0)
			return roles[i].code;
	return strlen(word) == 3 && strspn(word, "abcdefghijklmnopqrstuvwxyz") == 3 ? word : NULL;
}

static enum outcome set_role(struct article *a, struct author *author, const char *value)
{
	const char *code = find_role(value);
	if (code && author)
		article_fill(a, &author->role, code, SIZE_MAX);
	return code ? SET : BAD_VALUE;
}

/* The author that `bio` and the like are about: the last, or one whose name is yet to come. */
static struct author *last_author(struct article *a)
{
	if (a->authors.count)
		return &a->authors.items[a->authors.count - 1];
	return ARENA_PUSH(&a->arena, a->authors);
}

/* --- Keys whose value is a string --- */

static enum outcome set_author_key(struct article *a, const char *key, const char *value)
{
	static const char *const keys[] = {"bio", "author-sort", "author-role", "author-url", NULL};
	const char *const *known = keys;
	while (*known && strcmp(key, *known) != 0)
		known++;
	if (strcmp(key, "author") == 0 || strcmp(key, "creator") == 0 ||
	    strcmp(key, "contributor") == 0) {
		if (a->authors.count >= MOST_AUTHORS)
			return BAD_VALUE;
		struct author *author = *value ? article_author(a, value) : NULL;
		return key[1] == 'o' && author ? set_role(a, author, "ctb") : SET;
	}
	if (!*known)
		return NO_SUCH_KEY;
	struct author *author = last_author(a);
	if (!author)
		return SET; /* out of memory: the arena knows */
	if (strcmp(key, "author-role") == 0)
		return set_role(a, author, value);
	char **field = strcmp(key, "bio") == 0           ? &author->bio
		       : strcmp(key, "author-sort") == 0 ? &author->sort_name
							 : &author->url;
	article_fill(a, field, value, SIZE_MAX);
	return SET;
}

static enum outcome set_key(struct article *a, const char *key, const char *value)
{
	const struct {
		const char *key;
		char **field;
	} texts[] = {
		{"title", &a->title},           {"subtitle", &a->subtitle},
		{"standfirst", &a->standfirst}, {"publisher", &a->publisher},
		{"section", &a->section},       {"description", &a->description},
		{"abstract", &a->description},  {"rights", &a->rights},
		{"source", &a->source_url},     {"belongs-to-collection", &a->series.name},
		{"series", &a->series.name},    {"cover-image", &a->cover_ref},
	};
	const struct {
		const char *key;
		enum outcome (*set)(struct article *a, const char *value);
	} special[] = {
		{"lang", set_language},
		{"language", set_language},
		{"dir", set_direction},
		{"direction", set_direction},
		{"page-progression-direction", set_direction},
		{"writing-mode", set_writing_mode},
		{"group-position", set_position},
		{"series-index", set_position},
		{"collection-type", set_collection_type},
	};
	value += strspn(value, " \t\n");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(key, texts[i].key) == 0) {
			article_fill(a, texts[i].field, value, SIZE_MAX);
			return SET;
		}
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (strcmp(key, special[i].key) == 0)
			return *value ? special[i].set(a, value) : SET;
	if (strcmp(key, "date") == 0)
		return set_date(a, &a->published, value);
	if (strcmp(key, "modified") == 0)
		return set_date(a, &a->modified, value);
	if (strcmp(key, "subject") == 0)
		add_string(a, &a->subjects, value, SIZE_MAX);
	else if (strcmp(key, "keywords") == 0 || strcmp(key, "tags") == 0)
		add_words(a, &a->subjects, value);
	else if (strcmp(key, "identifier") == 0)
		add_identifier(a, NULL, value);
	else if (strcmp(key, "css") == 0)
		add_string(a, &a->css, value, SIZE_MAX);
	else
		return set_author_key(a, key, value);
	return SET;
}

int metadata_set(struct article *a, const char *key, const char *value, struct chapbook_error *err)
{
	switch (set_key(a, key, value)) {
	case SET:
		return 0;
	case BAD_VALUE:
		return error_set(err, CHAPBOOK_E_USAGE, "--%s: this cannot be its value: %.100s",
				 key, value);
	default:
		return -1;
	}
}

/* --- YAML --- */

struct reader {
	struct article *a;
	struct diag *diag;
	struct buf text; /* of the value being read, NUL-ended, as words */
	/* Lists that an earlier source filled are not added to. */
	bool authors_known, subjects_known, identifiers_known, css_known;
};

/* Markdown reduced to words. A full stop in front keeps the start of the text from being read as
 * a heading's, a list's or a table's, as it would at the start of a line. */
static void put_words(struct buf *out, const char *text, size_t len)
{
	if (!memchr(text, '*', len) && !memchr(text, '_', len) && !memchr(text, '`', len) &&
	    !memchr(text, '[', len) && !memchr(text, '\\', len) && !memchr(text, '<', len) &&
	    !memchr(text, '&', len) && !memchr(text, '~', len)) {
		buf_append(out, text, len);
		return;
	}
	struct buf line = BUF_INIT, words = BUF_INIT;
	buf_putc(&line, '.');
	buf_append(&line, text, len);
	markdown_put_plain(&words, line.data, line.len);
	buf_append(out, words.data + 1, words.len ? words.len - 1 : 0);
	out->failed |= line.failed || words.failed;
	buf_release(&line);
	buf_release(&words);
}

/* The words of a text, each paragraph on one line; paragraphs are parted by a blank line. */
static const char *words_of(struct reader *r, const char *text)
{
	struct buf paragraph = BUF_INIT;
	buf_truncate(&r->text, 0);
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		buf_truncate(&paragraph, 0);
		buf_append(&paragraph, text, len);
		buf_fold_space(&paragraph, 0);
		if (paragraph.len) {
			if (r->text.len)
				buf_puts(&r->text, "\n\n");
			put_words(&r->text, paragraph.data, paragraph.len);
		}
		text += len;
		text += strspn(text, "\n");
	}
	r->text.failed |= paragraph.failed;
	buf_release(&paragraph);
	return r->text.data;
}

static void tell_bad(struct reader *r, const struct yaml_value *v, const char *key)
{
	diag_add(r->diag, DIAG_METADATA_BAD, v->line, "\"%s\" cannot be this: left out", key);
}

/* Keys whose value is no prose: taken as it stands. */
static bool is_literal(const char *key)
{
	static const char *const keys[] = {"author-url",
					   "author-role",
					   "date",
					   "modified",
					   "lang",
					   "language",
					   "dir",
					   "direction",
					   "page-progression-direction",
					   "writing-mode",
					   "group-position",
					   "series-index",
					   "collection-type",
					   "source",
					   "identifier",
					   "cover-image",
					   "css",
					   NULL};
	const char *const *k = keys;
	while (*k && strcmp(*k, key) != 0)
		k++;
	return *k != NULL;
}

static void read_text_key(struct reader *r, const char *key, const struct yaml_value *v)
{
	if (v->kind != YAML_TEXT) {
		tell_bad(r, v, key);
		return;
	}
	if (!v->text)
		return;
	switch (set_key(r->a, key, is_literal(key) ? v->text : words_of(r, v->text))) {
	case SET:
		break;
	case BAD_VALUE:
		tell_bad(r, v, key);
		break;
	case NO_SUCH_KEY:
		diag_add(r->diag, DIAG_METADATA_UNKNOWN, v->line,
			 "\"%s\" means nothing to chapbook", key);
	}
}

/* "name" or pandoc's "text" of a map. */
static const struct yaml_value *text_of(const struct yaml_value *v)
{
	if (v->kind != YAML_MAP)
		return v;
	const struct yaml_value *name = yaml_find(v, "name");
	return name ? name : yaml_find(v, "text");
}

static void read_author_fields(struct reader *r, struct author *author,
			       const struct yaml_value *map)
{
	const struct {
		const char *key;
		char **field;
		bool prose;
	} fields[] = {
		{"bio", &author->bio, true},
		{"file-as", &author->sort_name, true},
		{"url", &author->url, false},
		{"portrait", &author->portrait, false},
	};
	for (const struct yaml_value *v = map->first; v; v = v->next) {
		size_t i = 0, count = sizeof fields / sizeof *fields;
		while (i < count && strcmp(v->key, fields[i].key) != 0)
			i++;
		if (strcmp(v->key, "name") == 0 || strcmp(v->key, "text") == 0)
			continue;
		if (v->kind == YAML_TEXT && v->text && i < count)
			article_fill(r->a, fields[i].field,
				     fields[i].prose ? words_of(r, v->text) : v->text, SIZE_MAX);
		else if (v->kind == YAML_TEXT && v->text && strcmp(v->key, "role") == 0) {
			if (set_role(r->a, author, v->text) != SET)
				tell_bad(r, v, v->key);
		} else if (i == count)
			diag_add(r->diag, DIAG_METADATA_UNKNOWN, v->line,
				 "\"%s\" of an author is not used", v->key);
	}
}

static void read_author(struct reader *r, const char *key, const struct yaml_value *v)
{
	struct article *a = r->a;
	const struct yaml_value *name = text_of(v);
	if (!name || name->kind != YAML_TEXT || !name->text || !*words_of(r, name->text)) {
		if (v->kind != YAML_TEXT || v->text)
			tell_bad(r, v, key);
		return;
	}
	struct author *author = NULL;
	if (r->authors_known) {
		/* The caller said who they are; what is said here of one of them is still news. */
		size_t count = a->authors.count;
		author = article_author(a, r->text.data);
		if (a->authors.count > count) {
			a->authors.count--;
			author = NULL;
		}
	} else if (a->authors.count < MOST_AUTHORS) {
		author = article_author(a, r->text.data);
	}
	if (author && strcmp(key, "contributor") == 0 && !yaml_find(v, "role"))
		set_role(a, author, "ctb");
	if (author && v->kind == YAML_MAP)
		read_author_fields(r, author, v);
}

static void read_title(struct reader *r, const struct yaml_value *v)
{
	if (v->kind != YAML_MAP) {
		read_text_key(r, "title", v);
		return;
	}
	const struct yaml_value *type = yaml_find(v, "type"), *text = text_of(v);
	if (!text)
		tell_bad(r, v, "title");
	else if (type && type->text && strcmp(type->text, "subtitle") == 0)
		read_text_key(r, "subtitle", text);
	else if (!type || !type->text || strcmp(type->text, "main") == 0)
		read_text_key(r, "title", text);
	else
		diag_add(r->diag, DIAG_METADATA_UNKNOWN, v->line,
			 "a title of this type is not used");
}

static void read_date(struct reader *r, const struct yaml_value *v)
{
	const struct yaml_value *event = yaml_find(v, "event"), *text = text_of(v);
	bool modified = event && event->text && strcmp(event->text, "modification") == 0;
	if (text)
		read_text_key(r, modified ? "modified" : "date", text);
	else
		tell_bad(r, v, "date");
}

static void read_identifier(struct reader *r, const struct yaml_value *v)
{
	const struct yaml_value *scheme = yaml_find(v, "scheme"), *text = text_of(v);
	if (r->identifiers_known)
		return;
	if (text && text->kind == YAML_TEXT && text->text)
		add_identifier(r->a, scheme && scheme->kind == YAML_TEXT ? scheme->text : NULL,
			       text->text);
	else
		tell_bad(r, v, "identifier");
}

/* One value of a key that may have several. */
static void read_item(struct reader *r, const char *key, const struct yaml_value *v)
{
	if (strcmp(key, "author") == 0 || strcmp(key, "creator") == 0 ||
	    strcmp(key, "contributor") == 0)
		read_author(r, key, v);
	else if (strcmp(key, "title") == 0)
		read_title(r, v);
	else if (strcmp(key, "date") == 0)
		read_date(r, v);
	else if (strcmp(key, "identifier") == 0)
		read_identifier(r, v);
	else if (strcmp(key, "css") == 0 && r->css_known)
		return;
	else if (strcmp(key, "subject") == 0 || strcmp(key, "keywords") == 0 ||
		 strcmp(key, "tags") == 0) {
		if (!r->subjects_known && text_of(v))
			read_text_key(r, key, text_of(v));
	} else
		read_text_key(r, key, v);
}

static bool may_be_many(const char *key)
{
	static const char *const keys[] = {"author",     "creator", "contributor", "title",
					   "date",       "subject", "keywords",    "tags",
					   "identifier", "css"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

int metadata_read_yaml(struct article *a, const char *yaml, size_t len, const char *where,
		       int first_line, struct diag *diag, struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct reader r = {.a = a,
			   .diag = diag,
			   .text = BUF_INIT,
			   .authors_known = article_has_author(a),
			   .subjects_known = a->subjects.count > 0,
			   .identifiers_known = a->identifiers.count > 0,
			   .css_known = a->css.count > 0};
	if (len > MOST_YAML)
		return error_set(err, CHAPBOOK_E_LIMIT, "%s: more than 1 MB of metadata", where);

	int result = -1;
	const struct yaml_value *root = yaml_parse_tree(&arena, yaml, len, where, first_line, err);
	if (!root)
		goto out;
	if (root->kind != YAML_MAP && (root->kind == YAML_LIST || root->text)) {
		error_set(err, CHAPBOOK_E_INPUT, "%s:%d: metadata: there are no keys in it", where,
			  root->line);
		goto out;
	}
	for (const struct yaml_value *v = root->first; v; v = v->next) {
		const struct yaml_value *item =
			v->kind == YAML_LIST && may_be_many(v->key) ? v->first : NULL;
		if (v->kind != YAML_LIST || !may_be_many(v->key))
			read_item(&r, v->key, v);
		for (; item; item = item->next)
			read_item(&r, v->key, item);
	}
	a->arena.failed |= r.text.failed;
	result = a->arena.failed ? error_memory(err) : 0;
out:
	buf_release(&r.text);
	arena_release(&arena);
	return result;
}

size_t metadata_front_matter(const char *text, size_t len)
{
	if (len < 4 || memcmp(text, "---", 3) != 0)
		return 0;
	const char *end = text + len, *line = memchr(text, '\n', len);
	if (!line || (size_t)(line - text) != 3 + strspn(text + 3, " \t"))
		return 0;
	/* pandoc: a blank line after it makes it a thematic break. So does a line without a colon.
	 */
	const char *first = ++line;
	bool looks_like_keys = false;
	while (line < end) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((eol ? eol : end) - line);
		size_t trimmed = n;
		while (trimmed && (line[trimmed - 1] == ' ' || line[trimmed - 1] == '\t'))
			trimmed--;
		if (line == first && trimmed == 0)
			return 0;
		if (trimmed == 3 && (memcmp(line, "---", 3) == 0 || memcmp(line, "...", 3) == 0))
			return looks_like_keys || line == first
				       ? (size_t)((eol ? eol + 1 : end) - text)
				       : 0;
		if (!looks_like_keys && trimmed && line[0] != '#') {
			if (!memchr(line, ':', trimmed))
				return 0;
			looks_like_keys = true;
		}
		line = eol ? eol + 1 : end;
	}
	return 0;
}
