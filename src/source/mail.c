/* Mail: a message (RFC 5322), an mbox file (RFC 4155), a Maildir. Messages are read one by one. */
#include "source/mail.h"

#include "source/bytes.h"
#include "source/formats.h"

#include "base/ascii.h"
#include "base/error.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* --- What it is --- */

/* The length of the name of the header field that a line begins with; 0: it is none. */
static size_t mail_field_length(const char *line)
{
	size_t n = 0;
	while (line[n] > ' ' && line[n] < 0x7f && line[n] != ':')
		n++;
	return line[n] == ':' ? n : 0;
}

static bool field_is(const char *line, size_t len, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == len && strncasecmp(line, names[i], len) == 0)
			return true;
	return false;
}

/* A message that was sent has fields that programs write. Pages that browsers saved (MHTML) have
 * headers as well; a text may begin with "From:" and "To:". */
static bool is_message(const char *head)
{
	static const char *const sent[] = {"Message-ID",      "Received",       "Return-Path",
					   "Delivered-To",    "DKIM-Signature", "List-Id",
					   "List-Unsubscribe"};
	bool has_from = false, has_sent = false;
	for (const char *line = head; *line && *line != '\n' && *line != '\r';) {
		size_t n = mail_field_length(line), len = strcspn(line, "\n");
		bool is_folded = *line == ' ' || *line == '\t';
		if ((!n && !is_folded) || (is_folded && line == head))
			return false;
		if (n == 4 && strncasecmp(line, "From", 4) == 0) {
			has_from = true;
			if (memmem(line, len, "Saved by", 8))
				return false;
		}
		if (n && strncasecmp(line, "Snapshot-Content-Location", n) == 0 && n > 8)
			return false;
		has_sent |= field_is(line, n, sent, sizeof sent / sizeof *sent);
		line += len + (line[len] != '\0');
	}
	return has_from && has_sent;
}

static bool mail_is(const char *head, size_t len)
{
	(void)len;
	return is_message(head);
}

/* "From ann@lake.example Sat Mar  1 08:00:00 2025", and a header behind it. */
static bool mbox_is(const char *head, size_t len)
{
	const char *eol = memchr(head, '\n', len);
	if (strncmp(head, "From ", 5) != 0 || !eol)
		return false;
	size_t digits = 0;
	for (const char *p = head; p < eol; p++)
		digits += ascii_is_digit((unsigned char)*p);
	return digits >= 4 && mail_field_length(eol + 1) > 0;
}

static bool is_mail_folder(const char *folder, const char *name)
{
	struct stat st;
	char *path = NULL;
	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return false;
	bool found = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	free(path);
	return found;
}

static bool maildir_is(const char *path)
{
	return is_mail_folder(path, "cur") && is_mail_folder(path, "new") &&
	       is_mail_folder(path, "tmp");
}

/* --- Reading --- */

static int mail_read(struct source_bytes *in, const struct source_sink *sink,
		     struct chapbook_error *err)
{
	struct item_builder b = {.sink = sink};
	char *bytes = NULL;
	size_t size;
	if (source_read_all(in, MAX_MESSAGE, &bytes, &size, err) != 0)
		return -1;
	int rc = mail_read_message(&b, bytes, size, in->name, err);
	item_release(&b);
	free(bytes);
	return rc;
}

struct mbox {
	struct source_bytes *in;
	struct item_builder item;
	struct buf line, message;
	bool after_empty, is_open, is_too_large;
	struct chapbook_error *err;
};

static int end_message(struct mbox *mbox)
{
	int rc = 0;
	if (mbox->is_too_large)
		diag_add(mbox->item.sink->diag, DIAG_ITEM_BAD, 0, "a message of more than %d MB",
			 MAX_MESSAGE >> 20);
	else if (mbox->is_open && mbox->message.len)
		rc = mail_read_message(&mbox->item, mbox->message.data, mbox->message.len,
				       mbox->in->name, mbox->err);
	buf_truncate(&mbox->message, 0);
	mbox->is_too_large = false;
	return rc;
}

/* A line with its end. Lines of texts that begin with "From " have ">" before it. */
static int add_mail_line(struct mbox *mbox)
{
	const char *s = mbox->line.data;
	size_t len = mbox->line.len, quotes = strspn(s, ">");
	if (mbox->after_empty && len > 5 && strncmp(s, "From ", 5) == 0) {
		int rc = end_message(mbox);
		mbox->is_open = true;
		mbox->after_empty = false;
		buf_truncate(&mbox->line, 0);
		return rc;
	}
	mbox->after_empty = len > 0 && (*s == '\n' || (*s == '\r' && len == 2));
	if (quotes && strncmp(s + quotes, "From ", 5) == 0) {
		s++;
		len--;
	}
	if (mbox->message.len + len > MAX_MESSAGE)
		mbox->is_too_large = true;
	else
		buf_append(&mbox->message, s, len);
	buf_truncate(&mbox->line, 0);
	return 0;
}

static int add_mail_block(struct mbox *mbox, const char *s, size_t len)
{
	while (len) {
		const char *eol = memchr(s, '\n', len);
		size_t n = eol ? (size_t)(eol - s) + 1 : len;
		buf_append(&mbox->line, s, n);
		s += n;
		len -= n;
		int rc = eol || mbox->line.len > MAX_MESSAGE ? add_mail_line(mbox) : 0;
		if (rc != 0)
			return rc;
	}
	return mbox->line.failed || mbox->message.failed ? error_memory(mbox->err) : 0;
}

static int mbox_read(struct source_bytes *in, const struct source_sink *sink,
		     struct chapbook_error *err)
{
	struct mbox mbox = {.in = in,
			    .item = {.sink = sink},
			    .line = BUF_INIT,
			    .message = BUF_INIT,
			    .after_empty = true,
			    .err = err};
	char block[16384];
	long n;
	int rc = 0;
	while (rc == 0 && (n = in->read(in, block, sizeof block, err)) != 0)
		rc = n < 0 ? -1 : add_mail_block(&mbox, block, (size_t)n);
	if (rc == 0 && mbox.line.len)
		rc = add_mail_line(&mbox);
	if (rc == 0)
		rc = end_message(&mbox);
	item_release(&mbox.item);
	buf_release(&mbox.line);
	buf_release(&mbox.message);
	return rc;
}

static int read_mail_file(const char *path, const struct source_sink *sink,
			  struct chapbook_error *err)
{
	struct source_input in;
	struct chapbook_error why = {0};
	int rc = source_input_open(&in, path, &why);
	if (rc == 0)
		rc = mail_read(&in.bytes, sink, &why);
	source_input_close(&in);
	if (rc == -1 && why.code != CHAPBOOK_E_MEMORY) {
		diag_add(sink->diag, DIAG_ITEM_BAD, 0, "%s", why.message);
		return 0;
	}
	if (rc == -1 && err)
		*err = why;
	return rc;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The messages of "cur" or "new", in the order of their names, which begin with the time. */
static int read_mail_folder(const char *folder, const char *below, const struct source_sink *sink,
			    struct chapbook_error *err)
{
	struct dirent **entries = NULL;
	char *path = NULL;
	int rc = 0;
	if (asprintf(&path, "%s/%s", folder, below) < 0)
		return error_memory(err);
	int count = scandir(path, &entries, is_visible, alphasort);
	if (count < 0)
		rc = error_sys(err, "%s", path);
	for (int i = 0; i < count; i++) {
		char *file = NULL;
		if (rc == 0 && asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
			rc = error_memory(err);
		else if (rc == 0)
			rc = read_mail_file(file, sink, err);
		free(file);
		free(entries[i]);
	}
	free(entries);
	free(path);
	return rc;
}

static int maildir_read(const char *path, const struct source_sink *sink,
			struct chapbook_error *err)
{
	int rc = read_mail_folder(path, "cur", sink, err);
	return rc == 0 ? read_mail_folder(path, "new", sink, err) : rc;
}

const struct source_format source_mail = {.name = "mail", .is = mail_is, .read = mail_read};
const struct source_format source_mbox = {.name = "mbox", .is = mbox_is, .read = mbox_read};
const struct source_format source_maildir = {
	.name = "maildir", .is_folder = maildir_is, .read_folder = maildir_read};
