"""Runs of other programs on the same data folder: what their journals tell is recorded when runs are listed."""

from __future__ import annotations

import time
from threading import Lock

from core.errors import TasktableError
from core.runner import Runner
from core.runner.journal import RunFolder
from core.runner.recovery import settle
from core.settings import Settings
from core.store import Store
from dashboard.server.recorder import Recorder

PAUSE = 1.0
PATIENCE = 0.5
Mark = tuple[int, int]


class Elsewhere:
    """Another server, or `tasktable run`, records its runs itself; but not to their end if it is killed.

    Only runs that are not over in the store are looked at, and a journal is read only if it has changed.
    """

    def __init__(self, settings: Settings, store: Store, runner: Runner, recorder: Recorder) -> None:
        self._data, self._store, self._runner, self._recorder = settings.data, store, runner, recorder
        self._marks: dict[str, Mark | None] = {}
        self._next = 0.0
        self._turn = Lock()

    def look(self) -> None:
        """Record how far such runs have come, at most once a second; what takes long is there at the next look."""
        with self._turn:
            if time.monotonic() < self._next:
                return
            self._next = time.monotonic() + PAUSE
            changed = self._changed()
        if changed:
            self._recorder.hasten(changed, PATIENCE)

    def _changed(self) -> list[str]:
        try:
            unfinished = self._store.unfinished_runs()
        except TasktableError:
            return []
        others = [run_id for run_id in unfinished if RunFolder.is_id(run_id) and not self._runner.works_on(run_id)]
        former, self._marks = self._marks, {run_id: self._mark(run_id) for run_id in others}
        return [run_id for run_id, mark in self._marks.items() if mark != former.get(run_id)]

    def _mark(self, run_id: str) -> Mark | None:
        """Return what tells the journal from a changed one, None if there is none.

        It is given its end first if nobody works on the run.
        """
        folder = RunFolder(self._data, run_id)
        settle(folder)
        try:
            found = folder.events.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
