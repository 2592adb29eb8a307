/* JSON as it is written (RFC 8259): indented by two spaces, a value a line. A failure of the buffer
 * is kept in the buffer. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { JSON_MAX_DEPTH = 64 };

struct json {
	struct buf *out;
	unsigned depth;                /* of open objects and lists: at most JSON_MAX_DEPTH */
	unsigned line;                 /* the depth from which on all is in one line; 0: none */
	bool more;                     /* a value stands before, on this level */
	char brackets[JSON_MAX_DEPTH]; /* that close what is open */
};

/* Open an object ('{') or a list ('['). `key` is NULL in a list and at the top. */
void json_open(struct json *j, const char *key, char bracket);
/* The same, with all that is in it in one line. */
void json_open_line(struct json *j, const char *key, char bracket);
void json_close(struct json *j);

/* A string; NULL: null. */
void json_put(struct json *j, const char *key, const char *value);
/* A string, unless it is NULL or empty. */
void json_put_known(struct json *j, const char *key, const char *value);
void json_put_number(struct json *j, const char *key, unsigned long long value);
void json_put_bool(struct json *j, const char *key, bool value);

#endif
