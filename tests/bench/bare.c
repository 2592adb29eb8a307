/* The least that a program can do that is linked with libzip and libxml2: it starts. */
#include <libxml/parser.h>
#include <zip.h>

int main(int argc, char **argv)
{
	(void)argv;
	/* Never true: only so that the linker keeps both libraries. */
	if (argc > 100) {
		xmlInitParser();
		return zip_libzip_version()[0];
	}
	return 0;
}
