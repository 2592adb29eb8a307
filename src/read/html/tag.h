/* Tags in HTML text. HTML Living Standard, section 13.2.5 (tokenization). */
#ifndef READ_HTML_TAG_H
#define READ_HTML_TAG_H

#include <gumbo.h>
#include <stdbool.h>
#include <stddef.h>

struct html_tag {
	size_t len;       /* of the whole, from "<" to ">" */
	const char *name; /* in the text, as it was written */
	size_t name_len;
	GumboTag id;       /* GUMBO_TAG_UNKNOWN for names that HTML does not have */
	unsigned is;       /* enum html_kind */
	bool end;          /* "</…" */
	bool self_closing; /* "…/>" */
	size_t attributes; /* how many */
};

/* What matters of an element to those who read tags. */
enum html_kind {
	HTML_LEAF = 1 << 0,        /* void, or its end tag may be left out: br, p, li, td, … */
	HTML_RAW = 1 << 1,         /* its content is no markup: script, style, iframe, … */
	HTML_TEXT = 1 << 2,        /* nor here, but character references: title, textarea */
	HTML_UNSEEN = 1 << 3,      /* its content is never shown */
	HTML_FORMATTING = 1 << 4,  /* opened again in each block until it is closed: b, font, … */
	HTML_BREAKOUT = 1 << 5,    /* ends svg and math */
	HTML_INTEGRATION = 1 << 6, /* HTML may stand in it, within svg and math */
	HTML_BLOCK = 1 << 7,       /* white space beside its tags is nothing */
	HTML_PRE = 1 << 8,         /* a line feed after its start tag is nothing */
	HTML_REPLACED = 1 << 9,    /* something else is shown in place of its content */
	HTML_WORD = 1 << 10,       /* its name is also written as "<name>" in prose */
	HTML_FOREIGN = 1 << 11,    /* of svg or math only */
};

/* Read the tag at `html`, which begins with "<". False when there is none: then "<" is text; but
 * when the text ends within the tag, `name` is set. */
bool html_tag_read(const char *html, size_t len, struct html_tag *tag);

struct html_attribute {
	const char *name, *value; /* as they are written; the value is never NULL */
	size_t name_len, value_len;
	bool bare; /* without "=" */
};

/* Walk the attributes of the tag at `html`: start with *at 0; false when there are no more. */
bool html_tag_next(const char *html, const struct html_tag *tag, size_t *at,
		   struct html_attribute *attribute);

/* Whether an attribute's name is this one, in lower case. */
bool html_attribute_is(const struct html_attribute *attribute, const char *name);

/* Whether "</NAME" and what ends a name stand at `lt`. */
bool html_is_end_tag(const char *lt, const char *end, const char *name, size_t len);
/* Where the content of a script ends that starts at `s`: what looks like a comment may hold another
 * script (sections 13.2.5.15 to 13.2.5.31). NULL when it never does. */
const char *html_script_end(const char *s, const char *end);

/* Whether no element of HTML, SVG or MathML can be meant: "<your-name>", "List<String>". The name
 * of a custom element needs an attribute with a value. `foreign`: the tag is in svg or math. */
bool html_tag_is_unknown(const char *html, const struct html_tag *tag, bool foreign);
/* Whether the start tag at `html` is a word of prose: "cp <source> <target>", "a<b and c>d". `len`
 * is where the text ends that may hold its end tag. Adds the bytes that were searched to *searched.
 */
bool html_tag_is_word(const char *html, size_t len, const struct html_tag *tag, size_t *searched);
/* Whether the end tag of the element that begins at `html` follows, before the text ends and after
 * as many as began in between. Adds as above. */
bool html_tag_is_closed(const char *html, size_t len, const struct html_tag *tag, size_t *searched);

#endif
