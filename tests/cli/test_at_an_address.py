"""Markdown and text at an address, or with --base-url: what they name is relative to it."""

import web
from epub import Epub

ARTICLE = """---
title: The slow water
cover-image: art/cover.png
---

The river has crossed the plain for more than a hundred years, and it has never been in a hurry.

![near](a.png) <img src="art/b.png" alt="raw"> ![up](../up.png) ![root](/root.png)

[other](other.md#part) and [root](/x).
"""
COLOURS = {"/deep/art/cover.png": 10, "/deep/a.png": 20, "/deep/art/b.png": 30, "/up.png": 40, "/root.png": 50}


def serve(s):
    for path, red in COLOURS.items():
        s.files[path] = web.Answer(web.png(40, 30, (red, 0, 0)), "image/png")
    s.files["/deep/a.md"] = web.Answer(ARTICLE.encode(), "text/markdown; charset=utf-8")
    s.files["/old/a.md"] = web.Answer(b"", "text/plain", {"Location": s.url("/deep/a.md")}, status=302)


def found(t, s, book):
    """All pictures are in the book, and the links lead to the server."""
    pictures = [i for i in book.items.values() if i.get("media-type", "").startswith("image/")]
    t.equal(len(pictures), len(COLOURS), "pictures")
    t.equal(sum("cover-image" in (i.get("properties") or "") for i in pictures), 1, "cover")
    text = book.read("EPUB/chapter-1.xhtml").decode()
    for path in ("/deep/other.md#part", "/x"):
        t.true(f'href="{s.url(path)}"' in text, f"{path}: {text}")
    t.true("missing" not in text, text)


def test_address_of_markdown(t):
    with web.Server() as s:
        serve(s)
        for path in ("/deep/a.md", "/old/a.md"):
            result = t.chapbook("--cover", "auto", "--cache", "", "-o", "a.epub", "--force", s.url(path))
            t.equal(result.status, 0, str(result))
            found(t, s, Epub(t.dir / "a.epub"))
        t.keep(t.dir / "a.epub", "markdown-at-an-address")


def test_address_of_base_url(t):
    with web.Server() as s:
        serve(s)
        t.file("in/a.md", ARTICLE)
        t.file("in/a.png", web.png(40, 30, (200, 0, 0)))
        result = t.chapbook("--cover", "auto", "--online", "--cache", "", "--base-url", s.url("/deep/a.md"), "-o", "a.epub", "in/a.md")
        t.equal(result.status, 0, str(result))
        found(t, s, Epub(t.dir / "a.epub"))
        t.true("/deep/a.png" not in [r["path"] for r in s.requests], "a file beside the article comes first")
        result = t.ok("--base-url", s.url("/deep/a.md"), "-o", "b.epub", "in/a.md")
        t.equal(result.err.count(b"use --online"), 3, str(result))


def test_address_is_not_trusted(t):
    """A file that merely declares a private address as its own gets nothing from there."""
    with web.Server() as s:
        serve(s)
        t.file("a.md", f"---\nsource: {s.url('/deep/a.md')}\n---\n\n# Ferry\n\nIt crossed.\n\n![near](a.png)\n")
        t.ok("--online", "--cache", "", "-o", "a.epub", "a.md")
        t.equal(s.requests, [], "requests")
