"""Fonts, pictures and sheets that style sheets name."""

import re

import epub
from web import png

FONT = b"\0\1\0\0" + bytes(200)


def written(t, name, sheet):
    """The book with the sheet, its sheet and the messages."""
    t.file("look/a.css", sheet)
    t.file("a.md", "# Ferry\n\nIt crossed.\n")
    result = t.chapbook("--css", "look/a.css", "-o", "a.epub", "--force", "a.md")
    t.equal(result.status, 0, str(result))
    t.keep(t.dir / "a.epub", name)
    book = epub.Epub(t.dir / "a.epub")
    return book, book.read("EPUB/extra-1.css").decode(), result.err.decode()


def base(t):
    t.file("look/r.ttf", FONT)
    t.file("look/fonts/b c.woff2", b"wOF2" + bytes(100))
    t.file("look/art/dot.png", png(4, 4))
    t.file("look/art/line.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><script>x()</script><path d="M0 0h4"/></svg>')
    t.file("look/more/sub.css", '@import "../a.css";\n@import "deep.css";\nh2 { background: URL( "../art/dot.png" ) }\n')
    t.file("look/more/deep.css", "p { margin: 0 }\n")


def test_style_files_packed(t):
    base(t)
    book, css, err = written(t, "style-files", '@charset "utf-8";\n@import url(more/sub.css) screen;\n'
                             '@font-face { font-family: "R"; src: url(r.ttf) format("truetype") }\n'
                             "@font-face { font-family: 'B'; src: local(B), url('fonts/b%20c.woff2#x'); }\n"
                             "body { background: url(art/dot.png), url( art/line.svg ) no-repeat }\n"
                             'h1 { content: "url(none.png)"; background: url(data:image/png;base64,iVBORw0KGgo=) }\n'
                             "/* url(none.png) */\nh3 { background: url(art/dot.png?v=2) }\n")
    t.equal(err, "")
    names = re.findall(r"(?<!\")url\(([^)]+)\)", css)
    types = {i.get("href"): i.get("media-type") for i in book.items.values()}
    t.equal([types.get(n) for n in names if not n.startswith(("data", "none"))],
            ["text/css", "font/ttf", "font/woff2", "image/png", "image/svg+xml", "image/png"], css)
    t.equal(names[3], names[-1], "one picture is one file")
    t.equal(sum(type == "image/png" for type in types.values()), 1, str(types))
    t.equal(sum(type == "text/css" for type in types.values()), 5, str(types))
    t.true(b"<script" not in book.read("EPUB/" + names[4]), "drawings are cleaned")
    chapter = book.read("EPUB/chapter-1.xhtml").decode()
    t.equal(re.findall(r'href="([^"]+\.css)"', chapter), ["style.css", "extra-1.css"], "imported sheets are not linked")


def test_style_files_remote(t):
    base(t)
    book, css, err = written(t, "style-remote", "@import url(https://a.example/x.css);\n@import '//a.example/y.css' print;\n"
                             "p { color: #123456;\n  background: url(http://a.example/x.png);\n  margin: 1px }\n"
                             "h1 { background: url(https://a.example/a.png), url(art/dot.png) }\n"
                             "h2 { background: url(art/dot.png), url(https://a.example/a.png); margin: 2px }\n"
                             "@font-face { font-family: R; src: url(https://a.example/r.woff2) }\n"
                             "h4 { margin: 3px; background: url(https://a.example/b.png) }\n")
    t.true("a.example" not in css, css)
    t.equal(err.count("remote files cannot be in a book"), 7, err)
    for line in (1, 2, 4, 6, 7, 8, 9):
        t.true(f"a.css:{line}: " in err, f"{line}: {err}")
    for rest in ("#123456", "margin: 1px", "margin: 2px", "margin: 3px", "h1 { background: url(style-image-1.png) }",
                 "h2 { background: url(style-image-1.png); margin"):
        t.true(rest in css, f"{rest}: {css}")


def test_style_files_wrong(t):
    base(t)
    t.file("up.png", png(4, 4))
    t.file("look/words.txt", "only words")
    t.file("look/words.css", "only words")
    for sheet, word in (("p{background:url(none.png)}", "a.css:1: none.png: "), ("\np{background:url(../up.png)}", "a.css:2: ../up.png: outside"),
                        ("p{background:url(/etc/passwd)}", "/etc/passwd: outside"), ("p{background:url(words.txt)}", "words.txt: neither a font"),
                        ("@import 'words.css';p{margin:0}", "words.css: not a style sheet"), ("@import 'none.css';p{margin:0}", "none.css: ")):
        t.file("look/a.css", sheet)
        t.file("a.md", "# Ferry\n\nIt crossed.\n")
        result = t.chapbook("--css", "look/a.css", "-o", "b.epub", "a.md")
        t.equal(result.status, 1, sheet)
        t.true(word in result.err.decode(), f"{sheet}: {result}")
        t.true(not (t.dir / "b.epub").exists(), sheet)


def test_style_files_of_articles(t):
    base(t)
    t.file("look/own.css", "p { background: url(none.png); color: red }\nh1 { background: url(art/dot.png) }\nh2 { background: url(../up.png) }\n")
    t.file("up.png", png(4, 4))
    t.file("b.md", "---\ncss: look/own.css\n---\n\n# Ferry\n\nIt crossed.\n")
    result = t.chapbook("-o", "b.epub", "b.md")
    t.equal(result.status, 0, str(result))
    t.keep(t.dir / "b.epub", "style-named")
    css = epub.Epub(t.dir / "b.epub").read("EPUB/extra-1.css").decode()
    t.true("own.css:1: none.png: " in result.err.decode() and "color: red" in css and "none.png" not in css, f"{result} {css}")
    t.equal(re.findall(r"url\(([^)]*)\)", css), ["style-image-1.png", "style-image-2.png"], css)
