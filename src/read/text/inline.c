#include "article/tree.h"
#include "article/url.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "read/text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_LOCAL = 64,   /* of an e-mail address before the @ (RFC 5321, section 4.5.3.1.1) */
	MAX_DOMAIN = 255, /* section 4.5.3.1.2 */
};

enum token_kind { TOKEN_URL, TOKEN_EMAIL, TOKEN_NOTE };

struct token {
	enum token_kind kind;
	size_t start, end;
	struct note *note;
};

/* The end of a URL that starts at `at`: RFC 3986 section 2's characters and whatever is not ASCII,
 * up to a space or an ideograph's punctuation; marks that end a sentence, and a bracket that the
 * URL did not open, are not part of it. */
static size_t url_end(const char *s, size_t len, size_t at)
{
	int round = 0, square = 0;
	size_t i = at;
	while (i < len) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 0x80) {
			uint32_t cp;
			size_t n = utf8_decode(s + i, len - i, &cp);
			if (!cp_is_letter(cp) || cp_is_cjk(cp))
				break;
			i += n;
			continue;
		}
		if (c <= ' ' || strchr("<>\"\\^`{|}", c))
			break;
		if ((c == ')' && round-- == 0) || (c == ']' && square-- == 0))
			break;
		round += c == '(';
		square += c == '[';
		i++;
	}
	while (i > at && strchr(".,;:!?'*_-([", s[i - 1]))
		i--;
	return i;
}

/* A URL with its ":" at s[colon]: "http://", "https://". */
static bool match_url(const char *s, size_t len, size_t low, size_t colon, struct token *t)
{
	static const char *const schemes[] = {"https", "http"};
	if (len - colon < 5 || memcmp(s + colon, "://", 3) != 0)
		return false;
	for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++) {
		size_t n = strlen(schemes[k]);
		if (colon < low + n || strncasecmp(s + colon - n, schemes[k], n) != 0)
			continue;
		t->start = colon - n;
		if (t->start > low && ascii_is_alnum(s[t->start - 1]))
			continue;
		t->end = url_end(s, len, colon + 3);
		t->kind = TOKEN_URL;
		return t->end > colon + 3;
	}
	return false;
}

/* "www." at s[at], with another dot after it. */
static bool match_www(const char *s, size_t len, size_t low, size_t at, struct token *t)
{
	if (len - at < 7 || strncasecmp(s + at, "www.", 4) != 0 ||
	    (at > low && ascii_is_alnum(s[at - 1])) || !ascii_is_alnum(s[at + 4]))
		return false;
	*t = (struct token){.kind = TOKEN_URL, .start = at, .end = url_end(s, len, at)};
	return t->end > at + 4 && memchr(s + at + 4, '.', t->end - at - 4);
}

/* An e-mail address with its "@" at s[at]. */
static bool match_email(const char *s, size_t len, size_t low, size_t at, struct token *t)
{
	size_t start = at, end = at + 1, dots = 0;
	while (start > low && at - start < MAX_LOCAL &&
	       (ascii_is_alnum(s[start - 1]) || strchr("._%+-", s[start - 1])))
		start--;
	while (start < at && !ascii_is_alnum(s[start]))
		start++;
	while (end < len && end - at <= MAX_DOMAIN &&
	       (ascii_is_alnum(s[end]) || s[end] == '.' || s[end] == '-'))
		end++;
	while (end > at + 1 && !ascii_is_alnum(s[end - 1]))
		end--;
	for (size_t i = at + 1; i < end; i++) {
		dots += s[i] == '.';
		if (s[i] == '.' && (s[i + 1] == '.' || i == at + 1))
			return false;
	}
	*t = (struct token){.kind = TOKEN_EMAIL, .start = start, .end = end};
	return start < at && dots && end - at > 3;
}

static int compare_note(const void *a, const void *b)
{
	const struct note *x = a, *y = b;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->block < y->block ? -1 : x->block > y->block;
}

/* The note of that number that is meant in block `block`: the next one further down, or, when
 * there is only one, that one. */
static struct note *find_note(struct text_reader *r, long number, size_t block)
{
	size_t low = 0, high = r->note_count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		const struct note *n = &r->notes[mid];
		if (n->number < number || (n->number == number && n->block < block))
			low = mid + 1;
		else
			high = mid;
	}
	if (low < r->note_count && r->notes[low].number == number)
		return &r->notes[low];
	bool only = low > 0 && r->notes[low - 1].number == number &&
		    (low < 2 || r->notes[low - 2].number != number);
	return only ? &r->notes[low - 1] : NULL;
}

struct note *text_note_of(struct text_reader *r, const struct block *block)
{
	return find_note(r, block->marker.number, (size_t)(block - r->blocks));
}

/* "[12]" at s[at]. */
static bool match_note(struct text_reader *r, size_t block, const char *s, size_t len, size_t at,
		       struct token *t)
{
	size_t i = at + 1;
	long number = 0;
	while (i < len && i < at + 5 && ascii_is_digit(s[i]))
		number = number * 10 + (s[i++] - '0');
	if (i == at + 1 || i >= len || s[i] != ']')
		return false;
	*t = (struct token){.kind = TOKEN_NOTE, .start = at, .end = i + 1};
	t->note = find_note(r, number, block);
	/* a note does not refer to itself */
	return t->note && t->note->block != block;
}

/* The first link or note reference from *at on; nothing before `at` is taken. */
static bool next_token(struct text_reader *r, size_t block, const char *s, size_t len, size_t at,
		       struct token *t)
{
	/* where one can be told: "://", "@", "www", "[" */
	static const bool tells[256] = {
		[':'] = true, ['@'] = true, ['w'] = true, ['W'] = true, ['['] = true};
	for (size_t i = at; i < len; i++) {
		if (!tells[(unsigned char)s[i]])
			continue;
		switch (s[i]) {
		case ':':
			if (match_url(s, len, at, i, t))
				return true;
			break;
		case '@':
			if (match_email(s, len, at, i, t))
				return true;
			break;
		case 'w':
		case 'W':
			if (i + 1 < len && (s[i + 1] | 32) == 'w' && match_www(s, len, at, i, t))
				return true;
			break;
		case '[':
			if (r->note_count && match_note(r, block, s, len, i, t))
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

/* A link; its words alone when no address can be made of them. */
static void inline_put_link(xmlNode *parent, const struct token *t, const char *s)
{
	struct buf address = BUF_INIT, href = BUF_INIT;
	const char *text = s + t->start, *rest = text;
	size_t len = t->end - t->start;
	if (t->kind == TOKEN_EMAIL) {
		buf_puts(&address, "mailto:");
	} else if ((*text | 32) == 'w') {
		buf_puts(&address, "http://");
	} else { /* the scheme in small letters */
		rest = memchr(text, ':', len);
		for (const char *c = text; c < rest; c++)
			buf_putc(&address, (char)(*c | 32));
	}
	buf_append(&address, rest, len - (size_t)(rest - text));
	if (url_put_clean(&href, address.data, address.len, URL_LINK) && !href.failed) {
		parent = tree_element(parent, "a");
		tree_set(parent, "href", href.data);
	}
	tree_text(parent, text, len);
	buf_release(&address);
	buf_release(&href);
}

static void put_note_ref(xmlNode *parent, const struct token *t, const char *s)
{
	char id[48], href[48];
	struct note *note = t->note;
	snprintf(href, sizeof href, "#note-%zu", note->id);
	if (note->put++ == 0)
		snprintf(id, sizeof id, "noteref-%zu", note->id);
	else
		snprintf(id, sizeof id, "noteref-%zu-%zu", note->id, note->put);
	xmlNode *a = tree_element(parent, "a");
	tree_set(a, "epub:type", "noteref");
	tree_set(a, "role", "doc-noteref");
	tree_set(a, "href", href);
	tree_set(a, "id", id);
	tree_text(a, s + t->start, t->end - t->start);
}

void text_put_inline(struct text_reader *r, xmlNode *parent, const struct block *block,
		     const char *s, size_t len)
{
	struct token t;
	size_t at = 0;
	while (next_token(r, (size_t)(block - r->blocks), s, len, at, &t)) {
		if (t.start > at)
			tree_text(parent, s + at, t.start - at);
		if (t.kind == TOKEN_NOTE)
			put_note_ref(parent, &t, s);
		else
			inline_put_link(parent, &t, s);
		at = t.end;
	}
	if (at < len)
		tree_text(parent, s + at, len - at);
}

/* Count the references in a block, as text_put_inline() will find them: verse and tables go line
 * by line. */
static void count_refs(struct text_reader *r, size_t i)
{
	const struct block *b = &r->blocks[i];
	bool by_line = b->kind == BLOCK_VERSE || b->kind == BLOCK_HEADING;
	if (b->kind == BLOCK_GONE || b->kind == BLOCK_SEPARATOR || b->kind == BLOCK_TABLE)
		return;
	for (size_t k = b->first; k < (by_line ? b->end : b->first + 1); k++) {
		struct token t;
		size_t len, at = 0;
		const char *s = r->lines[k].text;
		if (by_line)
			len = r->lines[k].len;
		else
			s = text_of(r, b, &len);
		for (; next_token(r, i, s, len, at, &t); at = t.end)
			if (t.kind == TOKEN_NOTE)
				t.note->refs++;
	}
}

void text_find_notes(struct text_reader *r)
{
	size_t count = 0, id = 0;
	for (size_t i = 0; i < r->block_count; i++)
		count += r->blocks[i].kind == BLOCK_NOTE;
	if (count == 0)
		return;
	r->notes = calloc(count, sizeof *r->notes);
	if (!r->notes) {
		r->failed = true;
		return;
	}
	for (size_t i = 0; i < r->block_count; i++)
		if (r->blocks[i].kind == BLOCK_NOTE)
			r->notes[r->note_count++] =
				(struct note){.number = r->blocks[i].marker.number, .block = i};
	qsort(r->notes, r->note_count, sizeof *r->notes, compare_note);
	for (size_t i = 0; i < r->block_count; i++)
		count_refs(r, i);
	/* what nothing refers to is a paragraph; the others are numbered as they stand in the text
	 */
	for (size_t i = 0; i < r->note_count; i++) {
		struct block *b = &r->blocks[r->notes[i].block];
		if (r->notes[i].refs == 0) {
			b->kind = BLOCK_PARAGRAPH;
			b->marker = (struct marker){0};
		}
	}
	for (size_t i = 0; i < r->block_count; i++) {
		struct block *b = &r->blocks[i];
		if (b->kind != BLOCK_NOTE)
			continue;
		text_note_of(r, b)->id = ++id;
		text_guess(r, DIAG_GUESS_BLOCK, b, "a footnote: \"[%ld]\" in the text refers to it",
			   b->marker.number);
	}
}
