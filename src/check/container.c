/* The container: EPUB 3.3, "Open Container Format (OCF)". */
#include "base/ascii.h"
#include "base/utf8.h"
#include "check/run.h"

#include <string.h>

static void check_mimetype(struct checker *ck)
{
	static const char type[] = "application/epub+zip";
	struct report *r = &ck->container;
	const struct package *p = ck->package;
	const struct entry *e = package_find(p, "mimetype");
	bool first = e && e == &p->entries[0];
	if (!first || (ck->raw && !ck->raw->mimetype_first)) {
		report_add(r, RULE_MIMETYPE_FIRST, 0, "%s", "");
	} else if (ck->raw) {
		if (!ck->raw->mimetype_stored)
			report_add(r, RULE_MIMETYPE_STORED, 0, "%s", "");
		if (!ck->raw->mimetype_no_extra)
			report_add(r, RULE_MIMETYPE_EXTRA, 0, "%s", "");
	}
	if (e && (e->size != sizeof type - 1 || memcmp(e->bytes, type, e->size) != 0))
		report_add(r, RULE_MIMETYPE_CONTENT, 0, "%s", "");
}

static void check_facts(struct checker *ck)
{
	const struct container_facts *raw = ck->raw;
	struct report *r = &ck->container;
	if (raw->has_comment)
		report_add(r, RULE_ZIP_COMMENT, 0, "%s", "");
	if (raw->encrypted_entries)
		report_add(r, RULE_ZIP_ENCRYPTED, 0, "%s", raw->detail);
	if (raw->has_directories)
		report_add(r, RULE_ZIP_DIRECTORIES, 0, "%s", "");
}

/* --- File names: "File paths and file names" --- */

static bool is_forbidden(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) ||
	       (cp < 0x80 && strchr("\"*:<>?\\|", (int)cp)) || (cp >= 0xE000 && cp <= 0xF8FF) ||
	       (cp >= 0xFDD0 && cp <= 0xFDEF) || (cp >= 0xFFF0 && cp <= 0xFFFF) ||
	       (cp & 0xFFFE) == 0xFFFE || cp >= 0xE0000;
}

static bool container_is_plain(uint32_t cp)
{
	return ascii_is_alnum(cp) || (cp && cp < 0x80 && strchr("./-_", (int)cp));
}

struct name_facts {
	bool forbidden, plain, capital;
	bool capital_file; /* in the file's own name, not in its folders' */
};

static struct name_facts inspect_name(const char *name, size_t len)
{
	struct name_facts facts = {.plain = true};
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += utf8_decode(name + i, len - i, &cp);
		facts.forbidden |= is_forbidden(cp);
		facts.plain &= container_is_plain(cp);
		facts.capital |= cp >= 'A' && cp <= 'Z';
		facts.capital_file = cp != '/' && (facts.capital_file || (cp >= 'A' && cp <= 'Z'));
		if (cp == '.' && (i == len || name[i] == '/'))
			facts.forbidden = true;
	}
	for (const char *part = name; part;) { /* no name of a file or folder over 255 bytes */
		size_t n = strcspn(part, "/");
		facts.forbidden |= n > 255;
		part = part[n] ? part + n + 1 : NULL;
	}
	return facts;
}

static const char *folded(struct arena *a, const char *name, size_t len, size_t *out_len)
{
	char *out = arena_alloc(a, len * 2 + 4); /* a lower case letter may take a byte more */
	size_t n = 0;
	for (size_t i = 0; out && i < len;) {
		uint32_t cp;
		i += utf8_decode(name + i, len - i, &cp);
		n += utf8_write(cp_lower(cp), out + n);
	}
	*out_len = n;
	return out;
}

static void check_names(struct checker *ck)
{
	struct report *r = &ck->container;
	struct index lower = {.arena = &ck->arena};
	size_t capitals = 0;
	for (size_t i = 0; i < ck->package->count; i++) {
		const char *name = ck->package->entries[i].name;
		size_t len = strlen(name), folded_len;
		struct name_facts facts = inspect_name(name, len);
		index_add(&ck->names, name, len, i);
		const char *key = facts.capital || !facts.plain
					  ? folded(&ck->arena, name, len, &folded_len)
					  : (folded_len = len, name);
		if (index_add(&lower, key, folded_len, i) != NONE)
			report_add(r, RULE_FILE_DUPLICATE, 0, "%s", name);
		if (!package_name_is_safe(name) || !utf8_is_clean(name, len))
			report_add(r, RULE_FILE_PATH, 0, "%s", name);
		else if (facts.forbidden)
			report_add(r, RULE_FILE_NAME, 0, "%s", name);
		else if (!facts.plain)
			report_add(r, RULE_FILE_NAME_PLAIN, 0, "%s", name);
		else if (strncmp(name, "META-INF/", 9) != 0)
			capitals += facts.capital_file;
	}
	if (capitals > 0)
		report_add(r, RULE_FILE_NAME_CASE, 0, "%zu of %zu", capitals, ck->package->count);
}

/* --- META-INF --- */

static xmlDoc *parse_meta_inf(struct checker *ck, const char *name, struct report *r)
{
	size_t at = index_get(&ck->names, name, strlen(name));
	if (at == NONE)
		return NULL;
	return xml_parse_tree(report_xml_fault, r, &ck->package->entries[at], DOC_XML, 0,
			      &ck->failed);
}

/* Files that encryption.xml lists hold no bytes that could be examined. */
static void find_encrypted(struct checker *ck)
{
	xmlDoc *doc = parse_meta_inf(ck, "META-INF/encryption.xml", &ck->container);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	for (const xmlNode *n = root; n;) {
		if (n->type == XML_ELEMENT_NODE &&
		    strcmp((const char *)n->name, "CipherReference") == 0) {
			struct url url;
			const char *uri = xml_attr(&ck->arena, n, "URI");
			url_parse(&url, &ck->arena, "", uri ? uri : "", uri ? strlen(uri) : 0);
			size_t at = url.path ? index_get(&ck->names, url.path, url.path_len) : NONE;
			if (at != NONE)
				ck->encrypted[at] = true;
		}
		if (n->children && n->type == XML_ELEMENT_NODE) {
			n = n->children;
			continue;
		}
		while (n != root && !n->next)
			n = n->parent;
		n = n == root ? NULL : n->next;
	}
	xmlFreeDoc(doc);
}

static void find_package_document(struct checker *ck)
{
	struct report *r = &ck->container;
	static const char name[] = "META-INF/container.xml";
	if (index_get(&ck->names, name, sizeof name - 1) == NONE) {
		report_add(r, RULE_CONTAINER_MISSING, 0, "%s", "");
		return;
	}
	struct report inner = {.where = name, .arena = &ck->arena};
	xmlDoc *doc = parse_meta_inf(ck, name, &inner);
	for (size_t i = 0; i < inner.count; i++)
		report_add(r, inner.items[i].rule, inner.items[i].line, "%s: %s", name,
			   inner.items[i].text);
	if (!doc)
		return;
	const xmlNode *root = xmlDocGetRootElement(doc), *list = NULL, *file = NULL;
	if (xml_is(root, NS_OCF, "container"))
		for (list = xml_first(root); list && !xml_is(list, NS_OCF, "rootfiles");)
			list = xml_next(list);
	for (file = list ? xml_first(list) : NULL; file; file = xml_next(file)) {
		const char *type = xml_attr(&ck->arena, file, "media-type");
		const char *path = xml_attr(&ck->arena, file, "full-path");
		if (xml_is(file, NS_OCF, "rootfile") && type && path && *path &&
		    strcmp(type, "application/oebps-package+xml") == 0) {
			ck->opf_name = path;
			break;
		}
	}
	xmlFreeDoc(doc);
	if (!ck->opf_name) {
		report_add(r, RULE_CONTAINER_ROOTFILE, 0, "%s", "");
		return;
	}
	ck->opf_entry = index_get(&ck->names, ck->opf_name, strlen(ck->opf_name));
	if (ck->opf_entry == NONE)
		report_add(r, RULE_PACKAGE_MISSING, 0, "%s", ck->opf_name);
}

void check_container(struct checker *ck)
{
	check_mimetype(ck);
	if (ck->raw)
		check_facts(ck);
	check_names(ck);
	find_encrypted(ck);
	find_package_document(ck);
}
