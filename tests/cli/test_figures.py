"""Pictures, captions and credits of web pages, as `chapbook extract` gives them."""

import json

PROSE = "".join(f"<p>{text}</p>" for text in (
    "The harbour was closed for three days, because the crane had to be mended by hand.",
    "Fishermen waited on the quay and told stories about winters with ice on the bay.",
    "On the fourth day it moved again, slowly at first, and the mayor came to the water.",
    "In the evening the boats went out, one after the other, with their lights on.") * 2)
IMG = '<img src="a.jpg" width="800" height="500" alt="">'

# name, what stands between the paragraphs, (src, caption, credit) of each figure
CASES = [
    ("distributor", f'<figure>{IMG}<figcaption><span class="caption">The crane.</span> <span '
     'class="credit">Photo by Noa Levin</span> <span class="distributor">/Postmedia News</span>'
     "</figcaption></figure>", [("a.jpg", "The crane.", "Noa Levin/Postmedia News")]),
    ("slash", f'<figure>{IMG}<figcaption>The crane. <span class="credit">Noa Levin</span> '
     "/Postmedia News</figcaption></figure>",
     [("a.jpg", "The crane.", "Noa Levin/Postmedia News")]),
    ("label-in-strong", f"<figure>{IMG}<figcaption>The crane. <strong>Photo:</strong> <a "
     'href="https://example.org/">Noa Levin</a></figcaption></figure>',
     [("a.jpg", "The crane.", "Noa Levin")]),
    ("before-the-caption", f'<figure>{IMG}<figcaption><div class="bildautor">Bild: APA/Uli Fluri'
     '</div><span class="text">Der Kran im Hafen</span></figcaption></figure>',
     [("a.jpg", "Der Kran im Hafen", "APA/Uli Fluri")]),
    ("wrapper", f'<div>{IMG}<p class="image-credit-wrap"><span class="cutline">The log of 1992.'
     '</span> <span class="credit">(Photo: Mika Kristo, AP)</span></p></div>',
     [("a.jpg", "The log of 1992.", "Mika Kristo, AP")]),
    ("only-credit", f'<figure>{IMG}<figcaption><span class="credit">Reuters</span></figcaption>'
     "</figure>", [("a.jpg", None, "Reuters")]),
    ("duration", f'<figure>{IMG}<figcaption>The crane moves <span class="credit">00:00:49</span>'
     "</figcaption></figure>", [("a.jpg", "The crane moves", None)]),
    ("copyright", f"<figure>{IMG}<figcaption>Der Kran. <span>© dpa | Uli Fluri</span></figcaption>"
     "</figure>", [("a.jpg", "Der Kran.", "dpa | Uli Fluri")]),
    ("last-span", f"<figure>{IMG}<figcaption><span>The crane.</span> <span>Noa Levin</span>"
     "</figcaption></figure>", [("a.jpg", "The crane.", "Noa Levin")]),
    ("no-name-last", f"<figure>{IMG}<figcaption><span>The crane.</span> <span>It is old.</span>"
     "</figcaption></figure>", [("a.jpg", "The crane. It is old.", None)]),
    ("box", f'<div class="media-block"><div>{IMG}</div><div><p>Fishermen wait on the quay</p>'
     "<small>© Gemeinde Nord</small></div></div>",
     [("a.jpg", "Fishermen wait on the quay", "Gemeinde Nord")]),
    ("box-line", f"<p>{IMG}<br><em>Fishermen wait on the quay</em></p>",
     [("a.jpg", "Fishermen wait on the quay", None)]),
    ("box-of-a-paragraph", f"<div>{IMG}<p>{'Fishermen wait on the quay, and tell stories. ' * 4}"
     "</p></div>", []),
    ("box-of-a-person", '<div><img src="ann.jpg" width="400" height="400"><p>Ann Brown</p><p>'
     "Published 5 May 2024</p></div>", [("ann.jpg", None, None)]),
    ("figcaption-in-picture", f"<figure><picture>{IMG}<figcaption><p>Fishermen wait on the quay."
     "<span> Credit: Ann Brown/AFP</span></p></figcaption></picture></figure>",
     [("a.jpg", "Fishermen wait on the quay.", "Ann Brown/AFP")]),
    ("figcaption-beside", f'<div><div><figure>{IMG}<button>View 6 Images</button></figure></div>'
     "<figcaption><p>Fishermen wait on the quay <cite>(Image: Getty Images)</cite></p></figcaption>"
     "</div>", [("a.jpg", "Fishermen wait on the quay", "Getty Images")]),
    ("0-by-0", '<figure><img src="/i/a.jpg?w=930" width="0" height="0"><figcaption>The crane.'
     "</figcaption></figure>", [("/i/a.jpg?w=930", "The crane.", None)]),
    ("descriptors", '<figure><img ngsrcset="300w, 600w" srcset="https://c.example.org/a.jpg?w=300 '
     '300w, https://c.example.org/a.jpg?w=600 600w" src><figcaption>The crane.</figcaption>'
     "</figure>", [("https://c.example.org/a.jpg?w=600", "The crane.", None)]),
    ("controls", f'<img src="/static/icon-spinner-animated.svg" alt="Loading..."><figure>{IMG}'
     '<button><img src="/static/zoom-in.f7dae02f.svg" alt="Zoom"></button><figcaption>The crane.'
     "</figcaption></figure>", [("a.jpg", "The crane.", None)]),
]


def figures(t, name, page):
    path = t.file(f"{name}.html", '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>The '
                  f"crane moves again</title><body>{page}</body></html>")
    t.ok("extract", "-q", "-d", "out", path)
    record = json.loads((t.dir / "out" / f"{name}.json").read_text())
    return [(f["src"], f.get("caption"), f.get("credit")) for f in record.get("figures", [])]


def test_captions_and_credits(t):
    for name, part, expected in CASES:
        page = f"<article><h1>The crane moves again</h1>{PROSE}{part}{PROSE}</article>"
        t.equal(figures(t, name, page), expected, name)


def test_carousel(t):
    """All pictures of a carousel at the head of the article, outside it, are taken."""
    slides = "".join(f'<div class="CarouselSlide"><div><picture><img data-flickity-lazyload='
                     f'"https://c.example.org/p{i}.jpg"></picture></div><div><span class='
                     f'"infoDescription">Picture {i} of the crane in the harbour (AP Photo/Ann '
                     "Brown)</span></div></div>" for i in range(4))
    page = ('<main><h1>The crane moves again</h1><div class="Page-lead"><div class="Carousel">'
            f'{slides}</div></div><div class="story-body">{PROSE}</div></main>')
    t.equal(figures(t, "carousel", page),
            [(f"https://c.example.org/p{i}.jpg", f"Picture {i} of the crane in the harbour",
              "AP Photo/Ann Brown") for i in range(4)])
