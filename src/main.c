#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libjpeg-turbo takes options of its encoder from the environment: the same input must give the
 * same bytes. Called before there are threads. */
static void drop_encoder_options(void)
{
	static const char *const names[] = {"TJ_ARITHMETIC", "TJ_OPTIMIZE", "TJ_PROGRESSIVE",
					    "TJ_RESTART"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like any other */
	signal(SIGXFSZ, SIG_IGN); /* so is a file that is larger than the limit */
	drop_encoder_options();
	const struct cli_command *command = &cli_commands[0];
	for (size_t i = 0; argc > 1 && i < cli_command_count; i++) {
		if (cli_commands[i].name && strcmp(argv[1], cli_commands[i].name) == 0) {
			command = &cli_commands[i];
			argc--;
			argv++;
			break;
		}
	}
	struct cli_args args = {0};
	int status = cli_args_parse(&args, command, argc, argv);
	if (status == CLI_DONE && command == &cli_commands[0])
		status = cli_check_command_word(&args);
	if (status != CLI_DONE) {
		/* an error message was printed */
	} else if (args.help) {
		status = cli_help(command);
	} else if (args.version) {
		printf("chapbook %s\n", chapbook_version());
		status = CLI_DONE;
	} else if (args.list_warnings) {
		status = cli_list_warnings();
	} else if ((args.reporter = cli_reporter_new(&args)) != NULL) {
		status = cli_reporter_end(args.reporter, command->run(&args));
	} else {
		status = CLI_NOT_CONVERTED;
	}
	cli_args_release(&args);
	return cli_close_stdout(status);
}
