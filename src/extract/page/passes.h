/* The passes over a page, in the order in which extract_article() calls them (lead_place() comes
 * after header_normalise()). Each leaves the tree whole; none looks back. */
#ifndef EXTRACT_PAGE_PASSES_H
#define EXTRACT_PAGE_PASSES_H

#include "extract/page/page.h"

/* extract/figures/sources.c: every picture that a browser would show becomes one `img` with the
 * best real URL in `src`: lazy images (data-src, srcset, noscript), `picture`, amp-img. Trackers
 * and 1x1 images are removed. */
void images_resolve(struct page *page);

/* extract/metadata/metadata.c: everything that the page says about the article outside its text:
 * JSON-LD, Open Graph, microdata, meta, headings, byline, time. Fills page->a. Takes nothing out of
 * the tree. */
void metadata_read(struct page *page);

/* extract/metadata/next_page.c: the address of the next page of the same article, into
 * page->a->next_url. */
void next_page_find(struct page *page);

/* extract/structure/structure.c: forms that sites write in many ways become those of article.h:
 * headings, code, mathematics, embedded players, tables that only arrange the page, footnotes.
 * Works on the whole page, before names are lost. */
void structure_normalise(struct page *page);

/* extract/authors/box.c: boxes about the authors, anywhere on the page, move into
 * page->a->authors. */
void author_boxes_take(struct page *page);

/* extract/clean/hidden.c: what a browser would not show, and what has no use in a book, is removed:
 * scripts, forms, invisible elements. */
void hidden_drop(struct page *page);

/* extract/figures/bind.c: pictures, their captions and credits are bound in `figure`s (as article.h
 * has them), anywhere in the page: the passes that follow see one form. */
void figures_bind(struct page *page);

/* find.c: the element that holds the article: sets page->content. Parts of the article that stand
 * elsewhere are moved into it. False when there is none: *why is the reason. */
bool content_find(struct page *page, const char **why);

/* extract/figures/lead.c: the picture at the head of the article, in page->content or outside, is
 * taken out of the tree; lead_place() puts it at the top, when all that does not belong there is
 * gone. */
void lead_take(struct page *page);
void lead_place(struct page *page);

/* extract/clean/standfirst.c: the paragraph under the title that sums up, wherever the title
 * stands, moves into page->a->standfirst. */
void standfirst_take(struct page *page);

/* extract/clean/clean.c: what is in page->content and not of the article is removed: share bars,
 * related links, newsletters, comments, menus. */
void content_clean(struct page *page);

/* extract/authors/bios.c: bylines go, and bios without a box, in the last lines of page->content,
 * move into page->a->authors. */
void people_take(struct page *page);

/* extract/clean/header.c: the title, bylines, dates and the like at the top of page->content, which
 * are metadata, go. */
void header_normalise(struct page *page);

/* extract/figures/finish.c: the same picture only once; icons go; pictures without a caption or a
 * credit have what JSON-LD says. */
void figures_finish(struct page *page);

/* extract/structure/note_bodies.c: the footnotes that page->content refers to come to its end. */
void notes_bring(struct page *page);

/* extract/clean/normalise.c: blocks are the children of page->content, in paragraphs where they had
 * none; empty shells, last headings, and classes that served the passes or the page's looks go. */
void body_normalise(struct page *page);

/* Report a page that seems to have no article, or only a part of it, by what its title, its text
 * and its metadata say. The body must be the article's. */
void gate_report(struct page *page);

#endif
