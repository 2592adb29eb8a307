"""Looking into an EPUB, with nothing but the standard library: none of chapbook's own code."""

import json
import posixpath
import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
OPS = "{http://www.idpf.org/2007/ops}"


class Epub:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.names = [info.filename for info in self.zip.infolist()]
        container = ET.fromstring(self.read("META-INF/container.xml"))
        self.opf_name = next(e.get("full-path") for e in container.iter()
                             if e.tag.endswith("}rootfile"))
        self.root = posixpath.dirname(self.opf_name)
        self.opf = ET.fromstring(self.read(self.opf_name))
        self.items = {item.get("id"): item for item in self.opf.iter(OPF + "item")}

    def read(self, name):
        return self.zip.read(name)

    def files(self):
        """All entries, as a dictionary from name to bytes."""
        return {name: self.read(name) for name in self.names}

    def path(self, href):
        return posixpath.normpath(posixpath.join(self.root, href))

    def spine(self):
        """Names of the pages, in reading order."""
        return [self.path(self.items[ref.get("idref")].get("href"))
                for ref in self.opf.iter(OPF + "itemref")]

    def chapters(self):
        return [name for name in self.spine() if posixpath.basename(name).startswith("chapter-")]

    def opening(self, chapter=0):
        """The lines that stand over a chapter's text: kicker, title, byline, …"""
        page = ET.fromstring(self.read(self.chapters()[chapter]))
        header = next(page.iter(XHTML + "header"))
        return [" ".join("".join(line.itertext()).split()) for line in header]

    def record(self):
        """The JSON-LD that the package document links to."""
        link = next(e for e in self.opf.iter(OPF + "link") if e.get("rel") == "record")
        return json.loads(self.read(self.path(link.get("href"))))

    def dc(self, name):
        return [e.text for e in self.opf.iter(DC + name)]

    def metas(self, prop):
        """(refines, text) of the package's meta elements with that property."""
        return [(e.get("refines"), e.text) for e in self.opf.iter(OPF + "meta")
                if e.get("property") == prop]

    def toc(self):
        """The nav's contents as (depth, title, href)."""
        nav = next(i for i in self.items.values() if "nav" in (i.get("properties") or "").split())
        page = ET.fromstring(self.read(self.path(nav.get("href"))))
        toc = next(e for e in page.iter(XHTML + "nav") if e.get(OPS + "type") == "toc")
        found = []

        def walk(ol, depth):
            for li in ol.findall(XHTML + "li"):
                a = li.find(XHTML + "a")
                if a is None:
                    a = li.find(XHTML + "span")
                found.append((depth, "".join(a.itertext()).strip(), a.get("href")))
                for inner in li.findall(XHTML + "ol"):
                    walk(inner, depth + 1)
        for ol in toc.findall(XHTML + "ol"):
            walk(ol, 1)
        return found


BLOCKS = {"p", "div", "section", "article", "li", "ol", "ul", "dl", "dt", "dd", "h1", "h2", "h3",
          "h4", "h5", "h6", "figure", "figcaption", "blockquote", "pre", "table", "tr", "td", "th",
          "br", "hr", "aside", "header", "footer", "nav", "caption", "body"}


def list_number(n, kind):
    """How an ordered list of that type counts."""
    if kind in "aA" and 1 <= n <= 26:
        return chr(ord(kind) + n - 1)
    if kind in "iI" and n > 0:
        out = ""
        for value, roman in ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
                             (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
            while n >= value:
                out += roman
                n -= value
        return out if kind == "i" else out.upper()
    return str(n)


# What the book itself says on a page: an article's title and byline, where it was published.
OWN_WORDS = {"opening", "end-matter", "photo-list", "missing-note"}


def page_text(xhtml, numbered=True, own_words=True):
    """The text of a page as somebody sees it: blocks apart, list numbers written out. `own_words`:
    with what the book itself says."""
    body = ET.fromstring(xhtml).find(XHTML + "body")
    out = []
    number = {}
    # Not recursive: pages may be deep.
    stack = [("open", body, None)]
    while stack:
        what, node, parent = stack.pop()
        if what == "text":
            out.append(node)
            continue
        tag = node.tag[len(XHTML):] if node.tag.startswith(XHTML) else node.tag
        if tag in ("script", "style") or \
                not own_words and OWN_WORDS & set(node.get("class", "").split()):
            if node.tail:
                out.append(node.tail)
            continue
        if what == "close":
            if tag in BLOCKS:
                out.append("\n")
            if node.tail and node is not body:
                out.append(node.tail)
            continue
        if tag in BLOCKS:
            out.append("\n")
        if tag == "ol":
            number[id(node)] = int(node.get("start", "1"))
        if tag == "li" and numbered and parent is not None and parent.tag == XHTML + "ol":
            n = int(node.get("value", number[id(parent)]))
            number[id(parent)] = n + 1
            out.append(f"{list_number(n, parent.get('type', '1'))}. ")
        if node.text:
            out.append(node.text)
        stack.append(("close", node, parent))
        for child in reversed(list(node)):
            stack.append(("open", child, node))
    return "".join(out)


# A word: letters and digits of any script; of CJK text, every character.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")


def words(text):
    return WORD.findall(unicodedata.normalize("NFC", text).replace("\u00ad", ""))
