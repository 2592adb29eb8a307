/* Tags that are none, and elements that are not closed: what would otherwise take text away. */
#include "base/word_list.h"
#include "read/html/tag.h"

#include <string.h>
#include <strings.h>

/* Elements of HTML that gumbo does not know. */
static bool is_new(const struct html_tag *tag)
{
	return word_list_has_case("dialog picture portal rbc search slot", tag->name,
				  tag->name_len);
}

bool html_tag_is_unknown(const char *html, const struct html_tag *tag, bool foreign)
{
	struct html_attribute a;
	if (foreign || is_new(tag) || (tag->id != GUMBO_TAG_UNKNOWN && !(tag->is & HTML_FOREIGN)))
		return false;
	if (!memchr(tag->name, '-', tag->name_len))
		return true;
	for (size_t at = 0; html_tag_next(html, tag, &at, &a);)
		if (!a.bare)
			return false;
	return true;
}

static bool is_one_of(const struct html_attribute *a, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (html_attribute_is(a, names[i]))
			return true;
	return false;
}

/* Whether the attributes are words: without any value, and not all of them names that HTML has. */
static bool has_words(const char *html, const struct html_tag *tag)
{
	static const char *const names[] = {"allowfullscreen",
					    "alt",
					    "async",
					    "autofocus",
					    "autoplay",
					    "checked",
					    "class",
					    "compact",
					    "controls",
					    "crossorigin",
					    "default",
					    "defer",
					    "disabled",
					    "download",
					    "hidden",
					    "id",
					    "inert",
					    "ismap",
					    "itemscope",
					    "loop",
					    "multiple",
					    "muted",
					    "nomodule",
					    "noshade",
					    "novalidate",
					    "nowrap",
					    "open",
					    "playsinline",
					    "readonly",
					    "required",
					    "reversed",
					    "selected",
					    "mozallowfullscreen",
					    "webkitallowfullscreen"};
	struct html_attribute a;
	bool unknown = false;
	for (size_t at = 0; html_tag_next(html, tag, &at, &a);) {
		if (!a.bare)
			return false;
		unknown |= !memchr(a.name, '-', a.name_len) &&
			   !is_one_of(&a, names, sizeof names / sizeof *names);
	}
	return unknown;
}

bool html_tag_is_word(const char *html, size_t len, const struct html_tag *tag, size_t *searched)
{
	if (tag->end || tag->self_closing)
		return false;
	if (tag->attributes)
		return has_words(html, tag);
	return (tag->is & HTML_WORD) && !html_tag_is_closed(html, len, tag, searched);
}

bool html_tag_is_closed(const char *html, size_t len, const struct html_tag *tag, size_t *searched)
{
	size_t open = 1, n = tag->name_len;
	const char *end = html + len, *lt = html + tag->len;
	for (; (lt = memchr(lt, '<', (size_t)(end - lt))) != NULL; lt++) {
		bool closing = html_is_end_tag(lt, end, tag->name, n);
		if (!closing &&
		    ((size_t)(end - lt) <= n + 1 || strncasecmp(lt + 1, tag->name, n) != 0 ||
		     !strchr(" \t\n\f/>", lt[n + 1]) || !lt[n + 1]))
			continue;
		struct html_tag other;
		bool whole = html_tag_read(lt, (size_t)(end - lt), &other);
		open += !closing && !(whole && other.self_closing);
		open -= closing;
		if (open == 0)
			break;
	}
	*searched += (size_t)((lt ? lt : end) - html);
	return lt != NULL;
}
