#include "extract/metadata/jsonld.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/map.h"
#include "extract/metadata/text.h"

#include <string.h>
#include <strings.h>

enum {
	MAX_BYTES = 4 * 1000 * 1000, /* of scripts */
	MAX_OBJECTS = 20000,
	MAX_ITEMS = 200, /* of a list of authors, pictures, keywords */
	MAX_FACTS = 500,
};

struct object_list {
	json_t **items;
	size_t count, cap;
};

struct reader {
	struct claims *c;
	struct page *page;
	struct object_list objects; /* all, from the outside in */
	struct map by_id;           /* @id -> the object that says most */
};

static char *jsonld_take_text(struct reader *r, const json_t *value, size_t max)
{
	if (json_is_integer(value))
		return arena_printf(&r->page->arena, "%lld", (long long)json_integer_value(value));
	if (!json_is_string(value))
		return NULL;
	return meta_text(r->page, json_string_value(value), json_string_length(value), max);
}

/* --- Objects --- */

/* The object that a reference ({"@id": …}) is about; others are about themselves. */
static json_t *jsonld_resolve(const struct reader *r, json_t *object)
{
	const char *id = json_string_value(json_object_get(object, "@id"));
	json_t *known = id ? map_find(&r->by_id, id) : NULL;
	return known ? known : object;
}

/* Look at a value later, when there may be objects in it. */
static void put_off(struct reader *r, struct object_list *todo, json_t *value)
{
	if ((!json_is_object(value) && !json_is_array(value)) || todo->count >= MAX_OBJECTS)
		return;
	json_t **next = ARENA_PUSH(&r->page->arena, *todo);
	if (next)
		*next = value;
}

/* Gather all objects, those inside after those outside. */
static void gather(struct reader *r, json_t *root)
{
	struct object_list todo = {0};
	put_off(r, &todo, root);
	for (size_t at = 0; at < todo.count; at++) {
		json_t *value = todo.items[at], *member;
		const char *key;
		size_t i;
		if (json_is_array(value)) {
			json_array_foreach(value, i, member) put_off(r, &todo, member);
			continue;
		}
		json_t **object = ARENA_PUSH(&r->page->arena, r->objects);
		if (object)
			*object = value;
		const char *id = json_string_value(json_object_get(value, "@id"));
		json_t *known = id ? map_find(&r->by_id, id) : NULL;
		if (id && (!known || json_object_size(known) < json_object_size(value)))
			map_set(&r->by_id, id, value);
		json_object_foreach(value, key, member) put_off(r, &todo, member);
	}
}

/* The i-th of an object's types, without the vocabulary's address; NULL after the last. */
static const char *type_of(const json_t *object, size_t i)
{
	json_t *type = json_object_get(object, "@type");
	if (json_is_array(type))
		type = json_array_get(type, i);
	else if (i > 0)
		type = NULL;
	const char *name = json_string_value(type), *slash = name ? strrchr(name, '/') : NULL;
	return slash ? slash + 1 : name;
}

static bool jsonld_is_type(const json_t *object, const char *types)
{
	const char *type;
	for (size_t i = 0; i < 8 && (type = type_of(object, i)); i++) {
		size_t len = strlen(type);
		for (const char *s = types; *s; s += strcspn(s, " "), s += *s == ' ')
			if (strcspn(s, " ") == len && strncasecmp(s, type, len) == 0)
				return true;
	}
	return false;
}

/* --- Values --- */

static const char *first_string(const json_t *object, const char *const *keys)
{
	for (; *keys; keys++) {
		const json_t *value = json_object_get(object, *keys);
		if (json_is_array(value))
			value = json_array_get(value, 0);
		if (json_is_object(value))
			value = json_object_get(value, "name");
		const char *s = json_string_value(value);
		if (s && *s)
			return s;
	}
	return NULL;
}

static char *dup_first(struct reader *r, const json_t *object, const char *const *keys, size_t max)
{
	const char *s = first_string(object, keys);
	return s ? meta_text(r->page, s, strlen(s), max) : NULL;
}

static const char *image_url(struct reader *r, json_t *value)
{
	static const char *const keys[] = {"contentUrl", "url", "@id", "thumbnailUrl", NULL};
	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_object(value))
		return first_string(jsonld_resolve(r, value), keys);
	return json_string_value(value);
}

/* Claim an author, with what else the object says of them. */
static void claim_person(struct reader *r, const char *key, json_t *object)
{
	static const char *const names[] = {"name", "alternateName", "legalName", NULL};
	static const char *const bios[] = {"description", "disambiguatingDescription", NULL};
	static const char *const urls[] = {"url", "sameAs", "mainEntityOfPage", NULL};
	struct author *person = arena_alloc(&r->page->arena, sizeof *person);
	if (!person)
		return;
	object = jsonld_resolve(r, object);
	person->name = dup_first(r, object, names, MAX_LINE);
	if (!person->name) {
		json_t *given = json_object_get(object, "givenName");
		json_t *family = json_object_get(object, "familyName");
		if (json_is_string(given) && json_is_string(family))
			person->name =
				arena_printf(&r->page->arena, "%s %s", json_string_value(given),
					     json_string_value(family));
	}
	person->bio = dup_first(r, object, bios, MAX_SUMMARY);
	const char *url = first_string(object, urls);
	const char *portrait = image_url(r, json_object_get(object, "image"));
	person->url = url ? page_url(r->page, url) : NULL;
	person->portrait = portrait ? page_url(r->page, portrait) : NULL;
	bool organisation =
		jsonld_is_type(object, "Organization NewsMediaOrganization Corporation WebSite");
	claim_add(r->c, FROM_JSON_LD, key, person->name,
		  &(struct claim){.person = person, .organisation = organisation});
}

/* The largest of a list of pictures, where their widths are given; else the first. */
static json_t *best_image(const json_t *list)
{
	json_t *best = NULL, *value;
	json_int_t best_width = -1;
	size_t i;
	json_array_foreach(list, i, value)
	{
		const json_t *width = json_object_get(value, "width");
		json_int_t w = json_is_integer(width) ? json_integer_value(width) : 0;
		if (i < MAX_ITEMS && w > best_width) {
			best = value;
			best_width = w;
		}
	}
	return best;
}

/* Claim one value of a member. */
static void claim_value(struct reader *r, enum claim_source source, const char *key, json_t *value)
{
	static const char *const names[] = {"name", "@value",        "headline",
					    "text", "alternateName", NULL};
	static const char *const urls[] = {"@id", "url", NULL};
	char *text = NULL;
	if (strcasecmp(key, "author") == 0 || strcasecmp(key, "creator") == 0) {
		if (json_is_object(value)) {
			claim_person(r, key, value);
			return;
		}
	} else if (strcasecmp(key, "image") == 0 || strcasecmp(key, "primaryImageOfPage") == 0 ||
		   strcasecmp(key, "thumbnailUrl") == 0) {
		const char *url = image_url(r, value);
		claim_add(r->c, source, key, arena_dup(&r->page->arena, url), NULL);
		return;
	}
	if (json_is_object(value)) {
		bool address =
			strcasecmp(key, "mainEntityOfPage") == 0 || strcasecmp(key, "license") == 0;
		value = address ? value : jsonld_resolve(r, value);
		text = dup_first(r, value, address ? urls : names, MAX_LINE);
	} else {
		text = jsonld_take_text(r, value, MAX_SUMMARY);
	}
	claim_add(r->c, source, key, text, NULL);
}

static void claim_members(struct reader *r, enum claim_source source, json_t *object)
{
	const char *key;
	json_t *value, *item;
	size_t i;
	json_object_foreach(object, key, value)
	{
		if (!claim_wanted(source, key))
			continue;
		if (!json_is_array(value)) {
			claim_value(r, source, key, value);
		} else if (strcasecmp(key, "image") == 0) {
			claim_value(r, source, key, best_image(value));
		} else {
			json_array_foreach(value, i, item) if (i < MAX_ITEMS)
				claim_value(r, source, key, item);
		}
	}
}

/* --- Which is the article --- */

/* Whether the page's title has the object's headline in it, or the object the page's address. */
static bool is_about_page(struct reader *r, const json_t *object)
{
	static const char *const titles[] = {"headline", "name", NULL};
	static const char *const urls[] = {"url", "@id", NULL};
	const char *title = first_string(object, titles), *url = first_string(object, urls);
	json_t *page = json_object_get(object, "mainEntityOfPage");
	if (json_is_object(page))
		url = first_string(page, urls);
	else if (json_is_string(page))
		url = json_string_value(page);
	if (url && r->page->url && strcmp(url, r->page->url) == 0)
		return true;
	const xmlNode *element = tree_find(r->page->head, NULL, "title");
	const char *page_title = tree_text_value(tree_first(element));
	struct buf whole = BUF_INIT, part = BUF_INIT;
	meta_put_letters(&whole, page_title, strnlen(page_title, MAX_TITLE));
	meta_put_letters(&part, title ? title : "", title ? strnlen(title, MAX_TITLE) : 0);
	bool found = part.len && strstr(whole.data, part.data);
	buf_end(&whole, &r->page->arena.failed);
	buf_end(&part, &r->page->arena.failed);
	return found;
}

static json_t *find_article(struct reader *r)
{
	enum { MAX_COMPARED = 50 };
	json_t *best = NULL;
	unsigned best_rank = 0, compared = 0;
	for (size_t i = 0; i < r->objects.count; i++) {
		json_t *object = r->objects.items[i];
		const char *type;
		for (size_t k = 0; k < 8 && (type = type_of(object, k)); k++) {
			unsigned rank;
			if (!claim_rank(CLAIM_TYPE, FROM_JSON_LD_TYPE, type, &rank) ||
			    json_object_size(object) < (json_object_get(object, "@id") ? 3 : 2))
				continue;
			rank *= 2;
			if ((!best || rank <= best_rank) && compared++ < MAX_COMPARED)
				rank += !is_about_page(r, object);
			else
				rank++;
			if (!best || rank < best_rank) {
				best = object;
				best_rank = rank;
			}
		}
	}
	return best;
}

/* --- Beside the article --- */

static void add_fact(struct reader *r, json_t *object)
{
	static const char *const captions[] = {"caption", "description", NULL};
	static const char *const credits[] = {"creditText", "copyrightHolder", "creator",
					      "author",     "copyrightNotice", NULL};
	static const char *const licences[] = {"license", "acquireLicensePage", NULL};
	struct image_fact fact = {0};
	const char *url = image_url(r, object);
	if (!url || r->page->image_facts.count >= MAX_FACTS)
		return;
	fact.caption = dup_first(r, object, captions, MAX_SUMMARY);
	fact.credit = dup_first(r, object, credits, MAX_LINE);
	fact.licence = dup_first(r, object, licences, MAX_LINE);
	if (!fact.caption && !fact.credit && !fact.licence)
		return;
	fact.url = arena_dup(&r->page->arena, url);
	struct image_fact *slot =
		fact.url ? ARENA_PUSH(&r->page->arena, r->page->image_facts) : NULL;
	if (slot)
		*slot = fact;
}

/* The section, by the way through the site: the last but one of its steps. */
static void claim_breadcrumbs(struct reader *r, json_t *object)
{
	static const char *const names[] = {"name", NULL};
	json_t *steps = json_object_get(object, "itemListElement");
	size_t count = json_array_size(steps);
	if (count < 3)
		return;
	json_t *step = json_array_get(steps, count - 2);
	char *name = dup_first(r, step, names, MAX_LINE);
	if (!name)
		name = dup_first(r, json_object_get(step, "item"), names, MAX_LINE);
	claim_add(r->c, FROM_JSON_LD_TYPE, "BreadcrumbList", name, NULL);
}

/* A Boolean of schema.org that is false; many pages write it as text. */
static bool is_false(const json_t *value)
{
	const char *text = json_string_value(value);
	if (text && strncmp(text, "http", 4) == 0 && strrchr(text, '/'))
		text = strrchr(text, '/') + 1; /* https://schema.org/False */
	return json_is_false(value) || (text && strcasecmp(text, "false") == 0);
}

static void claim_all(struct reader *r)
{
	static const char *const names[] = {"name", NULL};
	json_t *article = find_article(r);
	if (article) {
		page_note(r->page, "json-ld", NULL, "the article is a %s", type_of(article, 0));
		claim_members(r, FROM_JSON_LD, article);
		r->page->is_paid = is_false(json_object_get(article, "isAccessibleForFree"));
	}
	for (size_t i = 0; i < r->objects.count; i++) {
		json_t *object = r->objects.items[i];
		if (jsonld_is_type(object, "ImageObject"))
			add_fact(r, object);
		else if (jsonld_is_type(object, "BreadcrumbList"))
			claim_breadcrumbs(r, object);
		else if (jsonld_is_type(object, "WebSite"))
			claim_add(r->c, FROM_JSON_LD_TYPE, "WebSite",
				  dup_first(r, object, names, MAX_LINE), NULL);
		else if (object != article &&
			 jsonld_is_type(object, "WebPage ItemPage AboutPage MedicalWebPage "
						"CollectionPage FAQPage"))
			claim_members(r, FROM_JSON_LD_PAGE, object);
	}
}

void jsonld_read(struct claims *c)
{
	struct page *page = c->page;
	struct reader r = {.c = c, .page = page, .by_id = MAP_INIT};
	size_t left = MAX_BYTES;
	bool failed = false;
	json_t *all = json_array();
	for (size_t i = 0; all && !failed && i < page->json_ld.count; i++) {
		size_t len = strlen(page->json_ld.items[i]);
		if (len > left)
			continue;
		left -= len;
		json_t *values = jsonld_parse(page->json_ld.items[i], len, &failed);
		if (values && json_array_extend(all, values) != 0)
			failed = true;
		json_decref(values);
	}
	if (all && !failed) {
		gather(&r, all);
		claim_all(&r);
	}
	page->arena.failed |= !all || failed || r.by_id.failed;
	map_release(&r.by_id);
	json_decref(all);
}
