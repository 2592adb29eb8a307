#include "media/load.h"

#include "article/links.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/error.h"
#include "base/map.h"
#include "base/pool.h"
#include "media/picture.h"
#include "media/place.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A picture that is requested, and its result. */
struct wanted {
	struct picture picture;
	size_t image; /* its index in a->images + 1; 0: lost */
	bool quiet;   /* is not reported when it is lost: of no consequence, or an error */
	bool named;   /* by an option or the metadata: not only by the body */
	bool spacer;  /* one pixel: it keeps other things apart and shows nothing */
};

/* A reference as the body has it. Several may mean one picture. */
struct reference {
	const char *ref; /* in the article's arena */
	struct wanted *wanted;
};
struct reference_list {
	struct reference *items;
	size_t count, cap;
};

struct loader {
	struct wanted *cover; /* the cover's picture; or NULL */
	struct article *a;
	const struct media_options *options;
	struct diag *diag;
	struct source_finder finder;
	struct arena arena;
	struct wanted **wanted; /* in the order of their first references */
	size_t count, cap;
	struct reference_list references;
	struct map refs;    /* reference in the article -> struct wanted */
	struct map places;  /* path or address -> struct wanted */
	struct map digests; /* SHA-256 -> index in images + 1 */
	atomic_size_t done;
	bool failed; /* memory ran out */
};

/* --- What is wanted --- */

/* Remember that `ref` means this picture (NULL: memory ran out), in the book. Returns the copy of
 * it in the article's arena. */
static char *add_reference(struct loader *l, const char *ref, struct wanted *w)
{
	char *copy = w ? arena_dup(&l->a->arena, ref) : NULL;
	struct reference *slot = copy ? ARENA_PUSH(&l->arena, l->references) : NULL;
	if (!slot) {
		l->failed = true;
		return NULL;
	}
	*slot = (struct reference){copy, w};
	return copy;
}

/* The same, in the article, too. */
static struct wanted *load_refer(struct loader *l, const char *ref, struct wanted *w)
{
	char *copy = add_reference(l, ref, w);
	if (!copy)
		return NULL;
	map_set(&l->refs, copy, w);
	return w;
}

static struct wanted *push_wanted(struct loader *l, const char *ref, struct source source)
{
	const char *name = source.where ? arena_dup(&l->arena, ref) : NULL;
	struct wanted *w = name ? arena_alloc(&l->arena, sizeof *w) : NULL;
	struct wanted **slot = NULL;
	if (w)
		slot = arena_push(&l->arena, (void **)&l->wanted, &l->count, &l->cap, sizeof *slot);
	if (!slot)
		return NULL;
	*slot = w;
	w->picture.ref = name;
	w->picture.source = source;
	return w;
}

/* The picture of a reference in the article; NULL when there is none, or memory runs out. */
static struct wanted *want(struct loader *l, const char *ref)
{
	struct wanted *w = ref ? map_find(&l->refs, ref) : NULL;
	if (w || !ref)
		return w;
	struct source source = source_find(&l->finder, l->a->folder, ref);
	bool placed = source.kind == SOURCE_FILE || source.kind == SOURCE_URL;
	w = placed && source.where ? map_find(&l->places, source.where) : NULL;
	if (w)
		return load_refer(l, ref, w);
	w = push_wanted(l, ref, source);
	if (w && placed)
		map_set(&l->places, source.where, w);
	return load_refer(l, ref, w);
}

/* A picture that the metadata `key` names, below `folder`. What a metadata file in another folder
 * than the article's names is not in the maps: the same reference in the article means another
 * file. *ref becomes what the book calls it. */
static struct wanted *want_named(struct loader *l, const char *key, const char *folder, char **ref)
{
	struct wanted *w = NULL;
	const char *own = l->a->folder ? l->a->folder : "";
	if (*ref && folder && strcmp(folder, own) != 0 && !url_is_absolute(*ref)) {
		w = push_wanted(l, *ref, source_find(&l->finder, folder, *ref));
		*ref = add_reference(l, arena_printf(&l->a->arena, "%s/%s", folder, *ref), w);
	} else {
		w = want(l, *ref);
	}
	if (w) {
		w->picture.key = key;
		w->named = true;
	}
	return w;
}

/* The option's picture has precedence over the one that metadata name. It gets a reference of its
 * own: the cover is another picture than the body's where that is no JPEG or PNG. */
static void want_cover(struct loader *l)
{
	struct article *a = l->a;
	const char *path = l->options->cover;
	struct source source = {.kind = SOURCE_FILE, .where = path};
	if (!path && !a->cover_ref)
		return;
	if (!path) {
		path = a->cover_ref;
		source = source_find(&l->finder, a->cover_folder ? a->cover_folder : a->folder,
				     path);
	}
	bool placed = source.kind == SOURCE_FILE || source.kind == SOURCE_URL;
	l->cover = push_wanted(l, path, source);
	if (l->cover)
		l->cover->named = true;
	if (l->cover && placed && source.where && !l->options->cover)
		map_set(&l->places, source.where, l->cover);
	if (l->cover && !l->options->cover)
		l->cover->picture.key = "cover-image";
	a->cover_ref = add_reference(l, arena_printf(&a->arena, "%s#cover", path), l->cover);
}

/* The picture that stands for the article is on the cover; it need not be in the body. */
static void want_lead(struct loader *l)
{
	const char *ref = l->a->lead_image;
	size_t before = l->count;
	if (!ref ||
	    (!l->options->fetch && source_find(&l->finder, l->a->folder, ref).kind == SOURCE_URL))
		return;
	struct wanted *w = want(l, ref);
	if (w && l->count > before)
		w->quiet = true;
}

/* A photo of the caller's: the body may have a reference by its name to another picture. */
static struct wanted *want_photo(struct loader *l, const char *path)
{
	struct source source = {.kind = SOURCE_FILE, .where = path};
	struct buf ref = BUF_INIT;
	buf_puts(&ref, path);
	while (map_find(&l->refs, ref.data) && !ref.failed)
		buf_puts(&ref, "#");
	struct wanted *w = NULL;
	if (!ref.failed)
		w = load_refer(l, ref.data, push_wanted(l, ref.data, source));
	if (w)
		w->quiet = w->named = true;
	buf_end(&ref, &l->failed);
	return w;
}

/* --- Getting them --- */

/* Waiting for hosts costs nothing: more are asked at once than there are cores. */
enum { MAX_WAITING = 8 };

static void prepare(void *ctx, size_t i)
{
	struct loader *l = ctx;
	picture_prepare(&l->wanted[i]->picture, l->options);
	size_t done = atomic_fetch_add(&l->done, 1) + 1;
	if (l->options->progress)
		l->options->progress(l->options->ctx, done, l->count);
}

static void prepare_all(struct loader *l)
{
	unsigned threads = l->options->threads, remote = 0;
	for (size_t i = 0; i < l->count && l->options->fetch; i++)
		remote += l->wanted[i]->picture.source.kind == SOURCE_URL;
	if (remote > 1)
		threads = MAX_WAITING;
	if (l->options->progress && l->count)
		l->options->progress(l->options->ctx, 0, l->count);
	pool_run(l->count, threads, prepare, l);
}

/* --- Taking them in --- */

/* Make the bytes the article's. */
static const char *hand_over(struct article *a, const char *bytes, char **owned)
{
	char *own = *owned;
	*owned = NULL;
	return own ? arena_take(&a->arena, own) : bytes;
}

/* Keep the picture, each content once. */
static void take_image(struct loader *l, struct wanted *w)
{
	struct picture *p = &w->picture;
	w->image = (size_t)(uintptr_t)map_find(&l->digests, p->digest);
	if (w->image)
		return;
	struct image *image = ARENA_PUSH(&l->a->arena, l->a->images);
	if (!image)
		return;
	*image = (struct image){.ref = arena_dup(&l->a->arena, p->ref),
				.media_type = p->info.media_type,
				.bytes = hand_over(l->a, p->bytes, &p->owned),
				.size = p->size,
				.width = p->info.width,
				.height = p->info.height,
				.original = hand_over(l->a, p->original, &p->owned_original),
				.original_size = p->original_size};
	w->image = l->a->images.count;
	map_set(&l->digests, p->digest, (void *)(uintptr_t)w->image);
}

/* The cover that an option names is no picture at all: an error, not a warning. A cover is drawn in
 * place of a broken picture, which is reported. */
static bool is_wrong_cover(const struct loader *l, const struct wanted *w)
{
	return w == l->cover && l->options->cover && w->picture.lost &&
	       w->picture.info.kind == IMAGE_UNKNOWN;
}

static void load_take(struct loader *l, struct wanted *w)
{
	struct picture *p = &w->picture;
	bool quiet = p->lost && (w->quiet || is_wrong_cover(l, w));
	l->failed |= p->arena.failed;
	for (size_t i = 0; i < p->messages.count && !quiet; i++)
		diag_add(l->diag, p->messages.items[i].id, 0, "%s", p->messages.items[i].text);
	const struct image_info *info = &p->info;
	w->spacer = !p->lost && !w->named && info->kind != IMAGE_SVG && info->width == 1 &&
		    info->height == 1;
	if (!p->lost && !w->spacer)
		take_image(l, w);
}

/* Keep the picture that shops and devices take for a cover, a JPEG or PNG: a drawing is drawn, of
 * what moves the first frame is taken. Returns its index in images + 1; 0: there is none. */
static size_t take_cover(struct loader *l)
{
	struct wanted *w = l->cover;
	struct chapbook_error why = {0};
	struct fit_result still = {0};
	if (!w || !w->image || w->picture.info.kind == IMAGE_JPEG ||
	    w->picture.info.kind == IMAGE_PNG)
		return w ? w->image : 0;
	struct picture made = {.ref = w->picture.ref};
	if (picture_still(&w->picture, l->options, &still, &why) == 0) {
		diag_add(l->diag, DIAG_IMAGE_FITTED, 0,
			 "%.200s was converted: a cover is a JPEG or PNG", w->picture.ref);
		made.info = still.info;
		made.bytes = made.owned = still.bytes;
		made.size = still.size;
		still.bytes = NULL;
		sha256_hex(made.bytes, made.size, made.digest);
	} else {
		diag_add(l->diag, DIAG_IMAGE_BROKEN, 0, "%s; it is not the cover", why.message);
		l->failed |= why.code == CHAPBOOK_E_MEMORY;
		w->picture.lost = true;
	}
	fit_result_release(&still);
	struct wanted cover = {.picture = made};
	if (made.bytes)
		take_image(l, &cover);
	free(cover.picture.owned);
	return cover.image;
}

static void take_all(struct loader *l)
{
	for (size_t i = 0; i < l->count; i++)
		load_take(l, l->wanted[i]);
	size_t cover = take_cover(l);
	for (size_t i = 0; i < l->references.count; i++) {
		const struct reference *r = &l->references.items[i];
		size_t image = r->ref == l->a->cover_ref ? cover : r->wanted->image;
		struct image_ref *slot = image ? ARENA_PUSH(&l->a->arena, l->a->image_refs) : NULL;
		if (slot)
			*slot = (struct image_ref){(char *)(uintptr_t)r->ref, image - 1};
	}
}

static void release(struct loader *l)
{
	for (size_t i = 0; i < l->count; i++)
		picture_release(&l->wanted[i]->picture);
	source_finder_release(&l->finder);
	map_release(&l->refs);
	map_release(&l->places);
	map_release(&l->digests);
	arena_release(&l->arena);
}

/* --- The body --- */

static const char *address_of(const struct wanted *w)
{
	return w->picture.source.kind == SOURCE_URL ? w->picture.source.where : NULL;
}

static void place_lost_pictures(struct loader *l)
{
	for (xmlNode *img = tree_find(l->a->body, NULL, "img"), *next; img; img = next) {
		next = tree_find(l->a->body, img, "img");
		const struct wanted *w = map_find(&l->refs, tree_get(img, "src"));
		if (w && w->spacer)
			place_spacer(img);
		else if (!w || !w->image)
			place_lost(img, w ? address_of(w) : NULL);
	}
}

static void place_metadata(struct loader *l)
{
	for (xmlNode *img = NULL; (img = tree_find(l->a->body, img, "img"));) {
		const struct wanted *w = map_find(&l->refs, tree_get(img, "src"));
		if (w && place_words(img, &w->picture.words))
			diag_add(l->diag, DIAG_IMAGE_WORDS, 0,
				 "%.200s: caption, credit or alt text from the metadata of the "
				 "picture",
				 w->picture.ref);
	}
}

static bool have(const struct loader *l, const char *ref)
{
	for (size_t i = 0; ref && i < l->a->image_refs.count; i++)
		if (strcmp(l->a->image_refs.items[i].ref, ref) == 0)
			return true;
	return false;
}

/* An author without a readable portrait has no picture. */
static void resolve_metadata(struct loader *l)
{
	struct article *a = l->a;
	for (size_t i = 0; i < a->authors.count; i++)
		if (!have(l, a->authors.items[i].portrait))
			a->authors.items[i].portrait = NULL;
	if (!have(l, a->cover_ref))
		a->cover_ref = NULL;
}

/* A picture that an option names was asked for: that it cannot be used is an error. */
static int check_named(const struct wanted *w, struct chapbook_error *err)
{
	static const char left_out[] = " was left out: ";
	const struct picture *p = &w->picture;
	const char *why = p->messages.count ? p->messages.items[p->messages.count - 1].text : "";
	const char *end = strstr(why, left_out);
	if (w->image && !p->lost)
		return 0;
	if (!*why)
		return error_set(err, CHAPBOOK_E_INPUT, "%s: cannot be used as a picture",
				 p->source.where);
	return error_set(err, CHAPBOOK_E_INPUT, "%.*s%s%s", (int)(end ? end - why : 0), why,
			 end ? ": " : "", end ? end + strlen(left_out) : why);
}

/* Photos that the caller gave, the last of the references. */
static int place_photos(struct loader *l, size_t first, struct chapbook_error *err)
{
	xmlNode *last = NULL;
	for (size_t i = first; i < l->references.count; i++) {
		const struct reference *r = &l->references.items[i];
		if (check_named(r->wanted, err) != 0)
			return -1;
		if (!place_photo(l->a->body, &last, r->ref))
			diag_add(l->diag, DIAG_PHOTO_UNPLACED, 0,
				 "%.200s: no caption is left for this photo; it is at the end of "
				 "the "
				 "article",
				 r->ref);
	}
	return 0;
}

/* Everything but the caller's photos. */
static void want_all(struct loader *l)
{
	struct article *a = l->a;
	want_cover(l);
	if (l->options->none)
		return;
	for (xmlNode *img = NULL; (img = tree_find(a->body, img, "img"));)
		want(l, tree_get(img, "src"));
	for (size_t i = 0; i < a->authors.count; i++)
		want_named(l, "portrait", a->authors.items[i].portrait_folder,
			   &a->authors.items[i].portrait);
	want_lead(l);
}

int media_load(struct article *a, const struct string_list *photos,
	       const struct media_options *options, struct diag *diag, struct chapbook_error *err)
{
	static const struct media_options plain = {.threads = 1};
	struct loader l = {.a = a, .diag = diag, .options = options ? options : &plain};
	int result = 0;
	source_finder_init(&l.finder, a);
	want_all(&l);
	size_t first_photo = l.references.count;
	for (size_t i = 0; photos && !l.options->none && i < photos->count; i++)
		want_photo(&l, photos->items[i]);
	prepare_all(&l);
	take_all(&l);
	place_lost_pictures(&l);
	resolve_metadata(&l);
	if (!l.failed && l.cover && is_wrong_cover(&l, l.cover))
		result = check_named(l.cover, err);
	if (!l.failed && result == 0)
		result = place_photos(&l, first_photo, err);
	place_metadata(&l);
	l.failed |= l.refs.failed || l.places.failed || l.digests.failed || l.arena.failed;
	release(&l);
	if (l.failed || article_failed(a))
		result = error_memory(err);
	return result;
}

void media_resolve_addresses(struct article *a)
{
	struct source_finder finder;
	if (!links_base(a))
		return;
	source_finder_init(&finder, a);
	for (xmlNode *n = tree_find(a->body, NULL, "img"); n; n = tree_find(a->body, n, "img")) {
		const char *src = tree_get(n, "src");
		if (src && (strncmp(src, "//", 2) == 0 ||
			    (!url_is_absolute(src) && !source_is_file(&finder, src))))
			tree_set(n, "src", source_resolve(&finder, src));
	}
	source_finder_release(&finder);
}
