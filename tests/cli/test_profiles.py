"""check --profile: what devices and shops want, of our own books and of others."""

import shutil
import zipfile

import harness

PROFILES = ["generic", "kindle", "kobo", "google", "archive"]


def book(t, *options):
    sample = harness.ROOT / "assets" / "sample"
    shutil.copy(sample / "article.txt", t.dir)
    t.ok("--cover", "auto", "--photo", sample / "lake.jpg", "--source", "https://example.org/lake", "-o", "book.epub",
         *options, "article.txt")
    return t.dir / "book.epub"


def test_own(t):
    """Our own books are what the profile that they were made for wants."""
    for profile in PROFILES:
        path = book(t, *([] if profile == "google" else ["--profile", profile]))
        if profile == "kobo":
            path = path.rename(t.dir / "book.kepub.epub")
        result = t.ok("check", "--profile", profile, path)
        t.equal(result.out.decode(), f"{path}: 0 errors, 0 warnings\n", profile)


def test_findings(t):
    """Errors are errors, and only in the profiles that have them."""
    book(t)
    with zipfile.ZipFile(t.dir / "book.epub") as old, zipfile.ZipFile(t.dir / "new.epub", "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.comment = b"a comment"
    t.equal(t.ok("check", "new.epub").status, 0, "without a profile")
    result = t.chapbook("check", "--profile=kobo", "new.epub")
    t.equal(result.status, 1, str(result))
    t.true(b"[kobo-protected]" in result.out and b"[kobo-name]" in result.out, result.out.decode())
    t.true(b"new.epub: 1 error, 1 warning" in result.out, result.out.decode())
    result = t.ok("check", "--profile=kindle", "new.epub")
    t.true(b"kobo" not in result.out, result.out.decode())


def test_unknown(t):
    book(t)
    result = t.chapbook("check", "--profile", "nook", "book.epub")
    t.equal((result.status, result.out), (2, b""), str(result))
    for profile in PROFILES:
        t.true(profile in result.err.decode(), result.err.decode())
    t.equal(t.chapbook("info", "--profile", "kobo", "book.epub").status, 2, "info takes none")
