#include "lang/caption.h"
#include "read/text/text.h"

/* A caption is a short paragraph with words that say that it belongs to a picture: it ends in a
 * credit that names a photo or an archive, or it calls itself a figure. Without such a word it
 * remains a paragraph. */

enum { CAPTION_COLUMNS = 400, CREDIT_COLUMNS = 90 };

/* A credit on the line under the caption, in the same chunk: the two are one figure. */
static void join_caption(struct text_reader *r, size_t i)
{
	struct block *b = &r->blocks[i];
	struct block *above = i ? &r->blocks[i - 1] : NULL;
	if (!above || above->kind != BLOCK_PARAGRAPH || above->cls || above->chunk != b->chunk ||
	    above->end != b->first || above->quote != b->quote || above->width > CAPTION_COLUMNS)
		return;
	/* only where the chunk is these two: else the line above is the article's */
	if ((i >= 2 && r->blocks[i - 2].chunk == b->chunk) ||
	    (i + 1 < r->block_count && r->blocks[i + 1].chunk == b->chunk))
		return;
	b->first = above->first;
	b->width += above->width + 1;
	above->kind = BLOCK_GONE;
}

void text_find_captions(struct text_reader *r)
{
	for (size_t i = 0; i < r->block_count; i++) {
		struct block *b = &r->blocks[i];
		/* two lines with the credit below were taken for lines that keep their breaks */
		bool lines = b->kind == BLOCK_VERSE && b->end - b->first <= 3;
		if ((b->kind != BLOCK_PARAGRAPH && !lines) || b->cls || b->width > CAPTION_COLUMNS)
			continue;
		struct credit credit;
		size_t len;
		const char *s = text_of(r, b, &len);
		if (lines) {
			const struct line *last = &r->lines[b->end - 1];
			if (credit_find(last->text, last->len, &credit) && credit.sure &&
			    credit.whole_start == 0) {
				b->kind = BLOCK_CAPTION;
				text_guess(r, DIAG_GUESS_CAPTION, b,
					   "a caption: the line under it is a picture's credit");
			}
			continue;
		}
		if (credit_find(s, len, &credit) && credit.sure) {
			text_guess(r, DIAG_GUESS_CAPTION, b,
				   "a caption: \"%.*s\" is a picture's credit",
				   credit.whole_len < 80 ? (int)credit.whole_len : 80,
				   s + credit.whole_start);
			b->kind = BLOCK_CAPTION;
			if (credit.whole_start == 0 && b->width <= CREDIT_COLUMNS)
				join_caption(r, i);
		} else if (caption_is_marked(s, len)) {
			b->kind = BLOCK_CAPTION;
			text_guess(r, DIAG_GUESS_CAPTION, b,
				   "a caption: it begins with a label such as \"Figure 1\"");
		}
	}
}
