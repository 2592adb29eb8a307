"""Markup that has to be rearranged, closed or taken as text: what it holds is kept."""

import re

import epub

PARAGRAPH = "The ferry has crossed the harbour for a hundred years, and it has never been late once."
PAGE = f"""<!DOCTYPE html><html lang="en"><title>Ferry</title><body><article><h1>Ferry</h1>
<p>{PARAGRAPH}</p>
{{}}
<p>{PARAGRAPH} The last of them was built in the yard on the island.</p></article></body></html>"""


def convert(t, name, source, *args):
    """The first chapter's text of the book of a file, without line ends; EPUBCheck looks at the book."""
    t.file(name, source)
    t.ok("-q", "--cover", "none", "-o", "book.epub", *args, name)
    t.keep(t.dir / "book.epub", f"markup-{t.name.split('/')[-1]}-{name.replace('.', '-')}")
    book = epub.Epub(t.dir / "book.epub")
    return book.read(book.path("chapter-1.xhtml")).decode().replace("\n", " ")


RUBY = [
    ("竹<rt>たけ</rt>", "<ruby>竹<rt>たけ</rt></ruby>"),
    ('<rb aria-hidden="true">昔</rb><rp>（</rp><rt>むかし</rt><rp>）</rp>',
     "<ruby>昔<rp>（</rp><rt>むかし</rt><rp>）</rp></ruby>"),
    ("<rb>東</rb><rb>京</rb><rtc><rt>とう</rt><rt>きょう</rt></rtc>",
     "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>"),
    ("<rb>東<rb>京<rt>とう<rt>きょう", "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>"),
    ("<rbc><rb>東</rb><rb>京</rb></rbc><rtc><rt>とう</rt><rt>きょう</rt></rtc>",
     "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>"),
    ("<rb>東</rb><rb>京</rb><rp>(</rp><rt>とう</rt><rt>きょう</rt><rp>)</rp>",
     "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>"),
    ("<rb>東</rb><rb>京</rb><rt>とうきょう</rt>", "<ruby>東京<rt>とうきょう</rt></ruby>"),
    ("東京<rtc>とうきょう</rtc>", "<ruby>東京<rt>とうきょう</rt></ruby>"),
    ("<rb>旧</rb><rb>金</rb><rtc><rt>jiù</rt><rt>jīn</rt></rtc><rtc><rt>San Francisco</rt></rtc>",
     "<ruby>旧<rt>jiù</rt>金<rt>jīn</rt></ruby> (San Francisco)"),
    ("<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby><rt>Tokyo</rt>",
     "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby> (Tokyo)"),
    ("東<rp>（</rp><rt>とう</rt><rp>）</rp>京<rp>（</rp><rt>きょう</rt><rp>）</rp>",
     "<ruby>東<rp>（</rp><rt>とう</rt><rp>）</rp>京<rp>（</rp><rt>きょう</rt><rp>）</rp></ruby>"),
]


def test_ruby(t):
    """One paragraph, each base before its annotation, in pages and in Markdown."""
    for i, (source, wanted) in enumerate(RUBY):
        line = f"いまは<ruby>{source}</ruby>の話"
        for name, text in ((f"{i}.html", PAGE.format(f"<p>{line}</p>")), (f"{i}.md", f"# 竹\n\n{line}\n")):
            t.true(f"<p>いまは{wanted}の話</p>" in convert(t, name, text), f"{name}: {source}")


MATH = [
    ("<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn><mn>235</mn></mmultiscripts>", None),
    ("<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn></mmultiscripts>",
     "<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn><none/></mmultiscripts>"),
    ("<mmultiscripts><mi>R</mi><none/><mi>j</mi><mprescripts/><mi>k</mi><none/></mmultiscripts>", None),
    ("<mtable><mlabeledtr><mtd><mtext>(1)</mtext></mtd><mtd><mi>x</mi></mtd></mlabeledtr></mtable>", None),
    ("<mi>x</mi><maligngroup/><mfrac><mn>1</mn><mn>2</mn></mfrac>",
     "<mi>x</mi><mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    ("<mstack><mn>424</mn><msrow><mo>+</mo><mn>33</mn></msrow><msline/></mstack>", None),
    ('<mstack><mscarries crossout="updiagonalstrike"><mscarry><mn>1</mn></mscarry></mscarries>'
     '<mn>5</mn></mstack>',
     "<mstack><mscarries><mscarry><mn>1</mn></mscarry></mscarries><mn>5</mn></mstack>"),
    ("<mlongdiv><mn>435</mn><mn>3</mn><mn>1306</mn><msgroup><mn>12</mn><msline/></msgroup></mlongdiv>", None),
    ("<msup><mi>a</mi></msup>", "<mrow><mi>a</mi></mrow>"),
    ("<mrow>if <mi>x</mi></mrow>", "<mrow><mtext>if </mtext><mi>x</mi></mrow>"),
    ("<mfrac><mfoo><mi>a</mi></mfoo><mbar>b</mbar></mfrac>",
     "<mfrac><mrow><mi>a</mi></mrow><mtext>b</mtext></mfrac>"),
    ("<mtable><mi>a</mi></mtable>", "<mtable><mtr><mtd><mi>a</mi></mtd></mtr></mtable>"),
    ("<mtr><mtd><mi>a</mi></mtd></mtr>", "<mrow><mrow><mi>a</mi></mrow></mrow>"),
    ('<maction actiontype="toggle" selection="2"><mi>a</mi><mi>b</mi></maction>', "<mi>b</mi>"),
    ("<mtext>see <a href='x'>here</a></mtext>", "<mtext>see here</mtext>"),
    ("<mi><mglyph src='x.png' alt='krill'/></mi>", "<mi>krill</mi>"),
    ("<semantics><apply><plus/></apply><annotation-xml encoding='MathML-Presentation'><mi>p</mi>"
     "</annotation-xml></semantics>", "<mrow><mi>p</mi></mrow>"),
    ("<none/><mi>x</mi><mprescripts/>", "<mi>x</mi>"),
]


def test_mathml(t):
    """An element that is unknown, misplaced or incomplete does not cost the formula."""
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
    sources = "".join(f"<p>({i}) {math.format(source)} end</p>" for i, (source, _) in enumerate(MATH))
    for name, text in (("math.html", PAGE.format(sources)), ("math.md", "# Math\n\n" + sources)):
        chapter = convert(t, name, text)
        for i, (source, wanted) in enumerate(MATH):
            t.true(f"({i}) {math.format(wanted or source)} end" in chapter, f"{name}: {source}")


def test_mathml_alttext(t):
    """A formula without presentation leaves its alttext; TeX beside a formula becomes its alttext."""
    chapter = convert(t, "page.html", PAGE.format(
        "<p>So <math alttext='a plus b'><apply><plus/><ci>a</ci><ci>b</ci></apply></math> and <math>"
        "<semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></semantics></math>.</p>"))
    t.true("So a plus b and" in chapter, "alttext")
    t.true('alttext="x_1"><mi>x</mi></math>' in chapter, "TeX")


VIDEO = "https://www.youtube.com/embed/abc123xyz00"
PLAYERS = [f'<video src="{VIDEO}" controls />', f'<video src="{VIDEO}">', f'<audio src="{VIDEO}"/>',
           f'<video controls><source src="{VIDEO}"/></video>', f'<audio controls src="{VIDEO}">',
           f'<iframe src="{VIDEO}"/>', f'<iframe src="{VIDEO}" />\n\n<iframe src="{VIDEO}"></iframe>',
           f'<iframe src="{VIDEO}">', f'<object data="{VIDEO}"/>', f'<object data="{VIDEO}">',
           f'<embed src="{VIDEO}"/>', "<template/>", "<template id='x'>", "<canvas/>", "<textarea/>",
           f'<video src="{VIDEO}">Your browser cannot.</video>', '<script src="x.js"/>', "<style/>"]


def test_unclosed_players(t):
    """What is shown in place of its content takes nothing of what follows, closed or not."""
    for i, player in enumerate(PLAYERS):
        following = "Then a paragraph that matters, with *words* enough to be one."
        for name, text in ((f"{i}.md", f"# Boats\n\nBefore.\n\n{player}\n\n{following}\n\n## Oars\n\nEnd.\n"),
                           (f"{i}.html", PAGE.format(f"{player}<p>{following}</p><h2>Oars</h2>"))):
            if name.endswith("html") and ("script" in player or "style" in player):
                continue  # pages: as browsers do
            chapter = convert(t, name, text)
            t.true("Then a paragraph that matters" in chapter, f"{name}: {player}: the text after it")
            raw = "script" in player or "style" in player  # CommonMark takes all that follows as HTML
            t.true(raw or re.search("<h2[^>]*>Oars</h2>", chapter), f"{name}: {player}: the heading after it")
            if VIDEO in player:
                t.true(re.search('href="[^"]*abc123xyz00', chapter), f"{name}: {player}: a link in its place")


WORDS = ["Replace <your-name> with it", "List<String> and Map<String, List<Integer>> here",
         "set PATH=<dir>/bin", "if a<b and c>d then", "cp <source> <target>", "<T> and <T, U>",
         "std::vector<int> v", "press <Ctrl-C> now", "email <not an email>", "the <title> of it",
         "<Foo bar> and </Foo>", "read <stdin>, write <path>", "fn<i> of it", "<name>", "<desc> too",
         "a </your-name> b"]


def test_angle_words(t):
    """A tag that is no element is text, in paragraphs, headings, lists and tables."""
    for i, words in enumerate(WORDS):
        wanted = words.replace("<", "&lt;").replace(">", "&gt;")
        for kind, text in (("p", "{}"), ("h", "## {}"), ("l", "- {}"), ("t", "| a |\n|---|\n| {} |")):
            chapter = convert(t, f"{i}{kind}.md", f"# Words\n\nBefore.\n\n{text.format(words)}\n\nAfter *it*.\n")
            t.true(wanted in chapter, f"{kind}: {words}: {chapter[-400:]}")
            t.true("After <em>it</em>" in chapter, f"{kind}: {words}: the text after it")


def test_tags_among_words(t):
    """Elements of HTML, SVG and MathML and custom elements with attributes are markup."""
    chapter = convert(t, "tags.md", "# Tags\n\nA <b>bold</b> <kbd>key</kbd>, H<sub>2</sub>O, <span class=x>span</span>, "
                      "<u>line</u>, <br> <s>old</s> and <x-tip text='t'>tip</x-tip>.\n\n<div>\n\nIn *it*.\n\n</div>\n\n"
                      '<a id="here"/>Here.\n\n<svg viewBox="0 0 9 9"><path d="M0 0h9"/></svg>\n')
    t.true("<b>bold</b> <kbd>key</kbd>, H<sub>2</sub>O" in chapter, "phrasing")
    t.true("&lt;" not in chapter, "no tag is text")
    t.true("tip." in chapter and "<path" in chapter and "<em>it</em>" in chapter, "content")


TEX = [r"$a^*b^*$", r"$\{a, b\}$", r"\(a_1 * b_1 * c\)", r"\[x < y\]", r"$$\frac{1}{2} \\ \text{x} \, dx$$", r"$|x| \le 1$",
       "$$\n_a_ + \\# \\% \\& \\_ <b>\n$$", r"$\alpha_{i}\beta_{j}$", r"$x$", r"$a < b$ and $c > d$", r"$\text{costs \$5}$"]
NO_TEX = ["costs $5 and $10", "US$ 5 or $ 6", r"\$a_b\$ and *c*", r"\[not a link\](x)", r"a \(plain\) word", "$20,000 and$30",
          "`$a*b*$`", "```\n$$a_b_$$\n```", "    $a*b*$ in code", "[a](https://example.org/$x$?y=$z$)", "one $a\n\nand b$ two"]


def test_tex(t):
    """TeX in Markdown is kept as it is, also in headings, lists and tables; dollars and code are not TeX."""
    for i, tex in enumerate(TEX):
        wanted = tex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
        kinds = [("p", "So {} ends.")] if "\n" in tex else [("p", "So {} ends."), ("h", "## On {}"), ("l", "- {}"), ("q", "> {}")]
        kinds += [] if "\n" in tex or "|" in tex else [("t", "| a |\n|---|\n| {} |")]
        for kind, text in kinds:
            chapter = convert(t, f"{i}{kind}.md", f"# TeX\n\nBefore.\n\n{text.format(tex)}\n\nAfter *it*.\n")
            shown = re.sub(r'</?span( class="math")?>', "", chapter)
            t.true(wanted in shown and 'class="math"' in chapter, f"{kind}: {tex}: {chapter[-500:]}")
            t.true("<em>it</em>" in chapter, f"{kind}: {tex}: the text after it")
    for i, text in enumerate(NO_TEX):
        chapter = convert(t, f"no-{i}.md", f"# Dollars\n\nBefore.\n\n{text}\n\nAfter.\n")
        t.true('class="math"' not in chapter and "\uFDD0" not in chapter, f"{text}: {chapter[-300:]}")
    chapter = convert(t, "address.md", f"# A\n\n{NO_TEX[9]}\n")
    t.true('href="https://example.org/$x$?y=$z$"' in chapter, "an address with dollars")
