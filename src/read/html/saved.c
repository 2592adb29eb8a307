#include "read/html/saved.h"

#include "article/tree.h"

#include <string.h>
#include <strings.h>

enum { TOP = 16 * 1024 }; /* where such comments stand */

struct stretch {
	const char *s;
	size_t len;
};

/* The rest of the line behind `word` in a comment, trimmed. */
static char *behind(struct arena *arena, struct stretch comment, const char *word)
{
	const char *end = comment.s + comment.len;
	const char *at = memmem(comment.s, comment.len, word, strlen(word));
	if (!at)
		return NULL;
	at += strlen(word);
	const char *eol = memchr(at, '\n', (size_t)(end - at));
	end = eol ? eol : end;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return end > at ? arena_dupn(arena, at, (size_t)(end - at)) : NULL;
}

static void read_comment(struct saved_page *saved, struct stretch comment, struct arena *arena)
{
	if (memmem(comment.s, comment.len, "saved from url=(", 16)) {
		char *url = behind(arena, comment, "saved from url=(");
		url = url ? strchr(url, ')') : NULL;
		if (url)
			saved->url = url + 1;
	} else if (memmem(comment.s, comment.len, "Page saved with SingleFile", 26)) {
		saved->url = behind(arena, comment, "url: ");
		saved->date = behind(arena, comment, "saved date: ");
	} else if (memmem(comment.s, comment.len, "Mirrored from ", 14) &&
		   memmem(comment.s, comment.len, " by HTTrack", 11)) {
		char *host = behind(arena, comment, "Mirrored from ");
		if (host) {
			host[strcspn(host, " ")] = '\0';
			saved->url = arena_printf(arena, "http://%s", host);
		}
	}
}

static void read_metas(struct saved_page *saved, const xmlNode *html)
{
	const xmlNode *head = tree_first_element(html);
	for (const xmlNode *n = tree_first_element(head); n; n = tree_next_element(n)) {
		const char *name = tree_is(n, "meta") ? tree_get(n, "name") : NULL;
		if (name && !saved->url && strcasecmp(name, "savepage-url") == 0)
			saved->url = tree_get(n, "content");
		else if (name && !saved->date && strcasecmp(name, "savepage-date") == 0)
			saved->date = tree_get(n, "content");
	}
}

struct saved_page saved_page_find(const char *text, size_t len, const xmlNode *html,
				  struct arena *arena)
{
	struct saved_page saved = {0};
	const char *end = text + (len < TOP ? len : TOP);
	for (const char *s = text; !saved.url && (s = memmem(s, (size_t)(end - s), "<!--", 4));) {
		s += 4;
		const char *close = memmem(s, (size_t)(end - s), "-->", 3);
		if (!close)
			break;
		read_comment(&saved, (struct stretch){s, (size_t)(close - s)}, arena);
		s = close;
	}
	if (!saved.url)
		saved.url = tree_get(html, "data-scrapbook-source");
	if (!saved.url)
		read_metas(&saved, html);
	return saved;
}
