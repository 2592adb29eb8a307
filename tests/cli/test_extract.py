"""chapbook extract, web pages as inputs, lists of them: chapbook(1)."""

import gzip
import json
import re
import struct
import zlib
import xml.etree.ElementTree as ET

import epub
import harness

XHTML = "{http://www.w3.org/1999/xhtml}"


def page(title="The Lamp at Harbour End", extra=""):
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="author" content="Mara Ellison"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>{title}</h1>
<p>The lamp was lit at four, as it had been every afternoon since the first of October, and the
keeper climbed down again with the can in her hand.</p>
<p>Nobody saw her go. The street was empty, the boats were in, and the rain had begun, as it did on
most days of that long, wet and windless autumn.</p>{extra}
<p>She came back at eight, with the lamp still burning, and told <a href="story/two">the second
story</a> to those who had waited for it.</p>
</article></body></html>
"""


def text_of(document):
    return " ".join(ET.fromstring(document).find(XHTML + "body").itertext())


def refused(t, *args, word, status=2):
    before = sorted(p.name for p in t.dir.iterdir())
    result = t.chapbook(*args)
    t.equal(result.status, status, f"status of {args}\n{result}")
    t.true(result.err.startswith(b"chapbook: ") and word in result.err.decode(), str(result))
    t.equal(result.out, b"", "stdout")
    t.equal(sorted(p.name for p in t.dir.iterdir()), before, "files")


def test_one_page_to_stdout(t):
    t.file("page.html", page())
    result = t.ok("extract", "page.html")
    root = ET.fromstring(result.out)
    t.equal(root.tag, XHTML + "html", "a document")
    t.equal(root.get("lang"), "en", "its language")
    t.equal(root.findtext(f"{XHTML}head/{XHTML}title"), "The Lamp at Harbour End", "its title")
    t.true("Nobody saw her go." in text_of(result.out), str(result))
    t.true("News" not in text_of(result.out), "no menu")
    known = json.loads(t.ok("extract", "--json", "page.html").out)
    t.equal(known["title"], "The Lamp at Harbour End", "title")
    t.equal([author["name"] for author in known["authors"]], ["Mara Ellison"], "authors")
    t.equal([p.name for p in t.dir.iterdir()], ["page.html"], "nothing is written")
    t.equal(t.ok("extract", "-", input=page()).out, result.out, "from standard input")


def test_texts(t):
    """Text and Markdown are read as what they are."""
    t.file("a.md", "---\ntitle: A Title\nauthor: Ann Brown\n---\n\nSome *words* of it, and [more](b.md).\n\n## Part\n\nWords.\n")
    t.file("a.txt", "A Lake\n\nBy Ann Brown\n\nThe water was low, and it was cold that day, as it had been.\n")
    for name, title in (("a.md", "A Title"), ("a.txt", "A Lake")):
        known = json.loads(t.ok("extract", "--json", name).out)
        t.equal((known["title"], [a["name"] for a in known["authors"]]), (title, ["Ann Brown"]), name)
    body = t.ok("extract", "a.md").out
    t.true(b"Some <em>words</em> of it" in body and b"<h2" in body and b"author:" not in body, body.decode())
    t.equal(t.ok("extract", "-", input=(t.dir / "a.md").read_bytes()).out, body, "from standard input")
    t.ok("extract", "-d", "out", "a.md", "a.txt")
    t.equal((t.dir / "out/a.html").read_bytes(), body, "--dir")
    refused(t, "extract", t.file("a.json", "{}"), word="JSON", status=1)


def test_folder(t):
    for name in ("one.html", "two.htm", "three.html.gz", "in/one.html", "v1.2.php"):
        text = page(name).encode()
        t.file(name, gzip.compress(text) if name.endswith(".gz") else text)
    result = t.ok("extract", "-d", "out/deep", "one.html", "two.htm", "three.html.gz",
                  "in/one.html", "v1.2.php")
    names = {f"{stem}.{kind}" for stem in ("one", "one-2", "three", "two", "v1.2")
             for kind in ("html", "json")}
    t.equal({p.name for p in (t.dir / "out/deep").iterdir()}, names, "files")
    t.equal(set(result.out.decode().split()),
            {f"out/deep/{name}" for name in names if name.endswith(".html")}, "told")
    t.equal(json.loads((t.dir / "out/deep/one-2.json").read_bytes())["title"], "in/one.html", "title")
    t.equal(t.ok("extract", "-q", "-d", "out/deep", "one.html").out, b"", "-q")
    t.equal((t.dir / "out/deep/two.html").read_bytes(), t.ok("extract", "two.htm").out,
            "the same as printed")


def test_inputs_are_spared(t):
    text = page()
    t.file("page.html", text)
    t.file("in/page.html", text)
    refused(t, "extract", "-d", ".", "page.html", word="page.html would be overwritten")
    refused(t, "extract", "-d", "in/", "page.html", "in/../in/page.html", word="overwritten")
    t.equal((t.dir / "in/page.html").read_text(), text, "the page")
    t.file("page.mhtml.gz", gzip.compress(text.encode()))
    t.ok("extract", "-f", "html", "-d", "other", "page.mhtml.gz")


def test_list(t):
    t.file("set/pages/a.html", page("First"))
    t.file("set/pages/b.html.gz", gzip.compress(page("Second").encode()))
    t.file("set/urls.tsv", "# name, page, URL\r\n\r\na\tpages/a.html\thttps://example.org/a/\r\n"
                           "b 2\tpages/b.html.gz\nb 2\tpages/a.html\t\n")
    t.ok("extract", "-d", "out", "-i", "set/urls.tsv")
    t.equal(sorted(p.name for p in (t.dir / "out").glob("*.html")),
            ["a.html", "b 2-2.html", "b 2.html"], "files")
    first, second = ((t.dir / f"out/{name}.html").read_text() for name in ("a", "b 2-2"))
    t.true('href="https://example.org/a/story/two"' in first, f"addresses have the page's\n{first}")
    t.true("example.org" not in second, "a URL is one page's alone")
    t.equal(json.loads((t.dir / "out/a.json").read_bytes())["url"], "https://example.org/a/", "url")
    # Books of the same list.
    t.ok("-q", "-i", "set/urls.tsv", "-o", "books/")
    t.equal(sorted(p.name for p in (t.dir / "books").glob("[!.]*")),
            ["a.epub", "b 2-2.epub", "b 2.epub"], "books")
    t.equal(epub.Epub(t.dir / "books/b 2.epub").dc("title"), ["Second"], "title")
    t.equal(epub.Epub(t.dir / "books/a.epub").dc("source"), ["https://example.org/a/"], "source")
    t.ok("-q", "-i", "set/urls.tsv", "-o", "all.epub", "--title", "All")
    t.equal(epub.Epub(t.dir / "all.epub").dc("title"), ["All"], "one book")
    t.keep(t.dir / "all.epub")


def list_case(text, word):
    """A line of a list that cannot be used costs itself alone."""
    def run(t):
        t.file("page.html", page())
        t.file("list", text + "ok\tpage.html\n")
        result = t.chapbook("extract", "-d", "out", "-i", "list")
        t.equal(result.status, 1, "status")
        t.true(word in result.err.decode(), str(result))
        t.equal(result.out, b"out/ok.html\n", "the other line")
    return run


test_list_without_such_a_file = list_case("lonely\n", "lonely: ")
test_list_without_a_file = list_case("lonely\t\tx\n", "list:1: the file")
test_list_without_a_name = list_case("\n\tpage.html\n", "list:2: the name")
test_list_leads_out = list_case("../x\tpage.html\n", "list:1: the name")
test_list_leads_to_the_root = list_case("/x\tpage.html\n", "list:1: the name")
test_list_with_a_nul = list_case("a\0\tpage.html\n", "list:1: it is not text")


def test_usage(t):
    t.file("page.html", page())
    t.file("list", "a\tpage.html\n")
    refused(t, "extract", word="no article given")
    refused(t, "extract", "page.html", "page.html", word="--dir")
    refused(t, "extract", "-d", "out", "--json", "page.html", word="--json")
    refused(t, "extract", "-o", "x", "page.html", word="not of chapbook extract")
    refused(t, "extract", "--split-level", "2", "page.html", word="--split-level")
    refused(t, "-d", "out", "page.html", word="--dir is an option of chapbook extract")
    refused(t, "--json", "page.html", word="--json")
    refused(t, "check", "-j", "2", "page.html", word="not of chapbook check")
    refused(t, "extract", "--base-url", "nowhere", "page.html", word="nowhere")
    refused(t, "--base-url", "http://example.org/", "-i", "list", word="--base-url")
    refused(t, "extract", "--sandbox=perhaps", "page.html", word="perhaps")
    refused(t, "extract", "-i", "no-list", word="no-list: No such file", status=1)
    refused(t, "extract", "-d", "out", "-i", ".", word=".: is a folder, not a list", status=1)


def test_no_article(t):
    t.file("good.html", page())
    t.file("empty.html", "<html><head><title>Empty</title></head><body></body></html>")
    t.file("menu.html", "<html><head><title>Menu</title></head><body><nav><a href='a'>One</a> "
           "<a href='b'>Two</a></nav><form><input></form></body></html>")
    menu = t.ok("extract", "menu.html")
    t.true(b"One" in menu.out and b"Two" in menu.out, "the text of a page that has nothing but a menu")
    t.true(b"no article was found; the book has all the text of the page [no-article]" in menu.err, str(menu))
    result = t.chapbook("extract", "-d", "out", "empty.html", "missing.html", "good.html")
    t.equal(result.status, 1, "status")
    t.true(b"chapbook: empty.html: no article found (" in result.err, str(result))
    t.true(b"chapbook: missing.html: No such file" in result.err, str(result))
    t.equal(sorted(p.name for p in (t.dir / "out").iterdir()), ["good.html", "good.json"], "files")
    t.equal(t.chapbook("empty.html").status, 1, "as a book")
    t.ok("-o", "menu.epub", "menu.html")
    t.keep(t.dir / "menu.epub")


LONG = "<p>" + "The boats lay where the tide had left them, and the keeper walked along the wall. " * 30 + "</p>"
SHORT = "<p>The boats lay where the tide had left them, and the keeper walked along the long stone wall in the rain, as " \
        "she had done on each evening of that long and wet autumn, with a lamp in one hand and a can in the other one.</p>"


def test_pages_that_are_no_article(t):
    """A warning with the reason, and status 3 with --strict; none for an article."""
    paid = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The Lamp", ' \
           '"isAccessibleForFree": %s}</script>'
    cases = [
        ("Just a moment...", "", SHORT, "a check for bots"), ("Attention Required! | Cloudflare", "", SHORT, "a check for bots"),
        ("Log in | The Harbour Times", "", SHORT, "a log-in page"), ("Bevor Sie fortfahren", "", SHORT, "a consent page"),
        ("404 Not Found", "", SHORT, "an error page"), ("Страница не найдена", "", SHORT, "an error page"),
        ("The Harbour", "", "<p>You need to enable JavaScript to run this app.</p>", "a page that needs JavaScript"),
        ("The Lamp", paid % "false", SHORT, "the article is not free"), ("The Lamp", paid % '"False"', SHORT, "the article is not free"),
        ("The Lamp", "", "<p>The lamp was lit at four.</p>", "the page has only "),
        ("The Lamp", "", SHORT, None), ("The Lamp", paid % "true", SHORT, None), ("The Lamp", paid % "false", LONG, None),
        ("Just a moment in the harbour", "", LONG, None), ("Not Found: the lamp of Harbour End", "", LONG, None),
    ]
    for title, head, body, reason in cases:
        t.file("page.html", f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head><body>"
               f"<article><h1>{title}</h1>{body}</article></body></html>")
        result = t.chapbook("--strict", "-o", "page.epub", "page.html")
        told = result.err.decode()
        t.equal(result.status, 3 if reason else 0, f"{title!r}\n{result}")
        t.true(("[no-article]" in told) == bool(reason) and (reason or "") in told, f"{title!r}\n{result}")


def test_explain_rules(t):
    """Rules are indented under their input, which is named once; the summary comes last."""
    t.file("page.html", page())
    lines = t.ok("extract", "--explain", "page.html").err.decode().splitlines()
    t.equal([line for line in lines if "page.html" in line], ["page.html:"], "lines with the name")
    t.true(any(re.match(r"  .* \[rule\]$", line) for line in lines), lines)
    t.equal([line.split(":")[0].strip() for line in lines if line.endswith("[summary]")],
            ["title", "authors", "date", "language", "captions"], "the summary")
    t.true(lines[-1].startswith("  captions: "), lines)


def test_threads_make_no_difference(t):
    """Many pages at once give the bytes that each gives alone."""
    lines = []
    for n in range(60):
        t.file(f"{n}.html", page(f"Story {n}", f"<h2>Part {n}</h2>" + f"<p>It was {n}, or more.</p>" * n))
        lines.append(f"{n}\t{n}.html\thttps://example.org/{n}/\n")
    t.file("list", "".join(lines))
    for threads in ("1", "8"):
        t.ok("extract", "-q", "-j", threads, "-d", f"out-{threads}", "-i", "list")
        t.ok("-q", "-j", threads, "-o", f"books-{threads}/", "-i", "list")
    for kind, count in (("out", 120), ("books", 60)):
        one, eight = ({p.name: p.read_bytes() for p in (t.dir / f"{kind}-{n}").glob("[!.]*")} for n in (1, 8))
        t.equal(len(one), count, "files")
        t.true(one == eight, f"{kind}: -j 1 and -j 8 differ")
    for n in (0, 31, 59):
        alone = t.ok("extract", "--base-url", f"https://example.org/{n}/", f"{n}.html").out
        t.equal((t.dir / f"out-8/{n}.html").read_bytes(), alone, f"{n} alone")


# --- the sandbox ---

def held(t):
    """What this system can keep away, in the program's own words."""
    told = t.ok("extract", "--explain", "page.html").err.decode()
    return [line for line in told.splitlines() if "sandbox: " in line]


def test_sandbox(t):
    t.file("page.html", page())
    if harness.WRAP or harness.SANITIZED:
        raise harness.NotMeant()
    t.equal(len(held(t)), 1, "--explain tells")
    t.equal(b"sandbox" in t.ok("extract", "--explain", "--sandbox=no", "page.html").err, False, "off")
    t.file("article.txt", "A Title\n\nAnd a text.\n")
    for args in (["-o", "b.epub", "article.txt"], ["-f", "markdown", "-o", "b.epub", "article.txt"]):
        told = t.ok("--explain", *args).err
        t.true(b"sandbox: " in told, f"text is parsed in it, too\n{told.decode()}")
    if "open" in held(t)[0]:
        raise harness.NoRight(f"Landlock and seccomp ({held(t)[0]})")
    t.ok("extract", "--sandbox", "page.html")


def test_sandbox_system_calls(t):
    """With threads and books: nothing that the program does by itself is refused."""
    strace = harness.need_tool("strace")
    if harness.WRAP or harness.SANITIZED:
        raise harness.NotMeant()
    pages = [t.file(f"{n}.html", page(f"Story {n}")).name for n in range(8)]
    for args in (["extract", "-d", "out"], ["--cover", "none", "-o", "books/"],
                 ["--cover", "none", "-o", "one.epub"], ["--cover", "none", "--to-dir", "tree"]):
        trace = t.dir / "trace"
        result = t.run([strace, "-f", "-o", trace, harness.CHAPBOOK, "-j", "4", *args, *pages]
                       if args[0] != "extract" else
                       [strace, "-f", "-o", trace, harness.CHAPBOOK, "extract", "-j", "4", *args[1:], *pages])
        t.equal(result.status, 0, str(result))
        lines = trace.read_text().splitlines()
        # What may not be opened is asked of the parent.
        refused_calls = [line for line in lines if "EPERM" in line or ("EACCES" in line and "open" not in line)]
        t.equal(refused_calls, [], f"refused of {args}")


def test_sandbox_pictures(t):
    """A page's pictures are beside it: in its folder and below, not above."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for n, name in enumerate(("site/2021/07/page_files/a.png", "site/2021/07/b.png", "site/img/c.png")):
        rows = zlib.compress(b"".join(b"\0" + bytes([80 * n, 120, 180]) * 40 for _ in range(30)))
        t.file(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)) +
               chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    t.file("site/2021/07/page.html", page(extra="".join(
        f'<figure><img src="{src}" width="600" height="400" alt=""><figcaption>A view of {n}</figcaption>'
        "</figure>" for n, src in enumerate(("page_files/a.png", "b.png", "../../img/c.png")))))
    result = t.ok("-o", "book.epub", "site/2021/07/page.html")
    images = [item for item in epub.Epub(t.dir / "book.epub").items.values()
              if item.get("media-type") == "image/png"]
    t.equal(len(images), 2, f"pictures in the book\n{result}")
    t.true(b"c.png" in result.err and b"[image-missing]" in result.err, str(result))
    t.keep(t.dir / "book.epub")
