#include "book/dates.h"

#include "base/timestamp.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

/* The columns of assets/dates.tsv. The first has language tags, with a region where that writes
 * dates in its own way. The patterns hold {d}, {m} and {y} for the numbers and {M} for the month's
 * name; it may have a form of its own where it stands without a day. */
enum column { LANGUAGE, DAY, MONTH, YEAR, FIRST_DAY, DIGITS, MONTHS, MONTHS_ALONE, COLUMNS };

/* The row that names a language tag, in any case. */
static bool find_row(const char *tag, struct cell row[COLUMNS])
{
	struct tsv table = tsv_open("assets/dates.tsv");
	size_t len = strlen(tag);
	while (tsv_next(&table, row, COLUMNS)) {
		struct cell tags = row[LANGUAGE], item;
		while (cell_item(&tags, ' ', &item))
			if (item.len == len && strncasecmp(item.s, tag, len) == 0)
				return true;
	}
	return false;
}

/* In the language's own digits, ten of them in a row, or ASCII's when it has none. */
static void dates_put_number(struct buf *out, int number, struct cell digits)
{
	size_t start = out->len;
	buf_printf(out, "%d", number);
	if (digits.len == 0 || out->failed)
		return;
	char ascii[16];
	size_t count = out->len - start;
	memcpy(ascii, out->data + start, count);
	buf_truncate(out, start);
	for (size_t i = 0; i < count; i++) {
		uint32_t zero;
		utf8_decode(digits.s, digits.len, &zero);
		buf_put_utf8(out, zero + (unsigned)(ascii[i] - '0'));
	}
}

static void put_month(struct buf *out, const struct w3c_date *date, const struct cell row[COLUMNS])
{
	struct cell names = row[!date->day && row[MONTHS_ALONE].len ? MONTHS_ALONE : MONTHS];
	struct cell name = {0};
	for (int i = 0; i < date->month; i++)
		cell_item(&names, ' ', &name);
	buf_append(out, name.s, name.len);
}

static void put_field(struct buf *out, char field, const struct w3c_date *date,
		      const struct cell row[COLUMNS])
{
	switch (field) {
	case 'd':
		if (date->day == 1 && row[FIRST_DAY].len)
			buf_append(out, row[FIRST_DAY].s, row[FIRST_DAY].len);
		else
			dates_put_number(out, date->day, row[DIGITS]);
		break;
	case 'm':
		dates_put_number(out, date->month, row[DIGITS]);
		break;
	case 'y':
		dates_put_number(out, date->year, row[DIGITS]);
		break;
	case 'M':
		put_month(out, date, row);
		break;
	}
}

void date_put(struct buf *out, const char *w3c, const char *language)
{
	struct w3c_date date;
	struct cell row[COLUMNS];
	if (!when_read(w3c, &date) || (!(language && find_row(language, row)) &&
				       !find_row(labels_find(language)->language, row))) {
		buf_puts(out, w3c);
		return;
	}
	struct cell pattern = row[date.day ? DAY : date.month ? MONTH : YEAR];
	for (const char *p = pattern.s, *end = p + pattern.len; p < end; p++) {
		if (*p != '{' || end - p < 3) {
			buf_putc(out, *p);
			continue;
		}
		put_field(out, p[1], &date, row);
		p += 2;
	}
}
