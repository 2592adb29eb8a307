"""User names and passwords in addresses: sent where they belong, kept and printed nowhere."""

import base64

import epub
import web

LOGINS = ("ann:hush", "ann:hush%2Fhush", "hush", "ann:hush@hush", ":hush")
ARTICLE = ("<!DOCTYPE html><html lang=en><head><title>Herons</title><link rel=next href='/one?page=2'>"
           "</head><body><article><h1>Herons</h1>"
           + "<p>Herons stand in the shallow water of the harbour and wait for what comes by, all day.</p>" * 5
           + "<p>See <a href='//ann:hush@example.org/x'>this</a> and <a href='/y'>that</a>.</p>"
           "<figure><img src='/near.png' alt='A heron' width=600 height=400><figcaption>A heron</figcaption></figure>"
           "<figure><img src='{far}' alt='A heron' width=600 height=400><figcaption>Far</figcaption></figure>"
           "<figure><img src='/gone.png' alt='A heron' width=600 height=400><figcaption>Gone</figcaption></figure>"
           "</article></body></html>")


def quiet(t, what, *texts):
    for text in texts:
        text = text if isinstance(text, bytes) else text.encode()
        t.true(b"hush" not in text and b"ann:" not in text, f"{what}: a secret in\n{text.decode(errors='replace')}")


def look(t, what, result, book):
    quiet(t, f"{what}: output", result.out, result.err)
    quiet(t, f"{what}: names", *(str(path.name) for path in t.dir.rglob("*")))
    for name, data in epub.Epub(book).files().items():
        quiet(t, f"{what}: {name}", data)
    t.keep(book)
    for option in ((), ("--json",)):
        quiet(t, f"{what}: info", t.ok("info", *option, book).out)
    for path in (t.dir / "cache").rglob("*"):
        kept = path.read_bytes() if path.is_file() else b""
        quiet(t, f"{what}: {path}", b"" if kept.startswith(b"<!DOCTYPE") else kept)  # the server's own words


def test_login_of_address(t):
    with web.Server() as server, web.Server() as other:
        page = ARTICLE.replace("{far}", other.url("/far.png"))
        server.files["/one"] = web.Answer(page)
        server.files["/near.png"] = other.files["/far.png"] = web.Answer(web.PNG, "image/png")
        server.files["/go"] = web.Answer("", headers={"Location": other.url("/one")}, status=302)
        other.files["/one"] = web.Answer(page)
        for login in LOGINS[:3]:
            url = server.url("/one").replace("//", f"//{login}@")
            server.requests.clear()
            result = t.ok("-v", "--explain", "--cache", "cache", url)
            book = t.dir / "herons.epub"
            look(t, login, result, book)
            sent = "Basic " + base64.b64encode(
                (login if ":" in login else login + ":").replace("%2F", "/").encode()).decode()
            asked = {request["path"]: request["headers"].get("authorization") for request in server.requests}
            for path in ("/one", "/near.png", "/gone.png"):
                if path in asked:  # not in the cache
                    t.equal(asked[path], sent, f"{login}: what is sent for {path}")
            t.true(login != LOGINS[0] or {"/one", "/near.png"} <= set(asked), asked)
            pages = [r for r in server.requests if r["path"].startswith("/one")]
            t.true(login != LOGINS[0] or (len(pages) > 1 and all("authorization" in r["headers"] for r in pages)), pages)
            for request in other.requests:
                t.equal(request["headers"].get("authorization"), None, f"{login}: sent to another host: {request}")
                quiet(t, "sent to another host", str(request))
            book.unlink()
            listed = t.ok("-v", "-i", t.file("list.tsv", f"one\t{url}\n"), "-o", "books/", "--cache", "cache")
            look(t, login, listed, t.dir / "books" / "one.epub")
            t.file("list.tsv")
            result = t.ok("extract", "--json", "--cache", "cache", url)
            quiet(t, "extract --json", result.out, result.err)
            quiet(t, "extract", t.ok("extract", "--cache", "cache", url).out)
            away = t.ok("-v", "--cache", "cache", "-o", "away.epub", server.url("/go").replace("//", f"//{login}@"))
            look(t, f"{login} redirected", away, t.dir / "away.epub")
        for login in LOGINS:
            for address in (server.url("/nope"), "http://127.0.0.1:1/x", "http://localhost:99999/", "ftp://h/x"):
                result = t.chapbook("-v", "--explain", "--cache", "cache", address.replace("//", f"//{login}@"))
                t.true(result.status in (1, 2), result)
                quiet(t, f"{login} {address}", result.err, result.out)
        for address in ("http://ann:hush/hush@h/", "http://ann:hush\\@h/", "HTTP://ann:hush@[::1/"):
            result = t.chapbook("-v", address)
            t.true(result.status in (1, 2), result)
            quiet(t, address, result.err, result.out)


def test_login_of_files(t):
    """--base-url, --source, front matter."""
    url = "http://ann:hush@127.0.0.1:1/page"
    t.file("page.html", ARTICLE.replace("{far}", "http://ann:hush@127.0.0.1:1/far.png"))
    result = t.chapbook("-v", "--explain", "--online", "--cache", "cache", "--base-url", url, "-o", "a.epub", "page.html")
    look(t, "--base-url", result, t.dir / "a.epub")
    t.file("a.md", "---\nauthor:\n- name: Ann\n  url: http://ann:hush@h.example/\nsource: http://ann:hush@h.example/s\n"
               "identifier: http://ann:hush@h.example/i\ncover-image: http://ann:hush@h.example/c.png\n"
               "publisher: http://ann:hush@h.example/\nseries: http://ann:hush@h.example/\nrights: http://ann:hush@h.example/\n"
               "subjects: [http://ann:hush@h.example/]\n---\n\n"
               "# Herons\n\nWords [of](http://ann:hush@h.example/l) it ![a](http://ann:hush@h.example/p.png).\n")
    look(t, "front matter", t.ok("-v", "--explain", "-o", "b.epub", "a.md"), t.dir / "b.epub")
    t.file("b.md", "# Herons\n\nWords of it.\n")
    result = t.ok("-v", "--explain", "--source", url, "--author", "Ann", "--author-url", url, "--identifier", url,
                  "--publisher", url, "--subject", url, "--rights", url, "-o", "c.epub", "b.md")
    look(t, "options", result, t.dir / "c.epub")
