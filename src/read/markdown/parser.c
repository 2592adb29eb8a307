/* Calling cmark-gfm: its memory, its extensions, and the inputs it is slow on. */
#include "read/markdown/markdown.h"

#include "base/error.h"
#include "base/memory_limit.h"

#include <cmark-gfm-core-extensions.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- Memory --- */

/* In front of everything that cmark holds, so that all of it can be freed at once. */
struct markdown_block {
	_Alignas(max_align_t) struct markdown_block *next;
	struct markdown_block *prev;
};

/* cmark's allocator takes no argument, and cmark never asks whether it got its memory: a failure
 * has to leave it by longjmp. One run a thread. */
static _Thread_local struct {
	struct markdown_memory *memory;
	jmp_buf stop;
	bool locked; /* holds inlines_lock */
} current;

/* cmark-gfm keeps the characters that extensions care for in a table of the whole process, filled
 * and emptied around the parsing of inlines: one thread at a time. */
static pthread_mutex_t inlines_lock = PTHREAD_MUTEX_INITIALIZER;

static void unlock_inlines(void)
{
	if (current.locked)
		pthread_mutex_unlock(&inlines_lock);
	current.locked = false;
}

enum { STOP_MEMORY = 1, STOP_LIMIT };

static void link_block(struct markdown_block *block)
{
	struct markdown_memory *m = current.memory;
	block->prev = NULL;
	block->next = m->blocks;
	if (m->blocks)
		m->blocks->prev = block;
	m->blocks = block;
}

static void unlink_block(struct markdown_block *block)
{
	if (block->next)
		block->next->prev = block->prev;
	if (block->prev)
		block->prev->next = block->next;
	else
		current.memory->blocks = block->next;
}

struct markdown_memory markdown_memory_for(size_t len)
{
	enum { SMALLEST = 2 << 20, FACTOR = 400 };
	return (struct markdown_memory){.left = SMALLEST + FACTOR * len};
}

/* What was freed is not given back: cmark's lists and strings at most double. */
static void parser_take(size_t size)
{
	struct markdown_memory *m = current.memory;
	if (size > m->left)
		longjmp(current.stop, STOP_LIMIT);
	if (!memory_limit_take(size, &m->owner))
		longjmp(current.stop, STOP_MEMORY);
	m->left -= size;
	m->taken += size;
}

static void *allocate(size_t count, size_t size)
{
	struct markdown_block *block = NULL;
	if (size == 0 || count <= (SIZE_MAX - sizeof *block) / size) {
		parser_take(sizeof *block + count * size);
		block = calloc(1, sizeof *block + count * size);
	}
	if (!block)
		longjmp(current.stop, STOP_MEMORY);
	link_block(block);
	return block + 1;
}

static void deallocate(void *p)
{
	if (!p)
		return;
	struct markdown_block *block = (struct markdown_block *)p - 1;
	unlink_block(block);
	free(block);
}

static void *reallocate(void *p, size_t size)
{
	if (!p)
		return allocate(1, size);
	struct markdown_block *block = (struct markdown_block *)p - 1, *moved;
	parser_take(size);
	unlink_block(block);
	moved = realloc(block, sizeof *block + size);
	link_block(moved ? moved : block);
	if (!moved)
		longjmp(current.stop, STOP_MEMORY);
	return moved + 1;
}

static cmark_mem mem = {allocate, reallocate, deallocate};

static int run(void (*fn)(void *ctx), void *ctx, struct chapbook_error *err)
{
	switch (setjmp(current.stop)) {
	case 0:
		fn(ctx);
		return 0;
	case STOP_LIMIT:
		return error_set(
			err, CHAPBOOK_E_LIMIT,
			"the Markdown takes far more memory than a text of its length should");
	default:
		return error_memory(err);
	}
}

int markdown_run(struct markdown_memory *memory, void (*fn)(void *ctx), void *ctx,
		 struct chapbook_error *err)
{
	current.memory = memory;
	int result = run(fn, ctx, err);
	unlock_inlines();
	for (struct markdown_block *block = memory->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	memory_limit_give(memory->taken, memory->owner);
	memory->blocks = NULL;
	current.memory = NULL;
	return result;
}

/* --- Extensions --- */

/* cmark registers them once a process, with an allocator that aborts when memory runs out: for
 * that time it is given one that cannot fail. */
static char registry[32 * 1024];
static size_t registry_used;

static void *registry_allocate(size_t count, size_t size)
{
	size_t start = registry_used;
	registry_used += (count * size + 15) & ~(size_t)15;
	return registry_used <= sizeof registry ? registry + start : NULL;
}

static void *registry_reallocate(void *p, size_t size)
{
	void *moved = registry_allocate(1, size);
	if (p && moved)
		memcpy(moved, p, size); /* what was behind it is ours too */
	return moved;
}

static void registry_free(void *p)
{
	(void)p;
}

static void register_extensions(void)
{
	cmark_mem *theirs = cmark_get_default_mem_allocator(), saved = *theirs;
	*theirs = (cmark_mem){registry_allocate, registry_reallocate, registry_free};
	cmark_gfm_core_extensions_ensure_registered();
	*theirs = saved;
}

static void attach(cmark_parser *parser, const char *extension)
{
	cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extension));
}

cmark_node *markdown_parse(const char *text, size_t len, const struct markdown_syntax *syntax)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, register_extensions);

	cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_FOOTNOTES, &mem);
	if (syntax->tables)
		attach(parser, "table");
	attach(parser, "strikethrough");
	attach(parser, "tasklist");
	if (syntax->autolinks)
		attach(parser, "autolink");
	cmark_parser_feed(parser, text, len);
	pthread_mutex_lock(&inlines_lock);
	current.locked = true;
	cmark_node *document = cmark_parser_finish(parser);
	unlock_inlines();
	cmark_parser_free(parser);
	return document;
}

/* --- Plain words --- */

struct plain {
	struct buf *out;
	const char *text;
	size_t len;
	struct markdown_syntax syntax;
};

static void parser_put_plain(void *ctx)
{
	struct plain *plain = ctx;
	size_t start = plain->out->len;
	cmark_node *document = markdown_parse(plain->text, plain->len, &plain->syntax);
	cmark_iter *it = cmark_iter_new(document);
	for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
		cmark_node *node = cmark_iter_get_node(it);
		if (event != CMARK_EVENT_ENTER)
			continue;
		switch (cmark_node_get_type(node)) {
		case CMARK_NODE_PARAGRAPH:
		case CMARK_NODE_HEADING:
			if (plain->out->len > start)
				buf_puts(plain->out, " ");
			break;
		case CMARK_NODE_CODE_BLOCK:
			if (plain->out->len > start)
				buf_puts(plain->out, " ");
			buf_puts(plain->out, cmark_node_get_literal(node));
			break;
		case CMARK_NODE_TEXT:
		case CMARK_NODE_CODE:
			buf_puts(plain->out, cmark_node_get_literal(node));
			break;
		case CMARK_NODE_SOFTBREAK:
		case CMARK_NODE_LINEBREAK:
			buf_putc(plain->out, ' ');
			break;
		default:
			break;
		}
	}
}

void markdown_put_plain(struct buf *out, const char *text, size_t len)
{
	size_t start = out->len;
	struct markdown_memory memory = markdown_memory_for(len);
	struct plain plain = {.out = out, .text = text, .len = len};
	struct chapbook_error err = {0};
	if (markdown_check_limits(text, len, 1, &plain.syntax, &err) != 0 ||
	    markdown_run(&memory, parser_put_plain, &plain, &err) != 0) {
		buf_truncate(out, start);
		buf_append(out, text, len);
		out->failed |= err.code == CHAPBOOK_E_MEMORY;
	}
}
