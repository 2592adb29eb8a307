/* chapbook completions SHELL: completion scripts, made of the tables of commands and options. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static const char *command_name(const struct cli_command *command)
{
	return command->name ? command->name : "convert";
}

/* Endings of file names, in place of words. */
static bool has_endings(const struct cli_option *o)
{
	return o->values && o->values[0] == '.';
}

static bool takes_folder(const struct cli_option *o)
{
	return o->argument && strncmp(o->argument, "DIR", 3) == 0;
}

static bool takes_file(const struct cli_option *o)
{
	return o->argument &&
	       (strcmp(o->argument, "FILE") == 0 || strcmp(o->argument, "LIST") == 0);
}

/* The values between `before` and `after` each, with `between` them; without their first dots. */
static void print_values(const struct cli_option *o, const char *between)
{
	for (const char *at = o->values; *at; at += strspn(at, " ")) {
		size_t n = strcspn(at, " "), dot = at[0] == '.';
		printf("%s%.*s", at == o->values ? "" : between, (int)(n - dot), at + dot);
		at += n;
	}
}

/* Text within single quotes of a shell; zsh's _arguments wants some letters escaped besides. */
static void print_quoted(const char *text, const char *escaped)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr(escaped, *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

/* --- bash --- */

static void print_bash_value(const struct cli_option *o)
{
	bool files = takes_file(o) || takes_folder(o);
	printf("\t--%s", o->name);
	if (o->letter)
		printf(" | -%c", o->letter);
	fputs(")", stdout);
	if (o->values && !has_endings(o)) {
		fputs(" words='", stdout);
		print_values(o, " ");
		fputs("'", stdout);
	}
	if (has_endings(o)) {
		fputs(" files='@(", stdout);
		print_values(o, "|");
		fputs(")'", stdout);
	} else if (files) {
		printf(" files='%s'", takes_folder(o) ? "/" : "*");
	}
	printf(" value=1 ;;\n");
}

static void print_bash_command(const struct cli_command *command)
{
	printf("\t%s) options='", command_name(command));
	for (size_t i = 0; i < cli_option_count; i++)
		if (cli_options[i].commands & command->bit)
			printf(" --%s", cli_options[i].name);
	printf("' ;;\n");
}

static void print_bash(void)
{
	fputs("# bash completion for chapbook(1)\n\n"
	      "_chapbook()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal command=convert options='' words='' files='' value=0 first\n"
	      "\tCOMPREPLY=()\n"
	      "\t# bash splits --name=value into three words.\n"
	      "\tif [[ $cur == = ]]; then\n"
	      "\t\tcur=\n"
	      "\telif [[ $prev == = ]]; then\n"
	      "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	      "\tfi\n"
	      "\tfirst=${COMP_WORDS[1]}\n"
	      "\tcase $first in\n\t",
	      stdout);
	for (size_t i = 0, n = 0; i < cli_command_count; i++)
		if (cli_commands[i].name)
			printf("%s%s", n++ ? " | " : "", cli_commands[i].name);
	fputs(") [[ $COMP_CWORD -gt 1 ]] && command=$first ;;\n\tesac\n\tcase $command in\n",
	      stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		print_bash_command(&cli_commands[i]);
	fputs("\tesac\n\tcase $prev in\n", stdout);
	for (size_t i = 0; i < cli_option_count; i++)
		if (cli_options[i].argument)
			print_bash_value(&cli_options[i]);
	fputs("\tesac\n"
	      "\tif [[ $value -eq 0 && $cur == -* ]]; then\n"
	      "\t\twords=$options\n"
	      "\telif [[ $value -eq 0 && $command == completions ]]; then\n"
	      "\t\twords='bash zsh fish'\n"
	      "\telif [[ $value -eq 0 && $command == @(info|check) ]]; then\n"
	      "\t\tfiles=epub\n"
	      "\telif [[ $value -eq 0 ]]; then\n"
	      "\t\tfiles='*'\n"
	      "\tfi\n"
	      "\tif [[ $value -eq 0 && $COMP_CWORD -eq 1 && $cur != -* ]]; then\n"
	      "\t\twords='",
	      stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		if (cli_commands[i].name)
			printf(" %s", cli_commands[i].name);
	fputs("'\n\tfi\n"
	      "\tif [[ -n $words ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "\tfi\n"
	      "\tif [[ -n $files ]]; then\n"
	      "\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- \"$cur\")\n"
	      "\tfi\n"
	      "\tif [[ $files == '*' ]]; then\n"
	      "\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "\telif [[ -n $files && $files != / ]]; then\n"
	      "\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(\n"
	      "\t\t\tshopt -s extglob nocasematch; compgen -f -X \"!*.$files\" -- \"$cur\")\n"
	      "\tfi\n"
	      "}\n\n"
	      "complete -o filenames -F _chapbook chapbook\n",
	      stdout);
}

/* --- zsh --- */

static void print_zsh_value(const struct cli_option *o)
{
	printf(":%s:", takes_folder(o) ? "folder" : takes_file(o) ? "file" : "value");
	if (has_endings(o)) {
		fputs("_files -g \"*.(", stdout);
		print_values(o, "|");
		fputs(")(-.)\"", stdout);
	} else if (o->values && takes_file(o)) {
		fputs("{_alternative \"words:word:(", stdout);
		print_values(o, " ");
		fputs(")\" \"files:file:_files\"}", stdout);
	} else if (o->values) {
		fputs("(", stdout);
		print_values(o, " ");
		fputs(")", stdout);
	} else {
		fputs(takes_folder(o) ? "_files -/" : takes_file(o) ? "_files" : " ", stdout);
	}
}

static void print_zsh_option(const struct cli_option *o, const char *dashes, const char *name)
{
	bool optional = o->argument && o->argument[0] == '[';
	printf("\t\t'%s%s%s%s[", o->argument ? "*" : "", dashes, name,
	       optional         ? "=-"
	       : !o->argument   ? ""
	       : dashes[1] == 0 ? "+"
				: "=");
	print_quoted(o->help, "[]:");
	fputs("]", stdout);
	if (optional)
		putchar(':');
	if (o->argument)
		print_zsh_value(o);
	fputs("'\n", stdout);
}

static void print_zsh_command(const struct cli_command *command)
{
	static const char *const operands[][2] = {
		{"info", "*:book:_files -g \"*.epub(-.)\""},
		{"check", "*:book:_files -g \"*.epub(-.)\""},
		{"completions", "1:shell:(bash zsh fish)"},
		{"extract", "*:page:_files"},
		{"convert", "*:article:_chapbook_articles"},
	};
	const char *name = command_name(command);
	printf("\t%s)\n\t\tspecs=(\n", name);
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		const char letter[] = {o->letter, '\0'};
		if (!(o->commands & command->bit))
			continue;
		if (o->letter)
			print_zsh_option(o, "-", letter);
		print_zsh_option(o, "--", o->name);
	}
	for (size_t i = 0; i < sizeof operands / sizeof *operands; i++)
		if (strcmp(operands[i][0], name) == 0)
			printf("\t\t'%s'\n", operands[i][1]);
	fputs("\t\t)\n\t\t;;\n", stdout);
}

static void print_zsh(void)
{
	fputs("#compdef chapbook\n# zsh completion for chapbook(1)\n\n_chapbook() {\n"
	      "\tlocal command=convert\n"
	      "\tlocal -a specs\n"
	      "\tif (( CURRENT > 2 )); then\n\t\tcase $words[2] in\n\t\t",
	      stdout);
	for (size_t i = 0, n = 0; i < cli_command_count; i++)
		if (cli_commands[i].name)
			printf("%s%s", n++ ? "|" : "", cli_commands[i].name);
	fputs(") command=$words[2]; shift words; (( CURRENT-- )) ;;\n\t\tesac\n\tfi\n"
	      "\tcase $command in\n",
	      stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		print_zsh_command(&cli_commands[i]);
	fputs("\tesac\n\t_arguments -s $specs\n}\n\n_chapbook_articles() {\n"
	      "\t_alternative 'articles:article:_files' 'commands:command:((",
	      stdout);
	for (size_t i = 0; i < cli_command_count; i++) {
		if (!cli_commands[i].name)
			continue;
		printf("%s\\:\"", cli_commands[i].name);
		print_quoted(cli_commands[i].help, "\"");
		fputs("\" ", stdout);
	}
	fputs("))'\n}\n\n_chapbook \"$@\"\n", stdout);
}

/* --- fish --- */

/* The condition that the command line has this command. */
static void print_fish_when(const struct cli_command *command)
{
	printf("complete -c chapbook -n '__chapbook_command %s'", command_name(command));
}

static void print_fish_option(const struct cli_option *o, const struct cli_command *command)
{
	print_fish_when(command);
	if (o->letter)
		printf(" -s %c", o->letter);
	printf(" -l %s", o->name);
	if (o->argument && o->argument[0] != '[')
		fputs(takes_file(o) ? " -r -F" : " -x", stdout);
	if (takes_folder(o) || (o->values && !has_endings(o))) {
		printf(" -a '%s", takes_folder(o) ? "(__fish_complete_directories) " : "");
		if (o->values)
			print_values(o, " ");
		putchar('\'');
	}
	fputs(" -d '", stdout);
	for (const char *c = o->help; *c; c++)
		printf("%s%c", *c == '\'' ? "\\" : "", *c);
	fputs("'\n", stdout);
}

static void print_fish(void)
{
	fputs("# fish completion for chapbook(1)\n\n"
	      "function __chapbook_command\n"
	      "\tset -l words (commandline -opc) convert\n"
	      "\tcontains -- $words[2]",
	      stdout);
	for (size_t i = 0; i < cli_command_count; i++)
		if (cli_commands[i].name)
			printf(" %s", cli_commands[i].name);
	fputs("\n\tor set words[2] convert\n\ttest $words[2] = $argv[1]\nend\n\n"
	      "function __chapbook_at_first\n\ttest (count (commandline -opc)) -eq 1\nend\n\n",
	      stdout);
	for (size_t i = 0; i < cli_command_count; i++) {
		if (!cli_commands[i].name)
			continue;
		printf("complete -c chapbook -n __chapbook_at_first -a %s -d '",
		       cli_commands[i].name);
		print_quoted(cli_commands[i].help, "");
		fputs("'\n", stdout);
	}
	fputs("complete -c chapbook -n '__chapbook_command completions' -f -a 'bash zsh fish'\n\n",
	      stdout);
	for (size_t c = 0; c < cli_command_count; c++)
		for (size_t i = 0; i < cli_option_count; i++)
			if (cli_options[i].commands & cli_commands[c].bit)
				print_fish_option(&cli_options[i], &cli_commands[c]);
}

int cli_completions(const struct cli_args *args)
{
	static const struct {
		const char *shell;
		void (*print)(void);
	} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
	for (size_t i = 0; args->file_count == 1 && i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(args->files[0], shells[i].shell) != 0)
			continue;
		shells[i].print();
		return CLI_DONE;
	}
	cli_complain("completions: name a shell: bash, zsh or fish");
	return CLI_USAGE;
}
