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
    t.true(b"bomb.html.gz: " in result.err and b"; use a larger --limit-memory" in result.err, str(result))
    t.equal([p.name for p in (t.dir / "books").glob("[!.]*")], ["a-lake.epub"], "the other book")


def test_memory_is_shared(t):
    """Each has room alone; side by side they do not, and are done one after the other."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    names = [f"n{i}.html" for i in range(4)]
    for name in names:
        t.file(name, f"<!DOCTYPE html><html lang=en><title>Lake {name}</title><article><h1>Lake {name}</h1>" +
               "<p>The lake is wide.</p>" * 40000)
    alone = t.chapbook("--limit-memory", "110M", "-o", "alone/", names[0], cpu=60)
    t.equal(alone.status, 0, str(alone))
    result = t.chapbook("--limit-memory", "110M", "-j", "4", "-o", "books/", *names, cpu=60)
    t.equal((result.status, len(list((t.dir / "books").glob("[!.]*")))), (0, 4), str(result))


def test_memory_of_check_and_info(t):
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    t.file("large.html", "<!DOCTYPE html><title>Lake</title><article><h1>Lake</h1>" +
           "".join(f"<h2>Part {i}</h2><p>x</p>" for i in range(40000)))
    t.file("a.txt", ARTICLE)
    t.ok("--limit-memory", "none", "-o", "large.epub", "large.html")
    t.ok("-o", "a.epub", "a.txt")
    for command, found in (("check", b"a.epub: 0 errors, 0 warnings"), ("info", b"A Lake")):
        result = t.chapbook(command, "--limit-memory", "20M", "large.epub", "a.epub")
        t.equal((result.status, found in result.out), (1, True), f"{result}\n{result.out}")
        t.equal(result.err, b"chapbook: large.epub: out of memory: the limit is 20 MB; use a larger --limit-memory\n",
                command)


def test_time(t):
    """The limit is an input's own, however many others there are, and costs these nothing."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    t.file("long.txt", "A Lake\n\n" + ("The lake keeps its own calendar, and the village too.\n\n" * 1500000))
    short = []
    for i in range(60):
        t.file(f"{i}.txt", f"Lake {i}\n\n{ARTICLE}")
        short.append(f"{i}.txt")
    for threads in ("1", "3"):
        result = t.chapbook("--limit-memory", "none", "--limit-time", "1", "-j", threads, "-o", f"books-{threads}/",
                            *short[:30], "long.txt", *short[30:], cpu=60)
        t.equal(result.status, 1, str(result))
        t.equal(result.err.count(b"long.txt: not done: it takes more than 1 s of CPU time; use a larger --limit-time"),
                1, str(result))
        t.equal(len(list((t.dir / f"books-{threads}").glob("[!.]*"))), 60, "the other books")


def test_time_of_many(t):
    """A run of many inputs takes longer than one input may."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    names = []
    for i in range(300):
        t.file(f"{i}.md", f"# Lake {i}\n\n" + f"{ARTICLE}\n\n" * 300)
        names.append(f"{i}.md")
    result = t.chapbook("-q", "--limit-time", "1", "-o", "books/", *names, cpu=120)
    t.equal((result.status, result.err), (0, b""), str(result))
    t.true(result.cpu > 1.5, f"{result.cpu} s of CPU time show nothing")
    t.equal(len(list((t.dir / "books").glob("[!.]*"))), 300, "books")
    result = t.chapbook("-q", "--limit-time", "1", "-o", "all.epub", *names, cpu=120)
    t.equal((result.status, result.err), (0, b""), f"one book of all\n{result}")


def test_values(t):
    t.file("a.txt", ARTICLE)
    for option, wrong in (("--limit-memory", ("x", "0", "-1", "1T", "1MB2")), ("--limit-time", ("x", "0", "-5", "1h"))):
        for value in wrong:
            result = t.chapbook(option, value, "a.txt")
            t.equal((result.status, option.encode() in result.err), (2, True), f"{option} {value}\n{result}")
        t.ok(option, "none", "-o", "book.epub", "a.txt")


def test_limit_of_files(t):
    """A book that `check` could not read is not written."""
    t.file("a.md", "".join(f"# H{n}\n\nx\n" for n in range(100100)))
    result = t.chapbook("--split-level", "1", "-o", "a.epub", "a.md")
    t.equal(result.status, 1, str(result))
    t.true(b"the limit is 100000" in result.err and b"--split-level" in result.err, str(result))
    t.true(not (t.dir / "a.epub").exists(), "a book")
