/* The sanitiser's parts: what its files share. See sanitise.c for how it works. */
#ifndef SANITISE_PARTS_H
#define SANITISE_PARTS_H

#include "article/elements.h"
#include "article/id_map.h"
#include "base/buf.h"
#include "base/diag.h"

#include <libxml/tree.h>
#include <stdbool.h>

struct part_rule;

/* --- out.c: the new tree --- */

enum {
	MAX_FRAMES = 200, /* old elements deeper than this give way to their children */
	MAX_OPEN = 256,   /* new elements: implied ones come on top */
	MAX_REOPENED = 16 /* phrasing elements in one another */
};

enum frame_kind {
	FRAME_SKIP,   /* gave way to its children */
	FRAME_BREAK,  /* the same, of a block: its text stands apart from its neighbours' */
	FRAME_BLOCK,  /* is (or was) open in the new tree */
	FRAME_PHRASE, /* phrasing: open when needed */
};

/* An old element; its children are being walked. */
struct frame {
	enum frame_kind kind;
	const xmlNode *source;
	const char *name; /* of the new element */
	const char *extra_class;
	int at;    /* where it is in the stack of open elements now, or -1 */
	int base;  /* BLOCK: where it was opened */
	bool used; /* it was opened once */
};

/* A new element that is open. */
struct open {
	xmlNode *node;
	const struct element *el;
	int frame; /* its owner, or -1: implied */
};

struct sanitiser {
	struct id_map ids;
	struct frame frames[MAX_FRAMES];
	int frame_count;
	int phrases, phrases_open; /* frames that are FRAME_PHRASE; those of them that are open */
	size_t too_deep;           /* how many elements deeper than MAX_FRAMES we are */
	struct open stack[MAX_OPEN];
	int depth;
	struct buf text;       /* characters to append to the top of the stack */
	struct buf pending;    /* ids of elements that went, NUL-ended, for the next one opened */
	bool line_break;       /* a block that gave way stands between the last text and the next */
	size_t seen, reopened; /* old elements; phrasing elements opened more than once */
	unsigned links;        /* videos, frames and the like that became links */
};

struct open *out_top(struct sanitiser *s);
void out_flush(struct sanitiser *s);
/* Close the element on top; those above `depth`. */
void out_pop(struct sanitiser *s);
void out_pop_to(struct sanitiser *s, int depth);
/* Open an element in the one on top, with what is allowed of the attributes of `source` (NULL:
 * it is implied). `frame` is its owner, or -1. False when it cannot be. */
bool out_open(struct sanitiser *s, const char *name, int frame, const xmlNode *source);
/* Make the element on top one that takes text, with the phrasing around it open. */
bool out_open_phrasing(struct sanitiser *s);
void out_text(struct sanitiser *s, const char *text);
void out_void(struct sanitiser *s, const xmlNode *source, const char *name);
/* A place with a name: the id of an element of which nothing else is kept. */
void out_anchor(struct sanitiser *s, const xmlNode *source);
/* Ids of elements that went lead to `node`. */
void out_resolve_ids(struct sanitiser *s, xmlNode *node);
/* Make the element on top one that takes the block `name`. False: nothing does, its text is to
 * stand where we are. */
bool out_make_room(struct sanitiser *s, const char *name);
/* Make the element on top the parent that a part needs. */
bool out_make_room_for_part(struct sanitiser *s, const struct part_rule *part);

/* attributes.c: give `out` those attributes of `source` that are allowed on it, with
 * values that are valid. `extra_class` may be NULL; `ids` NULL leaves ids out. */
void sanitise_attributes(struct id_map *ids, const xmlNode *source, xmlNode *out,
			 const struct element *el, const char *extra_class);
/* Whether `attr` has a value that sanitise_attributes() would keep. */
bool sanitise_has_attribute(const xmlNode *source, const char *name, const char *attr);

/* mend.c: put in order what is in an element that is now complete: order and number of
 * parts. It may be renamed, moved into, or removed: `node` is not to be used afterwards. */
void sanitise_mend(xmlNode *node);

/* ruby.c: the same for `ruby`. */
void sanitise_mend_ruby(xmlNode *ruby);
/* Rearrange the old `ruby`: each base before its annotation, without `rtc`. Linear. */
void sanitise_pair_ruby(xmlNode *ruby);

/* foreign.c: clean an `svg` or `math` subtree in place. False when it cannot be saved:
 * then only its text is used. */
bool sanitise_foreign(struct id_map *ids, xmlNode *node);
/* svg.c: the same for `svg`. */
bool sanitise_drawing(struct id_map *ids, xmlNode *svg);
/* label.c: a `foreignObject` with HTML that is a label becomes a `text` in its place; others
 * are left. */
void sanitise_label(xmlNode *object);
/* math.c: the same for `math`. */
bool sanitise_math(struct id_map *ids, xmlNode *math);

#endif
