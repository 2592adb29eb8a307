#include "read/metadata/front_matter.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"
#include "lang/date.h"
#include "read/metadata/keys.h"

#include <string.h>
#include <strings.h>

enum { MAX_METADATA = 1000 * 1000, MAX_KEY = 40 };

/* A line: its length without the LF; *next is where the next one begins. */
static size_t line_length(const char *line, const char *end, const char **next)
{
	const char *eol = memchr(line, '\n', (size_t)(end - line));
	*next = eol ? eol + 1 : end;
	return (size_t)((eol ? eol : end) - line);
}

static size_t without_blanks(const char *line, size_t len)
{
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
		len--;
	return len;
}

static bool front_matter_is_mark(const char *line, size_t len, const char *mark)
{
	return without_blanks(line, len) == 3 && memcmp(line, mark, 3) == 0;
}

/* The key of a line "Key: value" or "key = value"; 0 when it is none. */
static size_t key_length(const char *line, size_t len, char sign)
{
	size_t n = 0;
	while (n < len && n < MAX_KEY &&
	       (line[n] == '_' || line[n] == '-' || line[n] == ' ' || ascii_is_alnum(line[n])))
		n++;
	size_t at = n;
	while (at < len && line[at] == ' ')
		at++;
	if (n == 0 || line[0] == ' ' || line[0] == '-' || at == len || line[at] != sign)
		return 0;
	bool spaced = at + 1 == len || line[at + 1] == ' ' || line[at + 1] == '\t';
	return spaced || sign == '=' ? without_blanks(line, n) : 0;
}

static const struct metadata_key *key_at(const char *line, size_t len)
{
	char name[MAX_KEY + 1];
	memcpy(name, line, len);
	name[len] = '\0';
	return metadata_key_find(name);
}

static bool is_foreign_at(const char *line, size_t len)
{
	char name[MAX_KEY + 1];
	memcpy(name, line, len);
	name[len] = '\0';
	return metadata_key_is_foreign(name);
}

/* --- Blocks between marks --- */

/* pandoc: a blank line after the mark makes it a thematic break. So does a line that has no key. */
static void find_between(const char *text, size_t len, const char *open, const char *close,
			 struct front_matter *front)
{
	const char *end = text + len, *line = text, *next;
	char sign = front->kind == FRONT_TOML ? '=' : ':';
	bool keys = false, known = false, table = false;
	line_length(text, end, &line);
	const char *first = line;
	front->start = (size_t)(line - text);
	for (; line < end; line = next) {
		size_t n = line_length(line, end, &next), used = without_blanks(line, n);
		if (front_matter_is_mark(line, n, open) || front_matter_is_mark(line, n, close)) {
			front->end = (size_t)(line - text);
			front->size = keys || line == first ? (size_t)(next - text) : 0;
			return;
		}
		if (line == first && used == 0 && front->kind == FRONT_YAML)
			return;
		if (keys || used == 0 || line[0] == '#')
			continue;
		table = front->kind == FRONT_TOML && (line[0] == '[' || line[0] == '"');
		if (!table && !memchr(line, sign, used))
			return;
		keys = true;
		size_t key = key_length(line, used, sign);
		known = table || (key && key_at(line, key));
	}
	front->unclosed = known;
}

/* Whether it begins as an object with a member, and not as a text in braces. */
static bool begins_object(const char *text, size_t len)
{
	const char *s = text + 1, *end = text + len;
	while (s < end && strchr(" \t\n", *s))
		s++;
	if (s == end || *s != '"')
		return false;
	s = memchr(s + 1, '"', (size_t)(end - s - 1));
	for (s = s ? s + 1 : end; s < end && (*s == ' ' || *s == '\t');)
		s++;
	return s < end && *s == ':';
}

/* Text follows the object, on lines of its own: a file that is nothing else is no article. */
static void find_json(const char *text, size_t len, struct front_matter *front)
{
	struct arena arena = ARENA_INIT;
	size_t used = 0;
	if (!begins_object(text, len))
		return;
	bool whole = json_parse_tree(&arena, text, len, &used, "", NULL) != NULL;
	arena_release(&arena);
	if (!whole) /* front_matter_parse() says why */
		used = len;
	size_t rest = used;
	while (rest < len && (text[rest] == ' ' || text[rest] == '\t'))
		rest++;
	if (whole &&
	    (rest == len || text[rest] != '\n' || strspn(text + rest, " \t\n") == len - rest))
		return;
	front->kind = FRONT_JSON;
	front->end = used;
	front->size = rest < len ? rest + 1 : len;
}

/* --- Markdown's own --- */

static void find_title_block(const char *text, size_t len, struct front_matter *front)
{
	const char *end = text + len, *line = text, *next;
	int fields = 0;
	for (; line < end; line = next) {
		size_t n = line_length(line, end, &next);
		bool field = line[0] == '%' && (n == 1 || line[1] == ' ' || line[1] == '\t');
		bool more =
			fields && (line[0] == ' ' || line[0] == '\t') && without_blanks(line, n);
		if (field ? ++fields > 3 : !more)
			break;
	}
	if (!fields)
		return;
	front->kind = FRONT_TITLE_BLOCK;
	front->size = front->end = (size_t)(line - text);
}

/* Whether a first line "Key: value" begins a block: prose may well begin with "Note: …". */
static bool begins_lines(const char *line, size_t len, size_t key_len, bool alone)
{
	static const char *const first[] = {"title", "subtitle", "author",  "authors",
					    "date",  "tags",     "keywords"};
	const struct metadata_key *key = key_at(line, key_len);
	const char *value = memchr(line, ':', len);
	struct arena arena = ARENA_INIT;
	size_t i = 0;
	if (!value || without_blanks(value + 1, len - (size_t)(value + 1 - line)) == 0)
		return false;
	while (key && i < sizeof first / sizeof *first && strcmp(key->name, first[i]) != 0)
		i++;
	if (!key || i == sizeof first / sizeof *first)
		return !alone && is_foreign_at(line, key_len);
	for (value++; *value == ' ' || *value == '\t';)
		value++;
	bool good = strcmp(key->name, "date") != 0 ||
		    date_parse(&arena, value, without_blanks(value, len - (size_t)(value - line)));
	arena_release(&arena);
	return good;
}

static void find_lines(const char *text, size_t len, struct front_matter *front)
{
	const char *end = text + len, *line = text, *next;
	size_t count = 0, first_len = line_length(text, end, &next);
	size_t key = key_length(text, first_len, ':');
	if (!key || (!key_at(text, key) && !is_foreign_at(text, key)))
		return;
	for (; line < end; line = next, count++) {
		size_t n = line_length(line, end, &next);
		if (without_blanks(line, n) == 0)
			break;
		if (!key_length(line, n, ':') && line[0] != ' ' && line[0] != '\t')
			return;
	}
	if (!begins_lines(text, first_len, key, count == 1))
		return;
	front->kind = FRONT_LINES;
	front->size = front->end = (size_t)(line - text);
}

void front_matter_find(const char *text, size_t len, bool markdown, struct front_matter *front)
{
	const char *next;
	size_t n = line_length(text, text + len, &next);
	*front = (struct front_matter){0};
	if (len == 0)
		return;
	if (front_matter_is_mark(text, n, "---") || front_matter_is_mark(text, n, "+++")) {
		front->kind = text[0] == '-' ? FRONT_YAML : FRONT_TOML;
		find_between(text, len, text[0] == '-' ? "---" : "+++",
			     text[0] == '-' ? "..." : "+++", front);
		if (!front->size && !front->unclosed)
			front->kind = FRONT_NONE;
	} else if (text[0] == '{') {
		find_json(text, len, front);
	} else if (markdown && text[0] == '%') {
		find_title_block(text, len, front);
	} else if (markdown) {
		find_lines(text, len, front);
	}
}

/* --- Parsing --- */

/* Add the text without the white space around it, and, in `values`, cut at semicolons and line
 * ends. */
static void add_text(struct arena *arena, struct metadata_value *parent, const char *key,
		     const char *s, size_t len, int line)
{
	while (len && strchr(" \t\n", s[0])) {
		s++;
		len--;
	}
	while (len && strchr(" \t\n", s[len - 1]))
		len--;
	struct metadata_value *value =
		len ? metadata_add(arena, parent, key, METADATA_TEXT, line) : NULL;
	if (value)
		value->text = metadata_clean(arena, s, len);
}

static void add_names(struct arena *arena, struct metadata_value *root, const char *key,
		      const char *s, size_t len, int line)
{
	struct metadata_value *list = metadata_add(arena, root, key, METADATA_LIST, line);
	for (size_t at = 0; list && at < len;) {
		size_t n = at;
		while (n < len && s[n] != ';' && s[n] != '\n')
			n++;
		add_text(arena, list, NULL, s + at, n - at, line);
		at = n + 1;
	}
}

static struct metadata_value *parse_title_block(struct arena *arena, const char *text, size_t len)
{
	static const char *const names[] = {"title", "author", "date"};
	struct metadata_value *root = metadata_add(arena, NULL, NULL, METADATA_MAP, 1);
	size_t at = 0;
	int line = 1;
	for (size_t i = 0; root && i < 3 && at < len; i++) {
		size_t start = at + 1;
		int first = line;
		do {
			const char *next;
			line_length(text + at, text + len, &next);
			at = (size_t)(next - text);
			line++;
		} while (at < len && text[at] != '%');
		if (i == 1)
			add_names(arena, root, names[i], text + start, at - start, first);
		else
			add_text(arena, root, names[i], text + start, at - start, first);
	}
	return root;
}

static struct metadata_value *parse_lines(struct arena *arena, const char *text, size_t len)
{
	struct metadata_value *root = metadata_add(arena, NULL, NULL, METADATA_MAP, 1);
	int line = 1;
	for (size_t at = 0; root && at < len;) {
		const char *next, *s = text + at;
		size_t n = line_length(s, text + len, &next), key_len = key_length(s, n, ':');
		int first = line++;
		while (next < text + len && (*next == ' ' || *next == '\t')) {
			line_length(next, text + len, &next);
			line++;
		}
		at = (size_t)(next - text);
		if (!key_len)
			continue; /* indented lines before any key: there are none */
		const struct metadata_key *known = key_at(s, key_len);
		const char *key = arena_dupn(arena, s, key_len);
		const char *value = (const char *)memchr(s, ':', n) + 1;
		size_t value_len = (size_t)(next - value);
		if (known && (known->kind == KEY_AUTHOR || known->kind == KEY_CONTRIBUTOR))
			add_names(arena, root, key, value, value_len, first);
		else
			add_text(arena, root, key, value, value_len, first);
	}
	return root;
}

struct metadata_value *front_matter_parse(struct arena *arena, const char *text,
					  const struct front_matter *front, const char *where,
					  struct chapbook_error *err)
{
	struct metadata_value *root = NULL;
	size_t used, len = front->end - front->start;
	const char *s = text + front->start;
	if (front->size > MAX_METADATA) {
		error_set(err, CHAPBOOK_E_LIMIT, "%s: more than 1 MB of metadata", where);
		return NULL;
	}
	switch (front->kind) {
	case FRONT_YAML:
		return yaml_parse_tree(arena, s, len, where, 2, err);
	case FRONT_TOML:
		return toml_parse_tree(arena, s, len, where, 2, err);
	case FRONT_JSON:
		return json_parse_tree(arena, s, len, &used, where, err);
	case FRONT_TITLE_BLOCK:
		root = parse_title_block(arena, s, len);
		break;
	case FRONT_LINES:
		root = parse_lines(arena, s, len);
		break;
	case FRONT_NONE:
		root = metadata_add(arena, NULL, NULL, METADATA_MAP, 1);
		break;
	}
	if (arena->failed)
		error_memory(err);
	return arena->failed ? NULL : root;
}

static bool has_extension(const char *name, const char *extension)
{
	size_t len = strlen(name), n = strlen(extension);
	return len > n && strcasecmp(name + len - n, extension) == 0;
}

struct metadata_value *front_matter_parse_file(struct arena *arena, const char *bytes, size_t len,
					       const char *name, struct chapbook_error *err)
{
	struct front_matter front;
	size_t used;
	int bom = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	bytes += bom;
	len -= (size_t)bom;
	if (len > MAX_METADATA) {
		error_set(err, CHAPBOOK_E_LIMIT, "%s: more than 1 MB of metadata", name);
		return NULL;
	}
	front_matter_find(bytes, len, false, &front);
	if (front.kind == FRONT_TOML && front.size)
		return front_matter_parse(arena, bytes, &front, name, err);
	if (has_extension(name, ".toml"))
		return toml_parse_tree(arena, bytes, len, name, 1, err);
	if (has_extension(name, ".json"))
		return json_parse_tree(arena, bytes, len, &used, name, err);
	return yaml_parse_tree(arena, bytes, len, name, 1, err);
}
