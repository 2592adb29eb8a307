"""What is an article and what is not: formats that are refused by name, and texts that look like them."""

import gzip
import io
import json
import tarfile
import zipfile

import epub
import harness
import web

PROSE = ("The ferry that links the two halves of the harbour has carried passengers since before anyone alive "
         "can remember, and it has never once been on time. Nobody seems to mind very much, for the view is fine "
         "and the tea is hot.\n\nLast spring the city council voted to replace it with a bridge. The vote was "
         "close, the debate was loud, and the mayor left by a side door before the count was over.\n")


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in files.items():
            z.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def opened_with(mimetype):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("mimetype", mimetype)
        z.writestr("content.xml", "<x/>")
    return out.getvalue()


def tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def rss(count, head="<?xml version='1.0'?>\n<rss version='2.0'>"):
    return head + "<channel><title>T</title>" + "<item><title>One</title></item>" * count + "</channel></rss>"


ROWS = "".join(f"Person {n},{1950 + n},Town {n}\n" for n in range(12))
MAIL = ("Return-Path: <ann@example.org>\nReceived: from a by b\nMessage-ID: <1@example.org>\nFrom: ann@example.org\n"
        "Subject: The ferry\nMIME-Version: 1.0\n\n" + PROSE)
C = '#include <stdio.h>\n\nint main(void)\n{\n\tprintf("hello\\n");\n\treturn 0;\n}\n'

# file name, bytes, words of the message
REFUSED = [
    ("a.json", '{"title": "x", "items": [1, 2]}', "a JSON object with 2 members"),
    ("a.txt", '[{"a": 1}, {"a": 2}, {"a": 3}]', "a JSON array with 3 items"),
    ("b.json", "{'title': 1,}", "JSON with errors"),
    ("a.jsonl", '{"a": 1}\n{"a": 2}\n', "2 objects"),
    ("feed.json", '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}]}', "a JSON feed with 1 entry"),
    ("a.har", '{"log": {"version": "1.2", "entries": [{}, {}]}}', "a HAR file with 2 requests"),
    ("a.ipynb", '{"nbformat": 4, "cells": [{}]}', "a Jupyter notebook with 1 cell"),
    ("a.csv", "name,year,town\n" + ROWS, "a CSV table with 3 columns and 12 rows"),
    ("a.txt", "name,year,town\n" + ROWS, "a CSV table with 3 columns"),
    ("b.csv", "name;town\nAnn;Ghent\nBob;Bern\n", "a CSV table with 2 columns and 2 rows"),
    ("a.tsv", "name\tyear\nAnn\t1950\nBob\t1951\n", "tab-separated"),
    ("quoted.csv", 'name,words\nAnn,"One, two\nand three"\nBob,"Four"\n', "a CSV table with 2 columns and 2 rows"),
    ("a.xml", rss(20), "an RSS feed with 20 entries"),
    ("feed", rss(1), "an RSS feed with 1 entry"),
    ("a.html", rss(2), "an RSS feed with 2 entries"),
    ("bare.txt", rss(2, "<rss version='2.0'>"), "an RSS feed with 2 entries"),
    ("wxr.xml", rss(3, "<?xml version='1.0'?><!-- x --><rss xmlns:wp='http://wordpress.org/export/1.2/'>"),
     "a WordPress export (WXR) with 3 entries"),
    ("rdf.xml", "<?xml version='1.0'?><rdf:RDF xmlns='http://purl.org/rss/1.0/'><item rdf:about='x'/></rdf:RDF>",
     "an RSS feed with 1 entry"),
    ("atom.xml", "<feed xmlns='http://www.w3.org/2005/Atom'><entry/><entry/></feed>", "an Atom feed with 2 entries"),
    ("a.enex", "<?xml version='1.0'?><!DOCTYPE en-export SYSTEM 'http://xml.evernote.com/pub/e.dtd'>"
               "<en-export><note></note><note></note></en-export>", "an Evernote export (ENEX) with 2 notes"),
    ("a.fb2", "<?xml version='1.0'?><FictionBook><body/></FictionBook>", "a FictionBook"),
    ("a.kml", "<?xml version='1.0'?><kml><Placemark/></kml>", "a map (KML)"),
    ("a.plist", "<?xml version='1.0'?><plist><dict/></plist>", "a property list"),
    ("sitemap.xml", "<?xml version='1.0'?><urlset><url></url></urlset>", "a sitemap with 1 address"),
    ("db.xml", "<?xml version='1.0'?><article xmlns='http://docbook.org/ns/docbook'><title>x</title></article>",
     "a DocBook document"),
    ("jats.xml", "<?xml version='1.0'?><article><front><article-meta/></front></article>", "a JATS article"),
    ("other.xml", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><menu><dish>Soup</dish></menu>",
     "an XML document (<menu>)"),
    ("utf16.xml", rss(4).encode("utf-16"), "an RSS feed with 4 entries"),
    ("a.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>", "an SVG picture"),
    ("a.eml", "From: ann@example.org\nSubject: x\n\n" + PROSE, "a mail message"),
    ("mail.txt", MAIL, "a mail message"),
    ("a.mbox", "From ann@example.org Fri Jul  2 10:00:00 2021\n" + MAIL + "\nFrom bob@example.org Sat Jul  3 "
               "10:00:00 2021\n" + MAIL, "a mailbox (mbox) with 2 messages"),
    ("a.warc", "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n", "a web archive (WARC)"),
    ("a.warc.gz", gzip.compress(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n\r\n"), "a web archive (WARC)"),
    ("a.tex", "% a paper\n\\documentclass{article}\n\\begin{document}\nx\n\\end{document}\n", "a TeX document"),
    ("tex.txt", "\\documentclass[11pt]{article}\n\\begin{document}\nx\n\\end{document}\n", "a TeX document"),
    ("a.c", C, "C or C++ source code"),
    ("a.py", "import sys\n\n\ndef main():\n    x = 1\n    print(x)\n\n\nmain()\n", "Python source code"),
    ("a.rs", "fn main() {\n    let x = 1;\n    println!(\"{}\", x);\n}\n", "Rust source code"),
    ("a.css", "body {\n  color: red;\n}\n", "a style sheet"),
    ("a.sql", "CREATE TABLE x (\n  id INT,\n  name TEXT\n);\nINSERT INTO x VALUES (1, 'a');\n", "SQL"),
    ("a.yaml", "title: x\nitems:\n  - a: 1\n  - b: 2\n", "a YAML file"),
    ("run", "#!/bin/sh\nset -e\nfor i in 1 2; do\n  echo $i;\ndone\nx = (1)\n", "a script"),
    ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n", "subtitles"),
    ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", "a calendar"),
    ("a.pdf", b"%PDF-1.7\n1 0 obj\n", "a PDF file"),
    ("a.rtf", "{\\rtf1\\ansi Hello}", "an RTF document"),
    ("a.docx", zipped(**{"[Content_Types].xml": "<x/>", "word__document.xml": "<x/>"}), "an Office document"),
    ("a.odt", opened_with("application/vnd.oasis.opendocument.text"), "an OpenDocument file"),
    ("a.epub", opened_with("application/epub+zip"), "an EPUB book"),
    ("a.zip", zipped(a="x"), "a ZIP file"),
    ("a.mobi", b"Some_Book" + b"\0" * 51 + b"BOOKMOBI" + b"\0" * 50, "a MOBI or AZW3 book"),
    ("a.tar", tar(), "a tar file"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "a 7z file"),
    ("a.png", web.PNG, "a PNG picture"),
    ("a.gif", b"GIF89a\1\0\1\0\0\0\0;", "a GIF picture"),
    ("a.webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0", "a WebP picture"),
    ("a.mp4", b"\0\0\0\x18ftypisom\0\0\2\0", "an MP4 video"),
    ("a.mp3", b"ID3\3\0\0\0\0\0\x0aTIT2\0\0\0\0\0", "an MP3 file"),
    ("a.out", b"\x7fELF\2\1\1\0\0\0\0\0", "a program"),
    ("a.exe", b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff", "a program for Windows"),
    ("a.db", b"SQLite format 3\0\x10\0\1\1", "an SQLite database"),
    ("noise", bytes((n * 7919 + n * n * 31) % 32 for n in range(4096)), "binary data"),
]

# file name, text, words that the book must have
READ = [
    ("brace.txt", "{This is how it begins.} " + PROSE, "This is how it begins"),
    ("bracket.txt", "[Note: the names are changed.]\n\n" + PROSE, "the names are changed"),
    ("json.md", "# An API\n\n" + PROSE + '\n```json\n{"a": 1, "b": [1, 2]}\n```\n', '"b": [1, 2]'),
    ("commas.txt", "Rain, wind, fog\n\nIt was wet, it was cold, it was late.\nThe boat left, the tea cooled, we waited.\n"
                   "Nobody came, nobody called, nobody cared.\nThe lamp burned, the clock ran, the cat slept.\n"
                   "We read, we slept, we rose.\nThe sun came, the fog went, we left.\n", "the cat slept"),
    ("quotes-csv.txt", PROSE + "\nname,year,town\nAnn,1950,Ghent\nBob,1951,Bern\nCid,1952,Rome\n\n" + PROSE, "Bern"),
    ("essay-on-c.txt", "On the C language\n\n" + PROSE + "\nThis is a program:\n\n" + C + "\n" + PROSE, "printf"),
    ("essay.md", "# On C\n\n" + PROSE + "\n```c\n" + C * 20 + "```\n", "printf"),
    ("essay.c", PROSE, "the tea is hot"),
    ("notes.r", PROSE, "the tea is hot"),
    ("shebang.txt", "#!/bin/sh is how a script begins.\n\n" + PROSE, "how a script begins"),
    ("tex.md", "# TeX\n\n\\documentclass begins a file.\n\n" + PROSE, "begins a file"),
    ("documentclass.txt", "\\documentclass is the first word of a file.\n\n" + PROSE, "first word"),
    ("id3.txt", "ID3 tags were a bad idea.\n\n" + PROSE, "a bad idea"),
    ("bm.txt", "BMW makes cars.\n\n" + PROSE, "makes cars"),
    ("mz.txt", "MZ is how programs begin.\n\n" + PROSE, "programs begin"),
    ("gif.txt", "GIF89a is a format.\n\n" + PROSE, "is a format"),
    ("from.txt", "From the hill we saw the boat.\nIt was late: nobody came.\n\n" + PROSE, "nobody came"),
    ("letter.txt", "From: Ann Brown\nTo: editors@example.org\nDate: Fri, 02 Jul 2021 10:00:00 +0000\n"
                   "Subject: The last ferry\n\n" + PROSE, "the tea is hot"),
    ("xml-essay.txt", "The <rss> element holds a <channel>.\n\n" + PROSE, "element holds"),
    ("svg.md", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>\n\n" + PROSE,
     "the tea is hot"),
    ("page.php", "<!DOCTYPE html><html><title>T</title><body><p>" + PROSE + "</p></body></html>", "the tea is hot"),
    ("page.txt", "<!DOCTYPE html>\n<html><head><title>T</title></head><body><p>Some <i>words</i>. " + PROSE +
                 "</p></body></html>", "<i>words</i>"),
    ("fragment.txt", "<h1>T</h1>\n<p>Some <i>words</i>. " + PROSE + "</p>", "<i>words</i>"),
    ("page.md", "<!DOCTYPE html>\n<html><head><title>T</title></head><body><p>Some *words*. " + PROSE +
                "</p></body></html>", "*words*"),
    ("plain.html", "A title of it\n\n" + PROSE + "\nA < B, and C > D & E.\n\nThe last paragraph.\n", "<p>The last paragraph.</p>"),
    ("marks.html", "# A title\n\n" + PROSE + "\n## Two\n\nSome *words* here.\n", "<em>words</em>"),
    ("table.md", "| a | b | c |\n|---|---|---|\n" + "| 1 | 2 | 3 |\n" * 9 + "\n" + PROSE, "the tea is hot"),
    ("listing.txt", "Name, year, town\n" + "".join(f"Person {n}, {1950 + n}, Town {n}\n" for n in range(12)), "Town 7"),
    ("dashes.txt", "---\n\n" + PROSE, "the tea is hot"),
]


def make(t, name, content):
    t.file(name, content)
    return t.chapbook("-q", "--cover", "none", "-o", "book.epub", name)


def is_source(name):
    return name.split(".")[0] in ("feed", "wxr", "rdf", "atom", "bare", "utf16") \
        or name in ("a.xml", "a.html", "mail.txt", "a.mbox")


def refused_case(name, content, word):
    """What a file is, which is no article. Feeds and mail are sources, but not on standard input."""
    def run(t):
        where = "standard input" if is_source(name) else name
        if is_source(name):
            result = t.chapbook("-o", "book.epub", "-", input=content.encode() if isinstance(content, str) else content)
        else:
            result = make(t, name, content)
        err = result.err.decode()
        t.equal(result.status, 1, str(result))
        t.true(f"chapbook: {where}: this is " in err and word in err, err)
        t.true(": " in err.partition("this is ")[2], f"what to do instead\n{err}")
        t.true(not (t.dir / "book.epub").exists(), "no book")
    return run


def read_case(name, content, word):
    def run(t):
        result = make(t, name, content)
        t.equal(result.status, 0, str(result))
        book = epub.Epub(t.dir / "book.epub")
        text = "".join(book.read(chapter).decode() for chapter in book.spine())
        t.true(word in text.replace("&quot;", '"'), f"{word!r} is not in it\n{text[-3000:]}")
    return run


def test_the_user_overrules(t):
    """-f FORMAT: what it looks like does not count."""
    for name, content in (("a.json", '{"title": "a boat", "items": [1, 2]}'), ("a.csv", "name,year,town\n" + ROWS),
                          ("a.c", C), ("a.xml", rss(2))):
        t.file(name, content)
        t.ok("-q", "-f", "text", "--cover", "none", "-o", "book.epub", name)
    t.file("page.txt", "<p>Some <i>words</i>.</p>")
    t.ok("-q", "-f", "text", "--cover", "none", "-o", "book.epub", "page.txt")
    t.true(b"&lt;i&gt;words" in epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml"), "text is kept as text")


def test_from_an_address(t):
    """The content overrides the server's type; other types are refused."""
    with web.Server() as server:
        server.files["/feed"] = web.Answer(rss(5), "application/rss+xml")
        server.files["/api"] = web.Answer(json.dumps({"a": 1}), "text/html")
        server.files["/plain"] = web.Answer("A title of it\n\n" + PROSE, "text/html")
        server.files["/page"] = web.Answer("<!DOCTYPE html><title>T</title><p>Some <i>words</i>. " + PROSE, "text/plain")
        server.files["/odd"] = web.Answer(PROSE, "application/x-odd")
        server.files["/picture"] = web.Answer(b"not one", "image/png")
        for path, word in (("/feed", "has neither text nor a web address"), ("/api", "a JSON object with 1 member"),
                           ("/odd", "of type application/x-odd"), ("/picture", "of type image/png")):
            result = t.chapbook("-o", "book.epub", server.url(path))
            t.true(result.status == 1 and word in result.err.decode(), str(result))
        for path, word in (("/plain", b"<p>Last spring"), ("/page", b"<i>words</i>")):
            t.ok("-q", "--cover", "none", "-o", "book.epub", server.url(path))
            t.true(word in epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml"), path)


XHTML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html {dtd}>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en"><head>{head}<title>A chapter</title></head>
<body><section><h1>A chapter</h1>{body}<p>""" + PROSE.replace("\n\n", "</p><p>") + "</p>{end}</section></body></html>"


def xhtml(head="", body="", end="", dtd=""):
    return XHTML.format(head=head, body=body, end=end, dtd=dtd)


# what is in the page, and what the book must have
XML_RULES = {
    "script": (xhtml(head='<script src="x.js"/>', body="<p>First.</p>"), "<p>First.</p>"),
    "title": (xhtml().replace("<title>A chapter</title>", "<title/>"), "the tea is hot"),
    "style": (xhtml(head="<style/>", body="<p>First.</p>"), "<p>First.</p>"),
    "i": (xhtml(body='<p>First <i/>then there.</p><p>PLAIN</p>'), "<p>First then there.</p>"),
    "a": (xhtml(body='<p><a id="p"/>First.</p><p>PLAIN</p>'), "First.</p>"),
    "div": (xhtml(body='<div class="x"/><p>First.</p>', end="<p>Last.</p>"), "<p>Last.</p>"),
    "iframe": (xhtml(body='<iframe src="https://example.org/v"/><p>First.</p>'), "<p>First.</p>"),
    "textarea": (xhtml(body="<textarea/><p>First.</p>"), "<p>First.</p>"),
    "noscript": (xhtml(body="<noscript/><p>First.</p>"), "<p>First.</p>"),
    "plaintext": (xhtml(body="<plaintext/><p>First.</p>"), "<p>First.</p>"),
    "cdata": (xhtml(body="<p>If <![CDATA[a < b && c <i>]]> is so.</p>"), "If a &lt; b &amp;&amp; c &lt;i&gt; is so."),
    "own-entity": (xhtml(dtd='[<!ENTITY boat "the <b>Maid</b>">]', body="<p>On &boat; we stood, on &boat;.</p>"),
                   "On the <b>Maid</b> we stood, on the <b>Maid</b>."),
    "html-entity": (xhtml(dtd='PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://127.0.0.1:9/xhtml1-strict.dtd"',
                          body="<p>Caf&eacute;&nbsp;&mdash; &hellip;</p>"), "Café\u00a0— …"),
    "html-entity-without-dtd": (xhtml(body="<p>Caf&eacute; &mdash;</p>"), "Café —"),
    "void": (xhtml(body="<p>One<br></br>two<br/>three</p>"), "One<br/>two<br/>three"),
    "prefix": (xhtml().replace("<p>The ferry", "<h:p xmlns:h='http://www.w3.org/1999/xhtml'>The ferry")
               .replace("tea is hot.</p>", "tea is hot.</h:p>"), "tea is hot.</p>"),
    "pre": (xhtml(body="<pre>\n  two\n</pre>"), "  two"),
    "less-than": (xhtml(body="<p title='a&lt;b'>1 &lt; 2 &amp; 3 &#62; 2</p>"), "1 &lt; 2 &amp; 3 &gt; 2"),
}


def xml_case(content, word):
    def run(t):
        for name in ("page.xhtml", "page.html", "page"):
            result = make(t, name, content)
            t.equal((result.status, result.err), (0, b""), name)
            text = epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml").decode()
            t.true(word in text and "the tea is hot" in text, f"{name}: {word!r} is not in it\n{text[-3000:]}")
            t.true("left by a side door" in text and "PLAIN</i>" not in text, text[-3000:])
    return run


def test_xhtml_type(t):
    """application/xhtml+xml is XML whatever the address is; text/html without a declaration is HTML."""
    body = xhtml(body="<p>First <i/>then.</p>").partition("\n")[2]
    with web.Server() as server:
        server.files["/xml"] = web.Answer(body, "application/xhtml+xml")
        server.files["/html"] = web.Answer(body, "text/html")
        for path, word in (("/xml", b"<p>First then.</p>"), ("/html", b"<i>then.</i>")):
            t.ok("-q", "--cover", "none", "-o", "book.epub", server.url(path))
            t.true(word in epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml"), path)


def test_xhtml_not_well_formed(t):
    """HTML's rules, with a warning that names the line and the reason."""
    t.file("page.xhtml", xhtml(body="<p>First <b>one</p><p>Second &undefined; one.</p>"))
    result = t.ok("--cover", "none", "-o", "book.epub", "page.xhtml")
    t.true(b"page.xhtml:4: warning: not well-formed XML (Opening and ending tag mismatch" in result.err and
           b"[xml-malformed]" in result.err, str(result))
    text = epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml").decode()
    t.true("Second" in text and "the tea is hot" in text, text)


def test_xhtml_outside(t):
    """No DTD and no external entity is read; entities cannot fill the memory."""
    (t.dir / "secret").write_text("SECRET WORDS")
    path = t.dir / "secret"
    for dtd in (f'SYSTEM "{path}"', f'[<!ENTITY x SYSTEM "file://{path}">]',
                f'[<!ENTITY % y SYSTEM "file://{path}"> %y;]'):
        t.file("page.xhtml", xhtml(dtd=dtd, body="<p>It says &x; here.</p>"))
        t.chapbook("-q", "--cover", "none", "-o", "book.epub", "page.xhtml")
        t.true(b"SECRET" not in epub.Epub(t.dir / "book.epub").read("EPUB/chapter-1.xhtml"), dtd)
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    for dtd in (f'[<!ENTITY e0 "lol">{bomb}]', f'[<!ENTITY e9 "{"x" * 60000}">]'):
        t.file("page.xhtml", xhtml(dtd=dtd, body="<p>" + "&e9;" * 3000 + "</p>"))
        result = t.chapbook("--cover", "none", "-o", "book.epub", "page.xhtml",
                            cpu=10, memory=400)
        t.true(result.status in (0, 1), str(result))
        t.true(b"[xml-limit]" in result.err, str(result))


def cases():
    found = [(f"format-refused-{n}-{row[0]}", refused_case(*row)) for n, row in enumerate(REFUSED)]
    found += [(f"format-read-{row[0]}", read_case(*row)) for row in READ]
    found += [(f"format-xhtml-{name}", xml_case(*row)) for name, row in XML_RULES.items()]
    return found + [(f"format-{name[5:].replace('_', '-')}", value) for name, value in globals().items()
                    if name.startswith("test_")]
