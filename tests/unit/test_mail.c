/* Mail: messages, mbox files, Maildirs, and the books of letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "chapbook.h"

/* The items in lines: url, title, authors, source, published, content. */
static int put_letter(void *ctx, const struct chapbook_item *item)
{
	struct buf *out = ctx;
	buf_printf(out, "%s|%s|", item->url ? item->url : "", item->title ? item->title : "");
	for (size_t i = 0; i < item->author_count; i++)
		buf_printf(out, "%s%s", i ? "," : "", item->authors[i].name);
	buf_printf(out, "|%s|%s|%.*s\n", item->source ? item->source : "",
		   item->published ? item->published : "", (int)item->content_size,
		   item->content ? item->content : "");
	return 0;
}

static void check_mail(const char *text, const char *format, const char *expected)
{
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	struct chapbook_source *source =
		chapbook_source_open_bytes("mail", NULL, text, strlen(text), &err);
	assert_non_null(source);
	if (!format) {
		assert_null(chapbook_source_format(source));
	} else {
		assert_non_null(chapbook_source_format(source));
		assert_string_equal(chapbook_source_format(source), format);
		assert_int_equal(chapbook_source_read(source, put_letter, &out, NULL, NULL, &err),
				 0);
		assert_string_equal(out.data, expected);
	}
	chapbook_source_free(source);
	buf_release(&out);
}

#define HEADER                                                                                     \
	"From: =?utf-8?q?Zo=C3=AB_Brown?= from The Lake <zoe@lake.example>\n"                      \
	"Message-ID: <1@lake.example>\nSubject: The\n ice\nDate: Sat, 01 Mar 2025 08:00:00 "       \
	"+0000\n"

static void test_message(void **state)
{
	(void)state;
	check_mail(HEADER "List-Id: \"The Lake\" <lake.example>\n"
			  "Content-Type: text/plain; charset=iso-8859-1\n"
			  "Content-Transfer-Encoding: quoted-printable\n\nCaf=E9\n",
		   "mail", "|The ice|Zo\xC3\xAB Brown|The Lake|2025-03-01T08:00:00Z|Caf\xC3\xA9\n");
	check_mail(HEADER "Archived-At: <https://lake.example/1>\n"
			  "Content-Type: text/plain; format=flowed; delsp=no\n\n"
			  "One \ntwo.\n From here.\n",
		   "mail",
		   "https://lake.example/1|The ice|Zo\xC3\xAB Brown|The Lake|2025-03-01T08:00:00Z|"
		   "One two.\nFrom here.\n");
	/* A page that a browser saved, and a text. */
	check_mail("From: <Saved by Blink>\nSnapshot-Content-Location: https://a.example/\n"
		   "Subject: x\nMIME-Version: 1.0\n\n",
		   NULL, NULL);
	check_mail("From: ann@example.org\nTo: bo@example.org\nSubject: Ice\n\nA text.\n", NULL,
		   NULL);
	check_mail("Note: this is a text.\nFrom: a beginning.\n\nMore.\n", NULL, NULL);
}

static void test_html_letter(void **state)
{
	(void)state;
	check_mail(
		HEADER
		"List-Unsubscribe: <https://lake.example/x/1>\n"
		"Content-Type: multipart/alternative; boundary=b\n\n"
		"--b\nContent-Type: text/plain\n\nPlain\n"
		"--b\nContent-Type: multipart/related; boundary=c\n\n"
		"--c\nContent-Type: text/html; charset=utf-8\n\n"
		"<html><body><div style='display: none'>preheader</div>"
		"<p><a href='https://lake.example/p'>View in browser</a></p>"
		"<h1>The ice</h1><p>Text <img src='cid:p@l'></p>"
		"<img src='https://t.example/o.gif' width=1 height='1'>"
		"<table><tr><td>You get this letter. <a href='https://lake.example/x/1'>Leave</a>"
		"</td></tr></table></body></html>\n"
		"--c\nContent-Type: image/gif\nContent-ID: <p@l>\n"
		"Content-Transfer-Encoding: base64\n\nR0lGODlhAQABAAAAACw=\n--c--\n--b--\n",
		"mail",
		"https://lake.example/p|The ice|Zo\xC3\xAB Brown|The Lake|2025-03-01T08:00:00Z|"
		"<html><body>\n<h1>The ice</h1>\n<p>Text <img "
		"src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"></p>\n</body></html>\n");
}

static void test_mbox(void **state)
{
	(void)state;
	check_mail("From a@b Sat Mar  1 08:00:00 2025\n" HEADER "\nOne\n>From here\n\n"
		   "From a@b Sat Mar  1 09:00:00 2025\nFrom: bo@b.example\nSubject: Two\n\nTwo\n"
		   "From the start, no mark.\n",
		   "mbox",
		   "|The ice|Zo\xC3\xAB Brown|The Lake|2025-03-01T08:00:00Z|One\nFrom here\n"
		   "|Two||||Two\nFrom the start, no mark.\n");
}

static void write_mail(const char *folder, const char *below, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s/%s", folder, below, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_maildir(void **state)
{
	(void)state;
	static const char *const below[] = {"cur", "new", "tmp"};
	static const char *const files[] = {"cur/1:2,S", "cur/2:2,S", "new/3"};
	char folder[] = "/tmp/chapbook-maildir-XXXXXX", path[256];
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, below[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	write_mail(folder, "cur", "2:2,S", "From: a@b.example\nSubject: Two\n\nTwo\n");
	write_mail(folder, "cur", "1:2,S", "From: a@b.example\nSubject: One\n\nOne\n");
	write_mail(folder, "new", "3", "From: a@b.example\nSubject: Three\n\nThree\n");
	struct chapbook_source *source = chapbook_source_open(folder, &err);
	assert_non_null(source);
	assert_string_equal(chapbook_source_format(source), "maildir");
	assert_int_equal(chapbook_source_read(source, put_letter, &out, NULL, NULL, &err), 0);
	assert_string_equal(out.data, "|One||||One\n|Two||||Two\n|Three||||Three\n");
	chapbook_source_free(source);
	buf_release(&out);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, below[i]);
		rmdir(path);
	}
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_html_letter),
		cmocka_unit_test(test_mbox),
		cmocka_unit_test(test_maildir),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
