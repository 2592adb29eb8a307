#include "read/text/text.h"

#include "article/tree.h"
#include "base/error.h"

#include <stdlib.h>

void text_note_given(struct text_reader *r)
{
	const struct article *a = r->a;
	r->given.title = a->title != NULL;
	r->given.authors = article_has_author(a);
	r->given.published = a->published != NULL;
	r->given.modified = a->modified != NULL;
	r->given.standfirst = a->standfirst != NULL;
	r->given.section = a->section != NULL;
}

int read_text(struct article *a, const char *text, size_t len, int first_line, struct diag *diag,
	      struct chapbook_error *err)
{
	struct text_reader r = {
		.a = a, .diag = diag, .first_line = first_line, .scratch = BUF_INIT};
	text_note_given(&r);
	text_cut_lines(&r, text, len);
	if (!r.failed)
		text_find_layout(&r);
	if (!r.failed)
		text_cut_blocks(&r);
	if (!r.failed) {
		text_find_lists(&r);
		if (!a->no_guess) {
			text_read_head(&r);
			text_find_captions(&r);
			text_read_tail(&r);
		}
		text_find_headings(&r);
		text_find_notes(&r);
	}
	if (!r.failed)
		text_build(&r);
	bool failed = r.failed || r.scratch.failed || article_failed(a);
	buf_release(&r.scratch);
	free(r.lines);
	free(r.blocks);
	free(r.notes);
	free(r.words);
	return failed ? error_memory(err) : 0;
}
