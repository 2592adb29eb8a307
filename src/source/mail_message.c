/* A message as an item, by GMime. */
#include "source/gmime.h"
#include "source/mail.h"

#include "source/feed_parts.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

/* Parts of a message; more are left out. */
enum { MAX_MAIL_PARTS = 1000 };

struct letter {
	const struct gmime_calls *g;
	struct item_builder *b;
	GMimeMessage *message;
	const char *html, *plain; /* clean, in the arena */
	bool is_flowed, is_del_sp;
	struct {
		struct chapbook_item_file *items;
		size_t count, cap;
	} pictures;
};

static const char *mail_header(const struct letter *l, const char *name)
{
	return l->g->get_header((GMimeObject *)l->message, name);
}

/* Characters of a header, decoded (RFC 2047), as one line. */
static const char *decode_line(struct letter *l, const char *text, size_t len)
{
	char *raw = arena_dupn(&l->b->arena, text, len);
	char *decoded = raw ? l->g->decode(NULL, raw) : NULL;
	const char *line = decoded ? item_line(l->b, decoded, strlen(decoded)) : NULL;
	l->g->free_text(decoded);
	return line;
}

/* The first web address in angle brackets. */
static const char *bracketed_url(struct letter *l, const char *name)
{
	const char *value = mail_header(l, name);
	while (value && (value = strchr(value, '<')) != NULL) {
		size_t n = strcspn(++value, ">");
		if (value[n] == '>' && strncasecmp(value, "http", 4) == 0)
			return arena_dupn(&l->b->arena, value, n);
	}
	return NULL;
}

/* --- Parts --- */

/* A text in UTF-8, clean; NULL where it is empty. */
static const char *part_text(struct letter *l, GMimeObject *part)
{
	if (!l->g->is_a((GTypeInstance *)part, l->g->text_type()))
		return NULL;
	char *text = l->g->get_text((GMimeTextPart *)part);
	struct buf clean = BUF_INIT;
	if (text)
		utf8_clean(&clean, text, strlen(text));
	l->g->free_text(text);
	const char *copy = clean.len ? arena_dupn(&l->b->arena, clean.data, clean.len) : NULL;
	l->b->arena.failed |= clean.failed;
	buf_release(&clean);
	return copy;
}

static void add_mail_picture(struct letter *l, GMimePart *part, const char *prefix,
			     const char *name, const char *type)
{
	GMimeDataWrapper *content = l->g->get_content(part);
	GMimeStream *stream = content ? l->g->new_output() : NULL;
	if (!stream)
		return;
	struct arena *arena = &l->b->arena;
	GByteArray *bytes = NULL;
	if (l->g->write_content(content, stream) >= 0)
		bytes = l->g->get_bytes((GMimeStreamMem *)stream);
	struct chapbook_item_file *slot =
		bytes && bytes->len ? ARENA_PUSH(arena, l->pictures) : NULL;
	if (slot)
		*slot = (struct chapbook_item_file){
			.name = arena_printf(arena, "%s%s", prefix, name),
			.type = arena_dup(arena, type),
			.bytes = arena_dupn(arena, (const char *)bytes->data, bytes->len),
			.size = bytes->len};
	l->g->unref(stream);
}

static void read_mail_part(struct letter *l, GMimeObject *object)
{
	GMimePart *part = (GMimePart *)object;
	if (!object || !l->g->is_a((GTypeInstance *)object, l->g->part_type()))
		return;
	char *type = l->g->type_name(l->g->get_type(object));
	const char *id = l->g->get_content_id(part), *location = l->g->get_location(part);
	bool is_body = !l->g->is_attachment(part);
	if (!type) {
		l->b->arena.failed = true;
	} else if (strcasecmp(type, "text/html") == 0 && is_body && !l->html) {
		l->html = part_text(l, object);
	} else if (strcasecmp(type, "text/plain") == 0 && is_body && !l->plain) {
		const char *format = l->g->get_parameter(object, "format");
		const char *del_sp = l->g->get_parameter(object, "delsp");
		l->plain = part_text(l, object);
		l->is_flowed = format && strcasecmp(format, "flowed") == 0;
		l->is_del_sp = del_sp && strcasecmp(del_sp, "yes") == 0;
	} else if (strncasecmp(type, "image/", 6) == 0 && (id || location)) {
		add_mail_picture(l, part, id ? "cid:" : "", id ? id : location, type);
	}
	l->g->free_text(type);
}

static void read_parts(struct letter *l)
{
	GMimePartIter *iter = l->g->new_iter((GMimeObject *)l->message);
	size_t count = 0;
	do
		read_mail_part(l, l->g->get_part(iter));
	while (++count < MAX_MAIL_PARTS && l->g->next_part(iter));
	l->g->free_iter(iter);
}

/* --- Plain text --- */

/* RFC 3676: a line that ends with a space is continued by the next one. */
static void unflow(struct letter *l)
{
	struct buf out = BUF_INIT;
	const char *s = l->plain;
	while (*s) {
		size_t n = strcspn(s, "\n"), len = n;
		while (len && s[len - 1] == '\r')
			len--;
		const char *line = s + (len && *s == ' ');
		len -= len && *s == ' ';
		bool is_signature = len == 3 && memcmp(line, "-- ", 3) == 0;
		bool is_flowing = len && line[len - 1] == ' ' && !is_signature && *line != '>';
		buf_append(&out, line, len - (is_flowing && l->is_del_sp));
		if (!is_flowing)
			buf_putc(&out, '\n');
		s += n + (s[n] != '\0');
	}
	l->plain = arena_dupn(&l->b->arena, out.data, out.len);
	l->b->arena.failed |= out.failed;
	buf_release(&out);
}

/* "View this post on the web at https://…": the address; the line is removed. */
static const char *take_page_line(struct letter *l)
{
	char *text = (char *)(uintptr_t)l->plain;
	for (char *line = text; line && *line;) {
		size_t n = strcspn(line, "\n");
		char *end = line + n, saved = *end, *url;
		*end = '\0';
		url = strstr(line, "http");
		bool is_link = false;
		if (url && url > line) {
			char first = *url;
			*url = '\0';
			is_link = mail_is_page_link(line);
			*url = first;
		}
		*end = saved;
		if (is_link) {
			const char *page = arena_dupn(&l->b->arena, url, strcspn(url, " \t\r\n>"));
			memmove(line, end, strlen(end) + 1);
			return page;
		}
		line = *end ? end + 1 : NULL;
	}
	return NULL;
}

/* --- The item --- */

/* The name in front of the address; "Ann Brown from The Lake" is Ann Brown. */
static void set_sender(struct letter *l)
{
	static const char *const joints[] = {" from ", " at ", " via ", " @ ", " | "};
	InternetAddressList *list = l->g->get_from(l->message);
	InternetAddress *address = list ? l->g->get_address(list, 0) : NULL;
	const char *name = address ? l->g->get_name(address) : NULL;
	const char *line = name ? item_line(l->b, name, strlen(name)) : NULL;
	size_t len = line ? strlen(line) : 0;
	struct chapbook_item *item = &l->b->item;
	for (size_t i = 0; line && i < sizeof joints / sizeof *joints; i++) {
		const char *at = strcasestr(line, joints[i]);
		if (!at || at == line)
			continue;
		const char *behind = at + strlen(joints[i]);
		if (!item->source)
			item->source = arena_dup(&l->b->arena, behind);
		if (strcasecmp(behind, item->source) == 0)
			len = (size_t)(at - line);
		break;
	}
	if (line && !strchr(line, '@') &&
	    !(item->source && strlen(item->source) == len &&
	      strncasecmp(line, item->source, len) == 0))
		item_add_author(l->b, line, len);
}

/* List-Id: The Lake <lake.example> (RFC 2919). */
static void set_mail_list(struct letter *l)
{
	const char *value = mail_header(l, "List-Id");
	size_t n = value ? strcspn(value, "<") : 0;
	const char *line = n ? decode_line(l, value, n) : NULL;
	size_t len = line ? strlen(line) : 0;
	if (len >= 2 && line[0] == '"' && line[len - 1] == '"') {
		line++;
		len -= 2;
	}
	if (len)
		l->b->item.source = item_line(l->b, line, len);
}

static void set_letter_text(struct letter *l)
{
	struct chapbook_item *item = &l->b->item;
	struct buf out = BUF_INIT;
	const struct mail_parts parts = {bracketed_url(l, "List-Unsubscribe"), l->pictures.items,
					 l->pictures.count};
	const char *page = bracketed_url(l, "Archived-At"), *found = NULL, *line = NULL;
	if (l->plain && l->is_flowed)
		unflow(l);
	if (l->plain)
		line = take_page_line(l);
	if (l->html) {
		found = mail_clean_html(&l->b->arena, &out, l->html, strlen(l->html), &parts);
		item->content = arena_dupn(&l->b->arena, out.data, out.len);
		item->content_size = out.len;
		item->content_type = "text/html";
	} else if (l->plain) {
		item->content = item_text(l->b, l->plain, strlen(l->plain));
		item->content_size = item->content ? strlen(item->content) : 0;
		item->content_type = "text/plain";
	}
	l->b->arena.failed |= out.failed;
	buf_release(&out);
	const char *const pages[] = {page, found, line, bracketed_url(l, "List-Post")};
	for (size_t i = 0; !item->url && i < sizeof pages / sizeof *pages; i++)
		if (pages[i])
			item_set_url(l->b, pages[i], strlen(pages[i]), NULL);
}

static int pass_letter(struct letter *l, const char *name, struct chapbook_error *err)
{
	struct chapbook_item *item = &l->b->item;
	const char *subject = l->g->get_subject(l->message), *id = l->g->get_id(l->message);
	const char *date = mail_header(l, "Date");
	item->title = subject ? item_line(l->b, subject, strlen(subject)) : NULL;
	item->id = id ? item_line(l->b, id, strlen(id)) : NULL;
	item->published = date ? feed_date(&l->b->arena, date, strlen(date)) : NULL;
	read_parts(l);
	set_mail_list(l);
	set_sender(l);
	set_letter_text(l);
	if (!item->content && !l->b->arena.failed) {
		diag_add(l->b->sink->diag, DIAG_ITEM_BAD, 0, "%s: \"%s\" has no text", name,
			 item->title ? item->title : "message");
		return 0;
	}
	return item_emit(l->b, err);
}

int mail_read_message(struct item_builder *b, const char *bytes, size_t size, const char *name,
		      struct chapbook_error *err)
{
	struct letter l = {.g = gmime_load(), .b = b};
	if (!l.g)
		return error_set(err, CHAPBOOK_E_INTERNAL,
				 "%s: mail is read by GMime, which is not installed: install "
				 "libgmime-3.0-0",
				 name);
	item_begin(b);
	GMimeStream *stream = l.g->new_stream(bytes, size);
	GMimeParser *parser = l.g->new_parser(stream);
	l.message = l.g->parse(parser, NULL);
	int rc = 0;
	if (l.message)
		rc = pass_letter(&l, name, err);
	else
		diag_add(b->sink->diag, DIAG_ITEM_BAD, 0, "%s: not a message", name);
	if (l.message)
		l.g->unref(l.message);
	l.g->unref(parser);
	l.g->unref(stream);
	return rc;
}
