"""What every test here is written with: finding tests, running them, telling what came of it.

A test is a function `test_NAME(t)` in a file tests/ROOM/test_FILE.py; its name is
"ROOM/NAME". A file whose cases are data has instead `cases()`, which returns a list of
(name, function). A test passes when its function returns; it fails by raising (t.equal(),
t.true(), assert).

Not every test can run everywhere:

    Skip      a tool is missing: listed, and a failure when CI=true
    NoRight   the kernel does not allow it here (a container without CAP_SYS_ADMIN, no Landlock):
              listed with the right that is missing, and never a failure
    NotMeant  not for this kind of run (sanitised, quick): not listed

No test depends on how fast the machine is or how busy. What a program may use is limited in CPU
time (`cpu`); a server waits for events (web.Gate), not for seconds; an upper limit on wall time is
only HANG, after which a program is taken to be stuck. Lower limits on wall time are allowed.
"""

import concurrent.futures
import contextlib
import difflib
import fnmatch
import importlib.util
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from tally import Tally

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
BUILD = Path(os.environ.get("B", ROOT / "build"))
if not BUILD.is_absolute():
    BUILD = ROOT / BUILD
CHAPBOOK = os.environ.get("CHAPBOOK", str(BUILD / "chapbook"))
WORK = BUILD / "test"  # everything that tests write
KEPT = WORK / "epubs"  # every EPUB that tests made, for the validators
CI = os.environ.get("CI", "") not in ("", "0", "false")
QUICK = os.environ.get("QUICK", "") not in ("", "0")
SLOW = os.environ.get("SLOW", "") not in ("", "0")
ALL = SLOW or os.environ.get("ALL", "") not in ("", "0")
SHARED = os.environ.get("SHARED")  # a folder of files that are not in the repository, or None
QUICK_ROOMS = ("cli", "golden", "source", "text", "unit")

# Wall seconds after which a program is stuck. Not a limit that a test may rely on: with 20 others
# on the machine a program gets a twentieth of it.
HANG = 1800

# Sanitisers must end the program in a way that cannot be taken for its own exit status, and
# AddressSanitizer's shadow needs address space, so that no limit may be set on that.
SANITIZED = os.environ.get("SANITIZE", "") not in ("", "0")
SANITIZER_STATUS = 77
COMMANDS = ("list", "extract", "check", "info", "completions")

# A program that every run of chapbook is put under: "valgrind -q --error-exitcode=77 …".
WRAP = os.environ.get("WRAP", "").split()


class Skip(Exception):
    """This cannot be tested here, and why."""


class NoRight(Skip):
    """The kernel does not allow here what this test needs; names the right."""

    def __init__(self, right):
        super().__init__(f"not allowed here: {right}")


class NotMeant(Exception):
    """This test is not meant for such a run (under valgrind, with sanitisers); the plain run has it."""


class Quick(NotMeant):
    """A quick run does without this tool."""


class Failure(AssertionError):
    pass


class Result:
    """How a program ended. `status` is negative when a signal ended it."""

    def __init__(self, args, status, out, err, seconds, cpu=0.0):
        self.args, self.status = args, status
        self.out, self.err = out, err
        self.seconds = seconds
        self.cpu = cpu  # seconds of CPU time

    def __str__(self):
        tail = self.err.decode("utf-8", "replace")[-3000:]
        how = f"status {self.status}"
        if self.status < 0:
            how = f"signal {signal.Signals(-self.status).name}"
        return f"$ {' '.join(map(str, self.args))[:600]}\n{how}, stderr:\n{tail}"


def base_env():
    """A plain environment: nothing of the caller's own settings reaches the program."""
    env = {k: v for k, v in os.environ.items()
           if k in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                    "LSAN_OPTIONS")}
    env["LC_ALL"] = "C.UTF-8"
    env["TZ"] = "UTC"
    env["XDG_CONFIG_HOME"] = str(WORK / "no-config")
    if SANITIZED:
        env.setdefault("ASAN_OPTIONS", f"exitcode={SANITIZER_STATUS}:detect_leaks=1:"
                                       "allocator_may_return_null=1:"
                                       # Looking for leaks, LeakSanitizer else trips over the
                                       # storage of libvips's threads, now and then.
                                       "intercept_tls_get_addr=0")
        env.setdefault("LSAN_OPTIONS", f"suppressions={TESTS}/lib/leaks.supp:print_suppressions=0")
        env.setdefault("UBSAN_OPTIONS", f"halt_on_error=1:exitcode={SANITIZER_STATUS}:"
                                        "print_stacktrace=1")
    return env


# Of the files that tests write: a book's date of modification is that of its input at least.
FILE_TIME = 1600000000


class T:
    """What a test is given: a folder of its own (`dir`), the program, ways to look and to say."""

    def __init__(self, name):
        self.name = name
        self.dir = WORK / "work" / re.sub(r"[^A-Za-z0-9._-]", "_", name)
        self.subresults = []
        self.cpu = 0.0  # seconds that its programs have used
        self._kept = 0
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)

    # --- doing ---

    def run(self, args, *, cwd=None, input=None, env=None, cpu=120, memory=0, limits=None, umask=-1,
            stdin=None, stdout=None):
        """Run a program to its end. It and each of its children may use `cpu` seconds of processor
        time and `memory` MB for data; sanitisers and valgrind need more, and have no such limit.
        `limits`: for prlimit(1), like {"as": 1 << 30}."""
        # Not measured afterwards: the ru_maxrss of a child starts with the size of this process.
        if memory and not (SANITIZED or WRAP):
            limits = {**(limits or {}), "data": memory << 20}
        if limits:
            args = ["prlimit", *(f"--{key}={value}" for key, value in limits.items()), *args]
        full_env = base_env()
        full_env["XDG_CACHE_HOME"] = str(self.dir / "cache-home")
        for key, value in (env or {}).items():
            if value is None:
                full_env.pop(key, None)
            else:
                full_env[key] = value
        if input is not None and isinstance(input, str):
            input = input.encode()
        start = time.monotonic()
        err = tempfile.TemporaryFile()
        out = tempfile.TemporaryFile() if stdout is None else stdout
        into = tempfile.TemporaryFile() if input is not None else stdin
        if input is not None:
            into.write(input)
            into.seek(0)
        process = subprocess.Popen([str(a) for a in args], cwd=cwd or self.dir, env=full_env,
                                   stdin=into if into is not None else subprocess.DEVNULL,
                                   stdout=out, stderr=err, umask=umask)
        # It may have ended already, or run as another user.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (int(cpu), int(cpu) + 5))
        timer = threading.Timer(HANG, process.kill)
        timer.start()
        _, raw, usage = os.wait4(process.pid, 0)
        alive = timer.is_alive()
        timer.cancel()
        status = process.returncode = os.waitstatus_to_exitcode(raw)
        seconds = time.monotonic() - start
        used = usage.ru_utime + usage.ru_stime
        self.cpu += used
        err.seek(0)
        err_bytes = err.read()
        out_bytes = b""
        if stdout is None:
            out.seek(0)
            out_bytes = out.read()
        result = Result(args, status, out_bytes, err_bytes, seconds,
                        usage.ru_utime + usage.ru_stime)
        if not alive and status == -signal.SIGKILL:
            raise Failure(f"still running after {HANG} s\n{result}")
        if status == -signal.SIGXCPU or (status == -signal.SIGKILL and used >= cpu):
            raise Failure(f"used more than {cpu} s of CPU time\n{result}")
        return result

    def chapbook(self, *args, may_crash=False, **kw):
        """Run chapbook; any end but a crash, of the process that works for it, too, is fine here. Books get no cover unless --cover asks for
        one: drawing it takes ten times as long as the rest."""
        if args and args[0] not in COMMANDS and "--cover" not in args:
            args = ["--cover", "none", *args]
        result = self.run([*WRAP, CHAPBOOK, *args], **kw)
        if not may_crash and (result.status not in (0, 1, 2, 3) or b"ended by signal" in result.err):
            raise Failure(f"chapbook crashed\n{result}")
        return result

    def ok(self, *args, **kw):
        """Run chapbook; it must succeed."""
        result = self.chapbook(*args, **kw)
        if result.status != 0:
            raise Failure(f"chapbook failed\n{result}")
        return result

    def file(self, name, content=""):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (FILE_TIME, FILE_TIME))
        return path

    def keep(self, path, name=None):
        """Have the validators look at this EPUB, too."""
        if name is None:
            self._kept += 1
            name = self.name + (f"-{self._kept}" if self._kept > 1 else "")
        name = re.sub(r"[^A-Za-z0-9._-]", "-", name)
        KEPT.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, KEPT / f"{name}.epub")

    # --- looking ---

    def true(self, condition, message):
        if not condition:
            raise Failure(str(message))

    def equal(self, got, expected, what="value"):
        if got == expected:
            return
        if isinstance(got, bytes) and isinstance(expected, bytes):
            with contextlib.suppress(UnicodeDecodeError):
                got, expected = got.decode(), expected.decode()
        if isinstance(got, str) and isinstance(expected, str):
            raise Failure(f"{what} differs:\n{text_diff(expected, got)}")
        raise Failure(f"{what}: got {got!r:.500}, expected {expected!r:.500}")

    def report(self, name, failure=None):
        """Tell of a part as of a test of its own."""
        self.subresults.append((f"{self.name}/{name}", failure))


def text_diff(expected, got, limit=80):
    lines = list(difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got",
                                      lineterm=""))
    if len(lines) > limit:
        lines = lines[:limit] + [f"… {len(lines) - limit} more lines"]
    return "\n".join(lines)


def missing(what, package):
    """Ends a test that cannot run without `what`, of a Debian package. A quick run does without it."""
    raise Quick() if QUICK else Skip(f"{what} is not installed (Debian package {package}; "
                                     "`tests/deps.sh check`)")


def need_tool(name, package=None):
    """The path of a program, or the end of the test."""
    path = shutil.which(name)
    if path is None:
        path = shutil.which(name, path="/usr/sbin:/sbin")  # not in the PATH of every user
    return path or missing(name, package or name)


def in_new_namespace(kind):
    """unshare(1) with the options for a new "net" or "mount" namespace, as root or in a user
    namespace: what to put before a program. It must undo its mounts: in a chroot they can be seen
    outside."""
    unshare = need_tool("unshare", "util-linux")
    ways = [[], ["--map-root-user"]]
    if kind == "mount":  # the root of a chroot is no mount point, and its propagation cannot be set
        ways.append(["--propagation", "unchanged"])
    for way in ways:
        command = [unshare, *way, f"--{kind}"]
        if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
            return command
    raise NoRight(f"a new {kind} namespace (CAP_SYS_ADMIN)")


def library_flags():
    """What a program needs that is linked with libchapbook.a."""
    return subprocess.run([TESTS / "lib" / "flags"], capture_output=True, text=True,
                          check=True).stdout.split()


# --- finding and running ---

def load_cases():
    """All tests as (name, function, module), in order."""
    found = []
    sys.path.insert(0, str(TESTS / "lib"))
    for path in sorted(TESTS.glob("*/test_*.py")):
        room = path.parent.name
        spec = importlib.util.spec_from_file_location(f"{room}_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if hasattr(module, "cases"):
            listed = module.cases()
        else:
            listed = [(key[5:].replace("_", "-"), value) for key, value in vars(module).items()
                      if key.startswith("test_") and callable(value)]
        for name, function in listed:
            found.append((f"{room}/{name}", function, module))
    # The validators look at what the other tests have made: they come last.
    return sorted(found, key=lambda case: getattr(case[2], "LAST", False))


def matches(name, patterns):
    return not patterns or any(
        p in name or fnmatch.fnmatch(name, p) for p in patterns)


def run_case(name, function, tally):
    tally.begin(name)
    start = time.thread_time()
    t = T(name)
    failure = skipped = None
    try:
        function(t)
    except Skip as e:
        skipped = e
    except NotMeant as e:
        tally.end(name, t.cpu, left_out=isinstance(e, Quick))
        return
    except AssertionError as e:
        failure = str(e) or traceback.format_exc()
    except Exception:
        failure = traceback.format_exc()
    cpu = t.cpu + time.thread_time() - start
    for sub, what in t.subresults:
        tally.add(sub, what)
    if not t.subresults or failure is not None or skipped is not None:
        tally.add(name, failure, skipped, cpu)
    tally.end(name, cpu)
    if failure is None and all(what is None for _, what in t.subresults):
        shutil.rmtree(t.dir, ignore_errors=True)


def run_all(cases, jobs, verbose):
    """Run; returns the exit status. Files marked SERIAL run alone, the others side by side."""
    shutil.rmtree(WORK, ignore_errors=True)
    KEPT.mkdir(parents=True)
    tally = Tally([name for name, _, _ in cases], verbose)
    for last in (False, True):
        group = [c for c in cases if getattr(c[2], "LAST", False) == last]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda c: run_case(c[0], c[1], tally),
                          [c for c in group if not getattr(c[2], "SERIAL", False)]))
        for name, function, module in group:
            if getattr(module, "SERIAL", False):
                run_case(name, function, tally)
    return tally.close(lambda why: CI and not isinstance(why, NoRight))
