/* Tree construction as the standard has it: runs html5lib's cases (html5lib-tests,
 * tree-construction) through the program's parser and through gumbo alone.
 *
 *   html5lib [-v] FOLDER      the folder with the .dat files
 *
 * Cases that parse fragments in other contexts than a page are left out, and so are those for
 * browsers that run no scripts. What the parser leaves out on purpose is left out of all trees:
 * comments, doctypes, scripts, style sheets, what noscript, iframe and their kin hold, and white
 * space at either end of a text. Exits with 1 when the parser is worse than gumbo. */
#include "article/tree.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "read/charset/charset.h"
#include "read/html/parse.h"

#include <dirent.h>
#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Trees in one form --- */

static bool is_left_out(const char *name)
{
	static const char *const names[] = {"script", "style", "noembed", "noframes"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_emptied(const char *name)
{
	return strcmp(name, "noscript") == 0 || strcmp(name, "iframe") == 0;
}

static bool is_plain_name(const char *name)
{
	size_t n =
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");
	return name[n] == '\0' && (name[0] | 32) >= 'a' && (name[0] | 32) <= 'z';
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_attributes(struct buf *out, const xmlNode *node)
{
	char *lines[200];
	size_t count = 0;
	const char *name, *value;
	for (const xmlAttr *a = NULL;
	     count < 200 && (a = tree_attr_next(node, a, &name, &value)) != NULL;)
		if (is_plain_name(name))
			if (asprintf(&lines[count++], " %s=\"%s\"", name, value) < 0)
				abort();
	qsort(lines, count, sizeof *lines, compare);
	for (size_t i = 0; i < count; i++) {
		buf_puts(out, lines[i]);
		free(lines[i]);
	}
}

static void put_text(struct buf *out, struct buf *text)
{
	const char *s = text->data;
	size_t len = text->len;
	utf8_trim(&s, &len);
	if (len) {
		buf_puts(out, "\"");
		utf8_clean(out, s, len);
		buf_puts(out, "\"\n");
	}
	buf_truncate(text, 0);
}

/* A line for each element and text: "(" and ")" say what holds what. */
static void put_tree(struct buf *out, const xmlNode *node)
{
	struct buf text = BUF_INIT;
	for (const xmlNode *n = tree_first(node); n; n = tree_next(n)) {
		if (tree_is_text(n)) {
			buf_puts(&text, tree_text_value(n));
			continue;
		}
		if (!tree_is_element(n) || is_left_out(tree_name(n)))
			continue;
		put_text(out, &text);
		buf_printf(out, "%s", is_plain_name(tree_name(n)) ? tree_name(n) : "unknown");
		put_attributes(out, n);
		buf_puts(out, " (\n");
		if (!is_emptied(tree_name(n)))
			put_tree(out, n);
		buf_puts(out, ")\n");
	}
	put_text(out, &text);
	buf_release(&text);
}

/* --- Three ways to a tree --- */

static void put_gumbo(xmlNode *parent, const GumboNode *node)
{
	for (unsigned i = 0; i < node->v.element.children.length; i++) {
		const GumboNode *child = node->v.element.children.data[i];
		if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE ||
		    child->type == GUMBO_NODE_CDATA)
			tree_text(parent, child->v.text.text, strlen(child->v.text.text));
		if (child->type != GUMBO_NODE_ELEMENT && child->type != GUMBO_NODE_TEMPLATE)
			continue;
		const GumboElement *el = &child->v.element;
		GumboStringPiece original = el->original_tag;
		char name[100];
		gumbo_tag_from_original_text(&original);
		const char *svg = el->tag_namespace == GUMBO_NAMESPACE_SVG
					  ? gumbo_normalize_svg_tagname(&original)
					  : NULL;
		size_t len = original.length < sizeof name ? original.length : sizeof name - 1;
		for (size_t k = 0; k < len; k++)
			name[k] = (char)(original.data[k] >= 'A' && original.data[k] <= 'Z'
						 ? original.data[k] | 32
						 : original.data[k]);
		name[len] = '\0';
		xmlNode *element = tree_element(parent, svg ? svg
							: el->tag != GUMBO_TAG_UNKNOWN
								? gumbo_normalized_tagname(el->tag)
								: name);
		for (unsigned k = 0; k < el->attributes.length; k++) {
			const GumboAttribute *a = el->attributes.data[k];
			char full[200];
			if (a->attr_namespace == GUMBO_ATTR_NAMESPACE_XMLNS)
				continue;
			snprintf(full, sizeof full, "%s%s",
				 a->attr_namespace == GUMBO_ATTR_NAMESPACE_XLINK ? "xlink:"
				 : a->attr_namespace == GUMBO_ATTR_NAMESPACE_XML ? "xml:"
										 : "",
				 a->name);
			if (!tree_get(element, full))
				tree_set(element, full, a->value);
		}
		put_gumbo(element, child);
	}
}

static void by_gumbo(struct buf *out, const char *html, size_t len)
{
	xmlDoc *doc = tree_doc_new("document");
	GumboOutput *output = gumbo_parse_with_options(&kGumboDefaultOptions, html, len);
	put_gumbo(tree_root(doc), output->document);
	put_tree(out, tree_root(doc));
	gumbo_destroy_output(&kGumboDefaultOptions, output);
	tree_doc_free(doc);
}

static void by_chapbook(struct buf *out, const char *bytes, size_t size)
{
	struct buf html = BUF_INIT;
	struct string_list json_ld = {0};
	struct arena arena = ARENA_INIT;
	if (charset_decode(&html, bytes, size, &(struct charset_hints){.given = "UTF-8"}, NULL,
			   NULL) == 0) {
		xmlDoc *doc = html_document_parse(html.data, html.len, &json_ld, &arena, NULL);
		xmlNode *root = tree_root(doc), *top = tree_wrap(root, "document");
		put_tree(out, top);
		tree_doc_free(doc);
	}
	arena_release(&arena);
	buf_release(&html);
}

/* The lines of a case: "| " and two spaces for each level. */
static void by_standard(struct buf *out, char *lines)
{
	xmlDoc *doc = tree_doc_new("document");
	xmlNode *open[600] = {tree_root(doc)};
	int shift[600] = {0}; /* levels that a template's "content" has added */
	for (char *s = lines; s && strncmp(s, "| ", 2) == 0;) {
		char *end = strstr(s, "\n| ");
		if (end)
			*end = '\0';
		size_t spaces = strspn(s + 2, " ");
		size_t level = spaces / 2;
		char *item = s + 2 + spaces;
		level -= (size_t)shift[level];
		xmlNode *parent = open[level];
		if (item[0] == '"') {
			size_t len = strlen(item);
			while (len && item[len - 1] != '"')
				len--;
			if (len > 2)
				tree_text(parent, item + 1, len - 2);
		} else if (strcmp(item, "content") == 0) {
			for (size_t i = spaces / 2 + 1; i < 600; i++)
				shift[i] = shift[spaces / 2] + 1;
		} else if (item[0] == '<' && item[1] != '!' && item[1] != '?') {
			char *name = item + 1;
			name += strncmp(name, "svg ", 4) == 0    ? 4
				: strncmp(name, "math ", 5) == 0 ? 5
								 : 0;
			name[strlen(name) - 1] = '\0';
			open[level + 1] = tree_element(parent, name);
			for (size_t i = spaces / 2 + 1; i < 600; i++)
				shift[i] = shift[spaces / 2];
		} else if (item[0] != '<' && strncmp(item, "xmlns ", 6) != 0) {
			char *value = strstr(item, "=\"");
			if (value) {
				*value = '\0';
				value[strlen(value + 2) + 1] = '\0';
				for (char *c = item; *c; c++)
					*c = *c == ' ' ? ':' : *c;
				tree_set(parent, item, value + 2);
			}
		}
		s = end ? end + 1 : NULL;
	}
	put_tree(out, tree_root(doc));
	tree_doc_free(doc);
}

/* --- Cases --- */

struct score {
	unsigned count, good, gumbo, worse;
	bool verbose;
};

static void run_case(struct score *score, const char *data, size_t len, char *expected)
{
	struct buf wanted = BUF_INIT, ours = BUF_INIT, theirs = BUF_INIT;
	by_chapbook(&ours, data, len);
	by_gumbo(&theirs, data, len);
	by_standard(&wanted, expected);
	bool good = strcmp(ours.data, wanted.data) == 0,
	     gumbo = strcmp(theirs.data, wanted.data) == 0;
	score->count++;
	score->good += good;
	score->gumbo += gumbo;
	score->worse += gumbo && !good;
	if (score->verbose && gumbo && !good)
		printf("--- %.*s\n--- wanted\n%s--- chapbook\n%s\n", (int)len, data, wanted.data,
		       ours.data);
	buf_release(&wanted);
	buf_release(&ours);
	buf_release(&theirs);
}

static void run_file(struct score *score, const char *path)
{
	char *bytes = NULL;
	size_t size = 0;
	if (file_read(path, 100 * 1000 * 1000, &bytes, &size, NULL) != 0)
		return;
	for (char *s = bytes; s && strncmp(s, "#data\n", 6) == 0;) {
		char *next = strstr(s, "\n\n#data\n"), *data = s + 6;
		if (next)
			*next = '\0';
		else if (bytes[size - 1] == '\n')
			bytes[size - 1] = '\0';
		char *errors =
			strncmp(data, "#errors\n", 8) == 0 ? data : strstr(data, "\n#errors");
		char *document = errors ? strstr(errors, "#document\n") : NULL;
		if (document && !strstr(errors, "#document-fragment") &&
		    !strstr(errors, "#script-off")) {
			run_case(score, data, (size_t)(errors - data), document + 10);
		}
		s = next ? next + 2 : NULL;
	}
	free(bytes);
}

static int is_dat(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 4 && strcmp(entry->d_name + len - 4, ".dat") == 0;
}

int main(int argc, char **argv)
{
	struct score score = {.verbose = argc == 3 && strcmp(argv[1], "-v") == 0};
	const char *folder = argc > 1 ? argv[argc - 1] : ".";
	struct dirent **names = NULL;
	int count = scandir(folder, &names, is_dat, alphasort);
	for (int i = 0; i < count; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
		run_file(&score, path);
		free(names[i]);
	}
	free(names);
	printf("html5lib: %u of %u as the standard has it; gumbo alone: %u\n", score.good,
	       score.count, score.gumbo);
	return score.count == 0 || score.good < score.gumbo;
}
