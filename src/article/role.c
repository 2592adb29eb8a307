#include "article/role.h"

#include "base/tsv.h"

#include <string.h>
#include <strings.h>

enum { CODE, BYLINE, WORDS, COLUMNS };

static bool role_is_word(const struct cell *cell, const char *word)
{
	return strlen(word) == cell->len && strncasecmp(cell->s, word, cell->len) == 0;
}

bool role_find(const char *word, char code[ROLE_CODE])
{
	struct cell cells[COLUMNS];
	for (struct tsv table = tsv_open("assets/roles.tsv"); tsv_next(&table, cells, COLUMNS);) {
		bool found = role_is_word(&cells[CODE], word);
		struct cell item;
		while (!found && cell_item(&cells[WORDS], '|', &item))
			found = role_is_word(&item, word);
		if (found && cells[CODE].len == ROLE_CODE - 1) {
			memcpy(code, cells[CODE].s, ROLE_CODE - 1);
			code[ROLE_CODE - 1] = '\0';
			return true;
		}
	}
	return false;
}

bool role_is_author(const char *code)
{
	struct cell cells[COLUMNS];
	if (!code || strcmp(code, "aut") == 0)
		return true;
	for (struct tsv table = tsv_open("assets/roles.tsv"); tsv_next(&table, cells, COLUMNS);)
		if (cell_is(&cells[CODE], code))
			return cell_is(&cells[BYLINE], "byline");
	return false;
}
