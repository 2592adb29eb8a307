/* Setting a text in its box: the largest letters that fit, lines of like length. */
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "cover/parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_CHARACTERS = 400, /* of a text: more could not be read on a cover */
	LONG_WORD = 18,       /* an address, a file name: may be broken at its marks */
	FIT_STEPS = 6,
	BALANCE_STEPS = 5,
	BALANCED_LINES =
		7, /* in more lines than these, the length of the last one is not noticed */
};

/* Text is laid out in letters of this size, in pixels, and drawn larger or smaller: fonts are found
 * once, and nothing in a layout depends on the size, as shapes and positions are not fitted to
 * pixels. */
#define TYPE_SIZE 100.0

#define DESCENT    0.24 /* of letters, below the line, in parts of their size */
#define ZERO_WIDTH "\xE2\x80\x8B"
#define ELLIPSIS   "…"
#define SPACES     " \t\n\r"
#define MARKS      "/._=&?-#:+"

struct text_layout {
	struct cover_setter *setter;
	const struct pango *p;
	const struct cover_box *box;
	struct buf text;
	PangoLayout *layout;
	double width, height; /* to stand in */
	struct cover_script script;
	double cap;   /* height of a capital, in parts of the letters' size */
	double scale; /* from TYPE_SIZE to the size of the last layout */
	double first; /* baseline of its first line, from the layout's top */
	double last;
	double right; /* how far its widest line reaches */
	int lines;
	double laid; /* the width in which it was laid out */
};

/* --- The words --- */

/* One word of a text; an address is given places where its lines may be broken. Returns how many
 * characters it has taken. */
static size_t take_word(struct buf *out, const char *word, size_t len, size_t most)
{
	bool breaks = len >= LONG_WORD;
	size_t count = 0;
	for (size_t i = 0; i < len && count < most; count++) {
		uint32_t cp;
		size_t step = utf8_decode(word + i, len - i, &cp);
		buf_append(out, word + i, step);
		i += step;
		if (breaks && cp < 128 && strchr(MARKS, (int)cp) && i + 2 < len &&
		    !strchr(MARKS, word[i]))
			buf_puts(out, ZERO_WIDTH);
	}
	return count;
}

/* Take over the text, as much as can be read on a cover. */
static void take_words(struct buf *out, const char *text)
{
	size_t left = MAX_CHARACTERS;
	while (*(text += strspn(text, SPACES))) {
		size_t len = strcspn(text, SPACES);
		if (left == 0) {
			buf_puts(out, ELLIPSIS);
			return;
		}
		if (out->len)
			buf_putc(out, ' ');
		left -= take_word(out, text, len, left);
		text += len;
	}
}

/* Leave out the characters that no font has. Where those are most of them, the rest would say
 * nothing: all go. */
static void drop_unknown(struct text_layout *s)
{
	struct buf kept = BUF_INIT;
	unsigned lost = 0, letters = 0;
	for (size_t step, i = 0; i < s->text.len; i += step) {
		uint32_t cp;
		const char *at = s->text.data + i;
		step = utf8_decode(at, s->text.len - i, &cp);
		s->p->pango_layout_set_text(s->layout, at, (int)step);
		if (s->p->pango_layout_get_unknown_glyphs_count(s->layout) > 0) {
			lost++;
		} else {
			letters += cp_is_letter(cp);
			buf_append(&kept, at, step);
		}
	}
	buf_fold_space(&kept, 0);
	if (letters < lost)
		buf_truncate(&kept, 0);
	kept.failed |= s->text.failed;
	buf_release(&s->text);
	s->text = kept;
	s->setter->lost += lost;
	cover_script_read(&s->script, s->setter, s->text.data, s->text.len);
	s->p->pango_layout_set_text(s->layout, s->text.data, (int)s->text.len);
}

/* --- Layout --- */

static double units(int pango_units)
{
	return (double)pango_units / PANGO_SCALE;
}

static void text_add(PangoAttrList *list, const struct pango *p, PangoAttribute *attribute)
{
	p->pango_attr_list_insert(list, attribute);
}

static int in_type(double parts)
{
	return (int)(parts * TYPE_SIZE * PANGO_SCALE);
}

static void set_attributes(struct text_layout *s)
{
	const struct pango *p = s->p;
	const struct cover_box *box = s->box;
	PangoAttrList *list = p->pango_attr_list_new();
	text_add(list, p, p->pango_attr_insert_hyphens_new(s->script.words));
	text_add(list, p,
		 p->pango_attr_line_height_new_absolute(in_type(box->leading * s->script.leading)));
	if (s->script.cased) /* figures as high as capitals */
		text_add(list, p, p->pango_attr_font_features_new("lnum=1"));
	if (box->capitals && s->script.cased)
		text_add(list, p, p->pango_attr_text_transform_new(PANGO_TEXT_TRANSFORM_UPPERCASE));
	if (box->spacing != 0 && s->script.cased)
		text_add(list, p, p->pango_attr_letter_spacing_new(in_type(box->spacing)));
	for (unsigned i = 0; i < s->script.run_count; i++) {
		const struct cover_run *run = &s->script.runs[i];
		PangoAttribute *attribute =
			p->pango_attr_language_new(p->pango_language_from_string(run->language));
		attribute->start_index = run->start;
		attribute->end_index = run->end;
		text_add(list, p, attribute);
	}
	p->pango_layout_set_attributes(s->layout, list);
	p->pango_attr_list_unref(list);
}

/* Break it into lines and measure them, in letters of that size. */
static void lay_out(struct text_layout *s, double size, double width, PangoWrapMode wrap)
{
	const struct pango *p = s->p;
	PangoRectangle logical;
	s->scale = size / TYPE_SIZE;
	s->laid = width;
	p->pango_layout_set_width(s->layout, (int)(width / s->scale * PANGO_SCALE));
	p->pango_layout_set_wrap(s->layout, wrap);
	p->pango_layout_get_extents(s->layout, NULL, &logical);
	s->right = units(logical.width) * s->scale;
	s->lines = p->pango_layout_get_line_count(s->layout);
	PangoLayoutIter *iter = p->pango_layout_get_iter(s->layout);
	s->first = s->last = units(p->pango_layout_iter_get_baseline(iter)) * s->scale;
	while (p->pango_layout_iter_next_line(iter))
		s->last = units(p->pango_layout_iter_get_baseline(iter)) * s->scale;
	p->pango_layout_iter_free(iter);
}

static double size_of(const struct text_layout *s)
{
	return s->scale * TYPE_SIZE;
}

/* What the height of a line's letters is, without those that hang below. */
static double rise(const struct text_layout *s)
{
	return s->cap * size_of(s);
}

static bool fits(const struct text_layout *s)
{
	return s->right <= s->width + 0.5 &&
	       rise(s) + s->last - s->first + DESCENT * size_of(s) <= s->height + 0.5 &&
	       (s->box->lines <= 0 || s->lines <= s->box->lines);
}

static bool try_size(struct text_layout *s, double size, PangoWrapMode wrap)
{
	lay_out(s, size, s->width, wrap);
	return fits(s);
}

/* The largest size up to `most` at which it fits, laid out; false when it fits at none. */
static bool find_size(struct text_layout *s, double most, PangoWrapMode wrap)
{
	double low = s->box->smallest, high = most;
	if (try_size(s, high, wrap))
		return true;
	if (!try_size(s, low, wrap))
		return false;
	for (int i = 0; i < FIT_STEPS; i++) {
		double middle = (low + high) / 2;
		*(try_size(s, middle, wrap) ? &low : &high) = middle;
	}
	return try_size(s, low, wrap);
}

/* At the smallest size as many lines as there is room for; the last one ends in "…". */
static void cut_short(struct text_layout *s)
{
	try_size(s, s->box->smallest, PANGO_WRAP_WORD_CHAR);
	double step = s->lines > 1 ? (s->last - s->first) / (s->lines - 1) : s->height;
	double room = s->height - rise(s) - DESCENT * size_of(s);
	int lines = step > 0 && room > 0 ? 1 + (int)(room / step + 0.01) : 1;
	if (s->box->lines > 0 && lines > s->box->lines)
		lines = s->box->lines;
	s->p->pango_layout_set_ellipsize(s->layout, PANGO_ELLIPSIZE_END);
	s->p->pango_layout_set_height(s->layout, -lines);
	lay_out(s, s->box->smallest, s->width, PANGO_WRAP_WORD_CHAR);
}

/* The narrowest width in which there are no more lines: they are of like length then. */
static void balance(struct text_layout *s, PangoWrapMode wrap)
{
	int lines = s->lines;
	double size = size_of(s), low = s->right / 2, high = s->width;
	if (lines < 2 || lines > BALANCED_LINES)
		return;
	for (int i = 0; i < BALANCE_STEPS; i++) {
		double middle = (low + high) / 2;
		lay_out(s, size, middle, wrap);
		if (s->lines <= lines && s->right <= middle + 0.5)
			high = middle;
		else
			low = middle;
	}
	lay_out(s, size, high, wrap);
}

static void fit(struct text_layout *s)
{
	PangoWrapMode wrap = PANGO_WRAP_WORD;
	bool done = find_size(s, s->box->largest, wrap);
	if (!done) {
		/* A word is too long. */
		wrap = PANGO_WRAP_WORD_CHAR;
		done = find_size(s, (s->box->largest + s->box->smallest) / 2, wrap);
	}
	if (done)
		balance(s, wrap);
	else
		cut_short(s);
}

/* --- On the page --- */

/* How high capitals are, as the letters at hand have it: text is set from there, not from the top
 * that the font's designer left room for. */
static double cap_height(struct text_layout *s)
{
	PangoRectangle ink;
	s->p->pango_layout_set_width(s->layout, -1);
	s->p->pango_layout_set_text(s->layout, s->script.cased ? "H" : s->text.data,
				    s->script.cased ? 1 : (int)s->text.len);
	s->p->pango_layout_get_extents(s->layout, &ink, NULL);
	PangoLayoutIter *iter = s->p->pango_layout_get_iter(s->layout);
	double height = units(s->p->pango_layout_iter_get_baseline(iter) - ink.y);
	s->p->pango_layout_iter_free(iter);
	s->p->pango_layout_set_text(s->layout, s->text.data, (int)s->text.len);
	return height / TYPE_SIZE;
}

/* Pango takes "left" for "right" in a text that runs against the page's direction. */
static PangoAlignment alignment(const struct text_layout *s)
{
	if (s->box->align == ALIGN_MIDDLE)
		return PANGO_ALIGN_CENTER;
	bool right = s->setter->rtl != (s->box->align == ALIGN_END);
	int direction = utf8_direction(s->text.data);
	bool turned = direction != 0 && (direction > 0) != s->setter->rtl;
	return right != turned ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

/* Give the text its place; the list of marks takes over the layout. */
static void place(struct text_layout *s, double top)
{
	const struct cover_box *box = s->box;
	double spare = box->width - s->laid, x = box->x;
	bool right = s->setter->rtl != (box->align == ALIGN_END);
	if (box->align == ALIGN_MIDDLE)
		x += spare / 2;
	else if (right)
		x += spare;
	double y = top;
	double spread = s->last - s->first;
	if (box->stand == STAND_MIDDLE)
		y += (s->height - rise(s) - spread) / 2;
	else if (box->stand == STAND_BOTTOM)
		y += s->height - rise(s) - spread;
	s->setter->below = y + rise(s) + spread;
	struct cover_mark *mark = ARENA_PUSH(&s->setter->arena, s->setter->marks);
	if (!mark)
		return;
	*mark = (struct cover_mark){.layout = s->layout,
				    .x = x,
				    .y = y + rise(s) - s->first,
				    .scale = s->scale,
				    .fill = box->fill};
	s->layout = NULL;
}

/* Where a box begins. */
static double top_of(const struct cover_setter *setter, const struct cover_box *box)
{
	return box->flows ? setter->below + box->gap : box->y;
}

static void set_fonts(struct text_layout *s)
{
	const struct cover_box *box = s->box;
	const struct pango *p = s->p;
	PangoFontDescription *font = p->pango_font_description_new();
	p->pango_font_description_set_family(font, box->families ? box->families : "serif");
	p->pango_font_description_set_weight(font, (PangoWeight)box->weight);
	p->pango_font_description_set_style(
		font, box->italic && s->script.cased ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
	p->pango_font_description_set_absolute_size(font, TYPE_SIZE * PANGO_SCALE);
	p->pango_layout_set_font_description(s->layout, font);
	p->pango_font_description_free(font);
	p->pango_layout_set_alignment(s->layout, alignment(s));
	set_attributes(s);
}

static void set(struct text_layout *s, double top)
{
	s->layout = s->p->pango_layout_new(s->setter->context);
	set_fonts(s);
	s->cap = cap_height(s);
	if (s->p->pango_layout_get_unknown_glyphs_count(s->layout) > 0) {
		drop_unknown(s);
		set_attributes(s);
	}
	if (s->text.len > 0) {
		fit(s);
		place(s, top);
	}
	if (s->layout)
		s->p->g_object_unref(s->layout);
}

int cover_set_text(struct cover_setter *setter, const struct cover_box *box,
		   struct chapbook_error *err)
{
	struct text_layout s = {.setter = setter, .p = setter->p, .box = box, .text = BUF_INIT};
	double top = top_of(setter, box);
	s.width = box->width;
	s.height = box->flows ? box->y + box->height - top : box->height;
	take_words(&s.text, box->text);
	if (s.text.len > 0 && s.width >= 1 && s.height >= box->smallest) {
		cover_script_read(&s.script, setter, s.text.data, s.text.len);
		set(&s, top);
	}
	bool failed = s.text.failed || setter->arena.failed;
	buf_release(&s.text);
	return failed ? error_memory(err) : 0;
}

void cover_set_bar(struct cover_setter *setter, const struct cover_box *box)
{
	double y = top_of(setter, box);
	struct cover_mark *mark = ARENA_PUSH(&setter->arena, setter->marks);
	if (mark)
		*mark = (struct cover_mark){
			.x = setter->rtl ? setter->page_width - box->x - box->width : box->x,
			.y = y,
			.width = box->width,
			.height = box->height,
			.fill = box->fill};
	setter->below = y + box->height;
}

void cover_setter_draw(const struct cover_setter *setter, cairo_t *cr)
{
	const struct pango *p = setter->p;
	for (size_t i = 0; i < setter->marks.count; i++) {
		const struct cover_mark *mark = &setter->marks.items[i];
		p->cairo_set_source_rgb(cr, mark->fill.r / 255.0, mark->fill.g / 255.0,
					mark->fill.b / 255.0);
		if (!mark->layout) {
			p->cairo_rectangle(cr, mark->x, mark->y, mark->width, mark->height);
			p->cairo_fill(cr);
			continue;
		}
		p->cairo_save(cr);
		p->cairo_translate(cr, mark->x, mark->y);
		p->cairo_scale(cr, mark->scale, mark->scale);
		p->cairo_move_to(cr, 0, 0);
		p->pango_cairo_show_layout(cr, mark->layout);
		p->cairo_restore(cr);
	}
}

/* Fonts know the languages of two letters; asked for another they give up the weight before it, and
 * asked for none they take the user's own. */
static const char *language_for_fonts(const struct cover_sheet *sheet)
{
	const char *language = sheet->language;
	return language && strcspn(language, "-") == 2 ? language : "en";
}

/* fontconfig adds the languages of the user's own, second to the one that is asked for. */
static void forget_user(FcPattern *pattern, gpointer pango)
{
	const struct pango *p = pango;
	while (p->FcPatternRemove(pattern, FC_LANG, 1))
		;
}

/* --- Fonts, found once in a thread --- */

static pthread_key_t font_key;
static bool font_key_made;

static void drop_fonts(void *fonts)
{
	pango_load()->g_object_unref(fonts);
}

static void make_font_key(void)
{
	font_key_made = pthread_key_create(&font_key, drop_fonts) == 0;
}

/* This thread's fonts, as far as they have been found; NULL when memory runs out. */
static PangoFontMap *fonts_of_thread(const struct pango *p)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_font_key);
	PangoFontMap *fonts = font_key_made ? pthread_getspecific(font_key) : NULL;
	if (fonts || !font_key_made)
		return fonts;
	fonts = p->pango_cairo_font_map_new();
	p->pango_fc_font_map_set_default_substitute((PangoFcFontMap *)fonts, forget_user, (void *)p,
						    NULL);
	if (pthread_setspecific(font_key, fonts) == 0)
		return fonts;
	p->g_object_unref(fonts);
	return NULL;
}

int cover_setter_init(struct cover_setter *setter, const struct pango *p,
		      const struct cover_sheet *sheet, struct chapbook_error *err)
{
	*setter = (struct cover_setter){
		.p = p, .rtl = sheet->rtl, .page_width = sheet->width, .arena = ARENA_INIT};
	PangoFontMap *fonts = fonts_of_thread(p);
	if (!fonts)
		return error_memory(err);
	cairo_font_options_t *options = p->cairo_font_options_create();
	setter->context = p->pango_font_map_create_context(fonts);
	/* Shapes as they were designed, wherever they stand: not fitted to pixels. */
	p->cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	p->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	p->cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	p->pango_cairo_context_set_font_options(setter->context, options);
	p->cairo_font_options_destroy(options);
	p->pango_context_set_round_glyph_positions(setter->context, FALSE);
	p->pango_context_set_base_dir(setter->context,
				      sheet->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	setter->language = p->pango_language_from_string(language_for_fonts(sheet));
	p->pango_context_set_language(setter->context, setter->language);
	return 0;
}

void cover_setter_release(struct cover_setter *setter)
{
	for (size_t i = 0; i < setter->marks.count; i++)
		if (setter->marks.items[i].layout)
			setter->p->g_object_unref(setter->marks.items[i].layout);
	if (setter->context)
		setter->p->g_object_unref(setter->context);
	arena_release(&setter->arena);
}
