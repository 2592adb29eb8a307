"""Articles by their addresses: chapbook URL…, from servers of all manners (tests/lib/web.py)."""

import hashlib
import os
import pty
import re
import select
import shutil
import subprocess

import epub
import harness
import web

TEXT = """<p>The river rises in the hills above the town, where the first rain of autumn falls on the
moor, and it takes nine days to reach the sea. Nobody who lives along it has followed it all the way.</p>
<p>In spring the water is brown and quick, and in summer it is so low that children cross it on
stones. The mill at the weir has not turned since the war, but its wheel is still there.</p>
<p>When the council asked what should be done with the mill, three hundred people came to the
meeting, and each had an answer. This is what they said, as far as it could be written down.</p>
"""


def article(*pictures, head="", text=TEXT, title="The Mill at the Weir"):
    """A page with an article in it, and these pictures with captions."""
    figures = "".join(f'<figure><img src="{src}" alt="Picture {i}">'
                      f"<figcaption>Caption number {i}.</figcaption></figure>"
                      for i, src in enumerate(pictures, 1))
    return (f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}"
            f"</head><body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>{figures}{text}"
            "</article></body></html>")


def book(t, name="book.epub"):
    t.keep(t.dir / name)
    return epub.Epub(t.dir / name)


def pages(b):
    return b"".join(b.read(name) for name in b.spine()).decode()


def image_items(b):
    return [item for item in b.items.values() if item.get("media-type").startswith("image/")]


def test_page_with_pictures(t):
    """One book of a page and all its pictures, with where it came from."""
    with web.Server() as server:
        server.files["/story"] = web.Answer(article(
            "red.png", "/deep/blue", "red.png#again",
            head='<link rel=canonical href="https://example.org/the-mill">'))
        server.files["/red.png"] = web.Answer(web.png(8, 8, (255, 0, 0)), "image/png")
        server.files["/deep/blue"] = web.Answer(web.png(9, 9, (0, 0, 255)), "image/png")
        server.files["/go"] = web.Answer(b"", None, {"Location": "/story"}, 302)
        result = t.ok("-o", "book.epub", server.url("/go"), env={"SOURCE_DATE_EPOCH": "1700000000"})
        t.equal(result.err, b"", "nothing is printed to a pipe")
        asked, reached = server.url("/go"), server.url("/story")
        digest = hashlib.sha256(server.files["/story"].body).hexdigest()
        t.equal(sorted(server.paths()), ["/deep/blue", "/go", "/red.png", "/story"], "each once")
    b = book(t)
    t.equal(len(image_items(b)), 2, "pictures")
    opf, text = b.read(b.opf_name).decode(), pages(b)
    for fact in ("https://example.org/the-mill", asked, reached, digest, "2023-11-14T22:13:20Z"):
        t.true(fact in opf, f"{fact} in the package document")
    t.true("Read it at" in text and 'href="https://example.org/the-mill"' in text, "the address at the end")
    for fact in (asked, reached, digest, "2023-11-14T22:13:20Z", "<script"):
        t.true(fact not in text, f"{fact} is on a page")
    t.true(not re.search(r'(src|poster|data)="https?:', text), "nothing is left outside")
    source = b.record()["isBasedOn"]
    t.equal((source["url"], source["contentUrl"], source["sha256"], source["dcterms:date"]),
            (asked, reached, digest, "2023-11-14T22:13:20Z"), "the record")


# What becomes of a picture from a server with bad manners: whether the book has it.
BAD_PICTURES = {
    "/status/404": False, "/status/410": False, "/truncated": False,
    "/too_long": False, "/wrong_type": None, "/page": False, "/bomb": False, "/endless": False,
    "/endless_drip": False, "/loop": False, "/chain/11": False, "/nowhere": False,
    "/reset": False, "/closed": False, "/not_http": False, "/silent": False, "/stall": False,
    "/chunked_truncated": False, "/chunked_broken": False, "/gzip_broken": False,
    "/busy/503/2/9": False, "/busy/429/1/1": False, "/flood": False, "/huge_length": False,
}


def test_bad_pictures(t):
    """A picture that cannot be had never keeps the book from being made, and soon: its caption and
    its address stay."""
    with web.Server() as server:
        # The time-out is short for what never comes; what must come is in the cache before.
        fresh = {"Cache-Control": "max-age=99999"}
        server.files["/good.png"] = web.Answer(web.PNG, "image/png", fresh)
        server.files["/fine"] = web.Answer(article("good.png"), headers=fresh)
        t.ok("-o", "fine.epub", server.url("/fine"))
        server.files["/story"] = web.Answer(article("good.png", *BAD_PICTURES), headers=fresh)
        t.ok("--no-images", "-o", "story.epub", server.url("/story"))
        server.made("bomb", web.bomb)
        args = ("--timeout", "3", "--max-image-size", "2M", "-o", "book.epub", server.url("/story"))
        result = t.ok(*args, memory=200)
        lost = len([1 for had in BAD_PICTURES.values() if had is False])
        t.equal(result.err.count(b"[image-missing]") + result.err.count(b"[image-broken]"), lost,
                f"losses are reported\n{result}")
        b = book(t)
        text = pages(b)
        for i, (path, had) in enumerate(BAD_PICTURES.items(), 2):
            t.true(f"Caption number {i}." in text, f"the caption of {path}")
            if had is False:
                t.true(f'class="missing-source" href="{server.url(path)}"' in text, path)
        strict = t.chapbook("--strict", *args)
        t.equal(strict.status, 3, f"--strict minds\n{strict}")
        t.equal((t.dir / "book.epub").exists(), True, "but the book is made")
        t.equal(t.chapbook("--strict", "-o", "x.epub", server.url("/fine")).status, 0)


BAD_PAGES = ["/status/404", "/status/500", "/empty", "/truncated", "/bomb", "/endless", "/loop",
             "/chain/11", "/reset", "/not_http", "/silent", "/chunked_broken", "/busy/429/600/9",
             "/picture", "/to/302?ftp://127.0.0.1/x", "/to/302?file:///etc/passwd"]


def test_compressed_pages(t):
    """What a gzip file holds counts for --max-page-size."""
    with web.Server() as server:
        t.ok("-o", "book.epub", server.url("/gzip_page"))
        result = t.chapbook("--max-page-size", "2M", "-o", "large.epub", server.url("/gzip_page/3"))
        t.equal(result.status, 1, str(result))
        t.true(b"use a larger --max-page-size" in result.err, str(result))
        t.true(not (t.dir / "large.epub").exists(), "no book")


def test_bad_pages(t):
    """A page that cannot be had is a clear error, soon, and no file."""
    with web.Server() as server:
        for path in BAD_PAGES:
            result = t.chapbook("--timeout", "2", "--max-page-size", "2M", "-o", "book.epub",
                                server.url(path))
            t.equal(result.status, 1, f"{path}\n{result}")
            lines = result.err.decode().splitlines()
            t.true(len(lines) == 1 and lines[0].startswith("chapbook: http://127.0.0.1"),
                   f"{path}: {lines}")
            t.true(not list(t.dir.glob("*.epub")), path)
    # no server at all
    result = t.chapbook("--timeout", "2", f"http://127.0.0.1:{web.free_port()}/x")
    t.equal(result.status, 1, str(result))


def test_busy_host(t):
    """A host that asks to be left alone for long is: the others' pictures are there."""
    with web.Server() as server, web.Server() as busy:
        server.files["/good.png"] = web.Answer(web.PNG, "image/png")
        server.files["/story"] = web.Answer(article(
            *(busy.url(f"/busy/503/3600/9?{n}") for n in range(12)), "good.png"))
        result = t.ok("-o", "book.epub", server.url("/story"))
        t.equal(result.err.count(b"asks to wait") + result.err.count(b"has asked to wait"), 12,
                str(result))
        t.true(len(busy.requests) <= 8, f"{len(busy.requests)} requests")
        t.equal(len(image_items(book(t))), 1)


def test_other_types(t):
    """Text and Markdown are read, too; what is not text is reported."""
    with web.Server() as server:
        server.files["/notes"] = web.Answer("# One\n\nSome *words* of it.\n", "text/markdown")
        server.files["/plain"] = web.Answer("A Title of It\n\nBy Ann Brown\n\nSome words of it.\n",
                                            "text/plain; charset=utf-8")
        server.files["/latin"] = web.Answer(article(text=TEXT + "<p>Fu\xdfg\xe4nger</p>")
                                            .replace("<meta charset=utf-8>", "").encode("latin-1"),
                                            "text/html; charset=iso-8859-1")
        server.files["/pdf"] = web.Answer(b"%PDF-1.4\n", "application/pdf")
        for path in ("/notes", "/plain", "/latin"):
            t.ok("-o", f"{path[1:]}.epub", server.url(path))
        t.true("<em>words</em>" in pages(book(t, "notes.epub")), "Markdown")
        t.true("Fußgänger" in pages(book(t, "latin.epub")), "the server's charset counts")
        result = t.chapbook(server.url("/pdf"))
        t.true(result.status == 1 and b"this is a PDF file" in result.err, str(result))


def test_several_pages(t):
    """An article in several pages is one; the next article is another."""
    with web.Server() as server:
        for n in (1, 2, 3):
            nxt = f"?page={n + 1}" if n < 3 else "/other-article"
            server.files["/story" + (f"?page={n}" if n > 1 else "")] = web.Answer(article(
                f"p{n}.png", head=f'<link rel=next href="{nxt}">',
                text=TEXT.replace("river", f"stream{n}")))
            server.files[f"/p{n}.png"] = web.Answer(web.png(8, 8, (n, n, n)), "image/png")
        server.files["/broken"] = web.Answer(article(head='<link rel=next href="/broken/2">'))
        t.ok("-o", "book.epub", server.url("/story"))
        text = pages(book(t))
        t.equal([text.count(f"stream{n} rises") for n in (1, 2, 3)], [1, 1, 1])
        t.equal(len(image_items(epub.Epub(t.dir / "book.epub"))), 3, "pictures")
        t.true(not any("other" in path for path in server.paths()), "the next article is another")
        result = t.chapbook("--strict", "-o", "broken.epub", server.url("/broken"))
        t.true(result.status == 3 and b"[page-missing]" in result.err, str(result))


def test_srcset(t):
    """Of the sizes that a page offers, the one that is enough."""
    sizes = [400, 800, 1600, 3200]
    srcset = ", ".join(f"/w{w}.png {w}w" for w in sizes)
    with web.Server() as server:
        server.files["/story"] = web.Answer(article("w400.png").replace(
            'src="w400.png"', f'src="w400.png" srcset="{srcset}"'))
        for w in sizes:
            server.files[f"/w{w}.png"] = web.Answer(web.png(w, 10, (w % 256, 9, 9)), "image/png")
        for args, wanted in (([], "/w1600.png"), (["--image-size", "700x700"], "/w800.png"),
                             (["--profile", "archive"], "/w3200.png")):
            server.forget()
            t.ok(*args, "--cache", "none", "-o", "book.epub", server.url("/story"))
            t.equal(server.paths(), ["/story", wanted], f"{args}")


def test_cache(t):
    """A second run asks for nothing that is fresh, and only whether the rest has changed; offline
    there is what was there before, and no socket."""
    with web.Server() as server:
        server.files["/story"] = web.Answer(article("one.png", "two.png"),
                                            headers={"Cache-Control": "max-age=600"})
        for name in ("one", "two"):
            server.files[f"/{name}.png"] = web.Answer(
                web.png(8, 8, (len(name), ord(name[0]), 0)), "image/png",
                {"Cache-Control": "max-age=600"})
        url = server.url("/story")
        epoch = {"SOURCE_DATE_EPOCH": "1700000000"}
        t.ok("-o", "first.epub", url, env=epoch)
        server.forget()
        result = t.ok("-v", "-o", "second.epub", url, env=epoch)
        t.equal(server.paths(), [], "asked again")
        t.true(b"0 fetched (0.0 MB), 0 unchanged, 3 from the cache" in result.err, str(result))
        t.equal((t.dir / "first.epub").read_bytes(), (t.dir / "second.epub").read_bytes(), "books")
        t.ok("--cache", "none", "-o", "third.epub", url)
        t.equal(len(server.paths()), 3, "without a cache")
    if harness.WRAP or harness.SANITIZED:
        return
    strace = harness.need_tool("strace")
    result = t.run([strace, "-f", "-o", "trace", "-e", "trace=socket,connect", harness.CHAPBOOK,
                    "--offline", "--cover", "none", "-o", "offline.epub", url], env=epoch)
    t.equal(result.status, 0, str(result))
    t.true("socket(" not in (t.dir / "trace").read_text(), "a socket")
    t.equal((t.dir / "offline.epub").read_bytes(), (t.dir / "first.epub").read_bytes(), "offline")
    result = t.chapbook("--offline", url + "-other")
    t.true(result.status == 1 and b"--offline" in result.err, str(result))


def test_credentials_and_referrers(t):
    """Headers and cookies of the caller's go to the hosts of the pages, not to those of pictures;
    pictures are asked for from the page."""
    with web.Server() as site, web.Server() as other:
        site.files["/story"] = web.Answer(article("/near.png", other.url("/far.png").replace(
            "127.0.0.1", "localhost"), "/need_referer"))
        site.files["/near.png"] = web.Answer(web.png(8, 8, (1, 1, 1)), "image/png")
        other.files["/far.png"] = web.Answer(web.png(8, 8, (2, 2, 2)), "image/png")
        t.file("cookies.txt", "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tkey\tvalue\n")
        t.ok("--header", "X-Secret: 1", "--cookies", "cookies.txt", "--user-agent", "Reader/9",
             "-o", "book.epub", site.url("/story"))
        for request in site.requests:
            t.equal(request["headers"].get("x-secret"), "1", request["path"])
            t.equal(request["headers"].get("cookie"), "key=value", request["path"])
            t.equal(request["headers"].get("user-agent"), "Reader/9", request["path"])
        far = other.requests[0]["headers"]
        t.true("x-secret" not in far and "cookie" not in far, str(far))
        t.true(far.get("referer", "").startswith("http://127.0.0.1"), str(far))
        t.equal(len(image_items(book(t))), 3, "pictures, also the one that wants a Referer")


def test_files_stay_at_home(t):
    """A file's pictures are fetched when the caller allows it, and then from public addresses alone."""
    with web.Server() as server:
        server.files["/x.png"] = web.Answer(web.PNG, "image/png")
        t.file("a.md", f"# Title\n\n![Words]({server.url('/x.png')})\n")
        result = t.ok("-o", "book.epub", "a.md")
        t.true(b"[image-remote]" in result.err, str(result))
        result = t.ok("--online", "-o", "book.epub", "a.md")
        t.true(b"[image-missing]" in result.err, str(result))
        t.equal(server.paths(), [], "asked")


def test_many(t):
    """Several addresses make a book each, one that fails fails alone."""
    with web.Server(latency=0.02) as server:
        urls = []
        for n in range(12):
            server.files[f"/a/story-{n}.html"] = web.Answer(article(f"/p{n}.png", title=f"Story {n}"))
            server.files[f"/p{n}.png"] = web.Answer(web.png(8, 8, (n, 0, 0)), "image/png")
            urls.append(server.url(f"/a/story-{n}.html"))
        result = t.chapbook("-o", "books/", *urls, server.url("/status/404"))
        t.equal(result.status, 1, str(result))
        t.equal(sorted(p.name for p in t.dir.glob("books/[!.]*")),
                sorted(f"story-{n}.epub" for n in range(12)))
        t.ok("-o", "all.epub", *urls[:3])
        t.equal(len(image_items(book(t, "all.epub"))), 3)
        t.file("list.tsv", "one\t" + urls[0] + "\ntwo\t" + urls[1] + "\n")
        t.ok("-i", "list.tsv", "-o", "listed/")
        t.equal(sorted(p.name for p in t.dir.glob("listed/[!.]*")), ["one.epub", "two.epub"])
        result = t.ok("extract", urls[0])
        t.true(f'src="{server.url("/p0.png")}"'.encode() in result.out, "extract keeps addresses")


def test_progress(t):
    """On a terminal a line without counts reports what is being done, and is removed; in a pipe there is none."""
    if harness.WRAP:
        raise harness.NotMeant()
    with web.Server(latency=0.02) as server:
        server.files["/story"] = web.Answer(article("a.png", "b.png"))
        for name in "ab":
            server.files[f"/{name}.png"] = web.Answer(web.png(8, 8, (ord(name), 0, 0)), "image/png")
        for args, seen in ((["-o", "one.epub"], True), (["-q", "-o", "two.epub"], False)):
            master, slave = pty.openpty()
            env = {**harness.base_env(), "XDG_CACHE_HOME": str(t.dir / "c")}
            process = subprocess.Popen([harness.CHAPBOOK, "--cover", "none", *args,
                                        server.url("/story")], cwd=t.dir, env=env,
                                       stdout=subprocess.PIPE, stderr=slave)
            os.close(slave)
            out, shown = b"", b""
            while select.select([master], [], [], harness.HANG)[0]:
                try:
                    shown += os.read(master, 4096)
                except OSError:
                    break
            out = process.communicate(timeout=harness.HANG)[0]
            os.close(master)
            t.equal(process.returncode, 0, shown)
            for words in (b": fetching", b": pictures", b": writing"):
                t.equal(words in shown, seen, f"{args}: {words}: {shown}")
            t.true(b" of 2" not in shown, f"no counts: {shown}")
            t.equal(out, b"one.epub\n" if seen else b"", "standard output")
            last = shown.split(b"\r\x1b[K")[-1]
            t.true(b"fetching" not in last and b"pictures" not in last, f"the line is removed: {shown}")
    quiet = t.ok("-o", "x.epub", "--cache", "none", "--explain", t.file("x.txt", "Title\n\nText.\n"))
    t.true(b"\x1b" not in quiet.err, "no line in a pipe")


def test_in_the_sandbox(t):
    """With the sandbox on, fetching works, and so does TLS's and the cache's file work."""
    if harness.WRAP or harness.SANITIZED:
        raise harness.NotMeant()
    with web.Server() as server:
        server.files["/story"] = web.Answer(article("a.png"))
        server.files["/a.png"] = web.Answer(web.PNG, "image/png")
        result = t.chapbook("--sandbox=yes", "--cover", "auto", "-o", "book.epub", server.url("/story"))
        if b"cannot keep" in result.err:
            raise harness.NoRight("Landlock or seccomp")
        t.equal(result.status, 0, str(result))
        b = book(t)
        t.equal(len(image_items(b)), 2, "the picture and the cover")
        t.true((t.dir / "cache-home" / "chapbook").is_dir(), "the cache")


def test_private_addresses(t):
    """A page at a public address cannot make chapbook ask the machine's own network. (Public
    addresses are had in a network namespace of the test's own.)"""
    if harness.WRAP:
        raise harness.NotMeant()
    ip, namespace = harness.need_tool("ip", "iproute2"), harness.in_new_namespace("net")
    script = t.file("serve.py", f'''
import subprocess, sys
sys.path.insert(0, {str(harness.TESTS / "lib")!r})
import web
subprocess.run([{ip!r}, "link", "set", "lo", "up"], check=True)
subprocess.run([{ip!r}, "addr", "add", "203.0.113.5/32", "dev", "lo"], check=True)
with web.Server() as private, web.Server(host="203.0.113.5") as public:
    public.files["/story"] = web.Answer(open({str(t.dir / "story.html")!r}).read()
                                        .replace("PRIVATE", private.url("/secret.png"))
                                        .replace("PUBLIC", public.url("/x.png")))
    public.files["/away"] = web.Answer(b"", None, {{"Location": private.url("/page")}}, 302)
    public.files["/x.png"] = web.Answer(web.PNG, "image/png")
    private.files["/secret.png"] = web.Answer(web.PNG, "image/png")
    for path in ("/story", "/away"):
        r = subprocess.run([{str(harness.CHAPBOOK)!r}, "--cover", "none", "--cache", "none", "-o",
                            {str(t.dir / "book.epub")!r}, public.url(path)], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE)
        print(path, r.returncode, r.stderr.decode().strip().replace("\\n", " "))
    print(private.paths(), sorted(public.paths()))
''')
    t.file("story.html", article("PRIVATE", "PUBLIC"))
    result = t.run([*namespace, "python3", script])
    lines = result.out.decode().splitlines()
    t.true(len(lines) == 3, str(result))
    t.true(lines[0].startswith("/story 0 ") and "[image-missing]" in lines[0], lines[0])
    t.true(lines[1].startswith("/away 1 "), lines[1])
    t.equal(lines[2], "[] ['/away', '/story', '/x.png']", "who was asked")
    t.equal(len(image_items(epub.Epub(t.dir / "book.epub"))), 1, "pictures")
