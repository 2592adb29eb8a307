"""The same input, options and version give the same bytes: whatever the time zone, locale, umask,
number of threads, folder and time of day."""

import os
import shutil
import time

import epub
import harness

SAMPLE = harness.ROOT / "assets" / "sample"


def locales(t):
    """Some that are not like C: other case rules, another charset. Made with localedef where the
    sources of locales are there."""
    made = []
    (t.dir / "locales").mkdir(exist_ok=True)
    for name, source, charset in (("tr_TR.UTF-8", "tr_TR", "UTF-8"), ("de_DE", "de_DE", "ISO-8859-1"),
                                  ("fa_IR", "fa_IR", "UTF-8")):
        result = t.run(["localedef", "--no-archive", "-c", "-i", source, "-f", charset,
                        t.dir / "locales" / name])
        if result.status in (0, 1) and (t.dir / "locales" / name / "LC_CTYPE").exists():
            made.append(name)
    if not made:
        harness.missing("a source of locales", "locales")
    return made


def big_markdown():
    chapters = []
    for n in range(60):
        chapters.append(f"# Chapter {n}\n\n" + "\n\n".join(
            f"Paragraph {p} of chapter {n} with *some* words in it." for p in range(60)))
    return "\n\n".join(chapters)


def test_same_bytes(t):
    inputs = [p for p in sorted(SAMPLE.glob("*")) if p.suffix in (".txt", ".md")]
    t.true(len(inputs) >= 2, "the sample article is there as text and as Markdown")
    inputs.append(t.file("big.md", big_markdown()))
    foreign = locales(t)
    for source in inputs:
        first = None
        for what, env, umask, threads in [
                ("as it is", {}, 0o022, None),
                ("again", {}, 0o022, None),
                ("TZ=Pacific/Kiritimati", {"TZ": "Pacific/Kiritimati"}, 0o022, None),
                ("TZ=America/St_Johns", {"TZ": "America/St_Johns"}, 0o022, None),
                ("TZ unset", {"TZ": None}, 0o022, None),
                ("LC_ALL=C", {"LC_ALL": "C"}, 0o022, None),
                ("LC_ALL unset", {"LC_ALL": None}, 0o022, None),
                *((f"LC_ALL={name}", {"LC_ALL": name, "LOCPATH": str(t.dir / "locales")}, 0o022, None)
                  for name in foreign),
                ("umask 077", {}, 0o077, None),
                ("one thread", {}, 0o022, "1"),
                ("two threads", {}, 0o022, "2"),
                ("eight threads", {}, 0o022, "8"),
                ("no HOME", {"HOME": None, "XDG_CONFIG_HOME": None}, 0o022, None),
        ]:
            args = ["-j", threads] if threads else []
            t.ok("-o", "book.epub", *args, source, env=env, umask=umask)
            data = (t.dir / "book.epub").read_bytes()
            if first is None:
                first = data
                t.keep(t.dir / "book.epub")
            elif data != first:
                t.file("first.epub", first)
                a, b = (epub.Epub(t.dir / n).files() for n in ("first.epub", "book.epub"))
                differs = [n for n in sorted(a.keys() | b.keys()) if a.get(n) != b.get(n)]
                raise harness.Failure(f"{source.name}: other bytes with {what}, in {differs}")
        # Another folder, a relative name, a later second, another time of access.
        folder = t.dir / "else where"
        folder.mkdir(exist_ok=True)
        for beside in source.parent.iterdir():
            if beside.is_file():
                shutil.copy(beside, folder)
        # An article without a date has that of its file: a copy that keeps it is the same input.
        os.utime(folder / source.name, (86400, source.stat().st_mtime))
        time.sleep(1.1)
        t.ok("-o", "book.epub", source.name, cwd=folder)
        t.equal((folder / "book.epub").read_bytes() == first, True,
                f"{source.name}: the same bytes in another folder")
        shutil.rmtree(folder)


def test_source_date_epoch(t):
    t.file("a.txt", "A Title Here\n\nA paragraph of some words that goes on for a while.\n")
    t.ok("-o", "a.epub", "a.txt", env={"SOURCE_DATE_EPOCH": "1000000000"})
    book = epub.Epub(t.dir / "a.epub")
    t.equal(book.metas("dcterms:modified"), [(None, "2001-09-09T01:46:40Z")], "dcterms:modified")
    t.equal({info.date_time for info in book.zip.infolist()}, {(2001, 9, 9, 1, 46, 40)}, "ZIP times")
    bad = t.chapbook("-o", "b.epub", "a.txt", env={"SOURCE_DATE_EPOCH": "yesterday"})
    t.true(bad.status in (0, 1, 2), str(bad))
    t.keep(t.dir / "a.epub")


def test_umask_and_mode(t):
    """A book is as readable as any new file, and a replaced one keeps who may write it."""
    t.file("a.txt", "A Title Here\n\nA paragraph of some words that goes on for a while.\n")
    t.ok("-o", "a.epub", "a.txt", umask=0o027)
    t.equal(oct((t.dir / "a.epub").stat().st_mode & 0o777), "0o640", "mode with umask 027")


def test_same_bytes_encoder_options(t):
    """The environment has options for the encoder of covers; they are not taken."""
    args = ("--photo", SAMPLE / "lake.jpg", "--cover", SAMPLE / "lake.jpg", *sorted(SAMPLE.glob("*.txt"))[:1])
    plain = t.ok("-o", "-", *args).out
    for name, value in (("TJ_OPTIMIZE", "1"), ("TJ_PROGRESSIVE", "1"), ("TJ_RESTART", "1"), ("TJ_ARITHMETIC", "1")):
        t.true(t.ok("-o", "-", *args, env={name: value}).out == plain, name)
    t.ok("-o", "a.epub", "--cover", "auto", *args[:2], *args[4:])
    t.ok("-o", "b.epub", "--cover", "auto", *args[:2], *args[4:], env={"TJ_OPTIMIZE": "1"})
    t.equal((t.dir / "a.epub").read_bytes(), (t.dir / "b.epub").read_bytes(), "a drawn cover")
