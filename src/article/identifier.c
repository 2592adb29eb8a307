#include "article/identifier.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The schemes that pandoc names, and how else they are written. */
static const struct {
	const char *scheme, *code;
	const char *spellings[3];
} schemes[] = {
	{"ISBN-10", "02", {"isbn10", NULL}},
	{"GTIN-13", "03", {"gtin13", "ean13", "ean"}},
	{"UPC", "04", {"upc", NULL}},
	{"ISMN-10", "05", {"ismn10", NULL}},
	{"DOI", "06", {"doi", NULL}},
	{"LCCN", "13", {"lccn", NULL}},
	{"GTIN-14", "14", {"gtin14", NULL}},
	{"ISBN-13", "15", {"isbn13", NULL}},
	{"Legal deposit number", "17", {"legaldepositnumber", NULL}},
	{"URN", "22", {"urn", NULL}},
	{"OCLC", "23", {"oclc", "oclcnumber"}},
	{"ISMN-13", "25", {"ismn13", "ismn"}},
	{"ISBN-A", "26", {"isbna", NULL}},
	{"JP", "27", {"jp", NULL}},
	{"OLCC", "28", {"olcc", "olccnumber"}},
};

const char *identifier_onix_code(const char *scheme)
{
	for (size_t i = 0; scheme && i < sizeof schemes / sizeof *schemes; i++)
		if (strcmp(schemes[i].scheme, scheme) == 0)
			return schemes[i].code;
	return NULL;
}

/* The scheme's usual spelling, or what was given. */
static const char *find_scheme(const char *given)
{
	char plain[32];
	size_t len = 0;
	for (const char *s = given; *s && len + 1 < sizeof plain; s++)
		if (!strchr(" -_.:", *s))
			plain[len++] = *s;
	plain[len] = '\0';
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		for (size_t k = 0; k < 3 && schemes[i].spellings[k]; k++)
			if (strcasecmp(schemes[i].spellings[k], plain) == 0)
				return schemes[i].scheme;
	return given;
}

/* --- ISBN (ISO 2108) --- */

/* The digits and X of an ISBN that may have "ISBN", "urn:isbn:", hyphens and spaces; 0 when there
 * is anything else. */
static size_t isbn_digits(const char *value, char digits[14])
{
	size_t count = 0;
	if (strncasecmp(value, "urn:", 4) == 0)
		value += 4;
	if (strncasecmp(value, "isbn", 4) == 0) {
		value += 4;
		if (strncmp(value, "-13", 3) == 0 || strncmp(value, "-10", 3) == 0)
			value += 3;
		value += strspn(value, ": ");
	}
	for (; *value; value++) {
		bool digit = ascii_is_digit(*value);
		if (*value == '-' || *value == ' ' || strncmp(value, "\xE2\x80\x90", 3) == 0 ||
		    strncmp(value, "\xE2\x80\x93", 3) == 0) {
			value += *value == '-' || *value == ' ' ? 0 : 2;
			continue;
		}
		if (count == 13 || !(digit || (count == 9 && (*value | 32) == 'x')))
			return 0;
		digits[count++] = digit ? *value : 'X';
	}
	digits[count] = '\0';
	return count;
}

static bool isbn_is_right(const char *digits, size_t count)
{
	unsigned sum = 0;
	if (count == 13) {
		for (size_t i = 0; i < 13; i++)
			sum += (unsigned)(digits[i] - '0') * (i % 2 ? 3 : 1);
		return sum % 10 == 0 && !memchr(digits, 'X', 13) &&
		       (strncmp(digits, "978", 3) == 0 || strncmp(digits, "979", 3) == 0);
	}
	for (size_t i = 0; count == 10 && i < 10; i++)
		sum += (digits[i] == 'X' ? 10 : (unsigned)(digits[i] - '0')) * (unsigned)(10 - i);
	return count == 10 && sum % 11 == 0;
}

/* --- DOI (ISO 26324) --- */

static bool is_doi(const char *value)
{
	static const char *const starts[] = {"doi:", "https://doi.org/", "http://doi.org/",
					     "http://dx.doi.org/", "https://dx.doi.org/"};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (strncasecmp(value, starts[i], strlen(starts[i])) == 0) {
			value += strlen(starts[i]);
			break;
		}
	size_t digits = strncmp(value, "10.", 3) == 0 ? strspn(value + 3, "0123456789.") : 0;
	return digits >= 4 && value[3 + digits] == '/' && value[4 + digits];
}

/* Readers fold white space in the package document and not in the NCX, which must say the same. */
static bool fill_value(struct article *a, const char *value, struct identifier *id)
{
	struct buf folded = BUF_INIT;
	utf8_clean(&folded, value, strlen(value));
	buf_fold_space(&folded, 0);
	a->arena.failed |= folded.failed;
	bool there = article_fill(a, &id->value, folded.data, folded.len);
	buf_release(&folded);
	return there;
}

enum identifier_outcome identifier_make(struct article *a, const char *scheme, const char *value,
					struct identifier *id)
{
	char digits[14], urn[32];
	*id = (struct identifier){0};
	if (!fill_value(a, value, id))
		return IDENTIFIER_EMPTY;
	const char *found = scheme && *scheme ? find_scheme(scheme) : NULL;
	bool isbn = found && strncasecmp(found, "ISBN", 4) == 0 && strcmp(found, "ISBN-A") != 0;
	bool named = isbn || strncasecmp(id->value, "isbn", 4) == 0 ||
		     strncasecmp(id->value, "urn:isbn:", 9) == 0;
	size_t count = !found || isbn ? isbn_digits(id->value, digits) : 0;
	if (isbn_is_right(digits, count)) {
		snprintf(urn, sizeof urn, "urn:isbn:%s", digits);
		id->value = arena_dup(&a->arena, urn);
		found = count == 13 ? "ISBN-13" : "ISBN-10";
	} else if (!found && is_doi(id->value)) {
		found = "DOI";
	}
	article_fill(a, &id->scheme, found, SIZE_MAX);
	return named && !isbn_is_right(digits, count) ? IDENTIFIER_BAD_ISBN : IDENTIFIER_OK;
}
