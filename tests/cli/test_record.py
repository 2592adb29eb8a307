"""A folder of many books: its record, going on, what stops the work."""

import json

import web

BODY = "The lamp was lit at four, as it had been every afternoon since the first of October.\n"


def article(t, name, title, body=BODY):
    return t.file(name, f"# {title}\n\n{body}")


def lines(t, folder="out"):
    path = t.dir / folder / ".chapbook.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def books(t, folder="out"):
    return {p.name: p.read_bytes() for p in (t.dir / folder).glob("[!.]*")}


def made(result):
    return result.out.decode().split()


def test_record_continues(t):
    """Again: what is missing, has changed or has other options, and nothing else."""
    for n in range(5):
        article(t, f"in/{n}.md", f"Title {n}")
    first = t.ok("-o", "out/", "in")
    t.equal(made(first), [f"out/title-{n}.epub" for n in range(5)], "all")
    record = lines(t)
    t.equal([line["key"] for line in record], [str(t.dir / f"in/{n}.md") for n in range(5)], "keys")
    t.equal({line["status"] for line in record}, {"made"}, "statuses")
    t.equal([line["file"] for line in record], [f"title-{n}.epub" for n in range(5)], "files")
    t.true(all(line["identity"].startswith("urn:uuid:") and len(line["digest"]) == 64 for line in record), record)
    before = books(t)
    again = t.ok("-o", "out/", "in")
    t.equal((made(again), lines(t)), ([], record), "nothing to do")
    t.true(b"0 made now, 5 before" in again.err, str(again))
    (t.dir / "out/title-3.epub").unlink()
    article(t, "in/1.md", "Title 1", BODY * 2)
    article(t, "in/5.md", "Title 5")
    t.equal(made(t.ok("-o", "out/", "in")), [f"out/title-{n}.epub" for n in (1, 3, 5)], "missing, changed, new")
    after = books(t)
    t.true(all(after[name] == before[name] for name in before if name != "title-1.epub"), "the same bytes")
    t.equal(len(made(t.ok("-o", "out/", "--publisher", "Lake Press", "in"))), 6, "another option")
    t.equal(len(made(t.ok("-o", "out/", "--publisher", "Lake Press", "-j", "1", "in"))), 0, "no other book")
    t.equal(len(made(t.ok("-o", "out/", "--publisher", "Lake Press", "--again", "in"))), 6, "--again")
    t.file("style.css", "p { margin: 0 }")
    t.equal(len(made(t.ok("-o", "out/", "--css", "style.css", "in"))), 6, "a style sheet")
    t.equal(len(made(t.ok("-o", "out/", "--css", "style.css", "in"))), 0, "the same one")
    t.file("style.css", "p { margin: 1em }")
    t.equal(len(made(t.ok("-o", "out/", "--css", "style.css", "in"))), 6, "a changed one")


def test_record_state_elsewhere(t):
    article(t, "a.md", "A Night")
    t.ok("-o", "out/", "--state", "record.jsonl", "a.md")
    t.equal((sorted(p.name for p in (t.dir / "out").iterdir())), ["a-night.epub"], "out/")
    t.equal(made(t.ok("-o", "out/", "--state", "record.jsonl", "a.md")), [], "again")
    t.file("notes.txt", "These are notes.\nThey are no record, and have no line feed at the end")
    for name in ("notes.txt", "a.md"):
        before = (t.dir / name).read_bytes()
        result = t.chapbook("-o", "out/", "--state", name, "a.md")
        t.equal((result.status, (t.dir / name).read_bytes()), (2, before), str(result))
        t.true(b"is not a record" in result.err, str(result))


def test_record_broken_lines(t):
    """A line that is not valid is reported and ignored: its book is made again."""
    for n in range(3):
        article(t, f"{n}.md", f"Title {n}")
    names = [f"{n}.md" for n in range(3)]
    t.ok("-o", "out/", *names)
    path = t.dir / "out/.chapbook.jsonl"
    good = path.read_text().splitlines()
    for broken in ("", "{", good[1][:-1], good[1] + "}", good[1].replace(":", ";", 1), "\0" * 40, "[]", "x" * 70000,
                   good[1].replace('"made"', '"other"'), good[1].replace('"key":"', '"key":"\\ud800')):
        path.write_text("\n".join([good[0], broken, good[2], ""]))
        result = t.ok("-o", "out/", *names)
        t.true(b"out/.chapbook.jsonl:2: warning: this is no line of a record, and is ignored [record-broken]"
               in result.err, f"{broken[:80]!r}\n{result}")
        t.equal(made(result), ["out/title-1.epub"], f"{broken[:80]!r}")


def test_record_torn(t):
    """The record is torn at every byte: nothing is lost, nothing is twice, the same bytes."""
    for n in range(2):
        article(t, f"{n}.md", f"Title {n}")
    t.ok("-o", "out/", "--cover", "none", "0.md", "1.md")
    good = (t.dir / "out/.chapbook.jsonl").read_bytes()
    want = books(t)
    ends = [i + 1 for i, c in enumerate(good) if c == ord("\n")]
    for size in range(len(good) + 1):
        (t.dir / "out/.chapbook.jsonl").write_bytes(good[:size])
        result = t.ok("-o", "out/", "--cover", "none", "0.md", "1.md")
        whole = sum(end <= size for end in ends)
        t.equal(made(result), [f"out/title-{n}.epub" for n in range(whole, 2)], f"{size} bytes")
        t.equal(result.err.count(b"record-broken"), 0, str(result))
        t.true(books(t) == want, f"{size} bytes: books")
        t.equal([line["key"] for line in lines(t)], [str(t.dir / f"{n}.md") for n in range(2)], f"{size} bytes")


def test_record_failures(t):
    """What failed for a reason that lasts is tried again with --retry-failed; what may pass, always."""
    with web.Server() as server:
        server.files["/good"] = web.Answer()
        for status in (404, 410, 500, 503):
            server.files[f"/{status}"] = web.Answer("no", status=status)
        t.file("list", "".join(f"{server.url(name)}\n" for name in ("/good", "/404", "/410", "/503", "/500")))
        args = ("--cache", "none", "-o", "out/", "-i", "list")
        first = t.chapbook(*args)
        t.equal((first.status, len(made(first))), (1, 1), str(first))
        t.equal({line["key"].rpartition("/")[2]: line["status"] for line in lines(t)},
                {"good": "made", "404": "failed", "410": "failed", "503": "unavailable", "500": "unavailable"},
                "statuses")
        for more, again in (((), {"/503", "/500"}), (("--retry-failed",), {"/404", "/410", "/503", "/500"})):
            server.requests.clear()
            result = t.chapbook(*args, *more)
            t.equal((result.status, made(result), {r["path"] for r in server.requests}), (1, [], again), str(result))


def test_record_given_names(t):
    """A file with two names in a list is two books."""
    article(t, "a.md", "A Night")
    t.file("list.tsv", "one\ta.md\ntwo\ta.md\n")
    t.equal(made(t.ok("-o", "out/", "-i", "list.tsv")), ["out/one.epub", "out/two.epub"], "first")
    t.equal(made(t.ok("-o", "out/", "-i", "list.tsv")), [], "again")
    t.equal(len(lines(t)), 2, "record")


def test_record_logins(t):
    """No user name and password of an address is in the record."""
    t.chapbook("-o", "out/", "--offline", "http://ann:secret@127.0.0.1:9/a")
    text = (t.dir / "out/.chapbook.jsonl").read_text()
    t.true("127.0.0.1:9/a" in text and "secret" not in text and "ann" not in text, text)
