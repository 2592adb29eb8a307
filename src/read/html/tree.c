/* From gumbo's tree to the program's own. */
#include "read/html/parts.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum { MAX_ATTRIBUTES = 100 };

static bool is_plain_name(const char *name)
{
	if (!ascii_is_alpha(name[0]))
		return false;
	for (; *name; name++)
		if (!ascii_is_alpha(*name) && !ascii_is_digit(*name) && !strchr("-_.:", *name))
			return false;
	return true;
}

static void tree_put_lower(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_putc(out, (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 32 : s[i]));
}

/* --- Attributes --- */

/* Names of svg's and math's attributes that have capitals (section 13.2.6.1). */
static const char *foreign_name(GumboNamespaceEnum ns, const char *name)
{
	static const char *const names[] = {
		"attributeName",
		"attributeType",
		"baseFrequency",
		"baseProfile",
		"calcMode",
		"clipPathUnits",
		"diffuseConstant",
		"edgeMode",
		"filterUnits",
		"glyphRef",
		"gradientTransform",
		"gradientUnits",
		"kernelMatrix",
		"kernelUnitLength",
		"keyPoints",
		"keySplines",
		"keyTimes",
		"lengthAdjust",
		"limitingConeAngle",
		"markerHeight",
		"markerUnits",
		"markerWidth",
		"maskContentUnits",
		"maskUnits",
		"numOctaves",
		"pathLength",
		"patternContentUnits",
		"patternTransform",
		"patternUnits",
		"pointsAtX",
		"pointsAtY",
		"pointsAtZ",
		"preserveAlpha",
		"preserveAspectRatio",
		"primitiveUnits",
		"refX",
		"refY",
		"repeatCount",
		"repeatDur",
		"requiredExtensions",
		"requiredFeatures",
		"specularConstant",
		"specularExponent",
		"spreadMethod",
		"startOffset",
		"stdDeviation",
		"stitchTiles",
		"surfaceScale",
		"systemLanguage",
		"tableValues",
		"targetX",
		"targetY",
		"textLength",
		"viewBox",
		"viewTarget",
		"xChannelSelector",
		"yChannelSelector",
		"zoomAndPan",
	};
	if (ns == GUMBO_NAMESPACE_MATHML)
		return strcmp(name, "definitionurl") == 0 ? "definitionURL" : name;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(name, names[i]) == 0)
			return names[i];
	return name;
}

static void set_clean(xmlNode *node, const char *name, const char *value, size_t len)
{
	if (utf8_is_clean(value, len)) {
		tree_set(node, name, value);
		return;
	}
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, value, len);
	if (clean.failed)
		tree_fail(node);
	tree_set(node, name, clean.data);
	buf_release(&clean);
}

/* Those that gumbo has read. */
static void put_gumbo_attributes(xmlNode *node, const GumboElement *el, struct buf *name)
{
	for (unsigned i = 0; i < el->attributes.length; i++) {
		const GumboAttribute *a = el->attributes.data[i];
		const char *prefix = a->attr_namespace == GUMBO_ATTR_NAMESPACE_XLINK ? "xlink:"
				     : a->attr_namespace == GUMBO_ATTR_NAMESPACE_XML ? "xml:"
										     : "";
		if (a->attr_namespace == GUMBO_ATTR_NAMESPACE_XMLNS || !is_plain_name(a->name))
			continue;
		buf_truncate(name, 0);
		buf_puts(name, prefix);
		buf_puts(name, a->name);
		set_clean(node, name->data, a->value, strlen(a->value));
	}
}

/* Those that stand in the page, where the start tag is at `html`. */
static void put_page_attributes(xmlNode *node, const GumboElement *el, const char *html, size_t len,
				struct buf *name)
{
	struct html_tag tag = {.len = len, .name = html + 1};
	struct html_attribute a;
	struct buf value = BUF_INIT;
	bool foreign = el->tag_namespace != GUMBO_NAMESPACE_HTML;
	size_t at = 0;
	while (tag.name_len < len - 1 && !strchr(" \t\n\f/>", tag.name[tag.name_len]))
		tag.name_len++;
	for (int i = 0; i < MAX_ATTRIBUTES && html_tag_next(html, &tag, &at, &a); i++) {
		buf_truncate(name, 0);
		tree_put_lower(name, a.name, a.name_len);
		if (!is_plain_name(name->data) || (foreign && strncmp(name->data, "xmlns", 5) == 0))
			continue;
		const char *own =
			foreign ? foreign_name(el->tag_namespace, name->data) : name->data;
		if (tree_get(node, own))
			continue; /* the first one is kept */
		buf_truncate(&value, 0);
		if (memchr(a.value, '&', a.value_len))
			html_put_resolved(&value, a.value, a.value_len, true);
		else
			buf_append(&value, a.value, a.value_len);
		tree_set(node, own, value.data);
	}
	if (value.failed)
		tree_fail(node);
	buf_release(&value);
}

/* The start tag of the skeleton that an element comes from; NULL when there is none. */
static const struct html_start *find_start(const struct html_skeleton *sk, const GumboElement *el)
{
	const struct html_start *starts = (const void *)sk->starts.data;
	size_t low = 0, high = sk->starts.len / sizeof *starts;
	if (!el->original_tag.data)
		return NULL;
	size_t at = (size_t)(el->original_tag.data - sk->text.data);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (starts[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sk->starts.len / sizeof *starts && starts[low].at == at ? &starts[low] : NULL;
}

static void put_attributes(xmlNode *node, const GumboElement *el, const struct html_skeleton *sk,
			   const struct html_start *start, struct buf *name)
{
	if (!start || start->as_is)
		put_gumbo_attributes(node, el, name);
	else
		put_page_attributes(node, el, sk->html + start->tag, start->len, name);
}

void html_tree_put_attributes(xmlNode *node, const GumboElement *element,
			      const struct html_skeleton *sk)
{
	struct buf name = BUF_INIT;
	put_attributes(node, element, sk, find_start(sk, element), &name);
	if (name.failed)
		tree_fail(node);
	buf_release(&name);
}

/* --- Elements --- */

struct filler {
	const struct html_skeleton *sk;
	struct buf name, text;
	struct buf *noscripts;
};

static xmlNode *put_element(struct filler *f, xmlNode *parent, const GumboElement *el)
{
	buf_truncate(&f->name, 0);
	GumboStringPiece original = el->original_tag;
	const char *svg_name = NULL;
	if (el->tag == GUMBO_TAG_UNKNOWN || el->tag_namespace == GUMBO_NAMESPACE_SVG)
		gumbo_tag_from_original_text(&original);
	if (el->tag_namespace == GUMBO_NAMESPACE_SVG)
		svg_name = gumbo_normalize_svg_tagname(&original);
	const char *own = svg_name                       ? svg_name
			  : el->tag != GUMBO_TAG_UNKNOWN ? gumbo_normalized_tagname(el->tag)
							 : NULL;
	if (!own) {
		tree_put_lower(&f->name, original.data,
			       original.length < 100 ? original.length : 100);
		own = is_plain_name(f->name.data) ? f->name.data : "unknown";
	}
	xmlNode *node = tree_element(parent, own);
	const struct html_start *start = find_start(f->sk, el);
	put_attributes(node, el, f->sk, start, &f->name);
	if (start && start->raw_len && f->noscripts) {
		struct html_noscript noscript = {node, start->raw, start->raw_len};
		buf_append(f->noscripts, &noscript, sizeof noscript);
	}
	return node;
}

/* --- Text --- */

static void tree_put_run(struct filler *f, const struct html_run *run)
{
	const char *html = f->sk->html;
	if (run->space && f->text.len && f->text.data[f->text.len - 1] == ' ') {
		buf_truncate(&f->text, f->text.len - 1);
		buf_append(&f->text, html + run->start - run->space, run->space);
	}
	if (run->references)
		html_put_resolved(&f->text, html + run->start, run->len, false);
	else
		buf_append(&f->text, html + run->start, run->len);
}

/* Text of the skeleton: what stands for runs is replaced by them, the rest was resolved by gumbo.
 */
static void html_tree_put_text(struct filler *f, xmlNode *parent, const char *text)
{
	const char *end = text + strlen(text), *as_is = text;
	uint32_t high = 0;
	buf_truncate(&f->text, 0);
	for (const char *s = text; s < end;) {
		uint32_t cp;
		if ((unsigned char)*s < 0xF3) {
			s++;
			continue;
		}
		size_t n = utf8_decode(s, (size_t)(end - s), &cp);
		if (cp >= HTML_RUN_HIGH) {
			utf8_clean(&f->text, as_is, (size_t)(s - as_is));
			as_is = s + n;
		}
		if (cp >= HTML_RUN_LOW) {
			const struct html_run *run = html_skeleton_run(f->sk, high, cp);
			if (run)
				tree_put_run(f, run);
		}
		high = cp >= HTML_RUN_HIGH && cp < HTML_RUN_LOW ? cp : 0;
		s += n;
	}
	utf8_clean(&f->text, as_is, (size_t)(end - as_is));
	tree_text(parent, f->text.data, f->text.len);
}

/* --- The walk --- */

static const GumboVector *children_of(const GumboNode *node)
{
	bool element = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
	return element && node->v.element.children.length ? &node->v.element.children : NULL;
}

/* What has nothing in it. */
static void tree_put_leaf(struct filler *f, xmlNode *parent, const GumboNode *node)
{
	switch (node->type) {
	case GUMBO_NODE_ELEMENT:
	case GUMBO_NODE_TEMPLATE:
		put_element(f, parent, &node->v.element);
		break;
	case GUMBO_NODE_TEXT:
	case GUMBO_NODE_WHITESPACE:
	case GUMBO_NODE_CDATA:
		html_tree_put_text(f, parent, node->v.text.text);
		break;
	default:
		break;
	}
}

void html_tree_put(xmlNode *parent, const GumboNode *root, const struct html_skeleton *sk,
		   struct buf *noscripts)
{
	struct filler f = {.sk = sk, .name = BUF_INIT, .text = BUF_INIT, .noscripts = noscripts};
	const GumboVector *children = children_of(root);
	const GumboNode *node = children ? children->data[0] : NULL;
	size_t depth = 0, hidden = 0; /* `hidden` ones, below the deepest, hold nothing */
	while (node) {
		children = children_of(node);
		if (children && depth < HTML_MAX_OPEN) {
			parent = put_element(&f, parent, &node->v.element);
			depth++;
		} else if (children) {
			hidden++;
		} else {
			tree_put_leaf(&f, parent, node);
		}
		if (children) {
			node = children->data[0];
			continue;
		}
		for (;;) {
			children = children_of(node->parent);
			if (node->index_within_parent + 1 < children->length) {
				node = children->data[node->index_within_parent + 1];
				break;
			}
			node = node->parent;
			if (node == root) {
				node = NULL;
				break;
			}
			if (hidden) {
				hidden--;
			} else {
				parent = tree_parent(parent);
				depth--;
			}
		}
	}
	if (f.name.failed || f.text.failed)
		tree_fail(parent);
	buf_release(&f.name);
	buf_release(&f.text);
}
