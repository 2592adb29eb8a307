/* Manifest and spine: EPUB 3.3, "Manifest section", "Spine section" and their vocabularies. */
#include "base/word_list.h"
#include "check/run.h"

#include <string.h>
#include <strings.h>

/* --- Media types --- */

static enum document_kind manifest_kind_of(const char *type)
{
	static const struct {
		const char *type;
		enum document_kind kind;
	} known[] = {
		{"application/xhtml+xml", DOC_XHTML},
		{"image/svg+xml", DOC_SVG},
		{"text/css", DOC_CSS},
		{"text/x-oeb1-css", DOC_CSS},
		{"application/x-dtbncx+xml", DOC_NCX},
		{"application/smil+xml", DOC_XML},
		{"application/pls+xml", DOC_XML},
	};
	for (size_t i = 0; type && i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].type, type) == 0)
			return known[i].kind;
	return DOC_NONE;
}

/* What the first bytes of a picture must be, and what its name may end in. */
static const struct picture {
	const char *type;
	const char *magic;
	size_t len, at;
	const char *endings;
} pictures[] = {
	{"image/jpeg", "\xFF\xD8", 2, 0, "jpg jpeg jpe jif jfif jfi"},
	{"image/png", "\x89PNG", 4, 0, "png"},
	{"image/gif", "GIF8", 4, 0, "gif"},
	{"image/webp", "WEBP", 4, 8, "webp"},
	{"image/svg+xml", "", 0, 0, "svg"},
};

static void check_picture(struct checker *ck, const struct item *item, const struct entry *e)
{
	const char *dot = strrchr(item->href, '.');
	const struct picture *p = NULL, *named = NULL;
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
		char ending[8] = "";
		for (size_t j = 0; dot && dot[j + 1] && j < sizeof ending - 1; j++)
			ending[j] = (char)(dot[j + 1] | 32);
		if (strcmp(pictures[i].type, item->media_type) == 0)
			p = &pictures[i];
		if (word_list_has(pictures[i].endings, ending))
			named = &pictures[i];
	}
	if (p && (e->size < p->at + p->len || memcmp(e->bytes + p->at, p->magic, p->len) != 0))
		report_add(&ck->opf, RULE_ITEM_TYPE, item->line, "%s (%s)", item->href,
			   item->media_type);
	else if (p && named && p != named)
		report_add(&ck->opf, RULE_ITEM_EXTENSION, item->line, "%s (%s)", item->href,
			   item->media_type);
}

static void check_type(struct checker *ck, const struct item *item)
{
	static const char *const old[] = {"text/html", "text/x-oeb1-document", "text/x-oeb1-css",
					  "application/x-dtbook+xml", "text/xml"};
	for (size_t i = 0; ck->version == 3 && i < sizeof old / sizeof *old; i++)
		if (strcmp(item->media_type, old[i]) == 0)
			report_add(&ck->opf, RULE_ITEM_TYPE_OLD, item->line, "%s (%s)", item->href,
				   item->media_type);
	if (item->entry != NONE && !ck->encrypted[item->entry])
		check_picture(ck, item, &ck->package->entries[item->entry]);
}

/* --- Properties: "Manifest properties vocabulary" --- */

static const struct {
	const char *name;
	unsigned bit;
	const char *types; /* words; a bare "image/" stands for all pictures; NULL: any */
} item_properties[] = {
	{"nav", PROP_NAV, "application/xhtml+xml"},
	{"cover-image", PROP_COVER, "image/"},
	{"svg", PROP_SVG, "application/xhtml+xml"},
	{"mathml", PROP_MATHML, "application/xhtml+xml"},
	{"scripted", PROP_SCRIPTED, "application/xhtml+xml image/svg+xml"},
	{"switch", PROP_SWITCH, "application/xhtml+xml"},
	{"remote-resources", PROP_REMOTE, NULL},
	{"data-nav", 0, NULL},
	{"dictionary", 0, NULL},
	{"glossary", 0, NULL},
	{"index", 0, NULL},
	{"search-key-map", 0, NULL},
};

static void check_item_property(struct checker *ck, struct item *item, const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof item_properties / sizeof *item_properties; i++) {
		if (strlen(item_properties[i].name) != len ||
		    memcmp(item_properties[i].name, word, len) != 0)
			continue;
		const char *types = item_properties[i].types, *type = item->media_type;
		item->declared |= item_properties[i].bit;
		if (types && type &&
		    !(strcmp(types, "image/") == 0 ? strncmp(type, "image/", 6) == 0
						   : word_list_has(types, type)))
			report_add(&ck->opf,
				   item_properties[i].bit == PROP_COVER ? RULE_COVER_IMAGE
									: RULE_ITEM_PROPERTY,
				   item->line, "%.*s (%s)", (int)len, word, type);
		return;
	}
	const char *copy = arena_dupn(&ck->arena, word, len);
	if (copy && (!strchr(copy, ':') || !opf_prefix_known(ck, copy)))
		report_add(&ck->opf, RULE_ITEM_PROPERTY, item->line, "%s", copy);
}

static void check_item_properties(struct checker *ck, struct item *item)
{
	for (const char *s = item->properties; s && *s;) {
		size_t len = strcspn(s, " \t\r\n");
		check_item_property(ck, item, s, len);
		s += len;
		s += strspn(s, " \t\r\n");
	}
}

/* --- Items --- */

static void check_href(struct checker *ck, struct item *item)
{
	struct url url;
	struct report *r = &ck->opf;
	url_parse(&url, &ck->arena, ck->opf_name, item->href, strlen(item->href));
	if (url.kind == URL_REMOTE) {
		item->remote = true;
		return;
	}
	if (url.kind != URL_LOCAL || url.same || url.fragment || url.has_query ||
	    (url.path && strncmp(url.path, "META-INF/", 9) == 0)) {
		report_add(r, RULE_ITEM_HREF, item->line, "%s", item->href);
		return;
	}
	item->entry = index_get(&ck->names, url.path, url.path_len);
	if (item->entry == NONE) {
		report_add(r, RULE_ITEM_MISSING, item->line, "%s", item->href);
	} else if (item->entry == ck->opf_entry) {
		report_add(r, RULE_ITEM_HREF, item->line, "%s is the package document", item->href);
	} else if (ck->entry_item[item->entry] != NONE) {
		report_add(r, RULE_ITEM_REPEATED, item->line, "%s", item->href);
	} else {
		ck->entry_item[item->entry] = ck->manifest.count - 1;
	}
}

static void check_item_attributes(struct checker *ck, const xmlNode *n)
{
	static const char allowed[] = "id href media-type fallback media-overlay properties";
	for (const xmlAttr *at = n->properties; at; at = at->next)
		if (!at->ns && !word_list_has(allowed, (const char *)at->name))
			report_add(&ck->opf, RULE_PACKAGE_CONTENT, xml_line(n), "%s on item",
				   at->name);
}

static void manifest_add_item(struct checker *ck, const xmlNode *n)
{
	struct arena *a = &ck->arena;
	struct item item = {
		.id = xml_attr(a, n, "id"),
		.href = xml_attr(a, n, "href"),
		.media_type = xml_attr(a, n, "media-type"),
		.properties = xml_attr(a, n, "properties"),
		.fallback = xml_attr(a, n, "fallback"),
		.overlay = xml_attr(a, n, "media-overlay"),
		.line = xml_line(n),
		.entry = NONE,
		.spine = NONE,
	};
	if (!item.id || !item.href || !item.media_type || !*item.media_type) {
		report_add(&ck->opf, RULE_ITEM_ATTRIBUTES, item.line, "%s",
			   item.href ? item.href
			   : item.id ? item.id
				     : "");
		if (!item.href)
			return;
		item.id = item.id ? item.id : "";
		item.media_type = item.media_type ? item.media_type : "";
	}
	struct item *kept = ARENA_PUSH(a, ck->manifest);
	if (!kept)
		return;
	item.kind = manifest_kind_of(item.media_type);
	*kept = item;
	index_add(&ck->item_ids, kept->id, strlen(kept->id), ck->manifest.count - 1);
	check_href(ck, kept);
	check_type(ck, kept);
	if (ck->version == 3) {
		check_item_attributes(ck, n);
		check_item_properties(ck, kept);
	}
}

static struct item *item_of(const struct checker *ck, const char *id)
{
	size_t at = id ? index_get(&ck->item_ids, id, strlen(id)) : NONE;
	return at == NONE ? NULL : &ck->manifest.items[at];
}

/* "Manifest fallbacks": the chain exists and ends. */
static void check_fallback(struct checker *ck, const struct item *item)
{
	int steps = 0;
	for (const struct item *i = item; i && i->fallback; i = item_of(ck, i->fallback))
		if (!item_of(ck, i->fallback) || ++steps > FALLBACK_STEPS) {
			report_add(&ck->opf, RULE_ITEM_FALLBACK, item->line, "%s", item->fallback);
			return;
		}
}

static void check_all_items(struct checker *ck)
{
	unsigned navs = 0, covers = 0;
	for (size_t i = 0; i < ck->manifest.count; i++) {
		struct item *item = &ck->manifest.items[i];
		if (item->fallback) {
			struct item *to = item_of(ck, item->fallback);
			if (to)
				to->used = true;
			check_fallback(ck, item);
		}
		if (item->overlay) {
			struct item *smil = item_of(ck, item->overlay);
			if (smil)
				smil->used = true;
			if (!smil || strcmp(smil->media_type, "application/smil+xml") != 0)
				report_add(&ck->opf, RULE_ITEM_OVERLAY, item->line, "%s",
					   item->overlay);
		}
		if (item->declared & PROP_NAV) {
			navs++;
			ck->nav = item;
		}
		covers += (item->declared & PROP_COVER) != 0;
	}
	if (ck->version == 3 && navs != 1)
		report_add(&ck->opf, RULE_NAV_ITEM, 0, "%u", navs);
	if (covers > 1)
		report_add(&ck->opf, RULE_COVER_IMAGE, 0, "%u", covers);
}

void check_manifest(struct checker *ck, xmlNode *manifest)
{
	for (xmlNode *n = xml_first(manifest); n; n = xml_next(n)) {
		if (xml_is(n, NS_OPF, "item"))
			manifest_add_item(ck, n);
		else
			report_add(&ck->opf, RULE_PACKAGE_CONTENT, xml_line(n), "%s in manifest",
				   n->name);
	}
	check_all_items(ck);
}

/* --- The spine --- */

static bool is_page(const struct checker *ck, const struct item *item)
{
	return item->kind == DOC_XHTML || item->kind == DOC_SVG ||
	       (ck->version == 2 && (strcmp(item->media_type, "application/x-dtbook+xml") == 0 ||
				     strcmp(item->media_type, "text/x-oeb1-document") == 0));
}

static void check_spine_type(struct checker *ck, const struct item *item, int line)
{
	const struct item *i = item;
	for (int steps = 0; i && steps <= FALLBACK_STEPS; steps++) {
		if (is_page(ck, i))
			return;
		i = i->fallback ? item_of(ck, i->fallback) : NULL;
	}
	report_add(&ck->opf, RULE_SPINE_TYPE, line, "%s (%s)", item->href, item->media_type);
}

/* "Spine properties vocabulary" and "Package rendering vocabulary". */
static void check_itemref_properties(struct checker *ck, const char *list, int line)
{
	static const char known[] =
		"page-spread-left page-spread-right rendition:page-spread-left "
		"rendition:page-spread-right rendition:page-spread-center "
		"rendition:layout-reflowable rendition:layout-pre-paginated "
		"rendition:orientation-landscape rendition:orientation-portrait "
		"rendition:orientation-auto rendition:spread-none rendition:spread-landscape "
		"rendition:spread-portrait rendition:spread-both rendition:spread-auto "
		"rendition:flow-paginated rendition:flow-scrolled-continuous "
		"rendition:flow-scrolled-doc rendition:flow-auto rendition:align-x-center";
	for (const char *s = list; s && *s;) {
		size_t len = strcspn(s, " \t\r\n");
		const char *word = arena_dupn(&ck->arena, s, len);
		bool ours = word && (!strchr(word, ':') || strncmp(word, "rendition:", 10) == 0);
		if (word &&
		    (ours ? !word_list_has_n(known, word, len) : !opf_prefix_known(ck, word)))
			report_add(&ck->opf, RULE_SPINE_VALUE, line, "%s", word);
		s += len;
		s += strspn(s, " \t\r\n");
	}
}

static void check_itemref(struct checker *ck, const xmlNode *n, size_t *linear)
{
	struct arena *a = &ck->arena;
	const char *idref = xml_attr(a, n, "idref"), *value = xml_attr(a, n, "linear");
	struct item *item = item_of(ck, idref);
	int line = xml_line(n);
	if (!xml_is(n, NS_OPF, "itemref")) {
		report_add(&ck->opf, RULE_PACKAGE_CONTENT, line, "%s in spine", n->name);
		return;
	}
	if (value && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		report_add(&ck->opf, RULE_SPINE_VALUE, line, "linear=\"%s\"", value);
	if (ck->version == 3)
		check_itemref_properties(ck, xml_attr(a, n, "properties"), line);
	bool is_linear = !value || strcmp(value, "no") != 0;
	*linear += is_linear;
	if (!item || item->spine != NONE) {
		report_add(&ck->opf, RULE_SPINE_ITEM, line, "%s", idref ? idref : "");
		return;
	}
	item->spine = ck->spine_count++;
	item->linear = is_linear;
	check_spine_type(ck, item, line);
}

static void check_spine_toc(struct checker *ck, const xmlNode *spine)
{
	const char *toc = xml_attr(&ck->arena, spine, "toc");
	const struct item *any = NULL;
	for (size_t i = 0; i < ck->manifest.count && !any; i++)
		if (ck->manifest.items[i].kind == DOC_NCX)
			any = &ck->manifest.items[i];
	ck->ncx = item_of(ck, toc);
	if (ck->ncx && ck->ncx->kind != DOC_NCX)
		ck->ncx = NULL;
	if (toc ? !ck->ncx : any || ck->version == 2)
		report_add(&ck->opf, RULE_SPINE_TOC, xml_line(spine), "%s",
			   toc ? toc : "it is missing");
}

void check_spine(struct checker *ck, xmlNode *spine)
{
	const char *direction = xml_attr(&ck->arena, spine, "page-progression-direction");
	size_t linear = 0;
	for (xmlNode *n = xml_first(spine); n; n = xml_next(n))
		check_itemref(ck, n, &linear);
	if (linear == 0)
		report_add(&ck->opf, RULE_SPINE_EMPTY, xml_line(spine), "%s", "");
	if (direction && !word_list_has("ltr rtl default", direction))
		report_add(&ck->opf, RULE_SPINE_VALUE, xml_line(spine), "%s", direction);
	check_spine_toc(ck, spine);
}
