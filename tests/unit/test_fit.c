/* Fitting pictures: reasons, costs, the budget, what is written by ourselves, and hostile bytes.
 * What comes out of each kind is tested in tests/media. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/budget.h"
#include "media/dib.h"
#include "media/fit_parts.h"

static const struct fit_options plain = {
	.width = 1600, .height = 2400, .quality = 85, .animation = true};

static void check_reason(struct image_info info, unsigned orientation, struct fit_options options,
			 const char *expected)
{
	const char *reason = fit_reason(&info, orientation, &options);
	if (expected && (!reason || !strstr(reason, expected)))
		fail_msg("\"%s\" has not \"%s\"", reason ? reason : "", expected);
	if (!expected && reason)
		fail_msg("\"%s\"", reason);
}

static void test_reasons(void **state)
{
	struct image_info jpeg = {.kind = IMAGE_JPEG, .width = 1600, .height = 1200, .depth = 8};
	struct image_info info = jpeg;
	struct fit_options options = plain;
	(void)state;
	check_reason(jpeg, 0, plain, NULL);
	check_reason(jpeg, 1, plain, NULL);
	check_reason(jpeg, 9, plain, NULL); /* no orientation */
	for (unsigned n = 2; n <= 8; n++)
		check_reason(jpeg, n, plain, "Exif");
	info.width = 1601;
	check_reason(info, 1, plain, "larger");
	options.width = 0;
	check_reason(info, 1, options, NULL);
	info.height = 2401;
	check_reason(info, 1, options, "larger");
	options.height = 0;
	check_reason(info, 1, options, NULL);
	info = jpeg;
	info.cmyk = true;
	check_reason(info, 0, plain, "CMYK");
	info = jpeg;
	info.interlaced = true;
	check_reason(info, 0, plain, NULL);
	info.kind = IMAGE_PNG;
	check_reason(info, 0, plain, NULL);
	info.height = 2400;
	check_reason(info, 0, plain, "interlaced");
	info.interlaced = false;
	info.depth = 16;
	check_reason(info, 0, plain, "8 bits");
	options = plain;
	options.grayscale = true;
	check_reason(jpeg, 0, options, "colour");
	info = jpeg;
	info.gray = true;
	check_reason(info, 0, options, NULL);
	options = plain;
	info = (struct image_info){.kind = IMAGE_GIF, .animated = true};
	check_reason(info, 0, options, NULL);
	options.animation = false;
	check_reason(info, 0, options, "animated");
	for (enum image_kind kind = IMAGE_WEBP; kind <= IMAGE_JXL; kind++)
		check_reason((struct image_info){.kind = kind}, 0, plain, "few e-readers");
	check_reason((struct image_info){.kind = IMAGE_SVG, .width = 9999}, 0, plain, NULL);
}

static void test_costs(void **state)
{
	struct image_info info = {.kind = IMAGE_JPEG, .width = 4000, .height = 3000, .depth = 8};
	(void)state;
	size_t baseline = fit_cost(&info, &plain);
	assert_in_range(baseline, 1 << 20, 20 << 20);
	info.interlaced = true;
	assert_true(fit_cost(&info, &plain) > baseline + 4000 * 3000 * 3);
	info = (struct image_info){.kind = IMAGE_JXL, .width = UINT32_MAX, .height = UINT32_MAX};
	assert_true(fit_cost(&info, &plain) > (size_t)1 << 40); /* and no wrapping around */
}

/* --- The budget --- */

struct shared {
	struct budget budget;
	atomic_size_t now, most, done;
};

static void *spend(void *arg)
{
	struct shared *s = arg;
	for (size_t i = 0; i < 200; i++) {
		size_t wanted = i % 50 == 0 ? 500 : 10 + i % 30;
		size_t taken = budget_take(&s->budget, wanted);
		size_t now = atomic_fetch_add(&s->now, taken) + taken;
		size_t most = atomic_load(&s->most);
		while (now > most && !atomic_compare_exchange_weak(&s->most, &most, now))
			continue;
		if (i % 7 == 0)
			usleep(50);
		atomic_fetch_sub(&s->now, taken);
		budget_give(&s->budget, taken);
		atomic_fetch_add(&s->done, 1);
	}
	return NULL;
}

static void test_budget(void **state)
{
	enum { THREADS = 6 };
	static struct shared s;
	pthread_t threads[THREADS];
	(void)state;
	budget_init(&s.budget, 100);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, spend, &s), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&s.done), THREADS * 200);
	assert_in_range(atomic_load(&s.most), 60, 100);
	assert_int_equal(s.budget.taken, 0);
	budget_release(&s.budget);
}

/* --- What is seen, and PNG --- */

static void test_look(void **state)
{
	struct look look;
	(void)state;
	static const unsigned char two[] = {1, 2, 3, 255, 1, 2, 3, 255, 9, 9, 9, 251, 1, 2, 3, 255};
	fit_look(&(struct pixels){two, 4, 1, 4}, &look);
	assert_int_equal(look.colours, 2);
	assert_false(look.transparent);
	assert_false(look.gray);
	assert_true(look.flat > 0.24 && look.flat < 0.26);
	static const unsigned char gray[] = {0, 0, 77, 77, 255, 0};
	fit_look(&(struct pixels){gray, 3, 1, 2}, &look);
	assert_int_equal(look.colours, 3);
	assert_true(look.transparent);
	assert_true(look.gray);
	unsigned char many[3 * 300];
	for (size_t i = 0; i < 300; i++)
		memcpy(many + 3 * i, (unsigned char[]){(unsigned char)i, (unsigned char)(i / 2), 0},
		       3);
	fit_look(&(struct pixels){many, 300, 1, 3}, &look);
	assert_int_equal(look.colours, MOST_COLOURS + 1);
	assert_true(look.flat == 0);
}

/* Every number of bands and of colours makes a PNG that is whole. */
static void test_png(void **state)
{
	(void)state;
	for (unsigned bands = 1; bands <= 4; bands++) {
		for (unsigned colours = 1; colours <= 700; colours += colours < 20 ? 1 : 97) {
			unsigned char bytes[4 * 33 * 30];
			for (size_t i = 0; i < (size_t)33 * 30; i++) {
				unsigned n = (unsigned)i % colours;
				const unsigned char pixel[] = {
					(unsigned char)n, (unsigned char)(n / 3),
					(unsigned char)(n / 7), (unsigned char)(255 - n % 100)};
				memcpy(bytes + i * bands, pixel, bands);
			}
			struct look look;
			struct image_info info;
			struct pixels pixels = {bytes, 33, 30, bands};
			size_t size;
			fit_look(&pixels, &look);
			char *png = png_encode(&pixels, &look, &size);
			assert_non_null(png);
			assert_int_equal(image_identify(png, size, &info), 0);
			assert_int_equal(info.width, 33);
			assert_int_equal(info.height, 30);
			assert_int_equal(info.alpha, look.transparent);
			free(png);
		}
	}
}

/* --- Bitmaps --- */

/* 4 x 2 pixels of RLE8 (or RLE4), from `runs`: the red of each, the bottom row first. */
static void check_runs(unsigned bits, const char *runs, size_t size, const char *expected,
		       bool expect_damaged)
{
	static const unsigned char palette[] = {0, 0, 10, 0, 0, 0, 20, 0, 0, 0, 30, 0};
	struct dib dib = {.width = 4,
			  .height = 2,
			  .bits = bits,
			  .compression = bits == 8 ? DIB_RLE8 : DIB_RLE4,
			  .colours = 3,
			  .entry = 4,
			  .palette = palette,
			  .pixels = (const unsigned char *)runs,
			  .pixel_bytes = size};
	bool damaged = false;
	unsigned char *pixels = dib_decode(&dib, &damaged);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pixels[4 * ((1 - i / 4) * 4 + i % 4)], expected[i]);
	assert_int_equal(damaged, expect_damaged);
	free(pixels);
}
#define RUNS(s) s, sizeof(s) - 1

static void test_runs(void **state)
{
	(void)state;
	check_runs(8, RUNS("\4\0\0\0\2\1\2\2\0\1"), "\x0A\x0A\x0A\x0A\x14\x14\x1E\x1E", false);
	check_runs(8, RUNS("\0\3\0\1\2\0\1\2\0\0\0\1"), "\x0A\x14\x1E\x1E\0\0\0\0", false);
	check_runs(8, RUNS("\0\2\1\1\1\1\0\1"), "\0\0\0\0\0\x14\0\0", false);
	check_runs(8, RUNS("\xFF\1\0\0\xFF\2\0\0"), "\x14\x14\x14\x14\x1E\x1E\x1E\x1E", false);
	check_runs(8, RUNS("\1\1\0\5\1"), "\x14\0\0\0\0\0\0\0", true);
	check_runs(8, RUNS("\0\2\xFF\xFF\1\1\0\1"), "\0\0\0\0\0\0\0\0", false);
	check_runs(8, RUNS("\1\xFF\0\1"), "\0\0\0\0\0\0\0\0", false); /* no such colour: black */
	check_runs(4, RUNS("\4\x12\0\0\0\4\x01\x20\0\1"), "\x14\x1E\x14\x1E\x0A\x14\x1E\x0A",
		   false);
}

/* --- Hostile bytes, through libvips --- */

static void test_hostile(void **state)
{
	struct fit_result out;
	struct chapbook_error err = {0};
	(void)state;
	/* What its first bytes say it is, and nothing behind them. */
	for (enum image_kind kind = IMAGE_JPEG; kind <= IMAGE_JXL; kind++) {
		struct image_info info = {.kind = kind, .width = 10, .height = 10};
		err = (struct chapbook_error){0};
		assert_int_equal(
			fit_picture("x", "GIF89a\1\0\1\0\0\0\0,;", 15, &info, &plain, &out, &err),
			-1);
		assert_int_equal(err.code, CHAPBOOK_E_INPUT);
		assert_non_null(strstr(err.message, "x: "));
		assert_null(out.bytes);
	}
	struct image_info info = {.kind = IMAGE_PNG, .width = 1 << 20, .height = 1 << 20};
	err = (struct chapbook_error){0};
	assert_int_equal(fit_picture("x", "", 0, &info, &plain, &out, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_LIMIT);
	err = (struct chapbook_error){0};
	assert_int_equal(fit_draw_svg("x", "<svg", 4, &plain, &out, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_costs),
		cmocka_unit_test(test_budget),  cmocka_unit_test(test_look),
		cmocka_unit_test(test_png),     cmocka_unit_test(test_runs),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
