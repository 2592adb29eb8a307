/* The preflight: a good book passes without a finding, and each rule is found where it, and nothing
 * else, is broken. With CHECK_CASES_DIR set, every case is also written there as an EPUB file named
 * after its rule, for other checkers to look at. */
#include "base/buf.h"
#include "check/check.h"
#include "package/package.h"

#include "../check/good.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum edit_op {
	EDIT_NONE,
	EDIT_REPLACE,
	EDIT_ADD,
	EDIT_DROP,
	EDIT_MOVE,
	EDIT_UTF16,
	EDIT_FACT,
	EDIT_ALSO,
	EDIT_TWICE,
	EDIT_FOR,
	EDIT_BYTES,
	EDIT_GROW,
	EDIT_SIZE,
	EDIT_NAME
};

struct edit {
	enum edit_op op;
	const char *file, *from, *to;
	size_t fact; /* or a size, or a profile */
	bool value;
};

struct test_case {
	const char *rule;
	struct edit edits[8];
};

#define EXTRA_PAGE                                                                                 \
	HTML_START "<head><title>Extra</title></head><body><h1>Extra</h1></body></html>\n"
#define OPEN10   "<div><div><div><div><div><div><div><div><div><div>"
#define CLOSE10  "</div></div></div></div></div></div></div></div></div></div>"
#define OPEN100  OPEN10 OPEN10 OPEN10 OPEN10 OPEN10 OPEN10 OPEN10 OPEN10 OPEN10 OPEN10
#define CLOSE100 CLOSE10 CLOSE10 CLOSE10 CLOSE10 CLOSE10 CLOSE10 CLOSE10 CLOSE10 CLOSE10 CLOSE10
#define DEEP     OPEN100 OPEN100 OPEN100 CLOSE100 CLOSE100 CLOSE100

#define CASE(rule, ...) {rule, {__VA_ARGS__}},
#define EDIT(f, a, b)                                                                              \
	{                                                                                          \
		.op = EDIT_REPLACE, .file = f, .from = a, .to = b                                  \
	}
#define ADD(f, text)                                                                               \
	{                                                                                          \
		.op = EDIT_ADD, .file = f, .to = text                                              \
	}
#define DROP(f)                                                                                    \
	{                                                                                          \
		.op = EDIT_DROP, .file = f                                                         \
	}
#define MOVE(f, name)                                                                              \
	{                                                                                          \
		.op = EDIT_MOVE, .file = f, .to = name                                             \
	}
#define UTF16(f)                                                                                   \
	{                                                                                          \
		.op = EDIT_UTF16, .file = f                                                        \
	}
#define FACT(field, v)                                                                             \
	{                                                                                          \
		.op = EDIT_FACT, .fact = offsetof(struct container_facts, field), .value = v       \
	}
#define ALSO(rules)                                                                                \
	{                                                                                          \
		.op = EDIT_ALSO, .to = rules                                                       \
	}
#define TWICE                                                                                      \
	{                                                                                          \
		.op = EDIT_TWICE                                                                   \
	}
#define FOR(name)                                                                                  \
	{                                                                                          \
		.op = EDIT_FOR, .fact = PROFILE_##name                                             \
	}
#define BYTES(f, bytes)                                                                            \
	{                                                                                          \
		.op = EDIT_BYTES, .file = f, .to = bytes, .fact = sizeof bytes - 1                 \
	}
#define GROW(f, size)                                                                              \
	{                                                                                          \
		.op = EDIT_GROW, .file = f, .fact = size                                           \
	}
#define ARCHIVE_SIZE(n)                                                                            \
	{                                                                                          \
		.op = EDIT_SIZE, .fact = n                                                         \
	}
#define FILE_NAME(s)                                                                               \
	{                                                                                          \
		.op = EDIT_NAME, .to = s                                                           \
	}
#define SCRIPTED                                                                                   \
	EDIT(OPF, "chapter-2.xhtml\" media-type=\"application/xhtml+xml\"",                        \
	     "chapter-2.xhtml\" media-type=\"application/xhtml+xml\" properties=\"scripted\"")

static const struct test_case cases[] = {
#include "../check/cases.h"
};
static const struct edit covered[] = {COVERED};
enum { CASES = sizeof cases / sizeof *cases, FILES = sizeof good_files / sizeof *good_files };

static const struct container_facts good_facts = {
	.mimetype_first = true, .mimetype_stored = true, .mimetype_no_extra = true};

/* --- Making a broken book --- */

struct file {
	const char *name;
	struct buf text;
	bool there;
};

struct broken {
	struct file files[FILES + 8];
	size_t count;
	struct container_facts facts;
};

static struct file *lookup(struct broken *b, const char *name)
{
	for (size_t i = 0; i < b->count; i++)
		if (strcmp(b->files[i].name, name) == 0)
			return &b->files[i];
	return NULL;
}

static struct file *find(struct broken *b, const char *name)
{
	struct file *f = lookup(b, name);
	if (!f)
		fail_msg("no file %s in the good book", name);
	return f;
}

static struct file *add(struct broken *b, const char *name)
{
	struct file *f = &b->files[b->count++];
	*f = (struct file){.name = name, .text = BUF_INIT, .there = true};
	return f;
}

static void replace(struct file *f, const char *from, const char *to)
{
	struct buf out = BUF_INIT;
	char *at = memmem(f->text.data, f->text.len, from, strlen(from));
	if (!at)
		fail_msg("\"%s\" is not in %s", from, f->name);
	buf_append(&out, f->text.data, (size_t)(at - f->text.data));
	buf_puts(&out, to);
	at += strlen(from);
	buf_append(&out, at, f->text.len - (size_t)(at - f->text.data));
	buf_release(&f->text);
	f->text = out;
}

static void to_utf16(struct file *f)
{
	struct buf out = BUF_INIT;
	replace(f, "UTF-8", "UTF-16");
	buf_append(&out, "\xFF\xFE", 2);
	for (size_t i = 0; i < f->text.len; i++) {
		buf_putc(&out, f->text.data[i]);
		buf_putc(&out, '\0');
	}
	buf_release(&f->text);
	f->text = out;
}

static void apply(struct broken *b, const struct edit *e)
{
	struct file *f;
	switch (e->op) {
	case EDIT_REPLACE:
		replace(find(b, e->file), e->from, e->to);
		break;
	case EDIT_ADD:
		buf_puts(&add(b, e->file)->text, e->to);
		break;
	case EDIT_BYTES:
		f = lookup(b, e->file) ? lookup(b, e->file) : add(b, e->file);
		buf_truncate(&f->text, 0);
		buf_append(&f->text, e->to, e->fact);
		break;
	case EDIT_GROW:
		f = find(b, e->file);
		for (size_t i = 0; i < e->fact; i++)
			buf_putc(&f->text, '\0');
		break;
	case EDIT_SIZE:
		b->facts.size = e->fact;
		break;
	case EDIT_NAME:
		b->facts.file_name = e->to;
		break;
	case EDIT_FOR:
		b->facts.file_name = "ferry.kepub.epub";
		for (size_t i = 0; i < sizeof covered / sizeof *covered; i++)
			apply(b, &covered[i]);
		break;
	case EDIT_DROP:
		find(b, e->file)->there = false;
		break;
	case EDIT_MOVE:
		find(b, e->file)->name = e->to;
		break;
	case EDIT_UTF16:
		to_utf16(find(b, e->file));
		break;
	case EDIT_FACT:
		*(bool *)((char *)&b->facts + e->fact) = e->value;
		break;
	case EDIT_NONE:
	case EDIT_ALSO:
	case EDIT_TWICE:
		break;
	}
}

static enum check_profile profile_of(const struct test_case *t)
{
	return t && t->edits[0].op == EDIT_FOR ? (enum check_profile)t->edits[0].fact
					       : PROFILE_NONE;
}

static void make_book(struct package *p, struct container_facts *facts, const struct test_case *t)
{
	struct broken b = {.facts = good_facts};
	*p = (struct package)PACKAGE_INIT;
	for (size_t i = 0; i < FILES; i++) {
		struct file *f = add(&b, good_files[i].name);
		buf_append(&f->text, good_files[i].bytes, good_files[i].size);
	}
	for (size_t i = 0; t && i < sizeof t->edits / sizeof *t->edits; i++)
		apply(&b, &t->edits[i]);
	for (size_t i = 0; i < b.count; i++) {
		if (b.files[i].there)
			package_add_take(p, b.files[i].name, &b.files[i].text);
		else
			buf_release(&b.files[i].text);
	}
	assert_false(p->failed);
	if (facts)
		*facts = b.facts;
}

/* --- What was found --- */

struct found {
	struct {
		char id[40], line[200];
		enum chapbook_severity severity;
	} items[64];
	size_t count;
};

static void on_finding(void *ctx, const struct chapbook_message *m)
{
	struct found *found = ctx;
	assert_true(found->count < 64);
	assert_non_null(m->text);
	snprintf(found->items[found->count].id, 40, "%s", m->id);
	snprintf(found->items[found->count].line, 200, "%s: %s", m->where ? m->where : "-",
		 m->text);
	found->items[found->count++].severity = m->severity;
}

static int examine(const struct test_case *t, unsigned threads, struct found *found)
{
	struct package p;
	struct container_facts facts;
	struct chapbook_error err = {0};
	make_book(&p, &facts, t);
	found->count = 0;
	int errors = check_package(
		&p, &facts, &(struct check_options){profile_of(t), threads, on_finding, found},
		&err);
	assert_int_equal(err.code, CHAPBOOK_OK);
	package_release(&p);
	return errors;
}

static bool listed(const char *list, const char *id)
{
	size_t n = strlen(id);
	for (const char *s = list; s && *s; s += strcspn(s, " "), s += *s == ' ')
		if (strncmp(s, id, n) == 0 && (s[n] == ' ' || s[n] == '\0'))
			return true;
	return false;
}

static void test_good(void **state)
{
	(void)state;
	struct found found;
	int errors = examine(NULL, 1, &found);
	for (size_t i = 0; i < found.count; i++)
		print_error("%s %s\n", found.items[i].id, found.items[i].line);
	assert_int_equal(found.count, 0);
	assert_int_equal(errors, 0);
}

static void test_cases(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < CASES; i++) {
		const struct test_case *t = &cases[i];
		const char *also = NULL;
		struct found found;
		size_t hits = 0, others = 0, expected = *t->rule != '\0';
		int errors = 0;
		for (size_t e = 0; e < 8; e++) {
			if (t->edits[e].op == EDIT_ALSO)
				also = t->edits[e].to;
			if (t->edits[e].op == EDIT_TWICE)
				expected = 2;
		}
		int told = examine(t, 1, &found);
		for (size_t f = 0; f < found.count; f++) {
			bool hit = strcmp(found.items[f].id, t->rule) == 0;
			hits += hit;
			others += !hit && !listed(also, found.items[f].id);
			errors += found.items[f].severity == CHAPBOOK_ERROR;
		}
		if (hits == expected && others == 0 && errors == told)
			continue;
		wrong++;
		print_error("case %zu (%s):\n", i, t->rule);
		for (size_t f = 0; f < found.count; f++)
			print_error("    %s %s\n", found.items[f].id, found.items[f].line);
	}
	assert_int_equal(wrong, 0);
}

/* Every rule has a case that breaks it. */
static void test_every_rule(void **state)
{
	(void)state;
	size_t untested = 0;
	for (size_t r = 0; r < check_rule_count; r++) {
		bool there = false;
		for (size_t i = 0; i < CASES && !there; i++)
			there = strcmp(cases[i].rule, check_rules[r].id) == 0;
		if (!there)
			print_error("no case breaks %s\n", check_rules[r].id);
		untested += !there;
	}
	assert_int_equal(untested, 0);
}

/* The findings do not depend on the number of threads, and come in the same order. */
static void test_threads(void **state)
{
	(void)state;
	struct found one, many;
	for (size_t i = 0; i < CASES; i++) {
		assert_int_equal(examine(&cases[i], 1, &one), examine(&cases[i], 4, &many));
		assert_int_equal(one.count, many.count);
		for (size_t f = 0; f < one.count; f++)
			assert_string_equal(one.items[f].line, many.items[f].line);
	}
}

/* What a device or shop wants is asked only of books for it. */
static void test_profiles(void **state)
{
	static const char *const names[] = {"generic", "kindle", "kobo", "google", "archive"};
	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(check_profile_find(names[i]), PROFILE_GENERIC + i);
	assert_int_equal(check_profile_find("Kindle"), PROFILE_NONE);
	assert_int_equal(check_profile_find(""), PROFILE_NONE);
	for (size_t i = 0; i < CASES; i++) {
		struct package p;
		struct container_facts facts;
		struct found found = {.count = 0};
		if (!profile_of(&cases[i]))
			continue;
		make_book(&p, &facts, &cases[i]);
		assert_true(
			check_package(&p, &facts,
				      &(struct check_options){PROFILE_NONE, 1, on_finding, &found},
				      NULL) >= 0);
		for (size_t f = 0; f < found.count; f++)
			if (!cases[i].edits[1].op || strcmp(found.items[f].id, cases[i].rule) == 0)
				fail_msg("case %zu: %s", i, found.items[f].line);
		package_release(&p);
	}
}

/* A book of EPUB 2 is held to the rules of EPUB 2. */
static void test_epub2(void **state)
{
	(void)state;
	static const struct test_case epub2 = {
		"",
		{{.op = EDIT_REPLACE,
		  .file = "EPUB/package.opf",
		  .from = "version=\"3.0\"",
		  .to = "version=\"2.0\""},
		 {.op = EDIT_REPLACE,
		  .file = "EPUB/package.opf",
		  .from = "<meta property=\"dcterms:modified\">2020-05-01T00:00:00Z</meta>",
		  .to = ""},
		 {.op = EDIT_REPLACE,
		  .file = "EPUB/package.opf",
		  .from = "<meta property=\"schema:accessibilityHazard\">none</meta>",
		  .to = ""},
		 {.op = EDIT_REPLACE,
		  .file = "EPUB/chapter-2.xhtml",
		  .from = "<!DOCTYPE html>",
		  .to = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" "
			"\"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd\">"},
		 {.op = EDIT_REPLACE,
		  .file = "EPUB/chapter-2.xhtml",
		  .from = "It came",
		  .to = "It&nbsp;<big>came</big>"}}};
	struct found found;
	int errors = examine(&epub2, 1, &found);
	for (size_t i = 0; i < found.count; i++)
		print_error("%s %s\n", found.items[i].id, found.items[i].line);
	assert_int_equal(errors, 0);
	assert_int_equal(found.count, 0);
}

/* Entities that multiply are stopped by the parser, and that is a finding, not a wait. */
static void test_entity_bomb(void **state)
{
	(void)state;
	static const struct test_case bomb = {
		"",
		{{.op = EDIT_REPLACE,
		  .file = "EPUB/chapter-2.xhtml",
		  .from = "<!DOCTYPE html>",
		  .to = "<!DOCTYPE html [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">"
			"<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
			"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
			"<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
			"<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">"
			"<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">"
			"<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\">]>"},
		 {.op = EDIT_REPLACE,
		  .file = "EPUB/chapter-2.xhtml",
		  .from = "It came",
		  .to = "It &g; came"}}};
	struct found found;
	assert_int_equal(examine(&bomb, 1, &found), 1);
	assert_string_equal(found.items[0].id, "xml-limit");
}

/* What is no book at all is told, not crashed on. */
static void test_nothing(void **state)
{
	(void)state;
	struct package p = PACKAGE_INIT;
	struct found found = {.count = 0};
	assert_int_equal(check_package(&p, NULL,
				       &(struct check_options){PROFILE_NONE, 1, on_finding, &found},
				       NULL),
			 2);
	assert_string_equal(found.items[0].id, "mimetype-first");
	assert_string_equal(found.items[1].id, "container-missing");
	package_release(&p);
}

/* --- For other checkers --- */

static int write_cases(const char *dir)
{
	for (size_t i = 0; i <= CASES; i++) {
		struct package p;
		struct chapbook_error err = {0};
		char path[512], *bytes = NULL;
		size_t size = 0;
		make_book(&p, NULL, i < CASES ? &cases[i] : NULL);
		snprintf(path, sizeof path, "%s/%03zu-%s.epub", dir, i,
			 i < CASES ? cases[i].rule : "good");
		FILE *f = fopen(path, "wb");
		if (!f || package_deflate(&p, 1, &err) != 0 ||
		    package_zip(&p, 1588291200, &bytes, &size, &err) != 0 ||
		    fwrite(bytes, 1, size, f) != size || fclose(f) != 0) {
			fprintf(stderr, "%s: cannot be written %s\n", path, err.message);
			return 1;
		}
		free(bytes);
		package_release(&p);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),        cmocka_unit_test(test_cases),
		cmocka_unit_test(test_every_rule),  cmocka_unit_test(test_threads),
		cmocka_unit_test(test_profiles),    cmocka_unit_test(test_epub2),
		cmocka_unit_test(test_entity_bomb), cmocka_unit_test(test_nothing),
	};
	const char *dir = getenv("CHECK_CASES_DIR");
	if (dir && *dir)
		return write_cases(dir);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
