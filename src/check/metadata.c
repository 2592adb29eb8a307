/* The metadata section: EPUB 3.3, "Metadata section" and the vocabularies of meta properties; OPF
 * 2.0.1 section 2.2. */
#include "check/run.h"

#include "base/word_list.h"
#include "lang/tag.h"

#include <string.h>
#include <strings.h>

struct metadata {
	struct checker *ck;
	struct report *r;
	struct arena *a;
	unsigned titles, identifiers, languages, dates, modified;
	bool modified_wrong;
	struct index once; /* "property refines", for what may stand once */
};

static bool is_dc_name(const char *name)
{
	return word_list_has("identifier title language date source type format creator subject "
			     "description publisher contributor relation coverage rights",
			     name);
}

/* EPUB 3 has no attributes of the package document's own namespace on dc elements; what EPUB 2 said
 * in them is said by meta elements. */
static void check_dc_attributes(struct metadata *m, const xmlNode *n)
{
	const char *name = (const char *)n->name;
	bool text = strcmp(name, "identifier") && strcmp(name, "language") &&
		    strcmp(name, "date") && strcmp(name, "type") && strcmp(name, "format");
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		const char *attr = (const char *)at->name;
		bool allowed =
			at->ns ? text && strcmp((const char *)at->ns->href, NS_XML) == 0 &&
					 strcmp(attr, "lang") == 0
			       : strcmp(attr, "id") == 0 || (text && strcmp(attr, "dir") == 0);
		if (!allowed)
			report_add(m->r, RULE_PACKAGE_CONTENT, xml_line(n), "%s on dc:%s", attr,
				   name);
	}
}

static void check_dc(struct metadata *m, const xmlNode *n)
{
	const char *name = (const char *)n->name, *text = xml_text(m->a, n);
	int line = xml_line(n), version = m->ck->version;
	if (!is_dc_name(name)) {
		report_add(m->r, RULE_PACKAGE_CONTENT, line, "dc:%s", name);
		return;
	}
	if (!*text) {
		if (version == 3)
			report_add(m->r, RULE_METADATA_EMPTY, line, "dc:%s", name);
	} else if (strcmp(name, "language") == 0) {
		if (!lang_tag_is_well_formed(text, strlen(text)))
			report_add(m->r, RULE_LANGUAGE_TAG, line, "%s", text);
		else if (m->ck->profile == PROFILE_KINDLE && !profile_sells_language(text))
			report_add(m->r, RULE_KINDLE_LANGUAGE, line, "%s", text);
	} else if (strcmp(name, "date") == 0) {
		if (!date_is_w3cdtf(text))
			report_add(m->r, RULE_DATE, line, "%s", text);
	} else if (strcmp(name, "identifier") == 0) {
		if (strncasecmp(text, "urn:uuid:", 9) == 0 && !uuid_is_valid(text + 9))
			report_add(m->r, RULE_IDENTIFIER_UUID, line, "%s", text);
	}
	m->ck->has_source |= strcmp(name, "source") == 0;
	m->titles += strcmp(name, "title") == 0;
	m->identifiers += strcmp(name, "identifier") == 0;
	m->languages += strcmp(name, "language") == 0;
	m->dates += strcmp(name, "date") == 0;
	if (version == 3)
		check_dc_attributes(m, n);
	const char *lang = xml_attr_ns(m->a, n, NS_XML, "lang");
	if (lang && *lang && !lang_tag_is_well_formed(lang, strlen(lang)))
		report_add(m->r, RULE_LANGUAGE_TAG, line, "%s", lang);
}

/* --- meta elements with a property --- */

/* EPUB 3.3, "Meta properties vocabulary", and "Package rendering vocabulary": what each refines
 * (names of dc elements, or a property), whether once for each thing refined, and its values. */
static const struct meta_property {
	const char *name;
	const char *refines; /* words; "meta" stands for belongs-to-collection; NULL: anything */
	bool once;
	bool global; /* must not refine anything */
	const char *values;
} properties[] = {
	{"alternate-script", NULL, false, false, NULL},
	{"authority", "subject", true, false, NULL},
	{"belongs-to-collection", NULL, false, false, NULL},
	{"collection-type", "meta", true, false, NULL},
	{"display-seq", NULL, true, false, NULL},
	{"file-as", NULL, true, false, NULL},
	{"group-position", NULL, true, false, NULL},
	{"identifier-type", "identifier source", true, false, NULL},
	{"meta-auth", NULL, false, false, NULL},
	{"pageBreakSource", NULL, false, false, NULL},
	{"role", "creator contributor publisher", false, false, NULL},
	{"source-of", "source", true, false, "pagination"},
	{"term", "subject", true, false, NULL},
	{"title-type", "title", true, false, NULL},
	{"rendition:flow", NULL, true, true, "paginated scrolled-continuous scrolled-doc auto"},
	{"rendition:layout", NULL, true, true, "reflowable pre-paginated"},
	{"rendition:orientation", NULL, true, true, "landscape portrait auto"},
	{"rendition:spread", NULL, true, true, "none landscape portrait both auto"},
	{"rendition:viewport", NULL, false, false, NULL},
	{"media:active-class", NULL, true, true, NULL},
	{"media:duration", NULL, false, false, NULL},
	{"media:narrator", NULL, false, false, NULL},
	{"media:playback-active-class", NULL, true, true, NULL},
};

static const struct meta_property *find_property(const char *name)
{
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
		if (strcmp(properties[i].name, name) == 0)
			return &properties[i];
	return NULL;
}

/* A property that is not in the table is wrong if it has no prefix, or one whose vocabulary is in
 * the table. */
static bool is_undefined(const struct checker *ck, const char *name)
{
	return !opf_prefix_known(ck, name) || !strchr(name, ':') ||
	       strncmp(name, "rendition:", 10) == 0 || strncmp(name, "media:", 6) == 0;
}

static void check_vocabulary(struct metadata *m, const xmlNode *n, const char *name,
			     const char *refines, const char *text)
{
	const struct meta_property *p = find_property(name);
	int line = xml_line(n);
	if (!p) {
		if (is_undefined(m->ck, name))
			report_add(m->r, RULE_META_PROPERTY, line, "%s", name);
		return;
	}
	if (p->global && refines)
		report_add(m->r, RULE_META_VALUE, line, "%s refines %s", name, refines);
	if (p->refines) {
		const xmlNode *to =
			refines && *refines == '#' ? opf_node(m->ck, refines + 1) : NULL;
		bool right = to && xml_is(to, NS_DC, NULL) &&
			     word_list_has(p->refines, (const char *)to->name);
		if (to && xml_is(to, NS_OPF, "meta") && strcmp(p->refines, "meta") == 0) {
			const char *other = xml_attr(m->a, to, "property");
			right = other && strcmp(other, "belongs-to-collection") == 0;
		}
		if (!right)
			report_add(m->r, RULE_META_VALUE, line, "%s refines %s", name,
				   refines ? refines : "nothing");
	}
	if (p->once) {
		const char *key = arena_printf(m->a, "%s %s", name, refines ? refines : "");
		if (key && index_add(&m->once, key, strlen(key), 0) != NONE)
			report_add(m->r, RULE_METADATA_REPEATED, line, "%s", key);
	}
	if (p->values && !word_list_has(p->values, text))
		report_add(m->r, RULE_META_VALUE, line, "%s: %s", name, text);
}

static void check_refines(struct metadata *m, const xmlNode *n, const char *refines)
{
	int line = xml_line(n);
	if (*refines == '#') {
		if (!opf_node(m->ck, refines + 1))
			report_add(m->r, RULE_REFINES, line, "%s", refines);
		return;
	}
	const struct opf_link *l = opf_link(m->ck, refines, RULE_REFINES, line);
	if (!l)
		return;
	if (l->url.kind != URL_LOCAL) {
		report_add(m->r, RULE_REFINES, line, "%s", refines);
	} else if (!l->url.fragment && l->url.path) {
		size_t at = index_get(&m->ck->names, l->url.path, l->url.path_len);
		if (at != NONE && m->ck->entry_item[at] != NONE)
			report_add(m->r, RULE_REFINES_PATH, line, "%s", refines);
	}
}

/* schema:caption and the like speak of pictures, sound and film. */
static void check_caption(struct metadata *m, const xmlNode *n, const char *refines)
{
	const xmlNode *to = refines && *refines == '#' ? opf_node(m->ck, refines + 1) : NULL;
	const char *type = xml_is(to, NS_OPF, "item") ? xml_attr(m->a, to, "media-type") : NULL;
	if (to && !(type && (strncmp(type, "image/", 6) == 0 || strncmp(type, "audio/", 6) == 0 ||
			     strncmp(type, "video/", 6) == 0)))
		report_add(m->r, RULE_CAPTION_TARGET, xml_line(n), "%s", refines);
}

static bool is_modified_date(const char *s)
{
	return strlen(s) == 20 && date_is_w3cdtf(s) && s[19] == 'Z';
}

static void check_meta(struct metadata *m, const xmlNode *n)
{
	const char *property = xml_attr(m->a, n, "property");
	const char *refines = xml_attr(m->a, n, "refines");
	int line = xml_line(n);
	if (!property) {
		const char *name = xml_attr(m->a, n, "name"),
			   *content = xml_attr(m->a, n, "content");
		if (!name || !content) {
			if (m->ck->version == 3)
				report_add(m->r, RULE_PACKAGE_CONTENT, line, "%s",
					   "meta with neither property nor name and content");
		} else if (strcmp(name, "cover") == 0) {
			m->ck->cover_id = content;
			const xmlNode *to = opf_node(m->ck, content);
			const char *type = xml_is(to, NS_OPF, "item")
						   ? xml_attr(m->a, to, "media-type")
						   : NULL;
			if (!type || strncmp(type, "image/", 6) != 0)
				report_add(m->r, RULE_COVER_META, line, "%s", content);
		}
		return;
	}
	const char *text = xml_text(m->a, n);
	if (!*text)
		report_add(m->r, RULE_METADATA_EMPTY, line, "%s", property);
	if (strcmp(property, "dcterms:modified") == 0 && !refines) {
		m->modified++;
		m->modified_wrong |= !is_modified_date(text);
	}
	if (strcmp(property, "schema:caption") == 0)
		check_caption(m, n, refines);
	check_vocabulary(m, n, property, refines, text);
	if (refines)
		check_refines(m, n, refines);
}

static void check_link_element(struct metadata *m, const xmlNode *n)
{
	const char *href = xml_attr(m->a, n, "href"), *rel = xml_attr(m->a, n, "rel");
	const char *type = xml_attr(m->a, n, "media-type");
	const char *refines = xml_attr(m->a, n, "refines");
	int line = xml_line(n);
	if (!href || !rel || !*rel) {
		report_add(m->r, RULE_METADATA_LINK, line, "%s", href ? "no rel" : "no href");
		return;
	}
	const struct opf_link *l = opf_link(m->ck, href, RULE_METADATA_LINK_TARGET, line);
	bool record = word_list_has(rel, "record"), voicing = word_list_has(rel, "voicing");
	if (l && !type && (record || voicing || (l->url.kind == URL_LOCAL && !l->url.same)))
		report_add(m->r, RULE_METADATA_LINK, line, "no media-type for %s", href);
	if (l && l->url.kind == URL_LOCAL && l->url.same)
		report_add(m->r, RULE_METADATA_LINK, line, "%s is in the package document", href);
	if ((record && refines) || (voicing && !refines))
		report_add(m->r, RULE_METADATA_LINK, line, "%s and refines", rel);
	if (word_list_has(rel, "alternate") && strcmp(rel, "alternate") != 0)
		report_add(m->r, RULE_METADATA_LINK, line, "%s", rel);
	for (const char *s = rel; *s;) {
		size_t len = strcspn(s, " \t\r\n");
		const char *word = arena_dupn(m->a, s, len);
		if (word && !opf_prefix_known(m->ck, word))
			report_add(m->r, RULE_META_PROPERTY, line, "%s", word);
		s += len;
		s += strspn(s, " \t\r\n");
	}
	if (refines)
		check_refines(m, n, refines);
}

static void check_required(struct metadata *m, const xmlNode *metadata)
{
	int line = xml_line(metadata);
	if (!m->titles)
		report_add(m->r, RULE_TITLE, line, "%s", "");
	if (!m->identifiers)
		report_add(m->r, RULE_IDENTIFIER, line, "%s", "");
	if (!m->languages)
		report_add(m->r, RULE_LANGUAGE, line, "%s", "");
	if (m->ck->version != 3)
		return;
	if (m->modified != 1 || m->modified_wrong)
		report_add(m->r, RULE_MODIFIED, line, "%s",
			   m->modified == 0  ? "it is missing"
			   : m->modified > 1 ? "more than once"
					     : "another form");
	if (m->dates > 1)
		report_add(m->r, RULE_METADATA_REPEATED, line, "%s", "dc:date");
}

void check_metadata(struct checker *ck, xmlNode *metadata)
{
	struct metadata m = {
		.ck = ck, .r = &ck->opf, .a = &ck->arena, .once = {.arena = &ck->arena}};
	xmlNode *n = xml_first(metadata);
	/* OEBPS 1.2 had dc elements in a box of their own, and EPUB 2 lets it be. */
	if (ck->version == 2 && n && strcmp((const char *)n->name, "dc-metadata") == 0)
		n = xml_first(n);
	for (; n; n = xml_next(n)) {
		if (xml_is(n, NS_DC, NULL))
			check_dc(&m, n);
		else if (xml_is(n, NS_OPF, "meta"))
			check_meta(&m, n);
		else if (xml_is(n, NS_OPF, "link") && ck->version == 3)
			check_link_element(&m, n);
		else if (ck->version == 3)
			report_add(m.r, RULE_PACKAGE_CONTENT, xml_line(n), "%s in metadata",
				   n->name);
	}
	check_required(&m, metadata);
}
