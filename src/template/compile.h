/* Templates compiled: a flat list of tokens. */
#ifndef TEMPLATE_COMPILE_H
#define TEMPLATE_COMPILE_H

#include "template/template.h"

enum token_kind {
	TOKEN_TEXT,     /* as it stands */
	TOKEN_ESCAPED,  /* {{name}} */
	TOKEN_RAW,      /* {{{name}}}, {{&name}} */
	TOKEN_SECTION,  /* {{#name}} */
	TOKEN_INVERTED, /* {{^name}} */
	TOKEN_END,      /* {{/name}} */
	TOKEN_PARTIAL,  /* {{>name}} */
};

struct token {
	enum token_kind kind;
	/* In the template it is the first thing on its line, so that the indentation of a partial
	 * is written before it. Never set for a tag alone on its line, which leaves no line behind.
	 */
	bool line_start;
	bool standalone; /* partial: the tag is alone on its line */
	int line;
	const char *text; /* the text, or the name */
	size_t len;
	size_t partner;   /* SECTION, INVERTED: index of its END; END: of what it ends */
	size_t indent;    /* standalone partial: bytes of white space that stand before `open` */
	const char *open; /* where the tag begins */
	struct template_file *partial; /* never NULL in a partial */
};

struct token_list {
	struct token *items;
	size_t count, cap;
};

struct template_file {
	struct template_file *next; /* in the set, in the order of their first mention */
	const char *name;
	const char *file; /* for messages */
	const char *text;
	size_t len;
	bool loaded, missing;
	struct token_list tokens;
	struct chapbook_error error; /* why it cannot be rendered, if its code says so */
};

/* Gives the template of that name, or NULL when memory runs out. */
typedef struct template_file *template_lookup(void *ctx, const char *name, size_t len);

/* Compile t->text into t->tokens, in the arena. Every partial's name is looked up. Returns -1
 * with t->error filled. */
int template_compile(struct template_file *t, struct arena *arena, template_lookup *lookup,
		     void *ctx);

#endif
