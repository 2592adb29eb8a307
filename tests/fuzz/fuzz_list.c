/* List files (-i). Whatever a list says, its local files are below the list's folder, and names of
 * books are names of files. What is wrong with lines is written to standard error: it is dropped.
 */
#include "fuzz.h"

#include "cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void check_input(const struct cli_input *input, const char *folder)
{
	if (!input->name || !*input->name || strchr(input->name, '/'))
		fuzz_fail("name", input->name ? input->name : "none");
	if (input->remote)
		return;
	char *real = realpath(input->path, NULL);
	size_t len = strlen(folder);
	if (real && (strncmp(real, folder, len) != 0 || (real[len] && real[len] != '/')))
		fuzz_fail("outside of the folder", real);
	free(real);
}

static void read_list(const char *path, const char *folder)
{
	struct cli_inputs inputs = {0};
	FILE *messages = stderr, *nothing = fopen("/dev/null", "w");
	if (!nothing)
		abort();
	stderr = nothing;
	int status = cli_list_read(&inputs, path);
	cli_is_address_list(path);
	stderr = messages;
	fclose(nothing);
	if (status != CLI_DONE && status != CLI_NOT_CONVERTED && status != CLI_USAGE)
		fuzz_fail("status", "");
	if (status == CLI_DONE && inputs.count == 0 && !inputs.failed)
		fuzz_fail("nothing", "without a message");
	for (size_t i = 0; i < inputs.count; i++)
		check_input(&inputs.items[i], folder);
	cli_inputs_release(&inputs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char folder[] = "/tmp/fuzz-list-XXXXXX", path[PATH_MAX], article[PATH_MAX];
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof path, "%s/list", folder);
	snprintf(article, sizeof article, "%s/a.md", folder);
	FILE *list = fopen(path, "wb"), *other = fopen(article, "wb");
	if (!list || !other || fwrite(data, 1, size, list) != size)
		abort();
	fclose(list);
	fclose(other);
	read_list(path, folder);
	unlink(path);
	unlink(article);
	rmdir(folder);
	return 0;
}
