#include "base/utf8.h"
#include "lang/bio_line.h"
#include "lang/name.h"
#include "read/text/text.h"

#include <string.h>

/* The end of an article: who wrote it. A paragraph is a bio when it stands last and
 * - begins "The author is", "About the author:", 作者简介： and the like; or
 * - stands under a line "About the author"; or
 * - begins with a name and "is", the name being that of the byline, or one that the article has
 *   not spoken of, with a writer's occupation after it. */

enum { BIO_COLUMNS = 900, MAX_BIOS = 8, MAX_LINES_BACK = 40, MIN_PROSE = 2, MAX_ANNOUNCED = 32 };

/* A bio being put together: blocks [first, last]. */
struct bio {
	size_t first, last;
	const char *name;                  /* in the arena; NULL: "The author" */
	const char *others[BIO_MAX_NAMES]; /* of whom it speaks as well */
	size_t more;                       /* how many */
	const char *why;
};

/* Past brackets and stars that a bio may stand in. */
static void tail_skip_wrapping(const char **s, size_t *len)
{
	while (*len > 1 && strchr("([*_", **s)) {
		++*s;
		--*len;
	}
	while (*len > 3 && (!strncmp(*s, "（", 3) || !strncmp(*s, "【", 3) ||
			    !strncmp(*s, "—", 3) || !strncmp(*s, "■", 3))) {
		*s += 3;
		*len -= 3;
	}
	utf8_trim(s, len);
}

/* The name of the author whom a name in the text means, however it is spelled. */
static char *known_author(struct text_reader *r, const char *s, size_t len)
{
	char name[128];
	if (len >= sizeof name)
		return NULL;
	memcpy(name, s, len);
	name[len] = '\0';
	struct author *author = article_find_author(r->a, name);
	return author ? author->name : NULL;
}

/* Whether the article spoke of somebody before block `before`. A photo's credit does not count: who
 * wrote the piece may well have taken the picture. */
static bool is_mentioned(const struct text_reader *r, const char *s, size_t len, size_t before)
{
	for (size_t b = 0; b < before; b++) {
		if (r->blocks[b].kind == BLOCK_CAPTION)
			continue;
		for (size_t i = r->blocks[b].first; i < r->blocks[b + 1].first; i++)
			if (r->lines[i].len >= len &&
			    memmem(r->lines[i].text, r->lines[i].len, s, len))
				return true;
	}
	return false;
}

/* The name in "The author is Ann Brown, …" or "作者简介：张三，…"; NULL when none is given. */
static char *named_after(struct text_reader *r, const char *s, size_t len)
{
	static const char *const stops[] = {",", "，", "（", "(",    "是",  "系", "。",
					    ":", "：", "、", " is ", " — ", "；", "，"};
	utf8_trim(&s, &len);
	size_t end = len < 60 ? len : 60;
	for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
		const char *at = memmem(s, end, stops[k], strlen(stops[k]));
		if (at)
			end = (size_t)(at - s);
	}
	utf8_trim(&s, &end);
	if (end == len || !name_is_personal(s, end))
		return NULL;
	return arena_dupn(&r->a->arena, s, end);
}

/* Whether block `i` is a bio by its own words. */
static bool read_bio(struct text_reader *r, size_t i, bool announced, struct bio *bio)
{
	const struct block *b = &r->blocks[i];
	size_t len;
	struct bio_line start;
	if (b->kind != BLOCK_PARAGRAPH || b->width > BIO_COLUMNS)
		return false;
	const char *s = text_of(r, b, &len);
	tail_skip_wrapping(&s, &len);
	*bio = (struct bio){.first = i, .last = i};
	size_t label = phrase_at(PHRASE_AUTHOR_IS, s, len);
	if (label) {
		bio->name = named_after(r, s + label, len - label);
		bio->why = "it begins with a description of the author";
		return true;
	}
	if (!bio_line_read(s, len, &start))
		return false;
	size_t name = start.names[0].len;
	bio->more = start.count - 1;
	for (size_t k = 1; k < start.count; k++)
		bio->others[k - 1] = arena_dupn(&r->a->arena, start.names[k].s, start.names[k].len);
	char *known = known_author(r, s, name);
	if (known) {
		bio->name = known;
		bio->why = "it begins with the author's name, at the end";
		return true;
	}
	if (announced) {
		bio->name = arena_dupn(&r->a->arena, s, name);
		bio->why = "it is below a line about the author";
		return bio->name != NULL;
	}
	if (article_has_author(r->a) || start.comma || !bio_names_writer(s, len, &start) ||
	    is_mentioned(r, s, name, i))
		return false;
	bio->name = arena_dupn(&r->a->arena, s, name);
	bio->why =
		"the last paragraph begins with a name and what that person does, and the article "
		"does not speak of them";
	return bio->name != NULL;
}

/* The author of the bio; NULL when that is not known. */
static struct author *tail_bio_author(struct text_reader *r, const struct bio *bio)
{
	struct article *a = r->a;
	struct author *known = bio->name ? article_find_author(a, bio->name) : NULL;
	if (known)
		return known;
	if (bio->name && !r->given.authors) {
		struct author *author = article_author(a, bio->name);
		if (author)
			diag_add(r->diag, DIAG_GUESS_AUTHOR,
				 text_line_number(r, &r->blocks[bio->first]),
				 "author \"%s\": from the bio at the end", author->name);
		return author;
	}
	return !bio->name && a->authors.count == 1 ? &a->authors.items[0] : NULL;
}

/* Put the blocks' text into the author's bio; they leave the body. */
static bool take_bio(struct text_reader *r, const struct bio *bio)
{
	struct author *author = tail_bio_author(r, bio);
	struct buf text = BUF_INIT;
	if (!author)
		return false;
	for (size_t i = bio->first; i <= bio->last; i++) {
		size_t len;
		if (r->blocks[i].kind != BLOCK_PARAGRAPH)
			continue;
		const char *s = text_of(r, &r->blocks[i], &len);
		if (text.len)
			buf_puts(&text, "\n\n");
		buf_append(&text, s, len);
	}
	r->failed |= text.failed;
	bool taken =
		article_fill(r->a, &author->bio, text.data, text.len) ||
		(author->bio && text_same(text.data, text.len, author->bio, strlen(author->bio)));
	for (size_t i = 0; taken && i < bio->more; i++) {
		struct bio other = {.first = bio->first, .name = bio->others[i]};
		struct author *also = other.name ? tail_bio_author(r, &other) : NULL;
		if (also)
			article_fill(r->a, &also->bio, text.data, text.len);
		author = article_find_author(r->a, bio->name ? bio->name : "");
	}
	if (taken && author) {
		text_guess(r, DIAG_GUESS_BIO, &r->blocks[bio->first], "bio of %s: %s",
			   author->name ? author->name : "the author", bio->why);
		for (size_t i = bio->first; i <= bio->last; i++)
			if (r->blocks[i].kind == BLOCK_PARAGRAPH)
				r->blocks[i].kind = BLOCK_GONE;
	}
	buf_release(&text);
	return taken;
}

/* Blocks that may stand after the bio without meaning anything. */
static bool is_passed_over(const struct block *b)
{
	return b->kind == BLOCK_GONE || b->kind == BLOCK_SEPARATOR || b->kind == BLOCK_NOTE ||
	       b->kind == BLOCK_CAPTION;
}

static bool starts_with_more(struct text_reader *r, const struct block *b)
{
	size_t len;
	if (b->kind != BLOCK_PARAGRAPH || b->width > BIO_COLUMNS)
		return false;
	const char *s = text_of(r, b, &len);
	tail_skip_wrapping(&s, &len);
	return phrase_at(PHRASE_MORE, s, len) != 0;
}

static bool is_about_line(struct text_reader *r, const struct block *b)
{
	size_t len;
	if ((b->kind != BLOCK_PARAGRAPH && b->kind != BLOCK_HEADING) || b->width > 80)
		return false;
	const char *s = text_of(r, b, &len);
	return phrase_is(PHRASE_ABOUT, s, len);
}

/* The bios under the line blocks[about]: each that begins with a name starts another. */
static void read_announced(struct text_reader *r, size_t about)
{
	size_t taken = 0, left = 0;
	struct bio current = {.first = SIZE_MAX}, next;
	for (size_t i = about + 1; i <= r->block_count && taken + left < MAX_ANNOUNCED; i++) {
		struct block *b = i < r->block_count ? &r->blocks[i] : NULL;
		bool paragraph = b && b->kind == BLOCK_PARAGRAPH;
		bool starts = paragraph && (current.first == SIZE_MAX || b->width < BIO_COLUMNS) &&
			      read_bio(r, i, true, &next);
		if (paragraph && !starts && current.first == SIZE_MAX) {
			next = (struct bio){.first = i,
					    .last = i,
					    .why = "it is below a line about the author"};
			starts = true;
		}
		if (current.first != SIZE_MAX && (starts || !paragraph)) {
			if (take_bio(r, &current))
				taken++;
			else
				left++;
			current.first = SIZE_MAX;
		}
		if (starts)
			current = next;
		else if (paragraph)
			current.last = i;
		else if (b && !is_passed_over(b))
			break; /* a heading, a list: the bios are over */
	}
	if (taken && !left)
		r->blocks[about].kind = BLOCK_GONE;
}

/* A byline as the last line: "作者：张三", "By Ann Brown". */
static bool read_last_byline(struct text_reader *r, size_t i)
{
	struct block *b = &r->blocks[i];
	struct head_line said;
	size_t len;
	if (b->kind != BLOCK_PARAGRAPH || b->end - b->first != 1 || b->width > 120 || b->cls)
		return false;
	const char *s = text_of(r, b, &len);
	if (!text_read_byline(r, s, len, 0, false, &said) || !said.is_byline || said.bare)
		return false;
	text_read_byline(r, s, len, text_line_number(r, b), true, &said);
	text_place_byline(r, b, &said);
	return true;
}

void text_read_tail(struct text_reader *r)
{
	size_t prose = 0, seen = 0;
	for (size_t i = 0; i < r->block_count && prose < MIN_PROSE; i++)
		prose += block_is_prose(r, &r->blocks[i]) || r->blocks[i].kind == BLOCK_VERSE;
	if (prose < MIN_PROSE)
		return;
	/* a line "About the author" near the end rules what follows */
	for (size_t i = r->block_count; i-- > 0 && seen < MAX_LINES_BACK;) {
		if (is_about_line(r, &r->blocks[i])) {
			read_announced(r, i);
			break;
		}
		seen += !is_passed_over(&r->blocks[i]);
	}
	/* from the end up: bios, with what continues them below */
	struct bio bios[MAX_BIOS];
	size_t count = 0, last = SIZE_MAX;
	bool byline = false;
	for (size_t i = r->block_count; i-- > 0 && count < MAX_BIOS;) {
		struct block *b = &r->blocks[i];
		struct bio bio;
		if (is_passed_over(b))
			continue;
		if (count == 0 && last == SIZE_MAX && !byline && read_last_byline(r, i)) {
			byline = true;
			continue;
		}
		if (read_bio(r, i, false, &bio)) {
			if (last != SIZE_MAX)
				bio.last = last;
			bios[count++] = bio;
			last = SIZE_MAX;
		} else if (starts_with_more(r, b) && (last == SIZE_MAX || last < i + 3)) {
			if (last == SIZE_MAX)
				last = i;
		} else {
			break;
		}
	}
	/* in the order of the text */
	while (count-- > 0)
		take_bio(r, &bios[count]);
}
