#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct cli_args *args);
	} commands[] = {{"info", cli_info}, {"check", cli_check}, {"extract", cli_extract}};

	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like any other */
	int (*run)(const struct cli_args *args) = cli_convert;
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			run = commands[i].run;
			argc--;
			argv++;
			break;
		}
	}
	struct cli_args args = {0};
	int status = cli_args_parse(&args, argc, argv);
	if (status != CLI_DONE) {
		/* told already */
	} else if (args.help) {
		status = cli_help();
	} else if (args.version) {
		printf("chapbook %s\n", chapbook_version());
		status = CLI_DONE;
	} else {
		status = run(&args);
	}
	cli_args_release(&args);
	return cli_close_stdout(status);
}
