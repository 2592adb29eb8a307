"""Lists of articles: `chapbook list`, and books of lists."""

import json
import sys
import zipfile

import epub
import harness
import web

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


# Runs a program; the last line on standard output is the size of its largest process in KB.
MEASURE = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def lists_of(count):
    """Lists with so many items: name, lines."""
    def each(line):
        return (line % {"n": n} for n in range(count))
    yield "lines", each("https://lake.example/%(n)d\tTitle\n")
    yield "csv", ["title,url,time_added,tags,status\n", *each("A,https://lake.example/%(n)d,1600322788,a|b,unread\n")]
    yield "html", ["<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n",
                   *each('<DT><A HREF="https://lake.example/%(n)d" ADD_DATE="1463686918">A</A>\n<DD>Note\n')]
    yield "json", ["[\n", *each('{"href": "https://lake.example/%(n)d", "extended": "", "tags": "a b"},\n'),
                   '{"href": "https://lake.example/"}]\n']
    yield "opml", ["<opml><body>", *each('<outline text="A" xmlUrl="https://lake.example/%(n)d"/>\n'),
                   "</body></opml>\n"]


def test_memory_of_long_lists(t):
    """The memory does not grow with the number of items: at most 24 MB, and equal within 10 %."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    sizes = {}
    for count in (1000, 300000):
        for name, lines in lists_of(count):
            path = t.file(name, "".join(lines))
            result = t.run([sys.executable, "-S", "-c", MEASURE, harness.BUILD / "chapbook", "list", "-q", path])
            t.equal(result.status, 0, str(result))
            sizes.setdefault(name, []).append(int(result.out))
    for name, (small, large) in sizes.items():
        t.true(large <= 24000, f"{name}: {large} KB")
        t.true(large <= small * 1.1, f"{name}: {large} KB for 300,000 items, {small} KB for 1,000")


def page(number):
    return (f"<!DOCTYPE html><html lang=en><head><title>Page {number}</title></head><body><article>"
            f"<h1>Page {number}</h1>{'<p>The lake keeps its own calendar, and the village keeps it.</p>' * 8}"
            "</article></body></html>")


def pocket(t, server, name="pocket.zip"):
    """Six pages of a server, one of them twice."""
    rows = [f"T{i},{server.url(f'/{i}')},{1700000000 + i * 86400},ice|n{i % 2},{'unread' if i % 3 else 'archive'}"
            for i in range(6)]
    for i in range(6):
        server.files[f"/{i}"] = web.Answer(page(i))
    rows.append(f"Again,{server.url('/3')}?utm_source=x#y,1,,unread")
    marks = [{"url": server.url("/1"), "title": "T1", "highlights": [{"quote": "its own calendar"}]}]
    t.file("part_000000.csv", "title,url,time_added,tags,status\n" + "\n".join(rows) + "\n")
    t.file("annotations.json", json.dumps(marks))
    with zipfile.ZipFile(t.dir / name, "w") as archive:
        archive.write(t.dir / "part_000000.csv", "part_000000.csv")
        archive.write(t.dir / "annotations.json", "annotations/part_000000.json")


def test_books_of_an_export(t):
    """A book each in a folder of its name; again: nothing is left to do; all in one."""
    with web.Server() as server:
        pocket(t, server)
        result = t.ok("--cache", "none", "pocket.zip")
        names = [f"pocket/page-{i}.epub" for i in range(6)]
        t.equal(result.out.decode().split(), names, "one of each, once")
        book = epub.Epub(t.dir / names[1])
        t.equal(book.dc("title"), ["Page 1"], "the page's own title")
        t.equal(book.dc("subject"), ["ice", "n1"], "tags")
        t.equal(book.dc("date"), [], "when it was saved is not when it was published")
        t.true("Highlights" in [title for _, title, _ in book.toc()], f"{book.toc()}")
        t.keep(t.dir / names[1])
        t.equal(t.ok("--cache", "none", "pocket.zip").out, b"", "nothing new")
        t.ok("--cache", "none", "-o", "all.epub", "pocket.zip")
        t.equal(len(epub.Epub(t.dir / "all.epub").dc("source")), 6, "articles")
        t.keep(t.dir / "all.epub")


def test_choosing(t):
    rows = "".join(f"T{i},https://lake.example/{i},{1700000000 + i * 86400},{tag},{state}\n"
                   for i, (tag, state) in enumerate([("ice", "unread"), ("Ice", "archive"), ("snow", "unread")]))
    t.file("list.csv", "title,url,time_added,tags,status\n" + rows +
           "None,https://www.shore.example/x,,ice,unread\n")  # saved 14, 15 and 16 November 2023

    def chosen(*args, **kw):
        out = t.ok("list", "-q", *args, "list.csv", **kw).out.decode()
        return [line.split("\t")[1] for line in out.splitlines()]
    for args, titles in (
            ([], ["T0", "T1", "T2", "None"]),
            (["--since", "2023-11-15"], ["T1", "T2"]),
            (["--until", "2023-11-15"], ["T0", "T1"]),
            (["--since", "2023-11", "--until", "2023-11"], ["T0", "T1", "T2"]),
            (["--since", "2023-11-16T22:13:20Z"], ["T2"]),
            (["--where", "tag=ice"], ["T0", "T1", "None"]),
            (["--where", "tag=ice", "--where", "tag=snow"], ["T0", "T1", "T2", "None"]),
            (["--where", "tag=ice", "--where", "state=archive"], ["T1"]),
            (["--where", "site=shore.example"], ["None"]),
            (["--where", "site=ore.example"], []),
            (["--limit", "2"], ["T0", "T1"])):
        t.equal(chosen(*args), titles, args)
    t.equal(chosen("--since", "2d", env={"SOURCE_DATE_EPOCH": str(1700000000 + 3 * 86400)}), ["T1", "T2"], "2d")
    for args in (["--since", "soon"], ["--where", "colour=red"], ["--where", "tag="], ["--limit", "0"]):
        t.equal(t.chapbook("list", *args, "list.csv").status, 2, args)


def test_order_and_limit(t):
    with web.Server() as server:
        pocket(t, server)
        result = t.ok("--cache", "none", "--order", "saved", "--limit", "2", "-o", "new/", "pocket.zip")
        t.equal(sorted(result.out.decode().split()), ["new/page-4.epub", "new/page-5.epub"], "the newest two")


def test_sources_and_articles(t):
    """Together they need a place to go to; a source that is empty or damaged costs nothing else."""
    t.file("a.txt", "A Lake\n\n" + "The lake is wide and cold in winter. " * 9 + "\n")
    t.file("empty.csv", "title,url,time_added,tags,status\n")
    t.file("mymind.csv", "id,type,title,url,content,note,tags,created\n"
           "m2,Note,A Cold Night,,It froze in one night.,,,2024-12-05T23:02:10Z\n")
    result = t.chapbook("empty.csv")
    t.true(result.status == 1 and "no articles" in result.err.decode(), str(result))
    t.equal(t.chapbook("a.txt", "mymind.csv").status, 2, "where to?")
    t.equal(t.ok("-o", "both/", "a.txt", "mymind.csv", "empty.csv").out.decode().split(),
            ["both/a-lake.epub", "both/a-cold-night.epub"], "books")
    t.ok("-o", "both.epub", "a.txt", "mymind.csv")
    t.equal(len(epub.Epub(t.dir / "both.epub").chapters()), 2, "chapters")
    t.keep(t.dir / "both.epub")


def test_groups(t):
    """--group-by: a level of the contents; what has none comes last."""
    t.file("m.csv", "id,type,title,url,content,note,tags,created\n" + "".join(
        f"m{i},Note,Title {i},,It froze in night {i} and thawed.,,{tag},2024-12-05\n"
        for i, tag in enumerate(["ice", "", "snow", "ice"])))
    t.ok("--group-by", "tag", "-o", "g.epub", "m.csv")
    t.equal([(depth, title) for depth, title, _ in epub.Epub(t.dir / "g.epub").toc()][:6],
            [(1, "ice"), (2, "Title 0"), (2, "Title 3"), (1, "snow"), (2, "Title 2"), (1, "Title 1")], "contents")
    t.keep(t.dir / "g.epub")
    t.equal(t.chapbook("--group-by", "colour", "-o", "g.epub", "m.csv").status, 2, "no such field")
