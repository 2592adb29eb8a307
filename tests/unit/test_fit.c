/* Fitting pictures: reasons, costs, the budget, PNG without loss, bitmaps, and hostile bytes.
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

#include "media/fit/budget.h"
#include "media/fit/parts.h"
#include "media/identify/bitmap.h"

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
		check_reason((struct image_info){.kind = kind}, 0, plain, "few reading devices");
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

static void test_measure(void **state)
{
	struct pixel_facts seen;
	(void)state;
	static const unsigned char two[] = {1, 2, 3, 255, 1, 2, 3, 255, 9, 9, 9, 251, 1, 2, 3, 255};
	fit_measure(&(struct pixels){two, 4, 1, 4}, &seen);
	assert_int_equal(seen.colours, 2);
	assert_false(seen.transparent);
	assert_false(seen.gray);
	assert_true(seen.flat > 0.24 && seen.flat < 0.26);
	static const unsigned char gray[] = {0, 0, 77, 77, 255, 0};
	fit_measure(&(struct pixels){gray, 3, 1, 2}, &seen);
	assert_int_equal(seen.colours, 3);
	assert_true(seen.transparent);
	assert_true(seen.gray);
	unsigned char many[3 * 300];
	for (size_t i = 0; i < 300; i++)
		memcpy(many + 3 * i, (unsigned char[]){(unsigned char)i, (unsigned char)(i / 2), 0},
		       3);
	fit_measure(&(struct pixels){many, 300, 1, 3}, &seen);
	assert_int_equal(seen.colours, MAX_COLOURS + 1);
	assert_true(seen.flat == 0);
}

/* What came out as libvips decodes it, RGBA: free()d by the caller. */
static unsigned char *decoded(const struct fit_result *out)
{
	const struct vips *v = vips_load();
	VipsImage *image = v->vips_image_new_from_buffer(out->bytes, out->size, "", NULL);
	assert_non_null(image);
	size_t size, bands = (size_t)image->Bands;
	unsigned char *bytes = v->vips_image_write_to_memory(image, &size);
	assert_non_null(bytes);
	size_t count = size / bands;
	unsigned char *rgba = malloc(4 * count);
	for (size_t i = 0; i < count; i++) {
		const unsigned char *p = bytes + i * bands;
		for (size_t n = 0; n < 3; n++)
			rgba[4 * i + n] = p[bands < 3 ? 0 : n];
		rgba[4 * i + 3] = bands % 2 ? 255 : p[bands - 1];
	}
	v->g_free(bytes);
	v->g_object_unref(image);
	return rgba;
}

enum { WIDTH = 33, HEIGHT = 30 };

/* Pixels that become PNG; checked for being the very same, where anything is seen of them. */
static void check_lossless(const unsigned char *bytes, unsigned bands)
{
	struct fit_result out = {0};
	struct chapbook_error err = {0};
	struct fit f = {.v = vips_load(),
			.name = "x",
			.info = {.kind = IMAGE_ICO}, /* never a photo */
			.options = &plain,
			.out = &out};
	VipsImage *image =
		f.v->vips_image_new_from_memory(bytes, (size_t)WIDTH * HEIGHT * bands, WIDTH,
						HEIGHT, (int)bands, VIPS_FORMAT_UCHAR);
	assert_int_equal(fit_encode(&f, image, &err), 0);
	f.v->g_object_unref(image);
	assert_int_equal(image_identify(out.bytes, out.size, &out.info), 0);
	assert_int_equal(out.info.kind, IMAGE_PNG);
	assert_int_equal(out.info.width, WIDTH);
	assert_int_equal(out.info.height, HEIGHT);
	struct pixel_facts seen;
	fit_measure(&(struct pixels){bytes, WIDTH, HEIGHT, bands}, &seen);
	assert_int_equal(out.info.alpha, seen.transparent);
	unsigned char *rgba = decoded(&out);
	for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
		const unsigned char *p = bytes + i * bands, *got = rgba + 4 * i;
		unsigned alpha = bands % 2 ? 255 : p[bands - 1];
		if (seen.transparent)
			assert_int_equal(got[3], alpha);
		for (size_t n = 0; alpha > 0 && n < 3; n++)
			assert_int_equal(got[n], p[bands < 3 ? 0 : n]);
	}
	free(rgba);
	fit_result_release(&out);
}

/* Every number of bands and of colours, opaque, nearly, and not; colours that are nearly alike. */
static void test_png(void **state)
{
	(void)state;
	for (unsigned bands = 1; bands <= 4; bands++) {
		for (unsigned colours = 1; colours <= 700; colours += colours < 20 ? 1 : 59) {
			for (unsigned kind = 0; kind < 3; kind++) {
				unsigned char bytes[4 * WIDTH * HEIGHT];
				for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
					unsigned n = (unsigned)i % colours,
						 step = kind == 2 ? 1 : 7;
					const unsigned char pixel[] = {
						(unsigned char)(n * step), (unsigned char)(n / 3),
						(unsigned char)(200 + n % 2),
						(unsigned char)(kind == 0   ? 255
								: kind == 1 ? 255 - n % 3
									    : n % 256)};
					memcpy(bytes + i * bands, pixel, bands);
					if (bands == 2)
						bytes[2 * i + 1] = pixel[3];
				}
				check_lossless(bytes, bands);
			}
		}
	}
}

/* --- Bitmaps --- */

static unsigned char *put(unsigned char *out, unsigned value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		*out++ = (unsigned char)(value >> 8 * i);
	return out;
}

/* A BMP with a palette of as many colours, each with that red, `gap` bytes before the pixels. */
static size_t make_bmp(unsigned char *bmp, unsigned bits, unsigned compression,
		       const unsigned *reds, unsigned colours, unsigned gap, const char *pixels,
		       size_t size)
{
	unsigned char *out = put(bmp, 'B' | 'M' << 8, 2);
	out = put(put(out, 0, 4), 0, 4);
	out = put(out, 54 + 4 * colours + gap, 4);
	out = put(put(put(out, 40, 4), 4, 4), 2, 4);
	out = put(put(put(out, 1, 2), bits, 2), compression, 4);
	out = put(put(put(put(put(out, 0, 4), 0, 4), 0, 4), colours, 4), 0, 4);
	for (unsigned i = 0; i < colours; i++)
		out = put(out, reds[i] << 16, 4);
	memset(out, 1, gap);
	memcpy(out + gap, pixels, size);
	return (size_t)(out + gap + size - bmp);
}

/* 4 x 2 pixels: the red of each, the bottom row first; 0 for what is not there. */
static void check_bmp(const unsigned char *bmp, size_t size, const char *expected,
		      bool expect_damaged)
{
	struct image_info info;
	struct fit_result out;
	struct chapbook_error err = {0};
	assert_int_equal(image_identify((const char *)bmp, size, &info), 0);
	assert_int_equal(info.kind, IMAGE_BMP);
	if (fit_picture(&(struct fit_source){"x", (const char *)bmp, size, &info}, &plain, &out,
			&err) != 0)
		fail_msg("%s", err.message);
	unsigned char *rgba = decoded(&out);
	for (size_t i = 0; i < 8; i++) {
		const unsigned char *p = rgba + 4 * ((1 - i / 4) * 4 + i % 4);
		if ((p[3] ? p[0] : 0) != (unsigned char)expected[i])
			fail_msg("pixel %zu: %u %u %u %u", i, p[0], p[1], p[2], p[3]);
	}
	assert_int_equal(out.damaged, expect_damaged);
	free(rgba);
	fit_result_release(&out);
}

/* RLE8 or RLE4. */
static void check_runs(unsigned bits, const char *runs, size_t size, const char *expected,
		       bool expect_damaged)
{
	static const unsigned reds[] = {10, 20, 30};
	unsigned char bmp[200];
	size_t len = make_bmp(bmp, bits, bits == 8 ? 1 : 2, reds, 3, 0, runs, size);
	check_bmp(bmp, len, expected, expect_damaged);
}
#define BYTES(s) s, sizeof(s) - 1

static void test_runs(void **state)
{
	(void)state;
	check_runs(8, BYTES("\4\0\0\0\2\1\2\2\0\1"), "\x0A\x0A\x0A\x0A\x14\x14\x1E\x1E", false);
	check_runs(8, BYTES("\0\3\0\1\2\0\1\2\0\0\0\1"), "\x0A\x14\x1E\x1E\0\0\0\0", false);
	check_runs(8, BYTES("\0\2\1\1\1\1\0\1"), "\0\0\0\0\0\x14\0\0", false);
	check_runs(8, BYTES("\xFF\1\0\0\xFF\2\0\0"), "\x14\x14\x14\x14\x1E\x1E\x1E\x1E", false);
	check_runs(8, BYTES("\1\1\0\5\1\1"), "\x14\x14\x14\0\0\0\0\0", true);
	check_runs(8, BYTES("\0\2\xFF\xFF\1\1\0\1"), "\0\0\0\0\0\0\0\0", false);
	check_runs(8, BYTES("\1\xFF\0\1"), "\0\0\0\0\0\0\0\0", false); /* no such colour: black */
	check_runs(4, BYTES("\4\x12\0\0\0\4\x01\x20\0\1"), "\x14\x1E\x14\x1E\x0A\x14\x1E\x0A",
		   false);
}

/* Palettes that lack colours, bytes between them and the pixels, rows that are not there. */
static void test_heads(void **state)
{
	static const unsigned reds[] = {10, 20, 30};
	unsigned char bmp[200];
	(void)state;
	for (unsigned gap = 0; gap < 20; gap++) {
		size_t len = make_bmp(bmp, 8, 0, reds, 3, gap, BYTES("\0\1\2\0\2\2\1\1"));
		check_bmp(bmp, len, "\x0A\x14\x1E\x0A\x1E\x1E\x14\x14", false);
		check_bmp(bmp, len - 1, "\x0A\x14\x1E\x0A\xFF\xFF\xFF\xFF", true);
		put(bmp + 46, 0, 4); /* as if all 256 colours were there */
		check_bmp(bmp, len, "\x0A\x14\x1E\x0A\x1E\x1E\x14\x14", false);
		put(bmp + 46, UINT32_MAX, 4);
		check_bmp(bmp, len, "\x0A\x14\x1E\x0A\x1E\x1E\x14\x14", false);
	}
	size_t len = make_bmp(bmp, 8, 0, reds, 3, 0, BYTES("\0\xFF\3\0\2\2\1\1"));
	check_bmp(bmp, len, "\x0A\0\0\x0A\x1E\x1E\x14\x14", false);
	len = make_bmp(bmp, 4, 0, reds, 3, 0, BYTES("\x01\x20\0\0\x22\x11\0\0"));
	check_bmp(bmp, len, "\x0A\x14\x1E\x0A\x1E\x1E\x14\x14", false);
	static const unsigned two[] = {40, 250};
	len = make_bmp(bmp, 1, 0, two, 2, 0, BYTES("\x50\0\0\0\x80\0\0\0"));
	check_bmp(bmp, len, "\x28\xFA\x28\xFA\xFA\x28\x28\x28", false);
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
			fit_picture(&(struct fit_source){"x", "GIF89a\1\0\1\0\0\0\0,;", 15, &info},
				    &plain, &out, &err),
			-1);
		assert_int_equal(err.code, CHAPBOOK_E_INPUT);
		assert_non_null(strstr(err.message, "x: "));
		assert_null(out.bytes);
	}
	struct image_info info = {.kind = IMAGE_PNG, .width = 1 << 20, .height = 1 << 20};
	err = (struct chapbook_error){0};
	assert_int_equal(fit_picture(&(struct fit_source){"x", "", 0, &info}, &plain, &out, &err),
			 -1);
	assert_int_equal(err.code, CHAPBOOK_E_LIMIT);
	err = (struct chapbook_error){0};
	assert_int_equal(fit_draw_svg("x", "<svg", 4, &plain, &out, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_costs),
		cmocka_unit_test(test_budget),  cmocka_unit_test(test_measure),
		cmocka_unit_test(test_png),     cmocka_unit_test(test_runs),
		cmocka_unit_test(test_heads),   cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
