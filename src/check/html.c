#include "check/html.h"

#include <stddef.h>
#include <string.h>

static const struct html_element elements[] = {
#define HTML(name, flags, inside, model, children, attributes)                                     \
	{#name, flags, inside, model, children, attributes},
#include "check/html_table.h"
#undef HTML
};

static const char *const global_attributes[] = {
	"about",
	"accesskey",
	"autocapitalize",
	"autocorrect",
	"autofocus",
	"class",
	"content",
	"contenteditable",
	"datatype",
	"dir",
	"draggable",
	"enterkeyhint",
	"hidden",
	"id",
	"inert",
	"inlist",
	"inputmode",
	"is",
	"itemid",
	"itemprop",
	"itemref",
	"itemscope",
	"itemtype",
	"lang",
	"nonce",
	"popover",
	"prefix",
	"property",
	"rel",
	"resource",
	"rev",
	"role",
	"slot",
	"spellcheck",
	"style",
	"tabindex",
	"title",
	"translate",
	"typeof",
	"vocab",
};

const struct html_element *html_find(const char *name)
{
	size_t low = 0, high = sizeof elements / sizeof *elements;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(name, elements[mid].name);
		if (order == 0)
			return &elements[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

enum html_name html_name(const struct html_element *el)
{
	return (enum html_name)(el - elements);
}

int html_is_global_attribute(const char *name)
{
	if (strncmp(name, "aria-", 5) == 0 || strncmp(name, "data-", 5) == 0 ||
	    strncmp(name, "its-", 4) == 0 || strncmp(name, "on", 2) == 0)
		return 1;
	size_t low = 0, high = sizeof global_attributes / sizeof *global_attributes;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(name, global_attributes[mid]);
		if (order == 0)
			return 1;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return 0;
}
