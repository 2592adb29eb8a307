/* TeX in Markdown: $…$ and $$…$$ by pandoc's rules, \(…\) and \[…\]. cmark would read its
 * backslashes, stars and underscores as Markdown: a mark stands for each formula until the tree is
 * made. */
#include "read/markdown/markdown.h"

#include "base/ascii.h"
#include "base/find.h"

#include <string.h>

enum {
	MAX_INLINE = 1000,  /* bytes */
	MAX_DISPLAY = 8000, /* bytes */
};

/* U+FDD0 and U+FDD1: not characters, so that no text has them (base/utf8.h). */
static const char mark_start[] = "\xEF\xB7\x90", mark_end[] = "\xEF\xB7\x91";
enum { MARK = 3 };

struct scan {
	const char *text;
	size_t len, at;
	struct buf *out;
	struct markdown_math *math;
	size_t no_close[4]; /* for each delimiter: up to here none follows */
	bool blank;         /* the line before is empty */
	char fence;         /* the character of the code fence that is open, or 0 */
	size_t fence_len;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static size_t line_length(const struct scan *s, size_t at)
{
	const char *eol = memchr(s->text + at, '\n', s->len - at);
	return eol ? (size_t)(eol - s->text) + 1 - at : s->len - at;
}

static void copy(struct scan *s, size_t n)
{
	buf_append(s->out, s->text + s->at, n);
	s->at += n;
}

/* At the start of a line: whether it is code, or fences code. */
static bool copy_code_line(struct scan *s)
{
	const char *line = s->text + s->at;
	size_t len = line_length(s, s->at), indent = 0, quote = 0;
	while (quote < len && strchr("> ", line[quote]) && !(line[quote] == ' ' && indent > 6)) {
		indent = line[quote] == ' ' ? indent + 1 : 0;
		quote++;
	}
	bool blank = s->blank;
	s->blank = quote >= len || line[quote] == '\n';
	char c = quote < len ? line[quote] : '\0';
	size_t run = 0;
	while ((c == '`' || c == '~') && quote + run < len && line[quote + run] == c)
		run++;
	if (run >= 3 && (!s->fence || (c == s->fence && run >= s->fence_len))) {
		s->fence = s->fence ? '\0' : c;
		s->fence_len = run;
	} else if (!s->fence && !(blank && (indent >= 4 || c == '\t'))) {
		return false;
	}
	copy(s, len);
	return true;
}

/* Copy a code span; the backticks alone when it is not closed. */
static void copy_code_span(struct scan *s)
{
	size_t run = 0, from;
	while (s->at + run < s->len && s->text[s->at + run] == '`')
		run++;
	for (from = s->at + run; from < s->len && from - s->at < MAX_DISPLAY;) {
		const char *tick = memchr(s->text + from, '`', s->len - from);
		size_t n = 0;
		if (!tick)
			break;
		from = (size_t)(tick - s->text);
		while (from + n < s->len && s->text[from + n] == '`')
			n++;
		from += n;
		if (n == run) {
			copy(s, from - s->at);
			return;
		}
	}
	copy(s, run);
}

/* Whether what stands between \( and \), which CommonMark takes for brackets, is TeX. */
static bool may_be_tex(const char *s, size_t len)
{
	size_t letters = 0;
	for (size_t i = 0; i < len; i++) {
		if (strchr("\\^_=<>+{}|", s[i]))
			return true;
		letters += !is_space(s[i]);
	}
	return letters <= 2;
}

/* The length of the formula at `at` with these delimiters, or 0. */
static size_t formula(struct scan *s, const char *open, const char *close, size_t max, int which)
{
	size_t n = strlen(open), m = strlen(close);
	const char *start = s->text + s->at, *end = s->text + s->len;
	bool dollar = *open == '$', inl = dollar && n == 1;
	if (s->at < s->no_close[which] || (size_t)(end - start) < n + m + 1 ||
	    (inl && is_space(start[1])))
		return 0;
	if ((size_t)(end - start) > max)
		end = start + max;
	const char *p = start + n;
	for (; p + m <= end; p++) {
		if (*p == '\n' &&
		    (p + 1 == end || p[1 + strspn(p + 1, " \t")] == '\n' || p[1] == '>'))
			break; /* the paragraph ends, or is quoted */
		if (*p == '\\' && dollar) {
			p++;
			continue;
		}
		if (memcmp(p, close, m) != 0)
			continue;
		if (inl && (is_space(p[-1]) || p == start + 1 ||
			    (p + 1 < s->text + s->len && ascii_is_digit(p[1]))))
			continue;
		if (p == start + n || (!dollar && !may_be_tex(start + n, (size_t)(p - start) - n)))
			return 0;
		return (size_t)(p - start) + m;
	}
	if (!inl) /* for $, a later one may open where this may not */
		s->no_close[which] = (size_t)(p - s->text);
	return 0;
}

static bool hide_formula(struct scan *s)
{
	static const struct {
		const char *open, *close;
		size_t max;
	} kinds[] = {{"$$", "$$", MAX_DISPLAY},
		     {"$", "$", MAX_INLINE},
		     {"\\(", "\\)", MAX_INLINE},
		     {"\\[", "\\]", MAX_DISPLAY}};
	for (int i = 0; i < 4; i++) {
		if (strncmp(s->text + s->at, kinds[i].open, strlen(kinds[i].open)) != 0)
			continue;
		size_t len = formula(s, kinds[i].open, kinds[i].close, kinds[i].max, i);
		if (!len)
			continue;
		struct markdown_formula found = {s->text + s->at, len};
		buf_append(&s->math->formulas, &found, sizeof found);
		buf_printf(s->out, "%s%zu%s", mark_start, s->math->count++, mark_end);
		s->at += len;
		return true;
	}
	return false;
}

bool markdown_hide_math(struct buf *out, const char *text, size_t len, struct markdown_math *math)
{
	struct scan s = {.text = text, .len = len, .out = out, .math = math, .blank = true};
	if (!memchr(text, '$', len) && !find_mark(text, len, "\\(") && !find_mark(text, len, "\\["))
		return false;
	while (s.at < len) {
		bool line_start = s.at == 0 || text[s.at - 1] == '\n';
		if (line_start && copy_code_line(&s))
			continue;
		size_t plain = strcspn(text + s.at, "$\\`\n");
		if (plain) {
			copy(&s, plain);
		} else if (text[s.at] == '`') {
			copy_code_span(&s);
		} else if (text[s.at] == '\n' || !hide_formula(&s)) {
			bool pair = s.at + 1 < len && text[s.at + 1] != '\n' &&
				    (text[s.at] == '\\' || strncmp(text + s.at, "$$", 2) == 0);
			copy(&s, pair ? 2 : 1);
		}
	}
	return math->count > 0;
}

const char *markdown_next_formula(const struct markdown_math *math, const char *s,
				  struct markdown_formula *found, size_t *len)
{
	const char *mark = math && math->count ? strstr(s, mark_start) : NULL;
	size_t number = 0, n = MARK;
	if (!mark)
		return NULL;
	for (; ascii_is_digit(mark[n]); n++)
		number = number * 10 + (size_t)(mark[n] - '0');
	*len = n + MARK;
	if (number < math->count && !math->formulas.failed)
		memcpy(found, math->formulas.data + number * sizeof *found, sizeof *found);
	return mark;
}

void markdown_put_shown(struct buf *out, const struct markdown_math *math, const char *s)
{
	struct markdown_formula found = {"", 0};
	size_t len;
	for (const char *mark; (mark = markdown_next_formula(math, s, &found, &len));
	     s = mark + len) {
		buf_append(out, s, (size_t)(mark - s));
		buf_append(out, found.tex, found.len);
	}
	buf_puts(out, s);
}
