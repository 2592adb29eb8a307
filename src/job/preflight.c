/* The preflight, and what becomes of what it finds. */
#include "job/pictures.h"

#include "article/xhtml.h"
#include "base/error.h"
#include "check/check.h"
#include "epub/epub.h"

#include <stdlib.h>
#include <string.h>

struct fault {
	const char *file; /* in the package; "" when it is the package itself */
	size_t line;      /* 0: none */
	const char *text; /* with the place and the rule */
	const char *what; /* without the place */
};

struct faults {
	struct arena arena;
	struct fault *items;
	size_t count, cap;
};

/* A file's faults together, from its last line to its first, so that what is done about one leaves
 * the others where they are. */
static int preflight_compare(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	int order = strcmp(x->file, y->file);
	if (order == 0 && x->line != y->line)
		order = x->line < y->line ? 1 : -1;
	return order ? order : strcmp(x->text, y->text);
}

static void on_finding(void *ctx, const struct chapbook_message *m)
{
	struct faults *faults = ctx;
	struct arena *arena = &faults->arena;
	if (m->severity == CHAPBOOK_NOTE)
		return;
	char *file = arena_dup(arena, m->where ? m->where : "");
	struct fault *fault = file ? ARENA_PUSH(arena, *faults) : NULL;
	if (!fault)
		return;
	char *colon = strrchr(file, ':'); /* no file of ours has one in its name */
	*fault = (struct fault){.file = file};
	fault->what = arena_printf(arena, "%s (%s)", m->text, m->id);
	fault->text = arena_printf(arena, "%s%s%s", file, *file ? ": " : "", fault->what);
	if (colon) {
		fault->line = strtoul(colon + 1, NULL, 10);
		*colon = '\0';
	}
}

static int find_faults(const struct package *package, unsigned threads, struct faults *faults,
		       struct chapbook_error *err)
{
	*faults = (struct faults){.arena = ARENA_INIT};
	if (check_package(
		    package, NULL,
		    &(struct check_options){.threads = threads, .fn = on_finding, .ctx = faults},
		    err) < 0 ||
	    faults->arena.failed)
		return error_memory(err);
	if (faults->count > 1)
		qsort(faults->items, faults->count, sizeof *faults->items, preflight_compare);
	return 0;
}

static struct resource *find_resource(const struct resource_list *list, const char *file)
{
	for (size_t i = 0; i < list->count; i++)
		if (!list->items[i].dropped && strcmp(list->items[i].file, file) == 0)
			return &list->items[i];
	return NULL;
}

/* A style sheet, or a file that one names. */
static struct resource *find_sheet(const struct book *book, const char *file)
{
	struct resource *sheet = find_resource(&book->css, file);
	return sheet ? sheet : find_resource(&book->style_files, file);
}

/* The line of the page's body that a line of the page is; 0: of what a template has around it. */
static size_t line_in_body(const struct package *package, const struct page *page,
			   const struct fault *fault)
{
	struct buf body = BUF_INIT;
	const struct entry *entry = package_find(package, fault->file);
	size_t line = fault->line;
	xhtml_put_children(&body, page->body);
	const char *at = entry && body.len && !body.failed
				 ? memmem(entry->bytes, entry->size, body.data, body.len)
				 : NULL;
	for (const char *s = at ? entry->bytes : NULL;
	     s && line && (s = memchr(s, '\n', (size_t)(at - s))); s++)
		line--;
	buf_release(&body);
	return at ? line : 0;
}

/* Do something about a fault. False when nothing can be done; err is set when it is the caller's.
 */
static bool repair(struct book *book, const struct package *package, const struct fault *fault,
		   enum book_part part, struct chapbook_error *err)
{
	static const char folder[] = "EPUB/";
	if (strncmp(fault->file, folder, strlen(folder)) != 0)
		return false;
	const char *file = fault->file + strlen(folder);
	struct resource *sheet = find_sheet(book, file);
	struct resource *picture = find_resource(&book->resources, file);
	if (sheet && sheet->given) {
		error_set(err, CHAPBOOK_E_INPUT, "%s:%zu: %s", sheet->origin, fault->line,
			  fault->what);
		return false;
	}
	if (sheet)
		return sheet->dropped = true;
	if (picture)
		return book_drop_picture(book, picture);
	for (size_t i = 0; i < book->pages.count; i++) {
		struct page *page = &book->pages.items[i];
		if (strcmp(page->file, file) == 0)
			return book_simplify(page, line_in_body(package, page, fault), part);
	}
	return false;
}

static void preflight_report(const struct book *book, const struct fault *fault, struct diag *diag)
{
	const struct resource *sheet = NULL;
	const struct resource_list *lists[] = {&book->css, &book->style_files};
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->count && !sheet; i++)
			if (strcmp(strrchr(fault->file, '/') + 1, lists[k]->items[i].file) == 0)
				sheet = &lists[k]->items[i];
	if (sheet)
		diag_add(diag, DIAG_STYLE_BROKEN, 0, "css: %s:%zu: %s: left out", sheet->origin,
			 fault->line, fault->what);
	else
		diag_add(diag, DIAG_REPAIRED, 0,
			 "%s: replaced by its text or left out; this is a fault of chapbook: "
			 "please report it",
			 fault->text);
}

/* Each fault of a file at a line once: what is done about the first may be enough. */
static int repair_all(struct book *book, const struct package *package, const struct faults *faults,
		      enum book_part part, struct diag *diag, struct chapbook_error *err)
{
	const struct fault *last = NULL;
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->items[i];
		bool resource = strstr(fault->file, ".xhtml") == NULL;
		if (last && strcmp(last->file, fault->file) == 0 &&
		    (resource || last->line == fault->line))
			continue;
		if (part > BOOK_PAGE || !repair(book, package, fault, part, err)) {
			if (err && err->code != CHAPBOOK_OK)
				return -1;
			return error_set(err, CHAPBOOK_E_INTERNAL,
					 "the book would not be valid and was not written: %s; "
					 "this is a fault of chapbook, or of a template: please "
					 "report it",
					 fault->text);
		}
		preflight_report(book, fault, diag);
		last = fault;
	}
	return 0;
}

/* When memory runs out libxml2 reports a fault of the text: what is not found twice is none. */
static int confirm(const struct package *package, unsigned threads, const struct faults *first,
		   struct chapbook_error *err)
{
	struct faults again;
	int rc = find_faults(package, threads, &again, err);
	if (rc == 0 && again.count != first->count)
		rc = error_memory(err);
	arena_release(&again.arena);
	return rc;
}

int preflight(struct chapbook_job *job, struct book *book, struct package *package,
	      struct diag *diag, struct chapbook_error *err)
{
	for (enum book_part part = BOOK_BLOCK;; part++) {
		struct faults faults;
		bool had_cover = book_cover_picture(book);
		int rc = find_faults(package, job->threads, &faults, err);
		bool done = rc == 0 && faults.count == 0;
		if (rc == 0 && !done)
			rc = confirm(package, job->threads, &faults, err);
		if (rc == 0 && !done)
			rc = repair_all(book, package, &faults, part, diag, err);
		arena_release(&faults.arena);
		if (rc != 0 || done)
			return rc;
		package_release(package);
		*package = (struct package)PACKAGE_INIT;
		/* The picture of the cover may be gone, and what was said of others. */
		if (had_cover && job_add_cover(job, book, diag, err) != 0)
			return -1;
		book_assess_accessibility(book, &job->book);
		if (book->arena.failed)
			return error_memory(err);
		if (epub_write(book, job->templates, job->threads, package, err) != 0)
			return -1;
	}
}
