/* The template engine: what the Mustache manual, mustache(5), says, in cases of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embedded.h"
#include "template/template.h"

/* A loader from an array of pairs, name and text, ending in NULL. */
static int load(void *ctx, const char *name, struct buf *text, struct buf *file,
		struct chapbook_error *err)
{
	(void)err;
	for (const char *const *pair = ctx; *pair; pair += 2)
		if (strcmp(pair[0], name) == 0) {
			buf_puts(text, pair[1]);
			buf_printf(file, "t/%s", name);
			return 0;
		}
	return 1;
}

/* { "name": "Ann & <Bo>", "empty": "", "no": false, "yes": true, "nothing": null,
 *   "book": { "title": "Tides", "author": { "name": "Ann" } },
 *   "list": [ "a", "b", "c" ], "none": [], "people": [ {"name": "X"}, {"age": "7"} ] } */
static struct value *data(struct arena *a)
{
	struct value *root = value_map(a), *book = value_map(a), *author = value_map(a),
		     *list = value_list(a), *people = value_list(a), *x = value_map(a),
		     *y = value_map(a);
	value_put_string(a, root, "name", "first given, not held");
	value_put_string(a, root, "name", "Ann & <Bo>");
	value_put_string(a, root, "empty", "");
	value_put(a, root, "no", value_bool(a, false));
	value_put(a, root, "yes", value_bool(a, true));
	value_put(a, root, "nothing", NULL);
	value_put(a, root, "number", value_number(a, -42));
	value_put(a, root, "part", value_string_n(a, "partly", 4));
	value_put_string(a, book, "title", "Tides");
	value_put_string(a, author, "name", "Ann");
	value_put(a, book, "author", author);
	value_put(a, root, "book", book);
	value_add(a, list, value_string(a, "a"));
	value_add(a, list, value_string(a, "b"));
	value_add(a, list, value_string(a, "c"));
	value_put(a, root, "list", list);
	value_put(a, root, "none", value_list(a));
	value_put_string(a, x, "name", "X");
	value_put_string(a, y, "age", "7");
	value_add(a, people, x);
	value_add(a, people, y);
	value_put(a, root, "people", people);
	return root;
}

static int render(const char *const *files, bool strict, struct buf *out,
		  struct chapbook_error *err)
{
	struct arena a = ARENA_INIT;
	struct template_set *set = template_set_new(load, (void *)files, strict);
	assert_non_null(set);
	int result = template_render(set, files[0], data(&a), out, err);
	assert_false(a.failed);
	template_set_free(set);
	arena_release(&a);
	return result;
}

/* Each row: a template named "main", the partial "p", and what comes out. */
static const struct {
	const char *text, *partial, *expected;
} good[] = {
	{"", "", ""},
	{"plain } { text", "", "plain } { text"},
	{"{{name}} {{{name}}} {{&name}} {{& name }}", "",
	 "Ann &amp; &lt;Bo&gt; Ann & <Bo> Ann & <Bo> Ann & <Bo>"},
	{"{{empty}}{{nothing}}{{list}}{{book}}|{{number}}|{{part}}", "", "|-42|part"},
	{"{{yes}} {{no}}", "", "true false"},
	{"{{book.title}} {{book.author.name}} {{ book . title }}", "", NULL},
	{"{{book.title}} {{book.author.name}}", "", "Tides Ann"},
	{"{{nothing.title}}{{empty.title}}", "", ""},
	{"{{#list}}{{.}},{{/list}}", "", "a,b,c,"},
	{"{{#people}}[{{name}}]{{/people}}", "", "[X][Ann &amp; &lt;Bo&gt;]"},
	{"{{#book}}{{#author}}{{name}} {{title}}{{/author}}{{/book}}", "", "Ann Tides"},
	{"{{#book.author}}{{name}}{{/book.author}}", "", "Ann"},
	{"{{#name}}{{.}}{{/name}}", "", "Ann &amp; &lt;Bo&gt;"},
	{"{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^yes}}Y{{/yes}}{{^no}}N{{/no}}", "", "yN"},
	{"{{^none}}none{{/none}}{{^nothing}}nothing{{/nothing}}{{^empty}}empty{{/empty}}", "",
	 "nonenothingempty"},
	{"{{#list}}{{^no}}{{.}}{{/no}}{{/list}}", "", "abc"},
	{"a{{! a comment\nover lines }}b", "", "ab"},
	{"a\n  {{! alone }}  \nb", "", "a\nb"},
	{"a\r\n{{! alone }}\r\nb", "", "a\r\nb"},
	{"a\n {{!\n over lines\n}}\nb", "", "a\nb"},
	{"a\n {{! not alone }} x\nb", "", "a\n  x\nb"},
	{"<ul>\n  {{#list}}\n  <li>{{.}}</li>\n  {{/list}}\n</ul>\n", "",
	 "<ul>\n  <li>a</li>\n  <li>b</li>\n  <li>c</li>\n</ul>\n"},
	{"{{#yes}} {{/yes}}\nx", "", " \nx"},
	{"{{=<% %>=}}<%name%> {{name}} <%& name %><%={{ }}=%>{{number}}", "",
	 "Ann &amp; &lt;Bo&gt; {{name}} Ann & <Bo>-42"},
	{"{{=| |=}}|#list||.||/list|", "", "abc"},
	{"[{{>p}}]", "{{number}}", "[-42]"},
	{"x\n  {{>p}}\ny", "one\ntwo\n", "x\n  one\n  two\ny"},
	/* The indentation is the partial's text's, not the values'. */
	{"  {{>p}}\n", "{{#list}}\n{{.}}\n{{/list}}\n", "  a\n  b\n  c\n"},
	{" a {{>p}}\n", "one\ntwo", " a one\ntwo\n"},
	{"{{#list}}{{>p}}{{/list}}", "<{{.}}>", "<a><b><c>"},
	{"{{=| |=}}|>p|", "{{number}}", "-42"},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const char *files[] = {"main", good[i].text, "p", good[i].partial, NULL};
		struct buf out = BUF_INIT;
		struct chapbook_error err = {0};
		int result = render(files, true, &out, &err);
		if (!good[i].expected) {
			assert_int_equal(result, -1);
		} else {
			if (result)
				fail_msg("%s\n%s", good[i].text, err.message);
			assert_string_equal(out.data, good[i].expected);
		}
		buf_release(&out);
	}
}

static const struct {
	const char *text, *message;
} bad[] = {
	{"a\n{{unknown}}", "t/main:2: no such name: unknown"},
	{"{{book.unknown}}", "t/main:1: no such name: book.unknown"},
	{"{{name.title}}", "t/main:1: no such name: name.title"},
	{"\n\n{{#unknown}}{{/unknown}}", "t/main:3: no such name: unknown"},
	{"{{^unknown}}{{/unknown}}", "t/main:1: no such name: unknown"},
	{"\n{{>unknown}}", "t/main:2: no such template: unknown"},
	/* Also where nobody would have come by. */
	{"{{#no}}\n{{>unknown}}{{/no}}", "t/main:2: no such template: unknown"},
	{"{{#yes}}\n{{#no}}\n{{/no}}", "t/main:1: the section is not closed: yes"},
	{"\n{{/yes}}", "t/main:2: no section is open here: yes"},
	{"{{#yes}}\n\n{{/no}}", "t/main:3: the end of section no, but line 1 opened section yes"},
	{"\n\n\nx {{name", "t/main:4: the tag is not closed: {{name"},
	{"{{{name}}", "t/main:1: the tag is not closed: {{{name}}"},
	{"{{}}", "t/main:1: invalid name: {{}}"},
	{"{{a b}}", "t/main:1: invalid name: {{a b}}"},
	{"{{a..b}}", "t/main:1: invalid name: {{a..b}}"},
	{"{{=x=}}", "t/main:1: invalid delimiters: x"},
	{"{{<parent}}{{/parent}}", "t/main:1: this kind of tag is not supported: {{<parent}}"},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *files[] = {"main", bad[i].text, NULL};
		struct buf out = BUF_INIT;
		struct chapbook_error err = {0};
		if (render(files, true, &out, &err) != -1)
			fail_msg("no error: %s", bad[i].text);
		assert_string_equal(err.message, bad[i].message);
		assert_int_equal(err.code, CHAPBOOK_E_USAGE);
		buf_release(&out);
	}
}

/* An error in a partial names the partial's file; it is told at every rendering. */
static void test_broken_partial(void **state)
{
	(void)state;
	const char *files[] = {"main", "{{>p}}", "p", "\n\n{{#x}}", NULL};
	struct arena a = ARENA_INIT;
	struct template_set *set = template_set_new(load, (void *)files, true);
	for (int i = 0; i < 3; i++) {
		struct buf out = BUF_INIT;
		struct chapbook_error err = {0};
		assert_int_equal(template_render(set, i < 2 ? "main" : "p", data(&a), &out, &err),
				 -1);
		assert_string_equal(err.message, "t/p:3: the section is not closed: x");
		buf_release(&out);
	}
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	assert_int_equal(template_render(set, "absent", data(&a), &out, &err), -1);
	assert_string_equal(err.message, "no such template: absent");
	template_set_free(set);
	arena_release(&a);
	buf_release(&out);
}

static void test_lenient(void **state)
{
	(void)state;
	const char *files[] = {"main", "[{{unknown}}{{#unknown}}x{{/unknown}}{{>unknown}}{{a.b}}]",
			       NULL};
	struct buf out = BUF_INIT;
	assert_int_equal(render(files, false, &out, NULL), 0);
	assert_string_equal(out.data, "[]");
	buf_release(&out);
}

/* A partial may include itself while there is something to go into; never without end. */
static void test_nesting(void **state)
{
	(void)state;
	const char *endless[] = {"main", "{{>main}}", NULL};
	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	assert_int_equal(render(endless, true, &out, &err), -1);
	assert_string_equal(err.message, "t/main:1: nested too deeply: main");
	buf_release(&out);

	const char *tree[] = {"main", "<{{title}}{{#children}}{{>main}}{{/children}}>", NULL};
	struct arena a = ARENA_INIT;
	struct value *root = value_map(&a), *inner = root;
	for (int depth = 1; depth <= 60; depth++) {
		struct value *list = value_list(&a), *child = value_map(&a);
		value_put(&a, inner, "title", value_number(&a, depth));
		value_put(&a, inner, "children", list);
		value_add(&a, list, child);
		if (depth == 40) {
			/* Two frames a level: 40 levels fit, 60 do not. */
			struct value *last = value_list(&a);
			value_put(&a, child, "title", NULL);
			value_put(&a, child, "children", last);
			struct template_set *set = template_set_new(load, (void *)tree, true);
			assert_int_equal(template_render(set, "main", root, &out, NULL), 0);
			assert_memory_equal(out.data, "<1<2<3", 6);
			template_set_free(set);
		}
		inner = child;
	}
	value_put(&a, inner, "title", NULL);
	value_put(&a, inner, "children", NULL);
	struct template_set *set = template_set_new(load, (void *)tree, true);
	memset(&err, 0, sizeof err);
	assert_int_equal(template_render(set, "main", root, &out, &err), -1);
	assert_string_equal(err.message, "t/main:1: nested too deeply: children");
	template_set_free(set);
	buf_release(&out);
	arena_release(&a);
}

/* One set, many threads, from the first use on. */
struct crowd {
	struct template_set *set;
	const struct value *root;
};

static void *render_often(void *ctx)
{
	const struct crowd *crowd = ctx;
	size_t wrong = 0;
	for (int i = 0; i < 500; i++) {
		struct buf out = BUF_INIT;
		if (template_render(crowd->set, i % 2 ? "main" : "other", crowd->root, &out,
				    NULL) ||
		    strcmp(out.data, i % 2 ? "<a><b><c>" : "a|b|c|") != 0)
			wrong++;
		buf_release(&out);
	}
	return (void *)wrong;
}

static void test_threads(void **state)
{
	(void)state;
	const char *files[] = {"main",  "{{#list}}{{>p}}{{/list}}", "p", "<{{.}}>",
			       "other", "{{#list}}{{.}}|{{/list}}", NULL};
	struct arena a = ARENA_INIT;
	struct crowd crowd = {template_set_new(load, (void *)files, true), data(&a)};
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, render_often, &crowd), 0);
	for (int i = 0; i < 4; i++) {
		void *wrong = NULL;
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	template_set_free(crowd.set);
	arena_release(&a);
}

/* A folder of the user's goes before what is built in, file by file. */
static void test_loader(void **state)
{
	(void)state;
	char dir[] = "/tmp/chapbook-template-XXXXXX", path[256];
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/cover.xhtml", dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("mine", file);
	fclose(file);

	const char *list[] = {NULL, "/nowhere", dir};
	struct template_dirs dirs = {list, 3};
	struct buf text = BUF_INIT, name = BUF_INIT;
	assert_int_equal(template_load(&dirs, "cover.xhtml", &text, &name, NULL), 0);
	assert_string_equal(text.data, "mine");
	assert_string_equal(name.data, path);
	buf_truncate(&text, 0);
	buf_truncate(&name, 0);

	const struct embedded_file *builtin = embedded_find("templates/package.opf");
	assert_non_null(builtin);
	assert_int_equal(template_load(&dirs, "package.opf", &text, &name, NULL), 0);
	assert_int_equal(text.len, builtin->size);
	assert_memory_equal(text.data, builtin->data, builtin->size);
	assert_string_equal(name.data, "templates/package.opf");
	assert_int_equal(template_load(&dirs, "absent.xhtml", &text, &name, NULL), 1);

	buf_release(&text);
	buf_release(&name);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),    cmocka_unit_test(test_bad),
		cmocka_unit_test(test_lenient), cmocka_unit_test(test_broken_partial),
		cmocka_unit_test(test_nesting), cmocka_unit_test(test_threads),
		cmocka_unit_test(test_loader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
