"""How much of a session's draft Run would call, and how much is kept. Asked at every drawing, so it costs little."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from core import Workflow
from core.cache import Cache, Entry, NullCache
from core.schedule import forecast
from dashboard.reading import results
from dashboard.server.backend import backend
from dashboard.state import Session

LASTS = 5.0  # seconds for which an answer holds although somebody else may have run or removed something
MOST_FOUND = 5_000
_told: WeakKeyDictionary[Workflow, tuple[Any, float, tuple[int, int]]] = WeakKeyDictionary()


def foresight(session: Session, to_order: int | None = None) -> tuple[int, int] | None:
    """Return how many tasks a run would call, and how many have a kept result; None if the draft cannot run.

    `to_order`: after which order the run would stop.
    """
    draft, plan, known = session.draft, session.draft.plan_or_none, results.record(session)
    if plan is None:
        return None
    cache, run = _remembering(backend().cache), session.run.id if session.run and results.goes_on(session) else ""
    if to_order is not None:
        return forecast(plan, draft.catalog, draft.inputs, cache, run=run, to_order=to_order)
    mark = (id(draft.catalog), run, known and (known.id, known.state, known.ended))
    former = _told.get(draft)
    if former and former[0] == mark and former[1] > time.monotonic():
        return former[2]
    found = forecast(plan, draft.catalog, draft.inputs, cache, run=run)
    _told[draft] = mark, time.monotonic() + LASTS, found
    return found


class Remembering(NullCache):
    """A cache to look into only: what was found is not read from the disk again for a while."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._found: dict[str, tuple[float, Entry]] = {}

    def find(self, key: str, max_age: float | None = None) -> Entry | None:
        """Return what is kept for a key, None if nothing is, or if it is older than `max_age` seconds."""
        until, former = self._found.get(key, (0.0, None))
        if former is not None and max_age is None and until > time.monotonic():
            return former
        entry = self._cache.find(key, max_age)
        if entry is not None:
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[key] = time.monotonic() + LASTS, entry
        return entry


@lru_cache(maxsize=1)
def _remembering(cache: Cache) -> Remembering:
    return Remembering(cache)
