#include "job/item.h"

#include "article/tree.h"
#include "base/error.h"
#include "base/userinfo.h"
#include "book/labels.h"
#include "job/load.h"
#include "read/metadata/metadata.h"
#include "source/source.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- Adding --- */

static const char *const *copy_words(struct arena *arena, const char *const *words, size_t count)
{
	const char **copy = count ? arena_alloc(arena, count * sizeof *copy) : NULL;
	for (size_t i = 0; copy && i < count; i++)
		copy[i] = arena_dup(arena, words[i]);
	return copy;
}

static void copy_lists(struct arena *arena, struct chapbook_item *item)
{
	struct chapbook_item_author *authors =
		item->author_count ? arena_alloc(arena, item->author_count * sizeof *authors)
				   : NULL;
	for (size_t i = 0; authors && i < item->author_count; i++)
		authors[i] = (struct chapbook_item_author){arena_dup(arena, item->authors[i].name),
							   arena_dup(arena, item->authors[i].url)};
	struct chapbook_highlight *highlights =
		item->highlight_count
			? arena_alloc(arena, item->highlight_count * sizeof *highlights)
			: NULL;
	for (size_t i = 0; highlights && i < item->highlight_count; i++)
		highlights[i] =
			(struct chapbook_highlight){arena_dup(arena, item->highlights[i].text),
						    arena_dup(arena, item->highlights[i].note)};
	struct chapbook_item_file *files =
		item->file_count ? arena_alloc(arena, item->file_count * sizeof *files) : NULL;
	for (size_t i = 0; files && i < item->file_count; i++)
		files[i] = (struct chapbook_item_file){
			arena_dup(arena, item->files[i].name),
			arena_dup(arena, item->files[i].type),
			arena_dupn(arena, item->files[i].bytes, item->files[i].size),
			item->files[i].size};
	item->tags = copy_words(arena, item->tags, item->tag_count);
	item->authors = authors;
	item->highlights = highlights;
	item->files = files;
}

/* Without its content. NULL when memory runs out. */
static const struct chapbook_item *copy_item(struct arena *arena, const struct chapbook_item *from)
{
	struct chapbook_item *item = arena_alloc(arena, sizeof *item);
	if (!item)
		return NULL;
	*item = *from;
	item->content = NULL;
	item->content_size = 0;
	const char **const strings[] = {
		&item->id,    &item->url,          &item->source,    &item->source_url,
		&item->title, &item->summary,      &item->folder,    &item->state,
		&item->note,  &item->language,     &item->published, &item->updated,
		&item->saved, &item->content_type, &item->base_url,
	};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		*strings[i] = arena_dup(arena, *strings[i]);
	copy_lists(arena, item);
	return arena->failed ? NULL : item;
}

/* The content as an input. What messages call it: its address, or its title. */
static struct input *add_content(struct chapbook_job *job, const struct chapbook_item *item,
				 struct chapbook_error *err)
{
	const char *name = item->url ? item->url : item->title ? item->title : item->id;
	char *bytes = malloc(item->content_size + 1);
	if (!bytes) {
		error_memory(err);
		return NULL;
	}
	if (item->content_size)
		memcpy(bytes, item->content, item->content_size);
	bytes[item->content_size] = '\0';
	struct input *input =
		job_add_input(job, name ? name : "item", bytes, item->content_size, err);
	if (input)
		input->url = arena_dup(&job->inputs_arena, item->url);
	return input;
}

int chapbook_job_add_item(struct chapbook_job *job, const struct chapbook_item *item,
			  const char *folder, struct chapbook_error *err)
{
	struct arena *arena = &job->inputs_arena;
	struct input *input = NULL;
	if (item->is_source)
		return error_set(err, CHAPBOOK_E_USAGE, "%s: a source, not an article",
				 item->url ? item->url : "item");
	if (item->content) {
		input = add_content(job, item, err);
	} else if (item->url && fetch_is_url(item->url)) {
		if (chapbook_job_add_url(job, item->url, err) == 0)
			input = &job->inputs.items[job->inputs.count - 1];
	} else if (item->url && folder) {
		if (chapbook_job_add_listed(job, folder, item->url, err) == 0)
			input = &job->inputs.items[job->inputs.count - 1];
	} else {
		return error_set(err, CHAPBOOK_E_INPUT, "%s: has neither text nor a web address",
				 item->title ? item->title
				 : item->id  ? item->id
					     : "item");
	}
	if (!input)
		return -1;
	input->item = copy_item(arena, item);
	return input->item ? 0 : error_memory(err);
}

struct chapbook_source *chapbook_job_open_source(struct chapbook_job *job, const char *url,
						 struct chapbook_error *err)
{
	struct fetch_result result = {0};
	char *address = strdup(url);
	const char *login = NULL;
	if (!address) {
		error_memory(err);
		return NULL;
	}
	userinfo_cut(address);
	if (strcmp(address, url) != 0)
		login = url;
	const struct fetch_request request = {.url = address, .kind = FETCH_PAGE, .login = login};
	struct chapbook_source *source = NULL;
	if (input_fetch(job, NULL, &request, &result, err) == 0)
		source = chapbook_source_open_bytes(address, result.url, result.bytes, result.size,
						    err);
	if (source) {
		source_own(source, result.bytes);
		result.bytes = NULL;
	}
	fetch_result_release(&result);
	free(address);
	return source;
}

/* --- Reading --- */

enum read_format item_format(const struct input *input, enum read_format format)
{
	const char *type = input->item && input->bytes ? input->item->content_type : NULL;
	if (!type || format != READ_AUTO)
		return format;
	return strcmp(type, "text/plain") == 0      ? READ_TEXT
	       : strcmp(type, "text/markdown") == 0 ? READ_MARKDOWN
						    : READ_HTML;
}

bool item_is_partial(const struct input *input)
{
	return input->item && input->bytes && input->item->is_partial && input->url &&
	       fetch_is_url(input->url);
}

static void fill_field(struct article *a, char **field, const char *value)
{
	if (value)
		article_fill(a, field, value, SIZE_MAX);
}

/* Pages without titles are in lists with their addresses as titles. */
static bool is_item_title(const struct chapbook_item *item)
{
	return item->title && strncasecmp(item->title, "http://", 7) != 0 &&
	       strncasecmp(item->title, "https://", 8) != 0 &&
	       (!item->url || strcmp(item->title, item->url) != 0);
}

static void fill_authors(struct article *a, const struct chapbook_item *item)
{
	for (size_t i = 0; i < item->author_count; i++) {
		struct author *author = article_author(a, item->authors[i].name);
		if (author)
			fill_field(a, &author->url, item->authors[i].url);
	}
}

static void add_item_files(struct article *a, const struct chapbook_item *item)
{
	for (size_t i = 0; i < item->file_count; i++) {
		struct part *part = ARENA_PUSH(&a->arena, a->parts);
		if (part)
			*part = (struct part){
				arena_dup(&a->arena, item->files[i].name),
				arena_dupn(&a->arena, item->files[i].bytes, item->files[i].size),
				item->files[i].size};
	}
}

void item_fill(struct article *a, const struct chapbook_item *item, bool is_content)
{
	if (is_item_title(item))
		fill_field(a, &a->title, item->title);
	if (!article_has_author(a))
		fill_authors(a, item);
	fill_field(a, &a->published, item->published);
	fill_field(a, &a->modified, item->updated);
	fill_field(a, &a->language, item->language);
	fill_field(a, &a->description, item->summary);
	fill_field(a, &a->folder_name, item->folder);
	for (size_t i = 0; i < item->tag_count; i++)
		metadata_set(a, "subject", item->tags[i], NULL);
	if (!is_content)
		return;
	fill_field(a, &a->publisher, item->source);
	fill_field(a, &a->base_url, item->base_url);
	add_item_files(a, item);
}

/* --- Highlights and the note --- */

/* Paragraphs of a text whose lines end them. */
static void put_paragraphs(xmlNode *parent, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		if (strspn(text, " \t") < len)
			tree_text(tree_element(parent, "p"), text, len);
		text += len + (text[len] != '\0');
	}
}

static void put_highlight(xmlNode *section, const struct chapbook_highlight *highlight)
{
	if (highlight->text)
		put_paragraphs(tree_element(section, "blockquote"), highlight->text);
	if (highlight->note)
		put_paragraphs(section, highlight->note);
}

/* Footnotes are at the end of the body: the section comes before them. */
static xmlNode *first_footnote(const struct article *a)
{
	xmlNode *first = NULL;
	for (xmlNode *n = tree_last(a->body); n && (tree_is(n, "aside") || tree_is_space(n));
	     n = tree_prev(n))
		first = tree_is(n, "aside") ? n : first;
	return first;
}

static void append_highlights(struct article *a, const struct chapbook_item *item)
{
	const struct labels *labels = labels_find(a->language);
	xmlNode *section = tree_detached(a->body, "section"), *notes = first_footnote(a);
	tree_set(section, "class", "highlights");
	tree_leaf(section, "h2", labels->text[LABEL_HIGHLIGHTS]);
	for (size_t i = 0; i < item->highlight_count; i++)
		put_highlight(section, &item->highlights[i]);
	if (item->note)
		put_paragraphs(section, item->note);
	if (notes)
		tree_insert_before(notes, section);
	else
		tree_append(a->body, section);
}

int item_complete(struct article *a, const struct input *input, struct chapbook_error *err)
{
	const struct chapbook_item *item = input->item;
	if (!input->bytes)
		item_fill(a, item, false);
	if (item->highlight_count || item->note)
		append_highlights(a, item);
	return article_failed(a) ? error_memory(err) : 0;
}
