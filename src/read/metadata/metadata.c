#include "read/metadata/metadata.h"

#include "base/buf.h"
#include "base/error.h"
#include "read/markdown/markdown.h"
#include "read/metadata/front_matter.h"
#include "read/metadata/keys.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct reader {
	struct article *a;
	struct diag *diag;
	struct buf text; /* of the value being read, NUL-ended, as words */
	/* Lists that an earlier source filled are not added to. */
	bool authors_known, subjects_known, identifiers_known, css_known;
};

/* Markdown reduced to words. A full stop in front keeps the start of the text from being read as
 * a heading's, a list's or a table's, as it would at the start of a line. */
static void metadata_put_words(struct buf *out, const char *text, size_t len)
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
	buf_end(&line, &out->failed);
	buf_end(&words, &out->failed);
}

/* The words of a text, each paragraph on one line; paragraphs are separated by a blank line. */
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
			metadata_put_words(&r->text, paragraph.data, paragraph.len);
		}
		text += len;
		text += strspn(text, "\n");
	}
	buf_end(&paragraph, &r->text.failed);
	return r->text.data;
}

/* --- Reporting what is not used --- */

/* A list or a map where `key` has a text, or the other way round. */
static void report_form(struct reader *r, const struct metadata_value *v, const char *key)
{
	static const char *const forms[] = {"a text", "a list", "a map"};
	diag_add(r->diag, DIAG_METADATA_BAD, v->line, "\"%s\" cannot be %s here: ignored", key,
		 forms[v->kind]);
}

static void report_value(struct reader *r, const struct metadata_value *v, const char *name,
			 const struct metadata_key *key)
{
	bool kept = key->kind == KEY_IDENTIFIER;
	diag_add(r->diag, DIAG_METADATA_BAD, v->line, "\"%s\": \"%.100s\" is not %s%s", name,
		 v->text, key->wanted ? key->wanted : "usable", kept ? "" : ": ignored");
}

static void report_unknown(struct reader *r, const struct metadata_value *v)
{
	if (metadata_key_is_foreign(v->key))
		diag_add(r->diag, DIAG_METADATA_UNUSED, v->line, "\"%s\" has no use in a book",
			 v->key);
	else
		diag_add(r->diag, DIAG_METADATA_UNKNOWN, v->line,
			 "the key \"%s\" is not known: ignored", v->key);
}

/* --- Values --- */

static void metadata_read_text(struct reader *r, const char *name, const struct metadata_key *key,
			       const struct metadata_value *v)
{
	bool prose = key->kind == KEY_TEXT || key->kind == KEY_SUBJECT || key->kind == KEY_WORDS ||
		     (key->kind == KEY_OF_AUTHOR && strcmp(key->name, "author-url") != 0);
	if (v->kind != METADATA_TEXT)
		report_form(r, v, name);
	else if (v->text && metadata_key_set(r->a, key, prose ? words_of(r, v->text) : v->text) ==
				    METADATA_BAD_VALUE)
		report_value(r, v, name, key);
}

/* "name" or pandoc's "text" of a map. */
static const struct metadata_value *metadata_text_of(const struct metadata_value *v)
{
	if (v->kind != METADATA_MAP)
		return v;
	const struct metadata_value *name = metadata_find(v, "name");
	return name ? name : metadata_find(v, "text");
}

static bool is_text(const struct metadata_value *v)
{
	return v && v->kind == METADATA_TEXT && v->text;
}

/* --- Authors --- */

/* One text, or the texts of a list with commas between. */
static void read_affiliation(struct reader *r, struct author *author,
			     const struct metadata_value *v)
{
	struct buf all = BUF_INIT;
	const struct metadata_value *item = v->kind == METADATA_LIST ? v->first : v;
	for (; item; item = v->kind == METADATA_LIST ? item->next : NULL) {
		const struct metadata_value *text = metadata_text_of(item);
		if (!is_text(text))
			continue;
		if (all.len)
			buf_puts(&all, ", ");
		buf_puts(&all, words_of(r, text->text));
	}
	article_fill(r->a, &author->affiliation, all.data, all.len);
	buf_end(&all, &r->text.failed);
}

static void read_author_field(struct reader *r, struct author *author,
			      const struct metadata_value *v)
{
	const struct {
		const char *key;
		char **field;
		bool prose;
	} fields[] = {
		{"bio", &author->bio, true},           {"biography", &author->bio, true},
		{"description", &author->bio, true},   {"about", &author->bio, true},
		{"file-as", &author->sort_name, true}, {"url", &author->url, false},
		{"website", &author->url, false},      {"link", &author->url, false},
		{"homepage", &author->url, false},     {"portrait", &author->portrait, false},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (strcasecmp(v->key, fields[i].key) != 0)
			continue;
		if (v->kind != METADATA_TEXT)
			report_form(r, v, v->key);
		else if (v->text)
			article_fill(r->a, fields[i].field,
				     fields[i].prose ? words_of(r, v->text) : v->text, SIZE_MAX);
		return;
	}
	diag_add(r->diag, DIAG_METADATA_UNKNOWN, v->line,
		 "\"%s\" of an author is not known: ignored", v->key);
}

static void read_author_fields(struct reader *r, struct author *author,
			       const struct metadata_value *map)
{
	static const char *const names[] = {"name", "text", "given", "family", "role"};
	for (const struct metadata_value *v = map->first; v; v = v->next) {
		size_t i = 0;
		while (i < sizeof names / sizeof *names && strcasecmp(v->key, names[i]) != 0)
			i++;
		if (i < sizeof names / sizeof *names)
			continue;
		if (strcasecmp(v->key, "affiliation") == 0)
			read_affiliation(r, author, v);
		else
			read_author_field(r, author, v);
	}
}

/* The name in a text or a map, in r->text: "name", "text", or "given" and "family". */
static bool read_name(struct reader *r, const struct metadata_value *v)
{
	const struct metadata_value *name = metadata_text_of(v);
	if (name && name->kind == METADATA_MAP)
		v = name;
	const struct metadata_value *given = metadata_find(v, "given");
	const struct metadata_value *family = metadata_find(v, "family");
	if (is_text(name))
		return *words_of(r, name->text);
	if (!is_text(family) && !is_text(given))
		return false;
	struct buf whole = BUF_INIT;
	buf_printf(&whole, "%s%s%s", is_text(given) ? given->text : "",
		   is_text(given) && is_text(family) ? " " : "",
		   is_text(family) ? family->text : "");
	words_of(r, whole.data);
	buf_end(&whole, &r->text.failed);
	return r->text.len > 0;
}

/* The author whom an entry of this name and role is about; a person may be there in two roles. */
static struct author *find_entry(struct reader *r, const char *role, bool contributor)
{
	struct article *a = r->a;
	size_t count = a->authors.count;
	if (r->authors_known) /* given before; what is said here of one of them is still news */
		return article_find_author(a, r->text.data);
	if (count >= METADATA_MAX_AUTHORS)
		return NULL;
	struct author *author = article_author(a, r->text.data);
	if (author && a->authors.count == count &&
	    (author->contributor != contributor ||
	     strcmp(author->role ? author->role : "aut", role ? role : "aut") != 0)) {
		author = ARENA_PUSH(&a->arena, a->authors);
		if (author)
			article_fill(a, &author->name, r->text.data, r->text.len);
	}
	if (author && a->authors.count > count)
		author->contributor = contributor;
	return author;
}

static void read_author(struct reader *r, const char *name, const struct metadata_key *key,
			const struct metadata_value *v)
{
	bool contributor = key->kind == KEY_CONTRIBUTOR;
	const struct metadata_value *role = metadata_find(v, "role");
	char code[ROLE_CODE] = "";
	if (v->kind == METADATA_TEXT && !v->text)
		return;
	if (role && (!is_text(role) || !role_find(role->text, code)))
		diag_add(r->diag, DIAG_METADATA_BAD, role->line,
			 "\"%.60s\" is not a MARC relator code or its word, as in trl or "
			 "translator: ignored",
			 is_text(role) ? role->text : "role");
	if (!code[0] && contributor)
		memcpy(code, "ctb", sizeof "ctb");
	if (!read_name(r, v)) {
		if (v->kind == METADATA_LIST)
			report_form(r, v, name);
		else
			diag_add(r->diag, DIAG_METADATA_BAD, v->line,
				 "\"%s\" without a name: ignored", name);
		return;
	}
	struct author *author = find_entry(r, code[0] ? code : NULL, contributor);
	if (author && code[0])
		article_fill(r->a, &author->role, code, SIZE_MAX);
	if (author && v->kind == METADATA_MAP)
		read_author_fields(r, author, v);
}

/* --- Keys with values that may be maps --- */

static void read_title(struct reader *r, const char *name, const struct metadata_value *v)
{
	const struct metadata_value *type = metadata_find(v, "type"), *text = metadata_text_of(v);
	const char *kind = type && is_text(type) ? type->text : "main";
	bool subtitle = strcasecmp(kind, "subtitle") == 0;
	if (!text)
		report_form(r, v, name);
	else if (subtitle || strcasecmp(kind, "main") == 0)
		metadata_read_text(r, name, metadata_key_find(subtitle ? "subtitle" : "title"),
				   text);
	else
		diag_add(r->diag, DIAG_METADATA_UNUSED, v->line,
			 "a title of the type \"%s\" has no use in a book", kind);
}

static void metadata_read_date(struct reader *r, const char *name, const struct metadata_value *v)
{
	const struct metadata_value *event = metadata_find(v, "event"), *text = metadata_text_of(v);
	bool modified = event && is_text(event) && strcmp(event->text, "modification") == 0;
	if (text)
		metadata_read_text(r, name, metadata_key_find(modified ? "modified" : "date"),
				   text);
	else
		report_form(r, v, name);
}

static void read_identifier(struct reader *r, const char *name, const struct metadata_key *key,
			    const struct metadata_value *v)
{
	const struct metadata_value *scheme = metadata_find(v, "scheme"),
				    *text = metadata_text_of(v);
	if (r->identifiers_known)
		return;
	if (!is_text(text))
		report_form(r, v, name);
	else if (metadata_add_identifier(r->a, is_text(scheme) ? scheme->text : key->scheme,
					 text->text) == METADATA_BAD_VALUE)
		report_value(r, text, name, key);
}

/* One value of a key that may have several. */
static void read_item(struct reader *r, const char *name, const struct metadata_key *key,
		      const struct metadata_value *v)
{
	const struct metadata_value *text = metadata_text_of(v);
	switch (key->kind) {
	case KEY_AUTHOR:
	case KEY_CONTRIBUTOR:
		read_author(r, name, key, v);
		return;
	case KEY_IDENTIFIER:
		read_identifier(r, name, key, v);
		return;
	case KEY_SUBJECT:
	case KEY_WORDS:
		if (!r->subjects_known)
			metadata_read_text(r, name, key, text ? text : v);
		return;
	case KEY_CSS:
		if (!r->css_known)
			metadata_read_text(r, name, key, v);
		return;
	default:
		break;
	}
	if (strcmp(key->name, "title") == 0)
		read_title(r, name, v);
	else if (strcmp(key->name, "date") == 0)
		metadata_read_date(r, name, v);
	else
		metadata_read_text(r, name, key, text && v->kind == METADATA_MAP ? text : v);
}

static bool may_be_many(const struct metadata_key *key)
{
	return key->kind == KEY_AUTHOR || key->kind == KEY_CONTRIBUTOR ||
	       key->kind == KEY_SUBJECT || key->kind == KEY_WORDS || key->kind == KEY_IDENTIFIER ||
	       key->kind == KEY_CSS || strcmp(key->name, "title") == 0 ||
	       strcmp(key->name, "date") == 0;
}

static void read_key(struct reader *r, const struct metadata_value *v)
{
	const struct metadata_key *key = metadata_key_find(v->key);
	if (!key) {
		report_unknown(r, v);
		return;
	}
	if (v->kind != METADATA_LIST) {
		read_item(r, v->key, key, v);
		return;
	}
	/* a list of one is its value */
	if (!may_be_many(key) && v->first && v->first->next) {
		report_form(r, v, v->key);
		return;
	}
	for (const struct metadata_value *item = v->first; item; item = item->next)
		read_item(r, v->key, key, item);
}

static void read_map(struct reader *r, const struct metadata_value *map)
{
	for (const struct metadata_value *v = map->first; v; v = v->next) {
		/* Zola has its tags in a table of their own */
		if (v->kind == METADATA_MAP && strcasecmp(v->key, "taxonomies") == 0)
			for (const struct metadata_value *t = v->first; t; t = t->next)
				read_key(r, t);
		else
			read_key(r, v);
	}
}

int metadata_read_tree(struct article *a, const struct metadata_value *root, const char *where,
		       struct diag *diag, struct chapbook_error *err)
{
	struct reader r = {.a = a,
			   .diag = diag,
			   .text = BUF_INIT,
			   .authors_known = article_has_author(a),
			   .subjects_known = a->subjects.count > 0,
			   .identifiers_known = a->identifiers.count > 0,
			   .css_known = a->css.count > 0};
	if (root->kind != METADATA_MAP && (root->kind == METADATA_LIST || root->text))
		return metadata_fail(err, where, root->line,
				     "it has no keys; write them as in \"title: …\"");
	read_map(&r, root);
	a->arena.failed |= r.text.failed;
	buf_release(&r.text);
	return a->arena.failed ? error_memory(err) : 0;
}

int metadata_read_file(struct article *a, const char *bytes, size_t len, const char *where,
		       struct diag *diag, struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct metadata_value *root = front_matter_parse_file(&arena, bytes, len, where, err);
	int result = root ? metadata_read_tree(a, root, where, diag, err) : -1;
	arena_release(&arena);
	return result;
}
