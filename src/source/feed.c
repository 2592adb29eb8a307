/* XML feeds. The parser of libxml2 calls for each element; what an item says is put into an item
 * builder and passed on at the item's end. */
#include "source/feed_parts.h"
#include "source/formats.h"

#include "article/url.h"
#include "base/error.h"

#include <libxml/parserInternals.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- Events --- */

static void on_characters(void *ctx, const xmlChar *text, int len)
{
	feed_value_add(ctx, (const char *)text, (size_t)len);
}

static void inherit(struct feed *f, const struct feed_attributes *at)
{
	struct feed_frame *frame = &f->frames[f->depth - 1];
	const struct feed_frame *above = f->depth > 1 ? frame - 1 : NULL;
	struct buf text = BUF_INIT;
	if (feed_attribute(at, "xml", "base", &text) && text.len) {
		const char *base = above && above->base.len ? above->base.data : f->own_url;
		buf_truncate(&frame->base, 0);
		if (base)
			url_resolve(&frame->base, text.data, base, URL_LINK);
		else
			buf_append(&frame->base, text.data, text.len);
	} else if (above) {
		buf_truncate(&frame->base, 0);
		buf_append(&frame->base, above->base.data, above->base.len);
	}
	if (above)
		memcpy(frame->language, above->language, MAX_LANGUAGE);
	if (feed_attribute(at, "xml", "lang", &text)) {
		frame->language[0] = '\0';
		if (text.len < MAX_LANGUAGE)
			memcpy(frame->language, text.data, text.len + 1);
	}
	f->b.arena.failed |= text.failed || frame->base.failed;
	buf_release(&text);
}

/* Whether the element that starts is one that its parent gives a meaning. */
static bool is_in_place(const struct feed *f, enum feed_field field)
{
	unsigned parent = f->depth - 1;
	if (field == NAME || field == HOMEPAGE)
		return feed_frame_has(f, parent, AUTHOR);
	if (!f->item_depth)
		return feed_frame_has(f, parent, CHANNEL);
	return parent == f->item_depth || feed_frame_has(f, parent, GROUP) ||
	       (feed_frame_has(f, parent, SOURCE) && field == TITLE);
}

static void start_field(struct feed *f, const struct feed_element *e,
			const struct feed_attributes *at)
{
	struct buf text = BUF_INIT;
	if (e->field == LINK && feed_attribute(at, NULL, "href", &text)) {
		if (f->item_depth)
			feed_take_atom_link(f, at);
		else
			feed_take_channel_link(f, at, &text);
	} else if (e->field == TAG && feed_attribute(at, NULL, "term", &text) && text.len) {
		item_add_tag(&f->b, text.data, text.len);
	} else if (e->field == LINK && feed_attribute(at, NULL, "rel", &text) &&
		   strcmp(text.data, "alternate") != 0) {
		buf_truncate(&text, 0); /* not of the article */
	} else if (e->field != CHANNEL && e->field != ITEM && e->field != SOURCE &&
		   e->field != GROUP) {
		if (e->field == CONTENT && feed_attribute(at, NULL, "src", &text))
			feed_take_link(f, text.data, text.len, RANK_GUID);
		feed_value_begin(f, at);
		if (strcmp(e->ns, "xhtml") == 0)
			f->form = FORM_XHTML;
	}
	f->b.arena.failed |= text.failed;
	buf_release(&text);
}

static void on_feed_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
			  int ns_count, const xmlChar **ns_list, int attr_count, int defaulted,
			  const xmlChar **attributes)
{
	struct feed *f = ctx;
	const struct feed_attributes at = {attributes, attr_count};
	(void)ns_count, (void)ns_list, (void)defaulted;
	if (++f->depth > MAX_DEPTH)
		return;
	struct feed_frame *frame = &f->frames[f->depth - 1];
	frame->element = NULL;
	inherit(f, &at);
	/* An author of Atom has children; those of other values are a part of them. */
	bool in_author = f->value_depth && feed_frame_has(f, f->value_depth, AUTHOR) &&
			 f->depth == f->value_depth + 1;
	const struct feed_element *e = feed_element_find(uri, prefix, name);
	if (f->value_depth && !(in_author && e && (e->field == NAME || e->field == HOMEPAGE))) {
		if (!in_author)
			feed_put_child_start(f, (const char *)name, &at);
		return;
	}
	frame->element = e;
	if (!e)
		return;
	if (e->field == ITEM && !f->item_depth)
		feed_item_begin(f, &at);
	else if (is_in_place(f, e->field))
		start_field(f, e, &at);
}

static void end_value(struct feed *f)
{
	const struct feed_element *e = f->frames[f->depth - 1].element;
	bool is_plain;
	feed_value_finish(f, &is_plain);
	f->value_depth = 0;
	if (!f->item_depth) {
		feed_take_channel(f, e, is_plain);
	} else if (e->field == NAME || e->field == HOMEPAGE) {
		const char *line = feed_value_line(f, is_plain);
		*(e->field == NAME ? &f->author_name : &f->author_url) = line;
		f->value_depth = f->depth - 1; /* the author continues */
		f->form = FORM_GUESS;
		buf_truncate(&f->value, 0);
	} else if (e->field == AUTHOR) {
		feed_author_end(f, e, is_plain);
	} else if (feed_frame_has(f, f->depth - 1, SOURCE)) {
		return; /* of another feed */
	} else {
		feed_take_field(f, e, is_plain);
	}
}

static void on_feed_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct feed *f = ctx;
	(void)prefix, (void)uri;
	if (f->depth <= MAX_DEPTH) {
		if (f->value_depth == f->depth)
			end_value(f);
		else if (f->value_depth && !feed_frame_has(f, f->value_depth, AUTHOR))
			feed_put_child_end(f, (const char *)name);
		else if (f->item_depth == f->depth)
			feed_item_end(f);
	}
	if (f->depth > 0)
		f->depth--;
}

static void on_feed_error(void *ctx, const char *format, ...)
{
	(void)ctx, (void)format;
}

/* --- The whole feed --- */

static void feed_release(struct feed *f)
{
	if (f->ctxt)
		xmlFreeParserCtxt(f->ctxt);
	for (size_t i = 0; i < MAX_DEPTH; i++)
		buf_release(&f->frames[i].base);
	buf_release(&f->value);
	buf_release(&f->best.bytes);
	buf_release(&f->best.base);
	item_release(&f->b);
	arena_release(&f->arena);
	free(f);
}

static struct feed *feed_new(struct source_bytes *in, const struct source_sink *sink,
			     struct chapbook_error *err)
{
	static const xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
					      .startElementNs = on_feed_start,
					      .endElementNs = on_feed_end,
					      .characters = on_characters,
					      .ignorableWhitespace = on_characters,
					      .cdataBlock = on_characters,
					      .error = on_feed_error,
					      .warning = on_feed_error};
	struct feed *f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	f->b.sink = sink;
	f->err = err;
	f->value = f->best.bytes = f->best.base = (struct buf)BUF_INIT;
	for (size_t i = 0; i < MAX_DEPTH; i++)
		f->frames[i].base = (struct buf)BUF_INIT;
	f->own_url = in->url;
	if (in->url)
		buf_puts(&f->frames[0].base, in->url);
	f->ctxt =
		xmlCreatePushParserCtxt((xmlSAXHandler *)(uintptr_t)&handler, f, NULL, 0, in->name);
	if (!f->ctxt) {
		feed_release(f);
		return NULL;
	}
	xmlCtxtUseOptions(f->ctxt, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC |
					   XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	return f;
}

static int read_feed_parts(struct feed *f, struct feed_bytes *bytes, struct source_bytes *in,
			   struct chapbook_error *err)
{
	const char *part;
	long n = 0;
	while (f->result == 0 && (n = feed_bytes_next(bytes, &part, err)) > 0)
		xmlParseChunk(f->ctxt, part, (int)n, 0);
	if (n < 0 || f->result != 0)
		return n < 0 ? -1 : f->result;
	xmlParseChunk(f->ctxt, NULL, 0, 1);
	if (f->result == 0 && feed_bytes_is_cut(bytes))
		diag_add(f->b.sink->diag, DIAG_ITEM_BAD, 0,
			 "the feed is cut short; its last entry may be, too");
	if (f->result == 0 && f->count == 0 && !f->ctxt->wellFormed)
		return error_set(err, CHAPBOOK_E_INPUT,
				 "%s: the feed is not well-formed XML; no entry can be read",
				 in->name);
	return f->result;
}

static int feed_read(struct source_bytes *in, const struct source_sink *sink,
		     struct chapbook_error *err)
{
	struct feed_bytes *bytes = feed_bytes_new(in, err);
	if (!bytes)
		return -1;
	struct feed *f = feed_new(in, sink, err);
	int rc = f ? read_feed_parts(f, bytes, in, err) : error_memory(err);
	if (f)
		feed_release(f);
	feed_bytes_free(bytes);
	return rc;
}

/* --- Recognising --- */

/* The name of the root element, without its prefix, in `name`. */
static void find_root(const char *head, char name[32])
{
	const char *s = head;
	name[0] = '\0';
	while (*(s += strspn(s, " \t\r\n")) == '<' && (s[1] == '?' || s[1] == '!')) {
		bool comment = strncmp(s, "<!--", 4) == 0;
		bool subset =
			strncasecmp(s, "<!DOCTYPE", 9) == 0 && memchr(s, '[', strcspn(s, ">"));
		const char *end = strstr(s, comment       ? "-->"
					    : s[1] == '?' ? "?>"
					    : subset      ? "]"
							  : ">");
		if (!end)
			return;
		s = subset ? end + strcspn(end, ">") + 1
			   : end + (comment       ? 3
				    : s[1] == '?' ? 2
						  : 1);
	}
	if (*s != '<')
		return;
	size_t n = strcspn(++s, " \t\r\n/>");
	const char *colon = memchr(s, ':', n);
	const char *local = colon ? colon + 1 : s;
	n -= (size_t)(local - s);
	if (n < 32) {
		memcpy(name, local, n);
		name[n] = '\0';
	}
}

static const char *root_format(const char *head)
{
	static const struct {
		const char *root, *name;
	} names[] = {{"rss", "rss"}, {"RDF", "rss"}, {"feed", "atom"}, {"CHANNEL", "cdf"}};
	char root[32];
	find_root(head, root);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(root, names[i].root) == 0) {
			if (strcmp(names[i].root, "RDF") == 0 && !strstr(head, "rss/1.0") &&
			    !strstr(head, "rdf/simple/0.9") && !strstr(head, "<item"))
				return NULL;
			return names[i].name;
		}
	return NULL;
}

static bool feed_name_of(const char *head, size_t len, char *name, size_t size)
{
	const char *known = root_format(head);
	(void)len;
	if (known)
		snprintf(name, size, "%s", known);
	return known != NULL;
}

static bool feed_is(const char *head, size_t len)
{
	(void)len;
	return root_format(head) != NULL;
}

const struct source_format source_feed = {
	.name = "feed", .is = feed_is, .read = feed_read, .name_of = feed_name_of};
