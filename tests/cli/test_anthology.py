"""Several inputs: lists, folders, and one book of them all."""

import epub
import web

BODY = "\n\nThe lamp was lit at six, and the boats came in. It was a clear night, and no wind.\n"


def article(t, name, title, body=BODY, front=""):
    return t.file(name, f"{front}# {title}{body}")


def page(title, extra="", canonical=""):
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (f"<!DOCTYPE html><html lang=en><head><title>{title}</title>{link}</head><body><article>"
            f"<h1>{title}</h1>" + "<p>The lamp was lit at six, and the boats came in, one by one, as they do. "
            "It was a clear night, and there was no wind at all.</p>" * 4 + f"{extra}</article></body></html>").encode()


# --- inputs ---

def test_lists(t):
    """What people have: comments, CRLF, a byte order mark, titles, names."""
    article(t, "in/a.md", "One")
    article(t, "in/b.md", "Two")
    article(t, "in/c.md", "Three")
    t.file("in/list", "\ufeff# a comment\r\n\r\na.md\r\n  b.md\tA Second\r\nname\tc.md\r\n/x\tb.md\r\n")
    for args, names in ((["-i", "in/list"], ["one.epub", "a-second.epub", "name.epub"]),
                        (["-o", "out/", "-i", "in/list"], ["out/one.epub", "out/a-second.epub", "out/name.epub"])):
        result = t.chapbook(*args)
        t.equal(result.status, 1, "one line is bad")
        t.true(b"in/list:6: " in result.err, str(result))
        t.equal(result.out.decode().split(), names, "the others, in order")
    t.equal(t.ok("-i", "-", input="in/a.md\n").out, b"one.epub\n", "standard input")


def test_list_paths(t):
    """What a list names is below its folder by the real path, however it is written."""
    article(t, "home/in/a.md", "One")
    article(t, "home/in/sub/b.md", "Two")
    article(t, "home/x.md", "Outside")
    article(t, "home/far/y.md", "Outside")
    (t.dir / "home/in/link.md").symlink_to("../x.md")
    home = t.dir / "home"
    t.file("home/in/list", f"../in/a.md\n~/in/sub\n{home}/in/a.md\tThree\n../x.md\n{home}/x.md\n../far\nlink.md\n"
           f"~ann/x.md\n{home}/gone.md\n")
    result = t.chapbook("-i", "in/list", cwd=home, env={"HOME": str(home)})
    t.equal((result.status, result.out.decode().split()), (1, ["one.epub", "two.epub", "three.epub"]), str(result))
    for line, words in ((4, "../x.md: outside the folder of the list; give the file on the command line"),
                        (5, f"{home}/x.md: outside the folder of the list"), (6, "../far: outside"), (7, "link.md: outside"),
                        (8, '~ann/x.md: no such file; use "~/"'), (9, f"{home}/gone.md: No such file")):
        t.true(f"chapbook: in/list:{line}: {words}" in result.err.decode(), str(result))
    result = t.chapbook("-i", "-", cwd=home / "far", input=f"{home}/x.md\ny.md\n")
    t.equal((result.status, result.out), (1, b"outside.epub\n"), str(result))
    t.true(b"standard input:1: " in result.err and b"outside the current folder" in result.err, str(result))


def test_list_names_and_force(t):
    """--force replaces a file that is no EPUB where a list gives the name."""
    article(t, "a.md", "One")
    t.file("list", "name\ta.md\n")
    t.file("name.epub", "my diary")
    result = t.chapbook("-i", "list")
    t.true(result.status == 2 and b"replace it with --force" in result.err, str(result))
    t.equal((t.dir / "name.epub").read_bytes(), b"my diary")
    t.ok("--force", "-i", "list")
    t.equal(epub.Epub(t.dir / "name.epub").dc("title"), ["One"])


def test_list_of_addresses(t):
    with web.Server() as server:
        for name in ("one", "two"):
            server.files[f"/{name}"] = web.Answer(page(f"Page {name}"))
        t.file("links.txt", f"# to read\n{server.url('/one')}\n{server.url('/two')}\tMine\n")
        result = t.ok("links.txt")
    t.equal(result.out, b"page-one.epub\nmine.epub\n")
    t.true(b"links.txt: holds only addresses" in result.err, str(result))
    t.ok("-f", "text", "-o", "x.epub", "links.txt")


def test_folder(t):
    for n in (10, 9, 1):
        article(t, f"in/part {n}.md", f"Part {n}")
    t.file("in/notes.pdf", "%PDF")
    article(t, "in/.hidden.md", "Hidden")
    article(t, "in/deep/x.md", "Deep")
    t.equal(t.ok("in").out.decode().split(), ["part-1.epub", "part-9.epub", "part-10.epub"])
    t.ok("-o", "all.epub", "in/")
    t.equal(epub.Epub(t.dir / "all.epub").dc("title"), ["Part 1 · Part 9 · Part 10"])


# --- one book of all ---

def test_one_fails(t):
    for n in range(3):
        article(t, f"{n}.md", f"Part {n}")
    t.file("empty.md", "")
    for extra, status in (([], 1), (["-q"], 1), (["--strict"], 1)):
        result = t.chapbook(*extra, "-o", f"week{len(extra)}{extra}.epub", "0.md", "gone.md", "1.md", "empty.md", "2.md")
        t.equal(result.status, status, str(result))
        t.true(b"gone.md" in result.err, str(result))
        t.equal((t.dir / f"week{len(extra)}{extra}.epub").exists(), extra != ["--strict"], f"a book {extra}")
    book = epub.Epub(t.dir / "week0[].epub")
    colophon = book.read("EPUB/colophon.xhtml").decode()
    t.true("Not in This Book" in colophon and "<li dir=\"auto\">gone.md</li>" in colophon and "empty.md" in colophon, colophon)
    t.equal(len(book.chapters()), 3, "chapters")
    t.keep(t.dir / "week0[].epub")
    t.equal(t.chapbook("-o", "none.epub", "gone.md", "empty.md").status, 1, "nothing is left")
    t.true(not (t.dir / "none.epub").exists(), "no book")


def front(author, publisher, date, *subjects):
    return (f"---\nauthor: {author}\npublisher: {publisher}\ndate: {date}\n"
            f"subject: [{', '.join(subjects)}]\n---\n\n")


def test_metadata_true_of_all(t):
    article(t, "a.md", "One", front=front("Ann Brown", "The Paper", "2021-03-01", "boats", "rain"))
    article(t, "b.md", "Two", front=front("Ida Holm", "The Paper", "2021-05-01", "boats", "sun"))
    article(t, "c.md", "Three", front=front("Ann Brown", "Another", "2021-04-01", "snow"))
    t.ok("-o", "two.epub", "a.md", "b.md")
    t.ok("-o", "three.epub", "a.md", "b.md", "c.md")
    two, three = (epub.Epub(t.dir / f"{n}.epub") for n in ("two", "three"))
    t.equal((two.dc("publisher"), three.dc("publisher")), (["The Paper"], []), "publisher")
    t.equal((two.dc("date"), three.dc("date")), (["2021-05-01"], ["2021-05-01"]), "the newest date")
    t.equal((two.dc("subject"), three.dc("subject")), (["boats"], ["boats"]), "subjects of two")
    t.equal(three.dc("creator"), ["Ann Brown", "Ida Holm"], "authors")
    t.equal([title for _, title, _ in three.toc()], ["One — Ann Brown, The Paper",
            "Two — Ida Holm, The Paper", "Three — Ann Brown, Another"], "contents")
    t.equal(three.dc("description"), ["One; Two; Three"], "description")
    t.keep(t.dir / "three.epub")


def test_many_authors(t):
    for n in range(1, 15):
        article(t, f"in/{n}.md", f"Part {n}", front=front(f"Ann Brown{n}", "The Paper", "2021"))
    t.ok("-o", "all.epub", "in")
    book = epub.Epub(t.dir / "all.epub")
    t.equal(len(book.dc("creator")), 14, "all in the metadata")
    byline = book.read("EPUB/title.xhtml").decode().split('class="byline">')[1].split("</p>")[0]
    t.true("Ann Brown12</bdi> and others" in byline and "Brown13" not in byline, byline)
    t.ok("--lang", "de", "-o", "de.epub", "in")
    t.true("Brown12</bdi> und andere" in epub.Epub(t.dir / "de.epub").read("EPUB/title.xhtml").decode(), "in German")
    t.keep(t.dir / "all.epub")


def test_the_same_article_twice(t):
    article(t, "a.md", "One")
    article(t, "copy.md", "One")
    article(t, "b.md", "Two")
    with web.Server() as server:
        server.files["/p"] = server.files["/p?utm_source=x"] = web.Answer(page("Page", canonical=server.url("/p#top")))
        result = t.ok("-o", "all.epub", "a.md", "b.md", "copy.md", server.url("/p"), server.url("/p?utm_source=x"))
    t.equal(len(epub.Epub(t.dir / "all.epub").chapters()), 3, str(result))
    t.equal(result.err.count(b"[article-twice]"), 2, str(result))


def test_links_between(t):
    article(t, "one/x.md", "One", BODY + "\nSee [it](../two/y.md), [part](../two/y.md#part), [none](../two/y.md#none), "
            "[gone](../two/gone.md), [off](z.md).\n")
    article(t, "two/y.md", "Two", BODY + "\n## Part\n\nBack to [it](../one/x.md?utm_source=a).\n")
    t.ok("-o", "all.epub", "one/x.md", "two/y.md")
    book = epub.Epub(t.dir / "all.epub")
    first, second = (book.read(f"EPUB/chapter-{n}.xhtml").decode() for n in (1, 2))
    for link in ('<a href="chapter-2.xhtml">it</a>', '<a href="chapter-2.xhtml#part">part</a>', '<a href="chapter-2.xhtml">none</a>'):
        t.true(link in first, first)
    t.true('<a href="chapter-1.xhtml">it</a>' in second and "chapbook-file" not in first + second, second)
    t.true(">gone<" not in first and ">off<" not in first, "the text of what is not in the book is kept")
    t.keep(t.dir / "all.epub")
    result = t.chapbook("-o", "half.epub", "one/x.md", "two/y.md", "two/gone.md")
    t.equal(result.status, 1, "one is missing")
    t.true("data-chapbook" not in epub.Epub(t.dir / "half.epub").read("EPUB/chapter-1.xhtml").decode(), "no mark is left")
    t.keep(t.dir / "half.epub")


def test_links_between_addresses(t):
    with web.Server() as server:
        link = f'<p>See <a href="/two?utm_source=x&fbclid=1">it</a> and <a href="{server.url("/three")}">that</a>.</p>'
        server.files["/one"] = web.Answer(page("One", link))
        server.files["/two"] = web.Answer(page("Two"))
        t.ok("-o", "all.epub", server.url("/one"), server.url("/two"))
        first = epub.Epub(t.dir / "all.epub").read("EPUB/chapter-1.xhtml").decode()
        t.true('<a href="chapter-2.xhtml">it</a>' in first and f'href="{server.url("/three")}"' in first, first)


PLACES = {  # a place in a page: what it is, and what its link leads to
    "part": '<h2 id="part">Part</h2>',
    "old": '<h2><a name="old"></a>Old</h2>',
    "before": '<a name="before"></a><h2>Before</h2>',
    "span": '<h2><span id="span">Span</span></h2>',
    "box": '<section id="box"><h2>Box</h2>',
    "para": '<p id="para">A paragraph with a name, which is all that is said here.</p>',
    "1.2": '<h2 id="1.2">Numbers</h2>',
    "caf%C3%A9": '<h2 id="café">Café</h2>',
}


def test_links_to_places(t):
    """Places in pages that only other pages link to: by files, by addresses, by canonical addresses."""
    text = "<p>The boats came in, one by one, as they do.</p>"
    body = "".join(f"{place}{text}" for place in PLACES.values())

    def links(base):
        return "<p>See " + ", ".join(f'<a href="{base}#{place}">{n}</a>' for n, place in enumerate(PLACES)) + ".</p>"

    def check(name, *inputs):
        t.ok("-o", f"{name}.epub", *inputs)
        book = epub.Epub(t.dir / f"{name}.epub")
        first, second = (book.read(f"EPUB/chapter-{n}.xhtml").decode() for n in (1, 2))
        for n, place in enumerate(("part", "old", "before", "span", "box", "para", "_1.2", "café")):
            t.true(f'<a href="chapter-2.xhtml#{place}">{n}</a>' in first, f"{name} {place}: {first}")
            t.equal(second.count(f'id="{place}"'), 1, f"{name} {place}: {second}")
        t.keep(t.dir / f"{name}.epub")

    t.file("site/a/one.html", page("One", links("../b/two.html")))
    t.file("site/b/two.html", page("Two", body))
    check("files", "site/a/one.html", "site/b/two.html")
    t.file("site/a/one.html", page("One", links("/b/two.html")))
    check("root", "site/a/one.html", "site/b/two.html")
    t.file("1.html", page("One", links("two"), "https://example.org/one"))
    t.file("2.html", page("Two", body, "https://example.org/two"))
    check("canonical", "1.html", "2.html")
    with web.Server() as server:
        server.files["/one"] = web.Answer(page("One", links("/two?utm_source=x")))
        server.files["/two"] = web.Answer(page("Two", body))
        check("addresses", server.url("/one"), server.url("/two"))
    t.ok("-o", "single.epub", "2.html")
    t.true('id="para"' not in epub.Epub(t.dir / "single.epub").read("EPUB/chapter-1.xhtml").decode(), "no other page can link to it")
