/* What a drawn cover says: templates/cover.svg. */
#include "cover/cover.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "book/dates.h"

#include <string.h>

enum { SHORT_TITLE = 26, LONG_TITLE = 80, LISTED_ARTICLES = 6 };

/* How much room a text takes: in letters, where an ideograph is as wide as two. */
static size_t extent(const char *text)
{
	size_t sum = 0;
	for (size_t len = strlen(text), i = 0; i < len;) {
		uint32_t cp;
		i += utf8_decode(text + i, len - i, &cp);
		sum += cp_is_cjk(cp) ? 2 : 1;
	}
	return sum;
}

/* "Ann Brown, Yu Hongjun and Li Wei" */
static char *names(struct arena *arena, const struct book *book)
{
	struct buf text = BUF_INIT;
	size_t count = 0, i = 0;
	for (size_t n = 0; n < book->authors.count; n++)
		count += author_wrote(&book->authors.items[n]);
	for (size_t n = 0; n < book->authors.count && i < MAX_NAMES_SHOWN; n++) {
		const char *name = book->authors.items[n].name;
		if (!author_wrote(&book->authors.items[n]))
			continue;
		buf_puts(&text, labels_joint(book->labels, i++, count));
		buf_puts(&text, name);
	}
	if (count > MAX_NAMES_SHOWN)
		buf_puts(&text, book->labels->text[LABEL_AND_OTHERS]);
	return buf_to_arena(&text, arena);
}

static char *date(struct arena *arena, const struct book *book)
{
	struct buf text = BUF_INIT;
	if (book->published)
		date_put(&text, book->published, book->language);
	return buf_to_arena(&text, arena);
}

bool cover_is_rtl(const struct book *book)
{
	int direction = utf8_direction(book->title);
	return direction > 0 || (direction == 0 && book->direction == DIR_RTL);
}

struct value *cover_facts(struct arena *arena, const struct book *book)
{
	const struct article *only = book->article_count == 1 ? book->articles[0] : NULL;
	struct value *map = value_map(arena), *articles = value_list(arena);
	size_t room = extent(book->title);
	/* A title that is made of those of the articles says enough. */
	bool listed = !only && !strstr(book->title, book->articles[0]->title);
	for (size_t i = 0; listed && i < book->article_count && i < LISTED_ARTICLES; i++)
		value_add(arena, articles, value_string(arena, book->articles[i]->title));
	value_put_string(arena, map, "title", book->title);
	value_put_string(arena, map, "subtitle", book->subtitle);
	value_put_string(arena, map, "authors", names(arena, book));
	value_put_string(arena, map, "publisher", book->publisher);
	value_put_string(arena, map, "section", only ? only->section : NULL);
	value_put_string(arena, map, "date", date(arena, book));
	value_put_string(arena, map, "language", book->language);
	value_put(arena, map, "articles", articles);
	value_put(arena, map, "has_articles", value_bool(arena, listed));
	value_put(arena, map, "rtl", value_bool(arena, cover_is_rtl(book)));
	value_put(arena, map, "short", value_bool(arena, room <= SHORT_TITLE));
	value_put(arena, map, "long", value_bool(arena, room > LONG_TITLE));
	return map;
}
