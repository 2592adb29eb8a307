#include "read/markdown/markdown.h"

#include "article/tree.h"
#include "base/error.h"
#include "sanitise/sanitise.h"

#include <string.h>

struct job {
	xmlNode *body;
	const char *text;
	size_t len;
	struct markdown_syntax syntax;
	size_t raw;
	struct markdown_scratch scratch;
};

static void convert(void *ctx)
{
	struct job *job = ctx;
	job->raw = markdown_put_tree(job->body, markdown_parse(job->text, job->len, &job->syntax),
				     &job->scratch);
}

static bool markdown_is_note(const xmlNode *node)
{
	const char *type = tree_get(node, "epub:type");
	return type && strcmp(type, "footnote") == 0;
}

/* Notes are the body's own children, at its end, whatever the HTML around them did; and what is a
 * heading in a note is none of the article's. */
static void resolve_notes(xmlNode *body)
{
	if (!tree_knows(body, "aside"))
		return;
	for (xmlNode *n = tree_walk(body, NULL), *next; n; n = next) {
		next = tree_walk(body, n);
		if (markdown_is_note(n) && tree_parent(n) != body) {
			next = tree_walk_skip(body, n);
			tree_append(body, n);
		}
	}
	for (xmlNode *note = tree_last(body);
	     note && (markdown_is_note(note) || !tree_is_element(note)); note = tree_prev(note))
		for (xmlNode *n = tree_walk(note, NULL); n; n = tree_walk(note, n))
			if (tree_heading_level(n)) {
				tree_rename(n, "p");
				tree_set(n, "class", "heading");
			}
}

static void report_plain(const struct markdown_syntax *syntax, struct diag *diag)
{
	if (!syntax->tables)
		diag_add(
			diag, DIAG_MARKUP_PLAIN, 0,
			"tables are kept as text: one has too many cells, or too many lines before "
			"it");
	if (syntax->costly_addresses)
		diag_add(diag, DIAG_MARKUP_PLAIN, 0,
			 "addresses in the text do not become links: some are too long, or too "
			 "many stand together");
}

int read_markdown(struct article *a, const char *text, size_t len, int first_line,
		  struct diag *diag, struct chapbook_error *err)
{
	struct job job = {
		.body = a->body, .text = text, .len = len, .scratch = MARKDOWN_SCRATCH_INIT};
	struct markdown_memory memory = markdown_memory_for(len);
	struct buf blocks = BUF_INIT, kept = BUF_INIT, hidden = BUF_INIT;
	struct markdown_math math = {.formulas = BUF_INIT};
	if (markdown_write_blocks(&blocks, text, len)) {
		job.text = text = blocks.data;
		job.len = len = blocks.len;
	}
	int result = blocks.failed ? error_memory(err)
				   : markdown_check_limits(text, len, first_line, &job.syntax, err);
	if (result == 0)
		report_plain(&job.syntax, diag);
	if (result == 0 && markdown_keep_notes(&kept, text, len)) {
		job.text = kept.data;
		job.len = kept.len;
	}
	if (result == 0 && markdown_hide_math(&hidden, job.text, job.len, &math)) {
		job.text = hidden.data;
		job.len = hidden.len;
		job.scratch.math = &math;
	}
	if (kept.failed || hidden.failed || math.formulas.failed)
		result = error_memory(err);
	if (result == 0)
		result = markdown_run(&memory, convert, &job, err);
	markdown_scratch_release(&job.scratch);
	buf_release(&blocks);
	buf_release(&kept);
	buf_release(&hidden);
	buf_release(&math.formulas);
	if (result == 0 && job.raw)
		result = markdown_parse_raw(a->body, err);
	if (result != 0)
		return result;

	markdown_take_attributes(a->body);
	markdown_name_places(a->body, job.raw == 0);
	if (job.raw)
		sanitise(a->body, diag);
	resolve_notes(a->body);
	markdown_make_figures(a->body, diag);
	markdown_read_head(a, first_line, diag);
	return article_failed(a) ? error_memory(err) : 0;
}
