/* Lists in CSV (RFC 4180, and what services make of it): columns by the names in the first record,
 * with commas, semicolons or tabs between. */
#include "source/formats.h"
#include "source/rows.h"
#include "source/text.h"

#include "base/buf.h"
#include "base/error.h"

#include <csv.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COLUMNS = 256, MAX_FIELD = 16 << 20, CSV_BLOCK = 4096 };

/* A record: fields one behind the other. */
struct csv_record {
	struct buf text;
	size_t ends[MAX_COLUMNS];
	size_t count;
};

struct csv_list {
	struct csv_parser parser;
	struct csv_record header, record;
	struct source_row row;
	struct item_builder item;
	size_t number; /* of the record */
	int rc;        /* not 0: stop */
	struct chapbook_error *err;
};

static struct cell csv_field(const struct csv_record *record, size_t i)
{
	size_t start = i ? record->ends[i - 1] : 0;
	return (struct cell){record->text.data + start, record->ends[i] - start};
}

static void record_clear(struct csv_record *record)
{
	buf_truncate(&record->text, 0);
	record->count = 0;
}

static void record_add(struct csv_record *record, const void *text, size_t len)
{
	if (record->count == MAX_COLUMNS)
		return;
	if (len)
		buf_append(&record->text, text, len);
	record->ends[record->count++] = record->text.len;
}

/* An unclosed quote would make all that follows one field. */
static void *grow_field(void *old, size_t size)
{
	return size > MAX_FIELD ? NULL : realloc(old, size);
}

static int csv_begin(struct csv_parser *parser, char separator)
{
	if (csv_init(parser, CSV_APPEND_NULL) != 0)
		return -1;
	csv_set_delim(parser, (unsigned char)separator);
	csv_set_realloc_func(parser, grow_field);
	return 0;
}

/* --- Recognition --- */

struct csv_head {
	struct csv_record records[2];
	size_t done;
};

static void head_field(void *text, size_t len, void *ctx)
{
	struct csv_head *head = ctx;
	if (head->done < 2)
		record_add(&head->records[head->done], text, len);
}

static void head_end(int end, void *ctx)
{
	struct csv_head *head = ctx;
	(void)end;
	if (head->done < 2)
		head->done++;
}

static bool has_column(void *ctx, const struct cell *name)
{
	const struct csv_record *header = ctx;
	for (size_t i = 0; i < header->count; i++) {
		struct cell field = csv_field(header, i);
		if (row_is_name(name, field.s, field.len))
			return true;
	}
	return false;
}

/* Whether a field of the second record is an address; there may be no second record. */
static bool has_address(const struct csv_head *head)
{
	const struct csv_record *record = &head->records[1];
	for (size_t i = 0; i < record->count; i++) {
		struct cell field = csv_field(record, i);
		if (field.len > 7 && strncmp(field.s, "http", 4) == 0)
			return true;
	}
	return head->done < 2 && head->records[0].count > 1;
}

static bool fits_row(struct source_row *row, char separator, const char *text, size_t len)
{
	struct csv_parser parser;
	struct csv_head head = {.records = {{.text = BUF_INIT}, {.text = BUF_INIT}}};
	if (csv_begin(&parser, separator) != 0)
		return false;
	csv_parse(&parser, text, len, head_field, head_end, &head);
	if (len < SOURCE_HEAD)
		csv_fini(&parser, head_field, head_end, &head);
	csv_free(&parser);
	bool found = head.done > 0 && row_find(row, "csv", has_column, &head.records[0]) &&
		     (!cell_is(&row->cells[ROW_NAME], "csv") || has_address(&head));
	buf_release(&head.records[0].text);
	buf_release(&head.records[1].text);
	return found;
}

/* The row and the separator; '\0': it is none of these. */
static char find_csv_row(struct source_row *row, const char *head, size_t len)
{
	static const char separators[] = ",;\t";
	for (const char *c = separators; *c; c++)
		if (fits_row(row, *c, head, len))
			return *c;
	return '\0';
}

static bool csv_is(const char *head, size_t len)
{
	struct source_row row;
	return find_csv_row(&row, head, len) != '\0';
}

static bool csv_name_of(const char *head, size_t len, char *name, size_t size)
{
	struct source_row row;
	return find_csv_row(&row, head, len) && row_copy_name(&row, name, size);
}

/* --- Reading --- */

static bool get_column(void *ctx, const char *name, size_t len, struct row_value *value)
{
	const struct csv_list *list = ctx;
	const struct cell wanted = {name, len};
	for (size_t i = 0; i < list->header.count && i < list->record.count; i++) {
		struct cell column = csv_field(&list->header, i);
		if (!row_is_name(&wanted, column.s, column.len))
			continue;
		struct cell field = csv_field(&list->record, i);
		*value = (struct row_value){field.s, field.len, NULL};
		return true;
	}
	return false;
}

static void on_field(void *text, size_t len, void *ctx)
{
	struct csv_list *list = ctx;
	if (list->rc == 0)
		record_add(list->number ? &list->record : &list->header, text, len);
}

static void on_record(int end, void *ctx)
{
	struct csv_list *list = ctx;
	const struct row_record record = {get_column, list, NULL};
	(void)end;
	if (list->rc != 0 || list->number++ == 0)
		return;
	item_begin(&list->item);
	if (list->record.text.failed)
		list->rc = error_memory(list->err);
	else if (row_read(&list->row, &record, &list->item))
		list->rc = item_emit(&list->item, list->err);
	else if (!list->item.item.url && list->record.count < 2)
		diag_add(list->item.sink->diag, DIAG_ITEM_BAD, 0,
			 "record %zu has %zu of %zu columns, and no address", list->number,
			 list->record.count, list->header.count);
	record_clear(&list->record);
}

static int read_records(struct csv_list *list, struct source_bytes *in)
{
	char block[CSV_BLOCK];
	long n = 1;
	while (list->rc == 0 && (n = in->read(in, block, sizeof block, list->err)) > 0)
		if (csv_parse(&list->parser, block, (size_t)n, on_field, on_record, list) !=
		    (size_t)n)
			return error_set(list->err, CHAPBOOK_E_LIMIT,
					 "%s: record %zu has a field of more than %d MB; is a "
					 "quotation mark missing?",
					 in->name, list->number + 1, MAX_FIELD >> 20);
	if (list->rc == 0 && n == 0)
		csv_fini(&list->parser, on_field, on_record, list);
	return n < 0 ? -1 : list->rc;
}

static int csv_read_text(struct csv_list *list, struct source_text *text)
{
	if (source_text_peek(text, SOURCE_HEAD, list->err) != 0)
		return -1;
	char separator = find_csv_row(&list->row, text->ready.data, text->ready.len);
	if (!separator)
		return error_set(list->err, CHAPBOOK_E_INPUT,
				 "%s: no column of this table has addresses (a column \"url\")",
				 text->bytes.name);
	if (csv_begin(&list->parser, separator) != 0)
		return error_memory(list->err);
	int rc = read_records(list, &text->bytes);
	csv_free(&list->parser);
	return rc;
}

static int csv_read(struct source_bytes *in, const struct source_sink *sink,
		    struct chapbook_error *err)
{
	struct source_text text;
	struct csv_list *list = calloc(1, sizeof *list);
	if (!list)
		return error_memory(err);
	list->header.text = list->record.text = (struct buf)BUF_INIT;
	list->item.sink = sink;
	list->err = err;
	source_text_init(&text, in);
	int rc = csv_read_text(list, &text);
	source_text_release(&text);
	item_release(&list->item);
	buf_release(&list->header.text);
	buf_release(&list->record.text);
	free(list);
	return rc;
}

const struct source_format source_csv = {
	.name = "csv", .is = csv_is, .read = csv_read, .name_of = csv_name_of};
