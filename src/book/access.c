/* Accessibility metadata: EPUB Accessibility 1.1 section 2, with the values of schema.org's
 * accessibility vocabulary. Only what is true of this book is said. */
#include "book/parts.h"

#include "article/tree.h"
#include "base/buf.h"

#include <string.h>

static void add(struct book *book, struct string_list *list, const char *value)
{
	char **slot = ARENA_PUSH(&book->arena, *list);
	if (slot)
		*slot = arena_dup(&book->arena, value);
}

struct facts {
	size_t images;    /* img elements that are no decoration */
	size_t described; /* … with an alt text that somebody wrote */
	bool pictures, mathml, svg, ruby, animated;
};

static void access_inspect(const struct book *book, struct facts *facts)
{
	for (size_t i = 0; i < book->photos.count; i++) {
		const struct photo *photo = &book->photos.items[i];
		if (!photo->resource)
			continue;
		facts->images++;
		facts->described += photo->figure->alt && *photo->figure->alt;
	}
	for (size_t i = 0; i < book->resources.count; i++) {
		const struct resource *r = &book->resources.items[i];
		facts->pictures |= !r->dropped;
		facts->animated |= !r->dropped && strcmp(r->media_type, "image/gif") == 0;
	}
	for (size_t i = 0; i < book->pages.count; i++) {
		const struct page *page = &book->pages.items[i];
		facts->mathml |= page->has_mathml;
		facts->svg |= page->has_svg;
		facts->ruby |= tree_find(page->body, NULL, "ruby") != NULL;
	}
}

void book_assess_accessibility(struct book *book, const struct book_options *options)
{
	struct accessibility *acc = &book->accessibility;
	struct facts facts = {0};
	*acc = (struct accessibility){0};
	access_inspect(book, &facts);
	bool visual = facts.pictures || facts.svg;
	/* An inline drawing has no text of its own that we could vouch for. */
	bool text_is_enough = facts.described == facts.images && !facts.svg;

	add(book, &acc->modes, "textual");
	if (visual)
		add(book, &acc->modes, "visual");
	if (text_is_enough)
		add(book, &acc->sufficient, "textual");
	if (visual)
		add(book, &acc->sufficient, "textual,visual");

	add(book, &acc->features, "tableOfContents");
	add(book, &acc->features, "structuralNavigation");
	add(book, &acc->features, "readingOrder");
	add(book, &acc->features, "displayTransformability");
	if (facts.images && text_is_enough)
		add(book, &acc->features, "alternativeText");
	if (facts.mathml)
		add(book, &acc->features, "MathML");
	if (facts.ruby)
		add(book, &acc->features, "rubyAnnotations");

	add(book, &acc->hazards, facts.animated ? "unknown" : "none");

	struct buf summary = BUF_INIT;
	buf_puts(&summary, book->labels->text[LABEL_A11Y_TEXT]);
	if (facts.images || facts.svg) {
		buf_putc(&summary, ' ');
		buf_puts(&summary, book->labels->text[text_is_enough ? LABEL_A11Y_IMAGES_ALT
								     : LABEL_A11Y_IMAGES_NO_ALT]);
	}
	acc->summary = buf_to_arena(&summary, &book->arena);
	acc->conforms_to = arena_dup(&book->arena, options->conforms_to);
	acc->certified_by = arena_dup(&book->arena, options->certified_by);
}
