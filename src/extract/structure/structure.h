/* What the files of structure.c's pass share: each normalises one kind of thing. */
#ifndef EXTRACT_STRUCTURE_STRUCTURE_H
#define EXTRACT_STRUCTURE_STRUCTURE_H

#include "base/buf.h"
#include "base/map.h"
#include "extract/page/names.h"

struct normaliser {
	struct page *page;
	const xmlNode *heading;       /* that we are in, or NULL … */
	const xmlNode *after_heading; /* … and where it ends */
	struct map players;           /* addresses of the players seen so far */
};

/* Each is given an element, and may change, replace or remove it, what is below it, and the
 * siblings in front of it. Returns where the walk continues, NULL at the end of the page. */
typedef xmlNode *normalise_element(struct normaliser *s, xmlNode *node);

/* Where the walk continues: with what is below the element; behind it; behind it when it is gone.
 */
xmlNode *walk_into(const struct normaliser *s, xmlNode *node);
xmlNode *walk_past(const struct normaliser *s, xmlNode *node);
xmlNode *walk_remove(const struct normaliser *s, xmlNode *node);

/* The text of a small element or a text node, folded; false when it is not small. */
bool short_text(struct buf *out, const xmlNode *node);

void put_text_before(xmlNode *node, const char *text);

/* heading.c: headings, what is in them beside their text, what folds up under them. */
normalise_element normalise_heading, normalise_heading_role, normalise_button, normalise_link,
	normalise_details, normalise_summary, normalise_edit_link;

/* Whether a heading stands over notes: "Footnotes". */
bool heading_is_of_notes(const xmlNode *node);

/* code.c: code becomes `pre` with its lines as they were shown. */
normalise_element normalise_pre, normalise_code, normalise_code_box, normalise_code_table;

/* math.c: one form of a formula: MathML where there is some, else its TeX. */
normalise_element normalise_math, normalise_math_box, normalise_math_script, normalise_math_image,
	normalise_player_script;

/* embed.c: players become links to the page where they play. */
normalise_element normalise_player, normalise_player_box;

/* table.c: tables that only arrange the page give way. */
void tables_normalise(struct page *page);

/* notes.c: references to notes, and the notes. */
void notes_resolve(struct page *page);

#endif
