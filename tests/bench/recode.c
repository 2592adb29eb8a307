/* Decodes a JPEG and encodes it again, with libjpeg-turbo: recode COUNT FILE. */
#include <stdio.h>
#include <stdlib.h>
#include <turbojpeg.h>

enum { MAX_BYTES = 50 * 1000 * 1000, QUALITY = 88 };

int main(int argc, char **argv)
{
	unsigned char *jpeg = malloc(MAX_BYTES);
	FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
	size_t size = file && jpeg ? fread(jpeg, 1, MAX_BYTES, file) : 0;
	int width, height, samples, space;
	for (int i = argc == 3 ? atoi(argv[1]) : 0; i > 0; i--) {
		tjhandle from = tjInitDecompress(), to = tjInitCompress();
		unsigned char *out = NULL;
		unsigned long out_size = 0;
		if (tjDecompressHeader3(from, jpeg, size, &width, &height, &samples, &space) != 0)
			return EXIT_FAILURE;
		unsigned char *pixels = malloc((size_t)width * height * 4);
		if (!pixels ||
		    tjDecompress2(from, jpeg, size, pixels, width, 0, height, TJPF_BGRX, 0) != 0 ||
		    tjCompress2(to, pixels, width, 0, height, TJPF_BGRX, &out, &out_size,
				TJSAMP_420, QUALITY, 0) != 0)
			return EXIT_FAILURE;
		tjFree(out);
		free(pixels);
		tjDestroy(from);
		tjDestroy(to);
	}
	return size > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
