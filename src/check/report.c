#include "check/report.h"

#include "base/userinfo.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_add(struct report *r, enum check_id rule, int line, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	userinfo_cut(text);
	struct finding *f = ARENA_PUSH(r->arena, *r);
	if (f)
		*f = (struct finding){
			.rule = rule, .line = line, .text = arena_dup(r->arena, text)};
}

/* By line; findings of one line in the order of the rules, so that the order does not depend on the
 * order of the work. Findings about a whole file (line 0) come last. */
static int by_line(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	unsigned p = (unsigned)x->line - 1, q = (unsigned)y->line - 1;
	if (p != q)
		return p < q ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* Names and addresses in one line: what breaks lines is escaped. */
static void put_in_line(struct buf *out, const char *s)
{
	size_t start = out->len;
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, s, strlen(s));
	for (const char *c = clean.len ? clean.data : ""; *c; c++) {
		if (*c == '\n' || *c == '\r' || *c == '\t')
			buf_printf(out, "\\%c", *c == '\n' ? 'n' : *c == '\r' ? 'r' : 't');
		else
			buf_putc(out, *c);
	}
	out->failed |= clean.failed;
	if (clean.failed)
		buf_truncate(out, start);
	buf_release(&clean);
}

void report_emit(struct report_sink *t, struct report *r)
{
	if (r->count > 1)
		qsort(r->items, r->count, sizeof *r->items, by_line);
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->items[i];
		const struct check_rule *rule = &check_rules[f->rule];
		t->errors += rule->severity == CHAPBOOK_ERROR;
		if (!t->fn)
			continue;
		buf_truncate(&t->where, 0);
		buf_truncate(&t->text, 0);
		if (r->where)
			put_in_line(&t->where, r->where);
		if (r->where && f->line > 0)
			buf_printf(&t->where, ":%d", f->line);
		buf_puts(&t->text, rule->text);
		if (f->text && *f->text) {
			buf_puts(&t->text, ": ");
			put_in_line(&t->text, f->text);
		}
		struct chapbook_message message = {.severity = rule->severity,
						   .id = rule->id,
						   .where = r->where ? t->where.data : NULL,
						   .text = t->text.data};
		t->fn(t->ctx, &message);
	}
}

void report_xml_fault(void *ctx, enum xml_fault fault, int line, const char *text)
{
	static const enum check_id rules[] = {
		[XML_FAULT_MALFORMED] = RULE_XML_MALFORMED,
		[XML_FAULT_LIMIT] = RULE_XML_LIMIT,
		[XML_FAULT_TOO_DEEP] = RULE_XML_TOO_DEEP,
		[XML_FAULT_ENCODING] = RULE_XML_ENCODING,
		[XML_FAULT_UTF16] = RULE_XML_UTF16,
		[XML_FAULT_VERSION] = RULE_XML_VERSION,
		[XML_FAULT_DECLARATION] = RULE_XML_DECLARATION,
		[XML_FAULT_CHARACTERS] = RULE_XML_CHARACTERS,
		[XML_FAULT_DOCTYPE] = RULE_XML_DOCTYPE,
		[XML_FAULT_ENTITY] = RULE_XML_ENTITY,
	};
	report_add(ctx, rules[fault], line, "%s", text);
}
