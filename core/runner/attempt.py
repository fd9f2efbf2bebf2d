"""One worker process, as its keeper sees it."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from core.process import die_with, signal_all
from core.request import RunRequest
from core.retry import Former
from core.runner.setup import Room
from core.runner.worker import work
from core.tail import Tails, use

CHUNK = 64 * 1024
MAX_LINE = 8 * 1024**2
MAX_TOTAL = 512 * 1024**2
CRASHED = 70
ASKING = {signal.SIGTERM}


class Attempt:
    """A forked worker: what it writes is read without ever blocking, line by line, and not without end."""

    def __init__(
        self, request: RunRequest, failed: Mapping[str, str], former: Mapping[str, Former], room: Room
    ) -> None:
        """Fork the worker."""
        at_once = 1 if request.executor == "inline" else request.workers + 1
        self._tails = Tails(at_once, room.setup.secrets)
        self.pipe, theirs = os.pipe()
        self.is_closed = self.is_asked_to_stop = False
        keeper = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, ASKING)
        self.pid = os.fork()
        if not self.pid:
            os.close(self.pipe)
            use(self._tails)
            _become_worker(lambda: work(request, failed, former, room, theirs), keeper, room)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)
        os.close(theirs)
        os.set_blocking(self.pipe, False)
        self._came = bytearray()
        self._total = 0

    @property
    def tells_too_much(self) -> bool:
        """True if it writes what no worker writes."""
        return len(self._came) > MAX_LINE or self._total > MAX_TOTAL

    def messages(self) -> Iterator[Any]:
        """Yield what has come since the last time, one portion of it. Ends silently where nothing more will come."""
        chunk = self._read()
        self._came += chunk
        self._total += len(chunk)
        *lines, rest = self._came.split(b"\n") if b"\n" in chunk else (self._came,)
        self._came = rest
        for line in filter(None, lines):
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                continue

    def rest(self) -> Iterator[Any]:
        """Yield everything that is left; only after the process has ended."""
        before = -1
        while before != self._total and not self.tells_too_much:
            before = self._total
            yield from self.messages()

    def printed(self, running: Collection[str], *, is_last: bool = False) -> Iterator[Any]:
        """Yield what the running tasks have printed since the last time; the last time is when the worker has ended."""
        for task_id, text in self._tails.news(running, is_last=is_last):
            yield {"kind": "log", "task": task_id, "text": text}

    def begun(self) -> set[str]:
        """Return the latest tasks that have begun, whatever was told of them."""
        return self._tails.names()

    def ask_to_stop(self) -> None:
        """Send the polite signal to the worker and its group."""
        self.is_asked_to_stop = True
        try:
            os.killpg(self.pid, signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            signal_all([self.pid], signal.SIGTERM)  # it does not lead its group yet

    def close(self) -> None:
        """Close the pipe, and forget what was printed."""
        os.close(self.pipe)
        self._tails.close()

    def _read(self) -> bytes:
        try:
            chunk = os.read(self.pipe, CHUNK)
        except BlockingIOError:
            return b""
        self.is_closed = not chunk
        return chunk


def _become_worker(task: Callable[[], None], keeper: int, room: Room) -> None:
    """Never returns."""
    code = CRASHED
    try:
        die_with(keeper)
        room.leave()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)
        task()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
