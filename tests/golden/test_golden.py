"""Golden books. A case is a folder: `cmd` (run by sh in a copy of the folder, `chapbook` being the
program under test), what it reads, and `expected/`: `book/` with every file of the book that cmd
wrote as book.epub, `stdout` and `stderr`, and `status` where it is not 0.

`tests/run --regenerate [golden/CASE]` takes what comes out as what is expected."""

import os
import re
import shutil
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parents[1] / "assets"

# A book's style sheet is the shipped sheets one after the other: no case holds a copy of them.
SHIPPED_SHEETS = {b"".join((ASSETS / f"{name}.css").read_bytes() for name in names)
                  for names in (["base", "theme-default", "scripts"], ["base", "theme-modern", "scripts"])}


# Drawn covers depend on the fonts that there are: tests/cover looks at them.
SCRIPT = """#!/bin/sh
run() { exec %s "$@"; }
case $1 in
%s) run "$@" ;;
*) run --cover none "$@" ;;
esac
"""


def case(folder):
    def run(t):
        work = t.dir / "case"
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns("expected"))
        for path in work.rglob("*"):  # an article without a date has its file's
            os.utime(path, (1609459200, 1609459200))
        program = t.file("bin/chapbook", SCRIPT % (" ".join([*harness.WRAP, f"'{harness.CHAPBOOK}'"]),
                                                   "|".join(harness.COMMANDS)))
        program.chmod(0o755)
        result = t.run(["sh", "-e", "./cmd"], cwd=work,
                       env={"PATH": f"{program.parent}:{os.environ['PATH']}"})
        err = result.err
        if harness.WRAP:  # valgrind tells, whatever is asked, of system calls that it does not know
            err = re.sub(rb"(?m)^--\d+-- .*\n", b"", err)
        got = {"stdout": result.out, "stderr": err}
        if result.status:
            got["status"] = b"%d\n" % result.status
        book = work / "book.epub"
        if book.exists():
            opened = epub.Epub(book)
            got.update((f"book/{name}", data) for name, data in opened.files().items())
            got["entries"] = "".join(f"{name}\n" for name in opened.names).encode()
            t.keep(book)
        got = {name: data for name, data in got.items() if data and data not in SHIPPED_SHEETS}

        expected_dir = folder / "expected"
        if os.environ.get("GOLDEN_REGENERATE"):
            shutil.rmtree(expected_dir, ignore_errors=True)
            for name, data in got.items():
                path = expected_dir / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            return
        expected = {str(p.relative_to(expected_dir)): p.read_bytes()
                    for p in expected_dir.rglob("*") if p.is_file()}
        t.true(expected, "nothing is expected of this case: tests/run --regenerate")
        problems = []
        for name in sorted(expected.keys() | got.keys()):
            if name not in got:
                problems.append(f"{name}: is missing")
            elif name not in expected:
                problems.append(f"{name}: is not expected:\n{got[name][:500].decode('utf-8', 'replace')}")
            elif got[name] != expected[name]:
                try:
                    diff = harness.text_diff(expected[name].decode(), got[name].decode())
                except UnicodeDecodeError:
                    diff = f"{len(expected[name])} bytes expected, got {len(got[name])} others"
                problems.append(f"{name}:\n{diff}")
        if problems:
            raise harness.Failure("\n".join(problems) + "\n(meant? tests/run --regenerate "
                                  f"golden/{folder.name})")
    return run


def cases():
    return [(f.name, case(f)) for f in sorted(HERE.iterdir()) if (f / "cmd").exists()]
