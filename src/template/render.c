/* From tokens and values to text: one loop over the tokens, with a bounded stack of its own. */
#include "template/render.h"

#include "base/error.h"
#include "template/value.h"

#include <string.h>

/* Partials that include themselves twice would go on for ever, for all that their depth is bounded.
 * A book of a million headings takes a third of these. */
enum { MAX_STEPS = 50 * 1000 * 1000, MAX_OUTPUT = 1 << 30 };

/* What was entered and is not left yet: a section, or a partial. */
struct frame {
	/* A section: what names are looked up in first, and the items of its list to come.
	 * Inverted sections and partials add nothing to look names up in. */
	bool has_context;
	const struct value *context;
	const struct member *items;
	/* A partial: where to go on, and the indentation there. */
	const struct template_file *caller;
	size_t return_to;
	size_t indent_start, indent_len;
};

struct renderer {
	const struct template_file *t;
	size_t at;    /* the token that comes next */
	size_t steps; /* tokens so far */
	bool strict;
	struct buf *out;
	/* What stands before each line of a partial: indent.data from indent_start on. */
	struct buf indent;
	size_t indent_start;
	struct frame frames[MAX_TEMPLATE_DEPTH + 1];
	size_t depth; /* frames in use; the first is the root's */
	struct chapbook_error *err;
};

static int render_fail(const struct renderer *r, const struct token *token, const char *what)
{
	return error_set(r->err, CHAPBOOK_E_USAGE, "%s:%d: %s: %.*s", r->t->file, token->line, what,
			 (int)token->len, token->text);
}

/* mustache(5), "Variables", and the specification's interpolation.yml on dotted names: the first
 * part is looked up from the innermost context to the outermost, each other part in what the one
 * before gave. An unknown name gives NULL, and is an error when strict. */
static int lookup(const struct renderer *r, const struct token *token, const struct value **found)
{
	const char *name = token->text, *end = name + token->len;
	*found = NULL;
	if (token->len == 1 && *name == '.') {
		for (size_t i = r->depth; i-- > 0;)
			if (r->frames[i].has_context) {
				*found = r->frames[i].context;
				break;
			}
		return 0;
	}
	const char *dot = memchr(name, '.', token->len);
	size_t len = (size_t)((dot ? dot : end) - name);
	const struct member *member = NULL;
	for (size_t i = r->depth; i-- > 0 && !member;)
		member = value_find(r->frames[i].context, name, len);
	while (member && dot) {
		/* Nothing is known of what a falsy value would have held. */
		if (!value_is_truthy(member->value))
			return 0;
		name = dot + 1;
		dot = memchr(name, '.', (size_t)(end - name));
		len = (size_t)((dot ? dot : end) - name);
		member = value_find(member->value, name, len);
	}
	if (!member)
		return r->strict ? render_fail(r, token, "no such name") : 0;
	*found = member->value;
	return 0;
}

static void put_indent(struct renderer *r)
{
	buf_append(r->out, r->indent.data + r->indent_start, r->indent.len - r->indent_start);
}

/* The template's own text: inside a partial, the indentation is written before each of its lines.
 */
static void render_put_text(struct renderer *r, const struct token *token)
{
	const char *p = token->text, *end = p + token->len;
	if (r->indent.len == r->indent_start) {
		buf_append(r->out, p, token->len);
		return;
	}
	while (p < end) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		const char *next = feed ? feed + 1 : end;
		buf_append(r->out, p, (size_t)(next - p));
		if (next < end)
			put_indent(r);
		p = next;
	}
}

static int render_put_value(struct renderer *r, const struct token *token)
{
	const struct value *v;
	const char *text;
	size_t len;
	if (lookup(r, token, &v))
		return -1;
	value_text(v, &text, &len);
	if (token->kind == TOKEN_RAW)
		buf_append(r->out, text, len);
	else
		buf_put_xml(r->out, text, len);
	return 0;
}

static struct frame *render_push(struct renderer *r, const struct token *token)
{
	if (r->depth > MAX_TEMPLATE_DEPTH) {
		render_fail(r, token, "nested too deeply");
		return NULL;
	}
	struct frame *frame = &r->frames[r->depth++];
	*frame = (struct frame){0};
	return frame;
}

static int enter_section(struct renderer *r, const struct token *token)
{
	const struct value *v;
	if (lookup(r, token, &v))
		return -1;
	if (value_is_truthy(v) != (token->kind == TOKEN_SECTION)) {
		r->at = token->partner + 1;
		return 0;
	}
	struct frame *frame = render_push(r, token);
	if (!frame)
		return -1;
	frame->has_context = token->kind == TOKEN_SECTION;
	if (!frame->has_context)
		return 0;
	frame->context = v;
	if (v->kind == VALUE_LIST) {
		const struct member *first = v->as.members.first;
		frame->context = first->value;
		frame->items = first->next;
	}
	return 0;
}

static void render_end_section(struct renderer *r, const struct token *token)
{
	struct frame *frame = &r->frames[r->depth - 1];
	if (frame->items) {
		frame->context = frame->items->value;
		frame->items = frame->items->next;
		r->at = token->partner + 1;
	} else {
		r->depth--;
	}
}

static int enter_partial(struct renderer *r, const struct token *token)
{
	const struct template_file *partial = token->partial;
	if (partial->error.code) {
		if (r->err)
			*r->err = partial->error;
		return -1;
	}
	struct frame *frame = render_push(r, token);
	if (!frame)
		return -1;
	frame->caller = r->t;
	frame->return_to = r->at;
	frame->indent_start = r->indent_start;
	frame->indent_len = r->indent.len;
	if (token->standalone)
		buf_append(&r->indent, token->open - token->indent, token->indent);
	else
		r->indent_start = r->indent.len;
	r->t = partial;
	r->at = 0;
	return 0;
}

static void leave_partial(struct renderer *r)
{
	const struct frame *frame = &r->frames[--r->depth];
	r->t = frame->caller;
	r->at = frame->return_to;
	r->indent_start = frame->indent_start;
	buf_truncate(&r->indent, frame->indent_len);
}

static int step(struct renderer *r)
{
	const struct token *token = &r->t->tokens.items[r->at++];
	if (++r->steps > MAX_STEPS || r->out->len > MAX_OUTPUT)
		return render_fail(r, token, "the output is larger than 16 MB");
	if (token->line_start)
		put_indent(r);
	switch (token->kind) {
	case TOKEN_TEXT:
		render_put_text(r, token);
		return 0;
	case TOKEN_ESCAPED:
	case TOKEN_RAW:
		return render_put_value(r, token);
	case TOKEN_SECTION:
	case TOKEN_INVERTED:
		return enter_section(r, token);
	case TOKEN_END:
		render_end_section(r, token);
		return 0;
	case TOKEN_PARTIAL:
		return enter_partial(r, token);
	}
	return 0;
}

int render(const struct template_file *t, bool strict, const struct value *root, struct buf *out,
	   struct chapbook_error *err)
{
	struct renderer r = {.t = t, .strict = strict, .out = out, .indent = BUF_INIT, .err = err};
	int result = -1;
	if (t->error.code) {
		if (err)
			*err = t->error;
		return -1;
	}
	r.frames[0] = (struct frame){.has_context = true, .context = root};
	r.depth = 1;
	for (;;) {
		if (r.at < r.t->tokens.count) {
			if (step(&r))
				goto out;
		} else if (r.depth > 1) {
			/* Sections are closed in their own template: what is left open is a
			 * partial. */
			leave_partial(&r);
		} else {
			break;
		}
	}
	result = out->failed || r.indent.failed ? error_memory(err) : 0;
out:
	buf_release(&r.indent);
	return result;
}
