"""Texts of any size, made of a small vocabulary of our own; always the same ones."""

import random

WORDS = """the a of and to in was it that his her with for on as had at by from they were which one
all not but be when this or an there so what who would if about out into up time year people way
day man thing woman life child world school state family student group country problem hand part
place case week company system program question work government number night point home water room
mother area money story fact month lot right study book eye job word business issue side kind head
house service friend father power hour game line end member law car city community name president
team minute idea body information back parent face others level office door health person art war
history party result change morning reason research girl guy moment air teacher force education
lake boat lamp harbour river stone winter ice notebook baker pencil bell step shore fog wave ridge
quiet narrow early late grey cold deep plain slow careful ordinary patient long small old new""".split()

# What every second word of English is.
FUNCTION_WORDS = """the the the of of and and to in in a a is that was it for on as with he his her at by
from they which had be but were""".split()


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def sentence(self):
        r = self.random
        words = [r.choice(r.choice((WORDS, FUNCTION_WORDS))) for _ in range(r.randint(6, 22))]
        if len(words) > 12:
            words[len(words) // 2] += ","
        return " ".join(words).capitalize() + r.choice(["."] * 8 + ["?", "!"])

    def paragraph(self, markdown=False):
        sentences = [self.sentence() for _ in range(self.random.randint(3, 7))]
        if markdown and self.random.random() < 0.3:
            words = sentences[0].split(" ")
            words[1] = f"*{words[1]}*"
            words[-2] = f"**{words[-2]}**"
            sentences[0] = " ".join(words)
        return " ".join(sentences)

    def heading(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randint(2, 6))).capitalize()


def markdown_book(size, chapter_size=7300):
    """A Markdown book of about `size` bytes: chapters with sections, lists, quotes, tables."""
    w = Writer("book")
    out = ["---\ntitle: A Long Book\nauthor: Ann Brown\nlang: en\n---\n"]
    total = 0
    while total < size:
        chapter = [f"# {w.heading()}\n"]
        length = 0
        while length < chapter_size:
            kind = w.random.random()
            if kind < 0.05:
                block = f"## {w.heading()}\n"
            elif kind < 0.09:
                block = "\n".join(f"- {w.sentence()}" for _ in range(4)) + "\n"
            elif kind < 0.12:
                block = f"> {w.paragraph()}\n"
            elif kind < 0.13:
                block = "| a | b |\n|---|---|\n" + "\n".join(
                    f"| {w.heading()} | {w.heading()} |" for _ in range(3)) + "\n"
            else:
                block = w.paragraph(markdown=True) + "\n"
            chapter.append(block)
            length += len(block) + 1
        out.extend(chapter)
        total += length
    return "\n".join(out)


def text_article(number, paragraphs=14):
    """A plain-text article like those of a magazine: about 6 KB."""
    w = Writer(f"article {number}")
    blocks = [f"{w.heading()} {number}", w.paragraph()]
    for n in range(paragraphs):
        if n in (3, 8):
            blocks.append(w.heading())
        blocks.append(w.paragraph())
    blocks.append("Ann Brown is a writer who lives by the lake.")
    return "\n\n".join(blocks) + "\n"


def long_text(size):
    """A plain text of about `size` bytes, with headings."""
    w = Writer("text")
    blocks, total = ["A Long Text"], 0
    while total < size:
        block = w.heading() if w.random.random() < 0.05 else w.paragraph()
        blocks.append(block)
        total += len(block) + 2
    return "\n\n".join(blocks) + "\n"


def web_page(size):
    """A web page of about `size` bytes: an article of sections with photos, lists and tables, between
    menus, teasers and comments that grow with it."""
    w = Writer("page")
    head = ("<!DOCTYPE html><html lang=en><head><title>A Long Page | The Lamp</title></head><body>"
            "<nav><a href=/>Home</a></nav><main><article><h1>A Long Page</h1>"
            "<p class=byline>By Ann Brown</p>")
    body, aside, total = [], [], 0
    while total < size:
        kind = w.random.random()
        if kind < 0.1:
            part = f"<div class=section><h2 id=s{total}>{w.heading()}</h2><p>{w.paragraph()}</p></div>"
        elif kind < 0.15:
            part = (f"<div class=wp-caption><img src=p{total}.jpg width=600 alt=''>"
                    f"<p class=wp-caption-text>{w.sentence()} (Photo: Jo Field)</p></div>")
        elif kind < 0.2:
            part = "<ul>" + "".join(f"<li>{w.sentence()}" for _ in range(4)) + "</ul>"
        elif kind < 0.23:
            part = "<table>" + f"<tr><td>{w.heading()}<td>{w.heading()}</tr>" * 4 + "</table>"
        elif kind < 0.3:
            part = f"<div class=share-bar><a href=/share{total}>Share</a></div>"
        elif kind < 0.4:
            part = f"<p>{w.paragraph()}<sup><a href=#s{total // 2}>1</a></sup></p>"
        else:
            part = f"<p>{w.paragraph()}</p>"
        body.append(part)
        if kind < 0.2:
            aside.append(f"<div class=teaser><a href=/t{total}><img src=t{total}.jpg>{w.heading()}</a></div>")
            total += len(aside[-1])
        total += len(part)
    return "\n".join([head, *body, "</article></main><aside class=related>", *aside, "</aside></body></html>"])
