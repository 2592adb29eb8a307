#include "read/html/tag.h"

#include "base/ascii.h"

#include <string.h>
#include <strings.h>

static const unsigned short kinds[GUMBO_TAG_LAST] = {
#define BREAK HTML_BREAKOUT
	[GUMBO_TAG_HTML] = HTML_LEAF | HTML_BLOCK | HTML_WORD,
	[GUMBO_TAG_HEAD] = HTML_LEAF | HTML_BLOCK | BREAK | HTML_WORD,
	[GUMBO_TAG_BODY] = HTML_LEAF | HTML_BLOCK | BREAK | HTML_WORD,
	[GUMBO_TAG_TITLE] = HTML_TEXT | HTML_INTEGRATION | HTML_BLOCK | HTML_WORD,
	[GUMBO_TAG_BASE] = HTML_LEAF | HTML_BLOCK | HTML_WORD,
	[GUMBO_TAG_LINK] = HTML_LEAF | HTML_BLOCK | HTML_WORD,
	[GUMBO_TAG_META] = HTML_LEAF | HTML_BLOCK | BREAK | HTML_WORD,
	[GUMBO_TAG_STYLE] = HTML_RAW | HTML_UNSEEN | HTML_WORD,
	[GUMBO_TAG_SCRIPT] = HTML_RAW | HTML_UNSEEN,
	[GUMBO_TAG_NOSCRIPT] = HTML_RAW,
	[GUMBO_TAG_NOFRAMES] = HTML_RAW | HTML_UNSEEN,
	[GUMBO_TAG_NOEMBED] = HTML_RAW | HTML_UNSEEN,
	[GUMBO_TAG_IFRAME] = HTML_RAW | HTML_UNSEEN | HTML_REPLACED,
	[GUMBO_TAG_XMP] = HTML_RAW,
	[GUMBO_TAG_PLAINTEXT] = HTML_RAW,
	[GUMBO_TAG_TEXTAREA] = HTML_TEXT | HTML_PRE | HTML_WORD,

	[GUMBO_TAG_ADDRESS] = HTML_BLOCK,
	[GUMBO_TAG_ARTICLE] = HTML_BLOCK,
	[GUMBO_TAG_ASIDE] = HTML_BLOCK,
	[GUMBO_TAG_BLOCKQUOTE] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_CENTER] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_DD] = HTML_LEAF | HTML_BLOCK | BREAK,
	[GUMBO_TAG_DIV] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_DL] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_DT] = HTML_LEAF | HTML_BLOCK | BREAK,
	[GUMBO_TAG_FIGCAPTION] = HTML_BLOCK,
	[GUMBO_TAG_FIGURE] = HTML_BLOCK,
	[GUMBO_TAG_FOOTER] = HTML_BLOCK,
	[GUMBO_TAG_FORM] = HTML_BLOCK | HTML_WORD,
	[GUMBO_TAG_H1] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_H2] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_H3] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_H4] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_H5] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_H6] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_HEADER] = HTML_BLOCK,
	[GUMBO_TAG_HR] = HTML_LEAF | HTML_BLOCK | BREAK,
	[GUMBO_TAG_LI] = HTML_LEAF | HTML_BLOCK | BREAK,
	[GUMBO_TAG_LISTING] = HTML_PRE | BREAK | HTML_WORD,
	[GUMBO_TAG_MAIN] = HTML_BLOCK,
	[GUMBO_TAG_MENU] = HTML_BLOCK | BREAK | HTML_WORD,
	[GUMBO_TAG_NAV] = HTML_BLOCK,
	[GUMBO_TAG_OL] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_P] = HTML_LEAF | HTML_BLOCK | BREAK,
	[GUMBO_TAG_PRE] = HTML_PRE | HTML_BLOCK | BREAK,
	[GUMBO_TAG_SECTION] = HTML_BLOCK,
	[GUMBO_TAG_UL] = HTML_BLOCK | BREAK,

	[GUMBO_TAG_TABLE] = HTML_BLOCK | BREAK,
	[GUMBO_TAG_CAPTION] = HTML_BLOCK,
	[GUMBO_TAG_COL] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_COLGROUP] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_TBODY] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_TD] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_TFOOT] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_TH] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_THEAD] = HTML_LEAF | HTML_BLOCK,
	[GUMBO_TAG_TR] = HTML_LEAF | HTML_BLOCK,

	[GUMBO_TAG_B] = HTML_FORMATTING | BREAK | HTML_WORD,
	[GUMBO_TAG_BIG] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_CODE] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_EM] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_FONT] = HTML_FORMATTING, /* with attributes it breaks out, too */
	[GUMBO_TAG_I] = HTML_FORMATTING | BREAK | HTML_WORD,
	[GUMBO_TAG_NOBR] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_S] = HTML_FORMATTING | BREAK | HTML_WORD,
	[GUMBO_TAG_SMALL] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_STRIKE] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_STRONG] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_TT] = HTML_FORMATTING | BREAK,
	[GUMBO_TAG_U] = HTML_FORMATTING | BREAK | HTML_WORD,

	[GUMBO_TAG_RUBY] = BREAK,
	[GUMBO_TAG_SPAN] = BREAK,
	[GUMBO_TAG_SUB] = BREAK,
	[GUMBO_TAG_SUP] = BREAK,
	[GUMBO_TAG_VAR] = BREAK | HTML_WORD,

	[GUMBO_TAG_AREA] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_BASEFONT] = HTML_LEAF,
	[GUMBO_TAG_BGSOUND] = HTML_LEAF,
	[GUMBO_TAG_BR] = HTML_LEAF | BREAK,
	[GUMBO_TAG_EMBED] = HTML_LEAF | BREAK | HTML_WORD,
	[GUMBO_TAG_FRAME] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_IMAGE] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_IMG] = HTML_LEAF | BREAK | HTML_WORD,
	[GUMBO_TAG_INPUT] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_KEYGEN] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_OPTGROUP] = HTML_LEAF,
	[GUMBO_TAG_OPTION] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_PARAM] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_RB] = HTML_LEAF,
	[GUMBO_TAG_RP] = HTML_LEAF,
	[GUMBO_TAG_RT] = HTML_LEAF,
	[GUMBO_TAG_RTC] = HTML_LEAF,
	[GUMBO_TAG_SOURCE] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_TRACK] = HTML_LEAF | HTML_WORD,
	[GUMBO_TAG_WBR] = HTML_LEAF,

	[GUMBO_TAG_ANNOTATION_XML] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_DESC] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_FOREIGNOBJECT] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_MI] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_MN] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_MO] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_MS] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_MTEXT] = HTML_INTEGRATION | HTML_FOREIGN,
	[GUMBO_TAG_VIDEO] = HTML_REPLACED,
	[GUMBO_TAG_AUDIO] = HTML_REPLACED,
	[GUMBO_TAG_OBJECT] = HTML_REPLACED | HTML_WORD,
	[GUMBO_TAG_TEMPLATE] = HTML_REPLACED | HTML_WORD,
	[GUMBO_TAG_CANVAS] = HTML_REPLACED,
	[GUMBO_TAG_APPLET] = HTML_REPLACED,
	[GUMBO_TAG_A] = HTML_WORD,
	[GUMBO_TAG_BUTTON] = HTML_WORD,
	[GUMBO_TAG_DATA] = HTML_WORD,
	[GUMBO_TAG_DIR] = HTML_WORD,
	[GUMBO_TAG_LABEL] = HTML_WORD,
	[GUMBO_TAG_MAP] = HTML_WORD,
	[GUMBO_TAG_OUTPUT] = HTML_WORD,
	[GUMBO_TAG_Q] = HTML_WORD,
	[GUMBO_TAG_SELECT] = HTML_WORD,
	[GUMBO_TAG_TIME] = HTML_WORD,
	[GUMBO_TAG_MGLYPH] = HTML_FOREIGN,
	[GUMBO_TAG_MALIGNMARK] = HTML_FOREIGN,
#undef BREAK
};

/* From *at, behind the tag's name or an attribute, to behind the next attribute. False when there
 * is none: *at is then behind the ">", or, when the text ends before it, at `len` with *cut set. */
static bool next_attribute(const char *html, size_t len, size_t *at, struct html_attribute *a,
			   bool *cut)
{
	size_t i = *at;
	*cut = false;
	while (i < len && (ascii_is_html_space(html[i]) || html[i] == '/'))
		i++;
	if (i < len && html[i] == '>') {
		*at = i + 1;
		return false;
	}
	size_t start = i;
	if (i < len)
		i++; /* whatever it is: even an equals sign begins a name */
	while (i < len && !ascii_is_html_space(html[i]) && html[i] != '/' && html[i] != '>' &&
	       html[i] != '=')
		i++;
	*a = (struct html_attribute){html + start, "", i - start, 0, true};
	size_t after = i;
	while (after < len && ascii_is_html_space(html[after]))
		after++;
	if (after < len && html[after] == '=') {
		a->bare = false;
		i = after + 1;
		while (i < len && ascii_is_html_space(html[i]))
			i++;
		start = i;
		if (i < len && (html[i] == '"' || html[i] == '\'')) {
			const char *close = memchr(html + i + 1, html[i], len - i - 1);
			a->value = html + i + 1;
			i = close ? (size_t)(close - html) + 1 : len + 1;
			a->value_len = i - start - 2;
		} else {
			while (i < len && !ascii_is_html_space(html[i]) && html[i] != '>')
				i++;
			a->value = html + start;
			a->value_len = i - start;
		}
	}
	*cut = i >= len;
	*at = i;
	return !*cut;
}

bool html_tag_read(const char *html, size_t len, struct html_tag *tag)
{
	size_t i = 1;
	struct html_attribute attribute;
	bool cut;
	*tag = (struct html_tag){.id = GUMBO_TAG_UNKNOWN};
	if (i < len && html[i] == '/') {
		tag->end = true;
		i++;
	}
	if (i >= len || !ascii_is_alpha(html[i]))
		return false;
	size_t start = i;
	while (i < len && !ascii_is_html_space(html[i]) && html[i] != '/' && html[i] != '>')
		i++;
	tag->name = html + start;
	tag->name_len = i - start;
	while (next_attribute(html, len, &i, &attribute, &cut))
		tag->attributes++;
	if (cut)
		return false;
	tag->self_closing =
		html[i - 2] == '/' &&
		!(tag->attributes && attribute.value + attribute.value_len == html + i - 1);
	tag->len = i;
	if (tag->name_len < 20)
		tag->id = gumbo_tagn_enum(tag->name, (unsigned)tag->name_len);
	tag->is = tag->id < GUMBO_TAG_LAST ? kinds[tag->id] : 0;
	return true;
}

bool html_tag_next(const char *html, const struct html_tag *tag, size_t *at,
		   struct html_attribute *attribute)
{
	bool cut;
	if (*at == 0)
		*at = (size_t)(tag->name - html) + tag->name_len;
	return next_attribute(html, tag->len, at, attribute, &cut);
}

bool html_attribute_is(const struct html_attribute *attribute, const char *name)
{
	return strlen(name) == attribute->name_len &&
	       strncasecmp(attribute->name, name, attribute->name_len) == 0;
}

bool html_is_end_tag(const char *lt, const char *end, const char *name, size_t len)
{
	return (size_t)(end - lt) > len + 2 && lt[1] == '/' &&
	       strncasecmp(lt + 2, name, len) == 0 && strchr(" \t\n\f/>", lt[2 + len]) != NULL &&
	       lt[2 + len];
}

const char *html_script_end(const char *s, const char *end)
{
	enum { NORMAL, ESCAPED, TWICE } state = NORMAL;
	const char *from = s; /* the comment */
	for (const char *lt = s; (lt = memchr(lt, '<', (size_t)(end - lt))) != NULL; lt++) {
		if (state != NORMAL && memmem(from, (size_t)(lt - from), "-->", 3))
			state = NORMAL;
		from = state == NORMAL ? lt : from;
		if (state == NORMAL && end - lt >= 4 && memcmp(lt, "<!--", 4) == 0) {
			state = ESCAPED;
			from = lt + 2;
		} else if (html_is_end_tag(lt, end, "script", 6)) {
			if (state != TWICE)
				return lt;
			state = ESCAPED;
			from = lt;
		} else if (state == ESCAPED && end - lt > 7 &&
			   strncasecmp(lt + 1, "script", 6) == 0 &&
			   strchr(" \t\n\f/>", lt[7]) != NULL) {
			state = TWICE;
			from = lt;
		} else if (state != NORMAL) {
			from = lt;
		}
	}
	return NULL;
}
