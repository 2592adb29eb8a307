/* Finding, loading and fitting the pictures that an article refers to. */
#ifndef MEDIA_LOAD_H
#define MEDIA_LOAD_H

#include "article/article.h"
#include "base/diag.h"
#include "media/fit/budget.h"
#include "media/fit/fit.h"

/* Zero-initialised: pictures that need no fitting go in as they are, and nothing is fetched. */
struct media_options {
	struct fit_options fit;
	const char *cover; /* the cover's picture, a file that an option names; or NULL */
	unsigned cover_width, cover_height; /* of a drawing on the cover, at most */
	bool none;                          /* no pictures: their words stay */
	bool keep_originals;                /* beside what is made of them */
	bool keep_private;                  /* where they were taken, with what device */
	unsigned threads;                   /* 0: one a core */
	struct budget *budget; /* of memory, for all pictures that are worked on; or NULL */
	/* Get a picture by its address: *bytes is malloc()ed. Called from several threads at once.
	 * NULL: nothing is fetched. */
	int (*fetch)(void *ctx, const char *url, char **bytes, size_t *size,
		     struct chapbook_error *err);
	/* Told when `done` of `total` pictures are ready, from several threads; or NULL. */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx; /* of both */
};

/* fit_picture() within the memory that there is for pictures. */
int media_fit(const struct fit_source *source, const struct media_options *options,
	      const struct fit_options *fit, struct fit_result *result, struct chapbook_error *err);

/* Load what the body's `img`s (and a->cover_ref, a->lead_image, authors' portraits, `photos`) refer
 * to, from files below a->folder (what a metadata file names: below its own), files that came with
 * the article (a->parts), `data:` URLs and addresses: fills a->images and a->image_refs. Each
 * content is stored once. A reference that is missing, broken, not to be fetched or outside what
 * may be read is a loss that is reported; its `img` is replaced by its alt text in a `span
 * class="missing-image"`, in which an `a class="missing-source"` leads to its address, if it has
 * one (or by nothing when both are lacking); its figure and caption stay. So afterwards every `img`
 * in the body has an image_ref. What pictures say of themselves fills in captions, credits and alt
 * texts that the article does not give. `photos` are files given by the caller (--photo): they are
 * given in order to the figures that have a caption but no picture; what is left over is appended
 * to the body as figures of its own, with a warning. Called after reading, before
 * article_collect_figures(). */
int media_load(struct article *a, const struct string_list *photos,
	       const struct media_options *options, struct diag *diag, struct chapbook_error *err);

/* Write the captions, credits and alt texts of a->figures into their pictures (XMP; JPEG and PNG).
 * Of a picture that several figures show the first speaks. Called after article_collect_figures().
 */
void media_embed_captions(struct article *a);

/* Make the pictures of all articles smaller until they have at most `most` bytes together. Returns
 * -1 (CHAPBOOK_E_LIMIT) when they cannot be. */
int media_shrink(struct article **articles, size_t count, size_t most,
		 const struct media_options *options, struct diag *diag,
		 struct chapbook_error *err);

/* For a body without loaded pictures: relative references become addresses, but for those
 * that name files below a->folder. */
void media_resolve_addresses(struct article *a);

#endif
