"""What Run would do is known before it runs, and asking again costs nothing."""

from __future__ import annotations

import pytest

from core.cache import Entry, NullCache
from dashboard import services
from dashboard.reading import foresight as module
from dashboard.reading.foresight import Remembering, foresight
from dashboard.state import Session
from tests.dashboard.moves import put
from tests.dashboard.pages import record
from tests.dashboard.work import row, session_of

ENTRY = Entry("a", "r", "f", (), "run", 0.0, "", 0.0)


class Counting(NullCache):
    """Holds one entry and counts the questions."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, key: str, max_age: float | None = None) -> Entry | None:
        """Return the entry for its own key."""
        self.asked.append(f"{key} {max_age}")
        return ENTRY if key == ENTRY.key else None


def test_what_was_found_is_not_looked_for_again_and_what_was_not_is() -> None:
    cache = Counting()
    remembering = Remembering(cache)
    assert [remembering.find(key) for key in ("a", "a", "b", "b")] == [ENTRY, ENTRY, None, None]
    assert cache.asked == ["a None", "b None", "b None"]


def test_what_may_be_too_old_is_looked_for_every_time() -> None:
    cache = Counting()
    remembering = Remembering(cache)
    remembering.find("a", 5.0)
    remembering.find("a", 5.0)
    assert cache.asked == ["a 5.0", "a 5.0"]


def test_the_same_draft_after_the_same_run_is_not_looked_at_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert foresight(session) == (4, 0)
    monkeypatch.setattr(module, "forecast", lambda *_args, **_options: (9, 9))
    assert foresight(session) == (4, 0)
    services.step(session)
    assert foresight(session) == (9, 9)


def test_what_only_the_run_that_goes_on_may_reuse_is_foreseen(called: list[str]) -> None:
    rows = [row(0, "ticket", "a", {}, "b"), row(1, "same", "b", {}, "c"), row(2, "fail", "c", {}, "d")]
    session = session_of(*rows)
    services.step(session)
    assert foresight(session) == (2, 1)
    services.run_all(session)
    assert foresight(session) == (1, 2)
    assert foresight(session, 1) == (0, 2)
    called.clear()
    services.run_all(session)
    assert called == []
    services.restart(session)
    assert foresight(session) == (3, 0)


def test_a_run_that_is_only_looked_at_does_not_go_on(called: list[str]) -> None:
    session = session_of(row(0, "ticket", "a", {}, "b"))
    services.run_all(session)
    services.open_run(session, record(session))
    assert foresight(session) == (1, 0)
    called.clear()
    services.run_all(session)
    assert called == ["count_calls"]


def test_a_draft_that_cannot_run_has_no_foresight() -> None:
    session = session_of([0, "no.such", "a", {}, "b"])
    assert foresight(session) is None
    put(session, 1, "funcPath", "no.other")
    assert foresight(session) is None
