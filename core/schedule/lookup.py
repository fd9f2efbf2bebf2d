"""Whether a task must be called: its cache key, the kept result under it, and the reason in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from core.cache import Cache, Entry
from core.catalog import Catalog
from core.dataflow import DATA_KEY
from core.errors import ArtifactError, LiteralError
from core.reason import differences
from core.schedule.moment import Held, Moment, identities
from core.work_key import task_key
from core.workflow import Workflow

NO_RESULT = "no result was kept"
GONE = "its kept result is gone"
AGAIN = "run again anyway"
NEVER = "its function is never reused"
DATA = f"it reads {DATA_KEY}, so it is never reused"
UNSTORED = "computed again: its value could not be stored"
IN_THIS_RUN = "same function, kwargs and inputs as before in this run"


@dataclass(frozen=True, slots=True)
class Ticket:
    """How one task is found in the cache.

    Attributes:
        key: under which its result is kept. What may not be reused by another run has a key of this run's own.
        unstored: the key of the mark that its value could not be stored.
        max_age: seconds for which a result may be reused; None is for ever.
        is_plain: True if an equal call gives an equal value, so that the key itself can name the outcome.
        is_forced: True if it is called whatever is kept.
        rule: the reason to call it that holds always, or "".
    """

    key: str
    unstored: str
    max_age: float | None = None
    is_plain: bool = True
    is_forced: bool = False
    rule: str = ""


class Lookup:
    """Finds what is kept for the tasks of one run.

    Args:
        moment: the outcomes so far.
        run: the run's id; "" is no run.
        anew: ids of tasks that are called whatever is kept; `everything_anew` for all.
        previous: the workflow of the run before, to say what differs.
    """

    def __init__(
        self,
        moment: Moment,
        catalog: Catalog,
        inputs: Mapping[str, Any],
        cache: Cache,
        run: str = "",
        anew: Collection[str] = (),
        everything_anew: bool = False,
        previous: Workflow | None = None,
    ) -> None:
        self._moment = moment
        self._catalog = catalog
        self._inputs = inputs
        self._cache = cache
        self._run = run
        self._anew = frozenset(anew)
        self._everything_anew = everything_anew
        self._previous = previous
        self._former = {task.id: task for task in previous.tasks} if previous is not None else {}

    def ticket(self, position: int, reads: list[tuple[str, Held | None]]) -> Ticket:
        """Return the ticket of a task. Raises LookupError if a value that it reads is not there."""
        task = self._moment.plan.tasks[position]
        function = self._catalog[task.function_path]
        seen = identities(reads)
        rule, cache = "", function.marking.cache
        if DATA_KEY in task.input_keys:
            seen.append(self._registry_identity(position))
            rule = DATA
        elif cache == "never":
            rule = NEVER
        try:
            key = task_key(function, task, seen)
        except LiteralError:
            key = _derived(uuid4().hex)
        if rule:
            key = _derived(key, self._run, task.id)
        max_age = None if rule or isinstance(cache, str) else cache
        is_forced = self._everything_anew or task.id in self._anew
        is_plain = not (rule or is_forced) and max_age is None
        return Ticket(key, _derived(key, "unstored"), max_age, is_plain, is_forced, rule)

    def find(self, ticket: Ticket) -> Entry | None:
        """Return what may be reused; a result of this very run may be, however old it is."""
        if ticket.is_forced:
            return None
        entry = self._kept(ticket.key, ticket.max_age)
        if entry is None and ticket.max_age is not None:
            entry = self._kept(ticket.key)
            entry = entry if entry is not None and entry.run == self._run else None
        return entry

    def is_unstored(self, ticket: Ticket) -> bool:
        """True if the value was computed before and could not be stored."""
        return self._kept(ticket.unstored) is not None

    def why_reused(self, entry: Entry) -> str:
        """Return in words where a reused result comes from."""
        return IN_THIS_RUN if entry.run == self._run else f"reused from run {entry.run}"

    def why_called(self, position: int, ticket: Ticket, reused: Collection[int]) -> str:
        """Return in words why a task is called; `reused` are the positions of those that were not."""
        if ticket.is_forced:
            return AGAIN
        if self.is_unstored(ticket):
            return UNSTORED
        if ticket.rule:
            return ticket.rule
        if ticket.max_age is not None and self._kept(ticket.key) is not None:
            return f"its kept result is older than {ticket.max_age:g} s"
        return "; ".join(self._differences(position, reused)) or NO_RESULT

    def _kept(self, key: str, max_age: float | None = None) -> Entry | None:
        """What cannot be read is not there: its task is called, and says so if the disk fails it too."""
        try:
            return self._cache.find(key, max_age)
        except ArtifactError:
            return None

    def _differences(self, position: int, reused: Collection[int]) -> list[str]:
        if self._previous is None:
            return []
        plan = self._moment.plan
        found = differences(position, plan, self._inputs, self._former, self._previous.inputs, reused)
        path = plan.tasks[position].function_path
        before = self._previous.functions.get(path)
        if before and before != self._catalog[path].digest:
            found.insert(0, "function edited")
        return found

    def _registry_identity(self, position: int) -> str:
        values = {key: held.identity for key, held in self._moment.registry(position).items()}
        return _derived(json.dumps(values, sort_keys=True))


def _derived(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
