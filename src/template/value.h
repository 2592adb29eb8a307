/* Values from the inside, for the renderer. */
#ifndef TEMPLATE_VALUE_H
#define TEMPLATE_VALUE_H

#include "template/template.h"

enum value_kind { VALUE_STRING, VALUE_BOOL, VALUE_LIST, VALUE_MAP };

/* A member of a map, or an item of a list (key NULL). */
struct member {
	const char *key;
	size_t key_len;
	const struct value *value; /* NULL: there, and falsy */
	struct member *next;
};

struct value {
	enum value_kind kind;
	union {
		struct {
			const char *text;
			size_t len;
		} string;
		bool truth;
		struct {
			struct member *first, *last;
		} members;
	} as;
};

/* The member of that name, or NULL when there is none or `v` is no map. */
const struct member *value_find(const struct value *v, const char *key, size_t len);
bool value_is_truthy(const struct value *v);
/* What {{x}} prints: a string's characters, "true" or "false", nothing for lists and maps. */
void value_text(const struct value *v, const char **text, size_t *len);

#endif
