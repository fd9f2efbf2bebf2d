"""What the page that compares shows: two sides, what differs between them, many sides together. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core import State, TasktableError
from core.artifact import Artifact
from core.compare.answer import answer_comparison, comparison
from core.compare.run import OutputDifference, OutputState, RunDifference, compare_runs, outputs
from core.compare.scalar import scalars
from core.compare.text import count
from core.record import RunState
from core.store import RunSummary
from core.value.answer import Answer
from core.visible import spelled
from dashboard.reading import timeline
from dashboard.reading.side import RUN, VERSION, Side, in_time, labels
from dashboard.reading.stored import SMALL, UNTRUSTED, remembered
from dashboard.server.backend import backend
from dashboard.state import Session

if TYPE_CHECKING:
    import pandas as pd

MAX_SIDES = 40
MAX_CHOICES = 100


def difference(old: Side, new: Side) -> RunDifference:
    """Return what differs between two sides; no value is read for it."""
    both_ran = old.run is not None and new.run is not None
    return compare_runs(old.compared(both_ran), new.compared(both_ran))


def headline(old: Side, new: Side, found: RunDifference) -> str:
    """Return one sentence; of values only if both sides have run."""
    if old.run is not None and new.run is not None:
        return _capital(found.summary)
    parts = [] if found.table.is_equal else [found.table.summary]
    parts += [f"{count(len(found.inputs), 'input')} changed"] if found.inputs else []
    return _capital(", ".join(parts) or "the same table and the same inputs")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def shown_first(found: Sequence[OutputDifference]) -> list[OutputDifference]:
    """Return the outputs that differ, those that nothing reads and what can be seen at a glance first."""
    glance = ("number", "figure", "image")
    differing = [output for output in found if output.state is not OutputState.EQUAL]
    return sorted(differing, key=lambda output: (not output.is_final, _kind(output) not in glance))


def _kind(output: OutputDifference) -> str:
    artifact = output.new or output.old
    return artifact.kind if artifact else ""


def is_gone(artifact: Artifact) -> bool:
    """True if a value was stored and is not there any more."""
    return artifact.is_stored and not backend().artifacts.has(artifact)


def compared(old: Artifact, new: Artifact) -> Answer:
    """Return how one stored value differs from another: small ones are read here, others in a process of their own."""
    names = (f"{artifact.digest}.{artifact.codec}" for artifact in (old, new))
    return remembered(" ".join(["compare", *names]), lambda: _compared(old, new))


def _compared(old: Artifact, new: Artifact) -> Answer:
    try:
        if old.size + new.size <= SMALL and UNTRUSTED not in (old.codec, new.codec):
            artifacts = backend().artifacts
            return answer_comparison(artifacts.get(old), artifacts.get(new))
        return Answer.from_bytes(backend().runner.ask(old, dict(comparison(new))))
    except TasktableError as error:
        return Answer({"reason": str(error)})


def together(sides: Sequence[Side]) -> pd.DataFrame:
    """Return one row for each side: what varies among their inputs and arguments, and the numbers that came out.

    Numbers come before those of frames, and what few sides have comes last.
    """
    named = dict(zip(labels(sides), sides, strict=True))
    found = scalars({name: each.compared(False) for name, each in named.items()}, backend().artifacts.get)
    return found[sorted(found.columns, key=lambda name: (found[name].count() * 2 < len(found), " / " in str(name)))]


def shared_series(sides: Sequence[Side]) -> dict[str, dict[str, Artifact]]:
    """Return key -> label of a side -> series, for each output that is a stored series on two sides or more."""
    found: dict[str, dict[str, Artifact]] = {}
    for label, each in zip(labels(sides), sides, strict=True):
        for key, artifact in outputs(each.workflow.tasks, each.record).items():
            if artifact.kind == "series" and artifact.is_stored:
                found.setdefault(key, {})[label] = artifact
    return {key: artifacts for key, artifacts in found.items() if len({one.digest for one in artifacts.values()}) > 1}


def failure(side: Side) -> str:
    """Return why the run of a side has failed: its first failed task and what that said; "" if it has not."""
    names = {task.id: task.function_path for task in side.workflow.tasks}
    for task_id, found in side.record.tasks.items():
        if found.state is State.FAILED:
            return f"task {task_id} {names.get(task_id, '')}: {found.error or found.reason}"
    return side.record.reason if side.run and side.record.state.is_over and side.record.state != RunState.DONE else ""


def choices(session: Session, named: Sequence[Side]) -> dict[str, str]:
    """Return name in addresses -> what the lists call it: what is compared, then the latest versions and runs.

    Those of the workflow come before those of others. Of a sweep, only runs that are compared already are there.
    """
    workflow_id = next((each.workflow_id for each in named if each.workflow_id), session.workflow_id)
    try:
        entries = timeline.single(workflow_id, MAX_CHOICES) if workflow_id else []
        entries += timeline.single(None, MAX_CHOICES)
    except TasktableError:
        entries = []
    given = timeline.varied([*(each.run for each in named if each.is_run and each.run), *entries])
    found = {}
    for each in named:
        name = each.name if each.is_run or each.workflow_id != workflow_id else ""
        found[each.ref] = _told(each.label, each.message, given.get(each.ref.removeprefix(f"{RUN}:"), ""), name)
    for entry in entries:
        if isinstance(entry, RunSummary):
            text = _told(f"run {entry.number}", entry.note, given.get(entry.id, ""), entry.name)
            found.setdefault(f"{RUN}:{entry.id}", text)
        else:
            ref = f"{VERSION}:{entry.workflow_id}:{entry.number}"
            found.setdefault(ref, _told(f"version {entry.number}", entry.message))
    return found


def _told(label: str, *more: str) -> str:
    """Return what is shown where the end may be cut: what tells runs of one workflow apart stands before its name."""
    texts = dict.fromkeys(text.partition("\n")[0][:60] for text in more if text)
    return spelled(" · ".join([label, *texts]))


def first_refs(session: Session) -> tuple[str, ...]:
    """Return what is compared when the address names nothing: what is ticked, else the latest two runs.

    Runs of sweeps count only where there are no others. Of a workflow that has run only once, another version is the
    other one; of one that has not run, two versions are.
    """
    if len(session.ticked) > 1:
        return in_time(session.ticked)
    workflow_id, store = session.workflow_id, backend().store
    try:
        single = timeline.single(workflow_id, MAX_CHOICES)
        runs = [entry for entry in single if isinstance(entry, RunSummary)][:2] or store.runs(workflow_id, limit=2)
        versions = store.versions(workflow_id, limit=2) if len(runs) < 2 and workflow_id else []
    except TasktableError:
        return ()
    others = [version.number for version in versions if version.number not in {run.version for run in runs}]
    numbers = reversed(others or [version.number for version in versions])
    refs = [
        *(f"{VERSION}:{workflow_id}:{number}" for number in numbers),
        *(f"{RUN}:{run.id}" for run in reversed(runs)),
    ]
    return tuple(refs[-2:]) if len(refs) > 1 else ()
