/* The package document as a whole: EPUB 3.3, "The package element"; OPF 2.0.1 for EPUB 2. */
#include "check/run.h"

#include "base/ascii.h"

#include <string.h>

/* The prefix attribute: "name: URL name: URL". */
static void collect_prefixes(struct checker *ck, const char *prefixes)
{
	for (const char *s = prefixes; s && *s;) {
		size_t word = strcspn(s, " \t\r\n");
		if (word > 1 && s[word - 1] == ':')
			index_add(&ck->prefixes, s, word - 1, 0);
		s += word;
		s += strspn(s, " \t\r\n");
	}
}

void check_opf_links(struct checker *ck)
{
	for (size_t i = 0; i < ck->opf_links.count; i++) {
		const struct opf_link *l = &ck->opf_links.items[i];
		if (l->url.kind == URL_OUTSIDE || l->url.kind == URL_BAD) {
			report_add(&ck->opf, l->rule, l->line, "%s", l->text);
			continue;
		}
		if (l->url.kind != URL_LOCAL || l->url.same)
			continue;
		size_t at = index_get(&ck->names, l->url.path, l->url.path_len);
		const struct document *to = at == NONE ? NULL : ck->documents[at];
		bool wrong = at == NONE;
		if (to && !to->failed && l->url.fragment_len > 0 &&
		    (to->kind == DOC_XHTML || to->kind == DOC_SVG))
			wrong = index_get(&to->ids, l->url.fragment, l->url.fragment_len) == NONE;
		if (l->rule == RULE_GUIDE && at != NONE && !(to && to->kind == DOC_XHTML) &&
		    ck->entry_item[at] == NONE)
			wrong = true;
		if (wrong)
			report_add(&ck->opf, l->rule, l->line, "%s", l->text);
	}
}

/* XML Schema's NCName, near enough: what cannot be one in any book. */
static bool is_ncname(const char *s)
{
	if (!*s || ascii_is_digit(*s) || *s == '-' || *s == '.')
		return false;
	for (; *s; s++)
		if ((unsigned char)*s < 0x80 && *s != '-' && *s != '.' && *s != '_' &&
		    !ascii_is_digit(*s) && !ascii_is_alpha(*s))
			return false;
	return true;
}

/* Index every id, walking the tree without recursion. */
static void collect_ids(struct checker *ck, xmlNode *root)
{
	for (xmlNode *n = root; n;) {
		if (n->type == XML_ELEMENT_NODE) {
			const char *id = n->properties ? xml_attr(&ck->arena, n, "id") : NULL;
			if (id && !is_ncname(id))
				report_add(&ck->opf, RULE_PACKAGE_ID, xml_line(n), "\"%s\"", id);
			xmlNode **slot = id ? ARENA_PUSH(&ck->arena, ck->opf_nodes) : NULL;
			if (slot) {
				*slot = n;
				if (index_add(&ck->opf_ids, id, strlen(id),
					      ck->opf_nodes.count - 1) != NONE)
					report_add(&ck->opf, RULE_PACKAGE_ID, xml_line(n), "%s",
						   id);
			}
			if (n->children) {
				n = n->children;
				continue;
			}
		}
		while (n != root && !n->next)
			n = n->parent;
		n = n == root ? NULL : n->next;
	}
}

static void check_version(struct checker *ck, const xmlNode *root)
{
	const char *version = xml_attr(&ck->arena, root, "version");
	if (version && strcmp(version, "3.0") == 0) {
		ck->version = 3;
	} else if (version && strcmp(version, "2.0") == 0) {
		ck->version = 2;
	} else {
		report_add(&ck->opf, RULE_PACKAGE_VERSION, xml_line(root), "%s",
			   version ? version : "");
		ck->version = version && *version == '3' ? 3 : 2;
	}
}

static void check_identifier(struct checker *ck, const xmlNode *root)
{
	const char *id = xml_attr(&ck->arena, root, "unique-identifier");
	const xmlNode *n = opf_node(ck, id);
	if (n && xml_is(n, NS_DC, "identifier"))
		ck->identifier = xml_text(&ck->arena, n);
	else
		report_add(&ck->opf, RULE_UNIQUE_IDENTIFIER, xml_line(root), "%s", id ? id : "");
}

static void check_guide(struct checker *ck, xmlNode *guide)
{
	for (xmlNode *n = xml_first(guide); n; n = xml_next(n)) {
		const char *href = xml_attr(&ck->arena, n, "href");
		const char *type = xml_attr(&ck->arena, n, "type");
		if (!xml_is(n, NS_OPF, "reference") || !href || !type)
			report_add(&ck->opf, RULE_PACKAGE_CONTENT, xml_line(n), "%s in guide",
				   n->name);
		else
			opf_link(ck, href, RULE_GUIDE, xml_line(n));
	}
}

/* Files that neither the manifest nor a link of the metadata names. */
static void check_undeclared(struct checker *ck)
{
	size_t count = ck->package->count;
	bool *linked = arena_alloc(&ck->arena, count + 1);
	for (size_t i = 0; linked && i < ck->opf_links.count; i++) {
		const struct opf_link *l = &ck->opf_links.items[i];
		size_t at = l->rule == RULE_METADATA_LINK_TARGET && l->url.kind == URL_LOCAL
				    ? index_get(&ck->names, l->url.path, l->url.path_len)
				    : NONE;
		if (at != NONE)
			linked[at] = true;
	}
	for (size_t i = 0; linked && i < count; i++) {
		const char *name = ck->package->entries[i].name;
		if (ck->entry_item[i] == NONE && !linked[i] && i != ck->opf_entry &&
		    strcmp(name, "mimetype") != 0 && strncmp(name, "META-INF/", 9) != 0)
			report_add(&ck->container, RULE_FILE_UNDECLARED, 0, "%s", name);
	}
}

/* metadata, manifest, spine, and after them guide, bindings, collections (and tours in EPUB 2). */
static void check_sections(struct checker *ck, xmlNode *root)
{
	static const char *const names[] = {"metadata", "manifest", "spine"};
	xmlNode *found[3] = {NULL};
	size_t next = 0;
	bool wrong = false;
	for (xmlNode *n = xml_first(root); n; n = xml_next(n)) {
		size_t i = 0;
		while (i < 3 && !xml_is(n, NS_OPF, names[i]))
			i++;
		if (i < 3) {
			wrong |= found[i] != NULL || i != next;
			next = i + 1;
			if (!found[i])
				found[i] = n;
		} else if (next < 3) {
			wrong = true;
		}
	}
	if (wrong || !found[0] || !found[1] || !found[2])
		report_add(&ck->opf, RULE_PACKAGE_SECTIONS, xml_line(root), "%s", "");
	/* The manifest comes first, as metadata may refer to its items. */
	if (found[1])
		check_manifest(ck, found[1]);
	if (found[2])
		check_spine(ck, found[2]);
	if (found[0]) {
		check_metadata(ck, found[0]);
		check_accessibility(ck, found[0]);
	}
	if (found[1])
		check_undeclared(ck);
	for (xmlNode *n = xml_first(root); n; n = xml_next(n))
		if (xml_is(n, NS_OPF, "guide"))
			check_guide(ck, n);
}

void check_opf(struct checker *ck)
{
	ck->opf.where = ck->opf_name;
	/* A package document is a page to old readers: it gets the XML declaration. */
	xmlDoc *doc = xml_parse_tree(report_xml_fault, &ck->opf,
				     &ck->package->entries[ck->opf_entry], DOC_NCX, 3, &ck->failed);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (root && !xml_is(root, NS_OPF, "package")) {
		report_add(&ck->opf, RULE_PACKAGE_ROOT, xml_line(root), "%s", root->name);
	} else if (root) {
		check_version(ck, root);
		collect_prefixes(ck, xml_attr(&ck->arena, root, "prefix"));
		collect_ids(ck, root);
		check_identifier(ck, root);
		check_sections(ck, root);
	}
	ck->opf_nodes.items = NULL; /* they go with the tree */
	ck->opf_nodes.count = ck->opf_nodes.cap = 0;
	ck->opf_ids = (struct index){.arena = &ck->arena};
	xmlFreeDoc(doc);
}
