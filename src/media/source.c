#include "media/source.h"

#include "article/links.h"
#include "article/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MOST_CLIMB = 2 /* folders above the article's own */ };

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

/* Whether a relative path stays near the folder it starts from. */
static bool is_near(const char *path)
{
	int level = 0;
	while (*path) {
		size_t len = strcspn(path, "/");
		if (len == 2 && memcmp(path, "..", 2) == 0)
			level--;
		else if (len > 0 && !(len == 1 && *path == '.'))
			level++;
		if (level < -MOST_CLIMB)
			return false;
		path += len + (path[len] == '/');
	}
	return true;
}

static bool is_file(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The file that a reference names, into `path`: as a URL (without query and fragment, decoded),
 * or as it stands, from the base folder. */
static bool find_file(const struct source_finder *f, struct buf *path, const char *ref)
{
	for (int as_it_stands = 0; as_it_stands < 2; as_it_stands++) {
		struct buf name = BUF_INIT;
		if (as_it_stands)
			buf_puts(&name, ref);
		else
			url_put_decoded(&name, ref, strcspn(ref, "?#"));
		buf_truncate(path, 0);
		if (name.data[0] != '/')
			buf_printf(path, "%s/%s", f->base_dir, name.data);
		bool found = path->len && is_near(name.data) && is_file(path->data);
		path->failed |= name.failed;
		buf_release(&name);
		if (found)
			return true;
	}
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
void source_finder_init(struct source_finder *f, struct article *a, const char *base_dir)
{
	*f = (struct source_finder){.a = a, .base_dir = base_dir};
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

struct source source_find(struct source_finder *f, const char *ref)
{
	struct source source = {.kind = SOURCE_NONE, .where = ref};
	struct buf path = BUF_INIT;
	if (strncasecmp(ref, "data:", 5) == 0) {
		source.kind = SOURCE_DATA;
	} else if (!url_is_absolute(ref) && find_file(f, &path, ref)) {
		source.kind = SOURCE_FILE;
		source.where = arena_dup(&f->a->arena, path.data);
	} else if ((source.part = find_part(f, ref)) != NULL) {
		source.kind = SOURCE_PART;
	} else if (url_is_absolute(source_resolve(f, ref))) {
		source.kind = SOURCE_URL;
		source.where = without_fragment(f, source_resolve(f, ref));
	}
	f->a->arena.failed |= path.failed;
	buf_release(&path);
	return source;
}

bool source_is_file(struct source_finder *f, const char *ref)
{
	struct buf path = BUF_INIT;
	bool found = find_file(f, &path, ref);
	f->a->arena.failed |= path.failed;
	buf_release(&path);
	return found;
}
