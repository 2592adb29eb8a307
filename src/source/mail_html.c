/* The HTML of letters. */
#include "source/mail.h"

#include "base/ascii.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A block with more text than this is more than a footer. A longer text is no name of a link. */
enum { MAX_FOOTER = 600, MAX_LINK_TEXT = 80, MAX_BLOCKS = 100 };

static bool has_link_word(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}
#define HAS_WORD(text, words) has_link_word((text), (words), sizeof(words) / sizeof *(words))

bool mail_is_page_link(const char *text)
{
	static const char *const words[] = {
		"browser",         "view online",    "read online",  "view on the web",
		"on the web",      "web version",    "webversion",   "view this email",
		"navigateur",      "en ligne",       "navegador",    "en línea",
		"nel browser",     "online ansehen", "online lesen", "onlineversion",
		"online bekijken", "в браузере",     "浏览器",       "ブラウザ",
	};
	return text && strlen(text) <= MAX_LINK_TEXT && HAS_WORD(text, words);
}

static bool is_unsubscribe(const char *text, const char *href, const struct mail_parts *parts)
{
	static const char *const words[] = {
		"unsubscribe",
		"opt out",
		"opt-out",
		"désabonner",
		"désinscrire",
		"abmelden",
		"abbestellen",
		"darse de baja",
		"cancelar",
		"disiscriv",
		"annulla l'iscrizione",
		"afmelden",
		"uitschrijven",
		"отписаться",
		"退订",
		"配信停止",
	};
	static const char *const addresses[] = {"unsub", "opt-out", "optout", "disable_email"};
	if (href && parts->unsubscribe && strcmp(href, parts->unsubscribe) == 0)
		return true;
	return (text && strlen(text) <= MAX_LINK_TEXT && HAS_WORD(text, words)) ||
	       HAS_WORD(href, addresses);
}

/* --- The tree --- */

static xmlNode *next_node(const xmlNode *root, xmlNode *n, bool into)
{
	if (into && n->children && n->type == XML_ELEMENT_NODE)
		return n->children;
	while (n && n != root && !n->next)
		n = n->parent;
	return n && n != root ? n->next : NULL;
}

/* Bytes of text below a node, as far as `limit`. */
static size_t text_size(xmlNode *root, size_t limit)
{
	size_t size = 0;
	for (xmlNode *n = root; n && size <= limit; n = next_node(root, n, true))
		for (const xmlChar *s = n->type == XML_TEXT_NODE ? n->content : NULL; s && *s; s++)
			size += !ascii_is_space(*s);
	return size;
}

static void remove_node(xmlNode *n)
{
	xmlUnlinkNode(n);
	xmlFreeNode(n);
}

static bool node_is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && xmlStrcasecmp(n->name, (const xmlChar *)name) == 0;
}

/* Remove the block that a link is in: the largest that is no more than a footer and has no
 * heading. */
static void remove_block(xmlNode *link, const xmlNode *root)
{
	xmlNode *block = link;
	for (xmlNode *n = link->parent; n && n != root && n->parent; n = n->parent) {
		if (node_is(n, "body") || text_size(n, MAX_FOOTER) > MAX_FOOTER)
			break;
		bool has_heading = false;
		for (xmlNode *c = n; c && !has_heading; c = next_node(n, c, true))
			has_heading = c->type == XML_ELEMENT_NODE && c->name[0] == 'h' &&
				      ascii_is_digit(c->name[1]);
		if (has_heading)
			break;
		block = n;
	}
	remove_node(block);
}

/* --- What is hidden --- */

/* Whether a style has a declaration, without regard to space: "display:none". */
static bool has_style(const char *style, const char *wanted)
{
	struct buf tight = BUF_INIT;
	for (; *style; style++)
		if (!ascii_is_space((unsigned char)*style))
			buf_putc(&tight, *style);
	const char *at = strcasestr(tight.data, wanted);
	/* "max-height:0" is not "max-height:0.5em", nor "line-height:0". */
	bool found = at && (at == tight.data || at[-1] == ';') &&
		     (strchr(";p!", at[strlen(wanted)]) != NULL);
	buf_release(&tight);
	return found;
}

static bool is_hidden_part(const xmlNode *n)
{
	static const char *const styles[] = {"display:none", "visibility:hidden", "mso-hide:all",
					     "max-height:0", "font-size:0",       "opacity:0"};
	bool hidden = xmlHasProp(n, (const xmlChar *)"hidden") != NULL;
	xmlChar *style = xmlGetProp(n, (const xmlChar *)"style");
	for (size_t i = 0; style && !hidden && i < sizeof styles / sizeof *styles; i++) {
		/* A font of no size holds tables together: the cells have their own. */
		if (i >= 3 && n->children && xmlChildElementCount((xmlNode *)(uintptr_t)n) > 0)
			continue;
		hidden = has_style((const char *)style, styles[i]);
	}
	xmlFree(style);
	return hidden;
}

static bool is_tiny(const xmlNode *n, const char *name)
{
	xmlChar *value = xmlGetProp(n, (const xmlChar *)name);
	char *end = NULL;
	long size = value ? strtol((const char *)value, &end, 10) : -1;
	bool tiny = value && end != (const char *)value && size >= 0 && size <= 2 &&
		    (*end == '\0' || *end == 'p');
	xmlFree(value);
	return tiny;
}

static bool is_pixel(const xmlNode *n)
{
	return node_is(n, "img") && is_tiny(n, "width") && is_tiny(n, "height");
}

static bool is_no_text(const xmlNode *n)
{
	static const char *const names[] = {"script", "style", "meta", "link", "base", "noscript"};
	bool found = n->type == XML_COMMENT_NODE || n->type == XML_PI_NODE;
	for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++)
		found = node_is(n, names[i]);
	return found || (n->type == XML_ELEMENT_NODE && (is_pixel(n) || is_hidden_part(n)));
}

/* --- Links and pictures --- */

static void set_picture(struct arena *arena, xmlNode *n, const struct mail_parts *parts)
{
	xmlChar *src = xmlGetProp(n, (const xmlChar *)"src");
	for (size_t i = 0; src && i < parts->picture_count; i++) {
		const struct chapbook_item_file *file = &parts->pictures[i];
		if (strcmp((const char *)src, file->name) != 0)
			continue;
		size_t size = BASE64_ENCODE_RAW_LENGTH(file->size);
		struct buf url = BUF_INIT;
		buf_printf(&url, "data:%s;base64,", file->type);
		size_t start = url.len;
		buf_reserve(&url, size + 1);
		char *text = malloc(size + 1);
		if (text) {
			base64_encode_raw(text, file->size, file->bytes);
			buf_append(&url, text, size);
		}
		if (!text || url.failed || url.len != start + size ||
		    !xmlSetProp(n, (const xmlChar *)"src", (const xmlChar *)url.data))
			arena->failed = true;
		free(text);
		buf_release(&url);
		break;
	}
	xmlFree(src);
}

/* Inspect a link. Returns whether the block that it is in is removed. */
static bool is_service_link(struct arena *arena, xmlNode *n, const struct mail_parts *parts,
			    const char **page)
{
	xmlChar *href = xmlGetProp(n, (const xmlChar *)"href"), *text = xmlNodeGetContent(n);
	bool is_web = href && strncasecmp((const char *)href, "http", 4) == 0;
	bool is_page = is_web && mail_is_page_link((const char *)text);
	bool is_end = href && is_unsubscribe((const char *)text, (const char *)href, parts);
	if (is_page && !is_end && !*page)
		*page = arena_dup(arena, (const char *)href);
	xmlFree(href);
	xmlFree(text);
	return is_page || is_end;
}

/* Remove the first block with such a link. False: there is none. */
static bool remove_service_block(struct arena *arena, xmlNode *root, const struct mail_parts *parts,
				 const char **page)
{
	for (xmlNode *n = root->children; n; n = next_node(root, n, true)) {
		if (node_is(n, "a") && is_service_link(arena, n, parts, page)) {
			remove_block(n, root);
			return true;
		}
	}
	return false;
}

static void clean_tree(struct arena *arena, xmlNode *root, const struct mail_parts *parts,
		       const char **page)
{
	xmlNode *next;
	for (xmlNode *n = root->children; n; n = next) {
		next = next_node(root, n, true);
		if (is_no_text(n)) {
			next = next_node(root, n, false);
			remove_node(n);
		} else if (node_is(n, "img")) {
			set_picture(arena, n, parts);
		}
	}
	/* Removing a block may remove links behind it, so that each search begins anew. */
	for (int i = 0; i < MAX_BLOCKS && remove_service_block(arena, root, parts, page); i++)
		;
}

const char *mail_clean_html(struct arena *arena, struct buf *out, const char *html, size_t len,
			    const struct mail_parts *parts)
{
	const char *page = NULL;
	htmlDocPtr doc = htmlReadMemory(html, (int)len, NULL, "UTF-8",
					HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
						HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (root) {
		xmlBuffer *text = xmlBufferCreate();
		clean_tree(arena, (xmlNode *)doc, parts, &page);
		int rc = text ? 0 : -1;
		for (xmlNode *n = doc->children; n && rc >= 0; n = n->next)
			if (n->type != XML_DTD_NODE && n->type != XML_HTML_DOCUMENT_NODE)
				rc = htmlNodeDump(text, doc, n);
		if (rc >= 0)
			buf_append(out, xmlBufferContent(text), (size_t)xmlBufferLength(text));
		else
			arena->failed = true;
		xmlBufferFree(text);
	}
	xmlFreeDoc(doc);
	return page;
}
