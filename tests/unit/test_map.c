/* The hash table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/map.h"

static void test_map(void **state)
{
	enum { KEYS = 200000 };
	struct arena arena = ARENA_INIT;
	struct map m = MAP_INIT;
	(void)state;
	assert_null(map_find(&m, "k-0"));
	for (uintptr_t i = 0; i < KEYS; i++)
		map_set(&m, arena_printf(&arena, "k-%lu", (unsigned long)i), (void *)(i + 1));
	assert_int_equal(m.count, KEYS);
	for (uintptr_t i = 0; i < KEYS; i++) {
		char *key = arena_printf(&arena, "k-%lu", (unsigned long)i);
		assert_ptr_equal(map_find(&m, key), (void *)(i + 1));
	}
	assert_null(map_find(&m, "k-200000"));
	assert_null(map_find(&m, ""));
	map_set(&m, "k-7", &m);
	assert_ptr_equal(map_find(&m, "k-7"), &m);
	assert_int_equal(m.count, KEYS);
	map_release(&m);
	assert_null(map_find(&m, "k-7"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_map)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
