/* Runs a fuzz target over files, without libFuzzer: any compiler will do. Prints each name, so that
 * a crash is known by its file. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		if (!f || fseek(f, 0, SEEK_END) != 0) {
			perror(argv[i]);
			return 1;
		}
		long size = ftell(f);
		rewind(f);
		/* Of exactly this size, so that AddressSanitizer sees a read beyond it. */
		uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
		if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
			perror(argv[i]);
			return 1;
		}
		fclose(f);
		printf("%s\n", argv[i]);
		fflush(stdout);
		LLVMFuzzerTestOneInput(data, (size_t)size);
		free(data);
	}
	printf("%d files\n", argc - 1);
	return 0;
}
