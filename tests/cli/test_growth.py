"""Hostile inputs cost no more than their size warrants: each pattern at n and at 4n bytes.

CPU time is measured first, since it is cheap. What looks suspicious is counted again in
instructions by callgrind, which no load on the machine disturbs: only that count fails a test.
SLOW=1 measures larger inputs. An input may be refused, if that is said."""

import math
import re

import harness

SIZE = 200_000 if harness.SLOW else 50_000
MAX_EXPONENT = 1.2
SUSPICIOUS = 5.0   # times as long for four times as much
TOO_SHORT = 0.1    # seconds: such a run shows nothing


def repeat(piece, before="", after=""):
    return lambda n: before + piece * (n // len(piece)) + after


def numbered(piece, before="", after=""):
    """`piece` has one %d."""
    return lambda n: before + "".join(piece % i for i in range(n // len(piece))) + after


def halves(first, second):
    return lambda n: first * (n // 2 // len(first)) + second * (n // 2 // len(second))


PAGE = "<!DOCTYPE html><title>A page</title><article><p>Some words stand here, and more of them.</p>"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>"
TEXT = "A Title Here\n\nBy Ann Brown\n\n"

MARKDOWN = {
    "open-brackets": repeat("["),
    "brackets": halves("[", "]"),
    "links": repeat("[a](b"),
    "images": halves("![", "]"),
    "nested-images": repeat("![[]()"),
    "emphasis": repeat("*a **a _a "),
    "emphasis-runs": repeat("*a_"),
    "underscores": repeat("_"),
    "strikethrough": repeat("~~a~"),
    "backticks": lambda n: "".join("a" + "`" * i for i in range(1, int(math.sqrt(2 * n)))),
    "notes-unresolved": repeat("*[^a]"),
    "notes": numbered("[^%d] x\n\n"),
    "notes-defined": numbered("x[^%d]\n\n[^1]: y\n\n"),
    "note-uses": repeat("[^a] ", after="\n\n[^a]: note\n"),
    "addresses-closing": repeat(")", "http://a.b/"),
    "addresses-angle": repeat("http://a.b/<"),
    "addresses-www": repeat("_www."),
    "addresses-mail": repeat("aa@b.c"),
    "addresses-mail-words": repeat("a@b.c "),
    "lines-then-table": repeat("x\n", after="|-|\n"),
    "lines-then-bare-table": repeat("x\n", after=":-\n"),
    "table-columns": lambda n: "|" * (n // 3) + "\n" + "|-" * (n // 3) + "|\n",
    "table-wide-row": repeat("|", "|a|\n|-|\n"),
    "table-missing-cells": lambda n: "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "x\n" * (n // 2),
    "table-delimiters": repeat("a|b\n-|-\n"),
    "references": lambda n: f"[a]: /{'u' * (n // 2)}\n\n" + "[a]" * (n // 6),
    "reference-definitions": numbered("[r%d]: /u\n", after="\n[r1] [r2]"),
    "reference-uses": repeat("[a] ", "[a]: /u\n\n"),
    "processing-instructions": repeat("a<?"),
    "declarations": repeat("a<!A"),
    "cdata": repeat("a<![CDATA["),
    "comments": repeat("a<!--"),
    "tags-unclosed": repeat("<a "),
    "raw-open": repeat("<b>\n\n"),
    "raw-attributes": numbered(" a%d=b", "<div", ">x</div>\n"),
    "entities": repeat("&amp;&#65;&x"),
    "quotes-deep": repeat(">"),
    "quotes-steps": lambda n: "".join("> " * i + "a\n" for i in range(int(math.sqrt(n)))),
    "lists-deep": lambda n: "".join("  " * i + "* a\n" for i in range(int(math.sqrt(n)))),
    "list-markers": repeat("- ", after="x"),
    "headings": repeat("# a\n\nb\n\n"),
    "same-headings": repeat("# \n#a\n# a\n"),
    "front-matter": numbered("a%d: b\n", "---\n", "---\n\ntext\n"),
    "front-matter-deep": repeat("[", "---\na: ", "\n---\n\ntext\n"),
    "front-matter-authors": numbered("- A%d\n", "---\nauthor:\n", "---\n\ntext\n"),
    "figures": numbered("![a](i%d.png)\n\n*b*\n\n"),
}
PAGES = {
    "paragraphs": repeat("<p>x</p>", PAGE),
    "divs-deep": repeat("<div>", PAGE),
    "formatting": repeat("<b><i>x<p>", PAGE),
    "links-open": repeat("<a href=x>y", PAGE),
    "tables-deep": repeat("<table><tr><td>", PAGE),
    "ends-alone": repeat("</p></b>", PAGE),
    "select": repeat("<select><option>", PAGE),
    "attributes": numbered(" a%d=b", PAGE + "<p", ">x</p>"),
    "attributes-same": repeat(" a=b", PAGE + "<p", ">x</p>"),
    "svg-attributes": numbered(" a%d='b'", PAGE + "<svg", "><rect width='9' height='9'/></svg>"),
    "svg-style": numbered(".a%d{fill:red}", PAGE + SVG + "<style>", "</style></svg>"),
    "svg-groups": repeat("<g>", PAGE + SVG),
    "style": repeat("a{b:c", PAGE + "<style>", "</style>"),
    "inline-style": repeat("a:b;", PAGE + "<p style='", "'>x</p>"),
    "headings": numbered("<h2>Part %d</h2><p>x</p>", PAGE),
    "ids": numbered("<p id=a%d>x</p>", PAGE),
    "links-to-ids": numbered("<a href='#b%d'>x</a>", PAGE),
    "notes": numbered("<sup><a href='#n%d'>1</a></sup>", PAGE),
    "comments": repeat("<!--", PAGE),
    "scripts": repeat("<script><!--", PAGE),
    "json-ld": repeat("[", "<script type='application/ld+json'>", "</script>" + PAGE),
    "references": repeat("&amp;&x;&#1;", PAGE),
    "images": numbered("<img src='i%d.png' alt='b'>", PAGE),
    "figures": numbered("<figure><img src='i%d.png'><figcaption>b</figcaption></figure>", PAGE),
    "ruby": repeat("<ruby><rt>", PAGE),
    "math": repeat("<math><mi>", PAGE),
    "meta": numbered("<meta name=author content='Ann %d Brown'>", "<head>", PAGE),
}
TEXTS = {
    "paragraphs": repeat("x\n\n", TEXT),
    "lines": repeat("x\n", TEXT),
    "spaces": repeat(" ", TEXT, "x"),
    "headings": numbered("Chapter %d\n\nText.\n\n", TEXT),
    "captions": numbered("[Photo: A lamp, no. %d. Credit: B]\n\n", TEXT),
    "bullets": repeat("- a\n", TEXT),
    "nested": lambda n: TEXT + "".join(" " * i + "- a\n" for i in range(int(math.sqrt(2 * n)))),
    "quotes": repeat("> a\n", TEXT),
    "notes": numbered("word[%d] ", TEXT),
    "bylines": repeat("By Ann Brown and Carl Dent\n\n"),
    "addresses": repeat("http://a.b/(", TEXT),
    "stars": repeat("*a _b ", TEXT),
}
METADATA = {
    "keys": numbered("key%d: value\n"),
    "subjects": numbered("- s%d\n", "subject:\n"),
    "braces": repeat("{a: ", "title: "),
    "anchors": numbered("a%d: &b x\n"),
}
TEMPLATES = {
    "open": repeat("{{"),
    "sections": numbered("{{#title}}x%d"),
    "sections-closed": repeat("{{#title}}x{{/title}}"),
}
SHEETS = {
    "braces": repeat("a{"),
    "comments": repeat("/*"),
    "imports": numbered("@import 'a%d.css';"),
}


def instructions(t, command):
    result = t.run([harness.need_tool("valgrind"), "--tool=callgrind",
                    "--callgrind-out-file=/dev/null", *command], cpu=600)
    return int(re.search(rb"Collected : (\d+)", result.err).group(1))


def grows(make, suffix, options):
    def run(t):
        if harness.SANITIZED or harness.WRAP:
            raise harness.NotMeant()
        t.file("article.md", "# Title\n\nSome text.\n")
        commands, times = [], []
        for size in (SIZE, 4 * SIZE):
            path = t.file(f"{size}{suffix}", make(size))
            command = [harness.CHAPBOOK, "-q", "-j", "1", "--cover", "none", *options(path)]
            result = t.run(command)
            t.true(result.status in (0, 1, 2), f"a book or an error\n{result}")
            t.equal(result.status != 0, result.err != b"", "an error is reported")
            commands.append(command)
            times.append(result.cpu)
        if times[1] < TOO_SHORT or times[1] < SUSPICIOUS * times[0]:
            return
        counts = [instructions(t, command) for command in commands]
        exponent = math.log(counts[1] / counts[0], 4)
        t.true(exponent <= MAX_EXPONENT,
               f"{counts[0]} instructions for {SIZE} bytes, {counts[1]} for {4 * SIZE}: "
               f"exponent {exponent:.2f}")
    return run


def cases():
    def book(path):
        return ["-o", "book.epub", path]

    def with_option(option):
        return lambda path: ["-o", "book.epub", option, path, "article.md"]

    def with_template(path):
        folder = path.with_suffix("")
        folder.mkdir(exist_ok=True)
        (folder / "chapter.xhtml").write_bytes(path.read_bytes())
        return ["-o", "book.epub", "--template-dir", folder, "article.md"]

    kinds = (("markdown", MARKDOWN, ".md", book), ("page", PAGES, ".html", book),
             ("text", TEXTS, ".txt", book),
             ("metadata", METADATA, ".yaml", with_option("--metadata-file")),
             ("template", TEMPLATES, ".template", with_template),
             ("css", SHEETS, ".css", with_option("--css")))
    return [(f"{kind}-{name}", grows(make, suffix, options))
            for kind, patterns, suffix, options in kinds for name, make in patterns.items()]
