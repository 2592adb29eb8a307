"""The unit tests: each tests/unit/test_NAME.c is a cmocka program that make has built."""

import re
from pathlib import Path

import harness

HERE = Path(__file__).resolve().parent

# Sanitisers and valgrind make system calls of their own: the sandbox is none under them.
PLAIN_ONLY = ["test_sandbox"]
# libvips brings instructions that valgrind does not know; sanitised runs have these.
NOT_IN_VALGRIND = ["test_cover", "test_fit", "test_media"]


def case(source):
    def run(t):
        if source.stem in PLAIN_ONLY and (harness.SANITIZED or harness.WRAP):
            raise harness.NotMeant()
        if source.stem in NOT_IN_VALGRIND and harness.WRAP:
            raise harness.NotMeant()
        program = harness.BUILD / "unit" / source.stem
        t.true(program.exists(), f"{program} is not built (make check builds it)")
        env = {"CMOCKA_MESSAGE_OUTPUT": "stdout"}
        if harness.SANITIZED and source.stem == "test_cover":
            # What fonts are known is kept until the end, where LeakSanitizer does not always look.
            env["ASAN_OPTIONS"] = harness.base_env()["ASAN_OPTIONS"] + ":detect_leaks=0"
        result = t.run([*harness.WRAP, program], cwd=harness.ROOT, cpu=300, env=env)
        output = (result.out + result.err).decode("utf-8", "replace")
        told = set()  # failures are listed again at the end
        for verdict, name in re.findall(r"^\[ +(OK|FAILED|SKIPPED|ERROR) +\] (\w+)$", output, re.M):
            if verdict == "SKIPPED" or name in told:
                continue
            told.add(name)
            t.report(name, None if verdict == "OK" else f"{verdict}\n{output[-4000:]}")
        skipped = re.findall(r"^\[ +SKIPPED +\] (\w+)$", output, re.M)
        if not any(failure for _, failure in t.subresults):
            t.true(result.status == 0, f"{source.name}\n{result}\n{output[-4000:]}")
        t.true(t.subresults or skipped, f"{source.name} ran no test\n{output[-2000:]}")
        if skipped:
            # Unit tests skip only what the kernel does not allow.
            raise harness.NoRight(f"what {', '.join(sorted(set(skipped)))} needs of the kernel")
    return run


def cases():
    return [(source.stem[5:], case(source)) for source in sorted(HERE.glob("test_*.c"))]
