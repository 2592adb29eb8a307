#include "lang/script.h"

#include "base/utf8.h"

#include <stddef.h>

static const struct {
	uint32_t first, last;
	int script;
	const char *tag;
} scripts[] = {
	{0x0041, 0x024F, SCRIPT_LATIN, NULL},
	{0x0370, 0x03FF, SCRIPT_FIRST_SOLE + 0, "el"},
	{0x0400, 0x052F, SCRIPT_CYRILLIC, NULL},
	{0x0530, 0x058F, SCRIPT_FIRST_SOLE + 1, "hy"},
	{0x0590, 0x05FF, SCRIPT_FIRST_SOLE + 2, "he"},
	{0x0600, 0x06FF, SCRIPT_ARABIC, NULL},
	{0x0750, 0x077F, SCRIPT_ARABIC, NULL},
	{0x0780, 0x07BF, SCRIPT_FIRST_SOLE + 3, "dv"},
	{0x0900, 0x097F, SCRIPT_DEVANAGARI, NULL},
	{0x0980, 0x09FF, SCRIPT_FIRST_SOLE + 4, "bn"},
	{0x0A00, 0x0A7F, SCRIPT_FIRST_SOLE + 5, "pa"},
	{0x0A80, 0x0AFF, SCRIPT_FIRST_SOLE + 6, "gu"},
	{0x0B80, 0x0BFF, SCRIPT_FIRST_SOLE + 7, "ta"},
	{0x0C00, 0x0C7F, SCRIPT_FIRST_SOLE + 8, "te"},
	{0x0C80, 0x0CFF, SCRIPT_FIRST_SOLE + 9, "kn"},
	{0x0D00, 0x0D7F, SCRIPT_FIRST_SOLE + 10, "ml"},
	{0x0D80, 0x0DFF, SCRIPT_FIRST_SOLE + 11, "si"},
	{0x0E00, 0x0E7F, SCRIPT_FIRST_SOLE + 12, "th"},
	{0x0E80, 0x0EFF, SCRIPT_FIRST_SOLE + 13, "lo"},
	{0x0F00, 0x0FFF, SCRIPT_FIRST_SOLE + 14, "bo"},
	{0x1000, 0x109F, SCRIPT_FIRST_SOLE + 15, "my"},
	{0x10A0, 0x10FF, SCRIPT_FIRST_SOLE + 16, "ka"},
	{0x1100, 0x11FF, SCRIPT_FIRST_SOLE + 17, "ko"},
	{0x1200, 0x137F, SCRIPT_FIRST_SOLE + 18, "am"},
	{0x1780, 0x17FF, SCRIPT_FIRST_SOLE + 19, "km"},
	{0x1E00, 0x1EFF, SCRIPT_LATIN, NULL},
	{0x3040, 0x30FF, SCRIPT_KANA, NULL},
	{0x3400, 0x4DBF, SCRIPT_HAN, NULL},
	{0x4E00, 0x9FFF, SCRIPT_HAN, NULL},
	{0xAC00, 0xD7AF, SCRIPT_FIRST_SOLE + 17, "ko"},
	{0xF900, 0xFAFF, SCRIPT_HAN, NULL},
};
enum { RANGES = sizeof scripts / sizeof *scripts };

int script_of(uint32_t cp)
{
	if (cp < 0x250) /* most text, without a search */
		return cp_is_letter(cp) ? SCRIPT_LATIN : SCRIPT_OTHER;
	size_t low = 0, high = RANGES;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (cp > scripts[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < RANGES && cp >= scripts[low].first ? scripts[low].script : SCRIPT_OTHER;
}

const char *script_language(int script)
{
	for (size_t i = 0; i < RANGES && script >= SCRIPT_FIRST_SOLE; i++)
		if (scripts[i].script == script)
			return scripts[i].tag;
	return NULL;
}
