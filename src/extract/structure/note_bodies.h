/* Footnotes on their way from where the page has them to the end of the article. */
#ifndef EXTRACT_STRUCTURE_NOTE_BODIES_H
#define EXTRACT_STRUCTURE_NOTE_BODIES_H

#include "extract/page/page.h"

/* One note, and what refers to it. */
struct note {
	xmlNode *block;    /* holds the note's text */
	xmlNode *place;    /* that the references lead to: the block, or something in it */
	const char *id;    /* of the note */
	const char *label; /* its number, as its first reference has it */
	const char *back;  /* the id of its first reference */
	unsigned refs;
	bool run;    /* it is in a run of notes at the end: nothing else is between them */
	bool shared; /* the block holds other notes too */
	bool plain;  /* an entry of a list of references, not a footnote */
};

struct note_list {
	struct note *items;
	size_t count, cap;
};

/* A reference: the `a`, or what is to become one. */
struct note_ref {
	xmlNode *node;
	const char *id; /* of the note that it leads to */
	const char *label;
	size_t note; /* 1 + index in the list of notes, 0 unknown */
	unsigned order;
};

struct note_ref_list {
	struct note_ref *items;
	size_t count, cap;
};

/* Give references and notes the form that article.h has; the notes wait outside of the body for
 * notes_bring(). Those that are plain or shared stay where they are, with links that work. */
void notes_take(struct page *page, struct note_list *notes, const struct note_ref_list *refs);

#endif
