"""What benchmarks measure with, and the table that they fill."""

import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build"
WORK = BUILD / "bench"
CHAPBOOK = BUILD / "chapbook"


class Cost:
    """Medians of many runs: CPU and wall seconds, peak MB."""

    def __init__(self, runs):
        self.cpu = statistics.median(r[0] for r in runs) / 1e6
        self.wall = statistics.median(r[1] for r in runs) / 1e6
        self.mb = statistics.median(r[2] for r in runs) / 1024


def measure(rounds, commands):
    """Costs of {name: argv}, run in turn; not of those that begin with "!", which prepare the next."""
    lines = "".join("\t".join(map(str, argv)) + "\n" for argv in commands.values())
    result = subprocess.run([WORK / "measure", str(rounds)], input=lines, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"bench: {result.stderr}")
    runs = [[] for _ in commands]
    for line in result.stdout.splitlines():
        index, *numbers = map(int, line.split("\t"))
        runs[index].append(numbers)
    return {name: Cost(r) for name, r in zip(commands, runs) if r}


def build():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libzip", "libxml-2.0", "libturbojpeg"], check=True,
                           capture_output=True, text=True).stdout.split()
    for name in ("measure", "bare", "pack", "recode"):
        subprocess.run(["cc", "-O2", "-o", WORK / name, HERE / f"{name}.c", "-Wl,--no-as-needed",
                        *flags], check=True)


def unpack(book, folder):
    with zipfile.ZipFile(book) as z:
        z.extractall(folder)
        (folder.parent / f"{folder.name}.names").write_text("".join(f"{n}\n" for n in z.namelist()))
    return folder


def zip_command(folder, *options):
    # A new archive every time, as chapbook writes a new file.
    return ["sh", "-c", f"cd '{folder}' && exec zip -q {' '.join(options)} -r ../zip-$$.zip ."]


class Table:
    def __init__(self):
        self.rows = []
        self.met = True

    def add(self, work, figure, ratio, goal, met):
        self.rows.append((work, figure, ratio, goal if met is None else f"{goal}: {'met' if met else '**missed**'}"))
        self.met = self.met and met is not False
        print(f"{work:58} {figure:24} {ratio:34} {self.rows[-1][3]}", flush=True)

    def markdown(self):
        lines = ["| work | chapbook | compared | goal |", "| --- | --- | --- | --- |"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


def ms(seconds):
    return f"{seconds * 1000:.1f} ms"


def timed(argv):
    """Wall seconds and peak MB of one run, with no warming up."""
    start = time.monotonic()
    process = subprocess.Popen([str(a) for a in argv], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        sys.exit(f"bench: {argv[0]} failed")
    return time.monotonic() - start, usage.ru_maxrss / 1024
