/* The public Mustache specification's own cases, from the folder that MUSTACHE_SPEC names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "template/template.h"

static const char *const modules[] = {"comments", "delimiters", "interpolation",
				      "inverted", "partials",   "sections"};

/* A test case's data as values. Recursion is as deep as the specification's data. */
static struct value *from_json(struct arena *a, json_t *json)
{
	struct value *v = NULL;
	const char *key;
	json_t *item;
	size_t i;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		v = value_map(a);
		json_object_foreach(json, key, item) value_put(a, v, key, from_json(a, item));
		return v;
	case JSON_ARRAY:
		v = value_list(a);
		json_array_foreach(json, i, item) value_add(a, v, from_json(a, item));
		return v;
	case JSON_STRING:
		return value_string(a, json_string_value(json));
	case JSON_INTEGER:
		return value_number(a, json_integer_value(json));
	case JSON_REAL:
		return value_string(a, arena_printf(a, "%g", json_real_value(json)));
	case JSON_TRUE:
	case JSON_FALSE:
		return value_bool(a, json_is_true(json));
	case JSON_NULL:
		break;
	}
	return NULL;
}

/* The context is the test case. */
static int load(void *ctx, const char *name, struct buf *text, struct buf *file,
		struct chapbook_error *err)
{
	(void)err;
	const json_t *test = ctx;
	const char *found = strcmp(name, "the template") == 0
				    ? json_string_value(json_object_get(test, "template"))
				    : json_string_value(json_object_get(
					      json_object_get(test, "partials"), name));
	if (!found)
		return 1;
	buf_puts(text, found);
	buf_puts(file, name);
	return 0;
}

static bool run(json_t *test, const char *module)
{
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	struct template_set *set = template_set_new(load, test, false);
	const char *expected = json_string_value(json_object_get(test, "expected"));
	int result = template_render(set, "the template",
				     from_json(&a, json_object_get(test, "data")), &out, &err);
	bool good = result == 0 && expected && strcmp(out.data, expected) == 0;
	if (!good)
		print_error("%s: %s: %s\n--- expected\n%s\n--- got\n%s\n", module,
			    json_string_value(json_object_get(test, "name")), err.message, expected,
			    out.data);
	template_set_free(set);
	buf_release(&out);
	arena_release(&a);
	return good;
}

static void test_specification(void **state)
{
	(void)state;
	const char *dir = getenv("MUSTACHE_SPEC");
	assert_non_null(dir);
	size_t passed = 0, failed = 0;
	for (size_t m = 0; m < sizeof modules / sizeof *modules; m++) {
		char path[512];
		json_error_t error;
		snprintf(path, sizeof path, "%s/%s.json", dir, modules[m]);
		json_t *module = json_load_file(path, 0, &error), *test;
		if (!module)
			fail_msg("%s: %s", path, error.text);
		size_t i;
		json_array_foreach(json_object_get(module, "tests"), i, test) *
			(run(test, modules[m]) ? &passed : &failed) += 1;
		json_decref(module);
	}
	print_message("%zu cases passed\n", passed);
	assert_int_equal(failed, 0);
	assert_true(passed > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_specification)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
