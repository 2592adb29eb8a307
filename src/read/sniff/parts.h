/* What sniff.c has its formats recognised by. */
#ifndef READ_SNIFF_PARTS_H
#define READ_SNIFF_PARTS_H

#include "read/sniff/sniff.h"

/* The text to recognise, without white space in front. */
struct sniffed {
	const char *text, *end;
	const char *extension; /* of its name, without the dot; "" when it has none */
};

/* Each appends what the text is ("an RSS feed with 20 entries"), or returns false. */
bool sniff_json(const struct sniffed *s, struct buf *what); /* data.c */
bool sniff_json_lines(const struct sniffed *s, struct buf *what);
bool sniff_table(const struct sniffed *s, struct buf *what);
bool sniff_mail(const struct sniffed *s, struct buf *what);
bool sniff_mailbox(const struct sniffed *s, struct buf *what);
bool sniff_tex(const struct sniffed *s, struct buf *what); /* code.c */
bool sniff_code(const struct sniffed *s, struct buf *what);
bool sniff_xml(const struct sniffed *s, struct buf *what); /* xml.c */

/* How often `word` stands in s->text. */
size_t sniff_count(const struct sniffed *s, const char *word);
/* Append "an RSS feed with 20 entries"; `unit` and `units` are "entry", "entries"; NULL: no count.
 */
void sniff_put_count(struct buf *what, const char *name, size_t count, const char *unit,
		     const char *units);
/* The next line of the text at *p, without its end; false at the end. */
bool sniff_line(const char **p, const char *end, const char **line, size_t *len);
/* Whether a word is in a list that spaces separate, without case. */
bool sniff_is_listed(const char *list, const char *word, size_t len);

#endif
