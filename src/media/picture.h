/* One picture on its way into a book: from where its bytes are to what e-readers show. */
#ifndef MEDIA_PICTURE_H
#define MEDIA_PICTURE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/id.h"
#include "media/identify/identify.h"
#include "media/metadata/metadata.h"
#include "media/source.h"

struct picture_message {
	enum diag_id id;
	const char *text;
};
struct picture_message_list {
	struct picture_message *items;
	size_t count, cap;
};

/* Zero-initialised but for the first three. */
struct picture {
	const char *ref; /* as the body has it: borrowed */
	const char *key; /* of the metadata that name it, for messages; or NULL: the body does */
	struct source source;
	/* Set by picture_prepare(). */
	struct arena arena; /* of words and messages; `failed` when memory ran out */
	bool lost;          /* there is nothing to show */
	const char *bytes;
	size_t size;
	char *owned; /* `bytes` where they are malloc()ed; NULL: the caller owns them */
	struct image_info info;
	char digest[SHA256_HEX];
	const char *original; /* as it came, where that is to be kept beside `bytes`; or NULL */
	size_t original_size;
	char *owned_original;
	struct image_metadata words;
	struct picture_message_list messages; /* to be reported, in order */
};

struct media_options;
struct fit_result;
/* Get the bytes; make them what e-readers show: cleaned, fitted, without what is private. Pictures
 * may be prepared in several threads at once. */
void picture_prepare(struct picture *p, const struct media_options *options);
/* A JPEG or PNG of a prepared picture of another kind: of a drawing as large as a cover may be, of
 * what moves the first frame. `still` must be released if it succeeds. */
int picture_still(const struct picture *p, const struct media_options *options,
		  struct fit_result *still, struct chapbook_error *err);
void picture_release(struct picture *p);

#endif
