"""The program as people and scripts meet it: chapbook(1)."""

import fcntl
import json
import os
import random
import re
import select
import signal
import subprocess
import zipfile
from pathlib import Path

import epub
import harness
import web

TEXT = """The Lamp at Harbour End

By Mara Ellison

The lamp was lit at four, as it had been every afternoon since the first of October, and the
keeper climbed down again with the can in her hand.

Nobody saw her go. The street was empty, the boats were in, and the rain had begun.
"""

MARKDOWN = """---
title: Two Rivers
author: Ida Norén
lang: en
---

# The upper river

It begins in a bog and is brown for its first ten miles.

# The lower river

It ends in the sea and is brown again.
"""


def titles(path):
    return epub.Epub(path).dc("title")


# --- where the book is written ---

def test_default_name(t):
    t.file("in/article.txt", TEXT)
    result = t.ok("in/article.txt")
    made = [p.name for p in t.dir.glob("*.epub")]
    t.equal(made, ["the-lamp-at-harbour-end.epub"], "name made of the title, in the current folder")
    t.true("the-lamp-at-harbour-end.epub" in (result.out + result.err).decode(),
           f"it says where the book is\n{result}")
    t.keep(t.dir / made[0])


def test_output_file(t):
    t.file("article.txt", TEXT)
    t.ok("-o", "book.epub", "article.txt")
    t.equal(titles(t.dir / "book.epub"), ["The Lamp at Harbour End"])
    t.ok("--output=other.epub", "article.txt")
    t.equal((t.dir / "other.epub").read_bytes(), (t.dir / "book.epub").read_bytes(), "bytes")


def test_options_after_files(t):
    t.file("article.txt", TEXT)
    t.ok("article.txt", "-o", "book.epub", "--title", "Another")
    t.equal(titles(t.dir / "book.epub"), ["Another"])


def test_output_to_stdout(t):
    t.file("article.txt", TEXT)
    t.ok("-o", "book.epub", "article.txt")
    result = t.ok("-o", "-", "article.txt")
    t.equal(result.out == (t.dir / "book.epub").read_bytes(), True, "the same bytes on stdout")
    t.true(sorted(p.name for p in t.dir.iterdir()) == ["article.txt", "book.epub"], "no litter")


def test_stdin_to_stdout(t):
    result = t.ok("-f", "markdown", "-o", "-", "-", input=MARKDOWN)
    path = t.file("book.epub", result.out)
    t.equal(titles(path), ["Two Rivers"])
    t.keep(path)


def test_stdin_needs_no_format(t):
    result = t.ok("-o", "-", "-", input=TEXT)
    t.equal(titles(t.file("book.epub", result.out)), ["The Lamp at Harbour End"])


def test_output_replaces(t):
    t.file("article.txt", TEXT)
    t.file("older.txt", TEXT.replace("The Lamp", "The Older Lamp"))
    t.ok("-o", "book.epub", "older.txt")
    t.ok("-o", "book.epub", "article.txt")
    t.equal(titles(t.dir / "book.epub"), ["The Lamp at Harbour End"])


def test_output_folder(t):
    t.file("article.txt", TEXT)
    (t.dir / "out").mkdir()
    t.ok("-o", "out/", "article.txt")
    t.equal([p.name for p in (t.dir / "out").glob("[!.]*")], ["the-lamp-at-harbour-end.epub"], "out/")


def test_to_dir_is_the_unzipped_book(t):
    t.file("article.md", MARKDOWN)
    t.ok("-o", "book.epub", "article.md")
    t.ok("--to-dir", "tree", "article.md")
    tree = {str(p.relative_to(t.dir / "tree")): p.read_bytes()
            for p in (t.dir / "tree").rglob("*") if p.is_file()}
    t.equal(tree, epub.Epub(t.dir / "book.epub").files(), "--to-dir against the zip")


def test_to_dir_must_be_empty(t):
    t.file("article.md", MARKDOWN)
    t.file("tree/mine.txt", "mine")
    result = t.chapbook("--to-dir", "tree", "article.md")
    t.equal(result.status, 1, "status")
    t.true("tree" in result.err.decode(), f"the message names the folder\n{result}")
    t.equal([p.name for p in (t.dir / "tree").iterdir()], ["mine.txt"], "the folder")


# --- several inputs ---

def test_several_books(t):
    t.file("a.txt", TEXT)
    t.file("b.md", MARKDOWN)
    names = ["the-lamp-at-harbour-end.epub", "two-rivers.epub"]
    result = t.ok("a.txt", "b.md")
    t.equal(sorted(p.name for p in t.dir.glob("*.epub")), names, "one book each")
    t.equal(result.out.decode().split(), names, "their names are printed")
    t.equal(titles(t.dir / names[1]), ["Two Rivers"])
    t.ok("-o", "out/", "a.txt", "b.md")
    t.equal(sorted(p.name for p in (t.dir / "out").glob("[!.]*")), names, "one book each, in out/")
    t.equal((t.dir / "out" / names[1]).read_bytes() == (t.dir / names[1]).read_bytes(), True,
            "bytes")


def test_many_at_once(t):
    """More files than threads; each book is the one that its file makes alone."""
    for n in range(40):
        t.file(f"in/{n}.txt", TEXT.replace("Harbour End", f"Harbour {n}"))
    t.ok("-q", "-j", "4", "-o", "out/", *(f"in/{n}.txt" for n in range(40)))
    for n in (0, 7, 39):
        t.ok("-o", "alone.epub", f"in/{n}.txt")
        t.true((t.dir / f"out/the-lamp-at-harbour-{n}.epub").read_bytes() ==
               (t.dir / "alone.epub").read_bytes(), n)


def test_man_page_examples(t):
    """Every example of the man page works as described."""
    page = (harness.ROOT / "assets/chapbook.1").read_text()
    examples = [line.replace("\\(dq", '"') for line in re.findall(r"^\.Dl \$ (.*)$", page, re.M)]
    t.true(len(examples) >= 6, f"examples: {examples}")
    t.file("article.txt", TEXT)
    t.file("article.md", MARKDOWN)
    t.file("airport.jpg", (harness.ROOT / "assets/sample/lake.jpg").read_bytes())
    t.file("articles/one.txt", TEXT)
    t.file("articles/two.txt", TEXT.replace("The Lamp", "The Other Lamp"))
    t.file("page.html", "<title>The Lamp</title><article><h1>The Lamp</h1>" + "".join(
        f"<p>{line}</p>" for line in TEXT.split("\n\n")[2:]) + "</article>")
    t.file("pages.tsv", "lamp\tpage.html\thttps://example.org/lamp\n")
    t.file("bin/jq", "#!/bin/sh\nexec cat\n").chmod(0o755)
    t.file("bin/chapbook", '#!/bin/sh\nexec %s "$@"\n' % " ".join(
        [*harness.WRAP, f"'{harness.CHAPBOOK}'"])).chmod(0o755)
    with web.Server() as server:
        server.files["/story"] = web.Answer((t.dir / "page.html").read_bytes())
        t.file("links.tsv", f"one\t{server.url('/page')}\ntwo\tarticle.txt\n")
        for example in examples:
            example = example.replace("https://example.org/story", server.url("/story"))
            result = t.run(["bash", "-e", "-o", "pipefail", "-c", example],
                           env={"PATH": f"{t.dir}/bin:{os.environ['PATH']}"})
            t.equal(result.status, 0, f"{example}\n{result}")
            t.true(result.out or (t.dir / "book.epub").exists(), f"{example}\n{result}")
    t.equal(sorted(p.name for p in (t.dir / "books").glob("[!.]*")), ["the-lamp-at-harbour-end.epub", "the-other-lamp-at-harbour-end.epub"], "books/")
    t.equal(titles(t.dir / "year.epub"), ["The Year"])
    t.equal(sorted(p.name for p in (t.dir / "found").iterdir()), ["lamp.html", "lamp.json"], "found/")


def test_several_articles_one_book(t):
    t.file("a.txt", TEXT)
    t.file("b.md", MARKDOWN)
    t.ok("-o", "both.epub", "a.txt", "b.md", "--title", "An Anthology")
    book = epub.Epub(t.dir / "both.epub")
    t.equal(book.dc("title"), ["An Anthology"])
    t.equal(book.dc("creator"), ["Mara Ellison", "Ida Norén"], "creators")
    text = " ".join(epub.page_text(book.read(name)) for name in book.spine())
    t.true("first of October" in text and "begins in a bog" in text, "both articles are in it")
    t.keep(t.dir / "both.epub")


def test_one_bad_among_many(t):
    t.file("a.txt", TEXT)
    t.file("b.md", MARKDOWN)
    result = t.chapbook("a.txt", "missing.txt", "b.md")
    t.equal(result.status, 1, "status")
    t.equal(len(list(t.dir.glob("*.epub"))), 2, "the good ones are converted")
    t.true("missing.txt" in result.err.decode(), str(result))


# --- what is known about the article ---

def test_metadata_options(t):
    t.file("article.txt", TEXT)
    t.ok("-o", "book.epub", "--title", "A Title & More", "--subtitle", "Under It",
         "--author", "Ann Brown", "--bio", "Ann Brown keeps bees.",
         "--author-url", "https://example.org/ann",
         "--lang", "en-GB", "--publisher", "Harbour Press", "--date", "2021-07-02",
         "--source", "https://example.org/lamp", "--subject", "lamps", "--subject", "harbours",
         "--rights", "© Harbour Press", "--series", "Lamps of the Coast", "--series-index", "2",
         "--description", "About a lamp.", "--identifier", "urn:isbn:9780306406157",
         "--standfirst", "In which a lamp is lit.", "article.txt")
    path = t.dir / "book.epub"
    book = epub.Epub(path)
    t.equal(book.dc("title"), ["A Title & More", "Under It"], "titles")
    t.equal(book.dc("creator")[0], "Ann Brown", "creator")
    t.equal([text for _, text in book.metas("file-as")][:1], ["Brown, Ann"], "file-as")
    t.equal([text for _, text in book.metas("schema:description")][:1],
            ["Ann Brown keeps bees."], "bio")
    t.equal(book.dc("language")[0], "en-GB", "language")
    t.equal(book.dc("publisher"), ["Harbour Press"], "publisher")
    t.equal(book.dc("date"), ["2021-07-02"], "date")
    t.true("https://example.org/lamp" in book.dc("source"), f"source: {book.dc('source')}")
    t.equal(book.dc("subject"), ["lamps", "harbours"], "subjects")
    t.equal(book.dc("rights"), ["© Harbour Press"], "rights")
    t.equal([text for _, text in book.metas("belongs-to-collection")], ["Lamps of the Coast"], "series")
    t.equal([text for _, text in book.metas("group-position")], ["2"], "position")
    t.equal(book.dc("description"), ["About a lamp."], "description")
    t.true("urn:isbn:9780306406157" in book.dc("identifier"), f"identifier: {book.dc('identifier')}")
    text = " ".join(epub.page_text(book.read(name)) for name in book.spine())
    t.true("In which a lamp is lit." in text, "the standfirst is on a page")
    t.keep(path)


def test_options_overrule_front_matter(t):
    t.file("article.md", MARKDOWN)
    t.file("meta.yaml", "title: From the File\npublisher: A House\n")
    t.ok("-o", "book.epub", "--metadata-file", "meta.yaml", "--title", "From the Option", "article.md")
    book = epub.Epub(t.dir / "book.epub")
    t.equal(book.dc("title"), ["From the Option"])
    t.equal(book.dc("publisher"), ["A House"])
    t.ok("-o", "book.epub", "--metadata-file", "meta.yaml", "article.md")
    t.equal(epub.Epub(t.dir / "book.epub").dc("title"), ["Two Rivers"],
            "front matter before the metadata file, as in pandoc")


def test_identity_is_stable(t):
    t.file("article.txt", TEXT)
    t.ok("-o", "a.epub", "--source", "https://example.org/lamp", "article.txt")
    t.ok("-o", "b.epub", "--source", "https://example.org/lamp", "article.txt")
    a, b = (epub.Epub(t.dir / name).dc("identifier") for name in ("a.epub", "b.epub"))
    t.equal(a, b, "identifiers")
    t.true(re.match(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
                    a[0]), f"a version 5 UUID: {a}")


def test_split_level(t):
    t.file("article.md", MARKDOWN)
    t.ok("-o", "none.epub", "--split-level", "none", "article.md")
    t.ok("-o", "one.epub", "--split-level", "1", "article.md")
    t.equal(len(epub.Epub(t.dir / "none.epub").chapters()), 1, "chapters with none")
    t.equal(len(epub.Epub(t.dir / "one.epub").chapters()), 2, "chapters with 1")
    for depth, _, _ in epub.Epub(t.dir / "one.epub").toc():
        t.equal(depth, 1, "depth of the contents")


def test_css_and_theme(t):
    t.file("article.txt", TEXT)
    t.file("mine.css", ".byline { color: #123456 }\n")
    t.ok("-o", "plain.epub", "article.txt")
    t.ok("-o", "mine.epub", "--css", "mine.css", "article.txt")
    files = epub.Epub(t.dir / "mine.epub").files()
    t.true(any(b"#123456" in data for name, data in files.items() if name.endswith(".css")),
           "the style sheet is in the book")
    t.keep(t.dir / "mine.epub")
    themes = sorted(p.stem for p in (harness.ROOT / "assets").glob("*.css"))
    bad = t.chapbook("-o", "x.epub", "--theme", "no-such-theme", "article.txt")
    t.true(bad.status in (1, 2), f"an unknown theme is an error\n{bad}")
    t.true(len(themes) >= 2, f"at least two themes: {themes}")


def test_template_dir(t):
    source = harness.ROOT / "templates" / "package.opf"
    t.file("mine/package.opf", source.read_bytes() + b"<!-- mine -->")
    t.file("article.txt", TEXT)
    t.ok("-o", "book.epub", "--template-dir", "mine", "article.txt")
    t.true(b"<!-- mine -->" in epub.Epub(t.dir / "book.epub").read("EPUB/package.opf"),
           "the caller's template is used")
    t.file("config/chapbook/templates/package.opf", source.read_bytes() + b"<!-- config -->")
    t.ok("-o", "book.epub", "article.txt", env={"XDG_CONFIG_HOME": str(t.dir / "config")})
    t.true(b"<!-- config -->" in epub.Epub(t.dir / "book.epub").read("EPUB/package.opf"),
           "the user's template is used")
    t.file("bad/package.opf", "one\n{{#authors}}\n")
    result = t.chapbook("-o", "bad.epub", "--template-dir", "bad", "article.txt")
    t.true(result.status in (1, 2), str(result))
    t.true("package.opf:2" in result.err.decode(), f"file and line of the open section\n{result}")
    t.file("bad/package.opf", "one\n\n{{no_such_name}}\n")
    result = t.chapbook("-o", "bad.epub", "--template-dir", "bad", "article.txt")
    t.true("package.opf:3" in result.err.decode(), f"file and line of the unknown name\n{result}")
    t.true(not (t.dir / "bad.epub").exists(), "no book")


def test_explain(t):
    t.file("article.txt", TEXT)
    result = t.ok("--explain", "-o", "book.epub", "article.txt")
    text = (result.out + result.err).decode()
    for word in ("title", "author"):
        t.true(word in text, f"--explain tells of the {word}\n{text}")
    quiet = t.ok("-q", "-o", "book.epub", "article.txt")
    t.equal((quiet.out, quiet.err), (b"", b""), "--quiet says")


def test_charset(t):
    t.file("latin.txt", "Ein Café in Köln\n\nDie Tür öffnete sich um sechs, und niemand trat ein.\n"
           .encode("iso-8859-1"))
    t.ok("-o", "book.epub", "--charset", "ISO-8859-1", "latin.txt")
    t.equal(titles(t.dir / "book.epub"), ["Ein Café in Köln"])
    result = t.chapbook("-o", "x.epub", "--charset", "no-such-charset", "latin.txt")
    t.true(result.status in (1, 2) and b"no-such-charset" in result.err, str(result))


# --- pictures ---

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c"
                    "4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082")


def test_photo_meets_caption(t):
    t.file("pic.png", PNG)
    t.file("article.txt", TEXT + "\nThe harbour at dusk, seen from the lamp (Photo/Jo Field)\n\n"
           "The keeper came back at eight, wet to the skin, and sat down by the stove.\n")
    t.ok("-o", "book.epub", "--photo", "pic.png", "article.txt")
    book = epub.Epub(t.dir / "book.epub")
    images = [item for item in book.items.values() if item.get("media-type") == "image/png"]
    t.equal(len(images), 1, "pictures in the manifest")
    refines = "#" + images[0].get("id")
    t.equal(book.metas("schema:caption"), [(refines, "The harbour at dusk, seen from the lamp")],
            "caption")
    t.equal(book.metas("schema:creditText"), [(refines, "Jo Field")], "credit")
    t.keep(t.dir / "book.epub")


def test_portrait(t):
    t.file("ida.png", PNG)
    t.file("article.md", MARKDOWN.replace("author: Ida Norén", "author:\n- {name: Ida Norén, bio: Ida walks., "
                                          "portrait: ida.png}\n- {name: Ann Brown, portrait: ann.png, bio: Ann.}"))
    result = t.ok("-o", "book.epub", "article.md")
    t.true(b"ann.png" in result.err, f"a warning names the one that is lost\n{result}")
    page = epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml").decode()
    t.equal(re.findall("<img[^>]*>", page), ['<img src="image-1.png" alt="Ida Norén"/>'], "portraits")
    t.keep(t.dir / "book.epub")


def test_missing_picture(t):
    t.file("article.md", MARKDOWN + "\n![A heron](heron.jpg \"A heron at the weir\")\n")
    result = t.ok("-o", "book.epub", "article.md")
    t.true(b"heron.jpg" in result.err, f"a warning names it\n{result}")
    book = epub.Epub(t.dir / "book.epub")
    text = " ".join(epub.page_text(book.read(name)) for name in book.spine())
    t.true("A heron at the weir" in text, "its caption is kept")
    t.keep(t.dir / "book.epub")


def test_image_outside(t):
    """A reference may climb out of the article's folder only as far as the program allows; it
    never ends in a path outside the package."""
    t.file("pic.png", PNG)
    t.file("deep/article.md", MARKDOWN + "\n![p](../pic.png)\n\n![q](../../../../etc/passwd)\n")
    t.ok("-o", "book.epub", "deep/article.md")
    for name in epub.Epub(t.dir / "book.epub").names:
        t.true(re.fullmatch(r"[A-Za-z0-9._/-]+", name) and ".." not in name, name)
        data = epub.Epub(t.dir / "book.epub").read(name)
        t.true(b"root:x:0" not in data, f"{name} holds /etc/passwd")
    t.keep(t.dir / "book.epub")


# --- usage ---

def usage_case(*args, word=None):
    def run(t):
        t.file("article.txt", TEXT)
        result = t.chapbook(*args)
        t.equal(result.status, 2, f"status of {args}\n{result}")
        t.true(result.err.startswith(b"chapbook: "), f"the message names the program\n{result}")
        if word:
            t.true(word in result.err.decode(), f"the message has {word!r}\n{result}")
        t.equal(result.out, b"", "stdout")
        t.equal([p.name for p in t.dir.iterdir()], ["article.txt"], "files")
    return run


test_usage_no_input = usage_case()
test_usage_unknown_option = usage_case("--no-such-option", "article.txt", word="no-such-option")
test_usage_unknown_short_option = usage_case("-Z", "article.txt", word="Z")
test_usage_missing_argument = usage_case("article.txt", "--title", word="title")
test_usage_bad_format = usage_case("-f", "docx", "article.txt", word="docx")
test_usage_bad_split_level = usage_case("--split-level", "seven", "article.txt", word="seven")
test_usage_bad_threads = usage_case("-j", "many", "article.txt", word="many")
test_usage_to_dir_and_output = usage_case("--to-dir", "d", "-o", "b.epub", "article.txt")


def test_help_and_version(t):
    result = t.ok("--help")
    for option in ("--output", "--title", "--photo", "--to-dir", "--split-level", "--explain"):
        t.true(option in result.out.decode(), f"--help tells of {option}")
    t.equal(result.err, b"", "stderr of --help")
    version = re.search(r'CHAPBOOK_VERSION "(.*)"',
                        (harness.ROOT / "src/chapbook.h").read_text()).group(1)
    t.equal(t.ok("--version").out.split(b"\n")[0], f"chapbook {version}".encode(), "--version")
    full = t.run([*harness.WRAP, harness.CHAPBOOK, "--help"], stdout=open("/dev/full", "wb"))
    t.equal(full.status, 1, "status of --help to a full device")


COMMANDS = ("", "extract", "info", "check", "completions")


def options_of(t, command):
    """The options that --help of a command shows."""
    out = t.ok(*command.split(), "--help").out.decode()
    return set(re.findall(r"^  (?:-\w,|   ) (--[a-z-]+)", out, re.M))


def test_help_agrees_with_the_man_page(t):
    """Every option is in the man page as it is in --help, and the other way round: with its letter, and
    with a value or without."""
    in_help = {}
    for command in COMMANDS:
        for letter, name, value in re.findall(r"^  (-\w|  ),? +--([a-z-]+)( ?\S+)?(?=  |\n| )",
                                              t.ok(*command.split(), "--help").out.decode(), re.M):
            in_help[name] = (letter.strip(" -"), bool(re.match(r" ?[A-Z\[W]|ltr", value.strip())))
    page = (harness.ROOT / "assets/chapbook.1").read_text()
    in_page = {}
    for item in re.findall(r"^\.It (Fl .*)", page, re.M):
        letter = ""
        for flag in item.split(" , "):
            name, _, value = flag.removeprefix("Fl ").partition(" ")
            if name.startswith("-"):
                in_page[name[1:]] = (letter, "Ar" in value)
            else:
                letter = name
    t.equal(sorted(in_help.items() ^ in_page.items()), [], "options of --help and chapbook.1 that differ")
    mentioned = {name.replace("\\-", "-") for name in re.findall(r"Fl -([a-z][a-z\\-]+)", page)}
    t.equal(sorted(mentioned - set(in_help)), [], "options that chapbook.1 mentions and the program lacks")
    words = " ".join(page.split())
    for flags, listed in ((["--list-warnings"], 30), (["check", "--list-rules"], 100)):
        rows = [line.split("\t") for line in t.ok(*flags).out.decode().splitlines()]
        t.true(len(rows) > listed and all(len(row) == 3 and all(row) for row in rows), str(rows))
        for name, severity, meaning in rows:
            t.true(severity in ("note", "warning", "loss", "error"), severity)
            entry = f".It {name} {severity.capitalize()}: {meaning}."
            t.true(entry in words, f"chapbook.1 should have: {entry}")


def test_did_you_mean_for_values_and_commands(t):
    t.file("a.md", "# A\n\nWords.\n")
    for args, meant in ((["--theme", "modren", "a.md"], "modern"), (["--profile", "kindel", "a.md"], "kindle"),
                        (["-f", "markdwon", "a.md"], "markdown"), (["check", "--profile", "gogle", "a.epub"], "google"),
                        (["hepl"], "chapbook --help"), (["help"], "chapbook --help"), (["chek"], "chapbook check"),
                        (["extarct", "a.html"], "chapbook extract")):
        result = t.chapbook(*args)
        t.true(result.status == 2 and f"did you mean {meant}?" in result.err.decode(), str(result))
    for args in (["--theme", "xyz", "a.md"], ["--profile", "gogle", "a.md"], ["nothing.md"]):
        result = t.chapbook(*args)
        t.true(result.status and b"did you mean" not in result.err, str(result))


def test_names_that_people_expect(t):
    t.file("a.md", "# A\n\nWords.\n")
    for option in ("--no-split", "--no-sand", "--no-im", "--no-lim", "--no-cov"):
        result = t.chapbook(option, "-o", "a.epub", "a.md")
        t.equal(result.status, 2 if option == "--no-lim" else 0, str(result))
    for option, meant in (("--language", "lang"), ("--keywords", "subject"), ("--no-pictures", "no-images"), ("--isbn", "identifier")):
        result = t.chapbook(option, "de", "a.md")
        t.true(result.status == 2 and f"did you mean --{meant}?" in result.err.decode(), str(result))


def test_folders_where_files_are_meant(t):
    t.file("in/a.md", "# A\n\nWords.\n")
    t.file("a.md", "# A\n\nWords.\n")
    for args in (["--css", "in", "a.md"], ["--metadata-file", "in", "a.md"], ["--photo", "in", "a.md"], ["--cover", "in", "a.md"],
                 ["-i", "in"], ["check", "in"], ["info", "in"], ["--config", "in", "a.md"]):
        result = t.chapbook(*args)
        t.true(result.status and b"Is a directory" not in result.err and result.err.count(b"\n") == 1, f"{args}\n{result}")


def test_pictures_of_options_are_reported_once(t):
    t.file("a.md", "# A\n\nWords.\n")
    t.file("no.png", "no picture")
    for option in ("--photo", "--cover"):
        for name in ("no.png", "gone.png"):
            result = t.chapbook(option, name, "a.md")
            t.equal((result.status, result.err.count(b"\n"), result.err.count(name.encode())), (1, 1, 1), str(result))


def test_explain_has_a_summary_for_each_article(t):
    t.file("in/a.md", "# One\n\nWords.\n")
    t.file("in/b.md", "# Two\n\nWords.\n")
    lines = t.ok("--explain", "-o", "a.epub", "in/a.md", "in/b.md").err.decode().splitlines()
    for name, title in (("in/a.md:", "One"), ("in/b.md:", "Two")):
        at = lines.index(f"  title: {title} [summary]")
        t.equal(lines[at - 1], name, "\n".join(lines))


def test_numbers_agree_with_their_nouns(t):
    t.file("a.html", "<html><body><p>" + "word " * 50 + "<a href='x.html'>one</a></p></body></html>")
    result = t.ok("a.html", "-o", "a.epub")
    t.true(b"1 relative link was removed" in result.err and b"to keep it" in result.err, str(result))
    t.true(b"0 errors, 0 warnings" in t.ok("check", "a.epub").out, "none")
    with zipfile.ZipFile(t.dir / "a.epub") as old, zipfile.ZipFile(t.dir / "b.epub", "w") as new:
        for item in old.infolist():
            text = old.read(item)
            if item.filename == "EPUB/chapter-1.xhtml":
                text = text.replace(b"</section>", b'<p><a href="gone.xhtml">gone</a></p></section>', 1)
            new.writestr(item, text, compress_type=item.compress_type)
    t.true(b"b.epub: 1 error, 0 warnings" in t.chapbook("check", "b.epub").out, str(t.chapbook("check", "b.epub").out))


def test_help_of_a_command_shows_its_options_only(t):
    t.true("--list-rules" in options_of(t, "check") and "--profile" in options_of(t, "check"), "check")
    t.true(not options_of(t, "check") & {"--title", "--output", "--json"}, "options of others")
    t.true("--output" not in options_of(t, "extract"), "extract has --dir instead")
    for command in COMMANDS[1:]:
        shown = options_of(t, command)
        for shell in ("bash", "zsh", "fish"):
            script = t.ok("completions", shell).out.decode()
            part = {"bash": rf"\n\t{command}\) options='(.*?)'", "zsh": rf"\n\t{command}\)\n(.*?)\t;;",
                    "fish": rf"((?:complete -c chapbook -n '__chapbook_command {command}' .*\n)+)"}[shell]
            text = " ".join(re.findall(part, script, re.S if shell == "zsh" else 0))
            offered = {"--" + name for name in re.findall(r"(?:--|-l )([a-z][a-z-]*)", text)}
            t.equal(sorted(shown - offered), [], f"{command}: options that {shell} does not complete")


def usage_message(expected, *args):
    def run(t):
        t.file("article.txt", TEXT)
        result = t.chapbook(*args)
        t.equal(result.status, 2, str(result))
        t.equal(result.err.decode(), f"chapbook: {expected}\n", "message")
    return run


test_nearest_option = usage_message("--titel: no such option; did you mean --title?",
                                    "--titel", "x", "article.txt")
test_nearest_option_swapped = usage_message("--ouptut: no such option; did you mean --output?",
                                            "--ouptut=x", "article.txt")
test_no_nearest_option = usage_message("--frobnicate: no such option; see chapbook --help",
                                       "--frobnicate", "article.txt")
test_no_nearest_option_of_a_command = usage_message(
    "--frobnicate: no such option; see chapbook check --help", "check", "--frobnicate", "b.epub")
test_ambiguous_abbreviation = usage_message(
    "--max is ambiguous: it could be --max-book-size, --max-redirects, --max-page-size, "
    "--max-image-size", "--max=3", "article.txt")
test_option_of_another_command = usage_message("--title is an option of chapbook ARTICLE..., not of chapbook check",
                                               "check", "--title", "x", "b.epub")
test_value_of_a_negated_option = usage_message("--no-cover takes no value", "--no-cover=x",
                                               "article.txt")


def test_abbreviations_and_negations(t):
    t.file("article.txt", TEXT)
    t.ok("--out=a.epub", "--publ", "One paper", "--descr", "A summary", "article.txt")
    t.equal(epub.Epub(t.dir / "a.epub").dc("publisher"), ["One paper"], "--publ")
    t.equal(epub.Epub(t.dir / "a.epub").dc("description"), ["A summary"], "--descr")
    t.run([harness.CHAPBOOK, "--no-cover", "--kepub", "--no-kepub", "-o", "b/", "article.txt"])
    names = [p.name for p in (t.dir / "b").glob("[!.]*")]
    t.true(len(names) == 1 and not names[0].endswith(".kepub.epub"), f"--no-kepub: {names}")
    t.true("cover" not in " ".join(epub.Epub(t.dir / "b" / names[0]).names), "--no-cover")
    t.equal(t.ok("-vq", "-oc.epub", "article.txt").out, b"", "letters together; -q")


def test_errors_name_the_file(t):
    for args in (["missing.txt"], ["info", "missing.epub"], ["check", "missing.epub"]):
        t.file("article.txt", TEXT)
        result = t.chapbook(*args)
        t.equal(result.status, 1, f"status of {args}")
        t.true(result.err.startswith(b"chapbook: "), str(result))
        t.true(b"issing" in result.err, str(result))
        t.true(b"No such file" in result.err, f"the system's words\n{result}")


def test_folder_as_input(t):
    (t.dir / "folder").mkdir()
    result = t.chapbook("folder")
    t.equal(result.status, 1, "status")
    t.true(b"folder" in result.err, str(result))


def test_names_with_spaces_and_dashes(t):
    t.file("-dash.txt", TEXT)
    t.ok("-o", "a b ü.epub", "--", "-dash.txt")
    t.true((t.dir / "a b ü.epub").exists(), "the book is there")


# --- pipes ---

def test_closed_pipe(t):
    """`chapbook … | head -c1` must end, and not as if all was well unless all was written."""
    # More than a pipe holds, also when compressed.
    t.file("article.md", MARKDOWN + "\n\n" + " ".join(
        f"{random.Random(n).randbytes(6).hex()}" for n in range(100000)))
    process = subprocess.Popen([harness.CHAPBOOK, "--cover", "none", "-o", "-", "article.md"], cwd=t.dir,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=harness.base_env())
    process.stdout.read(1)
    process.stdout.close()
    err = process.stderr.read()
    process.wait(harness.HANG)
    t.true(process.returncode in (1, -signal.SIGPIPE),
           f"status {process.returncode}, stderr {err.decode()}")


def test_stdout_full(t):
    t.file("article.txt", TEXT)
    for args in (["-o", "-", "article.txt"], ["info", "book.epub"], ["--help"]):
        t.ok("-o", "book.epub", "article.txt")
        with open("/dev/full", "wb") as full:
            result = t.run([*harness.WRAP, harness.CHAPBOOK, *args], stdout=full)
        t.equal(result.status, 1, f"status of {args} with a full stdout\n{result}")
        t.true(b"No space left" in result.err, str(result))


# --- info and check ---

def test_info(t):
    t.file("article.txt", TEXT)
    t.ok("-o", "book.epub", "--bio", "Mara Ellison keeps a lamp.", "article.txt")
    text = t.ok("info", "book.epub").out.decode()
    for word in ("The Lamp at Harbour End", "Mara Ellison", "keeps a lamp"):
        t.true(word in text, f"info tells {word!r}:\n{text}")
    data = json.loads(t.ok("info", "--json", "book.epub").out)
    t.equal(data["title"], "The Lamp at Harbour End")
    t.true("Mara Ellison" in json.dumps(data), "the author is in the JSON")


def test_check(t):
    import zipfile
    t.file("article.txt", TEXT)
    t.ok("-o", "book.epub", "article.txt")
    t.ok("check", "book.epub")
    files = epub.Epub(t.dir / "book.epub").files()
    # Broken in one way each; every one must be found.
    chapter = epub.Epub(t.dir / "book.epub").chapters()[0]

    def zipped(name, entries, first_stored=True, comment=b""):
        with zipfile.ZipFile(t.dir / name, "w", zipfile.ZIP_DEFLATED) as z:
            for entry, data in entries.items():
                stored = entry == "mimetype" and first_stored
                z.writestr(entry, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
            z.comment = comment
    broken = {
        "mimetype-last": {**{k: v for k, v in files.items() if k != "mimetype"},
                          "mimetype": files["mimetype"]},
        "no-container": {k: v for k, v in files.items() if k != "META-INF/container.xml"},
        "no-chapter": {k: v for k, v in files.items() if k != chapter},
        "not-well-formed": {**files, chapter: files[chapter].replace(b"</body>", b"")},
        "broken-link": {**files, chapter: files[chapter].replace(
            b"</body>", b'<p><a href="nowhere.xhtml">x</a></p></body>')},
        "double-id": {**files, chapter: files[chapter].replace(
            b"</body>", b'<p id="q">x</p><p id="q">y</p></body>')},
        "script": {**files, chapter: files[chapter].replace(
            b"</body>", b"<script>alert(1)</script></body>")},
        "no-title": {**files, "EPUB/package.opf": re.sub(
            rb"<dc:title.*?</dc:title>", b"", files["EPUB/package.opf"])},
        "bad-mimetype": {**files, "mimetype": b"application/zip"},
    }
    for name, entries in broken.items():
        zipped(f"{name}.epub", entries)
        result = t.chapbook("check", f"{name}.epub")
        t.equal(result.status, 1, f"status of check for {name}")
        t.true(f"{name}.epub" in (result.out + result.err).decode(), f"names the file\n{result}")
    zipped("stray.epub", {**files, "EPUB/stray.txt": b"stray"})
    t.true(b"stray.txt" in t.chapbook("check", "stray.epub").out, "a file that no manifest has is reported")
    zipped("deflated.epub", files, first_stored=False)
    t.equal(t.chapbook("check", "deflated.epub").status, 1, "a deflated mimetype")
    zipped("comment.epub", files, comment=b"hello")
    t.true(b"comment" in t.chapbook("check", "comment.epub").out
           + t.chapbook("check", "comment.epub").err, "an archive comment is reported")
    t.equal(t.chapbook("check", "book.epub", "no-title.epub").status, 1, "one bad of two")
    t.file("no.epub", b"not a zip")
    t.equal(t.chapbook("check", "no.epub").status, 1, "no ZIP at all")


def mapped(t, *args):
    """Names of the libraries that the program has mapped when its work is done: its book waits in a
    pipe that is too small for it."""
    out, into = os.pipe()
    fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen([harness.CHAPBOOK, "-q", "-o", "-", *args], cwd=t.dir, stdout=into,
                               env=harness.base_env())
    os.close(into)
    with open(out, "rb") as book:
        select.select([book], [], [], harness.HANG)
        # The work is done by a child process.
        child = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
        maps = Path(f"/proc/{child}/maps").read_text()
        size = len(book.read())
    t.equal(process.wait(harness.HANG), 0, f"status of {args}")
    t.true(size > 4096, "the book did not fit into the pipe")
    return {Path(line.split()[-1]).name.split(".so")[0] for line in maps.splitlines() if ".so" in line}


def test_libraries_stay_out(t):
    """A plain article loads neither a network nor a picture library, nor a charset or language
    guesser that it does not need; each is loaded when it is needed, and then alone."""
    t.file("article.txt", TEXT)
    if harness.WRAP:
        raise harness.NotMeant()
    net, drawing = {"libcurl"}, {"libglib-2.0", "libpango-1.0", "libcairo"}
    pictures = drawing | {"libvips", "librsvg-2"}
    guessers = {"libuchardet", "libexttextcat-2.0"}
    plain = ("--lang", "en", "--cover", "none", "article.txt")

    libraries = mapped(t, *plain)
    t.true("libxml2" in libraries, f"the maps tell: {libraries}")
    t.equal(libraries & (net | pictures | guessers), set(), "in a plain conversion")
    libraries = mapped(t, "--lang", "en", "--cover", "auto", "article.txt")
    t.equal(libraries & pictures, drawing, "when a cover is drawn")
    with web.Server() as server:
        server.files["/page"] = web.Answer(f"<h1>A lamp</h1><p>{TEXT * 3}<img src=/picture width=400>")
        libraries = mapped(t, "--cover", "none", "--cache", "none", server.url("/page"))
        t.true("/picture" in server.paths(), "the picture was fetched")
    t.equal(net - libraries, set(), "not there when a page is fetched")
    t.equal(libraries & pictures, set(), "where no picture had to be changed")

    # What was there for a moment only.
    result = t.ok("-o", "book.epub", *plain,
                  env={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(t.dir / "ld")})
    loaded = "".join(p.read_text() for p in t.dir.glob("ld.*"))
    t.true("libxml2" in loaded, f"the loader tells\n{result}")
    for library in net | pictures | guessers:
        t.equal(re.findall(rf"calling init: .*{library}.*", loaded), [],
                f"{library} in a plain conversion")
