/* Findings about a package, collected while it is examined and reported at the end. */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "check/check.h"
#include "package/xml.h"

#include <stddef.h>

enum check_id {
#define RULE(ID, id, severity, source, text) RULE_##ID,
#include "check/rule_table.h"
#undef RULE
};

struct finding {
	enum check_id rule;
	int line;         /* 0: none */
	const char *text; /* what it is about; may be "" */
};

struct report {
	const char *where; /* entry name, or NULL for the container */
	struct arena *arena;
	struct finding *items;
	size_t count, cap;
};

void report_add(struct report *r, enum check_id rule, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Where reports are sent. `where` and `text` are scratch buffers: release them. */
struct report_sink {
	chapbook_message_fn *fn; /* NULL: findings are only counted */
	void *ctx;
	int errors; /* findings of severity CHAPBOOK_ERROR so far */
	struct buf where, text;
};

/* Sort the findings of a report by line and send them. */
void report_emit(struct report_sink *t, struct report *r);

/* Report a fault of a file as XML: an xml_fault_fn whose `ctx` is a struct report. */
void report_xml_fault(void *ctx, enum xml_fault fault, int line, const char *text);

#endif
