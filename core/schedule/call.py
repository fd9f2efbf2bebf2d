"""One task, wherever it is run: look for a kept result, load the arguments, call, store what came back, tell."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter, time
from typing import Any
from uuid import uuid4

from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.cache import Cache, Entry
from core.caller import describe, own, own_traceback
from core.capture import Page, captured
from core.dataflow import DATA_KEY
from core.errors import ArtifactError
from core.executors import Report, Tell
from core.function import Function
from core.literal import is_immutable
from core.registry import FREED, misnamed, spread
from core.request import Limits
from core.result import State
from core.retry import NONE, Former, failure
from core.schedule.lookup import UNSTORED, Lookup, Ticket
from core.schedule.moment import Held
from core.secret import masked, masked_json
from core.task import Task

SAME_WORK = "it waits for the same work, which is being done already"
EDITED = "not kept, because its code was edited meanwhile"
MAX_ERROR = 10_000
MAX_TRACEBACK = 50_000
SMALL = 64 * 1024
MAX_REMEMBERED = 1_000
GIGABYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every call of a run shares.

    Attributes:
        remembered: digest -> value, for small values that nobody can change.
        is_current: see `execute`.
    """

    lookup: Lookup
    cache: Cache
    artifacts: ArtifactFolder
    run: str
    limits: Limits
    secrets: tuple[str, ...]
    remembered: dict[str, Any]
    is_current: Callable[[Function], bool]


@dataclass(frozen=True, slots=True)
class Call:
    """The work of one task; a `Job`.

    Attributes:
        reads: each input key, `__data__` left out, and the value read.
        registry: every value there is, for a task that reads `__data__`; else None.
        reason: why it is called.
        former: the attempts that ended their process.
    """

    place: Workplace
    task: Task
    function: Function
    ticket: Ticket
    reads: Sequence[tuple[str, Held]]
    registry: Mapping[str, Held] | None
    reason: str
    former: Former = NONE

    @property
    def name(self) -> str:
        """The task's id."""
        return self.task.id

    @property
    def time_limit(self) -> float | None:
        """Seconds that one call may take."""
        return self.function.marking.time_limit

    @property
    def stays(self) -> bool:
        """True if it is known that what it makes cannot be stored."""
        return self.reason == UNSTORED

    def __call__(self, tell: Tell) -> Report:
        """Do it, unless another run has done it in the meantime. A call for the same key waits for the first."""
        try:
            with self.place.cache.alone(self.ticket.key, lambda: self._tell_waiting(tell, SAME_WORK)):
                entry = self.place.lookup.find(self.ticket)
                if entry is not None and self.registry is None and len(entry.outputs) == len(self.task.output_keys):
                    return reused(entry, self.place.lookup.why_reused(entry))
                return self._computed(tell)
        except (ArtifactError, MemoryError) as error:
            return self._failed(self._words(error), 0.0)

    def _computed(self, tell: Tell) -> Report:
        id_ = self.task.id
        page = Page(
            self.place.limits.text,
            self.place.secrets,
            lambda text: tell({"kind": "log", "task": id_, "text": text}),
            id_,
        )
        with captured(page):
            report = self._attempted(page, tell)
            if report.state is State.WAITING:
                self._tell_waiting(tell, "; ".join(report.lost.values()))
        return self._kept(replace(report, log=page.getvalue()))

    def _attempted(self, page: Page, tell: Tell) -> Report:
        """Call until it does not raise, as often as its author allows; former attempts count, and are told again."""
        attempts, said = 1 + self.function.marking.retries, self.former.log
        for attempt in range(self.former.count + 1, attempts + 1):
            self._tell_running(tell, attempt, attempts)
            if said:
                page.write(said)
            report, error = self._attempt()
            if error is None or attempt == attempts:
                break
            said = f"({failure(attempt, attempts, describe(error)[:MAX_ERROR])})\n"
        if attempts > 1 and attempt > 1:
            report = replace(report, reason=f"{report.reason}; called {attempt} times, because it failed before")
        return report

    def _tell_running(self, tell: Tell, attempt: int, attempts: int) -> None:
        """Say that a call begins, which has its time from now on."""
        limit = {"limit": self.time_limit} if self.time_limit else {}
        more = f"; attempt {attempt} of {attempts}" if attempt > 1 else ""
        event = {"kind": "task", "task": self.task.id, "state": str(State.RUNNING), "attempt": attempt}
        tell({**event, "reason": f"{self.reason}{more}", **limit})

    def _tell_waiting(self, tell: Tell, why: str) -> None:
        tell({"kind": "task", "task": self.task.id, "state": str(State.WAITING), "reason": why})

    def _attempt(self) -> tuple[Report, BaseException | None]:
        arguments, lost = self._arguments()
        if lost:
            return Report(State.WAITING, reason=self.reason, lost=lost), None
        before = dict(arguments[DATA_KEY]) if self.registry is not None else None
        passed = [{key: arguments[key]} if key == DATA_KEY else arguments[key] for key in self.task.input_keys]
        kwargs, call, process = own(dict(self.task.kwargs)), self.function.call, os.getpid()
        value, error, began = None, None, perf_counter()
        try:
            value = call(*passed, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:
            error = raised
        seconds = perf_counter() - began
        if os.getpid() != process:
            os._exit(0)  # the function has forked, and this is the copy: the run goes on in the original only
        if error is not None:
            return self._failed(self._words(error), seconds, own_traceback(error)), error
        items, misfit = spread(self.task.output_keys, value)
        if misfit:
            return self._failed(misfit, seconds), None
        del value, passed
        return self._stored(items, seconds, arguments.get(DATA_KEY), before), None

    def _arguments(self) -> tuple[dict[str, Any], dict[int, str]]:
        """Return key -> an object of this call's own; and position -> reason for stored values that are gone."""
        lost: dict[int, str] = {}
        wanted = dict(self.reads)
        loaded: dict[str, Any] = {key: self._loaded(key, held, lost) for key, held in wanted.items()}
        if self.registry is not None:
            loaded[DATA_KEY] = {key: self._loaded(key, held, lost) for key, held in self.registry.items()}
        return loaded, lost

    def _loaded(self, key: str, held: Held, lost: dict[int, str]) -> Any:
        artifact, place = held.artifact, self.place
        if artifact is None:
            return own(held.value)
        if artifact.digest in place.remembered:
            return place.remembered[artifact.digest]
        try:
            value = place.artifacts.get(artifact, trusted=True)
        except ArtifactError as error:
            lost[held.writer] = f"the kept value of {key} cannot be read, so it is computed again: {error}"
            return None
        self._remember(artifact, value)
        return value

    def _remember(self, artifact: Artifact, value: Any) -> None:
        if artifact.size <= SMALL and len(self.place.remembered) < MAX_REMEMBERED and is_immutable(value):
            self.place.remembered[artifact.digest] = value

    def _stored(
        self, items: tuple[Any, ...], seconds: float, registry: dict[str, Any] | None, before: dict[str, Any] | None
    ) -> Report:
        """Store what was written: the output keys' values, then what the task has set in the registry."""
        keys = self.task.output_keys
        values = list(items[: len(keys)])
        changed: tuple[str, ...] = ()
        removed: tuple[str, ...] = ()
        if registry is not None and before is not None:
            if misfit := misnamed(registry, before):
                return self._failed(misfit, seconds)
            registry.update(zip(keys, values, strict=True))
            removed = tuple(key for key in before if key not in registry)
            changed = tuple(
                key for key, value in registry.items() if key not in keys and before.get(key, FREED) is not value
            )
            values += [registry[key] for key in changed]
        try:
            outputs = tuple(self.place.artifacts.put(value) for value in values)
        except ArtifactError as error:
            return self._failed(str(error), seconds)
        unstored = {index: values[index] for index, artifact in enumerate(outputs) if not artifact.is_stored}
        for artifact, value in zip(outputs, values, strict=True):
            if artifact.is_stored:
                self._remember(artifact, value)
        result = self.ticket.key if self.ticket.is_plain and not unstored else uuid4().hex
        return Report(State.DONE, result, outputs, seconds, self.reason, "", "", "", {}, changed, removed, unstored)

    def _kept(self, report: Report) -> Report:
        """Keep a result for later, or the mark that it could not be stored."""
        if report.state is not State.DONE:
            return report
        if not self.place.is_current(self.function):
            return replace(report, result=uuid4().hex, reason=f"{report.reason}; {EDITED}")
        key, outputs, result = self.ticket.key, report.outputs, report.result
        if not report.is_stored:
            key, outputs, result = self.ticket.unstored, (), ""
        try:
            if self.registry is not None and report.is_stored:
                outputs = (*outputs, self.place.artifacts.put([list(report.changed), list(report.removed)]))
            path, run = self.task.function_path, self.place.run
            told = tuple(Artifact.from_json(masked_json(output.to_json(), self.place.secrets)) for output in outputs)
            self.place.cache.keep(Entry(key, result, path, told, run, report.seconds, report.log, time()))
        except ArtifactError as error:
            return replace(self._failed(str(error), report.seconds), log=report.log)
        return report

    def _failed(self, error: str, seconds: float, traceback: str = "") -> Report:
        secrets = self.place.secrets
        return Report(
            State.FAILED,
            seconds=seconds,
            reason=self.reason,
            error=shortened(masked(error, secrets), MAX_ERROR),
            traceback=shortened(masked(traceback, secrets), MAX_TRACEBACK),
        )

    def _words(self, error: BaseException) -> str:
        memory = self.place.limits.memory
        if isinstance(error, MemoryError) and memory:
            return f"used more than {memory / GIGABYTE:.3g} GB while running `{self.function.name}`"
        return str(error) if isinstance(error, ArtifactError) else describe(error)


def reused(entry: Entry, reason: str) -> Report:
    """Return the report of a task whose kept result is used."""
    return Report(State.REUSED, entry.result, entry.outputs, entry.seconds, reason, log=entry.log)


def shortened(text: str, most: int) -> str:
    """Return the text, its middle left out when it is long."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}\n... (left out) ...\n{text[-half:]}"
