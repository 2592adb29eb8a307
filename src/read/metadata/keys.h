/* The keys of metadata, and how each is set from a text: metadata.h lists what they mean. */
#ifndef READ_METADATA_KEYS_H
#define READ_METADATA_KEYS_H

#include "article/article.h"
#include "article/role.h"

enum { METADATA_MAX_AUTHORS = 10000 };

enum metadata_key_kind {
	KEY_TEXT,    /* a field of the article: prose, in which Markdown is reduced to its words */
	KEY_LITERAL, /* a field that is taken as it stands: an address, a file name */
	KEY_SPECIAL, /* has a setter, which checks the value */
	KEY_SUBJECT, /* one subject, or a list */
	KEY_WORDS,   /* a list of subjects, or one text with commas */
	KEY_IDENTIFIER,
	KEY_CSS,
	KEY_AUTHOR,
	KEY_CONTRIBUTOR,
	KEY_OF_AUTHOR, /* about the author before it */
};

/* What became of a key and its value. */
enum metadata_outcome { METADATA_SET, METADATA_NO_SUCH_KEY, METADATA_BAD_VALUE };

struct metadata_key {
	const char *name;
	enum metadata_key_kind kind;
	size_t field; /* offset in the article, or, for KEY_OF_AUTHOR, in the author */
	enum metadata_outcome (*set)(struct article *a, const char *value);
	const char *wanted; /* what its value can be, for messages; NULL: any text */
	const char *scheme; /* of KEY_IDENTIFIER; NULL: found out */
	bool of_book;       /* of a book of several articles it is the book's, not each article's */
};

/* The key of that name, or NULL. Case does not count, and "_" or a space is "-". */
const struct metadata_key *metadata_key_find(const char *name);
/* Whether another program's key of that name says something that a book has no use for. */
bool metadata_key_is_foreign(const char *name);
/* Set a fact that is not known yet. */
enum metadata_outcome metadata_key_set(struct article *a, const struct metadata_key *key,
				       const char *value);

/* Add to the identifiers. `scheme` may be NULL. METADATA_BAD_VALUE: it is kept, but is no ISBN. */
enum metadata_outcome metadata_add_identifier(struct article *a, const char *scheme,
					      const char *value);
enum metadata_outcome metadata_set_role(struct article *a, struct author *author,
					const char *value);

#endif
