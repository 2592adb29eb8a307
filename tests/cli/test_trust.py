"""What an article, its metadata or a list may name: regular files beside it, and nothing else."""

import os
import shutil

import epub
import harness
import web

STYLE = b"p.secret-style { color: #123456 }\n"

# Names that lead out of the article's folder, or to what is no regular file. {top}: the test's folder.
PATHS = (
    "{top}/secret.png", "//{top}/secret.png", "../secret.png", "./../secret.png", "sub/../../secret.png",
    "sub/../../art/../secret.png", "../art/../secret.png", "%2e%2e/secret.png", "%2E%2E%2Fsecret.png",
    "..%2fsecret.png", "{top}/art/../secret.png", "file://{top}/secret.png", "FILE:{top}/secret.png",
    "file://localhost{top}/secret.png", "link.png", "far-link.png", "out/secret.png", "sub/up/secret.png",
    "fifo.png", "sub", "loop.png", "/dev/zero", "/dev/stdin", "-", "/proc/self/environ", "/proc/self/fd/0",
    "far/../secret.png", "..\\secret.png", "../secret.png?x", "../secret.png#x", "",
)
FORMS = {  # how each carrier names a file, and what kind of input it makes
    "markdown": ("md", "# Title\n\nWords of it. ![A heron]({})\n\nMore words.\n"),
    "reference": ("md", "# Title\n\nWords ![A heron][r] of it.\n\n[r]: <{}>\n"),
    "cover-image": ("md", "---\ncover-image: '{}'\n---\n\n# Title\n\nWords of it.\n"),
    "portrait": ("md", "---\nauthor:\n- name: Ann Brown\n  bio: She writes.\n  portrait: '{}'\n---\n\n"
                       "# Title\n\nWords of it.\n"),
    "css": ("md", "---\ncss: '{}'\n---\n\n# Title\n\nWords of it.\n"),
    "css-list": ("md", "---\ncss:\n- near.css\n- '{}'\n---\n\n# Title\n\nWords of it.\n"),
    "raw-img": ("md", "# Title\n\nWords <img src=\"{}\" alt=\"A heron\"> of it.\n"),
}
PAGE = ("<!DOCTYPE html><html><head><title>Herons</title>{head}</head><body><article><h1>Herons</h1>"
        + "<p>Herons stand in the shallow water of the harbour and wait for what comes by, all day.</p>" * 5
        + "{body}</article></body></html>")
FORMS.update({name: ("html", PAGE.replace("{body}", body).replace("{head}", head)) for name, head, body in (
    ("img", "", '<figure><img src="{}" alt="A heron" width=600 height=400><figcaption>A heron</figcaption></figure>'),
    ("srcset", "", '<p><img src="none.gif" srcset="{} 800w" alt="A heron" width=600 height=400></p>'),
    ("data-src", "", '<p><img data-src="{}" alt="A heron" width=600 height=400></p>'),
    ("source", "", '<picture><source srcset="{}"><img src="none.png" alt="A heron" width=600 height=400></picture>'),
    ("object", "", '<object data="{}" type="image/png">A heron</object>'),
    ("embed", "", '<embed src="{}" type="image/png">'),
    ("iframe", "", '<iframe src="{}"></iframe>'),
    ("poster", "", '<video poster="{}" src="x.mp4"></video>'),
    ("svg-image", "", '<svg viewBox="0 0 9 9"><image href="{0}" xlink:href="{0}" width="9" height="9"/></svg>'),
    ("svg-use", "", '<svg viewBox="0 0 9 9"><use href="{0}#x"/><rect width="9" height="9" fill="url({0})"/></svg>'),
    ("style", '<link rel=stylesheet href="{}">', '<p style="background: url({})">Words.</p>'),
    ("og-image", '<meta property="og:image" content="{}">', "<p>Words.</p>"),
    ("base", '<base href="file:///"><base href="{}">', '<p><img src="{}" alt="A heron" width=600 height=400></p>'),
)})
ALLOWED = {"markdown", "reference", "cover-image", "portrait", "css", "css-list", "raw-img", "img",
           "data-src", "source"}
COVERS = {"cover-image", "og-image"}  # are on the cover; drawing one takes longer than all the rest


class Folder:
    """secret.png and secret.css in the test's folder, art/ below it with ways out."""

    def __init__(self, t):
        self.t, self.top = t, t.dir
        self.secret, self.near = web.png(9, 9, (1, 2, 3)), web.png(9, 9, (7, 8, 9))
        for name, data in (("secret.png", self.secret), ("secret.css", STYLE), ("art/near.png", self.near),
                           ("art/near.css", b"p { color: #654321 }\n"), ("art/sub/in.png", self.near)):
            t.file(name, data)
        for link, target in (("link", "../secret"), ("far-link", f"{self.top}/secret")):
            for kind in (".png", ".css"):
                os.symlink(target + kind, self.top / "art" / (link + kind))
        for link, target in (("out", ".."), ("sub/up", "../.."), ("loop.png", "loop.png"), ("loop.css", "loop.css")):
            os.symlink(target, self.top / "art" / link)
        for name in ("fifo.png", "fifo.css"):
            os.mkfifo(self.top / "art" / name)

    def form(self, carrier, path):
        path = path.replace("{top}", str(self.top))
        if carrier.startswith("css"):
            path = path.replace(".png", ".css")
        kind, text = FORMS[carrier]
        return kind, text.replace("{}", path).replace("{0}", path)

    def has_secret(self, book):
        secret = self.secret[37:-16]  # the coded picture
        return any(secret in data or STYLE.strip() in data for data in epub.Epub(book).files().values())

    def has_near(self, book):
        return any(self.near[37:-16] in data or b"#654321" in data for data in epub.Epub(book).files().values())


def convert(t, carrier, *args, **kw):
    t.ok("-q", "--cover", "auto" if carrier in COVERS else "none", "-o", t.dir / "a.epub", *args, **kw)
    return t.dir / "a.epub"


def test_names_in_files(t):
    folder = Folder(t)
    list_ = []
    for carrier in FORMS:
        for n, path in enumerate(PATHS):
            kind, text = folder.form(carrier, path)
            t.file(f"art/{carrier}-{n}.{kind}", text)
            list_.append(f"{carrier}-{n}\tart/{carrier}-{n}.{kind}\n")
    for sandbox in ("no",) if harness.SANITIZED else ("yes", "no"):
        for cover in ("auto", "none"):
            t.file("list.tsv", "".join(line for line in list_ if (line.split("-")[0] in ("cover", "og")) == (cover == "auto")))
            t.ok("-q", f"--sandbox={sandbox}", "--cover", cover, "-i", "list.tsv", "-o", f"books-{sandbox}/")
        books = sorted((t.dir / f"books-{sandbox}").glob("[!.]*"))
        t.equal(len(books), len(list_), "books")
        for book in books:
            t.true(not folder.has_secret(book), f"{book.stem}: the secret is in the book")
    for carrier in ALLOWED:
        kind, text = folder.form(carrier, "sub/../near.png")
        t.file(f"art/good.{kind}", text)
        t.true(folder.has_near(convert(t, carrier, f"art/good.{kind}")), f"{carrier}: the file beside the article is not in the book")


def test_names_reported(t):
    """Each is reported, with its key."""
    folder = Folder(t)
    for carrier, key in (("css", "css: ../secret.css: "), ("cover-image", "cover-image: ../secret.png: "),
                         ("portrait", "portrait: ../secret.png: "), ("markdown", "../secret.png: ")):
        kind, text = folder.form(carrier, "../secret.png")
        t.file(f"art/a.{kind}", text)
        result = t.chapbook("--strict", "--cover", "auto", "-o", "a.epub", f"art/a.{kind}")
        t.equal(result.status, 3, f"{carrier}: --strict")
        t.true(key + "outside the folder" in result.err.decode(), result)
    for name, what in (("fifo.png", "not a regular file"), ("nope.png", "no such file"), ("link.png", "outside the")):
        t.file("art/a.md", f"# Title\n\nWords ![A heron]({name}).\n")
        t.true(f"{name}: {what}" in t.ok("-o", "a.epub", "art/a.md").err.decode(), name)


def test_names_in_standard_input(t):
    """… and of bytes that lie in no folder: not even what is in the current one."""
    folder = Folder(t)
    for carrier in FORMS:
        for path in ("{top}/secret.png", "../secret.png", "link.png", "near.png"):
            kind, text = folder.form(carrier, path)
            book = convert(t, carrier, "-f", "markdown" if kind == "md" else "html", "-", input=text, cwd=t.dir / "art")
            t.true(not folder.has_secret(book) and not folder.has_near(book), f"{carrier} {path!r}")


def test_names_in_web_pages(t):
    folder = Folder(t)
    with web.Server() as server:
        lines = []
        for carrier in FORMS:
            for n, path in enumerate((*PATHS, "near.png")):
                kind, text = folder.form(carrier, path)
                server.files[f"/{carrier}-{n}"] = web.Answer(text, "text/markdown" if kind == "md" else "text/html")
                lines.append(f"{carrier}-{n}\t{server.url(f'/{carrier}-{n}')}\n")
        t.file("art/list.tsv", "".join(lines))
        t.ok("-q", "--cache", "none", "--cover", "none", "-i", "list.tsv", "-o", "books/", cwd=t.dir / "art")
        books = sorted((t.dir / "art" / "books").glob("[!.]*"))
        t.equal(len(books), len(lines), "books")
        for book in books:
            t.true(not folder.has_secret(book) and not folder.has_near(book), f"{book.stem}: a file is in the book")


def test_names_in_archives(t):
    """A web archive has its files within it."""
    folder = Folder(t)
    head = 'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
    for carrier in FORMS:
        for path in ("{top}/secret.png", "../secret.png", "link.png", "near.png"):
            kind, text = folder.form(carrier, path)
            if kind != "html":
                continue
            t.file("art/a.mhtml", f"MIME-Version: 1.0\n{head}{text}\n--b--\n")
            book = convert(t, carrier, "art/a.mhtml")
            t.true(not folder.has_secret(book) and not folder.has_near(book), f"{carrier} {path!r}")


def test_names_in_metadata_files(t):
    """A metadata file names files beside itself."""
    folder = Folder(t)
    t.file("other/a.md", "# Title\n\nBy Ann Brown\n\nWords of it.\n")
    for carrier in ("cover-image", "portrait", "css", "css-list"):
        for path in (*PATHS[::3], "near.png"):
            text = folder.form(carrier, path)[1].split("---\n")[1]
            t.file("art/meta.yaml", text)
            book = convert(t, carrier, "--metadata-file", "art/meta.yaml", "other/a.md")
            t.true(not folder.has_secret(book), f"{carrier} {path!r}: the secret is in the book")
            t.equal(folder.has_near(book), path == "near.png" or carrier == "css-list", f"{carrier} {path!r}: near")
        for path in ("../secret.png", "near.png", "a.png"):
            t.file("other/a.png", folder.near)
            text = folder.form(carrier, path)[1].split("---\n")[1]
            book = convert(t, carrier, "--metadata-file", "-", "../other/a.md", input=text, cwd=t.dir / "art")
            t.true(not folder.has_near(book) and not folder.has_secret(book), f"{carrier} {path!r}: standard input")


def test_names_in_lists(t):
    """A list names files below its folder; what the command line names lies anywhere."""
    Folder(t)
    t.file("secret.md", "# Secret\n\nSecret words.\n")
    t.file("art/near.md", "# Near\n\nWords of it.\n")
    for link, target in (("link.md", "../secret.md"), ("far-link.md", f"{t.dir}/secret.md")):
        os.symlink(target, t.dir / "art" / link)
    for path in PATHS:
        path = path.replace("{top}", str(t.dir)).replace(".png", ".md")
        if not path:
            continue
        t.file("art/list.tsv", f"near\tnear.md\nfar\t{path}\n")
        result = t.chapbook("-q", "-i", "art/list.tsv", "-o", "books/")
        t.equal(result.status, 1, f"{path!r}: status")
        t.equal([book.name for book in (t.dir / "books").glob("[!.]*")], ["near.epub"], f"{path!r}: books\n{result}")
        shutil.rmtree(t.dir / "books")
    t.ok("-q", "-o", "a.epub", "art/link.md")
    t.ok("-q", "-i", "-", "-o", "books/", input="near\tart/near.md\n")
    t.equal([book.name for book in (t.dir / "books").glob("[!.]*")], ["near.epub"], "a list from standard input")


def test_named_by_options(t):
    """What the user names may lie anywhere, and come through a pipe."""
    folder = Folder(t)
    t.file("art/a.md", "# Title\n\nWords of it.\n")
    t.ok("-q", "--cover", "../secret.png", "-o", "a.epub", "a.md", cwd=t.dir / "art")
    t.true(folder.has_secret(t.dir / "art" / "a.epub"), "--cover")
    t.ok("-q", "--css", t.dir / "secret.css", "-o", "a.epub", "a.md", cwd=t.dir / "art")
    t.true(folder.has_secret(t.dir / "art" / "a.epub"), "--css")
    t.ok("-q", "--photo", "link.png", "-o", "a.epub", "a.md", cwd=t.dir / "art")
    t.true(folder.has_secret(t.dir / "art" / "a.epub"), "--photo")
    # The article cannot get at the option's picture by its name.
    t.file("art/b.md", f"# Title\n\nWords of it ![A heron]({t.dir}/secret.png) here.\n")
    t.ok("-q", "--cover", "../secret.png", "-o", "b.epub", "b.md", cwd=t.dir / "art")
    chapter = epub.Epub(t.dir / "art" / "b.epub").read("EPUB/chapter-1.xhtml")
    t.true(b"<img" not in chapter, chapter)


def test_style_must_be_one(t):
    """What is no style sheet is refused: an option's with an error, an article's with a warning."""
    wrong = {
        "passwd": b"root:x:0:0:root:/root:/bin/bash\n", "env": b"HOME=/root\0PATH=/bin\0", "latin": b"p { content: '\xe9' }",
        "json": b'{"a": {"b": "c"}}', "png": web.PNG, "text": b"Dear Ann,\n\nthe heron is back.\n",
        "code": b"int main(void)\n{\n\treturn 0;\n}\n", "shell": b"#!/bin/sh\nf() { echo a; }\nf\n", "open": b"p { color: red",
        "yaml": b"a: b\nc: [d, e]\n", "key": b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n",
    }
    right = {
        "empty": b"", "comment": b"/* nothing yet */\n", "bom": b"\xef\xbb\xbfp { color: red }", 
        "media": b"@media (min-width: 10em) { p, li > a:hover::before { content: '}' } }", "blank": b"p {}",
        "hack": b"p { _height: 1px }", "star": b"* { margin: 0 }", "id": b"#a .b[c='d'] { --x: 1px }",
        "charset": b'@charset "utf-8";\nh1 { color: r\\65 d }',
    }
    for name, data in {**wrong, **right}.items():
        t.file(f"{name}.css", data)
        t.file("a.md", f"---\ncss: {name}.css\n---\n\n# Title\n\nWords of it.\n")
        result = t.ok("-o", "a.epub", "a.md")
        book = epub.Epub(t.dir / "a.epub")
        if name in wrong:
            t.true(f"css: {name}.css: not a style sheet" in result.err.decode(), f"{name}\n{result}")
            t.true(not any("extra" in entry for entry in book.names), f"{name} is in the book")
            t.file("b.md", "# Title\n\nWords of it.\n")
            result = t.chapbook("--css", f"{name}.css", "-o", "b.epub", "b.md")
            t.equal(result.status, 1, f"{name}\n{result}")
            t.true(f"{name}.css: not a style sheet" in result.err.decode(), f"{name}\n{result}")
        else:
            t.true("EPUB/extra-1.css" in book.names, f"{name}\n{result}")


def test_to_dir_is_whole(t):
    """--to-dir: new folders, empty ones, the current one; after a kill a book or none."""
    t.file("a.md", "# Title\n\nWords of it.\n")
    for name in ("new/deep/book", "empty/", "here/."):
        folder = t.dir / "at" / name
        if name != "new/deep/book":
            folder.mkdir(parents=True, exist_ok=True)
        where = folder if name == "here/." else t.dir
        t.ok("-q", "--to-dir", "." if name == "here/." else folder, t.dir / "a.md", cwd=where)
        t.equal(sorted(path.name for path in folder.iterdir()), ["EPUB", "META-INF", "mimetype"], name)
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    strace = shutil.which("strace")
    calls = ("openat", "write", "mkdir", "mkdirat", "rename", "close") if strace else ()
    for n, call in enumerate(call for call in calls for _ in range(4)):
        folder = t.dir / f"killed-{n}"
        t.run([strace, "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={1 + n % 4 * 7}",
               harness.CHAPBOOK, "-q", "--cover", "none", "--to-dir", folder, "a.md"])
        if folder.exists():
            t.equal(sorted(path.name for path in folder.iterdir()), ["EPUB", "META-INF", "mimetype"], f"{call} {n}")


def test_replaced_book_keeps_its_mode(t):
    t.file("a.md", "# Title\n\nWords of it.\n")
    for mode in (0o640, 0o600, 0o664):
        t.ok("-q", "-o", "a.epub", "a.md")
        (t.dir / "a.epub").chmod(mode)
        t.ok("-q", "-o", "a.epub", "a.md", umask=0o022)
        t.equal((t.dir / "a.epub").stat().st_mode & 0o777, mode, "mode")
