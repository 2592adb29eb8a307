"""The form that pages get for small screens and old readers: cards, figures, lines of code."""

import json
import re
import struct
import zlib

import epub
import harness

XHTML = epub.XHTML
PROSE = ("The ferry has crossed the harbour for more than a hundred years, and it has never been "
         "late, whatever the weather. ")
PAGE = ('<!DOCTYPE html><html lang="{lang}"><title>Ferry</title><body><article><h1>Ferry</h1>'
        f"<p>{PROSE}</p>{{body}}<p>{PROSE}</p></article></body></html>")


def png_of(rows, width, height, colour):
    """A PNG of filtered rows, 8 bits a channel."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def png(width, height):
    """A gray PNG."""
    return png_of(b"".join(b"\0" + bytes((x * 7 + y * 13 + width) % 256 for x in range(width))
                           for y in range(height)), width, height, 0)


def corner(data):
    """Colour type, depth and, in 8 bits, the first pixel's first channel of a PNG."""
    depth, colour = data[24], data[25]
    parts, at = {}, 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        parts[kind] = parts.get(kind, b"") + data[at + 8:at + 8 + size]
        at += 12 + size
    first = zlib.decompress(parts[b"IDAT"])[1]  # behind the filter's byte; no filter changes it
    if depth < 8:
        first >>= 8 - depth
    if colour == 3:
        first = parts[b"PLTE"][3 * first]
    elif depth < 8:
        first = first * 255 // ((1 << depth) - 1)
    return colour, depth, first


def make(t, name, text, *args):
    """The first chapter of the book of a text; chapbook's own check has no finding."""
    kind = "html" if text.startswith("<!DOCTYPE") else "md"
    t.file(f"{name}.{kind}", text)
    t.ok("-q", "-o", f"{name}.epub", *args, f"{name}.{kind}")
    t.equal(t.ok("check", f"{name}.epub").out.decode(),
            f"{name}.epub: 0 errors, 0 warnings\n", "findings")
    t.keep(t.dir / f"{name}.epub", f"looks-{name}")
    book = epub.Epub(t.dir / f"{name}.epub")
    return book.read(book.path("chapter-1.xhtml")).decode()


def plain(html):
    """The text of each card: a list of lists of lines."""
    cards = re.findall(r'<div class="card[^"]*"[^>]*role="row">(.*?)</div></div>', html, re.S)
    return [[re.sub(r"<[^>]+>", "", line) for line in re.split(r"</div>", card)] for card in
            (c.replace("\n", "") for c in cards)]


COUNTRIES = """---
title: Countries
---

| Country | Capital[^1] | Population (millions) | Area (thousand km²) | GDP per head (US$) | Languages |
|---|---|--:|--:|--:|---|
| Switzerland | Bern | 8.8 | 41.3 | 92,101 | German, French, Italian, Romansh |
| Luxembourg | Luxembourg | 0.66 | | 125,006 | [French](https://example.org/) |

[^1]: Or what stands for it.
"""


def test_wide_table(t):
    """A table too wide for a small screen becomes cards, with the roles of a table; links and notes
    of its head are kept."""
    html = make(t, "countries", COUNTRIES)
    t.true("<table" not in html, html)
    t.true('<div class="cards" role="table">' in html, html)
    t.equal(plain(html), [
        ["Country"],
        ["Switzerland", "Capital1: Bern", "Population (millions): 8.8", "Area (thousand km²): 41.3",
         "GDP per head (US$): 92,101", "Languages: German, French, Italian, Romansh"],
        ["Luxembourg", "Capital: Luxembourg", "Population (millions): 0.66",
         "GDP per head (US$): 125,006", "Languages: French"]], "cards")
    t.equal(html.count('role="rowheader"'), 2, "headings")
    t.equal(html.count('role="columnheader"'), 1, "column headers")
    t.equal(html.count('epub:type="noteref"'), 1, "references to the note")
    t.true('<a href="https://example.org/">French</a>' in html, html)


SPANS = """<table><caption>Passengers of the ferry</caption>
<tr><th rowspan="2">Harbour</th><th colspan="2">Passengers counted</th><th colspan="2">Cars transported</th></tr>
<tr><th>Summer timetable</th><th>Winter timetable</th><th>Summer timetable</th><th>Winter timetable</th></tr>
<tr><td rowspan="2">Norholm</td><td>Twelvethousand</td><td>Threethousand</td><td>1</td><td>2</td></tr>
<tr><td colspan="2">interrupted</td><td>3</td><td>4</td></tr>
<tr><td colspan="5">Closed harbours</td></tr>
<tr><td id="far">Farholm</td><td>5</td><td>6</td><td></td><td>7</td></tr>
</table>"""


def test_spans(t):
    """Spans of cells are resolved, the caption is kept, and so are ids."""
    html = make(t, "spans", PAGE.format(lang="en", body=SPANS + '<p><a href="#far">Farholm</a></p>'))
    t.equal(plain(html), [
        ["Harbour"],
        ["Norholm", "Passengers counted – Summer timetable: Twelvethousand",
         "Passengers counted – Winter timetable: Threethousand",
         "Cars transported – Summer timetable: 1", "Cars transported – Winter timetable: 2"],
        ["Norholm",
         "Passengers counted – Summer timetable – Winter timetable: interrupted",
         "Cars transported – Summer timetable: 3", "Cars transported – Winter timetable: 4"],
        ["Closed harbours"],
        ["Farholm", "Passengers counted – Summer timetable: 5",
         "Passengers counted – Winter timetable: 6", "Cars transported – Winter timetable: 7"]],
            "cards")
    t.true('<div class="caption">Passengers of the ferry</div>' in html, html)
    t.true('aria-label="Passengers of the ferry"' in html, html)
    t.true('href="#far"' in html and html.count('id="far"') == 1, html)


def test_languages_of_labels(t):
    """The colon of a label is the language's; a label that ends in a mark has none."""
    head = "|".join(["", "Nom de la commune", "Département", "Région administrative",
                     "Arrondissement ?", "Circonscription", ""])
    table = f"{head}\n|-|-|-|-|-|\n|Aa|Bb|Cc|Dd|Ee|\n"
    html = make(t, "french", f"---\ntitle: T\nlang: fr\n---\n\n{table}")
    t.true("Département\u00a0:</span> Bb" in html, html)
    t.true("Arrondissement ?</span> Dd" in html, html)


def test_narrow_tables(t):
    """Other tables stay tables: as they are, or with shares of the page for their columns."""
    html = make(t, "narrow", "---\ntitle: T\n---\n\n|a|b|\n|-|-|\n|1|2|\n\n"
                "|Station|Timetable|\n|-|-|\n|Norholmen|12 after the hour, and often later|\n")
    t.equal(html.count("<table"), 2, "tables")
    widths = [int(w) for w in re.findall(r'<col style="width:(\d+)%"', html)]
    t.equal(len(widths), 2, "columns with a width")
    t.true(99 <= sum(widths) <= 101 and widths[0] < widths[1], widths)
    # A reader does not end a line behind a slash.
    html = make(t, "slashes", "---\ntitle: T\n---\n\n|key|what|\n|-|-|\n|a|line/word/character|\n")
    t.true('class="fitted"' in html, html)
    # A lone column is never cards.
    html = make(t, "column", PAGE.format(lang="en", body="<table><tr><th>x</th></tr>"
                + "<tr><td>" + "long" * 30 + "</td></tr></table>"))
    t.true("cards" not in html, html)


def test_many_cells(t):
    """A cell that reaches into many rows costs no more than its share, and no row is lost."""
    cells = "".join(f'<td rowspan="60000">Harbour of the {i}th island group</td>' for i in range(50))
    body = f"<table><tr>{cells}<td>x</td></tr>" + "<tr><td>row</td></tr>" * 2000 + "</table>"
    make(t, "rows", PAGE.format(lang="en", body=body))
    pages = [data.decode() for name, data in epub.Epub(t.dir / "rows.epub").files().items()
             if "/chapter-" in name]
    t.equal(sum(page.count(">row</div>") for page in pages), 2000, "rows")
    t.true(sum(map(len, pages)) < 1_500_000, f"{sum(map(len, pages))} bytes")
    wide = "<tr>" + "".join(f"<td>c{i}</td>" for i in range(400)) + "</tr>"
    html = make(t, "columns", PAGE.format(lang="en", body=f"<table>{wide * 3}</table>"))
    t.equal(html.count(">c399</div>"), 3, "last cells")


def test_pictures_alone(t):
    """A picture alone in its block is a figure: in paragraphs, items, galleries; one a figure. Icons
    and pictures in the text are not."""
    for i in range(12):
        t.file(f"p{i}.png", png(200 + i, 150))
    t.file("icon.png", png(16, 16))
    html = make(t, "figures", PAGE.format(lang="en", body="".join([
        '<p><img src="p0.png" alt="alone"></p>',
        '<p><a href="https://example.org/big"><img src="p1.png" alt="linked"></a></p>',
        '<p><img src="p2.png" alt="one"> <img src="p3.png" alt="two"><br></p>',
        f'<p>{PROSE}<img src="p4.png" alt="in the text"> {PROSE}</p>',
        f'<p>{PROSE}<img src="icon.png" alt="sign"> {PROSE}</p>',
        f'<ul><li>{PROSE}<p><img src="p5.png" alt="in an item"></p></li><li>{PROSE}</li></ul>',
        '<ul class="gallery"><li><img src="p6.png" alt="g1"></li><li><img src="p7.png" alt="g2"></li></ul>',
        '<blockquote><p>Words.</p><img src="p8.png" alt="in a quotation"></blockquote>',
        f"<p>{PROSE}</p>"])))
    figures = re.findall(r"<figure[^>]*>.*?</figure>", html)
    t.equal([re.search(r'alt="([^"]*)"', f).group(1) for f in figures],
            ["alone", "linked", "one", "two", "in an item", "g1", "g2", "in a quotation"], "figures")
    t.true(all(f.count("<img") == 1 for f in figures), figures)
    t.true('<figure id="photo-2"><a href="https://example.org/big"><img' in html, html)
    t.equal(html.count("<ul"), 1, "lists")
    html = make(t, "raw", "---\ntitle: T\n---\n\nText.\n\n"
                '<figure><img src="p0.png" alt="a"><img src="p1.png" alt="b">'
                "<figcaption>The second</figcaption></figure>\n\n"
                "![x](icon.png)\n\n- ![in a list](p2.png)\n- text\n")
    t.equal([re.search(r'alt="([^"]*)"', f).group(1) for f in re.findall(r"<figure.*?</figure>", html)],
            ["a", "b", "x", "in a list"], "figures")
    t.true('<div class="caption">The second</div>' in html, html)
    t.true(re.search(r'<li><figure[^>]*><img[^>]*alt="in a list"', html), html)


def test_icons(t):
    """A drawing without a size, of a small viewBox, is as large as a letter; where it is all that a
    link shows, it is gone."""
    icon = '<svg viewBox="0 0 24 24"><path d="M0 0h24v24z"/></svg>'
    html = make(t, "icons", f"---\ntitle: T\n---\n\nA star {icon} in the text, "
                f'<a href="https://example.org/">{icon}</a> and <a href="#">back {icon}</a>.\n\n'
                f'<p><a href="https://example.org/">{icon}</a></p>\n\nEnd.\n')
    t.equal(html.count('width="1em" height="1em"'), 2, html)
    t.equal(len(re.findall(r"<a [^>]*>\s*</a>", html)), 0, "empty links")


def test_code(t):
    """Each line of code is an element of its own, elements that cross lines stand in each; code runs
    from the left in a book that runs from the right."""
    html = make(t, "code", "---\ntitle: T\nlang: ar\n---\n\nنص `x = 1` نص.\n\n```py\ndef f():\n\n"
                "    return 1\n```\n\n<pre><b>one\ntwo</b> three</pre>\n")
    t.true('<pre dir="ltr"><code class="language-py"><span class="line">def f():\n</span>'
           '<span class="line">\n</span><span class="line">    return 1\n</span></code></pre>' in html,
           html)
    t.true('<code dir="ltr">x = 1</code>' in html, html)
    t.true('<pre><span class="line"><b>one\n</b></span><span class="line"><b>two</b> three</span></pre>'
           in html, html)


def test_blocks(t):
    """Details are open, the source of a quotation is known, rules in a row are one, empty th are td,
    callouts are no landmarks."""
    html = make(t, "blocks", "---\ntitle: T\n---\n\nText.\n\n<details><summary>More</summary>\n\nHidden."
                "\n\n</details>\n\n> Words of a poet.\n>\n> — Ann Brown\n\n> — said she.\n\n* * *\n\n* * *\n\n"
                "> Quoted.\n\n<table><tr><th></th><th>a</th></tr><tr><th>b</th><td>1</td></tr></table>\n\n"
                "<aside><p>Beside.</p></aside>\n\nEnd.\n")
    t.true('<details open="open">' in html, html)
    t.equal(re.findall(r'<p class="source">(.*?)</p>', html), ["— Ann Brown"], "sources")
    t.equal(html.count("<hr"), 1, "rules")
    t.true("<th></th>" not in html and "<th/>" not in html, html)
    t.true('<aside role="note">' in html, html)


def test_indents(t):
    """Spaces at the start of a paragraph are not doubled by the style sheet's indent."""
    html = make(t, "indent", PAGE.format(lang="zh", body="<p>　　第二段也要足够长，这样程序才会把它当作正文而不是菜单。</p>"
                "<p><b>　第三段</b>也要足够长，这样程序才会把它当作正文而不是菜单。</p>"
                "<p>&nbsp;&nbsp;第四段也要足够长，这样程序才会把它当作正文。</p>"))
    t.true("<p>第二段" in html and "<b>第三段" in html and "<p>第四段" in html, html)


def test_dates(t):
    """Dates are written as in the language and the region."""
    for tag, date in (("en-US", "January 13, 2017"), ("en-GB", "13 January 2017"),
                      ("ar-EG", "١٣ يناير ٢٠١٧")):
        t.file("d.md", f"---\ntitle: T\nlang: {tag}\ndate: 2017-01-13\n---\n\nText.\n")
        t.ok("-q", "-f", "markdown", "-o", f"{tag}.epub", "d.md")
        pages = epub.Epub(t.dir / f"{tag}.epub").files()
        t.true(any(date in data.decode() for name, data in pages.items() if name.endswith("xhtml")), tag)


def test_note_marks(t):
    """The mark of a note is raised outside of its link, whatever the page did; notes that a plugin
    hides in the text are notes."""
    html = make(t, "marks", PAGE.format(lang="en", body=(
        f'<p>{PROSE}<a href="#n1" id="r1"><sup>1</sup></a> {PROSE}<sup><a href="#n2" id="r2">2</a></sup> '
        f'{PROSE}<a href="#n3" id="r3" class="footnote-ref">[3]</a></p>'
        '<ol class="footnotes"><li id="n1">The first. <a href="#r1">↩</a></li>'
        '<li id="n2">The second. <a href="#r2">↩</a></li>'
        '<li id="n3">The third. <a href="#r3">↩</a></li></ol>')))

    t.equal(len(re.findall(r'<sup[^>]*><a [^>]*epub:type="noteref"[^>]*>[^<]*</a></sup>', html)), 3, html)
    html = make(t, "hidden-note", PAGE.format(lang="en", body=(
        f"<p>{PROSE}WordPress<sup class='modern-footnotes-footnote' data-mfn='1'>"
        "<a href='javascript:void(0)' role='button'>1</a></sup><span id='mfn-content-1' "
        "class='modern-footnotes-footnote__note' data-mfn='1'>The hidden note.</span> goes on.</p>")))
    t.equal(len(re.findall(r'<aside epub:type="footnote".*?The hidden note\.', html)), 1, html)
    t.true("</sup> goes on." in html, html)


CREDITS = {"ar": ("الفجر فوق البحيرة", "(تصوير: ليلى حداد)"), "cs": ("Úsvit nad jezerem", "(Foto: Jan Novák)"),
           "da": ("Daggry over søen", "(Foto af Ida Holm)"), "el": ("Αυγή στη λίμνη", "(Φωτογραφία: Νίκος)"),
           "fa": ("سپیده‌دم بر فراز دریاچه", "(عکس: نیلوفر احمدی)"), "fi": ("Aamu järvellä", "(Kuva: Aino Virta)"),
           "he": ("זריחה מעל האגם", "(צילום: דנה לוי)"), "hu": ("Hajnal a tó felett", "(Fotó: Kiss Anna)"),
           "id": ("Fajar di danau", "(Foto oleh Budi Santoso)"), "nb": ("Morgen ved sjøen", "(Foto: Kari Lie)"),
           "nl": ("Zonsopgang", "(Foto van Jan Jansen)"), "pl": ("Świt nad jeziorem", "(Fot. Jan Kowalski)"),
           "ro": ("Zori de zi", "(Foto: Ana Pop)"), "sv": ("Gryning över sjön", "(Foto av Eva Lind)"),
           "tr": ("Gölün üzerinde şafak", "(Fotoğraf: Ayşe Kaya)"), "uk": ("Світанок", "(Світлина: Ганна Коваль)"),
           "vi": ("Bình minh trên hồ", "(Ảnh: Lan Anh)")}


def test_credits(t):
    """Caption and credit are separated in each language of the labels."""
    t.file("lake.png", png(200, 150))
    for lang, (caption, credit) in CREDITS.items():
        t.file("c.md", f'---\ntitle: T\nlang: {lang}\n---\n\nText.\n\n![a](lake.png "{caption} {credit}")\n')
        t.ok("-q", "-o", f"c-{lang}.epub", "c.md")
        html = epub.Epub(t.dir / f"c-{lang}.epub").read("EPUB/chapter-1.xhtml").decode()
        t.true(f'{caption} <span class="credit">{credit}</span>' in html, f"{lang}\n{html}")


def test_smart(t):
    """--smart: marks of the language; code, primes and lone marks are kept."""
    text = ('---\ntitle: The "big" day\nlang: {lang}\n---\n\n"Hello," she said, \'it\'s true\' -- in the '
            '\'90s --- and so... "*Yes*," 6" tall. `"x" -- y`\n\n    "code"\n\n![p](lake.png "A \'view\'")\n')
    t.file("lake.png", png(200, 150))
    expected = {"en": ("“Hello,” she said, ‘it’s true’ – in the ’90s — and so… “<em>Yes</em>,” 6&quot; tall.", "The “big” day", "A ‘view’"),
                "de": ("„Hello,“ she said, ‚it’s true‘ – in the ’90s — and so… „<em>Yes</em>,“ 6&quot; tall.", "The „big“ day", "A ‚view‘"),
                "fr": ("«\u00a0Hello,\u00a0» she said, “it’s true” – in the ’90s — and so… «\u00a0<em>Yes</em>,\u00a0» 6&quot; tall.", "The «\u00a0big\u00a0» day", "A “view”")}
    for lang, (line, title, caption) in expected.items():
        html = make(t, f"smart-{lang}", text.format(lang=lang), "--smart")
        t.true(line in html, html)
        t.true(f"<h1>{title}</h1>" in html or f'class="title">{title}</h1>' in html, html)
        t.true(caption in html, html)
        t.true("<code>&quot;x&quot; -- y</code>" in html and "&quot;code&quot;" in html, html)
    plain_html = make(t, "plain", text.format(lang="en"))
    t.true("&quot;Hello,&quot; she said, 'it's true' -- in" in plain_html.replace("&#39;", "'"), plain_html)


def rgba(colour, size=64):
    """A PNG with a square of a colour in the middle of a transparent ground."""
    def pixel(x, y):
        inside = size // 4 <= x < 3 * size // 4 and size // 4 <= y < 3 * size // 4
        return bytes(colour) + b"\xff" if inside else b"\0\0\0\0"
    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(size)) for y in range(size))
    return png_of(rows, size, size, 6)


def test_dark_pages(t):
    """Drawings are on paper, so that they are seen on black pages: dark ones on white, light ones on
    grey; in files and in the text."""
    t.file("dark.png", rgba((0, 0, 0)))
    t.file("light.png", rgba((255, 255, 255)))
    t.file("dark.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 0 200 100"><path d="M0 0h9v9z"/></svg>')
    inline = '<svg viewBox="0 0 200 100" width="200" height="100">{}</svg>'
    make(t, "dark", "---\ntitle: T\n---\n\nText ![a](dark.png) in a line.\n\n![b](light.png)\n\n![c](dark.svg)\n\n"
         + inline.format('<path d="M0 0h9v9z"/>') + "\n\n"
         + inline.format('<path stroke="currentColor" d="M0 0h9v9z"/>') + "\n")
    book = epub.Epub(t.dir / "dark.epub")
    html = book.read(book.path("chapter-1.xhtml")).decode()
    t.equal(html.count('<rect x="0" y="0" width="200" height="100" fill="#ffffff"/>'), 1, html)
    drawing = next(data for name, data in book.files().items() if name.endswith(".svg"))
    t.true(b'<rect x="-5" y="0" width="200" height="100" fill="#ffffff"/>' in drawing, drawing)
    corners = []
    for name in re.findall(r'src="(image-\d+\.png)"', html):
        colour, depth, first = corner(book.read(book.path(name)))
        t.true(colour not in (4, 6), f"{name} has an alpha channel")
        corners.append(first)
    t.equal(corners, [255, 64], "the ground")
    make(t, "archive", "---\ntitle: T\n---\n\n![b](light.png)\n", "--profile", "archive")
    kept = epub.Epub(t.dir / "archive.epub")
    t.equal(kept.read(kept.path("image-1.png")), rgba((255, 255, 255)), "the picture of an archive")


def test_raised_and_lowered(t):
    """Pandoc's x^2^ and H~2~O; GitHub's ways of striking out are kept."""
    html = make(t, "raised", "---\ntitle: T\n---\n\nH~2~O, x^2^, 10^-3^ m/s^2^, the 1^st^; a~~del~~b, "
                "~~two words~~, ~one~; a^b c^d, ^caret^, `x^2^`.\n")
    t.true("H<sub>2</sub>O, x<sup>2</sup>, 10<sup>-3</sup> m/s<sup>2</sup>, the 1<sup>st</sup>; "
           "a<del>del</del>b, <del>two words</del>, <del>one</del>; a^b c^d, ^caret^, "
           "<code>x^2^</code>." in html, html)


def test_directions(t):
    """Names, the paper and the date do not change places in a line that runs from the right."""
    t.file("rtl.md", "---\ntitle: عنوان المقال\nlang: ar\nauthor: Ann Brown\npublisher: Assabah News\n"
           "date: 2019-02-08\n---\n\nنص قصير للمقال.\n")
    t.ok("-q", "-o", "rtl.epub", "rtl.md")
    pages = "".join(data.decode() for name, data in epub.Epub(t.dir / "rtl.epub").files().items()
                    if name.endswith(".xhtml"))
    t.true('<bdi class="author">Ann Brown</bdi>' in pages, pages)
    t.true('<bdi class="publisher">Assabah News</bdi>' in pages, pages)
    t.true('<bdi><time datetime="2019-02-08">8 فبراير 2019</time></bdi>' in pages, pages)


def test_sheet(t):
    """The style sheet aligns what readers justify, breaks long words and leaves scripts upright."""
    t.file("a.md", "---\ntitle: T\n---\n\nText.\n")
    t.ok("-q", "-o", "a.epub", "a.md")
    css = epub.Epub(t.dir / "a.epub").read("EPUB/style.css").decode()
    rules = {}
    for selectors, body in re.findall(r"(?m)^([^@/{}]+)\{([^}]*)\}", re.sub(r"(?s)/\*.*?\*/", "", css)):
        for selector in selectors.split(","):
            rules.setdefault(" ".join(selector.split()), []).append(body)
    for selector in ("h3", "pre .line", "td", "th", "dt", "nav li", "figcaption p", "summary",
                     ".title-page p", ".opening p", ".card div"):
        t.true(any("text-align" in body for body in rules.get(selector, [])), f"{selector}: no alignment")
    t.true(any("overflow-wrap: break-word" in body for body in rules["body"]), "long words")
    for language in ("ar", "fa", "he", "zh", "ja", "ko", "th", "hi"):
        t.true(any("font-style: normal" in body for body in rules[f":lang({language})"]), language)
    t.true(any("persian" in body for body in rules["ol:lang(fa)"]), "numbers of Persian lists")


def test_screens(t):
    """In Chromium nothing is wider than its page, on a phone and on a tablet, in large letters, too,
    and with a reader's own style sheet."""
    if not harness.ALL:
        raise harness.NotMeant()  # Chromium, for `make check-all`
    node, modules = harness.need_tool("node", "nodejs"), harness.ROOT / "build/node/node_modules"
    if not (modules / "puppeteer").exists():
        raise harness.Skip("npm's puppeteer is not in build/node (`tests/deps.sh check`)")
    long = "a_very_long_identifier_in_code_that_never_ends_and_goes_on_for_ever"
    address = "https://example.org/" + "a/very/long/address/" * 5
    table = COUNTRIES.split("---\n", 2)[2]
    make(t, "long", f"---\ntitle: T\n---\n\n{long} `{long}` <{address}>\n\n## {long}\n\n- {long}\n\n"
         f"|a|b|\n|-|-|\n|{long}|`{long}`|\n\n    {long}{long}\n\n> {long}\n\n{table}")
    make(t, "wide", PAGE.format(lang="en", body=SPANS + "<table><tr><td>" + "</td><td>".join("12345678") +
                                "</td></tr><tr><td>" + "</td><td>".join(["Norholmen"] * 3) +
                                "</td></tr></table>"))
    jobs = []
    for name in ("long", "wide"):
        book = epub.Epub(t.dir / f"{name}.epub")
        for entry, data in book.files().items():
            t.file(f"{name}/{entry}", data)
        jobs += [{"page": str(t.dir / name / "EPUB/chapter-1.xhtml"), "width": width, "height": 700,
                  "font": font, "style": "* { text-align: justify }"}
                 for width in (320, 350, 720) for font in (100, 160)]
    result = t.run([node, harness.TESTS / "lib/browser.js"], cpu=900, env={
        "NODE_PATH": str(modules), "HOME": str(t.dir),
        "PUPPETEER_EXECUTABLE_PATH": harness.need_tool("chromium")},
        input="".join(json.dumps(job) + "\n" for job in jobs))
    found = [json.loads(line) for line in result.out.decode().splitlines()]
    t.equal(len(found), len(jobs), f"pages shown\n{result}")
    for f in found:
        t.equal(f["overflow"], 0, f"{f['page']} at {f['width']} px, {f['font']} %: {f['widest']}")


def test_code_labels(t):
    """The name of a language over its code is no paragraph; a file's name is kept."""
    html = make(t, "labels", PAGE.format(lang="en", body=(
        '<div class="code-block"><div class="code-header"><span>JS</span><button>Copy</button></div>'
        f"<pre><code>let a = 1;</code></pre></div><p>{PROSE}</p>"
        '<div class="highlight"><span class="lang">python</span><pre>x = 1</pre></div>'
        f'<p>{PROSE}</p><p>bash</p><pre><code class="language-bash">ls</code></pre><p>{PROSE}</p>'
        f'<div class="code-block"><p>main.c</p><pre>int x;</pre></div><p>{PROSE}</p>'
        f"<p>Go</p><pre>no label</pre>")))
    t.equal(re.findall(r"<p>([^ <]*)</p>", html), ["main.c", "Go"], "short paragraphs")
    t.true('<code class="language-js">' in html and '<code class="language-python">' in html, html)
