"""Elements with very many attributes: libxml2 compares each with all others."""

import zipfile

import harness

MANY = " ".join(f"data-a{n}=''" for n in range(100000))
SPACES = " ".join(f"xmlns:a{n}='urn:{n}'" for n in range(30000))
TEXT = "The ferry has crossed the harbour for more than a hundred years, in rain and in snow. " * 8
CPU = 10  # seconds; without a limit they take minutes


def page(body):
    return f"<!DOCTYPE html><html lang=en><body><article><h1>Ferry</h1><p>{TEXT}</p>{body}</article></body></html>"


def test_attributes_of_articles(t):
    for attributes in (MANY, SPACES):
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' {attributes}><rect width='9' height='9'/></svg>"
        t.file("many.svg", svg)
        for name, content in (("inline.html", page(svg)), ("file.html", page('<img src="many.svg" alt="A drawing">')),
                              ("p.html", page(f"<p {attributes}>A paragraph.</p>")),
                              ("page.xhtml", f"<html xmlns='http://www.w3.org/1999/xhtml' {attributes}><head><title>Ferry"
                                             f"</title></head><body><h1>Ferry</h1><p>{TEXT}</p></body></html>"),
                              ("raw.md", f"# Ferry\n\n{TEXT}\n\n<p {attributes}>A paragraph.</p>\n"),
                              ("file.md", f"# Ferry\n\n{TEXT}\n\n![A drawing](many.svg)\n")):
            t.file(name, content)
            t.ok("-o", "book.epub", name, cpu=CPU)
            t.ok("check", "-q", "book.epub")


def test_attributes_of_books(t):
    """What is not examined is not said to be valid."""
    t.file("article.md", f"# Ferry\n\n{TEXT}\n")
    t.ok("-o", "good.epub", "article.md")
    for name, tag in (("EPUB/package.opf", b"<metadata "), ("EPUB/chapter-1.xhtml", b"<section "),
                      ("EPUB/toc.ncx", b"<navMap"), ("META-INF/container.xml", b"<rootfiles")):
        with zipfile.ZipFile(t.dir / "good.epub") as good, zipfile.ZipFile(t.dir / "bad.epub", "w") as bad:
            for entry in good.infolist():
                data = good.read(entry)
                if entry.filename == name:
                    t.true(tag in data, f"{name} has no {tag}")
                    data = data.replace(tag, tag.rstrip() + b" " + MANY.encode() + b" ", 1)
                bad.writestr(entry, data)
        result = t.chapbook("check", "bad.epub", cpu=CPU)
        t.equal(result.status, 1, f"{name}\n{result.out[-500:]}")
        t.true(b"more than 1000 attributes" in result.out, f"{name}: {result.out[-500:]}")
        t.chapbook("info", "bad.epub", cpu=CPU)
