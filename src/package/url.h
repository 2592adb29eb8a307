/* URLs in the files of a package. */
#ifndef PACKAGE_URL_H
#define PACKAGE_URL_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum url_kind {
	URL_LOCAL,   /* in the container: path and fragment are set */
	URL_OUTSIDE, /* relative, but out of the container */
	URL_REMOTE,  /* http, https, //host, and other schemes that fetch something */
	URL_DATA,
	URL_FILE,
	URL_SCRIPT, /* javascript:, vbscript: */
	URL_OTHER,  /* mailto:, tel:, … */
	URL_BAD,    /* no URL at all */
};

struct url {
	enum url_kind kind;
	bool insecure; /* http: */
	bool has_query;
	bool same;            /* nothing but a fragment, or empty */
	const char *path;     /* entry name, decoded; in the arena; NULL when same */
	const char *fragment; /* decoded, NULL when there is none */
	size_t path_len, fragment_len;
};

/* Take apart `s` as it stands in entry `base`. */
void url_parse(struct url *url, struct arena *a, const char *base, const char *s, size_t len);

#endif
