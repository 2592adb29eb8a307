"""Hostile inputs cost no more than their size warrants: each pattern at n and at 4n bytes.

CPU time is measured first, since it is cheap, at sizes that grow until it shows something. What looks
suspicious is counted again in instructions by callgrind, which no load on the machine disturbs: only
that count fails a test. (Under callgrind all of this would take an hour.) SLOW=1 begins with larger
inputs. An input may be refused, if that is said."""

import io
import math
import re
import zipfile

import harness

SIZE = 200_000 if harness.SLOW else 50_000
MAX_EXPONENT = 1.2
SUSPICIOUS = 4.6   # times as long for four times as much
TOO_SHORT = 0.1    # seconds: such a run shows nothing
SIZE_MAX = 3_200_000


def repeat(piece, before="", after=""):
    return lambda n: before + piece * (n // len(piece)) + after


def numbered(piece, before="", after=""):
    """`piece` has one %d."""
    return lambda n: before + "".join(piece % i for i in range(n // len(piece))) + after


def halves(first, second):
    return lambda n: first * (n // 2 // len(first)) + second * (n // 2 // len(second))


PAGE = "<!DOCTYPE html><title>A page</title><article><p>Some words stand here, and more of them.</p>"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>"
TEXT = "A Title Here\n\nBy Ann Brown\n\n"

MARKDOWN = {
    "inline-notes": numbered("a^[note %d]\n\n"),
    "inline-notes-open": repeat("^[a "),
    "divs": numbered("::: {.note #d%d}\na\n:::\n"),
    "divs-open": repeat(":::a\n"),
    "braces": repeat("[a]{.b} "),
    "braces-open": repeat("[a{.b ]{"),
    "open-brackets": repeat("["),
    "brackets": halves("[", "]"),
    "links": repeat("[a](b"),
    "images": halves("![", "]"),
    "nested-images": repeat("![[]()"),
    "emphasis": repeat("*a **a _a "),
    "emphasis-runs": repeat("*a_"),
    "underscores": repeat("_"),
    "strikethrough": repeat("~~a~"),
    "backticks": lambda n: "".join("a" + "`" * i for i in range(1, int(math.sqrt(2 * n)))),
    "notes-unresolved": repeat("*[^a]"),
    "notes": numbered("[^%d] x\n\n"),
    "notes-defined": numbered("x[^%d]\n\n[^1]: y\n\n"),
    "note-uses": repeat("[^a] ", after="\n\n[^a]: note\n"),
    "addresses-closing": repeat(")", "http://a.b/"),
    "addresses-angle": repeat("http://a.b/<"),
    "addresses-www": repeat("_www."),
    "addresses-mail": repeat("aa@b.c"),
    "addresses-mail-words": repeat("a@b.c "),
    "lines-then-table": repeat("x\n", after="|-|\n"),
    "lines-then-bare-table": repeat("x\n", after=":-\n"),
    "table-columns": lambda n: "|" * (n // 3) + "\n" + "|-" * (n // 3) + "|\n",
    "table-wide-row": repeat("|", "|a|\n|-|\n"),
    "table-missing-cells": lambda n: "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "x\n" * (n // 2),
    "table-delimiters": repeat("a|b\n-|-\n"),
    "references": lambda n: f"[a]: /{'u' * (n // 2)}\n\n" + "[a]" * (n // 6),
    "reference-definitions": numbered("[r%d]: /u\n", after="\n[r1] [r2]"),
    "reference-uses": repeat("[a] ", "[a]: /u\n\n"),
    "processing-instructions": repeat("a<?"),
    "declarations": repeat("a<!A"),
    "cdata": repeat("a<![CDATA["),
    "comments": repeat("a<!--"),
    "tags-unclosed": repeat("<a "),
    "raw-open": repeat("<b>\n\n"),
    "raw-attributes": numbered(" a%d=b", "<div", ">x</div>\n"),
    "entities": repeat("&amp;&#65;&x"),
    "quotes-deep": repeat(">"),
    "quotes-steps": lambda n: "".join("> " * i + "a\n" for i in range(int(math.sqrt(n)))),
    "lists-deep": lambda n: "".join("  " * i + "* a\n" for i in range(int(math.sqrt(n)))),
    "list-markers": repeat("- ", after="x"),
    "headings": repeat("# a\n\nb\n\n"),
    "same-headings": repeat("# \n#a\n# a\n"),
    "front-matter": numbered("a%d: b\n", "---\n", "---\n\ntext\n"),
    "front-matter-deep": repeat("[", "---\na: ", "\n---\n\ntext\n"),
    "front-matter-authors": numbered("- A%d\n", "---\nauthor:\n", "---\n\ntext\n"),
    "figures": numbered("![a](i%d.png)\n\n*b*\n\n"),
}
PAGES = {
    "paragraphs": repeat("<p>x</p>", PAGE),
    "divs-deep": repeat("<div>", PAGE),
    "formatting": repeat("<b><i>x<p>", PAGE),
    "links-open": repeat("<a href=x>y", PAGE),
    "tables-deep": repeat("<table><tr><td>", PAGE),
    "ends-alone": repeat("</p></b>", PAGE),
    "select": repeat("<select><option>", PAGE),
    "attributes": numbered(" a%d=b", PAGE + "<p", ">x</p>"),
    "attributes-same": repeat(" a=b", PAGE + "<p", ">x</p>"),
    "svg-attributes": numbered(" a%d='b'", PAGE + "<svg", "><rect width='9' height='9'/></svg>"),
    "svg-style": numbered(".a%d{fill:red}", PAGE + SVG + "<style>", "</style></svg>"),
    "svg-groups": repeat("<g>", PAGE + SVG),
    "style": repeat("a{b:c", PAGE + "<style>", "</style>"),
    "inline-style": repeat("a:b;", PAGE + "<p style='", "'>x</p>"),
    "headings": numbered("<h2>Part %d</h2><p>x</p>", PAGE),
    "ids": numbered("<p id=a%d>x</p>", PAGE),
    "links-to-ids": numbered("<a href='#b%d'>x</a>", PAGE),
    "notes": numbered("<sup><a href='#n%d'>1</a></sup>", PAGE),
    "comments": repeat("<!--", PAGE),
    "scripts": repeat("<script><!--", PAGE),
    "json-ld": repeat("[", "<script type='application/ld+json'>", "</script>" + PAGE),
    "references": repeat("&amp;&x;&#1;", PAGE),
    "images": numbered("<img src='i%d.png' alt='b'>", PAGE),
    "figures": numbered("<figure><img src='i%d.png'><figcaption>b</figcaption></figure>", PAGE),
    "ruby": repeat("<ruby><rt>", PAGE),
    "math": repeat("<math><mi>", PAGE),
    "meta": numbered("<meta name=author content='Ann %d Brown'>", "<head>", PAGE),
}
TEXTS = {
    "paragraphs": repeat("x\n\n", TEXT),
    "lines": repeat("x\n", TEXT),
    "spaces": repeat(" ", TEXT, "x"),
    "headings": numbered("Chapter %d\n\nText.\n\n", TEXT),
    "captions": numbered("[Photo: A lamp, no. %d. Credit: B]\n\n", TEXT),
    "bullets": repeat("- a\n", TEXT),
    "nested": lambda n: TEXT + "".join(" " * i + "- a\n" for i in range(int(math.sqrt(2 * n)))),
    "quotes": repeat("> a\n", TEXT),
    "notes": numbered("word[%d] ", TEXT),
    "bylines": repeat("By Ann Brown and Carl Dent\n\n"),
    "addresses": repeat("http://a.b/(", TEXT),
    "stars": repeat("*a _b ", TEXT),
}
METADATA = {
    "keys": numbered("key%d: value\n"),
    "subjects": numbered("- s%d\n", "subject:\n"),
    "braces": repeat("{a: ", "title: "),
    "anchors": numbered("a%d: &b x\n"),
}
TEMPLATES = {
    "open": repeat("{{"),
    "sections": numbered("{{#title}}x%d"),
    "sections-closed": repeat("{{#title}}x{{/title}}"),
}
SHEETS = {
    "braces": repeat("a{"),
    "comments": repeat("/*"),
    "imports": numbered("@import 'a%d.css';"),
}


DRAWINGS = {
    "groups": repeat("<g>", SVG),
    "groups-closed": lambda n: SVG + "<g>" * (n // 7) + "</g>" * (n // 7) + "</svg>",
    "shapes": repeat("<rect width='1' height='1'/>", SVG, "</svg>"),
    "attributes": numbered(" a%d='b'", SVG + "<rect", "/></svg>"),
    "ids": numbered("<rect id='a%d' width='1' height='1'/>", SVG, "</svg>"),
    "uses": numbered("<use href='#a%d'/>", SVG, "</svg>"),
    "uses-defined": numbered("<g id='a%d'><use href='#a1'/></g>", SVG, "</svg>"),
    "style-rules": numbered(".a%d{fill:red}", SVG + "<style>", "</style></svg>"),
    "style-open": repeat("a{", SVG + "<style>", "</style></svg>"),
    "style-comments": repeat("/*", SVG + "<style>", "</style></svg>"),
    "styles": repeat("<style>a{fill:red}</style>", SVG, "</svg>"),
    "style-attribute": repeat("fill:red;", SVG + "<rect style='", "'/></svg>"),
    "path": repeat("M1 1", SVG + "<path d='", "'/></svg>"),
    "texts": repeat("<text>a<tspan>b</tspan></text>", SVG, "</svg>"),
    "foreign": repeat("<foreignObject><p>a</p></foreignObject>", SVG, "</svg>"),
    "namespaces": numbered("<a:b xmlns:a='u%d'/>", SVG, "</svg>"),
    "entities": numbered("<!ENTITY e%d 'x'>", "<!DOCTYPE svg [", "]>" + SVG + "</svg>"),
    "comments": repeat("<!--a-->", SVG, "</svg>"),
    "gradients": numbered("<linearGradient id='g%d'/><rect fill='url(#g1)'/>", SVG, "</svg>"),
}

XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title>'


def epub(chapter="<p>x</p>", nav="<li><a href='c.xhtml'>c</a></li>", metadata="", items="", spine="", css="a{b:c}",
         files=()):
    """A foreign book, of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        z.writestr("META-INF/container.xml",
                   '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                   '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>')
        z.writestr("p.opf", '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
                   'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">urn:x</dc:identifier><dc:title>t'
                   f'</dc:title><dc:language>en</dc:language>{metadata}</metadata><manifest><item id="n" href="n.xhtml" '
                   'properties="nav" media-type="application/xhtml+xml"/><item id="c" href="c.xhtml" '
                   'media-type="application/xhtml+xml"/><item id="s" href="s.css" media-type="text/css"/>'
                   f'{items}</manifest><spine><itemref idref="c"/>{spine}</spine></package>')
        z.writestr("n.xhtml", f'{XHTML}</head><body><nav epub:type="toc"><ol>{nav}</ol></nav></body></html>')
        z.writestr("c.xhtml", f'{XHTML}<link rel="stylesheet" href="s.css"/></head><body>{chapter}</body></html>')
        z.writestr("s.css", css)
        for name in files:
            z.writestr(name, "x")
    return out.getvalue()


def in_epub(part, make):
    return lambda n: epub(**{part: make(n)})


BOOKS = {
    "paragraphs": in_epub("chapter", repeat("<p>x</p>")),
    "ids": in_epub("chapter", numbered("<p id='a%d'>x</p>")),
    "ids-twice": in_epub("chapter", repeat("<p id='a'>x</p>")),
    "links": in_epub("chapter", numbered("<a href='#a%d'>x</a>")),
    "links-out": in_epub("chapter", numbered("<a href='d%d.xhtml'>x</a>")),
    "images": in_epub("chapter", numbered("<img src='i%d.png' alt='x'/>")),
    "headings": in_epub("chapter", repeat("<h1>x</h1>")),
    "deep": in_epub("chapter", lambda n: "<div>" * (n // 11) + "</div>" * (n // 11)),
    "unclosed": in_epub("chapter", repeat("<p>")),
    "attributes": in_epub("chapter", numbered(" a%d='b'", "<p", ">x</p>")),
    "unknown-elements": in_epub("chapter", repeat("<blink/>")),
    "figures": in_epub("chapter", repeat("<figure><img src='i' alt=''/><figcaption>b</figcaption></figure>")),
    "types": in_epub("chapter", repeat("<p epub:type='a b c'>x</p>")),
    "nav": in_epub("nav", repeat("<li><a href='c.xhtml'>c</a></li>")),
    "nav-fragments": in_epub("nav", numbered("<li><a href='c.xhtml#a%d'>c</a></li>")),
    "nav-deep": in_epub("nav", lambda n: "<li><a href='c.xhtml'>c</a><ol>" * (n // 45) + "</ol></li>" * (n // 45)),
    "metadata": in_epub("metadata", numbered("<dc:subject>s%d</dc:subject>")),
    "creators": in_epub("metadata", numbered("<dc:creator id='c%d'>A</dc:creator>")),
    "refines": in_epub("metadata", numbered("<meta property='role' refines='#c%d'>aut</meta>")),
    "refines-one": in_epub("metadata", repeat("<meta property='role' refines='#i'>aut</meta>")),
    "items": in_epub("items", numbered("<item id='x%d' href='y' media-type='text/css'/>")),
    "items-missing": in_epub("items", numbered("<item id='x' href='y%d.css' media-type='text/css'/>")),
    "fallbacks": in_epub("items", numbered("<item id='x%d' href='y' media-type='a/b' fallback='x1'/>")),
    "spine": in_epub("spine", repeat("<itemref idref='c'/>")),
    "spine-missing": in_epub("spine", numbered("<itemref idref='x%d'/>")),
    "css-rules": in_epub("css", numbered(".a%d{b:c}")),
    "css-open": in_epub("css", repeat("a{")),
    "css-imports": in_epub("css", numbered("@import 'a%d.css';")),
    "css-urls": in_epub("css", numbered("a{b:url(a%d.png)}")),
    "files": lambda n: epub(files=[f"f{i}" for i in range(n // 100)]),
}


def instructions(t, command):
    result = t.run([harness.need_tool("valgrind"), "--tool=callgrind",
                    "--callgrind-out-file=/dev/null", *command], cpu=600)
    return int(re.search(rb"Collected : (\d+)", result.err).group(1))


def grows(make, suffix, options):
    def run(t):
        if harness.SANITIZED or harness.WRAP:
            raise harness.NotMeant()
        t.file("article.md", "# Title\n\nSome text.\n")

        def measure(size):
            command = [harness.CHAPBOOK, *options(t.file(f"{size}{suffix}", make(size)))]
            result = t.run(command)
            t.true(result.status in (0, 1, 2), f"a book or an error\n{result}")
            if suffix != ".epub":  # check has its findings on standard output
                t.equal(result.status != 0, result.err != b"", "an error is reported")
            return command, result.cpu

        size = SIZE
        small, large = measure(size), measure(4 * size)
        while large[1] < TOO_SHORT and 16 * size <= SIZE_MAX:
            size *= 4
            small, large = large, measure(4 * size)
        if large[1] < TOO_SHORT or large[1] < SUSPICIOUS * small[1]:
            return
        counts = [instructions(t, command) for command, _ in (small, large)]
        exponent = math.log(counts[1] / counts[0], 4)
        t.true(exponent <= MAX_EXPONENT,
               f"{counts[0]} instructions for {size} bytes, {counts[1]} for {4 * size}: "
               f"exponent {exponent:.2f}")
    return run


def cases():
    convert = ["-q", "-j", "1", "--cover", "none", "--force", "-o", "book.epub"]

    def book(path):
        return [*convert, path]

    def drawing(path):
        page = path.with_suffix(".md")
        page.write_text(f"# Title\n\nSome text.\n\n![A drawing]({path.name})\n")
        return [*convert, page]

    def command(name):
        return lambda path: [name, path]

    def with_option(option):
        return lambda path: [*convert, option, path, "article.md"]

    def with_template(path):
        folder = path.with_suffix("")
        folder.mkdir(exist_ok=True)
        (folder / "chapter.xhtml").write_bytes(path.read_bytes())
        return [*convert, "--template-dir", folder, "article.md"]

    kinds = (("markdown", MARKDOWN, ".md", book), ("page", PAGES, ".html", book),
             ("text", TEXTS, ".txt", book),
             ("metadata", METADATA, ".yaml", with_option("--metadata-file")),
             ("template", TEMPLATES, ".template", with_template),
             ("css", SHEETS, ".css", with_option("--css")),
             ("drawing", DRAWINGS, ".svg", drawing),
             ("check", BOOKS, ".epub", command("check")), ("info", BOOKS, ".epub", command("info")))
    return [(f"{kind}-{name}", grows(make, suffix, options))
            for kind, patterns, suffix, options in kinds for name, make in patterns.items()]
