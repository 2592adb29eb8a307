"""No chapter file has more than 300 KB, whatever the article is made of; nothing is lost or twice."""

import re

import epub

MAX_FILE = 300_000
SENTENCE = ("The ferry crosses the lake twice a day & carries the post, the bread and whoever has to be "
            "in the town by noon. ")


def page(body):
    return f"<!DOCTYPE html><html lang=en><title>Lake</title><article><h1>Lake</h1><p>{SENTENCE}</p>{body}</article>"


def rows(count, cells="<td>%d</td><td>{}</td>"):
    cells = cells.format(SENTENCE)
    return "".join(f"<tr id=row{i}>{cells % i}</tr>" for i in range(count))


def make(t, name, content, *options):
    """The text of each chapter file, in order; each is small and each of its links leads somewhere."""
    t.file(name, content)
    t.ok("--force", "-o", "book.epub", *options, name)
    checked = t.chapbook("check", "book.epub")
    t.equal(checked.status, 0, str(checked))
    entries = epub.Epub(t.dir / "book.epub").files()
    files = sorted((n for n in entries if "/chapter-" in n), key=lambda n: int(re.search(r"\d+", n)[0]))
    for file in files:
        t.true(len(entries[file]) <= MAX_FILE, f"{file} has {len(entries[file])} bytes")
        t.equal(len(re.findall(rb"<h1[ >]", entries[file])), 1, f"h1 in {file}")
    return [entries[file].decode() for file in files]


def numbers(texts, pattern):
    return [int(n) for text in texts for n in re.findall(pattern, text)]


def test_paragraphs(t):
    texts = make(t, "lake.txt", f"Lake\n\nBy Ann Brown\n\n{SENTENCE}\n\n{SENTENCE}\n\n" + "".join(f"Day {i}: {SENTENCE}\n\n" for i in range(6000)))
    t.equal(numbers(texts, r"<p>Day (\d+):"), list(range(6000)), "paragraphs")
    t.equal([re.search("<title>(.*)</title>", text)[1] for text in texts],
            ["Lake"] + [f"Lake ({i})" for i in range(2, len(texts) + 1)], "titles")
    t.equal([line for line in epub.Epub(t.dir / "book.epub").toc() if "chapter" in line[2]],
            [(1, "Lake", "chapter-1.xhtml")], "contents")


def test_table(t):
    table = ("<table id=t><caption>Days</caption><colgroup><col><col></colgroup>"
             "<thead><tr><th id=day>Day</th><th>Words</th></tr></thead>" + rows(4000) + "</table>")
    texts = make(t, "lake.html", page(f"<p><a href='#row3999'>last</a> <a href='#t'>all</a> <a href='#day'>days</a></p>{table}"))
    t.true(len(texts) > 1, f"{len(texts)} files")
    t.equal(numbers(texts, r"<td>(\d+)</td>"), list(range(4000)), "rows")
    for text in texts:
        t.equal(text.count("<thead>"), text.count("<table"), "a head for each part")
        t.equal(text.count("<th"), 3 * text.count("<table"), "of the same cells")
    whole = "".join(texts)
    t.equal((whole.count("<caption>"), whole.count(' id="t"'), whole.count(' id="day"')), (1, 1, 1), "once")
    t.true(f'href="chapter-{len(texts)}.xhtml#row3999"' in texts[0], "a link to the last row")


def test_table_without_thead(t):
    texts = make(t, "lake.html", page("<table><tr><th>Day</th><th>Words</th></tr>" + rows(4000) + "</table>"))
    t.equal(numbers(texts, r"<td>(\d+)</td>"), list(range(4000)), "rows")
    t.equal([text.count("<th>Day</th>") for text in texts], [text.count("<table>") for text in texts], "the head row is repeated")


def test_cells_over_rows(t):
    """No cut where a cell reaches down."""
    three = "<td rowspan=3>%d</td><td>{0}</td></tr><tr><td>{0}</td></tr><tr><td>{0}</td>"
    texts = make(t, "lake.html", page("<table><tr><th>Day</th><th>Words</th></tr>" + rows(1500, three) + "</table>"))
    t.true(len(texts) > 1, f"{len(texts)} files")
    t.equal(numbers(texts, r"<td rowspan=\"3\">(\d+)</td>"), list(range(1500)), "rows")
    for text in texts:
        cells, spans = len(re.findall("<tr", text)) - text.count("<th>Day"), text.count("rowspan")
        t.equal(cells, 3 * spans, "rows of a part")


def test_list_with_notes(t):
    """A note is counted with its reference; the numbers of the list go on."""
    count = 3000
    texts = make(t, "lake.md", f"# Lake\n\n{SENTENCE}\n\n" +
                 "".join(f"{i + 1}. {SENTENCE}[^{i}]\n" for i in range(count)) + "\n" +
                 "".join(f"[^{i}]: Note {i}: {SENTENCE}\n\n" for i in range(count)))
    t.equal(numbers(texts, r"Note (\d+):"), list(range(count)), "notes")
    start = 1
    for text in texts:
        said = re.search(r'<ol start="(\d+)">', text)
        t.equal(int(said[1]) if said else 1, start, "first number of a part")
        start += text.count("<li>")
    t.equal(start, count + 1, "items")


def test_code_and_quotes(t):
    code = "".join(f"line_{i} = 1  # {SENTENCE}\n" for i in range(4000))
    quote = "".join(f"> - Item {i}: {SENTENCE}\n" for i in range(4000))
    texts = make(t, "lake.md", f"# Lake\n\n{SENTENCE}\n\n```python\n{code}```\n\n{quote}")
    t.equal(numbers(texts, r'<span class="line">line_(\d+) = 1'), list(range(4000)), "lines")
    t.equal(numbers(texts, r"<li>(?:<p>)?Item (\d+):"), list(range(4000)), "items")


def test_one_paragraph(t):
    texts = make(t, "lake.html", page("<p>" + "".join(f"Day {i}: {SENTENCE}" for i in range(6000)) + "</p>"))
    t.equal(numbers(texts, r"Day (\d+):"), list(range(6000)), "sentences")


def outline(t, *options):
    """The contents without addresses."""
    t.ok("--force", "-o", "book.epub", *options, "lake.md")
    return [(depth, title) for depth, title, _ in epub.Epub(t.dir / "book.epub").toc()]


def test_small_sections(t):
    """Small sections share files, and the contents are those of an article in one file."""
    text = "".join(f"## Part {i}\n\nTo [the next](#part-{i + 1}).\n\n### First {i}\n\n{SENTENCE}\n\n"
                   f"#### Deep {i}\n\nText.\n\n### Second {i}\n\nText.\n\n" for i in range(2000))
    texts = make(t, "lake.md", f"# Lake\n\n{text}## Part 2000\n\nEnd.\n")
    t.true(3 <= len(texts) <= 6, f"{len(texts)} files")
    t.equal(numbers(texts, r"<h2[^>]*>Part (\d+)<"), list(range(2001)), "parts")
    for text in texts[1:]:
        t.true(re.search(r"</h1>\s*<h2", text), "a file begins at a heading")
    # Not kept for EPUBCheck, which takes minutes of CPU time for so many links and ids.
    t.equal(t.ok("check", "book.epub").err, b"", "findings")
    t.equal(outline(t), outline(t, "--split-level", "none"), "contents")


def test_long_section_among_small(t):
    """What follows a section that went on in a second file is not below it in the contents."""
    text = ("## One\n\n### Inner\n\n" + f"{SENTENCE}\n\n" * 6000 + "### Inner two\n\nText.\n\n" +
            "".join(f"## Small {i}\n\nText.\n\n" for i in range(30)))
    make(t, "lake.md", f"# Lake\n\n{SENTENCE}\n\n{text}")
    divided = outline(t, "--split-level", "1")
    t.true("EPUB/chapter-3.xhtml" in epub.Epub(t.dir / "book.epub").files(), "it has several files")
    t.equal(divided, outline(t, "--split-level", "none"), "contents")


def test_never_split(t):
    t.file("lake.md", "# Lake\n\n" + f"{SENTENCE}\n\n" * 4000)
    t.ok("--split-level", "none", "-o", "book.epub", "lake.md")
    names = [n for n in epub.Epub(t.dir / "book.epub").files() if "/chapter-" in n]
    t.equal(names, ["EPUB/chapter-1.xhtml"], "one file")
