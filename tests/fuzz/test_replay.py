"""Every seed of the fuzz targets, and every input that ever made one fail, once more."""

import os
from pathlib import Path

import harness

HERE = Path(__file__).resolve().parent


def case(target):
    def run(t):
        name = target.stem[5:]
        sanitize = ["-g", "-fsanitize=address,undefined"] if harness.SANITIZED else []
        program = t.dir / target.stem
        build = t.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall",
                       "-Wextra", *sanitize, f"-I{harness.ROOT}/src", f"-I{HERE}", HERE / "replay.c",
                       HERE / "fuzz.c", target, *(harness.BUILD / "src/cli").glob("*.o"), harness.BUILD / "libchapbook.a",
                       *harness.library_flags(), "-o", program])
        t.equal(build.status, 0, str(build))
        t.equal(build.err.decode(), "", "warnings")
        files = sorted(p for kind in ("seeds", "crashes") for p in (HERE / kind / name).glob("*")
                       if p.is_file())
        t.true(len(files) >= 5, f"{len(files)} seeds for {name}")
        result = t.run([*harness.WRAP, program, *files], cpu=120)
        last = result.out.decode("utf-8", "replace").splitlines()[-1:]
        t.true(result.status == 0, f"after {last}\n{result}")
        t.true(f"{len(files)} files" in result.out.decode(), f"after {last}\n{result}")
    return run


def cases():
    return [(f"replay-{target.stem[5:]}", case(target)) for target in sorted(HERE.glob("fuzz_*.c"))]
