/* Sources: what they are, and their items. */
#include "source/source.h"

#include "base/error.h"
#include "source/archive.h"
#include "source/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct chapbook_source {
	char *path, *url;
	char *owned; /* the bytes, where they are the source's */
	bool is_folder;
	struct source_input in;
	struct source_archive *archive; /* NULL: it is none */
	const struct source_format *format;
	const char *name; /* of the format; NULL: it is no source */
	char named[SOURCE_NAME];
	char *head; /* the first bytes, decoded; NUL-terminated */
	size_t head_len;
};

/* --- What it is --- */

/* Decode the first bytes. */
static int decode_head(struct chapbook_source *s, struct chapbook_error *err)
{
	char *raw = malloc(SOURCE_HEAD);
	struct source_input memory = {.fd = -1};
	struct source_text text = {.ready = BUF_INIT};
	s->head = malloc(SOURCE_HEAD + 1);
	long n = raw && s->head ? source_input_peek(&s->in, raw, SOURCE_HEAD, err) : -1;
	if (n >= 0)
		n = source_input_open_memory(&memory, s->path, raw, (size_t)n, err);
	if (n == 0) {
		source_text_init(&text, &memory.bytes);
		while (s->head_len < SOURCE_HEAD &&
		       (n = text.bytes.read(&text.bytes, s->head + s->head_len,
					    SOURCE_HEAD - s->head_len, err)) > 0)
			s->head_len += (size_t)n;
	}
	source_text_release(&text);
	source_input_close(&memory);
	bool failed = !raw || !s->head;
	free(raw);
	if (failed)
		return error_memory(err);
	s->head[s->head_len] = '\0';
	return n < 0 ? -1 : 0;
}

static bool is_format(const struct chapbook_source *s, const struct source_format *format)
{
	if (s->is_folder)
		return format->is_folder && format->is_folder(s->path);
	if (s->archive)
		return format->is_archive && format->is_archive(s->archive);
	return format->is && format->is(s->head, s->head_len);
}

static void set_format(struct chapbook_source *s, const struct source_format *format)
{
	bool named = format->name_of && s->head &&
		     format->name_of(s->head, s->head_len, s->named, sizeof s->named);
	s->format = format;
	s->name = named ? s->named : format->name;
}

static void find_source_format(struct chapbook_source *s)
{
	for (size_t i = 0; !s->format && source_formats[i]; i++)
		if (is_format(s, source_formats[i]))
			set_format(s, source_formats[i]);
}

static bool is_zip(const struct source_input *in)
{
	return in->head_len >= 4 && memcmp(in->head, "PK\3\4", 4) == 0;
}

/* Whatever can be read is inspected; a file that is a broken archive is no source. */
static int inspect(struct chapbook_source *s, struct chapbook_error *err)
{
	if (is_zip(&s->in)) {
		struct chapbook_error why = {0};
		s->archive = source_archive_new(&s->in, &why);
		if (!s->archive && why.code != CHAPBOOK_E_INPUT) {
			if (err)
				*err = why;
			return -1;
		}
	} else if (decode_head(s, err) != 0) {
		return -1;
	}
	if (s->archive || s->head)
		find_source_format(s);
	return 0;
}

/* --- From outside --- */

static struct chapbook_source *source_new(const char *path, const char *url,
					  struct chapbook_error *err)
{
	struct chapbook_source *s = calloc(1, sizeof *s);
	if (s) {
		s->in.fd = -1;
		s->path = strdup(path);
		s->url = url ? strdup(url) : NULL;
	}
	if (s && s->path && (s->url || !url))
		return s;
	chapbook_source_free(s);
	error_memory(err);
	return NULL;
}

void chapbook_source_free(struct chapbook_source *s)
{
	if (!s)
		return;
	source_archive_free(s->archive);
	source_input_close(&s->in);
	free(s->head);
	free(s->owned);
	free(s->path);
	free(s->url);
	free(s);
}

struct chapbook_source *chapbook_source_open(const char *path, struct chapbook_error *err)
{
	struct stat st;
	struct chapbook_source *s = source_new(path, NULL, err);
	if (!s)
		return NULL;
	s->is_folder = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	if (s->is_folder) {
		find_source_format(s);
		return s;
	}
	if (source_input_open(&s->in, s->path, err) == 0 && inspect(s, err) == 0)
		return s;
	chapbook_source_free(s);
	return NULL;
}

struct chapbook_source *chapbook_source_open_bytes(const char *name, const char *url,
						   const void *bytes, size_t size,
						   struct chapbook_error *err)
{
	struct chapbook_source *s = source_new(name, url, err);
	if (!s)
		return NULL;
	if (source_input_open_memory(&s->in, s->path, bytes, size, err) == 0) {
		s->in.bytes.url = s->url;
		if (inspect(s, err) == 0)
			return s;
	}
	chapbook_source_free(s);
	return NULL;
}

void source_own(struct chapbook_source *s, char *bytes)
{
	s->owned = bytes;
}

const char *chapbook_source_format(const struct chapbook_source *s)
{
	return s->name;
}

int chapbook_source_set_format(struct chapbook_source *s, const char *name,
			       struct chapbook_error *err)
{
	bool known = false;
	for (size_t i = 0; source_formats[i]; i++) {
		const struct source_format *format = source_formats[i];
		if (strcmp(format->name, name) != 0)
			continue;
		known = true;
		if (s->is_folder ? !format->read_folder
		    : s->archive ? !format->read_archive
				 : !format->read)
			continue;
		set_format(s, format);
		return 0;
	}
	return known ? error_set(err, CHAPBOOK_E_INPUT, "%s: cannot be read as %s", s->path, name)
		     : error_set(err, CHAPBOOK_E_USAGE, "'%s' is not a format of sources", name);
}

int chapbook_source_read(struct chapbook_source *s, chapbook_item_fn *fn, void *ctx,
			 chapbook_message_fn *messages, void *messages_ctx,
			 struct chapbook_error *err)
{
	struct diag diag = {messages, messages_ctx, s->path, 0};
	const struct source_sink sink = {fn, ctx, &diag};
	const struct source_format *format = s->format;
	if (!format)
		return error_set(err, CHAPBOOK_E_USAGE, "%s: not a list, feed, export or mailbox",
				 s->path);
	if (s->is_folder)
		return format->read_folder(s->path, &sink, err);
	if (s->archive)
		return format->read_archive(s->archive, &sink, err);
	return format->read(&s->in.bytes, &sink, err);
}
