"""Lists of articles: `chapbook list`, and books of lists."""

import json

import harness

SEEDS = harness.TESTS / "fuzz" / "seeds" / "source"
LAKE = "https://lake.example/"


def one(**members):
    return {"url": LAKE + "1", "title": "A", **members}


# File: format, and all its items.
EXPECTED = {
    "pocket.csv": ("pocket", [
        {"url": LAKE + "1", "title": 'A "cold" night', "state": "unread", "saved": "2020-09-17T06:06:28Z",
         "tags": ["ice", "snow"]},
        {"url": LAKE + "2", "title": "B", "state": "archive", "saved": "2020-09-15T12:25:39Z"}]),
    "pocket-old.csv": ("pocket", [one(state="unread", saved="2018-11-04T15:05:37Z", tags=["ice"])]),
    "instapaper.csv": ("instapaper", [
        one(summary="It froze.", state="Unread", saved="2025-05-23T01:39:03Z", tags=["ice", "snow"]),
        {"url": LAKE + "2", "title": "B", "folder": "Science", "saved": "2025-05-23T01:39:04Z"}]),
    "readwise.csv": ("readwise", [one(id="01a", state="new", saved="2022-11-06T04:33:50Z",
                                      tags=["ice", "snow's"])]),
    "raindrop.csv": ("raindrop", [
        one(id="1", summary="Sum", folder="Science / Ice", state="favorite", note="My note",
            saved="2023-01-02T03:04:05Z", tags=["ice", "snow"],
            highlights=[{"text": "It froze.", "note": "Odd"}])]),
    "matter.csv": ("matter", [one(state="queue", authors=[{"name": "Ann Brown"}], tags=["ice", "snow"])]),
    "mymind.csv": ("mymind", [
        one(id="m1", saved="2024-12-04T23:02:10Z", tags=["ice", "snow"]),
        {"title": "N", "id": "m2", "saved": "2024-12-05T23:02:10Z", "content_type": "text/markdown",
         "content_size": 7}]),
    "any.tsv": ("csv", [one(saved="2024-01-02")]),
    "wallabag.csv": ("wallabag", [one(content_type="text/html", content_size=16, is_partial=True,
                                      tags=["ice", "snow"])]),
    "lines": ("lines", [one(), {"url": LAKE + "2", "title": "B"}]),
    "firefox.json": ("firefox", [one(folder="Menu", saved="2013-12-27T17:41:31Z", tags=["ice", "snow"])]),
    "chrome.json": ("chrome", [one(folder="Bar", saved="2016-09-20T13:15:29Z"),
                               {"url": LAKE + "2", "title": "B", "folder": "Bar/Ice"}]),
    "pinboard.json": ("pinboard", [one(state="unread", note="Note", saved="2016-10-31T15:57:56Z",
                                       tags=["ice", "snow"])]),
    "readability.json": ("readability", [one(summary="x", state="favorite", saved="2016-08-01")]),
    "any.json": ("json", [{"url": LAKE + "2", "folder": "List"}, {"url": LAKE + "3"}]),
    "bookmarks.html": ("bookmarks", [
        {"url": LAKE + "1", "title": "A & B", "folder": "Ice", "note": "Note", "saved": "2016-05-19T19:41:58Z",
         "tags": ["ice", "snow"]},
        {"url": LAKE + "2", "title": "C"}]),
    "ril_export.html": ("pocket", [one(state="Unread", saved="2023-07-06T07:31:35Z", tags=["ice", "snow"]),
                                   {"url": LAKE + "2", "title": "B", "state": "Read Archive"}]),
    "feeds.opml": ("opml", [{"url": LAKE + "feed.xml", "title": "Lake", "source_url": LAKE, "folder": "Ice",
                             "is_source": True},
                            {"url": LAKE + "1", "title": "P"}]),
    "pocket.zip": ("pocket", [
        {"url": LAKE + "1", "title": 'A "cold" night', "state": "unread", "saved": "2020-09-17T06:06:28Z",
         "tags": ["ice", "snow"], "highlights": [{"text": "It froze."}]},
        {"url": LAKE + "2", "title": "B", "state": "archive", "saved": "2020-09-15T12:25:39Z"},
        {"url": LAKE + "3", "title": "D", "folder": "Best", "note": "n"}]),
    "utf16": ("lines", [{"url": LAKE + "1", "title": "\u00c4"}]),
}


def test_list_of_each_format(t):
    for name, (kind, items) in EXPECTED.items():
        result = t.ok("list", "--json", SEEDS / name)
        t.equal([json.loads(line) for line in result.out.decode().splitlines()], items, name)
        t.true(f"{name}: {kind}, {len(items)} item" in result.err.decode(), str(result))


def test_list_prints_a_list(t):
    """What is printed can be read again, from a file or a pipe, compressed or not."""
    first = t.ok("list", "-q", SEEDS / "pocket.zip")
    t.equal(first.out.decode(), f'{LAKE}1\tA "cold" night\n{LAKE}2\tB\n{LAKE}3\tD\n', "lines")
    t.equal(first.err, b"", "-q")
    t.file("again", first.out)
    t.equal(t.ok("list", "again").out, first.out, "a list of it")
    t.equal(t.ok("list", "-", input=first.out).out, first.out, "a list of standard input")
    t.equal(t.ok("list", "-q", SEEDS / "pocket.csv.gz").out, t.ok("list", "-q", SEEDS / "pocket.csv").out, "gzip")


def test_list_of_what_is_no_source(t):
    t.file("a.md", "# A Lake\n\nThe lake is wide.\n")
    t.file("bad.json", '[{"url": "https://lake.example/1", "title": "A"}, {"url": ]')
    for name, message in (("a.md", "a.md: not a list, feed, export or mailbox"),
                          ("none", "none: No such file or directory")):
        result = t.chapbook("list", name, SEEDS / "lines")
        t.equal(result.status, 1, str(result))
        t.true(message in result.err.decode(), str(result))
        t.equal(len(result.out.splitlines()), 2, "the other one is listed")
    result = t.chapbook("list", "bad.json")
    t.equal((result.status, len(result.out.splitlines())), (1, 1), str(result))
    t.true("bad.json: not valid JSON at byte" in result.err.decode(), str(result))
    t.equal(t.chapbook("list").status, 2, "no source")
