/* Profiles: what a kind of reading device, or a purpose, wants of pictures and covers. */
#ifndef JOB_PROFILE_H
#define JOB_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

struct profile {
	const char *name;
	unsigned image_width, image_height; /* no picture is larger; 0: any size */
	int image_quality;                  /* of JPEG */
	size_t max_book_size;               /* bytes; 0: no limit */
	unsigned cover_width, cover_height; /* of a drawn cover */
	bool keep_originals;                /* bit for bit, with all that they say of themselves */
	bool keep_animation;
	bool opaque; /* no transparency */
};

/* "generic" for NULL; NULL when there is none of that name. */
const struct profile *profile_find(const char *name);

#define PROFILES "generic, kindle, kobo, archive"

#endif
