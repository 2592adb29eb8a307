"""Cost grows with the size of the input and no faster: instructions for 1, 2 and 4 MB, of web pages
to 2 MB; in `make check-all` to 16 MB and 4 MB.

Counted by the processor (perf stat) where it lets us, else by valgrind's callgrind, which counts
the same but is some fifty times slower."""

import re
import shutil
import sys
from pathlib import Path

import harness

sys.path.insert(0, str(Path(__file__).resolve().parent))

import texts  # noqa: E402

MB = 1 << 20
SIZES = [MB, 2 * MB, 4 * MB] + ([8 * MB, 16 * MB] if harness.ALL else [])
PAGE_SIZES = [MB // 2, MB, 2 * MB] + ([4 * MB] if harness.ALL else [])


def counter(t):
    """A function that counts the instructions of one conversion."""
    args = [harness.CHAPBOOK, "-q", "-j", "1", "--cover", "none", "-o", "book.epub"]
    perf = shutil.which("perf")
    if perf:
        probe = t.run([perf, "stat", "-x,", "-e", "instructions:u", "true"])
        if re.match(rb"\d+,", probe.err):
            def count(path):
                result = t.run([perf, "stat", "-x,", "-e", "instructions:u", *args, path])
                t.equal(result.status, 0, str(result))
                return int(re.search(rb"^(\d+),", result.err, re.M).group(1))
            return count
    valgrind = harness.need_tool("valgrind")

    def count(path):
        result = t.run([valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", *args, path],
                       cpu=900)
        t.equal(result.status, 0, str(result))
        return int(re.search(rb"Collected : (\d+)", result.err).group(1))
    return count


def linear(make, name, sizes):
    def run(t):
        if harness.SANITIZED or harness.WRAP:
            raise harness.NotMeant()
        count = counter(t)
        per_byte = []
        for size in sizes:
            text = make(size)
            path = t.file(name, text)
            per_byte.append(count(path) / len(text.encode()))
        told = ", ".join(f"{size / MB:g} MB: {n:.1f}" for size, n in zip(sizes, per_byte))
        print(f"        {t.name}: instructions a byte: {told}", flush=True)
        t.true(max(per_byte[1:]) < per_byte[0] * 1.15,
               f"not linear: instructions a byte: {told}")
    return run


test_linear_markdown = linear(texts.markdown_book, "in.md", SIZES)
test_linear_page = linear(texts.web_page, "in.html", PAGE_SIZES)
test_linear_text = linear(texts.long_text, "in.txt", SIZES)
