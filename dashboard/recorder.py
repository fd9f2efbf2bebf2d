"""Writes what happens to runs into the store, beside the threads that draw pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Thread

from core.errors import TasktableError
from core.record import RunRecord
from core.store import Store

PAUSE = 0.3
log = logging.getLogger(__name__)


class Recorder:
    """Writes the records of runs that were noticed, each at most a few times a second, and once more at the end."""

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
        self._is_closed = False
        self._change = Condition()
        self._thread = Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def notice(self, run_id: str) -> None:
        """Something has happened to a run."""
        with self._change:
            self._noticed[run_id] = None
            self._change.notify()

    def close(self) -> None:
        """Write what was noticed, and end."""
        with self._change:
            self._is_closed = True
            self._change.notify()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._noticed or self._is_closed)
                noticed, self._noticed = list(self._noticed), {}
            for run_id in noticed:
                try:
                    self._write(run_id)
                except Exception:  # the others are recorded all the same
                    log.exception("run %s was not recorded", run_id)
            with self._change:
                if self._is_closed and not self._noticed:
                    return
                self._change.wait_for(lambda: self._is_closed, timeout=PAUSE)

    def _write(self, run_id: str) -> None:
        record = self._read(run_id)
        if record is None:
            return
        try:
            self._store.record_run(record)
        except TasktableError as error:
            log.warning("run %s was not recorded: %s", run_id, error)
        if record.state.is_over:
            self._on_end(record)
