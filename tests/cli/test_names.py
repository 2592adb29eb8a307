"""What books are called, and what they may replace."""

import os
import pty
import stat
import subprocess
import unicodedata
import zipfile

import epub
import harness

BODY = "\n\nThe lamp was lit at six, and the boats came in. It was a clear night, and no wind.\n"


def article(t, name, title, body=BODY):
    return t.file(name, f"# {title}{body}")


def books(t, folder="."):
    return sorted(p.name for p in (t.dir / folder).glob("*.epub"))


# --- names that chapbook chooses ---

NAMES = [
    ("The lake that keeps its own calendar", "the-lake-that-keeps-its-own-calendar"),
    ("Üben in Köln", "uben-in-koln"),
    ("北京的春天", "北京的春天"),
    ("Русская весна", "Русская-весна"),
    ("الربيع العربي", "الربيع-العربي"),
    ("Кто? Что: где / когда...", "Кто-Что-где-когда"),
    ("CON", "con_"),
    ("lpt9", "lpt9_"),
]


def test_titles_give_names(t):
    for n, (title, _) in enumerate(NAMES):
        article(t, f"in/{n}.md", title, BODY + f"\nStory {n}.\n")
    result = t.ok("in")
    t.equal(result.out.decode().split("\n")[:-1], [f"{name}.epub" for _, name in NAMES],
            "names, in the order given")
    t.equal(books(t), sorted(f"{name}.epub" for _, name in NAMES), "files")
    t.keep(t.dir / "北京的春天.epub")


def test_names_alone_and_among_others(t):
    """The name depends on the article, not on how many there are."""
    for n, (title, name) in enumerate(NAMES[:4]):
        article(t, "index.md", title, BODY + f"\nStory {n}.\n")
        t.equal(t.ok("-o", "out/", "index.md").out.decode(), f"out/{name}.epub\n", title)


def test_ascii_names(t):
    for title, lang, name in (("北京的春天", "zh", "bei-jing-de-chun-tian"),
                              ("Русская весна", "ru", "russkaya-vesna"),
                              ("Über die Brücke", "de", "uber-die-brucke")):
        article(t, "a.md", title)
        t.equal(t.ok("--ascii-names", "--lang", lang, "a.md").out.decode(), f"{name}.epub\n", title)


def test_long_names(t):
    for letter in ("春", "я", "é\u0323", "नि", "👩\u200d👩\u200d👧"):
        article(t, "a.md", f"字{letter * 200}")
        name = t.ok("a.md").out.decode().strip()
        t.true(len(name.encode()) <= 120 and len(name.encode()) > 90, f"{letter}: {name}")
        stem = name.removesuffix(".epub")
        t.equal(stem, unicodedata.normalize("NFC", stem), "NFC")
        whole = unicodedata.normalize("NFC", letter)
        t.equal(stem.removeprefix("字").replace(whole, ""), "", f"whole letters of {letter}")


def test_title_without_letters(t):
    article(t, "plan.md", "???")
    t.equal(t.ok("plan.md").out, b"plan.epub\n")
    t.equal(t.ok("-f", "markdown", "-", input="# ???" + BODY).out, b"article.epub\n")


# --- what they replace ---

def test_another_book_is_kept(t):
    article(t, "one/index.md", "北京的春天")
    article(t, "two/index.md", "北京的春天", BODY + "\nAnother.\n")
    t.ok("one/index.md")
    first = (t.dir / "北京的春天.epub").read_bytes()
    result = t.ok("two/index.md")
    t.equal(result.out.decode(), "北京的春天-2.epub\n", "the second")
    t.true("another book" in result.err.decode(), str(result))
    t.true((t.dir / "北京的春天.epub").read_bytes() == first, "the first is as it was")


def test_the_same_book_is_replaced(t):
    article(t, "one/a.md", "A Night")
    article(t, "two/a.md", "A Night", BODY + "\nAnother.\n")
    for round in range(3):
        result = t.ok("two/a.md", "one/a.md")
        t.equal(result.out.decode().split(), ["a-night.epub", "a-night-2.epub"], f"run {round}")
        t.equal(b"replaced" in result.err, round > 0, f"run {round}\n{result}")
    t.ok("--subtitle", "New", "one/a.md")
    t.equal(books(t), ["a-night-2.epub", "a-night.epub"], "files")
    t.equal(epub.Epub(t.dir / "a-night-2.epub").dc("title"), ["A Night", "New"], "replaced in place")


def keeps_notes(t):
    """A file system with extended attributes is needed."""
    try:
        os.setxattr(t.file("probe"), "user.probe", b"x")
    except OSError:
        raise harness.NoRight("extended attributes of files (user.*)") from None


def test_an_edited_file_replaces_its_book(t):
    """By the path of the file: another of the same name and title is another book."""
    keeps_notes(t)
    for folder in ("one", "two"):
        article(t, f"{folder}/index.md", "Home", BODY + f"\nIn {folder}.\n")
        t.ok(f"{folder}/index.md")
    for sandbox in ((), ("--sandbox=no",)):
        for folder, name in (("two", "home-2.epub"), ("one", "home.epub")):
            with open(t.dir / folder / "index.md", "a") as file:
                file.write("\nMore.\n")
            result = t.ok(*sandbox, f"{folder}/index.md")
            t.equal(result.out.decode(), f"{name}\n", str(result))
            t.true(b"replaced an older copy" in result.err, str(result))
    for folder in ("one", "two"):
        with open(t.dir / folder / "index.md", "a") as file:
            file.write("\nAnd more.\n")
    t.equal(t.ok("two/index.md", "one/index.md").out, b"home-2.epub\nhome.epub\n", "both, the other way round")
    t.equal(books(t), ["home-2.epub", "home.epub"], "files")


def test_another_identifier_is_another_book(t):
    article(t, "a.md", "Home")
    t.ok("--identifier", "urn:x:1", "a.md")
    t.equal(t.ok("--identifier", "urn:x:2", "a.md").out, b"home-2.epub\n")
    t.equal(t.ok("a.md").out, b"home-3.epub\n")


def test_another_book_in_the_file_is_kept(t):
    """What another program wrote into the file is no older copy."""
    keeps_notes(t)
    article(t, "a.md", "Home")
    article(t, "b.md", "Home", BODY + "\nAnother.\n")
    t.ok("-o", "b.epub", "b.md")
    t.ok("a.md")
    (t.dir / "home.epub").write_bytes((t.dir / "b.epub").read_bytes())
    article(t, "a.md", "Home", BODY + "\nMore.\n")
    t.equal(t.ok("a.md").out, b"home-2.epub\n")


def test_source_and_canonical_address(t):
    """The identifier comes from --source, then the page's own address, then --base-url."""
    text = "<p>The boats came in, one by one, as they do. It was a clear night, and no wind.</p>" * 6
    own = '<link rel="canonical" href="https://example.org/own">'
    page = f"<html><head><title>A Night</title>%s</head><body><article><h1>A Night</h1>{text}</article></body></html>"
    t.file("own.html", page % own)
    t.file("bare.html", page % "")

    def facts(*args):
        t.ok("-o", "x.epub", *args)
        book = epub.Epub(t.dir / "x.epub")
        return book.dc("identifier")[0], book.dc("source")[0]

    given = facts("--source", "https://example.org/given", "bare.html")
    t.equal(facts("--source", "https://example.org/given", "--base-url", "https://example.org/b", "own.html"), given, "--source")
    t.equal(given[1], "https://example.org/given")
    t.equal(facts("--base-url", "https://example.org/b", "own.html"), facts("own.html"), "canonical")
    t.equal(facts("own.html")[1], "https://example.org/own")
    t.equal(facts("--base-url", "https://example.org/own", "bare.html")[0], facts("own.html")[0], "--base-url")
    t.true(facts("--source", "The Paper", "bare.html")[0] != facts("--source", "The Paper", "own.html")[0], "no address, no identity")


def test_other_files_are_kept(t):
    article(t, "a.md", "A Night")
    t.file("a-night.epub", "mine")
    (t.dir / "a-night-2.epub").mkdir()
    (t.dir / "a-night-3.epub").symlink_to("nowhere")
    t.file("a-night-4.epub", b"PK\3\4" + bytes(26) + b"mimetypeapplication/epub+zip and no more")
    t.equal(t.ok("a.md").out, b"a-night-5.epub\n", "the name")
    t.equal((t.dir / "a-night.epub").read_text(), "mine", "a file")
    t.true(not (t.dir / "nowhere").exists(), "a dangling link")
    t.ok("a.md")
    t.true(not (t.dir / "a-night-6.epub").exists(), "and again")


def test_one_title_many_times(t):
    """Names follow the order of the inputs, however many threads there are."""
    for n in range(30):
        article(t, f"in/{n}.md", "A Night", BODY * (1 + n * 7 % 11) + f"\nStory {n}.\n")
    names = [f"a-night-{n}.epub" if n > 1 else "a-night.epub" for n in range(1, 31)]
    for threads, again in (("1", []), ("8", []), ("8", ["--again"])):
        result = t.ok("-j", threads, "-o", f"out-{threads}/", *again, "in")
        t.equal(result.out.decode().split(), [f"out-{threads}/{name}" for name in names], "in order")
    for n, name in enumerate(names):
        one, eight = ((t.dir / f"out-{k}" / name).read_bytes() for k in (1, 8))
        t.true(one == eight and f"Story {n}.".encode() in
               b"".join(epub.Epub(t.dir / "out-8" / name).files().values()), name)


def test_copies_make_one_book(t):
    article(t, "one/a.md", "A Night")
    article(t, "two/a.md", "A Night")
    result = t.ok("one/a.md", "two/a.md")
    t.equal(books(t), ["a-night.epub"], "files")
    t.true(b"two/a.md: is the same article" in result.err, str(result))


def test_processes_at_once(t):
    """Programs that want one name at the same time: no book is lost."""
    running = []
    for n in range(12):
        article(t, f"{n}/a.md", "A Night", BODY + f"\nStory {n}.\n")
        running.append(subprocess.Popen([*harness.WRAP, harness.CHAPBOOK, "--cover", "none", "-q",
                                         f"{n}/a.md"], cwd=t.dir))
    t.equal([p.wait() for p in running], [0] * 12, "statuses")
    found = {epub.Epub(t.dir / name).dc("identifier")[0] for name in books(t)}
    t.equal(len(found), 12, f"different books: {books(t)}")


# --- names that the caller gives ---

def test_list_names(t):
    article(t, "a.md", "A Night")
    t.file("list", "mine\ta.md\n")
    t.equal(t.ok("-i", "list").out, b"mine.epub\n", "the list's name")
    article(t, "a.md", "A Night", BODY + "\nAnother.\n")
    t.equal(t.ok("-i", "list").out, b"mine.epub\n", "replaced")
    t.file("mine.epub", "a file")
    t.equal(t.chapbook("-i", "list").status, 2, "what is no EPUB is kept")
    t.equal((t.dir / "mine.epub").read_text(), "a file", "the file")


def refused(t, *args, word):
    result = t.chapbook(*args)
    t.equal(result.status, 2, f"{args}\n{result}")
    t.true(word in result.err.decode(), str(result))


def test_output_is_no_input(t):
    text = article(t, "a.md", "A Night").read_bytes()
    t.file("b.css", "p { margin: 0 }")
    os.link(t.dir / "a.md", t.dir / "hard.epub")
    (t.dir / "soft.epub").symlink_to("a.md")
    os.link(t.dir / "b.css", t.dir / "css.epub")
    for name in ("hard.epub", "soft.epub", "./x/../hard.epub"):
        (t.dir / "x").mkdir(exist_ok=True)
        refused(t, "--force", "-o", name, "a.md", word="the book would replace the input a.md")
    refused(t, "--force", "--css", "b.css", "-o", "css.epub", "a.md", word="input b.css")
    t.equal((t.dir / "a.md").read_bytes(), text, "the article")


def test_output_replaces_only_books(t):
    article(t, "a.md", "A Night")
    t.file("book.epub", "mine")
    t.file("empty.epub", "")
    refused(t, "-o", "book.epub", "a.md", word="--force")
    t.equal((t.dir / "book.epub").read_text(), "mine", "kept")
    t.ok("--force", "-o", "book.epub", "a.md")
    t.ok("-o", "book.epub", "a.md")
    t.ok("-o", "empty.epub", "a.md")
    t.keep(t.dir / "book.epub")


def test_output_in_other_formats(t):
    article(t, "a.md", "A Night")
    for extension in ("pdf", "mobi", "azw3", "docx", "html", "PDF"):
        refused(t, "-o", f"out/b.{extension}", "a.md", word="chapbook writes EPUB files")
    t.true(not (t.dir / "out").exists(), "no folder")
    t.ok("-o", "b.zip", "a.md")


def test_output_makes_folders(t):
    article(t, "a.md", "A Night")
    t.ok("-o", "new/deep/book.epub", "a.md")
    t.ok("-o", "new/other/", "a.md")
    t.equal(books(t, "new/deep") + books(t, "new/other"), ["book.epub", "a-night.epub"], "files")
    t.equal(t.ok("-o", "new/deep", "a.md").out, b"new/deep/a-night.epub\n", "a folder that is there")


def test_counts_only_with_verbose(t):
    """On a terminal one line shows how many books are made; steps are for -v."""
    for n in (1, 2):
        article(t, f"{n}.md", f"Part {n}")

    def on_terminal(*args):
        main, terminal = pty.openpty()
        subprocess.run([harness.CHAPBOOK, "--cover", "none", *args, "1.md", "2.md"], cwd=t.dir, env=harness.base_env(),
                       stdout=subprocess.DEVNULL, stderr=terminal, check=True)
        os.close(terminal)
        seen = b""
        while True:
            try:
                part = os.read(main, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
        os.close(main)
        return seen.decode()
    shown = on_terminal("-o", "one/")
    t.true("\r\033[K" in shown and "of 2 made, 0 failed" in shown and "writing" not in shown, shown)
    t.true("of 2 done] 2.md: writing" in on_terminal("-v", "-o", "three/"), "-v")
    t.equal(on_terminal("-q", "-o", "four/"), "", "-q")


def test_no_book_on_a_terminal(t):
    article(t, "a.md", "A Night")
    main, terminal = pty.openpty()
    try:
        result = t.run([*harness.WRAP, harness.CHAPBOOK, "-o", "-", "a.md"], stdout=terminal)
    finally:
        os.close(terminal)
        os.close(main)
    t.equal(result.status, 2, str(result))
    t.true(b"terminal" in result.err, str(result))


def test_modes(t):
    article(t, "a.md", "A Night")
    for umask, mode in ((0o022, 0o644), (0o077, 0o600), (0o002, 0o664)):
        name = f"{umask:o}.epub"
        t.ok("-o", name, "a.md", umask=umask)
        t.equal(stat.S_IMODE((t.dir / name).stat().st_mode), mode, f"mode with umask {umask:o}")
        for entry in zipfile.ZipFile(t.dir / name).infolist():
            t.equal(f"{entry.external_attr >> 16:o}", "100644", entry.filename)
    t.true((t.dir / "22.epub").read_bytes() == (t.dir / "77.epub").read_bytes(), "the same bytes")
