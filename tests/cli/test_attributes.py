"""XML that libxml2 must not be given: it compares each attribute of an element with all others, and
looks for a namespace in all that are in scope."""

import re
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


def declare(names):
    return "".join(f'<!ENTITY a{n} "x">' for n in range(names))


def hostile(prolog, root, start, end):
    """(kind, bytes) of documents: `start` is the rest of the root's start tag and what follows it, `end` its end tag."""
    many = f"<{root} {MANY} {start}{end}"
    def doctype(subset, content=""):
        return f"{prolog}<!DOCTYPE {root} [{subset}]><{root}{start}{content}{end}"
    yield "attributes", prolog + many
    yield "comment", f'{prolog}<!DOCTYPE {root} [<!ENTITY e "<!--">]>{many}'
    yield "entity", doctype(f'<!ENTITY e "&#60;b {MANY}/>">', "&e;")
    yield "entities with markup", doctype("".join(f'<!ENTITY e{n} "&#x3c;b/>">' for n in range(100)), "&e1;" * 1000)
    yield "parameter entities", doctype("".join(f'<!ENTITY % e{n} "&#60;!ATTLIST b a{n} CDATA \'x\'>"> %e{n};'
                                                for n in range(100)))
    yield "one ATTLIST", doctype(f"<!ATTLIST {root} " + MANY.replace("=", " CDATA ") + ">")
    yield "many ATTLIST", doctype("".join(f"<!ATTLIST {root} a{n} CDATA ''>" for n in range(30000)))
    yield "entities", doctype(declare(100000))
    yield "growing entity", doctype(f'<!ENTITY e "{"x" * 50000}">', "&e;" * 50000)
    nested = "".join("<b " + " ".join(f"xmlns:c{d}x{n}='u'" for n in range(60)) + ">" for d in range(200))
    yield "namespaces", f"{prolog}<{root}{start}{nested}{'<b/>' * 200000}{'</b>' * 200}{end}"
    def declared(encoding):
        return f'<?xml version="1.0" encoding="{encoding}"?>'
    yield "UTF-16", (declared("UTF-16") + many.replace(">", " q\u2c22=''>", 1)).encode("utf-16")
    yield "UTF-7", declared("UTF-7") + many.replace("=", "+AD0-")
    yield "EBCDIC", (declared("IBM037") + many).encode("cp037", "replace")


def test_xml_limits_of_drawings(t):
    """A drawing is left out, and the book names the reason."""
    start = " xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/>"
    t.file("page.html", page('<img src="many.svg" alt="A drawing">'))
    for kind, content in hostile("", "svg", start, "</svg>"):
        t.file("many.svg", content)
        result = t.ok("-o", "book.epub", "page.html", cpu=CPU)
        t.true(b"many.svg was left out" in result.err, f"{kind}: {result.err[-300:]}")
        if kind not in ("growing entity", "UTF-16", "EBCDIC"):
            t.true(b"[image-limit]" in result.err, f"{kind}: {result.err[-300:]}")
        t.ok("check", "-q", "book.epub")


def test_xml_limits_of_pages(t):
    """A page of XHTML is read by the rules of HTML."""
    start = (f" xmlns='http://www.w3.org/1999/xhtml'><head><title>Ferry</title></head><body><h1>Ferry</h1><p>{TEXT}</p>")
    for kind, content in hostile("", "html", start, "</body></html>"):
        if isinstance(content, bytes) or kind == "UTF-7":
            continue  # it is converted before it is parsed
        t.file("page.xhtml", content)
        result = t.ok("-o", "book.epub", "page.xhtml", cpu=CPU)
        t.true(b"[xml-limit]" in result.err, f"{kind}: {result.err[-300:]}")
        t.ok("check", "-q", "book.epub")


def rewrite(t, name, content):
    with zipfile.ZipFile(t.dir / "good.epub") as good, zipfile.ZipFile(t.dir / "bad.epub", "w") as bad:
        for entry in good.infolist():
            bad.writestr(entry, content if entry.filename == name else good.read(entry))


def test_xml_limits_of_books(t):
    """What is not examined is not said to be valid, nor shown as if it were all there."""
    t.file("article.md", f"# Ferry\n\n{TEXT}\n")
    t.ok("-o", "good.epub", "article.md")
    for name, root in (("EPUB/package.opf", "package"), ("EPUB/chapter-1.xhtml", "html"),
                       ("EPUB/toc.ncx", "ncx"), ("EPUB/nav.xhtml", "html"), ("META-INF/container.xml", "container")):
        with zipfile.ZipFile(t.dir / "good.epub") as good:
            text = re.sub(r"<!DOCTYPE[^>]*>\s*", "", good.read(name).decode())
        prolog, _, rest = text.partition("<" + root)
        end = "</body></html>" if root == "html" else f"</{root}>"
        start = rest[:rest.rindex("</body>" if root == "html" else end)]
        rewrite(t, name, prolog + "<" + root + start + end)
        t.ok("check", "-q", "bad.epub")
        for kind, content in hostile(prolog, root, start, end):
            rewrite(t, name, content)
            result = t.chapbook("check", "bad.epub", cpu=CPU)
            t.equal(result.status, 1, f"{name}, {kind}\n{result.out[-500:]}")
            t.true(b"[xml-limit]" in result.out, f"{name}, {kind}: {result.out[-500:]}")
            result = t.chapbook("info", "bad.epub", cpu=CPU)
            if name not in ("EPUB/chapter-1.xhtml", "EPUB/toc.ncx"):  # info does not read these
                t.equal(result.status, 1, f"info: {name}, {kind}\n{result.out[-500:]}")
                t.true(b"exceeds a limit" in result.err, f"info: {name}, {kind}\n{result.err[-500:]}")
