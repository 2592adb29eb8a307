#!/usr/bin/env python3
"""Photos for the benchmarks: of our own making, the same every time, as hard to decode as a camera's.

    tests/bench/photos.py FOLDER [COUNT]

Large blots of colour under smaller ones under grain make 12 million pixels into a JPEG of 3 to 5 MB,
as photos are. Each is another part of one larger picture, in other tones."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTH, HEIGHT = 4000, 3000
ROOM = 600  # by so much the larger picture is larger
STEPS = 7


def vips(*args):
    subprocess.run(["vips", *map(str, args)], check=True)


def noise(folder, name, seed, shrink, sigma):
    """Blots of about `shrink` pixels, one band: floating point around 0."""
    width, height = (side // shrink + 2 for side in (WIDTH + ROOM, HEIGHT + ROOM))
    out = folder / f"{name}.v"
    vips("gaussnoise", folder / "small.v", width, height, "--mean", 0, "--sigma", sigma, "--seed", seed)
    if shrink == 1:
        shutil.move(folder / "small.v", out)
        return out
    vips("resize", folder / "small.v", folder / "large.v", shrink, "--kernel", "cubic")
    vips("crop", folder / "large.v", out, 0, 0, WIDTH + ROOM, HEIGHT + ROOM)
    return out


def base(folder):
    """The larger picture, three bands."""
    bands = []
    shared = [noise(folder, f"shared{n}", n + 1, shrink, sigma)
              for n, (shrink, sigma) in enumerate(((400, 45), (60, 22), (9, 14), (1, 7)))]
    for band in range(3):
        own = noise(folder, f"own{band}", 10 + band, 250, 25)
        vips("sum", " ".join(map(str, [own, *shared])), folder / f"sum{band}.v")
        vips("linear", folder / f"sum{band}.v", folder / f"band{band}.v", 1, 120 - 10 * band)
        bands.append(str(folder / f"band{band}.v"))
    vips("bandjoin", " ".join(bands), folder / "joined.v")
    vips("cast", folder / "joined.v", folder / "bytes.v", "uchar")
    vips("copy", folder / "bytes.v", folder / "rgb.v", "--interpretation", "srgb")
    return folder / "rgb.v"


def make(folder, count=20):
    """Write photo-01.jpg … into the folder, unless they are there; returns their paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"photo-{n + 1:02}.jpg" for n in range(count)]
    if all(file.exists() for file in files):
        return files
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        whole = base(work)
        for n, file in enumerate(files):
            left, top = (side % STEPS * ROOM // STEPS for side in (n, n // STEPS * 3 + n))
            vips("crop", whole, work / "part.v", left, top, WIDTH, HEIGHT)
            gains = " ".join(str(0.8 + (n * k % 11) / 25) for k in (1, 3, 7))
            vips("linear", work / "part.v", f"{work}/photo.jpg[Q=88,subsample-mode=on]", gains, "0 0 0",
                 "--uchar")
            shutil.move(work / "photo.jpg", file)
    return files


if __name__ == "__main__":
    make(sys.argv[1], *map(int, sys.argv[2:3]))
