#include "article/elements.h"
#include "base/word_list.h"

#include <string.h>

#define PHRASE (EL_PHRASING | EL_FLOW | EL_HOLDS_PHRASING)
#define BLOCK  (EL_FLOW | EL_HOLDS_FLOW | EL_BREAK)
#define LINE   (EL_FLOW | EL_HOLDS_PHRASING | EL_BREAK)
#define PART   (EL_HOLDS_FLOW | EL_BREAK)
#define ONLY   (EL_HOLDS_ONLY | EL_BREAK)

/* Sorted by name. Flags after the HTML Living Standard's "Content model" of each element. */
static const struct element elements[] = {
	{"a", EL_PHRASING | EL_FLOW | EL_TRANSPARENT, "href"},
	{"abbr", PHRASE, ""},
	{"article", BLOCK, ""},
	{"aside", BLOCK, ""},
	{"b", PHRASE, ""},
	{"bdi", PHRASE, ""},
	{"bdo", PHRASE, ""},
	{"blockquote", BLOCK, "cite"},
	{"br", EL_VOID | EL_PHRASING | EL_FLOW, ""},
	{"caption", PART, ""},
	{"cite", PHRASE, ""},
	{"code", PHRASE, ""},
	{"col", EL_VOID | EL_BREAK, "span"},
	{"colgroup", ONLY, "span"},
	{"data", PHRASE, "value"},
	{"dd", PART, ""},
	{"del", EL_PHRASING | EL_FLOW | EL_TRANSPARENT, "cite datetime"},
	{"details", BLOCK, "open"},
	{"dfn", PHRASE, ""},
	{"div", BLOCK, ""},
	{"dl", EL_FLOW | ONLY, ""},
	{"dt", PART, ""},
	{"em", PHRASE, ""},
	{"figcaption", PART, ""},
	{"figure", BLOCK, ""},
	{"footer", BLOCK, ""},
	{"h1", LINE, ""},
	{"h2", LINE, ""},
	{"h3", LINE, ""},
	{"h4", LINE, ""},
	{"h5", LINE, ""},
	{"h6", LINE, ""},
	{"header", BLOCK, ""},
	{"hr", EL_VOID | EL_FLOW | EL_BREAK, ""},
	{"i", PHRASE, ""},
	{"img", EL_VOID | EL_PHRASING | EL_FLOW, "alt height src width"},
	{"ins", EL_PHRASING | EL_FLOW | EL_TRANSPARENT, "cite datetime"},
	{"kbd", PHRASE, ""},
	{"li", PART, "value"},
	{"mark", PHRASE, ""},
	{"math", EL_PHRASING | EL_FLOW | EL_HOLDS_ONLY, "alttext display"},
	{"nav", BLOCK, ""},
	{"ol", EL_FLOW | ONLY, "reversed start type"},
	{"p", LINE, ""},
	{"pre", LINE | EL_PRE, ""},
	{"q", PHRASE, "cite"},
	{"rp", EL_HOLDS_PHRASING, ""},
	{"rt", EL_HOLDS_PHRASING, ""},
	{"ruby", PHRASE, ""},
	{"s", PHRASE, ""},
	{"samp", PHRASE, ""},
	{"section", BLOCK, ""},
	{"small", PHRASE, ""},
	{"span", PHRASE, ""},
	{"strong", PHRASE, ""},
	{"sub", PHRASE, ""},
	{"summary", EL_HOLDS_PHRASING | EL_BREAK, ""},
	{"sup", PHRASE, ""},
	{"svg", EL_PHRASING | EL_FLOW | EL_HOLDS_ONLY, "height viewBox width"},
	{"table", EL_FLOW | ONLY, ""},
	{"tbody", ONLY, ""},
	{"td", PART, "colspan rowspan"},
	{"tfoot", ONLY, ""},
	{"th", PART, "colspan rowspan scope"},
	{"thead", ONLY, ""},
	{"time", PHRASE, "datetime"},
	{"tr", ONLY, ""},
	{"u", PHRASE, ""},
	{"ul", EL_FLOW | ONLY, ""},
	{"var", PHRASE, ""},
	{"wbr", EL_VOID | EL_PHRASING | EL_FLOW, ""},
};

/* Where the names of each first letter, a to z, begin in the table; the last entry ends it. */
static const unsigned char first_of[] = {0,  4,  9,  14, 22, 23, 26, 26, 34, 37, 37, 38, 39, 41,
					 42, 43, 45, 46, 49, 59, 67, 69, 70, 71, 71, 71, 71};

const struct element *element_find(const char *name)
{
	unsigned letter = (unsigned char)name[0] - 'a';
	if (letter >= sizeof first_of - 1)
		return NULL;
	for (unsigned i = first_of[letter]; i < first_of[letter + 1]; i++)
		if (elements[i].name[1] == name[1] && strcmp(elements[i].name, name) == 0)
			return &elements[i];
	return NULL;
}

bool element_allows(const struct element *el, const char *attr)
{
	static const char global[] = "id class title lang xml:lang dir role epub:type translate";
	return word_list_has(global, attr) || strncmp(attr, "aria-", 5) == 0 ||
	       word_list_has(el->attributes, attr);
}
