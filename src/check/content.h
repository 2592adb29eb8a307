/* Examining one content document: what the parts of it share while its SAX events come in.
 *
 * content.c takes the events and keeps the stack; structure.c judges where elements
 * stand; elements.c what single elements say and refer to; navdoc.c the lists of the
 * navigation document. */
#ifndef CHECK_CONTENT_H
#define CHECK_CONTENT_H

#include "base/buf.h"
#include "check/html.h"
#include "check/run.h"

enum content_ns { IN_HTML, IN_SVG, IN_MATH, IN_EPUB, IN_OTHER };

/* The attributes that some rule inspects; all others are ATTR_ANY. */
enum attr {
	ATTR_ANY,
	ATTR_ID,
	ATTR_HREF,
	ATTR_SRC,
	ATTR_ALT,
	ATTR_LANG,
	ATTR_STYLE,
	ATTR_ROLE,
	ATTR_REL,
	ATTR_TYPE,
	ATTR_DATA,
	ATTR_SRCSET,
	ATTR_POSTER,
	ATTR_TITLE,
	ATTR_ARIA_LABEL,
	ATTR_ARIA_LABELLEDBY,
	ATTR_CONTENT,
	ATTR_CHARSET,
	ATTR_HTTP_EQUIV,
	ATTR_CONTROLS,
	ATTR_USEMAP,
	ATTR_ALTIMG,
	ATTR_CITE,
	ATTR_DIR,
	ATTR_FILL,
	ATTR_STROKE,
	ATTR_INTEGER, /* tabindex and others that are whole numbers */
	ATTR_NATURAL, /* width and others that are not negative either */
	ATTR_IDREFS,  /* aria-describedby and others whose value is a list of ids */
	ATTR_EVENT,   /* on… */
	ATTR_XML_LANG,
	ATTR_XLINK_HREF,
	ATTR_EPUB_TYPE,
	ATTR_EPUB_PREFIX, /* with their namespaces */
	ATTR_COUNT
};

struct attrs {
	const char *value[ATTR_COUNT]; /* NULL: absent; not NUL-terminated */
	size_t len[ATTR_COUNT];
};

static inline bool attr_has(const struct attrs *at, enum attr a)
{
	return at->value[a] != NULL;
}
/* Whether an attribute that is a list of words has this one. */
bool attr_word(const struct attrs *at, enum attr a, const char *word);
bool attr_is(const struct attrs *at, enum attr a, const char *value); /* ASCII case ignored */

/* The part an element plays in a nav of the navigation document. */
enum nav_role { NAV_ROLE_NONE, NAV_ROLE_NAV, NAV_ROLE_OL, NAV_ROLE_LI, NAV_ROLE_LABEL };

/* An open element. */
struct frame {
	const struct html_element *el; /* NULL: not HTML, or unknown */
	enum html_name name;           /* HTML_COUNT when el is NULL */
	enum content_ns ns;
	enum html_model model; /* ANY, EMPTY, TEXT, PHRASING, FLOW, METADATA or LIST */
	const char *children;  /* elements that it takes beside those */
	uint32_t inside;       /* HE_IN_… of itself and all above */
	int line;
	int state; /* how far its children's order has come; each kind its own */
	int nav_state;
	enum nav_role nav_role;
	size_t text_mark;   /* content->text_seen when it was opened */
	bool text_reported; /* misplaced text was reported */
	bool in_notes, is_note, has_link;
	bool data_block; /* script that is no script */
	bool html_only;  /* title of SVG: no other elements in it */
};

enum { CONTENT_DEPTH = 320 };

struct content {
	struct document *d;
	struct xml_job *job;
	int depth;        /* open elements */
	int beyond;       /* open elements beyond CONTENT_DEPTH */
	size_t text_seen; /* grows with whatever a reader can read or hear */
	struct buf style;
	int style_line;
	bool has_title, has_charset, has_content_type;
	const char *prefixes; /* epub:prefix of the root, in the arena */
	int last_heading, h1_count, heading_count;
	size_t id_count;
	enum nav_kind nav_kind; /* of the nav that is open */
	int nav_depth;
	struct index landmarks;
	struct {
		struct {
			const char *ids;
			size_t len;
			int line;
		} * items;
		size_t count, cap;
	} idrefs;
	/* The parser's names are unique pointers: what they mean is looked up once. */
	struct {
		const void *name;
		const struct html_element *el;
	} elements[64];
	struct {
		const void *name;
		enum attr attr;
		bool global;
	} attributes[64];
	const void *html_uri, *svg_uri;
	struct frame stack[CONTENT_DEPTH]; /* last, as it need not be zeroed */
};

static inline struct frame *content_top(struct content *c)
{
	return c->depth > 0 ? &c->stack[c->depth - 1] : NULL;
}
int content_line(const struct content *c);

/* structure.c: `f` is being opened below `parent` (NULL: it is the root). Sets its model. */
void structure_open(struct content *c, struct frame *parent, struct frame *f,
		    const struct attrs *at);
void structure_close(struct content *c, struct frame *f);
void structure_text(struct content *c, struct frame *f);
/* The whole document has been seen. */
void structure_end(struct content *c);

/* values.c: whether an attribute's value is one it may have. */
void value_check(struct content *c, const struct html_element *el, enum attr a, const char *name,
		 const char *value, size_t len);

/* elements.c */
void element_html(struct content *c, struct frame *parent, struct frame *f, const struct attrs *at);
void element_foreign(struct content *c, struct frame *f, const char *name, const struct attrs *at);

/* navdoc.c */
void navdoc_open(struct content *c, struct frame *parent, struct frame *f, const struct attrs *at);
void navdoc_close(struct content *c, struct frame *f);
void navdoc_text(struct content *c, struct frame *f);

#endif
