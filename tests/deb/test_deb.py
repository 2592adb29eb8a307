"""The Debian packages that `make deb` has built in build/deb: `make check-deb`.

The tests are there only if DEB is set. DEB=bootstrap also installs the packages in a new Debian,
from the machine's own package sources: as root, with the network, some minutes."""

import os
import re
import shutil
from pathlib import Path

import epub
import harness

FOLDER = harness.ROOT / "build" / "deb"
PACKAGES = ("chapbook", "libchapbook0", "libchapbook-dev")
ARTICLE = harness.ROOT / "assets" / "sample" / "article.txt"


def package(name):
    (path,) = FOLDER.glob(f"{name}_*.deb")
    return path


def unpack(t):
    """All packages, unpacked into one folder: its usr/ and the library's folder."""
    for name in PACKAGES:
        result = t.run(["dpkg-deb", "-x", package(name), t.dir / "root"])
        t.equal(result.status, 0, str(result))
    (library,) = (t.dir / "root").glob("usr/lib/*/libchapbook.so.0")
    return t.dir / "root" / "usr", library.parent


def lintian(t):
    tool = harness.need_tool("lintian")
    (changes,) = FOLDER.glob("*.changes")
    result = t.run([tool, "--allow-root", "--fail-on", "error", changes], cpu=300)
    t.equal(result.status, 0, result.out.decode())


def contents(t):
    """Every file that `make install` installs is in one package, and each package is installable
    from Debian's own."""
    listed = []
    for name in PACKAGES:
        out = t.run(["dpkg-deb", "-c", package(name)]).out.decode()
        listed += [line.split()[5] for line in out.splitlines()
                   if not line.endswith("/") and "/share/doc/" not in line]
    places = sorted(re.sub(r"/lib/[^/]+-linux-[^/]+/", "/lib/", path[1:]) for path in listed)
    t.equal(places, sorted([
        "/usr/bin/chapbook", "/usr/include/chapbook.h", "/usr/lib/libchapbook.a",
        "/usr/lib/libchapbook.so", "/usr/lib/libchapbook.so.0", "/usr/lib/pkgconfig/chapbook.pc",
        "/usr/share/bash-completion/completions/chapbook",
        "/usr/share/fish/vendor_completions.d/chapbook.fish", "/usr/share/man/man1/chapbook.1.gz",
        "/usr/share/man/man3/chapbook.3.gz",
        "/usr/share/zsh/site-functions/_chapbook"]), "files")
    result = t.run(["apt-get", "install", "--simulate", "-qq", *map(package, PACKAGES)])
    t.equal(result.status, 0, f"{result.out.decode()}\n{result}")


def program(t):
    """The program of the package makes a book with a cover, far from its source."""
    usr, _ = unpack(t)
    shutil.copy(ARTICLE, t.dir)
    for args in (["-o", "book.epub", "article.txt"], ["check", "book.epub"]):
        result = t.run([usr / "bin" / "chapbook", *args])
        t.equal((result.status, result.err), (0, b""), str(result))
    t.true(epub.Epub(t.dir / "book.epub").dc("title"), "the book has a title")


def library(t):
    """A program built with libchapbook-dev runs with libchapbook0."""
    usr, folder = unpack(t)
    env = {"PKG_CONFIG_PATH": f"{folder}/pkgconfig", "PKG_CONFIG_SYSROOT_DIR": f"{t.dir}/root",
           "LD_LIBRARY_PATH": str(folder)}
    flags = t.run(["pkg-config", "--cflags", "--libs", "chapbook"], env=env)
    t.equal(flags.status, 0, str(flags))
    result = t.run([os.environ.get("CC", "cc"), "-std=c99",
                    harness.TESTS / "install" / "example.c", f"-I{usr}/include",
                    *flags.out.decode().split(), "-o", "example"])
    t.equal(result.status, 0, str(result))
    result = t.run(["./example", "book.epub"], env=env)
    t.equal(result.status, 0, str(result))


# For a shell in the new system.
INSTALL = """set -e
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./*.deb >install.log 2>&1 || { tail install.log; exit 1; }
chapbook -o book.epub article.txt
chapbook check book.epub
"""


def bootstrap(t):
    """Installed with apt-get in a Debian that has nothing else, an article becomes a book."""
    namespace = harness.in_new_namespace("mount")  # debootstrap mounts /proc
    if os.geteuid() != 0 or "--map-root-user" in namespace:
        raise harness.NoRight("a chroot with devices (root, CAP_SYS_ADMIN)")
    tool = harness.need_tool("debootstrap")
    sources = Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")
    text = "".join(path.read_text() for path in sources if path.exists())
    mirror = re.search(r"^(?:URIs:|deb(?: \[.*?\])?) +(\S+)", text, re.M)[1]
    root = t.dir / "debian"
    result = t.run([*namespace, tool, "--variant=minbase", "bookworm", root, mirror], cpu=600)
    t.equal(result.status, 0, result.out.decode()[-2000:])
    for path in [*map(package, PACKAGES), ARTICLE]:
        shutil.copy(path, root)
    result = t.run(["chroot", root, "sh", "-c", INSTALL], cpu=600)
    t.equal(result.status, 0, f"{result.out.decode()[-2000:]}\n{result}")
    t.true(epub.Epub(root / "book.epub").dc("title"), "the book has a title")


def cases():
    wanted = os.environ.get("DEB", "")
    listed = [lintian, contents, program, library] if wanted else []
    return [(f.__name__, f) for f in listed + [bootstrap] * (wanted == "bootstrap")]
