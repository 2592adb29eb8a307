#include "extract/figures/candidates.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "lang/lexicon.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct lexicon_entry words_entries[512];
static struct lexicon words = {.entries = words_entries, .room = 512};
static pthread_once_t words_once = PTHREAD_ONCE_INIT;

static void load_words(void)
{
	static const char *const kinds[PICTURE_WORDS] = {
		"address", "larger", "other", "placeholder", "unseen",
		"small",   "plain",  "form",  "emblem",      "control"};
	lexicon_load(&words, "assets/page_images.tsv", kinds, PICTURE_WORDS, 1);
}

bool picture_word_is(enum picture_word kind, const char *word, size_t len)
{
	pthread_once(&words_once, load_words);
	return len && lexicon_has(&words, KIND(kind), word, len, NULL);
}

bool picture_name_has(enum picture_word kind, const char *name, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;
		while (i + n < len && ascii_is_alnum(name[i + n]))
			n++;
		if (picture_word_is(kind, name + i, n))
			return true;
		i += n + 1;
	}
	return false;
}

/* The length of an image file's ending (".jpg") at the end of a name; 0 when there is none. */
static size_t ending(const char *name, size_t len)
{
	static const char *const endings[] = {".jpg",  ".jpeg", ".png", ".gif", ".webp",
					      ".avif", ".svg",  ".bmp", ".jfif"};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strncasecmp(name + len - n, endings[i], n) == 0)
			return n;
	}
	return 0;
}

void picture_file(const char *url, size_t len, const char **name, size_t *name_len)
{
	const char *end = url + strcspn(url, "?#");
	if (end > url + len)
		end = url + len;
	const char *start = end;
	while (start > url && start[-1] != '/')
		start--;
	*name = start;
	*name_len = (size_t)(end - start);
	for (size_t n; (n = ending(start, *name_len)) > 0;) /* "a.jpg.webp" */
		*name_len -= n;
}

bool picture_is_file(const char *url, size_t len)
{
	static const char stops[] = "?#&/!: \t\n@";
	for (size_t i = 0; i < len; i++) {
		if (url[i] != '.')
			continue;
		size_t n = i + 1;
		while (n < len && ascii_is_alnum(url[n]))
			n++;
		if (n - i > 3 && n - i < 6 && i && ending(url + i - 1, n - i + 1) &&
		    (n == len || strchr(stops, url[n]) != NULL))
			return true;
	}
	return false;
}

bool picture_is_placeholder(const char *url)
{
	if (!url)
		return true;
	url += strspn(url, " \t\n\r\f");
	if (strncasecmp(url, "data:", 5) == 0)
		return strlen(url) < PICTURE_MIN_DATA;
	if (!*url || *url == '#' || strncasecmp(url, "about:", 6) == 0 ||
	    strncasecmp(url, "javascript:", 11) == 0)
		return true;
	const char *name;
	size_t len;
	picture_file(url, strlen(url), &name, &len);
	return picture_name_has(PICTURE_PLACEHOLDER, name, len);
}

/* A drawing in a data: URL that has nothing in it but its size. */
static bool is_empty_drawing(const char *url)
{
	enum { MIN_PACKED_DRAWING = 400 };
	static const char *const shapes[] = {"path",    "circle", "rect",   "text", "polygon",
					     "ellipse", "<image", "Cimage", "line"};
	const char *data = url + strcspn(url, ",");
	if (memmem(url, (size_t)(data - url), "base64", 6))
		return strlen(data) < MIN_PACKED_DRAWING;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (strstr(data, shapes[i]))
			return false;
	return strlen(data) < PICTURE_MIN_DATA;
}

bool picture_is_unseen(const char *url)
{
	if (!url)
		return true;
	url += strspn(url, " \t\n\r\f");
	if (strncasecmp(url, "data:", 5) == 0)
		return strncasecmp(url, "data:image/svg", 14) == 0 ? is_empty_drawing(url)
								   : strlen(url) < PICTURE_MIN_DATA;
	const char *name;
	size_t len;
	picture_file(url, strlen(url), &name, &len);
	return picture_word_is(PICTURE_UNSEEN, name, len) || strchr("#", *url) != NULL ||
	       strncasecmp(url, "about:", 6) == 0;
}

int picture_length(const xmlNode *img, const char *attribute)
{
	const char *value = tree_get(img, attribute);
	char *end = NULL;
	if (!value)
		return -1;
	double number = strtod(value, &end);
	end += strspn(end, " ");
	if (end == value || (*end && strcasecmp(end, "px") != 0) || !(number >= 0 && number < 1e6))
		return -1;
	return (int)number;
}

bool picture_is_emblem(const xmlNode *img)
{
	enum { LARGE = 300, MAX_NAMES = 120 };
	static const char *const attributes[] = {"class", "id"};
	int width = picture_length(img, "width"), height = picture_length(img, "height");
	const char *name, *src = tree_get(img, "src");
	size_t len;
	/* 0 and 1 are no sizes: a style sheet sets them */
	if ((width > 1 && width < 80) || (height > 1 && height < 60))
		return true;
	if (width >= LARGE)
		return false;
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *value = tree_get(img, attributes[i]);
		if (value && strlen(value) < MAX_NAMES &&
		    picture_name_has(PICTURE_EMBLEM, value, strlen(value)))
			return true;
	}
	if (!src || strncasecmp(src, "data:", 5) == 0)
		return false;
	picture_file(src, strlen(src), &name, &len);
	return picture_name_has(PICTURE_EMBLEM, name, len);
}

bool picture_is_control(const xmlNode *img)
{
	enum { MAX_CONTROL = 64 }; /* pixels */
	const char *name, *src = tree_get(img, "src");
	size_t len;
	if (!src || strncasecmp(src, "data:", 5) == 0)
		return false;
	picture_file(src, strlen(src), &name, &len);
	if (!picture_name_has(PICTURE_CONTROL, name, len))
		return false;
	int width = picture_length(img, "width"), height = picture_length(img, "height");
	bool small = (width > 1 && width <= MAX_CONTROL) || (height > 1 && height <= MAX_CONTROL);
	bool drawing = strncasecmp(name + len, ".svg", 4) == 0 || memmem(name, len, ".svg", 4);
	return small || drawing || tree_is(tree_parent(img), "button");
}
