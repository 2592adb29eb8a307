#include "media/source.h"

#include "article/links.h"
#include "article/url.h"
#include "base/below.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "data:[type][;base64],…" (RFC 2397). False when it is not well formed. */
bool source_decode_data(struct buf *out, const char *url)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *comma = strchr(url, ',');
	if (!comma)
		return false;
	bool base64 = comma - url >= 7 && strncasecmp(comma - 7, ";base64", 7) == 0;
	unsigned bits = 0, count = 0;
	for (const char *s = comma + 1; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '%' && s[1] && s[2]) {
			char hex[3] = {s[1], s[2], '\0'}, *end;
			c = (unsigned char)strtoul(hex, &end, 16);
			if (*end)
				return false;
			s += 2;
		}
		if (!base64) {
			buf_putc(out, (char)c);
			continue;
		}
		const char *digit = c ? strchr(digits, c == '-' ? '+' : c == '_' ? '/' : c) : NULL;
		if (!digit) {
			if (c == '=' || c == ' ' || c == '\n')
				continue;
			return false;
		}
		bits = bits << 6 | (unsigned)(digit - digits);
		if (++count % 4 == 0) {
			buf_putc(out, (char)(bits >> 16));
			buf_putc(out, (char)(bits >> 8));
			buf_putc(out, (char)bits);
		}
	}
	if (count % 4 == 3) {
		buf_putc(out, (char)(bits >> 10));
		buf_putc(out, (char)(bits >> 2));
	} else if (count % 4 == 2) {
		buf_putc(out, (char)(bits >> 4));
	}
	return out->len > 0;
}

/* The file that a reference names, as a URL (without query and fragment, decoded) or as it stands.
 */
static bool source_find_file(struct source_finder *f, const char *folder, const char *ref,
			     struct source *source)
{
	int error = 0;
	for (int as_it_stands = 0; as_it_stands < 2; as_it_stands++) {
		struct buf name = BUF_INIT;
		if (as_it_stands)
			buf_puts(&name, ref);
		else
			url_put_decoded(&name, ref, strcspn(ref, "?#"));
		bool found = below_is_file(folder, name.data);
		if (!found && (!error || error == ENOENT))
			error = errno;
		if (found) {
			source->kind = SOURCE_FILE;
			source->folder = folder;
			source->name = arena_dup(&f->a->arena, name.data);
			source->where = arena_printf(&f->a->arena, "%s/%s", folder, name.data);
		}
		buf_end(&name, &f->a->arena.failed);
		if (found)
			return true;
	}
	source->why = below_why(folder, error);
	return false;
}

/* What the reference means, as seen from the page: an address, or what it is. In the arena. */
const char *source_resolve(struct source_finder *f, const char *ref)
{
	struct buf whole = BUF_INIT;
	const char *base = links_base(f->a);
	if (!base || !url_resolve(&whole, ref, base, URL_IMAGE)) {
		buf_truncate(&whole, 0);
		if (!url_put_clean(&whole, ref, strlen(ref), URL_IMAGE))
			buf_puts(&whole, ref);
	}
	f->a->arena.failed |= whole.failed;
	const char *copy = arena_dup(&f->a->arena, whole.data);
	buf_release(&whole);
	return copy ? copy : ref;
}

/* Files that came with the page are known by their addresses. */
void source_finder_init(struct source_finder *f, struct article *a)
{
	*f = (struct source_finder){.a = a};
	for (size_t i = 0; i < a->parts.count; i++) {
		struct part *part = &a->parts.items[i];
		const char *url = source_resolve(f, part->url);
		if (!map_find(&f->parts, url))
			map_set(&f->parts, url, part);
	}
}

void source_finder_release(struct source_finder *f)
{
	f->a->arena.failed |= f->parts.failed;
	map_release(&f->parts);
}

static const struct part *find_part(struct source_finder *f, const char *ref)
{
	return f->a->parts.count ? map_find(&f->parts, source_resolve(f, ref)) : NULL;
}

/* Of one picture, all fragments are the same bytes. */
static const char *without_fragment(struct source_finder *f, const char *url)
{
	size_t len = strcspn(url, "#");
	const char *whole = url[len] ? arena_dupn(&f->a->arena, url, len) : url;
	return whole ? whole : url;
}

struct source source_find(struct source_finder *f, const char *folder, const char *ref)
{
	struct source source = {.kind = SOURCE_NONE, .where = ref};
	if (strncasecmp(ref, "data:", 5) == 0) {
		source.kind = SOURCE_DATA;
	} else if (!url_is_absolute(ref) && source_find_file(f, folder, ref, &source)) {
		return source;
	} else if ((source.part = find_part(f, ref)) != NULL) {
		source.kind = SOURCE_PART;
	} else if (url_is_absolute(source_resolve(f, ref))) {
		source.kind = SOURCE_URL;
		source.where = without_fragment(f, source_resolve(f, ref));
	}
	return source;
}

bool source_is_file(struct source_finder *f, const char *ref)
{
	struct source source;
	return source_find_file(f, f->a->folder, ref, &source);
}
