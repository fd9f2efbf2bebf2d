"""One run in the hands of a supervisor: what it tells goes into the journal first, then to the client."""

from __future__ import annotations

import contextlib
import math
import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from core.record import Event, RunState
from core.request import RunRequest
from core.runner.channel import Channel, Message
from core.runner.journal import RunFolder, append_once
from core.runner.limit import seconds_words

TIME_TO_END = 10.0
TIME_TO_STOP = 3.0
ENDED = "the process that kept the run was ended"


@dataclass
class Kept:
    """A run that waits or is under way.

    Attributes:
        request, folder: what to do, and where it is told.
        lock: the descriptor that holds the folder's lock.
        client: to whom it is told.
        position: its place in the queue, as it was told last.
        pid, channel: the keeper, once there is one.
        deadline: when the keeper is ended if it is still there, by the monotonic clock.
        verdict: what its end means for the run if it says nothing itself.
    """

    request: RunRequest
    folder: RunFolder
    lock: int
    client: Channel
    position: int = 0
    pid: int = 0
    channel: Channel | None = None
    deadline: float = math.inf
    verdict: tuple[RunState, str] = RunState.INTERRUPTED, ENDED
    _end: Event | None = None

    def queue(self, position: int) -> None:
        """Tell its place in the queue. Raises OSError, with nothing told."""
        self.position = position
        event = {"kind": "queued", "at": time.time(), "position": position}
        append_once(self.folder, event)
        self._tell(event)

    def begin(self, pid: int, channel: Channel) -> None:
        """It has a keeper, who shall end it in time; one that was frozen does not."""
        self.pid, self.channel = pid, channel
        if seconds := self.request.limits.seconds:
            self._end_by(time.monotonic() + seconds + TIME_TO_END)
            self.verdict = RunState.FAILED, f"took longer than {seconds_words(seconds)}"

    def stop(self, grace: float) -> None:
        """Tell the keeper to end the run."""
        if self.channel:
            self.channel.send({"do": "stop"})
            self._end_by(time.monotonic() + grace + TIME_TO_STOP)
            self.verdict = RunState.STOPPED, "stopped"

    @property
    def is_late(self) -> bool:
        """True if the keeper should have ended."""
        return time.monotonic() > self.deadline

    def pass_on(self, message: Message) -> None:
        """Tell what the keeper says; but the end only when the keeper is gone, so that the run can go on at once."""
        if message["event"]["kind"] == "ended":
            self._end = message["event"]
        else:
            self._tell(message["event"])

    def bury(self) -> None:
        """The keeper is gone: tell the end of the run, which may be that of the keeper."""
        end = self._end or self.folder.last()
        if end and end["kind"] == "ended":
            os.close(self.lock)
            self._tell(end)
        else:
            self.end(*(self.verdict if self.is_late else (RunState.INTERRUPTED, ENDED)))

    def end(self, state: RunState, reason: str) -> None:
        """Tell an end that no keeper tells, and give back the lock."""
        event = {"kind": "ended", "at": time.time(), "state": str(state), "reason": reason}
        with contextlib.suppress(OSError):
            append_once(self.folder, event)
        os.close(self.lock)
        self._tell(event)

    def _end_by(self, moment: float) -> None:
        self.deadline = min(self.deadline, moment)

    def _tell(self, event: Event) -> None:
        self.client.send({"run": self.request.id, "event": event})


def fork(task: Callable[[], None]) -> int:
    """Return the process id of a child that does the task and ends. Raises OSError."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        task()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
