"""Rows of pictures that are made anew and of covers, beside libvips's own programs."""

import os
import shutil
import subprocess
import zipfile

import photos
import texts
from bench import BUILD, CHAPBOOK, ROOT, WORK, measure, ms

PHOTOS = BUILD / "bench-photos"  # made once: it takes a while
COUNT = 20
SAVE = "Q=82,optimize_coding,strip"  # as chapbook saves
COVER_QUALITIES = (90, 82, 74, 64, 52, 40, 28)


def photo_article():
    """Markdown with the photos and their captions."""
    writer = texts.Writer("photos")
    blocks = [f"---\ntitle: {COUNT} Photos\nauthor: Ann Brown\nlang: en\n---"]
    files = photos.make(PHOTOS, COUNT)
    for file in files:
        blocks += [writer.paragraph(), f"![{writer.heading()}]({file.name} \"{writer.sentence()}\")"]
    article = PHOTOS / "article.md"
    article.write_text("\n\n".join(blocks) + "\n")
    return article, files


def photo_rows(table, rounds):
    """20 photos of a camera: made smaller, beside a program that does only that."""
    article, files = photo_article()
    thumbnails = WORK / "thumbnails"
    thumbnails.mkdir()
    book = WORK / "photos.epub"
    costs = measure(max(3, rounds // 10), {
        "chapbook": [CHAPBOOK, "-q", "--cover", "none", "-o", book, article],
        "vips": ["vipsthumbnail", "--size", "1600x2400>", "-o", f"{thumbnails}/%s.jpg[{SAVE}]", *files],
    })
    with zipfile.ZipFile(book) as z:
        assert sum(name.endswith(".jpg") for name in z.namelist()) == len(files)
    ours, theirs = costs["chapbook"], costs["vips"]
    ratio = ours.wall / theirs.wall
    table.add(f"an article with {COUNT} photos of 12 megapixels, without a cover, wall time",
              f"{ours.wall:.2f} s", f"{ratio:.2f} × `vipsthumbnail` of the same photos to the same size and "
              f"quality, all in one process ({theirs.wall:.2f} s)", "at most 1.15 ×", ratio <= 1.15)
    table.add("CPU time for it", f"{ours.cpu:.2f} s", f"{ours.cpu / theirs.cpu:.2f} × `vipsthumbnail` "
              f"({theirs.cpu:.2f} s)", "", None)
    table.add("memory for it, at most", f"{ours.mb:.0f} MB", f"`vipsthumbnail`: {theirs.mb:.0f} MB", "", None)


def tables_of(jpeg):
    """Its first quantisation table: what the quality makes of it."""
    start = jpeg.index(b"\xff\xdb")
    return jpeg[start:start + 69]


def cover_peer(cover):
    """The command that saves the same pixels as a JPEG of the same quality."""
    pixels, saved = WORK / "cover.v", WORK / "saved.jpg"
    subprocess.run(["vips", "copy", cover, pixels], check=True)
    for quality in COVER_QUALITIES:
        command = ["vips", "jpegsave", pixels, saved, "--Q", quality, "--strip"]
        subprocess.run([str(a) for a in command], check=True)
        if tables_of(saved.read_bytes()) == tables_of(cover.read_bytes()):
            return command
    raise ValueError("the cover is of no quality that is known here")


def cover_rows(table, rounds):
    """A cover of letters and shapes, beside setting its title and saving its pixels alone."""
    article, book = ROOT / "assets/sample/article.txt", WORK / "covered.epub"
    chapbook = [CHAPBOOK, "-q", "--cover", "auto", "-o", book, article]
    subprocess.run(chapbook, check=True)
    cover = WORK / "cover.jpg"
    with zipfile.ZipFile(book) as z:
        cover.write_bytes(z.read("EPUB/cover.jpg"))
    title = article.read_text().split("\n")[0]
    costs = measure(max(3, rounds // 3), {
        "chapbook": chapbook,
        # In letters of the size that they have on the cover, in as many lines.
        "text": ["vips", "text", WORK / "title.v", title, "--font", "EB Garamond Bold 240", "--dpi", 72,
                 "--width", 1320],
        "save": cover_peer(cover),
        "vips": ["vips", "--version"],
    })
    ours, text, save = costs["chapbook"], costs["text"], costs["save"]
    wall, cpu = text.wall + save.wall, text.cpu + save.cpu
    table.add("the sample's text with a drawn cover, wall time of the process", ms(ours.wall),
              f"{ours.wall / wall:.2f} × `vips text` of the title and then `vips jpegsave` of the same pixels "
              f"({ms(wall)})", "at most 1.25 ×", ours.wall <= 1.25 * wall)
    once = wall - costs["vips"].wall
    table.add("", "", f"{ours.wall / once:.2f} × the same, had libvips been started once ({ms(once)})", "", None)
    table.add("CPU time for it", ms(ours.cpu), f"{ours.cpu / cpu:.2f} × both ({ms(cpu)})", "", None)
    table.add("memory for it, at most", f"{ours.mb:.0f} MB", f"`vips text`: {text.mb:.0f} MB, `vips jpegsave`: "
              f"{save.mb:.0f} MB", "", None)


def cover_rate(table, rounds):
    """Covers of many articles in one process."""
    count = 200
    folder = WORK / "covered"
    folder.mkdir()
    files = [folder / f"article-{n:04}.txt" for n in range(count)]
    for n, file in enumerate(files):
        file.write_text(texts.text_article(n))
    cost = measure(max(3, rounds // 20), {
        "one": [CHAPBOOK, "-q", "--cover", "auto", "-j", "1", "-o", f"{folder}/", *files],
        "all": [CHAPBOOK, "-q", "--cover", "auto", "-o", f"{folder}/", *files],
    })
    shutil.rmtree(folder)
    one, every = cost["one"], cost["all"]
    table.add(f"{count} articles with drawn covers in one process", f"{count / one.cpu:.0f} a second a core",
              f"{count / one.wall:.0f} a second of wall time with one thread, {count / every.wall:.0f} with "
              f"{os.cpu_count()}", "", None)
    table.add("memory for them, at most", f"{every.mb:.0f} MB", f"{one.mb:.0f} MB with one thread", "", None)
