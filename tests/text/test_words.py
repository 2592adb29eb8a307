"""Nothing of a text is lost, and nothing is made up: for every text here, the words in the book
are the words in the text."""

import collections
import re
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent


def source_words(path):
    data = path.read_bytes()
    for bom, charset in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
                         (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(bom):
            return epub.words(data[len(bom):].decode(charset))
    # A text in another charset names it: name.CHARSET.txt
    named = re.fullmatch(r".*\.([a-z0-9_-]+)\.txt", path.name)
    return epub.words(data.decode(named.group(1) if named else "utf-8"))


def case(path):
    def run(t):
        t.ok("-o", "book.epub", path)
        t.keep(t.dir / "book.epub")
        book = epub.Epub(t.dir / "book.epub")
        given = collections.Counter(source_words(path))
        shown = collections.Counter()
        chapters = collections.Counter()
        pages = book.chapters()
        for name in book.spine():
            if name.endswith("nav.xhtml"):
                continue
            found = epub.words(epub.page_text(book.read(name)))
            shown.update(found)
            if name in pages:
                chapters.update(found)
        lost = given - shown
        t.true(not lost, f"lost: {dict(lost)}")
        added = chapters - given
        t.true(not added, f"in the chapters, but not (so often) in the text: {dict(added)}")
    return run


def cases():
    return [(path.stem, case(path)) for path in sorted(HERE.glob("*.txt"))]
