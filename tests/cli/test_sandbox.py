"""The process in the sandbox: what it can open and write, and what its end costs."""

import fcntl
import os
import select
import subprocess

import epub
import harness
import web

PROBE = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

/* Code inside the process that parses: it runs where libxml2 makes a tree or parses one. */
static void probe(void)
{
	static int done;
	char *list = getenv("PROBE");
	if (done++ || !list)
		return;
	list = strdup(list);
	for (char *path = strtok(list, ":"); path; path = strtok(NULL, ":")) {
		char name[4096], beside[4096], byte;
		int r = open(path, O_RDONLY), w = open(path, O_WRONLY);
		snprintf(name, sizeof name, "%s.new", path);
		int c = open(name, O_WRONLY | O_CREAT, 0600);
		snprintf(beside, sizeof beside, "%s.moved", path);
		int m = rename(path, beside), u = unlink(path);
		dprintf(2, "probe %s%s%s%s%s%s\n", path, r >= 0 && read(r, &byte, 1) >= 0 ? " READ" : "",
			w >= 0 ? " WRITE" : "", c >= 0 ? " MAKE" : "", m == 0 ? " RENAME" : "",
			u == 0 ? " REMOVE" : "");
	}
}

#define HOOK(name) \
	void *name(void *a, void *b, void *c, void *d, void *e, void *f) \
	{ \
		void *(*real)(void *, void *, void *, void *, void *, void *) = dlsym(RTLD_NEXT, #name); \
		probe(); \
		return real(a, b, c, d, e, f); \
	}
HOOK(xmlNewDoc)
HOOK(xmlCreatePushParserCtxt)
HOOK(xmlSAXUserParseMemory)
HOOK(xmlCreateMemoryParserCtxt)
'''

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A Lake</title></head><body><article><h1>A Lake</h1>
<p>The lake is round, and no person has ever found its bottom, though many of them have tried.</p>
<p>A second paragraph has some more words, so that this page can be taken for an article.</p>
</article></body></html>"""


def plain_only():
    if harness.WRAP or harness.SANITIZED:
        raise harness.NotMeant()


def build(t, name, source):
    library = t.dir / f"{name}.so"
    code = t.file(f"{name}.c", source)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, code, "-ldl"], check=True)
    return str(library)


def probe(t, paths, *args, cwd=None, env=None):
    """What code in the parser can do with the paths: {path: {"READ", …}}."""
    library = build(t, "probe", PROBE)
    result = t.chapbook(*args, cwd=cwd, env={"LD_PRELOAD": library, "PROBE": ":".join(map(str, paths)), **(env or {})})
    t.equal(result.status, 0, str(result))
    found = {}
    for line in result.err.decode().splitlines():
        if line.startswith("probe "):
            path, *can = line[6:].split(" ")
            found[path] = set(can)
    t.equal(sorted(found), sorted(map(str, paths)), f"the probe ran\n{result}")
    return found


def test_parser_cannot_write_home(t):
    """Page, book and shell's start file in one folder, the home folder."""
    plain_only()
    home = t.dir / "home"
    for name, text in (("page.html", PAGE), ("page.md", "# A lake\n\nWords of it.\n"),
                       ("page.txt", "A Lake\n\nSome words of it.\n")):
        for args in (["-o", "book.epub"], ["-o", "./"], [], ["--to-dir", "tree"], ["extract", "-d", "."],
                     ["-o", "-"]):
            t.run(["rm", "-rf", home])
            t.file("home/.bashrc", "# mine\n")
            t.file("home/.ssh/id", "secret")
            t.file("home/other.epub", "not a book")
            t.file(f"home/{name}" if args[:1] != ["extract"] else f"home/in/{name}", text)
            source = name if args[:1] != ["extract"] else f"in/{name}"
            paths = [home / ".bashrc", home / ".profile", home / "other.epub", home / ".ssh/id", t.dir / "x"]
            if args[:1] == ["extract"] and not name.endswith("html"):
                continue
            found = probe(t, paths, *args, source, cwd=home, env={"HOME": str(home)})
            for path, can in found.items():
                t.equal(can - {"READ"}, set(), f"{args} {name}: {path}")
            t.equal((home / ".bashrc").read_text(), "# mine\n", "the file")
            t.equal(sorted(p.name for p in home.iterdir() if p.name.startswith(".") and
                           p.name != ".chapbook.jsonl"), [".bashrc", ".ssh"],
                    f"hidden files after {args}")


def test_parser_reads_what_it_must(t):
    """Files that options name, not their folders. Inputs and the files beside them are opened by the
    parent."""
    plain_only()
    t.file("in/page.html", PAGE)
    t.file("in/picture.png", "x")
    for name in ("style/style.css", "style/other.css", "above.txt", "out/other.txt", "photos/a.png",
                 "photos/b.png", "data/m.yaml", "data/n.yaml"):
        t.file(name, "p { margin: 0 }" if name.endswith("css") else "title: A\n")
    readable = {"style/style.css", "data/m.yaml"}
    names = readable | {"in/page.html", "in/picture.png", "style/other.css", "above.txt", "out/other.txt", "photos/b.png", "data/n.yaml",
                        "/etc/passwd", "/etc/shadow", "/proc/self/environ", "/etc/hosts", "/root/.bashrc"}
    found = probe(t, sorted(names), "--css", "style/style.css", "--metadata-file", "data/m.yaml", "-o", "out/book.epub",
                  "in/page.html")
    for path, can in found.items():
        t.equal(can, {"READ"} if path in readable else set(), path)


def test_books_are_parsed_in_it(t):
    plain_only()
    t.file("a.txt", "A Title\n\nAnd some words of a text.\n")
    t.file("secret", "x")
    (t.dir / "books").mkdir()
    t.ok("-o", "books/a.epub", "a.txt")
    for command in ("info", "check"):
        found = probe(t, ["books/a.epub", "secret"], command, "books/a.epub")
        t.equal(found, {"books/a.epub": set(), "secret": set()}, command)


def test_hidden_files_of_home_are_not_read(t):
    """An article in the home folder may name the files there, but for hidden ones."""
    plain_only()
    for name in ("home/.keys/a.png", "home/pictures/b.png", "home/notes/.attachments/c.png", "home/.notes/d/e.png"):
        t.file(name, web.PNG)
    env = {"HOME": str(t.dir / "home")}
    for folder, picture, there in ((".", ".keys/a.png", False), (".", "pictures/b.png", True), (".notes", "d/e.png", True),
                                   ("notes", ".attachments/c.png", True), (".", "pictures/../.keys/a.png", False)):
        t.file(f"home/{folder}/a.md", f"# Title\n\nWords.\n\n![A view]({picture})\n")
        result = t.ok("-o", "b.epub", f"home/{folder}/a.md", env=env)
        t.equal(b"[image-missing]" not in result.err, there, f"{picture}\n{result}")


def test_names_that_are_not_books_are_kept(t):
    """A book by its title, or by its article's name, does not replace what is no EPUB file."""
    plain_only()
    t.file("a.txt", "A Title\n\nAnd some words of a text.\n")
    t.file("out/a-title.epub", "mine")
    result = t.chapbook("-o", "out/", "a.txt")
    t.equal((t.dir / "out/a-title.epub").read_text(), "mine", str(result))
    t.true((t.dir / "out/a-title-2.epub").exists(), str(result))
    t.ok("--force", "-o", "out/a-title.epub", "a.txt")
    t.equal((t.dir / "out/a-title.epub").read_bytes()[:2], b"PK", "a file that was named is replaced")


CRASH = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* A fault of a library, where the text has a word. */
ssize_t read(int fd, void *bytes, size_t size)
{
	ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
	ssize_t n = real(fd, bytes, size);
	if (n > 0 && memmem(bytes, n, "CRASH-ABORT", 11))
		abort();
	if (n > 0 && memmem(bytes, n, "CRASH-SEGV", 10))
		raise(SIGSEGV);
	if (n > 0 && memmem(bytes, n, "CRASH-KILL", 10))
		raise(SIGKILL);
	return n;
}
void *dlopen(const char *name, int flags)
{
	void *(*real)(const char *, int) = dlsym(RTLD_NEXT, "dlopen");
	if (getenv("CRASH_COVER") && name && strstr(name, "pango"))
		abort();
	return real(name, flags);
}
'''


def test_crash_costs_one_book(t):
    plain_only()
    library = build(t, "crash", CRASH)
    names = []
    for n in range(20):
        word = {3: "CRASH-ABORT", 11: "CRASH-SEGV", 17: "CRASH-KILL"}.get(n, "plain")
        names.append(t.file(f"{n}.md", f"# Title {n}\n\nWords and <b>{word}</b> words.\n").name)
    for threads in ("1", "4"):
        result = t.chapbook("-j", threads, "-o", f"out{threads}/", *names, env={"LD_PRELOAD": library}, may_crash=True)
        t.equal(result.status, 1, str(result))
        made = sorted(int(p.stem.removeprefix("title-")) for p in (t.dir / f"out{threads}").glob("[!.]*"))
        t.equal(made, [n for n in range(20) if n not in (3, 11, 17)], f"books\n{result}")
        t.equal(result.out.count(b".epub\n"), 17, f"names on standard output\n{result}")
        t.equal(result.err.count(b"ended by signal"), 3, str(result))
        for n in (3, 11, 17):
            t.true(f"chapbook: {n}.md: ".encode() in result.err, str(result))
    one = t.chapbook("-o", "one.epub", "3.md", env={"LD_PRELOAD": library}, may_crash=True)
    t.equal((one.status, (t.dir / "one.epub").exists()), (1, False), str(one))


def test_crash_in_the_cover_costs_the_cover(t):
    plain_only()
    library = build(t, "crash", CRASH)
    t.file("a.txt", "A Title\n\nAnd some words of a text.\n")
    t.file("b.txt", "B Title\n\nAnd some words of a text.\n")
    for args in (["-o", "out/book.epub", "a.txt"], ["-o", "out/", "a.txt", "b.txt"], ["-o", "out/", "a.txt"]):
        t.run(["rm", "-rf", t.dir / "out"])
        (t.dir / "out").mkdir()
        result = t.chapbook("--cover", "auto", *args, env={"LD_PRELOAD": library, "CRASH_COVER": "1"}, may_crash=True)
        t.equal(result.status, 0, str(result))
        books = list((t.dir / "out").glob("[!.]*"))
        t.equal(len(books), sum(a.endswith(".txt") for a in args), "books")
        for book in books:
            items = epub.Epub(book).items.values()
            t.true(not any("cover-image" in (i.get("properties") or "") for i in items), "no cover")
        t.equal(result.err.count(b"[cover-none]"), len(books), str(result))


def test_end_of_the_caller_ends_the_work(t):
    """No process is left when the program is killed: its book waits in a pipe that is too small."""
    plain_only()
    t.file("a.txt", "A Title\n\n" + "".join(f"{n * 7919 % 100003} words and more. " for n in range(20000)))
    out, into = os.pipe()
    fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen([harness.CHAPBOOK, "--cover", "none", "-o", "-", "a.txt"], cwd=t.dir, stdout=into,
                               env=harness.base_env(), stderr=subprocess.DEVNULL)
    os.close(into)
    select.select([out], [], [], harness.HANG)
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as f:
        child = f.read().split()
    t.equal(len(child), 1, "child processes")
    fd = os.pidfd_open(int(child[0]))
    process.kill()
    process.wait()
    t.true(select.select([fd], [], [], harness.HANG)[0], "the child has ended")
    os.close(fd)
    os.close(out)
