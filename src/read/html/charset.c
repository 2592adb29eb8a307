/* The charset that a page says it is in. */
#include "read/charset/charset.h"

#include "base/ascii.h"
#include "read/html/tag.h"

#include <string.h>
#include <strings.h>

enum { MAX_HEAD = 128 * 1024, MAX_BEFORE_HTML = 4096 };

/* A label: without white space and quotes around it. */
static void take_label(const char *s, size_t len, char *name, size_t name_size)
{
	while (len && (ascii_is_html_space(s[0]) || s[0] == '"' || s[0] == '\''))
		s++, len--;
	size_t n = 0;
	while (n < len && !ascii_is_html_space(s[n]) && s[n] != ';' && s[n] != '"' && s[n] != '\'')
		n++;
	if (n == 0 || n >= name_size)
		return;
	memcpy(name, s, n);
	name[n] = '\0';
	/* A page that was read so far is not in UTF-16, whatever it says. */
	if (strncasecmp(name, "utf-16", 6) == 0)
		memcpy(name, "utf-8", sizeof "utf-8");
}

/* What follows "charset=" in a text such as "text/html; charset=utf-8". */
static void take_parameter(const char *s, size_t len, char *name, size_t name_size)
{
	const char *end = s + len;
	for (; end - s > 7; s++) {
		if (strncasecmp(s, "charset", 7) != 0)
			continue;
		const char *p = s + 7;
		while (p < end && ascii_is_html_space(*p))
			p++;
		if (p < end && *p == '=') {
			take_label(p + 1, (size_t)(end - p - 1), name, name_size);
			return;
		}
	}
}

static void take_meta(const char *s, const struct html_tag *tag, char *name, size_t name_size)
{
	struct html_attribute a, content = {0};
	bool pragma = false;
	for (size_t at = 0; html_tag_next(s, tag, &at, &a);) {
		if (html_attribute_is(&a, "charset"))
			take_label(a.value, a.value_len, name, name_size);
		else if (html_attribute_is(&a, "content"))
			content = a;
		else if (html_attribute_is(&a, "http-equiv"))
			pragma = a.value_len == 12 && strncasecmp(a.value, "content-type", 12) == 0;
	}
	if (!name[0] && pragma && content.value)
		take_parameter(content.value, content.value_len, name, name_size);
}

/* <?xml version="1.0" encoding="…"?> */
static void take_declaration(const char *bytes, size_t size, char *name, size_t name_size)
{
	size_t i = 0;
	while (i < size && ascii_is_html_space(bytes[i]))
		i++;
	if (size - i < 5 || memcmp(bytes + i, "<?xml", 5) != 0)
		return;
	const char *end = memchr(bytes + i, '>', size - i);
	const char *encoding =
		end ? memmem(bytes + i, (size_t)(end - bytes) - i, "encoding", 8) : NULL;
	const char *equals = encoding ? memchr(encoding, '=', (size_t)(end - encoding)) : NULL;
	if (equals)
		take_label(equals + 1, (size_t)(end - equals - 1), name, name_size);
}

void charset_of_page(const char *bytes, size_t size, char *name, size_t name_size)
{
	const char *end = bytes + (size < MAX_HEAD ? size : MAX_HEAD);
	name[0] = '\0';
	for (const char *s = bytes; (s = memchr(s, '<', (size_t)(end - s))) != NULL;) {
		struct html_tag tag;
		size_t left = (size_t)(end - s);
		if (left >= 4 && memcmp(s, "<!--", 4) == 0) {
			const char *close = memmem(s + 2, left - 2, "-->", 3);
			if (!close)
				break;
			s = close + 3;
			continue;
		}
		if (!html_tag_read(s, left, &tag)) {
			if (tag.name)
				break;
			s++;
			continue;
		}
		if (tag.id == GUMBO_TAG_BODY || (tag.end && tag.id == GUMBO_TAG_HEAD))
			break;
		if (tag.id == GUMBO_TAG_META && !tag.end)
			take_meta(s, &tag, name, name_size);
		if (name[0])
			return;
		s += tag.len;
		if (!tag.end && tag.id == GUMBO_TAG_SCRIPT) {
			const char *close = memmem(s, (size_t)(end - s), "</", 2);
			while (close && strncasecmp(close + 2, "script", 6) != 0)
				close = memmem(close + 2, (size_t)(end - close - 2), "</", 2);
			s = close ? close : end;
		}
	}
	take_declaration(bytes, size, name, name_size);
}

void language_of_page(const char *bytes, size_t size, char *tag_out, size_t tag_size)
{
	const char *end = bytes + (size < MAX_BEFORE_HTML ? size : MAX_BEFORE_HTML);
	struct html_tag tag;
	struct html_attribute a;
	tag_out[0] = '\0';
	for (const char *s = bytes; (s = memchr(s, '<', (size_t)(end - s))) != NULL; s++) {
		if (!html_tag_read(s, (size_t)(end - s), &tag) || tag.id != GUMBO_TAG_HTML)
			continue;
		for (size_t at = 0; html_tag_next(s, &tag, &at, &a);)
			if ((html_attribute_is(&a, "lang") || html_attribute_is(&a, "xml:lang")) &&
			    a.value_len > 0 && a.value_len < tag_size) {
				memcpy(tag_out, a.value, a.value_len);
				tag_out[a.value_len] = '\0';
			}
		return;
	}
}
