"""Writes what happens to runs into the store, beside the threads that draw pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from threading import Condition, Thread

from core.errors import TasktableError
from core.record import RunRecord
from core.store import Store

PAUSE = 0.3
LONG_PAUSE = 3.0
log = logging.getLogger(__name__)


class Recorder:
    """Writes the records of runs that were noticed, each at most a few times a second, and once more at the end.

    What the store does not take, on a full disk for example, is tried again every few seconds.
    """

    def __init__(
        self,
        store: Store,
        read: Callable[[str], RunRecord | None],
        on_end: Callable[[RunRecord], None] = lambda _record: None,
    ) -> None:
        self._store = store
        self._read = read
        self._on_end = on_end
        self._noticed: dict[str, None] = {}
        self._refused: dict[str, str] = {}
        self._awaited: set[str] = set()
        self._is_closed = False
        self._change = Condition()
        self._thread = Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def notice(self, run_id: str) -> None:
        """Something has happened to a run."""
        with self._change:
            self._noticed[run_id] = None
            self._change.notify_all()

    def hasten(self, run_ids: Collection[str], patience: float) -> None:
        """Something has happened to these runs: return when they are recorded, at the latest after so many seconds."""
        with self._change:
            self._noticed.update(dict.fromkeys(run_ids))
            self._awaited.update(run_ids)
            self._change.notify_all()
            self._change.wait_for(lambda: self._is_closed or self._awaited.isdisjoint(run_ids), patience)

    def close(self) -> None:
        """Write what was noticed, and end."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while True:
            with self._change:
                is_woken = self._change.wait_for(self._has_work, LONG_PAUSE if self._refused else None)
                noticed = list({**self._noticed, **({} if is_woken else self._refused)})
                self._noticed = {}
            for run_id in noticed:
                try:
                    self._write(run_id)
                except Exception:  # the others are recorded all the same
                    log.exception("run %s was not recorded", run_id)
            with self._change:
                self._awaited.difference_update(noticed)
                self._change.notify_all()
                if self._is_closed and not self._noticed:
                    return
                self._change.wait_for(lambda: self._is_closed or bool(self._awaited), timeout=PAUSE)

    def _has_work(self) -> bool:
        return bool(self._noticed) or self._is_closed

    def _write(self, run_id: str) -> None:
        record = self._read(run_id)
        if record is None:
            self._refused.pop(run_id, None)
            return
        try:
            self._store.record_run(record)
        except TasktableError as error:
            if self._refused.get(run_id) != str(error):
                log.warning("run %s is not recorded yet: %s", run_id, error)
            self._refused[run_id] = str(error)
            return
        self._refused.pop(run_id, None)
        if record.state.is_over:
            self._on_end(record)
        with self._change:
            self._noticed.update(dict.fromkeys(self._refused))  # what is taken again may be all of it
