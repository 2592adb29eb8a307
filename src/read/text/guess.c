#include "read/text/text.h"

#include <stdarg.h>
#include <stdio.h>

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

int text_line_number(const struct text_reader *r, const struct block *block)
{
	if (!r->first_line)
		return 0;
	size_t line = (size_t)r->first_line + block->first;
	return line < 1000000000 ? (int)line : 0;
}
