"""What is said of an article is found in every format by the same rules, and nothing else is taken for it."""

import re

import epub
from web import png

PROSE = ["The ferry has crossed the harbour for a hundred years, and it has never been late once, not even in fog.",
         "Each morning the captain counts the steps to the bridge, and each evening he counts them down again.",
         "People who live on the island set their clocks by its horn, although the horn has been out of tune."]


def page(body, head="", lang="en"):
    return (f'<!DOCTYPE html><html lang="{lang}"><head><title>Ferry</title>{head}</head><body><article><h1>Ferry</h1>\n'
            f"{body}</article></body></html>")


def convert(t, name, source, *args):
    t.file(name, source)
    t.ok("-q", "--cover", "none", "-o", "book.epub", *args, name)
    t.keep(t.dir / "book.epub", f"facts-{t.name.split('/')[-1]}-{name.replace('.', '-')}")
    book = epub.Epub(t.dir / "book.epub")
    return book, "".join(book.read(c).decode() for c in book.chapters())


def facts(book):
    """Captions and credits."""
    return {"captions": [text for _, text in book.metas("schema:caption")],
            "credits": [text for _, text in book.metas("schema:creditText")]}


DATES = ["<figure><img src='a.png' alt='x'><figcaption>The bridge on 5 May 1987. Photo: Anna Berg</figcaption></figure>",
         f"<p>The last bridge was built on 9 August 1911.</p>",
         f"<blockquote><p>9 August 1911</p></blockquote>", "<table><tr><th>Built</th><td>9 August 1911</td></tr></table>",
         f"<p>9 August 1911</p><p>{PROSE[0]} {PROSE[1]}</p>", "<ul><li>9 August 1911</li><li>10 August 1911</li></ul>",
         "<figure><img src='a.png' alt='x'><figcaption><time datetime='1987-05-05'>5 May 1987</time></figcaption></figure>"]


def test_dates_in_the_text(t):
    """A date in a caption, list, table, quotation or sentence is not the date of publication."""
    t.file("a.png", png(60, 50))
    for i, code in enumerate(DATES):
        body = f"<p>{PROSE[0]} {PROSE[1]}</p>{code}<p>{PROSE[1]} {PROSE[2]}</p><p>{PROSE[2]} {PROSE[0]}</p>"
        book, _ = convert(t, f"{i}.html", page(body))
        t.equal(book.dc("date"), [], code)
        book, _ = convert(t, f"said-{i}.html", page("<p>Published 2 July 2021</p>" + body))
        t.equal(book.dc("date"), ["2021-07-02"], f"labelled, before {code}")
    book, _ = convert(t, "beside.html", page("<p>By Ann Brown</p><p>2 July 2021</p>" + "".join(f"<p>{p}</p>" for p in PROSE)))
    t.equal(book.dc("date"), ["2021-07-02"], "beside the byline")


WRAPPERS = ["<div class='asset'><img src='a.png'><p class='image-credit-wrap'><span class='cutline js-caption'>{c}</span> "
            "<span class='credit'>({n})</span></p></div>",
            "<figure><img src='a.png'><figcaption><div class='media-credits-wrapper'><div class='media-caption'>{c}</div>"
            "<div class='media-credits'>{n}</div></div></figcaption></figure>",
            "<figure><img src='a.png'><figcaption class='photo-credit'>{c} <span class='credit'>{n}</span></figcaption></figure>",
            "<figure><img src='a.png'><div class='credit-box'><p class='caption'>{c}</p><p class='credit'>{n}</p></div></figure>",
            "<figure><img src='a.png'><figcaption><span class='credits-and-caption'>{c} <em class='credit'>{n}</em></span></figcaption></figure>"]


def test_credit_wrappers(t):
    """The innermost element named after the credit is the credit; what else its box holds is the caption."""
    t.file("a.png", png(60, 50))
    for i, box in enumerate(WRAPPERS):
        code = box.format(c="A tram in the fog at noon.", n="Photo: Mika Kristo, AP")
        book, _ = convert(t, f"{i}.html", page(f"<p>{PROSE[0]}</p>{code}<p>{PROSE[1]}</p><p>{PROSE[2]}</p>"))
        t.equal(facts(book)["captions"], ["A tram in the fog at noon."], code)
        t.equal(facts(book)["credits"], ["Mika Kristo, AP"], code)


FILES = ["IMG_0042", "IMG_0042.JPG", "DSC_0001.jpg", "Screenshot 2024-01-01 at 10.00.00.png", "Screenshot 2024-01-01 at 10.00.00",
         "image-BK7ECN82.jpg", "alt", "image", "Untitled", "https://example.org/photo-1024x768.jpg", "a.png", "PXL_20230101_101010",
         "WhatsApp Image 2023-01-01 at 10.00.00", "Photo 3", "Bild 2", "photo"]


def test_file_names(t):
    """Names of files are neither captions nor alternative texts nor entries of the list of photos."""
    t.file("a.png", png(60, 50))
    for i, name in enumerate(FILES):
        sources = {"alt.html": page(f"<p>{PROSE[0]}</p><figure><img src='a.png' alt='{name}'></figure><p>{PROSE[1]}</p>"),
                   "cap.html": page(f"<p>{PROSE[0]}</p><figure><img src='a.png'><figcaption>{name}</figcaption></figure><p>{PROSE[1]}</p>"),
                   "alt.md": f"# Ferry\n\n![{name}](a.png)\n\n{PROSE[0]}\n",
                   "cap.md": f'# Ferry\n\n![](a.png "{name}")\n\n{PROSE[0]}\n'}
        for kind, source in sources.items():
            book, chapters = convert(t, f"{i}-{kind}", source)
            nav = book.read(book.path("nav.xhtml")).decode()
            t.true("<figcaption" not in chapters, f"{kind}: {name}: caption")
            t.true(f'alt="{name}"' not in chapters, f"{kind}: {name}: alt")
            t.true(">Photo 1<" in nav or 'epub:type="loi"' not in nav, f"{kind}: {name}: list")
    for i, words in enumerate(("Photographs of a pier", "Screenshot of the menu with the new button", "Image of the moon", "Bilder einer Fähre")):
        _, chapters = convert(t, f"words-{i}.md", f'# Ferry\n\n![{words}](a.png "{words} at night")\n\n{PROSE[0]}\n')
        t.true(f'alt="{words}"' in chapters and f"{words} at night</figcaption>" in chapters, words)


ARTICLE = {"title": "The ferry and the horn", "standfirst": "A boat that has never been late, and an island that sets its clocks by it.",
           "byline": "By Ann Brown", "date": "July 2, 2021", "caption": "The ferry at the pier on March 29 (Photo/Xinhua)",
           "bio": "Ann Brown is a reporter in Lima, and the author of two books about boats."}


def article(kind, **without):
    """One article as text, Markdown or a plain page."""
    a = {**ARTICLE, **without}
    blocks = [a["standfirst"], a["byline"], a["date"], PROSE[0] + " " + PROSE[1], ("h", "Global ties"), PROSE[1] + " " + PROSE[2],
              a["caption"], PROSE[2] + " " + PROSE[0], a["bio"]]
    blocks = [b for b in blocks if b]
    if kind == "html":
        return (f'<!DOCTYPE html><html lang="en"><title>{a["title"]}</title><body><article><h1>{a["title"]}</h1>' +
                "".join(f"<h2>{b[1]}</h2>" if isinstance(b, tuple) else f"<p>{b}</p>" for b in blocks) + "</article></body></html>")
    mark = ("# ", "## ") if kind == "md" else ("", "")
    return "\n\n".join([mark[0] + a["title"]] + [mark[1] + b[1] if isinstance(b, tuple) else b for b in blocks]) + "\n"


def test_one_article_in_three_formats(t):
    """Text, Markdown and a plain page of one article give the same author, bio, date, caption and credit."""
    for kind in ("txt", "md", "html"):
        book, chapters = convert(t, f"article.{kind}", article(kind))
        bios = [text for _, text in book.metas("schema:description")]
        t.equal(book.dc("creator"), ["Ann Brown"], f"{kind}: author")
        t.equal(book.dc("date"), ["2021-07-02"], f"{kind}: date")
        t.equal(bios, [ARTICLE["bio"]], f"{kind}: bio")
        t.equal(facts(book)["captions"], ["The ferry at the pier on March 29"], f"{kind}: caption")
        t.equal(facts(book)["credits"], ["Xinhua"], f"{kind}: credit")
        t.true(ARTICLE["byline"] not in chapters and ARTICLE["bio"] not in "".join(re.findall("<p>.*?</p>", chapters)), f"{kind}: once")


MARKDOWN = [("**By Ann Brown**\n\n*July 2, 2021*", "emphasised"), ("By Ann Brown\nJuly 2, 2021", "two lines of a paragraph"),
            ("By [Ann Brown](https://example.org/ann)\n\nJuly 2, 2021", "linked"), ("By Ann Brown | July 2, 2021", "one line"),
            ("*By Ann Brown*  \n*Published July 2, 2021*", "hard line break")]


def test_markdown_heads(t):
    """Bylines of Markdown, however they are set; the author's page is kept."""
    for i, (head, what) in enumerate(MARKDOWN):
        book, chapters = convert(t, f"{i}.md", f"# Ferry\n\n{head}\n\n" + "\n\n".join(PROSE) + "\n")
        t.equal(book.dc("creator"), ["Ann Brown"], what)
        t.equal(book.dc("date"), ["2021-07-02"], what)
        t.true("Ann Brown" not in chapters, f"{what}: once")
    book, _ = convert(t, "linked.md", f"# Ferry\n\n{MARKDOWN[2][0]}\n\n" + "\n\n".join(PROSE) + "\n")
    t.true("https://example.org/ann" in book.read(book.path("title.xhtml")).decode(), "the author's page")


def test_markdown_front_matter_overrules(t):
    """What front matter says counts; the bio goes to the author that it names."""
    book, chapters = convert(t, "a.md", '---\nauthor: "Brown, Ann"\ndate: 2020-01-01\n---\n' + article("md"))
    t.equal(book.dc("date"), ["2020-01-01"], "date")
    t.equal(len(book.dc("creator")), 1, "authors")
    t.true("reporter in Lima" not in "".join(re.findall("<p>.*?</p>", chapters)), "bio")


def test_no_guess(t):
    """--no-guess leaves all that only words tell apart in the text, in every format."""
    for kind in ("txt", "md", "html"):
        book, chapters = convert(t, f"article.{kind}", article(kind), "--no-guess")
        t.equal(book.dc("creator"), [], f"{kind}: author")
        t.equal(book.dc("date"), [], f"{kind}: date")
        for line in ("byline", "date", "caption", "bio", "standfirst"):
            t.true(ARTICLE[line] in chapters, f"{kind}: {line}")
    meta = '<meta name="author" content="Eve Fox"><meta property="article:published_time" content="2020-05-06">'
    book, _ = convert(t, "meta.html", page("".join(f"<p>{p}</p>" for p in PROSE), meta), "--no-guess")
    t.equal((book.dc("creator"), book.dc("date")), (["Eve Fox"], ["2020-05-06"]), "metadata of a page")


def test_guesses_are_told(t):
    """--explain tells each guess of Markdown."""
    t.file("a.md", article("md"))
    said = t.ok("--explain", "--cover", "none", "-o", "book.epub", "a.md").err.decode()
    for what in ("guess-title", "guess-author", "guess-date", "guess-caption", "guess-bio", "guess-standfirst"):
        t.true(f"[{what}]" in said, what)
