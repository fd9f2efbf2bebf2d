"""One version or run that is compared, from its name in an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import TasktableError, Workflow
from core.compare.inputs import compare_inputs
from core.compare.run import RunSide
from core.compare.table import compare_tables
from core.errors import FormatError
from core.record import RunRecord, RunState
from core.store import StoredRun
from core.task import NOTHING
from dashboard.reading import facts
from dashboard.server.backend import backend

MAX_RUNS = 100
RUN, VERSION = "run", "version"


@dataclass(frozen=True)
class Side:
    """One version or run that is compared.

    Attributes:
        ref: how addresses name it.
        label: "run 12" or "version 3".
        name: of the workflow.
        author, message, created: who made it, what they said, when.
        workflow: its table and inputs.
        run: the run itself; of a version the latest run of just that table with just these inputs, None without one.
        record: what is known of the run now.
        workflow_id, version: of which saved workflow it is, if of any.
    """

    ref: str
    label: str
    name: str
    author: str
    message: str
    created: float
    workflow: Workflow
    run: StoredRun | None
    record: RunRecord
    workflow_id: str | None
    version: int | None

    @property
    def is_run(self) -> bool:
        """True for a run, False for a version."""
        return self.ref.startswith(RUN)

    def compared(self, with_environment: bool) -> RunSide:
        """Return it as it is compared; where it ran is left out if the other side has not run."""
        run = self.run if with_environment else None
        functions = run.functions if run else NOTHING
        environment = run.environment if run else NOTHING
        return RunSide(self.workflow.tasks, self.workflow.inputs, self.record, functions, environment)


def side(ref: str) -> Side:
    """Return what a name of an address names. Raises TasktableError if there is no such thing."""
    kind, _, rest = ref.partition(":")
    if kind == RUN and rest:
        return _run_side(ref, backend().store.run(rest[:200]))
    workflow_id, _, number = rest.rpartition(":")
    if kind == VERSION and workflow_id and number.isascii() and number.isdigit():
        return _version_side(ref, workflow_id[:200], int(number[:9]))
    raise FormatError(f"the address names {ref[:60]!r}; expected run:<id> or version:<workflow>:<number>")


def _run_side(ref: str, run: StoredRun) -> Side:
    return Side(
        ref=ref,
        label=f"run {run.number}",
        name=run.name,
        author=run.author,
        message=run.note,
        created=run.created,
        workflow=Workflow.from_json(run.content, catalog=facts.catalog()),
        run=run,
        record=record_of(run),
        workflow_id=run.workflow_id,
        version=run.version,
    )


def _version_side(ref: str, workflow_id: str, number: int) -> Side:
    version = backend().store.version(workflow_id, number)
    workflow = Workflow.from_json(version.content, catalog=facts.catalog())
    run = _run_of(workflow, workflow_id, number)
    return Side(
        ref=ref,
        label=f"version {number}",
        name=workflow.name or backend().store.workflow(workflow_id).name,
        author=version.author,
        message=version.message,
        created=version.created,
        workflow=workflow,
        run=run,
        record=record_of(run) if run else RunRecord(""),
        workflow_id=workflow_id,
        version=number,
    )


def record_of(run: StoredRun) -> RunRecord:
    """Return what is known of a run now: the runner may know more than was recorded."""
    if run.record.state.is_over and run.record.count:
        return run.record
    return backend().runner.record(run.id) or run.record


def _run_of(workflow: Workflow, workflow_id: str, number: int) -> StoredRun | None:
    """Return the latest run of a version as it was saved; one that is done before any other."""
    store = backend().store
    runs = store.runs(workflow_id, version=number, limit=MAX_RUNS)
    contents = store.run_contents([run.id for run in runs])
    for run in sorted(runs, key=lambda run: run.state is not RunState.DONE):
        if run.id in contents and _is_same(workflow, contents[run.id]):
            return store.run(run.id)
    return None


def _is_same(workflow: Workflow, content: str) -> bool:
    try:
        other = Workflow.from_json(content, catalog=workflow.catalog)
    except TasktableError:
        return False
    return not compare_inputs(workflow.inputs, other.inputs) and compare_tables(workflow.tasks, other.tasks).is_equal


def labels(sides: Sequence[Side]) -> list[str]:
    """Return a name for each side, all different."""
    plain = [each.label for each in sides]
    if len(set(plain)) == len(plain):
        return plain
    return [
        f"{label} of {each.name[:40]} ({number})"
        for number, (label, each) in enumerate(zip(plain, sides, strict=True), 1)
    ]


def pair_labels(old: Side, new: Side) -> tuple[str, str]:
    """Return a name for each of two sides, different, and without any text of a user."""
    if old.label != new.label:
        return old.label, new.label
    return f"{old.label} (before)", f"{new.label} (after)"


def is_under_way(side: Side) -> bool:
    """True while a process works on the run of a side, or will."""
    known = backend().runner.record(side.record.id) if side.run and not side.record.state.is_over else None
    return known is not None and not known.state.is_over


def in_time(refs: Sequence[str]) -> tuple[str, ...]:
    """Return names of addresses, what is older first; what is not there any more comes last."""
    return tuple(sorted(refs, key=_created))


def _created(ref: str) -> float:
    kind, _, name = ref.partition(":")
    workflow_id, _, number = name.rpartition(":")
    store = backend().store
    try:
        return store.run(name).created if kind == RUN else store.version(workflow_id, int(number)).created
    except (TasktableError, ValueError):
        return float("inf")
