/* The preflight's inside: what its parts share. One run is a `struct checker`; each file that is
 * examined is a `struct document` with an arena and findings of its own, so that documents can be
 * examined in parallel. Strings are borrowed from the package's bytes where they stand there as
 * they are, else they live in an arena.
 *
 * The order of work (check.c): container, package document, then every document for itself (in
 * parallel), then what takes more than one document: links, contents, manifest properties; at the
 * end what a device or shop wants (profile.c). */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "base/arena.h"
#include "base/index.h"
#include "check/report.h"
#include "package/url.h"
#include "package/xml.h"

#include <libxml/parser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FALLBACK_STEPS = 100 }; /* a longer fallback chain is a circle */

/* --- Documents --- */

enum link_kind {
	LINK_HYPER,  /* a, area, svg a: leads the reader somewhere */
	LINK_CITE,   /* the source of a quotation */
	LINK_IMAGE,  /* img, svg image, input, poster */
	LINK_STYLE,  /* link rel=stylesheet, @import, xml-stylesheet */
	LINK_SCRIPT, /* script */
	LINK_MEDIA,  /* audio, video, source, track: may be remote */
	LINK_OBJECT, /* object: has a fallback inside */
	LINK_FRAME,  /* iframe, embed */
	LINK_FONT,   /* @font-face: may be remote */
	LINK_CSS,    /* another url() of a style sheet */
	LINK_USE,    /* svg use and the like: same document or another SVG */
	LINK_PAINT,  /* svg fill and stroke: gradients and patterns */
	LINK_OTHER,  /* link with another rel */
};

struct link {
	const char *text;     /* as it stands */
	const char *fragment; /* decoded; NULL: none */
	size_t text_len, fragment_len;
	size_t target; /* index of the entry; NONE: not in the container */
	int line;
	enum link_kind kind;
	enum url_kind where; /* only URL_LOCAL has a target */
	bool is_img;         /* of an img itself */
	bool noteref;
	bool has_fallback; /* in picture, or img in object: others may stand in */
};

/* What the manifest's properties tell of a file. */
enum property {
	PROP_NAV = 1 << 0,
	PROP_COVER = 1 << 1,
	PROP_SVG = 1 << 2,
	PROP_MATHML = 1 << 3,
	PROP_SCRIPTED = 1 << 4,
	PROP_REMOTE = 1 << 5,
	PROP_SWITCH = 1 << 6,
};

/* An entry of a nav or of the NCX. */
struct nav_point {
	size_t link; /* index into the document's links; NONE: a label without link */
	int line;
	int depth;       /* 1: top level */
	long play_order; /* NCX; -1: none */
};

enum nav_kind { NAV_TOC, NAV_PAGES, NAV_LANDMARKS, NAV_OTHER, NAV_KINDS };

struct nav_list {
	struct nav_point *items;
	size_t count, cap;
	unsigned found; /* how many nav elements of this kind there are */
	int line;
};

enum id_flag {
	ID_NOTE = 1,  /* in a note */
	ID_PAINT = 2, /* what SVG may be painted with */
	ID_FLAGS = 2, /* how many bits they are */
};

struct document {
	const struct checker *ck;
	const struct entry *entry;
	struct item *item; /* its line in the manifest, or NULL */
	size_t index;      /* of the entry */
	enum document_kind kind;
	struct arena arena;
	struct report report;
	struct index ids; /* id -> its place among the ids << ID_FLAGS | enum id_flag */
	struct {
		struct link *items;
		size_t count, cap;
	} links;
	unsigned seen; /* enum property */
	bool failed;   /* not parsed to the end: do not hold what was not seen against it */
	bool missing_alt;
	bool is_nav;
	bool has_text;       /* beside its title */
	const char *body_id; /* in the arena; NULL: none */
	size_t body_id_len;
	struct nav_list nav[NAV_KINDS];
	/* NCX */
	const char *ncx_uid;
};

/* --- The package --- */

struct item {
	const char *id, *href, *media_type, *properties, *fallback, *overlay;
	int line;
	size_t entry;      /* NONE: not in the container */
	unsigned declared; /* enum property */
	enum document_kind kind;
	bool remote;
	bool linear;
	bool used;    /* something refers to it */
	bool linked;  /* a hyperlink leads to it */
	bool shown;   /* a page shows it, with nothing that may stand in for it */
	size_t spine; /* its place in the spine; NONE: not there */
};

struct checker {
	const struct package *package;
	const struct container_facts *raw;
	enum check_profile profile;
	struct arena arena;
	struct report container; /* findings about the container */
	struct report opf;       /* findings about the package document */
	struct index names;      /* entry name -> index */
	bool *encrypted;         /* entries that META-INF/encryption.xml lists */
	bool failed;             /* memory ran out */

	int version; /* 2 or 3; 0: there is no package document to go by */
	const char *opf_name;
	size_t opf_entry;
	const char *identifier; /* text of the unique identifier, or NULL */
	const char *ncx_id;     /* spine toc */
	const char *cover_id;   /* meta name="cover", or NULL */
	bool has_source;        /* dc:source */
	struct {
		struct item *items;
		size_t count, cap;
	} manifest;
	struct index item_ids; /* id -> index into manifest */
	size_t *entry_item;    /* entry -> index into manifest, or NONE */
	struct item *nav;      /* the nav's item, or NULL */
	struct item *ncx;
	size_t spine_count;
	bool claims_alt; /* schema:accessibilityFeature alternativeText */
	int claims_alt_line;
	struct index prefixes; /* those that the package's prefix attribute declares */
	struct index opf_ids;  /* id -> index into opf_nodes */
	struct {
		xmlNode **items;
		size_t count, cap;
	} opf_nodes;
	/* URLs of the package document; their fragments wait until the documents are read. */
	struct {
		struct opf_link {
			struct url url;
			enum check_id rule;
			int line;
			const char *text;
		} * items;
		size_t count, cap;
	} opf_links;

	struct document **documents; /* entry -> document, or NULL */
	struct document *list;
	size_t count;
};

/* --- The parts --- */

void check_container(struct checker *ck);
void check_opf(struct checker *ck);
void check_metadata(struct checker *ck, xmlNode *metadata);
void check_accessibility(struct checker *ck, xmlNode *metadata);
void check_manifest(struct checker *ck, xmlNode *manifest);
void check_spine(struct checker *ck, xmlNode *spine);
/* Keep a reference of the package document; `rule` is what is broken when it leads nowhere. */
struct opf_link *opf_link(struct checker *ck, const char *href, enum check_id rule, int line);
void check_opf_links(struct checker *ck);
/* The node of the package document with this id, or NULL. */
xmlNode *opf_node(const struct checker *ck, const char *id);
/* Whether the property's prefix is reserved or declared; true when it has none. */
bool opf_prefix_known(const struct checker *ck, const char *property);
void check_content(struct document *d); /* XHTML, SVG and other XML */
void check_css(struct document *d);
/* A style sheet's text, or that of a style attribute (`declarations`), from `line` on. */
void css_scan(struct document *d, const char *text, size_t len, int line, bool declarations);
/* Report the first fault in a style sheet's grammar (css_syntax.c). */
void css_check_syntax(struct document *d, const char *text, size_t len, int line, bool attribute);
void check_ncx(struct document *d);
void check_links(struct checker *ck, struct document *d);
void check_nav(struct checker *ck); /* nav order, NCX against nav */
void check_properties(struct checker *ck, struct document *d);
void check_unused(struct checker *ck); /* files that nothing refers to, pages out of reach */
void check_profile(struct checker *ck);
/* Whether Amazon sells books in the language. */
bool profile_sells_language(const char *tag);

/* Resolve a reference and keep it, as the last of d->links; what is wrong with it by itself is
 * reported. Returns NULL only when memory runs out. */
struct link *document_link(struct document *d, enum link_kind kind, const char *url, size_t len,
			   int line);

bool date_is_w3cdtf(const char *s);
bool uuid_is_valid(const char *s); /* the 36 characters */
bool media_type_is_core(const char *type);

#endif
