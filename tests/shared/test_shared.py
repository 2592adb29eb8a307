"""What needs files that are not in this repository: `make check-shared`, SHARED=DIR.

Their texts belong to others, or they are too large. The tests are there only if SHARED is set."""

import concurrent.futures
import os
import re
from pathlib import Path

import epub
import harness


def shared(name):
    path = Path(harness.SHARED).resolve() / name
    if not path.exists():
        raise harness.Skip(f"{name} is not in SHARED ({harness.SHARED})")
    return path


def mustache_spec(t):
    """The cases of the Mustache specification (github.com/mustache/spec) as JSON."""
    result = t.run([harness.BUILD / "shared" / "mustache_spec"],
                   env={"MUSTACHE_SPEC": str(shared("mustache-spec"))})
    t.equal(result.status, 0, f"{result.out.decode()}\n{result}")


def html5lib(t):
    """Tree construction by html5lib's cases: not worse than gumbo alone."""
    result = t.run([harness.BUILD / "corpus" / "html5lib", shared("corpus/html5lib")])
    t.equal(result.status, 0, f"{result.out.decode()}\n{result}")


def real_article(t):
    """The article that the program was first made for; its text is not ours."""
    t.ok("-o", "real.epub", shared("000_06e70ccefb90acc0.txt"))
    book = epub.Epub(t.dir / "real.epub")
    titles = [title for _, title, _ in book.toc()]
    t.true("Global ties" in titles and "A key role" in titles, f"chapters by their headings: {titles}")
    t.equal(len(book.chapters()), 2, "chapters: a short section joins its neighbour")
    t.equal(book.dc("creator"), ["Yu Hongjun"], "creator")
    t.equal([text for _, text in book.metas("file-as")][:1], ["Yu Hongjun"], "file-as")
    t.true(any("former vice minister" in text for _, text in book.metas("schema:description")), "bio")
    t.equal([text for _, text in book.metas("schema:creditText")], ["Xinhua"], "credit")
    captions = [text for _, text in book.metas("schema:caption")]
    t.true(len(captions) == 1 and captions[0].startswith("China-donated COVID-19 vaccines")
           and "Xinhua" not in captions[0], f"captions: {captions}")


# How many of the faulty books must be found, and how many sound ones may be accused. Better figures
# are entered here.
MIN_FOUND, MAX_FALSE = 200, 15


def check_epubs(t):
    """`chapbook check` on the books of EPUBCheck's own scenarios (outside the extensions)."""
    rows = [line.split("\t") for line in
            shared("check/expected.tsv").read_text().splitlines()[1:]]

    def accused(row):
        result = t.chapbook("check", shared("check/epubs") / row[0])
        text = (result.out + result.err).decode("utf-8", "replace")
        return bool(re.search(r": error: .*\[[a-z0-9-]+\]$", text, re.M)) or \
            not re.search(r"\d+ errors?, \d+ warnings?$", text, re.M)
    rows = [row for row in rows if not row[1].startswith("Extensions")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(zip(rows, pool.map(accused, rows)))
    found = sum(answer for row, answer in answers if row[2] != "-")
    false = sum(answer for row, answer in answers if row[2:4] == ["-", "-"])
    t.true(found >= MIN_FOUND, f"{found} faulty books found, at least {MIN_FOUND} before")
    t.true(false <= MAX_FALSE, f"{false} sound books accused, at most {MAX_FALSE} before")


def cases():
    listed = (mustache_spec, html5lib, real_article, check_epubs)
    return [(f.__name__.replace("_", "-"), f) for f in listed] if harness.SHARED else []
