/* The scripts that texts are written in, by Unicode block. */
#ifndef LANG_SCRIPT_H
#define LANG_SCRIPT_H

#include <stdint.h>

/* From SCRIPT_FIRST_SOLE on, a script is for a reader's purposes one language's. */
enum script {
	SCRIPT_OTHER,
	SCRIPT_LATIN,
	SCRIPT_CYRILLIC,
	SCRIPT_ARABIC,
	SCRIPT_DEVANAGARI,
	SCRIPT_HAN,
	SCRIPT_KANA,
	SCRIPT_FIRST_SOLE,
	SCRIPT_COUNT = SCRIPT_FIRST_SOLE + 20
};

/* The script of a letter; SCRIPT_OTHER for all that is no letter, or of another script. */
int script_of(uint32_t cp);

/* The one language that is written in a script (a static string), or NULL. */
const char *script_language(int script);

#endif
