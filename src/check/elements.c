/* What single elements say: what they refer to, what they must have, what they make of the file
 * (scripted, svg, …). */
#include "check/content.h"

#include <string.h>
#include <strings.h>

static struct link *refer(struct content *c, const struct frame *f, enum link_kind kind,
			  const struct attrs *at, enum attr a)
{
	return at->value[a] ? document_link(c->d, kind, at->value[a], at->len[a], f->line) : NULL;
}

/* HTML, "Srcset attributes": candidates separated by commas, each a URL and perhaps a width or
 * density. */
static void refer_srcset(struct content *c, const struct frame *f, const struct attrs *at)
{
	const char *s = at->value[ATTR_SRCSET];
	size_t len = at->len[ATTR_SRCSET];
	for (size_t i = 0; s && i < len;) {
		while (i < len && ((unsigned char)s[i] <= ' ' || s[i] == ','))
			i++;
		size_t start = i;
		while (i < len && (unsigned char)s[i] > ' ')
			i++;
		size_t end = i;
		bool comma = end > start && s[end - 1] == ',';
		while (end > start && s[end - 1] == ',')
			end--;
		if (end > start) {
			struct link *l =
				document_link(c->d, LINK_IMAGE, s + start, end - start, f->line);
			if (l)
				l->has_fallback = true;
		}
		while (!comma && i < len && s[i] != ',')
			i++;
	}
}

static void elements_lacks(struct content *c, const struct frame *f, const char *what)
{
	report_add(&c->d->report, RULE_HTML_ATTRIBUTE, f->line, "%s has no %s", f->el->name, what);
}

static void html_img(struct content *c, const struct frame *parent, const struct frame *f,
		     const struct attrs *at)
{
	struct link *l = refer(c, f, LINK_IMAGE, at, ATTR_SRC);
	if (l) {
		l->has_fallback = f->inside & (HE_IN_OBJECT | HE_IN_MEDIA);
		l->is_img = true;
	}
	if (c->d->ck->profile == PROFILE_KINDLE && parent && parent->name == HTML_body)
		report_add(&c->d->report, RULE_KINDLE_STRAY_PICTURE, f->line, "%.*s",
			   (int)at->len[ATTR_SRC], at->value[ATTR_SRC] ? at->value[ATTR_SRC] : "");
	if (at->len[ATTR_SRC] == 0)
		elements_lacks(c, f, "src");
	refer_srcset(c, f, at);
	for (size_t i = 0; i < at->len[ATTR_ALT]; i++)
		if ((unsigned char)at->value[ATTR_ALT][i] > ' ') {
			c->text_seen++;
			break;
		}
	if (!attr_has(at, ATTR_ALT) && !attr_has(at, ATTR_ARIA_LABEL) &&
	    !attr_has(at, ATTR_ARIA_LABELLEDBY) && !attr_word(at, ATTR_ROLE, "presentation") &&
	    !attr_word(at, ATTR_ROLE, "none")) {
		c->d->missing_alt = true;
		report_add(&c->d->report, RULE_IMG_ALT, f->line, "%.*s", (int)at->len[ATTR_SRC],
			   at->value[ATTR_SRC] ? at->value[ATTR_SRC] : "");
	}
}

static void html_a(struct content *c, struct frame *f, const struct attrs *at)
{
	if (!attr_has(at, ATTR_HREF))
		return;
	f->has_link = true;
	if (at->len[ATTR_HREF] == 0) {
		report_add(&c->d->report, RULE_LINK_EMPTY, f->line, "%s", "");
		return;
	}
	struct link *l = refer(c, f, LINK_HYPER, at, ATTR_HREF);
	if (l)
		l->noteref = attr_word(at, ATTR_EPUB_TYPE, "noteref") ||
			     attr_word(at, ATTR_ROLE, "doc-noteref");
}

static void html_link(struct content *c, const struct frame *f, const struct attrs *at)
{
	bool style = false;
	const char *s = at->value[ATTR_REL];
	if (!s && c->d->ck->version == 3)
		elements_lacks(c, f, "rel");
	for (size_t i = 0, len = at->len[ATTR_REL]; s && i + 10 <= len; i++)
		style |= strncasecmp(s + i, "stylesheet", 10) == 0;
	if (style && attr_word(at, ATTR_REL, "alternate") && !attr_has(at, ATTR_TITLE))
		elements_lacks(c, f, "title");
	refer(c, f, style ? LINK_STYLE : LINK_OTHER, at, ATTR_HREF);
}

/* HTML, "The script element": a type that is neither JavaScript nor module makes it data. */
static bool is_data_block(const struct attrs *at)
{
	static const char *const running[] = {
		"",
		"module",
		"importmap",
		"text/javascript",
		"application/javascript",
		"text/ecmascript",
		"application/ecmascript",
		"application/x-javascript",
		"application/x-ecmascript",
		"text/jscript",
		"text/livescript",
		"text/x-javascript",
		"text/x-ecmascript",
	};
	if (!attr_has(at, ATTR_TYPE))
		return false;
	for (size_t i = 0; i < sizeof running / sizeof *running; i++)
		if (attr_is(at, ATTR_TYPE, running[i]))
			return false;
	return true;
}

static void found_script(struct content *c, struct frame *f, const struct attrs *at,
			 enum attr source)
{
	f->data_block = is_data_block(at);
	if (f->data_block)
		return;
	c->d->seen |= PROP_SCRIPTED;
	report_add(&c->d->report, RULE_SCRIPT, f->line, "%s", "");
	refer(c, f, LINK_SCRIPT, at, source);
}

/* EPUB 3.3, "XHTML requirements": the encoding is UTF-8, and said so once at most. */
static void html_meta(struct content *c, const struct frame *f, const struct attrs *at)
{
	if (attr_has(at, ATTR_CHARSET) && !attr_is(at, ATTR_CHARSET, "utf-8"))
		report_add(&c->d->report, RULE_HTML_META, f->line, "%.*s",
			   (int)at->len[ATTR_CHARSET], at->value[ATTR_CHARSET]);
	bool content_type = attr_is(at, ATTR_HTTP_EQUIV, "content-type");
	c->has_charset |= attr_has(at, ATTR_CHARSET);
	c->has_content_type |= content_type;
	if (c->has_charset && c->has_content_type)
		report_add(&c->d->report, RULE_HTML_META, f->line, "%s", "declared twice");
	if (content_type && c->d->ck->version == 3) {
		const char *s = at->value[ATTR_CONTENT] ? at->value[ATTR_CONTENT] : "";
		size_t len = at->len[ATTR_CONTENT];
		const char *rest =
			len > 10 && strncasecmp(s, "text/html;", 10) == 0 ? s + 10 : NULL;
		while (rest && rest < s + len && (unsigned char)*rest <= ' ')
			rest++;
		if (!rest || (size_t)(s + len - rest) < 13 ||
		    strncasecmp(rest, "charset=utf-8", 13) != 0)
			report_add(&c->d->report, RULE_HTML_META, f->line, "%.*s", (int)len, s);
	}
}

static void html_root(struct content *c, const struct frame *f, const struct attrs *at)
{
	if (attr_has(at, ATTR_LANG) && attr_has(at, ATTR_XML_LANG))
		return;
	/* XHTML 1.1, which EPUB 2 is made of, has no lang. */
	if (c->d->ck->version == 2 && attr_has(at, ATTR_XML_LANG))
		return;
	report_add(&c->d->report, RULE_HTML_LANG, f->line, "%s",
		   attr_has(at, ATTR_LANG)       ? "xml:lang is missing"
		   : attr_has(at, ATTR_XML_LANG) ? "lang is missing"
						 : "both are missing");
}

void element_html(struct content *c, struct frame *parent, struct frame *f, const struct attrs *at)
{
	struct link *l = NULL;
	switch (f->name) {
	case HTML_html:
		if (!parent)
			html_root(c, f, at);
		break;
	case HTML_title:
		c->has_title = true;
		break;
	case HTML_body:
		c->d->body_id = at->value[ATTR_ID] ? arena_dupn(&c->d->arena, at->value[ATTR_ID],
								at->len[ATTR_ID])
						   : NULL;
		c->d->body_id_len = at->len[ATTR_ID];
		break;
	case HTML_area:
		if (attr_has(at, ATTR_HREF) && !attr_has(at, ATTR_ALT))
			elements_lacks(c, f, "alt");
		html_a(c, f, at);
		break;
	case HTML_a:
		html_a(c, f, at);
		break;
	case HTML_img:
		html_img(c, parent, f, at);
		break;
	case HTML_link:
		html_link(c, f, at);
		break;
	case HTML_meta:
		html_meta(c, f, at);
		break;
	case HTML_script:
		found_script(c, f, at, ATTR_SRC);
		break;
	case HTML_style:
		c->style_line = content_line(c);
		break;
	case HTML_source:
		l = refer(c, f, f->inside & HE_IN_PICTURE ? LINK_IMAGE : LINK_MEDIA, at, ATTR_SRC);
		if (l)
			l->has_fallback = true;
		refer_srcset(c, f, at);
		break;
	case HTML_audio:
	case HTML_video:
	case HTML_track:
		l = refer(c, f, LINK_MEDIA, at, ATTR_SRC);
		refer(c, f, LINK_IMAGE, at, ATTR_POSTER);
		break;
	case HTML_iframe:
	case HTML_embed:
		refer(c, f, LINK_FRAME, at, ATTR_SRC);
		break;
	case HTML_object:
		refer(c, f, LINK_OBJECT, at, ATTR_DATA);
		break;
	case HTML_input:
		refer(c, f, LINK_IMAGE, at, ATTR_SRC);
		break;
	case HTML_form:
		c->d->seen |= PROP_SCRIPTED;
		report_add(&c->d->report, RULE_FORM, f->line, "%s", "");
		break;
	case HTML_bdo:
		if (!attr_has(at, ATTR_DIR))
			elements_lacks(c, f, "dir");
		break;
	case HTML_blockquote:
	case HTML_q:
	case HTML_ins:
	case HTML_del:
		refer(c, f, LINK_CITE, at, ATTR_CITE);
		break;
	default:
		break;
	}
}

static void svg_reference(struct content *c, struct frame *f, const char *name,
			  const struct attrs *at)
{
	enum attr a = attr_has(at, ATTR_HREF) ? ATTR_HREF : ATTR_XLINK_HREF;
	if (strcmp(name, "a") == 0) {
		f->has_link = attr_has(at, a);
		refer(c, f, LINK_HYPER, at, a);
	} else if (strcmp(name, "image") == 0) {
		refer(c, f, LINK_IMAGE, at, a);
		/* a picture in a picture: its alternative is the svg's, which we do not judge */
		c->text_seen++;
	} else if (strcmp(name, "script") == 0) {
		found_script(c, f, at, a);
	} else {
		refer(c, f, LINK_USE, at, a);
	}
}

/* "url(#id)" as a whole, as EPUBCheck reads it: with quotes around the address it is another one.
 */
static void svg_paint(struct content *c, const struct frame *f, const struct attrs *at, enum attr a)
{
	const char *value = at->value[a];
	size_t len = at->len[a], prefix = strlen("url(");
	if (value && len > prefix && memcmp(value, "url(", prefix) == 0 && value[len - 1] == ')')
		document_link(c->d, LINK_PAINT, value + prefix, len - prefix - 1, f->line);
}

void element_foreign(struct content *c, struct frame *f, const char *name, const struct attrs *at)
{
	struct document *d = c->d;
	switch (f->ns) {
	case IN_SVG:
		if (d->kind == DOC_XHTML)
			d->seen |= PROP_SVG;
		if (strcmp(name, "style") == 0)
			c->style_line = content_line(c);
		else if (strcmp(name, "foreignObject") == 0)
			f->model = MODEL_FLOW;
		f->html_only = strcmp(name, "title") == 0;
		svg_reference(c, f, name, at);
		svg_paint(c, f, at, ATTR_FILL);
		svg_paint(c, f, at, ATTR_STROKE);
		break;
	case IN_MATH:
		d->seen |= PROP_MATHML;
		c->text_seen++;
		refer(c, f, LINK_IMAGE, at, ATTR_ALTIMG);
		refer(c, f, LINK_HYPER, at, ATTR_HREF);
		break;
	case IN_EPUB:
		if (strcmp(name, "switch") == 0)
			d->seen |= PROP_SWITCH;
		break;
	default:
		break;
	}
}
