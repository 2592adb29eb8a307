/* What becomes of elements that are not kept as they are, and where parts may stand. */
#ifndef SANITISE_RULES_H
#define SANITISE_RULES_H

#include <stdbool.h>

enum rule_action {
	RULE_KEEP,   /* under the name that the rule gives */
	RULE_UNWRAP, /* gives way to its children, as every element does that no table knows */
	RULE_DROP,   /* is removed with its children: nothing of it is ever seen */
	RULE_INPUT,  /* the text of a form control */
	RULE_MEDIA,  /* a link to it */
};

struct element_rule {
	const char *name;
	enum rule_action action;
	const char *becomes;     /* KEEP: its new name */
	const char *extra_class; /* for the new element */
};

/* NULL: no rule. */
const struct element_rule *rule_find(const char *name);

/* An element that stands in certain others only. Lists are words separated by spaces. */
struct part_rule {
	const char *name;
	const char *parents;   /* to be searched for among the open elements … */
	const char *through;   /* … past phrasing and these */
	const char *direct;    /* the parent in the end: what is missing in between is implied */
	const char *fallback;  /* no parent: it is implied */
	const char *otherwise; /* no parent and no fallback: becomes this; NULL: gives way */
};

const struct part_rule *part_find(const char *name);

#endif
