"""Several jobs at once, each in a process of its own that is forked from this one."""

from __future__ import annotations

import json
import os
import selectors
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic
from typing import Any

from core import tail
from core.executors.inside import fork, work
from core.executors.job import Job, Report, Tell
from core.process import descendants, signal_all, signal_group
from core.result import State

LOOK = 0.05
CHUNK = 1 << 16
MAX_LINE = 8 * 1024**2
TWICE = "called twice, because its value could not leave the process of the first call"
AGAIN = "(the value could not leave its process, so the task was called again in the process of the run)"


@dataclass(slots=True)
class _Child:
    """A process at work: `place` is that of what it prints, `log` what it has told of that, `deadline` its end.

    `status` is how it ended, once that is known: from then on its number may be another process's. `attempt` is the
    one that is under way, `words` say how it broke, if it can say so itself.
    """

    job: Job
    place: int
    pid: int
    pipe: int
    began: float
    deadline: float | None = None
    is_overdue: bool = False
    attempt: int = 1
    words: str = ""
    report: Report | None = None
    log: list[str] = field(default_factory=list)
    rest: bytearray = field(default_factory=bytearray)
    status: int | None = None

    @property
    def has_ended(self) -> bool:
        """True if the process has ended; looks without waiting."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
        return self.status is not None

    def kill(self) -> None:
        """End the process, if it is still there, and what it has started."""
        if self.status is None:
            signal_all([*descendants(self.pid), self.pid], signal.SIGKILL)

    def wait(self) -> int:
        """Return how the process has ended, as soon as it has; what it has left in its group ends as well."""
        if self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]
        signal_group(self.pid, signal.SIGKILL)
        return self.status


class Processes:
    """Does up to `workers` jobs at once. A job that ends its process fails, and nothing else does.

    The process that uses it must have one thread only. A job whose values cannot be stored is done again here, while
    nothing else is under way that would have to be ended in time.
    """

    def __init__(self, workers: int, tell: Tell) -> None:
        self._tell = tell
        self._workers = workers
        self._children: dict[int, _Child] = {}
        self._settled: list[tuple[int, Report]] = []
        self._left: list[tuple[int, Callable[[], Report]]] = []
        self._selector = selectors.DefaultSelector()

    @property
    def room(self) -> int:
        """How many more jobs may be started now."""
        return 0 if self._left else self._workers - len(self._children)

    def start(self, number: int, job: Job) -> None:
        """Begin a job in a new process; leave it to this one if what it makes could not leave that."""
        if job.stays:
            self._left.append((number, partial(job, self._tell)))
            return
        ours, theirs = os.pipe()
        taken = {child.place for child in self._children.values()}
        place = next(index for index in range(self._workers) if index not in taken)
        try:
            pid = fork()
        except OSError as error:
            os.close(ours)
            os.close(theirs)
            report = Report(State.FAILED, error=f"no process could be started for it: {error.strerror}")
            self._settled.append((number, report))
            return
        if pid == 0:
            for child in self._children.values():
                os.close(child.pipe)
            os.close(ours)
            if tails := tail.current():
                tails.keep_to(place)
            work(job, theirs)
        os.close(theirs)
        os.set_blocking(ours, False)
        self._children[number] = _Child(job, place, pid, ours, monotonic())
        self._selector.register(ours, selectors.EVENT_READ, number)

    def finished(self) -> list[tuple[int, Report]]:
        """Wait for one; ends those that are over their time limit on the way."""
        ended, self._settled = self._settled, []
        while not ended:
            if self._left and not self._children:
                number, do = self._left.pop(0)
                return [(number, do())]
            for key, _ in self._selector.select(LOOK):
                self._read(self._children[key.data])
            for number, child in list(self._children.items()):
                if child.deadline is not None and monotonic() > child.deadline and not child.is_overdue:
                    child.is_overdue = True
                    child.kill()
                if child.report is not None or child.has_ended:
                    report = self._end(number, child)
                    if report.state is State.DONE and not report.is_stored:
                        self._left.append((number, partial(self._again, child.job)))
                    else:
                        ended.append((number, report))
        return ended

    def _again(self, job: Job) -> Report:
        again = job(self._tell).noted(AGAIN)
        return replace(again, reason=f"{again.reason}; {TWICE}")

    def close(self) -> None:
        """End every process that is under way."""
        for number, child in list(self._children.items()):
            child.kill()
            self._forget(number, child)
        self._selector.close()

    def _read(self, child: _Child) -> bool:
        """Take what has come through the pipe; return False at its end."""
        try:
            content = os.read(child.pipe, CHUNK)
        except BlockingIOError:
            return False
        if not content:
            self._selector.unregister(child.pipe)
            return False
        child.rest += content
        *lines, rest = child.rest.split(b"\n") if b"\n" in content else (child.rest,)
        child.rest = rest
        for line in lines:
            if message := _message(line):
                self._take(child, message)
        if len(rest) > MAX_LINE:
            child.kill()  # it writes what no process of ours writes
            rest.clear()
        return True

    def _take(self, child: _Child, message: dict[str, Any]) -> None:
        if "report" in message:
            child.report = Report.from_json(message["report"])
            return
        if "broken" in message:
            child.words = str(message["broken"])
            return
        event = message["event"]
        if event.get("state") == State.RUNNING:
            limit = event.pop("limit", None)
            child.deadline = monotonic() + limit if limit else None
            child.began = monotonic()
            child.attempt = event.get("attempt", 1)
        elif event["kind"] == "log":
            child.log.append(event["text"])
        self._tell(event)

    def _end(self, number: int, child: _Child) -> Report:
        while child.report is None and self._is_open(child) and self._read(child):
            pass
        report = child.report
        if report is not None:
            child.kill()  # it has said its last word, and whatever it left behind must not linger
        status = self._forget(number, child)
        if report is None:
            late = f"took longer than {child.job.time_limit:g} s" if child.is_overdue else ""
            seconds, error = monotonic() - child.began, late or child.words or describe_death(status)
            return Report(State.FAILED, seconds=seconds, error=error, log=_log(child), broken=child.attempt)
        return report

    def _is_open(self, child: _Child) -> bool:
        return child.pipe in self._selector.get_map()

    def _forget(self, number: int, child: _Child) -> int:
        """Let go of a process that has ended or said its last word; return its exit status."""
        if self._is_open(child):
            self._selector.unregister(child.pipe)
        os.close(child.pipe)
        del self._children[number]
        return child.wait()


def _message(line: bytes | bytearray) -> dict[str, Any] | None:
    """Return what a process says in a line, or None for what a task has written there itself."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict):
        return None
    event = message.get("event")
    is_known = "report" in message or "broken" in message or (isinstance(event, dict) and "kind" in event)
    return message if is_known else None


def _log(child: _Child) -> str:
    """Return what a task had printed when its process ended."""
    tails = tail.current()
    return tails.text(child.place, child.job.name) if tails and not child.log else "".join(child.log)


def describe_death(status: int) -> str:
    """Return in words how a process ended, from its status as `os.waitpid` gives it."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"its process exited with code {code} without a result"
    name = next((known.name for known in signal.Signals if known == -code), f"signal {-code}")
    if name == "SIGXCPU":
        return "its process used more processor time than it may (SIGXCPU)"
    if name == "SIGKILL":
        return "its process was ended by SIGKILL, as happens when the machine runs out of memory"
    return f"its process was ended by {name}"
