/* Lists of addresses, a line each: "ADDRESS", "ADDRESS<TAB>TITLE", and "ADDRESS | TITLE" as OneTab
 * exports it. Empty lines and lines that begin with # are comments. */
#include "source/formats.h"
#include "source/item.h"
#include "source/text.h"

#include "base/error.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum { MAX_LINE = 65536 };

static bool is_list_address(const char *line, size_t len)
{
	return (len > 7 && strncasecmp(line, "http://", 7) == 0) ||
	       (len > 8 && strncasecmp(line, "https://", 8) == 0);
}

/* The length of the address at the start of a line, and where its title begins (at the end of the
 * line: there is none). */
static size_t split_list_line(const char *line, size_t len, size_t *title)
{
	size_t end = 0;
	while (end < len && line[end] != '\t' && line[end] != ' ')
		end++;
	*title = end;
	if (end < len && line[end] == '\t')
		*title = end + 1;
	else if (len - end > 3 && memcmp(line + end, " | ", 3) == 0)
		*title = end + 3;
	else if (end < len)
		*title = SIZE_MAX;
	return end;
}

/* Whether the head has only lines of the form; its last one may be cut off. */
static bool lines_is(const char *head, size_t len)
{
	size_t count = 0, title;
	for (size_t at = 0; at < len;) {
		const char *line = head + at;
		const char *end = memchr(line, '\n', len - at);
		size_t n = end ? (size_t)(end - line) : len - at;
		bool is_cut = !end && len == SOURCE_HEAD;
		at += n + 1;
		utf8_trim(&line, &n);
		if (n == 0 || *line == '#' || (is_cut && count))
			continue;
		if (!is_list_address(line, n))
			return false;
		split_list_line(line, n, &title);
		if (title == SIZE_MAX)
			return false;
		count++;
	}
	return count > 0;
}

/* A path may have spaces: only a tab ends it. */
static int read_listed_path(struct item_builder *b, const char *line, size_t len,
			    struct chapbook_error *err)
{
	const char *tab = memchr(line, '\t', len);
	size_t n = tab ? (size_t)(tab - line) : len;
	b->item.url = item_line(b, line, n);
	if (tab)
		b->item.title = item_line(b, tab + 1, len - n - 1);
	return b->item.url ? item_emit(b, err) : 0;
}

static int read_list_line(struct item_builder *b, const char *line, size_t len, size_t number,
			  struct chapbook_error *err)
{
	size_t title;
	utf8_trim(&line, &len);
	if (len == 0 || *line == '#')
		return 0;
	item_begin(b);
	if (!is_list_address(line, len))
		return read_listed_path(b, line, len, err);
	size_t end = split_list_line(line, len, &title);
	if (title == SIZE_MAX) {
		diag_add(b->sink->diag, DIAG_ITEM_BAD, (int)number,
			 "\"%.*s\" is not an address, or an address with a title behind a tab",
			 (int)(len < 100 ? len : 100), line);
		return 0;
	}
	if (!item_set_url(b, line, end, NULL))
		return 0;
	b->item.title = item_line(b, line + title, len - title);
	return item_emit(b, err);
}

/* Take the next line at *at of the text that is there. NULL: it has no end yet. */
static const char *next_list_line(const struct buf *text, size_t *at, size_t *len)
{
	const char *line = text->data + *at;
	const char *end = memchr(line, '\n', text->len - *at);
	if (!end)
		return NULL;
	*len = (size_t)(end - line);
	*at += *len + 1;
	return line;
}

static int read_list_lines(struct source_text *text, struct item_builder *b,
			   struct chapbook_error *err)
{
	struct buf pending = BUF_INIT;
	char block[16384];
	size_t number = 0, len;
	long n = 1;
	int rc = 0;
	while (rc == 0 && n > 0) {
		n = text->bytes.read(&text->bytes, block, sizeof block, err);
		if (n > 0)
			buf_append(&pending, block, (size_t)n);
		else if (n == 0 && pending.len)
			buf_putc(&pending, '\n');
		size_t at = 0;
		const char *line;
		while (rc == 0 && n >= 0 && (line = next_list_line(&pending, &at, &len)) != NULL)
			rc = read_list_line(b, line, len, ++number, err);
		size_t left = pending.len - at;
		if (left > MAX_LINE && rc == 0)
			rc = error_set(err, CHAPBOOK_E_LIMIT,
				       "%s:%zu: a line of more than %d bytes", text->bytes.name,
				       number + 1, MAX_LINE);
		memmove(pending.data, pending.data + at, left);
		buf_truncate(&pending, left);
		if (pending.failed)
			rc = error_memory(err);
	}
	buf_release(&pending);
	return n < 0 ? -1 : rc;
}

static int lines_read(struct source_bytes *in, const struct source_sink *sink,
		      struct chapbook_error *err)
{
	struct source_text text;
	struct item_builder b = {.sink = sink};
	source_text_init(&text, in);
	int rc = read_list_lines(&text, &b, err);
	item_release(&b);
	source_text_release(&text);
	return rc;
}

const struct source_format source_lines = {.name = "lines", .is = lines_is, .read = lines_read};
