/* Metadata: pandoc's keys in YAML, the same keys as options, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "read/metadata/front_matter.h"
#include "read/metadata/metadata.h"
#include "read/read.h"

static struct article *read_yaml(const char *yaml)
{
	struct chapbook_error err = {0};
	struct article *a = article_new();
	if (metadata_read_file(a, yaml, strlen(yaml), "m.yaml", NULL, &err) != 0)
		fail_msg("%s", err.message);
	return a;
}

static void test_front_matter(void **state)
{
	static const struct {
		const char *text;
		enum front_matter_kind kind;
		size_t size;
		bool unclosed;
	} cases[] = {
		{"---\ntitle: x\n---\nbody", FRONT_YAML, 17, false},
		{"---\ntitle: x\n...\nbody", FRONT_YAML, 17, false},
		{"---  \n# comment\nt: x\n---\n", FRONT_YAML, 25, false},
		{"---\n---\nbody", FRONT_YAML, 8, false},
		{"---\n\ntitle: x\n---\n", FRONT_NONE, 0, false}, /* a thematic break */
		{"---\nA line of prose\n---\n", FRONT_NONE, 0, false},
		{"----\ntitle: x\n---\n", FRONT_NONE, 0, false},
		{"---\ntitle: x\n\nText\n", FRONT_YAML, 0, true},
		{"---\nHe said: no.\n", FRONT_NONE, 0, false},
		{"text\n---\ntitle: x\n---\n", FRONT_NONE, 0, false},
		{"---", FRONT_NONE, 0, false},
		{"", FRONT_NONE, 0, false},
		{"+++\ntitle = \"x\"\n+++\nbody", FRONT_TOML, 20, false},
		{"+++\n\n# c\n[params]\n+++\n", FRONT_TOML, 22, false},
		{"+++\ntitle = \"x\"\nbody", FRONT_TOML, 0, true},
		{"+++\nprose\n+++\n", FRONT_NONE, 0, false},
		{"{ \"title\": \"x\" }\nbody", FRONT_JSON, 17, false},
		{"{ \"title\": \"x\" }\n", FRONT_NONE, 0, false}, /* nothing else: no article */
		{"{ \"title\": \"x\" } body\n", FRONT_NONE, 0, false},
		{"{\"Yes\", he said.}\nbody", FRONT_NONE, 0, false},
		{"% Title\n% Ann\n% 2020\n% text\n", FRONT_TITLE_BLOCK, 21, false},
		{"% A long\n  title\n%\n% 2020\n\ntext", FRONT_TITLE_BLOCK, 26, false},
		{"%d is a format\n", FRONT_NONE, 0, false},
		{"Title: x\nAuthor: y\n\nbody", FRONT_LINES, 19, false},
		{"Title: x\nNote: y\n  more\n\nbody", FRONT_LINES, 24, false},
		{"Note: something\nTitle: x\n\nbody", FRONT_NONE, 0, false},
		{"Title: x\nprose without a key\n\n", FRONT_NONE, 0, false},
		{"Date: not long ago\n\nbody", FRONT_NONE, 0, false},
		{"Title:\n\nbody", FRONT_NONE, 0, false},
		{"Comment: this is prose\n\nbody", FRONT_NONE, 0, false},
		{"http://example.org\n\n", FRONT_NONE, 0, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct front_matter front;
		front_matter_find(cases[i].text, strlen(cases[i].text), true, &front);
		if (front.kind != cases[i].kind || front.size != cases[i].size ||
		    front.unclosed != cases[i].unclosed)
			fail_msg("\"%s\": kind %d, %zu bytes", cases[i].text, front.kind,
				 front.size);
	}
}

static void test_plain_keys(void **state)
{
	struct article *a = read_yaml("title: The *quiet* harbour\n"
				      "subtitle: 1984. Not a list\n"
				      "author: Ann Brown\n"
				      "date: 2 July 2021\n"
				      "lang: en_GB\n"
				      "publisher: Harbour & Sons\n"
				      "rights: © 2021\n"
				      "keywords: [boats, \"[sea](x)\"]\n"
				      "description: |\n  One\n  paragraph.\n\n  Another.\n"
				      "belongs-to-collection: Tales\n"
				      "group-position: 2.1\n"
				      "dir: rtl\n"
				      "source: https://example.org/a_b_c\n"
				      "cover-image: img/c_d_e.png\n"
				      "css: [one.css, two.css]\n"
				      "toc: true\n"
				      "empty: ~\n");
	(void)state;
	assert_string_equal(a->title, "The quiet harbour");
	assert_string_equal(a->subtitle, "1984. Not a list");
	assert_int_equal(a->authors.count, 1);
	assert_string_equal(a->authors.items[0].name, "Ann Brown");
	assert_string_equal(a->published, "2021-07-02");
	assert_string_equal(a->language, "en-GB");
	assert_string_equal(a->publisher, "Harbour & Sons");
	assert_int_equal(a->subjects.count, 2);
	assert_string_equal(a->subjects.items[1], "sea");
	assert_string_equal(a->description, "One paragraph.\n\nAnother.");
	assert_string_equal(a->series.name, "Tales");
	assert_string_equal(a->series.position, "2.1");
	assert_int_equal(a->direction, DIR_RTL);
	assert_string_equal(a->source_url, "https://example.org/a_b_c");
	assert_string_equal(a->cover_ref, "img/c_d_e.png");
	assert_int_equal(a->css.count, 2);
	article_free(a);
}

static void test_structured_keys(void **state)
{
	struct article *a =
		read_yaml("title:\n"
			  "- type: main\n  text: Main\n"
			  "- type: subtitle\n  text: Sub\n"
			  "- type: short\n  text: Short\n"
			  "creator:\n"
			  "- role: author\n  text: Ann Brown\n  file-as: Brown, Ann\n"
			  "- name: Bo Li\n  bio: |\n    Bo *writes*.\n\n    And sails.\n"
			  "  url: https://example.org/bo\n  role: trl\n  affiliation: none\n"
			  "contributor: Cy Doe\n"
			  "date:\n- event: publication\n  text: 2021-07\n"
			  "- event: modification\n  text: 2022-01-05\n"
			  "identifier:\n- scheme: ISBN-13\n  text: 978-3-16-148410-0\n- urn:x:y\n"
			  "subject:\n- {text: Sea, authority: BISAC}\n- Harbours, and more\n");
	(void)state;
	assert_string_equal(a->title, "Main");
	assert_string_equal(a->subtitle, "Sub");
	assert_int_equal(a->authors.count, 3);
	assert_string_equal(a->authors.items[0].sort_name, "Brown, Ann");
	assert_string_equal(a->authors.items[0].role, "aut");
	assert_string_equal(a->authors.items[1].name, "Bo Li");
	assert_string_equal(a->authors.items[1].bio, "Bo writes.\n\nAnd sails.");
	assert_string_equal(a->authors.items[1].url, "https://example.org/bo");
	assert_string_equal(a->authors.items[1].role, "trl");
	assert_string_equal(a->authors.items[2].role, "ctb");
	assert_string_equal(a->published, "2021-07");
	assert_string_equal(a->modified, "2022-01-05");
	assert_int_equal(a->identifiers.count, 2);
	assert_string_equal(a->identifiers.items[0].scheme, "ISBN-13");
	assert_null(a->identifiers.items[1].scheme);
	assert_int_equal(a->subjects.count, 2);
	assert_string_equal(a->subjects.items[1], "Harbours, and more");
	article_free(a);
}

/* First come, first served: options, front matter, then files. */
static void test_first_comes_first(void **state)
{
	static const char yaml[] =
		"title: Late\nauthor: [Ann Brown, {name: Late, bio: no}]\nsubject: late\n";
	static const char more[] =
		"author:\n- {name: ann brown, bio: Known., file-as: 'Brown, A.'}\n";
	struct article *a = article_new();
	(void)state;
	assert_int_equal(metadata_set(a, "title", "*First*", NULL), 0);
	assert_int_equal(metadata_set(a, "author", "Ann Brown", NULL), 0);
	assert_int_equal(metadata_set(a, "subject", "first", NULL), 0);
	assert_int_equal(metadata_read_file(a, yaml, sizeof yaml - 1, "y", NULL, NULL), 0);
	assert_int_equal(metadata_read_file(a, more, sizeof more - 1, "y", NULL, NULL), 0);
	assert_string_equal(a->title, "*First*"); /* an option is taken as it stands */
	assert_int_equal(a->authors.count, 1);
	assert_string_equal(a->authors.items[0].bio, "Known.");
	assert_string_equal(a->authors.items[0].sort_name, "Brown, A.");
	assert_int_equal(a->subjects.count, 1);
	article_free(a);
}

static void test_options(void **state)
{
	struct chapbook_error err = {0};
	struct article *a = article_new();
	(void)state;
	assert_int_equal(metadata_set(a, "bio", "Waits for a name.", &err), 0);
	assert_int_equal(metadata_set(a, "author", "Ann Brown", &err), 0);
	assert_int_equal(metadata_set(a, "author", "Bo Li", &err), 0);
	assert_int_equal(metadata_set(a, "author-role", "translator", &err), 0);
	assert_int_equal(metadata_set(a, "author-sort", "Li, Bo", &err), 0);
	assert_int_equal(metadata_set(a, "series", "Tales", &err), 0);
	assert_int_equal(metadata_set(a, "series-index", "3", &err), 0);
	assert_int_equal(metadata_set(a, "keywords", "a, b,", &err), 0);
	assert_int_equal(a->authors.count, 2);
	assert_string_equal(a->authors.items[0].bio, "Waits for a name.");
	assert_string_equal(a->authors.items[1].role, "trl");
	assert_string_equal(a->authors.items[1].sort_name, "Li, Bo");
	assert_string_equal(a->series.position, "3");
	assert_int_equal(a->subjects.count, 2);

	assert_int_equal(metadata_set(a, "no-such-key", "x", &err), -1);
	assert_int_equal(err.code, CHAPBOOK_OK);
	static const char *const bad[][2] = {{"lang", "not a tag"},   {"date", "someday"},
					     {"series-index", "two"}, {"direction", "up"},
					     {"author-role", "boss"}, {"collection-type", "x"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct chapbook_error){0};
		assert_int_equal(metadata_set(a, bad[i][0], bad[i][1], &err), -1);
		assert_int_equal(err.code, CHAPBOOK_E_USAGE);
	}
	article_free(a);
}

static void check_refused(const char *yaml, const char *message)
{
	struct chapbook_error err = {0};
	struct article *a = article_new();
	assert_int_equal(metadata_read_file(a, yaml, strlen(yaml), "m.yaml", NULL, &err), -1);
	if (!strstr(err.message, message))
		fail_msg("\"%s\" does not say \"%s\"", err.message, message);
	article_free(a);
}

static void test_refused(void **state)
{
	(void)state;
	check_refused("title: x\nauthor: [a\n", "m.yaml:3:");
	check_refused("a: &x [1]\nb: [*x, *x]\n", "m.yaml:2:");
	check_refused("just words\n", "no keys");
	check_refused("- a\n- b\n", "no keys");
	check_refused("? [a, b]\n: c\n", "a key must be a word");
	struct buf deep = BUF_INIT, large = BUF_INIT;
	buf_puts(&deep, "a: ");
	for (int i = 0; i < 1000; i++)
		buf_puts(&deep, "[");
	check_refused(deep.data, "nested too deep");
	for (int i = 0; i < 300000; i++)
		buf_puts(&large, "k: v\n");
	check_refused(large.data, "more than 1 MB");
	buf_release(&deep);
	buf_release(&large);
}

/* Put a tree as "key=text", lists in brackets, maps in braces. */
static void put_tree(struct buf *out, const struct metadata_value *v)
{
	if (v->key)
		buf_printf(out, "%s=", v->key);
	if (v->kind == METADATA_TEXT) {
		buf_puts(out, v->text ? v->text : "~");
		return;
	}
	buf_putc(out, v->kind == METADATA_LIST ? '[' : '{');
	for (const struct metadata_value *child = v->first; child; child = child->next) {
		put_tree(out, child);
		buf_puts(out, child->next ? " " : "");
	}
	buf_putc(out, v->kind == METADATA_LIST ? ']' : '}');
}

static void test_toml(void **state)
{
	/* clang-format off */
	static const struct {
		const char *toml, *tree;
	} cases[] = {
		{"", "{}"},
		{"# only\n\n", "{}"},
		{"a = \"b\"", "{a=b}"},
		{"a = 'C:\\temp'\r\nb=1\r\n", "{a=C:\\temp b=1}"},
		{"a = \"x\\ty\\u00e9\\U0001F600\\\"\"", "{a=x\ty\xC3\xA9\xF0\x9F\x98\x80\"}"},
		{"a = \"\"\"\none\ntwo\"\"\"\n", "{a=one\ntwo}"},
		{"a = \"\"\"one \\\n   two\"\"\"", "{a=one two}"},
		{"a = \"\"\"\"q\"\"\"\"", "{a=\"q\"}"},
		{"a = \'\'\'\nit\'s\'\'\'", "{a=it's}"},
		{"a = [1, 2.5, -3, 0xFF, true] # c", "{a=[1 2.5 -3 0xFF true]}"},
		{"a = [\n  \"x\", # one\n  \"y\",\n]", "{a=[x y]}"},
		{"d = 2021-07-02\ne = 2021-07-02 10:00:00Z\nf = 2021-07-02T10:00:00+01:00",
		 "{d=2021-07-02 e=2021-07-02 10:00:00Z f=2021-07-02T10:00:00+01:00}"},
		{"a = { x = 1, y.z = \"2\" }", "{a={x=1 y={z=2}}}"},
		{"a.b = 1\na.\"c d\" = 2", "{a={b=1 c d=2}}"},
		{"[t]\na = 1\n[t.u]\nb = 2\n[v]\n", "{t={a=1 u={b=2}} v={}}"},
		{"[[p]]\nn = \"A\"\n[[p]]\nn = \"B\"\n[p.q]\nr = 1", "{p=[{n=A} {n=B q={r=1}}]}"},
		{"\"\" = 1", "{=1}"},
	};
	/* clang-format on */
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		struct buf out = BUF_INIT;
		struct chapbook_error err = {0};
		const char *toml = cases[i].toml;
		struct metadata_value *root =
			toml_parse_tree(&arena, toml, strlen(toml), "t", 1, &err);
		if (!root)
			fail_msg("\"%s\": %s", toml, err.message);
		put_tree(&out, root);
		assert_string_equal(out.data, cases[i].tree);
		buf_release(&out);
		arena_release(&arena);
	}
}

static void test_toml_refused(void **state)
{
	static const struct {
		const char *toml, *message;
	} cases[] = {
		{"a = 1\nb = word\n", "t:2: metadata: a text needs quotation marks"},
		{"a = \"x\nb = 1\n", "t:1: metadata: a string is not closed"},
		{"a = \"\"\"x\ny\n", "a string is not closed"},
		{"a = \"C:\\temp\\q\"", "a backslash that escapes nothing"},
		{"a = \"\\uD800\"", "digits of a character"},
		{"a\n", "there is no \"=\""},
		{"a = \n", "there is no value"},
		{"= 1", "a key is missing"},
		{"a = 1\na = 2\n", "t:2: metadata: a key is there twice"},
		{"a = 1\n[a]\n", "used as a table"},
		{"a = 1\n[[a]]\n", "has another value"},
		{"a = [1, 2\n", "an array is not closed"},
		{"a = [1 2]\n", "a comma or ]"},
		{"a = {b = 1\n", "is not closed by }"},
		{"[t\n", "a table's name is not closed"},
		{"a = 1 b = 2\n", "more on the line"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		struct chapbook_error err = {0};
		const char *toml = cases[i].toml;
		assert_null(toml_parse_tree(&arena, toml, strlen(toml), "t", 1, &err));
		if (!strstr(err.message, cases[i].message))
			fail_msg("\"%s\" does not say \"%s\"", err.message, cases[i].message);
		arena_release(&arena);
	}
	struct buf deep = BUF_INIT, wide = BUF_INIT;
	struct arena arena = ARENA_INIT;
	buf_puts(&deep, "a = ");
	for (int i = 0; i < 1000; i++)
		buf_puts(&deep, i % 2 ? "[" : "[{a=");
	assert_null(toml_parse_tree(&arena, deep.data, deep.len, "t", 1, NULL));
	for (int i = 0; i < 20000; i++)
		buf_printf(&wide, "k%d = 1\n", i);
	assert_null(toml_parse_tree(&arena, wide.data, wide.len, "t", 1, NULL));
	arena_release(&arena);
	buf_release(&deep);
	buf_release(&wide);
}

static void test_json(void **state)
{
	static const char json[] = "{ \"a\": \"x\",\n  \"n\": [1, 2.5, true, null],\n\n"
				   "  \"m\": {\"a\": \"\\u00e9\"}, \"e\\u0066\": 1 }\nrest";
	struct arena arena = ARENA_INIT;
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	size_t used;
	(void)state;
	struct metadata_value *root =
		json_parse_tree(&arena, json, sizeof json - 1, &used, "t", &err);
	assert_non_null(root);
	put_tree(&out, root);
	assert_string_equal(out.data, "{a=x n=[1 2.5 true ~] m={a=\xC3\xA9} ef=1}");
	assert_string_equal(json + used, "\nrest");
	assert_int_equal(metadata_find(root, "n")->line, 2);
	assert_int_equal(metadata_find(root, "m")->line, 4);
	assert_null(json_parse_tree(&arena, "{\n\"a\" 1}", 8, &used, "t", &err));
	assert_non_null(strstr(err.message, "t:2: metadata: "));
	buf_release(&out);
	arena_release(&arena);
}

struct heard {
	char ids[10][40];
	size_t count;
};

static void hear(void *ctx, const struct chapbook_message *message)
{
	struct heard *heard = ctx;
	if (heard->count < 10)
		snprintf(heard->ids[heard->count++], 40, "%s %s", message->id, message->where);
}

static void test_diagnostics(void **state)
{
	static const char yaml[] =
		"title: [a, {x: y}]\nmystery: 1\ndate: someday\nlang: [en, fr]\n";
	struct heard heard = {0};
	struct diag diag = {.fn = hear, .ctx = &heard, .file = "m.md"};
	struct article *a = article_new();
	(void)state;
	assert_int_equal(metadata_read_file(a, yaml, sizeof yaml - 1, "m.md", &diag, NULL), 0);
	assert_int_equal(heard.count, 4);
	assert_string_equal(heard.ids[0], "metadata-bad m.md:1");
	assert_string_equal(heard.ids[1], "metadata-unknown m.md:2");
	assert_string_equal(heard.ids[2], "metadata-bad m.md:3");
	assert_string_equal(heard.ids[3], "metadata-bad m.md:4");
	article_free(a);
}

static void test_read_article(void **state)
{
	static const char text[] = "---\ntitle: From front\n---\n\n# Head\n\nWords.\n";
	static const char file1[] = "title: no\npublisher: One\nrights: One\n",
			  file2[] = "rights: Two\n";
	const struct read_metadata files[] = {{"1.yaml", file1, sizeof file1 - 1, NULL},
					      {"2.yaml", file2, sizeof file2 - 1, NULL}};
	struct read_input in = {.name = "a.md",
				.bytes = text,
				.size = sizeof text - 1,
				.metadata = files,
				.metadata_count = 2};
	struct chapbook_error err = {0};
	struct article *a = article_new();
	(void)state;
	assert_int_equal(read_article(a, &in, NULL, &err), 0);
	assert_string_equal(a->title, "From front");
	assert_string_equal(a->publisher, "One");
	assert_string_equal(a->rights, "Two"); /* the last file counts most */
	article_free(a);

	static const char *const bad[][2] = {
		{"e.md", ""}, {"e.md", "---\ntitle: x: y\n---\n"}, {"p.html", "<p>"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		in = (struct read_input){
			.name = bad[i][0], .bytes = bad[i][1], .size = strlen(bad[i][1])};
		err = (struct chapbook_error){0};
		a = article_new();
		assert_int_equal(read_article(a, &in, NULL, &err), -1);
		assert_int_equal(err.code, CHAPBOOK_E_INPUT);
		assert_memory_equal(err.message, bad[i][0], strlen(bad[i][0]));
		article_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_front_matter),      cmocka_unit_test(test_toml),
		cmocka_unit_test(test_toml_refused),      cmocka_unit_test(test_json),
		cmocka_unit_test(test_plain_keys),        cmocka_unit_test(test_structured_keys),
		cmocka_unit_test(test_first_comes_first), cmocka_unit_test(test_options),
		cmocka_unit_test(test_refused),           cmocka_unit_test(test_diagnostics),
		cmocka_unit_test(test_read_article),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
