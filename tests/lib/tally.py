"""What the tests' run prints: failures as they come, a line a room, the closing line.

On a terminal the rooms that are running stand in one line that is redrawn. Elsewhere a running
room has a line every REPORT_SECONDS. A finished room's line is final:

    cli           94 passed, 0 failed, 61 s (40 s of CPU)
"""

import os
import resource
import sys
import threading
import time

REPORT_SECONDS = 20  # between lines about a running room, where there is no terminal


class Room:
    def __init__(self, name):
        self.name = name
        self.cases = self.done = 0  # test functions: all, and those that have ended
        self.passed = self.failed = self.skipped = 0  # results, of which a function may have many
        self.start = self.reported = None
        self.cpu = 0.0

    def seconds(self):
        return time.monotonic() - self.start

    def running(self):
        return (f"{self.name:12} {self.done} of {self.cases} done, {self.failed} failed, "
                f"{self.seconds():.0f} s")

    def final(self):
        skipped = f", {self.skipped} SKIPPED" if self.skipped else ""
        return (f"{self.name:12} {self.passed:5} passed, {self.failed} failed{skipped}, "
                f"{self.seconds():.0f} s ({self.cpu:.0f} s of CPU)")


class Tally:
    """Safe to use from several threads. `names`: of all the tests that will run."""

    def __init__(self, names, verbose=False, stream=None):
        self.passed, self.failed, self.skipped, self.left_out = 0, [], [], 0
        self.verbose, self.stream = verbose, stream or sys.stdout
        self.terminal = self.stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.rooms, self.start = {}, time.monotonic()
        for name in names:
            self.room(name).cases += 1
        self.lock = threading.RLock()
        self.stopped = threading.Event()
        self.ticker = threading.Thread(target=self._tick, daemon=True)
        self.ticker.start()

    def room(self, name):
        name = name.split("/")[0]
        return self.rooms.setdefault(name, Room(name))

    # --- what happens ---

    def begin(self, name):
        """A test begins."""
        with self.lock:
            room = self.room(name)
            if room.start is None:
                room.start = room.reported = time.monotonic()

    def add(self, name, failure=None, skipped=None, seconds=0.0):
        """One result: passed, failed (`failure` says how) or skipped (`skipped` says why)."""
        with self.lock:
            room = self.room(name)
            if skipped is not None:
                room.skipped += 1
                self.skipped.append((name, skipped))
                self.say(f"SKIPPED {name}: {skipped}")
            elif failure is None:
                room.passed += 1
                self.passed += 1
                if self.verbose:
                    self.say(f"ok      {name} ({seconds:.2f} s of CPU)")
            else:
                room.failed += 1
                self.failed.append(name)
                self.say(f"FAILED  {name}\n        " + failure.rstrip().replace("\n", "\n        "))

    def end(self, name, cpu, left_out=False):
        """A test has ended; it and its programs took `cpu` seconds of processor time."""
        with self.lock:
            self.left_out += left_out
            room = self.room(name)
            room.done += 1
            room.cpu += cpu
            if room.done == room.cases:
                self.say(room.final())

    # --- what is printed ---

    def say(self, text):
        with self.lock:
            erase = "\r\x1b[K" if self.terminal else ""
            print(erase + text, file=self.stream, flush=True)

    def _running(self):
        return [r for r in self.rooms.values() if r.start is not None and r.done < r.cases]

    def _tick(self):
        while not self.stopped.wait(0.5):
            with self.lock:
                if self.terminal:
                    line = " | ".join(" ".join(room.running().split()) for room in self._running())
                    width = os.get_terminal_size(self.stream.fileno()).columns or 80
                    print(f"\r\x1b[K{line[:width - 1]}", end="", file=self.stream, flush=True)
                    continue
                for room in self._running():
                    if time.monotonic() - room.reported >= REPORT_SECONDS:
                        room.reported = time.monotonic()
                        self.say(room.running())

    def close(self, skipped_fail):
        """Print the end; returns the exit status. `skipped_fail(why)`: whether a skipped test is a
        failed one."""
        self.stopped.set()
        self.ticker.join()
        if len(self.failed) > 1:
            self.say("failed: " + ", ".join(self.failed))
        failed = len(self.failed)
        if self.skipped:
            self.say(f"*** {len(self.skipped)} SKIPPED: what they test was NOT tested ***")
            for name, why in self.skipped:
                self.say(f"***   {name}: {why}" + ("; counts as failed" if skipped_fail(why) else ""))
                failed += skipped_fail(why)
        if self.left_out:
            self.say(f"{self.left_out} tests left out: they need tools that `make check` installs")
        spent = sum(sum(resource.getrusage(who)[:2])
                    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        self.say(f"{time.monotonic() - self.start:.0f} s, {spent:.0f} s of CPU")
        self.say(f"{self.passed} passed, {failed} failed")
        if not self.passed and not failed:
            print("no test has that name", file=sys.stderr)
            return 1
        return 1 if failed else 0
