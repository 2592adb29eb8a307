/* What packing costs with libzip and libxml2 alone: parses every XML file of an unpacked book and
 * packs all of its files: pack OUT.epub DIR NAMES (a file of names, one a line, mimetype first;
 * OUT and NAMES are absolute). */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

static int is_xml(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && (strcmp(dot, ".xhtml") == 0 || strcmp(dot, ".opf") == 0 ||
		       strcmp(dot, ".ncx") == 0 || strcmp(dot, ".xml") == 0);
}

int main(int argc, char **argv)
{
	char name[4096];
	int error = 0;
	if (argc != 4)
		return 2;
	FILE *names = fopen(argv[3], "r");
	remove(argv[1]);
	zip_t *zip = zip_open(argv[1], ZIP_CREATE | ZIP_EXCL, &error);
	if (!names || !zip || chdir(argv[2]) != 0)
		return 1;
	while (fgets(name, sizeof name, names)) {
		name[strcspn(name, "\n")] = '\0';
		if (is_xml(name)) {
			xmlDoc *doc = xmlReadFile(name, NULL, XML_PARSE_NONET);
			if (!doc)
				return 1;
			xmlFreeDoc(doc);
		}
		zip_source_t *source = zip_source_file(zip, name, 0, -1);
		zip_int64_t index = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
		if (index < 0)
			return 1;
		if (strcmp(name, "mimetype") == 0)
			zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
	}
	fclose(names);
	if (zip_close(zip) != 0)
		return 1;
	xmlCleanupParser();
	return 0;
}
