/* The preflight and `info`, on books that are not ours. The first byte says what the rest is: 'Z' a
 * whole file; a digit the new content of one file of a book that is otherwise right. Its length
 * says for whom the book is. */
#include "fuzz.h"

#include "check/check.h"
#include "info/info.h"

#include <stdlib.h>
#include <string.h>

static void on_finding(void *ctx, const struct chapbook_message *m)
{
	(void)ctx;
	if (!m->id || !m->text)
		abort();
}

static void examine(const struct package *package, const struct container_facts *facts,
		    enum check_profile profile)
{
	struct chapbook_error err = {0};
	check_package(package, facts,
		      &(struct check_options){.profile = profile, .threads = 1, .fn = on_finding},
		      &err);
	for (int json = 0; json < 2; json++) {
		struct buf out = BUF_INIT;
		struct chapbook_error why = {0};
		if (info_put(package, json ? CHAPBOOK_INFO_JSON : CHAPBOOK_INFO_TEXT, &out, &why) !=
			    0 &&
		    why.message[0] == '\0')
			fuzz_fail("info failed", "without an error");
		buf_release(&out);
	}
}

/* A book of our own, made once. */
static void good_book(struct package *package)
{
	static char *bytes;
	static size_t size;
	static const char text[] =
		"---\ntitle: A Walk\nauthor: {name: Ann Brown, bio: Ann walks.}\nlang: en\n---\n\n"
		"# One\n\nWords[^1] and a <b>b</b>.\n\n"
		"![a](data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E \"Cap "
		"(Photo: "
		"Me)\")\n\n# Two\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n[^1]: A note.\n";
	struct chapbook_error err = {0};
	if (!bytes) {
		struct chapbook_job *job = fuzz_job();
		fuzz_set(job, "split-level", "1");
		if (chapbook_job_add_bytes(job, "walk.md", text, sizeof text - 1, &err) != 0 ||
		    chapbook_job_write_bytes(job, &bytes, &size, &err) != 0)
			fuzz_fail("the good book", err.message);
		chapbook_job_free(job);
	}
	if (package_open_bytes(package, bytes, size, NULL, &err) != 0)
		fuzz_fail("the good book", err.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const replaced[] = {
		"EPUB/package.opf",
		"EPUB/nav.xhtml",
		"EPUB/toc.ncx",
		"EPUB/chapter-1.xhtml",
		"META-INF/container.xml",
		"EPUB/style.css",
		"mimetype",
		"EPUB/title.xhtml",
		"EPUB/colophon.xhtml",
		"EPUB/image-1.svg",
	};
	struct package package = PACKAGE_INIT;
	enum check_profile profile = (enum check_profile)(size % (PROFILE_ARCHIVE + 1));
	if (size == 0)
		return 0;
	if (data[0] == 'Z') {
		struct container_facts facts = {0};
		struct chapbook_error err = {0};
		if (package_open_bytes(&package, data + 1, size - 1, &facts, &err) == 0)
			examine(&package, &facts, profile);
		else if (err.message[0] == '\0')
			fuzz_fail("failed", "without an error");
	} else if (data[0] >= '0' && data[0] <= '9') {
		good_book(&package);
		for (size_t i = 0; i < package.count; i++) {
			struct entry *entry = &package.entries[i];
			if (strcmp(entry->name, replaced[data[0] - '0']) != 0)
				continue;
			if (entry->owned)
				free((void *)entry->bytes);
			entry->bytes = (const char *)data + 1;
			entry->size = size - 1;
			entry->owned = false;
		}
		examine(&package, NULL, profile);
	}
	package_release(&package);
	return 0;
}
