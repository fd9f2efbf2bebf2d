"""Versions and runs of a workflow on one time line, newest first, and what is told of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import Any, Literal

from core import State, TasktableError
from core.errors import LiteralError
from core.literal import decode
from core.notation import spell
from core.record import RunState
from core.store import RunSummary, StoredRun, VersionSummary
from dashboard.server.backend import backend
from dashboard.sweeping import TAG, sweep_of

PAGE = 20
MOST_PARSED, MOST_KEPT, MAX_SHOWN = 100_000, 1_000, 40
BATCH, MOST = 50, 1_000
LOOKED_THROUGH = 3_000
SAVED, TASKS = "saved", "number of tasks"
STATES = (SAVED, *(str(state) for state in RunState))


@dataclass(frozen=True)
class SweepRuns:
    """The runs of one sweep, newest first, wherever they stand in time."""

    sweep_id: str
    runs: tuple[RunSummary, ...]

    @property
    def id(self) -> str:
        """Names it among the entries."""
        return f"sweep:{self.sweep_id}"

    @property
    def created(self) -> float:
        """When the latest of its runs was asked for."""
        return self.runs[0].created

    @property
    def name(self) -> str:
        """The sweep's name, which its runs have as a tag."""
        return next((tag for tag in self.runs[0].tags if tag != TAG), "")

    @property
    def told(self) -> str:
        """How many runs there are, and how they went."""
        states = Counter(run.state for run in self.runs)
        parts = [f"{len(self.runs)} runs", *(f"{states[state]} {state}" for state in RunState if state in states)]
        return ", ".join(parts)

    @property
    def seconds(self) -> float:
        """How long those of its runs that have ended took, together."""
        return sum(seconds(run) or 0.0 for run in self.runs)


Entry = VersionSummary | RunSummary
Line = Entry | SweepRuns


@dataclass(frozen=True)
class Wish:
    """What is looked for.

    Attributes:
        workflow_id: whose versions and runs; None for all runs of the server, whatever they are of.
        text: every word of it is in what is told.
        states: of runs, or "saved" for versions; none are all.
        starred: only what has a star.
    """

    workflow_id: str | None
    text: str = ""
    states: tuple[str, ...] = ()
    starred: bool = False


@dataclass(frozen=True)
class Page:
    """One page of the time line, whether there is more, and what went wrong, if something did."""

    entries: tuple[Line, ...] = ()
    has_more: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Counts:
    """How many tasks of a run were called and ended well, how many were reused, and how many failed."""

    ran: int = 0
    reused: int = 0
    failed: int = 0


def timeline(wish: Wish, page: int) -> Page:
    """Return a page, from 0, of what is looked for, newest first.

    Those runs of one sweep that are looked for are one entry, in the place of the newest; unless a star is looked for,
    since that was given to single ones.
    """
    backend().elsewhere.look()
    try:
        both = _entries(wish)
        shown: Iterator[Line] = both if wish.starred else _folded(both, wish)
        found = tuple(islice(shown, page * PAGE, (page + 1) * PAGE + 1))
    except TasktableError as error:
        return Page(problem=str(error))
    return Page(found[:PAGE], len(found) > PAGE)


def single(workflow_id: str | None, limit: int) -> list[Entry]:
    """Return the latest versions and runs, newest first, without runs of sweeps. Raises TasktableError."""
    backend().elsewhere.look()
    latest = islice(_entries(Wish(workflow_id)), LOOKED_THROUGH)
    return list(islice((entry for entry in latest if not _sweep_id(entry)), limit))


def _entries(wish: Wish) -> Iterator[Entry]:
    """Yield versions and runs, newest first."""
    sources: list[Iterator[Entry]] = [_versions(wish), _runs(wish)]
    return merge(*sources, key=lambda entry: -entry.created)


def _folded(entries: Iterator[Entry], wish: Wish) -> Iterator[Line]:
    shown: set[str] = set()
    for entry in entries:
        sweep_id = _sweep_id(entry)
        if not sweep_id:
            yield entry
        elif sweep_id not in shown:
            shown.add(sweep_id)
            runs = tuple(run for run in _runs(wish, f"{sweep_id}-") if _sweep_id(run))
            yield SweepRuns(sweep_id, runs) if len(runs) > 1 else entry


def _sweep_id(entry: Entry) -> str:
    return sweep_of(entry.id, entry.tags) if isinstance(entry, RunSummary) else ""


def _versions(wish: Wish) -> Iterator[Entry]:
    if wish.workflow_id is None or (wish.states and SAVED not in wish.states):
        return
    workflow_id, before = wish.workflow_id, None
    while True:
        found = backend().store.versions(workflow_id, before, BATCH, wish.text)
        yield from (version for version in found if version.starred or not wish.starred)
        if len(found) < BATCH:
            return
        before = found[-1].number


def _runs(wish: Wish, begins: str = "") -> Iterator[RunSummary]:
    """Yield the runs that are looked for, newest first; only those whose ids begin so, if that is given."""
    states = tuple(state for state in wish.states if state != SAVED)
    if wish.states and not states:
        return
    starred = True if wish.starred else None
    offset, batch = 0, MOST if begins else BATCH
    while True:
        found = backend().store.runs(wish.workflow_id, states, wish.text, starred, batch, offset, begins=begins)
        yield from found
        if len(found) < batch:
            return
        offset, batch = offset + batch, min(MOST, batch * 4)


def counts(run: RunSummary) -> Counts | None:
    """Return how many tasks of a run ran, were reused and failed; None if that cannot be read."""
    try:
        return _kept_counts(run.id, run.ended) if run.state.is_over else _counts(run.id)
    except TasktableError:
        return None


def _counts(run_id: str) -> Counts:
    states = [task.state for task in backend().store.run(run_id).record.tasks.values()]
    return Counts(states.count(State.DONE), states.count(State.REUSED), states.count(State.FAILED))


_kept_counts: Callable[[str, float], Counts] = lru_cache(maxsize=5000)(lambda run_id, _ended: _counts(run_id))


def varied(entries: Sequence[Line | StoredRun]) -> dict[str, str]:
    """Return id of a run -> by what it differs from the other listed runs of its workflow, as one text.

    That is by inputs, by keyword arguments, and by how many tasks there are.
    """
    runs = [entry for entry in entries if isinstance(entry, RunSummary | StoredRun)]
    unknown = [run.id for run in runs if run.id not in _inputs_of]
    try:
        contents = backend().store.run_contents(unknown) if unknown else {}
    except TasktableError:
        return {}
    while len(_inputs_of) > MOST_KEPT:
        _inputs_of.pop(next(iter(_inputs_of)), None)
    _inputs_of.update({run_id: _inputs(content) for run_id, content in contents.items()})
    groups: dict[str, list[str]] = {}
    for run in runs:
        groups.setdefault(run.workflow_id or f"draft {run.name}", []).append(run.id)
    return {run_id: text for ids in groups.values() for run_id, text in _apart({i: _inputs_of.get(i, {}) for i in ids})}


_inputs_of: dict[str, dict[str, str]] = {}


def _inputs(content: str) -> dict[str, str]:
    """Return inputs and arguments as a workflow file has them; nothing of one that is very large, or is none."""
    try:
        data = json.loads(content) if len(content) <= MOST_PARSED else {}
        tasks = data.get("tasks", [])
        found = {**data.get("inputs", {}), **dict(_arguments(tasks)), **({TASKS: len(tasks)} if tasks else {})}
        return {str(name): json.dumps(value, ensure_ascii=False) for name, value in found.items()}
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return {}


def _arguments(tasks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield ("t10 crossover lag", 2) and the like."""
    for task in tasks:
        if isinstance(task["kwargs"], dict):
            begin = f"{task['id']} {str(task['funcPath']).rpartition('.')[2]}"
            yield from ((f"{begin} {name}", value) for name, value in task["kwargs"].items())


def _apart(inputs: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    names = dict.fromkeys(name for given in inputs.values() for name in given)
    apart = [name for name in names if len({given.get(name) for given in inputs.values()}) > 1]
    for run_id, given in inputs.items():
        yield run_id, ", ".join(f"{name} = {_shown(given[name])}" for name in apart if name in given)


def _shown(text: str) -> str:
    try:
        return spell(decode(json.loads(text)))[:MAX_SHOWN]
    except LiteralError:
        return text[:MAX_SHOWN]


def seconds(run: RunSummary) -> float | None:
    """Return how long a run has taken; None as long as it has not ended."""
    return max(0.0, run.ended - run.began) if run.began and run.ended else None


def by_day(entries: Sequence[Line], day_of: Callable[[float], str]) -> dict[str, list[Line]]:
    """Return day -> its entries, in the order in which they come."""
    days: dict[str, list[Line]] = {}
    for entry in entries:
        days.setdefault(day_of(entry.created), []).append(entry)
    return days


def known_tags(kind: Literal["version", "run"]) -> list[str]:
    """Return every tag that one of this kind has."""
    try:
        return backend().store.known_tags(kind)
    except TasktableError:
        return []
