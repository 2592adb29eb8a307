/* What the files of structure.c's pass share: each settles one kind of thing. */
#ifndef EXTRACT_STRUCTURE_STRUCTURE_H
#define EXTRACT_STRUCTURE_STRUCTURE_H

#include "base/buf.h"
#include "base/map.h"
#include "extract/page/names.h"

struct settling {
	struct page *page;
	const xmlNode *heading;       /* that we are in, or NULL … */
	const xmlNode *after_heading; /* … and where it ends */
	struct map players;           /* addresses of the players seen so far */
};

/* Each is given an element, and may change, replace or remove it, what is below it, and the
 * siblings in front of it. Returns where the walk continues, NULL at the end of the page. */
typedef xmlNode *settle_element(struct settling *s, xmlNode *node);

/* Where the walk continues: with what is below the element; behind it; behind it when it is gone.
 */
xmlNode *settle_into(const struct settling *s, xmlNode *node);
xmlNode *settle_past(const struct settling *s, xmlNode *node);
xmlNode *settle_remove(const struct settling *s, xmlNode *node);

/* The text of a small element or a text node, folded; false when it is not small. */
bool short_text(struct buf *out, const xmlNode *node);

void put_text_before(xmlNode *node, const char *text);

/* heading.c: headings, what is in them beside their text, what folds up under them. */
settle_element settle_heading, settle_heading_role, settle_button, settle_link, settle_details,
	settle_summary, settle_edit_link;

/* Whether a heading stands over notes: "Footnotes". */
bool heading_says_notes(const xmlNode *node);

/* code.c: code becomes `pre` with its lines as they were shown. */
settle_element settle_pre, settle_code, settle_code_box, settle_code_table;

/* math.c: one form of a formula: MathML where there is some, else its TeX. */
settle_element settle_math, settle_math_box, settle_math_script, settle_math_image,
	settle_player_script;

/* embed.c: players become links to the page where they play. */
settle_element settle_player, settle_player_box;

/* table.c: tables that only arrange the page give way. */
void tables_settle(struct page *page);

/* notes.c: references to notes, and the notes. */
void notes_settle(struct page *page);

#endif
