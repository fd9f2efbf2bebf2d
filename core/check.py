"""Every problem of a table at once, each with task, row, column, message, hint and severity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Any

from core.catalog import Catalog, shorten
from core.dataflow import DATA_KEY, OUTSIDE, Dataflow
from core.errors import LiteralError
from core.function import Function, Misfit
from core.literal import encode
from core.suggest import Suggester
from core.table import FUNC_PATH, INPUT_KEYS, KWARGS, MAX_TASKS, OUTPUT_KEYS
from core.task import Problem, Task

MAX_KEY = 100
MAX_PROBLEMS = 50_000
MOST_ALIKE = 3
RANK = {"error": 0, "warning": 1, "note": 2}


def check(flow: Dataflow, inputs: Mapping[str, Any] | None, catalog: Catalog) -> tuple[Problem, ...]:
    """Return everything there is to say about a table, errors first, then in run order. Nothing is executed.

    `inputs` are the declared inputs; None declares none, so that every key that no task writes counts as one.
    """
    if not flow.tasks:
        return (Problem("empty-table", "the table has no tasks", hint="add a task"),)
    if len(flow.tasks) > MAX_TASKS:
        return (
            Problem("too-many-rows", f"the table has {len(flow.tasks):,} tasks, at most {MAX_TASKS:,} are allowed"),
        )
    checker = _Checker(flow, inputs, catalog)
    # Errors come from the first two, so that a limit never hides the last error behind warnings and notes.
    found = chain(
        checker.rows(), checker.reads(), checker.inputs(), checker.repeated_writes(), checker.unread_outputs()
    )
    problems = list(islice(found, MAX_PROBLEMS))
    if len(problems) > 1:
        places = {row + 1: position for position, row in enumerate(flow.rows)}
        problems.sort(key=lambda problem: (RANK[problem.severity], places.get(problem.row or 0, len(places))))
    return tuple(problems)


def is_valid_key(key: str) -> bool:
    """True for a name that a value can have: letters, digits and underscores, not starting with a digit."""
    return key.isidentifier() and len(key) <= MAX_KEY and key != DATA_KEY


class _Checker:
    """One pass over a table. The loops over all rows only look for trouble; describing it is left to the rest."""

    def __init__(self, flow: Dataflow, inputs: Mapping[str, Any] | None, catalog: Catalog) -> None:
        self._flow = flow
        self._inputs = inputs
        self._catalog = catalog
        self._suggester = Suggester()
        self._functions: dict[str, Function | None] = {}

    def rows(self) -> Iterator[Problem]:
        """Yield what can be said of each row by itself. A shape of call is looked at once, only odd rows in detail."""
        sound: set[tuple[str, int, tuple[str, ...]]] = set()
        odd: list[int] = []
        for position, task in enumerate(self._flow.tasks):
            kwargs = task.kwargs
            shape = (task.function_path, len(task.input_keys), tuple(kwargs) if kwargs else ())
            if shape not in sound:
                if self._misfits(*shape) != ():
                    odd.append(position)
                    continue
                sound.add(shape)
            if kwargs or task.unread or len(task.output_keys) > 1:
                odd.append(position)
        for position in odd:
            yield from self._row(position, self._flow.tasks[position])
        yield from self._invalid_keys()

    def reads(self) -> Iterator[Problem]:
        """Yield every read that no earlier task and no input answers."""
        known = self._inputs or {}
        early: list[tuple[int, str]] = []
        for position, key in self._outside_reads():
            if key in known or key == DATA_KEY:
                continue
            if key in self._flow.first_writer:
                early.append((position, key))
            elif self._inputs is not None:
                yield self._never_produced(position, key)
        if early:
            yield from self._early_reads(early)

    def repeated_writes(self) -> Iterator[Problem]:
        """Yield a warning for every task that overwrites what an earlier one wrote."""
        for key, first, second in self._flow.rewrites:
            if first != second:
                message = f"{key} is also written by {self._place(first)}; later rows read this one"
                hint = "give one of them another name, unless this is meant"
                yield self._problem(
                    second, "written-twice", OUTPUT_KEYS, message, hint, severity="warning", subject=key
                )

    def unread_outputs(self) -> Iterator[Problem]:
        """Yield a note for every value that nothing reads and that is not a result of the last order."""
        tasks, sources = self._flow.tasks, self._flow.sources
        last = tasks[-1].order
        read = set(chain.from_iterable(sources))
        several = {position for position, task in enumerate(tasks) if len(task.output_keys) > 1}
        unread = [position for position in range(len(tasks)) if position not in read or position in several]
        if not unread or any(DATA_KEY in tasks[position].input_keys for position in self._flow.outside):
            return
        pairs = {
            (source, key)
            for position, reads in enumerate(sources if several else ())
            for source, key in zip(reads, tasks[position].input_keys, strict=True)
        }
        for position in unread:
            keys = [key for key in tasks[position].output_keys if (position, key) not in pairs]
            if keys and tasks[position].order != last:
                message = f"nothing reads {', '.join(keys)}"
                subject = keys[0] if len(keys) == 1 else ""
                yield self._problem(position, "never-read", OUTPUT_KEYS, message, severity="note", subject=subject)

    def inputs(self) -> Iterator[Problem]:
        """Yield what can be said of the declared inputs."""
        outside = {key for _, key in self._outside_reads()}
        for name, default in (self._inputs or {}).items():
            if not isinstance(name, str) or not is_valid_key(name):
                yield Problem("invalid-key", f"the input {shorten(str(name))} is not a valid name", hint=KEY_HINT)
            elif name not in outside and DATA_KEY not in outside:
                message = f"no task reads the input {name}"
                yield Problem("unused-input", message, severity="note", hint="remove it", subject=name)
            try:
                encode(default, f"the input {name}")
            except LiteralError as error:
                yield Problem("not-literal", f"{error}, so this workflow cannot be saved", severity="warning")

    def _outside_reads(self) -> Iterator[tuple[int, str]]:
        for position in self._flow.outside:
            keys = self._flow.tasks[position].input_keys
            for key, source in zip(keys, self._flow.sources[position], strict=True):
                if source == OUTSIDE:
                    yield position, key

    def _misfits(self, path: str, positional: int, names: tuple[str, ...]) -> tuple[Misfit, ...] | None:
        """Return why such a call does not bind, or None if the function is not known."""
        if path not in self._functions:
            self._functions[path] = self._catalog.find(path)
        function = self._functions[path]
        return function.misfits(positional, names) if function else None

    def _row(self, position: int, task: Task) -> Iterator[Problem]:
        yield from self._unread_cells(position, task)
        misfits = self._misfits(task.function_path, len(task.input_keys), tuple(task.kwargs))
        if misfits is None and FUNC_PATH not in task.unread:
            yield self._unknown_function(position, task.function_path)
        for misfit in misfits or ():
            column = KWARGS if misfit.is_keyword else INPUT_KEYS
            if not task.unread:
                more: dict[str, Any] = {"subject": misfit.argument, "offers": misfit.offers}
                yield self._problem(position, misfit.kind, column, misfit.message, misfit.hint, **more)
        if task.kwargs:
            yield from self._kwargs(position, task.kwargs)
        writes = task.output_keys
        if len(set(writes)) != len(writes):
            twice = [shorten(key) for key, count in Counter(writes).items() if count > 1]
            message = f"{', '.join(twice[:10])} stands twice in one row"
            yield self._problem(position, "duplicate-output", OUTPUT_KEYS, message)

    def _unread_cells(self, position: int, task: Task) -> Iterator[Problem]:
        for column, cell in task.unread.items():
            yield self._problem(position, f"unread-{KEBAB[column]}", column, cell.reason)

    def _unknown_function(self, position: int, path: str) -> Problem:
        kind, message = self._catalog.refusal(path)
        near = self._alike(path)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "pick a function from the catalog"
            if self._catalog
            else ""
        )
        return self._problem(position, kind, FUNC_PATH, message, hint, subject=path, offers=tuple(near))

    def _alike(self, path: str) -> list[str]:
        """Return the functions that could be meant; without a dot, by their own names."""
        if "." in path or not path:
            return self._suggester.closest(path, self._catalog)
        names = self._suggester.closest(path, self._own_names)
        return [known for name in names for known in self._own_names[name]][:MOST_ALIKE]

    @cached_property
    def _own_names(self) -> dict[str, list[str]]:
        """The functions' own names -> their paths."""
        found: dict[str, list[str]] = {}
        for path in self._catalog:
            found.setdefault(path.rpartition(".")[2], []).append(path)
        return found

    def _kwargs(self, position: int, kwargs: Mapping[str, Any]) -> Iterator[Problem]:
        try:
            encode(dict(kwargs), "kwargs")
        except LiteralError as error:
            yield self._problem(
                position, "not-literal", KWARGS, f"{error}, so this workflow cannot be saved", severity="warning"
            )

    def _invalid_keys(self) -> Iterator[Problem]:
        tasks = self._flow.tasks
        names = set(self._flow.first_writer).union(*[task.input_keys for task in tasks])
        bad_writes = {key for key in names if not is_valid_key(key)}
        bad_reads = bad_writes - {DATA_KEY}
        if not bad_reads and DATA_KEY not in self._flow.first_writer:
            return
        for position, task in enumerate(tasks):
            for column, keys, bad in (
                (INPUT_KEYS, task.input_keys, bad_reads),
                (OUTPUT_KEYS, task.output_keys, bad_writes),
            ):
                for key in dict.fromkeys(keys):
                    if key in bad:
                        reason = "is reserved" if key == DATA_KEY else "is not a valid key"
                        message = f"{shorten(key)} {reason}"
                        yield self._problem(position, "invalid-key", column, message, KEY_HINT, subject=key)

    @cached_property
    def _known_keys(self) -> list[str]:
        return [*dict.fromkeys(chain(map(str, self._inputs or ()), self._flow.first_writer))]

    def _never_produced(self, position: int, key: str) -> Problem:
        alike = self._suggester.closest(key, self._known_keys)
        near = [name for name in alike if self._flow.first_writer.get(name, OUTSIDE) < position]
        hint = (
            f"did you mean {' or '.join(near)}?" if near else "declare it as an input, or let an earlier task write it"
        )
        message = f"no task writes {shorten(key)}, and it is not an input"
        return self._problem(position, "never-produced", INPUT_KEYS, message, hint, subject=key, offers=tuple(near))

    def _early_reads(self, early: Sequence[tuple[int, str]]) -> Iterator[Problem]:
        """Tell a read that comes too early, which another order mends, from a cycle, which no order mends."""
        writers = self._flow.first_writer
        component = self._components([(writers[key], position) for position, key in early])
        for position, key in early:
            writer = writers[key]
            if writer == position:
                message = f"the row reads {key}, which only it writes"
                hint = "declare it as an input, or rename the output"
                yield self._problem(position, "cycle", INPUT_KEYS, message, hint, subject=key)
            elif component[writer] == component[position]:
                message = f"{key} comes from {self._place(writer)}, which itself needs this row's output: a cycle"
                hint = "no order can run this; let one of them read another key"
                yield self._problem(position, "cycle", INPUT_KEYS, message, hint, subject=key)
            else:
                order = self._flow.tasks[writer].order
                same = order == self._flow.tasks[position].order
                hint = "move this row below it" if same else f"give this row an order above {order}"
                message = f"{key} is read before {self._place(writer)} writes it: the order contradicts the data"
                yield self._problem(position, "read-too-early", INPUT_KEYS, message, hint, subject=key)

    def _components(self, more_edges: Sequence[tuple[int, int]]) -> dict[int, int]:
        """Return position -> number of its strongly connected component in the graph of data between tasks."""
        import networkx as nx

        graph = nx.DiGraph(more_edges)
        graph.add_edges_from(
            (source, position)
            for position, sources in enumerate(self._flow.sources)
            for source in sources
            if source != OUTSIDE
        )
        groups = enumerate(nx.strongly_connected_components(graph))
        return {position: number for number, group in groups for position in group}

    def _place(self, position: int) -> str:
        return f"row {self._flow.rows[position] + 1} (order {self._flow.tasks[position].order})"

    def _problem(self, position: int, kind: str, column: str, message: str, hint: str = "", **more: Any) -> Problem:
        task, row = self._flow.tasks[position].id, self._flow.rows[position] + 1
        return Problem(kind, message, task, row, column, hint, **more)


KEY_HINT = f"use letters, digits and underscores, not starting with a digit, at most {MAX_KEY}"
KEBAB = {
    "order": "order",
    "funcPath": "func-path",
    "inputKeys": "keys",
    "outputKeys": "keys",
    "kwargs": "kwargs",
    "note": "note",
}
