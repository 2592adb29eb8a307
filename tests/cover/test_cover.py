"""Covers as the program draws them."""

import importlib.machinery
import importlib.util
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent
LAKE = harness.ROOT / "assets/sample/lake.jpg"
TEXT = "The Lamp\n\nBy Ann Brown\n\nThe lamp burns, and it burns all night long in the old harbor.\n"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{dirs}<cachedir>{cache}</cachedir></fontconfig>
"""


class Picture:
    """Pixels, decoded by vips(1)."""

    def __init__(self, t, data):
        vips = harness.need_tool("vips", "libvips-tools")
        path = t.file("decoded.jpg", data)
        result = t.run([vips, "copy", path, t.dir / "decoded.ppm"])
        t.equal(result.status, 0, str(result))
        header, size, depth, self.rgb = (t.dir / "decoded.ppm").read_bytes().split(b"\n", 3)
        while size.startswith(b"#"):
            size, depth, self.rgb = depth, *self.rgb.split(b"\n", 1)
        t.true(depth == b"255", depth)
        self.bands = 3 if header == b"P6" else 1
        self.width, self.height = map(int, size.split())

    def at(self, x, y):
        i = (y * self.width + x) * self.bands
        return tuple(self.rgb[i:i + self.bands])

    def like(self, x, y, colour, tolerance=40):
        return all(abs(a - b) <= tolerance for a, b in zip(self.at(x, y), colour))

    def ink(self, left, top, right, bottom):
        """Where a region differs from its lower left corner: left, top, right, bottom, or None."""
        ground = self.at(left, bottom - 1)
        found = [(x, y) for y in range(top, bottom, 5) for x in range(left, right, 5)
                 if not self.like(x, y, ground, 60)]
        if not found:
            return None
        return (min(x for x, _ in found), min(y for _, y in found),
                max(x for x, _ in found), max(y for _, y in found))


def book_of(t, *args, name="book.epub", **kw):
    result = t.ok("--cover", "auto", *args, "-o", name, **kw)
    return epub.Epub(t.dir / name), result


def cover_in(book):
    """The bytes of a drawn cover."""
    return book.read(next(n for n in ("EPUB/cover.png", "EPUB/cover.jpg") if n in book.names))


def cover_of(t, *args, **kw):
    """The cover's bytes, and what was reported."""
    book, result = book_of(t, *args, **kw)
    return cover_in(book), result


# What the covers in the sheet say.
def sheet():
    loader = importlib.machinery.SourceFileLoader("contact_sheet", str(HERE / "contact-sheet"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("contact_sheet", loader))
    loader.exec_module(module)
    return module


# Below the pattern and the publisher's line, above the author's: where a text cover has its title.
TITLE = (130, 1290, 1470, 2000)


def test_book(t):
    """In the package, and as a page of its own."""
    t.file("article.txt", TEXT)
    # With no option at all.
    result = t.run([*harness.WRAP, harness.CHAPBOOK, "-o", "book.epub", "article.txt"])
    t.equal((result.status, result.err), (0, b""), str(result))
    book = epub.Epub(t.dir / "book.epub")
    items = [item for item in book.items.values() if item.get("properties") == "cover-image"]
    t.equal([(i.get("id"), i.get("href"), i.get("media-type")) for i in items],
            [("cover-image", "cover.png", "image/png")], "the manifest's item")
    t.equal([e.get("content") for e in book.opf.iter(epub.OPF + "meta") if e.get("name") == "cover"],
            ["cover-image"], "for older readers")
    t.equal(book.spine()[0], "EPUB/cover.xhtml", "the first page")
    t.equal([e.get("href") for e in book.opf.iter(epub.OPF + "reference") if e.get("type") == "cover"],
            ["cover.xhtml"], "guide")
    images = list(ET.fromstring(book.read("EPUB/cover.xhtml")).iter(epub.XHTML + "img"))
    t.equal([(i.get("src"), i.get("alt")) for i in images], [("cover.png", "Cover: The Lamp")], "its page")
    t.equal(sorted(text for _, text in book.metas("schema:accessMode")), ["textual", "visual"])
    t.true("textual" in [text for _, text in book.metas("schema:accessModeSufficient")], "text is enough")
    data = book.read("EPUB/cover.png")
    t.true(data[:8] == b"\x89PNG\r\n\x1a\n" and data[25] == 3, "a PNG with a palette")
    t.true(5_000 < len(data) <= 45_000, f"{len(data)} bytes")
    picture = Picture(t, data)
    t.equal((picture.width, picture.height), (1600, 2400), "size")
    t.true(picture.ink(*TITLE), "the title is seen")
    t.equal(t.chapbook("check", "book.epub").status, 0, "check")
    t.true(b"cover.png: image/png, 1600 x 2400" in t.ok("info", "book.epub").out, "info")
    t.keep(t.dir / "book.epub")


def test_words_and_files(t):
    """--cover auto, none, FILE; front matter."""
    t.file("article.txt", TEXT)
    t.file("other.txt", TEXT + "\n\nOne paragraph more.\n")
    t.file("own/front.jpg", LAKE.read_bytes())
    t.file("texts/front.md", "---\ncover-image: near.jpg\n---\n# A Title\n\nWords of it.\n")
    t.file("texts/near.jpg", LAKE.read_bytes())

    def cover_files(*args):
        t.ok(*args, "-o", "book.epub")
        return [item.get("href") for item in epub.Epub(t.dir / "book.epub").items.values()
                if item.get("properties") == "cover-image"]

    t.equal(cover_files("--cover", "none", "article.txt"), [], "none")
    t.equal(cover_files("--cover", "none", "--cover", "auto", "article.txt"), ["cover.png"], "the last word")
    # A file is named from here, wherever the article lies.
    t.equal(cover_files("--cover", "own/front.jpg", "texts/front.md"), ["image-1.jpg"], "a file")
    t.equal(cover_files("--cover", "own/front.jpg", "article.txt"), ["image-1.jpg"], "a file")
    t.keep(t.dir / "book.epub")
    t.equal(cover_files("--cover", "auto", "texts/front.md"), ["image-1.jpg"], "front matter's")
    t.equal(cover_files("--cover", "none", "texts/front.md"), [], "none, whatever front matter says")
    result = t.chapbook("--cover", "missing.jpg", "article.txt")
    t.equal(result.status, 1, f"a file that is not there\n{result}")
    t.true(b"missing.jpg" in result.err, str(result))
    result = t.chapbook("--cover", "own/front.jpg", "article.txt", "other.txt")
    t.equal(result.status, 2, f"one file for several books\n{result}")
    t.ok("--cover", "auto", "-o", "books/", "article.txt", "other.txt")
    covers = [cover_in(epub.Epub(path)) for path in sorted((t.dir / "books").glob("*.epub"))]
    t.equal(len(covers), 2, "books")
    t.equal(covers[0], covers[1], "covers of articles with one title")


def test_scripts(t):
    """Titles of every script of the sheet are set, with no character lost."""
    module = sheet()
    t.file("article.md", "Words.\n")
    seen = {}
    for name, (language, title, _, authors, publisher, _, shown) in module.ARTICLES.items():
        if shown or name in ("long", "url"):  # with their titles elsewhere
            continue
        data, result = cover_of(t, "--lang", language, "--title", title, "--author", authors or "X",
                                "--publisher", publisher or "Y", "article.md")
        t.equal(result.err, b"", f"{name}: {title}")
        ink = Picture(t, data).ink(*TITLE)
        t.true(ink, f"{name}: no title")
        seen[name] = ink
        t.keep(t.dir / "book.epub", f"cover-{name}")
    left, right = 140, 1460
    for name in ("arabic", "hebrew"):
        t.true(seen[name][2] > right - 40, f"{name} begins at the right: {seen[name]}")
    for name in ("caps", "chinese", "hindi", "thai", "russian"):
        t.true(seen[name][0] < left + 40, f"{name} begins at the left: {seen[name]}")
    for name, (x0, y0, x1, y1) in seen.items():
        t.true(x0 >= left - 20 and x1 <= right + 20 and y1 < 2000, f"{name} keeps the margins: {x0, y0, x1, y1}")


def test_strange_titles(t):
    """Unusual titles: the book is made all the same, in time."""
    t.file("article.md", "Words.\n")
    for title in ("x" * 20_000, "word " * 50_000, "<b>&amp;</b> \"'<span", "\u202eabc\u2066def", "e" + "\u0301" * 3000,
                  "https://" + "a-b/" * 5000, "\u200b\u200d\ufeff", "…", "!?", "🏳️‍🌈" * 200, "ﷺ" * 300, "{{cover.title}} %s %n",
                  "\u0e33" * 500, "क्‍ष" * 500):
        title = title[:100_000]
        (t.dir / "meta.yaml").write_text(f"title: {quoted(title)}\n")
        result = t.ok("--cover", "auto", "--metadata-file", "meta.yaml", "-o", "book.epub", "article.md", cpu=60)
        told = re.sub(rb"(?m)^chapbook: warning: .*\[(cover-text|bytes-replaced)\]\n", b"", result.err)
        t.equal(told, b"", f"{title[:40]!r}")
        data = cover_in(epub.Epub(t.dir / "book.epub"))
        t.true(len(data) <= 300_000, f"{title[:40]!r}: {len(data)} bytes")


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def fonts(t, *dirs):
    """The environment in which those folders are all that have fonts."""
    # The sandbox lets fontconfig make no folder for its cache, and it says so.
    (t.dir / "cache").mkdir(exist_ok=True)
    config = t.file("fonts.conf", FONTS.format(dirs="".join(f"<dir>{d}</dir>" for d in dirs), cache=t.dir / "cache"))
    return {"FONTCONFIG_FILE": str(config)}


def test_no_font(t):
    """Characters that no font has: no boxes, and a word about it."""
    t.file("article.md", "Words.\n")
    garamond = [p for p in Path("/usr/share/fonts/opentype/ebgaramond").glob("*12-Bold.otf")]
    if not garamond:
        raise harness.Skip("the font is not here (Debian package fonts-ebgaramond)")
    t.file(f"fonts/{garamond[0].name}", garamond[0].read_bytes())
    few = fonts(t, t.dir / "fonts")
    data, result = cover_of(t, "--title", "湖水的记忆", "article.md", env=few)
    t.true(b"the cover lacks 5 characters" in result.err and b"[cover-text]" in result.err, str(result))
    t.true(Picture(t, data).ink(*TITLE) is None, "no ink in the place of the title")
    data, result = cover_of(t, "--title", "Riding a 🚲 Home", "article.md", env=few)
    t.true(b"the cover lacks 1 character" in result.err, str(result))
    plain, result = cover_of(t, "--title", "Riding a Home", "article.md", env=few)
    t.equal(result.err, b"")
    t.equal(Picture(t, data).ink(*TITLE), Picture(t, plain).ink(*TITLE), "the rest is set")
    data, result = cover_of(t, "--title", "No Fonts", "article.md", env=fonts(t, t.dir / "none"))
    t.true(b"[cover-text]" in result.err and Picture(t, data).ink(*TITLE) is None, str(result))


STUB = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
void *dlopen(const char *name, int flags)
{
	if (name && strstr(name, "%s"))
		return 0;
	return ((void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen"))(name, flags);
}
'''


def test_no_library(t):
    """Without a library that the cover needs: a book without a cover, and a warning."""
    if harness.WRAP or harness.SANITIZED:
        raise harness.NotMeant()
    t.file(LAKE.name, LAKE.read_bytes())
    t.file("photo.md", f"# A Title\n\n![A lake]({LAKE.name})\n\nWords.\n")
    t.file("text.md", "# A Title\n\nWords.\n")
    t.file("mine/cover.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 3"><g opacity="0.5"/></svg>')
    other = ("--template-dir", "mine")

    def without(library, *args):
        t.file("stub.c", STUB % library)
        t.equal(t.run(["cc", "-shared", "-fPIC", "-o", "stub.so", "stub.c", "-ldl"]).status, 0, "the stub")
        result = t.ok("--cover", "auto", "-o", "book.epub", *args, env={"LD_PRELOAD": str(t.dir / "stub.so")})
        t.equal(t.chapbook("check", "book.epub").status, 0, "check")
        return [n for n in epub.Epub(t.dir / "book.epub").names if "EPUB/cover." in n], result.err

    for library, args in (("libpangocairo", ("text.md",)), ("librsvg", (*other, "text.md")),
                          ("libturbojpeg", ("photo.md",))):
        names, err = without(library, *args)
        t.equal(names, [], f"{library}: files")
        t.true(b"[cover-none]" in err and library.encode() in err, f"{library}: {err}")
    for library in ("libvips", "librsvg", "libturbojpeg"):
        names, err = without(library, "text.md")
        t.equal((sorted(names), err), (["EPUB/cover.png", "EPUB/cover.xhtml"], b""), f"a pattern without {library}")


def flat(t, name, width, height, colour):
    """A picture of one colour."""
    vips = harness.need_tool("vips", "libvips-tools")
    ppm = t.file(f"{name}.ppm", b"P6\n%d %d\n255\n" % (width, height) + bytes(colour) * (width * height))
    result = t.run([vips, "copy", ppm, t.dir / name])
    t.equal(result.status, 0, str(result))
    ppm.unlink()
    return name


RED, GREEN, BLUE = (200, 30, 30), (30, 150, 30), (40, 40, 190)


def test_pictures(t):
    """Which picture is the article's, and where it is."""
    def shown(*refs, text=""):
        t.file("article.md", "# A Title\n\n" + "\n\n".join(f"![A view]({ref})" for ref in refs) + "\n\nWords.\n" + text)
        data, result = cover_of(t, "--lang", "en", "article.md")
        return Picture(t, data)

    flat(t, "red.jpg", 1600, 1200, RED)
    flat(t, "green.png", 1200, 630, GREEN)
    flat(t, "blue.jpg", 800, 600, BLUE)
    flat(t, "tiny.jpg", 400, 300, RED)
    flat(t, "strip.jpg", 3000, 300, RED)
    picture = shown("red.jpg", "green.png")
    t.true(all(picture.like(x, y, RED) for x in (3, 800, 1597) for y in (3, 1190)), "a large one fills the width")
    t.true(not picture.like(800, 1230, RED, 8), "and ends")
    picture = shown("green.png")
    t.true(all(picture.like(x, y, GREEN) for x in (3, 1597) for y in (3, 890)) and not picture.like(800, 930, GREEN, 8),
           "a wide one")
    picture = shown("blue.jpg")
    t.true(all(picture.like(x, y, BLUE) for x in (150, 1450) for y in (150, 1010)), "a smaller one has margins")
    t.true(not picture.like(800, 100, BLUE, 8) and not picture.like(100, 600, BLUE, 8), "margins")
    picture = shown("tiny.jpg", "strip.jpg", "green.png")
    t.true(picture.like(800, 450, GREEN), "small and oblong ones are passed over")
    t.file("broken.jpg", (t.dir / "red.jpg").read_bytes()[:1500])
    plain = shown()
    for refs in (("tiny.jpg",), ("strip.jpg",)):
        t.equal(shown(*refs).rgb, plain.rgb, f"{refs}: as without a picture")
    shown("broken.jpg")


def test_lead_picture(t):
    """The lead image that a page declares is on the cover; it is not packed for that alone."""
    flat(t, "page_files/lead.jpg", 1600, 1200, BLUE) if (t.dir / "page_files").mkdir() is None else None
    flat(t, "page_files/first.jpg", 1600, 1200, RED)
    words = "".join(f"<p>The lamp number {n} burns all night long in the old harbor, and nobody knows why it "
                    "should.</p>" for n in range(12))
    t.file("page.html", '<html lang="en"><head><title>The Lamp</title><meta property="og:image" '
           'content="page_files/lead.jpg"></head><body><article><h1>The Lamp</h1><p>It burns, as it has burnt for '
           'longer than anybody can remember here.</p><figure><img src="page_files/first.jpg" width="1600" '
           f'height="1200" alt="A"><figcaption>The harbor at night</figcaption></figure>{words}</article></body></html>')
    book, result = book_of(t, "page.html")
    picture = Picture(t, book.read("EPUB/cover.jpg"))
    t.true(picture.like(800, 600, BLUE), f"the lead picture is on the cover\n{result}")
    t.equal(sorted(n for n in book.names if n.endswith(".jpg")), ["EPUB/cover.jpg", "EPUB/image-1.jpg"], "pictures")
    plain, _ = cover_of(t, "--sandbox=no", "page.html")
    t.equal(plain, book.read("EPUB/cover.jpg"), "with and without the sandbox")
    t.keep(t.dir / "book.epub")


def test_picture_above_title(t):
    """A picture before the title, outside the article, is its first and on the cover."""
    flat(t, "lead.jpg", 1600, 1200, BLUE)
    words = "".join(f"<p>The lamp number {n} burns all night long in the old harbor, and nobody knows why it "
                    "should.</p>" for n in range(12))
    img = '<img src="lead.jpg" width="1600" height="1200" alt="">'

    def book(box, start="<main>", end="</main>"):
        t.file("page.html", '<html lang="en"><head><title>The Lamp</title></head><body><nav><a href="/">Home</a></nav>'
               f'{start}{box}<article><header><h1>The Lamp</h1></header>{words}</article>{end}</body></html>')
        return book_of(t, "page.html")[0]

    for box in (f'<div class="post-thumbnail">{img}</div>', f'<div class="hero">{img}</div>', img,
                f"<figure>{img}</figure>", '<img src="lead.jpg">'):
        made = book(box)
        body = made.read("EPUB/chapter-1.xhtml").decode()
        t.true(0 < body.find("<img") < body.find("<p>"), f"{box}: first in the body")
        t.true(Picture(t, cover_in(made)).like(800, 600, BLUE), f"{box}: on the cover")
    made = book(f'<div class="featured-image">{img}</div>', "<div>", "</div>")
    t.true(b"<img" in made.read("EPUB/chapter-1.xhtml"), "a lead's box without main")
    for box in (f"<aside>{img}</aside>", f'<a href="/other-article">{img}</a>', '<img src="lead.jpg" width="80">',
                f'<img src="lead.jpg" width="90"> {img}'):
        t.true(b"<img" not in book(box).read("EPUB/chapter-1.xhtml"), f"{box}: not the article's")


def test_profiles(t):
    t.file("article.md", f"# A Title\n\n![A lake]({LAKE.name})\n\nWords.\n")
    t.file(LAKE.name, LAKE.read_bytes())
    picture = Picture(t, cover_of(t, "--profile", "kobo", "article.md")[0])
    t.equal((picture.width, picture.height), (1600, 2133), "3 to 4")
    grey = Picture(t, cover_of(t, "--grayscale", "article.md")[0])
    t.true(grey.bands == 1 or all(len(set(grey.at(x, x))) == 1 for x in range(0, 1600, 100)), "grey")
    t.keep(t.dir / "book.epub")


def test_same_bytes(t):
    """The same cover for every user and every run."""
    t.file("article.md", f"# 湖 and حلم, Twice\n\n![A lake]({LAKE.name})\n\nWords.\n")
    t.file(LAKE.name, LAKE.read_bytes())
    first, _ = cover_of(t, "article.md")
    for args, env in (([], {}), (["-j", "4"], {}), (["-j", "1"], {"VIPS_CONCURRENCY": "4"}),
                      ([], {"LC_ALL": "ja_JP.UTF-8", "LANG": "ja_JP.UTF-8", "TZ": "Asia/Tokyo"}),
                      ([], {"PANGO_LANGUAGE": "ko"}), (["--sandbox=yes"], {})):
        again, result = cover_of(t, *args, "article.md", env=env)
        t.true(again == first, f"{args} {env}: other bytes")
    names = [t.file(f"many/{n}.md", f"# Title {n % 3}\n\nWords.\n") for n in range(12)]
    paths = t.ok("--cover", "auto", "-j", "4", "-o", "books/", *names).out.decode().split()
    covers = {n: cover_in(epub.Epub(t.dir / path)) for n, path in enumerate(paths)}
    t.equal(len(covers), 12, "books")
    t.true(all(covers[n] == covers[n % 3] for n in covers), "made side by side")
    t.equal(len(set(covers.values())), 3, "three titles, three covers")


def test_own_design(t):
    """cover.svg is a template like the others."""
    t.file("article.txt", TEXT)
    t.file("mine/cover.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{cover.width}} {{cover.height}}">'
           '<rect width="1600" height="2400" fill="#c81e1e"/></svg>')
    picture = Picture(t, cover_of(t, "--template-dir", "mine", "article.txt")[0])
    t.true(all(picture.like(x, y, RED) for x in (5, 1595) for y in (5, 2395)), "the design is used")
    for wrong in ("<svg>", '<svg xmlns="http://www.w3.org/2000/svg">{{cover.nothing}}</svg>', "", "<html/>"):
        t.file("mine/cover.svg", wrong)
        result = t.chapbook("--cover", "auto", "--template-dir", "mine", "-o", "x.epub", "article.txt")
        t.true(result.status in (1, 2), f"{wrong}\n{result}")
        t.true(b"cover.svg" in result.err, str(result))
    t.true(not (t.dir / "x.epub").exists(), "no book")


SVG = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 90"><rect width="60" height="90" fill="#1e961e"/>'
       '<circle cx="30" cy="30" r="20" fill="#c81e1e"/></svg>')


def test_kinds(t):
    """A picture given as the cover is a JPEG or PNG in the book, which passes its profile's check."""
    vips = harness.need_tool("vips", "libvips-tools")
    flat(t, "red.png", 900, 1200, RED)
    for name in ("red.jpg", "red.webp", "red.tif", "red.gif"):
        t.equal(t.run([vips, "copy", "red.png", name]).status, 0, name)
    flat(t, "frames.png", 300, 800, BLUE)
    t.equal(t.run([vips, "copy", "frames.png", "moving.gif[page_height=400]"]).status, 0, "two frames")
    t.file("drawing.svg", SVG)
    for name in ("red.png", "red.jpg", "red.webp", "red.tif", "red.gif", "moving.gif", "drawing.svg"):
        t.file("article.md", f"---\ncover-image: {name}\n---\n# A Title\n\n![A view]({name})\n\nWords of it.\n")
        t.file("plain.md", "# A Title\n\nWords of it.\n")
        for profile in ("generic", "kindle", "kobo", "archive"):
            for args in (("--cover", "auto", "article.md"), ("--cover", name, "plain.md")):
                t.ok("--profile", profile, *args, "-o", "book.epub")
                book = epub.Epub(t.dir / "book.epub")
                kinds = [i.get("media-type") for i in book.items.values() if i.get("properties") == "cover-image"]
                t.true(kinds in (["image/jpeg"], ["image/png"]), f"{name}, {profile}, {args}: {kinds}")
                check = t.chapbook("check", "--profile", profile, "book.epub")
                t.equal(check.status, 0, f"{name}, {profile}, {args}: {check}")
    # What the body shows is what it was; what is on the cover alone is in the book once.
    t.ok("--cover", "auto", "article.md", "-o", "book.epub")
    book = epub.Epub(t.dir / "book.epub")
    kinds = sorted(i.get("media-type") for i in book.items.values() if i.get("media-type").startswith("image/"))
    t.equal(kinds, ["image/png", "image/svg+xml"], "the drawing, and what it is on the cover")
    cover = next(i for i in book.items.values() if i.get("properties") == "cover-image")
    picture = Picture(t, book.read("EPUB/" + cover.get("href")))
    t.equal((picture.width, picture.height), (1600, 2400), "a drawing fills the cover")
    t.true(picture.like(800, 800, RED) and picture.like(800, 2000, GREEN), "its colours")
    t.keep(t.dir / "book.epub")
    t.ok("--cover", "moving.gif", "plain.md", "-o", "book.epub")
    kinds = [i.get("media-type") for i in epub.Epub(t.dir / "book.epub").items.values()
             if i.get("media-type").startswith("image/")]
    t.equal(kinds, ["image/png"], "one picture")


def test_anthology(t):
    for n, title in enumerate(("One Thing", "Another", "The Third")):
        t.file(f"{n}.md", f"# {title}\n\nBy Ann Brown\n\nWords.\n")
    data, result = cover_of(t, "--title", "Three Pieces", "0.md", "1.md", "2.md")
    t.equal(result.err, b"", "warnings")
    t.true(Picture(t, data).ink(*TITLE), "the title")
    t.keep(t.dir / "book.epub")
