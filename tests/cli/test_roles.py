"""Who did what: the byline names authors, others have lines of their own; identifiers keep their
scheme."""


import epub

BODY = "The lake rises each spring before the ice is gone, and the town has learned to live by it.\n"

PEOPLE = """---
title: A Lake
creator:
- role: author
  text: Ann Brown
- role: translator
  text: Carl Dent
- role: edt
  text: Dora Elm
- {role: nrt, text: Nora Low}
- {role: Illustrator, text: Ida Hill, affiliation: Studio Nine}
- {role: pht, text: Otto Ray}
contributor:
- {role: editor, text: Ed Fox}
- Gus Hill
lang: LANGUAGE
---

"""


def made(t, text, *args):
    t.file("a.md", text + BODY)
    t.ok("-o", "book.epub", *args, "a.md")
    t.keep(t.dir / "book.epub")
    return epub.Epub(t.dir / "book.epub")


def roles(book):
    return {refines[1:]: text for refines, text in book.metas("role")}


def test_roles_on_the_title_page(t):
    book = made(t, PEOPLE.replace("LANGUAGE", "en"))
    t.equal(book.opening(), ["A Lake", "By Ann Brown", "Translated by Carl Dent", "Edited by Dora Elm and Ed Fox",
                               "Illustrated by Ida Hill", "Photographs by Otto Ray"], "title page")
    t.equal(book.dc("creator"), ["Ann Brown", "Carl Dent", "Dora Elm", "Nora Low", "Ida Hill", "Otto Ray"],
            "creators")
    t.equal(book.dc("contributor"), ["Ed Fox", "Gus Hill"], "contributors")
    t.equal(roles(book), {"creator-1": "aut", "creator-2": "trl", "creator-3": "edt", "creator-4": "nrt",
                          "creator-5": "ill", "creator-6": "pht", "contributor-1": "edt", "contributor-2": "ctb"},
            "roles")
    ncx = book.read("EPUB/toc.ncx").decode()
    t.equal(ncx.count("<docAuthor>"), 1, "authors in the NCX")
    t.true("Studio Nine" in epub.page_text(book.read("EPUB/chapter-1.xhtml")), "the affiliation is printed")
    record = book.record()
    t.equal([p["name"] for p in record["author"]], ["Ann Brown"], "authors for machines")
    t.equal([p["name"] for p in record["contributor"]], ["Nora Low", "Otto Ray", "Gus Hill"], "contributors")


def test_roles_in_other_languages(t):
    for language, lines in (
            ("de", ["Von Ann Brown", "Übersetzt von Carl Dent", "Herausgegeben von Dora Elm und Ed Fox"]),
            ("zh", ["Ann Brown 著", "Carl Dent 译", "Dora Elm和Ed Fox 编"]),
            ("ru", ["Ann Brown", "Перевод: Carl Dent", "Редактура: Dora Elm и Ed Fox"])):
        book = made(t, PEOPLE.replace("LANGUAGE", language))
        t.equal(book.opening()[1:4], lines, language)


def test_no_author_no_byline(t):
    book = made(t, "---\ntitle: T\nauthor: {name: Carl Dent, role: trl}\nlang: en\n---\n\n")
    t.equal(book.opening(), ["T", "Translated by Carl Dent"], "title page")


def test_one_person_in_two_roles(t):
    book = made(t, "---\ntitle: T\nauthor:\n- Ann Brown\n- {name: Ann Brown, role: ill}\nlang: en\n---\n\n")
    t.equal(book.opening(), ["T", "By Ann Brown", "Illustrated by Ann Brown"], "title page")
    t.equal(roles(book), {"creator-1": "aut", "creator-2": "ill"}, "roles")


def test_unknown_role(t):
    t.file("a.md", BODY)
    result = t.chapbook("--author", "Ann", "--author-role", "boss", "a.md")
    t.equal(result.status, 2, "status")
    t.true(b"boss" in result.err and b"MARC relator" in result.err, result)


def types(book):
    return {refines[1:]: text for refines, text in book.metas("identifier-type")}


def test_identifiers(t):
    for value, printed, code in (
            ("9787580802651", "urn:isbn:9787580802651", "15"),
            ("{scheme: ISBN-13, text: 978-7-5808-0265-1}", "urn:isbn:9787580802651", "15"),
            ("{scheme: isbn, text: 0-306-40615-2}", "urn:isbn:0306406152", "02"),
            ("ISBN 0-8044-2957-X", "urn:isbn:080442957X", "02"),
            ("urn:isbn:9780306406157", "urn:isbn:9780306406157", "15"),
            ("{scheme: DOI, text: 'doi:10.234234.234/33'}", "doi:10.234234.234/33", "06"),
            ("10.1000/182", "10.1000/182", "06"),
            ("{scheme: OCLC, text: '12345'}", "12345", "23"),
            ("{scheme: House number, text: B-7}", "B-7", "House number"),
            ("9787580802650", "9787580802650", None),
            ("urn:x:y", "urn:x:y", None)):
        book = made(t, f"---\ntitle: T\nidentifier: {value}\n---\n\n")
        t.equal(book.dc("identifier"), [printed], value)
        t.equal(types(book), {"book-identifier": code} if code else {}, f"type of {value}")
        t.true(f'content="{printed}"' in book.read("EPUB/toc.ncx").decode(), "the NCX says the same")


def test_second_identifier(t):
    book = made(t, "---\ntitle: T\nisbn: 9787580802651\ndoi: 10.1000/182\n---\n\n")
    t.equal(book.dc("identifier"), ["urn:isbn:9787580802651", "10.1000/182"], "identifiers")
    t.equal(types(book), {"book-identifier": "15", "identifier-2": "06"}, "types")


def test_wrong_isbn(t):
    result = t.chapbook("--identifier", "ISBN 9787580802650", t.file("a.md", BODY))
    t.equal(result.status, 2, "status")
    t.true(b"check digit" in result.err, result)
