/* Diagnostics: everything a conversion can have to say without failing, a row each in
 * diag_table.h. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "chapbook.h"

enum diag_id {
#define DIAG(id, name, severity, meaning) DIAG_##id,
#include "base/diag_table.h"
#undef DIAG
	DIAG_COUNT
};

/* Where diagnostics go. Zero-initialised, it drops them. */
struct diag {
	chapbook_message_fn *fn;
	void *ctx;
	const char *file; /* the input being read, for `where` */
	unsigned warnings;
};

/* Tell, without user names and passwords in addresses. `line` 0 means that there is none. `diag`
 * may be NULL. */
void diag_add(struct diag *diag, enum diag_id id, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Pass every kind of message to `fn`: its severity, its name as the id, its meaning as the text. */
void diag_list(chapbook_message_fn *fn, void *ctx);
/* Whether a note would reach anybody: ask before computing something for it alone. */
bool diag_listening(const struct diag *diag);

#endif
