#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	static const struct cli_command commands[] = {
		{"info", cli_info, CLI_INFO, NULL},
		{"check", cli_check, CLI_CHECK, NULL},
		{"extract", cli_extract, CLI_EXTRACT, "html"},
	};
	static const struct cli_command convert = {NULL, cli_convert, CLI_CONVERT, NULL};

	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like any other */
	const struct cli_command *command = &convert;
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			command = &commands[i];
			argc--;
			argv++;
			break;
		}
	}
	struct cli_args args = {0};
	int status = cli_args_parse(&args, command, argc, argv);
	if (status != CLI_DONE) {
		/* told already */
	} else if (args.help) {
		status = cli_help();
	} else if (args.version) {
		printf("chapbook %s\n", chapbook_version());
		status = CLI_DONE;
	} else if ((args.reporter = cli_reporter_new(&args)) != NULL) {
		status = cli_reporter_end(args.reporter, command->run(&args));
	} else {
		status = CLI_NOT_CONVERTED;
	}
	cli_args_release(&args);
	return cli_close_stdout(status);
}
