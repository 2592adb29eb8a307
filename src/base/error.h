/* Filling a struct chapbook_error. All return -1, so that `return error_set(…)` reads well;
 * `err` may be NULL; the first error is kept. Addresses lose user names and passwords. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "chapbook.h" /* the error type alone: the public header includes nothing of ours */

int error_set(struct chapbook_error *err, enum chapbook_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* For a failed system call: appends ": " and the system's words for errno. */
int error_sys(struct chapbook_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int error_memory(struct chapbook_error *err);

#endif
