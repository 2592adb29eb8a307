#include "epub/epub.h"

#include "article/xhtml.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/pool.h"
#include "epub/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mimetype[] = "application/epub+zip";

static const struct embedded_file *find_theme(const char *name)
{
	char path[80];
	int len = snprintf(path, sizeof path, "assets/theme-%s.css", name);
	return len > 0 && (size_t)len < sizeof path ? embedded_find(path) : NULL;
}

bool epub_has_theme(const char *name)
{
	return find_theme(name) != NULL;
}

/* The style sheet: what every book needs, the theme's look, what differs between
 * scripts, and what turns with the lines. */
static int put_style(struct buf *out, const struct book *book, struct chapbook_error *err)
{
	const struct embedded_file *parts[] = {
		embedded_find("assets/base.css"),
		find_theme(book->theme),
		embedded_find("assets/scripts.css"),
		book->vertical ? embedded_find("assets/vertical.css") : NULL,
	};
	if (!parts[1])
		return error_set(err, CHAPBOOK_E_USAGE,
				 "'%s' is not a theme; the themes are " EPUB_THEMES, book->theme);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i])
			buf_append(out, parts[i]->data, parts[i]->size);
	return 0;
}

/* Pages, rendered side by side. */
struct page_renderer {
	const struct facts *facts;
	struct template_set *templates;
	struct buf *texts;             /* one a page */
	struct chapbook_error *errors; /* one a page */
};

static const char *page_template(enum page_kind kind)
{
	switch (kind) {
	case PAGE_COVER:
		return "cover.xhtml";
	case PAGE_TITLE:
		return "title.xhtml";
	case PAGE_NAV:
		return "nav.xhtml";
	case PAGE_CHAPTER:
		return "chapter.xhtml";
	case PAGE_COLOPHON:
		break;
	}
	return "colophon.xhtml";
}

static void print_page(void *ctx, size_t i)
{
	struct page_renderer *renderer = ctx;
	const struct page *page = &renderer->facts->book->pages.items[i];
	struct chapbook_error *err = &renderer->errors[i];
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	renderer->texts[i] = (struct buf)BUF_INIT;
	if (page->dropped)
		return;
	if (page->kind == PAGE_CHAPTER)
		xhtml_put_children(&text, page->body);
	struct value *root = facts_root(&arena, renderer->facts,
					facts_page(&arena, renderer->facts, page, &text));
	buf_reserve(&renderer->texts[i], text.len + 2048);
	if (arena.failed || text.failed)
		error_memory(err);
	else
		template_render(renderer->templates, page_template(page->kind), root,
				&renderer->texts[i], err);
	buf_release(&text);
	arena_release(&arena);
}

/* mimetype, container, package document, NCX, style sheet, record */
enum { FIXED_ENTRIES = 6 };

/* What fewer pages than these hold is hardly POOL_WORTH. */
enum { PAGES_WORTH = 32 };

static int add_pages(struct page_renderer *renderer, unsigned threads, struct package *out,
		     struct chapbook_error *err)
{
	const struct page_list *pages = &renderer->facts->book->pages;
	struct buf name = BUF_INIT;
	int result = -1;
	renderer->texts = calloc(pages->count + 1, sizeof *renderer->texts);
	renderer->errors = calloc(pages->count + 1, sizeof *renderer->errors);
	if (!renderer->texts || !renderer->errors) {
		error_memory(err);
		goto out;
	}
	pool_run(pages->count, pages->count < PAGES_WORTH ? 1 : threads, print_page, renderer);
	for (size_t i = 0; i < pages->count; i++) {
		if (renderer->errors[i].code) {
			if (err)
				*err = renderer->errors[i];
			goto out;
		}
		if (pages->items[i].dropped)
			continue;
		buf_truncate(&name, 0);
		buf_printf(&name, "EPUB/%s", pages->items[i].file);
		package_add_take(out, name.data, &renderer->texts[i]);
	}
	result = name.failed ? error_memory(err) : 0;
out:
	for (size_t i = 0; renderer->texts && i < pages->count; i++)
		if (renderer->texts[i].data)
			buf_release(&renderer->texts[i]);
	free(renderer->texts);
	free(renderer->errors);
	buf_release(&name);
	return result;
}

/* A file that one template makes. */
static int add_rendered(const struct facts *facts, struct template_set *templates,
			const char *template_name, const char *name, struct package *out,
			struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct value *root = facts_root(&arena, facts, NULL);
	int result = arena.failed ? error_memory(err)
				  : template_render(templates, template_name, root, &text, err);
	if (result == 0)
		package_add_take(out, name, &text);
	buf_release(&text);
	arena_release(&arena);
	return result;
}

/* JPEG, PNG and GIF are compressed by themselves. */
static bool epub_is_compressed(const struct resource *resource)
{
	return strcmp(resource->media_type, "image/svg+xml") != 0 &&
	       strncmp(resource->media_type, "image/", 6) == 0;
}

static int add_resources(const struct resource_list *list, struct package *out,
			 struct chapbook_error *err)
{
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < list->count; i++) {
		const struct resource *r = &list->items[i];
		if (r->dropped)
			continue;
		buf_truncate(&name, 0);
		buf_printf(&name, "EPUB/%s", r->file);
		package_add_borrow(out, name.data, r->bytes, r->size, epub_is_compressed(r));
	}
	bool failed = name.failed;
	buf_release(&name);
	return failed ? error_memory(err) : 0;
}

/* What is written must be read again, by `check` and others. */
static int check_count(const struct book *book, struct chapbook_error *err)
{
	size_t count = book->pages.count + book->css.count + book->style_files.count +
		       book->resources.count + FIXED_ENTRIES;
	if (count <= MAX_PACKAGE_ENTRIES)
		return 0;
	return error_set(err, CHAPBOOK_E_LIMIT,
			 "the book would have %zu files and the limit is %d: split it at fewer "
			 "headings (--split-level), or make several books",
			 count, MAX_PACKAGE_ENTRIES);
}

int epub_write(const struct book *book, struct template_set *templates, unsigned threads,
	       struct package *out, struct chapbook_error *err)
{
	struct facts facts = {.arena = ARENA_INIT};
	struct page_renderer renderer = {.facts = &facts, .templates = templates};
	struct buf style = BUF_INIT, record = BUF_INIT;
	int result = -1;
	if (check_count(book, err) != 0)
		goto out;
	package_add_borrow(out, "mimetype", mimetype, strlen(mimetype), true);
	if (facts_make(&facts, book)) {
		error_memory(err);
		goto out;
	}
	if (add_rendered(&facts, templates, "container.xml", "META-INF/container.xml", out, err) ||
	    add_rendered(&facts, templates, "package.opf", "EPUB/package.opf", out, err) ||
	    add_rendered(&facts, templates, "toc.ncx", "EPUB/toc.ncx", out, err) ||
	    add_pages(&renderer, threads, out, err) || put_style(&style, book, err))
		goto out;
	package_add_take(out, "EPUB/style.css", &style);
	jsonld_put(&record, book);
	package_add_take(out, "EPUB/" RECORD_FILE, &record);
	if (add_resources(&book->css, out, err) || add_resources(&book->style_files, out, err) ||
	    add_resources(&book->resources, out, err))
		goto out;
	result = out->failed ? error_memory(err) : 0;
out:
	buf_release(&style);
	facts_release(&facts);
	return result;
}
