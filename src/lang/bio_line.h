/* The first words of a bio: "Ann Brown is a reporter", "山田太郎は横浜在住のジャーナリスト", "Ann
 * Brown and Bob Gray are …". */
#ifndef LANG_BIO_LINE_H
#define LANG_BIO_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { BIO_MAX_NAMES = 4 };

/* The names that a text begins with, before a word for "is" or a comma. */
struct bio_line {
	struct bio_name {
		const char *s;
		size_t len;
	} names[BIO_MAX_NAMES];
	size_t count; /* 0: it begins with none */
	size_t rest;  /* where in the text the word for "is" ends */
	bool comma;   /* "Ann Brown, a reporter, …" */
};
bool bio_line_read(const char *text, size_t len, struct bio_line *line);

/* Whether the text says of those who it begins with that they write, teach, research, …. In scripts
 * without capitals, where any words can look like a name, the name and the form of the sentence
 * must say so, too. */
bool bio_names_writer(const char *text, size_t len, const struct bio_line *line);

#endif
