#include "base/diag.h"

#include "base/buf.h"
#include "base/userinfo.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *name;
	enum chapbook_severity severity;
	const char *meaning;
} rows[DIAG_COUNT] = {
#define DIAG(id, name, severity, meaning) {name, severity, meaning},
#include "base/diag_table.h"
#undef DIAG
};

bool diag_listening(const struct diag *diag)
{
	return diag && diag->fn;
}

void diag_add(struct diag *diag, enum diag_id id, int line, const char *fmt, ...)
{
	if (!diag)
		return;
	if (rows[id].severity != CHAPBOOK_NOTE)
		diag->warnings++;
	if (!diag->fn)
		return;
	struct buf text = BUF_INIT, where = BUF_INIT;
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	userinfo_cut(text.data);
	if (diag->file) {
		buf_puts(&where, diag->file);
		if (line > 0)
			buf_printf(&where, ":%d", line);
	}
	diag->fn(diag->ctx, &(struct chapbook_message){rows[id].severity, rows[id].name,
						       diag->file ? where.data : NULL, text.data});
	buf_release(&text);
	buf_release(&where);
}

void diag_list(chapbook_message_fn *fn, void *ctx)
{
	for (size_t i = 0; i < DIAG_COUNT; i++)
		fn(ctx, &(struct chapbook_message){rows[i].severity, rows[i].name, NULL,
						   rows[i].meaning});
}
