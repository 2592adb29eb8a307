#include "epub/facts.h"

#include "article/url.h"
#include "base/timestamp.h"
#include "book/dates.h"

#include <string.h>

char *facts_link(struct arena *arena, const char *url)
{
	struct buf clean = BUF_INIT;
	char *link = NULL;
	if (url && url_is_absolute(url) && url_put_clean(&clean, url, strlen(url), URL_LINK))
		link = buf_to_arena(&clean, arena);
	return link;
}

bool facts_has_role(const struct author *author, const char *role)
{
	if (!role)
		return author_wrote(author);
	return author->name && author->role && strcmp(author->role, role) == 0;
}

const struct page *facts_find_page(const struct book *book, enum page_kind kind)
{
	for (size_t i = 0; i < book->pages.count; i++)
		if (book->pages.items[i].kind == kind && !book->pages.items[i].dropped)
			return &book->pages.items[i];
	return NULL;
}

bool facts_lists_photos(const struct book *book)
{
	for (size_t i = 0; book->photos_href && i < book->photos.count; i++)
		if (book_lists_photo(&book->photos.items[i]))
			return true;
	return false;
}

/* "https://www.example.org/essays/%C3%A9t%C3%A9/" -> "example.org/essays/été"; of a long one the
 * host alone. */
static char *address_text(struct arena *arena, const char *url)
{
	enum { MAX_BYTES = 72 };
	const char *scheme = strstr(url, "://");
	const char *text = scheme ? scheme + 3 : url;
	text += strncmp(text, "www.", 4) == 0 ? 4 : 0;
	size_t len = strlen(text);
	struct buf decoded = BUF_INIT;
	url_put_decoded(&decoded, text, len - (len && text[len - 1] == '/'));
	char *short_text = decoded.len <= MAX_BYTES
				   ? arena_dup(arena, decoded.data)
				   : arena_printf(arena, "%.*s/…", (int)strcspn(text, "/?#"), text);
	buf_end(&decoded, &arena->failed);
	return short_text;
}

struct value *facts_date(struct arena *arena, const char *language, const char *w3c,
			 const char **printed)
{
	long long epoch;
	struct buf text = BUF_INIT;
	if (!w3c)
		return NULL;
	struct value *date = value_map(arena);
	date_put(&text, w3c, language);
	value_put_string(arena, date, "iso", when_parse(w3c, &epoch) ? w3c : NULL);
	const char *copy = arena_dup(arena, text.data);
	value_put_string(arena, date, "text", copy);
	if (printed)
		*printed = copy;
	buf_end(&text, &arena->failed);
	return date;
}

struct value *facts_address(struct arena *arena, const char *url)
{
	char *href = facts_link(arena, url);
	if (!href)
		return NULL;
	struct value *address = value_map(arena);
	value_put_string(arena, address, "href", href);
	value_put_string(arena, address, "text", address_text(arena, url));
	return address;
}

const char *facts_source(const struct article *article)
{
	return article->canonical_url ? article->canonical_url : article->source_url;
}
