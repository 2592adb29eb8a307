"""What every test here is written with: finding tests, running them, telling what came of it.

A test is a function `test_NAME(t)` in a file tests/ROOM/test_FILE.py; its name is
"ROOM/NAME". A file whose cases are data has instead `cases()`, which returns a list of
(name, function). A test passes when its function returns; it fails by raising (t.equal(),
t.true(), assert); it is skipped by raising Skip, which is for tools that cannot be had here,
and which is a failure when CI=true.
"""

import concurrent.futures
import contextlib
import difflib
import fnmatch
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
BUILD = Path(os.environ.get("B", ROOT / "build"))
if not BUILD.is_absolute():
    BUILD = ROOT / BUILD
CHAPBOOK = os.environ.get("CHAPBOOK", str(BUILD / "chapbook"))
WORK = BUILD / "test"  # everything that tests write
KEPT = WORK / "epubs"  # every EPUB that tests made, for the validators
CI = os.environ.get("CI", "") not in ("", "0", "false")
SLOW = os.environ.get("SLOW", "") not in ("", "0")

# Sanitisers must end the program in a way that cannot be taken for its own exit status, and
# AddressSanitizer's shadow needs address space, so that no limit may be set on that.
SANITIZED = os.environ.get("SANITIZE", "") not in ("", "0")
SANITIZER_STATUS = 77
COMMANDS = ("extract", "check", "info")

# A program that every run of chapbook is put under: "valgrind -q --error-exitcode=77 …".
WRAP = os.environ.get("WRAP", "").split()


class Skip(Exception):
    """This cannot be tested here, and why."""


class NotMeant(Exception):
    """This test is not meant for such a run (under valgrind, with sanitisers); the plain run has it."""


class Failure(AssertionError):
    pass


class Result:
    """How a program ended. `status` is negative when a signal ended it."""

    def __init__(self, args, status, out, err, seconds, rss_kb):
        self.args, self.status = args, status
        self.out, self.err = out, err
        self.seconds, self.rss_kb = seconds, rss_kb

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


class T:
    """What a test is given: a folder of its own (`dir`), the program, ways to look and to say."""

    def __init__(self, name):
        self.name = name
        self.dir = WORK / "work" / re.sub(r"[^A-Za-z0-9._-]", "_", name)
        self.subresults = []
        self._kept = 0
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)

    # --- doing ---

    def run(self, args, *, cwd=None, input=None, env=None, timeout=120, limits=None, umask=-1,
            stdin=None, stdout=None):
        """Run a program to its end. `limits`: for prlimit(1), like {"as": 1 << 30}."""
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
        timer = threading.Timer(timeout, process.kill)
        timer.start()
        _, raw, usage = os.wait4(process.pid, 0)
        alive = timer.is_alive()
        timer.cancel()
        status = process.returncode = os.waitstatus_to_exitcode(raw)
        seconds = time.monotonic() - start
        err.seek(0)
        err_bytes = err.read()
        out_bytes = b""
        if stdout is None:
            out.seek(0)
            out_bytes = out.read()
        result = Result(args, status, out_bytes, err_bytes, seconds, usage.ru_maxrss)
        if not alive and status == -signal.SIGKILL:
            raise Failure(f"still running after {timeout} s\n{result}")
        return result

    def chapbook(self, *args, **kw):
        """Run chapbook; any end but a crash is fine here. Books get no cover unless --cover asks for
        one: drawing it takes ten times as long as the rest."""
        if args and args[0] not in COMMANDS and "--cover" not in args:
            args = ["--cover", "none", *args]
        result = self.run([*WRAP, CHAPBOOK, *args], **kw)
        if result.status not in (0, 1, 2, 3):
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


def need_tool(name, package=None):
    """The path of a program, or the test is skipped."""
    path = shutil.which(name)
    if path is None:
        raise Skip(f"{name} is not installed (Debian package {package or name}; `make deps-check`)")
    return path


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


class Tally:
    def __init__(self, verbose):
        self.passed, self.failed, self.skipped = 0, [], []
        self.rooms = {}
        self.verbose = verbose
        self.lock = threading.Lock()

    def add(self, name, failure, seconds=0.0, skipped=None):
        with self.lock:
            room = self.rooms.setdefault(name.split("/")[0], [0, 0, 0, 0.0])
            room[3] += seconds
            if skipped is not None:
                room[2] += 1
                self.skipped.append((name, skipped))
                print(f"SKIPPED {name}: {skipped}", flush=True)
            elif failure is None:
                room[0] += 1
                self.passed += 1
                if self.verbose:
                    print(f"ok      {name} ({seconds:.2f} s)", flush=True)
            else:
                room[1] += 1
                self.failed.append(name)
                print(f"FAILED  {name}", flush=True)
                print("        " + failure.rstrip().replace("\n", "\n        "), flush=True)


def run_case(name, function, tally):
    start = time.monotonic()
    t = T(name)
    failure = skipped = None
    try:
        function(t)
    except Skip as e:
        skipped = str(e)
    except NotMeant:
        return
    except AssertionError as e:
        failure = str(e) or traceback.format_exc()
    except Exception:
        failure = traceback.format_exc()
    for sub, what in t.subresults:
        tally.add(sub, what)
    if not t.subresults or failure is not None or skipped is not None:
        tally.add(name, failure, time.monotonic() - start, skipped)
    else:
        tally.rooms[name.split("/")[0]][3] += time.monotonic() - start
    if failure is None and all(what is None for _, what in t.subresults):
        shutil.rmtree(t.dir, ignore_errors=True)


def run_all(cases, jobs, verbose):
    """Run; returns the exit status. Files marked SERIAL run alone, the others side by side."""
    shutil.rmtree(WORK, ignore_errors=True)
    KEPT.mkdir(parents=True)
    tally = Tally(verbose)
    for last in (False, True):
        group = [c for c in cases if getattr(c[2], "LAST", False) == last]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda c: run_case(c[0], c[1], tally),
                          [c for c in group if not getattr(c[2], "SERIAL", False)]))
        for name, function, module in group:
            if getattr(module, "SERIAL", False):
                run_case(name, function, tally)
    for room, (passed, failed, skipped, seconds) in tally.rooms.items():
        extra = f", {skipped} SKIPPED" if skipped else ""
        print(f"{room:12} {passed:5} passed, {failed} failed{extra} ({seconds:.1f} s)")
    failed = len(tally.failed)
    if tally.skipped:
        print(f"\n*** {len(tally.skipped)} SKIPPED: what they test was NOT tested ***")
        for name, why in tally.skipped:
            print(f"***   {name}: {why}")
        if CI:
            print("*** in CI a skipped test is a failed one ***")
            failed += len(tally.skipped)
    print(f"{tally.passed} passed, {failed} failed")
    if not tally.passed and not failed:
        print("no test has that name", file=sys.stderr)
        return 1
    return 1 if failed else 0
