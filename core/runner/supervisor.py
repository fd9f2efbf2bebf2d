"""The process that keeps the catalog imported and forks a keeper for every run, as many at once as it may."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from core.catalog import Catalog
from core.durable import tell
from core.errors import RunnerError
from core.process import (
    IS_LINUX,
    Ended,
    adopt_orphans,
    children_but,
    descendants,
    end_all,
    reap,
    signal_all,
)
from core.record import RunState
from core.request import RunRequest
from core.runner import mark
from core.runner.channel import Channel, Message
from core.runner.journal import RunFolder
from core.runner.keeper import Keeper
from core.runner.kept import Kept, fork
from core.runner.line import at_most, may_start
from core.runner.loop import Loop
from core.runner.reading_room import ReadingRoom
from core.runner.setup import Room, Setup
from core.runner.source import Sources
from core.runner.warming import warm

PATIENCE = 15.0
INTERVAL = 0.5


class Supervisor:
    """Serves one client until its end. Single-threaded, so that it can fork at any time."""

    def __init__(self, channel: Channel, setup: Setup, catalog: Catalog, began: int, token_file: int | None) -> None:
        """Be ready for what comes over the channel.

        Args:
            channel: to the client.
            setup: the settings.
            catalog: the functions, imported.
            began: when their import began, in nanoseconds since 1970.
            token_file: a descriptor that no child shall have; None if the mark could not be written yet.
        """
        self._client, self._setup, self._catalog, self._token_file = channel, setup, catalog, token_file
        self._sources = Sources(catalog, began)
        self._waiting: list[Kept] = []
        self._kept: dict[int, Kept] = {}
        self._elder: list[str] = []
        self._ahead = 0
        self._is_retired = False
        self._warming = warm(catalog)
        self._is_cold = True
        self._loop = Loop()
        self._loop.add_channel(channel, self._listen)
        self._reading = ReadingRoom(self._loop, channel, Room(setup, catalog, self._leave, self._sources.are_those_of))
        self._commands: dict[str, Callable[[Message], None]] = {
            "submit": self._submit,
            "stop": self._stop,
            "check": self._check,
            "retire": self._retire,
            "elder": self._count_elder,
            "ask": self._reading.ask,
        }

    def serve(self) -> None:
        """Work until the client ends, or until nothing is left to do for one that has another supervisor now."""
        adopt_orphans()
        while not (self._client.is_closed or self._loop.is_to_end or self._is_done):
            slow = frozenset(kept.channel.fileno() for kept in self._kept.values() if kept.channel)
            self._loop.turn(self._patience(), slow if self._client.is_full else frozenset())
            for ended in reap():
                self._bury(ended)
            for ended in [*self._reading.hurry(self._kept), *self._end_late()]:
                self._bury(ended)
        self._end()

    def _patience(self) -> float | None:
        """How long nothing may happen; while nothing has to be done, the next runs are made quicker."""
        if self._reading.pids or any(kept.deadline < math.inf for kept in self._kept.values()):
            return INTERVAL
        if self._is_cold and not self._kept:
            self._is_cold = next(self._warming, True) is None
            return 0.0
        return None

    @property
    def _is_done(self) -> bool:
        return self._is_retired and not (self._waiting or self._kept or self._reading.pids)

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

    def _count_elder(self, message: Message) -> None:
        """Supervisors that were retired share the caps: these are the users of the runs that are left to them.

        Those of them that still wait came before all that wait here.
        """
        self._elder = at_most(message["users"], self._setup.runs_per_user)
        self._ahead = message["waiting"]
        self._start_what_may()

    def _submit(self, message: Message) -> None:
        if self._sources.have_changed:
            self._answer(message, stale=True)
            return
        request = RunRequest.from_json(message["request"])
        folder = RunFolder(self._setup.data, request.id)
        lock = self._locked(folder)
        if lock is None:
            raise RunnerError(f"the run {request.id} is under way already")
        kept = Kept(request, folder, lock, self._client)
        try:
            folder.cut()
            folder.write_request(message["request"])
            kept.queue(self._ahead + len(self._waiting) + 1)
        except OSError as error:
            os.close(lock)
            raise RunnerError(tell(error, f"the run cannot be written into {folder.path}")) from error
        self._waiting.append(kept)
        self._start_what_may()
        self._answer(message)

    def _locked(self, folder: RunFolder) -> int | None:
        try:
            if self._token_file is None:
                self._token_file = mark.hold(self._setup.data, self._setup.token)
            return folder.lock()
        except OSError as error:
            raise RunnerError(tell(error, f"the run cannot be written into {folder.path}")) from error

    def _stop(self, message: Message) -> None:
        for kept in [*self._waiting, *self._kept.values()]:
            if kept.request.id != message["run"]:
                continue
            if kept.channel:
                kept.stop(self._setup.grace)
            else:
                self._waiting.remove(kept)
                kept.end(RunState.STOPPED, "stopped before it began")
                self._start_what_may()
        self._answer(message)

    # Runs

    def _start_what_may(self) -> None:
        """Start every run that may be under way, and tell the others their new place in the queue."""
        while request := may_start(
            [kept.request for kept in self._waiting],
            [*self._elder, *(kept.request.user for kept in self._kept.values())],
            self._setup.runs_at_once,
            self._setup.runs_per_user,
        ):
            kept = next(kept for kept in self._waiting if kept.request is request)
            self._waiting.remove(kept)
            self._start(kept)
        self._tell_positions()

    def _tell_positions(self) -> None:
        for position, kept in enumerate(self._waiting, self._ahead + 1):
            if kept.position != position:
                with contextlib.suppress(OSError):
                    kept.queue(position)

    def _start(self, kept: Kept) -> None:
        try:
            ours, theirs = socket.socketpair()
            pid = fork(lambda: self._become_keeper(kept, ours, theirs))
            theirs.close()
        except OSError as error:
            kept.end(RunState.FAILED, f"no process can be started: {error.strerror or error}")
            return
        channel = Channel(ours)
        kept.begin(pid, channel)
        self._kept[pid] = kept
        self._loop.add_channel(channel, lambda: self._forward(kept))

    def _become_keeper(self, kept: Kept, ours: socket.socket, theirs: socket.socket) -> None:
        os.setsid()
        ours.close()
        self._leave()
        room = Room(self._setup, self._catalog, _nothing, self._sources.are_those_of)
        Keeper(kept.request, kept.folder, Channel(theirs), kept.lock, room).keep()

    def _leave(self) -> None:
        """In a forked process: give back what belongs to the supervisor."""
        self._loop.abandon()
        self._client.close()
        if self._token_file is not None:
            os.close(self._token_file)
        for kept in [*self._waiting, *self._kept.values()]:
            if kept.channel:
                kept.channel.close()
            os.close(kept.lock)
        self._reading.leave()

    def _forward(self, kept: Kept) -> None:
        if kept.channel:
            for message in kept.channel.receive():
                kept.pass_on(message)
            if kept.channel.is_closed:
                self._loop.remove(kept.channel.fileno())

    # Children that end

    def _bury(self, ended: Ended) -> None:
        if kept := self._kept.pop(ended.pid, None):
            self._bury_keeper(kept)
            self._start_what_may()
        elif self._reading.bury(ended):
            self._end_orphans()

    def _bury_keeper(self, kept: Kept) -> None:
        if kept.channel:
            self._loop.remove(kept.channel.fileno())
            for message in kept.channel.receive_all():
                kept.pass_on(message)
            kept.channel.close()
        self._end_orphans()
        kept.bury()

    def _end_late(self) -> list[Ended]:
        """Kill the keepers that do not end in time, as one that is frozen cannot, and everything below them."""
        late = {pid for pid, kept in self._kept.items() if kept.is_late}
        return end_all(spare={*self._kept, *self._reading.pids} - late) if late else []

    def _end_orphans(self) -> None:
        """Kill what a child that was killed itself has left behind."""
        known = {*self._kept, *self._reading.pids}
        self._end_strays(known)
        if children_but(known):
            for ended in end_all(spare=known):
                self._bury(ended)

    def _end_strays(self, known: set[int]) -> None:
        """Where orphans do not come to this process: kill what carries its mark and descends from no known child."""
        if not IS_LINUX:
            marked = set(mark.marked([self._setup.token]))  # first, so that what a keeper starts now is not among them
            signal_all(marked.difference(known, {os.getpid()}, *map(descendants, known)), signal.SIGKILL)

    def _end(self) -> None:
        """The client is gone: so are the runs."""
        for kept in self._waiting:
            kept.end(RunState.INTERRUPTED, "the program that started it ended while it was waiting")
        for kept in self._kept.values():
            if kept.channel:
                kept.channel.close()
        deadline = time.monotonic() + PATIENCE
        while self._kept and time.monotonic() < deadline:
            for ended in reap():
                self._kept.pop(ended.pid, None)
            time.sleep(0.005)
        end_all()
        self._end_strays(set())


def _nothing() -> None:
    return
