#include "article/language_tag.h"

#include <string.h>
#include <strings.h>

static bool is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool all_alpha(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_alpha(s[i]))
			return false;
	return true;
}

static bool all_digit(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(s[i]))
			return false;
	return true;
}

/* Tags of old that the grammar lists one by one; those of its form need no place here. */
static bool is_grandfathered(const char *tag, size_t len)
{
	static const char *const irregular[] = {
		"en-GB-oed", "i-ami", "i-bnn",     "i-default", "i-enochian", "i-hak",
		"i-klingon", "i-lux", "i-mingo",   "i-navajo",  "i-pwn",      "i-tao",
		"i-tay",     "i-tsu", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE",
	};
	for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++)
		if (strlen(irregular[i]) == len && strncasecmp(irregular[i], tag, len) == 0)
			return true;
	return false;
}

bool language_tag_is_well_formed(const char *tag, size_t len)
{
	enum { LANGUAGE, EXTLANG, SCRIPT, REGION, VARIANT, EXTENSION, PRIVATE } stage = LANGUAGE;
	int extlangs = 0;
	bool wants_more = false; /* a singleton must be followed by something */
	if (len == 0)
		return false;
	if (is_grandfathered(tag, len))
		return true;
	for (size_t i = 0; i <= len;) {
		const char *dash = i < len ? memchr(tag + i, '-', len - i) : NULL;
		size_t n = dash ? (size_t)(dash - tag) - i : len - i;
		const char *s = tag + i;
		bool alpha = all_alpha(s, n);
		if (n < 1 || n > 8)
			return false;
		for (size_t j = 0; j < n; j++)
			if (!is_alpha(s[j]) && !is_digit(s[j]))
				return false;
		if (stage == PRIVATE || (stage == EXTENSION && n >= 2)) {
			wants_more = false;
		} else if (n == 1) {
			if (wants_more || (stage == LANGUAGE && (s[0] | 32) != 'x'))
				return false;
			stage = (s[0] | 32) == 'x' ? PRIVATE : EXTENSION;
			wants_more = true;
		} else if (stage == LANGUAGE) {
			if (!alpha || n < 2)
				return false;
			stage = n <= 3 ? EXTLANG : SCRIPT;
		} else if (stage == EXTLANG && alpha && n == 3 && extlangs < 3) {
			extlangs++;
		} else if (stage <= SCRIPT && alpha && n == 4) {
			stage = REGION;
		} else if (stage <= REGION && ((alpha && n == 2) || (n == 3 && all_digit(s, n)))) {
			stage = VARIANT;
		} else if (n >= 5 || (n == 4 && is_digit(s[0]))) {
			stage = VARIANT;
		} else {
			return false;
		}
		i += n + 1;
	}
	return !wants_more;
}

bool language_tag_is_valid(const char *tag)
{
	enum { MAX_TAG = 100 };
	size_t len = strlen(tag), language = strcspn(tag, "-");
	return (language == 2 || language == 3) && len <= MAX_TAG &&
	       language_tag_is_well_formed(tag, len);
}

void language_tag_settle_case(char *tag)
{
	bool first = true, after_single = false;
	for (char *p = tag; *p;) {
		size_t len = strcspn(p, "-");
		for (size_t i = 0; i < len; i++)
			if (is_alpha(p[i]))
				p[i] |= 0x20;
		bool plain = !first && !after_single;
		size_t capitals = plain && len == 2 ? 2 : plain && len == 4 ? 1 : 0;
		for (size_t i = 0; i < capitals; i++)
			if (is_alpha(p[i]))
				p[i] &= ~0x20;
		after_single = len == 1;
		first = false;
		p += len + (p[len] == '-');
	}
}
