"""Looks through everything that is stored for what cannot be right."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select, text

from core.errors import StoreError
from core.store.database import Database
from core.store.schema import RUNS, TEXTS, VERSIONS, WORKFLOWS, columns
from core.store.text import digest_of


def problems(database: Database) -> Iterator[str]:
    """Yield what is wrong, one sentence each; nothing if all is well. What cannot be read is a problem, too."""
    for look in (_file, _texts, _latest):
        try:
            with database.reading() as connection:
                yield from look(connection)
        except StoreError as error:
            yield str(error)


def _file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for found in connection.execute(text("PRAGMA integrity_check")).scalars():
        if found != "ok":
            yield f"the file is damaged: {found}"
    for table, row, other, _ in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"row {row} of {table} names something that is not in {other}"


def _texts(connection: Connection) -> Iterator[str]:
    """Only the garbled texts' users are looked up: there are few."""
    for row in connection.execution_options(yield_per=50).execute(select(TEXTS)):
        if digest_of(row.content) != row.digest:
            yield from _users(connection, row.digest)


def _users(connection: Connection, digest: str) -> Iterator[str]:
    of_version = select(*columns(VERSIONS, "workflow_id", "number")).where(VERSIONS.c.digest == digest)
    for row in connection.execute(of_version).all():
        yield f"version {row.number} of the workflow {row.workflow_id} is garbled"
    for column in (RUNS.c.digest, RUNS.c.functions, RUNS.c.environment):
        for number in connection.execute(select(RUNS.c.number).where(column == digest)).scalars().all():
            yield f"the {'table' if column is RUNS.c.digest else column.name} of run {number} is garbled"


def _latest(connection: Connection) -> Iterator[str]:
    newest = func.coalesce(func.max(VERSIONS.c.number), 0)
    counted = (
        select(
            *columns(WORKFLOWS, "id", "latest"), newest.label("newest"), func.count(VERSIONS.c.number).label("found")
        )
        .outerjoin_from(WORKFLOWS, VERSIONS)
        .group_by(WORKFLOWS.c.id, WORKFLOWS.c.latest)
    )
    for row in connection.execute(counted):
        if not row.latest == row.newest == row.found:
            yield f"the workflow {row.id} should have {row.latest} versions, and has {row.found} up to {row.newest}"
