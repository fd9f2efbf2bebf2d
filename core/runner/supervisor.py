"""The process that keeps the catalog imported and forks a keeper for every run, as many at once as it may."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.catalog import Catalog
from core.errors import RunnerError
from core.record import Event, RunState
from core.request import RunRequest
from core.runner.channel import Channel, Message
from core.runner.journal import RunFolder, append_once
from core.runner.keeper import Keeper
from core.runner.line import may_start
from core.runner.loop import Loop
from core.runner.process import Ended, adopt_orphans, children_but, end_all, reap
from core.runner.reading import Reading
from core.runner.setup import Room, Setup
from core.runner.source import Sources

MAX_READINGS = 4
PATIENCE = 15.0
INTERVAL = 0.5


@dataclass
class Kept:
    """A run that is waiting (no keeper yet) or under way. `lock` holds the lock of its folder."""

    request: RunRequest
    folder: RunFolder
    lock: int
    position: int = 0
    pid: int = 0
    channel: Channel | None = None
    end: Event | None = None


class Supervisor:
    """Serves one client until its end. Single-threaded, so that it can fork at any time."""

    def __init__(self, channel: Channel, setup: Setup, catalog: Catalog, token_file: int) -> None:
        """Be ready for what comes over the channel; `token_file` is closed in the children."""
        self._client, self._setup, self._catalog, self._token_file = channel, setup, catalog, token_file
        self._sources = Sources(catalog)
        self._waiting: list[Kept] = []
        self._kept: dict[int, Kept] = {}
        self._readings: dict[int, Reading] = {}
        self._questions: list[Message] = []
        self._is_retired = False
        self._loop = Loop()
        self._loop.add_channel(channel, self._listen)
        self._commands: dict[str, Callable[[Message], None]] = {
            "submit": self._submit,
            "stop": self._stop,
            "check": self._check,
            "retire": self._retire,
            "ask": self._ask,
        }

    def serve(self) -> None:
        """Work until the client ends, or until nothing is left to do for one that has another supervisor now."""
        adopt_orphans()
        gc.collect()
        gc.freeze()
        while not (self._client.is_closed or self._loop.is_to_end or self._is_done):
            slow = frozenset(kept.channel.fileno() for kept in self._kept.values() if kept.channel)
            self._loop.turn(INTERVAL if self._readings else None, slow if self._client.is_full else frozenset())
            for ended in reap():
                self._bury(ended)
            self._hurry_readings()
        self._end()

    @property
    def _is_done(self) -> bool:
        return self._is_retired and not (self._waiting or self._kept or self._readings)

    # What the client asks for

    def _listen(self) -> None:
        for message in self._client.receive():
            try:
                self._commands[message["do"]](message)
            except (RunnerError, OSError, ValueError, KeyError, TypeError) as error:
                self._answer(message, refused=str(error) or type(error).__name__)

    def _answer(self, message: Message, **content: Any) -> None:
        if "number" in message:
            self._client.send({"answer": message["number"], **content})

    def _check(self, message: Message) -> None:
        self._answer(message, stale=self._sources.have_changed)

    def _retire(self, _message: Message) -> None:
        self._is_retired = True

    def _submit(self, message: Message) -> None:
        if self._sources.have_changed:
            self._answer(message, stale=True)
            return
        request = RunRequest.from_json(message["request"])
        folder = RunFolder(self._setup.data, request.id)
        lock = folder.lock()
        if lock is None:
            raise RunnerError(f"the run {request.id} is under way already")
        kept = Kept(request, folder, lock, len(self._waiting) + 1)
        try:
            folder.write_request(message["request"])
            self._tell(kept, _queued(kept.position))
        except OSError as error:
            os.close(lock)
            raise RunnerError(f"the run cannot be written into {folder.path}: {error.strerror or error}") from error
        self._waiting.append(kept)
        self._start_what_may()
        self._answer(message)

    def _stop(self, message: Message) -> None:
        for kept in [*self._waiting, *self._kept.values()]:
            if kept.request.id != message["run"]:
                continue
            if kept.channel:
                kept.channel.send({"do": "stop"})
            else:
                self._waiting.remove(kept)
                self._tell_end(kept, RunState.STOPPED, "stopped before it began")
                self._start_what_may()
        self._answer(message)

    def _ask(self, message: Message) -> None:
        self._questions.append(message)
        self._read_what_may()

    # Runs

    def _start_what_may(self) -> None:
        """Start every run that may be under way, and tell the others their new place in the queue."""
        while request := may_start(
            [kept.request for kept in self._waiting],
            [kept.request.user for kept in self._kept.values()],
            self._setup.runs_at_once,
            self._setup.runs_per_user,
        ):
            kept = next(kept for kept in self._waiting if kept.request is request)
            self._waiting.remove(kept)
            self._start(kept)
        self._tell_positions()

    def _tell_positions(self) -> None:
        for position, kept in enumerate(self._waiting, 1):
            if kept.position != position:
                kept.position = position
                with contextlib.suppress(OSError):
                    self._tell(kept, _queued(position))

    def _start(self, kept: Kept) -> None:
        try:
            ours, theirs = socket.socketpair()
            kept.pid = _fork(lambda: self._become_keeper(kept, ours, theirs))
            theirs.close()
        except OSError as error:
            self._tell_end(kept, RunState.FAILED, f"no process can be started: {error.strerror or error}")
            return
        kept.channel = Channel(ours)
        self._kept[kept.pid] = kept
        self._loop.add_channel(kept.channel, lambda: self._forward(kept))

    def _become_keeper(self, kept: Kept, ours: socket.socket, theirs: socket.socket) -> None:
        os.setsid()
        ours.close()
        self._leave()
        room = Room(self._setup, self._catalog, _nothing)
        Keeper(kept.request, kept.folder, Channel(theirs), kept.lock, room).keep()

    def _leave(self) -> None:
        """In a forked process: give back what belongs to the supervisor."""
        self._loop.abandon()
        self._client.close()
        os.close(self._token_file)
        for kept in [*self._waiting, *self._kept.values()]:
            if kept.channel:
                kept.channel.close()
            os.close(kept.lock)
        for reading in self._readings.values():
            reading.close()

    def _forward(self, kept: Kept) -> None:
        if kept.channel:
            for message in kept.channel.receive():
                self._pass_on(kept, message)
            if kept.channel.is_closed:
                self._loop.remove(kept.channel.fileno())

    def _pass_on(self, kept: Kept, message: Message) -> None:
        """Tell the client; but the end only when the keeper is gone, so that the run can be continued at once."""
        if message["event"]["kind"] == "ended":
            kept.end = message["event"]
        else:
            self._client.send({"run": kept.request.id, **message})

    def _tell(self, kept: Kept, event: Event) -> None:
        append_once(kept.folder, event)
        self._client.send({"run": kept.request.id, "event": event})

    def _tell_end(self, kept: Kept, state: RunState, reason: str) -> None:
        event = {"kind": "ended", "at": time.time(), "state": str(state), "reason": reason}
        with contextlib.suppress(OSError):
            append_once(kept.folder, event)
        os.close(kept.lock)
        self._client.send({"run": kept.request.id, "event": event})

    # Children that end

    def _bury(self, ended: Ended) -> None:
        if kept := self._kept.pop(ended.pid, None):
            self._bury_keeper(kept)
            self._start_what_may()
        elif reading := self._readings.pop(ended.pid, None):
            self._loop.remove(reading.pipe)
            content, refusal = reading.answer(ended)
            reading.close()
            self._end_orphans()
            answer = {"refused": refusal} if refusal else {"size": len(content)}
            self._client.send({"answer": reading.number, **answer}, content)
            self._read_what_may()

    def _bury_keeper(self, kept: Kept) -> None:
        if kept.channel:
            self._loop.remove(kept.channel.fileno())
            for message in kept.channel.receive_all():
                self._pass_on(kept, message)
            kept.channel.close()
        self._end_orphans()
        end = kept.end or kept.folder.last()
        if end and end["kind"] == "ended":
            os.close(kept.lock)
            self._client.send({"run": kept.request.id, "event": end})
        else:
            self._tell_end(kept, RunState.INTERRUPTED, "the process that kept the run was ended")

    def _end_orphans(self) -> None:
        """Kill what a child that was killed itself has left behind."""
        known = {*self._kept, *self._readings}
        if children_but(known):
            for ended in end_all(spare=known):
                self._bury(ended)

    # Values

    def _read_what_may(self) -> None:
        while self._questions and len(self._readings) < MAX_READINGS:
            message = self._questions.pop(0)
            room = Room(self._setup, self._catalog, self._leave)
            reading = Reading(message["number"], message["artifact"], message["question"], room)
            self._readings[reading.pid] = reading
            self._loop.add(reading.pipe, partial(self._collect, reading))

    def _collect(self, reading: Reading) -> None:
        if not reading.receive():
            self._loop.remove(reading.pipe)

    def _hurry_readings(self) -> None:
        for pid, reading in list(self._readings.items()):
            if reading.is_to_end:
                for ended in end_all(spare={*self._kept, *self._readings} - {pid}):
                    self._bury(ended)

    def _end(self) -> None:
        """The client is gone: so are the runs."""
        for kept in self._waiting:
            self._tell_end(kept, RunState.INTERRUPTED, "the program that started it ended while it was waiting")
        for kept in self._kept.values():
            if kept.channel:
                kept.channel.close()
        deadline = time.monotonic() + PATIENCE
        while self._kept and time.monotonic() < deadline:
            for ended in reap():
                self._kept.pop(ended.pid, None)
            time.sleep(0.005)
        end_all()


def _fork(task: Callable[[], None]) -> int:
    """Return the process id of a child that does the task and ends."""
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


def _queued(position: int) -> Event:
    return {"kind": "queued", "at": time.time(), "position": position}


def _nothing() -> None:
    return
