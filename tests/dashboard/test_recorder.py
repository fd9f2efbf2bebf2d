"""What the store does not take is written as soon as it does, and what follows on a record waits for it."""

from __future__ import annotations

from threading import Event
from typing import cast

import pytest

from core.errors import StoreError
from core.record import RunRecord, RunState
from core.store import Store
from dashboard.server import recorder
from dashboard.server.recorder import Recorder

LIMIT = 20


class FullStore:
    """Refuses every record until there is space."""

    def __init__(self) -> None:
        self.has_space = False
        self.recorded: list[str] = []
        self.refused = Event()

    def record_run(self, record: RunRecord) -> bool:
        """Take it, or say that the disk is full."""
        if not self.has_space:
            self.refused.set()
            raise StoreError("the disk is full", "free some space")
        self.recorded.append(record.id)
        return True


def test_a_record_that_was_refused_is_written_when_there_is_space_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "LONG_PAUSE", 0.01)
    store, ended = FullStore(), Event()
    writes = Recorder(
        cast(Store, store), lambda run_id: RunRecord(run_id, state=RunState.DONE), lambda _record: ended.set()
    )
    writes.notice("r1")
    assert store.refused.wait(LIMIT)
    assert not ended.is_set()
    store.has_space = True
    assert ended.wait(LIMIT)
    writes.close()
    assert store.recorded == ["r1"]


def test_what_is_waited_for_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "PAUSE", 1_000.0)
    store = FullStore()
    store.has_space = True
    writes = Recorder(cast(Store, store), lambda run_id: RunRecord(run_id, state=RunState.DONE))
    for run_ids in (["r1", "r2"], ["r3"]):
        writes.hasten(run_ids, LIMIT)
    assert store.recorded == ["r1", "r2", "r3"]
    writes.close()
    writes.hasten(["r4"], 1_000.0)


def test_what_was_refused_follows_on_the_next_record_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "LONG_PAUSE", 1_000.0)
    store, ended = FullStore(), Event()
    writes = Recorder(
        cast(Store, store),
        lambda run_id: RunRecord(run_id, state=RunState.DONE),
        lambda record: ended.set() if record.id == "r1" else None,
    )
    writes.notice("r1")
    assert store.refused.wait(LIMIT)
    store.has_space = True
    writes.notice("r2")
    assert ended.wait(LIMIT)
    writes.close()
    assert store.recorded == ["r2", "r1"]
