#include "read/text/text.h"

#include "article/tree.h"
#include "base/error.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int text_line_number(const struct text_reader *r, const struct block *block)
{
	if (!r->first_line)
		return 0;
	size_t line = (size_t)r->first_line + block->first;
	return line < 1000000000 ? (int)line : 0;
}

void text_guess(struct text_reader *r, enum diag_id id, const struct block *block, const char *fmt,
		...)
{
	enum { SHOWN = 48 }; /* bytes of the line that are quoted */
	if (!block || !diag_listening(r->diag))
		return;
	char why[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	const struct line *line = &r->lines[block->first];
	size_t len = line->len;
	if (len > SHOWN) {
		len = SHOWN;
		while (len && ((unsigned char)line->text[len] & 0xC0) == 0x80)
			len--;
	}
	diag_add(r->diag, id, text_line_number(r, block), "\"%.*s%s\": %s", (int)len, line->text,
		 len < line->len ? "…" : "", why);
}

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
