/* Classes of ASCII characters, independent of the locale. They take chars and code points: a char
 * below 0 is none of them. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool ascii_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(uint32_t c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* White space of XML 1.0: space, tab, line feed, carriage return. */
static inline bool ascii_is_xml_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* White space of HTML and CSS: that of XML and form feed. */
static inline bool ascii_is_html_space(uint32_t c)
{
	return ascii_is_xml_space(c) || c == '\f';
}

/* White space of C: that of HTML and vertical tab. */
static inline bool ascii_is_space(uint32_t c)
{
	return ascii_is_html_space(c) || c == '\v';
}

static inline bool ascii_are_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!ascii_is_digit(s[i]))
			return false;
	return true;
}

/* The value of a hexadecimal digit; -1 for other characters. */
static inline int ascii_hex_value(uint32_t c)
{
	if (ascii_is_digit(c))
		return (int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (int)(c - 'a') + 10;
	return c >= 'A' && c <= 'F' ? (int)(c - 'A') + 10 : -1;
}

#endif
