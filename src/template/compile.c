/* From a template's text to tokens: one pass, mustache(5) and the Mustache specification's
 * modules comments, delimiters, interpolation, inverted, partials and sections. */
#include "template/compile.h"

#include "base/ascii.h"
#include "base/error.h"

#include <string.h>

enum { MAX_DELIMITER = 16 };
static const size_t NONE = (size_t)-1;

struct delimiter {
	char text[MAX_DELIMITER];
	size_t len;
};

struct compiler {
	struct template_file *t;
	struct arena *arena;
	struct delimiter open, close;
	const char *end;        /* of the text */
	const char *text_start; /* what follows the last tag, not yet made a token */
	const char *counted;    /* up to here lines are counted */
	int line;
	size_t section; /* index of the innermost section that is still open, or NONE */
};

/* One tag as it stands in the text. */
struct tag {
	const char *open, *after; /* its first byte; the byte behind it */
	const char *name;
	size_t len;
	char sigil; /* 0 for a plain name */
	int line;
	bool standalone;
	const char *line_begin; /* standalone: where its line begins */
};

static bool compile_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int compile_fail(struct compiler *c, int line, const char *what, const char *detail,
			size_t len)
{
	if (len > 60)
		len = 60;
	return error_set(&c->t->error, CHAPBOOK_E_USAGE, "%s:%d: %s%s%.*s", c->t->file, line, what,
			 len ? " " : "", (int)len, detail);
}

static int line_at(struct compiler *c, const char *at)
{
	const char *p = c->counted;
	while ((p = memchr(p, '\n', (size_t)(at - p)))) {
		c->line++;
		p++;
	}
	c->counted = at;
	return c->line;
}

static bool at_line_start(const struct compiler *c, const char *p)
{
	return p == c->t->text || p[-1] == '\n';
}

static const char *compile_find(const char *from, const char *end, const char *what, size_t len)
{
	return memmem(from, (size_t)(end - from), what, len);
}

static struct token *compile_push(struct compiler *c, enum token_kind kind, int line)
{
	struct token *token = ARENA_PUSH(c->arena, c->t->tokens);
	if (token) {
		token->kind = kind;
		token->line = line;
	}
	return token;
}

static void push_text(struct compiler *c, const char *to)
{
	if (to <= c->text_start)
		return;
	struct token *token = compile_push(c, TOKEN_TEXT, c->line);
	if (!token)
		return;
	token->text = c->text_start;
	token->len = (size_t)(to - c->text_start);
	token->line_start = at_line_start(c, c->text_start);
}

/* mustache(5), "Set Delimiter": {{=<% %>=}}. */
static int set_delimiters(struct compiler *c, const struct tag *tag)
{
	const char *p = tag->name, *end = tag->name + tag->len;
	struct delimiter *both[] = {&c->open, &c->close};
	struct delimiter fresh[2] = {{{0}, 0}};
	for (int i = 0; i < 2; i++) {
		while (p < end && ascii_is_space(*p))
			p++;
		const char *start = p;
		while (p < end && !ascii_is_space(*p) && *p != '=')
			p++;
		size_t len = (size_t)(p - start);
		if (len == 0 || len > MAX_DELIMITER)
			return compile_fail(c, tag->line, "invalid delimiters:", tag->name,
					    tag->len);
		memcpy(fresh[i].text, start, len);
		fresh[i].len = len;
	}
	while (p < end && ascii_is_space(*p))
		p++;
	if (p != end)
		return compile_fail(c, tag->line, "invalid delimiters:", tag->name, tag->len);
	for (int i = 0; i < 2; i++)
		*both[i] = fresh[i];
	return 0;
}

/* A name is ".", or words joined by single dots; a partial's may be anything without spaces. */
static bool name_is_good(const struct tag *tag)
{
	if (tag->len == 0)
		return false;
	bool dots = tag->sigil != '>' && !(tag->len == 1 && tag->name[0] == '.');
	char before = '.';
	for (size_t i = 0; i < tag->len; i++) {
		char ch = tag->name[i];
		if (ascii_is_space(ch) || (dots && ch == '.' && before == '.'))
			return false;
		before = ch;
	}
	return !dots || before != '.';
}

/* Read the tag that begins at `open`. */
static int read_tag(struct compiler *c, const char *open, struct tag *tag)
{
	const char *p = open + c->open.len;
	*tag = (struct tag){.open = open, .line = line_at(c, open)};
	while (p < c->end && ascii_is_space(*p))
		p++;
	if (p < c->end && *p && strchr("#^/>&{=!<$", *p))
		tag->sigil = *p++;
	char closer = tag->sigil == '{' ? '}' : tag->sigil == '=' ? '=' : '\0';
	const char *stop = p;
	for (;; stop++) {
		stop = compile_find(stop, c->end, c->close.text, c->close.len);
		if (!stop)
			return compile_fail(c, tag->line, "the tag is not closed:", open,
					    (size_t)(c->end - open) < 20 ? (size_t)(c->end - open)
									 : 20);
		if (!closer)
			break;
		/* "{{{x}}}": the closing brace is the first of the three. */
		if (stop > p && stop[-1] == closer)
			break;
		if (closer == '}' && stop + c->close.len < c->end && stop[0] == '}' &&
		    memcmp(stop + 1, c->close.text, c->close.len) == 0) {
			stop++;
			break;
		}
	}
	tag->after = stop + c->close.len;
	tag->name = p;
	tag->len = (size_t)(stop - p) - (closer ? 1 : 0);
	while (tag->len && ascii_is_space(tag->name[0])) {
		tag->name++;
		tag->len--;
	}
	while (tag->len && ascii_is_space(tag->name[tag->len - 1]))
		tag->len--;
	return 0;
}

/* A tag that prints nothing itself and is alone on its line takes the line with it. */
static void find_standalone(const struct compiler *c, struct tag *tag)
{
	if (!tag->sigil || !strchr("#^/>=!", tag->sigil))
		return;
	const char *begin = tag->open;
	while (begin > c->text_start && compile_is_blank(begin[-1]))
		begin--;
	if (!at_line_start(c, begin))
		return;
	const char *after = tag->after;
	while (after < c->end && compile_is_blank(*after))
		after++;
	if (after < c->end && *after == '\r' && after + 1 < c->end && after[1] == '\n')
		after++;
	if (after < c->end && *after != '\n')
		return;
	tag->standalone = true;
	tag->line_begin = begin;
	tag->after = after < c->end ? after + 1 : after;
}

static int end_section(struct compiler *c, const struct tag *tag, struct token *end)
{
	struct token *tokens = c->t->tokens.items;
	size_t index = c->t->tokens.count - 1;
	if (c->section == NONE)
		return compile_fail(c, tag->line, "no section is open here:", tag->name, tag->len);
	struct token *section = &tokens[c->section];
	if (section->len != tag->len || memcmp(section->text, tag->name, tag->len) != 0)
		return error_set(&c->t->error, CHAPBOOK_E_USAGE,
				 "%s:%d: the end of section %.*s, but line %d opened section %.*s",
				 c->t->file, tag->line, (int)tag->len, tag->name, section->line,
				 (int)section->len, section->text);
	size_t outer = section->partner;
	end->partner = c->section;
	section->partner = index;
	c->section = outer;
	return 0;
}

static int push_tag(struct compiler *c, const struct tag *tag, template_lookup *lookup, void *ctx)
{
	enum token_kind kind;
	switch (tag->sigil) {
	case '!':
		return 0;
	case '=':
		return set_delimiters(c, tag);
	case '\0':
		kind = TOKEN_ESCAPED;
		break;
	case '&':
	case '{':
		kind = TOKEN_RAW;
		break;
	case '#':
		kind = TOKEN_SECTION;
		break;
	case '^':
		kind = TOKEN_INVERTED;
		break;
	case '/':
		kind = TOKEN_END;
		break;
	case '>':
		kind = TOKEN_PARTIAL;
		break;
	default:
		return compile_fail(c, tag->line, "this kind of tag is not supported:", tag->open,
				    (size_t)(tag->after - tag->open));
	}
	if (!name_is_good(tag))
		return compile_fail(c, tag->line, "invalid name:", tag->open,
				    (size_t)(tag->after - tag->open));
	struct token *token = compile_push(c, kind, tag->line);
	if (!token)
		return -1;
	token->text = tag->name;
	token->len = tag->len;
	token->line_start = !tag->standalone && at_line_start(c, tag->open);
	switch (kind) {
	case TOKEN_SECTION:
	case TOKEN_INVERTED:
		token->partner = c->section; /* the outer one, until the end is found */
		c->section = c->t->tokens.count - 1;
		break;
	case TOKEN_END:
		return end_section(c, tag, token);
	case TOKEN_PARTIAL:
		token->standalone = tag->standalone;
		token->open = tag->open;
		token->indent = tag->standalone ? (size_t)(tag->open - tag->line_begin) : 0;
		token->partial = lookup(ctx, tag->name, tag->len);
		return token->partial ? 0 : -1;
	default:
		break;
	}
	return 0;
}

int template_compile(struct template_file *t, struct arena *arena, template_lookup *lookup,
		     void *ctx)
{
	struct compiler c = {
		.t = t,
		.arena = arena,
		.open = {"{{", 2},
		.close = {"}}", 2},
		.end = t->text + t->len,
		.text_start = t->text,
		.counted = t->text,
		.line = 1,
		.section = NONE,
	};
	const char *open;
	while ((open = compile_find(c.text_start, c.end, c.open.text, c.open.len))) {
		struct tag tag;
		if (read_tag(&c, open, &tag))
			return -1;
		find_standalone(&c, &tag);
		push_text(&c, tag.standalone ? tag.line_begin : tag.open);
		if (push_tag(&c, &tag, lookup, ctx)) {
			if (arena->failed)
				error_memory(&t->error);
			return -1;
		}
		c.text_start = tag.after;
	}
	push_text(&c, c.end);
	if (arena->failed)
		return error_memory(&t->error);
	if (c.section != NONE) {
		const struct token *section = &t->tokens.items[c.section];
		return compile_fail(&c, section->line, "the section is not closed:", section->text,
				    section->len);
	}
	return 0;
}
