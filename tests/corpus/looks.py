#!/usr/bin/env python3
"""How the books of the corpus look: tests/corpus/looks.py CORPUS [--set NAME] [--most N]

Makes a book of each page of the sets in CORPUS and measures what readers see. Each measure is a
function that takes the books and prints its figures. The browser is Chromium, by puppeteer, which
`tests/deps.sh check` puts into build/node.
"""

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
import epub  # noqa: E402

WORK = ROOT / "build" / "corpus" / "looks"
CHAPBOOK = ROOT / "build" / "chapbook"
SETS = ["wcxb", "trafilatura", "readability", "postlight", "defuddle"]

# Screens in CSS pixels, and letters in percent of the browser's: phones, a tablet.
SCREENS = [(width, font) for width in (320, 350, 720) for font in (100, 160)]
# As readers do it: Foliate, Readest, ReadiumCSS, Kobo.
READER_STYLE = "* { text-align: justify }"


def make_books(corpus, name, most):
    """The books of a set, unzipped: their folders."""
    out = WORK / name
    shutil.rmtree(out, ignore_errors=True)
    (out / "books").mkdir(parents=True)
    subprocess.run([CHAPBOOK, "-q", "--cover", "none", "--no-images", "-o", f"{out}/books/", "-i",
                    corpus / name / "urls.tsv"], capture_output=True)
    folders = []
    for book in sorted((out / "books").glob("*.epub"))[:most]:
        folder = out / "unzipped" / book.stem
        with zipfile.ZipFile(book) as z:
            z.extractall(folder)
        folders.append(folder)
    return folders


def chapters(folder):
    return sorted((folder / "EPUB").glob("chapter-*.xhtml"))


def browse(jobs):
    """What tests/lib/browser.js says of each job."""
    env = dict(os.environ, NODE_PATH=str(ROOT / "build" / "node" / "node_modules"),
               PUPPETEER_EXECUTABLE_PATH=shutil.which("chromium") or "chromium", HOME=str(WORK))
    result = subprocess.run(["node", ROOT / "tests" / "lib" / "browser.js"], env=env, text=True,
                            input="".join(json.dumps(job) + "\n" for job in jobs), capture_output=True)
    if result.returncode != 0:
        sys.exit(f"looks: {result.stderr[-2000:]}")
    return [json.loads(line) for line in result.stdout.splitlines()]


def may_overflow(page):
    """Whether it has tables, code, formulas or long words."""
    text = page.read_text(encoding="utf-8")
    return bool(re.search(r'<table|<pre|<math|role="table"', text) or
                re.search(r"[^\s]{25}", re.sub(r"<[^>]*>", " ", text)))


def overflow(folders):
    """Chapters of which something reaches beyond the edge of a screen."""
    pages = [page for folder in folders for page in chapters(folder) if may_overflow(page)]
    tables = {page: page.read_text(encoding="utf-8").count("<table") for page in pages}
    cards = sum(page.read_text(encoding="utf-8").count('class="cards"') for page in pages)
    found = browse([{"page": str(page), "width": width, "height": 700, "font": font,
                     "style": READER_STYLE} for page in pages for width, font in SCREENS])
    print(f"{len(pages)} chapters that may be too wide, {sum(tables.values())} tables, {cards} tables as cards")
    for width, font in SCREENS:
        wide = [f for f in found if (f["width"], f["font"]) == (width, font) and f["overflow"]]
        print(f"  {width} px, {font} %: {len(wide)} chapters overflow, "
              f"{sum(f['tables'] for f in wide)} tables")
        for f in wide[:8]:
            print(f"    {Path(f['page']).relative_to(WORK)}: {f['overflow']} px: {f['widest']}")


# Width, height and size of letters in points, for MuPDF.
DEVICES = {"tablet": (600, 800, 16), "phone": (390, 844, 16)}
COUNT_PAGES = "var d = new Document(scriptArgs[0]); d.layout(+scriptArgs[1], +scriptArgs[2], +scriptArgs[3]); print(d.countPages());"


def book_of(folder):
    return folder.parents[1] / "books" / f"{folder.name}.epub"


def tell(what, values):
    """The median, the 95th percentile and the worst of (number, folder)."""
    known = sorted((number, folder.name) for number, folder in values if number is not None)
    if known:
        worst = ", ".join(f"{name} {number}" for number, name in known[-3:][::-1])
        print(f"{what}: median {known[len(known) // 2][0]}, 95 % at most {known[int(len(known) * 0.95)][0]}; "
              f"most: {worst}")


def pages(folders):
    """Pages of a tablet, screens of a phone."""
    script = WORK / "pages.js"
    script.write_text(COUNT_PAGES)
    for device, size in DEVICES.items():
        counts = []
        for folder in folders:
            run = subprocess.run(["mutool", "run", script, book_of(folder), *map(str, size)], capture_output=True, text=True)
            counts.append((int(run.stdout) if run.stdout.strip().isdigit() else None, folder))
        tell(f"pages of a {device}", counts)


def first_sentence(folders):
    """The page of a tablet that has the first words of the text. These books have no cover: one less."""
    width, height, size = map(str, DEVICES["tablet"])
    found = []
    for folder in folders:
        first = (folder / "EPUB" / "chapter-1.xhtml").read_text(encoding="utf-8")
        paragraph = re.search(r"<p>(.*?)</p>", re.split(r"</header>|</h1>", first, maxsplit=1)[-1], re.S)
        words = html.unescape(re.sub(r"<[^>]*>", "", paragraph[1])).split()[:4] if paragraph else []
        for page in range(1, 9 if words else 1):
            drawn = subprocess.run(["mutool", "draw", "-q", "-W", width, "-H", height, "-S", size, "-F", "txt", "-o", "-",
                                    book_of(folder), str(page)], capture_output=True, text=True)
            if " ".join(words) in " ".join(drawn.stdout.split()):
                found.append((page, folder))
                break
    tell("page of the first sentence", found)


def short_chapters(folders):
    """Chapters under 300 words (or 600 ideographs, or 1,800 characters), where the article has 600 words."""
    short = []
    for folder in folders:
        lengths = []
        for page in chapters(folder):
            text = epub.page_text(page.read_text(encoding="utf-8"), own_words=False)
            words = epub.words(text)
            ideographs = sum(re.fullmatch(f"[{epub.CJK}]", word) is not None for word in words)
            lengths.append(max(len(words) - ideographs / 2, len(text) / 6))
        if sum(lengths) >= 600 and min(lengths) < 300:
            short.append(folder.name)
    print(f"articles of 600 words with a chapter under 300: {len(short)} {' '.join(short[:8])}")


MEASURES = [overflow, pages, first_sentence, short_chapters]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--set", action="append")
    parser.add_argument("--most", type=int, help="pages of each set")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    for name in options.set or SETS:
        folders = make_books(options.corpus, name, options.most)
        print(f"{name}: {len(folders)} books", flush=True)
        for measure in MEASURES:
            measure(folders)


main()
