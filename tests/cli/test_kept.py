"""Pictures, drawings and what pages embed: each is in the book, or a link to it, or says nothing."""

import base64
import re

import epub
from web import png

PARAGRAPH = "The ferry has crossed the harbour for a hundred years, and it has never been late once."
PAGE = f"""<!DOCTYPE html><html lang="en"><title>Ferry</title><body><article><h1>Ferry</h1>
<p>{PARAGRAPH}</p>
{{}}
<p>{PARAGRAPH} The last of them was built in the yard on the island.</p>
<p>{PARAGRAPH} Nobody knows where the first of them is today.</p></article></body></html>"""
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def convert(t, name, source, *args):
    t.file(name, source)
    t.ok("-q", "--cover", "none", "-o", "book.epub", *args, name)
    t.keep(t.dir / "book.epub", f"kept-{t.name.split('/')[-1]}-{name.replace('.', '-')}")
    book = epub.Epub(t.dir / "book.epub")
    return book, book.read(book.path("chapter-1.xhtml")).decode().replace("\n", " ")


def photos(book):
    nav = book.read(book.path("nav.xhtml")).decode()
    listed = re.search(r'<nav[^>]*epub:type="loi".*?</nav>', nav, re.S)
    return re.findall(r"<a [^>]*>(.*?)</a>", listed.group(0)) if listed else []


RULES = [
    (".a{fill:none;stroke:#231f20}", "#drawing .a{fill:none;stroke:#231f20}"),
    ("svg{fill:red} svg .a{fill:blue}", "#drawing{fill:red}#drawing .a{fill:blue}"),
    (":root{fill:red}", "#drawing{fill:red}"),
    (".a, rect:hover{fill:red}", "#drawing .a,#drawing rect:hover{fill:red}"),
    (".a > .b{fill:red}", "#drawing .a &gt; .b{fill:red}"),
    ("@media print{.a{fill:red}}", "@media print{#drawing .a{fill:red}}"),
    ("* {fill:red}", "#drawing *{fill:red}"),
    (".a{fill:url(#g)}", "#drawing .a{fill:url(#g)}"),
    ("#g stop{fill:red}", "#drawing #g stop{fill:red}"),
    ("@import url(x.css); .a{fill:red}", "#drawing .a{fill:red}"),
]


def test_drawing_rules(t):
    """The rules of an inline drawing are kept, and reach nothing else."""
    for i, (rules, wanted) in enumerate(RULES):
        drawing = (f'<svg viewBox="0 0 90 90" width="90" height="90"><style>{rules}</style><defs><linearGradient '
                   'id="g"><stop offset="1"/></linearGradient></defs><g class="b"><rect class="a" width="9" '
                   'height="9"/></g></svg>')
        for name, text in ((f"{i}.html", PAGE.format(f"<div>{drawing}</div>")),
                           (f"{i}.md", f"# Ferry\n\nBefore.\n\n{drawing}\n\nAfter.\n")):
            _, chapter = convert(t, name, text)
            t.true(f"<style>{wanted}</style>" in chapter and 'id="drawing"' in chapter, f"{name}: {rules}")


def test_drawing_rules_of_two(t):
    """Two drawings of one page keep their own rules, also those that begin with the drawing's id."""
    one = '<svg id="m" viewBox="0 0 9 9" width="90" height="90"><style>#m .a{fill:%s}</style><rect class="a" width="9" height="9"/></svg>'
    _, chapter = convert(t, "page.html", PAGE.format(f"<div>{one % 'red'}</div><p>Between.</p><div>{one % 'blue'}</div>"))
    ids = re.findall(r'<svg [^>]*id="([^"]*)"', chapter)
    t.equal(len(set(ids)), 2, "ids")
    t.equal(re.findall(r"<style>(.*?)</style>", chapter),
            [f"#{ids[0]} .a{{fill:red}}", f"#{ids[1]} .a{{fill:blue}}"], "rules")


def test_drawing_labels(t):
    """HTML labels become text of the drawing; a drawing in `pre` is a drawing."""
    label = '<foreignObject x="10" y="20" width="80" height="20"><div><span>{}</span></div></foreignObject>'
    for name, box in (("div", "<div class='mermaid'>{}</div>"), ("pre", "<pre class='mermaid'>{}</pre>")):
        svg = f'<svg viewBox="0 0 200 100"><rect width="9" height="9"/>{label.format("Start here")}</svg>'
        _, chapter = convert(t, f"{name}.html", PAGE.format(box.format(svg)))
        t.true('<text x="50" y="30" text-anchor="middle"><tspan x="50" dy="0.35em">Start here</tspan></text>' in chapter,
               f"{name}: label")
    svg = f'<svg viewBox="0 0 200 100">{label.format("One<br>two")}<switch>{label.format("Long")}<text>L…</text></switch></svg>'
    _, chapter = convert(t, "lines.html", PAGE.format(f"<div>{svg}</div>"))
    t.true(re.search("<tspan[^>]*>One</tspan><tspan[^>]*>two</tspan>", chapter), "lines")
    t.true("<switch><text>L…</text></switch>" in chapter, "what a switch has in SVG is shown once")


def test_data_pictures(t):
    """A picture in a data: URL is identified by its bytes, not by the declared type."""
    data = base64.b64encode(png(60, 50)).decode()
    for i, kind in enumerate(("image/png", "image/jpg", "application/octet-stream", "", "img/png")):
        book, chapter = convert(t, f"{i}.md", f"# Ferry\n\n![A boat](data:{kind};base64,{data})\n\nText.\n")
        t.true("image-1.png" in chapter, f"picture: {kind}")
        svg = (f'<svg viewBox="0 0 99 99" width="99" height="99"><image width="9" height="9" '
               f'href="data:{kind};base64,{data}"/></svg>')
        _, chapter = convert(t, f"svg-{i}.html", PAGE.format(f"<div>{svg}</div>"))
        t.true('href="data:image/png;base64,' in chapter, f"in a drawing: {kind}")


def test_embedded_pictures(t):
    """`embed` and `object` of a picture are that picture; of other files a link, or what they hold."""
    t.file("a.png", png(60, 50))
    for i, code in enumerate(('<embed src="a.png">', '<object data="a.png">A boat</object>',
                              '<object data="a.png" type="image/png"></object>', '<embed src="a.png" type="image/png">')):
        for name, text in ((f"{i}.html", PAGE.format(code)), (f"{i}.md", f"# Ferry\n\nBefore.\n\n{code}\n\nAfter.\n")):
            _, chapter = convert(t, name, text)
            t.true("<img src=\"image-1.png\"" in chapter, f"{name}: {code}")
    address = "https://example.org/y.swf"
    for i, code in enumerate((f'<embed src="{address}">', f'<object data="{address}"></object>')):
        _, chapter = convert(t, f"link-{i}.html", PAGE.format(code))
        t.true(f'href="{address}"' in chapter, f"link: {code}")
    _, chapter = convert(t, "fallback.html", PAGE.format(f'<object data="{address}"><p>Words for others.</p></object>'))
    t.true("Words for others." in chapter, "what an object holds")


def test_script_embeds(t):
    """Scripts that write what they show into the page are links; others leave no trace."""
    for i, (src, link) in enumerate((
            ("https://gist.github.com/ann/0123abcd.js", "https://gist.github.com/ann/0123abcd"),
            ("//gist.github.com/ann/0123abcd.js?file=a.c", "https://gist.github.com/ann/0123abcd"),
            ("https://pastebin.com/embed_js/Abc123", "https://pastebin.com/Abc123"),
            ("https://asciinema.org/a/14.js", "https://asciinema.org/a/14"),
            ("https://gitlab.com/-/snippets/1234.js", "https://gitlab.com/-/snippets/1234"))):
        for name, text in ((f"{i}.html", PAGE.format(f'<script src="{src}"></script>')),
                           (f"{i}.md", f'# Ferry\n\nBefore.\n\n<script src="{src}"></script>\n\nAfter.\n')):
            _, chapter = convert(t, name, text)
            if "pastebin" in src and name.endswith(".md"):
                link = src  # the page is known to the rules for pages only
            t.true(f'href="{link}"' in chapter, f"{name}: {src}")
    _, chapter = convert(t, "other.html", PAGE.format('<script src="https://example.org/ads.js"></script>'))
    t.true("example.org" not in chapter, "other scripts")


def test_spacers(t):
    """A picture of one pixel is dropped at any declared width; a cover may be any picture."""
    t.file("s.gif", PIXEL)
    t.file("s.png", png(1, 1))
    t.file("s.jpg", png(60, 50))
    for i, img in enumerate(('<img src="s.gif" height="1" width="40">', '<img src="s.png" width="300" height="200">',
                             '<img src="s.gif" alt="Photo">')):
        for name, text in ((f"{i}.html", PAGE.format(f"<p>{img}</p>")), (f"{i}.md", f"# Ferry\n\n{img}\n\nText.\n"),
                           (f"t{i}.html", PAGE.format(f"<table><tr><td>{img}</td><td>{PARAGRAPH}</td></tr></table>"))):
            book, chapter = convert(t, name, text)
            t.true("<img" not in chapter and not photos(book), f"{name}: {img}")


def test_pictures_of_one_stem(t):
    """x.jpg and x.png in one folder are two pictures; the same address twice is one."""
    t.file("x.jpg", png(60, 50))
    t.file("x.png", png(61, 50, (20, 90, 160)))
    for figures in (True, False):
        box = "<figure>{}</figure>" if figures else "<p>{}</p>"
        _, chapter = convert(t, f"{figures}.html", PAGE.format(
            "".join(box.format(f'<img src="{name}" alt="A boat" width="60" height="50">') for name in ("x.jpg", "x.png", "x.jpg"))))
        t.equal(len(set(re.findall(r'<img src="([^"]*)"', chapter))), 2, f"pictures, figures: {figures}")


def test_hidden_notes(t):
    """A note that stands in the text beside its mark and is shown on demand is a footnote."""
    for i, code in enumerate((
            "<sup class='modern-footnotes-footnote' data-mfn='1'><a href='javascript:void(0)'>1</a></sup>"
            "<span id='mfn-content-1' class='modern-footnotes-footnote__note' data-mfn='1'>The note.</span>",
            "<sup>1</sup><span class='footnote-text'>The note, as it is.</span>",
            "<label for='sn-1' class='margin-toggle sidenote-number'></label><input type='checkbox' id='sn-1'>"
            "<span class='sidenote'>The note of Tufte.</span>")):
        _, chapter = convert(t, f"{i}.html", PAGE.format(f"<p>{PARAGRAPH} Boats{code} go on. {PARAGRAPH}</p>"))
        t.true(re.search(r'Boats<sup><a [^>]*epub:type="noteref"[^>]*>1</a></sup> go on', chapter), f"reference: {code}")
        t.true(re.search(r'<aside epub:type="footnote".*The note', chapter), f"note: {code}")
