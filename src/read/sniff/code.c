/* Source code, TeX, and other text that is written for programs. */
#include "read/sniff/parts.h"

#include <string.h>

bool sniff_tex(const struct sniffed *s, struct buf *what)
{
	static const char *const starts[] = {"\\documentclass", "\\documentstyle",
					     "\\input texinfo"};
	const char *p = s->text, *line;
	size_t len;
	bool named =
		sniff_is_listed("tex ltx latex texi texinfo", s->extension, strlen(s->extension));
	/* comments may come first */
	while (sniff_line(&p, s->end, &line, &len) && (len == 0 || *line == '%'))
		;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t n = strlen(starts[i]);
		if (len >= n && memcmp(line, starts[i], n) == 0 &&
		    (named || i == 2 || sniff_count(s, "\\begin{document}"))) {
			buf_puts(what, "a TeX document");
			return true;
		}
	}
	if (named && sniff_count(s, "\\") * 200 > (size_t)(s->end - s->text)) {
		buf_puts(what, "a TeX document");
		return true;
	}
	return false;
}

/* What a text may begin with that no article begins with. */
static const struct {
	const char *start, *also, *what; /* `also` stands behind it; NULL: code does */
} signs[] = {
	{"WARC/0.", "WARC-Type:", "a web archive (WARC)"},
	{"WARC/1.", "WARC-Type:", "a web archive (WARC)"},
	{"filedesc://", "text/", "a web archive (ARC)"},
	{"BEGIN:VCALENDAR", "END:VCALENDAR", "a calendar (iCalendar)"},
	{"BEGIN:VCARD", "END:VCARD", "a contact (vCard)"},
	{"WEBVTT\n", "-->", "subtitles (WebVTT)"},
	{"1\n00:", " --> ", "subtitles (SubRip)"},
	{"%YAML ", "---", "a YAML file"},
	{"<?php", NULL, "a PHP program"},
	{"#!/", NULL, "a script"},
	{"diff --git ", "@@ ", "a patch"},
	{"-----BEGIN CERTIFICATE", "-----END ", "a certificate"},
	{".TH ", ".SH ", "a manual page (roff)"},
	{".Dd ", ".Sh ", "a manual page (roff)"},
};

/* Extensions of source code and of data for programs. */
static const struct {
	const char *what, *extensions;
} languages[] = {
	{"C or C++ source code", "c h cc cpp cxx hpp hh hxx ino"},
	{"Objective-C or MATLAB source code", "m mm"},
	{"Python source code", "py pyw pyx"},
	{"JavaScript source code", "js mjs cjs jsx"},
	{"TypeScript source code", "ts tsx mts"},
	{"Java source code", "java"},
	{"Kotlin source code", "kt kts"},
	{"Scala source code", "scala"},
	{"C# source code", "cs"},
	{"F# source code", "fs fsx"},
	{"Go source code", "go"},
	{"Rust source code", "rs"},
	{"Swift source code", "swift"},
	{"Dart source code", "dart"},
	{"Ruby source code", "rb"},
	{"Perl source code", "pl pm"},
	{"PHP source code", "php"},
	{"Lua source code", "lua"},
	{"R source code", "r"},
	{"Julia source code", "jl"},
	{"Haskell source code", "hs"},
	{"OCaml source code", "ml mli"},
	{"Lisp source code", "lisp el scm clj cljs rkt"},
	{"Erlang source code", "erl hrl"},
	{"Elixir source code", "ex exs"},
	{"Pascal source code", "pas pp"},
	{"Fortran source code", "f f77 f90 f95 for"},
	{"Ada source code", "adb ads"},
	{"assembly code", "asm s"},
	{"a shell script", "sh bash zsh fish ksh"},
	{"a script for Windows", "bat cmd ps1"},
	{"SQL", "sql"},
	{"a style sheet", "css scss less sass"},
	{"a YAML file", "yaml yml"},
	{"a configuration file", "ini cfg conf toml properties"},
	{"a patch", "diff patch"},
	{"a BibTeX file", "bib"},
	{"a translation catalogue", "po pot"},
};

/* Whether a line looks like code: as it ends, or as it begins. */
static bool is_code_line(const char *line, size_t len)
{
	static const char *const starts[] = {
		"#include", "#define", "import ", "from ",   "def ",    "class ",  "function ",
		"return",   "//",      "/*",      "*/",      "--",      "use ",    "package ",
		"let ",     "const ",  "var ",    "if ",     "for ",    "while ",  "require ",
		"- ",       "[",       "@",       "export ", "SELECT ", "INSERT ", "CREATE ",
		"+",        "-",       "msg",     "echo "};
	while (len && (*line == ' ' || *line == '\t'))
		line++, len--;
	while (len && line[len - 1] == ' ')
		len--;
	if (len == 0)
		return false;
	if (strchr(";{}()=\\>|", line[len - 1]) || (line[len - 1] == ':' && len < 60))
		return true;
	if (memmem(line, len, " = ", 3) || memmem(line, len, " <- ", 4) ||
	    memmem(line, len, ": ", 2))
		return len < 100;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t n = strlen(starts[i]);
		if (len >= n && memcmp(line, starts[i], n) == 0)
			return true;
	}
	return false;
}

/* Whether a quarter of its lines are code: a name alone does not make it so. */
static bool has_code(const struct sniffed *s)
{
	const char *p = s->text, *line;
	size_t len, lines = 0, code = 0;
	while (sniff_line(&p, s->end, &line, &len) && lines < 1000) {
		lines += len > 0;
		code += is_code_line(line, len);
	}
	return code * 4 >= lines;
}

bool sniff_code(const struct sniffed *s, struct buf *what)
{
	size_t left = (size_t)(s->end - s->text);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t n = strlen(signs[i].start);
		const char *also = signs[i].also;
		if (left < n || memcmp(s->text, signs[i].start, n) != 0)
			continue;
		buf_puts(what, signs[i].what);
		return also ? memmem(s->text, left, also, strlen(also)) != NULL : has_code(s);
	}
	if (!s->extension[0] || sniff_is_page(s->text, left, false))
		return false;
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
		if (!sniff_is_listed(languages[i].extensions, s->extension, strlen(s->extension)))
			continue;
		buf_puts(what, languages[i].what);
		return has_code(s);
	}
	return false;
}
