"""`make install`, and what it installed at work: the program, the library with pkg-config, the
program of the README."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import epub
import harness

SERIAL = True
HERE = Path(__file__).resolve().parent


def install(t, **variables):
    env = {"MAKEFLAGS": None, "MAKELEVEL": None, "B": str(harness.BUILD)}
    result = t.run(["make", "-s", "install", *(f"{k}={v}" for k, v in variables.items())],
                   cwd=harness.ROOT, env=env, cpu=600)
    t.equal(result.status, 0, str(result))
    return result.out.decode()


def test_staged(t):
    """DESTDIR is where things are put, PREFIX what they say of themselves."""
    install(t, DESTDIR=t.dir / "stage", PREFIX="/usr")
    usr = t.dir / "stage" / "usr"
    found = sorted(str(p.relative_to(usr)) for p in usr.rglob("*") if not p.is_dir())
    for name in ("bin/chapbook", "lib/libchapbook.a", "lib/libchapbook.so", "lib/libchapbook.so.0",
                 "include/chapbook.h", "lib/pkgconfig/chapbook.pc", "share/man/man1/chapbook.1", "share/man/man3/chapbook.3",
                 "share/bash-completion/completions/chapbook",
                 "share/zsh/site-functions/_chapbook",
                 "share/fish/vendor_completions.d/chapbook.fish"):
        t.true(name in found, f"{name} is not among {found}")
    t.true([p.name for p in (t.dir / "stage").iterdir()] == ["usr"], "nothing beside usr")
    pc = (usr / "lib/pkgconfig/chapbook.pc").read_text()
    t.true(str(t.dir) not in pc and "@" not in pc and "/usr" in pc, pc)
    shutil.copy(harness.ROOT / "assets/sample/article.txt", t.dir)
    # Elsewhere, with no source tree near: everything it needs is built in.
    result = t.run([usr / "bin/chapbook", "-o", "book.epub", "article.txt"])
    t.equal(result.status, 0, str(result))
    t.equal(t.run([usr / "bin/chapbook", "check", "book.epub"]).status, 0, "check")
    t.true(epub.Epub(t.dir / "book.epub").dc("title"), "the book has a title")
    t.keep(t.dir / "book.epub")


def test_library(t):
    """A program of somebody else's: with pkg-config, with the archive, in C and C++."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    prefix = t.dir / "usr"
    install(t, PREFIX=prefix)
    env = {"PKG_CONFIG_PATH": f"{prefix}/lib/pkgconfig", "LD_LIBRARY_PATH": f"{prefix}/lib"}
    pkg_env = {**os.environ, **env}

    def flags(*args):
        return subprocess.run(["pkg-config", *args, "chapbook"], env=pkg_env, check=True,
                              capture_output=True, text=True).stdout.split()
    cc = os.environ.get("CC", "cc")
    shared = t.run([cc, "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", HERE / "example.c",
                    *flags("--cflags"), *flags("--libs"), "-o", "shared"])
    t.equal(shared.status, 0, str(shared))
    t.true(b"libchapbook.so.0" in t.run(["ldd", "shared"], env=env).out, "linked to the soname")
    result = t.run([t.dir / "shared", "one.epub"], env=env)
    t.equal(result.status, 0, str(result))
    # pkg-config --static would want every library's own libraries as archives, too.
    static = t.run([cc, "-std=c99", HERE / "example.c", *flags("--cflags"), f"{prefix}/lib/libchapbook.a",
                    *harness.library_flags(), "-o", "static"])
    t.equal(static.status, 0, str(static))
    result = t.run([t.dir / "static", "two.epub"])
    t.equal(result.status, 0, str(result))
    t.equal((t.dir / "one.epub").read_bytes() == (t.dir / "two.epub").read_bytes(), True,
            "the same bytes from both libraries")
    t.keep(t.dir / "one.epub")
    if shutil.which("g++"):
        t.file("header.cc", "#include <chapbook.h>\nint main() { return !chapbook_version(); }\n")
        cxx = t.run(["g++", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "header.cc",
                     *flags("--cflags"), *flags("--libs"), "-o", "cxx"])
        t.equal(cxx.status, 0, str(cxx))


def test_loader(t):
    """A library outside the loader's path: `make install` prints what to set; with DESTDIR nothing."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    said = install(t, PREFIX=t.dir / "usr")
    for words in (f"LD_LIBRARY_PATH={t.dir}/usr/lib", f"echo {t.dir}/usr/lib >", "ldconfig"):
        t.true(words in said, f"{words!r} is not in {said!r}")
    t.equal(install(t, DESTDIR=t.dir / "stage", PREFIX="/usr"), "", "with DESTDIR")


def test_readme_program(t):
    """The README's program, compiled and run as the README and `make install` say."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    said = install(t, PREFIX=t.dir / "usr")
    library_path = re.search(r"LD_LIBRARY_PATH=(\S+)", said)[1]
    readme = (harness.ROOT / "README.md").read_text()
    code = re.search(r"```c\n(.*?#include <chapbook\.h>.*?)```", readme, re.S)[1]
    command = re.search(r"`(cc \S+\.c \$\(pkg-config [^`]*)`", readme)[1]
    if "main(" not in code:
        head, body = re.match(r"((?:#include[^\n]*\n)+)(.*)", code, re.S).groups()
        code = f"#include <stdio.h>\n{head}\nint main(void)\n{{\n{body}\treturn err.message[0] != 0;\n}}\n"
    t.file(re.search(r"\S+\.c\b", command)[0], code)
    t.file("article.txt", "The Title of It\n\nA paragraph of an article, with some words in it.\n")
    env = {"PKG_CONFIG_PATH": f"{t.dir}/usr/lib/pkgconfig", "LD_LIBRARY_PATH": library_path}
    result = t.run(["sh", "-c", command], env=env)
    t.equal((result.status, result.err), (0, b""), f"{code}\n{result}")
    result = t.run(["./a.out"], env=env)
    t.equal((result.status, result.err), (0, b""), str(result))
    book = epub.Epub(t.dir / "book.epub")
    t.equal((book.dc("title"), book.dc("creator")), (["The Title of It"], ["Ann Brown"]), "the book")


def test_jobs_in_threads(t):
    """Many jobs at once in one process, each its own book, all the right bytes."""
    sanitize = ["-fsanitize=address,undefined"] if harness.SANITIZED else []
    build = t.run([os.environ.get("CC", "cc"), "-std=c11", "-O1", "-Wall", "-Wextra", *sanitize,
                   f"-I{harness.ROOT}/src", HERE / "threads.c", harness.BUILD / "libchapbook.a",
                   *harness.library_flags(), "-o", "threads"])
    t.equal(build.status, 0, str(build))
    result = t.run([*harness.WRAP, t.dir / "threads"], cpu=300)
    t.equal(result.status, 0, f"{result.out.decode()}\n{result}")
