#include "article/language_tag.h"

#include <stddef.h>
#include <string.h>

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool language_tag_is_valid(const char *tag)
{
	enum { LANGUAGE, SCRIPT, REGION, VARIANT, PRIVATE } stage = LANGUAGE;
	bool private_open = false; /* "x-" needs something behind it */

	for (size_t total = 0;; tag++) {
		size_t len = strcspn(tag, "-"), letters = 0, digits = 0;
		for (size_t i = 0; i < len; i++) {
			letters += is_alpha(tag[i]);
			digits += is_digit(tag[i]);
		}
		total += len + 1;
		if (len == 0 || len > 8 || letters + digits != len || total > 100)
			return false;
		if (stage == LANGUAGE) {
			if (digits || len < 2 || len > 3)
				return false;
			stage = SCRIPT;
		} else if (stage == PRIVATE) {
			private_open = false;
		} else if (len == 1 && (*tag == 'x' || *tag == 'X')) {
			stage = PRIVATE;
			private_open = true;
		} else if (stage == SCRIPT && len == 4 && letters == 4) {
			stage = REGION;
		} else if (stage <= REGION &&
			   ((len == 2 && letters == 2) || (len == 3 && digits == 3))) {
			stage = VARIANT;
		} else if (len >= 5 || (len == 4 && is_digit(*tag))) {
			stage = VARIANT;
		} else {
			return false;
		}
		tag += len;
		if (!*tag)
			return !private_open;
	}
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
