"""The same through the program: an article with every kind of picture, each under a wrong name,
becomes a book that every reader shows."""

import posixpath
import re
import sys
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import pictures as p  # noqa: E402

SIZE = (240, 240)
LARGE, SAME = (240, 150), (160, 100)


def moving(width, height):
    return p.gif([p.index_quarters(width, height, [(n + k) % 4 for k in range(4)]) for n in range(3)], p.CORNERS)


def sources(t):
    """(what it is, its bytes, the kind that it becomes, its size then, its frames)"""
    photo, drawing, small = p.photo(), p.drawing(), p.drawing(160, 100)
    jpeg = p.convert(t, photo, "x.jpg", "[Q=95,strip]")
    upright = p.convert(t, p.turned(photo, 6), "x.jpg", "[Q=95,strip]")
    t.file("rgb.png", p.png(photo))
    p.vips("icc_transform", "rgb.png", "cmyk.jpg[Q=95]", "cmyk", "--input-profile", "srgb", cwd=t.dir)
    t.file("moving.gif", moving(320, 200))
    p.vips("copy", "moving.gif[n=-1]", "moving.webp[Q=95]", cwd=t.dir)
    return [
        ("jpeg", jpeg, "jpg", LARGE, 1),
        ("progressive", p.convert(t, photo, "x.jpg", "[interlace]"), "jpg", LARGE, 1),
        ("cmyk", (t.dir / "cmyk.jpg").read_bytes(), "jpg", LARGE, 1),
        ("turned", p.jpeg_insert(upright, 0xE1, b"Exif\0\0" + p.exif(6)), "jpg", LARGE, 1),
        ("no-jfif", p.jpeg_without(jpeg, 0xE0), "jpg", LARGE, 1),
        ("cut", p.convert(t, photo, "x.jpg")[:-2], "jpg", LARGE, 1),
        ("png", p.png(drawing), "png", LARGE, 1),
        ("png-photo", p.png(photo), "jpg", LARGE, 1),
        ("deep", p.png(p.deep_of(small)), "png", SAME, 1),
        ("gif", p.gif([p.index_quarters(320, 200)], p.CORNERS), "png", LARGE, 1),
        ("moving", moving(320, 200), "gif", LARGE, 3),
        ("webp", p.convert(t, photo, "x.webp", "[Q=90]"), "jpg", LARGE, 1),
        ("webp-drawing", p.convert(t, small, "x.webp", "[lossless]"), "png", SAME, 1),
        ("webp-moving", (t.dir / "moving.webp").read_bytes(), "gif", LARGE, 3),
        ("avif", p.convert(t, photo, "x.avif", "[Q=90]"), "jpg", LARGE, 1),
        ("heic", p.convert(t, photo, "x.heic", "[compression=hevc,Q=90]"), "jpg", LARGE, 1),
        ("jxl", p.convert(t, photo, "x.jxl", "[Q=90]"), "jpg", LARGE, 1),
        ("tiff", p.convert(t, photo, "x.tif"), "jpg", LARGE, 1),
        ("bmp", p.bmp(small), "png", SAME, 1),
        ("ico", p.ico([(160, 100, 32, p.icon_dib(p.with_alpha(small, lambda x, y: 255)))]), "png", SAME, 1),
    ], [  # what fits is kept bit for bit
        ("fits.jpg", p.convert(t, small, "y.jpg"), "jpg"),
        ("fits.png", p.png(small), "png"),
        ("fits.gif", moving(160, 100), "gif"),
    ]


def book_of(t, markdown, *options):
    t.file("article.md", markdown)
    t.ok("--cover", "none", "-o", "book.epub", *options, "article.md")
    t.keep(t.dir / "book.epub")
    book = epub.Epub(t.dir / "book.epub")
    found = {}
    for chapter in book.chapters():
        page = book.read(chapter).decode()
        for tag in re.findall(r"<img [^>]*>", page):
            alt, src = (re.search(rf'{name}="([^"]*)"', tag)[1] for name in ("alt", "src"))
            path = posixpath.normpath(posixpath.join(posixpath.dirname(chapter), src))
            found[alt] = (path, book.read(path))
    return book, found


def test_every_kind(t):
    harness.need_tool("vips", "libvips-tools")
    changed, kept = sources(t)
    markdown = "# Pictures\n\nOne of each kind.\n\n"
    names = ("photo.txt", "photo", "photo.png", "photo.jpeg")
    for n, (name, data, *_) in enumerate(changed + kept):
        folder = f"files/{n}"
        file = names[n % 4] if n % 4 or data[:3] != b"\xFF\xD8\xFF" else "photo.webp"
        t.file(f"{folder}/{file}", data)
        markdown += f"![{name.replace('.', ' as ')}]({folder}/{file})\n\nSome words.\n\n"
    book, found = book_of(t, markdown, "--image-size", "240x240", "--image-quality", "90")
    found = {alt.replace(" as ", "."): entry for alt, entry in found.items()}
    media = {item.get("href"): item.get("media-type") for item in book.items.values()}
    for name, _, kind, size, frames in changed:
        t.true(name in found, f"{name} is in the book: {sorted(found)}")
        path, data = found[name]
        t.equal(Path(path).suffix, f".{kind}", name)
        t.equal(media[posixpath.relpath(path, book.root or ".")],
                {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}[kind], name)
        out = t.file("out.picture", data)
        pixels = p.decoded(t, out)
        t.equal((pixels.width, pixels.height), size, name)
        if frames > 1:
            t.equal(p.field(out, "n-pages"), str(frames), name)
        for got, expected in zip(pixels.corners(), p.CORNERS):
            worst = max(abs(a - b) for a, b in zip(got, expected))
            t.true(worst < 25, f"{name}: {got}, not {expected}")
    for name, data, kind in kept:
        path, got = found[name]
        t.equal(Path(path).suffix, f".{kind}", name)
        t.true(got == data, f"{name} is as it was")


def test_grayscale(t):
    harness.need_tool("vips", "libvips-tools")
    t.file("a.jpg", p.convert(t, p.photo(160, 100), "x.jpg", "[Q=95]"))
    t.file("b.png", p.png(p.drawing(160, 100)))
    _, found = book_of(t, "# Gray\n\n![a](a.jpg) ![b](b.png)\n", "--grayscale")
    for name in "ab":
        pixels = p.decoded(t, t.file("out.picture", found[name][1]))
        for got, expected in zip(pixels.corners(), p.CORNERS):
            t.true(all(abs(v - p.luminance(expected)) < 8 for v in got[:3]), f"{name}: {got}")


def test_many_at_once(t):
    """More pictures than threads: the same book whatever the number of threads."""
    harness.need_tool("vips", "libvips-tools")
    markdown = "# Many\n\n"
    for n in range(12):
        t.file(f"{n}.jpg", p.convert(t, p.photo(320, 200, seed=n), f"{n}.jpg"))
        markdown += f"![p{n}]({n}.jpg)\n\n"
    books = []
    for threads in ("1", "4"):
        book_of(t, markdown, "--image-size", "100x100", "-j", threads)
        books.append((t.dir / "book.epub").read_bytes())
    t.true(books[0] == books[1], "the same bytes")
