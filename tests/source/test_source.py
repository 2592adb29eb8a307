"""What must stay true of the source itself."""

import re
import shutil
import subprocess
from pathlib import Path

import harness

SRC = harness.ROOT / "src"

# Who may know whom. "": files right in src/ (the pipeline, main) may include everything; every
# room may include itself and chapbook.h, the public header.
MAY_INCLUDE = {
    "base": set(),
    "lang": {"base"},
    "article": {"base", "lang"},
    "read": {"base", "lang", "article", "extract"},
    "extract": {"base", "lang", "article"},
    "media": {"base", "lang", "article"},
    "cover": {"base", "media"},
    "fetch": {"base"},
    "book": {"base", "lang", "article", "media"},
    # media for one question: what a picture in somebody's book is (the rules of devices and shops)
    "epub": {"base", "lang", "article", "book", "template", "media"},
    "template": {"base"},
    "cli": set(),
}


def without_comments(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                  lambda m: m[0] if m[0].startswith('"') else re.sub(r"[^\n]", " ", m[0]), text,
                  flags=re.S)


def sources(pattern="*.[ch]"):
    return sorted(SRC.rglob(pattern))


def test_include_directions(t):
    wrong = []
    for path in sources():
        parts = path.relative_to(SRC).parts
        if len(parts) == 1:
            continue
        room = parts[0]
        t.true(room in MAY_INCLUDE, f"src/{room} is no room of the design")
        for line in re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(), re.M):
            other = line.split("/")[0] if "/" in line else ("" if (SRC / line).exists() else room)
            if line == "chapbook.h" or other == room or other in MAY_INCLUDE[room]:
                continue
            wrong.append(f"{path.relative_to(harness.ROOT)} includes {line}")
        t.true(".." not in "".join(re.findall(r'#\s*include\s+"([^"]+)"', path.read_text())), path)
    t.equal(wrong, [], "includes against the design")


def test_headers_stand_alone(t):
    """Every header compiles by itself, and has a guard unless it is a table."""
    flags = [flag for flag in harness.library_flags() if flag.startswith("-I")]
    for path in sources("*.h"):
        text = path.read_text()
        if path.name.endswith("_table.h") or path.name in ("check_rules.h",):
            continue
        name = str(path.relative_to(SRC))
        t.true(re.search(r"#ifndef \w+_H\n#define", text), f"{name}: no include guard")
        source = t.file("header.c", f'#include "{name}"\n#include "{name}"\ntypedef int not_empty;\n')
        result = t.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wpedantic",
                        f"-I{SRC}", *flags, "-fsyntax-only", source])
        t.equal((result.status, result.err), (0, b""), f"{name} alone")


def test_library_neither_prints_nor_exits(t):
    wrong = []
    for path in sources():
        relative = path.relative_to(SRC)
        if relative.parts[0] == "cli" or relative.name == "main.c":
            continue
        # The child process of chapbook_run() ends with its work.
        ends = relative.name == "broker.c"
        for n, line in enumerate(without_comments(path.read_text()).split("\n"), 1):
            if re.search(r"(?<![\w.>])(exit|_exit|abort|printf|vprintf|puts|putchar|perror|system|popen|"
                         r"setlocale|strtok|gmtime|localtime|strerror)\s*\(|\bstd(out|err)\b", line) \
                    and not (ends and re.fullmatch(r"_?exit\(.*\);", line.strip())):
                wrong.append(f"{relative}:{n}: {line.strip()}")
    t.equal(wrong, [], "calls that a library does not make")


def test_no_mutable_globals(t):
    """No object in .data or .bss: different jobs may run in different threads at once."""
    if harness.SANITIZED:  # sanitisers add their own
        raise harness.NotMeant()
    # What is there on purpose: tables that are read once, under pthread_once(); an empty
    # string that nobody writes to; a mark whose address alone counts; and what cmark-gfm, whose
    # allocator takes no argument and whose registry is one for the process, makes necessary: its
    # functions, the state of the run in this thread, the registry's copy under a lock; in the
    # child process of chapbook_run(), the way to its parent.
    allowed = {"buf_empty", "tree.o: out_of_memory", "credit.o: words", "name.o: words",
               "date.o: months", "phrases.o: phrases", "labels.o: table_count",
               "labels.o: table_text", "labels.o: table", "credit.o: words_entries", "name.o: words_entries",
               "date.o: months_entries", "phrases.o: phrases_entries", "language.o: textcat", "markdown_parser.o: registry_used",
               "markdown_parser.o: registry", "markdown_parser.o: current", "markdown_parser.o: mem",
               "phrases.o: page_entries", "phrases.o: page_phrases",
               "claims.o: entries", "claims.o: heads", "claims.o: entry_count", "names.o: heads", "names.o: pattern_count", "names.o: patterns",
               "picture_words.o: words", "picture_words.o: words_entries", "filler.o: fillers", "filler.o: filler_entries", "vips.o: vips_calls", "vips.o: vips_loaded",
               "curl.o: curl_calls", "curl.o: curl_loaded", "site.o: psl_calls", "site.o: psl_list", "pango.o: pango_calls", "pango.o: pango_loaded",
               "memory_limit.o: current", "memory_limit.o: last.0", "file.o: broker", "broker.o: child", "pixbuf.o: pixbuf_calls", "pixbuf.o: pixbuf_loaded", "transliterate.o: icu_calls",
               "transliterate.o: icu_loaded", "drawing.o: rsvg", "drawing.o: rsvg_loaded", "jpeg.o: turbo",
               "jpeg.o: turbo_loaded", "text.o: font_key", "text.o: font_key_made"}
    once = re.compile(r".*\bonce(\.\d+)?|.*_once(\.\d+)?|.*_lock(\.\d+)?")
    out = t.run(["objdump", "-t", harness.BUILD / "libchapbook.a"]).out.decode()
    member, wrong = "", []
    for line in out.splitlines():
        if line.rstrip().endswith("file format elf64-x86-64"):
            member = line.split(":")[0]
        m = re.match(r"[0-9a-f]+ .{7} (\.data|\.bss|\.tbss|\.tdata|\*COM\*)(\.\S+)?\s+([0-9a-f]+)\s+(\S+)$", line)
        if m and not (m[2] or "").startswith(".rel.ro") and int(m[3], 16) and m[4] not in allowed \
                and f"{member}: {m[4]}" not in allowed and not once.fullmatch(m[4]):
            wrong.append(f"{member}: {m[4]}")
    t.true(out, "objdump tells")
    t.equal(wrong, [], "global variables that can change")


def test_debian_build_depends(t):
    """The Debian package is built with the libraries that tests/deps.sh installs."""
    script = (harness.TESTS / "deps.sh").read_text()
    wanted = set(re.search(r"build\)\s+echo (.*?);;", script, re.S)[1].replace("\\", " ").split())
    control = (harness.ROOT / "assets" / "debian" / "control").read_text()
    given = set(re.findall(r"^ ([a-z0-9.+-]+),$", control.split("\n\n")[0], re.M))
    not_for_building = {"libc6-dev", "libexttextcat-data", "fonts-ebgaramond"}
    t.equal(sorted(given), sorted(wanted - not_for_building), "Build-Depends in assets/debian/control")


def test_exported_symbols(t):
    """The shared library shows what chapbook.h declares, and nothing else."""
    if harness.SANITIZED:
        raise harness.NotMeant()
    out = t.run(["nm", "-D", "--defined-only", harness.BUILD / "libchapbook.so"]).out.decode()
    exported = {line.split()[-1] for line in out.splitlines()}
    header = without_comments((SRC / "chapbook.h").read_text())
    declared = set(re.findall(r"\b(chapbook_\w+)\s*\(", header)) - {"chapbook_message_fn", "chapbook_progress_fn"}
    t.equal(sorted(exported), sorted(declared), "exported symbols against chapbook.h")


def test_built_ins_are_the_files(t):
    """What is built in is what lies in templates/ and assets/, byte for byte."""
    files = sorted([*harness.ROOT.glob("templates/*"), *harness.ROOT.glob("assets/*.css"),
                    *harness.ROOT.glob("assets/*.tsv")])
    t.true(len(files) > 8, "the files are there")
    table = "".join('{"%s", %d},\n' % (f.relative_to(harness.ROOT), f.stat().st_size) for f in files)
    t.file("main.c", '''
#include "base/embedded.h"
#include <stdio.h>
#include <string.h>
static const struct { const char *name; size_t size; } files[] = {
%s};
int main(int argc, char **argv)
{
	(void)argc;
	size_t count = sizeof files / sizeof *files;
	if (count != embedded_count)
		return printf("%%zu files, %%zu built in\\n", count, embedded_count), 1;
	for (size_t i = 0; i < count; i++) {
		static char path[4096], bytes[1 << 20];
		snprintf(path, sizeof path, "%%s/%%s", argv[1], files[i].name);
		FILE *f = fopen(path, "rb");
		size_t size = f ? fread(bytes, 1, sizeof bytes, f) : 0;
		const struct embedded_file *e = embedded_find(files[i].name);
		if (!f || !e || e->size != size || memcmp(e->data, bytes, size) != 0 || e->data[size] != 0)
			return printf("%%s differs\\n", files[i].name), 1;
		fclose(f);
	}
	return 0;
}
''' % table)
    flags = ["-fsanitize=address,undefined"] if harness.SANITIZED else []
    build = t.run(["cc", "-std=c11", "-D_GNU_SOURCE", *flags, f"-I{SRC}", "main.c",
                   harness.BUILD / "libchapbook.a", "-o", "main"])
    t.equal(build.status, 0, str(build))
    result = t.run([t.dir / "main", harness.ROOT])
    t.equal((result.status, result.out.decode()), (0, ""), "built-ins")


def rows(name):
    lines = (harness.ROOT / "assets" / name).read_text().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def test_kinds_of_rules(t):
    """No row of a table of rules has a kind that nothing knows, and no kind is without rows or use."""
    code = "".join(path.read_text() for path in sources("*.c"))
    for table, macro, users, cells in (
            ("name_table.h", "NAME_KIND", "NAMED(%s)",
             [row[0] for row in rows("page_names.tsv")]),
            ("phrase_table.h", "PAGE_PHRASE", "SAYS(%s)",
             [row[0] for row in rows("page_phrases.tsv")]),
            ("claim_table.h", "CLAIM_FIELD", "CLAIM_%s",
             [row[0] for row in rows("page_sources.tsv")]),
            ("claim_table.h", "CLAIM_SOURCE", "FROM_%s",
             [row[1] for row in rows("page_sources.tsv")])):
        kinds = re.findall(rf'^{macro}\((\w+), "([^"]+)"\)', (SRC / "extract" / table).read_text(),
                           re.M)
        t.equal(sorted(set(cells)), sorted(name for _, name in kinds), f"{macro} and its rows")
        unused = [kind for kind, _ in kinds if users % kind not in code]
        t.equal(unused, [], f"{macro} that no code asks for")


def test_man_page(t):
    tool = harness.need_tool("mandoc")
    page = harness.ROOT / "assets" / "chapbook.1"
    result = t.run([tool, "-T", "lint", page])
    # Not every machine has the pages that this one refers to, or an index of its pages.
    told = [line for line in (result.out + result.err).decode().splitlines()
            if "mandoc.db" not in line and "referenced manual not found" not in line]
    t.equal(told, [], "mandoc -T lint")
    text = t.run([tool, "-T", "utf8", page]).out.decode()
    t.true(len(text) > 5000, "the page has its text")


def shell_case(shell, name, code):
    def run(t):
        tool = harness.need_tool(shell)
        path = t.file(name, t.ok("completions", shell).out)
        result = t.run([tool, "-n", path])
        t.equal((result.status, result.err), (0, b""), f"{shell} -n")
        if shell == "bash" and shutil.which("shellcheck"):
            t.equal(t.run(["shellcheck", "-s", "bash", path]).out.decode(), "", "shellcheck")
        for words, wanted, unwanted in (
                ("chapbook --", (b"--title", b"--split-level"), b"--list-rules"),
                ("chapbook check --", (b"--profile", b"--list-rules"), b"--title")):
            result = t.run([tool, *code(path, words.split())], env={"HOME": str(t.dir)})
            t.true(result.status == 0, str(result))
            for expected in wanted:
                t.true(expected in result.out, f"{words!r}: no {expected!r}\n{result.out.decode()}")
            t.true(unwanted not in result.out, f"{words!r}: {unwanted!r}\n{result.out.decode()}")
    return run


test_completion_bash = shell_case("bash", "chapbook.bash", lambda path, words: [
    "--norc", "-c", f"source '{path}'; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1};"
    " _chapbook; printf '%s\\n' \"${COMPREPLY[@]}\""])
test_completion_fish = shell_case("fish", "chapbook.fish", lambda path, words: [
    "--no-config", "-c", f"source '{path}'; complete -C '{' '.join(words)}'"])
test_completion_zsh = shell_case("zsh", "_chapbook", lambda path, words: [
    # Completion itself needs a terminal; what it would offer is what it hands to _arguments.
    "-f", "-c", "compdef() {}; _arguments() { print -rl -- \"$@\" };"
    f" words=({' '.join(words)}); CURRENT={len(words)}; source '{path}' 2>/dev/null || true"])


def test_scripts(t):
    """Shell scripts are clean for shellcheck; Python files compile."""
    tool = shutil.which("shellcheck")
    scripts = [path for path in [*harness.ROOT.glob("tests/**/*"), harness.ROOT / ".ci" / "run",
                                 harness.ROOT / "src" / "embed.sh"]
               if path.is_file() and "node_modules" not in path.parts
               and re.match(rb"#!/bin/(ba|)sh|#!/usr/bin/env bash", path.read_bytes()[:30])]
    t.true(len(scripts) >= 3, f"scripts: {scripts}")
    for path in scripts:
        result = t.run(["bash", "-n", path])
        t.equal((result.status, result.err), (0, b""), f"bash -n {path}")
        if tool:
            result = t.run([tool, path])
            t.equal(result.out.decode(), "", f"shellcheck {path}")
    for path in [*harness.TESTS.rglob("*.py"), harness.TESTS / "run"]:
        compile(path.read_text(), str(path), "exec")


def test_nothing_generated_is_tracked(t):
    out = subprocess.run(["git", "-C", harness.ROOT, "ls-files"], capture_output=True, text=True)
    if out.returncode != 0:
        return
    top = {"src", "assets", "templates", "tests", "Makefile", "README.md", "LICENSE",
           "CHANGELOG.md", "CONTRIBUTING.md"}
    for name in out.stdout.splitlines():
        first = name.split("/")[0]
        t.true(first in top or first.startswith("."), f"{name}: the top level is fixed")
        t.true(not name.startswith("build/") and "node_modules" not in name, name)
        t.true(Path(name).suffix not in (".epub", ".o", ".so", ".a", ".pyc"), name)
