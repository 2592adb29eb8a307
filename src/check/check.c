#include "check/check.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/pool.h"
#include "check/run.h"

/* --- The run --- */

static bool prepare(struct checker *ck)
{
	size_t n = ck->package->count;
	ck->container.arena = ck->opf.arena = &ck->arena;
	ck->names.arena = ck->item_ids.arena = ck->opf_ids.arena = &ck->arena;
	ck->prefixes.arena = &ck->arena;
	ck->opf_entry = NONE;
	ck->encrypted = arena_alloc(&ck->arena, n * sizeof *ck->encrypted + 1);
	ck->entry_item = arena_alloc(&ck->arena, n * sizeof *ck->entry_item + 1);
	ck->documents = arena_alloc(&ck->arena, n * sizeof(struct document *) + 1);
	ck->list = arena_alloc(&ck->arena, n * sizeof *ck->list + 1);
	for (size_t i = 0; ck->entry_item && i < n; i++)
		ck->entry_item[i] = NONE;
	return !ck->arena.failed;
}

/* Every file of a kind that can be examined, in the archive's order. */
static size_t list_documents(struct checker *ck)
{
	size_t bytes = 0;
	for (size_t i = 0; i < ck->package->count; i++) {
		size_t n = ck->entry_item[i];
		struct item *item = n == NONE ? NULL : &ck->manifest.items[n];
		if (!item || item->kind == DOC_NONE || ck->encrypted[i] || i == ck->opf_entry)
			continue;
		struct document *d = &ck->list[ck->count++];
		d->ck = ck;
		d->entry = &ck->package->entries[i];
		d->item = item;
		d->index = i;
		d->kind = item->kind;
		d->is_nav = item == ck->nav && item->kind == DOC_XHTML && ck->version == 3;
		d->report = (struct report){.where = d->entry->name, .arena = &d->arena};
		d->ids.arena = &d->arena;
		ck->documents[i] = d;
		bytes += d->entry->size;
	}
	return bytes;
}

static void check_examine(void *ctx, size_t i)
{
	struct document *d = &((struct checker *)ctx)->list[i];
	switch (d->kind) {
	case DOC_XHTML:
	case DOC_SVG:
	case DOC_XML:
		check_content(d);
		break;
	case DOC_CSS:
		check_css(d);
		break;
	case DOC_NCX:
		check_ncx(d);
		break;
	case DOC_NONE:
		break;
	}
}

static void compare(struct checker *ck)
{
	bool missing_alt = false;
	for (size_t i = 0; i < ck->count; i++) {
		check_links(ck, &ck->list[i]);
		check_properties(ck, &ck->list[i]);
		missing_alt |= ck->list[i].missing_alt;
	}
	check_opf_links(ck);
	check_nav(ck);
	check_unused(ck);
	check_profile(ck);
	if (missing_alt && ck->claims_alt)
		report_add(&ck->opf, RULE_A11Y_CLAIM, ck->claims_alt_line, "%s",
			   "alternativeText, and a picture has none");
}

static int report_findings(struct checker *ck, chapbook_message_fn *fn, void *ctx,
			   struct chapbook_error *err)
{
	struct report_sink t = {.fn = fn, .ctx = ctx, .where = BUF_INIT, .text = BUF_INIT};
	report_emit(&t, &ck->container);
	report_emit(&t, &ck->opf);
	for (size_t i = 0; i < ck->count; i++)
		report_emit(&t, &ck->list[i].report);
	bool failed = t.where.failed || t.text.failed;
	buf_release(&t.where);
	buf_release(&t.text);
	return failed ? error_memory(err) : t.errors;
}

int check_package(const struct package *p, const struct container_facts *raw,
		  const struct check_options *options, struct chapbook_error *err)
{
	struct checker ck = {.package = p, .raw = raw, .profile = options->profile};
	int rc = -1;

	xmlInitParser(); /* once is enough, and then it is safe from any thread */
	if (!prepare(&ck)) {
		error_memory(err);
		goto out;
	}
	check_container(&ck);
	if (ck.opf_entry != NONE)
		check_opf(&ck);
	size_t bytes = list_documents(&ck);
	pool_run(ck.count, bytes < POOL_WORTH ? 1 : options->threads, check_examine, &ck);
	if (ck.version != 0)
		compare(&ck);
	bool failed = ck.failed || ck.arena.failed;
	for (size_t i = 0; i < ck.count; i++)
		failed |= ck.list[i].arena.failed;
	rc = failed ? error_memory(err) : report_findings(&ck, options->fn, options->ctx, err);
out:
	for (size_t i = 0; i < ck.count; i++)
		arena_release(&ck.list[i].arena);
	arena_release(&ck.arena);
	return rc;
}
