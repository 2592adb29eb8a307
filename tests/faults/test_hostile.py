"""Hostile input: a clear error or a valid book, in bounded time and memory.

A process's peak memory is never below that of the one that started it, here some 100 MB: smaller
bounds mean nothing."""

import os
import struct
import warnings
import zlib

import epub
import harness

HUGE = (1024 if harness.SLOW else 64) << 20
SLOWER = 20 if harness.SANITIZED or harness.WRAP else 1
SCALE = 10 if harness.SANITIZED or harness.WRAP else 1  # smaller inputs under slow tools


def survive(t, *args, seconds=20, memory=600, status=None, keep=True, **kw):
    """Convert; a book must pass `chapbook check` (and, kept, EPUBCheck). Returns the result."""
    result = t.chapbook("-o", "book.epub", *args, cpu=seconds * SLOWER, memory=memory, **kw)
    book = t.dir / "book.epub"
    if result.status == 0:
        t.true(book.exists(), "status 0, and no book")
        check = t.chapbook("check", "book.epub", cpu=seconds * SLOWER)
        t.equal(check.status, 0, f"check\n{check.out.decode()[-2000:]}\n{check}")
        if keep:
            t.keep(book)
        epub.Epub(book)
    else:
        t.equal(result.status, 1, f"status\n{result}")
        t.true(result.err.startswith(b"chapbook: ") and len(result.err) < 5000, str(result))
        t.true(b"would not be valid" not in result.err, f"stopped by the preflight alone\n{result}")
        t.true(not book.exists(), "an error, and a book")
    if status is not None:
        t.equal(result.status, status, f"status\n{result}")
    return result


def shown(t):
    book = epub.Epub(t.dir / "book.epub")
    return " ".join(epub.page_text(book.read(name)) for name in book.spine())


def both(t, content, **kw):
    """The same bytes as text and as Markdown."""
    t.file("in", content)
    for form in ("text", "markdown"):
        (t.dir / "book.epub").unlink(missing_ok=True)
        survive(t, "-f", form, "in", **kw)


# --- bytes ---

def test_hostile_empty(t):
    for content in ("", "\n", " \n\t\n", "\ufeff"):
        t.file("in.txt", content)
        survive(t, "in.txt", status=1)
        t.file("in.md", content)
        survive(t, "in.md", status=1)
    t.file("only.md", "---\ntitle: T\n---\n")
    survive(t, "only.md")


def test_hostile_nuls(t):
    both(t, b"A title\n\nSome \0 words \0\0 and more of them.\n" * 50)
    t.file("zeros", b"\0" * 100000)
    survive(t, "zeros", status=1)


def test_hostile_random_bytes(t):
    import random
    rng = random.Random(1)
    for n in range(8):
        (t.dir / "book.epub").unlink(missing_ok=True)
        t.file("in", rng.randbytes(20000))
        survive(t, "-f", ("text", "markdown")[n % 2], "in")


def test_hostile_invalid_utf8(t):
    bad = (b"A title\n\nOverlong \xc0\xaf, surrogate \xed\xa0\x80, too high \xf4\x90\x80\x80, cut \xe2\x82, "
           b"alone \x80 \xff \xfe, non-character \xef\xbf\xbe \xef\xb7\x90, and words after it.\n")
    both(t, bad)
    t.ok("-f", "text", "--charset", "UTF-8", "-o", "book.epub", "in")
    t.true("and words after it." in shown(t), "valid content is kept")


def test_hostile_control_characters(t):
    every = "".join(map(chr, [*range(1, 32), 127, *range(128, 160), 0xad, 0x200b, 0x202e, 0x2028,
                              0xfeff, 0xfffc, 0xfffe, 0xffff, 0x1fffe, 0x10ffff]))
    both(t, f"A title {every} here\n\nWords {every} words.\n\n# Heading {every}\n\nMore of {every} them.\n")
    t.file("a.txt", "Title Here\n\nA paragraph of words.\n")
    (t.dir / "book.epub").unlink(missing_ok=True)
    survive(t, "--title", "a\x01b\x02\x7f\ufffe", "--author", "x\x0by", "--subject", "\x1b[31m", "a.txt")
    survive(t, "--title", os.fsdecode(b"bad \xff utf-8"), "--bio", os.fsdecode(b"\xc3("), "a.txt")


def test_hostile_xml(t):
    nasty = ("]]> --> -- <!-- a -- b --> <![CDATA[x]]> <?php echo 1 ?> &amp; &bogus; &#0; &#x1; "
             "&#xD800; <!DOCTYPE html> </body></html> \"' <")
    both(t, f"Title {nasty}\n\nText {nasty} text.\n\n# {nasty}\n\nText {nasty}.\n\n<!-- -- --- -->\n")
    t.file("a.txt", "Title Here\n\nA paragraph of words.\n")
    survive(t, *(f"--{key}={nasty}" for key in
                 ("title", "subtitle", "author", "bio", "author-url", "publisher", "source", "subject",
                  "rights", "series", "description", "standfirst")), "a.txt")
    survive(t, "--identifier", nasty, "a.txt")
    for key in ("lang", "date", "series-index"):
        result = t.chapbook("-o", "x.epub", "--series", "s", f"--{key}", nasty, "a.txt")
        if result.status == 0:
            t.equal(t.chapbook("check", "x.epub").status, 0, f"check with a nasty --{key}")
            t.keep(t.dir / "x.epub")


def test_hostile_scripts(t):
    t.file("in.md", "# Title\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n"
           "<a href=\"javascript:alert(1)\">a</a> <a href=\" java\tscript:alert(1)\">b</a> "
           "[c](javascript:alert(1)) [d](data:text/html,<script>1</script>) [e](vbscript:x)\n\n"
           "<iframe src=\"https://example.org\"></iframe><object data=x></object><embed src=x>\n"
           "<style>p{}</style><form action=x><input autofocus onfocus=alert(1)></form>\n"
           "<svg onload=alert(1)><script>alert(2)</script><a xlink:href=\"javascript:x\">y</a></svg>\n"
           "<math><mi href=\"javascript:x\">z</mi></math><base href=\"https://example.org\">\n"
           "<link rel=stylesheet href=https://example.org/x.css><meta http-equiv=refresh content=0>\n"
           "![r](https://example.org/remote.png) <p style=\"background:url(https://example.org)\">p</p>\n")
    survive(t, "in.md", status=0)
    book = epub.Epub(t.dir / "book.epub")
    for name in book.spine():
        page = book.read(name).decode()
        for word in ("<script>", "alert(", "javascript:", "onerror", "onload", "<iframe", "<object",
                     "<embed", "<form", "<base", "http-equiv=\"refresh", "src=\"http"):
            if "ld+json" not in page or word != "<script>":
                t.true(word not in page, f"{word} in {name}")


# --- size ---

def test_hostile_huge_line(t):
    with open(t.dir / "in", "wb") as f:
        piece = b"word " * 200000
        for _ in range(HUGE // SCALE // len(piece)):
            f.write(piece)
    for form in ("text", "markdown"):
        (t.dir / "book.epub").unlink(missing_ok=True)
        survive(t, "-f", form, "in", seconds=HUGE >> 20, memory=400 + 14 * (HUGE >> 20), keep=False)


def test_hostile_huge_word(t):
    both(t, "Title\n\n" + "x" * (8 << 20), keep=False, seconds=30)


def test_hostile_endless_input(t):
    survive(t, "/dev/zero", status=1, seconds=60, memory=3000)
    result = t.chapbook("-o", "x.epub", "--metadata-file", "/dev/zero", t.file("a.txt", "T\n\nwords\n"),
                        cpu=60 * SLOWER)
    t.equal(result.status, 1, f"status\n{result}")


def test_hostile_many_headings(t):
    n = 1000000 // SCALE // (1 if harness.SLOW else 10)
    t.file("in.md", "# h\n\nx\n\n" * n)
    survive(t, "in.md", seconds=60, memory=3000, keep=False)


def test_hostile_million_headings(t):
    n = 1000000 // SCALE
    t.file("in.md", "# h\n" * n)
    survive(t, "in.md", seconds=120, memory=4096, keep=False)  # all that it may have


def test_hostile_many_lines(t):
    both(t, "Title\n\n" + "a\n\n" * (1000000 // SCALE), seconds=60, memory=2000, keep=False)


def test_hostile_many_footnotes(t):
    n = 20000 // SCALE
    t.file("in.md", "# T\n\n" + " ".join(f"a[^{i}]" for i in range(n)) + "\n\n" +
           "\n".join(f"[^{i}]: note {i}" for i in range(n)))
    survive(t, "in.md", seconds=60, keep=False)
    t.file("same.md", "# T\n\n" + "a[^1] " * n + "\n\n[^1]: note\n")
    survive(t, "same.md", seconds=60, keep=False)
    t.file("self.md", "# T\n\na[^1]\n\n[^1]: see[^2]\n\n[^2]: see[^1]\n")
    survive(t, "self.md")


# --- depth ---

def deep(make, n=100000):
    def run(t):
        t.file("in.md", "# Title\n\n" + make(n // SCALE) + "\n\nAfter it.\n")
        survive(t, "in.md", seconds=60, memory=1500, keep=not (harness.SANITIZED or harness.WRAP))
        if (t.dir / "book.epub").exists():
            t.true("After it." in shown(t), "what comes after is there")
    return run


test_hostile_nested_quotes = deep(lambda n: "> " * n + "x")
test_hostile_nested_lists = deep(lambda n: "- " * n + "x")
test_hostile_nested_ordered_lists = deep(lambda n: "1. " * n + "x")
test_hostile_nested_indented_lists = deep(
    lambda n: "\n".join("  " * i + "- x" for i in range(n // 100)))
test_hostile_nested_html = deep(lambda n: "<div>" * n + "x")
test_hostile_nested_inline_html = deep(lambda n: "<b>" * n + "x")
test_hostile_nested_tables = deep(lambda n: "<table><tr><td>" * (n // 10) + "x", 20000)
test_hostile_nested_emphasis = deep(lambda n: "*a **a " * n + "b" + "* b**" * n, 20000)
test_hostile_nested_brackets = deep(lambda n: "[" * n + "a" + "]" * n)
test_hostile_nested_links = deep(lambda n: "[a](" * n)
test_hostile_nested_images = deep(lambda n: "![" * n + "a" + "](x)" * n, 20000)
test_hostile_many_backticks = deep(lambda n: "".join("e" + "`" * i for i in range(n)), 2000)
test_hostile_many_angles = deep(lambda n: "<" * n + "<!--" * n + "<?" * n)
test_hostile_wide_table = deep(
    lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n|" + "b|" * n, 10000)
test_hostile_many_entities = deep(lambda n: "&amp;&lt;&#35;&nosuch;" * n)
test_hostile_reference_bomb = deep(
    lambda n: "[a]: " + "x" * n + "\n\n" + "[a] " * n, 20000)


# --- metadata ---

def test_hostile_yaml(t):
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12))
    for yaml in (laughs, "title: " + "[" * 100000, "title: " + "{a: " * 50000, "title: &a [*a]\n",
                 "<<: {<<: {<<: x}}\n", "title: !!python/object:os.system [x]\n",
                 "? " * 50000, "title: \"\\x00\\x01\\uD800\"\n", "title: 'a\nb: [c", "\t- x\n\t",
                 "title: " + "x" * (2 << 20), "- a\n- b\n", "title:\n  - a\n  - {b: c}\n",
                 "author: " + "\n".join(f"- a{i}" for i in range(20000)),
                 "%YAML 9.9\n---\ntitle: x\n", "title: \xff\n", "&a : &b *a\n"):
        (t.dir / "book.epub").unlink(missing_ok=True)
        t.file("in.md", f"---\n{yaml}\n---\n\n# Heading\n\nWords.\n")
        survive(t, "in.md", keep=len(yaml) < 3000)
        (t.dir / "book.epub").unlink(missing_ok=True)
        t.file("meta.yaml", yaml)
        t.file("a.txt", "Title Here\n\nA paragraph of words.\n")
        survive(t, "--metadata-file", "meta.yaml", "a.txt", keep=False)


# --- pictures ---

def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""))


def test_hostile_png(t):
    t.file("big.png", png(10000, 10000))
    t.file("max.png", png(0x7fffffff, 0x7fffffff))
    t.file("zero.png", png(0, 0))
    t.file("cut.png", png(10, 10)[:20])
    t.file("lie.jpg", b"\xff\xd8\xff\xe0\xff\xff")
    t.file("lie.gif", b"GIF89a")
    t.file("empty.png", b"")
    t.file("text.png", b"This is no picture.")
    t.file("elf.png", open(harness.CHAPBOOK, "rb").read()[:4096])
    names = sorted(p.name for p in t.dir.iterdir() if p.is_file())
    for name in names:
        t.file("in.md", f"# T\n\nWords.\n\n![an alt]({name} \"A caption\")\n")
        result = survive(t, "in.md", seconds=10, memory=300, status=0, keep=name != "max.png")
        if name in ("cut.png", "lie.jpg", "lie.gif", "empty.png", "text.png", "elf.png"):
            t.true(name.encode() in result.err, f"a warning names {name}\n{result}")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' \
      'width="10" height="10" viewBox="0 0 10 10">%s</svg>'


def test_hostile_svg(t):
    laughs = "<!DOCTYPE svg [<!ENTITY a0 'ha'>" + "".join(
        f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 20)) + "]>"
    cases = {
        "laughs": laughs + SVG % "<text>&a19;</text>",
        "quadratic": f"<!DOCTYPE svg [<!ENTITY a '{'x' * 50000}'>]>" + SVG % ("&a;" * 50000),
        "external": "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + SVG % "<text>&x;</text>",
        "parameter": "<!DOCTYPE svg [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>" + SVG % "",
        "dtd": "<!DOCTYPE svg SYSTEM 'http://127.0.0.1:9/x.dtd'>" + SVG % "<rect width='1' height='1'/>",
        "script": SVG % "<script>alert(1)</script><rect onclick='alert(1)' width='1' height='1'/>",
        "foreign": SVG % "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "remote": SVG % "<image xlink:href='https://example.org/x.png' width='1' height='1'/>"
                        "<use xlink:href='file:///etc/passwd#x'/><style>@import url(https://x.y/z)</style>",
        "deep": SVG % ("<g>" * 50000 + "</g>" * 50000),
        "wide": SVG % ("<rect width='1' height='1'/>" * 50000),
        "comment": "<!-- a --><?xml-stylesheet href='http://x'?>" + SVG % "<!-- -x- -><-->",
        "cut": "<svg xmlns='http://www.w3.org/2000/svg'><g>",
        "xinclude": SVG % "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>",
        "animate": SVG % "<a xlink:href='#'><animate attributeName='href' values='javascript:x'/></a>",
    }
    for name, content in cases.items():
        t.file("pic.svg", content)
        t.file("in.md", "# T\n\nWords.\n\n![an alt](pic.svg \"A caption\")\n")
        survive(t, "in.md", seconds=15, memory=400, status=0, keep=name not in ("deep", "wide"))
        for entry, data in epub.Epub(t.dir / "book.epub").files().items():
            for word in (b"root:x:0", b"<!ENTITY", b"alert(1)", b"onclick", b"127.0.0.1",
                         b"example.org", b"xi:include", b"javascript:"):
                t.true(word not in data, f"{name}: {word} in {entry}")
        (t.dir / "book.epub").unlink()
        t.file("in.md", "# T\n\nWords.\n\n" + content.replace("\n", " ") + "\n")
        survive(t, "in.md", seconds=15, memory=600, keep=name not in ("deep", "wide"))


def test_hostile_image_paths(t):
    os.mkfifo(t.dir / "pipe")
    t.file("in.md", "# T\n\nWords.\n\n" + "\n\n".join(f"![alt {n}](<{ref}>)" for n, ref in enumerate([
        "../../../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "/dev/zero", "/dev/stdin",
        "/proc/self/mem", "pipe", ".", "/", "a/../../b", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\x", "",
        "con:", "//example.org/x.png", "data:image/png;base64,", "data:image/png;base64,AAAA",
        "data:,", "data:image/svg+xml,<svg onload='alert(1)'/>", "x" * 5000, "a\u0000b", "?", "#",
    ])))
    result = survive(t, "in.md", seconds=20, memory=300, status=0)
    for name, data in epub.Epub(t.dir / "book.epub").files().items():
        t.true(b"root:x:0" not in data, f"/etc/passwd in {name}")
    t.true(b"etc/passwd" in result.err, f"a warning\n{result}")
    t.file("a.txt", "Title Here\n\nA paragraph of words.\n")
    for option in ("--photo", "--cover", "--css"):
        for path in ("/dev/zero", ".", "/etc/passwd", "missing"):
            result = t.chapbook("-o", "x.epub", option, path, "a.txt", cpu=30 * SLOWER)
            if result.status == 0:
                t.equal(t.chapbook("check", "x.epub").status, 0, f"check with {option} {path}")
            else:
                t.true(path in result.err.decode() or b"is a folder" in result.err or result.status == 2, str(result))


# --- books ---

def test_hostile_books(t):
    """`chapbook check` and `info` of what is no honest book."""
    import zipfile
    t.file("a.txt", "Title Here\n\nA paragraph of words.\n")
    t.ok("-o", "good.epub", "a.txt")
    good = (t.dir / "good.epub").read_bytes()
    with zipfile.ZipFile(t.dir / "bomb.epub", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        with z.open("META-INF/container.xml", "w") as f:
            for _ in range(512):
                f.write(b"\0" * (1 << 20))
    with warnings.catch_warnings(), zipfile.ZipFile(t.dir / "names.epub", "w") as z:
        warnings.simplefilter("ignore")  # of the double name
        z.writestr("mimetype", "application/epub+zip")
        for name in ("../../escape", "/abs", "a\\b", "x" * 60000, "META-INF/container.xml",
                     "META-INF/container.xml"):
            z.writestr(name, b"<container/>")
    with zipfile.ZipFile(t.dir / "many.epub", "w") as z:
        for n in range(20000):
            z.writestr(f"f{n}", b"")
    files = epub.Epub(t.dir / "good.epub").files()
    laughs = (b"<!DOCTYPE package [<!ENTITY a '" + b"x" * 10000 + b"'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (i, (b"&a%d;" % (i - 1)) * 10) for i in range(1, 12)) + b"]>")
    with zipfile.ZipFile(t.dir / "laughs.epub", "w") as z:
        for name, data in files.items():
            if name.endswith(".opf"):
                data = data.replace(b"<package", laughs + b"<package", 1)
                data = data.replace(b"</dc:title>", b"&a11;</dc:title>", 1)
            z.writestr(name, data)
    with zipfile.ZipFile(t.dir / "deep.epub", "w") as z:
        for name, data in files.items():
            if "chapter-1" in name:
                data = data.replace(b"</body>", b"<div>" * 100000 + b"</div>" * 100000 + b"</body>")
            z.writestr(name, data)
    for n in range(0, len(good), max(1, len(good) // 150)):
        t.file("cut.epub", good[:n])
        t.file("flip.epub", good[:n] + bytes([good[n] ^ 0x55]) + good[n + 1:])
        for name in ("cut.epub", "flip.epub"):
            for args in (["check", name], ["info", name], ["info", "--json", name]):
                result = t.chapbook(*args, cpu=20 * SLOWER)
                t.true(name != "cut.epub" or result.status == 1, f"{n} bytes\n{result}")
        if harness.WRAP and n > 600:
            break
    for name in ("bomb", "names", "many", "laughs", "deep"):
        for args in (["check"], ["info"], ["info", "--json"]):
            result = t.chapbook(*args, f"{name}.epub", cpu=30 * SLOWER, memory=1500)
            if args == ["check"] and name != "deep":
                t.equal(result.status, 1, f"check of {name}\n{result}")
            elif args == ["check"]:
                t.true(b"deep" in result.out, f"too deep, and reported\n{result}")
