/* What is to be done with sources: a process in the sandbox reads them, chooses the items and
 * writes these into a file without a name, the plan. Other processes make their articles. The one
 * that wrote the plan may have been taken over: what is read of it is checked. */
#include "cli/plan_item.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DATE_SIZE = 24, NAME_MAX_SIZE = 4096 };

/* What stands before each entry. */
struct plan_head {
	enum { PLAN_BEGIN, PLAN_ARTICLE, PLAN_ITEM } kind;
	uint32_t is_remote;
	uint64_t input;            /* its number */
	uint64_t size;             /* of what follows: of an item, its name and its fields */
	char published[DATE_SIZE]; /* "": not known */
	char saved[DATE_SIZE];
};

int cli_plan_add(struct chapbook_job *job, const struct cli_input *input,
		 struct chapbook_error *err)
{
	struct planned_item planned;
	int rc = planned_item_read(input->plan, input->offset, input->size, &planned, err);
	if (rc == 0)
		rc = chapbook_job_add_item(job, &planned.item, NULL, err);
	planned_item_release(&planned);
	return rc;
}

/* --- Writing, in the sandbox --- */

struct planner {
	const struct cli_args *args;
	const struct cli_input *input;
	struct chapbook_job *job;
	int fd;
	size_t number; /* of the input */
	struct chapbook_error *err;
	bool missing; /* a feed of a list could not be read; it was reported */
};

static int write_all(int fd, const void *bytes, size_t size, struct chapbook_error *err)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, (const char *)bytes + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			*err = (struct chapbook_error){.code = CHAPBOOK_E_IO, .sys_errno = errno};
			snprintf(err->message, sizeof err->message, "temporary file: %s",
				 strerror(errno));
			return -1;
		}
		done += (size_t)n;
	}
	return 0;
}

static int write_mark(const struct planner *p, int kind)
{
	struct plan_head head = {.input = p->number};
	head.kind = kind == PLAN_BEGIN ? PLAN_BEGIN : PLAN_ARTICLE;
	return write_all(p->fd, &head, sizeof head, p->err);
}

static int plan_nested(struct planner *p, const struct chapbook_item *item);

static int plan_item(void *ctx, const struct chapbook_item *item)
{
	struct planner *p = ctx;
	struct plan_head head = {.kind = PLAN_ITEM, .input = p->number};
	struct plan_bytes out = {0};
	if (item->is_source)
		return plan_nested(p, item);
	int wanted = chapbook_job_choose_once(p->job, item, p->err);
	if (wanted <= 0)
		return wanted;
	const char *name = item->url ? item->url : item->title ? item->title : p->input->path;
	snprintf(head.published, sizeof head.published, "%s",
		 item->published ? item->published
		 : item->updated ? item->updated
				 : "");
	snprintf(head.saved, sizeof head.saved, "%s", item->saved ? item->saved : head.published);
	head.is_remote = item->url && cli_is_address(item->url) && !item->content;
	plan_put_bytes(&out, &head, sizeof head);
	plan_put_block(&out, name, strnlen(name, NAME_MAX_SIZE));
	plan_put_item(&out, item);
	head.size = out.len - sizeof head;
	int rc = out.failed ? cli_no_memory(p->err) : 0;
	if (rc == 0) {
		memcpy(out.data, &head, sizeof head);
		rc = write_all(p->fd, out.data, out.len, p->err);
	}
	free(out.data);
	return rc;
}

static void report_source(void *ctx, const struct chapbook_message *m)
{
	const struct planner *p = ctx;
	if ((m->severity == CHAPBOOK_NOTE && !p->args->explain) || p->args->quiet)
		return;
	cli_reporter_print(p->args->reporter, "%s: %s: %s [%s]",
			   m->where ? m->where : p->input->path,
			   m->severity == CHAPBOOK_NOTE ? "note" : "warning", m->text, m->id);
}

/* What a list of feeds knows of the one that is read. */
struct nested {
	struct planner *planner;
	const struct chapbook_item *feed;
};

static int plan_nested_item(void *ctx, const struct chapbook_item *item)
{
	const struct nested *nested = ctx;
	struct chapbook_item filled = *item;
	if (item->is_source)
		return 0; /* a list of feeds in a list of feeds */
	if (!filled.folder)
		filled.folder = nested->feed->folder;
	if (!filled.source)
		filled.source = nested->feed->title;
	return plan_item(nested->planner, &filled);
}

/* The items of a feed that a list names. One that cannot be read costs its own items. */
static int plan_nested(struct planner *p, const struct chapbook_item *item)
{
	struct chapbook_error why = {0}, *err = p->err;
	struct nested nested = {p, item};
	struct chapbook_source *source = chapbook_job_open_source(p->job, item->url, &why);
	int rc = source ? 0 : -1;
	p->err = &why;
	if (rc == 0)
		rc = chapbook_source_read(source, plan_nested_item, &nested, report_source, p,
					  &why);
	p->err = err;
	chapbook_source_free(source);
	if (rc >= 0)
		return rc;
	if (why.code == CHAPBOOK_E_MEMORY) {
		*err = why;
		return -1;
	}
	cli_reporter_complain(p->args->reporter, item->url, &why);
	p->missing = true;
	return 0;
}

/* An input that cannot be opened, or is no source, is an article, or its error is reported when it
 * is read as one. */
static int plan_input(struct planner *p)
{
	struct chapbook_error why = {0};
	struct chapbook_source *source = NULL;
	int rc = write_mark(p, PLAN_BEGIN);
	if (rc == 0 && p->input->may_be_source)
		source = cli_open_source(p->input, p->job, &why);
	if (rc == 0 && (!source || !chapbook_source_format(source)))
		rc = write_mark(p, PLAN_ARTICLE);
	else if (rc == 0)
		rc = chapbook_source_read(source, plan_item, p, report_source, p, p->err);
	chapbook_source_free(source);
	return rc;
}

static int work_on_plan(const struct cli_task *task, struct cli_run *run)
{
	const int *fd = task->ctx;
	int status = CLI_DONE;
	struct chapbook_job *job = cli_job_new(task->args, 1, &status);
	for (size_t i = 0; job && i < task->inputs->count; i++) {
		struct chapbook_error err = {0};
		struct planner planner = {.args = task->args,
					  .input = &task->inputs->items[i],
					  .job = job,
					  .fd = *fd,
					  .number = i,
					  .err = &err};
		if (!cli_run_take(run, i))
			continue;
		if (plan_input(&planner) < 0) {
			if (err.code == CHAPBOOK_E_MEMORY && cli_run_postpone(run, i))
				continue;
			status = cli_reporter_complain(task->args->reporter,
						       task->inputs->items[i].path, &err);
		}
		if (planner.missing && status == CLI_DONE)
			status = CLI_NOT_CONVERTED;
		cli_run_finish(run, i);
	}
	chapbook_job_free(job);
	return status;
}

/* --- Reading, outside --- */

/* An entry of the plan. */
struct planned {
	struct plan_head head;
	uint64_t offset; /* of the fields of an item */
	size_t size;
	char *name;
	size_t place;
};

struct planned_list {
	struct planned *items;
	size_t count, cap;
};

static bool push_planned(struct planned_list *list, const struct planned *one)
{
	if (list->count == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 64;
		struct planned *more = realloc(list->items, cap * sizeof *more);
		if (!more)
			return false;
		list->items = more;
		list->cap = cap;
	}
	list->items[list->count++] = *one;
	return true;
}

/* An input was begun again: forget what its first process wrote. */
static void forget_input(struct planned_list *list, uint64_t input)
{
	while (list->count && list->items[list->count - 1].head.input == input)
		free(list->items[--list->count].name);
}

/* Read the name of an item. False: the plan is damaged. */
static bool read_planned_name(int fd, struct planned *one, uint64_t at)
{
	uint64_t len;
	if (one->head.size < sizeof len || !plan_read_at(fd, &len, sizeof len, at) || len == 0 ||
	    len > NAME_MAX_SIZE + 1 || len > one->head.size - sizeof len)
		return false;
	one->name = calloc(1, len);
	if (!one->name || !plan_read_at(fd, one->name, len - 1, at + sizeof len))
		return false;
	one->offset = at + sizeof len + len;
	one->size = one->head.size - sizeof len - len;
	return true;
}

static bool read_plan(int fd, size_t inputs, struct planned_list *list)
{
	struct stat st;
	uint64_t at = 0, end = fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
	while (end - at >= sizeof(struct plan_head)) {
		struct planned one = {.place = list->count};
		if (!plan_read_at(fd, &one.head, sizeof one.head, at))
			return false;
		at += sizeof one.head;
		if (one.head.input >= inputs || one.head.size > end - at)
			return false;
		one.head.published[DATE_SIZE - 1] = one.head.saved[DATE_SIZE - 1] = '\0';
		if (one.head.kind == PLAN_BEGIN)
			forget_input(list, one.head.input);
		else if ((one.head.kind == PLAN_ITEM && !read_planned_name(fd, &one, at)) ||
			 !push_planned(list, &one))
			return false;
		at += one.head.size;
	}
	return at == end;
}

static int by_input(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	if (x->head.input != y->head.input)
		return x->head.input < y->head.input ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* The newest first; what has no date comes last. */
static int by_date(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	int order = strcmp(y->head.published, x->head.published);
	return order ? order : by_input(a, b);
}

static int by_saved(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	int order = strcmp(y->head.saved, x->head.saved);
	return order ? order : by_input(a, b);
}

static void sort_plan(struct planned_list *list, const struct cli_args *args)
{
	const char *order = cli_setting(args, "order");
	if (list->count == 0)
		return;
	qsort(list->items, list->count, sizeof *list->items,
	      order && strcmp(order, "date") == 0    ? by_date
	      : order && strcmp(order, "saved") == 0 ? by_saved
						     : by_input);
}

/* Replace the inputs that are sources by their items. */
static int use_plan(struct cli_inputs *inputs, struct planned_list *list,
		    const struct cli_args *args, int fd)
{
	const char *limit = cli_setting(args, "limit");
	size_t left = limit ? strtoul(limit, NULL, 10) : SIZE_MAX;
	struct cli_inputs planned = {.failed = inputs->failed, .plan = fd, .has_plan = true};
	bool is_one = inputs->count == 1 && (!list->count || list->items[0].head.kind == PLAN_ITEM);
	planned.sources = is_one ? strdup(inputs->items[0].name) : NULL;
	int status = CLI_DONE;
	sort_plan(list, args);
	for (size_t i = 0; status == CLI_DONE && i < list->count; i++) {
		const struct planned *one = &list->items[i];
		const struct cli_input *input = &inputs->items[one->head.input];
		if (one->head.kind == PLAN_ARTICLE) {
			status = cli_inputs_add(&planned, input);
			if (status == CLI_DONE)
				planned.items[planned.count - 1].is_name_given =
					input->is_name_given;
			continue;
		}
		if (left-- == 0)
			break;
		status = cli_inputs_add(&planned, &(struct cli_input){.path = one->name});
		if (status != CLI_DONE)
			break;
		struct cli_input *added = &planned.items[planned.count - 1];
		added->is_item = true;
		added->remote = one->head.is_remote;
		added->plan = fd;
		added->offset = one->offset;
		added->size = one->size;
	}
	cli_inputs_release(inputs);
	*inputs = planned;
	return status;
}

static int open_plan(void)
{
	const char *folder = getenv("TMPDIR");
	int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd >= 0 ? fd : memfd_create("plan", MFD_CLOEXEC);
}

static bool has_candidate(const struct cli_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].may_be_source)
			return true;
	return false;
}

int cli_plan_make(struct cli_inputs *inputs, const struct cli_args *args)
{
	struct planned_list list = {0};
	struct cli_access access = {0};
	int fd, status = CLI_DONE;
	if (!has_candidate(inputs))
		return CLI_DONE;
	fd = open_plan();
	if (fd < 0) {
		cli_complain("temporary file: %s", strerror(errno));
		return CLI_NOT_CONVERTED;
	}
	/* The work that follows reports what the sandbox holds. */
	struct cli_args quiet = *args;
	quiet.explain = false;
	struct cli_task task = {.args = &quiet,
				.inputs = inputs,
				.work = work_on_plan,
				.name_of = cli_input_name,
				.ctx = &fd,
				.needs_process = true};
	status = cli_access_find(&access, args, inputs, CLI_OUTPUT_NONE, NULL);
	if (status == CLI_DONE)
		status = cli_run(&task, &access, inputs->count);
	cli_access_release(&access);
	if (status == CLI_NOT_STARTED) { /* all are read as articles */
		close(fd);
		return CLI_DONE;
	}
	if (status == CLI_NOT_CONVERTED) {
		inputs->failed = true;
		status = CLI_DONE;
	}
	if (status == CLI_DONE && !read_plan(fd, inputs->count, &list)) {
		cli_complain("temporary file: it is damaged, or memory ran out");
		status = CLI_NOT_CONVERTED;
	}
	if (status == CLI_DONE)
		status = use_plan(inputs, &list, args, fd);
	else
		close(fd);
	for (size_t i = 0; i < list.count; i++)
		free(list.items[i].name);
	free(list.items);
	return status;
}
