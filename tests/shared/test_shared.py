"""What needs files that are not in this repository: `make check-shared`, SHARED=DIR.

Their texts belong to others, or they are too large. The tests are there only if SHARED is set."""

import concurrent.futures
import json
import os
import re
from pathlib import Path

import epub
import feedparser
import harness


def shared(name):
    path = Path(harness.SHARED).resolve() / name
    if not path.exists():
        raise harness.Skip(f"{name} is not in SHARED ({harness.SHARED})")
    return path


def mustache_spec(t):
    """The cases of the Mustache specification (github.com/mustache/spec) as JSON."""
    result = t.run([harness.BUILD / "shared" / "mustache_spec"],
                   env={"MUSTACHE_SPEC": str(shared("mustache-spec"))})
    t.equal(result.status, 0, f"{result.out.decode()}\n{result}")


def html5lib(t):
    """Tree construction by html5lib's cases: not worse than gumbo alone."""
    result = t.run([harness.BUILD / "corpus" / "html5lib", shared("corpus/html5lib")])
    t.equal(result.status, 0, f"{result.out.decode()}\n{result}")


def real_article(t):
    """The article that the program was first made for; its text is not ours."""
    t.ok("-o", "real.epub", shared("000_06e70ccefb90acc0.txt"))
    book = epub.Epub(t.dir / "real.epub")
    titles = [title for _, title, _ in book.toc()]
    t.true("Global ties" in titles and "A key role" in titles, f"chapters by their headings: {titles}")
    t.equal(len(book.chapters()), 2, "chapters: a short section joins its neighbour")
    t.equal(book.dc("creator"), ["Yu Hongjun"], "creator")
    t.equal([text for _, text in book.metas("file-as")][:1], ["Yu Hongjun"], "file-as")
    t.true(any("former vice minister" in text for _, text in book.metas("schema:description")), "bio")
    t.equal([text for _, text in book.metas("schema:creditText")], ["Xinhua"], "credit")
    captions = [text for _, text in book.metas("schema:caption")]
    t.true(len(captions) == 1 and captions[0].startswith("China-donated COVID-19 vaccines")
           and "Xinhua" not in captions[0], f"captions: {captions}")


# How many of the faulty books must be found, and how many sound ones may be accused. Better figures
# are entered here.
MIN_FOUND, MAX_FALSE = 200, 15


def check_epubs(t):
    """`chapbook check` on the books of EPUBCheck's own scenarios (outside the extensions)."""
    rows = [line.split("\t") for line in
            shared("check/expected.tsv").read_text().splitlines()[1:]]

    def accused(row):
        result = t.chapbook("check", shared("check/epubs") / row[0])
        text = (result.out + result.err).decode("utf-8", "replace")
        return bool(re.search(r": error: .*\[[a-z0-9-]+\]$", text, re.M)) or \
            not re.search(r"\d+ errors?, \d+ warnings?$", text, re.M)
    rows = [row for row in rows if not row[1].startswith("Extensions")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(zip(rows, pool.map(accused, rows)))
    found = sum(answer for row, answer in answers if row[2] != "-")
    false = sum(answer for row, answer in answers if row[2:4] == ["-", "-"])
    t.true(found >= MIN_FOUND, f"{found} faulty books found, at least {MIN_FOUND} before")
    t.true(false <= MAX_FALSE, f"{false} sound books accused, at most {MAX_FALSE} before")


# Lists of services and browsers: format, items, and members that the first, or one, of them has.
LISTS = {
    "wallabag/wallabag-v1.json": ("wallabag", 2, {"tags": ["Framabag"], "content_type": "text/html"}),
    "wallabag/wallabag-v2.json": ("wallabag", 6, {"state": "starred", "tags": ["mediapart", "blog"]}),
    "wallabag/omnivore.json": ("omnivore", 20, {"state": "Archived", "tags": ["RSS"]}),
    "omnivore-dup.zip": ("omnivore", 2, {"content_type": "text/html", "content_size": 60}),
    "feed/json_feed.json": ("jsonfeed", 20, {"content_type": "text/html", "content_size": 468}),
    "feed/TechCrunch.xml": ("rss", 20, {"source": "TechCrunch", "published": "2011-11-02T17:25:27Z"}),
    "feed/SamRuby.xml": ("atom", 20, {"url": "http://intertwingly.net/blog/2013/01/30/Plex"}),
    "feed/AmazonWebServicesBlog.xml": ("atom", 10, {"authors": [{"name": "AWS Editor"}]}),
    "wallabag/pocket.csv": ("pocket", 7, {"title": "You Might Not Need jQuery", "state": "unread",
                                          "saved": "2020-09-17T06:06:28Z"}),
    "wallabag/instapaper-export.csv": ("instapaper", 4, {"state": "Unread"}),
    "shiori/pocket-old.csv": ("pocket", 1, {"tags": ["shiori"], "saved": "2018-11-04T15:05:37Z"}),
    "shiori/pocket-new.csv": ("pocket", 1, {"tags": ["shiori"], "saved": "2018-11-04T15:05:37Z"}),
    "netscape/firefox_nested.htm": ("bookmarks", 21, {"saved": "2016-05-19T19:41:58Z"}),
    "netscape/chromium_nested.htm": ("bookmarks", 18, {"folder": "Personal toolbar"}),
    "netscape/internet_explorer_11_nested.htm": ("bookmarks", 27, {"folder": "Comics"}),
    "netscape/safari_folded.htm": ("bookmarks", 3, {"folder": "Favoris", "title": "GitHub"}),
    "netscape/delicious.htm": ("bookmarks", 5, {"tags": ["firefox", "bookmark", "export"]}),
    "netscape/netscape_extended.htm": ("bookmarks", 1, {"tags": ["story", "oceans"]}),
    "netscape/shaarli_markdown.htm": ("bookmarks", 0, {}),  # addresses without a host
    "wallabag/shaarli-bookmarks.html": ("bookmarks", 2, {"tags": ["firefoxos"]}),
    "wallabag/ril_export.html": ("pocket", 2, {"state": "Unread", "tags": ["ifttt", "new_entry_simple"]}),
    "wallabag/pinboard_export": ("pinboard", 3, {"tags": ["infinite", "dom", "performance", "scroll"]}),
    "wallabag/elcurator.json": ("elcurator", 1, {"tags": ["tag1", "tag2"]}),
    "wallabag/firefox-bookmarks.json": ("firefox", 2, {"folder": "Barre personnelle"}),
    "wallabag/chrome-bookmarks": ("chrome", 1, {"folder": "Barre de favoris",
                                                "saved": "2016-09-20T13:15:29Z"}),
    "wallabag/readability-read.json": ("readability", 2, {"title": "Travis", "state": "archive"}),
    "wallabag/delicious_export.2021.02.06_21.10.json": (
        "delicious", 3, {"tags": ["basket", "javascript", "loader", "localStorage"]}),
    "wxr/captions.xml": ("rss", 3, {}),
    "wxr/ghost-sample.xml": ("rss", 2, {}),
    "letter.eml": ("mail", 1, {"url": "https://lake.example/p/1", "source": "The Lake",
                               "authors": [{"name": "Ann Brown"}]}),
}


def lists(t):
    """`chapbook list` of real lists."""
    for name, (kind, count, first) in LISTS.items():
        path = shared("many/samples") / name
        result = t.ok("list", "--json", path)
        items = [json.loads(line) for line in result.out.decode().splitlines()]
        noun = "item" if count == 1 else "items"
        t.equal(result.err.decode(), f"{path}: {kind}, {count} {noun}\n", name)
        t.equal(len(items), count, f"items of {name}")
        t.equal({key: items[0].get(key) for key in first} if items else {}, first, name)
    titles = t.ok("list", shared("many/samples/wallabag/pocket.csv")).out.decode().splitlines()
    t.equal(len(titles), 7, "a title with a line break is one line")


MIN_FEED_SHARE = 0.97


def feeds(t):
    """feedparser's own tests: of each field, as many are right as the goal asks for."""
    files = sorted(p for p in shared("many/feedparser").rglob("*") if p.suffix in (".xml", ".json"))
    result = t.run([harness.BUILD / "shared" / "feed_items", "http://127.0.0.1:8097/a/feed.xml", *files])
    t.equal(result.status, 0, str(result))
    right, count, wrong = {}, {}, []
    for path, line in zip(files, result.out.decode().splitlines(), strict=True):
        entries = json.loads(line)
        for n, name, below, wanted in feedparser.expectations(path.read_bytes()):
            found = feedparser.compare(entries[n] if n < len(entries) else {}, name, below, wanted)
            if found is None:
                continue
            field, ok, ours = found
            right[field] = right.get(field, 0) + ok
            count[field] = count.get(field, 0) + 1
            if not ok:
                wrong.append(f"{path.name}: {field} {wanted!r}, not {ours!r}")
    table = [f"{field} {right[field]}/{count[field]}" for field in feedparser.FIELDS]
    t.true(sum(count.values()) >= 200, f"expectations: {table}")
    # One of 14 links is relative to a header of the answer, which the files do not have.
    for field in feedparser.FIELDS:
        t.true(right[field] >= MIN_FEED_SHARE * count[field] - 1, f"{table}\n" + "\n".join(wrong))


def cases():
    listed = (mustache_spec, html5lib, real_article, check_epubs, lists, feeds)
    return [(f.__name__.replace("_", "-"), f) for f in listed] if harness.SHARED else []
