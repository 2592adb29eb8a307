/* The tree: moving nodes keeps every link of the list in order. */
#include "article/tree.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The tree as "p(a('x')b())", and a check of prev, next, parent and last on the way. */
static void show(struct buf *out, const xmlNode *node)
{
	const xmlNode *before = NULL;
	for (const xmlNode *n = tree_first(node); n; n = tree_next(n)) {
		assert_ptr_equal(tree_parent(n), node);
		assert_ptr_equal(tree_prev(n), before);
		if (tree_is_text(n)) {
			buf_printf(out, "'%s'", tree_text_value(n));
		} else {
			buf_printf(out, "%s(", tree_name(n));
			show(out, n);
			buf_putc(out, ')');
		}
		before = n;
	}
	assert_ptr_equal(tree_last(node), before);
}

static void expect(const xmlNode *root, const char *expected)
{
	struct buf out = BUF_INIT;
	show(&out, root);
	assert_string_equal(out.data, expected);
	buf_release(&out);
}

static void test_moves(void **state)
{
	(void)state;
	xmlDoc *doc = tree_doc_new("body");
	xmlNode *body = tree_root(doc);
	xmlNode *a = tree_leaf(body, "a", "x"), *b = tree_element(body, "b"),
		*c = tree_element(body, "c");
	expect(body, "a('x')b()c()");
	tree_insert_before(a, c);
	expect(body, "c()a('x')b()");
	tree_insert_after(b, c);
	expect(body, "a('x')b()c()");
	tree_append(b, a);
	expect(body, "b(a('x'))c()");
	tree_wrap(b, "div");
	expect(body, "div(b(a('x')))c()");
	tree_unwrap(b);
	expect(body, "div(a('x'))c()");
	tree_text(c, "y", 1);
	tree_text(c, "z", 1);
	tree_move_children(c, tree_parent(a));
	expect(body, "div(a('x')'yz')c()");
	tree_remove(tree_first(body));
	expect(body, "c()");
	assert_false(tree_failed(doc));
	tree_doc_free(doc);
}

static void test_attributes(void **state)
{
	(void)state;
	xmlDoc *doc = tree_doc_new("body");
	xmlNode *p = tree_element(tree_root(doc), "p");
	tree_set(p, "class", " one two ");
	tree_set(p, "epub:type", "noteref");
	tree_set(p, "title", "5 < 6 & \"so on\"");
	assert_true(tree_has_class(p, "one") && tree_has_class(p, "two") &&
		    !tree_has_class(p, "tw"));
	assert_string_equal(tree_get(p, "epub:type"), "noteref");
	assert_string_equal(tree_get(p, "title"), "5 < 6 & \"so on\"");
	tree_set(p, "class", NULL);
	assert_null(tree_get(p, "class"));
	tree_set(p, "epub:type", "");
	assert_string_equal(tree_get(p, "epub:type"), "");
	const char *name, *value;
	const xmlAttr *attr = tree_attr_next(p, NULL, &name, &value);
	assert_string_equal(name, "epub:type");
	attr = tree_attr_next(p, attr, &name, &value);
	assert_string_equal(name, "title");
	assert_null(tree_attr_next(p, attr, &name, &value));
	tree_doc_free(doc);
}

static void test_text(void **state)
{
	(void)state;
	xmlDoc *doc = tree_doc_new("body");
	xmlNode *body = tree_root(doc), *p = tree_element(body, "p");
	struct buf out = BUF_INIT;
	assert_true(tree_is_blank(body));
	tree_text(p, " two \n words", 12);
	tree_element(p, "br");
	tree_leaf(p, "b", "more");
	tree_put_text(&out, body);
	assert_string_equal(out.data, "two words more");
	assert_false(tree_is_blank(body));
	assert_int_equal(tree_count_words(body), 3);
	tree_set_text(tree_first(p), "中文字符", 12);
	assert_int_equal(tree_count_words(body), 3);
	tree_set(p, "id", "photo-12");
	assert_int_equal(tree_last_id(body, "photo"), 12);
	assert_int_equal(tree_last_id(body, "phot"), 0);
	buf_release(&out);
	tree_doc_free(doc);
}

/* A million levels cost no stack. */
static void test_depth(void **state)
{
	(void)state;
	xmlDoc *doc = tree_doc_new("body");
	xmlNode *at = tree_root(doc);
	for (int i = 0; i < 1000000; i++)
		at = tree_element(at, "i");
	size_t seen = 0;
	for (const xmlNode *n = tree_walk(tree_root(doc), NULL); n;
	     n = tree_walk(tree_root(doc), n))
		seen++;
	assert_int_equal(seen, 1000000);
	tree_doc_free(doc);
}

static void test_null_is_harmless(void **state)
{
	(void)state;
	assert_null(tree_element(NULL, "p"));
	assert_null(tree_text(NULL, "x", 1));
	tree_set(NULL, "a", "b");
	tree_append(NULL, NULL);
	tree_unwrap(NULL);
	tree_remove(NULL);
	assert_string_equal(tree_name(NULL), "");
	assert_null(tree_walk(NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_null_is_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
