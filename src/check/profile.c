/* What devices and shops want beyond the standard. Each rule names its origin: Amazon's help
 * on Send to Kindle and the Kindle Publishing Guidelines, Kobo's ePub Guidelines, Google Play's
 * help for partners; and what people found out who sent them books. */
#include "base/word_list.h"
#include "check/run.h"
#include "media/identify/identify.h"

#include <string.h>
#include <strings.h>

#define MB 1000000u

enum {
	MAX_BY_MAIL = 50 * MB,
	MAX_BY_WEB = 200 * MB,
	MAX_PICTURE = 5 * MB,
	MIN_COVER_SIDE = 640,
	MAX_COVER_SIDE = 7200,
};

enum check_profile check_profile_find(const char *name)
{
	static const struct {
		const char *name;
		enum check_profile profile;
	} known[] = {
		{"generic", PROFILE_GENERIC}, {"kindle", PROFILE_KINDLE},   {"kobo", PROFILE_KOBO},
		{"google", PROFILE_GOOGLE},   {"archive", PROFILE_ARCHIVE},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].profile;
	return PROFILE_NONE;
}

/* --- Languages --- */

bool profile_sells_language(const char *tag)
{
	/* primary subtags */
	static const char sold[] = "af ar br ca co cy da de en es eu fi fr frr frs fy ga gd gl gsw "
				   "gu gv hi is it ja kw lb "
				   "ml mr nb nl nn no oc pl pt rm sco sv ta yi zh";
	char primary[9] = "";
	size_t len = strcspn(tag, "-");
	for (size_t i = 0; i < len && i < sizeof primary - 1; i++)
		primary[i] = (char)(tag[i] | 0x20);
	return len < sizeof primary && word_list_has_n(sold, primary, len);
}

/* --- Pictures --- */

static bool is_picture(const struct item *item)
{
	return item->media_type && strncmp(item->media_type, "image/", 6) == 0;
}

/* Of a kind that every reader shows. */
static bool is_plain_type(const char *type)
{
	return type && word_list_has_case("image/jpeg image/png image/gif image/svg+xml", type,
					  strlen(type));
}

static const struct item *next_fallback(const struct checker *ck, const struct item *item)
{
	size_t next = item->fallback
			      ? index_get(&ck->item_ids, item->fallback, strlen(item->fallback))
			      : NONE;
	return next == NONE ? NULL : &ck->manifest.items[next];
}

static bool has_plain_fallback(const struct checker *ck, const struct item *item)
{
	int steps = 0;
	for (; item && steps <= FALLBACK_STEPS; item = next_fallback(ck, item), steps++)
		if (is_plain_type(item->media_type) || item->kind == DOC_XHTML)
			return true;
	return false;
}

/* Pictures that pages show with nothing that may stand in for them. */
static void mark_shown(struct checker *ck)
{
	for (size_t i = 0; i < ck->count; i++) {
		const struct document *d = &ck->list[i];
		for (size_t n = 0; n < d->links.count; n++) {
			const struct link *l = &d->links.items[n];
			size_t item = l->target == NONE ? NONE : ck->entry_item[l->target];
			if (item != NONE && !l->has_fallback &&
			    (l->kind == LINK_IMAGE || l->kind == LINK_CSS))
				ck->manifest.items[item].shown = true;
		}
	}
}

/* The headers of a picture's file; false when it is none that is known, or cannot be read. */
static bool identify(const struct checker *ck, const struct item *item, struct image_info *info)
{
	if (item->entry == NONE || ck->encrypted[item->entry] || item->kind == DOC_SVG)
		return false;
	const struct entry *entry = &ck->package->entries[item->entry];
	return image_identify(entry->bytes, entry->size, info) == 0;
}

static void check_colours(struct checker *ck, const struct item *item)
{
	struct image_info info;
	if (!identify(ck, item, &info))
		return;
	if (info.alpha || info.cmyk)
		report_add(&ck->opf, RULE_PROFILE_PICTURE_COLOURS, item->line, "%s (%s)",
			   item->href, info.cmyk ? "CMYK" : "transparent");
	if (info.animated && ck->profile == PROFILE_KINDLE)
		report_add(&ck->opf, RULE_KINDLE_ANIMATION, item->line, "%s", item->href);
}

static void check_pictures(struct checker *ck)
{
	bool particular = ck->profile == PROFILE_KINDLE || ck->profile == PROFILE_KOBO;
	mark_shown(ck);
	for (size_t i = 0; i < ck->manifest.count; i++) {
		const struct item *item = &ck->manifest.items[i];
		if (!is_picture(item) || !item->href || item->remote)
			continue;
		if (item->shown && !has_plain_fallback(ck, item))
			report_add(&ck->opf, RULE_PROFILE_PICTURE, item->line, "%s (%s)",
				   item->href, item->media_type);
		if (!particular)
			continue;
		if (item->entry != NONE && ck->package->entries[item->entry].size > MAX_PICTURE)
			report_add(&ck->opf, RULE_PROFILE_PICTURE_SIZE, item->line, "%s (%.1f MB)",
				   item->href, (double)ck->package->entries[item->entry].size / MB);
		check_colours(ck, item);
	}
}

/* --- The cover --- */

/* The item that is declared the cover, in the way of EPUB 3 or of EPUB 2. */
static const struct item *find_cover(const struct checker *ck)
{
	for (size_t i = 0; i < ck->manifest.count; i++)
		if (ck->manifest.items[i].declared & PROP_COVER)
			return &ck->manifest.items[i];
	size_t at =
		ck->cover_id ? index_get(&ck->item_ids, ck->cover_id, strlen(ck->cover_id)) : NONE;
	return at != NONE && is_picture(&ck->manifest.items[at]) ? &ck->manifest.items[at] : NULL;
}

/* Whether the page shows this picture with `img`, and whether it has nothing else. */
static bool shows(const struct document *d, size_t entry, bool *alone)
{
	bool found = false;
	size_t pictures = 0;
	for (size_t i = 0; i < d->links.count; i++) {
		const struct link *l = &d->links.items[i];
		pictures += l->kind == LINK_IMAGE;
		found |= l->is_img && l->target == entry;
	}
	*alone = found && pictures == 1 && !d->has_text;
	return found;
}

static void check_cover_page(struct checker *ck, const struct item *cover)
{
	const struct document *mixed = NULL;
	bool alone = false;
	for (size_t i = 0; i < ck->count; i++) {
		const struct document *d = &ck->list[i];
		if (d->kind != DOC_XHTML || !d->item || d->item->spine == NONE)
			continue;
		if (d->failed) /* who knows what it shows */
			return;
		if (shows(d, cover->entry, &alone) && !mixed)
			mixed = d;
		if (alone)
			return;
	}
	report_add(&ck->opf, RULE_KOBO_COVER_PAGE, cover->line, "%s%s",
		   mixed ? mixed->entry->name : cover->href, mixed ? " has more in it" : "");
}

static void check_cover_size(struct checker *ck, const struct item *cover,
			     const struct image_info *info)
{
	unsigned w = info->width, h = info->height;
	if (w == 0 || h == 0)
		return;
	if (ck->profile == PROFILE_GOOGLE &&
	    (w < MIN_COVER_SIDE || h < MIN_COVER_SIDE || w > MAX_COVER_SIDE || h > MAX_COVER_SIDE))
		report_add(&ck->opf, RULE_GOOGLE_COVER_SIZE, cover->line, "%s (%u x %u)",
			   cover->href, w, h);
	double shape = (double)w / h; /* 3 to 4, and the 5 to 8 of most books */
	if (ck->profile == PROFILE_KOBO && (shape < 0.6 || shape > 0.85))
		report_add(&ck->opf, RULE_KOBO_COVER_SHAPE, cover->line, "%s (%u x %u)",
			   cover->href, w, h);
}

static void check_cover(struct checker *ck)
{
	struct image_info info;
	const struct item *cover = find_cover(ck);
	if (ck->profile != PROFILE_KINDLE && ck->profile != PROFILE_KOBO &&
	    ck->profile != PROFILE_GOOGLE)
		return;
	if (!cover) {
		report_add(&ck->opf, RULE_PROFILE_COVER, 0, "%s", "");
		return;
	}
	if (!cover->href || !cover->media_type || cover->entry == NONE)
		return; /* told already */
	if (strcasecmp(cover->media_type, "image/jpeg") != 0 &&
	    strcasecmp(cover->media_type, "image/png") != 0)
		report_add(&ck->opf, RULE_PROFILE_COVER_KIND, cover->line, "%s (%s)", cover->href,
			   cover->media_type);
	else if (identify(ck, cover, &info))
		check_cover_size(ck, cover, &info);
	if (ck->profile == PROFILE_KOBO)
		check_cover_page(ck, cover);
}

/* --- Each of them --- */

static void check_kindle(struct checker *ck)
{
	size_t size = ck->raw ? ck->raw->size : 0;
	if (size > MAX_BY_WEB)
		report_add(&ck->container, RULE_KINDLE_SIZE, 0, "%.1f MB", (double)size / MB);
	else if (size > MAX_BY_MAIL)
		report_add(&ck->container, RULE_KINDLE_MAIL, 0, "%.1f MB", (double)size / MB);
	for (size_t i = 0; i < ck->count; i++) {
		struct document *d = &ck->list[i];
		for (size_t n = 0; n < d->links.count; n++) {
			const struct link *l = &d->links.items[n];
			const struct document *to =
				l->target == NONE ? NULL : ck->documents[l->target];
			if (to && to->body_id && l->fragment &&
			    l->fragment_len == to->body_id_len &&
			    memcmp(l->fragment, to->body_id, l->fragment_len) == 0)
				report_add(&d->report, RULE_KINDLE_BODY_LINK, l->line, "%.*s",
					   (int)(l->text_len < 200 ? l->text_len : 200), l->text);
		}
	}
}

static void check_kobo(struct checker *ck)
{
	static const char ending[] = ".kepub.epub";
	const struct container_facts *raw = ck->raw;
	if (!raw)
		return;
	if (!raw->mimetype_first || raw->has_comment)
		report_add(&ck->container, RULE_KOBO_PROTECTED, 0, "%s",
			   raw->has_comment ? "the archive has a comment"
					    : "mimetype is not the first file");
	size_t len = raw->file_name ? strlen(raw->file_name) : 0;
	if (len && (len < sizeof ending ||
		    strcasecmp(raw->file_name + len - (sizeof ending - 1), ending) != 0))
		report_add(&ck->container, RULE_KOBO_NAME, 0, "%s", "");
}

static void check_archive(struct checker *ck)
{
	for (size_t i = 0; i < ck->manifest.count; i++) {
		const struct item *item = &ck->manifest.items[i];
		if (item->remote)
			report_add(&ck->opf, RULE_ARCHIVE_REMOTE, item->line, "%s", item->href);
	}
	for (size_t i = 0; i < ck->package->count; i++)
		if (ck->encrypted[i])
			report_add(&ck->container, RULE_ARCHIVE_ENCRYPTED, 0, "%s",
				   ck->package->entries[i].name);
	if (!ck->has_source)
		report_add(&ck->opf, RULE_ARCHIVE_SOURCE, 0, "%s", "");
}

void check_profile(struct checker *ck)
{
	if (ck->profile == PROFILE_NONE)
		return;
	check_pictures(ck);
	check_cover(ck);
	if (ck->profile == PROFILE_KINDLE)
		check_kindle(ck);
	if (ck->profile == PROFILE_KOBO)
		check_kobo(ck);
	if (ck->profile == PROFILE_ARCHIVE)
		check_archive(ck);
}
