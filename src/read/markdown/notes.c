/* Notes that nothing refers to. cmark-gfm drops them with their text; here they become ordinary
 * paragraphs, by a backslash before "[^label]:". */
#include "read/markdown/markdown.h"

#include "base/arena.h"
#include "base/find.h"
#include "base/map.h"
#include "base/utf8.h"

#include <string.h>

enum { MAX_LABEL = 200 };

struct note_scan {
	const char *text;
	size_t len;
	size_t line; /* where the line begins that `at` is in */
	size_t at;
	bool fenced; /* inside a code fence */
};

/* The length of the label in "[^label]" at `s`, or 0. */
static size_t label_length(const char *s, size_t left)
{
	size_t most = left - 2 < MAX_LABEL ? left - 2 : MAX_LABEL, n = 0;
	while (n < most && (unsigned char)s[2 + n] > ' ' && s[2 + n] != ']')
		n++;
	return n < most && s[2 + n] == ']' ? n : 0;
}

/* The next "[^" outside of code fences, with its label's length; false at the end. */
static bool next_mark(struct note_scan *scan, size_t *label)
{
	while (scan->at < scan->len) {
		const char *start = scan->text + scan->at, *end = scan->text + scan->len;
		const char *mark = find_mark(start, (size_t)(end - start), "[^");
		if (!mark)
			return false;
		/* The lines on the way: which one it is in, and what fences are passed. */
		for (const char *eol; (eol = memchr(start, '\n', (size_t)(mark - start))) != NULL;
		     start = eol + 1) {
			scan->line = (size_t)(eol + 1 - scan->text);
			const char *s = eol + 1 + strspn(eol + 1, " >");
			if (strncmp(s, "```", 3) == 0 || strncmp(s, "~~~", 3) == 0)
				scan->fenced = !scan->fenced;
		}
		scan->at = (size_t)(mark - scan->text);
		*label = scan->fenced ? 0 : label_length(mark, (size_t)(end - mark));
		if (*label)
			return true;
		scan->at += 2;
	}
	return false;
}

/* Whether the mark that we are at begins a note. */
static bool is_definition(const struct note_scan *scan, size_t label)
{
	size_t indent = strspn(scan->text + scan->line, " >\t");
	size_t colon = scan->at + 2 + label + 1;
	return scan->line + indent >= scan->at && colon < scan->len && scan->text[colon] == ':';
}

/* The label as a key: letters in lower case. */
static void notes_put_key(struct buf *out, const char *label, size_t len)
{
	buf_truncate(out, 0);
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		char utf8[4];
		i += utf8_decode(label + i, len - i, &cp);
		buf_append(out, utf8, utf8_write(cp_lower(cp), utf8));
	}
}

bool markdown_keep_notes(struct buf *out, const char *text, size_t len)
{
	struct arena arena = ARENA_INIT;
	struct map referred = MAP_INIT;
	struct buf key = BUF_INIT;
	struct note_scan scan = {.text = text, .len = len};
	size_t label = 0, copied = 0, definitions = 0;

	for (; next_mark(&scan, &label); scan.at += 2) {
		if (is_definition(&scan, label)) {
			definitions++;
			continue;
		}
		notes_put_key(&key, text + scan.at + 2, label);
		char *copy = map_find(&referred, key.data) ? NULL : arena_dup(&arena, key.data);
		if (copy)
			map_set(&referred, copy, copy);
	}
	scan = (struct note_scan){.text = text, .len = len};
	for (; definitions && next_mark(&scan, &label); scan.at += 2) {
		if (!is_definition(&scan, label))
			continue;
		notes_put_key(&key, text + scan.at + 2, label);
		if (map_find(&referred, key.data))
			continue;
		buf_append(out, text + copied, scan.at - copied);
		buf_putc(out, '\\');
		copied = scan.at;
	}
	if (out->len)
		buf_append(out, text + copied, len - copied);
	out->failed |= arena.failed || referred.failed || key.failed;
	map_release(&referred);
	arena_release(&arena);
	buf_release(&key);
	return out->len > 0;
}
