"""Versions of workflows: appended, never changed, read with their digest checked."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from core.errors import StoreError
from core.store.failure import SaveConflict, UnknownRecordError
from core.store.record import VersionRecord, VersionSummary
from core.store.schema import TEXTS, VERSIONS, WORKFLOWS, columns
from core.store.search import found_by, words_of
from core.store.statement import checked_text, is_number, keep_text, page, wait_to_keep
from core.store.text import read_tags

MAX_NAME = 200
MAX_MESSAGE = 2_000
SUMMARY = columns(
    VERSIONS,
    "workflow_id",
    "number",
    "digest",
    "size",
    "based_on",
    "created",
    "author",
    "message",
    "starred",
    "note",
    "tags",
)


def add_workflow(
    connection: Connection, name: str, content: str, author: str, message: str, owner: str
) -> VersionRecord:
    """Make a workflow with its first version."""
    refuse_long(name, MAX_NAME, "the name")
    wait_to_keep(connection)
    workflow_id = uuid4().hex
    description = description_of(content)
    now = time.time()
    row = {
        "id": workflow_id,
        "name": name,
        "owner": owner,
        "description": description,
        "created": now,
        "saved": now,
        "latest": 1,
    }
    connection.execute(insert(WORKFLOWS), {**row, "words": words_of(WORKFLOWS, row)})
    return _append(connection, workflow_id, 1, 0, content, author, message, now)


def save(
    connection: Connection, workflow_id: str, content: str, based_on: int, author: str, message: str
) -> VersionRecord:
    """Append a version. Raises SaveConflict if `based_on` is not the latest any more."""
    wait_to_keep(connection)
    row = connection.execute(
        select(*columns(WORKFLOWS, "latest", "name", "note", "tags"))
        .where(WORKFLOWS.c.id == workflow_id)
        .with_for_update()
    ).first()
    if row is None:
        raise UnknownRecordError(f"there is no workflow {workflow_id[:40]!r} (any more)", "save it as a new one")
    if row.latest != based_on:
        raise _conflict(connection, workflow_id, row.latest, based_on)
    now = time.time()
    changed = {"latest": row.latest + 1, "saved": now, "description": description_of(content)}
    words = words_of(WORKFLOWS, {**row._asdict(), **changed})
    connection.execute(update(WORKFLOWS).where(WORKFLOWS.c.id == workflow_id), {**changed, "words": words})
    return _append(connection, workflow_id, row.latest + 1, based_on, content, author, message, now)


def version(connection: Connection, workflow_id: str, number: int) -> VersionRecord:
    """Return one version. Raises UnknownRecordError; StoreError if it is garbled."""
    found = _find(connection, workflow_id, number)
    if found is None:
        raise UnknownRecordError(f"there is no version {number} of the workflow {workflow_id[:40]!r} (any more)")
    return found


def versions(
    connection: Connection, workflow_id: str, before: int | None, limit: int, text: str
) -> list[VersionSummary]:
    """Return the versions of a workflow, newest first, those before a number."""
    query = select(*SUMMARY).where(VERSIONS.c.workflow_id == workflow_id, *found_by(text, VERSIONS.c.words))
    if before is not None:
        query = query.where(VERSIONS.c.number < max(0, min(before, 2**31 - 1)))
    rows = connection.execute(query.order_by(VERSIONS.c.number.desc()).limit(page(limit)[0]))
    return [VersionSummary(**_fields(row)) for row in rows]


def description_of(content: str) -> str:
    """Return the description that a workflow file's text holds; "" if it holds none or is no such text."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    description = data.get("description") if isinstance(data, dict) else None
    return description if isinstance(description, str) else ""


def refuse_long(text: str, most: int, what: str) -> None:
    """Raise StoreError for a text that nobody would read."""
    if len(text) > most:
        raise StoreError(f"{what} has {len(text):,} characters, the most is {most:,}", "shorten it")


def _append(
    connection: Connection,
    workflow_id: str,
    number: int,
    based_on: int,
    content: str,
    author: str,
    message: str,
    now: float,
) -> VersionRecord:
    refuse_long(message, MAX_MESSAGE, "the message")
    refuse_long(author, MAX_NAME, "the author")
    digest, size = keep_text(connection, content, "the workflow")
    row = {
        "workflow_id": workflow_id,
        "number": number,
        "digest": digest,
        "size": size,
        "based_on": based_on,
        "created": now,
        "author": author,
        "message": message,
    }
    connection.execute(insert(VERSIONS), {**row, "words": words_of(VERSIONS, row)})
    return VersionRecord(**row, starred=False, note="", tags=(), content=content)  # type: ignore[arg-type]


def _conflict(connection: Connection, workflow_id: str, latest: int, based_on: int) -> SaveConflict:
    return SaveConflict(version(connection, workflow_id, latest), _find(connection, workflow_id, based_on))


def _find(connection: Connection, workflow_id: str, number: int) -> VersionRecord | None:
    if not is_number(number):
        return None
    query = select(*SUMMARY, TEXTS.c.content).join_from(VERSIONS, TEXTS)
    row = connection.execute(
        query.where(VERSIONS.c.workflow_id == workflow_id, VERSIONS.c.number == number)
    ).one_or_none()
    if row is None:
        return None
    fields = _fields(row)
    content = checked_text(row.digest, fields.pop("content"), f"version {number} of the workflow {workflow_id}")
    return VersionRecord(**fields, content=content)


def _fields(row: Any) -> dict[str, Any]:
    fields = row._asdict()
    return {**fields, "tags": read_tags(fields["tags"])}
