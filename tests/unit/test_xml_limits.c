/* What is refused before libxml2 reads it, in UTF-8 and in UTF-16. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/xml_limits.h"

/* `text` (Latin-1) as UTF-16 with a byte order mark. */
static void put_utf16(struct buf *out, const struct buf *text, bool big)
{
	buf_append(out, big ? "\xFE\xFF" : "\xFF\xFE", 2);
	for (size_t i = 0; i < text->len; i++) {
		if (big)
			buf_putc(out, '\0');
		buf_putc(out, text->data[i]);
		if (!big)
			buf_putc(out, '\0');
	}
}

static const char *excess(const struct buf *text, size_t *line)
{
	return xml_excess(text->data, text->len, 0, line);
}

static void expect(struct buf *text, const char *part, size_t expected_line)
{
	for (int form = 0; form < 3; form++) {
		struct buf wide = BUF_INIT;
		size_t line = 0;
		if (form > 0)
			put_utf16(&wide, text, form == 1);
		const char *found = excess(form ? &wide : text, &line);
		if (!part) {
			if (found)
				fail_msg("%.60s: %s", text->data, found);
		} else if (!found || !strstr(found, part) || line != expected_line) {
			fail_msg("form %d, %.60s: %s, line %zu", form, text->data,
				 found ? found : "accepted", line);
		}
		buf_release(&wide);
	}
	buf_release(text);
}

/* `before`, then an attribute `count` times, then `after`. */
static struct buf many(const char *before, size_t count, const char *attribute, const char *after)
{
	struct buf text = BUF_INIT;
	buf_puts(&text, before);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, attribute, i);
	buf_puts(&text, after);
	return text;
}

/* Each puts a start tag with too many attributes behind something that might hide it. */
static void test_hidden(void **state)
{
	static const char *const before[] = {
		"<a",
		"<!DOCTYPE a [<!ENTITY e \"<!-\"><!ENTITY f '-->'>]><a",
		"<!DOCTYPE a SYSTEM '<!--'><a",
		"<!DOCTYPE a [<!-- ' [ --> <?p \" ?> <!ENTITY e 'x]>'>]><a",
		"<!-- \" --><a",
		"<?p ' ?><a",
		"<r><![CDATA[<!--]]><a",
		"<r b='<!--' c=\"'\"><a",
		"<r>it's<a",
		"<r b='>'/><a",
	};
	(void)state;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct buf text = many(before[i], 1001, "\n b%zu=''", "/>");
		expect(&text, "1000 attributes", 1);
	}
	struct buf text = many("<r>\n\n<a", 1001, " b%zu='>'", "/>");
	expect(&text, "1000 attributes", 3);
}

/* A document type with so many entities, every other one a parameter entity. */
static struct buf entities(size_t count, const char *value)
{
	struct buf text = BUF_INIT;
	buf_puts(&text, "<!DOCTYPE a [\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "<!ENTITY %s%zu \"%s\">", i % 2 ? "% e" : "e", i, value);
	buf_puts(&text, "]><a/>");
	return text;
}

static void test_document_types(void **state)
{
	static const char *const markup[] = {"<b/>",        "&#60;b/>",   "&#x3c;b/>",
					     "&#x003C;b/>", "&#0060;b/>", "it<!--"};
	(void)state;
	for (size_t i = 0; i < sizeof markup / sizeof *markup; i++) {
		struct buf text = entities(60, markup[i]);
		expect(&text, "markup", 1);
		text = entities(9, markup[i]);
		expect(&text, NULL, 0);
	}
	struct buf text = many("<!DOCTYPE a [<!ATTLIST a", 99, " b%zu CDATA ''", ">]><a/>");
	expect(&text, "attribute lists", 1);
	text = many("<!DOCTYPE a [", 60, "<!ATTLIST a b%zu CDATA ''>", "]><a/>");
	expect(&text, "attribute lists", 1);
	text = many("<!DOCTYPE a [", 6000, "<!ENTITY e%zu 'x'>", "]><a/>");
	expect(&text, "64 KB", 1);
}

static void test_namespaces(void **state)
{
	(void)state;
	struct buf text = many("", 20, "<a xmlns:a%1$zu='u' xmlns:b%1$zu='u'>", "");
	for (int i = 0; i < 60; i++)
		buf_puts(&text, "<b xmlns:c='u'\txmlns:d='u'\nxmlns:e='u' xmlns:f='u' xmlns:g='u' "
				"xmlns:h='u' xmlns:i='u' xmlns:j='u' xmlns:k='u' xmlns:l='u' "
				"xmlns:m='u' xmlns:n='u' xmlns:o='u' xmlns:p='u' xmlns:q='u' "
				"xmlns:r='u' xmlns:s='u'>");
	expect(&text, "namespaces", 57);
}

/* Well-formed documents of all kinds are accepted, as libxml2 accepts them. */
static void test_accepted(void **state)
{
	static const char *const good[] = {
		"",
		"<",
		"<a/>",
		"<?xml version='1.0'?><a/>",
		"<!DOCTYPE a PUBLIC '-//W3C//DTD SVG 1.1//EN' \"http://www.w3.org/x.dtd\"><a/>",
		"<!DOCTYPE a [<!ENTITY lt '&#38;#60;'><!ENTITY ns 'http://a.b/'>"
		"<!ENTITY nbsp \"&#160;\"><!ENTITY gt '&#62;'> <!ELEMENT a (b|c)*>"
		"<!ATTLIST a id ID #IMPLIED> <!-- <!ENTITY x '<a/>'> ]> -->]><a>&ns;</a>",
		"<a>====<b c='1'/>====<![CDATA[<d ======>]]></a>",
	};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct buf text = BUF_INIT;
		buf_puts(&text, good[i]);
		expect(&text, NULL, 0);
	}
	struct buf text = many("<a", 1000, " b%zu='=&gt;='", ">=</a>");
	expect(&text, NULL, 0);
	/* Namespaces of elements that are closed are in scope no longer. */
	text = many("<a>", 3000, "<b xmlns:c='u%zu' xmlns='v'>x<b/></b><c xmlns='v'/>", "</a>");
	expect(&text, NULL, 0);
}

static void test_encodings(void **state)
{
	static const struct {
		const char *name;
		bool ok;
	} names[] = {{"UTF-8", true},        {"utf-8", true},   {"ISO-8859-15", true},
		     {"windows-1252", true}, {"EUC-JP", true},  {"KOI8-R", true},
		     {"UTF-7", false},       {"IBM037", false}, {"ISO-2022-JP", false},
		     {"Shift_JIS", false},   {"UTF-16", false}, {"UCS-4", false},
		     {"GB18030", false},     {"HZ", false},     {"x", false}};
	size_t line;
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buf text = BUF_INIT;
		buf_printf(&text, "<?xml version=\"1.0\" encoding = '%s' ?><a/>", names[i].name);
		if (!excess(&text, &line) != names[i].ok)
			fail_msg("%s", names[i].name);
		assert_null(xml_excess(text.data, text.len, XML_IS_UTF8, &line));
		buf_release(&text);
	}
	assert_non_null(xml_excess("\x4c\x6f\xa7\x94\x93", 5, XML_IS_UTF8, &line)); /* EBCDIC */
	assert_non_null(xml_excess("\0\0\0<\0\0\0a", 8, XML_IS_UTF8, &line));       /* UCS-4 */
}

static void test_root_alone(void **state)
{
	(void)state;
	struct buf text = many("<a b='>'><c", 1001, " b%zu=''", "/></a>");
	size_t line;
	assert_null(xml_excess(text.data, text.len, XML_ROOT_ALONE, &line));
	assert_non_null(xml_excess(text.data, text.len, 0, &line));
	buf_release(&text);
}

/* U+2C22 and U+2722 have the byte of a quotation mark or an apostrophe in UTF-16. */
static void test_utf16_quotes(void **state)
{
	(void)state;
	struct buf text = many("<a q=''", 1001, " b%zu=''", "/>"), wide = BUF_INIT;
	size_t line;
	put_utf16(&wide, &text, false);
	memcpy(memmem(wide.data, wide.len, "q", 2), "\x22\x2c", 2);
	assert_non_null(excess(&wide, &line));
	memcpy(memmem(wide.data, wide.len, "\x22\x2c", 2), "\x27\x2c", 2);
	assert_non_null(excess(&wide, &line));
	buf_release(&text);
	buf_release(&wide);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden),     cmocka_unit_test(test_document_types),
		cmocka_unit_test(test_namespaces), cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_encodings),  cmocka_unit_test(test_utf16_quotes),
		cmocka_unit_test(test_root_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
