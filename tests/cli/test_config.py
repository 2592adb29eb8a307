"""The file of the user's own defaults, and options that have no effect."""

import epub
import harness

BODY = "A Lake of Glass\n\nThe lake rises each spring before the ice is gone, and the town lives by it.\n"


def book_with(t, config, *args, name="config/chapbook/config", command=()):
    t.file(name, config)
    t.file("a.txt", BODY)
    result = t.chapbook(*command, *args, "-o", "book.epub", "a.txt", env={"XDG_CONFIG_HOME": str(t.dir / "config")})
    if result.status:
        raise harness.Failure(str(result))
    t.keep(t.dir / "book.epub")
    return epub.Epub(t.dir / "book.epub"), result


def test_defaults(t):
    t.file("config/chapbook/mine.css", ".mine { color: #123456 }\n")
    book, result = book_with(t, "\ufeff# my own\r\n\r\npublisher = Harbour & Sons\r\nrights=\"© # Ann\"  # quoted\r\n"
                             "subject = one # and a comment\r\nsubject = Issue #2\r\ncss = mine.css\r\n"
                             "grayscale\r\nkeep-location = no\r\nrate = 2\r\njson = yes\r\n")
    t.equal((book.dc("publisher"), book.dc("rights"), book.dc("subject")),
            (["Harbour & Sons"], ["© # Ann"], ["one", "Issue #2"]), "metadata")
    t.true(any(b"#123456" in data for data in book.files().values()), "files start at the file's folder")
    t.equal(result.err, b"", "defaults without effect are no news")


def test_command_line_comes_after(t):
    config = "publisher = From the File\nauthor = Ann Brown\nbio = Ann keeps bees.\nsubject = one\ntitle = T\n"
    book, _ = book_with(t, config, "--publisher", "Given", "--subject", "two")
    t.equal((book.dc("publisher"), book.dc("subject"), book.dc("creator"), book.dc("title")),
            (["Given"], ["one", "two"], ["Ann Brown"], ["T"]), "given over the file")
    book, _ = book_with(t, config, "--author", "Carl Dent")
    t.equal((book.dc("creator"), book.metas("schema:description")), (["Carl Dent"], []),
            "an author replaces those of the file")
    book, _ = book_with(t, config, "--bio", "Ann is away.")
    t.equal([text for _, text in book.metas("schema:description")], ["Ann is away."], "a bio of the file's author")


def test_flags_can_be_taken_back(t):
    t.file("a.txt", BODY)
    t.file("config/chapbook/config", "kepub\n")
    env = {"XDG_CONFIG_HOME": str(t.dir / "config")}
    t.ok("a.txt", env=env)
    t.ok("--no-kepub", "a.txt", env=env)
    t.equal(sorted(p.name for p in t.dir.glob("*.epub")), ["a-lake-of-glass.epub", "a-lake-of-glass.kepub.epub"],
            "books")


def test_no_config(t):
    book, _ = book_with(t, "publisher = P\n", "--no-config")
    t.equal(book.dc("publisher"), [], "--no-config")
    book, _ = book_with(t, "broken line\n", "--no-config")
    t.file("other", "publisher = Other\n")
    book, _ = book_with(t, "publisher = P\n", "--config", "other")
    t.equal(book.dc("publisher"), ["Other"], "--config")
    result = t.chapbook("--config", "missing", "a.txt")
    t.equal(result.status, 2, f"a --config that is not there\n{result}")
    t.true(b"missing: No such file" in result.err, result)


def test_home(t):
    t.file("home/.config/chapbook/config", "publisher = Home\nmetadata-file = ~/m.yaml\n")
    t.file("home/m.yaml", "rights: Mine\n")
    t.file("a.txt", BODY)
    t.ok("-o", "book.epub", "a.txt", env={"XDG_CONFIG_HOME": None, "HOME": str(t.dir / "home")})
    book = epub.Epub(t.dir / "book.epub")
    t.equal((book.dc("publisher"), book.dc("rights")), (["Home"], ["Mine"]), "~/.config")


def test_each_command_takes_its_own(t):
    """Options of other commands are passed over."""
    t.file("a.txt", BODY)
    t.ok("-o", "book.epub", "a.txt")
    env = {"XDG_CONFIG_HOME": str(t.dir / "config")}
    t.file("config/chapbook/config", "theme = modern\njson = yes\nprofile = kobo\n")
    t.true(t.ok("info", "book.epub", env=env).out.startswith(b"{"), "json of info")
    t.equal(t.chapbook("check", "book.epub", env=env).status in (0, 1), True, "check")
    t.ok("-o", "book.epub", "a.txt", env=env)


def test_errors_name_the_line(t):
    t.file("a.txt", BODY)
    env = {"XDG_CONFIG_HOME": str(t.dir / "config")}
    for line, said in (("thme = x", "did you mean theme"), ("theme", "needs a value"), ("theme = nope", "nope"),
                       ("threads = many", "many"), ("sandbox = maybe", "maybe"), ("help", "command line only"),
                       ("kepub = perhaps", "yes or no"), ("--theme = modern", "did you mean theme"),
                       ("css = nope.css", "No such file"), ('title = "x', "not closed"), ("from = docx", "docx"),
                       ("lang = english!", "language tag"), ("author-role = boss", "MARC relator")):
        t.file("config/chapbook/config", f"# mine\npublisher = P\n{line}\n")
        result = t.chapbook("-o", "book.epub", "a.txt", env=env)
        t.equal(result.status, 2, f"status for {line!r}\n{result}")
        t.true("config/chapbook/config:3: " in result.err.decode() and said in result.err.decode(),
               f"{line!r}\n{result}")
        t.true(not (t.dir / "book.epub").exists(), "a book was made")


# --- options that have no effect ---

def warned(t, said, *args, env=None):
    t.file("a.txt", BODY)
    result = t.ok("-o", "book.epub", *args, "a.txt", env=env)
    t.true(b"warning: " in result.err and said.encode() in result.err, f"{args}\n{result}")


def test_options_without_effect(t):
    t.file("cookies", "")
    for args in (("--certified-by", "Me"), ("--image-quality", "50", "--no-images"), ("--grayscale", "--no-images"),
                 ("--kepub",), ("--title", ""), ("--header", "A: b"), ("--cookies", "cookies"),
                 ("--timeout", "5", "--offline"), ("--cache-size", "1M", "--cache", "none")):
        warned(t, f"{args[0]} has no effect: ", *args)
    for args, said in ((("--series-index", "3"), "--series"), (("--bio", "Who?"), "--author"),
                       (("--author-url", "https://example.org/"), "--author"), (("--author-role", "trl"), "--author"),
                       (("--author-sort", "Brown, A."), "--author")):
        warned(t, args[0][2:], *args)
        warned(t, said, *args)
    t.equal(t.ok("-o", "book.epub", "--conforms-to", "EPUB Accessibility 1.1 - WCAG 2.1 Level AA", "--certified-by",
                 "Me", "--series", "S", "--series-index", "3", "a.txt").err, b"", "no warning")


def refused(t, said, *args, status=2):
    t.file("a.txt", BODY)
    result = t.chapbook("-o", "book.epub", *args, "a.txt")
    t.equal(result.status, status, f"status of {args}\n{result}")
    t.true(said.encode() in result.err, f"{args}\n{result}")
    t.true(not (t.dir / "book.epub").exists(), f"{args}: a book was made")


def test_options_that_are_refused(t):
    photo = (harness.ROOT / "assets/sample/lake.jpg").read_bytes()
    t.file("lake.jpg", photo)
    t.file("text.jpg", "no picture")
    refused(t, "nope", "--template-dir", "nope", status=1)
    refused(t, "not a folder", "--template-dir", "lake.jpg")
    refused(t, "nope.css", "--css", "nope.css", status=1)
    refused(t, "nope.txt", "--cookies", "nope.txt", "--online", status=1)
    refused(t, "given twice", "--photo", "lake.jpg", "--photo", "./lake.jpg")
    refused(t, "text.jpg", "--cover", "text.jpg", status=1)
    refused(t, "text.jpg", "--photo", "text.jpg", status=1)


def test_more_photos_than_captions(t):
    photo = (harness.ROOT / "assets/sample/lake.jpg").read_bytes()
    for n in (1, 2, 3):
        t.file(f"{n}.jpg", photo + b"%d" % n)
    t.file("b.txt", BODY + "\nThe ice on the lake. (Photo/Xinhua)\n\nMore text of it.\n")
    err = t.ok("-o", "book.epub", "--photo", "1.jpg", "--photo", "2.jpg", "--photo", "3.jpg", "b.txt").err.decode()
    t.true("2.jpg: no caption" in err and "3.jpg: no caption" in err and "1.jpg" not in err, err)


def test_the_last_value_counts(t):
    t.file("a.txt", BODY)
    t.ok("-o", "book.epub", "--title", "One", "--title", "Two", "--date", "2020", "--date", "2021",
         "--author", "A B", "--bio", "x", "--bio", "y", "--author", "C D", "--bio", "z", "a.txt")
    book = epub.Epub(t.dir / "book.epub")
    t.equal((book.dc("title"), book.dc("date"), book.dc("creator")), (["Two"], ["2021"], ["A B", "C D"]), "values")
    t.equal([text for _, text in book.metas("schema:description")], ["y", "z"], "bios")
