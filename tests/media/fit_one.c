/* Fits pictures as the tests ask: fit_one WIDTH HEIGHT QUALITY FLAGS IN OUT [IN OUT]…, several in
 * threads. FLAGS: g grayscale, a animation, s draw SVG, t as many threads as there are pictures, -
 * nothing. Prints a line for each: what it was, why it is changed, what it became, what was lost.
 */
#include "base/file.h"
#include "base/pool.h"
#include "media/fit/budget.h"
#include "media/fit/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
	struct fit_options options;
	bool draw;
	struct budget budget;
	char **files;
	char (*lines)[2000];
};

static void say_info(char *line, const char *what, const struct image_info *info)
{
	snprintf(line + strlen(line), 1000, "%s=%s,%u,%u,%u%s%s%s%s%s\n", what,
		 info->extension ? info->extension : "none", info->width, info->height, info->depth,
		 info->cmyk ? ",cmyk" : "", info->gray ? ",gray" : "", info->alpha ? ",alpha" : "",
		 info->interlaced ? ",interlaced" : "", info->animated ? ",animated" : "");
}

static void fit_one(void *ctx, size_t i)
{
	struct work *work = ctx;
	const char *in = work->files[2 * i], *into = work->files[2 * i + 1];
	char *bytes = NULL, *line = work->lines[i];
	size_t size = 0;
	struct image_info info;
	struct fit_result out = {0};
	struct chapbook_error err = {0};
	if (file_read(in, 1 << 30, &bytes, &size, &err) != 0) {
		snprintf(line, 1000, "error=%s\n", err.message);
		return;
	}
	int broken = image_identify(bytes, size, &info);
	say_info(line, broken ? "broken" : "in", &info);
	const char *reason = fit_reason(&info, 0, &work->options);
	snprintf(line + strlen(line), 200, "reason=%s\n", reason ? reason : "");
	if (!broken) {
		size_t taken = budget_take(&work->budget, fit_cost(&info, &work->options));
		int rc = work->draw ? fit_draw_svg("in", bytes, size, &work->options, &out, &err)
				    : fit_picture(&(struct fit_source){"in", bytes, size, &info},
						  &work->options, &out, &err);
		budget_give(&work->budget, taken);
		if (rc == 0) {
			say_info(line, "out", &out.info);
			snprintf(line + strlen(line), 500, "flags=%s%s\nblocks=%zu,%zu,%zu\n",
				 out.damaged ? "damaged " : "", out.stilled ? "stilled " : "",
				 out.xmp.size, out.iptc.size, out.exif.size);
			if (file_write(into, out.bytes, out.size, &err) != 0)
				rc = -1;
		}
		if (rc != 0)
			snprintf(line + strlen(line), 600, "error=%d %s\n", (int)err.code,
				 err.message);
	}
	fit_result_release(&out);
	free(bytes);
}

int main(int argc, char **argv)
{
	struct work work = {0};
	if (argc < 7)
		return 2;
	work.options = (struct fit_options){.width = (unsigned)atoi(argv[1]),
					    .height = (unsigned)atoi(argv[2]),
					    .quality = atoi(argv[3]),
					    .grayscale = strchr(argv[4], 'g'),
					    .animation = strchr(argv[4], 'a')};
	work.draw = strchr(argv[4], 's');
	work.files = argv + 5;
	size_t count = (size_t)(argc - 5) / 2;
	work.lines = calloc(count, sizeof *work.lines);
	budget_init(&work.budget, 256 << 20);
	pool_run(count, strchr(argv[4], 't') ? 0 : 1, fit_one, &work);
	for (size_t i = 0; i < count; i++)
		fputs(work.lines[i], stdout);
	budget_release(&work.budget);
	free(work.lines);
	return 0;
}
