"""`Runner`: starts runs in processes of their own, hears what becomes of them, and asks for stored values."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Lock, RLock
from typing import Any

from core.artifact import Artifact
from core.catalog import Catalog
from core.errors import CatalogError, RunnerError, TooLargeError
from core.record import Event, RunRecord, RunState
from core.request import RunRequest
from core.runner import mark
from core.runner.connection import Connection, GoneError
from core.runner.download import DownloadFolder
from core.runner.journal import RunFolder
from core.runner.recovery import recover, settle
from core.settings import Settings

log = logging.getLogger(__name__)
CHECK_INTERVAL = 1.0
FAILURE_INTERVAL = 1.0
PATIENCE = 10.0
PATIENCE_WITH_LOCK = 2.0  # a process that was killed cannot be seen any more a moment before it lets go of its lock
PAUSE = 0.02
PATIENCE_WITH_ANSWER = 30.0
PATIENCE_WITH_FILE = 170.0  # a browser waits for 180 s
MAX_REMEMBERED = 200


class Runner:
    """Managed runs, for one process: thread-safe, made once. The supervisor behind it is started when it is needed.

    A run goes on as long as this process does, or until it is stopped; what is known of it is in the data folder.
    """

    def __init__(self, settings: Settings, on_event: Callable[[str, Event], None] | None = None) -> None:
        """Start nothing yet.

        Args:
            settings: the data folder, the modules, the limits for all runs.
            on_event: called with a run's id and each of its events, from another thread; it must not call the runner's
                `submit`, `stop` and `ask`, which wait for that very thread.
        """
        self._settings = settings
        self._on_event = on_event
        self._starting = RLock()
        self._changed = Condition(RLock())
        self._connection: Connection | None = None
        self._retired: list[Connection] = []
        self._catalog: Catalog | None = None
        self._records: dict[str, RunRecord] = {}
        self._owners: dict[str, Connection] = {}
        self._users: dict[str, str] = {}
        self._counting = Lock()
        self._checked = self._failed = 0.0
        self._failure: BaseException | None = None
        self._is_closed = False

    def submit(self, request: RunRequest) -> None:
        """Put a run into the queue, or continue one. Its record is "queued", or further, on return.

        Raises RunnerError if the run is under way or cannot be written; CatalogError if the modules cannot be imported.
        """
        folder = RunFolder(self._settings.data, request.id)
        with self._changed:
            if request.id in self._owners:
                raise RunnerError(f"the run {request.id} is under way already")
        for _ in range(3):
            connection = self._connected()
            with self._changed:
                self._records[request.id] = folder.record() or RunRecord(request.id)
                self._owners[request.id] = connection
                self._users[request.id] = request.user
            try:
                answer = connection.call("submit", request=request.to_json())
            except GoneError:
                self._disown(request.id, connection)
                self._retire(connection)
                continue
            except RunnerError:
                self._disown(request.id, connection)
                raise
            if not answer.get("stale"):
                self._count_elder(connection)
                return
            self._disown(request.id, connection)
            self._retire(connection)
        raise RunnerError("the runner's process ends again and again; see runner.log in the data folder")

    def stop(self, run_id: str) -> None:
        """End a run, politely first; it is "stopped" soon. Nothing happens if it is over."""
        with self._changed:
            connection = self._owners.get(run_id)
        if connection:
            try:
                connection.call("stop", run=run_id)
            except GoneError:
                return

    def record(self, run_id: str) -> RunRecord | None:
        """Return what is known of a run, or None if there is none; one that nobody works on any more is over then.

        Raises RunnerError if the id is none.
        """
        folder = RunFolder(self._settings.data, run_id)
        with self._changed:
            found = self._records.get(run_id)
            if found and (run_id in self._owners or not self._is_longer(folder, found)):
                return found
        record = folder.record()
        return folder.record() if record and not record.state.is_over and settle(folder) else record

    def works_on(self, run_id: str) -> bool:
        """True for a run that was submitted here and is not over."""
        with self._changed:
            return run_id in self._owners

    def wait(self, run_id: str, timeout: float | None = None) -> RunRecord:
        """Return the record as soon as the run is over, or when so many seconds have passed.

        Raises RunnerError if there is no such run.
        """
        with self._changed:
            self._changed.wait_for(lambda: run_id not in self._owners, timeout)
        record = self.record(run_id)
        if record is None:
            raise RunnerError(f"there is no run {run_id}")
        return record

    def catalog(self) -> Catalog:
        """Return what the supervisor has imported, as functions that cannot be called here. Raises CatalogError."""
        self._connected()
        assert self._catalog is not None  # noqa: S101 - `_connected` has set it
        return self._catalog

    def refresh(self) -> bool:
        """Import the modules anew if a source file was edited, at most once a second; True if that was so.

        Raises CatalogError if they cannot be imported any more.
        """
        with self._starting:
            if time.monotonic() - self._checked < CHECK_INTERVAL and self._connection:
                return False
            self._checked = time.monotonic()
            connection = self._connected()
            try:
                is_stale = bool(connection.call("check")["stale"])
            except GoneError:
                is_stale = True
            if is_stale:
                self._retire(connection)
                self._connected()
            return is_stale

    def ask(self, artifact: Artifact, question: dict[str, Any]) -> bytes:
        """Return what `core.value.answer` says of a stored value, which is opened in a process of its own.

        Raises RunnerError with the reason if there is no answer.
        """
        return self._asked(artifact, question, PATIENCE_WITH_ANSWER)

    def export(self, artifact: Artifact, suffix: str) -> Path:
        """Return where the file of one kind, such as "csv", of a stored value lies; it stays for an hour.

        If it is not there yet, a process of its own makes it, which may take two minutes.

        Raises TooLargeError; ArtifactError for a kind that no value has; RunnerError with the reason if there is none.
        """
        from core.value.question import file
        from core.value.wire import Answer

        folder = DownloadFolder(self._settings.data)
        path = folder.path(artifact, suffix)
        if not folder.has(path):
            told = Answer.from_bytes(self._asked(artifact, dict(file(suffix)), PATIENCE_WITH_FILE))
            if told.reason:
                raise (TooLargeError if told.data.get("is_too_large") else RunnerError)(told.reason)
        return path

    def _asked(self, artifact: Artifact, question: dict[str, Any], patience: float) -> bytes:
        for _ in range(2):
            try:
                connection = self._connected()
                return bytes(
                    connection.call("ask", patience, artifact=artifact.to_json(), question=question)["content"]
                )
            except GoneError:
                continue
        raise RunnerError("the runner's process ended before it answered")

    def recover(self) -> list[str]:
        """Mark the runs "interrupted" that nobody works on and that were not ended; return their ids."""
        return recover(self._settings.data)

    def close(self) -> None:
        """End what is under way, and every process that was started; returns when they are gone."""
        with self._starting:
            self._is_closed = True
            connections = [*self._retired, *([self._connection] if self._connection else [])]
        for connection in connections:
            connection.close()

    # The supervisor

    def _connected(self) -> Connection:
        """Return a supervisor that is ready, started if there is none."""
        with self._starting:
            if self._is_closed:
                raise RunnerError("the runner is closed")
            if self._connection and not self._connection.is_alive:
                self._connection = None
            if self._connection is None:
                self._connection = self._connect()
                self._count_elder()
            return self._connection

    def _connect(self) -> Connection:
        if self._failure and time.monotonic() - self._failed < FAILURE_INTERVAL:
            raise CatalogError(str(self._failure))
        connection = Connection(self._settings, self._take, self._lost)
        try:
            self._catalog = connection.catalog(self._catalog)
        except BaseException as error:
            self._failure, self._failed = error, time.monotonic()
            connection.close()
            raise
        self._failure = None
        return connection

    def _retire(self, connection: Connection) -> None:
        with self._starting:
            if self._connection is connection:
                self._connection = None
                with self._changed:
                    self._retired.append(connection)
                connection.retire()

    def _count_elder(self, changed: Connection | None = None) -> None:
        """Tell the supervisor which runs are left to others, whose `changed` was: caps and queue are one for all."""
        connection = self._connection
        if connection is None or connection is changed:
            return
        with self._counting:
            with self._changed:
                left = [run_id for run_id, owner in self._owners.items() if owner is not connection]
                users = [self._users[run_id] for run_id in left]
                waiting = sum(self._records[run_id].state is RunState.QUEUED for run_id in left)
            connection.count_elder(users, waiting)

    def _disown(self, run_id: str, connection: Connection) -> None:
        with self._changed:
            if self._owners.get(run_id) is connection:
                del self._owners[run_id], self._users[run_id]
                if not self._records[run_id].count:
                    del self._records[run_id]
                self._changed.notify_all()

    # What it tells; called from a connection's thread

    def _take(self, connection: Connection, run_id: str, event: Event) -> None:
        with self._changed:
            former = self._records.pop(run_id, RunRecord(run_id))
            self._records[run_id] = former.after(event)
            if event["kind"] == "ended":
                self._disown(run_id, connection)
                self._forget_old()
            self._changed.notify_all()
        if event["kind"] in ("began", "ended"):
            self._count_elder(connection)
        if self._on_event:
            try:
                self._on_event(run_id, event)
            except Exception:
                log.exception("what was told of the run %s could not be handled", run_id)

    def _lost(self, connection: Connection) -> None:
        """The supervisor has ended: wait until what it started is gone too, and bring its runs to an end."""
        with self._changed:
            left = [run_id for run_id, owner in self._owners.items() if owner is connection]
        if left and not self._is_closed:
            log.warning("the runner's process has ended; %d runs are interrupted", len(left))
        deadline = time.monotonic() + PATIENCE
        while left and time.monotonic() < deadline:
            left = [run_id for run_id in left if not self._settle(connection, run_id)]
            time.sleep(PAUSE if left else 0.0)
        mark.sweep(self._settings.data)
        for run_id in left:
            self._settle(connection, run_id, PATIENCE_WITH_LOCK)
            self._disown(run_id, connection)
        self._count_elder(connection)
        with self._changed:
            self._retired = [other for other in self._retired if other is not connection]

    def _settle(self, connection: Connection, run_id: str, patience: float = 0.0) -> bool:
        """Tell the rest of a run's journal if that has an end, which it is given now if nobody works on it."""
        folder = RunFolder(self._settings.data, run_id)
        settle(folder, patience)
        last = folder.last()
        if last and last["kind"] != "ended":
            return False
        with self._changed:
            count = self._records[run_id].count
        for event in folder.read()[count:]:
            self._take(connection, run_id, event)
        self._disown(run_id, connection)
        return True

    def _is_longer(self, folder: RunFolder, record: RunRecord) -> bool:
        """True if another process has continued the run since."""
        last = folder.last()
        return bool(last and last["at"] > record.ended)

    def _forget_old(self) -> None:
        """Keep the records of the runs under way, and of the last ones that are over."""
        over = [run_id for run_id in self._records if run_id not in self._owners]
        for run_id in over[: -MAX_REMEMBERED or None]:
            del self._records[run_id]
