"""Pages and pictures by URL, from servers of all manners (tests/lib/web.py), through get.c."""

import contextlib
import hashlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import harness
import web

HERE = Path(__file__).resolve().parent
_lock = threading.Lock()

# Codes of chapbook.h.
USAGE, INPUT, LIMIT, IO = 1, 2, 3, 4


def getter():
    """get.c, built once."""
    with _lock:
        program = harness.WORK / "get"
        if not program.exists():
            flags = ["-fsanitize=address,undefined"] if harness.SANITIZED else []
            subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-g", "-Wall",
                            "-Wextra", "-Werror", *flags, f"-I{harness.ROOT}/src", HERE / "get.c",
                            harness.BUILD / "libchapbook.a", *harness.library_flags(), "-o",
                            program], check=True)
        return program


class Outcome:
    def __init__(self, lines, seconds):
        *answers, tally = lines
        self.lines = answers
        self.seconds = seconds
        self.fetched, self.unchanged, self.cached, self.bytes = map(int, tally.split()[1:])

    @property
    def errors(self):
        return [line for line in self.lines if line.startswith("error")]


def get(t, *args, env=None, wrap=(), **kw):
    result = t.run([*wrap, getter(), *args], cpu=60, env=env, **kw)
    t.equal((result.status, result.err), (0, b""), str(result))
    lines = result.out.decode().splitlines()
    t.true(all(len(line) < 540 for line in lines), "messages fit")
    return Outcome(lines, result.seconds)


def got(t, outcome, body=web.PAGE, which=0):
    """This URL was got, and these are its bytes."""
    line = outcome.lines[which].split(" ")
    t.true(line[0] == "ok", outcome.lines[which])
    t.equal((int(line[1]), line[2]), (len(body), hashlib.sha256(body).hexdigest()[:16]), "bytes")
    return dict(zip(("type", "charset", "how", "where", "url"), line[3:]))


def failed(t, outcome, code, *words, which=0):
    line = outcome.lines[which]
    t.true(line.startswith(f"error {code} "), line)
    for word in words:
        t.true(word in line, f"{word!r} is not in {line!r}")


# --- Good manners ---

def test_page_and_picture(t):
    with web.Server() as s:
        o = get(t, s.url("/page"), "-p", "-r", s.url("/page"), s.url("/picture"))
        t.equal(got(t, o), {"type": "text/html", "charset": "utf-8", "how": "fetched",
                            "where": "private", "url": s.url("/page")}, "page")
        t.equal(got(t, o, web.PNG, 1)["type"], "image/png", "picture's type")
        page, picture = s.requests
        t.true(re.fullmatch(r"Mozilla/5\.0 \(compatible; chapbook/[0-9.]+\)",
                            page["headers"]["user-agent"]), page["headers"])
        t.true("referer" not in page["headers"], "the page itself has no referrer")
        t.equal(picture["headers"]["referer"], s.url("/page"), "Referer")
        for coding in ("gzip", "br", "deflate"):
            t.true(coding in page["headers"]["accept-encoding"], coding)
        t.equal(s.connections, 1, "connections")
        t.equal(o.fetched, 2, "fetched")


def test_types(t):
    with web.Server() as s:
        o = get(t, s.url("/quoted_charset"), s.url("/no_type"), "-p", s.url("/wrong_type"))
        t.equal(got(t, o, "<p>caf\xe9".encode("latin-1"))["charset"], "ISO-8859-1", "charset")
        t.equal(got(t, o, web.PAGE, 1)["type"], "-", "no type")
        t.equal(got(t, o, web.PNG, 2)["type"], "text/html", "as the server declares it")


def test_encodings(t):
    with web.Server() as s:
        o = get(t, *(s.url(f"/{name}") for name in ("gzip", "deflate", "chunked", "http10",
                                                    "odd_encoding")))
        for i in range(5):
            got(t, o, which=i)


def test_user_agent_and_headers(t):
    """The user's own fields go to the hosts that the user asked for, and nowhere else."""
    with web.Server() as s, web.Server() as other:
        o = get(t, "--user-agent", "me/1", "--header", "X-Secret: 42", "--header", "Accept: x/y",
                s.url("/page"), "-p", "-r", s.url("/page"), s.url("/picture"), other.url("/picture"),
                "-n", s.url("/to/302?" + other.url("/page")))
        t.equal(o.errors, [], "errors")
        for r in s.requests:
            t.equal([r["headers"].get(n) for n in ("user-agent", "x-secret", "accept")],
                    ["me/1", "42", "x/y"], r["path"])
        for r in other.requests:
            t.equal([r["headers"].get(n) for n in ("user-agent", "x-secret")], ["me/1", None],
                    r["path"])
        t.equal(len(other.requests), 2, "requests to the other host")
        t.equal(other.requests[0]["headers"]["referer"], s.url("/"), "across origins: the origin")
    o = get(t, "--header", "nothing", "http://127.0.0.1:1/")
    failed(t, o, USAGE, "'nothing'")
    o = get(t, "--header", "A: b\r\nC: d", "http://127.0.0.1:1/")
    failed(t, o, USAGE)


def test_credentials(t):
    with web.Server() as s:
        login = "http://user:pass%3Aword@" + s.url("")[len("http://"):]
        o = get(t, login + "/need_login", login + "/to/302?" + s.url("/need_login"),
                login + "/status/404", login + "/to/302?/status/404", s.url("/need_login"))
        for i in range(2):
            t.equal(got(t, o, which=i)["url"], s.url("/need_login"), "reached, without secrets")
        failed(t, o, INPUT, "404", which=2)
        failed(t, o, INPUT, "404", which=3)
        failed(t, o, INPUT, "401 Unauthorized", which=4)
        t.true("pass" not in "".join(o.lines), o.lines)


def test_cookies(t):
    with web.Server() as s, web.Server() as other:
        o = get(t, s.url("/set_cookie"), "-p", "-r", s.url("/"), s.url("/need_cookie"), "-n",
                s.url("/need_cookie?other=1"))
        t.equal(got(t, o)["url"], s.url("/need_cookie"), "redirected with a cookie")
        got(t, o, which=1)
        failed(t, o, INPUT, "403 Forbidden", which=2)
        jar = t.file("cookies.txt", "# Netscape HTTP Cookie File\n\n"
                     "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc\n"
                     "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t4102444800\thidden\tdef\r\n"
                     "127.0.0.1\tFALSE\t/\tFALSE\t1\told\tno\n"
                     ".example.com\tTRUE\t/\tFALSE\t0\tforeign\tno\n")
        before = jar.read_bytes()
        o = get(t, "--cookies", jar, s.url("/need_cookie?session=abc&hidden=def"),
                s.url("/set_cookie"), s.url("/need_cookie?seen=yes&session=abc"), s.url("/headers"))
        for i in range(3):
            got(t, o, which=i)
        t.equal(sorted(s.last()["headers"]["cookie"].split("; ")),
                ["hidden=def", "seen=yes", "session=abc"], "cookies sent")
        t.equal(jar.read_bytes(), before, "the file is not written")


def test_cookies_of_the_site_only(t):
    """The user's cookies: with pages that the user asks for, and what these ask for of their site."""
    jar = t.file("cookies.txt", "# Netscape HTTP Cookie File\n\n"
                 "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc\n"
                 "localhost\tFALSE\t/\tFALSE\t0\tsession\txyz\n")

    def sent(server):
        return [r["headers"].get("cookie") for r in server.requests]

    with web.Server() as s, web.Server() as other:
        there = f"http://localhost:{other.url().rsplit(':', 1)[1].strip('/')}"
        # Asked for; its own picture, at another port, too; a picture of another site.
        o = get(t, "--cookies", jar, s.url("/page"), "-p", "-r", s.url("/page"), s.url("/picture"), other.url("/picture"),
                there + "/picture")
        t.equal([line[:3] for line in o.lines], ["ok "] * 4, "answers")
        t.equal(sent(s), ["session=abc"] * 2, "of the page's site")
        t.equal(sent(other), ["session=abc", None], "another port, another site")
    with web.Server() as s:
        # A page that the user did not ask for: its own pictures get none.
        o = get(t, "--cookies", jar, "-p", "-r", s.url("/page"), s.url("/picture"), "-r", "", s.url("/picture"),
                "-r", "nonsense", s.url("/picture"))
        t.equal([line[:3] for line in o.lines], ["ok "] * 3, "answers")
        t.equal(sent(s), [None] * 3, "the page was not requested")
    with web.Server() as s, web.Server() as other:
        # A picture that redirects to another site; cookies that servers set there are used there.
        there = f"http://localhost:{other.url().rsplit(':', 1)[1].strip('/')}"
        s.files["/away"] = web.Answer(b"", None, {"Location": there + "/cookie_wall"}, 302)
        o = get(t, "--cookies", jar, s.url("/page"), "-p", "-r", s.url("/page"), s.url("/away"))
        t.true(o.lines[1].startswith("ok "), o.lines[1])
        t.true(all(c is None or "xyz" not in c for c in sent(other)), sent(other))
        t.true(len(other.requests) >= 2, "the wall")


def test_cookie_files(t):
    failed(t, get(t, "--cookies", "nothing.txt", "http://127.0.0.1:1/"), IO, "nothing.txt",
           "No such file")
    t.file("json", '[{"name": "a"}]\n')
    failed(t, get(t, "--cookies", "json", "http://127.0.0.1:1/", "http://127.0.0.1:1/x"), USAGE,
           "json:1:", "Netscape")
    t.file("empty", "# nothing\n")
    with web.Server() as s:
        got(t, get(t, "--cookies", "empty", s.url("/page")))


def test_referrer(t):
    with web.Server() as s:
        o = get(t, "-p", s.url("/need_referer"), "-r", s.url("/page?secret"), s.url("/need_referer"))
        failed(t, o, INPUT, "403 Forbidden")
        got(t, o, web.PNG, 1)


def test_addresses(t):
    """What is written into an address, and what is asked for."""
    with web.Server() as s:
        s.files["/a%20b"] = web.Answer(b"1")
        s.files["/caf%C3%A9?x=%22"] = web.Answer(b"2")
        o = get(t, f"  {s.url('/a b')}\n", s.url('/caf\u00e9?x="#part'), s.url("/page#x"),
                s.url("").upper() + "/page", s.url("?x"))
        got(t, o, b"1", 0)
        got(t, o, b"2", 1)
        t.equal(got(t, o, which=2)["url"], s.url("/page"), "no fragment")
        t.equal(got(t, o, which=3)["url"], s.url("/page"), "host in lower case")
        failed(t, o, INPUT, "404", which=4)
        t.equal(s.last()["path"], "/?x", "a path")


def test_no_addresses(t):
    wrong = ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http:///x", "http://a b/",
             "http://a\\@b/", "http://a@b@c/", "http://a:99999/", "http://a:x/", "http://[::1/",
             "http://%31/", "article.html", "http:", "https://[fe80::1%25eth0]/", "//x/"]
    o = get(t, *wrong)
    for i in range(len(wrong)):
        failed(t, o, USAGE, "not an http or https address", which=i)
    o = get(t, "http://127.0.0.1:1/" + "x" * 40000, "http://127.0.0.1:1/" + '"' * 20000)
    for i in range(2):
        failed(t, o, USAGE, "longer than 32768 bytes", which=i)


def test_names(t):
    o = get(t, "http://nowhere.invalid/x", "http://b\u00fccher.invalid/", "http://\u00ad.invalid/")
    failed(t, o, INPUT, "http://nowhere.invalid/x: the host was not found")
    failed(t, o, INPUT, "the host was not found", which=1)


# --- Redirects ---

def test_redirects(t):
    with web.Server() as s:
        s.files["/to/page"] = web.Answer(b"beside")
        s.files["/to/302?x=1"] = web.Answer(b"query")
        o = get(t, *(s.url(f"/to/{status}?/page") for status in (301, 302, 303, 307, 308)),
                s.url("/to/302?" + s.url("/page").replace("http:", "")), s.url("/to/302?page"),
                s.url("/to/302??x=1"), s.url("/to/302?/caf%E9%20%20x"), s.url("/chain/10"),
                s.url("/to/302?/page%23part"))
        for i in range(6):
            t.equal(got(t, o, which=i)["url"], s.url("/page"), f"redirect {i}")
        got(t, o, b"beside", 6)
        got(t, o, b"query", 7)
        failed(t, o, INPUT, f"(redirected to {s.url('/caf')}", "20%20x): the server answers 404", which=8)
        t.true("/caf%E9%20%20X" in [path.replace("e9", "E9").replace("x", "X") for path in s.paths()],
               s.paths())
        got(t, o, which=9)
        got(t, o, which=10)


def test_redirects_that_go_wrong(t):
    with web.Server() as s:
        o = get(t, s.url("/chain/11"), s.url("/loop"), s.url("/nowhere"),
                s.url("/to/302?ftp://127.0.0.1/x"), s.url("/to/302?file:///etc/passwd"),
                s.url("/to/302?"), s.url("/to/302?http://a%5C@b/"), s.url("/to/302?http://:%00"),
                s.url("/to/302?javascript:alert(1)"), s.url("/status/300"), s.url("/status/304"))
        failed(t, o, LIMIT, s.url("/chain/11"), s.url("/chain/0"), "more than 10 redirects")
        failed(t, o, LIMIT, "more than 10 redirects", which=1)
        for i in range(2, 11):
            failed(t, o, INPUT, which=i)
        t.true("ftp://127.0.0.1/x" in o.lines[3], o.lines[3])
        t.equal(s.count("/loop"), 11, "how often it was asked")
        o = get(t, "--redirects", "1", s.url("/chain/1"), s.url("/chain/2"))
        got(t, o)
        failed(t, o, LIMIT, "more than 1 redirects", which=1)


# --- Bad manners ---

def test_statuses(t):
    with web.Server() as s:
        codes = (400, 401, 403, 404, 410, 451, 501, 204, 206, 299, 599)
        o = get(t, *(s.url(f"/status/{code}") for code in codes), s.url("/big_error"),
                s.url("/page"))
        for i, code in enumerate(codes):
            failed(t, o, INPUT, f"the server answers {code}", which=i)
        failed(t, o, INPUT, s.url("/status/404") + ": the server answers 404 Not Found", which=3)
        failed(t, o, INPUT, "404", which=len(codes))
        got(t, o, which=-1)


def test_passing_statuses(t):
    """What may pass is asked for again, three times in all."""
    with web.Server() as s:
        o = get(t, "-j", "8", *(s.url(f"/busy/{code}/-/2") for code in (408, 500, 502, 504)),
                s.url("/status/500"), s.url("/busy/503/-/1"))
        for i in (0, 1, 2, 3, 5):
            got(t, o, which=i)
        failed(t, o, INPUT, "500 Internal Server Error (tried 3 times)", which=4)
        t.equal(s.count("/status/500"), 3, "tries")


def test_retry_after(t):
    """A host that asks to wait is left alone, by all."""
    with web.Server() as s:
        o = get(t, "-j", "2", s.url("/busy/429/2/1"), s.url("/busy/503/date-2/1"))
        got(t, o, which=0)
        got(t, o, which=1)
        for path in ("/busy/429/2/1", "/busy/503/date-2/1"):
            first, second = [r["at"] for r in s.requests if r["path"] == path]
            t.true(second - first > 0.9, (path, first, second))
    with web.Server() as s:
        o = get(t, s.url("/busy/429/2/1"), s.url("/page"))
        got(t, o)
        got(t, o, which=1)
        t.true(s.requests[1]["at"] - s.requests[0]["at"] > 1.9, "two seconds")


def test_retry_after_too_long(t):
    with web.Server() as s, web.Server() as other:
        o = get(t, s.url("/busy/429/3600/9"), s.url("/page"), other.url("/page"))
        failed(t, o, INPUT, "429 Too Many Requests and asks to wait for 3600 s")
        failed(t, o, INPUT, "has asked to wait for 3", which=1)
        got(t, o, which=2)
        t.equal(len(s.requests), 1, "requests")
    with web.Server() as s:
        o = get(t, s.url("/busy/503/nonsense/1"), s.url("/busy/503/0/1"), s.url("/busy/429/-5/1"))
        for i in range(3):
            got(t, o, which=i)


def test_cut_short(t):
    with web.Server() as s:
        o = get(t, "-j", "12", *(s.url(f"/{name}/1") for name in ("truncated", "closed", "reset")),
                s.url("/truncated"), s.url("/chunked_truncated"), s.url("/closed"), s.url("/reset"))
        for i in range(3):
            got(t, o, which=i)
        for i in range(3, 7):
            failed(t, o, INPUT, "(tried 3 times)", which=i)
        failed(t, o, INPUT, "the answer is incomplete", which=3)
        failed(t, o, INPUT, "the answer is incomplete", which=4)
        failed(t, o, INPUT, "without an answer", which=5)
        t.equal(s.count("/truncated"), 3, "tries")


def test_wrong_lengths(t):
    with web.Server() as s:
        o = get(t, s.url("/too_long"), s.url("/page"), s.url("/huge_length"),
                s.url("/negative_length"), s.url("/chunked_broken"), s.url("/empty"))
        got(t, o)
        got(t, o, which=1)
        failed(t, o, LIMIT, "larger than 20 MB", which=2)
        for i in (3, 4, 5):
            failed(t, o, INPUT, which=i)
        failed(t, o, INPUT, "empty", which=5)
        o = get(t, *[s.url("/junk")] * 10)
        t.equal(o.errors, [], "errors")


def test_no_web_servers(t):
    with web.Server() as s:
        o = get(t, s.url("/http09"), s.url("/not_http"))
        for i in range(2):
            failed(t, o, INPUT, "does not speak HTTP", which=i)
    o = get(t, "http://127.0.0.1:1/x")
    failed(t, o, INPUT, "http://127.0.0.1:1/x: no connection: Connection refused (tried 2 times)")


def test_limits(t):
    with web.Server() as s:
        o = get(t, "--page-max", "5000", "--picture-max", "10000", s.url("/large/5000"),
                s.url("/large/5001"), "-p", s.url("/large/10000"), s.url("/large/10001"),
                s.url("/endless"))
        got(t, o, b"x" * 5000)
        failed(t, o, LIMIT, "larger than 5000 bytes", which=1)
        got(t, o, b"x" * 10000, 2)
        failed(t, o, LIMIT, which=3)
        failed(t, o, LIMIT, which=4)
        o = get(t, "-p", s.url("/endless"))
        failed(t, o, LIMIT, "larger than 50 MB")


def test_bombs(t):
    """What is small on the wire and large when unpacked stops at the limit; memory is bounded."""
    with web.Server() as s:
        o = get(t, s.url("/bomb"), s.url("/bomb?twice=1"), s.url("/gzip_broken"), memory=160)
        failed(t, o, LIMIT, "larger than 20 MB")
        failed(t, o, LIMIT, which=1)
        failed(t, o, INPUT, "compression is broken", which=2)


def test_heads(t):
    with web.Server() as s:
        o = get(t, s.url("/flood"), s.url("/continues"), s.url("/long_line"), s.url("/odd_headers"))
        for i in range(2):
            t.true(o.lines[i].startswith("error"), o.lines[i])
        got(t, o, which=2)
        got(t, o, which=3)


def test_slow(t):
    """Every kind of slowness ends in time, and the reason is reported."""
    with web.Server() as s:
        names = ["/silent", "/stall", "/drip/100000/50", "/drip_head", "/endless_drip"]
        o = get(t, "--timeout", "3", "-j", "9", *(s.url(name) for name in names))
        failed(t, o, INPUT, s.url("/silent") + ": no answer within 2 s (tried ")
        failed(t, o, INPUT, which=1)
        failed(t, o, INPUT, which=2)
        failed(t, o, INPUT, which=3)
        failed(t, o, INPUT, "not complete after 3 s", which=4)
        # What is slow and comes in time is whole. The time is generous: the machine may be busy.
        o = get(t, "--timeout", "300", "-j", "2", s.url("/drip/10/20"), s.url("/slow/500"))
        got(t, o, b"x" * 10)
        got(t, o, web.PAGE + b"/slow/500", 1)


# --- Side by side ---

def test_side_by_side(t):
    """Waiting overlaps, six at once with a host, over connections that are used again."""
    with web.Server(gate=web.Gate(6)) as s:
        o = get(t, "-j", "40", *(s.url(f"/page?{i}") for i in range(120)))
        t.equal((o.errors, len(s.requests)), ([], 120), "errors, requests")
        t.equal((s.most, s.connections), (6, 6), "requests at once, connections")
    # Hosts do not wait for each other: all 48 are asked for before one is answered.
    gate = web.Gate(48)
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(web.Server(gate=gate)) for _ in range(8)]
        o = get(t, "-j", "48", *(s.url(f"/page?{i}") for i in range(6) for s in servers))
        t.equal((o.errors, [len(s.requests) for s in servers]), ([], [6] * 8), "errors, requests")


def test_rate(t):
    """Requests to one host keep their distance; another host does not wait for it."""
    with web.Server() as s, web.Server() as other:
        o = get(t, "--rate", "1", "-j", "10", *(s.url(f"/page?{i}") for i in range(4)),
                other.url("/page"))
        t.equal(o.errors, [], "errors")
        t.true(o.seconds > 2.9, f"{o.seconds} s for four requests, one a second")
        t.true(other.requests[0]["at"] < s.requests[-1]["at"], "other hosts need not wait")


def test_http2(t):
    nghttpd = harness.need_tool("nghttpd", "nghttp2-server")
    with web.http2(nghttpd, t.dir, {f"{i}": web.PAGE + b"%d" % i for i in range(20)}) as server:
        url, cert, log = server
        o = get(t, "-j", "20", *(f"{url}/{i}" for i in range(20)), env={"SSL_CERT_FILE": cert})
        for i in range(20):
            got(t, o, web.PAGE + b"%d" % i, i)
        text = log.read_text()
        connections = set(re.findall(r"\[id=(\d+)\].* recv \(stream_id", text))
        t.equal(len(connections), 1, "connections")
        o = get(t, f"{url}/1")
        failed(t, o, INPUT, "certificate is not valid")


# --- Near and far ---

def test_tls(t):
    harness.need_tool("openssl")
    key, cert = web.certificate(t.dir)
    env = {"SSL_CERT_FILE": str(cert)}
    with web.Server(tls=(key, cert)) as s, web.Server() as plain:
        o = get(t, s.url("/page"), s.url("/http10"), s.url("/to/302?" + plain.url("/page")),
                plain.url("/to/302?" + s.url("/page", "localhost")), "-p", "-r", s.url("/page"),
                s.url("/picture"), plain.url("/picture"), env=env)
        t.equal(o.errors, [], "errors")
        t.equal(s.last()["headers"]["referer"], s.url("/page"), "Referer")
        t.true("referer" not in plain.last()["headers"], "no Referer from https to http")
        o = get(t, s.url("/truncated"), s.url("/chunked_truncated"), env=env)
        failed(t, o, INPUT, "the answer is incomplete")
        failed(t, o, INPUT, "the answer is incomplete", which=1)
        failed(t, get(t, s.url("/page")), INPUT, "certificate is not valid")
        o = get(t, s.url("/page").replace("https", "http"), plain.url("/page").replace("http", "https"),
                env=env)
        t.true(o.lines[0].startswith("error"), o.lines)
        failed(t, o, INPUT, "TLS failed", which=1)
    other = t.dir / "other"
    other.mkdir()
    with web.Server(tls=web.certificate(other, "elsewhere.example")) as s:
        failed(t, get(t, s.url("/page", "localhost"), env={"SSL_CERT_FILE": str(other / "cert.pem")}),
               INPUT, "certificate is not valid")


def test_ipv6(t):
    try:
        server = web.Server("::1", family=socket.AF_INET6)
    except OSError as e:
        raise harness.NoRight(f"IPv6 on loopback: {e}")
    with server as s:
        o = get(t, s.url("/page"), "-o", s.url("/page"))
        t.equal(got(t, o)["url"], s.url("/page"), "url")
        failed(t, o, INPUT, "a private address", which=1)


def test_public_only(t):
    """A page from outside does not lead to what is near, not even over a connection that is open."""
    with web.Server() as s:
        near = s.url("/page")
        port = s.port
        o = get(t, near, "-o", near, f"http://localhost:{port}/page", f"http://2130706433:{port}/",
                f"http://0x7f.1:{port}/", f"http://127.1:{port}/", f"http://0:{port}/",
                f"http://[::1]:{port}/", f"http://[::ffff:127.0.0.1]:{port}/",
                "http://192.168.0.1/", "http://10.1.2.3/", "http://169.254.169.254/latest/",
                "http://[64:ff9b::7f00:1]/", "http://[fc00::1]/", "http://255.255.255.255/", "-n", near)
        got(t, o)
        for i in range(1, len(o.lines) - 1):
            failed(t, o, INPUT, "a private address", which=i)
        got(t, o, which=-1)
        t.equal(len(s.requests), 2, "requests")
        t.true(s.connections <= 2, s.connections)


NAMESPACE = """
import os, subprocess, sys
sys.path.insert(0, {lib!r})
import web
run = lambda *args: subprocess.run(args, check=True)
run("ip", "link", "set", "lo", "up")
for address in ("203.0.113.5", "198.51.100.7", "192.168.7.7"):
    run("ip", "address", "add", address + "/32", "dev", "lo")
with web.Server("203.0.113.5", 80) as far, web.Server("198.51.100.7", 80) as other, \\
        web.Server("127.0.0.1", 80) as near, web.Server("192.168.7.7", 80) as router:
    sys.stdout.flush()
    subprocess.run([sys.argv[1], *sys.argv[2:]])
    for name, s in (("far", far), ("other", other), ("near", near), ("router", router)):
        print(name, *s.paths())
"""


def in_namespace(t, *args):
    """get.c in a network of its own, where 203.0.113.5 and 198.51.100.7 are public addresses and
    127.0.0.1 and 192.168.7.7 are not: its lines, and who was asked for what."""
    harness.need_tool("ip", "iproute2")
    namespace = harness.in_new_namespace("net")
    script = t.file("namespace.py", NAMESPACE.format(lib=str(harness.TESTS / "lib")))
    result = t.run([*namespace, sys.executable, "-B", script, getter(), *args], cpu=60)
    t.equal((result.status, result.err), (0, b""), str(result))
    lines = result.out.decode().splitlines()
    asked = {line.split(" ")[0]: line.split(" ")[1:] for line in lines[-4:]}
    return Outcome(lines[:-4], result.seconds), asked


def test_page_from_outside(t):
    far, other, near, router = ("http://203.0.113.5", "http://198.51.100.7", "http://127.0.0.1",
                                "http://192.168.7.7")
    o, asked = in_namespace(
        t, far + "/page", far + "/to/302?" + other + "/page",
        # Redirected from outside to inside, though no page asks.
        far + "/to/302?" + near + "/1", far + "/to/302?" + router + "/2",
        far + "/to/302?" + other + "/to/302%3F" + router + "/3",
        far + "/to/302?http://localhost/4",
        # As a page from outside asks.
        "-p", "-r", far + "/page", "-o", other + "/picture", near + "/5", router + "/6",
        far + "/to/302?" + near + "/7",
        # What the user asks for may be anywhere, and may lead outside.
        "-n", near + "/page", near + "/to/302?" + router + "/page", near + "/to/302?" + far + "/page",
        near + "/to/302?" + far + "/to/302%3F" + near + "/8")
    t.equal(got(t, o)["where"], "public", "where")
    t.equal(got(t, o, which=1)["where"], "public", "where")
    for i in (2, 3, 4, 5, 7, 8, 9, 13):
        failed(t, o, INPUT, "a private address", which=i)
    got(t, o, web.PNG, 6)
    t.equal(got(t, o, which=10)["where"], "private", "where")
    t.equal(got(t, o, which=11)["where"], "private", "where")
    t.equal(got(t, o, which=12)["where"], "public", "where")
    inside = [p for p in asked["near"] + asked["router"] if re.fullmatch(r"/\d", p)]
    t.equal(inside, [], "asked for inside")


def test_proxy(t):
    """Names are the proxy's to look up: what is written must not be near."""
    with web.Server() as proxy, web.Server() as s:
        for url in ("http://x.example/1", "http://203.0.113.9/2"):
            proxy.files["/proxied/" + url] = web.Answer(b"through")
        o = get(t, "--proxy", proxy.url(), "http://x.example/1", "-o", "http://x.example/1",
                "http://203.0.113.9/2", "http://localhost/", "http://router/", "http://printer.local/",
                "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://[::1]/",
                "http://\uff11\uff12\uff17.0.0.1/", "http://a.localhost./")
        got(t, o, b"through")
        got(t, o, b"through", 1)
        got(t, o, b"through", 2)
        for i in range(3, 12):
            failed(t, o, INPUT, "a private address", which=i)
        t.equal(len(proxy.requests), 3, "requests")
        idn = "http://xn--bcher-kva.xn--p1ai/page"
        proxy.files["/proxied/" + idn] = web.Answer(b"letters")
        for locale in ("C", "C.UTF-8"):
            o = get(t, "--proxy", proxy.url(), "http://B\u00fccher.\u0440\u0444/page", env={"LC_ALL": locale})
            got(t, o, b"letters")
        env = {"http_proxy": proxy.url(), "no_proxy": "example.org, 127.0.0.0/8"}
        o = get(t, "http://x.example/1", s.url("/page"), env=env)
        got(t, o, b"through")
        got(t, o, which=1)
        o = get(t, "http://x.example/1", env={"HTTP_PROXY": proxy.url()})
        failed(t, o, INPUT, "the host was not found")


def test_proxy_and_private_names(t):
    """A name that this machine knows to be private is refused on behalf of a public page, though a proxy
    would look it up; not where the proxy alone may look names up."""
    if harness.WRAP or harness.SANITIZED:
        raise harness.NotMeant()
    namespace = harness.in_new_namespace("mount")
    t.file("hosts", "127.0.0.1 localhost\n10.1.2.3 wiki.example.com\n203.0.113.7 public.example.com\n"
           "203.0.113.8 both.example.com\n192.168.1.1 both.example.com\nfd00::1 six.example.com\n")
    with web.Server() as proxy:
        names = ("wiki", "public", "both", "six", "unknown")
        urls = [f"http://{name}.example.com/" for name in names]
        for url in urls:
            proxy.files["/proxied/" + url] = web.Answer(b"through")
        script = f'mount --bind {t.dir}/hosts /etc/hosts && "$@"; status=$?; umount /etc/hosts; exit $status'
        program = [*namespace, "sh", "-c", script, "sh"]
        o = get(t, "--proxy", proxy.url(), "-o", *urls, wrap=program)
        for i, name in enumerate(names):
            if name in ("public", "unknown"):
                got(t, o, b"through", i)
            else:
                failed(t, o, INPUT, "a private address", which=i)
        o = get(t, "--proxy", proxy.url(), *urls, wrap=program)
        for i in range(5):
            got(t, o, b"through", i)
        trace = t.dir / "trace"
        strace = harness.need_tool("strace")
        get(t, "--proxy", "socks5h://127.0.0.1:1", "-o", urls[0], wrap=[strace, "-f", "-o", trace])
        t.true("/etc/hosts" not in trace.read_text(), "socks5h: the name is the proxy's alone")


# --- The cache ---

def test_cache(t):
    with web.Server() as s:
        fresh = s.url("/cache?Cache-Control=max-age%3D1000")
        urls = [fresh, s.url("/etag"), s.url("/modified/1000"), s.url("/cache?Cache-Control=no-store"),
                s.url("/page"), s.url("/cache?Expires=Thu,%2001%20Jan%202099%2000:00:00%20GMT")]
        body = {0: web.PAGE + fresh[len(s.url("")):].encode()}
        first = get(t, "--cache", "kept", *urls)
        t.equal(first.errors, [], "errors")
        t.equal((first.fetched, first.unchanged, first.cached), (6, 0, 0), "first run")
        s.forget()
        again = get(t, "--cache", "kept", *urls)
        t.equal((again.fetched, again.unchanged, again.cached), (2, 1, 3), f"{again.lines}")
        t.equal([re.sub(" cached ", " fetched ", line) for line in again.lines], first.lines,
                "the same answers")
        t.equal(got(t, again, body[0])["how"], "cached", "how")
        t.equal(s.paths(), ["/etag", "/cache?Cache-Control=no-store", "/page"], "asked for")
        t.equal(s.requests[0]["headers"]["if-none-match"], '"one"', "If-None-Match")
        for path in (t.dir / "kept").rglob("*"):
            t.equal(path.stat().st_mode & 0o077, 0, f"{path}: for no other user")


def test_cache_changes(t):
    """What has changed is got anew; what is confirmed gets the server's new headers."""
    with web.Server() as s:
        url = s.url("/x")
        s.files["/x"] = web.Answer(b"one", headers={"ETag": '"1"'})
        got(t, get(t, "--cache", "kept", url), b"one")
        s.files["/x"] = web.Answer(b"two", headers={"ETag": '"2"'})
        t.equal(got(t, get(t, "--cache", "kept", url), b"two")["how"], "fetched", "changed")
        s.files["/x"] = web.Answer(b"", None, {"ETag": '"2"', "Cache-Control": "max-age=100"}, 304)
        t.equal(got(t, get(t, "--cache", "kept", url), b"two")["how"], "cached", "confirmed")
        s.forget()
        t.equal(got(t, get(t, "--cache", "kept", url), b"two")["how"], "cached", "fresh now")
        t.equal(s.requests, [], "not asked")


def test_cache_rules(t):
    """Cache-Control, Vary, Age, Pragma: what must be asked again, and what need not."""
    cases = {  # header fields: whether the second run asks
        "Cache-Control=max-age%3D100": False,
        "Cache-Control=max-age%3D100&Age=200": True,
        "Cache-Control=max-age%3D100,%20no-cache": True,
        "Cache-Control=public,%20MAX-AGE%3D%22100%22": False,
        "Cache-Control=max-age%3Dx": True,
        "Cache-Control=max-age%3D0,%20must-revalidate": True,
        "Cache-Control=max-age%3D100&Vary=Accept-Encoding": False,
        "Cache-Control=max-age%3D100&Vary=Accept,%20User-Agent": False,
        "Cache-Control=max-age%3D100&Vary=*": True,
        "Cache-Control=max-age%3D100&Vary=Cookie": True,
        "Expires=0": True,
        "Expires=Thu,%2001%20Jan%202099%2000:00:00%20GMT&Cache-Control=max-age%3D0": True,
        "Last-Modified=Thu,%2001%20Jan%202015%2000:00:00%20GMT": False,
        "Pragma=no-cache&Last-Modified=Thu,%2001%20Jan%202015%2000:00:00%20GMT": True,
    }
    with web.Server() as s:
        urls = [s.url("/cache?" + query) for query in cases]
        t.equal(get(t, "--cache", "kept", *urls).errors, [], "errors")
        s.forget()
        t.equal(get(t, "--cache", "kept", *urls).errors, [], "errors")
        asked = s.paths()
        t.equal([query for query in cases if "/cache?" + query in asked],
                [query for query, again in cases.items() if again], "asked again")
        # Another Accept is another answer.
        s.forget()
        get(t, "--cache", "kept", "-p", *urls)
        t.true("/cache?Cache-Control=max-age%3D100&Vary=Accept,%20User-Agent" in s.paths(), "Vary")


def test_cache_redirects(t):
    with web.Server() as s:
        o = get(t, "--cache", "kept", s.url("/chain/3"), s.url("/to/302?/chain/0"))
        t.equal(o.errors, [], "errors")
        s.files["/chain/0"] = web.Answer(b"x", status=500)
        s.forget()
        o = get(t, "--cache", "kept", "--offline", s.url("/chain/3"), s.url("/to/302?/chain/0"))
        t.equal(got(t, o)["url"], s.url("/chain/0"), "reached")
        got(t, o, which=1)
        t.equal(s.requests, [], "asked")


def test_cache_and_cookies(t):
    """Redirects in a circle until a cookie is set, now and later."""
    with web.Server() as s:
        for path in ("/cookie_wall", "/to/301?/cookie_wall", "/cookie_gate/4"):
            for _ in range(2):
                t.equal(got(t, get(t, "--cache", "kept", s.url(path)))["url"], s.url("/cookie_wall"),
                        path)


def test_offline(t):
    """No socket, no libcurl; what is stale is good enough."""
    strace = harness.need_tool("strace")
    with web.Server() as s:
        url = s.url("/etag")
        got(t, get(t, "--cache", "kept", url), web.PAGE + b"/etag")
        if harness.SANITIZED:
            raise harness.NotMeant()
        o = get(t, "--cache", "kept", "--offline", url, s.url("/other"),
                wrap=[strace, "-f", "-qq", "-o", "trace", "-e", "trace=network,openat"])
        t.equal(got(t, o, web.PAGE + b"/etag")["how"], "cached", "how")
        failed(t, o, INPUT, s.url("/other") + ": not in the cache, and --offline", which=1)
        trace = (t.dir / "trace").read_text()
        t.true("socket(" not in trace and "libcurl" not in trace, trace)
        failed(t, get(t, "--offline", url), INPUT, "--offline")


def test_cache_damaged(t):
    """Damaged or forged files of the cache are not used."""
    with web.Server() as s:
        url = s.url("/cache?Cache-Control=max-age%3D1000")
        body = web.PAGE + b"/cache?Cache-Control=max-age%3D1000"
        first = get(t, "--cache", "kept", url)
        got(t, first, body)

        def damage(kind, change):
            (path,) = [p for p in (t.dir / "kept" / kind).rglob("*") if p.is_file()]
            data = path.read_bytes()
            path.unlink()
            new = change(data)
            if new is not None:
                path.write_bytes(new)
            o = get(t, "--cache", "kept", url)
            t.equal(got(t, o, body)["how"], "fetched", f"{kind} damaged")
            t.equal(got(t, get(t, "--cache", "kept", url), body)["how"], "cached", f"{kind} mended")

        for kind in ("entries", "objects"):
            damage(kind, lambda data: None)
            damage(kind, lambda data: b"")
            damage(kind, lambda data: data[:-1])
            damage(kind, lambda data: data + b"x")
            damage(kind, lambda data: data[:20] + b"?" + data[21:])
            damage(kind, lambda data: b"\0" * len(data))


def test_cache_that_cannot_be_written(t):
    with web.Server() as s:
        t.file("a-file", "x")
        for place in ("a-file", "a-file/below", "/proc/nothing"):
            got(t, get(t, "--cache", place, s.url("/etag")), web.PAGE + b"/etag")
        # No room on the disk: what there is none for is not kept.
        o = get(t, "--cache", "kept", s.url("/large/5000"), limits={"fsize": 1000},
                wrap=["sh", "-c", 'trap "" XFSZ && exec "$@"', "sh"])
        got(t, o, b"x" * 5000)
        t.equal([p for p in (t.dir / "kept").rglob("*") if p.is_file()], [], "left over")


def test_cache_bounded(t):
    """The files that were used longest ago are removed."""
    with web.Server() as s:
        def url(i):
            s.files[f"/{i}"] = web.Answer(bytes([i]) * 50000, "image/png",
                                          {"Cache-Control": "max-age=1000"})
            return s.url(f"/{i}")
        for i in range(12):
            get(t, "--cache", "kept", "--cache-max", "500000", url(i))
            if i == 5:
                time.sleep(0.05)
            get(t, "--cache", "kept", "--cache-max", "500000", url(0))
        size = sum(p.stat().st_size for p in (t.dir / "kept").rglob("*") if p.is_file())
        t.true(200000 < size <= 500000, size)
        o = get(t, "--cache", "kept", "--offline", url(0), url(1), url(11))
        t.true([line.split()[0] for line in o.lines] == ["ok", "error", "ok"], o.lines)
        t.equal([p for p in (t.dir / "kept").rglob(".writing-*")], [], "left over")


def test_cache_shared(t):
    """Several processes, one cache."""
    with web.Server() as s:
        urls = [s.url(f"/etag?tag=%22{i % 7}%22&n={i}") for i in range(30)]
        program = getter()
        running = [subprocess.Popen([program, "--cache", t.dir / "kept", "--cache-max", "60000", "-j", "4",
                                     *urls], stdout=subprocess.PIPE, env=harness.base_env())
                   for _ in range(4)]
        outs = [p.communicate(timeout=harness.HANG)[0].decode() for p in running]
        for p, out in zip(running, outs):
            t.equal(p.returncode, 0, "status")
            t.true("error" not in out, out)
            t.equal(out.count("ok "), 30, "answers")


def test_cache_and_secrets(t):
    """What came from near is not given to a page from outside; secrets in addresses are not kept."""
    with web.Server() as s:
        url = s.url("/cache?Cache-Control=max-age%3D1000")
        secret = url.replace("//", "//user:hush@")
        o = get(t, "--cache", "kept", url, secret, "-o", url)
        t.true(o.lines[0].startswith("ok") and o.lines[1].startswith("ok"), o.lines)
        failed(t, o, INPUT, "a private address", which=2)
        failed(t, get(t, "--cache", "kept", "--offline", "-o", url), INPUT, "a private address")
        # Redirects to an address with a password, one of them too long to be read.
        for name, rest in (("/away", ""), ("/far", "x" * 40000)):
            s.files[name] = web.Answer(b"", None, {"Location": secret + rest, "Cache-Control": "max-age=1000"}, 302)
        o = get(t, "--cache", "kept", s.url("/away"), s.url("/far"))
        t.true(o.lines[0].startswith("ok"), o.lines[0])
        failed(t, o, INPUT, "which is longer than 32768 bytes", which=1)
        for path in (t.dir / "kept").rglob("*"):
            t.true(path.is_dir() or b"hush" not in path.read_bytes(), path)


def test_no_curl(t):
    """Without a libcurl that can be loaded, a clear message."""
    if harness.SANITIZED:
        raise harness.NotMeant()
    t.file("hides/libcurl.so.4")  # empty: the loader finds it first and cannot load it
    o = get(t, "http://127.0.0.1:1/x", env={"LD_LIBRARY_PATH": str(t.dir / "hides")})
    failed(t, o, IO, "libcurl")
