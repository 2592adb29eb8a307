"""Whatever fails while a book is made: the old file or the new one is there, whole; nothing else
is left behind; an error is reported; the exit status shows it."""

import contextlib
import errno
import fcntl
import io
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent


def old_book():
    """As much of an EPUB as is needed to be replaced by another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("mimetype", "application/epub+zip")
        z.writestr("text", "the book that was here before")
    return out.getvalue()


OLD = old_book()
TEXT = """The Lamp at Harbour End

By Mara Ellison

The lamp was lit at four, as it had been every afternoon since the first of October, and the
keeper climbed down again with the can in her hand.

Nobody saw her go. The street was empty, the boats were in, and the rain had begun.

Mara Ellison is a keeper of lamps.
"""
MARKDOWN = """---
title: Two Rivers
author: {name: Ida Norén, bio: Ida Norén walks.}
---

# The upper river

It begins in a bog[^1] and is <span>brown</span> for its *first* ten miles.

![A bog](bog.png "The bog in June (Photo: Ida Norén)")

[^1]: A wet place.

# The lower river

| mile | colour |
|------|--------|
| 11   | brown  |
"""
HTML = """<!DOCTYPE html><html lang="en"><head><title>Three Lakes</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Three Lakes",
 "datePublished": "2021-07-02", "author": {"name": "Ida Norén", "description": "Ida Norén swims."}}
</script></head><body><nav><a href="/">Home</a></nav><article><h1>Three Lakes</h1>
<p>The first lake is round, and nobody has ever found its bottom, though many have tried.</p>
<figure><img src="bog.png" width="600" height="400" alt=""><figcaption>A lake in June
<span class="credit">Photo: Ida Norén</span></figcaption></figure>
<p>The second is long<sup><a href="#n1" id="r1">1</a></sup>, and lies between two hills in the west.</p>
<table><tr><th>lake</th><th>miles</th></tr><tr><td>second</td><td>11</td></tr></table>
<pre><code class="language-c">int lakes = 3;</code></pre>
<p>The third is dry for most of the year, and is a lake only for those who can wait for it.</p>
<ol class="footnotes"><li id="n1">Eleven miles. <a href="#r1">↩</a></li></ol>
</article><aside class="related"><a href="/more">More lakes</a></aside></body></html>
"""
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c"
                    "4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082")

lock = threading.Lock()


def injector():
    """The path of the injector, built once."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    with lock:
        library = harness.BUILD / "test-inject.so"
        source = HERE / "inject.c"
        if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O1", "-Wall", "-shared",
                            "-fPIC", "-o", library, source, "-ldl"], check=True)
    return str(library)


def prepare(t):
    t.file("article.txt", TEXT)
    t.file("article.md", MARKDOWN)
    t.file("article.html", HTML)
    t.file("bog.png", PNG)
    good = {}
    for name in ("article.txt", "article.md", "article.html"):
        t.ok("-o", "good.epub", name)
        good[name] = (t.dir / "good.epub").read_bytes()
    (t.dir / "good.epub").unlink()
    return good


def look(t, result, good, what):
    """What must be true after a run that may have failed."""
    book = t.dir / "book.epub"
    names = sorted(p.name for p in t.dir.iterdir() if p.name != "report")
    expected = ["article.html", "article.md", "article.txt", "bog.png"]
    if book.exists():
        expected = sorted(expected + ["book.epub"])
    t.equal(names, expected, f"{what}: litter\n{result}")
    if result.status == 0:
        t.true(book.exists(), f"{what}: status 0, and no book\n{result}")
        if book.read_bytes() != good:
            # Without the picture, and told so: that is how a picture that cannot be read is taken.
            t.true(b"warning" in result.err and b"bog.png" in result.err,
                   f"{what}: status 0, but the book is not the good one\n{result}")
            t.equal(epub.Epub(book).zip.testzip(), None, "the ZIP file")
    else:
        t.equal(result.status, 1, f"{what}: status\n{result}")
        t.true(result.err.startswith(b"chapbook: "), f"{what}: no message\n{result}")
        t.true(not book.exists() or book.read_bytes() in (OLD, good),
               f"{what}: a torn book ({book.stat().st_size if book.exists() else 0} bytes)\n{result}")


def every_nth(t, call, errors, sources=("article.txt", "article.md", "article.html"), most=None,
              may_succeed=False):
    library = injector()
    good = prepare(t)
    wrong = {}  # by how the program ended: what was wrong
    for source in sources:
        for old in (False, True):
            report = t.dir / "report"
            (t.dir / "book.epub").unlink(missing_ok=True)
            if old:
                t.file("book.epub", OLD)
            t.ok("-o", "book.epub", source, env={"LD_PRELOAD": library, "INJECT": f"{call}:0",
                                                 "INJECT_REPORT": str(report)})
            count = int(report.read_text())
            failed = 0
            for n in range(1, count + 1):
                for number in errors:
                    for plus in ("", "+"):
                        # Every single call once; of the other ways, where there are many, some.
                        if most and n % (count // most + 1) and (old or plus) and not harness.SLOW:
                            continue
                        (t.dir / "book.epub").unlink(missing_ok=True)
                        if old:
                            t.file("book.epub", OLD)
                        result = t.run(
                            [harness.CHAPBOOK, "--cover", "none", "-o", "book.epub", source], cpu=30,
                            env={"LD_PRELOAD": library, "INJECT": f"{call}:{n}{plus}:{number}"})
                        failed += result.status != 0
                        try:
                            look(t, result, good[source], f"{source}, {call} {n}{plus} of {count}, "
                                 f"{errno.errorcode[number]}")
                        except harness.Failure as e:
                            wrong.setdefault((result.status, result.err), []).append(str(e))
            t.true(failed or may_succeed, f"{count} calls of {call} for {source}, none mattered")
    t.true(not wrong, "\n".join(f"{len(told)} times, like: {told[0]}" for told in wrong.values()))


# The longest tests of all: apart, so that they run side by side.
def test_malloc_text(t):
    every_nth(t, "malloc", [errno.ENOMEM], ["article.txt"], most=100)


def test_malloc_markdown(t):
    every_nth(t, "malloc", [errno.ENOMEM], ["article.md"], most=100)


def test_malloc_page(t):
    every_nth(t, "malloc", [errno.ENOMEM], ["article.html"], most=100)


def test_extract(t):
    """The two files of an extraction: each whole or not there, and an error is reported."""
    library = injector()
    t.file("article.html", HTML)
    good = {}
    for call in ("malloc", "write", "open", "link", "fsync", "mkdir"):
        t.ok("extract", "-d", "out", "article.html", env={
            "LD_PRELOAD": library, "INJECT": f"{call}:0", "INJECT_REPORT": str(t.dir / "out/report")})
        count = int((t.dir / "out/report").read_text())
        (t.dir / "out/report").unlink()
        good = good or {p.name: p.read_bytes() for p in (t.dir / "out").glob("[!.]*")}
        shutil.rmtree(t.dir / "out")
        for n in range(1, count + 1):
            if call == "malloc" and n % (count // 200 + 1) and not harness.SLOW:
                continue
            result = t.chapbook("extract", "-q", "-d", "out", "article.html",
                                env={"LD_PRELOAD": library, "INJECT": f"{call}:{n}:{errno.EIO}"})
            got = {p.name: p.read_bytes() for p in (t.dir / "out").glob("[!.]*")}
            what = f"{call} {n} of {count}, files {sorted(got)}\n{result}"
            t.true(all(good.get(name) == data for name, data in got.items()), what)
            t.true(len(got) == 2 or result.status == 1, what)
            t.true(result.status == 0 or result.err.startswith(b"chapbook: "), what)
            shutil.rmtree(t.dir / "out", ignore_errors=True)


def test_read(t):
    every_nth(t, "read", [errno.EIO])


def test_write(t):
    every_nth(t, "write", [errno.ENOSPC, errno.EIO, errno.EDQUOT])


def test_fsync(t):
    every_nth(t, "fsync", [errno.EIO, errno.ENOSPC])


def test_rename(t):
    every_nth(t, "rename", [errno.EACCES, errno.EROFS], may_succeed=True)


def test_link(t):
    every_nth(t, "link", [errno.EPERM, errno.ENOENT], may_succeed=True)


def test_open(t):
    every_nth(t, "open", [errno.EACCES, errno.EMFILE, errno.EOPNOTSUPP], may_succeed=True)


def test_thread(t):
    every_nth(t, "thread", [errno.EAGAIN], may_succeed=True)


def test_no_unnamed_files(t):
    """A file system that knows no O_TMPFILE: every open of one fails."""
    library = injector()
    good = prepare(t)
    t.ok("-o", "book.epub", "article.txt", env={"LD_PRELOAD": library, "INJECT": "open:0",
                                                "INJECT_REPORT": str(t.dir / "report")})
    count = int((t.dir / "report").read_text())
    written = 0
    for n in range(1, count + 1):
        (t.dir / "book.epub").unlink(missing_ok=True)
        result = t.chapbook("-o", "book.epub", "article.txt",
                            env={"LD_PRELOAD": library, "INJECT": f"open:{n}:{errno.EOPNOTSUPP}"})
        look(t, result, good["article.txt"], f"open {n}, EOPNOTSUPP")
        written += result.status == 0
    t.true(written, "with no O_TMPFILE no book was ever written")


def test_short_reads_and_writes(t):
    """Reads and writes that take a part, and interrupted ones, are no error."""
    library = injector()
    good = prepare(t)
    for call in ("read", "write"):
        for source in good:
            result = t.ok("-o", "book.epub", source,
                          env={"LD_PRELOAD": library, "INJECT": f"{call}:short"})
            look(t, result, good[source], f"short {call}")
            piped = t.ok("-o", "-", source, env={"LD_PRELOAD": library, "INJECT": f"{call}:short"})
            t.true(piped.out == good[source], f"short {call} to a pipe")


def test_to_dir(t):
    """--to-dir with a full disk: an error and a message; never success."""
    library = injector()
    t.file("article.md", MARKDOWN)
    t.file("bog.png", PNG)
    for call in ("write", "mkdir", "open"):
        t.ok("--to-dir", "tree", "article.md", env={"LD_PRELOAD": library, "INJECT": f"{call}:0",
                                                    "INJECT_REPORT": str(t.dir / "report")})
        whole = {p.relative_to(t.dir / "tree"): p.read_bytes()
                 for p in (t.dir / "tree").rglob("*") if p.is_file()}
        shutil.rmtree(t.dir / "tree")
        for n in range(1, int((t.dir / "report").read_text()) + 1):
            result = t.chapbook("--to-dir", "tree", "article.md",
                                env={"LD_PRELOAD": library, "INJECT": f"{call}:{n}:{errno.ENOSPC}"})
            if result.status == 0:
                got = {p.relative_to(t.dir / "tree"): p.read_bytes()
                       for p in (t.dir / "tree").rglob("*") if p.is_file()}
                missing = [str(name) for name in whole if got.get(name) != whole[name]]
                # What could not be read (a picture) is reported as a warning.
                t.true(not missing or b"warning" in result.err or b"bog.png" in result.err,
                       f"{call} {n} failed, status 0, and {missing} is not whole\n{result}")
            else:
                t.true(result.err.startswith(b"chapbook: "), str(result))
            shutil.rmtree(t.dir / "tree", ignore_errors=True)


def test_full_disk(t):
    """A real file system of 64 KB, mounted where only the program sees it."""
    namespace = harness.in_new_namespace("mount")
    (t.dir / "disk").mkdir()
    t.file("old", OLD)
    noise = "".join(random.Random(7).choices("abcdefghij klmnopq", k=400000))
    t.file("big.txt", "A Big Title\n\n" + noise)
    script = """mount -t tmpfs -o size=64k tmpfs disk && cp old disk/book.epub || exit 99
        "$@" --cover none big.txt; status=$?
        ls -A disk; cmp old disk/book.epub && echo unchanged
        umount disk; exit $status"""
    for target in (["-o", "disk/book.epub"], ["-o", "disk/new.epub"], ["--to-dir", "disk/tree"]):
        result = t.run([*namespace, "sh", "-c", script, "sh", *harness.WRAP, harness.CHAPBOOK, *target])
        t.equal(result.status, 1, f"status of {target}\n{result}")
        t.true(b"No space left" in result.err, str(result))
        if target[0] == "-o":
            t.equal(result.out, b"book.epub\nunchanged\n", "files on the full disk")


def test_file_size_limit(t):
    t.file("book.epub", OLD)
    noise = "".join(random.Random(7).choices("abcdefghij klmnopq", k=400000))
    t.file("big.txt", "A Big Title\n\n" + noise)
    # With the signal ignored it is an error of write(); without, the signal ends the program.
    script = 'trap "" XFSZ; exec "$0" --cover none -o book.epub big.txt'
    if harness.WRAP:
        raise harness.NotMeant()
    result = t.run(["sh", "-c", script, harness.CHAPBOOK], limits={"fsize": 16384})
    t.equal(result.status, 1, f"status\n{result}")
    t.true(b"too large" in result.err, str(result))
    t.run([harness.CHAPBOOK, "--cover", "none", "-o", "book.epub", "big.txt"], limits={"fsize": 16384})
    t.equal((t.dir / "book.epub").read_bytes(), OLD, "the old book")
    t.equal(sorted(p.name for p in t.dir.iterdir()), ["big.txt", "book.epub"], "files")


def test_targets_that_cannot_be(t):
    t.file("article.txt", TEXT)
    (t.dir / "folder").mkdir()
    t.file("file", "x")
    for target, words in (("file/book.epub", "Not a directory"),
                          ("folder", "folder"), ("x" * 300 + ".epub", "too long")):
        result = t.chapbook("-o", target, "article.txt")
        if target == "folder" and result.status == 0:
            continue  # a folder may be meant as -o DIR/
        t.equal(result.status, 1, f"status for {target}\n{result}")
        t.true(words in result.err.decode(), f"{words!r}\n{result}")
        t.true(target.split("/")[0][:40] in result.err.decode(), f"the message names {target}\n{result}")
    shutil.rmtree(t.dir / "folder")
    t.equal(sorted(p.name for p in t.dir.iterdir()), ["article.txt", "file"], "litter")


def test_read_only_target(t):
    user = []
    if os.geteuid() == 0:  # root may write everything: become somebody else
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    with tempfile.TemporaryDirectory(prefix="chapbook-test-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        env = {"HOME": name, "XDG_CONFIG_HOME": name}  # the clone may be closed to that user
        program = folder / "chapbook"
        shutil.copy(harness.CHAPBOOK, program)
        (folder / "article.txt").write_text(TEXT)
        book = folder / "book.epub"
        book.write_bytes(OLD)
        book.chmod(0o444)
        result = t.run([*user, program, "-o", "book.epub", "article.txt"], cwd=folder, env=env)
        t.equal(result.status, 1, f"a read-only book\n{result}")
        t.equal(book.read_bytes(), OLD, "the old book")
        t.true(b"book.epub" in result.err and b"Permission denied" in result.err, str(result))
        closed = folder / "closed"
        closed.mkdir()
        closed.chmod(0o555)
        result = t.run([*user, program, "-o", "closed/book.epub", "article.txt"], cwd=folder, env=env)
        t.equal(result.status, 1, f"a read-only folder\n{result}")
        t.equal(list(closed.iterdir()), [], "litter")
        t.true(b"Permission denied" in result.err, str(result))
        closed.chmod(0o755)


def test_link_as_target(t):
    """A symbolic link as the target: the book is readable through its name afterwards."""
    t.file("article.txt", TEXT)
    t.file("real.epub", OLD)
    (t.dir / "book.epub").symlink_to("real.epub")
    t.ok("-o", "book.epub", "article.txt")
    t.true((t.dir / "book.epub").read_bytes()[:2] == b"PK", "the book is there")
    t.true((t.dir / "real.epub").read_bytes() in (OLD,) or (t.dir / "real.epub").read_bytes()[:2] == b"PK",
           "the link's target is whole")


def test_special_targets(t):
    t.file("article.txt", TEXT)
    t.ok("-o", "/dev/null", "article.txt")
    t.true(Path("/dev/null").is_char_device(), "/dev/null is still what it was")
    os.mkfifo(t.dir / "pipe")
    reader = subprocess.Popen(["cat", "pipe"], cwd=t.dir, stdout=subprocess.PIPE)
    t.ok("-o", "pipe", "article.txt", cpu=30)
    data = reader.communicate(timeout=harness.HANG)[0]
    t.equal(data[:2], b"PK", "a book through a named pipe")
    t.true((t.dir / "pipe").is_fifo(), "the pipe is still one")


def test_kill(t):
    """100 kills at random moments."""
    if harness.WRAP:
        raise harness.NotMeant()
    source = "\n\n".join(f"# Chapter {n}\n\n" + "Words of a chapter, and some more. " * 200
                         for n in range(60))
    t.file("article.md", source)
    t.ok("-o", "good.epub", "article.md")
    good = (t.dir / "good.epub").read_bytes()
    (t.dir / "good.epub").unlink()
    rng = random.Random(os.environ.get("SEED", "chapbook"))
    book = t.dir / "book.epub"
    killed = litter = 0
    longest = 1.0  # seconds; of a run, from one that ended before it was killed: it follows the load
    for n in range(2000):
        if killed == 100:
            break
        if n % 2:
            book.write_bytes(OLD)
        else:
            book.unlink(missing_ok=True)
        process = subprocess.Popen([harness.CHAPBOOK, "--cover", "none", "-o", "book.epub", "article.md"], cwd=t.dir,
                                   env=harness.base_env(), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        wait = rng.random() * longest
        time.sleep(wait)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed += 1
            longest *= 1.02
        else:
            longest = wait
        if book.exists():
            t.true(book.read_bytes() in (OLD, good), f"kill {n}: a torn book")
        else:
            t.true(n % 2 == 0, f"kill {n}: the old book is gone")
        for path in t.dir.iterdir():
            if path.name not in ("article.md", "book.epub"):
                litter += 1
                path.unlink()
    t.equal(killed, 100, "runs that were killed before their end")
    # A book that replaces another has a name of its own between link and rename, for some
    # microseconds: Linux has no call that replaces a name by an unnamed file.
    t.true(litter <= 5, f"{litter} of {killed} kills left a file behind")


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".chapbook-"))


def test_leftovers(t):
    """What a killed run leaves is removed by the next that writes there; what is in use or another's is not."""
    strace = shutil.which("strace")
    if harness.WRAP or harness.SANITIZED or not strace:
        raise harness.NotMeant()
    t.file("article.txt", TEXT)
    for call in ("rename", "renameat2", "fsync", "openat", "mkdirat", "write"):
        for target in (["-o", "out/book.epub"], ["--to-dir", "out/tree"]):
            for n in range(1, 9 if call in ("openat", "mkdirat", "write") else 3):
                shutil.rmtree(t.dir / "out", ignore_errors=True)
                t.file("out/book.epub", OLD)
                t.run([strace, "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={n * 5 - 4}",
                       harness.CHAPBOOK, "-q", "--cover", "none", *target, "article.txt"])
                shutil.rmtree(t.dir / "out/tree", ignore_errors=True)
                t.ok("-q", *target, "article.txt")
                t.equal(leftovers(t.dir / "out"), [], f"{call} {n} {target}")
    for target in (["-o", "out/book.epub"], ["--to-dir", "out/tree"]):
        shutil.rmtree(t.dir / "out", ignore_errors=True)
        t.file("out/book.epub", OLD)
        # The first process alone; the second one ends with it.
        t.run([strace, "-qq", "-o", "/dev/null", "-e", "inject=rename:signal=KILL:when=1", harness.CHAPBOOK, "-q",
               "--cover", "none", *target, "article.txt"])
        t.equal(leftovers(t.dir / "out"), [".chapbook-temporary-0"], f"{target}: no kill")
        t.ok("-q", "-o", "out/other.epub", "article.txt")
        t.equal(leftovers(t.dir / "out"), [], f"{target}: a run that replaces nothing")


def test_leftovers_in_use(t):
    t.file("article.txt", TEXT)
    t.file("out/.chapbook-temporary-0/a", "in use")
    t.file("out/.chapbook-temporary-1", "in use")
    t.file("out/.chapbook-temporary-x", "not chapbook's")
    t.file("elsewhere/a", "behind a link")
    (t.dir / "out/.chapbook-temporary-2").symlink_to(t.dir / "elsewhere")
    os.mkfifo(t.dir / "out/.chapbook-temporary-3")
    names = leftovers(t.dir / "out")
    with contextlib.ExitStack() as stack:
        for name in names[:2]:
            fd = os.open(t.dir / "out" / name, os.O_RDONLY)
            stack.callback(os.close, fd)
            fcntl.flock(fd, fcntl.LOCK_EX)
        for target in (["-o", "out/book.epub"], ["-o", "out/book.epub"], ["--to-dir", "out/tree"]):
            t.ok("-q", *target, "article.txt")
            t.equal(leftovers(t.dir / "out"), names, f"{target}")
    t.ok("-q", "-o", "out/book.epub", "article.txt")
    t.equal(leftovers(t.dir / "out"), names[2:], "without locks")
    t.equal((t.dir / "elsewhere/a").read_text(), "behind a link", "what the link leads to")
