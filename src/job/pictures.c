#include "job/pictures.h"

#include "cover/cover.h"
#include "fetch/address.h"
#include "fetch/web_url.h"
#include "job/load.h"

void input_media_options(struct chapbook_job *job, struct media_options *options)
{
	const struct picture_settings *said = &job->pictures;
	const struct profile *profile = said->profile;
	bool sized = said->width != NOT_SAID;
	*options = (struct media_options){
		.cover = job->cover,
		.cover_width = profile->cover_width,
		.cover_height = profile->cover_height,
		.fit = {.width = sized ? (unsigned)said->width : profile->image_width,
			.height = sized ? (unsigned)said->height : profile->image_height,
			.quality = said->quality != NOT_SAID ? (int)said->quality
							     : profile->image_quality,
			.grayscale = said->grayscale,
			.animation = profile->keep_animation,
			.opaque = profile->opaque},
		.none = said->none,
		.keep_originals = profile->keep_originals,
		.keep_private = said->keep_private || profile->keep_originals,
		.threads = job->threads,
		.budget = &job->shared->budget,
	};
}

/* The page that asks for pictures. */
struct request_context {
	struct chapbook_job *job;
	const struct input *input;
	const char *name;     /* of the input */
	const char *referrer; /* NULL: it has no address */
	const char *login;    /* as in struct fetch_request */
	bool public_only;
};

static int fetch_picture(void *ctx, const char *url, char **bytes, size_t *size,
			 struct chapbook_error *err)
{
	const struct request_context *context = ctx;
	struct fetch_result result = {0};
	const struct fetch_request request = {.url = url,
					      .kind = FETCH_PICTURE,
					      .referrer =
						      context->referrer ? context->referrer : "",
					      .login = context->login,
					      .public_only = context->public_only};
	int rc = input_fetch(context->job, context->input, &request, &result, err);
	if (rc == 0) {
		*bytes = result.bytes;
		*size = result.size;
		result.bytes = NULL;
	}
	fetch_result_release(&result);
	return rc;
}

static void picture_progress(void *ctx, size_t done, size_t total)
{
	const struct request_context *context = ctx;
	job_progress(context->job, CHAPBOOK_PICTURES, context->name, done, total);
}

/* Whether pictures may come from public addresses alone. A file may have been written by anybody,
 * so that it is trusted with no private address, unless the caller says (--base-url) that it came
 * from one. */
static bool is_public(const struct input *input, const struct fetch_result *fetched)
{
	struct arena arena = ARENA_INIT;
	struct web_url url;
	if (input->is_remote)
		return fetched->is_public;
	bool known = input->url && web_url_read(&arena, input->url, &url);
	bool is_private = known && !arena.failed && !address_host_seems_public(url.host);
	arena_release(&arena);
	return !is_private;
}

int input_load_pictures(struct chapbook_job *job, const struct input *input,
			const struct fetch_result *fetched, struct article *article,
			struct diag *diag, struct chapbook_error *err)
{
	struct media_options options;
	struct request_context context = {.job = job,
					  .input = input,
					  .name = input->name,
					  .referrer = input->is_remote ? fetched->url
								       : article->source_url,
					  .login = input->login,
					  .public_only = is_public(input, fetched)};
	input_media_options(job, &options);
	options.ctx = &context;
	options.progress = picture_progress;
	if (input->is_remote || input->item || job->fetch.online)
		options.fetch = fetch_picture;
	return media_load(article, &job->photos, &options, diag, err);
}

int job_add_cover(const struct chapbook_job *job, struct book *book, struct diag *diag,
		  struct chapbook_error *err)
{
	const struct profile *profile = job->pictures.profile;
	const struct cover_options options = {.templates = job->templates,
					      .width = profile->cover_width,
					      .height = profile->cover_height,
					      .grey = job->pictures.grayscale};
	if (job->no_cover || book_cover_picture(book))
		return 0;
	job_progress(job, CHAPBOOK_COVER, job->inputs.items[0].name, 0, 0);
	return cover_add(book, &options, diag, err);
}
