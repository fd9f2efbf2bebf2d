"""Walks through a plan: which task may begin, which is skipped, reused or called, and what the run is in the end."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from heapq import heappop, heappush
from time import time
from typing import Any

from core.cache import Entry
from core.caller import is_used_up
from core.catalog import Catalog
from core.dataflow import DATA_KEY
from core.errors import ArtifactError
from core.executors import Executor, Report
from core.plan import Plan
from core.record import Event
from core.result import State
from core.retry import NONE, Former
from core.schedule.call import Call, Workplace, reused
from core.schedule.lookup import GONE, Ticket
from core.schedule.moment import Held, Moment, Outcome

MOST_LOSSES = 3


class Scheduler:
    """One request of a managed run at work. It holds outcomes, not values.

    Args:
        failed: task id -> reason, for tasks that must not be called.
        former: task id -> attempts that ended a process like this one. They are not tried again beside others.
        emit: gets every event; called by one thread at a time.
    """

    def __init__(
        self,
        plan: Plan,
        catalog: Catalog,
        moment: Moment,
        place: Workplace,
        failed: Mapping[str, str],
        former: Mapping[str, Former],
        emit: Callable[[Event], None],
    ) -> None:
        self._plan = plan
        self._catalog = catalog
        self._moment = moment
        self._place = place
        self._failed = failed
        self._former = dict(former)
        self._alone = frozenset(former)
        self._emit = emit
        self._lock = threading.Lock()
        self._keys: dict[int, str] = {}
        self._reused: set[int] = set()
        self._blocked: set[int] = set()
        self._again: set[int] = set()
        self._used_up: set[int] = set()
        self._losses: dict[int, int] = defaultdict(int)
        self._begun: dict[int, dict[int, int]] = {}
        self._ready: list[tuple[bool, int]] = []
        self._waits: dict[int, set[int]] = {}
        self._wakes: dict[int, set[int]] = defaultdict(set)

    def tell(self, event: Mapping[str, Any]) -> None:
        """Emit an event with its time."""
        with self._lock:
            self._emit({"at": time(), **event})

    @property
    def has_failed(self) -> bool:
        """True if a task has failed."""
        return bool(self._blocked)

    def run(self, executor: Executor, positions: Collection[int]) -> None:
        """Bring these tasks up to date. Those outside are taken as settled."""
        among = set(positions)
        for position in positions:
            sources = {source for source in self._plan.sources[position] if source in among}
            self._waits[position] = sources
            for source in sources:
                self._wakes[source].add(position)
            if not sources:
                self._queue(position)
        while self._ready or self._begun:
            while self._ready and executor.room and self._may_begin(self._ready[0][1]):
                self._begin(heappop(self._ready)[1], executor)
            if self._begun:
                for position, report in executor.finished():
                    self._take(position, report)

    def find(self, position: int) -> bool:
        """Take over what is kept for a task, without a word; False if there is nothing."""
        ticket = self._ticket(position)
        entry = self._place.lookup.find(ticket) if ticket is not None else None
        return ticket is not None and entry is not None and self._outcome(position, ticket.key, entry) is not None

    def is_unstored(self, position: int) -> bool:
        """True if the task was called before and its value could not be stored."""
        ticket = self._ticket(position)
        return ticket is not None and self._place.lookup.is_unstored(ticket)

    def _ticket(self, position: int) -> Ticket | None:
        try:
            return self._place.lookup.ticket(position, self._moment.reads(position))
        except LookupError:
            return None

    def fail(self, position: int, error: str) -> None:
        """Report a task as failed that was not called."""
        self._end(position, Report(State.FAILED, error=error))

    def _begin(self, position: int, executor: Executor) -> None:
        task = self._plan.tasks[position]
        blocked = [source for source in self._plan.sources[position] if source in self._blocked]
        pending = self._pending(position)
        reads = self._moment.reads(position)
        gone = [key for key, held in reads if held is None]
        if pending:
            self._wait(position, pending)
        elif blocked:
            self._end(
                position, Report(State.SKIPPED, reason=f"task {self._plan.tasks[blocked[0]].id} gave it no value")
            )
        elif task.id in self._failed:
            self.fail(position, self._failed[task.id])
        elif gone:
            self.fail(position, f"the value of {', '.join(gone)} was removed by a task that reads {DATA_KEY}")
        else:
            ticket = self._place.lookup.ticket(position, reads)
            entry = self._place.lookup.find(ticket)
            report = self._outcome(position, ticket.key, entry) if entry is not None else None
            if report is not None:
                self._end(position, report)
            elif not self._needs_another_call(position, reads):
                executor.start(position, self._call(position, ticket, reads))

    def _needs_another_call(self, position: int, reads: list[tuple[str, Held | None]]) -> bool:
        """Have the tasks called once more whose values others have used up; False if there are none."""
        is_editor = DATA_KEY in self._plan.tasks[position].input_keys
        registry = self._moment.registry(position) if is_editor else {}
        writers = {held.writer for held in (*registry.values(), *(held for _, held in reads)) if held is not None}
        writers &= self._used_up
        for writer in writers:
            self._used_up.discard(writer)
            self._moment.outcomes[writer] = None
            self._again.add(writer)
            self._wait(writer, set())
        if writers:
            self._wait(position, writers)
        return bool(writers)

    def _pending(self, position: int) -> set[int]:
        """Tasks that are called again at this moment and that this one may read from."""
        tasks, sources = self._plan.tasks, self._plan.sources[position]
        return {
            writer
            for writer in self._again
            if writer in sources or (writer < position and DATA_KEY in tasks[writer].input_keys)
        }

    def _wait(self, position: int, writers: set[int]) -> None:
        self._waits[position] = set(writers)
        for writer in writers:
            self._wakes[writer].add(position)
        if not writers:
            self._queue(position)

    def _queue(self, position: int) -> None:
        """Let a task begin when there is room; one that has ended a process lets all others go first."""
        heappush(self._ready, (self._plan.tasks[position].id in self._former, position))

    def _may_begin(self, position: int) -> bool:
        return not (self._begun and self._plan.tasks[position].id in self._alone)

    def _outcome(self, position: int, key: str, entry: Entry) -> Report | None:
        """Take over a kept result; None if it does not fit the task, as a damaged one may not."""
        report = reused(entry, self._place.lookup.why_reused(entry))
        task = self._plan.tasks[position]
        if DATA_KEY in task.input_keys:
            try:
                changed, removed = self._place.artifacts.get(entry.outputs[-1]) if entry.outputs else ([], [])
            except ArtifactError:
                return None
            report = replace(report, outputs=entry.outputs[:-1], changed=tuple(changed), removed=tuple(removed))
        if len(report.outputs) != len(task.output_keys) + len(report.changed):
            return None
        self._settle_outcome(position, key, report)
        return report

    def _settle_outcome(self, position: int, key: str, report: Report) -> None:
        self._keys[position] = key
        self._moment.outcomes[position] = Outcome(
            report.result, report.outputs, report.changed, report.removed, report.values
        )

    def _call(self, position: int, ticket: Ticket, reads: list[tuple[str, Held | None]]) -> Call:
        task = self._plan.tasks[position]
        there = [(key, held) for key, held in reads if held is not None]
        registry = self._moment.registry(position) if DATA_KEY in task.input_keys else None
        reason = self._place.lookup.why_called(position, ticket, self._reused)
        reason = GONE if self._losses[position] else reason
        self._keys[position] = ticket.key
        used = [*(held for _, held in there), *(registry or {}).values()]
        self._used_up.update(held.writer for held in used if held.artifact is None and is_used_up(held.value))
        self._begun[position] = {held.writer: self._losses[held.writer] for held in used}
        function, former = self._catalog[task.function_path], self._former.get(task.id, NONE)
        return Call(self._place, task, function, ticket, there, registry, reason, former)

    def _take(self, position: int, report: Report) -> None:
        losses = self._begun.pop(position)
        if report.state is State.WAITING:
            self._repair(position, report.lost, losses)
            return
        if report.broken and self._tries_again(position, report):
            return
        if report.state in (State.DONE, State.REUSED):
            self._settle_outcome(position, self._keys[position], report)
        self._end(position, report)

    def _tries_again(self, position: int, report: Report) -> bool:
        """Have a task that ended its own process called again, if its author allows it."""
        task = self._plan.tasks[position]
        attempts = 1 + self._catalog[task.function_path].marking.retries
        former = self._former.get(task.id, NONE).after(report.broken, attempts, report.error, report.log)
        if former is None:
            return False
        self._former[task.id] = former
        event = {"kind": "task", "task": task.id, "state": str(State.WAITING), "seconds": report.seconds}
        self.tell({**event, "reason": former.reason, "log": former.log})
        self._queue(position)
        return True

    def _repair(self, position: int, lost: Mapping[int, str], losses: Mapping[int, int]) -> None:
        """Have the tasks whose stored values are gone called again, and then the one that read them."""
        worst = max(lost, key=lambda writer: self._losses[writer])
        if self._losses[worst] >= MOST_LOSSES:
            self.fail(position, lost[worst])
            return
        for writer in lost:
            if self._losses[writer] == losses[writer]:
                self._losses[writer] += 1
                self._forget(writer)
                self._again.add(writer)
                self._wait(writer, set())
        self._wait(position, {writer for writer in lost if writer in self._again})

    def _forget(self, writer: int) -> None:
        """Let go of everything that is kept of a task's outcome, on the disk too."""
        outcome = self._moment.outcomes[writer]
        self._moment.outcomes[writer] = None
        self._reused.discard(writer)
        self._place.cache.forget(self._keys[writer])
        for artifact in outcome.outputs if outcome is not None else ():
            if artifact.is_stored:
                self._place.remembered.pop(artifact.digest, None)
                self._place.artifacts.remove(artifact.digest)

    def _end(self, position: int, report: Report) -> None:
        task = self._plan.tasks[position]
        if report.state in (State.FAILED, State.SKIPPED):
            self._blocked.add(position)
        elif report.state is State.REUSED:
            self._reused.add(position)
        keys = (*task.output_keys, *report.changed)
        outputs = {key: artifact.to_json() for key, artifact in zip(keys, report.outputs, strict=False)}
        texts = {name: getattr(report, name) for name in ("reason", "error", "traceback", "log", "result")}
        event = {"kind": "task", "task": task.id, "state": str(report.state), "seconds": report.seconds}
        self.tell({**event, **{name: text for name, text in texts.items() if text}, "outputs": outputs})
        self._again.discard(position)
        for reader in self._wakes.pop(position, ()):
            waits = self._waits[reader]
            waits.discard(position)
            if not waits and reader not in self._begun:
                self._queue(reader)
