# chapbook(3) from chapbook.h and the example: awk -v version=1.0 -v released=DATE -v example=FILE -f manual.awk chapbook.h
# Each declaration is printed with the comment above it.

function escape(s) {
	gsub(/\\/, "\\e", s)
	gsub(/-/, "\\-", s)
	sub(/^[.']/, "\\\\\\&&", s)
	return s
}

function flush_code() {
	if (code != "")
		printf "%s.nf\n.ft B\n%s.ft\n.fi\n", paragraph, code
	if (comment != "")
		printf code != "" ? ".RS 4\n%s.RE\n" : "%s", comment
	code = comment = ""
	paragraph = ".PP\n"
}

function add_comment(s) {
	sub(/^[ \t]*(\/\*+|\*\/|\*)? ?/, "", s)
	sub(/ *\*\/ *$/, "", s)
	# Lines of a manual page have at most 80 bytes.
	while (length(s) > 72) {
		at = 72
		while (at > 1 && substr(s, at, 1) != " ")
			at--
		if (at == 1)
			break
		comment = comment escape(substr(s, 1, at - 1)) "\n"
		s = substr(s, at + 1)
	}
	if (s != "")
		comment = comment escape(s) "\n"
}

BEGIN {
	printf ".TH CHAPBOOK 3 \"%s\" \"chapbook %s\" \"Library functions\"\n", released, version
	print ".SH NAME\nchapbook \\- articles to e\\-books"
	print ".SH SYNOPSIS\n.nf\n.B #include <chapbook.h>\n.PP"
	print ".B cc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs chapbook)\n.fi\n.SH DESCRIPTION"
}

# What belongs to the compiler.
/^#(ifn?def|endif|include|pragma|define CHAPBOOK_H$)/ || /^extern "C"/ || /^}$/ && depth == 0 { next }

in_comment {
	add_comment($0)
	if (/\*\//)
		in_comment = 0
	next
}

depth == 0 && /^\/\*/ {
	flush_code()
	in_comment = !/\*\//
	add_comment($0)
	next
}

/^$/ && depth == 0 { flush_code(); next }

{
	code = code escape($0) "\n"
	depth += gsub(/{/, "{") - gsub(/}/, "}")
	# Declarations that follow each other share the comment.
}

END {
	flush_code()
	print ".SH EXAMPLE\n.nf"
	while ((getline line < example) > 0)
		print escape(line)
	print ".fi\n.SH SEE ALSO\n.BR chapbook (1)"
}
