"""What options and metadata say counts: it overrules what is guessed, and leaves no trace of it."""

import epub

PROSE = """The lake rises each spring before the ice is gone, and the town has learned to live by it, as its grandparents did when the dam was built and the old mill went under water.

It falls again in autumn. The people who live on its shore keep a calendar of their own, in which the year begins with the thaw and ends when the last boat is drawn up."""

TEXT = f"""The Guessed Title of This Piece

By Carl Dent

July 2, 2021

{PROSE}

Carl Dent is a writer in Lima.
"""

PAGE = f"""<!doctype html><html lang="en"><head><title>The Harbour Wakes Up</title>
<meta name="author" content="Carl Dent">
<meta property="article:published_time" content="2021-07-02"></head>
<body><article><h1>The Harbour Wakes Up</h1>
<p class="standfirst">After thirty quiet years the cranes move again in the old port.</p>
<p class="byline">By Carl Dent</p><time datetime="2021-07-02">July 2, 2021</time>
<p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p>
<div class="author-bio"><p>Carl Dent is a reporter who writes about ports and lives in Lima.</p></div>
</article></body></html>"""


def words(book):
    """The text of all pages, the contents included, in one line."""
    return " ".join(" ".join(epub.page_text(book.read(name)).split()) for name in book.spine())


def made(t, *args):
    t.ok("-q", "-o", "book.epub", *args)
    t.keep(t.dir / "book.epub")
    return epub.Epub(t.dir / "book.epub")


def overruled(t, name, text, *traces):
    """The guesses that `traces` are signs of are in the book; with options they are not."""
    t.file(name, text)
    guessed = words(made(t, name))
    for trace in traces:
        t.true(trace in guessed, f"without options there is no {trace!r}: {guessed}")
    book = made(t, "--title", "My Own", "--author", "Ann Brown", "--date", "2020-01-01",
                "--standfirst", "A given summary.", name)
    said = words(book)
    for trace in traces:
        t.true(trace not in said, f"{trace!r} is left: {said}")
    t.equal((book.dc("title"), book.dc("creator"), book.dc("date")),
            (["My Own"], ["Ann Brown"], ["2020-01-01"]), "metadata")
    t.true("A given summary." in said, said)
    t.true(said.count("The lake rises") == guessed.count("The lake rises"), said)
    return said


def test_text_overruled(t):
    said = overruled(t, "article.txt", TEXT, "Guessed Title", "By Carl Dent", "2 July 2021")
    t.true("July 2" not in said, said)
    t.true("Carl Dent is a writer in Lima." in said, "a bio is kept with the author it names")


def test_text_standfirst_overruled(t):
    said = overruled(t, "article.txt", "A Lake\n\nHow a town lives by its water\n\nBy Carl Dent\n\n" + PROSE,
                     "How a town lives")
    t.true("Carl Dent" not in said, said)


def test_text_one_line_is_not_lost(t):
    """A text that is nothing but a title is kept: a book needs a text."""
    t.file("line.txt", "Hello to You All\n")
    t.true("Hello to You All" in words(made(t, "--title", "My Own", "line.txt")), "the line is lost")


def test_byline_with_more_words(t):
    """From a line with more text only the overruled names and dates are removed."""
    for line, left in (
            ("By Carl Dent, Staff Writer in Lima | 5 min read", "Staff Writer in Lima | 5 min read"),
            ("By Carl Dent and Eve Fox, Staff Writers | July 2, 2021", "Staff Writers"),
            ("Lima, July 2, 2021 | 5 min read", "Lima, 5 min read")):
        t.file("article.txt", f"A Guessed Title\n\n{line}\n\n{PROSE}\n")
        book = made(t, "--author", "Ann Brown", "--date", "2020", "article.txt")
        chapter = epub.page_text(book.read(book.chapters()[0]), own_words=False)
        first = [text for text in chapter.split("\n") if text.strip()][0].strip()
        t.equal(first, left, f"what is left of {line!r}")


def test_labelled_title_overruled(t):
    t.file("article.txt", f"Title: A Guessed Title\nAuthor: Carl Dent\n\n{PROSE}\n")
    said = words(made(t, "--title", "My Own", "article.txt"))
    t.true("Guessed" not in said, said)


def test_last_byline_overruled(t):
    t.file("article.txt", f"A Title\n\n{PROSE}\n\n{PROSE}\n\nBy Carl Dent\n")
    t.true("Carl Dent" in words(made(t, "article.txt")), "no guess")
    t.true("Carl Dent" not in words(made(t, "--author", "Ann Brown", "article.txt")), "it is left")


def test_markdown_overruled(t):
    said = overruled(t, "article.md", f"# A Guessed Title\n\n*By Carl Dent*\n\nJuly 2, 2021\n\n{PROSE}\n\n"
                     "## Part\n\nMore.\n", "Guessed Title", "Carl Dent", "2 July 2021")
    t.true("July 2" not in said, said)


def test_front_matter_overrules(t):
    t.file("article.md", f"---\ntitle: My Own\nauthor: Ann Brown\ndate: 2020-01-01\n---\n\n"
           f"# A Guessed Title\n\nBy Carl Dent, July 2, 2021\n\n{PROSE}\n")
    said = words(made(t, "article.md"))
    t.true("Guessed" not in said and "Carl Dent" not in said and "July 2" not in said, said)


def test_page_overruled(t):
    said = overruled(t, "page.html", PAGE, "The Harbour Wakes Up", "By Carl Dent", "2 July 2021",
                     "thirty quiet years")
    t.true("Carl Dent is a reporter" in said, "a bio is kept with the author it names")


def test_bio_moves_to_other_spelling(t):
    t.file("article.txt", TEXT.replace("Carl Dent", "José Peña"))
    t.file("page.html", PAGE.replace("Carl Dent", "José Peña"))
    for name in ("article.txt", "page.html"):
        for given in ("Jose PENA", "Peña, José", "José B. Peña"):
            book = made(t, "--author", given, name)
            t.equal(book.dc("creator"), [given], name)
            bios = book.metas("schema:description")
            t.equal([text.split()[:3] for _, text in bios if text], [["José", "Peña", "is"]],
                    f"the bio of {given} in {name}")
            chapters = " ".join(epub.page_text(book.read(c), own_words=False) for c in book.chapters())
            t.true("Peña" not in chapters, f"{name}, {given}: {chapters}")


def test_given_bio_in_page(t):
    """--bio alone belongs to the author that the page names."""
    t.file("page.html", PAGE)
    book = made(t, "--bio", "A given bio.", "page.html")
    t.equal(book.dc("creator"), ["Carl Dent"], "creator")
    t.equal([text for _, text in book.metas("schema:description")], ["A given bio."], "bio")
