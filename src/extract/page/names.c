#include "extract/page/names.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/tsv.h"

#include <pthread.h>
#include <string.h>

enum {
	MAX_PATTERNS = 2048,
	MAX_WORDS = 12,   /* of a name: what follows is not inspected */
	MAX_ID_WORDS = 3, /* an id of more words is made of its heading's text */
	MAX_LETTERS = 32,
	BUCKETS = 512,
};

enum where { IN_CLASS, IN_ROLE, IN_ITEMPROP, IN_REL, IN_DATA, IN_TAG, WHERES, IN_ID = WHERES };

static const char *const where_names[WHERES] = {"class", "role", "itemprop", "rel", "data", "tag"};
static const char *const kind_names[NAME_COUNT] = {
#define NAME_KIND(id, name) name,
#include "extract/page/name_table.h"
#undef NAME_KIND
};

struct word {
	char letters[MAX_LETTERS];
	unsigned char len;
};

struct pattern {
	const char *text; /* words separated by "-", lower case, in the table */
	unsigned short len, next;
	unsigned char kind, where;
	bool whole;
};

/* Read once, by pthread_once(), and constant from then on. */
static struct pattern patterns[MAX_PATTERNS];
static unsigned short heads[BUCKETS];
static size_t pattern_count;

/* Patterns are found by the first two letters of their first word: an ending may be left open. */
static unsigned names_bucket(const char *letters, size_t len)
{
	unsigned first = (unsigned char)letters[0];
	unsigned second = len > 1 ? (unsigned char)letters[1] : 0;
	return (first * 31 + second) % BUCKETS;
}

static void add_pattern(unsigned kind, unsigned where, struct cell item)
{
	bool whole = item.len && item.s[0] == '=';
	item.s += whole;
	item.len -= whole;
	if (item.len == 0 || pattern_count == MAX_PATTERNS)
		return;
	struct pattern *p = &patterns[pattern_count++];
	*p = (struct pattern){.text = item.s,
			      .len = (unsigned short)item.len,
			      .kind = (unsigned char)kind,
			      .where = (unsigned char)where,
			      .whole = whole};
	size_t first = 0;
	while (first < item.len && item.s[first] != '-' && item.s[first] != '*')
		first++;
	unsigned b = names_bucket(item.s, first);
	p->next = heads[b];
	heads[b] = (unsigned short)pattern_count;
}

static void names_load(void)
{
	struct tsv table = tsv_open("assets/page_names.tsv");
	struct cell cells[3], item;
	while (tsv_next(&table, cells, 3)) {
		unsigned kind = 0, where = 0;
		while (kind < NAME_COUNT && !cell_is(&cells[0], kind_names[kind]))
			kind++;
		while (where < WHERES && !cell_is(&cells[1], where_names[where]))
			where++;
		while (kind < NAME_COUNT && where < WHERES && cell_item(&cells[2], '|', &item))
			add_pattern(kind, where, item);
	}
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool names_is_small(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The name's length without what CSS modules put behind it: "root__adKqa". */
static size_t without_hash(const char *s, size_t len)
{
	enum { HASH = 5 };
	bool mixed = false;
	for (size_t i = len < HASH ? len : len - HASH; i < len; i++)
		mixed |= is_upper(s[i]) || ascii_is_digit(s[i]);
	bool parted = len > HASH + 2 && s[len - HASH - 1] == '_' && s[len - HASH - 2] == '_';
	return mixed && parted ? len - HASH - 2 : len;
}

/* The words of one name. */
static size_t names_split(const char *s, size_t len, struct word *words)
{
	size_t count = 0;
	struct word *word = NULL;
	len = without_hash(s, len);
	if (memchr(s, ':', len)) /* Tailwind: how it looks in some state or size */
		return 0;
	for (size_t i = 0; i < len; i++) {
		char c = s[i];
		if (!is_upper(c) && !names_is_small(c) && !ascii_is_digit(c)) {
			word = NULL;
			continue;
		}
		if (word && is_upper(c) && i && names_is_small(s[i - 1]))
			word = NULL;
		if (!word) {
			if (count == MAX_WORDS)
				break;
			word = &words[count++];
			word->len = 0;
		}
		if (word->len < MAX_LETTERS)
			word->letters[word->len++] = is_upper(c) ? (char)(c | 32) : c;
	}
	return count;
}

/* Whether the words from `first` on say the pattern; *used is how many do. */
static bool names_declare(const struct pattern *p, const struct word *words, size_t count,
			  size_t *used)
{
	const char *s = p->text, *end = s + p->len;
	size_t i = 0;
	while (s < end) {
		if (i == count)
			return false;
		const struct word *word = &words[i++];
		size_t n = 0;
		while (s + n < end && s[n] != '-' && s[n] != '*')
			n++;
		bool open = s + n < end && s[n] == '*';
		if (word->len < n || (!open && word->len != n) || memcmp(word->letters, s, n) != 0)
			return false;
		s += n + open;
		s += s < end;
	}
	*used = i;
	return true;
}

static name_set match_name(const char *s, size_t len, unsigned where)
{
	struct word words[MAX_WORDS];
	size_t count = names_split(s, len, words), used;
	name_set set = 0;
	if (where == IN_ID) {
		where = IN_CLASS;
		count = count > MAX_ID_WORDS ? 0 : count;
	}
	for (size_t i = 0; i < count; i++) {
		unsigned b = names_bucket(words[i].letters, words[i].len);
		for (unsigned at = heads[b]; at; at = patterns[at - 1].next) {
			const struct pattern *p = &patterns[at - 1];
			if (p->where == where && (!p->whole || i == 0) &&
			    names_declare(p, &words[i], count - i, &used) &&
			    (!p->whole || used == count))
				set |= (name_set)1 << p->kind;
		}
	}
	return set;
}

static name_set match_names(const char *s, unsigned where)
{
	name_set set = 0;
	while (*s) {
		size_t skip = strspn(s, " \t\n\r\f"), len = strcspn(s + skip, " \t\n\r\f");
		set |= match_name(s + skip, len, where);
		s += skip + len;
	}
	return set;
}

/* The kinds of an attribute's value, remembered. */
static name_set kinds_of(struct page *page, const char *value, unsigned where)
{
	char key[256];
	size_t len = strlen(value);
	if (len == 0 || len > 2000)
		return 0;
	if (len + 2 > sizeof key)
		return match_names(value, where);
	key[0] = (char)('0' + where);
	memcpy(key + 1, value, len + 1);
	name_set *known = map_find(&page->name_kinds, key);
	if (known)
		return *known;
	name_set set = match_names(value, where);
	char *own = arena_dup(&page->arena, key);
	known = arena_alloc(&page->arena, sizeof *known);
	if (own && known) {
		*known = set;
		map_set(&page->name_kinds, own, known);
	}
	return set;
}

name_set names_of(struct page *page, const xmlNode *node)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static const struct {
		const char *attribute;
		enum where where;
	} places[] = {
		{"class", IN_CLASS},         {"id", IN_ID},          {"role", IN_ROLE},
		{"itemprop", IN_ITEMPROP},   {"rel", IN_REL},        {"data-testid", IN_DATA},
		{"data-component", IN_DATA}, {"data-type", IN_DATA}, {"data-qa", IN_DATA},
	};
	pthread_once(&once, names_load);
	name_set set = kinds_of(page, tree_name(node), IN_TAG);
	const char *name, *value;
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;
	     a = tree_attr_next(node, a, &name, &value))
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			if (*name == *places[i].attribute && strcmp(name, places[i].attribute) == 0)
				set |= kinds_of(page, value, places[i].where);
	return set;
}
