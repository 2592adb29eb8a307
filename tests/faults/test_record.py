"""The record of a folder of books, and the books, however the work ends."""

import errno
import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from test_write_faults import injector  # noqa: E402

BODY = "The lamp was lit at four, as it had been every afternoon since the first of October.\n"
BOOKS = 8


def prepare(t):
    """Articles, two of each title; what they make."""
    for n in range(BOOKS):
        t.file(f"in/{n:02}.md", f"# Title {n // 2}\n\n{BODY * (n + 1)}")
    t.ok("-q", "-o", "out/", "in")
    want = books(t)
    t.equal(len(want), BOOKS, "books")
    shutil.rmtree(t.dir / "out")
    return want


def books(t):
    return {p.name: p.read_bytes() for p in (t.dir / "out").glob("[!.]*")}


def goes_on(t, want, what):
    """Run again: nothing is lost, nothing is twice, the same bytes."""
    for name, data in books(t).items():
        t.true(data == want.get(name), f"{what}: {name} is whole")
    t.ok("-q", "-o", "out/", "in")
    t.true(books(t) == want, f"{what}: {sorted(books(t))}")
    record = (t.dir / "out/.chapbook.jsonl").read_text().splitlines()
    files = {line["key"]: line["file"] for line in map(json.loads, record)}
    t.equal((len(files), sorted(files.values())), (BOOKS, sorted(want)), f"{what}: record")
    hidden = sorted(p.name for p in (t.dir / "out").glob(".*"))
    t.equal(hidden, [".chapbook.jsonl"], f"{what}: litter")


def calls_of(t, library, call):
    shutil.rmtree(t.dir / "out", ignore_errors=True)
    t.ok("-q", "-o", "out/", "in", env={"LD_PRELOAD": library, "INJECT": f"{call}:0",
                                       "INJECT_REPORT": str(t.dir / "report")})
    shutil.rmtree(t.dir / "out")
    return int((t.dir / "report").read_text())


def test_record_after_kills(t):
    """200 kills, each at another call."""
    library = injector()
    want = prepare(t)
    count, kills = calls_of(t, library, "any"), 0
    for n in range(200):
        shutil.rmtree(t.dir / "out", ignore_errors=True)
        at = count * n // 200 + 1
        killed = t.chapbook("-q", "-j", str(1 + n % 3), "-o", "out/", "in", may_crash=True,
                            env={"LD_PRELOAD": library, "INJECT": f"any:{at}:signal9"})
        t.true(killed.status in (-9, 0), str(killed))
        kills += killed.status == -9
        goes_on(t, want, f"kill at call {at} of {count}")
    t.true(kills > 180, f"{kills} kills")


def test_record_on_full_disk(t):
    """A disk that is full from some call on stops the work at once; the next run continues."""
    library = injector()
    want = prepare(t)
    for call in ("write", "link"):
        count, stops = calls_of(t, library, call), 0
        for n in range(1, count + 1, max(1, count // 40)):
            shutil.rmtree(t.dir / "out", ignore_errors=True)
            full = t.chapbook("-q", "-j", "1", "-o", "out/", "in", may_crash=True,
                              env={"LD_PRELOAD": library, "INJECT": f"{call}:{n}+:{errno.ENOSPC}"})
            stops += b"stopped: " in full.err and b"the same command continues" in full.err
            t.true(full.status in (0, 1), str(full))
            goes_on(t, want, f"{call} {n} of {count}\n{full}")
        t.true(stops, f"{call}: {count} calls, no stop")


def test_record_after_signals(t):
    """SIGINT and SIGTERM: finished books are kept, a line reports how many, and the next run continues."""
    library = injector()
    want = prepare(t)
    count, stops = calls_of(t, library, "any"), 0
    for number, status in ((2, 130), (15, 143)):
        for at in range(1, count, max(1, count // 20)):
            shutil.rmtree(t.dir / "out", ignore_errors=True)
            result = t.chapbook("-j", "2", "-o", "out/", "in", may_crash=True,
                                env={"LD_PRELOAD": library, "INJECT": f"any:{at}:signal{number}"})
            what = f"signal {number} at call {at} of {count}\n{result}"
            done = books(t)
            if result.status == status:
                stops += 1
                t.equal(result.err.decode(), f"chapbook: stopped: {len(done)} of {BOOKS} made, 0 failed; the same "
                        "command continues\n", what)
            else:  # before the first book, or after the last one
                t.true(result.status in (0, -number), what)
                t.true(len(done) == (BOOKS if result.status == 0 else 0), what)
            t.equal(sorted(result.out.decode().split()), sorted(f"out/{name}" for name in done), what)
            goes_on(t, want, what)
    t.true(stops > 10, f"{stops} stops")


def test_record_of_failures(t):
    """Lines of articles that fail are written meanwhile, also where no book is made."""
    library = injector()
    names = [f"missing-{n}.md" for n in range(1500)]
    env = {"LD_PRELOAD": library, "INJECT": "any:0", "INJECT_REPORT": str(t.dir / "report")}
    t.equal(t.chapbook("-q", "-o", "out/", *names, env=env).status, 1, "status")
    record = t.dir / "out/.chapbook.jsonl"
    t.equal(record.read_text().count("\n"), len(names), "record")
    record.unlink()
    count = int((t.dir / "report").read_text())
    killed = t.chapbook("-q", "-o", "out/", *names, may_crash=True,
                        env={"LD_PRELOAD": library, "INJECT": f"any:{count - 1}:signal9"})
    t.equal(killed.status, -9, str(killed)[:2000])
    t.true(record.read_text().count("\n") >= 500, "lines before the end")
