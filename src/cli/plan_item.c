#include "cli/plan_item.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool plan_read_at(int fd, void *to, size_t size, uint64_t offset)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = pread(fd, (char *)to + done, size - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

void plan_put_bytes(struct plan_bytes *out, const void *data, size_t size)
{
	if (out->len + size > out->room && !out->failed) {
		size_t room = 2 * (out->len + size) + 256;
		char *more = realloc(out->data, room);
		out->failed = !more;
		out->data = more ? more : out->data;
		out->room = more ? room : out->room;
	}
	if (out->failed || size == 0)
		return;
	memcpy(out->data + out->len, data, size);
	out->len += size;
}

static void put_count(struct plan_bytes *out, size_t count)
{
	uint64_t n = count;
	plan_put_bytes(out, &n, sizeof n);
}

/* With its length + 1 (0: NULL) before it and a NUL behind it. */
void plan_put_block(struct plan_bytes *out, const void *data, size_t size)
{
	put_count(out, data ? size + 1 : 0);
	if (!data)
		return;
	plan_put_bytes(out, data, size);
	plan_put_bytes(out, "", 1);
}

static void plan_put_text(struct plan_bytes *out, const char *text)
{
	plan_put_block(out, text, text ? strlen(text) : 0);
}

/* The fields that are strings, in their order. */
#define ITEM_STRINGS(item)                                                                         \
	{                                                                                          \
		&(item)->id, &(item)->url, &(item)->source, &(item)->source_url, &(item)->title,   \
			&(item)->summary, &(item)->folder, &(item)->state, &(item)->note,          \
			&(item)->language, &(item)->published, &(item)->updated, &(item)->saved,   \
			&(item)->content_type, &(item)->base_url                                   \
	}
enum { STRING_COUNT = 15 };

void plan_put_item(struct plan_bytes *out, const struct chapbook_item *item)
{
	const char *const *const strings[STRING_COUNT] = ITEM_STRINGS(item);
	for (size_t i = 0; i < STRING_COUNT; i++)
		plan_put_text(out, *strings[i]);
	put_count(out, item->is_partial);
	plan_put_block(out, item->content, item->content_size);
	put_count(out, item->tag_count);
	for (size_t i = 0; i < item->tag_count; i++)
		plan_put_text(out, item->tags[i]);
	put_count(out, item->author_count);
	for (size_t i = 0; i < item->author_count; i++) {
		plan_put_text(out, item->authors[i].name);
		plan_put_text(out, item->authors[i].url);
	}
	put_count(out, item->highlight_count);
	for (size_t i = 0; i < item->highlight_count; i++) {
		plan_put_text(out, item->highlights[i].text);
		plan_put_text(out, item->highlights[i].note);
	}
	put_count(out, item->file_count);
	for (size_t i = 0; i < item->file_count; i++) {
		plan_put_text(out, item->files[i].name);
		plan_put_text(out, item->files[i].type);
		plan_put_block(out, item->files[i].bytes, item->files[i].size);
	}
}

/* Bytes that are read. */
struct span {
	char *at, *end;
	bool bad;
};

static size_t take_count(struct span *in)
{
	uint64_t n = 0;
	if ((size_t)(in->end - in->at) < sizeof n) {
		in->bad = true;
		return 0;
	}
	memcpy(&n, in->at, sizeof n);
	in->at += sizeof n;
	return (size_t)n;
}

static const char *plan_take_block(struct span *in, size_t *size)
{
	size_t n = take_count(in);
	*size = 0;
	if (n == 0)
		return NULL;
	if (n > (size_t)(in->end - in->at) || in->at[n - 1] != '\0') {
		in->bad = true;
		return NULL;
	}
	const char *text = in->at;
	in->at += n;
	*size = n - 1;
	return text;
}

static const char *plan_take_string(struct span *in)
{
	size_t size;
	return plan_take_block(in, &size);
}

/* A list of at most as many members as there are bytes. NULL, 0: none. */
static void *take_list(struct span *in, size_t member, size_t *count)
{
	*count = take_count(in);
	if (*count > (size_t)(in->end - in->at) / sizeof(uint64_t)) {
		in->bad = true;
		*count = 0;
	}
	void *list = *count ? calloc(*count, member) : NULL;
	if (!list)
		*count = 0;
	return list;
}

void planned_item_release(struct planned_item *planned)
{
	free(planned->bytes);
	free(planned->tags);
	free(planned->authors);
	free(planned->highlights);
	free(planned->files);
}

static void take_lists(struct span *in, struct planned_item *planned)
{
	struct chapbook_item *item = &planned->item;
	item->tags = planned->tags = take_list(in, sizeof *planned->tags, &item->tag_count);
	for (size_t i = 0; i < item->tag_count; i++)
		planned->tags[i] = plan_take_string(in);
	item->authors = planned->authors =
		take_list(in, sizeof *planned->authors, &item->author_count);
	for (size_t i = 0; i < item->author_count; i++) {
		planned->authors[i].name = plan_take_string(in);
		planned->authors[i].url = plan_take_string(in);
	}
	item->highlights = planned->highlights =
		take_list(in, sizeof *planned->highlights, &item->highlight_count);
	for (size_t i = 0; i < item->highlight_count; i++) {
		planned->highlights[i].text = plan_take_string(in);
		planned->highlights[i].note = plan_take_string(in);
	}
	item->files = planned->files = take_list(in, sizeof *planned->files, &item->file_count);
	for (size_t i = 0; i < item->file_count; i++) {
		planned->files[i].name = plan_take_string(in);
		planned->files[i].type = plan_take_string(in);
		planned->files[i].bytes = plan_take_block(in, &planned->files[i].size);
	}
}

/* Read the item whose fields begin at `offset`. */
int planned_item_read(int fd, uint64_t offset, size_t size, struct planned_item *planned,
		      struct chapbook_error *err)
{
	*planned = (struct planned_item){.bytes = malloc(size + 1)};
	if (!planned->bytes)
		return cli_no_memory(err);
	bool good = plan_read_at(fd, planned->bytes, size, offset);
	struct span in = {planned->bytes, planned->bytes + size, !good};
	const char **const strings[STRING_COUNT] = ITEM_STRINGS(&planned->item);
	for (size_t i = 0; i < STRING_COUNT; i++)
		*strings[i] = plan_take_string(&in);
	planned->item.is_partial = take_count(&in) != 0;
	planned->item.content = plan_take_block(&in, &planned->item.content_size);
	take_lists(&in, planned);
	if (!in.bad)
		return 0;
	*err = (struct chapbook_error){.code = CHAPBOOK_E_INTERNAL,
				       .message = "an item cannot be read back"};
	return -1;
}
