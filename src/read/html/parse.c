#include "read/html/parse.h"

#include "article/tree.h"
#include "base/arena.h"
#include "base/error.h"
#include "read/html/parts.h"

#include <setjmp.h>
#include <stdlib.h>

enum {
	NOSCRIPT_MAX_OPEN = 50,
	MEMORY = 16 * 1000 *
		 1000, /* bytes that gumbo may use, and so many for each of the skeleton */
	MEMORY_FACTOR = 300,
};

/* gumbo asks for memory here; it never gives any back before all is done. */
struct gumbo_memory {
	struct arena arena;
	size_t left;
	jmp_buf stop;
};

enum outcome { DONE, TOO_MUCH, NO_MEMORY };

static void *allocate(void *userdata, size_t size)
{
	struct gumbo_memory *memory = userdata;
	if (size > memory->left)
		longjmp(memory->stop, TOO_MUCH);
	memory->left -= size;
	void *p = arena_alloc(&memory->arena, size);
	if (!p)
		longjmp(memory->stop, NO_MEMORY);
	return p;
}

static void deallocate(void *userdata, void *p)
{
	(void)userdata;
	(void)p;
}

/* *root is gumbo's, and lives in `memory`. */
static enum outcome run_gumbo(const struct html_skeleton *sk, struct gumbo_memory *memory,
			      const GumboNode **root)
{
	GumboOptions options = kGumboDefaultOptions;
	options.allocator = allocate;
	options.deallocator = deallocate;
	options.userdata = memory;
	options.max_errors = 0;
	options.fragment_context = sk->whole ? GUMBO_TAG_LAST : GUMBO_TAG_BODY;
	switch (setjmp(memory->stop)) {
	case 0:
		*root = gumbo_parse_with_options(&options, sk->text.data, sk->text.len)->root;
		return DONE;
	case TOO_MUCH:
		return TOO_MUCH;
	default:
		return NO_MEMORY;
	}
}

/* Parse what is in `sk` into `parent`. When elements that are opened again and again would fill
 * the memory, it is done without them. */
static int html_parse(xmlNode *parent, struct html_skeleton *sk, struct buf *noscripts,
		      struct chapbook_error *err)
{
	struct gumbo_memory *memory = calloc(1, sizeof *memory);
	enum outcome outcome = memory ? TOO_MUCH : NO_MEMORY;
	const GumboNode *root = NULL;
	size_t json_ld = sk->json_ld ? sk->json_ld->count : 0;
	for (int plain = 0; outcome == TOO_MUCH && plain < 2; plain++) {
		arena_release(&memory->arena);
		html_skeleton_release(sk);
		if (sk->json_ld)
			sk->json_ld->count = json_ld;
		sk->plain = plain;
		html_skeleton_make(sk);
		memory->left = MEMORY + MEMORY_FACTOR * sk->text.len;
		outcome = sk->text.failed || sk->starts.failed || sk->runs.failed
				  ? NO_MEMORY
				  : run_gumbo(sk, memory, &root);
	}
	int result = 0;
	if (outcome == DONE) {
		if (sk->whole)
			html_tree_put_attributes(parent, &root->v.element, sk);
		html_tree_put(parent, root, sk, noscripts);
	} else {
		result = outcome == NO_MEMORY
				 ? error_memory(err)
				 : error_set(err, CHAPBOOK_E_LIMIT,
					     "its HTML takes too much memory to parse");
	}
	if (memory)
		arena_release(&memory->arena);
	free(memory);
	html_skeleton_release(sk);
	return result;
}

static struct html_skeleton skeleton_of(const char *html, size_t len)
{
	return (struct html_skeleton){.html = html,
				      .len = len,
				      .max_open = HTML_MAX_OPEN,
				      .text = BUF_INIT,
				      .starts = BUF_INIT,
				      .runs = BUF_INIT};
}

int html_fragment_parse(xmlNode *parent, const char *html, size_t len, struct chapbook_error *err)
{
	struct html_skeleton sk = skeleton_of(html, len);
	sk.prose = true;
	return html_parse(parent, &sk, NULL, err);
}

/* What browsers that run scripts take as text is for those that do not: each is parsed by itself,
 * so that nothing in it can take the page apart. */
static int fill_noscripts(const struct buf *found, const char *html, struct chapbook_error *err)
{
	const struct html_noscript *noscripts = (const void *)found->data;
	for (size_t i = 0; i < found->len / sizeof *noscripts; i++) {
		const struct html_noscript *n = &noscripts[i];
		if (tree_is(tree_parent(n->node), "head"))
			continue;
		struct html_skeleton sk = skeleton_of(html + n->start, n->len);
		sk.max_open = NOSCRIPT_MAX_OPEN;
		if (html_parse(n->node, &sk, NULL, err) != 0)
			return -1;
	}
	return 0;
}

xmlDoc *html_document_parse(const char *html, size_t len, struct string_list *json_ld,
			    struct arena *arena, struct chapbook_error *err)
{
	struct html_skeleton sk = skeleton_of(html, len);
	struct buf noscripts = BUF_INIT;
	xmlDoc *doc = tree_doc_new("html");
	int result = doc ? 0 : error_memory(err);
	sk.whole = true;
	sk.json_ld = json_ld;
	sk.arena = arena;
	if (result == 0)
		result = html_parse(tree_root(doc), &sk, &noscripts, err);
	if (result == 0)
		result = fill_noscripts(&noscripts, html, err);
	if (result == 0 && noscripts.failed)
		result = error_memory(err);
	buf_release(&noscripts);
	if (result != 0) {
		tree_doc_free(doc);
		return NULL;
	}
	return doc;
}
