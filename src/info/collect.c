/* From a package to facts. The package documents of EPUB 2 and 3 differ in where they keep what
 * refines a creator or title: attributes in the one, meta elements with `refines` in the other;
 * both are read here, whatever the version. */
#include "info/facts.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/index.h"
#include "base/utf8.h"
#include "base/word_list.h"
#include "package/url.h"
#include "package/xml.h"

#include <string.h>

struct collector {
	struct info_facts *facts;
	const struct package *package;
	struct arena *a;
	const struct entry *entry; /* that is being parsed */
	struct index names;        /* entry name -> index */
	struct index refined;      /* "#id property" -> index into values */
	struct info_strings values;
	size_t *entry_picture; /* entry -> index into facts->pictures, or NONE */
	const char *opf_name, *cover_id, *unique_id;
	const char *nav_name, *ncx_name;
	struct index hrefs; /* manifest id -> index into paths */
	struct info_strings paths, types;
	/* The figure inspected last, as many pictures may stand in one. */
	const xmlNode *figure;
	const char *figure_caption, *figure_credit;
	const char *excess; /* the first limit that a document exceeds */
	bool memory_failed;
};

/* --- Small things --- */

/* Clean, and NULL when there is nothing. */
static const char *clean(struct collector *c, const char *s)
{
	if (!s || !*s)
		return NULL;
	size_t len = strlen(s);
	if (utf8_is_clean(s, len))
		return s;
	struct buf out = BUF_INIT;
	utf8_clean(&out, s, len);
	const char *copy = out.failed ? NULL : arena_dupn(c->a, out.data, out.len);
	buf_end(&out, &c->memory_failed);
	return copy && *copy ? copy : NULL;
}

static const char *collect_text_of(struct collector *c, const xmlNode *n)
{
	return clean(c, xml_text(c->a, n));
}

static void add_string(struct collector *c, struct info_strings *list, const char *s)
{
	const char **slot = s ? ARENA_PUSH(c->a, *list) : NULL;
	if (slot)
		*slot = s;
}

static void set_once(const char **field, const char *value)
{
	if (!*field)
		*field = value;
}

/* What is wrong with a file is check's matter; a limit that keeps it from being read is reported.
 */
static void on_fault(void *ctx, enum xml_fault fault, int line, const char *text)
{
	struct collector *c = ctx;
	if (!c->excess && (fault == XML_FAULT_LIMIT || fault == XML_FAULT_TOO_DEEP))
		c->excess = arena_printf(c->a, "%s:%d: not read, because it exceeds a limit: %s",
					 c->entry->name, line, *text ? text : "nested too deep");
}

static xmlDoc *parse(struct collector *c, size_t entry)
{
	c->entry = &c->package->entries[entry];
	return xml_parse_tree(on_fault, c, c->entry, DOC_XML, 0, &c->memory_failed);
}

/* Document order below `root`, without recursion. */
static xmlNode *walk(const xmlNode *root, xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE && n->children)
		return n->children;
	while (n != root && !n->next)
		n = n->parent;
	return n == root ? NULL : n->next;
}

/* The entry name that a reference leads to, with its fragment; NULL for what is not local. */
static const char *resolve(struct collector *c, const char *base, const char *href)
{
	struct url url;
	if (!href)
		return NULL;
	url_parse(&url, c->a, base, href, strlen(href));
	if (url.kind != URL_LOCAL)
		return NULL;
	const char *path = url.same ? base : url.path;
	return url.fragment ? arena_printf(c->a, "%s#%s", path, url.fragment) : path;
}

/* --- Metadata --- */

static const char *refinement(struct collector *c, const char *id, const char *property)
{
	char key[256];
	int n = id ? snprintf(key, sizeof key, "#%s %s", id, property) : -1;
	if (n < 0 || n >= (int)sizeof key)
		return NULL;
	size_t at = index_get(&c->refined, key, (size_t)n);
	return at == NONE ? NULL : c->values.items[at];
}

/* Remember what every meta and link refines, so that each lookup is one. */
static void index_refinements(struct collector *c, const xmlNode *metadata)
{
	for (const xmlNode *n = xml_first(metadata); n; n = xml_next(n)) {
		const char *refines = xml_attr(c->a, n, "refines");
		bool link = xml_is(n, NS_OPF, "link");
		const char *property = xml_attr(c->a, n, link ? "rel" : "property");
		if (!refines || !property)
			continue;
		const char *key = arena_printf(c->a, "%s %s", refines, property);
		if (!key || index_add(&c->refined, key, strlen(key), c->values.count) != NONE)
			continue;
		const char **slot = ARENA_PUSH(c->a, c->values);
		if (slot)
			*slot = link ? clean(c, xml_attr(c->a, n, "href")) : collect_text_of(c, n);
	}
}

static void collect_person(struct collector *c, const xmlNode *n, struct info_people *list)
{
	const char *id = xml_attr(c->a, n, "id");
	struct info_person person = {
		.name = collect_text_of(c, n),
		.role = refinement(c, id, "role"),
		.file_as = refinement(c, id, "file-as"),
		.bio = refinement(c, id, "schema:description"),
		.url = refinement(c, id, "schema:url"),
	};
	if (!person.role)
		person.role = clean(c, xml_attr_ns(c->a, n, NS_OPF, "role"));
	if (!person.file_as)
		person.file_as = clean(c, xml_attr_ns(c->a, n, NS_OPF, "file-as"));
	struct info_person *slot = person.name ? ARENA_PUSH(c->a, *list) : NULL;
	if (slot)
		*slot = person;
}

static void collect_title(struct collector *c, const xmlNode *n)
{
	struct info_facts *f = c->facts;
	const char *type = refinement(c, xml_attr(c->a, n, "id"), "title-type");
	const char *text = collect_text_of(c, n);
	if (type && strcmp(type, "subtitle") == 0)
		set_once(&f->subtitle, text);
	else if (type && strcmp(type, "main") == 0)
		f->title = text;
	else
		set_once(&f->title, text);
}

static void collect_identifier(struct collector *c, const xmlNode *n)
{
	const char *id = xml_attr(c->a, n, "id"), *text = collect_text_of(c, n);
	struct info_identifier *slot = text ? ARENA_PUSH(c->a, c->facts->identifiers) : NULL;
	if (!slot)
		return;
	slot->value = text;
	slot->scheme = refinement(c, id, "identifier-type");
	if (!slot->scheme)
		slot->scheme = clean(c, xml_attr_ns(c->a, n, NS_OPF, "scheme"));
	slot->unique = id && c->unique_id && strcmp(id, c->unique_id) == 0;
}

static void collect_date(struct collector *c, const xmlNode *n)
{
	const char *event = xml_attr_ns(c->a, n, NS_OPF, "event");
	if (event && strcmp(event, "modification") == 0)
		set_once(&c->facts->modified, collect_text_of(c, n));
	else if (!event || strcmp(event, "creation") != 0)
		set_once(&c->facts->published, collect_text_of(c, n));
}

static void collect_dc(struct collector *c, const xmlNode *n)
{
	struct info_facts *f = c->facts;
	const char *name = (const char *)n->name;
	if (strcmp(name, "title") == 0)
		collect_title(c, n);
	else if (strcmp(name, "creator") == 0)
		collect_person(c, n, &f->authors);
	else if (strcmp(name, "contributor") == 0)
		collect_person(c, n, &f->contributors);
	else if (strcmp(name, "identifier") == 0)
		collect_identifier(c, n);
	else if (strcmp(name, "date") == 0)
		collect_date(c, n);
	else if (strcmp(name, "language") == 0)
		add_string(c, &f->languages, collect_text_of(c, n));
	else if (strcmp(name, "subject") == 0)
		add_string(c, &f->subjects, collect_text_of(c, n));
	else if (strcmp(name, "source") == 0)
		add_string(c, &f->sources, collect_text_of(c, n));
	else if (strcmp(name, "publisher") == 0)
		set_once(&f->publisher, collect_text_of(c, n));
	else if (strcmp(name, "description") == 0)
		set_once(&f->description, collect_text_of(c, n));
	else if (strcmp(name, "rights") == 0)
		set_once(&f->rights, collect_text_of(c, n));
}

static void collect_series(struct collector *c, const xmlNode *n)
{
	struct info_facts *f = c->facts;
	const char *id = xml_attr(c->a, n, "id");
	if (f->series)
		return;
	f->series = collect_text_of(c, n);
	f->series_type = refinement(c, id, "collection-type");
	f->series_position = refinement(c, id, "group-position");
}

/* A caption that does not refine a manifest item belongs to a figure without its picture. */
static void collect_lost_picture(struct collector *c, const xmlNode *n, const char *refines)
{
	struct info_picture *p =
		refines && *refines != '#' ? ARENA_PUSH(c->a, c->facts->pictures) : NULL;
	if (!p)
		return;
	char key[512];
	snprintf(key, sizeof key, "%s schema:creditText", refines);
	size_t credit = index_get(&c->refined, key, strlen(key));
	p->place = clean(c, resolve(c, c->opf_name, refines));
	p->caption = collect_text_of(c, n);
	p->credit = credit == NONE ? NULL : c->values.items[credit];
}

static void collect_meta(struct collector *c, const xmlNode *n)
{
	struct info_facts *f = c->facts;
	const char *property = xml_attr(c->a, n, "property");
	const char *refines = xml_attr(c->a, n, "refines");
	const struct {
		const char *property;
		const char **field;
		struct info_strings *list;
	} known[] = {
		{"dcterms:modified", &f->modified, NULL},
		{"schema:accessMode", NULL, &f->modes},
		{"schema:accessModeSufficient", NULL, &f->sufficient},
		{"schema:accessibilityFeature", NULL, &f->features},
		{"schema:accessibilityHazard", NULL, &f->hazards},
		{"schema:accessibilitySummary", &f->summary, NULL},
		{"dcterms:conformsTo", &f->conforms_to, NULL},
		{"a11y:certifiedBy", &f->certified_by, NULL},
	};
	/* EPUB 2, and calibre: <meta name content> */
	const char *name = xml_attr(c->a, n, "name"), *content = xml_attr(c->a, n, "content");
	if (!property && name && content) {
		if (strcmp(name, "cover") == 0)
			c->cover_id = content;
		else if (strcmp(name, "calibre:series") == 0)
			set_once(&f->series, clean(c, content));
		else if (strcmp(name, "calibre:series_index") == 0)
			set_once(&f->series_position, clean(c, content));
		property = name;
	}
	if (!property)
		return;
	if (strcmp(property, "belongs-to-collection") == 0)
		collect_series(c, n);
	else if (strcmp(property, "schema:caption") == 0)
		collect_lost_picture(c, n, refines);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(property, known[i].property) != 0 ||
		    (refines && strcmp(property, "a11y:certifiedBy") != 0))
			continue;
		const char *text = name ? clean(c, content) : collect_text_of(c, n);
		if (known[i].field)
			set_once(known[i].field, text);
		else
			add_string(c, known[i].list, text);
	}
}

static void collect_metadata(struct collector *c, const xmlNode *metadata)
{
	index_refinements(c, metadata);
	const xmlNode *n = xml_first(metadata);
	if (n && strcmp((const char *)n->name, "dc-metadata") == 0)
		n = xml_first(n);
	for (; n; n = xml_next(n)) {
		if (xml_is(n, NS_DC, NULL))
			collect_dc(c, n);
		else if (strcmp((const char *)n->name, "meta") == 0)
			collect_meta(c, n);
		else if (xml_is(n, NS_OPF, "link") &&
			 word_list_has(xml_attr(c->a, n, "rel"), "dcterms:conformsTo"))
			set_once(&c->facts->conforms_to, clean(c, xml_attr(c->a, n, "href")));
	}
}

/* --- Pictures --- */

static void collect_item(struct collector *c, const xmlNode *n)
{
	const char *id = xml_attr(c->a, n, "id"), *type = xml_attr(c->a, n, "media-type");
	const char *path = resolve(c, c->opf_name, xml_attr(c->a, n, "href"));
	const char *properties = xml_attr(c->a, n, "properties");
	if (!id || !path || !type)
		return;
	index_add(&c->hrefs, id, strlen(id), c->paths.count);
	add_string(c, &c->paths, path);
	add_string(c, &c->types, type);
	if (word_list_has(properties, "nav"))
		c->nav_name = path;
	else if (strcmp(type, "application/x-dtbncx+xml") == 0)
		c->ncx_name = path;
	if (strncmp(type, "image/", 6) != 0)
		return;
	struct info_picture *p = ARENA_PUSH(c->a, c->facts->pictures);
	if (!p)
		return;
	*p = (struct info_picture){
		.id = id,
		.file = clean(c, path),
		.media_type = clean(c, type),
		.caption = refinement(c, id, "schema:caption"),
		.credit = refinement(c, id, "schema:creditText"),
		.copyright = refinement(c, id, "schema:copyrightNotice"),
		.description = refinement(c, id, "schema:description"),
		.cover = word_list_has(properties, "cover-image") ||
			 (c->cover_id && strcmp(c->cover_id, id) == 0),
	};
	size_t entry = index_get(&c->names, path, strlen(path));
	if (entry != NONE) {
		c->entry_picture[entry] = c->facts->pictures.count - 1;
		info_measure(p, &c->package->entries[entry]);
	}
}

static bool has_class(struct collector *c, const xmlNode *n, const char *word)
{
	return word_list_has(xml_attr(c->a, n, "class"), word);
}

static void inspect_figure(struct collector *c, const xmlNode *figure)
{
	xmlNode *caption = xml_first(figure);
	while (caption && !xml_is(caption, NS_XHTML, "figcaption"))
		caption = xml_next(caption);
	c->figure = figure;
	c->figure_caption = caption ? collect_text_of(c, caption) : NULL;
	c->figure_credit = NULL;
	for (xmlNode *n = caption; !c->figure_credit && n; n = walk(caption, n))
		if (xml_is(n, NS_XHTML, "span") && has_class(c, n, "credit"))
			c->figure_credit = collect_text_of(c, n);
}

/* What the page says of a picture: its alt text, and the caption of the figure it stands in. */
static void collect_img(struct collector *c, const xmlNode *img, const char *page)
{
	const char *src = resolve(c, page, xml_attr(c->a, img, "src"));
	size_t entry = src ? index_get(&c->names, src, strlen(src)) : NONE;
	if (entry == NONE || c->entry_picture[entry] == NONE)
		return;
	struct info_picture *p = &c->facts->pictures.items[c->entry_picture[entry]];
	if (!p->alt)
		p->alt = clean(c, xml_attr(c->a, img, "alt"));
	set_once(&p->place, clean(c, page));
	const xmlNode *figure = img->parent;
	while (figure && !xml_is(figure, NS_XHTML, "figure"))
		figure = figure->parent;
	if (!figure)
		return;
	if (figure != c->figure)
		inspect_figure(c, figure);
	set_once(&p->caption, c->figure_caption);
	set_once(&p->credit, c->figure_credit);
}

static void collect_page(struct collector *c, const char *name)
{
	size_t entry = index_get(&c->names, name, strlen(name));
	const struct entry *e = entry == NONE ? NULL : &c->package->entries[entry];
	/* Most pages have no picture: they need not be parsed. */
	if (!e || !memmem(e->bytes, e->size, "<img", 4))
		return;
	xmlDoc *doc = parse(c, entry);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	c->figure = NULL;
	for (xmlNode *n = root; n; n = walk(root, n))
		if (xml_is(n, NS_XHTML, "img"))
			collect_img(c, n, name);
	xmlFreeDoc(doc);
}

static void collect_spine(struct collector *c, const xmlNode *spine)
{
	const char *toc = xml_attr(c->a, spine, "toc");
	size_t ncx = toc ? index_get(&c->hrefs, toc, strlen(toc)) : NONE;
	if (ncx != NONE)
		c->ncx_name = c->paths.items[ncx];
	for (const xmlNode *n = xml_first(spine); n; n = xml_next(n)) {
		const char *idref = xml_attr(c->a, n, "idref");
		size_t at = idref ? index_get(&c->hrefs, idref, strlen(idref)) : NONE;
		if (at == NONE)
			continue;
		c->facts->pages++;
		if (strcmp(c->types.items[at], "application/xhtml+xml") == 0)
			collect_page(c, c->paths.items[at]);
	}
}

/* --- Contents --- */

static void collect_add_entry(struct collector *c, const char *title, const char *base,
			      const char *href, int depth)
{
	struct info_entry *e = ARENA_PUSH(c->a, c->facts->contents);
	if (e)
		*e = (struct info_entry){
			.title = title, .href = clean(c, resolve(c, base, href)), .depth = depth};
}

static bool is_toc(struct collector *c, const xmlNode *n)
{
	return xml_is(n, NS_XHTML, "nav") &&
	       word_list_has(xml_attr_ns(c->a, n, NS_EPUB, "type"), "toc");
}

static void collect_nav(struct collector *c, xmlNode *root)
{
	xmlNode *nav = root;
	int depth = 0;
	while (nav && !is_toc(c, nav))
		nav = walk(root, nav);
	for (xmlNode *n = nav; n;) {
		bool list = xml_is(n, NS_XHTML, "ol");
		bool label = n->parent && xml_is(n->parent, NS_XHTML, "li") &&
			     (xml_is(n, NS_XHTML, "a") || xml_is(n, NS_XHTML, "span"));
		depth += list;
		if (label)
			collect_add_entry(c, collect_text_of(c, n), c->nav_name,
					  xml_attr(c->a, n, "href"), depth);
		if (!label && n->type == XML_ELEMENT_NODE && n->children) {
			n = n->children;
			continue;
		}
		depth -= list;
		while (n != nav && !n->next) {
			n = n->parent;
			depth -= xml_is(n, NS_XHTML, "ol");
		}
		n = n == nav ? NULL : n->next;
	}
}

static void collect_nav_point(struct collector *c, const xmlNode *point, int depth)
{
	const char *title = NULL, *src = NULL;
	for (const xmlNode *n = xml_first(point); n; n = xml_next(n)) {
		if (xml_is(n, NS_NCX, "navLabel") && !title)
			title = collect_text_of(c, n);
		else if (xml_is(n, NS_NCX, "content"))
			src = xml_attr(c->a, n, "src");
	}
	collect_add_entry(c, title, c->ncx_name, src, depth);
}

static void collect_ncx(struct collector *c, xmlNode *root)
{
	int depth = 0;
	for (xmlNode *n = root; n;) {
		if (xml_is(n, NS_NCX, "navPoint"))
			collect_nav_point(c, n, ++depth);
		if (n->type == XML_ELEMENT_NODE && n->children) {
			n = n->children;
			continue;
		}
		depth -= xml_is(n, NS_NCX, "navPoint");
		while (n != root && !n->next) {
			n = n->parent;
			depth -= xml_is(n, NS_NCX, "navPoint");
		}
		n = n == root ? NULL : n->next;
	}
}

static void collect_contents(struct collector *c)
{
	void (*const reader[])(struct collector *, xmlNode *) = {collect_nav, collect_ncx};
	const char *const names[] = {c->nav_name, c->ncx_name};
	for (int i = 0; i < 2 && c->facts->contents.count == 0; i++) {
		size_t entry = names[i] ? index_get(&c->names, names[i], strlen(names[i])) : NONE;
		xmlDoc *doc = entry == NONE ? NULL : parse(c, entry);
		if (doc && xmlDocGetRootElement(doc))
			reader[i](c, xmlDocGetRootElement(doc));
		xmlFreeDoc(doc);
	}
}

/* --- All of it --- */

static const char *collect_find_package_document(struct collector *c)
{
	size_t entry = index_get(&c->names, "META-INF/container.xml", 22);
	xmlDoc *doc = entry == NONE ? NULL : parse(c, entry);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	const char *path = NULL;
	for (xmlNode *n = root; n && !path; n = walk(root, n))
		if (xml_is(n, NS_OCF, "rootfile"))
			path = xml_attr(c->a, n, "full-path");
	xmlFreeDoc(doc);
	return path;
}

static int collect_opf(struct collector *c, struct chapbook_error *err)
{
	c->opf_name = collect_find_package_document(c);
	size_t entry = c->opf_name ? index_get(&c->names, c->opf_name, strlen(c->opf_name)) : NONE;
	if (entry == NONE)
		return error_set(err, CHAPBOOK_E_INPUT, "not an EPUB: no package document");
	xmlDoc *doc = parse(c, entry);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!xml_is(root, NS_OPF, "package")) {
		xmlFreeDoc(doc);
		return error_set(err, CHAPBOOK_E_INPUT, "%s: cannot be read", c->opf_name);
	}
	c->facts->version = clean(c, xml_attr(c->a, root, "version"));
	c->unique_id = xml_attr(c->a, root, "unique-identifier");
	static const char *const sections[] = {"metadata", "manifest", "spine"};
	for (int i = 0; i < 3; i++) /* in this order, whatever the document's is */
		for (xmlNode *n = xml_first(root); n; n = xml_next(n)) {
			if (!xml_is(n, NS_OPF, sections[i]))
				continue;
			if (i == 0)
				collect_metadata(c, n);
			else if (i == 2)
				collect_spine(c, n);
			for (xmlNode *m = i == 1 ? xml_first(n) : NULL; m; m = xml_next(m))
				collect_item(c, m);
		}
	xmlFreeDoc(doc);
	collect_contents(c);
	return 0;
}

int info_collect(struct info_facts *facts, const struct package *p, struct chapbook_error *err)
{
	*facts = (struct info_facts){.files = p->count};
	struct arena *a = &facts->arena;
	struct collector c = {.facts = facts,
			      .package = p,
			      .a = a,
			      .names = {.arena = a},
			      .refined = {.arena = a},
			      .hrefs = {.arena = a}};
	c.entry_picture = arena_alloc(a, p->count * sizeof *c.entry_picture + 1);
	for (size_t i = 0; c.entry_picture && i < p->count; i++) {
		c.entry_picture[i] = NONE;
		index_add(&c.names, p->entries[i].name, strlen(p->entries[i].name), i);
	}
	struct chapbook_error why = {0};
	int rc = c.entry_picture ? collect_opf(&c, &why) : -1;
	if (a->failed || c.memory_failed)
		rc = error_memory(err);
	else if (c.excess)
		rc = error_set(err, CHAPBOOK_E_LIMIT, "%s", c.excess);
	else if (rc != 0)
		rc = error_set(err, why.code, "%s", why.message);
	return rc;
}
