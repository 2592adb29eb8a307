/* File names made from titles. */
#ifndef BASE_FILE_NAME_H
#define BASE_FILE_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct file_name_options {
	size_t max;           /* in bytes */
	bool ascii;           /* transliterate what is not Latin */
	const char *language; /* of the title, for transliteration; NULL: not known */
};

/* Append a file name, without an extension, made from a title in UTF-8. It is valid on every file
 * system (FAT, exFAT and NTFS are the strictest) and needs no quotes in a shell.
 * - A title in Latin letters: [a-z0-9-], without accents, at most 60 bytes, cut at a word.
 * - Others, unless `ascii`: the letters, digits and symbols as they are, in NFC; what stands
 * between them becomes one hyphen; cut at a word or, where words are long, at a user-perceived
 * character (UAX #29).
 * - Others with `ascii`: transliterated, then as Latin.
 * - A device name of Windows (CON, LPT1, …) gets an underscore.
 * Appends nothing where the title has no letter, digit or symbol, or its script cannot be
 * transliterated. */
void file_name_put(struct buf *out, const char *title, const struct file_name_options *options);

#endif
