"""Workflows as a library sees them: listed, searched, renamed, put away, deleted, exported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, or_, select, update

from core.record import RunState
from core.store.failure import UnknownRecordError
from core.store.record import WorkflowRecord
from core.store.schema import DRAFTS, RUNS, TEXTS, VERSIONS, WORKFLOWS, columns
from core.store.search import holds, tagged_with, words_of
from core.store.statement import checked_text, forget_texts, page, wait_to_delete
from core.store.text import read_tags, search_words, to_bytes
from core.store.version import MAX_NAME, refuse_long

TOLD = ("id", "name", "owner", "description", "archived", "created", "saved", "latest", "starred", "note", "tags")


def workflows(
    connection: Connection,
    text: str,
    tags: Sequence[str],
    owner: str | None,
    archived: bool | None,
    saved_by: str | None,
    not_saved_by: str | None,
    limit: int,
    offset: int,
) -> list[WorkflowRecord]:
    """Return a page of the workflows, the latest saved first."""
    query = select(*columns(WORKFLOWS, *TOLD)).where(*tagged_with(WORKFLOWS.c.tags, tags))
    for word in search_words(text):
        in_version = select(VERSIONS.c.workflow_id).where(holds(VERSIONS.c.words, word))
        query = query.where(or_(holds(WORKFLOWS.c.words, word), WORKFLOWS.c.id.in_(in_version)))
    if owner is not None:
        query = query.where(WORKFLOWS.c.owner == owner)
    if archived is not None:
        query = query.where(WORKFLOWS.c.archived == archived)
    if saved_by is not None:
        query = query.where(WORKFLOWS.c.id.in_(_saved_by(saved_by)))
    if not_saved_by is not None:
        query = query.where(WORKFLOWS.c.id.not_in(_saved_by(not_saved_by)))
    count, start = page(limit, offset)
    query = query.order_by(WORKFLOWS.c.saved.desc(), WORKFLOWS.c.id).limit(count).offset(start)
    return [_record(row) for row in connection.execute(_with_latest(query))]


def workflow(connection: Connection, workflow_id: str) -> WorkflowRecord:
    """Return one workflow. Raises UnknownRecordError."""
    query = select(*columns(WORKFLOWS, *TOLD)).where(WORKFLOWS.c.id == workflow_id)
    row = connection.execute(_with_latest(query)).one_or_none()
    if row is None:
        raise _unknown(workflow_id)
    return _record(row)


def rename(connection: Connection, workflow_id: str, name: str) -> None:
    """Give a workflow another name; its versions stay as they are."""
    refuse_long(name, MAX_NAME, "the name")
    row = connection.execute(
        select(*columns(WORKFLOWS, "description", "note", "tags"))
        .where(WORKFLOWS.c.id == workflow_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise _unknown(workflow_id)
    words = words_of(WORKFLOWS, {**row._asdict(), "name": name})
    connection.execute(update(WORKFLOWS).where(WORKFLOWS.c.id == workflow_id), {"name": name, "words": words})


def archive(connection: Connection, workflow_id: str, is_archived: bool) -> None:
    """Put a workflow away, or take it out again."""
    done = connection.execute(update(WORKFLOWS).where(WORKFLOWS.c.id == workflow_id), {"archived": is_archived})
    if not done.rowcount:
        raise _unknown(workflow_id)


def remove(connection: Connection, workflow_id: str, with_runs: bool) -> None:
    """Delete a workflow with its versions and drafts; its runs as well, or they stay and belong to no workflow."""
    wait_to_delete(connection)
    of_runs = RUNS.c.workflow_id == workflow_id
    digests = set(connection.execute(select(VERSIONS.c.digest).where(VERSIONS.c.workflow_id == workflow_id)).scalars())
    if with_runs:
        for row in connection.execute(select(*columns(RUNS, "digest", "functions", "environment")).where(of_runs)):
            digests.update(row)
        connection.execute(delete(RUNS).where(of_runs))
    else:
        connection.execute(update(RUNS).where(of_runs), {"workflow_id": None})
    connection.execute(delete(DRAFTS).where(DRAFTS.c.workflow_id == workflow_id))
    if not connection.execute(delete(WORKFLOWS).where(WORKFLOWS.c.id == workflow_id)).rowcount:
        raise _unknown(workflow_id)
    forget_texts(connection, digests)


def export(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield a file name and the content of every workflow's latest version; no two names are equal."""
    latest = (VERSIONS.c.workflow_id == WORKFLOWS.c.id) & (VERSIONS.c.number == WORKFLOWS.c.latest)
    query = (
        select(WORKFLOWS.c.name, *columns(TEXTS, "digest", "content"))
        .join_from(WORKFLOWS, VERSIONS, latest)
        .join(TEXTS)
        .order_by(WORKFLOWS.c.created, WORKFLOWS.c.id)
    )
    taken: set[str] = set()
    for row in connection.execution_options(yield_per=20).execute(query):
        stem = name = re.sub(r"[^\w .()+-]", "_", row.name).strip(" .")[:80] or "workflow"
        number = 2
        while name.lower() in taken:
            name, number = f"{stem} ({number})", number + 1
        taken.add(name.lower())
        yield f"{name}.json", to_bytes(checked_text(row.digest, row.content, f"the workflow {row.name[:60]!r}"))


def _saved_by(author: str) -> Select[tuple[str]]:
    return select(VERSIONS.c.workflow_id).where(VERSIONS.c.author == author)


def _with_latest(query: Any) -> Any:
    """Return the query with what is told of the latest version and the last run of each workflow."""
    some = query.subquery("some")
    last = select(func.max(RUNS.c.number)).where(RUNS.c.workflow_id == some.c.id).correlate(some).scalar_subquery()
    latest = (VERSIONS.c.workflow_id == some.c.id) & (VERSIONS.c.number == some.c.latest)
    moments = [RUNS.c[name].label(f"run_{name}") for name in ("created", "queued", "began", "ended")]
    return (
        select(
            some,
            *columns(VERSIONS, "author", "message", "digest"),
            RUNS.c.number.label("last_run"),
            RUNS.c.id.label("last_run_id"),
            RUNS.c.state.label("last_run_state"),
            *moments,
        )
        .join_from(some, VERSIONS, latest)
        .outerjoin(RUNS, RUNS.c.number == last)
        .order_by(some.c.saved.desc(), some.c.id)
    )


def _record(row: Row[Any]) -> WorkflowRecord:
    fields = row._asdict()
    moments = [fields.pop(f"run_{name}") or 0.0 for name in ("created", "queued", "began", "ended")]
    state = fields["last_run_state"]
    return WorkflowRecord(
        **{
            **fields,
            "tags": read_tags(fields["tags"]),
            "last_run": fields["last_run"] or 0,
            "last_run_id": fields["last_run_id"] or "",
            "last_run_state": RunState(state) if state else None,
            "last_run_time": max(moments),
        }
    )


def _unknown(workflow_id: str) -> UnknownRecordError:
    return UnknownRecordError(f"there is no workflow {workflow_id[:40]!r} (any more)")
