"""What must stay true of the source itself."""

import re
import shutil
import subprocess
from pathlib import Path

import harness

SRC = harness.ROOT / "src"

# What each folder of src may use, its own files aside. Every folder stands above those that it names,
# so there is no circle between folders. The command line uses chapbook.h alone, and the table of options.
PAGE = {"base", "lang", "article", "extract/page"}
MAY_USE = {
    "base": set(),
    "lang": {"base"},
    "article": {"base", "lang"},
    "sanitise": {"base", "lang", "article"},
    "extract/page": {"base", "lang", "article"},
    "extract/authors": PAGE,
    "extract/figures": PAGE | {"extract/authors"},
    "extract/structure": PAGE | {"extract/figures"},
    "extract/metadata": PAGE | {"extract/authors"},
    "extract/clean": PAGE | {"extract/authors", "extract/figures"},
    "extract": PAGE | {"sanitise", "extract/authors", "extract/figures", "extract/structure",
                       "extract/metadata", "extract/clean"},
    "read/charset": {"base", "lang"},
    "read/sniff": {"base"},
    "read/text": {"base", "lang", "article"},
    # Both the reader of pages and the finder of articles need the tree of a page and its headings.
    "read/html": {"base", "lang", "article", "extract/page", "extract/structure", "extract",
                  "read/charset", "read/text"},
    "read/markdown": {"base", "lang", "article", "sanitise", "read/text", "read/html"},
    "read/metadata": {"base", "lang", "article", "read/markdown"},
    "read": {"base", "lang", "article", "sanitise", "extract", "read/charset", "read/sniff", "read/text",
             "read/html", "read/markdown", "read/metadata"},
    "media/identify": {"base"},
    "media/metadata": {"base", "lang", "media/identify"},
    "media/fit": {"base", "media/identify"},
    # A drawing (SVG) is a picture and foreign content at once.
    "media": {"base", "lang", "article", "sanitise", "media/identify", "media/metadata", "media/fit"},
    "fetch": {"base"},
    "template": {"base"},
    "package": {"base"},
    "book": {"base", "lang", "article", "media", "media/identify", "media/metadata"},
    # A cover is drawn of what a book says, before the book is finished.
    "cover": {"base", "article", "book", "template", "media", "media/identify", "media/metadata", "media/fit"},
    "epub": {"base", "article", "book", "template", "package"},
    # Language tags (BCP 47), attributes of SVG, properties of CSS, types of pictures: one table each.
    "check": {"base", "lang", "article", "package", "media/identify"},
    "info": {"base", "package"},
    "source": {"base", "lang", "article", "package"},
    "job": {"base", "article", "extract/metadata", "read", "read/metadata", "media", "media/fit", "cover",
            "fetch", "template", "book", "epub", "package", "check", "info", "source"},
    # What is known of an article from run to run comes from chapbook.h's functions of jobs.
    "batch": {"base"},
    "cli": set(),
}


# Files that use each other. One file of each circle, and why the circle is there.
CIRCLES = {
    "cli/cli": "the table of commands names the commands, and their messages and hints ask the table",
    "source/formats": "an archive in the table of formats has entries of any of these",
    "job/style_rewrite": "a style sheet may import another one",
}


def without_comments(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                  lambda m: m[0] if m[0].startswith('"') else re.sub(r"[^\n]", " ", m[0]), text,
                  flags=re.S)


def sources(pattern="*.[ch]"):
    return sorted(SRC.rglob(pattern))


def objects():
    """{path below src without suffix: (names it defines, names it uses)} of all compiled files."""
    result = {}
    for path in sources("*.c"):
        name = str(path.relative_to(SRC).with_suffix(""))
        out = subprocess.run(["nm", harness.BUILD / "src" / (name + ".o")], capture_output=True, text=True,
                             check=True).stdout
        symbols = [line.split() for line in out.splitlines()]
        result[name] = ({s[2] for s in symbols if len(s) == 3 and s[1] in "TDBRVC"},
                        {s[1] for s in symbols if len(s) == 2 and s[0] == "U"})
    return result


def uses():
    """{(file, file that it uses): names}, as the linker sees it."""
    files = objects()
    home = {symbol: name for name, (defines, _) in files.items() for symbol in defines}
    arrows = {}
    for name, (_, wanted) in files.items():
        for symbol in wanted:
            if home.get(symbol, name) != name:
                arrows.setdefault((name, home[symbol]), set()).add(symbol)
    return arrows


def folder_of(name):
    return name.rpartition("/")[0]


def test_what_folders_use(t):
    """The linked objects use what stands below their folder, and so do the includes."""
    wrong = []
    for (name, other), symbols in uses().items():
        room, below = folder_of(name), folder_of(other)
        if room in ("", "cli"):  # main.c belongs to the command line
            inner = {s for s in symbols if not s.startswith("chapbook_")}
            wrong += [f"{name} uses {s} of {other}" for s in inner if below not in ("", "cli")]
        elif below != room and below not in MAY_USE[room]:
            wrong += [f"{name} uses {s} of {other}" for s in symbols]
    for path in sources():
        name = str(path.relative_to(SRC))
        for line in re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(), re.M):
            room, below = folder_of(name), folder_of(line)
            t.true((SRC / line).exists(), f"{name} includes {line}: write the path below src/")
            allowed = {room, "cli", "chapbook.h"} if room in ("", "cli") else MAY_USE[room] | {room}
            if line not in ("chapbook.h", "job/option_table.h") and below not in allowed:
                wrong.append(f"{name} includes {line}")
    t.equal(wrong, [], "uses that are not allowed")
    for room, below in MAY_USE.items():
        above = {r for r, b in MAY_USE.items() if room in b}
        t.true(not above & below, f"{room} stands above and below {above & below}")


def circles(arrows):
    """Groups of names that reach each other along arrows."""
    reach = {}
    for start in arrows:
        seen, todo = set(), [start]
        while todo:
            for other in arrows.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        reach[start] = seen
    return sorted({tuple(sorted(b for b in reach[a] if a in reach.get(b, ()))) for a in reach if a in reach[a]})


def test_circles(t):
    """No circle between folders; circles between files are few, and each has a reason."""
    folders, files = {}, {}
    for name, other in uses():
        files.setdefault(name, set()).add(other)
        if folder_of(name) != folder_of(other):
            folders.setdefault(folder_of(name), set()).add(folder_of(other))
    t.equal(circles(folders), [], "circles between folders")
    found = circles(files)
    for circle in found:
        t.equal(len({folder_of(name) for name in circle}), 1, f"folders of {circle}")
        known = [first for first in CIRCLES if first in circle]
        t.equal(len(known), 1, f"{circle}: a circle with no reason in CIRCLES")
    t.equal(len(found), len(CIRCLES), f"circles named in CIRCLES, against {found}")
    t.true(len(found) <= 4, "more than four circles")


# Words that stood for terms of the field, or that make riddles of sentences; and structs named by a gerund.
OLD_WORDS = re.compile(
    r"\b(nobody|whoever|none's|is told|are told|goes|stays|\w*settle\w*|tidy\w*|tamer?|furniture|hero|spots?|"
    r"\w*_looks?|look_\w+|opening_\w+|\w+_opening|asker\w*|commons|rework\w*)\b|\b(MOST|LEAST)_|"
    r"struct \w*(?<!sett)(?<!find)(?<!draw)(?<!end)ing \{", re.I)


def test_plain_words(t):
    """Comments, messages and names of src use the terms of the field."""
    wrong = [f"{path.relative_to(SRC)}:{n}: {line.strip()}" for path in sources()
             for n, line in enumerate(path.read_text().split("\n"), 1) if OLD_WORDS.search(line)]
    t.equal(wrong, [], "words to replace")


FUNCTION = re.compile(r"^(?!\s)(?:[\w*]+[\s*]+)+?\**(\w+)\(([^;{}]*?)\)\n\{\n(.*?)^\}", re.M | re.S)
# Callbacks: a library gives their type.
LIBRARY_TYPES = {"on_start", "on_feed_start"}


def functions():
    """(file, name, parameters, lines of the body) of each function of src."""
    for path in sources("*.c"):
        for m in FUNCTION.finditer(path.read_text()):
            inner = re.sub(r"\([^()]*\)", "", m[2])
            yield path, m[1], [one for one in inner.split(",") if one.strip() not in ("", "void")], m[3].count("\n")


def test_functions(t):
    """Functions and files are short, take few parameters, and have names of their own."""
    homes, long = {}, []
    for path in sources("*.c"):  # also what the expression does not find; the compiler adds suffixes
        name = path.relative_to(SRC).with_suffix(".o")
        out = t.run(["nm", "--defined-only", harness.BUILD / "src" / name]).out.decode()
        for symbol in re.findall(r" [Tt] ([A-Za-z_]\w*)(?:\.\S+)?$", out, re.M):
            homes.setdefault(symbol, set()).add(path)
    for path, name, parameters, lines in functions():
        where = f"{path.relative_to(SRC)}: {name}()"
        homes.setdefault(name, set()).add(path)
        t.true(lines <= 80, f"{where} has {lines} lines")
        if lines > 60:
            long.append(where)
        t.true(len(parameters) <= 6 or name in LIBRARY_TYPES, f"{where} has {len(parameters)} parameters")
    t.true(len(homes) > 2500, "functions were found")
    t.true(len(long) <= 10, f"more than 60 lines: {long}")
    shared = {name: paths for name, paths in homes.items() if len(paths) > 1}
    for name, paths in shared.items():
        folders = [path.parent for path in paths]
        t.equal(len(set(folders)), len(folders), f"{name}() in two files of a folder: {paths}")
    t.true(len(shared) <= 60, f"{len(shared)} names in two files: {sorted(shared)}")
    for path in sources():
        t.true(path.read_text().count("\n") <= 600, f"{path} has more than 600 lines")


def test_format(t):
    """`make format` would change nothing. Other versions of clang-format than Debian 12's differ."""
    tool = shutil.which("clang-format")
    if not tool or b" version 14." not in t.run([tool, "--version"]).out:
        raise harness.NotMeant()
    files = [path for folder in ("src", "tests") for path in sorted((harness.ROOT / folder).rglob("*.[ch]"))
             if not {"seeds", "crashes"} & set(path.parts) and not path.name.endswith("_table.h")]
    result = t.run([tool, "--dry-run", "-Werror", *files], cpu=60)
    t.equal((result.status, result.err.decode()[:2000]), (0, ""), "clang-format")


def test_headers_stand_alone(t):
    """Every header compiles by itself, and has a guard unless it is a table."""
    flags = [flag for flag in harness.library_flags() if flag.startswith("-I")]
    for path in sources("*.h"):
        text = path.read_text()
        if path.name.endswith("_table.h"):
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
    # On purpose: tables that are read once, under pthread_once();
    # a mark whose address alone counts; what cmark-gfm makes necessary, whose allocator takes no argument
    # and whose registry is one for the process: its functions, the state of the run in this thread, the
    # registry's copy under a lock; in the child process of chapbook_run(), the way to its parent.
    allowed = {
        "base/file": {"broker"},
        "base/memory_limit": {"current", "last.0"},
        "base/transliterate": {"icu_calls", "icu_loaded"},
        "book/labels": {"table", "table_count", "table_text"},
        "cover/drawing": {"rsvg", "rsvg_loaded"},
        "cover/jpeg": {"turbo", "turbo_loaded"},
        "cover/pango": {"pango_calls", "pango_loaded"},
        "cover/text": {"font_key", "font_key_made"},
        "extract/figures/names": {"words", "words_entries"},
        "extract/metadata/claims": {"entries", "entry_count", "heads"},
        "extract/page/names": {"heads", "pattern_count", "patterns"},
        "extract/page/phrases": {"page_entries", "page_phrases"},
        "fetch/curl": {"curl_calls", "curl_loaded"},
        "fetch/site": {"psl_calls", "psl_list"},
        "job/broker": {"child"},
        "lang/credit_words": {"words", "words_entries"},
        "lang/date": {"months", "months_entries"},
        "lang/detect": {"lexicons", "textcat"},
        "lang/filler": {"filler_entries", "fillers"},
        "lang/name": {"words", "words_entries"},
        "lang/phrases": {"phrases", "phrases_entries"},
        "media/fit/pixbuf": {"pixbuf_calls", "pixbuf_loaded"},
        "media/fit/vips": {"vips_calls", "vips_loaded"},
        "source/gmime": {"gmime_calls", "gmime_found"},
        "read/markdown/parser": {"current", "mem", "registry", "registry_used"},
    }
    once = re.compile(r".*\bonce(\.\d+)?|.*_once(\.\d+)?|.*_lock(\.\d+)?")
    wrong, seen = [], set()
    for path in sources("*.c"):
        name = str(path.relative_to(SRC).with_suffix(""))
        if name == "main" or name.startswith("cli/"):
            continue
        out = t.run(["objdump", "-t", harness.BUILD / "src" / (name + ".o")]).out.decode()
        for line in out.splitlines():
            m = re.match(r"[0-9a-f]+ .{7} (\.data|\.bss|\.tbss|\.tdata|\*COM\*)(\.\S+)?\s+([0-9a-f]+)\s+(\S+)$",
                         line)
            if not m or (m[2] or "").startswith(".rel.ro") or not int(m[3], 16) or once.fullmatch(m[4]):
                continue
            seen.add((name, m[4]))
            if m[4] not in allowed.get(name, ()):
                wrong.append(f"{name}: {m[4]}")
    t.equal(wrong, [], "global variables that can change")
    t.equal({(name, one) for name, all in allowed.items() for one in all} - seen, set(), "allowed in vain")


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
    declared = set(re.findall(r"\b(chapbook_\w+)\s*\(", header)) - {"chapbook_message_fn", "chapbook_progress_fn", "chapbook_item_fn"}
    t.equal(sorted(exported), sorted(declared), "exported symbols against chapbook.h")


def test_built_ins_are_the_files(t):
    """What is built in is what lies in templates/ and assets/, byte for byte."""
    files = sorted([*(p for p in harness.ROOT.glob("templates/*") if p.suffix != ".md"), *harness.ROOT.glob("assets/*.css"),
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
            ("page/name_table.h", "NAME_KIND", "NAMED(%s)",
             [row[0] for row in rows("page_names.tsv")]),
            ("page/phrase_table.h", "PAGE_PHRASE", "SAYS(%s)",
             [row[0] for row in rows("page_phrases.tsv")]),
            ("metadata/claim_table.h", "CLAIM_FIELD", "CLAIM_%s",
             [row[0] for row in rows("page_sources.tsv")]),
            ("metadata/claim_table.h", "CLAIM_SOURCE", "FROM_%s",
             [row[1] for row in rows("page_sources.tsv")])):
        kinds = re.findall(rf'^{macro}\((\w+), "([^"]+)"\)', (SRC / "extract" / table).read_text(),
                           re.M)
        t.equal(sorted(set(cells)), sorted(name for _, name in kinds), f"{macro} and its rows")
        unused = [kind for kind, _ in kinds if users % kind not in code]
        t.equal(unused, [], f"{macro} that no code asks for")


def test_read_me_files(t):
    """Each folder, table and template has its line in the README beside it."""
    for folder, names in (("src", [p.name + "/" for p in SRC.iterdir() if p.is_dir()]),
                          ("tests", [p.name + "/" for p in harness.TESTS.iterdir() if p.is_dir()]),
                          ("assets", [p.name for p in (harness.ROOT / "assets").iterdir() if p.is_file()]),
                          ("templates", [p.name for p in (harness.ROOT / "templates").iterdir()])):
        text = (harness.ROOT / folder / "README.md").read_text()
        missing = [name for name in names if f"`{name}`" not in text
                   and name != "README.md" and not name.startswith("__")]
        t.equal(missing, [], f"not in {folder}/README.md")
        known = re.findall(r"^\| (`[^|]+`) \|", text, re.M)
        gone = [one for cell in known for one in re.findall(r"`([^`]+)`", cell)
                if not (harness.ROOT / folder / one.rstrip("/")).exists()]
        t.equal(gone, [], f"in {folder}/README.md but not there")


def test_manual_of_the_library(t):
    """chapbook(3) has every declaration of chapbook.h; its example compiles and makes a book."""
    page = (harness.BUILD / "chapbook.3").read_text()
    header = without_comments((SRC / "chapbook.h").read_text())
    names = set(re.findall(r"\b(chapbook_\w+)\s*\(", header)) | set(re.findall(r"(?:struct|enum) (chapbook_\w+)",
                                                                           header))
    t.true(len(names) > 50, "names in chapbook.h")
    t.equal(sorted(name for name in names if name not in page), [], "not in chapbook(3)")
    tool = shutil.which("mandoc")
    if tool:
        told = t.run([tool, "-T", "lint", "-W", "warning", harness.BUILD / "chapbook.3"]).out.decode()
        t.equal([line for line in told.splitlines() if "mandoc.db" not in line
                 and "referenced manual not found" not in line], [], "mandoc -T lint")
    flags = ["-fsanitize=address,undefined"] if harness.SANITIZED else []
    build = t.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", *flags, f"-I{SRC}",
                   harness.ROOT / "assets" / "example.c", harness.BUILD / "libchapbook.a",
                   *harness.library_flags(), "-o", "example"])
    t.equal(build.status, 0, str(build))
    t.file("article.md", "# The Ferry\n\nIt crosses the lake twice a day.\n")
    result = t.run([t.dir / "example", "article.md", "book.epub"])
    t.equal((result.status, result.err), (0, b""), "example")
    t.keep(t.dir / "book.epub")


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
