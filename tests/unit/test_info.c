/* What info says of books of EPUB 3 and 2. */
#include "info/info.h"

#include "../check/good.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char rich_package[] = XML
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"uid\">"
	"<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
	"<dc:identifier>978-3</dc:identifier>"
	"<dc:identifier id=\"uid\">urn:x:1</dc:identifier>"
	"<dc:title id=\"t2\">A Crossing</dc:title>"
	"<meta property=\"title-type\" refines=\"#t2\">subtitle</meta>"
	"<dc:title id=\"t1\">The \"Ferry\"</dc:title>"
	"<meta property=\"title-type\" refines=\"#t1\">main</meta>"
	"<dc:creator id=\"a\">Ann Brown</dc:creator>"
	"<meta property=\"role\" refines=\"#a\">aut</meta>"
	"<meta property=\"file-as\" refines=\"#a\">Brown, Ann</meta>"
	"<meta property=\"schema:description\" refines=\"#a\">Ann Brown\n  lives by a river.</meta>"
	"<link rel=\"schema:url\" refines=\"#a\" href=\"https://example.org/ann\"/>"
	"<dc:creator id=\"b\">Bo</dc:creator>"
	"<dc:contributor id=\"c\">Cy</dc:contributor>"
	"<meta property=\"role\" refines=\"#c\">edt</meta>"
	"<dc:language>en</dc:language><dc:language>fr</dc:language>"
	"<dc:date>2020-05-01</dc:date>"
	"<dc:publisher>A House</dc:publisher><dc:rights>Free</dc:rights>"
	"<dc:subject>boats</dc:subject><dc:subject>dawn</dc:subject>"
	"<dc:source>https://example.org/ferry</dc:source>"
	"<meta property=\"dcterms:modified\">2020-05-02T00:00:00Z</meta>"
	"<meta property=\"belongs-to-collection\" id=\"s\">Waters</meta>"
	"<meta property=\"collection-type\" refines=\"#s\">series</meta>"
	"<meta property=\"group-position\" refines=\"#s\">2</meta>"
	"<meta property=\"schema:accessMode\">textual</meta>"
	"<meta property=\"schema:accessibilityHazard\">none</meta>"
	"<meta property=\"schema:caption\" refines=\"#photo\">The ferry at dawn</meta>"
	"<meta property=\"schema:creditText\" refines=\"#photo\">Cy</meta>"
	"<meta property=\"schema:caption\" refines=\"chapter-2.xhtml#late\">Lost one</meta>"
	"<meta property=\"schema:creditText\" refines=\"chapter-2.xhtml#late\">Di</meta>"
	"</metadata>"
	"<manifest>"
	"<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" "
	"properties=\"nav\"/>"
	"<item id=\"c1\" href=\"chapter-1.xhtml\" media-type=\"application/xhtml+xml\"/>"
	"<item id=\"photo\" href=\"photo.png\" media-type=\"image/png\" "
	"properties=\"cover-image\"/>"
	"</manifest>"
	"<spine><itemref idref=\"c1\"/></spine></package>";

static const char old_package[] = XML
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"2.0\" unique-identifier=\"uid\">"
	"<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	"xmlns:opf=\"http://www.idpf.org/2007/opf\">"
	"<dc:identifier id=\"uid\" opf:scheme=\"ISBN\">978-3</dc:identifier>"
	"<dc:title>Old</dc:title>"
	"<dc:creator opf:role=\"aut\" opf:file-as=\"Brown, Ann\">Ann Brown</dc:creator>"
	"<dc:date opf:event=\"modification\">2011</dc:date>"
	"<dc:date opf:event=\"publication\">1910</dc:date>"
	"<dc:language>en</dc:language>"
	"<meta name=\"cover\" content=\"photo\"/>"
	"<meta name=\"calibre:series\" content=\"Waters\"/>"
	"<meta name=\"calibre:series_index\" content=\"3\"/>"
	"</metadata><manifest>"
	"<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>"
	"<item id=\"c1\" href=\"chapter-1.xhtml\" media-type=\"application/xhtml+xml\"/>"
	"<item id=\"photo\" href=\"photo.png\" media-type=\"image/png\"/>"
	"</manifest><spine toc=\"ncx\"><itemref idref=\"c1\"/></spine></package>";

/* The good book with another package document, described. */
static char *describe(const char *opf, enum chapbook_info_format format)
{
	struct package p = PACKAGE_INIT;
	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	for (size_t i = 0; i < sizeof good_files / sizeof *good_files; i++) {
		const struct good_file *f = &good_files[i];
		bool is_opf = strcmp(f->name, "EPUB/package.opf") == 0;
		package_add_borrow(&p, f->name, is_opf && opf ? opf : f->bytes,
				   is_opf && opf ? strlen(opf) : f->size, false);
	}
	assert_int_equal(info_put(&p, format, &out, &err), 0);
	assert_int_equal(err.code, CHAPBOOK_OK);
	package_release(&p);
	return buf_detach(&out, NULL);
}

static void has_all(const char *text, const char *const *parts)
{
	const char *at = text;
	for (; *parts; parts++) {
		const char *found = strstr(at, *parts);
		if (!found)
			print_error("%s\n", text);
		if (!found)
			fail_msg("missing, or out of order: %s", *parts);
		at = found + strlen(*parts);
	}
}

static void test_json(void **state)
{
	(void)state;
	char *json = describe(rich_package, CHAPBOOK_INFO_JSON);
	has_all(json,
		(const char *const[]){
			"\"version\": \"3.0\"",
			"\"title\": \"The \\\"Ferry\\\"\"",
			"\"subtitle\": \"A Crossing\"",
			"\"authors\": [\n    {\"name\": \"Ann Brown\", \"role\": \"aut\", "
			"\"file_as\": \"Brown, Ann\", \"bio\": \"Ann Brown lives by a river.\", "
			"\"url\": \"https://example.org/ann\"},\n    {\"name\": \"Bo\", \"role\": "
			"null",
			"\"contributors\": [\n    {\"name\": \"Cy\", \"role\": \"edt\"",
			"\"languages\": [\"en\", \"fr\"]",
			"\"published\": \"2020-05-01\"",
			"\"modified\": \"2020-05-02T00:00:00Z\"",
			"\"publisher\": \"A House\"",
			"\"description\": null",
			"\"rights\": \"Free\"",
			"\"subjects\": [\"boats\", \"dawn\"]",
			"\"sources\": [\"https://example.org/ferry\"]",
			"\"series\": {\"name\": \"Waters\", \"type\": \"series\", \"position\": "
			"\"2\"}",
			"{\"value\": \"978-3\", \"scheme\": null, \"unique\": false}",
			"{\"value\": \"urn:x:1\", \"scheme\": null, \"unique\": true}",
			"\"contents\": [\n    {\n      \"title\": \"Morning\"",
			"\"href\": \"EPUB/chapter-1.xhtml\",\n      \"children\": []\n    }",
			"\"title\": \"Evening\"",
			"\"href\": \"EPUB/chapter-2.xhtml\"",
			"\"children\": [\n        {\n          \"title\": \"Late\"",
			"\"href\": \"EPUB/chapter-2.xhtml#late\",\n          \"children\": []\n    "
			"    "
			"}\n      ]\n    }\n  ]",
			"\"pictures\": [\n    {\"file\": null",
			"\"place\": \"EPUB/chapter-2.xhtml#late\", \"caption\": \"Lost one\", "
			"\"credit\": \"Di\"",
			"{\"file\": \"EPUB/photo.png\", \"media_type\": \"image/png\", \"size\": ",
			"\"width\": 1, \"height\": 1, \"cover\": true, \"place\": "
			"\"EPUB/chapter-1.xhtml\", \"caption\": \"The ferry at dawn\", \"credit\": "
			"\"Cy\", \"copyright\": null, \"alt\": \"A ferry\", \"description\": null}",
			"\"modes\": [\"textual\"]",
			"\"sufficient\": []",
			"\"hazards\": [\"none\"]",
			"\"certified_by\": null\n  }",
			"\"pages\": 1",
			"\"files\": 10\n}\n",
			NULL});
	free(json);
}

static void test_epub2(void **state)
{
	(void)state;
	char *json = describe(old_package, CHAPBOOK_INFO_JSON);
	has_all(json,
		(const char *const[]){
			"\"version\": \"2.0\"", "\"title\": \"Old\"", "\"subtitle\": null",
			"{\"name\": \"Ann Brown\", \"role\": \"aut\", \"file_as\": \"Brown, Ann\"",
			"\"published\": \"1910\"", "\"modified\": \"2011\"",
			"\"series\": {\"name\": \"Waters\", \"type\": null, \"position\": \"3\"}",
			"{\"value\": \"978-3\", \"scheme\": \"ISBN\", \"unique\": true}",
			"\"title\": \"Evening\"",
			"\"children\": [\n        {\n          \"title\": \"Late\"",
			"\"cover\": true", "\"caption\": \"At dawn\"", NULL});
	free(json);
}

static void test_text(void **state)
{
	(void)state;
	char *text = describe(rich_package, CHAPBOOK_INFO_TEXT);
	has_all(text, (const char *const[]){
			      "Title         The \"Ferry\"\n", "Subtitle      A Crossing\n",
			      "Author        Ann Brown [Brown, Ann]\n"
			      "              Ann Brown lives by a river.\n"
			      "              https://example.org/ann\n",
			      "Author        Bo\n", "Contributor   Cy (edt)\n",
			      "Series        Waters, 2\n",
			      "\nContents\n  Morning\n  Evening\n    Late\n", "\nPictures\n",
			      "no picture, at EPUB/chapter-2.xhtml#late\n    Caption: Lost one\n",
			      "EPUB/photo.png: image/png, 1 x 1, 1 KB, cover\n"
			      "    Caption: The ferry at dawn\n    Credit: Cy\n    Alt: A ferry\n",
			      "Accessibility modes textual; hazards none\n",
			      "\nEPUB 3.0, 1 page, 10 files\n", NULL});
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 80);
	free(text);
}

/* Long lines are broken at spaces, and beside ideographs where there are none. */
static void test_wrapping(void **state)
{
	(void)state;
	struct buf opf = BUF_INIT;
	buf_puts(&opf,
		 XML "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata "
		     "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
	for (int i = 0; i < 50; i++)
		buf_puts(&opf, "\xE6\xBC\xA2");
	buf_puts(&opf, "</dc:title><dc:description>");
	for (int i = 0; i < 30; i++)
		buf_puts(&opf, "word ");
	buf_puts(&opf, "</dc:description></metadata></package>");
	char *text = describe(opf.data, CHAPBOOK_INFO_TEXT);
	/* (80 - 14) / 2 ideographs on the first line, (80 - 14) / 5 words */
	const char *end = strchr(text, '\n');
	assert_int_equal(end - text, 14 + 33 * 3);
	const char *words = strstr(text, "Description   word");
	assert_non_null(words);
	assert_int_equal(strcspn(words, "\n"), 14 + 13 * 5 - 1);
	free(text);
	buf_release(&opf);
}

static void test_no_epub(void **state)
{
	(void)state;
	struct package p = PACKAGE_INIT;
	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	package_add_borrow(&p, "a.txt", "x", 1, true);
	assert_int_equal(info_put(&p, CHAPBOOK_INFO_TEXT, &out, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
	err = (struct chapbook_error){0};
	package_add_borrow(&p, "META-INF/container.xml", good_container, sizeof good_container - 1,
			   true);
	package_add_borrow(&p, "EPUB/package.opf", "<package", 8, true);
	assert_int_equal(info_put(&p, CHAPBOOK_INFO_JSON, &out, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
	assert_int_equal(out.len, 0);
	package_release(&p);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),    cmocka_unit_test(test_epub2),
		cmocka_unit_test(test_text),    cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_no_epub),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
