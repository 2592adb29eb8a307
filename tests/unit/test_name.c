/* Names of people: the forms to sort by are those of library catalogues. */
#include "lang/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_sort(void **state)
{
	(void)state;
	static const struct {
		const char *name, *sorted, *language;
	} cases[] = {
		{"Ann Brown", "Brown, Ann", NULL},
		{"Ann Brown", "Brown, Ann", "en-GB"},
		{"Ludwig van Beethoven", "Beethoven, Ludwig van", NULL},
		{"Charles de Gaulle", "Gaulle, Charles de", "fr"},
		{"Robert De Niro", "De Niro, Robert", NULL},
		{"Martin Luther King Jr.", "King, Martin Luther, Jr.", NULL},
		{"J. R. R. Tolkien", "Tolkien, J. R. R.", NULL},
		{"Jean-Paul Sartre", "Sartre, Jean-Paul", "fr"},
		{"Иван Петров", "Петров, Иван", "ru"},
		{"Brown, Ann", "Brown, Ann", NULL},
		{"Plato", "Plato", NULL},
		{"Xinhua News Agency", "Xinhua News Agency", NULL},
		{"The Editors", "The Editors", NULL},
		/* family name first */
		{"Yu Hongjun", "Yu Hongjun", NULL},
		{"Yu Hongjun", "Yu Hongjun", "en"},
		{"Mao Zedong", "Mao Zedong", NULL},
		{"Xi Jinping", "Xi Jinping", NULL},
		{"Lu Xun", "Lu Xun", NULL},
		{"Ouyang Nana", "Ouyang Nana", NULL},
		{"Zhang Wei", "Zhang Wei", NULL},
		{"Kim Jong-un", "Kim Jong-un", NULL},
		{"Park Geun-hye", "Park Geun-hye", NULL},
		{"Kim Il Sung", "Kim Il Sung", NULL},
		{"Lee Kuan Yew", "Lee Kuan Yew", NULL},
		{"Nguyen Van A", "Nguyen Van A", NULL},
		{"Nguyễn Du", "Nguyễn Du", NULL},
		{"Ho Chi Minh", "Ho Chi Minh", NULL},
		{"李小明", "李小明", NULL},
		{"山田 太郎", "山田 太郎", NULL},
		{"김철수", "김철수", NULL},
		{"Bartók Béla", "Bartók Béla", "hu"},
		{"Yamada Taro", "Yamada Taro", "ja"},
		{"سامي الخطيب", "سامي الخطيب", "ar"},
		/* given name first, though it may look otherwise */
		{"Jack Ma", "Ma, Jack", NULL},
		{"Hongjun Yu", "Yu, Hongjun", NULL},
		{"Wei Zhang", "Zhang, Wei", NULL},
		{"Kim Novak", "Novak, Kim", NULL},
		{"Kim Kardashian", "Kardashian, Kim", NULL},
		{"Lee Harvey Oswald", "Oswald, Lee Harvey", NULL},
		{"Ang Lee", "Lee, Ang", NULL},
		{"Long John Silver", "Silver, Long John", NULL},
		{"Lin-Manuel Miranda", "Miranda, Lin-Manuel", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		char *sorted = name_sort(&arena, cases[i].name, cases[i].language);
		assert_string_equal(sorted, cases[i].sorted);
		arena_release(&arena);
	}
}

static void test_personal(void **state)
{
	(void)state;
	static const char *const yes[] = {"Ann Brown",
					  "Yu Hongjun",
					  "J. R. R. Tolkien",
					  "Dr. Ann Brown",
					  "Ludwig van Beethoven",
					  "Ana de la Cruz",
					  "Conan O’Brien",
					  "Jean-Paul Sartre",
					  "ANN BROWN",
					  "Иван Петров",
					  "李小明",
					  "王五",
					  "约翰·史密斯",
					  "山田 太郎",
					  "سامي الخطيب",
					  "राम शर्मा",
					  "김 철수"};
	static const char *const no[] = {"",
					 "Ann",
					 "ann brown",
					 "The Editors",
					 "Staff Writer",
					 "Why China Matters",
					 "Ann Brown is a reporter",
					 "Brown 2021",
					 "Xinhua News Agency",
					 "A key role",
					 "Global ties",
					 "of the People",
					 "Ann Brown, Carl Diaz",
					 "The last ferry out of town",
					 "中华人民共和国",
					 "Ann Brown said."};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!name_is_personal(yes[i], strlen(yes[i])))
			fail_msg("\"%s\" is a name", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (name_is_personal(no[i], strlen(no[i])))
			fail_msg("\"%s\" is no name", no[i]);
}

static void test_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"Ann Brown", "ann BROWN", true},
		{"Ann Brown", "Brown, Ann", true},
		{"Ann Brown", "Ann B. Brown", true},
		{"Ann C. Brown", "Ann B. Brown", false},
		{"Ann Barbara Brown", "Ann B. Brown", true},
		{"Ann Barbara Brown", "Ann Carol Brown", false},
		{"Ann Barbara Brown", "Ann Brown", false},
		{"Ann Brown", "Dr. Ann Brown", true},
		{"José Peña", "Jose Pena", true},
		{"Jose\xCC\x81 Pen\xCC\x83"
		 "a",
		 "JOSÉ PEÑA", true},
		{"Jean-Paul Sartre", "Jean Paul Sartre", true},
		{"J.R.R. Tolkien", "J. R. R. Tolkien", true},
		{"J. R. R. Tolkien", "Tolkien, J.R.R.", true},
		{"J. R. R. Tolkien", "C. R. R. Tolkien", false},
		{"Nguyễn Du", "Nguyen Du", true},
		{"Фёдор Сологуб", "Федор Сологуб", true},
		{"Martin Luther King, Jr.", "King, Martin Luther, Jr.", true},
		{"Martin Luther King", "Martin Luther King Jr.", false},
		{"Flann O'Brien", "Flann O’Brien", true},
		{"李小明", "李小明", true},
		{"李小明", "李小红", false},
		{"Ann Brown", "Ann Browne", false},
		{"Ann Brown", "Carl Dent", false},
		{"Ann Brown", "Ann", false},
		{"Ann Brown", "Brown", false},
		{"", "", false},
		{"Plato", "Plato", true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (name_is_same(cases[i].a, cases[i].b) != cases[i].same ||
		    name_is_same(cases[i].b, cases[i].a) != cases[i].same)
			fail_msg("\"%s\", \"%s\"", cases[i].a, cases[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_personal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
