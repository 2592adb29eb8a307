"""Options for pictures: profiles, sizes, what pictures say of themselves."""

import re

import epub
import harness

TEXT = "# The Weir\n\n{}\n\nSome words of an article.\n"


def vips(t, *args):
    result = t.run([harness.need_tool("vips", "libvips-tools"), *args])
    t.equal(result.status, 0, str(result))


def field(t, path, name):
    result = t.run([harness.need_tool("vipsheader", "libvips-tools"), "-f", name, path])
    return result.out.decode().strip() if result.status == 0 else None


def photo(t, name="photo.jpg", width=2400, height=1800, options="[Q=92]"):
    """A picture with the grain of a photo, in colour; its pixels are left in srgb.v."""
    vips(t, "gaussnoise", "n.v", str(width), str(height), "--sigma", "20", "--mean", "128",
         "--seed", "7")
    vips(t, "zone", "z.v", str(width), str(height))
    vips(t, "linear", "z.v", "tone.v", "60", "120")
    vips(t, "bandjoin", "n.v tone.v n.v", "three.v")
    vips(t, "cast", "three.v", "byte.v", "uchar")
    vips(t, "copy", "byte.v", "srgb.v", "--interpretation", "srgb")
    vips(t, "copy", "srgb.v", f"{name}{options}")
    return t.dir / name


def exiftool(t, *args):
    result = t.run([harness.need_tool("exiftool", "libimage-exiftool-perl"), *args])
    t.equal(result.status, 0, str(result))
    return result.out.decode()


def make(t, *options, body="![Alt](photo.jpg \"\")", keep=True):
    t.file("a.md", TEXT.format(body))
    t.ok(*options, "-o", "book.epub", "a.md")
    if keep:
        t.keep(t.dir / "book.epub")
    return epub.Epub(t.dir / "book.epub")


def pictures(t, book):
    """The book's pictures as files, and the manifest's items for them."""
    found = []
    for item in book.items.values():
        if item.get("media-type").startswith("image/"):
            found.append((t.file("out/" + item.get("href"), book.read(book.path(item.get("href")))),
                          item))
    return found


def one(t, book):
    found = pictures(t, book)
    t.equal(len(found), 1, [item.get("href") for _, item in found])
    return found[0][0]


def size(t, path):
    return int(field(t, path, "width")), int(field(t, path, "height"))


def test_sizes(t):
    """--image-size, --image-quality, --grayscale, and no picture is enlarged."""
    photo(t)
    t.equal(size(t, one(t, make(t))), (1600, 1200), "by default")
    t.equal(size(t, one(t, make(t, "--image-size", "600x300"))), (400, 300))
    t.equal(size(t, one(t, make(t, "--image-size", "500"))), (500, 375))
    t.equal(size(t, one(t, make(t, "--image-size", "9000x9000"))), (2400, 1800), "never enlarged")
    coarse = one(t, make(t, "--image-quality", "30")).stat().st_size
    fine = one(t, make(t, "--image-quality", "95")).stat().st_size
    t.true(coarse * 2 < fine, (coarse, fine))
    grey = one(t, make(t, "--grayscale"))
    t.equal(field(t, grey, "bands"), "1", "bands")
    for value in ("0x0", "100x", "x", "5x5", "1600x2400x1"):
        t.equal(t.chapbook("--image-size", value, "a.md").status, 2, value)


def test_kept_as_they_are(t):
    """A picture that fits is in the book bit for bit."""
    path = photo(t, width=800, height=600, options="[Q=80,strip]")
    t.equal(one(t, make(t)).read_bytes(), path.read_bytes(), "bytes")


def test_no_images(t):
    photo(t)
    book = make(t, "--no-images", body='![Alt words](photo.jpg "The caption")')
    t.equal(pictures(t, book), [], "pictures")
    text = b"".join(book.read(name) for name in book.spine()).decode()
    t.true("The caption" in text and "Alt words" in text, text)


def test_max_book_size(t):
    """The book has at most that size, or is not written."""
    for n in range(3):
        photo(t, f"p{n}.jpg", 1500 + n, 1100)
    body = "\n\n".join(f'![Alt](p{n}.jpg "Caption {n}")' for n in range(3))
    make(t, body=body, keep=False)
    whole = (t.dir / "book.epub").stat().st_size
    limit = whole * 2 // 5
    book = make(t, "--max-book-size", str(limit), body=body)
    t.true((t.dir / "book.epub").stat().st_size <= limit, f"{limit} of {whole}")
    t.equal(len(pictures(t, book)), 3, "pictures")
    (t.dir / "book.epub").unlink()
    result = t.chapbook("--max-book-size", "5K", "-o", "book.epub", "a.md")
    t.true(result.status == 1 and b"--no-images" in result.err, str(result))
    t.true(not (t.dir / "book.epub").exists(), "no book")
    t.ok("--max-book-size", "20K", "--no-images", "-o", "book.epub", "a.md")


def test_own_words(t):
    """A picture's own words fill in what the article does not say, and nothing else."""
    photo(t, width=800, height=600)
    exiftool(t, "-XMP-dc:Description=Herons at the weir", "-XMP-photoshop:Credit=River Press",
             "-XMP-dc:Creator=Jo Field", "-XMP-iptcCore:AltTextAccessibility=Two herons in water",
             "-IPTC:Caption-Abstract=Not this", "-overwrite_original", "photo.jpg")
    text = lambda book: b"".join(book.read(name) for name in book.spine()).decode()
    book = make(t, body="![](photo.jpg)")
    t.true("Herons at the weir" in text(book), text(book))
    opf = book.read(book.opf_name).decode()
    for fact in ("Herons at the weir", "River Press", "Jo Field", "Two herons in water"):
        t.true(fact in opf, f"{fact} in the package document")
    t.true('alt="Two herons in water"' in text(book), "alt")
    book = make(t, body='![My alt](photo.jpg "My caption (Photo: Ann Brown)")')
    whole = text(book) + book.read(book.opf_name).decode()
    for words in ("Herons", "River Press", "Jo Field", "Two herons"):
        t.true(words not in whole, f"the article takes precedence: {words}")
    t.true("My caption" in whole and "My alt" in whole and "Ann Brown" in whole, whole)
    book = make(t, body='![](photo.jpg "My caption")')
    t.true("My caption" in text(book) and "River Press" in text(book), "a credit is filled in")
    t.true("Herons" not in text(book), "a caption is not")


def test_private_data(t):
    """GPS and device metadata are removed, unless they are to be kept; what it shows
    does not change."""
    photo(t, width=800, height=600)
    plain = (t.dir / "photo.jpg").read_bytes()
    exiftool(t, "-GPSLatitude=52.1", "-GPSLatitudeRef=N", "-GPSLongitude=4.2", "-Make=Camera Co",
             "-SerialNumber=12345", "-XMP-exif:GPSLatitude=52.1", "-XMP-dc:Description=A weir",
             "-overwrite_original", "photo.jpg")
    told = exiftool(t, "-G", one(t, make(t)))
    t.true("GPS" not in told and "Camera Co" not in told and "12345" not in told, told)
    t.true("A weir" in told, "its words stay")
    t.equal(one(t, make(t)).read_bytes()[-5000:], plain[-5000:], "the picture itself")
    told = exiftool(t, "-G", one(t, make(t, "--keep-location")))
    t.true("GPS" in told and "Camera Co" in told, told)
    told = exiftool(t, "-G", one(t, make(t, "--profile", "archive")))
    t.true("GPS" in told, "an archive keeps every byte")


def test_embed_captions(t):
    """The article's words go into the packed copy."""
    photo(t)
    vips(t, "copy", "srgb.v", "photo.png")
    for name in ("photo.jpg", "photo.png"):
        book = make(t, "--embed-captions",
                    body=f'![A weir](%s "The weir in May (Photo: Jo Field/River Press)")' % name)
        told = exiftool(t, "-XMP:all", "-s", one(t, book))
        for words in ("The weir in May", "Jo Field/River Press", "A weir"):
            t.true(words in told, f"{name}: {words} in {told}")


def test_profile_kindle(t):
    """No WebP, and nothing that moves."""
    photo(t, "photo.webp", 900, 600)
    vips(t, "join", "srgb.v", "srgb.v", "film.v", "vertical")
    vips(t, "crop", "film.v", "strip.v", "0", "0", "60", "1200")
    vips(t, "gifsave", "strip.v", "film.gif", "--page-height", "600")
    made = pictures(t, make(t, "--profile", "kindle",
                            body='![](photo.webp "One")\n\n![](film.gif "Two")'))
    kinds = sorted(item.get("media-type") for _, item in made)
    t.true("image/webp" not in kinds and len(kinds) == 2, kinds)
    for path, _ in made:
        t.true((field(t, path, "n-pages") or "1") == "1", path)
    moving = pictures(t, make(t, body='![](film.gif "Two")'))
    t.equal(field(t, moving[0][0], "n-pages"), "2", "other readers get what moves")


def test_profile_kobo(t):
    """Opaque pictures, of a cover of 3 to 4."""
    photo(t, width=400, height=300)
    vips(t, "black", "alpha.v", "400", "300")
    vips(t, "bandjoin", "srgb.v alpha.v", "four.v")
    vips(t, "copy", "four.v", "clear.png", "--interpretation", "srgb")
    cover = "none" if harness.SANITIZED else "auto"  # fonts are kept until the end
    made = pictures(t, make(t, "--profile", "kobo", "--cover", cover, body='![](clear.png "One")'))
    for path, item in made:
        t.equal(field(t, path, "bands"), "3", item.get("href"))
        if "cover-image" in (item.get("properties") or ""):
            t.equal(size(t, path), (1600, 2133), "cover")
    t.equal(len(made), 1 if harness.SANITIZED else 2, "pictures")
    t.ok("--profile", "kobo", "--kepub", "a.md")
    t.true((t.dir / "the-weir.kepub.epub").exists(), "its name")


def test_profile_archive(t):
    """Every original bit for bit; where it is of a foreign kind, a fallback beside it."""
    photo(t, "photo.webp", 2400, 1800)
    photo(t, "photo.jpg", 2400, 1800)
    book = make(t, "--profile", "archive", body='![](photo.webp "One")\n\n![](photo.jpg "Two")')
    packed = {path.read_bytes(): item for path, item in pictures(t, book)}
    for name in ("photo.webp", "photo.jpg"):
        t.true((t.dir / name).read_bytes() in packed, f"{name} as it was")
    original = packed[(t.dir / "photo.webp").read_bytes()]
    other = book.items[original.get("fallback")]
    t.true(other.get("media-type") in ("image/jpeg", "image/png"), other.attrib)
    text = b"".join(book.read(name) for name in book.spine()).decode()
    t.true(re.search(r'<picture><source srcset="%s" type="image/webp"[^>]*>(</source>)?<img src="%s"'
                     % (original.get("href"), other.get("href")), text), text)


def test_photo_without_colour(t):
    """A photo has few colours when it has none, and is a photo all the same."""
    vips(t, "gaussnoise", "n.v", "900", "600", "--sigma", "30", "--mean", "128", "--seed", "7")
    vips(t, "cast", "n.v", "grey.v", "uchar")
    vips(t, "copy", "grey.v", "photo.webp[Q=80]")
    made = pictures(t, make(t, body='![](photo.webp "One")'))
    t.equal([item.get("media-type") for _, item in made], ["image/jpeg"], "kind")


def test_drawings(t):
    """SVG that needs its own entities is drawn; scripts are removed, and the drawing is kept."""
    if harness.SANITIZED:  # librsvg loses what entities say
        raise harness.NotMeant()
    t.file("own.svg", '<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]>'
           '<svg xmlns="&ns;" width="100" height="80"><rect width="99" height="79" fill="red"/></svg>')
    t.file("script.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
           '<script>alert(1)</script><rect width="5" height="5"/></svg>')
    made = dict((item.get("media-type"), path) for path, item in pictures(t, make(
        t, body='![](own.svg "One")\n\n![](script.svg "Two")')))
    t.equal(sorted(made), ["image/png", "image/svg+xml"], "kinds")
    width, height = size(t, made["image/png"])
    t.true(width * 80 == height * 100, (width, height))
    drawing = made["image/svg+xml"].read_text()
    t.true("<rect" in drawing and "script" not in drawing, drawing)


def test_explain_pictures(t):
    """--explain says why a picture was converted."""
    photo(t)
    t.file("a.md", TEXT.format('![](photo.jpg "One")'))
    result = t.ok("--explain", "-o", "book.epub", "a.md")
    t.true(b"photo.jpg was converted: it is larger than --image-size" in result.err and b"[image-fitted]" in result.err, str(result))


def test_broken_cover(t):
    """A broken picture of the cover costs the picture: a cover is drawn. What is no picture is a mistake."""
    t.file("broken.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 9"><rect width="6"')
    t.file("broken.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0")
    t.file("words.svg", "These are words.")
    t.file("a.md", TEXT.format("Words."))
    for name in ("broken.svg", "broken.png"):
        t.file("named.md", f"---\ncover-image: {name}\n---\n" + TEXT.format("Words."))
        for args in (["--cover", name, "a.md"], ["--cover", "auto", "named.md"]):
            result = t.ok("--force", "-o", "book.epub", *args)
            t.true(name.encode() in result.err and b"[image-broken]" in result.err, str(result))
            names = epub.Epub(t.dir / "book.epub").names
            t.true("EPUB/cover.jpg" in names or "EPUB/cover.png" in names, f"{args}: no cover was drawn")
    result = t.chapbook("--force", "-o", "book.epub", "--cover", "words.svg", "a.md")
    t.equal((result.status, b"words.svg: it is not a picture" in result.err), (1, True), str(result))
