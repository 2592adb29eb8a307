"""One odd part of a page does not cost the book."""

import epub

PAGE = """<!DOCTYPE html><html lang=en><title>Ferry</title><body><article><h1>Ferry</h1>
<p>The ferry has crossed the harbour for more than a hundred years, and it has never been late.</p>
{}
<p>The last of them was built in the yard on the island, and the yard is closed now.</p>
</article></body></html>"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' \
      'width="400" height="300">{}</svg>'


def make(t, name, body, *args):
    """The book of a page with `body` in it; chapbook's own check has no finding."""
    t.file(f"{name}.html", PAGE.format(body))
    result = t.ok("-q", "-o", f"{name}.epub", *args, f"{name}.html")
    t.equal(t.ok("check", f"{name}.epub").out.decode(),
            f"{name}.epub: 0 errors, 0 warnings\n", "findings")
    t.keep(t.dir / f"{name}.epub", f"odd-{name}")
    return epub.Epub(t.dir / f"{name}.epub"), result.err.decode()


def chapter(book):
    return book.read(book.path("chapter-1.xhtml")).decode()


def test_inline_drawings(t):
    """Names of other namespaces, languages that are not valid, references that lead nowhere."""
    odd = ['xmlns:inkscape="http://x/" inkscape:label="x"', 'sketch:type="MSLayer"',
           'v-bind:class="{a:b}"', ':class="a"', '@click="f"', '[x]="y"', '"', "m:", 'lang="v"',
           'xml:lang="en_GB"', 'style="fill:red}"', 'style="direction:rtl"', 'style="/*"',
           'fill="url(#none)"', "fill=\"url('#none')\"", 'fill="url(#r)"', 'data-="1"',
           'role="doc-footnote"', 'id="a b"', 'id=""']
    drawings = [f'<figure><svg width="90" height="90" {a}><title>t<b>u</b></title>'
                f'<rect id="r" width="9" height="9" {a}/><use xlink:href="#none"/></svg></figure>'
                for a in odd]
    book, _ = make(t, "inline", "".join(drawings))
    t.equal(chapter(book).count('width="9"'), len(drawings), "drawings")


def test_drawing_files(t):
    """What is wrong in an SVG file is taken out of it; the rest of the drawing is kept."""
    parts = {"direction": "<style>text{direction:rtl}rect{fill:red}</style>",
             "comment": "<style>/* x</style>", "brace": "<style>rect{fill:red</style>",
             "attribute": '<g style="unicode-bidi:embed;fill:red"/>',
             "use": '<use xlink:href="#none"/>', "paint": '<g fill="url(#r)"/>',
             "font": "<style>@font-face{font-family:x;src:url(x.woff)}</style>",
             "lang": '<g xml:lang="v"/>', "ids": '<g id="r"/><g id="1 2"/>',
             "prefix": '<g xmlns:i="http://x/" i:label="y"/>', "data": '<g data-A="1"/>',
             "control": "<desc>&#x85;&#xFFFD;</desc>"}
    body = ""
    for i, (name, part) in enumerate(parts.items()):
        t.file(f"{name}.svg", SVG.format(f'<rect id="r" width="{i + 1}" height="9"/>{part}'))
        body += f'<figure><img src="{name}.svg" alt="{name}"><figcaption>The {name}.</figcaption></figure>'
    book, _ = make(t, "files", body)
    pictures = [book.read(book.path(i.get("href"))).decode() for i in book.items.values()
                if i.get("media-type") == "image/svg+xml"]
    t.equal(len(pictures), len(parts), "pictures")
    t.true(all("<rect" in p for p in pictures), "a rectangle is lost")
    t.true(any("rect{fill:red}" in p for p in pictures), "a sound rule is lost")


def test_headings_in_notes(t):
    """A heading in a note is a paragraph of the note, not part of the page's outline."""
    for level in range(1, 7):
        book, _ = make(t, f"note-{level}",
                       '<p>Text.<sup id="r1"><a href="#n1">1</a></sup></p><h2>Part</h2><p>More.</p>'
                       '<section role="doc-endnotes"><ol><li id="n1">'
                       f'<h{level}>Title of the note</h{level}><p>Its text.</p></li></ol></section>')
        page = chapter(book)
        t.true("<strong>Title of the note</strong>" in page, "the heading's text is lost")
        t.equal(page.count("<h1"), 1, "h1")
        t.true("Title of the note" not in book.read(book.path("nav.xhtml")).decode(),
               "a heading of a note is in the contents")


def test_style_sheets(t):
    """One that the article names is left out with a warning; one of an option is an error."""
    t.file("good.css", "p { margin: 0 }\n")
    t.file("bad.css", "p { margin: 0 }\np { direction: rtl }\n")
    t.file("far.css", "p { background: url(none.png) }\n")
    t.file("a.md", "---\ncss: [bad.css, good.css, far.css]\n---\n\n# Ferry\n\nIt crossed.\n")
    result = t.ok("-o", "a.epub", "a.md")
    book = epub.Epub(t.dir / "a.epub")
    sheets = [i.get("href") for i in book.items.values() if i.get("media-type") == "text/css"]
    t.equal(len(sheets), 3, "style sheets")
    t.equal(result.err.count(b"[style-broken]"), 1, "warnings")
    t.true(b"[style-file]" in result.err, str(result))
    t.true(b"css: bad.css:2: " in result.err, str(result))
    t.keep(t.dir / "a.epub", "odd-style")
    t.file("b.md", "# Ferry\n\nIt crossed.\n")
    result = t.chapbook("--css", "bad.css", "-o", "b.epub", "b.md")
    t.equal(result.status, 1, "status")
    t.true(b"bad.css:2: " in result.err and b"direction" in result.err, str(result))
    t.true(not (t.dir / "b.epub").exists(), "an error, and a book")
