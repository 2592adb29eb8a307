#include "media/picture.h"

#include "base/below.h"
#include "base/error.h"
#include "base/file.h"
#include "base/gzip.h"
#include "media/fit/fit.h"
#include "media/fit/vips.h"
#include "media/load.h"
#include "sanitise/sanitise.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_BYTES = 100 * 1000 * 1000,  /* of a picture */
	MAX_DRAWING = 20 * 1000 * 1000, /* of an SVG that came compressed */
};

static void put_message(struct picture *p, enum diag_id id, const char *fmt, va_list ap)
{
	struct buf text = BUF_INIT;
	buf_vprintf(&text, fmt, ap);
	struct picture_message *slot = ARENA_PUSH(&p->arena, p->messages);
	const char *copy = arena_dup(&p->arena, text.data);
	if (slot)
		*slot = (struct picture_message){id, copy ? copy : ""};
	buf_end(&text, &p->arena.failed);
}

__attribute__((format(printf, 3, 4))) static void tell(struct picture *p, enum diag_id id,
						       const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	put_message(p, id, fmt, ap);
	va_end(ap);
}

/* Tell why there is nothing to show. */
__attribute__((format(printf, 3, 4))) static void lose(struct picture *p, enum diag_id id,
						       const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	put_message(p, id, fmt, ap);
	va_end(ap);
	p->lost = true;
}

/* What messages call it: short enough for a line. */
static const char *name_of(const struct picture *p)
{
	enum { LONGEST = 200 };
	if (p->source.kind == SOURCE_DATA)
		return "a data: URL";
	return strlen(p->ref) <= LONGEST ? p->ref : p->ref + strlen(p->ref) - LONGEST;
}

/* The reason why it is missing, from the error. */
static void lose_for(struct picture *p, enum diag_id id, const struct chapbook_error *why)
{
	if (why->code == CHAPBOOK_E_MEMORY)
		p->arena.failed = true;
	lose(p, id, "%s", why->message);
}

/* --- Its bytes --- */

/* From now on it is these (malloc()ed). */
static void take(struct picture *p, char *bytes, size_t size)
{
	free(p->owned);
	p->bytes = p->owned = bytes;
	p->size = size;
}

static void take_buf(struct picture *p, struct buf *buf)
{
	size_t size = buf->len;
	char *bytes = buf_detach(buf, NULL);
	if (bytes)
		take(p, bytes, size);
	else
		p->arena.failed = true;
}

static void get_file(struct picture *p)
{
	struct chapbook_error why = {0};
	const struct source *source = &p->source;
	char *bytes = NULL;
	size_t size = 0;
	int rc = source->folder
			 ? below_read(source->folder, source->name, MAX_BYTES, &bytes, &size, &why)
			 : file_read(source->where, MAX_BYTES, &bytes, &size, &why);
	if (rc == 0)
		take(p, bytes, size);
	else
		lose_for(p, DIAG_IMAGE_MISSING, &why);
}

static void get_url(struct picture *p, const struct media_options *options)
{
	struct chapbook_error why = {0};
	char *bytes = NULL;
	size_t size = 0;
	if (!options->fetch)
		lose(p, DIAG_IMAGE_REMOTE, "%.200s was not downloaded; use --online",
		     p->source.where);
	else if (options->fetch(options->ctx, p->source.where, &bytes, &size, &why) == 0)
		take(p, bytes, size);
	else
		lose_for(p, DIAG_IMAGE_MISSING, &why);
}

static void get_data(struct picture *p)
{
	struct buf found = BUF_INIT;
	bool good = source_decode_data(&found, p->ref);
	if (good)
		take_buf(p, &found);
	else
		lose(p, DIAG_IMAGE_BROKEN, "a data: URL is not a picture; it was left out");
	buf_end(&found, &p->arena.failed);
}

static void get_bytes(struct picture *p, const struct media_options *options)
{
	switch (p->source.kind) {
	case SOURCE_DATA:
		get_data(p);
		break;
	case SOURCE_FILE:
		get_file(p);
		break;
	case SOURCE_PART:
		p->bytes = p->source.part->bytes;
		p->size = p->source.part->size;
		break;
	case SOURCE_URL:
		get_url(p, options);
		break;
	case SOURCE_NONE:
		lose(p, DIAG_IMAGE_MISSING, "%s%s%s: %s", p->key ? p->key : "", p->key ? ": " : "",
		     name_of(p), p->source.why ? p->source.why : "no such file");
		break;
	}
}

/* An SVG that came compressed (.svgz): EPUB wants it plain. */
static void picture_unpack(struct picture *p)
{
	struct chapbook_error why = {0};
	char *bytes = NULL;
	size_t size = 0;
	if (!gzip_is(p->bytes, p->size))
		return;
	if (gzip_read(p->bytes, p->size, MAX_DRAWING, &bytes, &size, &why) == 0)
		take(p, bytes, size);
	else
		lose(p, DIAG_IMAGE_BROKEN, "%s was left out: %s", name_of(p), why.message);
}

/* --- What is made of it --- */

static size_t count_of(const char *text, size_t size, const char *what)
{
	size_t count = 0, len = strlen(what);
	const char *end = text + size;
	while ((text = memmem(text, (size_t)(end - text), what, len)) != NULL) {
		text += len;
		count++;
	}
	return count;
}

/* Whether a document's own entities (XML 1.0, section 4.2) are such as drawing programs write:
 * short names for addresses, in the document itself, and none within another; so that it does not
 * grow. */
static bool has_plain_entities(const char *text, size_t size)
{
	enum { MAX_DECLARED = 8000, MAX_USED = 2000 };
	const char *start = memmem(text, size, "<!DOCTYPE", 9);
	const char *end = start ? memmem(start, size - (size_t)(start - text), "]>", 2) : NULL;
	if (!end || end - start > MAX_DECLARED)
		return false;
	size_t declared = (size_t)(end - start);
	return count_of(start, declared, "<!ENTITY") > 0 && !memchr(start, '&', declared) &&
	       !memchr(start, '%', declared) && count_of(start, declared, "SYSTEM") == 0 &&
	       count_of(text, size, "&") <= MAX_USED;
}

/* What cannot be cleaned for its entities is drawn: a picture of it is better than none. */
static bool picture_draw(struct picture *p, const struct media_options *options)
{
	struct fit_result drawn = {0};
	bool done = has_plain_entities(p->bytes, p->size) &&
		    fit_draw_svg(p->ref, p->bytes, p->size, &options->fit, &drawn, NULL) == 0;
	if (done) {
		p->info = drawn.info;
		take(p, drawn.bytes, drawn.size);
		drawn.bytes = NULL;
		tell(p, DIAG_IMAGE_FITTED, "%s was converted: the SVG has entities", name_of(p));
	}
	fit_result_release(&drawn);
	return done;
}

static void picture_clean_drawing(struct picture *p, const struct media_options *options)
{
	struct chapbook_error why = {0};
	struct buf cleaned = BUF_INIT;
	bool changed = false;
	if (sanitise_svg(p->bytes, p->size, &cleaned, &changed, &why) == 0) {
		take_buf(p, &cleaned);
		if (changed)
			tell(p, DIAG_IMAGE_CLEANED,
			     "%s: scripts, links, animations or invalid styles were removed",
			     name_of(p));
	} else if (why.code == CHAPBOOK_E_MEMORY) {
		p->arena.failed = true;
	} else if (why.code == CHAPBOOK_E_LIMIT) {
		lose(p, DIAG_IMAGE_LIMIT, "%s was left out: %s; save it as PNG", name_of(p),
		     why.message);
	} else if (!picture_draw(p, options)) {
		lose(p, DIAG_IMAGE_BROKEN, "%s was left out: %s", name_of(p), why.message);
	}
	buf_end(&cleaned, &p->arena.failed);
}

/* Formats with metadata that only a decoder finds. */
static void add_words(struct picture *p, const struct fit_result *fitted)
{
	image_metadata_add_xmp(fitted->xmp.bytes, fitted->xmp.size, &p->arena, &p->words);
	image_metadata_add_iptc(fitted->iptc.bytes, fitted->iptc.size, &p->arena, &p->words);
	if (p->info.kind == IMAGE_TIFF) /* Exif is a TIFF, and the other way around */
		image_metadata_add_exif(p->bytes, p->size, &p->arena, &p->words);
	else
		image_metadata_add_exif(fitted->exif.bytes, fitted->exif.size, &p->arena,
					&p->words);
}

static bool picture_is_foreign(const struct image_info *info)
{
	return info->kind > IMAGE_SVG;
}

static void keep_original(struct picture *p)
{
	p->original = p->bytes;
	p->original_size = p->size;
	p->owned_original = p->owned;
	p->owned = NULL;
}

/* What cannot be made is lost where readers would show nothing, or would fail; else it is put
 * in as it is. */
static void fit_failed(struct picture *p, const struct chapbook_error *why)
{
	p->arena.failed |= why->code == CHAPBOOK_E_MEMORY;
	if (picture_is_foreign(&p->info) && !vips_load())
		lose(p, DIAG_IMAGE_FORMAT, "%s; the picture was left out", why->message);
	else if (picture_is_foreign(&p->info) || why->code != CHAPBOOK_E_IO)
		lose(p, DIAG_IMAGE_BROKEN, "%s; the picture was left out", why->message);
	else
		tell(p, DIAG_IMAGE_UNFIT, "%s; the picture is kept unchanged", why->message);
}

int media_fit(const struct fit_source *source, const struct media_options *options,
	      const struct fit_options *fit, struct fit_result *result, struct chapbook_error *err)
{
	size_t taken = 0;
	if (options->budget)
		taken = budget_take(options->budget, fit_cost(source->info, fit));
	int rc = fit_picture(source, fit, result, err);
	if (options->budget)
		budget_give(options->budget, taken);
	return rc;
}

static void picture_fit(struct picture *p, const struct media_options *options)
{
	const char *reason = fit_reason(&p->info, p->words.orientation, &options->fit);
	struct chapbook_error why = {0};
	struct fit_result fitted = {0};
	const struct fit_source source = {p->ref, p->bytes, p->size, &p->info};
	if (!reason)
		return;
	if (media_fit(&source, options, &options->fit, &fitted, &why) == 0) {
		tell(p, DIAG_IMAGE_FITTED, "%s was converted: it %s", name_of(p), reason);
		if (fitted.damaged)
			tell(p, DIAG_IMAGE_DAMAGED, "%s is damaged; the book has a part of it",
			     name_of(p));
		if (fitted.stilled)
			tell(p, DIAG_IMAGE_DAMAGED,
			     "%s is animated and too large; the book has its first frame",
			     name_of(p));
		add_words(p, &fitted);
		if (options->keep_originals)
			keep_original(p);
		p->info = fitted.info;
		take(p, fitted.bytes, fitted.size);
		fitted.bytes = NULL;
	} else {
		fit_failed(p, &why);
	}
	fit_result_release(&fitted);
}

/* Strip GPS and device metadata. */
static void drop_private(struct picture *p)
{
	struct buf plain = BUF_INIT;
	if (image_metadata_write(p->bytes, p->size, p->info.kind, NULL, true, &plain)) {
		take_buf(p, &plain);
		tell(p, DIAG_IMAGE_PRIVATE,
		     "%s: GPS or device metadata was removed; --keep-location keeps it",
		     name_of(p));
	}
	buf_end(&plain, &p->arena.failed);
}

static void picture_make(struct picture *p, const struct media_options *options)
{
	if (image_identify(p->bytes, p->size, &p->info) != 0) {
		lose(p, DIAG_IMAGE_BROKEN, "%s was left out: %s", name_of(p),
		     p->info.kind ? "the picture is broken"
				  : "it is not a picture of a known format");
		return;
	}
	if (p->info.kind == IMAGE_SVG) {
		picture_clean_drawing(p, options);
		return;
	}
	image_metadata_read(p->bytes, p->size, p->info.kind, &p->arena, &p->words);
	picture_fit(p, options);
	if (!p->lost && !options->keep_private)
		drop_private(p);
}

void picture_prepare(struct picture *p, const struct media_options *options)
{
	get_bytes(p, options);
	if (!p->lost && p->bytes)
		picture_unpack(p);
	if (!p->lost && p->bytes)
		picture_make(p, options);
	if (!p->lost && p->bytes)
		sha256_hex(p->bytes, p->size, p->digest);
	else
		p->lost = true;
}

int picture_still(const struct picture *p, const struct media_options *options,
		  struct fit_result *still, struct chapbook_error *err)
{
	struct fit_options fit = options->fit;
	fit.animation = false;
	fit.opaque = true;
	fit.enlarge = true;
	if (!fit.width || fit.width > options->cover_width)
		fit.width = options->cover_width;
	if (!fit.height || fit.height > options->cover_height)
		fit.height = options->cover_height;
	if (p->info.kind == IMAGE_SVG)
		return fit_draw_svg(p->ref, p->bytes, p->size, &fit, still, err);
	return media_fit(&(struct fit_source){p->ref, p->bytes, p->size, &p->info}, options, &fit,
			 still, err);
}

void picture_release(struct picture *p)
{
	free(p->owned);
	free(p->owned_original);
	arena_release(&p->arena);
}
