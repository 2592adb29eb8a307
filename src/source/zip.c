/* An archive of lists: each entry is read as what it is. */
#include "source/formats.h"
#include "source/text.h"

#include "base/error.h"

#include <string.h>

enum { MAX_INSPECTED = 100 };

/* Documents of other programs are archives, too: books, texts, presentations, programs. */
static bool is_document(const struct source_archive *a)
{
	static const char *const marks[] = {"mimetype", "[Content_Types].xml",
					    "META-INF/MANIFEST.MF", "AndroidManifest.xml"};
	for (size_t i = 0; i < source_archive_count(a); i++)
		for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
			if (strcmp(source_archive_name(a, i), marks[k]) == 0)
				return true;
	return false;
}

/* The format of a list; NULL: it is none, or *err. */
static const struct source_format *format_of_entry(struct source_bytes *in,
						   struct chapbook_error *err)
{
	const struct source_format *found = NULL;
	struct source_text text;
	source_text_init(&text, in);
	int rc = source_text_peek(&text, SOURCE_HEAD, err);
	for (size_t i = 0; rc == 0 && !found && source_formats[i]; i++)
		if (source_formats[i]->is && source_formats[i]->is(text.ready.data, text.ready.len))
			found = source_formats[i];
	source_text_release(&text);
	return found;
}

static bool zip_is(struct source_archive *a)
{
	bool found = false;
	size_t count = source_archive_count(a);
	if (is_document(a))
		return false;
	for (size_t i = 0; !found && i < count && i < MAX_INSPECTED; i++) {
		struct source_bytes *in = source_archive_open(a, i, NULL);
		found = in && format_of_entry(in, NULL);
		source_archive_close(in);
	}
	return found;
}

static int zip_read_entry(struct source_bytes *in, const struct source_sink *sink,
			  struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	const struct source_format *format = format_of_entry(in, &why);
	if (why.code) {
		if (err)
			*err = why;
		return -1;
	}
	if (!format)
		return 0;
	return in->rewind(in, err) == 0 ? format->read(in, sink, err) : -1;
}

static int zip_read(struct source_archive *a, const struct source_sink *sink,
		    struct chapbook_error *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < source_archive_count(a); i++) {
		struct chapbook_error why = {0};
		struct source_bytes *in = source_archive_open(a, i, &why);
		rc = in ? zip_read_entry(in, sink, &why) : -1;
		source_archive_close(in);
		if (rc == -1 && why.code == CHAPBOOK_E_INPUT) {
			diag_add(sink->diag, DIAG_ITEM_BAD, 0, "%s", why.message);
			rc = 0;
		} else if (rc == -1 && err) {
			*err = why;
		}
	}
	return rc;
}

const struct source_format source_zip = {
	.name = "zip", .is_archive = zip_is, .read_archive = zip_read};
