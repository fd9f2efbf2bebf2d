"""The process that keeps one run: it forks the workers, watches their limits, writes the journal, ends them all."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass, replace
from typing import Any

from core.process import IS_LINUX, Ended, adopt_orphans, descendants, end_all, reap, signal_group
from core.record import Event, RunState
from core.request import RunRequest
from core.runner.attempt import CRASHED, Attempt
from core.runner.channel import Channel
from core.runner.journal import Journal, RunFolder
from core.runner.limit import ending_words, memory_words, own_memory, private_memory, seconds_words
from core.runner.loop import Loop
from core.runner.progress import Progress
from core.runner.setup import Room

INTERVAL = 0.2
MAX_IDLE_DEATHS = 2
MAX_BUG = 10_000
MAX_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a worker was lost, in words, and the tasks that may have caused it; `is_certain` if they surely have."""

    words: str
    tasks: tuple[str, ...]
    is_certain: bool = False


class Keeper:
    """Lives as long as one request of one run; `keep` is all it does."""

    def __init__(self, request: RunRequest, folder: RunFolder, channel: Channel, lock: int, room: Room) -> None:
        """Be in a process of its own, forked from the supervisor, that holds the folder's lock.

        Args:
            request: what to do.
            folder: where the journal is.
            channel: to the supervisor. It tells to stop; its end is the end of the run.
            lock: the descriptor that holds the lock.
            room: what the worker needs; `leave` gives back what belongs to the supervisor.
        """
        self._request, self._channel, self._lock = request, channel, lock
        self._limits = request.limits
        self._journal = Journal(folder)
        self._progress = Progress(request)
        self._room = replace(room, leave=self._leave)
        self._loop = Loop()
        self._loop.add_channel(channel, self._listen)
        self._began = time.monotonic()
        self._supervisor = os.getppid()
        self._stop_until = 0.0
        self._idle_deaths = 0
        self._is_careful = False
        self._final: tuple[RunState, str] | None = None
        self._bug = ""
        self._ending: tuple[RunState, str] | None = None
        self._next_look = self._next_measure = 0.0
        self._own_memory = 0

    def keep(self) -> None:
        """Run the request to its end. Everything that happens is in the journal before the supervisor hears of it."""
        adopt_orphans()
        try:
            self._tell({"kind": "began", "partial": self._request.is_partial})
            while not self._ending:
                self._try()
        except OSError as error:
            end_all()
            self._ending = RunState.FAILED, f"the run cannot go on: {error.strerror or error}"
        self._end(*self._ending)

    def _try(self) -> None:
        """One worker, from fork to the end of its last descendant."""
        self._final, self._bug = None, ""
        self._own_memory = private_memory(os.getpid())
        request = self._progress.rest()
        if self._is_careful:
            request = replace(request, executor="inline", pipelined=False)
        attempt = Attempt(request, self._progress.blamed, self._progress.former, self._room)
        self._loop.add(attempt.pipe, lambda: self._relay(attempt.messages()))
        loss, ended = self._watch(attempt)
        self._loop.remove(attempt.pipe)
        if not IS_LINUX:
            signal_group(attempt.pid, signal.SIGKILL)
        ended = ended or next((one for one in end_all() if one.pid == attempt.pid), None)
        end_all()
        self._relay(attempt.rest())
        self._relay(attempt.printed(self._progress.running, is_last=True))
        suspects = self._progress.unsettled(attempt.begun())
        attempt.close()
        self._judge(loss, ended, suspects)

    def _watch(self, attempt: Attempt) -> tuple[Loss | None, Ended | None]:
        """Return when the worker has ended, or has to be."""
        while True:
            paused = frozenset({attempt.pipe}) if self._channel.is_full else frozenset[int]()
            self._loop.turn(self._patience(), paused)
            for one in reap():
                if one.pid == attempt.pid:
                    return None, one
            self._ending = self._outside_end()
            if self._ending or 0 < self._stop_until < time.monotonic():
                return None, None
            if loss := self._overrun(attempt):
                return loss, None
            if self._stop_until and not attempt.is_asked_to_stop:
                attempt.ask_to_stop()
            if attempt.is_closed:
                self._loop.remove(attempt.pipe)

    def _outside_end(self) -> tuple[RunState, str] | None:
        """Look whether the run as a whole has to end."""
        if self._channel.is_closed or os.getppid() != self._supervisor:
            return RunState.INTERRUPTED, "the program that started it has ended"
        if self._loop.is_to_end:
            return RunState.INTERRUPTED, "it was ended from outside"
        if 0 < self._limits.seconds < time.monotonic() - self._began:
            return RunState.FAILED, f"took longer than {seconds_words(self._limits.seconds)}"
        if self._progress.has_stored_too_much:
            return RunState.FAILED, self._progress.output_words()
        return None

    def _patience(self) -> float:
        now = time.monotonic()
        moments = [now + INTERVAL, self._progress.next_limit(), self._stop_until or None]
        return max(0.0, min(moment for moment in moments if moment is not None) - now)

    def _overrun(self, attempt: Attempt) -> Loss | None:
        """Look whether a task or the run as a whole uses more than it may."""
        if late := self._progress.over_time():
            return Loss(f"took longer than {seconds_words(min(late.values()))}", tuple(late), is_certain=True)
        if attempt.tells_too_much:
            return Loss("wrote too much into the runner's pipe", tuple(self._progress.running))
        if time.monotonic() < self._next_look:
            return None
        self._next_look = time.monotonic() + INTERVAL
        self._relay(attempt.printed(self._progress.running))
        pids = descendants(os.getpid())
        if 0 < self._limits.processes < len(pids):
            return Loss(f"started more than {self._limits.processes} processes", tuple(self._progress.running))
        if self._uses_too_much(pids):
            return Loss(memory_words(self._limits), tuple(self._progress.running))
        return None

    def _uses_too_much(self, pids: list[int]) -> bool:
        """A quick upper bound first: what a process shares with the one that forked it counts twice there."""
        most = self._limits.memory
        if not most or time.monotonic() < self._next_measure:
            return False
        if sum(max(0, private_memory(pid) - self._own_memory) for pid in pids) <= most:
            return False
        self._next_measure = time.monotonic() + 5 * INTERVAL
        return own_memory(pids) > most

    def _listen(self) -> None:
        for message in self._channel.receive():
            if message.get("do") == "stop" and not self._stop_until:
                self._stop_until = time.monotonic() + self._room.setup.grace
        if self._channel.is_closed:
            self._loop.remove(self._channel.fileno())

    def _relay(self, messages: Any) -> None:
        for message in messages:
            if isinstance(message, dict) and message.get("kind") == "final":
                with contextlib.suppress(KeyError, ValueError):
                    self._final = RunState(message["state"]), str(message.get("reason", ""))[:100_000]
            elif isinstance(message, dict) and message.get("kind") == "bug":
                sys.stderr.write(str(message.get("traceback"))[-MAX_BUG:])
                sys.stderr.flush()
                self._bug = f"broke the runner ({str(message.get('words'))[:MAX_WORDS]})"
            elif event := self._progress.take(message):
                self._tell(event)

    def _judge(self, loss: Loss | None, ended: Ended | None, suspects: tuple[str, ...]) -> None:
        """Decide what the end of a worker means for the run. `suspects`: tasks that had begun, maybe without a word."""
        if self._ending:
            return
        if self._final and not loss and ended and ended.code == 0:
            state, reason = self._final
            if state is RunState.DONE and (self._progress.failed or self._progress.running):
                state = RunState.FAILED
            self._ending = state, reason or (self._progress.failure_words() if state is RunState.FAILED else "")
        elif self._stop_until:
            self._ending = RunState.STOPPED, "stopped"
        else:
            words = self._words(ended)
            self._blame(loss or Loss(words, tuple(self._progress.running) or suspects))

    def _words(self, ended: Ended | None) -> str:
        if self._bug:
            return self._bug
        if ended and ended.code == CRASHED:
            return "lost its connection to its keeper"
        return ending_words(ended, self._limits) if ended else "was lost"

    def _blame(self, loss: Loss) -> None:
        """Mark what ended the worker as failed, unless it may be called again; the next worker does the rest."""
        if not loss.tasks:
            self._idle_deaths += 1
            if self._idle_deaths >= MAX_IDLE_DEATHS:
                self._ending = RunState.FAILED, f"the process of the run {loss.words}, between two tasks"
        elif len(loss.tasks) > 1 and not loss.is_certain and not self._is_careful:
            self._is_careful = True
        else:
            for task_id in loss.tasks:
                self._tell(self._progress.blame(task_id, loss.words))
        self._progress.running.clear()

    def _tell(self, event: Event) -> None:
        whole = {"at": time.time(), **event}
        self._journal.append(whole)
        self._channel.send({"event": whole})

    def _end(self, state: RunState, reason: str) -> None:
        end_all()
        event = {"kind": "ended", "at": time.time(), "state": str(state), "reason": reason}
        with contextlib.suppress(OSError):
            self._journal.append(event)
        self._channel.send({"event": event})
        while self._channel.has_waiting:
            self._loop.turn(1.0)
        with contextlib.suppress(OSError):
            self._journal.sync()

    def _leave(self) -> None:
        """In the worker: give back what belongs to the keeper."""
        self._loop.abandon()
        self._channel.close()
        self._journal.close()
        os.close(self._lock)
