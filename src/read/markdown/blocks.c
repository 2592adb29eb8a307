/* What cmark does not know of other programs' Markdown, written as what it does know: fenced divs
 * (pandoc's ":::", also as Quarto, MyST, Docusaurus and VuePress write them) and inline notes
 * (pandoc's "^[text]"). */
#include "read/markdown/markdown.h"

#include "base/ascii.h"
#include "base/find.h"
#include "base/word_list.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
	MAX_NOTE = 4000,  /* bytes of an inline note */
	MAX_DIVS = 32,    /* in one another */
	MAX_SCANNED = 30, /* bytes examined, per byte of the text: notes that are not closed */
};

enum div_kind { DIV_PLAIN, DIV_CALLOUT, DIV_PLACE };

struct block_scan {
	const char *text, *end, *at;
	struct buf *out;
	const char *copied; /* what comes before is in `out` */
	struct buf notes;   /* definitions, for the end */
	size_t note_count, scanned;
	enum div_kind divs[MAX_DIVS];
	size_t div_count;
	bool blank, list;
	char fence;
	size_t fence_len;
};

static void put_rest(struct block_scan *s, const char *to)
{
	buf_append(s->out, s->copied, (size_t)(to - s->copied));
	s->copied = to;
}

static const char *end_of_line(const struct block_scan *s, const char *at)
{
	const char *eol = memchr(at, '\n', (size_t)(s->end - at));
	return eol ? eol : s->end;
}

/* --- Lines of code --- */

static bool is_list_marker(const char *s, const char *end)
{
	const char *p = s;
	while (p < end && ascii_is_digit(*p))
		p++;
	bool ordered = p > s && p < end && (*p == '.' || *p == ')');
	bool bullet = p == s && p < end && strchr("-*+", *p);
	return (ordered || bullet) && p + 1 < end && (p[1] == ' ' || p[1] == '\t');
}

/* Whether the line at s->at is code or fences code. `content`: where its quote marks and white
 * space end. */
static bool is_code(struct block_scan *s, const char *content, const char *eol)
{
	size_t indent = 0, run = 0;
	for (const char *p = s->at; p < content; p++)
		indent = *p == '>' ? 0 : *p == '\t' ? indent + 4 : indent + 1;
	bool blank = s->blank;
	s->blank = content == eol;
	if (s->blank)
		return s->fence != '\0';
	char c = *content;
	while ((c == '`' || c == '~') && content + run < eol && content[run] == c)
		run++;
	if (run >= 3 && (!s->fence || (c == s->fence && run >= s->fence_len))) {
		s->fence = s->fence ? '\0' : c;
		s->fence_len = run;
		return true;
	}
	if (s->fence)
		return true;
	if (is_list_marker(content, eol))
		s->list = true;
	else if (indent == 0)
		s->list = false;
	return blank && indent >= (s->list ? 12 : 4);
}

/* --- Fenced divs --- */

static bool is_callout_word(const char *word, size_t len)
{
	if (len > 8 && strncasecmp(word, "callout-", 8) == 0) {
		word += 8;
		len -= 8;
	}
	return word_list_has_case("note tip important warning caution danger info hint error "
				  "attention seealso example",
				  word, len);
}

struct div {
	enum div_kind kind;
	const char *id, *title; /* title: shown; NULL: none */
	size_t id_len, title_len;
	bool label; /* the title is the word for its kind */
};

/* "{.note #id}" or "{note}" (MyST) between `s`, behind the brace, and `end`, at the other one. */
static void read_div(const char *s, const char *end, struct div *div)
{
	while (s < end) {
		size_t n = 0;
		while (s + n < end && !ascii_is_space(s[n]))
			n++;
		bool mark = *s == '.' || *s == '#';
		if (*s == '#' && n > 1) {
			div->id = s + 1;
			div->id_len = n - 1;
		} else if (is_callout_word(s + mark, n - mark)) {
			div->kind = DIV_CALLOUT;
			if (!mark || n > 9) { /* shown by the programs that know it */
				div->title = s + mark;
				div->title_len = n - mark;
				div->label = true;
			}
		}
		s += n;
		while (s < end && ascii_is_space(*s))
			s++;
	}
}

/* What follows the colons of an opening line. False: it is not one. */
static bool read_div_start(const char *s, const char *end, struct div *div)
{
	*div = (struct div){.kind = DIV_PLAIN};
	while (s < end && ascii_is_space(*s))
		s++;
	while (end > s && (ascii_is_space(end[-1]) || end[-1] == ':'))
		end--;
	if (s == end)
		return false;
	if (*s == '{') {
		const char *close = memchr(s, '}', (size_t)(end - s));
		if (!close)
			return false;
		read_div(s + 1, close, div);
		s = close + 1;
	} else {
		size_t n = 0;
		while (s + n < end && (ascii_is_alnum(s[n]) || s[n] == '-' || s[n] == '_'))
			n++;
		if (n == 0 || (s + n < end && !strchr(" \t[{", s[n])))
			return false;
		read_div(s, s + n, div);
		s += n;
	}
	const char *braces = memchr(s, '{', (size_t)(end - s));
	if (braces && end[-1] == '}') {
		read_div(braces + 1, end - 1, div);
		end = braces;
	}
	while (s < end && (ascii_is_space(*s) || *s == '['))
		s++;
	while (end > s && (ascii_is_space(end[-1]) || end[-1] == ']'))
		end--;
	if (end > s) {
		div->title = s;
		div->title_len = (size_t)(end - s);
		div->label = false;
	}
	if (div->kind == DIV_PLAIN && div->id)
		div->kind = DIV_PLACE;
	return true;
}

/* The tags of a div, after the line's own quote marks and indent. */
static void put_block_line(struct block_scan *s, const char *prefix, size_t len, const char *text)
{
	buf_append(s->out, prefix, len);
	buf_printf(s->out, "%s\n", text);
	buf_append(s->out, prefix, len);
	buf_putc(s->out, '\n');
}

static void put_div_start(struct block_scan *s, const struct div *div, const char *prefix,
			  size_t len)
{
	struct buf tag = BUF_INIT;
	if (div->kind != DIV_PLAIN) {
		buf_puts(&tag, div->kind == DIV_CALLOUT ? "<aside class=\"callout\"" : "<div");
		if (div->id) {
			buf_puts(&tag, " id=\"");
			buf_put_xml(&tag, div->id, div->id_len);
			buf_putc(&tag, '"');
		}
		buf_putc(&tag, '>');
	}
	put_block_line(s, prefix, len, tag.data);
	buf_truncate(&tag, 0);
	if (div->title) {
		const char *word = div->title;
		size_t n = div->title_len;
		if (div->label && n > 8 && strncasecmp(word, "callout-", 8) == 0) {
			word += 8;
			n -= 8;
		}
		buf_puts(&tag, "**");
		buf_append(&tag, word, n);
		buf_puts(&tag, "**");
		if (div->label)
			tag.data[2] = (char)toupper((unsigned char)tag.data[2]);
		put_block_line(s, prefix, len, tag.data);
	}
	s->out->failed |= tag.failed;
	buf_release(&tag);
}

static void put_closing(struct block_scan *s, const char *prefix, size_t len)
{
	static const char *const tags[] = {"", "</aside>", "</div>"};
	put_block_line(s, prefix, len, tags[s->divs[--s->div_count]]);
}

/* A line that opens or closes a div is replaced; false: it is another line. */
static bool replace_fence(struct block_scan *s, const char *content, const char *eol)
{
	const char *p = content, *next = eol < s->end ? eol + 1 : eol;
	struct div div;
	while (p < eol && *p == ':')
		p++;
	if (p - content < 3)
		return false;
	const char *rest = p;
	while (rest < eol && ascii_is_space(*rest))
		rest++;
	bool closes = rest == eol;
	if (closes ? s->div_count == 0 : s->div_count == MAX_DIVS || !read_div_start(p, eol, &div))
		return false;
	put_rest(s, s->at);
	if (closes) {
		put_closing(s, s->at, (size_t)(content - s->at));
	} else {
		put_div_start(s, &div, s->at, (size_t)(content - s->at));
		s->divs[s->div_count++] = div.kind;
	}
	s->copied = s->at = next;
	s->blank = true;
	return true;
}

/* --- Inline notes --- */

/* Past the code span that may begin at `p`. */
static const char *skip_code(const char *p, const char *end)
{
	size_t run = strspn(p, "`");
	for (const char *q = p + run; q < end && (q = memchr(q, '`', (size_t)(end - q)));) {
		size_t n = strspn(q, "`");
		q += n;
		if (n == run && q <= end)
			return q;
	}
	return p + run;
}

/* The bracket that closes the note which opens at `p`; NULL: it is not a note. */
static const char *note_end(struct block_scan *s, const char *p)
{
	const char *start = p + 2, *end = s->end - start > MAX_NOTE ? start + MAX_NOTE : s->end;
	size_t open = 1;
	bool words = false;
	for (p = start; p < end; p++) {
		if (*p == '\\') {
			p++;
		} else if (*p == '`') {
			p = skip_code(p, end) - 1;
		} else if (*p == '\n') {
			const char *q = p + 1;
			while (q < end && strchr(" \t>", *q))
				q++;
			if (q >= end || *q == '\n')
				break;
		} else if (*p == '[') {
			open++;
		} else if (*p == ']' && --open == 0) {
			break;
		}
		words |= p < end && !strchr("0123456789,;- ", *p); /* "^[12]" is a citation */
	}
	s->scanned += (size_t)(p - start);
	bool closed = p < end && open == 0 && *p == ']';
	return closed && words && !(p + 1 < s->end && strchr("([", p[1])) ? p : NULL;
}

/* The note at s->at becomes a reference; its text is kept for the end, in one line. */
static void take_inline_note(struct block_scan *s, const char *close)
{
	put_rest(s, s->at);
	buf_printf(s->out, "[^chapbook-inline-%zu]", ++s->note_count);
	buf_printf(&s->notes, "\n\n[^chapbook-inline-%zu]: ", s->note_count);
	for (const char *p = s->at + 2; p < close; p++) {
		bool eol = *p == '\n';
		buf_putc(&s->notes, eol ? ' ' : *p);
		while (eol && p + 1 < close && strchr(" \t>", p[1]))
			p++;
	}
	s->at = s->copied = close + 1;
}

/* The rest of the line at s->at, which may go on behind a note that ends in another line. */
static void scan_line(struct block_scan *s)
{
	while (s->at < s->end && *s->at != '\n') {
		const char *close = NULL;
		if (*s->at == '\\' && s->at + 1 < s->end && s->at[1] != '\n') {
			s->at += 2;
		} else if (*s->at == '`') {
			const char *after = skip_code(s->at, end_of_line(s, s->at));
			s->at = after;
		} else if (*s->at == '^' && s->at + 1 < s->end && s->at[1] == '[' &&
			   !(s->at > s->text && s->at[-1] == '[') &&
			   s->scanned < MAX_SCANNED * (size_t)(s->end - s->text) + MAX_NOTE &&
			   (close = note_end(s, s->at)) != NULL) {
			take_inline_note(s, close);
		} else {
			s->at++;
		}
	}
	s->at += s->at < s->end;
}

bool markdown_write_blocks(struct buf *out, const char *text, size_t len)
{
	struct block_scan s = {.text = text,
			       .end = text + len,
			       .at = text,
			       .out = out,
			       .copied = text,
			       .notes = BUF_INIT,
			       .blank = true};
	if (!find_mark(text, len, ":::") && !find_mark(text, len, "^["))
		return false;
	while (s.at < s.end) {
		const char *eol = end_of_line(&s, s.at), *content = s.at;
		while (content < eol && strchr(" \t>", *content))
			content++;
		if (is_code(&s, content, eol))
			s.at = eol < s.end ? eol + 1 : eol;
		else if (!replace_fence(&s, content, eol))
			scan_line(&s);
	}
	if (s.copied > text) {
		put_rest(&s, s.end);
		if (s.fence)
			for (size_t i = 0; i <= s.fence_len; i++)
				buf_putc(out, i ? s.fence : '\n');
		buf_puts(out, "\n\n");
		while (s.div_count)
			put_closing(&s, "", 0);
		buf_append(out, s.notes.data, s.notes.len);
		buf_putc(out, '\n');
	}
	out->failed |= s.notes.failed;
	buf_release(&s.notes);
	return s.copied > text;
}
