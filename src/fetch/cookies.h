/* Cookies from a file, as browsers' exporters write it. */
#ifndef FETCH_COOKIES_H
#define FETCH_COOKIES_H

#include "chapbook.h"
#include "fetch/curl.h"

/* Read a file in Netscape's format into the cookies of `share`. -1 where it cannot be read or is of
 * another kind. */
int cookies_read(const char *path, const struct curl *curl, CURLSH *share,
		 struct chapbook_error *err);

#endif
