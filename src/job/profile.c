#include "job/profile.h"

#include <string.h>

/* Send to Kindle takes 50 MB by mail; Kobo's covers are shown at 3 to 4; most screens of e-readers
 * have at most 1600 x 2400 pixels. */
static const struct profile profiles[] = {
	{
		.name = "generic",
		.image_width = 1600,
		.image_height = 2400,
		.image_quality = 82,
		.cover_width = 1600,
		.cover_height = 2400,
		.keep_animation = true,
		.opaque = true,
	},
	{
		.name = "kindle",
		.image_width = 1600,
		.image_height = 2400,
		.image_quality = 80,
		.max_book_size = 50 * 1000 * 1000,
		.opaque = true,
		.cover_width = 1600,
		.cover_height = 2400,
	},
	{
		.name = "kobo",
		.image_width = 1440,
		.image_height = 1920,
		.image_quality = 82,
		.cover_width = 1600,
		.cover_height = 2133,
		.keep_animation = true,
		.opaque = true,
	},
	{
		.name = "archive",
		.image_quality = 90,
		.cover_width = 1600,
		.cover_height = 2400,
		.keep_originals = true,
		.keep_animation = true,
	},
};

const struct profile *profile_find(const char *name)
{
	for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
		if (!name || strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}
