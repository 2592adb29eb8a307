#include "lang/byline.h"

#include "base/utf8.h"
#include "lang/phrases.h"

#include <string.h>

size_t byline_skip_marks(const char *s, size_t len, bool *has_mark)
{
	static const uint32_t marks[] = {':',    '/',    '|',    '=',    0xB7,
					 0x2022, 0xFF0F, 0xFF1A, 0xFF1D, 0xFF5C};
	size_t i = 0;
	*has_mark = false;
	while (i < len) {
		uint32_t cp;
		size_t n = utf8_decode(s + i, len - i, &cp);
		bool is_mark = cp == '-' && i > 0; /* "By - Ann Brown", but "By-law" */
		for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
			is_mark |= cp == marks[k];
		if (!is_mark && !cp_is_space(cp))
			break;
		*has_mark |= is_mark;
		i += n;
	}
	return i;
}

size_t byline_label(const char *s, size_t len)
{
	bool has_mark;
	size_t n = phrase_at(PHRASE_BY_MARK, s, len), skip, start;
	if (n) {
		skip = byline_skip_marks(s + n, len - n, &has_mark);
		if (has_mark)
			return n + skip;
	}
	n = phrase_at(PHRASE_BY, s, len);
	if (!n)
		return 0;
	skip = byline_skip_marks(s + n, len - n, &has_mark);
	uint32_t last;
	for (start = n - 1; start > 0 && ((unsigned char)s[start] & 0xC0) == 0x80;)
		start--;
	utf8_decode(s + start, n - start, &last);
	/* White space is enough, and among ideographs nothing is. */
	return skip || cp_is_cjk(last) ? n + skip : 0;
}

bool byline_has_position(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((i == 0 || s[i - 1] == ' ') && phrase_at(PHRASE_POSITION, s + i, len - i))
			return true;
	return false;
}

size_t byline_joint(const char *s, size_t len, size_t at)
{
	static const char *const marks[] = {",", ";", "&", "、", "，", "；", "،"};
	bool after_space = at > 0 && s[at - 1] == ' ';
	s += at;
	len -= at;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (len >= strlen(marks[i]) && memcmp(s, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	size_t n = after_space ? phrase_at(PHRASE_AND, s, len) : 0;
	return n && n < len && s[n] == ' ' ? n : 0;
}
