"""Calling the functions of a run's tasks, one after another, in this very process."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from core.capture import captured
from core.dataflow import DATA_KEY
from core.ledger import FINISHED, Ledger
from core.literal import is_immutable
from core.plan import Plan
from core.registry import Registry, misnamed
from core.result import State

FAILURES = (Exception, SystemExit)

Arguments = Callable[[int], Sequence[Any]]


class Caller:
    """Calls tasks with values of the registry, writes there what they return, and notes in the ledger how it went.

    Args:
        keep_history: False lets go of values as soon as another task overwrites them.
        isolated: True copies every argument first.
        captures: True keeps what each task prints and warns as its log.
    """

    def __init__(
        self, plan: Plan, registry: Registry, ledger: Ledger, *, keep_history: bool, isolated: bool, captures: bool
    ) -> None:
        self._plan = plan
        self._registry = registry
        self._ledger = ledger
        self._superseded = {} if keep_history else plan.superseded
        self._isolated = isolated
        self._captures = captures

    @property
    def may_sprint(self) -> bool:
        """True if nothing has to be done beside the calls."""
        return not (self._superseded or self._isolated or self._captures or self._ledger.on_event)

    def sprint(self, start: int, stop: int) -> int:
        """Run plain tasks without a look aside; return the position of the first that needs one."""
        values, outputs = self._registry.values, self._registry.outputs
        states, seconds = self._ledger.states, self._ledger.seconds
        waiting, done, clock = State.WAITING, State.DONE, perf_counter
        before = clock()
        for position, (function, only_read, only_write, more) in enumerate(self._plan.calls[start:stop], start):
            if states[position] is not waiting or (more is not None and not more.is_plain):
                return position
            try:
                if more is None:
                    value = function(values[only_read])  # type: ignore[index]
                elif more.gather is None:
                    value = function(values[only_read], **more.kwargs)  # type: ignore[index]
                else:
                    value = function(*more.gather(values), **more.kwargs)
            except FAILURES as error:
                self._failed(position, error, clock() - before)
                return position + 1
            if only_write is None or isinstance(value, tuple):
                if misfit := self._registry.write(position, value):
                    self._fail(position, misfit, clock() - before)
                    return position + 1
            else:
                values[only_write] = outputs[position] = value
            states[position] = done
            now = clock()
            seconds[position] = now - before
            before = now
        return stop

    def take(self, position: int, arguments: Arguments) -> None:
        """Bring one task up to date: show its kept values, skip it, or call it."""
        ledger = self._ledger
        if ledger.states[position] in FINISHED:
            self._registry.show(position)
            ledger.tell(position)
            return
        failed = [source for source in self._plan.sources[position] if source in ledger.blocked]
        if failed:
            self._registry.forget(position)
            ledger.skip(position, failed[0])
        else:
            self.call(position, arguments)

    def call(self, position: int, arguments: Arguments) -> None:
        """Call one task; `arguments` gives the values of its input keys, or raises KeyError."""
        task, function = self._plan.tasks[position], self._plan.calls[position][0]
        self._ledger.begin(position)
        values = self._registry.before_edits(position) if DATA_KEY in task.input_keys else None
        before = perf_counter()
        try:
            passed = arguments(position)
            with self._captured(position):
                value = function(*(map(own, passed) if self._isolated else passed), **own(dict(task.kwargs)))
        except FAILURES as error:
            self._failed(position, error, perf_counter() - before)
            return
        seconds = perf_counter() - before
        if misfit := self._registry.write(position, value):
            self._fail(position, misfit, seconds)
            return
        if values is not None:
            if misfit := misnamed(self._registry.values, values):
                self._fail(position, misfit, seconds)
                return
            self._registry.keep_edits(position, values)
        for earlier, key in self._superseded.get(position, ()):
            self._registry.drop(earlier, key)
        self._ledger.end(position, State.DONE, seconds)

    @contextmanager
    def _captured(self, position: int) -> Iterator[None]:
        if not self._captures:
            yield
            return
        with captured() as page:
            try:
                yield
            finally:
                self._ledger.logs[position] = page.getvalue()

    def _failed(self, position: int, error: BaseException, seconds: float) -> None:
        keys = self._plan.tasks[position].input_keys
        gone = [key for key in keys if key not in self._registry.values and key != DATA_KEY]
        if gone and isinstance(error, KeyError):
            self._fail(position, f"the value of {', '.join(gone)} was removed by a task that reads {DATA_KEY}", seconds)
        else:
            self._fail(position, describe(error), seconds, error)

    def _fail(self, position: int, reason: str, seconds: float, cause: BaseException | None = None) -> None:
        self._registry.forget(position)
        self._ledger.fail(position, reason, seconds, cause, own_traceback(cause) if cause else "")


def own(value: Any) -> Any:
    """Return a copy that nobody else can change; the value itself if it is immutable or cannot be copied.

    Lists, sets and dictionaries around what cannot be copied are copies all the same.
    """
    return value if is_immutable(value) else _copied(value, {})


def is_used_up(value: Any) -> bool:
    """True if reading a value changes it, so that only one can read it: a generator, an open file."""
    return isinstance(value, Iterator) and own(value) is value


def _copied(value: Any, done: dict[int, Any]) -> Any:
    """Copy a value; `done` is the id of what was copied -> its copy, so that what is one object stays one."""
    if id(value) in done:
        return done[id(value)]
    memo = dict(done)
    try:
        made = copy.deepcopy(value, memo)
    except Exception:
        return _copied_around(value, done)
    done.update(memo)
    return made


def _copied_around(value: Any, done: dict[int, Any]) -> Any:
    kind = type(value)
    if kind is tuple:
        return done.setdefault(id(value), tuple([_copied(item, done) for item in value]))
    if kind not in (list, set, dict):
        return value
    made: Any = kind()
    done[id(value)] = made
    if kind is dict:
        made.update((_copied(key, done), _copied(item, done)) for key, item in value.items())
    elif kind is set:
        made.update(_copied(item, done) for item in value)
    else:
        made.extend(_copied(item, done) for item in value)
    return made


def describe(error: BaseException) -> str:
    """Return the exception's type and message as one sentence."""
    try:
        text = str(error)
    except Exception:
        text = "(its message cannot be shown)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def own_traceback(error: BaseException) -> str:
    """Return the traceback as text, without the engine's own frame, which is the first."""
    import traceback

    trace = error.__traceback__.tb_next if error.__traceback__ else None
    return "".join(traceback.format_exception(type(error), error, trace))
