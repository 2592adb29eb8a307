#include "lang/caption.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "lang/caption_parts.h"

#include <stdint.h>
#include <string.h>

bool caption_is_marked(const char *text, size_t len)
{
	struct lexicon_match match;
	struct stretch s = {text, 0, len};
	uint32_t cp;
	credit_trim(&s);
	if (s.start == s.end)
		return false;
	size_t n = utf8_decode(text + s.start, s.end - s.start, &cp);
	bool bracket = cp == '[' || cp == 0x3010 || cp == '(' || cp == 0xFF08;
	if (bracket) {
		size_t end = s.end;
		uint32_t close;
		size_t m = credit_last_cp(text, end, &close);
		if (credit_opening_bracket(text, end, close) != s.start ||
		    end - s.start > 4 * MAX_BRACKET)
			return false;
		s.start += n;
		s.end -= m;
	}
	text += s.start;
	len = s.end - s.start;
	if (lexicon_prefix(credit_words(), KIND(CAPTION), text, len, &match))
		return true;
	if (!lexicon_prefix(credit_words(), KIND(FIGURE), text, len, &match))
		return false;
	size_t at = match.len + credit_skip_spaces(text + match.len, len - match.len);
	size_t digits = at;
	while (digits < len && (ascii_is_digit(text[digits]) ||
				(digits > at && (text[digits] == '.' || text[digits] == '-') &&
				 digits + 1 < len && ascii_is_digit(text[digits + 1]))))
		digits++;
	size_t sep = credit_separator(text + digits, len - digits);
	bool stop = digits < len && text[digits] == '.';
	if (digits > at) /* "Figure 2: …", "图1 …" */
		return (sep || stop || (cp_is_cjk(cp) && digits < len)) && digits + 1 < len;
	return bracket && sep && text[digits] != '/' && digits + sep < len;
}
