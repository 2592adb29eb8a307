"""Nothing of a text is lost, and nothing is made up: for every text here, the words in the book
are the words in the text.

What may go is listed: the line `lost:` of NAME.expect has the words ("Published on") of byline and
date lines that became metadata and that the book says in words of its own."""

import collections
import re
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent


def source_text(path):
    data = path.read_bytes()
    for bom, charset in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
                         (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(bom):
            return data[len(bom):].decode(charset)
    # A text in another charset names it: name.CHARSET.txt
    named = re.fullmatch(r".*\.([a-z0-9_-]+)\.txt", path.name)
    return data.decode(named.group(1) if named else "utf-8")


def may_go(path):
    """The words of the line `lost:` of NAME.expect."""
    expect = path.with_suffix(".expect")
    found = collections.Counter()
    if expect.exists():
        for line in re.findall(r"^lost: (.*)$", expect.read_text(), re.M):
            found.update(epub.words(line.casefold()))
    return found


def case(path):
    def run(t):
        t.ok("-o", "book.epub", path)
        t.keep(t.dir / "book.epub")
        book = epub.Epub(t.dir / "book.epub")
        text = source_text(path)
        given = collections.Counter(epub.words(text))
        shown = collections.Counter()
        chapters = collections.Counter()
        pages = book.chapters()
        for name in book.spine():
            if name.endswith("nav.xhtml"):
                continue
            shown.update(epub.words(epub.page_text(book.read(name))))
            if name in pages:
                chapters.update(epub.words(epub.page_text(book.read(name), own_words=False)))
        # A word that was broken at the end of a line is whole again, or still in two parts.
        for one, two in re.findall(r"(\w+)[-\u2010\u00ad]\n\s*(\w+)", text):
            if shown[one + two] > given[one + two]:
                given.subtract([one, two])
                given.update([one + two])
        lost = given - shown
        allowed = may_go(path)
        really = [word for word in lost.elements() if allowed[word.casefold()] < lost[word]]
        t.true(not really, f"lost: {really}")
        # With no title in the text the file's name has to serve.
        added = chapters - given - collections.Counter(epub.words(path.stem))
        t.true(not added, f"in the chapters, but not (so often) in the text: {dict(added)}")
    return run


def cases():
    return [(path.stem, case(path)) for path in sorted(HERE.glob("*.txt"))]
