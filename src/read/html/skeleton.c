/* From a page to its skeleton. Takes out what would swallow text or cost the square of its
 * length. */
#include "read/html/parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "extract/structure/embed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MAX_ATTRIBUTES = 100, /* given to gumbo: it compares each with each */
	SHORT_SPACE = 3,      /* white space up to this length is left as it is */
	MAX_WASTED = 100 * 1000 * 1000,
};

struct open_element {
	struct html_tag tag;
	bool foreign; /* of svg or math, and nothing that HTML may stand in */
};

struct filter {
	struct html_skeleton *sk;
	const char *html;
	size_t len;
	struct buf *out;
	struct open_element open[HTML_MAX_OPEN];
	size_t depth, too_deep;
	size_t verbatim;   /* pre and code that are open: white space counts */
	size_t formatting; /* formatting elements that were opened and not closed */
	bool after_block;  /* nothing has come since a block's tag */
	bool after_pre;    /* nothing has come since <pre> */
	size_t wasted;     /* bytes inspected in vain: after MAX_WASTED, "<" is text */
};

/* --- What is put out --- */

static void put_run(struct filter *t, size_t start, size_t end, size_t space, bool references)
{
	struct html_run run = {.start = (uint32_t)start,
			       .len = (uint32_t)(end - start),
			       .space = (uint32_t)space,
			       .references = references};
	size_t number = t->sk->runs.len / sizeof run;
	if (number >= HTML_RUN_BASE)
		buf_put_utf8(t->out, (unsigned)(HTML_RUN_HIGH + number / HTML_RUN_BASE));
	buf_put_utf8(t->out, (unsigned)(HTML_RUN_LOW + number % HTML_RUN_BASE));
	buf_append(&t->sk->runs, &run, sizeof run);
}

static size_t space_at(const char *s, size_t len)
{
	size_t n = 0;
	while (n < len && (s[n] == ' ' || s[n] == '\n' || s[n] == '\t' || s[n] == '\f'))
		n++;
	return n;
}

/* Text with references: those that gumbo is to resolve go to it as they are. */
static void put_referring(struct filter *t, size_t start, size_t end, size_t space)
{
	bool some = false;
	for (size_t i = start; i < end;) {
		const char *amp = memchr(t->html + i, '&', end - i);
		if (!amp)
			break;
		uint32_t cp;
		size_t taken;
		enum html_reference kind =
			html_reference_read(amp, (size_t)(t->html + end - amp), false, &cp, &taken);
		i = (size_t)(amp - t->html);
		if (kind == HTML_REFERENCE_UNKNOWN || (kind == HTML_REFERENCE_KNOWN && cp <= ' ')) {
			if (i > start)
				put_run(t, start, i, space, some);
			buf_append(t->out, amp, taken);
			start = i + taken;
			space = 0;
			some = false;
		} else {
			some = true;
		}
		i += taken;
	}
	if (end > start)
		put_run(t, start, end, space, some);
}

/* The text between two tags. `block`: a block's tag follows. */
static void skeleton_put_text(struct filter *t, size_t start, size_t end, bool block)
{
	if (start == end)
		return;
	if (t->after_pre && t->html[start] == '\n')
		start++;
	size_t space = space_at(t->html + start, end - start);
	if (start + space == end) {
		bool exact = t->verbatim || !t->sk->whole;
		if (!exact && !t->formatting && (t->after_block || block))
			return;
		if (exact || space <= SHORT_SPACE)
			buf_append(t->out, t->html + start, space);
		else
			buf_putc(t->out, memchr(t->html + start, '\n', space) ? '\n' : ' ');
	} else {
		/* A line feed would be lost to gumbo behind <pre>: a space stands for it. */
		if (space)
			buf_putc(t->out, ' ');
		if (memchr(t->html + start, '&', end - start))
			put_referring(t, start + space, end, space);
		else
			put_run(t, start + space, end, space, false);
	}
	t->after_block = t->after_pre = false;
}

/* --- Which elements are open --- */

static bool in_foreign(const struct filter *t)
{
	return t->depth && t->open[t->depth - 1].foreign;
}

static bool skeleton_same_name(const struct html_tag *a, const struct html_tag *b)
{
	return a->id == b->id &&
	       (a->id != GUMBO_TAG_UNKNOWN ||
		(a->name_len == b->name_len && strncasecmp(a->name, b->name, a->name_len) == 0));
}

static bool keeps_space(const struct html_tag *tag)
{
	return (tag->is & HTML_PRE) || tag->id == GUMBO_TAG_CODE;
}

static void close_to(struct filter *t, size_t depth)
{
	while (t->depth > depth)
		t->verbatim -= keeps_space(&t->open[--t->depth].tag);
}

/* Whether the end tag is passed to the parser. */
static bool count_end(struct filter *t, const struct html_tag *tag)
{
	for (size_t i = t->depth; i-- > 0;) {
		if (!skeleton_same_name(&t->open[i].tag, tag))
			continue;
		if (t->too_deep) {
			t->too_deep--;
			return false;
		}
		close_to(t, i);
		return true;
	}
	return t->sk->whole || (tag->id != GUMBO_TAG_HTML && tag->id != GUMBO_TAG_BODY);
}

/* Whether the start tag is passed to the parser. */
static bool count_start(struct filter *t, const struct html_tag *tag)
{
	bool foreign = in_foreign(t);
	if (foreign &&
	    ((tag->is & HTML_BREAKOUT) || (tag->id == GUMBO_TAG_FONT && tag->attributes))) {
		size_t depth = t->depth;
		while (depth && t->open[depth - 1].foreign)
			depth--;
		close_to(t, depth);
		foreign = false;
	}
	if ((!foreign && (tag->is & HTML_LEAF)) || (foreign && tag->self_closing))
		return true;
	if (t->depth == t->sk->max_open) {
		t->too_deep++;
		return false;
	}
	bool root = tag->id == GUMBO_TAG_SVG || tag->id == GUMBO_TAG_MATH;
	t->open[t->depth++] =
		(struct open_element){*tag, root || (foreign && !(tag->is & HTML_INTEGRATION))};
	t->verbatim += keeps_space(tag);
	return true;
}

/* --- Tags --- */

static uint32_t hash(uint32_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 0x01000193u;
	return h;
}

/* What tells the element's attributes from those of others, in any order: of formatting elements
 * that are alike in all, HTML5 opens no more than three again. */
static void put_likeness(struct filter *t, const char *s, const struct html_tag *tag)
{
	struct html_attribute a;
	uint32_t sum = 0;
	for (size_t at = 0; html_tag_next(s, tag, &at, &a);)
		sum += hash(hash(0x811C9DC5u, a.name, a.name_len) * 31, a.value, a.value_len);
	buf_printf(t->out, " x=%x", (unsigned)sum);
}

/* Attributes as they are: for elements on which they have a say in the tree. */
static void skeleton_put_attributes(struct filter *t, const char *s, const struct html_tag *tag)
{
	struct html_attribute a;
	size_t at = 0, end = 0;
	for (int i = 0; i < MAX_ATTRIBUTES && html_tag_next(s, tag, &at, &a); i++)
		end = at;
	size_t start = (size_t)(tag->name - s) + tag->name_len;
	if (end > start)
		buf_append(t->out, s + start, end - start);
}

/* Whether only gumbo can resolve a character reference in the attributes. */
static bool has_unknown_reference(const char *s, const struct html_tag *tag)
{
	if (!memchr(s, '&', tag->len))
		return false;
	struct html_attribute a;
	for (size_t at = 0; html_tag_next(s, tag, &at, &a);) {
		const char *amp = a.value, *end = a.value + a.value_len;
		while ((amp = memchr(amp, '&', (size_t)(end - amp))) != NULL) {
			uint32_t cp;
			size_t taken;
			if (html_reference_read(amp, (size_t)(end - amp), true, &cp, &taken) ==
			    HTML_REFERENCE_UNKNOWN)
				return true;
			amp += taken;
		}
	}
	return false;
}

static bool is_hidden_input(const char *s, const struct html_tag *tag)
{
	struct html_attribute a;
	for (size_t at = 0; html_tag_next(s, tag, &at, &a);)
		if (html_attribute_is(&a, "type"))
			return a.value_len == 6 && strncasecmp(a.value, "hidden", 6) == 0;
	return false;
}

static void put_start(struct filter *t, size_t i, const struct html_tag *tag)
{
	const char *s = t->html + i;
	struct html_start start = {
		.at = (uint32_t)t->out->len, .tag = (uint32_t)i, .len = (uint32_t)tag->len};
	buf_putc(t->out, '<');
	buf_append(t->out, tag->name, tag->name_len);
	/* Those of a second <html> or <body> go to the first. */
	start.as_is = tag->id == GUMBO_TAG_HTML || tag->id == GUMBO_TAG_BODY;
	if (tag->attributes) {
		start.as_is = start.as_is || tag->id == GUMBO_TAG_ISINDEX ||
			      tag->id == GUMBO_TAG_ANNOTATION_XML ||
			      (tag->id == GUMBO_TAG_FONT && in_foreign(t)) ||
			      has_unknown_reference(s, tag);
		if (start.as_is)
			skeleton_put_attributes(t, s, tag);
		else if (tag->is & HTML_FORMATTING)
			put_likeness(t, s, tag);
		else if (tag->id == GUMBO_TAG_INPUT && is_hidden_input(s, tag))
			buf_puts(t->out, " type=hidden");
	}
	buf_puts(t->out, tag->self_closing ? " />" : ">");
	buf_append(&t->sk->starts, &start, sizeof start);
}

static void put_end(struct filter *t, const struct html_tag *tag)
{
	buf_puts(t->out, "</");
	buf_append(t->out, tag->name, tag->name_len);
	buf_putc(t->out, '>');
}

/* --- Content that is no markup --- */

static const char *raw_end(struct filter *t, const struct html_tag *tag, const char *s)
{
	const char *end = t->html + t->len, *lt = s;
	if (tag->id == GUMBO_TAG_SCRIPT)
		return html_script_end(s, end);
	for (; (lt = memchr(lt, '<', (size_t)(end - lt))) != NULL; lt++)
		if (html_is_end_tag(lt, end, tag->name, tag->name_len))
			return lt;
	return NULL;
}

static bool skeleton_is_type(const struct html_attribute *a, const char *type)
{
	size_t space = space_at(a->value, a->value_len), len = strlen(type);
	return a->value_len - space >= len && strncasecmp(a->value + space, type, len) == 0;
}

/* Whether a script writes what it shows into the page, by its address. */
static bool shows_something(const struct html_attribute *src)
{
	char address[300];
	if (src->value_len >= sizeof address)
		return false;
	memcpy(address, src->value, src->value_len);
	address[src->value_len] = '\0';
	return embed_is_script(address);
}

/* A script. Returns whether it is kept in the page. */
static bool keep_script(struct filter *t, const char *s, const struct html_tag *tag,
			const char *body, size_t len)
{
	struct html_attribute a;
	bool shows = false;
	for (size_t at = 0; html_tag_next(s, tag, &at, &a);) {
		if (html_attribute_is(&a, "src"))
			shows = shows_something(&a);
		if (!html_attribute_is(&a, "type"))
			continue;
		if (t->sk->json_ld && skeleton_is_type(&a, "application/ld+json")) {
			char **slot = ARENA_PUSH(t->sk->arena, *t->sk->json_ld);
			char *copy = arena_dupn(t->sk->arena, body, len);
			if (slot)
				*slot = copy;
			t->out->failed |= !slot || !copy;
		}
		if (t->sk->whole && skeleton_is_type(&a, "math/"))
			return true;
	}
	return shows;
}

/* Whether an element ends with its start tag, at `i`: "/>" is meant, or what is shown in place of
 * its content must not take the place of the rest of the page. */
static bool ends_at_once(struct filter *t, size_t i, const struct html_tag *tag)
{
	const char *s = t->html + i;
	if (tag->end || in_foreign(t) || tag->id == GUMBO_TAG_SVG || tag->id == GUMBO_TAG_MATH ||
	    ((tag->is & HTML_LEAF) && !(t->sk->prose && tag->id == GUMBO_TAG_P)))
		return false;
	if (tag->self_closing && (t->sk->prose || (tag->is & HTML_REPLACED)))
		return true;
	if (tag->id == GUMBO_TAG_TEMPLATE && t->sk->whole && !tag->attributes)
		return false; /* as in the tests of the standard */
	bool matters = (tag->is & HTML_REPLACED) || tag->id == GUMBO_TAG_TEXTAREA ||
		       (tag->self_closing && (tag->is & (HTML_RAW | HTML_TEXT)));
	return matters && t->wasted <= MAX_WASTED &&
	       !html_tag_is_closed(s, t->len - i, tag, &t->wasted);
}

/* An element with content that is no markup; `i` is where its start tag is. Returns where it ends.
 */
static size_t filter_raw(struct filter *t, size_t i, const struct html_tag *tag)
{
	size_t body = i + tag->len;
	bool empty = ends_at_once(t, i, tag);
	const char *lt = tag->id == GUMBO_TAG_PLAINTEXT ? NULL
			 : empty                        ? t->html + body
							: raw_end(t, tag, t->html + body);
	size_t end = lt ? (size_t)(lt - t->html) : t->len, after = end;
	if (lt && !empty) {
		struct html_tag closing;
		html_tag_read(lt, t->len - end, &closing);
		after = closing.len ? end + closing.len : t->len;
	} else if (!lt && !t->sk->whole) { /* its text is text */
		t->wasted += t->len - body;
		return body;
	}
	bool unseen = tag->is & HTML_UNSEEN;
	if (unseen && tag->id != GUMBO_TAG_IFRAME &&
	    !(tag->id == GUMBO_TAG_SCRIPT &&
	      keep_script(t, t->html + i, tag, t->html + body, end - body)))
		return after;
	put_start(t, i, tag);
	if (tag->id == GUMBO_TAG_NOSCRIPT) {
		struct html_start *start =
			(struct html_start *)(void *)(t->sk->starts.data + t->sk->starts.len) - 1;
		if (!t->sk->starts.failed) {
			start->raw = (uint32_t)body;
			start->raw_len = (uint32_t)(end - body);
		}
	} else if (tag->id != GUMBO_TAG_IFRAME) {
		body += (tag->is & HTML_PRE) && body < end && t->html[body] == '\n';
		if (body < end && (tag->is & HTML_TEXT))
			put_referring(t, body, end, 0);
		else if (body < end)
			put_run(t, body, end, 0, false);
	}
	if (tag->id != GUMBO_TAG_PLAINTEXT)
		put_end(t, tag);
	return after;
}

/* --- Markup --- */

/* Where the comment ends that begins at `i`; SIZE_MAX when it does not. */
static size_t comment_end(struct filter *t, size_t i)
{
	const char *end = t->html + t->len;
	for (const char *s = t->html + i + 2; (s = memmem(s, (size_t)(end - s), "--", 2)); s++) {
		const char *gt = s + 2;
		if (gt < end && *gt == '!' && s > t->html + i + 3)
			gt++; /* "--!>" */
		if (gt < end && *gt == '>')
			return (size_t)(gt + 1 - t->html);
	}
	return SIZE_MAX;
}

static size_t skeleton_behind(struct filter *t, size_t i, const char *what)
{
	const char *end = memmem(t->html + i, t->len - i, what, strlen(what));
	return end ? (size_t)(end - t->html) + strlen(what) : SIZE_MAX;
}

/* "<!…", "<?…", "</" and no letter: comments of all kinds, doctypes, CDATA. Returns where it ends,
 * or SIZE_MAX when it does not. */
static size_t filter_declaration(struct filter *t, size_t i)
{
	const char *s = t->html + i;
	size_t left = t->len - i;
	if (left >= 4 && memcmp(s, "<!--", 4) == 0)
		return comment_end(t, i);
	if (left >= 9 && memcmp(s, "<![CDATA[", 9) == 0 && (!t->sk->whole || in_foreign(t))) {
		size_t end = skeleton_behind(t, i, "]]>");
		if (t->sk->whole) {
			size_t stop = end == SIZE_MAX ? t->len : end - 3;
			if (stop > i + 9)
				put_run(t, i + 9, stop, 0, false);
			return end == SIZE_MAX ? t->len : end;
		}
		return end;
	}
	size_t end = skeleton_behind(t, i, ">");
	if (t->sk->whole && left >= 9 && strncasecmp(s, "<!doctype", 9) == 0 && end != SIZE_MAX)
		buf_append(t->out, s, end - i);
	return end;
}

static bool is_raw(const struct filter *t, const struct html_tag *tag)
{
	if (tag->end || in_foreign(t))
		return false;
	if (!t->sk->whole && tag->id == GUMBO_TAG_NOSCRIPT)
		return false;
	return tag->is & (HTML_RAW | HTML_TEXT);
}

/* The tag at `i`. Returns where what was taken ends. */
static size_t filter_tag(struct filter *t, size_t i, const struct html_tag *tag)
{
	if (is_raw(t, tag))
		return filter_raw(t, i, tag);
	if (!t->sk->whole && tag->id == GUMBO_TAG_SELECT && !tag->end &&
	    !raw_end(t, tag, t->html + i + tag->len)) {
		t->wasted += t->len - i; /* never closed: its text is text */
		return i + tag->len;
	}
	if (ends_at_once(t, i, tag)) {
		put_start(t, i, tag);
		put_end(t, tag);
		t->after_block = tag->is & HTML_BLOCK;
		return i + tag->len;
	}
	bool passes = tag->end ? count_end(t, tag) : count_start(t, tag);
	if (t->sk->plain && (tag->is & HTML_FORMATTING))
		passes = false;
	/* They are opened again where text follows: even where white space does. */
	if ((tag->is & HTML_FORMATTING) || tag->id == GUMBO_TAG_A) {
		if (!tag->end)
			t->formatting++;
		else if (t->formatting)
			t->formatting--;
	}
	if (passes && tag->end)
		put_end(t, tag);
	else if (passes)
		put_start(t, i, tag);
	t->after_block = tag->is & HTML_BLOCK;
	t->after_pre = !tag->end && (tag->is & HTML_PRE);
	return i + tag->len;
}

/* Whether what looks like a tag is a word in angle brackets. */
static bool skeleton_is_word(struct filter *t, size_t i, const struct html_tag *tag)
{
	const char *s = t->html + i;
	bool open = false; /* one of its name */
	for (size_t k = t->depth; k-- > 0; open |= skeleton_same_name(&t->open[k].tag, tag))
		if (t->open[k].foreign)
			return false;
	if (html_tag_is_unknown(s, tag, false))
		return !(tag->end && open);
	if ((tag->is & HTML_FORMATTING) && !(i && ascii_is_alpha(s[-1]))) /* "vector<i>" */
		return tag->attributes && html_tag_is_word(s, t->len - i, tag, &t->wasted);
	return html_tag_is_word(s, t->len - i, tag, &t->wasted);
}

/* What begins with "<" at `i`; `text` is where text begins that has not been put out yet. Returns
 * where what was taken ends. */
static size_t filter_markup(struct filter *t, size_t text, size_t i)
{
	const char *s = t->html + i;
	size_t left = t->len - i, end = SIZE_MAX;
	struct html_tag tag = {0};
	bool whole = t->sk->whole;

	if (t->wasted > MAX_WASTED)
		return i;
	if (html_tag_read(s, left, &tag)) {
		if (t->sk->prose && skeleton_is_word(t, i, &tag))
			return i;
		skeleton_put_text(t, text, i, tag.is & HTML_BLOCK);
		return filter_tag(t, i, &tag);
	}
	bool declaration =
		left >= 2 && (s[1] == '!' || s[1] == '?' || (whole && s[1] == '/' && left > 2));
	if (!declaration && !tag.name)
		return i; /* "<" is text */
	if (declaration && !tag.name) {
		skeleton_put_text(t, text, i, false);
		end = filter_declaration(t, i);
		if (end != SIZE_MAX)
			return end;
		t->wasted += left;
		if (!whole && left >= 4 && memcmp(s, "<!--", 4) == 0)
			return i + 4;
	} else {
		skeleton_put_text(t, text, i, false);
		t->wasted += left;
	}
	if (whole)
		return t->len; /* it takes in all that follows */
	buf_puts(t->out, "&lt;");
	return i + 1;
}

void html_skeleton_make(struct html_skeleton *sk)
{
	struct filter *t = calloc(1, sizeof *t);
	if (!t) {
		sk->text.failed = true;
		return;
	}
	t->sk = sk;
	t->out = &sk->text;
	t->html = sk->html;
	t->len = sk->len;
	buf_reserve(&sk->text, sk->len / 4);
	size_t text = 0; /* where the text begins that is still to be put out */
	for (size_t i = 0; i < t->len;) {
		const char *lt = memchr(t->html + i, '<', t->len - i);
		if (!lt)
			break;
		i = (size_t)(lt - t->html);
		size_t end = filter_markup(t, text, i);
		text = end > i ? end : text;
		i = end > i ? end : i + 1;
	}
	skeleton_put_text(t, text, t->len, true);
	free(t);
}

void html_skeleton_release(struct html_skeleton *sk)
{
	buf_release(&sk->text);
	buf_release(&sk->starts);
	buf_release(&sk->runs);
}

struct html_run *html_skeleton_run(const struct html_skeleton *sk, uint32_t high, uint32_t low)
{
	size_t number = (size_t)(high ? high - HTML_RUN_HIGH : 0) * HTML_RUN_BASE;
	if (low < HTML_RUN_LOW)
		return NULL;
	number += low - HTML_RUN_LOW;
	if (number >= sk->runs.len / sizeof(struct html_run))
		return NULL;
	struct html_run *run = (struct html_run *)(void *)sk->runs.data + number;
	if (run->used)
		return NULL;
	run->used = true;
	return run;
}
