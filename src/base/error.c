#include "base/error.h"

#include "base/userinfo.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void format(struct chapbook_error *err, enum chapbook_code code, const char *fmt, va_list ap)
{
	err->code = code;
	vsnprintf(err->message, sizeof err->message, fmt, ap);
	userinfo_cut(err->message);
}

int error_set(struct chapbook_error *err, enum chapbook_code code, const char *fmt, ...)
{
	if (!err || err->code != CHAPBOOK_OK)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	format(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

int error_sys(struct chapbook_error *err, const char *fmt, ...)
{
	int saved = errno;
	if (!err || err->code != CHAPBOOK_OK)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	format(err, saved == ENOMEM ? CHAPBOOK_E_MEMORY : CHAPBOOK_E_IO, fmt, ap);
	va_end(ap);
	err->sys_errno = saved;
	size_t len = strlen(err->message);
	char words[128];
	snprintf(err->message + len, sizeof err->message - len, ": %s",
		 strerror_r(saved, words, sizeof words));
	errno = saved;
	return -1;
}

int error_memory(struct chapbook_error *err)
{
	return error_set(err, CHAPBOOK_E_MEMORY, "out of memory");
}
