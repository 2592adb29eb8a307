"""Rows of articles from a web server on loopback that thinks for 20 ms before each answer, beside wget.

Each page has an address of its own, each picture bytes of its own. Pages have to be asked for again
(ETag), pictures may be kept for a day, as is usual."""

import struct
import subprocess
import sys
import zipfile

import photos
import texts
from bench import BUILD, CHAPBOOK, ROOT, WORK, measure

sys.path.insert(0, str(ROOT / "tests/lib"))

import web  # noqa: E402

PAGES, PICTURES, LATENCY = 100, 5, 0.02
PHOTOS = BUILD / "bench-photos"
SIZE = "1200x900"


def small_photos():
    files = photos.make(PHOTOS)
    folder = PHOTOS / SIZE
    small = [folder / file.name for file in files]
    if not all(file.exists() for file in small):
        folder.mkdir(exist_ok=True)
        subprocess.run(["vipsthumbnail", "--size", SIZE, "-o", f"{folder}/%s.jpg[Q=80,strip]", *files], check=True)
    return [file.read_bytes() for file in small]


def marked(jpeg, text):
    """The same picture with a comment behind its first segment (JFIF)."""
    length, = struct.unpack(">H", jpeg[4:6])
    comment = b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text.encode()
    return jpeg[:4 + length] + comment + jpeg[4 + length:]


def page(number):
    writer = texts.Writer(f"web page {number}")
    title = f"{writer.heading()} {number}"
    body = []
    for n in range(PICTURES):
        body += [f"<p>{writer.paragraph()}</p>" for _ in range(3)]
        body.append(f'<figure><img src="/shelf/{number}/{n}.jpg" width=1200 height=900 '
                    f'alt="{writer.heading()}"><figcaption>{writer.sentence()}</figcaption></figure>')
    return (f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title} | The Lamp</title></head>"
            f"<body><nav><a href=/>Home</a></nav><main><article><h1>{title}</h1><p class=byline>By Ann Brown</p>"
            f"{''.join(body)}<p>{writer.paragraph()}</p></article></main></body></html>")


def make_shelf():
    """{path: answer} of all pages and pictures."""
    small = small_photos()
    shelf = {}
    for number in range(PAGES):
        shelf[f"/shelf/{number}/"] = web.Answer(page(number), headers={"ETag": f'"{number}"'})
        for n in range(PICTURES):
            jpeg = marked(small[(number * PICTURES + n) % len(small)], f"{number} {n}")
            shelf[f"/shelf/{number}/{n}.jpg"] = web.Answer(jpeg, "image/jpeg",
                                                           {"Cache-Control": "max-age=86400"})
    return shelf


def route(shelf):
    def answer(r):
        found = shelf[r.path]
        tag = found.headers.get("ETag")
        if tag and r.headers.get("if-none-match") == tag:
            return r.answer(b"", None, found.headers, status=304)
        r.answer(found.body, found.kind, found.headers)
    return answer


def emptied(folder):
    """A command that clears away what a run before has left, and lets the disk come to rest: what is
    written next waits for nothing that others have written."""
    return ["!", "sh", "-c", f"rm -rf '{folder}'; mkdir '{folder}'; sync"]


def check_books(folder, covers):
    books = list(folder.glob("*.epub"))
    assert len(books) == PAGES, f"{len(books)} books of {PAGES} pages"
    for book in books:
        with zipfile.ZipFile(book) as z:
            assert sum(name.endswith(".jpg") for name in z.namelist()) == PICTURES + covers


def run(server, rounds):
    urls = [server.url(f"/shelf/{number}/") for number in range(PAGES)]
    plain, covered, peer, kept = (WORK / name for name in ("web-plain", "web-covers", "web-wget", "web-kept"))
    kept.mkdir()

    def chapbook(folder, cover):
        return [CHAPBOOK, "-q", "--cache", folder / "cache", "--cover", cover, "-o", f"{folder}/", *urls]
    costs = measure(max(2, rounds // 20), {
        "empty plain": emptied(plain),
        "plain": chapbook(plain, "none"),
        "empty covers": emptied(covered),
        "covers": chapbook(covered, "auto"),
        "empty wget": emptied(peer),
        "wget": ["wget", "-p", "-q", "-nH", "-P", peer, *urls],
        "sync": ["!", "sync"],
        "kept": chapbook(kept, "none"),
    })
    check_books(plain, 0)
    check_books(covered, 1)
    assert len(list(peer.rglob("*.jpg"))) == PAGES * PICTURES
    return costs


def web_rows(table, rounds):
    shelf = make_shelf()
    with web.Server(latency=LATENCY) as server:
        web.ROUTES["shelf"] = route(shelf)
        server.files["/robots.txt"] = web.Answer("", "text/plain")
        costs = run(server, rounds)
    wget = costs["wget"]
    for name, said in (("plain", "without covers"), ("covers", "with covers")):
        ours = costs[name]
        ratio = ours.wall / wget.wall
        told = f" ({wget.wall:.1f} s, {wget.mb:.0f} MB)"
        table.add(f"{PAGES} web pages with {PICTURES} pictures each from a server that takes "
                  f"{LATENCY * 1000:.0f} ms for an answer, {said}, wall time", f"{ours.wall:.1f} s",
                  f"{ratio:.2f} × `wget -p` of the same{told}", "at most 0.5 ×", ratio <= 0.5)
        table.add("memory for them, at most", f"{ours.mb:.0f} MB", "", "", None)
    kept, plain = costs["kept"], costs["plain"]
    table.add("the same again, without covers, from the cache", f"{kept.wall:.2f} s",
              f"{kept.wall / plain.wall:.2f} × the first time", "", None)
