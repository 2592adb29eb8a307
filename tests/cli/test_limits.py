"""--limit-memory and --limit-time: what is beyond them fails, and nothing else."""

import gzip

import harness

ARTICLE = "A Lake\n\n" + "The lake keeps its own calendar, and the village keeps the lake's. " * 20 + "\n"


def bomb(t):
    """Some kilobytes that are 12 MB of the smallest paragraphs."""
    return t.file("bomb.html.gz", gzip.compress(b"<html><body><article>" + b"<p>x</p>" * 1500000))


def test_memory(t):
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    bomb(t)
    t.file("a.txt", ARTICLE)
    result = t.chapbook("--limit-memory", "150M", "-o", "books/", "bomb.html.gz", "a.txt", cpu=60)
    t.equal(result.status, 1, str(result))
    t.true(b"bomb.html.gz: out of memory" in result.err and b"--limit-memory" in result.err, str(result))
    t.equal([p.name for p in (t.dir / "books").iterdir()], ["a-lake.epub"], "the other book")


def test_time(t):
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    t.file("long.txt", "A Lake\n\n" + ("The lake keeps its own calendar, and the village too.\n\n" * 1500000))
    t.file("a.txt", ARTICLE)
    result = t.chapbook("--limit-memory", "none", "--limit-time", "1", "-o", "books/", "long.txt", "a.txt", cpu=120)
    t.equal(result.status, 1, str(result))
    t.true(b"long.txt: not done: it takes more than 1 s of CPU time; use a larger --limit-time" in result.err, str(result))
    t.equal([p.name for p in (t.dir / "books").iterdir()], ["a-lake.epub"], "the other book")


def test_values(t):
    t.file("a.txt", ARTICLE)
    for option, wrong in (("--limit-memory", ("x", "0", "-1", "1T", "1MB2")), ("--limit-time", ("x", "0", "-5", "1h"))):
        for value in wrong:
            result = t.chapbook(option, value, "a.txt")
            t.equal((result.status, option.encode() in result.err), (2, True), f"{option} {value}\n{result}")
        t.ok(option, "none", "-o", "book.epub", "a.txt")
