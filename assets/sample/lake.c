/* Draws lake.jpg, the photo of the sample article: dawn over a mountain lake. Prints a PPM:
 *
 *   cc -O2 -o lake lake.c -lm && ./lake | cjpeg -quality 82 -optimize -progressive > lake.jpg
 *
 * The sky is a gradient with a glow about the sun and thin clouds; seven ridges of fractal noise
 * stand behind each other, each paler with distance; the lake mirrors all of it, broken by ripples;
 * mist lies on the far shore; reeds and a boathouse step stand in front. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { WIDTH = 1200, HEIGHT = 800, SAMPLES = 3, RIDGES = 7, REEDS = 120 };
static const double HORIZON = 0.60; /* of the height, from above */
static const double SUN_X = 0.66, SUN_Y = 0.40;

struct rgb {
	double r, g, b;
};

static struct rgb mix(struct rgb a, struct rgb b, double t)
{
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return (struct rgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

static double smooth(double from, double to, double x)
{
	double t = (x - from) / (to - from);
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return t * t * (3 - 2 * t);
}

/* A number in [0, 1) for a point of the grid. */
static double hash(int x, int y)
{
	uint32_t h = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u;
	h = (h ^ (h >> 13)) * 1274126177u;
	h ^= h >> 16;
	return h / 4294967296.0;
}

static double noise(double x, double y)
{
	int ix = (int)floor(x), iy = (int)floor(y);
	double fx = x - ix, fy = y - iy;
	fx = fx * fx * (3 - 2 * fx);
	fy = fy * fy * (3 - 2 * fy);
	double top = hash(ix, iy) + (hash(ix + 1, iy) - hash(ix, iy)) * fx;
	double low = hash(ix, iy + 1) + (hash(ix + 1, iy + 1) - hash(ix, iy + 1)) * fx;
	return top + (low - top) * fy;
}

/* Octaves of noise, about in [0, 1]. */
static double fractal(double x, double y, int octaves)
{
	double sum = 0, weight = 0.5;
	for (int i = 0; i < octaves; i++) {
		sum += weight * noise(x, y);
		x = x * 2.03 + 17.3;
		y = y * 2.03 + 9.1;
		weight *= 0.5;
	}
	return sum;
}

static struct rgb sky(double x, double y)
{
	struct rgb zenith = {0.22, 0.33, 0.52}, middle = {0.66, 0.66, 0.73},
		   low = {0.98, 0.76, 0.55};
	struct rgb c = y < 0.3 ? mix(zenith, middle, y / 0.3)
			       : mix(middle, low, (y - 0.3) / (HORIZON - 0.3));
	double clouds = fractal(x * 3.2 + 4, y * 17 + 2, 5);
	double veil = smooth(0.47, 0.72, clouds) * smooth(0.02, 0.2, y) * 0.75;
	c = mix(c, mix((struct rgb){0.93, 0.80, 0.76}, (struct rgb){1.0, 0.80, 0.60}, y / 0.5),
		veil);
	double dx = (x - SUN_X) * WIDTH / HEIGHT, dy = y - SUN_Y;
	double d = sqrt(dx * dx + dy * dy);
	c = mix(c, (struct rgb){1.0, 0.87, 0.62}, 0.85 * exp(-d * 5.5));
	return mix(c, (struct rgb){1.0, 0.97, 0.87}, 1 - smooth(0.030, 0.036, d));
}

/* The height of a ridge's line at x; ridge 0 is the farthest. */
static double ridge_line(int ridge, double x)
{
	double t = ridge / (double)(RIDGES - 1);
	double scale = 2.2 + 2.6 * t;
	double n = fractal(x * scale + ridge * 31.7, ridge * 7.9, ridge < 5 ? 7 : 8);
	double valley = exp(-pow((x - SUN_X) / 0.26, 2)) * 0.10;
	return HORIZON - 0.33 + 0.24 * t - (n - 0.45) * (0.42 - 0.26 * t) + valley * (1 - 0.4 * t);
}

/* What is above the water: the ridges before the sky. */
static struct rgb land(double x, double y)
{
	for (int i = RIDGES - 1; i >= 0; i--) {
		double line = ridge_line(i, x);
		double t = i / (double)(RIDGES - 1);
		if (i >= 4) /* trees along the nearer ridges */
			line -= 0.012 * t * pow(noise(x * 260 + i * 5, i), 3);
		if (y < line)
			continue;
		struct rgb far = {0.62, 0.64, 0.73}, near = {0.09, 0.14, 0.17};
		struct rgb c = mix(far, near, pow(t, 1.15));
		double rock = fractal(x * 24 + i * 3, y * 38, 5) - 0.5;
		c = mix(c,
			rock > 0 ? (struct rgb){0.86, 0.72, 0.62} : (struct rgb){0.05, 0.08, 0.13},
			fabs(rock) * (0.5 - 0.2 * t));
		/* Light from the sun's side, and the mist in the valleys. */
		double glow = exp(-fabs(x - SUN_X) * 3.4) * (1 - t) * 0.42;
		c = mix(c, (struct rgb){1.0, 0.80, 0.58}, glow);
		double mist = smooth(0, 0.16 - 0.05 * t, y - line) * (0.62 - 0.36 * t);
		mist *= 0.55 + 0.9 * fractal(x * 4 + i, y * 14, 4);
		c = mix(c, (struct rgb){0.90, 0.80, 0.76}, mist);
		double shore = smooth(HORIZON - 0.045, HORIZON, y) * 0.55;
		return mix(c, (struct rgb){0.93, 0.82, 0.76},
			   shore * fractal(x * 6, y * 30, 4) * 1.5);
	}
	return sky(x, y);
}

static struct rgb water(double x, double y)
{
	double depth = (y - HORIZON) / (1 - HORIZON); /* 0 far, 1 at our feet */
	double distance = 1 / (depth + 0.05);
	double ripple = fractal(x * distance * 9, distance * 26, 5) - 0.48;
	double swell = noise(x * distance * 2.2, distance * 8) - 0.5;
	double mx = x + (ripple * 0.010 + swell * 0.004) * (0.4 + depth);
	double my = HORIZON - (y - HORIZON) * 0.92 + ripple * 0.075 * (0.25 + depth) +
		    swell * 0.02 * depth;
	if (my > HORIZON)
		my = 2 * HORIZON - my;
	struct rgb c = land(mx, my);
	c = mix(c, (struct rgb){0.10, 0.17, 0.24}, 0.16 + 0.42 * depth);
	double path = exp(-fabs(x - SUN_X) * (15 - 7 * depth));
	c = mix(c, (struct rgb){1.0, 0.86, 0.62},
		path * smooth(0.02, 0.20, ripple + swell * 0.25) * 0.9);
	double mist = exp(-depth * 26) * (0.35 + 0.6 * fractal(x * 7, 3.3, 5));
	return mix(c, (struct rgb){0.94, 0.84, 0.78}, mist);
}

/* How much of the point a reed covers. */
static double reeds(double x, double y)
{
	double cover = 0;
	for (int i = 0; i < REEDS; i++) {
		double side = hash(i, 2) * 0.32 - 0.01;
		double foot = side + (hash(i, 3) - 0.5) * 0.02;
		double tall = 0.08 + 0.26 * hash(i, 4) * (1 - fabs(side - 0.1) * 0.9);
		double up = (1.01 - y) / tall; /* 0 at the foot, 1 at the tip */
		if (up < 0 || up > 1)
			continue;
		double lean = (hash(i, 5) - 0.42) * 0.075;
		double middle = foot + lean * up * up;
		double half = 0.0014 * (1.1 - up);
		if (hash(i, 6) < 0.34 && up > 0.80 && up < 0.95) /* a bulrush's head */
			half = 0.0036;
		if (fabs(x - middle) < half)
			cover = 1;
	}
	return cover;
}

static struct rgb shade(double x, double y)
{
	struct rgb c = y < HORIZON ? land(x, y) : water(x, y);
	/* The step: wet boards at the lower right, in perspective. */
	double edge = 0.915 + (x - 0.40) * -0.06;
	if (x > 0.40 && y > edge && x > 0.40 + (1 - y) * 0.9) {
		double board = fmod((y - edge) * 26, 1);
		double grain = fractal(x * 9, y * 210, 5);
		c = mix((struct rgb){0.14, 0.12, 0.12}, (struct rgb){0.46, 0.36, 0.30},
			grain * 0.9);
		c = mix(c, (struct rgb){0.03, 0.03, 0.04}, board < 0.07 ? 0.85 : 0);
		c = mix(c, (struct rgb){1.0, 0.80, 0.60}, exp(-fabs(x - SUN_X) * 6) * 0.30 * grain);
	}
	c = mix(c, (struct rgb){0.05, 0.06, 0.07}, reeds(x, y) * 0.94);
	double vx = x - 0.5, vy = y - 0.5;
	return mix(c, (struct rgb){0, 0, 0}, (vx * vx + vy * vy) * 0.55);
}

static int byte(double v, double grain)
{
	v = v * 1.04 + grain;
	v = v < 0 ? 0 : v > 1 ? 1 : v;
	return (int)(v * 255 + 0.5);
}

int main(void)
{
	printf("P6\n%d %d\n255\n", WIDTH, HEIGHT);
	for (int py = 0; py < HEIGHT; py++) {
		for (int px = 0; px < WIDTH; px++) {
			struct rgb sum = {0, 0, 0};
			for (int s = 0; s < SAMPLES * SAMPLES; s++) {
				double x = (px + (s % SAMPLES + 0.5) / SAMPLES) / WIDTH;
				double y = (py + (s / SAMPLES + 0.5) / SAMPLES) / HEIGHT;
				struct rgb c = shade(x, y);
				sum.r += c.r;
				sum.g += c.g;
				sum.b += c.b;
			}
			double n = SAMPLES * SAMPLES;
			double grain = (hash(px, py) - 0.5) * 0.012;
			putchar(byte(sum.r / n, grain));
			putchar(byte(sum.g / n, grain));
			putchar(byte(sum.b / n, grain));
		}
	}
	return 0;
}
