/* Values of attributes, as far as EPUBCheck's schemas hold books to them: numbers, roles, ARIA and
 * data attributes, prefixes of epub:type. */
#include "base/word_list.h"
#include "check/content.h"

#include <string.h>

/* WAI-ARIA 1.2, 5.4; DPUB-ARIA 1.1, 3; Graphics ARIA 1.0, 4. */
static const char roles[] =
	"alert alertdialog application article associationlist associationlistitemkey "
	"associationlistitemvalue banner blockquote button caption cell checkbox code columnheader "
	"combobox comment complementary contentinfo definition deletion dialog directory document "
	"emphasis feed figure form generic grid gridcell group heading image img insertion link "
	"list "
	"listbox listitem log main mark marquee math menu menubar menuitem menuitemcheckbox "
	"menuitemradio meter navigation none note option paragraph presentation progressbar radio "
	"radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider "
	"spinbutton status strong subscript suggestion superscript switch tab table tablist "
	"tabpanel "
	"term text textbox time timer toolbar tooltip tree treegrid treeitem "
	"doc-abstract doc-acknowledgments doc-afterword doc-appendix doc-backlink doc-biblioentry "
	"doc-bibliography doc-biblioref doc-chapter doc-colophon doc-conclusion doc-cover "
	"doc-credit "
	"doc-credits doc-dedication doc-endnote doc-endnotes doc-epigraph doc-epilogue doc-errata "
	"doc-example doc-footnote doc-foreword doc-glossary doc-glossref doc-index "
	"doc-introduction "
	"doc-noteref doc-notice doc-pagebreak doc-pagefooter doc-pageheader doc-pagelist doc-part "
	"doc-preface doc-prologue doc-pullquote doc-qna doc-subtitle doc-tip doc-toc "
	"graphics-document graphics-object graphics-symbol";

/* WAI-ARIA 1.2, 6.6, without "aria-", and those of 1.3 that checkers know already. */
static const char aria[] =
	"activedescendant atomic autocomplete braillelabel brailleroledescription busy checked "
	"colcount colindex colindextext colspan controls current describedby description details "
	"disabled dropeffect errormessage expanded flowto grabbed haspopup hidden invalid "
	"keyshortcuts label labelledby level live modal multiline multiselectable orientation owns "
	"placeholder posinset activated readonly relevant required roledescription rowcount "
	"rowindex "
	"rowindextext rowspan selected setsize sort valuemax valuemin valuenow valuetext";

static bool is_integer(const char *s, size_t len, bool natural)
{
	size_t i = len > 0 && (s[0] == '+' || (s[0] == '-' && !natural));
	if (i == len)
		return false;
	for (; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

static bool is_direction(const char *s, size_t len)
{
	return word_list_has_n("ltr rtl auto", s, len);
}

/* Call `known` for each word; the first it does not know is put into *word. */
static bool all_words(const char *s, size_t len,
		      bool (*known)(const struct content *, const char *, size_t),
		      const struct content *c, const char **word, size_t *word_len)
{
	for (size_t i = 0; i < len;) {
		size_t start = i;
		while (i < len && (unsigned char)s[i] > ' ')
			i++;
		if (i > start && !known(c, s + start, i - start)) {
			*word = s + start;
			*word_len = i - start;
			return false;
		}
		i++;
	}
	return true;
}

static bool is_role(const struct content *c, const char *s, size_t len)
{
	(void)c;
	return word_list_has_n(roles, s, len);
}

/* EPUB 3.3, "The prefix attribute": what epub:type may use undeclared, and what the root declares.
 */
static bool is_declared(const struct content *c, const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t n = colon ? (size_t)(colon - s) : 0;
	return !colon ||
	       word_list_has_n("msv prism a11y dcterms marc media onix rendition schema xsd", s,
			       n) ||
	       word_list_has_n(c->prefixes, s, n + 1);
}

/* data-…: something after the hyphen, no capital. */
static bool is_data_name(const char *name)
{
	const char *s = name + 5;
	if (!*s)
		return false;
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			return false;
	return true;
}

void value_check(struct content *c, const struct html_element *el, enum attr a, const char *name,
		 const char *value, size_t len)
{
	struct report *r = &c->d->report;
	const char *word = value;
	size_t word_len = len;
	bool right = true;
	switch (a) {
	case ATTR_INTEGER:
	case ATTR_NATURAL:
		right = is_integer(value, len, a == ATTR_NATURAL) || html_name(el) == HTML_embed;
		break;
	case ATTR_DIR:
		right = is_direction(value, len);
		break;
	case ATTR_ROLE:
		right = !(el->flags & HE_NO_ROLE) &&
			all_words(value, len, is_role, c, &word, &word_len);
		break;
	case ATTR_EPUB_TYPE:
		if (c->d->ck->version == 3 && memchr(value, ':', len))
			right = all_words(value, len, is_declared, c, &word, &word_len);
		break;
	default:
		if (strncmp(name, "data-", 5) == 0)
			right = is_data_name(name);
		else if (strncmp(name, "aria-", 5) == 0)
			right = word_list_has(aria, name + 5);
		break;
	}
	if (!right)
		report_add(r, RULE_HTML_ATTRIBUTE, content_line(c), "%s=\"%.*s\"%s%s", name,
			   (int)(word_len < 60 ? word_len : 60), word, el ? " on " : "",
			   el ? el->name : "");
}
