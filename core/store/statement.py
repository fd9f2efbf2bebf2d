"""Statements that several tables share: texts kept once, rows written or written over, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, exists, select, text
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import StoreError
from core.store.schema import RUNS, TEXTS, VERSIONS
from core.store.text import digest_of, from_bytes, to_bytes

MAX_CONTENT = 5_000_000
MAX_ROWS = 1_000
# Any number that no other program is likely to lock.
LOCK_OF_DELETING = 7_461_736_502


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where one with the same primary key is there, write over it."""
    if not rows:
        return
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    rest = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    if rest:
        statement = insert.on_conflict_do_update(index_elements=keys, set_=rest)
    else:
        statement = insert.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, rows)


def keep_text(connection: Connection, content: str, what: str) -> tuple[str, int]:
    """Store a text, once however often it is used; return its digest and size. Needs `wait_to_keep`.

    Raises StoreError above 5 MB."""
    data = to_bytes(content)
    if len(data) > MAX_CONTENT:
        raise StoreError(
            f"{what} has {len(data) / 1e6:.1f} MB, the most is {MAX_CONTENT / 1e6:.0f} MB",
            "keep data in files or loaders, not in the table",
        )
    digest = digest_of(data)
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name](TEXTS)
    connection.execute(insert.on_conflict_do_nothing(), {"digest": digest, "content": data})
    return digest, len(data)


def checked_text(digest: str, content: bytes, what: str) -> str:
    """Return a stored text. Raises StoreError if it is not what was stored."""
    if digest_of(content) == digest:
        return from_bytes(content)
    raise StoreError(f"{what} is garbled: it is not what was stored", "restore a backup of the database")


def wait_to_keep(connection: Connection) -> None:
    """Wait until nobody deletes a text, and let nobody, until the transaction is over. To be called first in it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": LOCK_OF_DELETING})


def wait_to_delete(connection: Connection) -> None:
    """Wait until nobody else stores a text, and let nobody, until the transaction is over. To be called first in it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK_OF_DELETING})


def forget_texts(connection: Connection, digests: Iterable[str]) -> None:
    """Delete those of the texts that nothing uses any more. Needs `wait_to_delete`."""
    uses = [VERSIONS.c.digest, RUNS.c.digest, RUNS.c.functions, RUNS.c.environment]
    unused = and_(*(~exists(select(1).where(column == TEXTS.c.digest)) for column in uses))
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), MAX_ROWS):
        some = wanted[start : start + MAX_ROWS]
        connection.execute(delete(TEXTS).where(TEXTS.c.digest.in_(some), unused))


def page(limit: int, offset: int = 0) -> tuple[int, int]:
    """Return limit and offset as a database takes them."""
    return max(0, min(limit, MAX_ROWS)), max(0, min(offset, 2**31 - 1))


def is_number(number: int) -> bool:
    """Return whether something can have this number."""
    return 0 < number < 2**31
