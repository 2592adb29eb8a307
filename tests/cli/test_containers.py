"""Exports and feeds that have the texts of articles: `chapbook list`."""

import json
import warnings
import zipfile

import epub
import harness

LAKE = "https://lake.example/"
LONG = "<p>" + "The ice came early that year, and it stayed. " * 30 + "</p>"


def listed(t, *paths):
    return [json.loads(line) for line in t.ok("list", "--json", *paths).out.decode().splitlines()]


def omnivore(path, **content):
    articles = [{"id": "1", "slug": "the-ice", "title": "The Ice", "author": "Ann Brown", "url": LAKE + "ice",
                 "state": "Archived", "labels": ["snow"], "savedAt": "2024-10-29T16:30:11.000Z",
                 "publishedAt": "2024-10-28T16:30:11.000Z", "readingProgress": 0, "description": "About ice."},
                {"id": "2", "slug": "no-text", "title": "No Text", "url": LAKE + "none", "labels": [],
                 "savedAt": "2024-10-29T16:30:11.000Z", "readingProgress": 0}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice, as the service writes it
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("export/metadata_0_to_20.json", json.dumps(articles))
            for _ in range(2):
                out.writestr("export/content/the-ice.html", content.get("html", LONG))
            out.writestr("export/highlights/the-ice.md", "> It froze.\n> Again.\n\nOdd.\n\n> Once more.\n")


def test_omnivore(t):
    """The archive may have an entry twice; highlights have their notes."""
    omnivore(t.dir / "omnivore.zip")
    first, second = listed(t, "omnivore.zip")
    t.equal({key: first.get(key) for key in ("url", "title", "state", "summary", "published", "saved", "tags")},
            {"url": LAKE + "ice", "title": "The Ice", "state": "Archived", "summary": "About ice.",
             "published": "2024-10-28T16:30:11Z", "saved": "2024-10-29T16:30:11Z", "tags": ["snow"]}, "facts")
    t.equal(first["highlights"], [{"text": "It froze. Again.", "note": "Odd."}, {"text": "Once more."}],
            "highlights")
    t.equal((first["content_type"], first["content_size"]), ("text/html", len(LONG)), "text")
    t.true("content_size" not in second and second["url"] == LAKE + "none", str(second))


def test_wallabag(t):
    """Both versions. What is too short to be the article is to be fetched."""
    t.file("v2.json", json.dumps([
        {"id": 1, "title": "No title found", "url": LAKE + "1", "is_archived": False, "is_starred": 1,
         "content": "wallabag can't retrieve contents for this article.", "tags": [],
         "created_at": "2016-09-08T11:55:58+0200"},
        {"id": 2, "title": "Two", "url": LAKE + "2", "is_archived": True, "is_starred": False, "content": LONG,
         "tags": ["ice"], "published_at": "2016-09-01T00:00:00+0200", "published_by": ["Ann Brown"]}]))
    t.file("v1.json", json.dumps([
        {"0": "1", "id": "1", "title": "One", "url": LAKE + "1", "is_read": "0", "is_fav": "1", "content": LONG,
         "tags": "ice,snow"}]))
    first, second = listed(t, "v2.json")
    t.true("title" not in first and first["is_partial"] and first["state"] == "starred", str(first))
    t.equal((second["title"], second["state"], second["tags"], second["authors"], second.get("is_partial")),
            ("Two", "archived", ["ice"], [{"name": "Ann Brown"}], None), "second")
    old, = listed(t, "v1.json")
    t.equal((old["title"], old["state"], old["tags"], old["content_type"]),
            ("One", "starred", ["ice", "snow"], "text/html"), "version 1")


def test_json_feed(t):
    t.file("feed.json", json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Lake", "items": [
            {"id": "a", "url": LAKE + "a", "title": "A", "content_html": LONG, "tags": ["ice"],
             "date_published": "2024-01-02T03:04:05Z", "authors": [{"name": "Ann Brown"}]},
            {"id": "b", "content_text": "Words."}]}))
    first, second = listed(t, "feed.json")
    t.equal((first["id"], first["title"], first["published"], first["authors"], first["content_type"]),
            ("a", "A", "2024-01-02T03:04:05Z", [{"name": "Ann Brown"}], "text/html"), "HTML")
    t.equal((second["id"], second["content_type"], second["content_size"]), ("b", "text/plain", 6), "text")


def test_feed(t):
    """A feed is identified by its bytes, whatever its name is."""
    t.file("feed.txt", f"<rss><channel><title>Lake</title><item><link>{LAKE}1</link><title>A</title>"
                       f"<description><![CDATA[{LONG}]]></description></item></channel></rss>")
    item, = listed(t, "feed.txt")
    t.equal((item["url"], item["title"], item["source"], item["content_type"], item.get("is_partial")),
            (LAKE + "1", "A", "Lake", "text/html", None), "item")


def letter(n):
    return (f"From: Ann Brown <ann@lake.example>\nSubject: Letter {n}\nDate: Thu, 04 Jan 2024 10:{n:02}:00 +0000\n"
            f"Message-ID: <{n}@lake.example>\nList-Id: Lake Letters <letters.lake.example>\nMIME-Version: 1.0\n"
            "Content-Type: text/html; charset=utf-8\n\n"
            f"<h1>Letter {n}</h1>{LONG}<p>Letter {n} ends.</p><p><a href='{LAKE}unsubscribe'>Unsubscribe</a></p>\n")


def test_book_of_a_mailbox(t):
    """Fifty letters are the articles of one book, without the lines for leaving the list."""
    t.file("letters.mbox", "".join(f"From ann@lake.example Thu Jan  4 10:00:00 2024\n{letter(n)}\n" for n in range(50)))
    result = t.ok("--cover", "none", "-o", "letters.epub", "letters.mbox")
    t.true(b"no-article" not in result.err, result.err.decode())
    book = epub.Epub(t.dir / "letters.epub")
    text = "".join(book.read(name).decode() for name in book.chapters())
    t.equal([n for n in range(50) if f"Letter {n} ends." not in text], [], "letters that are missing")
    t.true("Unsubscribe" not in text and "ann@lake.example" not in text, "no footer, no mail address")
    t.keep(t.dir / "letters.epub")


def test_book_of_a_feed(t):
    items = "".join(f"<item><link>{LAKE}{n}</link><title>Day {n}</title><description><![CDATA[{LONG}<p>Day {n} ends."
                    "</p>]]></description></item>" for n in range(12))
    t.file("feed.xml", f"<rss version='2.0'><channel><title>Lake</title>{items}</channel></rss>")
    t.ok("--cover", "none", "-o", "feed.epub", "feed.xml")
    book = epub.Epub(t.dir / "feed.epub")
    text = "".join(book.read(name).decode() for name in book.chapters())
    t.equal([n for n in range(12) if f"Day {n} ends." not in text], [], "entries that are missing")
    t.keep(t.dir / "feed.epub")
