/* Inside the module of figures: making one. */
#ifndef EXTRACT_FIGURES_FIGURES_H
#define EXTRACT_FIGURES_FIGURES_H

#include "extract/page/page.h"

/* A new `figure` before `ref`, that holds `img` (in its link, if that holds nothing else and leads
 * to more than the picture). */
xmlNode *figure_make(struct page *page, xmlNode *ref, xmlNode *img);

/* The `figure` that a picture is in, a few elements up, or NULL. */
xmlNode *figure_around(xmlNode *img);
/* The figure's caption, or NULL. */
xmlNode *figure_caption(const xmlNode *figure);
/* Whether the picture is all that its link, or whatever it is in, holds. */
bool figure_is_alone(const xmlNode *img);

/* Whether the element is a figure by its structure: one large picture, and after it a short text or
 * one that ends in a credit. Wants measure_all(). box.c */
bool figure_is_box(struct page *page, const xmlNode *node);

/* Make what `part` holds a part of the figure's caption, and remove it: words that it has already
 * and words that only say what a caption is ("Image caption", "Enlarge") are left out. */
void figure_add_caption(struct page *page, xmlNode *figure, xmlNode *part);
/* The same for plain text, which may be HTML. */
void figure_add_text(struct page *page, xmlNode *figure, const char *text);

/* Mark the credits in the figure's caption; a caption without words is removed. */
void figure_close(struct page *page, xmlNode *figure);

/* Give pictures that have no caption, or no credit, those that the page says outside its text. */
void figures_report_facts(struct page *page);

#endif
