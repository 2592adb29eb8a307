#include "read/metadata/keys.h"

#include "article/identifier.h"
#include "article/role.h"
#include "base/error.h"
#include "lang/date.h"
#include "lang/tag.h"
#include "read/metadata/metadata.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* --- Values that are checked --- */

static enum metadata_outcome set_date(struct article *a, char **field, const char *value)
{
	char *date = date_parse(&a->arena, value, strlen(value));
	if (!date && !a->arena.failed)
		return METADATA_BAD_VALUE;
	if (!*field)
		*field = date;
	return METADATA_SET;
}

static enum metadata_outcome set_published(struct article *a, const char *value)
{
	return set_date(a, &a->published, value);
}

static enum metadata_outcome set_modified(struct article *a, const char *value)
{
	return set_date(a, &a->modified, value);
}

static enum metadata_outcome set_language(struct article *a, const char *value)
{
	const char *tag = lang_tag_normalise(&a->arena, value);
	if (!tag && !a->arena.failed)
		return METADATA_BAD_VALUE;
	article_fill(a, &a->language, tag, SIZE_MAX);
	return METADATA_SET;
}

static enum metadata_outcome set_direction(struct article *a, const char *value)
{
	enum direction direction = strcmp(value, "ltr") == 0   ? DIR_LTR
				   : strcmp(value, "rtl") == 0 ? DIR_RTL
							       : DIR_UNKNOWN;
	if (direction == DIR_UNKNOWN && strcmp(value, "auto") != 0 && strcmp(value, "default") != 0)
		return METADATA_BAD_VALUE;
	if (a->direction == DIR_UNKNOWN)
		a->direction = direction;
	return METADATA_SET;
}

static enum metadata_outcome set_writing_mode(struct article *a, const char *value)
{
	if (strcmp(value, "vertical-rl") != 0 && strcmp(value, "horizontal-tb") != 0)
		return METADATA_BAD_VALUE;
	a->vertical |= value[0] == 'v';
	return METADATA_SET;
}

static enum metadata_outcome set_position(struct article *a, const char *value)
{
	/* group-position: numbers with full stops between (EPUB 3.3, appendix D.3.5) */
	for (const char *s = value; *s;) {
		size_t digits = strspn(s, "0123456789");
		if (digits == 0 || (s[digits] && s[digits] != '.'))
			return METADATA_BAD_VALUE;
		s += digits;
		if (*s == '.' && !*++s)
			return METADATA_BAD_VALUE;
	}
	article_fill(a, &a->series.position, value, SIZE_MAX);
	return METADATA_SET;
}

static enum metadata_outcome set_collection_type(struct article *a, const char *value)
{
	if (strcmp(value, "series") != 0 && strcmp(value, "set") != 0)
		return METADATA_BAD_VALUE;
	article_fill(a, &a->series.type, value, SIZE_MAX);
	return METADATA_SET;
}

/* The author that `bio` and the like are about: the last, or one with a name that is yet to come.
 */
static struct author *last_author(struct article *a)
{
	if (a->authors.count)
		return &a->authors.items[a->authors.count - 1];
	return ARENA_PUSH(&a->arena, a->authors);
}

static enum metadata_outcome set_author_role(struct article *a, const char *value)
{
	return metadata_set_role(a, last_author(a), value);
}

/* --- The table --- */

#define A_DATE    "a date, as in 2021-07-02"
#define A_TAG     "a language tag (BCP 47), as in en, pt-BR or zh-Hant"
#define A_DIR     "ltr, rtl or auto"
#define A_NUMBER  "a number, as in 2 or 2.1"
#define AN_ISBN   "an ISBN: its check digit is wrong"
#define IN(field) offsetof(struct article, field)
#define OF(field) offsetof(struct author, field)

static const struct metadata_key keys[] = {
	{"title", KEY_TEXT, .field = IN(title), .of_book = true},
	{"subtitle", KEY_TEXT, .field = IN(subtitle), .of_book = true},
	{"standfirst", KEY_TEXT, .field = IN(standfirst)},
	{"publisher", KEY_TEXT, .field = IN(publisher), .of_book = true},
	{"section", KEY_TEXT, .field = IN(section)},
	{"description", KEY_TEXT, .field = IN(description), .of_book = true},
	{"abstract", KEY_TEXT, .field = IN(description), .of_book = true},
	{"summary", KEY_TEXT, .field = IN(description), .of_book = true},
	{"rights", KEY_TEXT, .field = IN(rights), .of_book = true},
	{"copyright", KEY_TEXT, .field = IN(rights), .of_book = true},
	{"license", KEY_TEXT, .field = IN(rights), .of_book = true},
	{"belongs-to-collection", KEY_TEXT, .field = IN(series.name)},
	{"series", KEY_TEXT, .field = IN(series.name)},
	{"source", KEY_LITERAL, .field = IN(source_url)},
	{"cover-image", KEY_LITERAL, .field = IN(cover_ref)},
	{"date", KEY_SPECIAL, .set = set_published, .wanted = A_DATE, .of_book = true},
	{"modified", KEY_SPECIAL, .set = set_modified, .wanted = A_DATE},
	{"lastmod", KEY_SPECIAL, .set = set_modified, .wanted = A_DATE},
	{"updated", KEY_SPECIAL, .set = set_modified, .wanted = A_DATE},
	{"lang", KEY_SPECIAL, .set = set_language, .wanted = A_TAG},
	{"language", KEY_SPECIAL, .set = set_language, .wanted = A_TAG},
	{"dir", KEY_SPECIAL, .set = set_direction, .wanted = A_DIR},
	{"direction", KEY_SPECIAL, .set = set_direction, .wanted = A_DIR},
	{"page-progression-direction", KEY_SPECIAL, .set = set_direction, .wanted = A_DIR},
	{"writing-mode", KEY_SPECIAL, .set = set_writing_mode,
	 .wanted = "horizontal-tb or vertical-rl"},
	{"group-position", KEY_SPECIAL, .set = set_position, .wanted = A_NUMBER},
	{"series-index", KEY_SPECIAL, .set = set_position, .wanted = A_NUMBER},
	{"collection-type", KEY_SPECIAL, .set = set_collection_type, .wanted = "series or set"},
	{"subject", .kind = KEY_SUBJECT},
	{"subjects", .kind = KEY_SUBJECT},
	{"categories", .kind = KEY_WORDS},
	{"category", .kind = KEY_SUBJECT},
	{"keywords", .kind = KEY_WORDS},
	{"tags", .kind = KEY_WORDS},
	{"identifier", KEY_IDENTIFIER, .wanted = AN_ISBN},
	{"isbn", KEY_IDENTIFIER, .wanted = AN_ISBN, .scheme = "ISBN"},
	{"doi", KEY_IDENTIFIER, .scheme = "DOI"},
	{"css", .kind = KEY_CSS},
	{"author", .kind = KEY_AUTHOR},
	{"authors", .kind = KEY_AUTHOR},
	{"creator", .kind = KEY_AUTHOR},
	{"contributor", .kind = KEY_CONTRIBUTOR},
	{"contributors", .kind = KEY_CONTRIBUTOR},
	{"bio", KEY_OF_AUTHOR, .field = OF(bio)},
	{"author-sort", KEY_OF_AUTHOR, .field = OF(sort_name)},
	{"author-url", KEY_OF_AUTHOR, .field = OF(url)},
	{"author-role", KEY_SPECIAL, .set = set_author_role,
	 .wanted = "a MARC relator code or its word, as in trl or translator"},
};

/* Keys of pandoc, Jekyll, Hugo, Pelican, MultiMarkdown and Obsidian that say how those programs are
 * to print a text, or where. */
static const char *const foreign[] = {
	"aliases",
	"base-header-level",
	"bibliography",
	"classoption",
	"colorlinks",
	"comment",
	"comments",
	"csl",
	"cssclass",
	"cssclasses",
	"documentclass",
	"draft",
	"epub-cover-image",
	"excerpt-separator",
	"expirydate",
	"featured",
	"fontfamily",
	"fontsize",
	"format",
	"geometry",
	"header-includes",
	"id",
	"include-after",
	"include-before",
	"latex-config",
	"latex-footer",
	"latex-header-level",
	"latex-input",
	"latex-mode",
	"layout",
	"linestretch",
	"link-citations",
	"linkcolor",
	"lof",
	"lot",
	"mainfont",
	"markup",
	"math",
	"mathjax",
	"menu",
	"mermaid",
	"monofont",
	"nocite",
	"nocomment",
	"numbersections",
	"outputs",
	"output",
	"papersize",
	"permalink",
	"pin",
	"published",
	"publish",
	"publishdate",
	"quotes-language",
	"redirect-from",
	"sansfont",
	"share",
	"sidebar",
	"sitemap",
	"slug",
	"status",
	"template",
	"theme",
	"toc",
	"toc-depth",
	"toc-title",
	"transclude-base",
	"type",
	"url",
	"urlcolor",
	"weight",
	"xhtml-header",
	"xhtml-header-level",
};

/* Whether a name is the key's: `key` is in lower case. */
static bool keys_is_name(const char *name, const char *key)
{
	for (; *name && *key; name++, key++) {
		char c = *name >= 'A' && *name <= 'Z'   ? (char)(*name | 32)
			 : *name == '_' || *name == ' ' ? '-'
							: *name;
		if (c != *key)
			return false;
	}
	return !*name && !*key;
}

const struct metadata_key *metadata_key_find(const char *name)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys_is_name(name, keys[i].name))
			return &keys[i];
	return NULL;
}

bool metadata_key_is_foreign(const char *name)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (keys_is_name(name, foreign[i]))
			return true;
	return false;
}

/* --- Setting --- */

static void keys_add_string(struct article *a, struct string_list *list, const char *value,
			    size_t len)
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
		keys_add_string(a, list, value, len);
		value += len + (value[len] != '\0');
	}
}

enum metadata_outcome metadata_add_identifier(struct article *a, const char *scheme,
					      const char *value)
{
	struct identifier id;
	enum identifier_outcome outcome = identifier_make(a, scheme, value, &id);
	struct identifier *slot =
		outcome != IDENTIFIER_EMPTY ? ARENA_PUSH(&a->arena, a->identifiers) : NULL;
	if (slot)
		*slot = id;
	return outcome == IDENTIFIER_BAD_ISBN ? METADATA_BAD_VALUE : METADATA_SET;
}

enum metadata_outcome metadata_set_role(struct article *a, struct author *author, const char *value)
{
	char code[ROLE_CODE];
	if (!role_find(value, code))
		return METADATA_BAD_VALUE;
	if (author)
		article_fill(a, &author->role, code, SIZE_MAX);
	return METADATA_SET;
}

static enum metadata_outcome add_author(struct article *a, bool contributor, const char *value)
{
	if (a->authors.count >= METADATA_MAX_AUTHORS)
		return METADATA_BAD_VALUE;
	struct author *author = article_author(a, value);
	if (!author || !contributor)
		return METADATA_SET;
	author->contributor = true;
	return metadata_set_role(a, author, "ctb");
}

enum metadata_outcome metadata_key_set(struct article *a, const struct metadata_key *key,
				       const char *value)
{
	value += strspn(value, " \t\n");
	if (!*value)
		return METADATA_SET;
	struct author *author = key->kind == KEY_OF_AUTHOR ? last_author(a) : NULL;
	switch (key->kind) {
	case KEY_TEXT:
	case KEY_LITERAL:
		article_fill(a, (char **)((char *)a + key->field), value, SIZE_MAX);
		break;
	case KEY_SPECIAL:
		return key->set(a, value);
	case KEY_SUBJECT:
		keys_add_string(a, &a->subjects, value, SIZE_MAX);
		break;
	case KEY_WORDS:
		add_words(a, &a->subjects, value);
		break;
	case KEY_IDENTIFIER:
		return metadata_add_identifier(a, key->scheme, value);
	case KEY_CSS:
		keys_add_string(a, &a->css, value, SIZE_MAX);
		break;
	case KEY_AUTHOR:
	case KEY_CONTRIBUTOR:
		return add_author(a, key->kind == KEY_CONTRIBUTOR, value);
	case KEY_OF_AUTHOR:
		if (author)
			article_fill(a, (char **)((char *)author + key->field), value, SIZE_MAX);
		break;
	}
	return METADATA_SET;
}

int metadata_set(struct article *a, const char *name, const char *value, struct chapbook_error *err)
{
	const struct metadata_key *key = metadata_key_find(name);
	if (!key)
		return -1;
	if (metadata_key_set(a, key, value) != METADATA_BAD_VALUE)
		return 0;
	return error_set(err, CHAPBOOK_E_USAGE, "--%s: '%.100s' is not %s", name, value,
			 key->wanted ? key->wanted : "a name that there is room for");
}
