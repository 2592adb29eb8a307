"""Short of memory or threads: no run ends by a signal, a cover that cannot be drawn costs the cover, and
every input has a book or a message. SLOW=1 tries many more points."""

import sys
from pathlib import Path

import harness

sys.path.insert(0, str(Path(__file__).resolve().parent))
import test_write_faults as faults  # noqa: E402

MB = 1 << 20
# The loader needs some 40 MB for the libraries that are always there.
LEVELS = range(20 * MB, 590 * MB, 10 * MB)


def whole(t, result, names, what):
    """What must be true after a run; how many books it made."""
    t.true(result.status in (0, 1, 127), f"{what}\n{result}")
    if result.status == 127:
        t.true(b"loading shared libraries" in result.err, f"{what}: the loader\n{result}")
        return 0
    made = 0
    for name in names:
        there = (t.dir / "out" / f"the-{name}-lake.epub").exists()
        made += there
        t.true(there or f"{name}.txt: ".encode() in result.err or b"out of memory" in result.err,
               f"{what}: {name} has neither a book nor a message\n{result}")
    t.true(result.status == 1 or made == len(names), f"{what}: status\n{result}")
    return made


def prepare(t):
    names = ["a", "b", "c"]
    for name in names:
        t.file(f"{name}.txt", f"The {name} Lake\n\n" + faults.TEXT)
    return names, [f"{name}.txt" for name in names]


def test_address_space(t):
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    names, files = prepare(t)
    most = covers_lost = 0
    for level in LEVELS if harness.SLOW else LEVELS[2::6]:
        t.run(["rm", "-rf", t.dir / "out"])
        result = t.chapbook("--cover", "auto", "-j", "2", "-o", "out/", *files, limits={"as": level}, may_crash=True)
        made = whole(t, result, names, f"{level // MB} MB")
        covers_lost += result.err.count(b"[cover-none]")
        t.true(made == 3 or level < 400 * MB, f"{level // MB} MB is enough without covers\n{result}")
        most = max(most, made)
    t.equal(most, 3, "books where there is enough")
    t.true(covers_lost, "no cover was lost: the levels do not try what they should")


def test_no_threads(t):
    library = faults.injector()
    names, files = prepare(t)
    for n in ("1+", "1", "2", "3"):
        t.run(["rm", "-rf", t.dir / "out"])
        result = t.chapbook("--cover", "auto", "-j", "4", "-o", "out/", *files, may_crash=True,
                            env={"LD_PRELOAD": library, "INJECT": f"thread:{n}"})
        t.equal(whole(t, result, names, f"thread {n}"), 3, f"books\n{result}")


def test_no_process(t):
    """Where no process can be started, the work is done in this one."""
    library = faults.injector()
    names, files = prepare(t)
    result = t.ok("-o", "out/", "--explain", *files, env={"LD_PRELOAD": library, "INJECT": "fork:1+"})
    t.equal(whole(t, result, names, "no process"), 3, "books")
    t.ok("check", "out/the-a-lake.epub", env={"LD_PRELOAD": library, "INJECT": "fork:1+"})


def test_limits_without_process(t):
    """The limits hold in this one, too."""
    if harness.SANITIZED or harness.WRAP:
        raise harness.NotMeant()
    env = {"LD_PRELOAD": faults.injector(), "INJECT": "fork:1+"}
    t.file("small.html", "<!DOCTYPE html><title>Lake</title><article>" + "<p>x</p>" * 500000)
    t.file("long.txt", "A Lake\n\n" + "The lake keeps its own calendar, and the village too.\n\n" * 1500000)
    result = t.chapbook("--limit-memory", "100M", "-o", "a.epub", "small.html", env=env, cpu=60)
    t.equal(result.status, 1, str(result))
    t.true(b"small.html: " in result.err and b"; use a larger --limit-memory" in result.err, str(result))
    result = t.chapbook("--limit-memory", "none", "--limit-time", "1", "-o", "a.epub", "long.txt", env=env, cpu=60)
    t.equal((result.status, result.err), (1, b"chapbook: long.txt: not done, and the work ends: it takes too much "
                                             b"CPU time; use a larger --limit-time\n"), str(result))


def test_memory_for_the_cover(t):
    """Allocations fail while a cover is drawn: libraries end the process."""
    library = faults.injector()
    t.file("a.txt", faults.TEXT)
    book = t.dir / "out" / "a.epub"
    book.parent.mkdir()
    report = t.dir / "report"
    env = {"LD_PRELOAD": library, "INJECT": "malloc:0", "INJECT_REPORT": str(report)}
    t.ok("--cover", "none", "-o", "x.epub", "a.txt", env=env)
    before = int(report.read_text())
    t.ok("--cover", "auto", "-o", "x.epub", "a.txt", env=env)
    count = int(report.read_text())
    points = 360 if harness.SLOW else 16
    lost = 0
    for i in range(points):
        n = before // 2 + (count - before) * i // points
        # Where every later allocation fails, fontconfig may try for a minute: few of these points.
        for plus in ("", "+") if harness.SLOW or i < 2 else ("",):
            book.unlink(missing_ok=True)
            result = t.chapbook("--cover", "auto", "-o", "out/a.epub", "a.txt", may_crash=True,
                                env={"LD_PRELOAD": library, "INJECT": f"malloc:{n}{plus}"})
            t.true(result.status in (0, 1), str(result))
            t.equal(book.exists(), result.status == 0, f"malloc {n}{plus}\n{result}")
            lost += b"[cover-none]" in result.err
    t.true(lost, "no cover was lost: the points do not try what they should")


def test_standard_input_survives(t):
    """An article from a pipe is there for the second process, too."""
    library = faults.injector()
    for give in ({"input": faults.TEXT}, {"stdin": "pipe"}):
        if "stdin" in give:
            script = 'cat a.txt | "$@"'
            t.file("a.txt", faults.TEXT)
            result = t.run(["sh", "-c", script, "sh", harness.CHAPBOOK, "-o", "b.epub", "-"],
                           env={"LD_PRELOAD": library, "INJECT": "thread:1+"})
        else:
            result = t.chapbook("--cover", "auto", "-o", "b.epub", "-", may_crash=True,
                                env={"LD_PRELOAD": library, "INJECT": "thread:1+"}, **give)
        t.equal(result.status, 0, str(result))
        t.true(b"[cover-none]" in result.err, f"the cover is lost\n{result}")
