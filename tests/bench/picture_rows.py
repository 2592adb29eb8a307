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


def cover_rows(table, rounds):
    """A cover of letters and shapes, in a process of its own, beside a program that draws none."""
    article, book = ROOT / "assets/sample/article.txt", WORK / "covered.epub"
    costs = measure(max(3, rounds // 3), {
        "chapbook": [CHAPBOOK, "-q", "--cover", "auto", "-o", book, article],
        "pandoc": ["pandoc", "--quiet", "-f", "markdown", "-o", WORK / "pandoc.epub", article],
    })
    ours, theirs = costs["chapbook"], costs["pandoc"]
    with zipfile.ZipFile(book) as z:
        kb = z.getinfo("EPUB/cover.png").file_size / 1000
    ratio = ours.cpu / theirs.cpu
    table.add("the sample's text with a drawn cover, CPU time of the process", ms(ours.cpu),
              f"{ratio:.2f} × pandoc, which draws none ({ms(theirs.cpu)})", "at most 0.75 ×", ratio <= 0.75)
    table.add("memory for it, at most", f"{ours.mb:.0f} MB", f"pandoc: {theirs.mb:.0f} MB", "at most 32 MB",
              ours.mb <= 32)
    table.add("the cover's file", f"{kb:.0f} KB", "", "at most 45 KB", kb <= 45)


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
    rate = count / one.cpu
    table.add(f"{count} articles with drawn covers in one process", f"{rate:.0f} a second a core",
              f"{count / one.wall:.0f} a second of wall time with one thread, {count / every.wall:.0f} with "
              f"{os.cpu_count()}", "150 a second a core", rate >= 150)
    table.add("memory for them, at most", f"{every.mb:.0f} MB", f"{one.mb:.0f} MB with one thread", "", None)


def lead_rate(table, rounds):
    """Covers with a picture: what they add, beside decoding and encoding that picture."""
    count = 50
    folder = WORK / "leads"
    folder.mkdir()
    picture = shutil.copy(ROOT / "assets/sample/lake.jpg", folder)
    files = [folder / f"article-{n:04}.md" for n in range(count)]
    for n, file in enumerate(files):
        file.write_text(f"# Lake {n}\n\n![The lake]({os.path.basename(picture)})\n\nWords.\n")
    command = [CHAPBOOK, "-q", "-j", "1", "-o", f"{folder}/", "--cover"]
    costs = measure(max(3, rounds // 20), {
        "with": [*command, "auto", *files],
        "without": [*command, "none", *files],
        "recode": [WORK / "recode", count, picture],
    })
    shutil.rmtree(folder)
    ours, theirs = costs["with"].cpu - costs["without"].cpu, costs["recode"].cpu
    table.add(f"{count} covers with a lead picture in one process, CPU time of each", ms(ours / count),
              f"{ours / theirs:.2f} × decoding and encoding the picture by libjpeg-turbo ({ms(theirs / count)})",
              "at most 1.1 ×", ours <= 1.1 * theirs)
