"""Runs: begun once with everything that they stand on, listed, read, deleted, and which artifacts they need."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, insert, or_, select, update

from core.errors import StoreError
from core.record import RunState
from core.store.failure import UnknownRecordError
from core.store.mark import tags_text
from core.store.record import RunSummary, StoredRun
from core.store.schema import ARTIFACTS, COUNTERS, RUNS, TEXTS, VERSIONS, WORKFLOWS, columns
from core.store.search import found_by, tagged_with, words_of
from core.store.statement import (
    MAX_ROWS,
    checked_text,
    forget_texts,
    is_number,
    keep_text,
    page,
    wait_to_delete,
    wait_to_keep,
)
from core.store.task_record import read_record
from core.store.text import read_tags
from core.store.version import MAX_NAME, refuse_long

ID = re.compile(r"[A-Za-z0-9-]{1,100}")
PINNED = 3_600.0
TOLD = ("id", "number", "workflow_id", "version", "name", "author", "created", "starred", "note", "tags")
SUMMARY = columns(RUNS, *TOLD, "state", "reason", "queued", "began", "ended", "scalars")
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True)
class Beginning:
    """What a run stands on; see `Store.begin_run`."""

    id: str
    workflow_id: str | None
    version: int | None
    name: str
    content: str
    functions: Mapping[str, str]
    environment: Mapping[str, str]
    author: str
    note: str
    tags: Collection[str]


def begin(connection: Connection, run: Beginning) -> int:
    """Record that a run was asked for; return its number. Raises StoreError if another one has its id."""
    if not ID.fullmatch(run.id):
        raise StoreError(f"{run.id[:40]!r} is no id of a run", "use letters, digits and -, at most 100")
    refuse_long(run.author, MAX_NAME, "the author")
    wait_to_keep(connection)
    row = _row(connection, run)
    found = connection.execute(select(*columns(RUNS, "number", "digest")).where(RUNS.c.id == run.id)).one_or_none()
    if found is not None:
        if found.digest != row["digest"]:
            raise StoreError(f"the run {run.id} is recorded already, with another table", "run it under a new id")
        return int(found.number)
    counted = update(COUNTERS).where(COUNTERS.c.name == "run").values(value=COUNTERS.c.value + 1)
    number: int = connection.execute(counted.returning(COUNTERS.c.value)).scalar_one()
    row = {**row, "number": number}
    connection.execute(insert(RUNS), {**row, "words": words_of(RUNS, row)})
    return number


def run(connection: Connection, run_id: str) -> StoredRun:
    """Return one run with everything. Raises UnknownRecordError; StoreError if it is garbled."""
    row = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one_or_none()
    if row is None:
        raise _unknown(run_id)
    texts = _texts(connection, [row.digest, row.functions, row.environment], f"the run {run_id}")
    told = {name: getattr(row, name) for name in TOLD}
    return StoredRun(
        **{**told, "tags": read_tags(row.tags)},
        content=texts[row.digest],
        functions=json.loads(texts[row.functions]),
        environment=json.loads(texts[row.environment]),
        record=read_record(connection, row),
    )


def contents(connection: Connection, run_ids: Sequence[str]) -> dict[str, str]:
    """Return the workflow files' texts of several runs; what is unknown is left out."""
    query = select(*columns(RUNS, "id", "digest"), TEXTS.c.content).join_from(
        RUNS, TEXTS, RUNS.c.digest == TEXTS.c.digest
    )
    found: dict[str, str] = {}
    for start in range(0, len(run_ids), MAX_ROWS):
        rows = connection.execute(query.where(RUNS.c.id.in_(run_ids[start : start + MAX_ROWS])))
        found.update({row.id: checked_text(row.digest, row.content, f"the run {row.id}") for row in rows})
    return {run_id: found[run_id] for run_id in run_ids if run_id in found}


def runs(
    connection: Connection,
    where: Sequence[ColumnElement[bool]],
    text: str,
    tags: Sequence[str],
    limit: int,
    offset: int,
) -> list[RunSummary]:
    """Return a page of the runs, newest first."""
    query = select(*SUMMARY).where(*where, *found_by(text, RUNS.c.words), *tagged_with(RUNS.c.tags, tags))
    count, start = page(limit, offset)
    rows = connection.execute(query.order_by(RUNS.c.number.desc()).limit(count).offset(start))
    return [_summary(row) for row in rows]


def chosen(
    workflow_id: str | None, version: int | None, states: Collection[str], starred: bool | None, begins: str = ""
) -> list[ColumnElement[bool]]:
    """Return the conditions of what is given; None and nothing is no condition."""
    conditions: list[ColumnElement[bool]] = []
    if workflow_id is not None:
        conditions.append(RUNS.c.workflow_id == workflow_id)
    if version is not None:
        conditions.append(RUNS.c.version == (version if is_number(version) else 0))
    if states:
        conditions.append(RUNS.c.state.in_([state for state in RunState if state in states]))
    if starred is not None:
        conditions.append(RUNS.c.starred == starred)
    if begins:
        conditions += [RUNS.c.id >= begins, RUNS.c.id < f"{begins}~"]  # no id has a character after ~
    return conditions


def unfinished(connection: Connection) -> list[str]:
    """Return the ids of the runs that are not over, oldest first."""
    query = select(RUNS.c.id).where(RUNS.c.state.in_(UNDER_WAY)).order_by(RUNS.c.number)
    return list(connection.execute(query).scalars())


def place(connection: Connection, run_id: str, workflow_id: str, number: int) -> None:
    """Say of which version a run is. Raises UnknownRecordError if one of them is not there."""
    known = select(VERSIONS.c.number).where(VERSIONS.c.workflow_id == workflow_id, VERSIONS.c.number == number)
    if not is_number(number) or connection.execute(known).first() is None:
        raise UnknownRecordError(f"there is no version {number} of the workflow {workflow_id[:40]!r} (any more)")
    changed = update(RUNS).where(RUNS.c.id == run_id).values(workflow_id=workflow_id, version=number)
    if not connection.execute(changed).rowcount:
        raise _unknown(run_id)


def remove(connection: Connection, run_id: str) -> None:
    """Delete a run with all that was recorded of it; its number is not given again."""
    wait_to_delete(connection)
    row = connection.execute(
        select(*columns(RUNS, "digest", "functions", "environment")).where(RUNS.c.id == run_id)
    ).first()
    if row is None:
        raise _unknown(run_id)
    connection.execute(delete(RUNS).where(RUNS.c.id == run_id))
    forget_texts(connection, row)


def pinned(connection: Connection) -> set[str]:
    """Return the digests of the artifacts that must stay; see `Store.pinned_artifacts`."""
    its_version = and_(VERSIONS.c.workflow_id == RUNS.c.workflow_id, VERSIONS.c.number == RUNS.c.version)
    is_latest = and_(WORKFLOWS.c.id == RUNS.c.workflow_id, WORKFLOWS.c.latest == RUNS.c.version)
    needed = or_(
        RUNS.c.created >= time.time() - PINNED,
        RUNS.c.state.in_(UNDER_WAY),
        RUNS.c.starred,
        RUNS.c.tags + RUNS.c.note != RUNS.c.given,
        and_(RUNS.c.given == "", exists(select(1).where(is_latest))),
        exists(select(1).where(its_version, or_(VERSIONS.c.starred, VERSIONS.c.tags != "", VERSIONS.c.note != ""))),
    )
    query = select(ARTIFACTS.c.digest).where(ARTIFACTS.c.run_id.in_(select(RUNS.c.id).where(needed)))
    return set(connection.execute(query).scalars())


def _row(connection: Connection, run: Beginning) -> dict[str, Any]:
    tags = tags_text(run.tags)
    is_known = (
        run.workflow_id is not None
        and connection.execute(
            select(WORKFLOWS.c.id).where(WORKFLOWS.c.id == run.workflow_id).with_for_update(read=True)
        ).one_or_none()
    )
    return {
        "id": run.id,
        "workflow_id": run.workflow_id if is_known else None,
        "version": run.version,
        "name": run.name[:MAX_NAME],
        "author": run.author,
        "note": run.note,
        "tags": tags,
        "given": tags + run.note,
        "digest": keep_text(connection, run.content, "the table of the run")[0],
        "functions": keep_text(connection, _json(run.functions), "the list of functions")[0],
        "environment": keep_text(connection, _json(run.environment), "the list of packages")[0],
        "created": time.time(),
        "state": RunState.QUEUED,
    }


def _json(data: Mapping[str, str]) -> str:
    return json.dumps(dict(data), sort_keys=True)


def _texts(connection: Connection, digests: Sequence[str], what: str) -> dict[str, str]:
    rows = connection.execute(select(TEXTS).where(TEXTS.c.digest.in_(digests)))
    return {row.digest: checked_text(row.digest, row.content, what) for row in rows}


def _summary(row: Row[Any]) -> RunSummary:
    fields = row._asdict()
    scalars = json.loads(fields["scalars"]) if fields["scalars"] else {}
    state = RunState(fields["state"])
    return RunSummary(**{**fields, "state": state, "tags": read_tags(fields["tags"]), "scalars": scalars})


def _unknown(run_id: str) -> UnknownRecordError:
    return UnknownRecordError(f"there is no run {run_id[:40]!r} (any more)")
