/* Which legacy charset a text is in: assets/legacy_charsets.tsv. */
#ifndef READ_CHARSET_GUESS_H
#define READ_CHARSET_GUESS_H

#include "base/buf.h"

/* Part of a text that shows its charset: what is around its bytes that are not ASCII, and its
 * beginning. */
struct charset_sample {
	struct buf bytes;
	const char *language; /* BCP 47 tag of the text, or NULL */
};

/* Take a sample. `page`: what is between "<" and ">" is no text. */
void charset_sample_take(struct charset_sample *sample, const char *bytes, size_t size, bool page);
void charset_sample_release(struct charset_sample *sample);

/* How well a sample reads in a charset. */
struct charset_fit {
	double score;    /* 1: all characters are where text has them; 0 and less: few are */
	double words;    /* share of function words of a language that is written in it, 0 to 1 */
	const char *tag; /* that language (static), or NULL */
};

/* `charset` is a name for iconv. One that is not in the table looks like nothing (score is 0). */
struct charset_fit charset_fit(const struct charset_sample *sample, const char *charset);

/* The charset that fits best; *fit says how well. The name is copied into `name`, which is ""
 * when no charset gives text. */
void charset_guess(const struct charset_sample *sample, char *name, size_t name_size,
		   struct charset_fit *fit);

#endif
