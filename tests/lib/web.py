"""A web server on loopback, with good manners and bad ones, that tests start themselves:

    with web.Server() as server:
        … server.url("/page") …
        server.requests            # what was asked: dicts of method, path, headers (lower case), port
        server.files["/x"] = web.Answer(b"…", "image/png", {"ETag": '"1"'})

A server's delays are events: a Gate holds answers until so many requests are waiting, and what never
answers ends when the server is stopped.

Each request is answered in a thread of its own by a function that has the raw socket, so that what
no decent server does can be done. What is asked for is looked up in `files`, then among the routes
below (`route_NAME` answers "/NAME" and "/NAME/…"), each described there. Nothing listens anywhere
but on 127.0.0.1 (or the `host` given).
"""

import contextlib
import gzip
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
import urllib.parse
import zlib
from email.utils import formatdate

PAGE = (b"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>A page</title></head>"
        b"<body><article><h1>A page</h1><p>Some words of an article, as many as are wanted.</p>"
        b"</article></body></html>\n")


def png(width=8, height=8, rgb=(200, 30, 30)):
    """A picture of one colour."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    rows = (b"\0" + bytes(rgb) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


PNG = png()


class Answer:
    def __init__(self, body=PAGE, kind="text/html; charset=utf-8", headers=None, status=200):
        self.body = body.encode() if isinstance(body, str) else body
        self.kind, self.headers, self.status = kind, headers or {}, status


class Request:
    def __init__(self, method, target, headers, server, sock):
        self.method, self.target, self.headers = method, target, headers
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path
        self.query = dict(urllib.parse.parse_qsl(parts.query))
        self.parts = [part for part in self.path.split("/") if part]
        self.server, self.sock = server, sock
        self.keep = True  # the connection may be used again

    def number(self, index, default):
        """What stands at `index` of the path: "/drip/20" has 20 at 1."""
        return int(self.parts[index]) if len(self.parts) > index else default

    def send(self, data):
        self.sock.sendall(data)

    def head(self, status=200, headers=(), reason="Whatever"):
        lines = [f"HTTP/1.1 {status} {reason}", f"Date: {formatdate(usegmt=True)}"]
        pairs = headers.items() if isinstance(headers, dict) else headers
        lines += [f"{name}: {value}" for name, value in pairs]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def answer(self, body=PAGE, kind="text/html; charset=utf-8", headers=(), status=200):
        pairs = list(headers.items() if isinstance(headers, dict) else headers)
        if kind:
            pairs.append(("Content-Type", kind))
        if status != 304:
            pairs.append(("Content-Length", str(len(body))))
        self.head(status, pairs)
        if self.method != "HEAD" and status != 304:
            self.send(body)

    def close(self):
        self.keep = False


# --- Routes ---

def route_page(r):
    """An ordinary page."""
    r.answer()


def route_picture(r):
    """An ordinary picture; the address has no extension."""
    r.answer(PNG, "image/png")


def route_wrong_type(r):
    """A picture that is said to be a page."""
    r.answer(PNG, "text/html")


def route_gzip_page(r):
    """A page in a gzip file, which is not the compression of HTTP: /gzip_page/MEGABYTES"""
    r.answer(gzip.compress(PAGE + b"<p>more</p>" * (r.number(1, 0) * 100000)), "application/gzip")


def route_no_type(r):
    r.answer(PAGE, None)


def route_quoted_charset(r):
    r.answer("<p>caf\xe9".encode("latin-1"), 'Text/HTML ; Charset="ISO-8859-1"')


def route_status(r):
    """/status/404"""
    r.answer(b"<p>no", status=r.number(1, 404))


def route_big_error(r):
    """A long page that says that there is none."""
    r.answer(b"x" * 1000000, status=404)


def route_large(r):
    """/large/N: a page of N bytes."""
    r.answer(b"x" * r.number(1, 1000))


def route_empty(r):
    r.answer(b"")


def route_slow(r):
    """/slow/MS: thinks first."""
    r.server.stopped.wait(r.number(1, 100) / 1000)
    r.answer(PAGE + r.path.encode())


def route_drip(r):
    """/drip/N/MS: N bytes, one every MS milliseconds."""
    count, pause = r.number(1, 20), r.number(2, 50) / 1000
    r.head(headers={"Content-Type": "text/html", "Content-Length": count})
    for _ in range(count):
        r.send(b"x")
        if r.server.stopped.wait(pause):
            break


def route_drip_head(r):
    """A header that never ends, slowly."""
    r.send(b"HTTP/1.1 200 OK\r\n")
    while not r.server.stopping:
        r.send(b"X-More: and more\r\n")
        r.server.stopped.wait(0.05)


def route_silent(r):
    """Never answers."""
    r.server.stopped.wait()
    r.close()


def route_stall(r):
    """Begins, then stops in the middle."""
    r.head(headers={"Content-Type": "text/html", "Content-Length": 1000})
    r.send(b"x" * 100)
    route_silent(r)


def route_truncated(r):
    """Less than Content-Length says; /truncated/N: only the first N times."""
    if r.server.count(r.path) > r.number(1, 1 << 30):
        return r.answer()
    r.head(headers={"Content-Type": "text/html", "Content-Length": len(PAGE) + 100})
    r.send(PAGE)
    r.close()


def route_too_long(r):
    """More than Content-Length says."""
    r.head(headers={"Content-Type": "text/html", "Content-Length": len(PAGE)})
    r.send(PAGE + b"and more, which belongs to nothing")
    r.close()


def route_junk(r):
    """An answer, and then something that is none, on a connection that is kept open."""
    r.answer()
    r.send(b"this belongs to nothing" * 10)


def route_negative_length(r):
    r.head(headers={"Content-Type": "text/html", "Content-Length": "-5"})
    r.send(PAGE)
    r.close()


def route_huge_length(r):
    """Says that it is larger than anything, and is not."""
    r.head(headers={"Content-Type": "text/html", "Content-Length": "9000000000000000000"})
    r.send(PAGE)
    r.close()


def chunks(r, data, size=7):
    for i in range(0, len(data), size):
        piece = data[i:i + size]
        r.send(b"%x\r\n%s\r\n" % (len(piece), piece))


def route_chunked(r):
    r.head(headers={"Content-Type": "text/html", "Transfer-Encoding": "chunked"})
    chunks(r, PAGE)
    r.send(b"0\r\nX-Trailer: yes\r\n\r\n")


def route_chunked_truncated(r):
    r.head(headers={"Content-Type": "text/html", "Transfer-Encoding": "chunked"})
    chunks(r, PAGE)
    r.close()


def route_chunked_broken(r):
    r.head(headers={"Content-Type": "text/html", "Transfer-Encoding": "chunked"})
    r.send(b"zz\r\n" + PAGE)
    r.close()


def route_http10(r):
    """The end of the connection is the end of the page."""
    r.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE)
    r.close()


def route_http09(r):
    """No header at all."""
    r.send(PAGE)
    r.close()


def route_not_http(r):
    r.send(b"220 mail.example ESMTP ready\r\n")
    r.close()


def route_closed(r):
    """Closes the connection without a word; /closed/N: only the first N times."""
    if r.server.count(r.path) > r.number(1, 1 << 30):
        return r.answer()
    r.close()


def route_reset(r):
    """Resets the connection in the middle of the page; /reset/N: only the first N times."""
    if r.server.count(r.path) > r.number(1, 1 << 30):
        return r.answer()
    r.head(headers={"Content-Type": "text/html", "Content-Length": 100000})
    r.send(b"x" * 1000)
    r.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    r.close()


def route_gzip(r):
    r.answer(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})


def route_deflate(r):
    r.answer(zlib.compress(PAGE), headers={"Content-Encoding": "deflate"})


def route_gzip_broken(r):
    r.answer(gzip.compress(PAGE)[:20] + b"garbage" * 20, headers={"Content-Encoding": "gzip"})


def route_odd_encoding(r):
    """Content-Encoding names an encoding that the body does not have."""
    r.answer(PAGE, headers={"Content-Encoding": "UTF-8"})


def bomb():
    """10 GB of nothing in 10 MB would take long to make: the same block of 10 MB over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * (10 << 20)
    return b"".join(packer.compress(block) for _ in range(30)) + packer.flush()


def route_bomb(r):
    """300 MB in 300 kB of gzip; twice packed with ?twice=1."""
    body, encoding = r.server.made("bomb", bomb), "gzip"
    if r.query.get("twice"):
        body, encoding = r.server.made("bomb2", lambda: gzip.compress(body)), "gzip, gzip"
    r.answer(body, headers={"Content-Encoding": encoding})


def route_endless(r):
    """A picture that never ends, as fast as it is taken."""
    r.head(headers={"Content-Type": "image/png"})
    r.send(PNG)
    while not r.server.stopping:
        r.send(b"\0" * 65536)


def route_endless_drip(r):
    """The same, slowly."""
    r.head(headers={"Content-Type": "image/png"})
    while not r.server.stopping:
        r.send(b"\0" * 500)
        r.server.stopped.wait(0.05)


def route_flood(r):
    """A thousand times a thousand header fields."""
    r.send(b"HTTP/1.1 200 OK\r\n")
    while not r.server.stopping:
        r.send(b"X-Flood: " + b"x" * 1000 + b"\r\n")


def route_continues(r):
    """100 Continue without an end."""
    while not r.server.stopping:
        r.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def route_long_line(r):
    r.head(headers={"Content-Type": "text/html", "X-Long": "x" * 90000, "Content-Length": len(PAGE)})
    r.send(PAGE)


def route_odd_headers(r):
    """Header fields that are no UTF-8."""
    r.send(b"HTTP/1.1 200 \xe4\xf6\xfc\r\nContent-Type: text/html; charset=\xff\xfe\r\n"
           b"ETag: \"\xe9\"\r\nX-\xe9: \xe9\r\nLast-Modified: gestern\r\n"
           b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)


def route_to(r):
    """/to/STATUS?WHERE: a redirect to WHERE, percent-decoded."""
    where = urllib.parse.unquote_to_bytes(urllib.parse.urlsplit(r.target).query)
    r.send(b"HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
           % (r.number(1, 302), where))


def route_nowhere(r):
    """A redirect that does not say where to."""
    r.head(302, {"Content-Length": 0})


def route_chain(r):
    """/chain/N: N redirects, then a page."""
    left = r.number(1, 3)
    if left == 0:
        return r.answer()
    r.head(301, {"Location": f"/chain/{left - 1}", "Content-Length": 0})


def route_loop(r):
    r.head(302, {"Location": "/loop", "Content-Length": 0})


def route_busy(r):
    """/busy/STATUS/RETRY-AFTER/N: N times STATUS, then a page. "-": no Retry-After; "date-2": as a
    date, in two seconds."""
    status, wait, times = r.number(1, 503), r.parts[2], r.number(3, 1)
    if r.server.count(r.path) > times:
        return r.answer()
    headers = {"Content-Length": 0}
    if wait.startswith("date"):
        headers["Retry-After"] = formatdate(time.time() + int(wait[5:]), usegmt=True)
    elif wait != "-":
        headers["Retry-After"] = wait
    r.head(status, headers)


def route_set_cookie(r):
    """Sets a cookie and sends to where it is wanted."""
    r.head(302, [("Set-Cookie", "seen=yes; Path=/"), ("Set-Cookie", "other=1; Path=/elsewhere"),
                 ("Location", "/need_cookie"), ("Content-Length", "0")])


def route_need_cookie(r):
    """/need_cookie?NAME=VALUE (seen=yes): the page for who has the cookie."""
    wanted = r.query or {"seen": "yes"}
    got = dict(c.strip().split("=", 1) for c in r.headers.get("cookie", "").split(";") if "=" in c)
    good = all(got.get(name) == value for name, value in wanted.items())
    r.answer(*((PAGE,) if good else (b"<p>no cookie",)), status=200 if good else 403)


def route_cookie_wall(r):
    """Sends who has no cookie to where there is one, for good, and back."""
    if "wall=over" in r.headers.get("cookie", ""):
        return r.answer()
    r.head(301, {"Location": "/cookie_gate", "Content-Length": 0})


def route_cookie_gate(r):
    """/cookie_gate/N: the way is longer by N redirects."""
    left = r.number(1, 0)
    headers = [("Content-Length", "0"), ("Set-Cookie", "wall=over; Path=/"),
               ("Location", f"/cookie_gate/{left - 1}" if left else "/cookie_wall")]
    r.head(302, headers)


def route_need_referer(r):
    """A picture for those who come from this host."""
    good = r.headers.get("referer", "").startswith(r.server.url("/"))
    r.answer(PNG if good else b"no", "image/png" if good else "text/plain",
             status=200 if good else 403)


def route_need_login(r):
    """For "user" with "pass:word"."""
    good = r.headers.get("authorization") == "Basic dXNlcjpwYXNzOndvcmQ="
    r.answer(PAGE if good else b"no", status=200 if good else 401)


def route_headers(r):
    """What was sent, a line each, sorted; not Host."""
    lines = sorted(f"{name}: {value}" for name, value in r.headers.items() if name != "host")
    r.answer("\n".join(lines).encode(), "text/plain")


def conditional(r, etag, modified, headers):
    """A page, or that it is unchanged."""
    asked_tag, asked_date = r.headers.get("if-none-match"), r.headers.get("if-modified-since")
    if (asked_tag is not None and asked_tag == etag) or (asked_tag is None and asked_date is not None
                                                         and asked_date == modified):
        return r.answer(b"", None, headers, status=304)
    if etag:
        headers = {**headers, "ETag": etag}
    if modified:
        headers = {**headers, "Last-Modified": modified}
    r.answer(PAGE + r.path.encode(), headers=headers)


def route_etag(r):
    """/etag?…: has an ETag; the query is Cache-Control."""
    control = r.query.get("cc")
    conditional(r, r.query.get("tag", '"one"'), None, {"Cache-Control": control} if control else {})


def route_modified(r):
    """/modified/SECONDS: has only a date, so many seconds ago."""
    stamp = r.server.made(r.path, lambda: formatdate(time.time() - r.number(1, 0), usegmt=True))
    conditional(r, None, stamp, {})


def route_cache(r):
    """/cache?Name=Value&…: a page with these header fields."""
    r.answer(PAGE + r.target.encode(), headers=r.query)


ROUTES = {name[6:]: function for name, function in list(globals().items())
          if name.startswith("route_")}


# --- The server ---

class Handler(socketserver.BaseRequestHandler):
    def read_request(self):
        while b"\r\n\r\n" not in self.buffer:
            more = self.request.recv(65536)
            if not more:
                return None
            self.buffer += more
            if self.buffer[0] == 0x16:  # TLS, to a server that has none
                self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {}
        for line in lines:
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        if target.startswith("http://"):  # as to a proxy
            target = "/proxied/" + target
        return Request(method, target, headers, self.server.owner, self.request)

    def handle(self):
        self.buffer = b""
        owner = self.server.owner
        if owner.tls:
            try:
                self.request = owner.tls.wrap_socket(self.request, server_side=True)
            except OSError:
                return
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        owner.connected()
        try:
            while not owner.stopping:
                r = self.read_request()
                if r is None:
                    return
                owner.began(r, self.client_address)
                owner.stopped.wait(owner.latency)
                if owner.gate:
                    owner.gate.hold(owner)
                try:
                    self.respond(r)
                finally:
                    owner.ended()
                if not r.keep:
                    return
        except OSError:
            pass

    def respond(self, r):
        owner = r.server
        answer = owner.files.get(r.target) or owner.files.get(r.path)
        if answer is not None:
            return r.answer(answer.body, answer.kind, answer.headers, answer.status)
        route = ROUTES.get(r.parts[0] if r.parts else "")
        if route is None:
            return r.answer(b"<p>no such thing", status=404)
        route(r)


class TCPServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass


class Gate:
    """Holds the answers of one or more servers until `count` requests wait at once, then none. A
    client that asks for fewer side by side runs into its own time-out."""

    def __init__(self, count):
        self.count, self.waiting = count, 0
        self.lock, self.open = threading.Lock(), threading.Event()

    def hold(self, server):
        with self.lock:
            self.waiting += 1
            if self.waiting >= self.count:
                self.open.set()
        while not self.open.wait(0.05) and not server.stopping:
            pass


class Server:
    """`latency`: seconds before every answer; `gate`: a Gate; `tls`: (key, certificate), as of
    certificate()."""

    def __init__(self, host="127.0.0.1", port=0, latency=0, family=socket.AF_INET, tls=None,
                 gate=None):
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.set_alpn_protocols(["http/1.1"])
            self.tls.load_cert_chain(tls[1], tls[0])
        kind = type("Kind", (TCPServer,), {"address_family": family})
        self.tcp = kind((host, port), Handler)
        self.tcp.owner = self
        self.host, self.port = self.tcp.server_address[:2]
        self.latency, self.gate, self.stopped = latency, gate, threading.Event()
        self.files = {}
        self.requests = []
        self.connections = self.active = self.most = 0
        self._counts, self._made = {}, {}
        self._lock = threading.Lock()

    def __enter__(self):
        self.thread = threading.Thread(target=self.tcp.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.tcp.shutdown()
        self.tcp.server_close()
        self.thread.join()

    @property
    def stopping(self):
        return self.stopped.is_set()

    def url(self, path="/", host=None):
        host = host or self.host
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{'[' + host + ']' if ':' in host else host}:{self.port}{path}"

    # For routes and the handler.

    def connected(self):
        with self._lock:
            self.connections += 1

    def began(self, r, client):
        with self._lock:
            self._counts[r.path] = self._counts.get(r.path, 0) + 1
            self.requests.append({"method": r.method, "path": r.target, "headers": r.headers,
                                  "at": time.monotonic(), "client": client[:2]})
            self.active += 1
            self.most = max(self.most, self.active)

    def ended(self):
        with self._lock:
            self.active -= 1

    def count(self, path):
        """How often this was asked for, this time included."""
        with self._lock:
            return self._counts.get(path, 0)

    def made(self, name, make):
        """What is made once."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    # For tests.

    def paths(self):
        with self._lock:
            return [r["path"] for r in self.requests]

    def last(self):
        return self.requests[-1]

    def forget(self):
        with self._lock:
            self.requests, self._counts = [], {}
            self.connections = self.most = 0


# --- HTTP/2 ---

def certificate(folder, name="localhost"):
    """A key and a certificate of its own for `name` and 127.0.0.1, made now: (key, certificate)."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"],
                   check=True, capture_output=True)
    return key, cert


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def http2(tool, folder, files):
    """nghttpd (its path: `tool`) with TLS, for files (name: bytes): its address, the file to trust
    (SSL_CERT_FILE) and its log."""
    root = folder / "http2"
    root.mkdir()
    for name, content in files.items():
        (root / name).write_bytes(content)
    key, cert = certificate(folder)
    port = free_port()
    log = open(folder / "nghttpd.log", "wb")
    process = subprocess.Popen([tool, "-v", "-a", "127.0.0.1", "-d", root, str(port), key, cert],
                               stdout=log, stderr=log)
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.02)
        yield f"https://localhost:{port}", str(cert), folder / "nghttpd.log"
    finally:
        process.terminate()
        process.wait()
        log.close()
