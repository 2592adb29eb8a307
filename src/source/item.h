/* An item that is being read: its fields in an arena. */
#ifndef SOURCE_ITEM_H
#define SOURCE_ITEM_H

#include "source/source.h"

#include "base/arena.h"

/* Units of a time that is a number. */
enum source_time {
	SOURCE_TIME_TEXT,    /* a date in words or in digits */
	SOURCE_TIME_SECONDS, /* since 1970; milliseconds and microseconds differ by their size */
	SOURCE_TIME_WEBKIT   /* microseconds since 1601 */
};

struct item_builder {
	struct arena arena;
	struct chapbook_item item;
	const struct source_sink *sink;
	struct {
		const char **items;
		size_t count, cap;
	} tags;
	struct {
		struct chapbook_item_author *items;
		size_t count, cap;
	} authors;
	struct {
		struct chapbook_highlight *items;
		size_t count, cap;
	} highlights;
};

/* Begin another item; the strings of the last one are released. */
void item_begin(struct item_builder *b);
void item_release(struct item_builder *b);

/* A copy, trimmed, with white space folded to one space. NULL where nothing is left. Entities of
 * HTML are not decoded. */
const char *item_line(struct item_builder *b, const char *text, size_t len);
/* A copy, trimmed, with its lines. */
const char *item_text(struct item_builder *b, const char *text, size_t len);
/* A date in W3C form, or NULL where it is none. */
const char *item_date(struct item_builder *b, const char *text, size_t len, enum source_time unit);

void item_add_tag(struct item_builder *b, const char *text, size_t len);
/* Tags in one string. `separator`: a character; 'l': a list as JSON or Python have it ("['a',
 * 'b']"), else commas. */
void item_add_tags(struct item_builder *b, const char *text, size_t len, char separator);
/* One author, or several ("Ann Brown, Bo Lee"). */
void item_add_author(struct item_builder *b, const char *text, size_t len);
void item_add_highlight(struct item_builder *b, const char *text, const char *note);

/* Set item.url, resolved with `base` where it is relative (NULL: it cannot be). Returns whether it
 * is the address of a web page; else it is reported, unless it is empty, and not set. */
bool item_set_url(struct item_builder *b, const char *text, size_t len, const char *base);

/* Pass the item on. Returns what the sink does; -1: memory ran out. */
int item_emit(struct item_builder *b, struct chapbook_error *err);

#endif
