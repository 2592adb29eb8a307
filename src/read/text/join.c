#include "base/utf8.h"
#include "read/text/text.h"

#include <stdlib.h>
#include <string.h>

/* --- The words of the text, to tell "inter-\nnational" from "well-\nknown" --- */

static uint64_t hash_step(uint64_t hash, uint32_t cp)
{
	return (hash ^ cp_lower(cp)) * 1099511628211u; /* FNV-1a */
}

#define HASH_START 14695981039346656037u

static void add_word(struct text_reader *r, uint64_t hash)
{
	size_t i = (size_t)(hash >> 20) & (r->word_slots - 1);
	while (r->words[i] && r->words[i] != hash)
		i = (i + 1) & (r->word_slots - 1);
	r->words[i] = hash;
}

static bool has_word(const struct text_reader *r, uint64_t hash)
{
	for (size_t i = (size_t)(hash >> 20) & (r->word_slots - 1); r->words[i];
	     i = (i + 1) & (r->word_slots - 1))
		if (r->words[i] == hash)
			return true;
	return false;
}

/* Collect the words that stand whole, those at the ends of lines left out. */
static void collect_words(struct text_reader *r)
{
	size_t bytes = 0, slots = 1024;
	for (size_t i = 0; i < r->line_count; i++)
		bytes += r->lines[i].len;
	while (slots < bytes) /* a word takes two bytes at least: never more than half full */
		slots *= 2;
	r->words = calloc(slots, sizeof *r->words);
	if (!r->words) {
		r->failed = true;
		return;
	}
	r->word_slots = slots;
	for (size_t i = 0; i < r->line_count; i++) {
		const struct line *line = &r->lines[i];
		uint64_t hash = HASH_START;
		bool in_word = false;
		uint32_t cp;
		for (size_t at = 0; at < line->len;) {
			at += utf8_decode(line->text + at, line->len - at, &cp);
			if (cp_is_letter(cp)) {
				hash = hash_step(in_word ? hash : HASH_START, cp);
				in_word = true;
			} else {
				if (in_word && cp != '-')
					add_word(r, hash);
				in_word = false;
			}
		}
		if (in_word)
			add_word(r, hash);
	}
}

/* Whether the letters that end `out` before its hyphen and those that begin `line` are, together,
 * a word that stands elsewhere in the text. */
static bool is_one_word(struct text_reader *r, const struct buf *out, const char *line, size_t len)
{
	size_t end = out->len - 1, start = end;
	uint32_t cp;
	while (start > 0) {
		size_t n = 1;
		while (n < start && n < 4 && ((unsigned char)out->data[start - n] & 0xC0) == 0x80)
			n++;
		utf8_decode(out->data + start - n, n, &cp);
		if (!cp_is_letter(cp) || end - start > 60)
			break;
		start -= n;
	}
	if (start == end || (start > 0 && out->data[start - 1] == '-'))
		return false;
	if (!r->words)
		collect_words(r);
	if (!r->words)
		return false;
	uint64_t hash = HASH_START;
	for (size_t i = start; i < end;) {
		i += utf8_decode(out->data + i, end - i, &cp);
		hash = hash_step(hash, cp);
	}
	size_t i = 0;
	while (i < len) {
		size_t n = utf8_decode(line + i, len - i, &cp);
		if (!cp_is_letter(cp))
			break;
		hash = hash_step(hash, cp);
		i += n;
	}
	return i > 0 && !(i < len && line[i] == '-') && has_word(r, hash);
}

/* Scripts written without spaces between words: lines join as they are. Hangul has spaces. */
static bool is_unspaced(uint32_t cp)
{
	return (cp_is_cjk(cp) && !(cp >= 0xAC00 && cp <= 0xD7AF)) ||
	       (cp >= 0x0E00 && cp <= 0x0EFF) || (cp >= 0x1000 && cp <= 0x109F) ||
	       (cp >= 0x1780 && cp <= 0x17FF);
}

void text_join(struct text_reader *r, struct buf *out, const char *line, size_t len)
{
	if (out->len == 0 || len == 0) {
		buf_append(out, line, len);
		return;
	}
	uint32_t last = text_last_char(out->data, out->len), first;
	utf8_decode(line, len, &first);
	bool space = true;
	if (last == 0xAD) { /* a soft hyphen: the word was broken there and nowhere else */
		buf_truncate(out, out->len - 2);
		space = false;
	} else if (last == '-' || last == 0x2010 || last == 0x2013 || last == 0x2014) {
		size_t before = out->len - (last == '-' ? 1 : 3);
		space = before == 0 || out->data[before - 1] == ' ';
		if (!space && last == '-' && cp_is_lower(first) && is_one_word(r, out, line, len))
			buf_truncate(out, out->len - 1);
	} else if (is_unspaced(last) && is_unspaced(first)) {
		space = false;
	}
	if (space)
		buf_putc(out, ' ');
	buf_append(out, line, len);
}

const char *text_of(struct text_reader *r, const struct block *block, size_t *len)
{
	const struct line *line = &r->lines[block->first];
	const char *first = line->text + block->marker.len;
	*len = line->len - block->marker.len;
	if (block->end - block->first == 1)
		return first;
	buf_truncate(&r->scratch, 0);
	buf_append(&r->scratch, first, *len);
	for (size_t i = block->first + 1; i < block->end; i++)
		text_join(r, &r->scratch, r->lines[i].text, r->lines[i].len);
	r->failed |= r->scratch.failed;
	*len = r->scratch.len;
	return r->scratch.data;
}
