/* Calling cmark-gfm: its memory, its extensions, and the inputs it is slow on. */
#include "read/markdown.h"

#include "base/error.h"

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

static void *allocate(size_t count, size_t size)
{
	struct markdown_block *block = NULL;
	if (current.memory->left-- == 0)
		longjmp(current.stop, STOP_LIMIT);
	if (size == 0 || count <= (SIZE_MAX - sizeof *block) / size)
		block = calloc(1, sizeof *block + count * size);
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
	current.memory->left++;
	free(block);
}

static void *reallocate(void *p, size_t size)
{
	if (!p)
		return allocate(1, size);
	struct markdown_block *block = (struct markdown_block *)p - 1, *moved;
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
		return error_set(err, CHAPBOOK_E_LIMIT,
				 "the Markdown has more parts than can be held");
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

/* Whether the address whose "://" or "www." is at `s` stands alone: "](http://…)", "[x]: http://…"
 * and "<http://…>" are links of their own. */
static bool is_bare(const char *text, const char *s)
{
	while (s > text && ((s[-1] | 32) >= 'a' && (s[-1] | 32) <= 'z'))
		s--;
	if (s > text && s[-1] == '<')
		return false;
	if (s > text + 1 && s[-1] == '(' && s[-2] == ']')
		return false;
	while (s > text && s[-1] == ' ')
		s--;
	return !(s > text + 1 && s[-1] == ':' && s[-2] == ']');
}

/* Whether there may be a bare URL or e-mail address in the text. The extension that finds them
 * makes cmark stop at every "w" and ":", which trebles its time and memory. */
static bool has_bare_address(const char *text, size_t len)
{
	const char *end = text + len;
	for (const char *s = text; (s = memchr(s, ':', (size_t)(end - s))) != NULL; s++)
		if (end - s > 3 && s[1] == '/' && s[2] == '/' && is_bare(text, s))
			return true;
	for (const char *s = text; (s = memchr(s, '@', (size_t)(end - s))) != NULL; s++)
		if (s > text && end - s > 1 && (unsigned char)s[-1] > ' ' &&
		    (unsigned char)s[1] > ' ')
			return true;
	for (const char *s = text; (s = memmem(s, (size_t)(end - s), "www.", 4)) != NULL; s++)
		if (is_bare(text, s))
			return true;
	return false;
}

cmark_node *markdown_parse(const char *text, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static const char *const extensions[] = {"table", "strikethrough", "tasklist", "autolink"};
	pthread_once(&once, register_extensions);
	size_t count = has_bare_address(text, len) ? 4 : 3;

	cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_FOOTNOTES, &mem);
	for (size_t i = 0; i < count; i++)
		cmark_parser_attach_syntax_extension(parser,
						     cmark_find_syntax_extension(extensions[i]));
	cmark_parser_feed(parser, text, len);
	pthread_mutex_lock(&inlines_lock);
	current.locked = true;
	cmark_node *document = cmark_parser_finish(parser);
	unlock_inlines();
	cmark_parser_free(parser);
	return document;
}

/* --- Limits --- */

/* What a paragraph holds that cmark compares with all of the rest of it. */
struct paragraph_cost {
	size_t start;
	size_t images, closes; /* "![" and "]" */
	size_t unclosed[3];    /* "<?", "<!x", "<![CDATA[" since the last that ended it */
	size_t columns;        /* of the table, if there is one */
};

static double paragraph_price(const struct paragraph_cost *p, size_t end)
{
	double length = (double)(end - p->start);
	return (double)p->images * (double)p->closes +
	       length * (double)(p->unclosed[0] + p->unclosed[1] + p->unclosed[2]);
}

static void weigh(struct paragraph_cost *p, const char *s, size_t left)
{
	switch (s[0]) {
	case '<':
		if (left > 1 && s[1] == '?')
			p->unclosed[0]++;
		else if (left > 2 && s[1] == '!')
			p->unclosed[s[2] == '[' ? 2 : 1]++;
		break;
	case '>':
		p->unclosed[1] = 0;
		if (left > 0 && s[-1] == '?')
			p->unclosed[0] = 0;
		if (s[-1] == ']' && s[-2] == ']')
			p->unclosed[2] = 0;
		break;
	case '!':
		p->images += left > 1 && s[1] == '[';
		break;
	default:
		p->closes++;
	}
}

/* How many columns a table has whose delimiter row this line is, or 0. */
static size_t delimiter_columns(const char *line, size_t len)
{
	size_t bars = 0;
	for (size_t i = 0; i < len; i++) {
		if (!strchr("|-: \t>", line[i]))
			return 0;
		bars += line[i] == '|';
	}
	return bars;
}

/* Whether a byte stands in the text more often than that. */
static bool has_many(const char *text, size_t len, char byte, int most)
{
	const char *end = text + len;
	for (; (text = memchr(text, byte, (size_t)(end - text))) != NULL; text++)
		if (most-- == 0)
			return true;
	return false;
}

int markdown_check_limits(const char *text, size_t len, int first_line, struct chapbook_error *err)
{
	static const bool counts[256] = {['<'] = true, ['>'] = true, ['!'] = true, [']'] = true};
	const double most_steps = 1e9; /* about a second */
	bool marks = has_many(text, len, '<', 500) || has_many(text, len, '!', 500);
	bool tables = has_many(text, len, '|', 10);
	double price = 0, cells = 0;
	int line = first_line;
	struct paragraph_cost p = {0};
	for (size_t i = 0; i < len && (marks || tables); line++) {
		const char *eol = memchr(text + i, '\n', len - i);
		size_t end = eol ? (size_t)(eol - text) : len;
		size_t columns = delimiter_columns(text + i, end - i);
		if (end == i) {
			price += paragraph_price(&p, i);
			p = (struct paragraph_cost){.start = i + 1};
		} else if (columns) {
			p.columns = columns;
		} else {
			for (size_t k = i < 2 ? 2 : i; k < end && marks; k++)
				if (counts[(unsigned char)text[k]])
					weigh(&p, text + k, end - k);
			cells += (double)p.columns;
		}
		if (price + paragraph_price(&p, end) > most_steps)
			return error_set(
				err, CHAPBOOK_E_LIMIT,
				"line %d: a paragraph with too many brackets that do not close",
				line);
		if (cells > 1e6 + (double)len)
			return error_set(err, CHAPBOOK_E_LIMIT, "line %d: the table is too large",
					 line);
		i = end + 1;
	}
	return 0;
}

/* --- Plain words --- */

struct plain {
	struct buf *out;
	const char *text;
	size_t len;
};

static void put_plain(void *ctx)
{
	struct plain *plain = ctx;
	size_t start = plain->out->len;
	cmark_node *document = markdown_parse(plain->text, plain->len);
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
	struct markdown_memory memory = {.left = 10000 + 4 * len};
	struct plain plain = {out, text, len};
	struct chapbook_error err = {0};
	if (markdown_check_limits(text, len, 1, &err) != 0 ||
	    markdown_run(&memory, put_plain, &plain, &err) != 0) {
		buf_truncate(out, start);
		buf_append(out, text, len);
		out->failed |= err.code == CHAPBOOK_E_MEMORY;
	}
}
