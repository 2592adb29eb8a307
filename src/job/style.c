/* Style sheets that options, front matter and metadata files name. */
#include "job/job.h"

#include "base/ascii.h"
#include "base/below.h"
#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CSS ((size_t)16 << 20)

/* --- Whether it is a style sheet --- */

/* A scan of CSS (Syntax Level 3, section 5), of the top level alone: rules and
 * at-rules. */
struct scan {
	const char *s, *end;
	size_t good, bad; /* what stands at the top: rules; what is no rule */
};

/* What comes at `s`, whole: a comment, a string, an escape, or one byte. Returns the place after
 * it. */
static const char *skip_token(const char *s, const char *end)
{
	if (*s == '\\')
		return s + 1 < end ? s + 2 : end;
	if (*s == '/' && s + 1 < end && s[1] == '*') {
		const char *close = memmem(s + 2, (size_t)(end - s - 2), "*/", 2);
		return close ? close + 2 : end;
	}
	if (*s != '"' && *s != '\'')
		return s + 1;
	for (char quote = *s++; s < end && *s != quote && *s != '\n'; s++)
		s += *s == '\\' && s + 1 < end;
	return s < end ? s + 1 : end;
}

static const char *style_skip_space(const char *s, const char *end)
{
	while (s < end && (ascii_is_space(*s) || (*s == '/' && s + 1 < end && s[1] == '*')))
		s = skip_token(s, end);
	return s;
}

static bool style_starts_name(char c)
{
	return ascii_is_alpha(c) || c == '-' || c == '_' || c == '\\' || (unsigned char)c >= 0x80;
}

/* Whether a block holds nothing, a declaration ("name:") or a rule first. */
static bool style_is_block(const char *s, const char *end)
{
	s = style_skip_space(s, end);
	if (s < end && (*s == '}' || *s == '@' || strchr("*.#&>[:", *s)))
		return true;
	if (s == end || !style_starts_name(*s))
		return false;
	while (s < end && !strchr(":;{}", *s))
		s = skip_token(s, end);
	return s < end && (*s == ':' || *s == '{');
}

/* The end of the block that opens at `s`; NULL when it is not closed. */
static const char *skip_block(const char *s, const char *end)
{
	size_t depth = 0;
	while (s < end) {
		depth += *s == '{';
		if (*s == '}' && --depth == 0)
			return s + 1;
		s = skip_token(s, end);
	}
	return NULL;
}

/* One thing at the top, which is not white space. Returns the place after it. */
static const char *scan_rule(struct scan *scan, const char *s)
{
	const char *start = s, *end = scan->end;
	bool at = *s == '@' && s + 1 < end && style_starts_name(s[1]);
	bool good = at || style_starts_name(*s) || strchr("*.#:[&", *s) != NULL;
	while (s < end && *s != '{' && *s != '}' && !(*s == ';' && at))
		s = skip_token(s, end);
	if (s < end && *s == '{') {
		const char *close = skip_block(s, end);
		good = good && close && s > start && style_is_block(s + 1, end);
		s = close ? close : end;
	} else {
		good = good && at && s < end && *s == ';';
		s += s < end;
	}
	scan->good += good;
	scan->bad += !good;
	return s;
}

/* Why the bytes are no style sheet in UTF-8; NULL: they are one, of which browsers can make
 * something. */
static const char *why_not(const char *bytes, size_t size)
{
	struct scan scan = {.s = bytes, .end = bytes + size};
	if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		scan.s += 3;
	if (!utf8_is_clean(scan.s, (size_t)(scan.end - scan.s)))
		return "not a style sheet in UTF-8";
	for (;;) {
		scan.s = style_skip_space(scan.s, scan.end);
		if (scan.s == scan.end)
			break;
		scan.s = scan_rule(&scan, scan.s);
	}
	return scan.bad > 0 && scan.bad >= scan.good ? "not a style sheet: it has no rules of CSS"
						     : NULL;
}

/* --- Taking them in --- */

/* Takes `bytes` over, which are the arena's from now on. */
static int job_style_add(struct book *book, const char *origin, bool given, char *bytes,
			 size_t size, struct chapbook_error *err)
{
	struct resource *css = ARENA_PUSH(&book->arena, book->css);
	if (!css) {
		free(bytes);
		return error_memory(err);
	}
	css->id = arena_printf(&book->arena, "css-%zu", book->css.count);
	css->file = arena_printf(&book->arena, "extra-%zu.css", book->css.count);
	css->media_type = "text/css";
	css->bytes = arena_take(&book->arena, bytes);
	css->size = size;
	css->origin = arena_dup(&book->arena, origin);
	css->given = given;
	return book->arena.failed ? error_memory(err) : 0;
}

/* A sheet that the article names is left out, with a warning, when it cannot be used. */
static int add_named(struct book *book, const struct article *a, const char *name,
		     struct diag *diag, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	char *bytes = NULL;
	size_t size = 0;
	const char *folder = a->css_folder ? a->css_folder : a->folder, *wrong = NULL;
	int rc = below_read(folder, name, MAX_CSS, &bytes, &size, &why);
	if (rc != 0 && why.code == CHAPBOOK_E_MEMORY)
		return error_memory(err);
	if (rc == 0)
		wrong = why_not(bytes, size);
	if (rc == 0 && !wrong)
		return job_style_add(book, name, false, bytes, size, err);
	free(bytes);
	if (rc != 0)
		diag_add(diag, DIAG_STYLE_MISSING, 0, "css: %s: left out", why.message);
	else
		diag_add(diag, DIAG_STYLE_MISSING, 0, "css: %s: %s: left out", name, wrong);
	return 0;
}

/* One that the caller names: an error when it cannot be used. */
static int add_given(struct book *book, const char *path, struct chapbook_error *err)
{
	char *bytes = NULL;
	size_t size;
	if (file_read(path, MAX_CSS, &bytes, &size, err) != 0)
		return -1;
	const char *wrong = why_not(bytes, size);
	if (!wrong)
		return job_style_add(book, path, true, bytes, size, err);
	free(bytes);
	return error_set(err, CHAPBOOK_E_INPUT, "%s: %s", path, wrong);
}

int style_add(const struct chapbook_job *job, struct book *book, struct diag *diag,
	      struct chapbook_error *err)
{
	for (size_t i = 0; i < book->article_count; i++) {
		const struct article *a = book->articles[i];
		diag->file = a->source_name;
		for (size_t k = 0; k < a->css.count; k++)
			if (add_named(book, a, a->css.items[k], diag, err) != 0)
				return -1;
	}
	diag->file = NULL;
	for (size_t i = 0; i < job->css.count; i++)
		if (add_given(book, job->css.items[i], err) != 0)
			return -1;
	return 0;
}
