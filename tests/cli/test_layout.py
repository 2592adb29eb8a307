"""The layout of a book: where it begins, what has a page, what is at its end."""

import os
import re

import epub
import harness

SENTENCE = "The lake rises each spring before the ice is gone, and the town has learned to live by it. "
FRONT = """---
title: The Lake
author: {name: Ida Holm, bio: Ida Holm writes about water.}
date: 2023-11-04
publisher: The Reader
section: Science
standfirst: What the ice says.
rights: © 2023 Ida Holm
source: https://www.example.org/a/%C3%A9t%C3%A9/
---
"""
LINES = ["Science", "The Lake", "What the ice says.", "By Ida Holm", "The Reader · 4 November 2023"]


def words(count):
    """A text of that many words, in paragraphs."""
    all_words = (SENTENCE * (count // 18 + 1)).split()[:count]
    return "\n\n".join(" ".join(all_words[i:i + 90]) for i in range(0, count, 90)) + "\n\n"


def made(t, text, *args, name="a.md"):
    t.file(name, text)
    t.ok("--no-guess", "-o", "book.epub", *args, name)
    t.keep(t.dir / "book.epub")
    return epub.Epub(t.dir / "book.epub")


def spine(book):
    return [name.split("/")[-1].removesuffix(".xhtml") for name in book.spine()]


def test_short_article_begins_with_its_text(t):
    book = made(t, FRONT + words(300))
    t.equal(spine(book), ["chapter-1"], "the reading order")
    t.equal(book.opening(), LINES, "the header above the text")
    page = book.read("EPUB/chapter-1.xhtml").decode()
    t.true(re.search(r"</header>\s*<p>The lake rises", page), "the text follows it")
    t.equal([title for _, title, _ in book.toc()], ["The Lake"], "contents")
    t.true("nav.xhtml" in [item.get("href") for item in book.items.values()], "the navigation document is there")


def test_title_and_contents_pages(t):
    for args, expected in ((["--title-page"], ["title", "chapter-1"]),
                           (["--contents-page"], ["nav", "chapter-1"]),
                           (["--title-page", "--contents-page"], ["title", "nav", "chapter-1"])):
        book = made(t, FRONT + words(300), *args)
        t.equal(spine(book), expected, f"{args}")
        over = epub.page_text(book.read("EPUB/chapter-1.xhtml")).split("The lake rises")[0].split("\n")
        over = [line for line in over if line.strip()]
        t.equal(over, ["The Lake"] if "--title-page" in args else LINES, f"{args}: said once")
    long_text = FRONT + words(10200)
    t.equal(spine(made(t, long_text))[:2], ["title", "nav"], "a long text")
    t.equal(spine(made(t, FRONT + words(9800)))[0], "chapter-1", "one that is not")
    t.equal(spine(made(t, long_text, "--no-title-page", "--no-contents-page"))[0], "chapter-1", "neither")
    t.file("b.md", "# Two\n\n" + words(100))
    t.file("a.md", FRONT + words(100))
    for args, expected in (([], ["title", "nav"]), (["--no-title-page"], ["nav", "chapter-1"]),
                           (["--no-contents-page"], ["title", "chapter-1"])):
        t.ok("--no-guess", "-o", "two.epub", *args, "a.md", "b.md")
        t.keep(t.dir / "two.epub")
        t.equal(spine(epub.Epub(t.dir / "two.epub"))[:2], expected, f"two articles, {args}")
    t.equal(t.chapbook("--title-page=perhaps", "-o", "x.epub", "a.md").status, 2, "another word")


def chapter_titles(book):
    return [re.search(r"<h1[^>]*>(.*?)</h1>", book.read(name).decode())[1] for name in book.chapters()]


def test_chapters_are_chapters(t):
    text = (f"# The Lake\n\n{words(60)}## One\n\n{words(450)}## Two\n\n{words(450)}## Three\n\n{words(120)}"
            f"## Four\n\n{words(450)}### Inner\n\n{words(60)}## Five\n\n{words(60)}")
    book = made(t, text)
    t.equal(chapter_titles(book), ["The Lake", "Two", "Four"], "chapters")
    contents = [(1, "The Lake"), (1, "One"), (1, "Two"), (1, "Three"), (1, "Four"), (2, "Inner"), (1, "Five")]
    t.equal([(depth, title) for depth, title, _ in book.toc()], contents, "contents")
    ncx = book.read("EPUB/toc.ncx").decode()
    t.equal(re.findall(r"<navLabel><text>(.*?)</text>", ncx), [title for _, title in contents], "NCX")
    t.equal(chapter_titles(made(t, text, "--split-level", "2")),
            ["The Lake", "One", "Two", "Three", "Four", "Five"], "the caller's word")
    t.equal(chapter_titles(made(t, text, "--split-level", "none")), ["The Lake"], "one chapter")
    ideographs = "湖水每年春天都会上涨。" * 10 + "\n\n"
    chinese = "# 湖\n\n" + "".join(f"## {name}\n\n{ideographs * times}"
                                   for name, times in (("甲", 9), ("乙", 9), ("丙", 5), ("丁", 9)))
    t.equal(chapter_titles(made(t, chinese)), ["湖", "乙", "丁"], "800 characters of Chinese")


def end_matter(book):
    """The lines at the end of each article."""
    found = []
    for name in book.chapters():
        footer = re.search(r'<footer class="end-matter">(.*?)</footer>', book.read(name).decode(), re.S)
        if footer:
            found.append([re.sub(r"<[^>]*>", "", line) for line in re.findall(r"<p[ >].*?</p>", footer[1], re.S)])
    return found


def test_end_matter(t):
    book = made(t, FRONT + words(100))
    t.equal(end_matter(book), [["Ida Holm writes about water.",
            "First published in The Reader on 4 November 2023. © 2023 Ida Holm. Read it at example.org/a/été."]], "en")
    t.true('href="https://www.example.org/a/%C3%A9t%C3%A9/"' in book.read("EPUB/chapter-1.xhtml").decode(), "the address")
    for language, said in (
            ("de", "Zuerst erschienen am 4. November 2023 in: The Reader. © 2023 Ida Holm. "
                   "Online zu lesen unter example.org/a/été."),
            ("ja", "初出：The Reader、2023年11月4日。© 2023 Ida Holm。原文：example.org/a/été"),
            ("ru", "Впервые опубликовано: The Reader, 4 ноября 2023 г. © 2023 Ida Holm. Читать: example.org/a/été")):
        t.equal(end_matter(made(t, FRONT + words(100), "--lang", language))[0][1], said, language)
    for front, said in (
            ("publisher: The Reader\ndate: 2023-11", "First published in The Reader (November 2023)."),
            ("publisher: The Reader", "First published in The Reader."),
            ("date: 2023-11-04", "First published on 4 November 2023."),
            ("date: 2023", "Published: 2023."),
            ("source: https://example.org/" + "a" * 90, "Read it at example.org/…."),
            ("rights: https://creativecommons.org/licenses/by/4.0/", "creativecommons.org/licenses/by/4.0.")):
        t.equal(end_matter(made(t, f"---\ntitle: T\nlang: en\n{front}\n---\n\n{words(60)}")), [[said]], front)
    t.equal(end_matter(made(t, f"---\ntitle: T\n---\n\n{words(60)}")), [], "nothing is known")


def test_bios_of_several(t):
    """A bio that does not begin with the name gets a line with it."""
    book = made(t, "---\ntitle: T\nauthor:\n- {name: Ann Brown, bio: Teaches., affiliation: Bee House}\n"
                   f"- {{name: Bo Li, url: 'https://example.org/bo'}}\n- {{name: Cy Dent, bio: Cy Dent sails.}}\n---\n\n{words(60)}")
    t.equal(end_matter(book), [["Ann Brown, Bee House", "Teaches.", "Cy Dent sails."]], "bios")


def test_anthology(t):
    """Options name the book; each article keeps its own title, paper and date, and its own end."""
    t.file("a.md", FRONT + words(100))
    t.file("b.md", "---\ntitle: The River\nauthor: Bo Li\npublisher: The Courier\ndate: 2022-01-02\n---\n\n" + words(100))
    t.ok("--no-guess", "-o", "week.epub", "--title", "The Week", "--publisher", "Weekly Press", "--date", "2024-05-06", "a.md", "b.md")
    t.keep(t.dir / "week.epub")
    book = epub.Epub(t.dir / "week.epub")
    t.equal((book.dc("title"), book.dc("publisher"), book.dc("date")), (["The Week"], ["Weekly Press"], ["2024-05-06"]), "book")
    t.equal(book.dc("description"), ["The Lake; The River"], "description")
    t.equal([book.opening(0), book.opening(1)],
            [LINES, ["The River", "By Bo Li", "The Courier · 2 January 2022"]], "articles")
    t.equal([title for _, title, _ in book.toc()],
            ["The Lake — Ida Holm, The Reader", "The River — Bo Li, The Courier"], "contents")
    t.equal([lines[-1].split(".")[0] for lines in end_matter(book)],
            ["First published in The Reader on 4 November 2023", "First published in The Courier on 2 January 2022"], "ends")
    record = book.record()
    t.equal((record["publisher"]["name"], [part["publisher"]["name"] for part in record["hasPart"]]),
            ("Weekly Press", ["The Reader", "The Courier"]), "the record")
    t.file("empty.md", "")
    t.equal(t.chapbook("-o", "one.epub", "--title", "The Week", "a.md", "empty.md").status, 1, "one is empty")
    t.equal(epub.Epub(t.dir / "one.epub").dc("title"), ["The Week"], "a book that lost an article")


def test_no_script_on_any_page(t):
    for profile in ("generic", "kindle", "kobo"):
        book = made(t, FRONT + words(60), "--profile", profile)
        t.true(not any(b"<script" in book.read(name) for name in book.names if name.endswith(".xhtml")), profile)
        t.equal(book.record()["headline"], "The Lake", "the record")


def modified(book):
    return book.metas("dcterms:modified")[0][1]


def test_modified_date(t):
    """SOURCE_DATE_EPOCH, else the newest date of the article, else that of its file; never 1980."""
    path = t.file("plain.md", "# The Lake\n\n" + words(60))
    os.utime(path, (1600000000, 1600000000))
    t.ok("-o", "book.epub", "plain.md")
    t.equal(modified(epub.Epub(t.dir / "book.epub")), "2020-09-13T12:26:40Z", "the file's")
    first = (t.dir / "book.epub").read_bytes()
    t.ok("-o", "book.epub", "plain.md")
    t.true(first == (t.dir / "book.epub").read_bytes(), "the same bytes")
    t.ok("-o", "book.epub", "plain.md", env={"SOURCE_DATE_EPOCH": "1700000000"})
    t.equal(modified(epub.Epub(t.dir / "book.epub")), "2023-11-14T22:13:20Z", "the caller's")
    os.utime(t.file("dated.md", FRONT.replace("date: 2023-11-04", "date: 2019-02-03\nupdated: 2018-01-01") + words(60)),
             (1600000000, 1600000000))
    t.ok("-o", "book.epub", "dated.md")
    t.equal(modified(epub.Epub(t.dir / "book.epub")), "2019-02-03T00:00:00Z", "the newest of the article's")
    t.ok("-o", "book.epub", "-", input=path.read_bytes())
    t.true(not modified(epub.Epub(t.dir / "book.epub")).startswith("1980"), "of a pipe")


def mutool_pages(t, book, *size):
    script = t.file("pages.js", "var d = new Document(scriptArgs[0]);\nd.layout(+scriptArgs[1], +scriptArgs[2], +scriptArgs[3]);\n"
                                "print(d.countPages());\n")
    return int(t.run([harness.need_tool("mutool", "mupdf-tools"), "run", script, book, *map(str, size)]).out)


def test_pages_of_the_sample(t):
    """The sample article is no longer than its text: page counts of MuPDF on a tablet and a phone."""
    t.ok("--cover", "auto", "-o", "book.epub", harness.ROOT / "assets" / "sample" / "article.txt")
    book = t.dir / "book.epub"
    for what, size, limit in (("tablet", (600, 800, 16), 5), ("phone", (390, 844, 16), 7)):
        pages = mutool_pages(t, book, *size)
        t.true(3 <= pages <= limit, f"{pages} pages on a {what}")
    text = t.run([harness.need_tool("mutool", "mupdf-tools"), "draw", "-q", "-W", "390", "-H", "844", "-S", "16", "-F", "txt",
                  "-o", "-", book, "2"]).out.decode()
    t.true("The notebook lies on the windowsill" in " ".join(text.split()), "the first sentence is on the second screen")
