/* OPML 2.0: lists of feeds in folders, which readers of feeds export. */
#include "source/formats.h"
#include "source/item.h"

#include "base/buf.h"
#include "base/error.h"

#include <libxml/xmlreader.h>
#include <string.h>
#include <strings.h>

enum { MAX_OUTLINES = 100 /* within one another */ };

struct opml_list {
	struct source_bytes *in;
	struct item_builder item;
	struct buf folder;
	size_t lengths[MAX_OUTLINES]; /* of the folder before each outline that is open */
	size_t depth;
	struct chapbook_error *err;
	struct chapbook_error read_error;
};

static int opml_bytes(void *ctx, char *to, int size)
{
	struct opml_list *list = ctx;
	return (int)list->in->read(list->in, to, (size_t)size, &list->read_error);
}

/* A copy of the attribute's value as a line, or NULL. Names are compared without case. */
static const char *outline_value(struct item_builder *b, xmlTextReader *reader, const char *name)
{
	const char *value = NULL;
	while (xmlTextReaderMoveToNextAttribute(reader) == 1) {
		const char *found = (const char *)xmlTextReaderConstName(reader);
		const char *text = (const char *)xmlTextReaderConstValue(reader);
		if (!value && found && text && strcasecmp(found, name) == 0)
			value = item_line(b, text, strlen(text));
	}
	xmlTextReaderMoveToElement(reader);
	return value;
}

/* A feed, or the address of a page. Returns what the sink does. */
static int read_outline(struct opml_list *list, xmlTextReader *reader, const char *title)
{
	struct item_builder *b = &list->item;
	const char *feed = outline_value(b, reader, "xmlUrl");
	const char *url = feed ? feed : outline_value(b, reader, "url");
	if (!url)
		url = outline_value(b, reader, "htmlUrl");
	if (!url || !item_set_url(b, url, strlen(url), list->in->url))
		return 0;
	const char *tags = outline_value(b, reader, "category");
	const char *saved = outline_value(b, reader, "created");
	b->item.is_source = feed != NULL;
	b->item.title = title;
	b->item.source_url = feed ? outline_value(b, reader, "htmlUrl") : NULL;
	b->item.summary = outline_value(b, reader, "description");
	b->item.saved = saved ? item_date(b, saved, strlen(saved), SOURCE_TIME_TEXT) : NULL;
	if (list->folder.len)
		b->item.folder = arena_dup(&b->arena, list->folder.data);
	if (tags)
		item_add_tags(b, tags, strlen(tags), ',');
	return item_emit(b, list->err);
}

/* An outline without an address is a folder. */
static int begin_outline(struct opml_list *list, xmlTextReader *reader)
{
	struct item_builder *b = &list->item;
	size_t before = list->folder.len;
	item_begin(b);
	const char *title = outline_value(b, reader, "title");
	if (!title)
		title = outline_value(b, reader, "text");
	int rc = read_outline(list, reader, title);
	if (xmlTextReaderIsEmptyElement(reader))
		return rc;
	if (title && !b->item.url)
		buf_printf(&list->folder, "%s%s", before ? "/" : "", title);
	if (list->depth < MAX_OUTLINES)
		list->lengths[list->depth] = before;
	list->depth++;
	return rc;
}

static void end_outline(struct opml_list *list)
{
	if (list->depth && --list->depth < MAX_OUTLINES)
		buf_truncate(&list->folder, list->lengths[list->depth]);
}

static int read_outlines(struct opml_list *list, xmlTextReader *reader)
{
	int more, rc = 0;
	while (rc == 0 && (more = xmlTextReaderRead(reader)) == 1) {
		const char *name = (const char *)xmlTextReaderConstLocalName(reader);
		int type = xmlTextReaderNodeType(reader);
		if (!name || strcasecmp(name, "outline") != 0)
			continue;
		if (type == XML_READER_TYPE_ELEMENT)
			rc = begin_outline(list, reader);
		else if (type == XML_READER_TYPE_END_ELEMENT)
			end_outline(list);
	}
	if (rc == 0 && list->read_error.code) {
		if (list->err)
			*list->err = list->read_error;
		return -1;
	}
	if (rc == 0 && more < 0)
		return error_set(list->err, CHAPBOOK_E_INPUT,
				 "%s:%d: not well-formed XML: the rest of the list is not read",
				 list->in->name, xmlTextReaderGetParserLineNumber(reader));
	return rc == 0 && list->folder.failed ? error_memory(list->err) : rc;
}

static bool opml_is(const char *head, size_t len)
{
	const char *p = head + strspn(head, " \t\n");
	(void)len;
	return *p == '<' && strcasestr(p, "<opml") != NULL && !strcasestr(p, "<html");
}

static void ignore_error(void *ctx, const char *text, xmlParserSeverities severity,
			 xmlTextReaderLocatorPtr where)
{
	(void)ctx;
	(void)text;
	(void)severity;
	(void)where;
}

static int opml_read(struct source_bytes *in, const struct source_sink *sink,
		     struct chapbook_error *err)
{
	struct opml_list list = {.in = in, .item = {.sink = sink}, .folder = BUF_INIT, .err = err};
	xmlTextReader *reader = xmlReaderForIO(opml_bytes, NULL, &list, NULL, NULL,
					       XML_PARSE_RECOVER | XML_PARSE_NONET |
						       XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!reader)
		return error_memory(err);
	xmlTextReaderSetErrorHandler(reader, ignore_error, NULL);
	int rc = read_outlines(&list, reader);
	xmlFreeTextReader(reader);
	item_release(&list.item);
	buf_release(&list.folder);
	return rc;
}

const struct source_format source_opml = {.name = "opml", .is = opml_is, .read = opml_read};
