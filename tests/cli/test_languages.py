"""A language tag means the same through every door: option, front matter, page, XHTML."""

import epub

# what is given, as dc:language has it, whether it is written from right to left
TAGS = [
    ("iw", "he", True), ("AR", "ar", True), ("nqo", "nqo", True), ("PA-ARAB", "pa-Arab", True),
    ("syr", "syr", True), ("he-Latn", "he-Latn", False), ("pa", "pa", False), ("ji", "yi", True),
    ("fa_IR", "fa-IR", True), ("ku-Arab", "ku-Arab", True), ("uz", "uz", False),
    ("ZH-hant-tw", "zh-Hant-TW", False), ("in", "id", False), ("ger", "de", False),
    ("az-Arab", "az-Arab", True), ("dv", "dv", True), ("ps", "ps", True), ("EN-us", "en-US", False),
    ("zh-yue", "yue", False), ("ckb-iq", "ckb-IQ", True),
]
PARAGRAPH = "Lake Orrin was open at dawn, and the boats were out before the bells had rung. " * 8


SHORT = "Lake Orrin was open at dawn, and the boats were out."  # too short to contradict a language


def doors(t, tag):
    text = f"A Lake at Dawn\n\n{SHORT}\n"
    page = f"<title>A Lake at Dawn</title><body><article><h1>A Lake at Dawn</h1><p>{SHORT}</p>"
    yield "--lang", t.file("option.txt", text), ["--lang", tag]
    yield "Markdown", t.file("front.md", f"---\nlang: {tag}\n---\n# {text}"), []
    yield "HTML", t.file("page.html", f'<!DOCTYPE html><html lang="{tag}">{page}</article>'), []
    yield "XHTML", t.file("page.xhtml", '<html xmlns="http://www.w3.org/1999/xhtml" '
                          f'xml:lang="{tag}"><head><title>A Lake at Dawn</title></head><body>'
                          f"<h1>A Lake at Dawn</h1><p>{SHORT}</p></body></html>"), []


def test_languages(t):
    for tag, normal, rtl in TAGS:
        for door, path, options in doors(t, tag):
            t.ok("-q", "-o", "book.epub", *options, path)
            book = epub.Epub(t.dir / "book.epub")
            t.equal(book.dc("language"), [normal], f"{tag} by {door}")
            page = book.read(book.chapters()[0]).decode()
            page = page[page.index("<html"):]
            page = page[:page.index(">")]
            t.true(f'xml:lang="{normal}"' in page, f"{tag} by {door}: {page}")
            t.true(f'dir="{"rtl" if rtl else "ltr"}"' in page, f"{tag} by {door}: {page}")
            t.equal(b'page-progression-direction="rtl"' in book.read(book.opf_name), rtl,
                    f"{tag} by {door}")
        t.keep(t.dir / "book.epub")


ZULU = ("Umphathi wesikhungo uthe bazoqhubeka nokusiza abantu abahlala emigwaqweni ngoba bayizingane "
        "zabantu futhi badinga usizo olukhulu kulesi sikhathi esinzima kakhulu emphakathini wethu. "
        "Abafundi baya esikoleni ekuseni, bese bebuyela emakhaya ntambama lapho ilanga selishona. ")
RUSSIAN = "Утром лодки вышли из гавани, и рыбаки долго смотрели на воду, потому что ветер был сильный. "


def test_contradicted_language(t):
    """A language that the text cannot be in is replaced; the option's is not, nor that of lists."""
    names = "".join(f"<li>Nr. {i} Kowalski, Jan</li>" for i in range(60))
    for name, lang, body, options, expected in (
            ("zulu", "en", f"<p>{ZULU * 5}</p>", [], ("zu", "und")),
            ("russian", "en-GB", f"<p>{RUSSIAN * 5}</p>", [], ("ru",)),
            ("option", "de", f"<p>{ZULU * 5}</p>", ["--lang", "en"], ("en",)),
            ("right", "en", f"<p>{PARAGRAPH * 3}</p>", [], ("en",)),
            ("short", "en", f"<p>{ZULU}</p>", [], ("en",)),
            ("names", "pl", f"<ul>{names}</ul><p>To jest lista osób, które były na spotkaniu.</p>", [], ("pl",))):
        t.file("page.html", f'<!DOCTYPE html><html lang="{lang}"><meta charset="utf-8"><title>A Page'
               f"</title><body><article><h1>A Page</h1>{body}</article></body></html>")
        result = t.ok("--force", "-o", "book.epub", *options, "page.html")
        got = epub.Epub(t.dir / "book.epub").dc("language")
        t.true(len(got) == 1 and got[0] in expected, f"{name}: {got}")
        t.equal(b"[language-contradicted]" in result.err, name in ("zulu", "russian"), name)
