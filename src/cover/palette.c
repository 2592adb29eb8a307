/* Björn Ottosson, "A perceptual color space for image processing" (2020): equal steps of lightness
 * look equal in every hue, so that a palette may be turned around the wheel and remains as legible.
 */
#include "cover/palette.h"

#include "base/id.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEGREE (3.14159265358979323846 / 180)

/* Hues, in degrees, that want care: a dark yellow is mud, a bright green-blue glares. */
#define MUD_FROM   75
#define MUD_TO     130
#define GLARE_FROM 140
#define GLARE_TO   250

/* IEC 61966-2-1. */
static double to_linear(double c)
{
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double from_linear(double c)
{
	return c <= 0.0031308 ? c * 12.92 : 1.055 * pow(c, 1 / 2.4) - 0.055;
}

static void oklch_to_linear(double lightness, double chroma, double hue, double rgb[3])
{
	double a = chroma * cos(hue * DEGREE), b = chroma * sin(hue * DEGREE);
	double l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
	double m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
	double s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
	rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
	rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
	rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

static bool is_shown(const double rgb[3])
{
	for (int i = 0; i < 3; i++)
		if (rgb[i] < -0.0001 || rgb[i] > 1.0001)
			return false;
	return true;
}

static unsigned char to_byte(double linear)
{
	double c = from_linear(linear < 0 ? 0 : linear > 1 ? 1 : linear);
	return (unsigned char)(c * 255 + 0.5);
}

struct colour palette_oklch(double lightness, double chroma, double hue)
{
	double rgb[3], low = 0, high = chroma;
	oklch_to_linear(lightness, chroma, hue, rgb);
	if (!is_shown(rgb)) {
		for (int i = 0; i < 12; i++) {
			double middle = (low + high) / 2;
			oklch_to_linear(lightness, middle, hue, rgb);
			*(is_shown(rgb) ? &low : &high) = middle;
		}
		oklch_to_linear(lightness, low, hue, rgb);
	}
	return (struct colour){to_byte(rgb[0]), to_byte(rgb[1]), to_byte(rgb[2])};
}

void palette_to_oklch(struct colour colour, double *lightness, double *chroma, double *hue)
{
	double r = to_linear(colour.r / 255.0), g = to_linear(colour.g / 255.0),
	       b = to_linear(colour.b / 255.0);
	double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	double x = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
	double y = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
	*lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
	*chroma = sqrt(x * x + y * y);
	*hue = atan2(y, x) / DEGREE;
	if (*hue < 0)
		*hue += 360;
}

static double luminance(struct colour c)
{
	return 0.2126 * to_linear(c.r / 255.0) + 0.7152 * to_linear(c.g / 255.0) +
	       0.0722 * to_linear(c.b / 255.0);
}

double palette_contrast(struct colour a, struct colour b)
{
	double la = luminance(a), lb = luminance(b);
	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

/* What a scheme asks for, in OKLCH. */
struct tone {
	double lightness, chroma;
};

enum { DARK, PALE, STRONG, SCHEMES };

static const struct scheme {
	struct tone ground, ink, accent, shade, tint, spark;
} schemes[SCHEMES] = {
	[DARK] = {{0.33, 0.085},
		  {0.96, 0.020},
		  {0.84, 0.120},
		  {0.39, 0.095},
		  {0.50, 0.110},
		  {0.74, 0.150}},
	[PALE] = {{0.90, 0.060},
		  {0.26, 0.060},
		  {0.44, 0.130},
		  {0.84, 0.080},
		  {0.72, 0.110},
		  {0.58, 0.170}},
	[STRONG] = {{0.50, 0.140},
		    {0.985, 0.012},
		    {0.95, 0.080},
		    {0.44, 0.130},
		    {0.36, 0.110},
		    {0.82, 0.150}},
};

/* How far the accent's hue is from the ground's. */
static const double turns[] = {180, 150, 210, 50, -50, 90, -90, 120, -120};

/* A text's colour, made lighter or darker, away from the ground, until it can be read. */
static struct colour readable(struct tone tone, double hue, double calm, struct colour ground)
{
	double lightness, chroma, ground_hue;
	tone.chroma *= calm;
	palette_to_oklch(ground, &lightness, &chroma, &ground_hue);
	double step = tone.lightness > lightness ? 0.01 : -0.01;
	struct colour colour = palette_oklch(tone.lightness, tone.chroma, hue);
	while (palette_contrast(colour, ground) < PALETTE_CONTRAST && tone.lightness > 0 &&
	       tone.lightness < 1) {
		tone.lightness += step;
		colour = palette_oklch(tone.lightness, tone.chroma, hue);
	}
	return colour;
}

static struct colour tone_of(struct tone tone, double hue)
{
	return palette_oklch(tone.lightness, tone.chroma, hue);
}

/* Four hexadecimal digits as a number. */
static unsigned long hex_number(const char *digits)
{
	char four[5] = {digits[0], digits[1], digits[2], digits[3]};
	return strtoul(four, NULL, 16);
}

void palette_make(struct palette *palette, const char *text, double hue)
{
	char hex[SHA256_HEX];
	sha256_hex(text, strlen(text), hex);
	unsigned long kind = hex_number(hex) % SCHEMES;
	double turn = turns[hex_number(hex + 4) % (sizeof turns / sizeof *turns)];
	if (hue < 0)
		hue = (double)(hex_number(hex + 8) % 360);
	if (hue > MUD_FROM && hue < MUD_TO)
		kind = PALE;
	const struct scheme *s = &schemes[kind];
	double other = fmod(hue + turn + 360, 360);
	double calm = other > GLARE_FROM && other < GLARE_TO ? 0.6 : 1;
	palette->ground = tone_of(s->ground, hue);
	palette->ink = readable(s->ink, hue, 1, palette->ground);
	palette->accent = readable(s->accent, other, calm, palette->ground);
	palette->shade = tone_of(s->shade, hue);
	palette->tint = tone_of(s->tint, hue);
	palette->spark = palette_oklch(s->spark.lightness, s->spark.chroma * calm, other);
}

void colour_text(struct colour colour, char out[COLOUR_TEXT])
{
	snprintf(out, COLOUR_TEXT, "#%02x%02x%02x", colour.r, colour.g, colour.b);
}

bool colour_read(const char *text, struct colour *colour)
{
	enum { DIGITS = 6 };
	if (text[0] != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != DIGITS ||
	    text[1 + DIGITS])
		return false;
	unsigned long rgb = strtoul(text + 1, NULL, 16);
	*colour = (struct colour){rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255};
	return true;
}
