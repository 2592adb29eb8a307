/* For test_image_metadata.py: what a picture says of itself, a line for each word ("caption=…");
 * and the picture written anew: words read FILE, words write FILE OUT drop|keep [WORD=TEXT…]. */
#include "media/metadata/metadata.h"

#include <stdio.h>
#include <string.h>

static void print(const char *name, const char *value)
{
	if (value)
		printf("%s=%s\n", name, value);
}

/* "caption=A boat" */
static void take(struct image_metadata *words, const char *arg)
{
	static const struct {
		const char *name;
		size_t at;
	} names[] = {
		{"caption", offsetof(struct image_metadata, caption)},
		{"credit", offsetof(struct image_metadata, credit)},
		{"creator", offsetof(struct image_metadata, creator)},
		{"rights", offsetof(struct image_metadata, rights)},
		{"alt", offsetof(struct image_metadata, alt)},
		{"description", offsetof(struct image_metadata, description)},
		{"licence", offsetof(struct image_metadata, licence)},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i].name);
		if (strncmp(arg, names[i].name, n) == 0 && arg[n] == '=')
			*(const char **)((char *)words + names[i].at) = arg + n + 1;
	}
}

static int write_anew(int argc, char **argv, const struct buf *file, enum image_kind kind)
{
	struct image_metadata words = {0};
	struct buf out = BUF_INIT;
	for (int i = 5; i < argc; i++)
		take(&words, argv[i]);
	if (!image_metadata_write(file->data, file->len, kind, argc > 5 ? &words : NULL,
				  strcmp(argv[4], "drop") == 0, &out)) {
		puts("nothing to change");
		return 0;
	}
	FILE *f = fopen(argv[3], "wb");
	int failed = !f || fwrite(out.data, 1, out.len, f) != out.len;
	failed |= !f || fclose(f) != 0;
	buf_release(&out);
	return failed;
}

int main(int argc, char **argv)
{
	struct image_info info;
	struct image_metadata words;
	struct arena arena = ARENA_INIT;
	struct buf file = BUF_INIT;
	int status = 0;
	FILE *f = argc > 2 ? fopen(argv[2], "rb") : NULL;
	char bytes[65536];
	size_t n;
	while (f && (n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_append(&file, bytes, n);
	if (!f || fclose(f) != 0 || image_identify(file.data, file.len, &info) != 0)
		return 2;
	if (strcmp(argv[1], "write") == 0 && argc > 4) {
		status = write_anew(argc, argv, &file, info.kind);
	} else {
		image_metadata_read(file.data, file.len, info.kind, &arena, &words);
		print("caption", words.caption);
		print("credit", words.credit);
		print("creator", words.creator);
		print("rights", words.rights);
		print("alt", words.alt);
		print("description", words.description);
		print("licence", words.licence);
		if (words.orientation)
			printf("orientation=%u\n", words.orientation);
		if (words.is_private)
			puts("private=yes");
	}
	arena_release(&arena);
	buf_release(&file);
	return status;
}
