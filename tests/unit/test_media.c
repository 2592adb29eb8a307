/* Pictures: told apart by their bytes, loaded once each, missing ones replaced; and addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/file.h"
#include "body_check.h"
#include "media/load.h"
#include "read/markdown/markdown.h"

#define BYTES(s) s, sizeof(s) - 1

/* Two pixels, whole. */
static const char png[] =
	"\211\120\116\107\015\012\032\012\000\000\000\015\111\110\104\122\000\000\000\002"
	"\000\000\000\001\010\006\000\000\000\364\042\177\212\000\000\000\021\111\104\101"
	"\124\170\332\143\110\371\161\076\200\221\211\371\077\000\021\152\003\201\205\176"
	"\155\243\000\000\000\000\111\105\116\104\256\102\140\202";
static const char gif[] =
	"GIF89a\2\0\3\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\4\1\0\0\0\0,\0\0\0\0\2\0\3\0\0"
	"\2\2\x44\1\0;";
static const char jpeg[] =
	"\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
	"\xFF\xC0\0\x0B\x08\0\x05\0\x07\1\1\x11\0\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\xD9";
static const char svg[] = "<?xml version='1.0'?><!-- c --><svg xmlns='http://www.w3.org/2000/svg' "
			  "viewBox='0 0 30.2 20'><rect/></svg>";

static const char webp[] = "RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\x04\xC0\0\0\0\0\0\0\0\0\0\0\0";
/* The primary item, 7, has the first and the third of the properties: it lies on its side. */
static const char avif[] = "\0\0\0\x18"
			   "ftypavif\0\0\0\0mif1miaf"
			   "\0\0\0\x7Cmeta\0\0\0\0"
			   "\0\0\0\x0Epitm\0\0\0\0\0\7"
			   "\0\0\0\x62iprp"
			   "\0\0\0\x41ipco"
			   "\0\0\0\x14ispe\0\0\0\0\0\0\0\xC8\0\0\1\x40"
			   "\0\0\0\x14ispe\0\0\0\0\0\0\x10\0\0\0\x10\0"
			   "\0\0\0\x09irot\1"
			   "\0\0\0\x08none"
			   "\0\0\0\x19ipma\0\0\0\0\0\0\0\2\0\1\1\2\0\7\2\1\x83";
/* Width as LONG, height as SHORT, 16 bits. */
static const char tiff[] = "II*\0\x08\0\0\0\3\0"
			   "\0\1\4\0\1\0\0\0\x09\0\0\0"
			   "\1\1\3\0\1\0\0\0\x2C\1\0\0"
			   "\2\1\3\0\1\0\0\0\x10\0\0\0";
/* From the top down: a height of -3. */
static const char bmp[] = "BM\x4E\0\0\0\0\0\0\0\x36\0\0\0"
			  "\x28\0\0\0\2\0\0\0\xFD\xFF\xFF\xFF\1\0\x18\0\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			  "\0\0\xFF\0\xFF\0\0\0\xFF\0\0\xFF\0\0\0\0"
			  "\0\xFF\xFF\xFF\0\xFF\0\0";
static const char ico[] = "\0\0\1\0\1\0\1\1\0\0\1\0\x20\0\x30\0\0\0\x16\0\0\0"
			  "\x28\0\0\0\1\0\0\0\2\0\0\0\1\0\x20\0\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\x80\0\0\0\0";
/* Small: (1 + 1) * 8 high, of no ratio that has a name, (0 + 1) * 8 wide; all default. */
static const char jxl[] = "\xFF\x0A\x03\x40\0\0\0\0\0\0\0\0";

static void check_kind(const char *bytes, size_t size, enum image_kind kind, unsigned width,
		       unsigned height)
{
	struct image_info info;
	assert_int_equal(image_identify(bytes, size, &info), 0);
	assert_int_equal(info.kind, kind);
	assert_int_equal(info.width, width);
	assert_int_equal(info.height, height);
}

static void test_kinds(void **state)
{
	struct image_info info;
	(void)state;
	check_kind(BYTES(png), IMAGE_PNG, 2, 1);
	check_kind(BYTES(gif), IMAGE_GIF, 2, 3);
	check_kind(BYTES(jpeg), IMAGE_JPEG, 7, 5);
	check_kind(jpeg, sizeof jpeg - 3, IMAGE_JPEG, 7, 5); /* no end marker */
	check_kind(BYTES(svg), IMAGE_SVG, 30, 20);
	check_kind(BYTES(webp), IMAGE_WEBP, 5, 4);
	check_kind(BYTES(avif), IMAGE_AVIF, 320, 200);
	check_kind(BYTES(tiff), IMAGE_TIFF, 9, 300);
	check_kind(BYTES(bmp), IMAGE_BMP, 2, 3);
	check_kind(BYTES(ico), IMAGE_ICO, 1, 1);
	check_kind(BYTES(jxl), IMAGE_JXL, 8, 16);
	assert_int_equal(image_identify(BYTES(jpeg), &info), 0);
	assert_string_equal(info.media_type, "image/jpeg");
	assert_string_equal(info.extension, "jpg");
}

/* Shorter than `size` it is broken, wherever it is cut; nothing reads past the end. */
static void check_cuts(const char *bytes, size_t size)
{
	struct image_info info;
	for (size_t n = 0; n < size; n++) {
		char *cut = malloc(n + 1);
		memcpy(cut, bytes, n);
		if (image_identify(cut, n, &info) != -1)
			fail_msg("%zu of %zu bytes of a %s are taken", n, size, info.extension);
		free(cut);
	}
}

/* What a header says beside the size. */
static void test_details(void **state)
{
	struct image_info info;
	(void)state;
	assert_int_equal(image_identify(BYTES(png), &info), 0);
	assert_true(info.alpha && !info.gray && !info.interlaced && !info.animated);
	assert_int_equal(info.depth, 8);
	assert_int_equal(image_identify(BYTES(jpeg), &info), 0);
	assert_true(info.gray && !info.cmyk && !info.interlaced);
	char changed[sizeof jpeg];
	memcpy(changed, jpeg, sizeof jpeg);
	changed[21] = '\xC2';
	changed[29] = 4;
	assert_int_equal(image_identify(changed, sizeof jpeg - 1, &info), 0);
	assert_true(!info.gray && info.cmyk && info.interlaced);
	changed[25] = changed[26] = 0; /* a height that is told later */
	assert_int_equal(image_identify(changed, sizeof jpeg - 1, &info), -1);
	assert_int_equal(image_identify(BYTES(gif), &info), 0);
	assert_true(info.alpha && !info.animated);
	assert_int_equal(image_identify(BYTES(tiff), &info), 0);
	assert_int_equal(info.depth, 16);
	assert_int_equal(image_identify(BYTES(bmp), &info), 0);
	assert_false(info.alpha);
}

/* Every picture cut short anywhere in its header is broken; none reads past its end. */
static void test_broken(void **state)
{
	struct image_info info;
	(void)state;
	check_cuts(png, sizeof png - 1);
	check_cuts(jpeg, sizeof jpeg - 4);
	check_cuts(gif, 30);
	check_cuts(webp, sizeof webp - 2); /* the last byte pads */
	check_cuts(avif, sizeof avif - 1);
	check_cuts(tiff, sizeof tiff - 1 - 12);
	check_cuts(bmp, 54 + 8);
	check_cuts(ico, sizeof ico - 1);
	check_cuts(jxl, sizeof jxl - 1);
	/* 10,000 x 10,000 pixels that 13 bytes cannot hold */
	char huge[sizeof png];
	memcpy(huge, png, sizeof png);
	memcpy(huge + 16, "\0\0\x27\x10\0\0\x27\x10", 8);
	assert_int_equal(image_identify(huge, sizeof png - 1, &info), -1);
	assert_int_equal(info.kind, IMAGE_PNG);
	assert_int_equal(image_identify(BYTES("just text"), &info), -1);
	assert_int_equal(info.kind, IMAGE_UNKNOWN);
	assert_int_equal(image_identify(BYTES("<html><svg/></html>"), &info), -1);
}

/* --- Loading, from a folder made for it --- */

static char folder[] = "/tmp/chapbook-media-XXXXXX";

static void put_file(const char *name, const char *bytes, size_t size)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(file_write(path, bytes, size, NULL), 0);
}

static int make_folder(void **state)
{
	char path[200];
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/a", folder);
	assert_int_equal(mkdir(path, 0777), 0);
	put_file("up.png", BYTES(png));
	put_file("a/one.png", BYTES(png));
	put_file("a/same.gif", BYTES(png)); /* not what it is called */
	put_file("a/two two.gif", BYTES(gif));
	put_file("a/p%20q.jpg", BYTES(jpeg));
	put_file("a/cut.png", png, 40);
	put_file("a/old.tif", BYTES(tiff));
	put_file("a/bad.svg",
		 BYTES("<svg xmlns='http://www.w3.org/2000/svg' onload='x'><g/></svg>"));
	return 0;
}

static int remove_folder(void **state)
{
	char command[200];
	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", folder);
	return system(command);
}

struct heard {
	char ids[20][24];
	size_t count;
};

static void hear(void *ctx, const struct chapbook_message *message)
{
	struct heard *heard = ctx;
	if (heard->count < 20)
		snprintf(heard->ids[heard->count++], 24, "%s", message->id);
}

/* An article of Markdown with its pictures loaded. */
static struct article *load(const char *markdown, const char *const *photos, struct heard *heard,
			    int expected)
{
	char base[200];
	const xmlNode *at = NULL;
	struct diag diag = {.fn = hear, .ctx = heard};
	struct chapbook_error err = {0};
	struct article *a = article_new();
	struct string_list list = {0};
	*heard = (struct heard){0};
	for (; photos && *photos; photos++) {
		char **slot = ARENA_PUSH(&a->arena, list);
		*slot = arena_printf(&a->arena, "%s/%s", folder, *photos);
	}
	assert_int_equal(read_markdown(a, markdown, strlen(markdown), 1, NULL, &err), 0);
	snprintf(base, sizeof base, "%s/a", folder);
	a->folder = base;
	assert_int_equal(media_load(a, &list, NULL, &diag, &err), expected);
	const char *wrong = body_check(a->body, &at);
	if (wrong)
		fail_msg("%s at <%s>", wrong, tree_name(at));
	return a;
}

static const struct image *image_of(const struct article *a, const char *ref)
{
	for (size_t i = 0; i < a->image_refs.count; i++)
		if (strcmp(a->image_refs.items[i].ref, ref) == 0)
			return &a->images.items[a->image_refs.items[i].image];
	fail_msg("no image for %s", ref);
	return NULL;
}

static void test_load(void **state)
{
	struct heard heard;
	(void)state;
	struct article *a =
		load("![](one.png) ![](./one.png) ![](same.gif?v=2) ![](two%20two.gif) "
		     "![](p%20q.jpg) ![](bad.svg) "
		     "![](data:image/gif;base64,R0lGODlhAgABAIAAAP///wAAACwAAAAAAgABAAACAkQBADs=)",
		     NULL, &heard, 0);
	assert_int_equal(a->image_refs.count, 7);
	assert_int_equal(a->images.count, 5);
	assert_ptr_equal(image_of(a, "one.png"), image_of(a, "same.gif?v=2"));
	assert_string_equal(image_of(a, "same.gif?v=2")->media_type, "image/png");
	assert_string_equal(image_of(a, "p%20q.jpg")->media_type, "image/jpeg");
	assert_memory_equal(image_of(a, "two%20two.gif")->bytes, gif, sizeof gif - 1);
	assert_int_equal(heard.count, 1);
	assert_string_equal(heard.ids[0], "image-cleaned");
	article_free(a);
}

static void test_missing(void **state)
{
	struct heard heard;
	(void)state;
	struct article *a = load(
		"![Words](gone.png \"Caption stays\")\n\n"
		"a ![](gone.png) b ![x](cut.png) ![y](old.tif) ![z](https://example.org/x.png) "
		"![](../../../../etc/passwd) ![](/etc/hostname) ![](.) "
		"![](../up.png)\n\n[![](gone.png)](u)\n\n"
		"# ![](gone.png)\n",
		NULL, &heard, 0);
	static const char *const ids[] = {"image-missing", "image-broken",  "image-broken",
					  "image-remote",  "image-missing", "image-missing",
					  "image-missing", "image-missing"};
	assert_int_equal(heard.count, 8);
	for (size_t i = 0; i < 8; i++)
		assert_string_equal(heard.ids[i], ids[i]);
	assert_int_equal(a->images.count, 0);
	assert_null(tree_find(a->body, NULL, "img"));
	xmlNode *figure = tree_find(a->body, NULL, "figure");
	assert_true(tree_has_class(tree_first(figure), "missing-image"));
	assert_true(tree_is(tree_last(figure), "figcaption"));
	assert_null(tree_find(a->body, figure, "figure"));
	assert_null(tree_find(a->body, NULL, "h1")); /* a heading with nothing in it is none */
	article_free(a);
}

static void test_photos(void **state)
{
	static const char *const photos[] = {"up.png", "a/two two.gif", NULL}, *const wrong[] = {
										       "nope.png",
										       NULL};
	struct heard heard;
	(void)state;
	struct article *a = load("![Alt](gone.png \"A caption\")\n\ntext[^1]\n\n[^1]: note\n",
				 photos, &heard, 0);
	xmlNode *figure = tree_find(a->body, NULL, "figure");
	assert_true(tree_is(tree_first(figure), "img"));
	assert_string_equal(tree_get(tree_first(figure), "alt"), "Alt");
	assert_string_equal(image_of(a, tree_get(tree_first(figure), "src"))->media_type,
			    "image/png");
	figure = tree_find(a->body, figure, "figure");
	assert_string_equal(image_of(a, tree_get(tree_first(figure), "src"))->media_type,
			    "image/gif");
	assert_true(tree_is(tree_next_element(figure), "aside"));
	assert_string_equal(heard.ids[0], "image-missing");
	assert_string_equal(heard.ids[1], "photo-unplaced");
	article_free(a);
	article_free(load("x", wrong, &heard, -1));
}

static void check_url(enum url_use use, const char *url, const char *expected)
{
	struct buf out = BUF_INIT;
	bool good = url_put_clean(&out, url, strlen(url), use);
	if (good != (expected != NULL) || (good && strcmp(out.data, expected) != 0))
		fail_msg("%s became %s, not %s", url, good ? out.data : "nothing",
			 expected ? expected : "nothing");
	buf_release(&out);
}

static void test_urls(void **state)
{
	static const char *const links[][2] = {
		{" https://example.org/a b|c\n", "https://example.org/a%20b%7Cc"},
		{"HTTP://EXAMPLE.org", "http://EXAMPLE.org"},
		{"http://example.org/%zz%41", "http://example.org/%25zz%41"},
		{"http://[::1]:80/", "http://[::1]:80/"},
		{"http://例え.jp/ü", "http://例え.jp/ü"},
		{"http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"},
		{"http://u:p@example.org/#a#b", "http://example.org/#a%23b"},
		{"//a@b@example.org/", "//example.org/"},
		{"a:b", NULL},
		{"x y.html#z", "x%20y.html#z"},
		{"//example.org/x", "//example.org/x"},
		{"mailto:a@b.c", "mailto:a@b.c"},
		{"http://exa mple.org/", NULL},
		{"http://a..b/", NULL},
		{"http://256.1.1.1/", NULL},
		{"http://[::1/", NULL},
		{"http://[1::2::3]/", NULL},
		{"http://a:70000/", NULL},
		{"http://xn--a/", NULL},
		{"http:x", NULL},
		{"javascript:alert(1)", NULL},
		{"java\nscript:x", NULL},
		{"data:text/html,x", NULL},
		{"file:///etc/passwd", NULL},
		{"", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		check_url(URL_LINK, links[i][0], links[i][1]);
	check_url(URL_IMAGE, "data:image/png;base64,AA==", "data:image/png;base64,AA==");
	check_url(URL_IMAGE, "mailto:x", NULL);
}

static const char *const page_images[] = {
	"./two%20two.gif", "gone.png",  "//cdn.example.org/x y.png",
	"/deep/é.gif",     "cid:one@x", "https://example.org/z.png"};
enum { PAGE_IMAGES = sizeof page_images / sizeof *page_images };

/* A saved page's body, from https://example.org/deep/page.html, with files of its own. */
static struct article *page_with_images(void)
{
	struct article *a = article_new();
	const struct part parts[] = {
		{(char *)(uintptr_t) "https://example.org/deep/é.gif", gif, sizeof gif - 1},
		{(char *)(uintptr_t) "cid:one@x", png, sizeof png - 1}};
	article_fill(a, &a->source_url, "https://example.org/page.html", SIZE_MAX);
	article_fill(a, &a->base_url, "https://example.org/deep/", SIZE_MAX);
	for (size_t i = 0; i < 2; i++)
		*(struct part *)ARENA_PUSH(&a->arena, a->parts) = parts[i];
	for (size_t i = 0; i < PAGE_IMAGES; i++)
		tree_set(tree_element(tree_element(a->body, "p"), "img"), "src", page_images[i]);
	return a;
}

static void test_page(void **state)
{
	(void)state;
	static const char *const addresses[PAGE_IMAGES] = {"./two%20two.gif",
							   "https://example.org/deep/gone.png",
							   "https://cdn.example.org/x%20y.png",
							   "https://example.org/deep/é.gif",
							   "cid:one@x",
							   "https://example.org/z.png"};
	char base[200];
	snprintf(base, sizeof base, "%s/a", folder);
	struct article *a = page_with_images();
	a->folder = base;
	media_resolve_addresses(a);
	const xmlNode *img = NULL;
	for (size_t i = 0; i < PAGE_IMAGES; i++) {
		img = tree_find(a->body, img, "img");
		assert_string_equal(tree_get(img, "src"), addresses[i]);
	}
	article_free(a);

	struct heard heard = {0};
	struct diag diag = {.fn = hear, .ctx = &heard};
	a = page_with_images();
	a->folder = base;
	assert_int_equal(media_load(a, NULL, NULL, &diag, NULL), 0);
	assert_int_equal(a->image_refs.count, 3);
	assert_memory_equal(image_of(a, "./two%20two.gif")->bytes, gif, sizeof gif - 1);
	assert_memory_equal(image_of(a, "/deep/é.gif")->bytes, gif, sizeof gif - 1);
	assert_memory_equal(image_of(a, "cid:one@x")->bytes, png, sizeof png - 1);
	assert_int_equal(heard.count, 3);
	for (size_t i = 0; i < heard.count; i++)
		assert_string_equal(heard.ids[i], "image-remote");
	article_free(a);
}

static void test_resolved(void **state)
{
	/* RFC 3986 section 5.4, and what pages have */
	static const char *const cases[][2] = {
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q#s"},
		{"g#s", "http://a/b/c/g#s"},
		{"", "http://a/b/c/d;p?q"},
		{".", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../..", "http://a/"},
		{"../../g", "http://a/g"},
		{"../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g.", "http://a/b/c/g."},
		{"..g", "http://a/b/c/..g"},
		{"./../g", "http://a/b/g"},
		{"g?y/../x", "http://a/b/c/g?y/../x"},
		{"https://x/y", "https://x/y"},
		{" a b.jpg\n", "http://a/b/c/a%20b.jpg"},
		{"é.jpg", "http://a/b/c/é.jpg"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = BUF_INIT;
		assert_true(url_resolve(&out, cases[i][0], "http://a/b/c/d;p?q", URL_IMAGE));
		assert_string_equal(out.data, cases[i][1]);
		buf_release(&out);
	}
	struct buf out = BUF_INIT;
	assert_true(url_resolve(&out, "x.jpg", "https://example.org", URL_IMAGE));
	assert_true(url_resolve(&out, "?x", "https://example.org", URL_IMAGE));
	assert_true(url_resolve(&out, "x", "", URL_IMAGE));
	assert_string_equal(out.data, "https://example.org/x.jpghttps://example.org?x/x");
	assert_false(url_resolve(&out, "javascript:x", "https://example.org", URL_LINK));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),   cmocka_unit_test(test_broken),
		cmocka_unit_test(test_details), cmocka_unit_test(test_load),
		cmocka_unit_test(test_missing), cmocka_unit_test(test_photos),
		cmocka_unit_test(test_urls),    cmocka_unit_test(test_resolved),
		cmocka_unit_test(test_page),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
