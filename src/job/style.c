/* Style sheets that options, front matter and metadata files name. */
#include "job/style.h"

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

const char *style_fault(const char *bytes, size_t size)
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

/* `bytes` is freed. */
static int job_style_add(struct style_files *files, const struct style_sheet *sheet, char *bytes,
			 size_t size, struct chapbook_error *err)
{
	struct book *book = files->book;
	struct buf text = BUF_INIT;
	int rc = style_rewrite(files, sheet, bytes, size, &text, err);
	free(bytes);
	struct resource *css = rc == 0 ? ARENA_PUSH(&book->arena, book->css) : NULL;
	if (!css) {
		buf_release(&text);
		return rc == 0 ? error_memory(err) : -1;
	}
	css->id = arena_printf(&book->arena, "css-%zu", book->css.count);
	css->file = arena_printf(&book->arena, "extra-%zu.css", book->css.count);
	css->media_type = "text/css";
	css->size = text.len;
	css->bytes = arena_take(&book->arena, buf_detach(&text, NULL));
	css->origin = arena_dup(&book->arena, sheet->origin);
	css->given = sheet->given;
	return book->arena.failed ? error_memory(err) : 0;
}

/* A sheet that the article names is left out, with a warning, when it cannot be used. */
static int add_named(struct style_files *files, const struct article *a, const char *name,
		     struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	char *bytes = NULL;
	size_t size = 0;
	const char *slash = strrchr(name, '/'), *wrong = NULL;
	struct style_sheet sheet = {
		.folder = a->css_folder ? a->css_folder : a->folder, .origin = name, .place = ""};
	int rc = below_read(sheet.folder, name, MAX_CSS, &bytes, &size, &why);
	if (rc != 0 && why.code == CHAPBOOK_E_MEMORY)
		return error_memory(err);
	if (rc == 0)
		wrong = style_fault(bytes, size);
	if (slash)
		sheet.place = arena_dupn(&files->book->arena, name, (size_t)(slash - name) + 1);
	if (!sheet.place) {
		free(bytes);
		return error_memory(err);
	}
	if (rc == 0 && !wrong)
		return job_style_add(files, &sheet, bytes, size, err);
	free(bytes);
	if (rc != 0)
		diag_add(files->diag, DIAG_STYLE_MISSING, 0, "css: %s: left out", why.message);
	else
		diag_add(files->diag, DIAG_STYLE_MISSING, 0, "css: %s: %s: left out", name, wrong);
	return 0;
}

/* One that the caller names: an error when it cannot be used. */
static int add_given(struct style_files *files, const char *path, struct chapbook_error *err)
{
	char *bytes = NULL;
	size_t size;
	if (file_read(path, MAX_CSS, &bytes, &size, err) != 0)
		return -1;
	const char *wrong = style_fault(bytes, size);
	if (wrong) {
		free(bytes);
		return error_set(err, CHAPBOOK_E_INPUT, "%s: %s", path, wrong);
	}
	char *folder = file_dirname(path);
	struct style_sheet sheet = {.folder = folder, .place = "", .origin = path, .given = true};
	int rc = folder ? job_style_add(files, &sheet, bytes, size, err) : error_memory(err);
	if (!folder)
		free(bytes);
	free(folder);
	return rc;
}

/* The sheets of one article, or (NULL) of the caller. A path is relative to the folder of its
 * sheet, so that each sheet has a map of its own. */
static int add_all(struct style_files *files, const struct article *a,
		   const struct string_list *css, struct chapbook_error *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < css->count; i++) {
		files->taken = (struct map)MAP_INIT;
		rc = a ? add_named(files, a, css->items[i], err)
		       : add_given(files, css->items[i], err);
		map_release(&files->taken);
	}
	return rc;
}

int style_add(struct chapbook_job *job, struct book *book, struct diag *diag,
	      struct chapbook_error *err)
{
	struct style_files files = {.job = job, .book = book, .diag = diag};
	for (size_t i = 0; i < book->article_count; i++) {
		const struct article *a = book->articles[i];
		diag->file = a->source_name;
		if (add_all(&files, a, &a->css, err) != 0)
			return -1;
	}
	diag->file = NULL;
	return add_all(&files, NULL, &job->css, err);
}
