"""The grammar of style sheets: `check` reports the faults that EPUBCheck reports, and no others."""

import html
import re
import zipfile

import harness

CASES = harness.ROOT / "tests" / "check" / "css_grammar.tsv"


def written(path, book, name, data):
    """A copy of the book with one file replaced."""
    with zipfile.ZipFile(path, "w") as copy:
        for info in book.infolist():
            kind = zipfile.ZIP_STORED if info.filename == "mimetype" else zipfile.ZIP_DEFLATED
            copy.writestr(info.filename, data if info.filename == name else book.read(info.filename), kind)


def test_css_grammar(t):
    t.file("ok.css", "p { margin: 0 }\n")
    t.file("a.md", "# Ferry\n\nIt crossed.\n")
    t.ok("--css", "ok.css", "-o", "good.epub", "a.md")
    rows = [line.split("\t") for line in CASES.read_text().splitlines() if not line.startswith("#")]
    t.true(len(rows) > 700, "cases")
    with zipfile.ZipFile(t.dir / "good.epub") as book:
        chapter = book.read("EPUB/chapter-1.xhtml").decode()
        for number, (where, _, text) in enumerate(rows):
            text = text.encode().decode("unicode_escape")
            if where == "attribute":
                name, data = "EPUB/chapter-1.xhtml", chapter.replace("<p>", f'<p style="{html.escape(text)}">', 1)
            else:
                name, data = "EPUB/extra-1.css", text + "\n"
            written(t.dir / f"{number}.epub", book, name, data.encode())
    found = t.chapbook("check", *(f"{number}.epub" for number in range(len(rows)))).out.decode()
    faulty = {int(n) for n in re.findall(r"(?m)^(\d+)\.epub: .*\[css-syntax\]$", found)}
    wrong = [f"{where} {text!r} is {result}" for number, (where, result, text) in enumerate(rows)
             if (number in faulty) != (result == "fault")]
    t.equal(wrong, [], "cases with another verdict")
