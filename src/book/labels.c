#include "book/labels.h"

#include "base/tsv.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {
#define LABEL(id, name) name,
#include "book/label_table.h"
#undef LABEL
};

enum { MAX_LANGUAGES = 64, MAX_COLUMNS = LABEL_COUNT + 8, MAX_TEXT = 64 << 10 };

/* assets/labels.tsv, parsed: written once, under `once`, and only read afterwards. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct labels table[MAX_LANGUAGES];
static size_t table_count;
static char table_text[MAX_TEXT];

/* Tags that name a row by another name (RFC 5646 section 2.2.3 and the registry's Preferred-Value;
 * the regions that write Chinese in traditional characters). */
static const struct {
	const char *tag, *row;
} aliases[] = {
	{"zh-TW", "zh-Hant"}, {"zh-HK", "zh-Hant"}, {"zh-MO", "zh-Hant"}, {"yue", "zh-Hant"},
	{"cmn", "zh"},        {"no", "nb"},         {"nn", "nb"},
};

/* The cell with a NUL behind it, in table_text; NULL when it is empty. */
static const char *keep(const struct cell *cell, size_t *used)
{
	if (cell->len == 0 || cell->len >= MAX_TEXT - *used)
		return NULL;
	char *text = table_text + *used;
	memcpy(text, cell->s, cell->len);
	*used += cell->len + 1;
	return text;
}

/* The first line names the columns, the first column the language. The first row is English: it
 * says what the others leave out. */
static void labels_parse(void)
{
	struct cell head[MAX_COLUMNS], cells[MAX_COLUMNS];
	struct tsv file = tsv_open("assets/labels.tsv");
	size_t used = 0;
	int column[LABEL_COUNT] = {0}; /* of each label; 0: it has none */
	bool more = tsv_next(&file, head, MAX_COLUMNS);
	for (int label = 0; more && label < LABEL_COUNT; label++)
		for (int i = 1; i < MAX_COLUMNS && !column[label]; i++)
			if (cell_is(&head[i], names[label]))
				column[label] = i;
	while (more && table_count < MAX_LANGUAGES && tsv_next(&file, cells, MAX_COLUMNS)) {
		struct labels *row = &table[table_count];
		row->language = keep(&cells[0], &used);
		if (!row->language)
			continue;
		table_count++;
		for (int label = 0; label < LABEL_COUNT; label++) {
			if (column[label])
				row->text[label] = keep(&cells[column[label]], &used);
			if (!row->text[label])
				row->text[label] = table[0].text[label];
			if (!row->text[label])
				row->text[label] = names[label];
		}
	}
	if (table_count == 0) {
		table[0].language = "en";
		memcpy(table[0].text, names, sizeof names);
		table_count = 1;
	}
}

static const struct labels *labels_find_row(const char *tag, size_t len)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (strlen(aliases[i].tag) == len && strncasecmp(aliases[i].tag, tag, len) == 0) {
			tag = aliases[i].row;
			len = strlen(tag);
			break;
		}
	for (size_t i = 0; i < table_count; i++)
		if (strlen(table[i].language) == len &&
		    strncasecmp(table[i].language, tag, len) == 0)
			return &table[i];
	return NULL;
}

/* RFC 4647 section 3.4, "Lookup": the tag without its last subtag, and so on. */
const struct labels *labels_find(const char *language)
{
	pthread_once(&once, labels_parse);
	size_t len = language ? strlen(language) : 0;
	while (len > 0) {
		const struct labels *row = labels_find_row(language, len);
		if (row)
			return row;
		while (len > 0 && language[--len] != '-')
			;
	}
	return &table[0];
}

const char *labels_joint(const struct labels *labels, size_t i, size_t count)
{
	if (i == 0)
		return "";
	return labels->text[i + 1 == count ? LABEL_AND : LABEL_LIST_SEPARATOR];
}

const char *label_name(enum label label)
{
	return names[label];
}
