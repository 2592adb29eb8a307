/* Sets of templates: found by name, compiled once, shared by threads. */
#include "base/error.h"
#include "template/compile.h"
#include "template/render.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct template_set {
	template_loader *load;
	void *ctx;
	bool strict;
	/* The lock is held while templates are found and compiled. Compiled ones never change. */
	pthread_mutex_t lock;
	struct arena arena;
	struct template_file *first, *last;
};

struct template_set *template_set_new(template_loader *load, void *ctx, bool strict)
{
	struct template_set *set = calloc(1, sizeof *set);
	if (!set)
		return NULL;
	if (pthread_mutex_init(&set->lock, NULL)) {
		free(set);
		return NULL;
	}
	set->load = load;
	set->ctx = ctx;
	set->strict = strict;
	return set;
}

void template_set_free(struct template_set *set)
{
	if (!set)
		return;
	arena_release(&set->arena);
	pthread_mutex_destroy(&set->lock);
	free(set);
}

/* A template_lookup: the set's template of that name, not loaded yet when it is new. */
static struct template_file *set_find(void *ctx, const char *name, size_t len)
{
	struct template_set *set = ctx;
	len = strnlen(name, len); /* a name ends at a NUL: no file's has one inside */
	for (struct template_file *t = set->first; t; t = t->next)
		if (strlen(t->name) == len && memcmp(t->name, name, len) == 0)
			return t;
	struct template_file *t = arena_alloc(&set->arena, sizeof *t);
	char *copy = arena_dupn(&set->arena, name, len);
	if (!t || !copy)
		return NULL;
	t->name = t->file = copy;
	if (set->last)
		set->last->next = t;
	else
		set->first = t;
	set->last = t;
	return t;
}

static void load(struct template_set *set, struct template_file *t)
{
	struct buf text = BUF_INIT, file = BUF_INIT;
	t->loaded = true;
	int found = set->load(set->ctx, t->name, &text, &file, &t->error);
	if (found < 0) {
		if (t->error.code == CHAPBOOK_OK)
			error_set(&t->error, CHAPBOOK_E_IO, "%s: cannot be read", t->name);
	} else if (found > 0) {
		t->missing = true;
	} else {
		t->text = arena_dupn(&set->arena, text.data, text.len);
		t->len = text.len;
		t->file = arena_dup(&set->arena, file.data);
		if (!t->text || !t->file || text.failed || file.failed)
			error_memory(&t->error);
		else
			template_compile(t, &set->arena, set_find, set);
	}
	buf_release(&text);
	buf_release(&file);
}

/* A template that includes one that is missing or broken is itself broken. */
static void check_partials(struct template_file *t)
{
	for (size_t i = 0; i < t->tokens.count; i++) {
		const struct token *token = &t->tokens.items[i];
		if (token->kind != TOKEN_PARTIAL)
			continue;
		if (token->partial->missing)
			error_set(&t->error, CHAPBOOK_E_USAGE, "%s:%d: no such template: %s",
				  t->file, token->line, token->partial->name);
		else if (token->partial->error.code && !t->error.code)
			t->error = token->partial->error;
	}
}

/* Find a template, and compile it and all that it includes. Returns NULL when memory runs out. */
static const struct template_file *set_prepare(struct template_set *set, const char *name)
{
	struct template_file *t = set_find(set, name, strlen(name));
	if (!t || t->loaded)
		return t;
	/* Those that are found on the way go to the end of the list, and their turn comes. */
	for (struct template_file *each = t; each; each = each->next)
		if (!each->loaded)
			load(set, each);
	if (set->strict)
		for (struct template_file *each = t; each; each = each->next)
			check_partials(each);
	return t;
}

int template_render(struct template_set *set, const char *name, const struct value *root,
		    struct buf *out, struct chapbook_error *err)
{
	pthread_mutex_lock(&set->lock);
	const struct template_file *t = set_prepare(set, name);
	bool failed = !t || set->arena.failed;
	pthread_mutex_unlock(&set->lock);
	if (failed)
		return error_memory(err);
	if (t->missing)
		return error_set(err, CHAPBOOK_E_USAGE, "no such template: %s", name);
	return render(t, set->strict, root, out, err);
}
