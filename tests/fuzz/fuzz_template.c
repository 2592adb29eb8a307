/* The template engine: a template and, after a NUL, a partial of the name "p", rendered from a
 * fixed set of values, strictly and not. */
#include "fuzz.h"

#include "template/template.h"

#include <string.h>

struct source {
	const char *text, *partial;
	size_t len, partial_len;
};

static int load(void *ctx, const char *name, struct buf *text, struct buf *file,
		struct chapbook_error *err)
{
	const struct source *source = ctx;
	(void)err;
	buf_puts(file, name);
	if (strcmp(name, "t") == 0)
		buf_append(text, source->text, source->len);
	else if (strcmp(name, "p") == 0 && source->partial)
		buf_append(text, source->partial, source->partial_len);
	else
		return 1;
	return 0;
}

static struct value *make_values(struct arena *arena)
{
	struct value *root = value_map(arena), *list = value_list(arena), *inner = value_map(arena);
	value_put_string(arena, root, "a", "A & <b> \"q\"");
	value_put_string(arena, root, "e", "");
	value_put(arena, root, "t", value_bool(arena, true));
	value_put(arena, root, "f", value_bool(arena, false));
	value_put(arena, root, "n", value_number(arena, -7));
	for (long long i = 0; i < 3; i++) {
		struct value *item = value_map(arena);
		value_put(arena, item, "i", value_number(arena, i));
		value_put_string(arena, item, "a", i ? "again" : NULL);
		value_add(arena, list, item);
	}
	value_put(arena, root, "l", list);
	value_put_string(arena, inner, "x", "deep");
	value_put(arena, root, "m", inner);
	return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	/* Nested lists multiply: that is what a template asks for, and no fault. */
	size_t sections = 0;
	for (size_t i = 0; i < size; i++)
		sections += text[i] == '#';
	if (sections > 10)
		return 0;
	const char *nul = size ? memchr(text, '\0', size) : NULL;
	struct source source = {.text = text, .len = nul ? (size_t)(nul - text) : size};
	if (nul) {
		source.partial = nul + 1;
		source.partial_len = size - source.len - 1;
	}
	struct arena arena = ARENA_INIT;
	struct value *root = make_values(&arena);
	for (int strict = 0; strict < 2; strict++) {
		struct chapbook_error err = {0};
		struct buf out = BUF_INIT;
		struct template_set *set = template_set_new(load, &source, strict);
		if (template_render(set, "t", root, &out, &err) != 0 && err.message[0] == '\0')
			fuzz_fail("failed", "without an error");
		buf_release(&out);
		template_set_free(set);
	}
	arena_release(&arena);
	return 0;
}
