/* YAML metadata: whatever it says, the book of it is right. */
#include "fuzz.h"

#include "base/utf8.h"
#include "read/metadata/metadata.h"

#include <string.h>

/* What article.h promises of every field: NULL, or clean and not empty. */
static void check_field(const char *name, const char *value)
{
	if (value && (value[0] == '\0' || !utf8_is_clean(value, strlen(value))))
		fuzz_fail(name, value);
}

static void check_article(const struct article *a)
{
	check_field("title", a->title);
	check_field("subtitle", a->subtitle);
	check_field("standfirst", a->standfirst);
	check_field("description", a->description);
	check_field("publisher", a->publisher);
	check_field("published", a->published);
	check_field("language", a->language);
	check_field("source_url", a->source_url);
	check_field("rights", a->rights);
	check_field("series", a->series.name);
	check_field("cover", a->cover_ref);
	for (size_t i = 0; i < a->authors.count; i++) {
		check_field("author", a->authors.items[i].name);
		check_field("sort name", a->authors.items[i].sort_name);
		check_field("bio", a->authors.items[i].bio);
		check_field("author url", a->authors.items[i].url);
	}
	for (size_t i = 0; i < a->subjects.count; i++)
		check_field("subject", a->subjects.items[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_error err = {0};
	struct article *a = article_new();
	int rc = metadata_read_file(a, (const char *)data, size, "fuzz.yaml", NULL, &err);
	check_article(a);
	if (rc != 0 && err.message[0] == '\0')
		fuzz_fail("failed", "without an error");
	article_free(a);

	/* The same as front matter, all the way. */
	static const char before[] = "---\n", after[] = "\n---\n\n# A heading\n\nSome words.\n";
	char text[8192];
	if (size > sizeof text - sizeof before - sizeof after)
		return 0;
	size_t len = 0;
	memcpy(text, before, sizeof before - 1);
	len += sizeof before - 1;
	memcpy(text + len, data, size);
	len += size;
	memcpy(text + len, after, sizeof after - 1);
	len += sizeof after - 1;
	struct chapbook_job *job = fuzz_job();
	chapbook_job_add_bytes(job, "fuzz.md", text, len, NULL);
	fuzz_finish(job);
	return 0;
}
