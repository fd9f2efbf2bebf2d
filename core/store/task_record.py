"""The state of a run and of its tasks: written as far as it has changed, read as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from core.artifact import Artifact
from core.record import RunRecord, RunState, TaskRecord
from core.result import State
from core.store.record import Number
from core.store.schema import ARTIFACTS, RUNS, TASKS
from core.store.search import words_of
from core.store.statement import upsert

MAX_TEXT = 200_000
TEXTS = ("reason", "error", "traceback", "log", "result")


def record(connection: Connection, new: RunRecord, known: RunRecord | None) -> bool:
    """Write what has changed. Returns False, and writes nothing, for a run that was never begun or is deleted.

    `known` is what the caller believes to be stored; it is used if its number of events and state are the stored ones.
    A record with fewer events than the stored one is late, and changes nothing, unless it says "interrupted".
    """
    row = connection.execute(select(RUNS).where(RUNS.c.id == new.id).with_for_update()).one_or_none()
    if row is None:
        return False
    if new.count < row.events and new.state is not RunState.INTERRUPTED:
        return True
    is_known = known is not None and (known.count, known.state) == (row.events, row.state)
    old = known if known is not None and is_known else read_record(connection, row)
    _write_tasks(connection, new, old)
    if _without_tasks(new) != _without_tasks(old) or new.tasks is not old.tasks:
        fields = {**_fields(new), "scalars": json.dumps(_scalars(new)) if new.tasks else ""}
        words = words_of(RUNS, {**row._asdict(), **fields})
        connection.execute(update(RUNS).where(RUNS.c.id == new.id), {**fields, "words": words})
    return True


def read_record(connection: Connection, row: Row[Any]) -> RunRecord:
    """Return the record of the run that is in this row of the table of runs."""
    rows = connection.execute(select(TASKS).where(TASKS.c.run_id == row.id).order_by(TASKS.c.place))
    return RunRecord(
        id=row.id,
        state=RunState(row.state),
        reason=row.reason,
        position=row.position,
        queued=row.queued,
        began=row.began,
        ended=row.ended,
        tasks={task.task_id: _task(task) for task in rows},
        is_partial=row.is_partial,
        count=row.events,
    )


def _write_tasks(connection: Connection, new: RunRecord, old: RunRecord) -> None:
    """Write the tasks that are not what they were. A fold keeps what did not change: mostly it is the same object."""
    changed = [
        _task_row(new.id, place, task_id, task)
        for place, (task_id, task) in enumerate(new.tasks.items())
        if (former := old.tasks.get(task_id)) is not task and former != task
    ]
    upsert(connection, TASKS, changed)
    if gone := [task_id for task_id in old.tasks if task_id not in new.tasks]:
        statement = delete(TASKS).where(TASKS.c.run_id == new.id, TASKS.c.task_id == bindparam("gone"))
        connection.execute(statement, [{"gone": task_id} for task_id in gone])
    if changed or gone:
        _write_artifacts(connection, new.id, _digests(new), _digests(old))


def _write_artifacts(connection: Connection, run_id: str, new: set[str], old: set[str]) -> None:
    upsert(connection, ARTIFACTS, [{"run_id": run_id, "digest": digest} for digest in sorted(new - old)])
    if gone := sorted(old - new):
        statement = delete(ARTIFACTS).where(ARTIFACTS.c.run_id == run_id, ARTIFACTS.c.digest == bindparam("gone"))
        connection.execute(statement, [{"gone": digest} for digest in gone])


def _digests(record: RunRecord) -> set[str]:
    """Return what must not be evicted: the values and, of those that nobody else opens, the pictures."""
    outputs = [artifact for task in record.tasks.values() for artifact in task.outputs.values()]
    previews = {str(artifact.summary.get("preview", "")) for artifact in outputs}
    return ({artifact.digest for artifact in outputs} | previews) - {""}


def _scalars(record: RunRecord) -> dict[str, Number]:
    """Return every output that is a number; of one that several tasks wrote, the last."""
    outputs = ((key, artifact) for task in record.tasks.values() for key, artifact in task.outputs.items())
    return {key: artifact.number for key, artifact in outputs if artifact.number is not None}


def _without_tasks(record: RunRecord) -> Mapping[str, Any]:
    return {**_fields(record), "id": record.id}


def _fields(record: RunRecord) -> dict[str, Any]:
    return {
        "state": str(record.state),
        "reason": record.reason[:MAX_TEXT],
        "position": record.position,
        "queued": record.queued,
        "began": record.began,
        "ended": record.ended,
        "is_partial": record.is_partial,
        "events": record.count,
    }


def _task_row(run_id: str, place: int, task_id: str, task: TaskRecord) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "task_id": task_id,
        "place": place,
        "state": str(task.state),
        "seconds": task.seconds,
        "began": task.began,
        **{name: getattr(task, name)[:MAX_TEXT] for name in TEXTS},
        "number": task.number,
        "outputs": json.dumps({key: artifact.to_json() for key, artifact in task.outputs.items()}),
    }


def _task(row: Row[Any]) -> TaskRecord:
    outputs = {key: Artifact.from_json(data) for key, data in json.loads(row.outputs).items()}
    texts = {name: getattr(row, name) for name in TEXTS}
    return TaskRecord(State(row.state), row.seconds, row.began, outputs=outputs, number=row.number, **texts)
