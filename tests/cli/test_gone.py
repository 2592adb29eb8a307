"""Hosts that are not reached, and pages that are gone."""

import socket

import epub
import web

WORDS = b"The lamp was lit at four, as it had been every afternoon since the first of October. " * 6
PAGE = (b"<!DOCTYPE html><html lang=en><head><title>The Lamp</title></head><body><article><h1>The Lamp</h1><p>" +
        WORDS + b"</p><img src='lamp.png' alt='A lamp' width=400 height=300><p>" + WORDS + b"</p></article></body></html>")


def closed_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_dead_hosts(t):
    """After two failed connections a host is not asked again."""
    dead = f"http://127.0.0.1:{closed_port()}"
    with web.Server() as server:
        server.files["/good"] = web.Answer(PAGE)
        t.file("list", "".join(f"{dead}/{n}\n" for n in range(40)) + server.url("/good") + "\n")
        result = t.chapbook("--cache", "none", "-j", "1", "-o", "out/", "-i", "list")
    t.equal((result.status, result.out), (1, b"out/the-lamp.epub\n"), str(result))
    t.equal(result.err.count(b"no connection: Connection refused (tried 2 times)"), 1, str(result))
    t.equal(result.err.count(b"the host was not reached before, and is not asked again in this run"), 39, str(result))


def test_wayback(t):
    """Missing pages and pictures are taken from a web archive; the end of the article reports it."""
    dead = f"http://127.0.0.1:{closed_port()}"
    with web.Server() as server, web.Server() as archive:
        gone = {"404": server.url("/404/story"), "410": server.url("/410/story"), "dead": f"{dead}/story"}
        for status in (404, 410):
            server.files[f"/{status}/story"] = web.Answer("no", status=status)
        for url in gone.values():
            base = "/web/20250309080000id_/" + url
            archive.files[base] = web.Answer(PAGE)
            archive.files[base.replace("/story", "/lamp.png")] = web.Answer(web.png(400, 300), "image/png")
        server.files["/busy"] = web.Answer("no", status=403)
        env = {"SOURCE_DATE_EPOCH": "1741507200"}  # 2025-03-09T08:00:00Z
        args = ["--cache", "none", "--wayback-url", archive.url("/web"), "--header", "X-Secret: lake"]
        for name, url in gone.items():
            result = t.ok(*args, "-o", f"{name}.epub", url, env=env)
            t.equal(result.err, b"", name)
            book = epub.Epub(t.dir / f"{name}.epub")
            text = b"".join(data for entry, data in book.files().items() if entry.endswith("xhtml")).decode()
            t.true("The page was taken from a web archive: " in text, text)
            t.true(f"/web/20250309080000id_/{url}" in text, text)
            t.true(any(entry.endswith(".png") for entry in book.files()), "the picture")
            t.keep(t.dir / f"{name}.epub")
        for request in archive.requests:
            t.true("x-secret" not in request["headers"], request)
        t.equal(t.chapbook(*args[:-2], server.url("/busy")).status, 1, "403")
        t.equal(t.chapbook("--cache", "none", gone["404"]).status, 1, "without --wayback")
