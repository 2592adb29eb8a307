"""Web pages of kinds that are easy to read wrongly, as `chapbook extract` gives them."""

import json
import re

import epub

LINES = [
    "The harbour of the old town was closed for three days, because the crane had to be mended.",
    "Fishermen waited on the quay and told each other stories about winters with thick ice.",
    "On the fourth day the crane moved again, slowly at first, and the mayor came to the water.",
    "The engineer could not say what the repair had cost, but the next one would be cheaper.",
    "In the evening the boats went out again, one after the other, with their lights on.",
    "The council will meet in June to decide whether a second crane is needed in the harbour.",
]
P = [f"<p>{line}</p>" for line in LINES]
LINKS = '<div class="box">' + "".join(
    f'<div><a href="/o{i}">Another story of the island, number {i}, and what it means for all of us'
    "</a></div>" for i in range(9)) + "</div>"
FOOTBALL = "".join(f"<p>Quite another piece about football, number {i}: the coach said that the team "
                   "had played well and would go on like that in every match.</p>" for i in range(9))


def extract(t, name, body, head="<title>The crane moves again</title>", lang="en"):
    path = t.file(f"{name}.html", f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
                  f"{head}</head><body>{body}</body></html>")
    t.ok("extract", "-q", "-d", "out", path)
    page = (t.dir / "out" / f"{name}.html").read_text()
    record = json.loads((t.dir / "out" / f"{name}.json").read_text())
    return page[page.index("<body"):], record


def whole(t, page, name):
    """All lines are there, in order, each once."""
    places = [page.find(line) for line in LINES]
    t.true(-1 not in places and places == sorted(places), f"{name}: {places}")
    t.equal([page.count(line) for line in LINES], [1] * len(LINES), name)


def test_bodies(t):
    """The body is whole, and nothing else."""
    pages = {
        "containers": '<div id="app"><h1>The crane moves again</h1>' + LINKS.join(
            f'<div class="stream">{P[i]}{P[i + 1]}</div>' for i in (0, 2, 4)) + "</div>",
        "nested-containers": "<article><h1>The crane moves again</h1>" + LINKS.join(
            f'<div class="chunk"><div class="inner">{P[i]}{P[i + 1]}</div></div>'
            for i in (0, 2, 4)) + "</article>",
        "itemprop": "<article><h1>The crane moves again</h1><div>" + "".join(
            p.replace("<p>", '<p itemprop="articleBody">') for p in P) + "</div></article>",
        "paywall": "<article><h1>The crane moves again</h1>" + "".join(P[:3]) + "".join(
            p.replace("<p>", '<p class="paywall">') for p in P[3:]) + "</article>",
        "aria-hidden": "<article><h1>The crane moves again</h1>" + "".join(P[:2]) + P[2].replace(
            "<p>", '<p aria-hidden="true">') + "".join(P[3:]) + "</article>",
        "next-article": '<main><article><h1>The crane moves again</h1><div class="bodytext">'
                        + "".join(P) + '</div></article><div class="under"><article><h2>A quite '
                        f'different story</h2><div class="bodytext">{FOOTBALL}</div></article></div>'
                        "</main>",
        "endless": "<div><article><h1>The crane moves again</h1>" + "".join(P) + "</article>"
                   f"<article><h1>A quite different story</h1>{FOOTBALL}</article></div>",
        "teaser": "<article><h1>The crane moves again</h1>" + "".join(P[:3]) + '<div><a href="'
                  'https://example.org/2024/other/"><img src="t.jpg" width="100" height="67"></a>'
                  '<h4><a href="https://example.org/2024/other/">A quite different story</a></h4>'
                  "</div>" + "".join(P[3:]) + "</article>",
    }
    for name, body in pages.items():
        page, _ = extract(t, name, body)
        whole(t, page, name)
        for other in ("Another story", "different story", "football"):
            t.true(other not in page, f"{name}: {other}")


def test_heading_like_the_title(t):
    page, record = extract(t, "who", "<header><h1>Who is Ann Brown? All about the engineer</h1>"
                           "</header><article><div><p>ANN Brown is the engineer of the crane.</p>"
                           "<p>And she has told us some great news.</p><h2>Who is Ann Brown?</h2>"
                           + "".join(P) + "</div></article>",
                           "<title>Who is Ann Brown? All about the engineer</title>")
    t.equal(record["title"], "Who is Ann Brown? All about the engineer")
    for text in ("ANN Brown is the engineer", "some great news", "Who is Ann Brown?</h2>"):
        t.true(text in page, text)


def test_titles(t):
    body = "<article><h2>{}</h2>" + "".join(P) + "</article>"
    menu = '<nav><ul class="breadcrumb"><li><h1>Harbour crane: repair, costs</h1></li></ul></nav>'
    head = ('<title>Harbour crane: repair, costs</title><script type="application/ld+json">{"@type":'
            '"NewsArticle","headline":"The crane moves again, and the boats go out"}</script>')
    _, record = extract(t, "menu", menu + body.format("The crane moves again, and the boats go out"),
                        head)
    t.equal(record["title"], "The crane moves again, and the boats go out")
    head = ('<title>Marathon: a winner and "royal visit"</title><meta property="og:title" '
            'content="Marathon: a winner and "royal visit"">')
    _, record = extract(t, "cut", body.format("Costumes"), head)
    t.equal(record["title"], 'Marathon: a winner and "royal visit"')


def test_bylines(t):
    story = "<article><h1>The crane moves again</h1>{}" + "".join(P) + "</article>"
    _, record = extract(t, "mail", story.format('<p class="by"><span>By Ann Brown</span></p>'),
                        '<title>The crane moves again</title><meta name="author" '
                        'content="a.brown@example.org">')
    t.equal([a["name"] for a in record["authors"]], ["Ann Brown"])
    for lang, join in (("da", "og"), ("sv", "och"), ("nl", "en"), ("es", "y"), ("fr", "et"),
                       ("de", "und"), ("pl", "i"), ("tr", "ve"), ("fi", "ja"), ("en", ";")):
        head = ('<title>The crane moves again</title><script type="application/ld+json">{"@type":'
                '"NewsArticle","author":[{"@type":"Person","name":"Trine Jensen%s Tora Hansen"}]}'
                "</script>" % (join if join == ";" else " " + join))
        _, record = extract(t, f"and-{lang}", story.format(""), head, lang)
        t.equal([a["name"] for a in record["authors"]], ["Trine Jensen", "Tora Hansen"], lang)


def test_new_window(t):
    """A link's description for screen readers is not text of the article."""
    links = ('<p>The engineer wrote a <a href="https://e.org/r.pdf">report, opens new tab</a>, the council <a '
             'href="https://e.org/2">answered(öffnet im neuen Fenster)</a> and <a href="https://e.org/3">went <span>(new '
             'window)</span></a>, <a href="https://e.org/4">a letter, in a new tab of paper</a>.</p>')
    page, _ = extract(t, "links", "<article><h1>The crane moves again</h1>" + "".join(P) + links
                      + "</article>")
    t.equal(re.findall(r"<a [^>]*>(.*?)</a>", page),
            ["report", "answered", "went ", "a letter, in a new tab of paper"])


def test_page_name_under_title(t):
    """A name alone under the title, over prose, is the author's; another line is not."""
    prose = ("<p>The train has crossed the mountains for more than a hundred years, and the people of the villages "
             "call it their own; every morning they wait for it at the station.</p>") * 4
    page = "<!DOCTYPE html><html lang={}><title>The slow train</title><body><main><article><h1>The slow train</h1><p>{}</p>{}</article></main></html>"
    for language, name in (("en", "Anna Berg"), ("ja", "山田太郎")):
        t.file("a.html", page.format(language, name, prose))
        t.ok("-o", "a.epub", "a.html")
        book = epub.Epub(t.dir / "a.epub")
        t.true(f">{name}</dc:creator>" in book.read("EPUB/package.opf").decode(), name)
        t.true(f"<p>{name}</p>" not in book.read("EPUB/chapter-1.xhtml").decode(), name)
    for line in ("Northern News Agency", "Anna Berg drives it", "The morning"):
        t.file("a.html", page.format("en", line, prose))
        t.ok("-o", "a.epub", "a.html")
        book = epub.Epub(t.dir / "a.epub")
        t.true("dc:creator" not in book.read("EPUB/package.opf").decode(), line)
        t.true(f"<p>{line}</p>" in book.read("EPUB/chapter-1.xhtml").decode(), line)
    t.file("a.html", page.format("en", "Anna Berg", prose))
    t.ok("--no-guess", "-o", "a.epub", "a.html")
    t.true("dc:creator" not in epub.Epub(t.dir / "a.epub").read("EPUB/package.opf").decode(), "--no-guess")
