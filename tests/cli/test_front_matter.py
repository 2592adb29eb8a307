"""Metadata at the start of a text, in every form that people have it in. None of it becomes text of the
book; what is not understood is named, with its line."""

import epub

BODY = "The lake rises each spring before the ice is gone, and the town has learned to live by it.\n"

FORMS = {
    "yaml": """---
# a comment
title: "Bees: A Life"
authors:
  - Ann Brown
  - name: Carl Dent
    bio: |
      Carl *writes*.

      And sails.
    url: https://example.org/carl
    affiliation: [Bee House, Lima]
date: 2021-07-02
tags: [bees, "wax, honey"]
lang: en
---
""",
    "toml": """+++
# a comment
title = 'Bees: A Life'
date = 2021-07-02T10:00:00Z
tags = ["bees", # why not
  "wax, honey",
]
lang = "en"

[[authors]]
name = "Ann Brown"

[[authors]]
name = "Carl Dent"
bio = \"\"\"
Carl *writes*.

And sails.\"\"\"
url = "https://example.org/carl"
affiliation = ["Bee House", "Lima"]
+++
""",
    "json": """{
  "title": "Bees: A Life",
  "authors": ["Ann Brown", {"name": "Carl Dent", "bio": "Carl *writes*.\\n\\nAnd sails.",
    "url": "https://example.org/carl", "affiliation": ["Bee House", "Lima"]}],
  "date": "2021-07-02",
  "tags": ["bees", "wax, honey"],
  "lang": "en"
}
""",
}


def made(t, *args, keep=True):
    t.ok("-o", "book.epub", *args)
    if keep:
        t.keep(t.dir / "book.epub")
    return epub.Epub(t.dir / "book.epub")


def chapter(book):
    pages = " ".join(epub.page_text(book.read(name), own_words=False) for name in book.chapters())
    return " ".join([book.dc("title")[0], *pages.split()])


def case(form, change, name):
    def run(t):
        t.file(name, change(FORMS[form] + "\n" + BODY))
        book = made(t, name)
        t.equal(book.dc("title"), ["Bees: A Life"], "title")
        t.equal(book.dc("creator"), ["Ann Brown", "Carl Dent"], "creators")
        t.true(book.dc("date")[0].startswith("2021-07-02"), book.dc("date"))
        t.equal([word for item in book.dc("subject") for word in item.split(", ")], ["bees", "wax", "honey"],
                "subjects")
        t.equal([text for _, text in book.metas("schema:description")], ["Carl writes.\n\nAnd sails."], "bio")
        t.equal([text for _, text in book.metas("schema:affiliation")], ["Bee House, Lima"], "affiliation")
        t.equal(chapter(book), "Bees: A Life " + BODY.strip(), "the text")
    return run


def test_forms(t):
    changes = {"": lambda text: text, "-crlf": lambda text: text.replace("\n", "\r\n"),
               "-bom": lambda text: "\ufeff" + text}
    for form in FORMS:
        for name, change in changes.items():
            for file in ("a.md", "a.txt"):
                case(form, change, f"{form}{name}-{file}")(t)


def test_title_block(t):
    t.file("a.md", "% A long\n  title\n% Ann Brown; Carl Dent\n  Eve Fox\n% 2 July 2021\n\n" + BODY)
    book = made(t, "a.md")
    t.equal((book.dc("title"), book.dc("creator"), book.dc("date")),
            (["A long title"], ["Ann Brown", "Carl Dent", "Eve Fox"], ["2021-07-02"]), "title block")
    t.equal(chapter(book), "A long title " + BODY.strip(), "the text")
    t.file("b.md", "%\n% Ann Brown\n\n" + BODY)
    t.equal(made(t, "b.md").dc("creator"), ["Ann Brown"], "a block without a title")
    t.file("c.md", "100 % of it\n\n" + BODY)
    t.true("100 % of it" in chapter(made(t, "c.md")), "no title block")


def test_multimarkdown_lines(t):
    t.file("a.md", "Title: Bees\n  and wax\nAuthor: Ann Brown; Carl Dent\nDate: 2010-12-03 10:20\n"
           "Tags: a, b\nSlug: bees\nBase Header Level: 2\n\n" + BODY)
    result = t.ok("-o", "a.epub", "a.md")
    book = epub.Epub(t.dir / "a.epub")
    t.equal((book.dc("title"), book.dc("creator"), book.dc("date"), book.dc("subject")),
            (["Bees and wax"], ["Ann Brown", "Carl Dent"], ["2010-12-03"], ["a", "b"]), "metadata")
    t.equal(chapter(book), "Bees and wax " + BODY.strip(), "the text")
    t.equal(result.err, b"", "keys of other programs are no news")


def test_prose_with_colons_is_kept(t):
    """What looks like metadata, but is text, is not lost."""
    for text in ("Note: something is wrong here.\n\n" + BODY,
                 "Summary: the lake rises.\n\n" + BODY,
                 "Date: the day on which we met.\n\n" + BODY,
                 "Title: Bees\nand this line is prose.\n\n" + BODY,
                 "{\"Yes\", he said.}\n\n" + BODY,
                 "---\n\nA rule first.\n\n---\n\n" + BODY,
                 "+++ three pluses\n\n" + BODY):
        t.file("a.md", text)
        said = chapter(made(t, "--title", "Given", "a.md", keep=False))
        for word in ("something", "Summary", "day", "prose", "Yes", "rule", "pluses"):
            t.true(word not in text or word in said, f"{word!r} of {text!r} is lost: {said}")


def test_unknown_keys_are_named(t):
    for text, line in (("---\ntitle: x\nautor: Ann\n---\n\n", 3), ("+++\ntitle = 'x'\nautor = 'Ann'\n+++\n\n", 3),
                       ("{\n\"title\": \"x\",\n\"autor\": \"Ann\"\n}\n\n", 3), ("Title: x\nAutor: Ann\n\n", 2),
                       ("---\ntitle: x\nextra:\n  autor: {a: [1]}\n---\n\n", 3)):
        t.file("a.md", text + BODY)
        err = t.ok("-o", "book.epub", "a.md").err.decode()
        name = "extra" if "extra" in text else "Autor" if "Autor" in text else "autor"
        t.true(f"a.md:{line}: " in err and f'"{name}"' in err, f"{text!r}: {err}")
        t.equal(chapter(epub.Epub(t.dir / "book.epub")), "x " + BODY.strip(), "the text")


def test_values_that_are_wrong_are_named(t):
    for key, value, said in (("date", "someday", "a date"), ("lang", "english!", "a language tag"),
                             ("direction", "up", "ltr"), ("series-index", "two", "a number"),
                             ("author-role", "boss", "MARC relator"), ("title", "[a: b]", "map"),
                             ("isbn", "9787580802650", "check digit"),
                             ("author", "{role: boss, name: Ann}", "boss"),
                             ("author", "{bio: of nobody}", "without a name")):
        t.file("a.md", f"---\npublisher: P\n{key}: {value}\n---\n\n" + BODY)
        err = t.ok("-o", "book.epub", "a.md").err.decode()
        t.true("a.md:3: warning: " in err and said in err, f"{key}: {value}: {err}")
        t.keep(t.dir / "book.epub")


def test_unclosed_block_is_reported(t):
    for text in ("---\ntitle: Bees\n\n", "+++\ntitle = \"Bees\"\n\n"):
        t.file("a.md", text + BODY)
        result = t.ok("-o", "book.epub", "a.md")
        t.true(b"a.md:1: warning: " in result.err and text[:3].encode() in result.err, result)
        said = chapter(epub.Epub(t.dir / "book.epub"))
        t.true("Bees" in said and "The lake rises" in said, f"lines are lost: {said}")


def test_syntax_errors_name_the_line(t):
    for text, line in (("---\ntitle: [x\n---\n\n", 3), ("+++\ntitle = x\n+++\n\n", 2),
                       ("{\"title\": \"x\",\n}\n\n", 2)):
        t.file("a.md", text + BODY)
        result = t.chapbook("-o", "book.epub", "a.md")
        t.equal(result.status, 1, f"status of {text!r}")
        t.true(f"a.md:{line}: metadata: ".encode() in result.err, result)


def test_metadata_files(t):
    """Metadata files in TOML and JSON, told by their names."""
    t.file("a.md", BODY)
    t.file("m.toml", "title = 'From TOML'\n")
    t.file("m.json", '{"title": "From JSON"}')
    t.file("m.yaml", "title: From YAML\n")
    for name in ("TOML", "JSON", "YAML"):
        book = made(t, "--metadata-file", f"m.{name.lower()}", "a.md", keep=False)
        t.equal(book.dc("title"), [f"From {name}"], name)


def test_bio_of_another_spelling(t):
    """Front matter about an author whom an option spells differently."""
    t.file("a.md", "---\nauthor: {name: Ann B. Brown, bio: Ann keeps bees.}\n---\n\n" + BODY)
    book = made(t, "--author", "Brown, Ann", "a.md")
    t.equal(book.dc("creator"), ["Brown, Ann"], "creator")
    t.equal([text for _, text in book.metas("schema:description")], ["Ann keeps bees."], "bio")
