/* Finding and loading the pictures that a body refers to. */
#include "media/media.h"

#include "article/links.h"
#include "article/sanitise.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum {
	MOST_BYTES = 100 * 1000 * 1000, /* of a picture */
	MOST_CLIMB = 2,                 /* folders above the article's own */
};

struct loader {
	struct article *a;
	const char *base_dir;
	struct diag *diag;
	struct map refs;    /* reference -> index in images + 1, or LOST */
	struct map digests; /* SHA-256 -> index in images + 1 */
	struct map parts;   /* address, as a reference in the body says it -> struct part */
};

#define LOST ((void *)(uintptr_t)-1)

/* --- Where the bytes are --- */

/* "data:[type][;base64],…" (RFC 2397). False when it is not well formed. */
static bool decode_data_url(struct buf *out, const char *url)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *comma = strchr(url, ',');
	if (!comma)
		return false;
	bool base64 = comma - url >= 7 && strncasecmp(comma - 7, ";base64", 7) == 0;
	unsigned bits = 0, count = 0;
	for (const char *s = comma + 1; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '%' && s[1] && s[2]) {
			char hex[3] = {s[1], s[2], '\0'}, *end;
			c = (unsigned char)strtoul(hex, &end, 16);
			if (*end)
				return false;
			s += 2;
		}
		if (!base64) {
			buf_putc(out, (char)c);
			continue;
		}
		const char *digit = c ? strchr(digits, c == '-' ? '+' : c == '_' ? '/' : c) : NULL;
		if (!digit) {
			if (c == '=' || c == ' ' || c == '\n')
				continue;
			return false;
		}
		bits = bits << 6 | (unsigned)(digit - digits);
		if (++count % 4 == 0) {
			buf_putc(out, (char)(bits >> 16));
			buf_putc(out, (char)(bits >> 8));
			buf_putc(out, (char)bits);
		}
	}
	if (count % 4 == 3) {
		buf_putc(out, (char)(bits >> 10));
		buf_putc(out, (char)(bits >> 2));
	} else if (count % 4 == 2) {
		buf_putc(out, (char)(bits >> 4));
	}
	return out->len > 0;
}

/* Whether a relative path stays near the folder it starts from. */
static bool is_near(const char *path)
{
	int level = 0;
	while (*path) {
		size_t len = strcspn(path, "/");
		if (len == 2 && memcmp(path, "..", 2) == 0)
			level--;
		else if (len > 0 && !(len == 1 && *path == '.'))
			level++;
		if (level < -MOST_CLIMB)
			return false;
		path += len + (path[len] == '/');
	}
	return true;
}

static bool is_file(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The file that a reference names, into `path`: as a URL (without query and fragment, decoded),
 * or as it stands, from the base folder. */
static bool find_file(const struct loader *l, struct buf *path, const char *ref)
{
	for (int as_it_stands = 0; as_it_stands < 2; as_it_stands++) {
		struct buf name = BUF_INIT;
		if (as_it_stands)
			buf_puts(&name, ref);
		else
			url_put_decoded(&name, ref, strcspn(ref, "?#"));
		buf_truncate(path, 0);
		if (name.data[0] != '/')
			buf_printf(path, "%s/%s", l->base_dir, name.data);
		bool found = path->len && is_near(name.data) && is_file(path->data);
		path->failed |= name.failed;
		buf_release(&name);
		if (found)
			return true;
	}
	return false;
}

/* What the reference means, as seen from the page: an address, or what it is. In the arena. */
static const char *resolve(struct loader *l, const char *ref)
{
	struct buf whole = BUF_INIT;
	const char *base = links_base(l->a);
	if (!base || !url_resolve(&whole, ref, base, URL_IMAGE)) {
		buf_truncate(&whole, 0);
		if (!url_put_clean(&whole, ref, strlen(ref), URL_IMAGE))
			buf_puts(&whole, ref);
	}
	l->a->arena.failed |= whole.failed;
	const char *copy = arena_dup(&l->a->arena, whole.data);
	buf_release(&whole);
	return copy ? copy : ref;
}

/* Files that came with the page are known by their addresses. */
static void list_parts(struct loader *l)
{
	for (size_t i = 0; i < l->a->parts.count; i++) {
		struct part *part = &l->a->parts.items[i];
		const char *url = resolve(l, part->url);
		if (!map_find(&l->parts, url))
			map_set(&l->parts, url, part);
	}
}

static const struct part *find_part(struct loader *l, const char *ref)
{
	return l->a->parts.count ? map_find(&l->parts, resolve(l, ref)) : NULL;
}

/* --- Taking it in --- */

/* Keep the bytes, once each. Returns the image's index + 1, or LOST, having told why. */
static void *take_bytes(struct loader *l, const char *ref, const char *bytes, size_t size)
{
	struct image_info info;
	struct buf cleaned = BUF_INIT;
	void *index = LOST;
	if (image_identify(bytes, size, &info) != 0) {
		diag_add(l->diag, DIAG_IMAGE_BROKEN, 0, "%.200s is %s: left out", ref,
			 info.kind ? "a broken picture" : "no picture that chapbook knows");
		return LOST;
	}
	if (info.kind > IMAGE_SVG) {
		diag_add(l->diag, DIAG_IMAGE_FORMAT, 0,
			 "%.200s is of type %s, which e-readers do not show: left out", ref,
			 info.media_type);
		return LOST;
	}
	if (info.kind == IMAGE_SVG) {
		struct chapbook_error why = {0};
		bool changed = false;
		if (sanitise_svg(bytes, size, &cleaned, &changed, &why) != 0) {
			diag_add(l->diag, DIAG_IMAGE_BROKEN, 0, "%.200s: %s: left out", ref,
				 why.message);
			l->a->arena.failed |= why.code == CHAPBOOK_E_MEMORY;
			goto out;
		}
		if (changed)
			diag_add(l->diag, DIAG_IMAGE_CLEANED, 0,
				 "%.200s: took out scripts, links or animations", ref);
		bytes = cleaned.data;
		size = cleaned.len;
	}
	char digest[SHA256_HEX];
	sha256_hex(bytes, size, digest);
	index = map_find(&l->digests, digest);
	if (index)
		goto out;
	struct image *image = ARENA_PUSH(&l->a->arena, l->a->images);
	char *copy = arena_alloc(&l->a->arena, size);
	if (!image || !copy)
		goto out;
	memcpy(copy, bytes, size);
	*image = (struct image){.ref = arena_dup(&l->a->arena, ref),
				.media_type = info.media_type,
				.bytes = copy,
				.size = size,
				.width = info.width,
				.height = info.height};
	index = (void *)(uintptr_t)l->a->images.count;
	const char *key = arena_dup(&l->a->arena, digest);
	if (key)
		map_set(&l->digests, key, index);
out:
	buf_release(&cleaned);
	return index;
}

static void *load_file(struct loader *l, const char *ref, const char *path)
{
	char *bytes = NULL;
	size_t size = 0;
	struct chapbook_error why = {0};
	void *index = LOST;
	if (file_read(path, MOST_BYTES, &bytes, &size, &why) == 0)
		index = take_bytes(l, ref, bytes, size);
	else if (why.code == CHAPBOOK_E_MEMORY)
		l->a->arena.failed = true;
	else
		diag_add(l->diag, DIAG_IMAGE_MISSING, 0, "%s", why.message);
	free(bytes);
	return index;
}

static void *load_ref(struct loader *l, const char *ref)
{
	struct buf found = BUF_INIT;
	const struct part *part;
	void *index = LOST;
	if (strncasecmp(ref, "data:", 5) == 0) {
		if (decode_data_url(&found, ref))
			index = take_bytes(l, "data: URL", found.data, found.len);
		else
			diag_add(l->diag, DIAG_IMAGE_BROKEN, 0,
				 "a data: URL that holds no picture");
	} else if (!url_is_absolute(ref) && find_file(l, &found, ref)) {
		index = load_file(l, ref, found.data);
	} else if ((part = find_part(l, ref)) != NULL) {
		index = take_bytes(l, ref, part->bytes, part->size);
	} else if (url_is_absolute(resolve(l, ref))) {
		diag_add(l->diag, DIAG_IMAGE_REMOTE, 0, "%.200s is not fetched: left out",
			 resolve(l, ref));
	} else {
		diag_add(l->diag, DIAG_IMAGE_MISSING, 0, "%.200s: no such file beside the article",
			 ref);
	}
	l->a->arena.failed |= found.failed;
	buf_release(&found);
	return index;
}

static void remember(struct loader *l, const char *ref, void *index)
{
	char *key = arena_dup(&l->a->arena, ref);
	if (!key)
		return;
	map_set(&l->refs, key, index);
	if (index == LOST)
		return;
	struct image_ref *slot = ARENA_PUSH(&l->a->arena, l->a->image_refs);
	if (slot)
		*slot = (struct image_ref){key, (size_t)(uintptr_t)index - 1};
}

static bool have(struct loader *l, const char *ref)
{
	void *index = map_find(&l->refs, ref);
	if (!index) {
		index = load_ref(l, ref);
		remember(l, ref, index);
	}
	return index != LOST;
}

/* --- The body --- */

/* A picture that is lost: its alt text stands for it, or nothing does. */
static void replace_image(xmlNode *img)
{
	const char *alt = tree_get(img, "alt");
	if (alt && *alt) {
		xmlNode *span = tree_detached(img, "span");
		tree_set(span, "class", "missing-image");
		/* Among text, words need room where pictures did not. */
		bool among = !tree_is(tree_parent(img), "figure");
		tree_text(span, " ", among && tree_prev(img));
		tree_text(span, alt, strlen(alt));
		tree_text(span, " ", among && tree_next(img));
		tree_insert_before(img, span);
		tree_remove(img);
		return;
	}
	/* What holds nothing else, and is no place that links lead to, goes with it. */
	static const char *const holders[] = {"a", "p", "figure", "em", "strong",
					      "b", "i", "span",   "del"};
	xmlNode *gone = img, *heading = NULL;
	for (xmlNode *up; (up = tree_parent(gone)) != NULL; gone = up) {
		bool holder = tree_heading_level(up) > 0;
		for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
			holder |= tree_is(up, holders[i]);
		if (!holder || tree_first(up) != gone || tree_last(up) != gone ||
		    tree_get(up, "id"))
			break;
	}
	for (heading = tree_parent(gone); heading && !tree_heading_level(heading);)
		heading = tree_parent(heading);
	tree_remove(gone);
	if (heading && tree_is_blank(heading))
		tree_rename(heading, "p"); /* a heading must say something */
}

/* The next figure after `figure` that has a caption but no picture. */
static xmlNode *next_lone_caption(xmlNode *body, xmlNode *figure)
{
	while ((figure = tree_find(body, figure, "figure")) != NULL)
		if (!tree_find(figure, NULL, "img") && tree_find(figure, NULL, "figcaption"))
			return figure;
	return NULL;
}

/* A figure of its own for a photo, behind the text but before its notes. */
static xmlNode *add_figure(xmlNode *body)
{
	xmlNode *last = tree_last(body);
	while (last && (tree_is(last, "aside") || !tree_is_element(last)))
		last = tree_prev(last);
	xmlNode *figure = tree_detached(body, "figure");
	if (last)
		tree_insert_after(last, figure);
	else
		tree_append(body, figure);
	return figure;
}

static void put_photo(xmlNode *figure, const char *ref)
{
	xmlNode *img = tree_detached(figure, "img"), *first = tree_first(figure);
	tree_set(img, "src", ref);
	if (tree_has_class(first, "missing-image")) {
		struct buf alt = BUF_INIT;
		tree_put_text(&alt, first);
		tree_set(img, "alt", alt.data);
		if (alt.failed)
			tree_fail(figure);
		buf_release(&alt);
		tree_insert_before(first, img);
		tree_remove(first);
	} else if (first) {
		tree_insert_before(first, img);
	} else {
		tree_append(figure, img);
	}
}

/* Photos that the caller gave: a wrong one is an error, for it was asked for by name. */
static int place_photos(struct loader *l, const struct string_list *photos,
			struct chapbook_error *err)
{
	xmlNode *body = l->a->body, *figure = NULL;
	bool captions = true;
	for (size_t i = 0; photos && i < photos->count; i++) {
		const char *path = photos->items[i];
		char *bytes = NULL;
		size_t size = 0;
		if (file_read(path, MOST_BYTES, &bytes, &size, err) != 0)
			return -1;
		void *index = take_bytes(l, path, bytes, size);
		free(bytes);
		if (l->a->arena.failed)
			return error_memory(err);
		if (index == LOST)
			return error_set(err, CHAPBOOK_E_INPUT, "%s: this picture cannot be used",
					 path);
		/* The body may have a reference by this name to another picture. */
		struct buf ref = BUF_INIT;
		buf_puts(&ref, path);
		void *other;
		while ((other = map_find(&l->refs, ref.data)) != NULL && other != index)
			buf_puts(&ref, "#");
		if (!other)
			remember(l, ref.data, index);
		figure = captions ? next_lone_caption(body, figure) : NULL;
		if (!figure) {
			captions = false;
			diag_add(l->diag, DIAG_PHOTO_UNPLACED, 0,
				 "%.200s: no caption waits for it: it stands at the end", path);
		}
		put_photo(figure ? figure : add_figure(body), ref.data);
		l->a->arena.failed |= ref.failed;
		buf_release(&ref);
	}
	return 0;
}

static void load_cover(struct loader *l)
{
	const char *ref = l->a->cover_ref;
	if (!ref || (!url_is_absolute(ref) && is_file(ref) && ref[0] == '/')) {
		if (ref)
			remember(l, ref, load_file(l, ref, ref));
	} else {
		have(l, ref);
	}
	if (ref && map_find(&l->refs, ref) == LOST)
		l->a->cover_ref = NULL;
}

/* Of an author whose portrait is lost nothing is shown instead. */
static void load_portraits(struct loader *l)
{
	for (size_t i = 0; i < l->a->authors.count; i++) {
		struct author *author = &l->a->authors.items[i];
		if (author->portrait && !have(l, author->portrait))
			author->portrait = NULL;
	}
}

static bool has_portrait(const struct article *a)
{
	for (size_t i = 0; i < a->authors.count; i++)
		if (a->authors.items[i].portrait)
			return true;
	return false;
}

int media_load(struct article *a, const char *base_dir, const struct string_list *photos,
	       struct diag *diag, struct chapbook_error *err)
{
	int result = 0;
	struct loader l = {.a = a, .base_dir = base_dir, .diag = diag};
	xmlNode *img = tree_find(a->body, NULL, "img");
	if (!img && !a->cover_ref && !has_portrait(a) && !(photos && photos->count))
		return 0;
	list_parts(&l);
	for (xmlNode *next; img; img = next) {
		next = tree_find(a->body, img, "img");
		if (!have(&l, tree_get(img, "src")))
			replace_image(img);
	}
	load_portraits(&l);
	load_cover(&l);
	result = place_photos(&l, photos, err);
	if (result == 0 &&
	    (article_failed(a) || l.refs.failed || l.digests.failed || l.parts.failed))
		result = error_memory(err);
	map_release(&l.refs);
	map_release(&l.digests);
	map_release(&l.parts);
	return result;
}

void media_settle_addresses(struct article *a, const char *base_dir)
{
	struct loader l = {.a = a, .base_dir = base_dir};
	struct buf path = BUF_INIT;
	if (links_base(a)) {
		for (xmlNode *n = tree_find(a->body, NULL, "img"); n;
		     n = tree_find(a->body, n, "img")) {
			const char *src = tree_get(n, "src");
			if (src && (strncmp(src, "//", 2) == 0 ||
				    (!url_is_absolute(src) && !find_file(&l, &path, src))))
				tree_set(n, "src", resolve(&l, src));
		}
	}
	a->arena.failed |= path.failed;
	buf_release(&path);
}
