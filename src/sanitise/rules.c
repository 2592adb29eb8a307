#include "sanitise/rules.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by name. Obsolete elements after the HTML Living Standard, section 16.2. */
static const struct element_rule rules[] = {
	{"acronym", RULE_KEEP, "abbr", NULL},
	{"address", RULE_KEEP, "div", "address"},
	{"applet", RULE_UNWRAP, NULL, NULL},
	{"area", RULE_DROP, NULL, NULL},
	{"audio", RULE_MEDIA, NULL, NULL},
	{"base", RULE_DROP, NULL, NULL},
	{"basefont", RULE_DROP, NULL, NULL},
	{"bgsound", RULE_DROP, NULL, NULL},
	{"center", RULE_KEEP, "div", "align-center"},
	{"datalist", RULE_DROP, NULL, NULL},
	{"dialog", RULE_KEEP, "div", NULL},
	{"dir", RULE_KEEP, "ul", NULL},
	{"embed", RULE_MEDIA, NULL, NULL},
	{"fieldset", RULE_KEEP, "div", NULL},
	{"form", RULE_KEEP, "div", NULL},
	{"frame", RULE_DROP, NULL, NULL},
	{"hgroup", RULE_KEEP, "div", "hgroup"},
	{"iframe", RULE_MEDIA, NULL, NULL},
	{"image", RULE_KEEP, "img", NULL},
	{"input", RULE_INPUT, NULL, NULL},
	{"legend", RULE_KEEP, "p", "legend"},
	{"link", RULE_DROP, NULL, NULL},
	{"listing", RULE_KEEP, "pre", NULL},
	{"main", RULE_KEEP, "div", NULL},
	{"menu", RULE_KEEP, "ul", NULL},
	{"meta", RULE_DROP, NULL, NULL},
	{"noembed", RULE_DROP, NULL, NULL},
	{"noframes", RULE_DROP, NULL, NULL},
	{"option", RULE_KEEP, "li", NULL},
	{"param", RULE_DROP, NULL, NULL},
	{"plaintext", RULE_KEEP, "pre", NULL},
	{"script", RULE_DROP, NULL, NULL},
	{"search", RULE_KEEP, "div", NULL},
	{"select", RULE_KEEP, "ul", NULL},
	{"source", RULE_DROP, NULL, NULL},
	{"strike", RULE_KEEP, "s", NULL},
	{"style", RULE_DROP, NULL, NULL},
	{"template", RULE_DROP, NULL, NULL},
	{"title", RULE_DROP, NULL, NULL},
	{"track", RULE_DROP, NULL, NULL},
	{"tt", RULE_KEEP, "code", NULL},
	{"video", RULE_MEDIA, NULL, NULL},
	{"xmp", RULE_KEEP, "pre", NULL},
};

static int compare_rule(const void *name, const void *rule)
{
	return strcmp(name, ((const struct element_rule *)rule)->name);
}

const struct element_rule *rule_find(const char *name)
{
	return bsearch(name, rules, sizeof rules / sizeof *rules, sizeof *rules, compare_rule);
}

#define TABLE_PARTS "p div caption colgroup thead tbody tfoot tr td th"

static const struct part_rule parts[] = {
	{"caption", "table", TABLE_PARTS, "table", NULL, "div"},
	{"col", "colgroup table", TABLE_PARTS, "colgroup", NULL, NULL},
	{"colgroup", "table", TABLE_PARTS, "table", NULL, NULL},
	{"dd", "dl", "p div dt dd", "dl", "dl", NULL},
	{"dt", "dl", "p div dt dd", "dl", "dl", NULL},
	{"figcaption", "figure", "p div", "figure", NULL, "div"},
	{"li", "ul ol", "p div li", "ul ol", "ul", NULL},
	{"rp", "ruby", "rt rp", "ruby", NULL, NULL},
	{"rt", "ruby", "rt rp", "ruby", NULL, NULL},
	{"summary", "details", "p div", "details", NULL, "div"},
	{"tbody", "table", TABLE_PARTS, "table", NULL, NULL},
	{"td", "tr thead tbody tfoot table", TABLE_PARTS, "tr", NULL, NULL},
	{"tfoot", "table", TABLE_PARTS, "table", NULL, NULL},
	{"th", "tr thead tbody tfoot table", TABLE_PARTS, "tr", NULL, NULL},
	{"thead", "table", TABLE_PARTS, "table", NULL, NULL},
	{"tr", "thead tbody tfoot table", TABLE_PARTS, "thead tbody tfoot", NULL, NULL},
};

static int compare_part(const void *name, const void *part)
{
	return strcmp(name, ((const struct part_rule *)part)->name);
}

const struct part_rule *part_find(const char *name)
{
	return bsearch(name, parts, sizeof parts / sizeof *parts, sizeof *parts, compare_part);
}
