"""Drafts: what a browser tab is typing, kept so that a refresh does not lose it."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, select

from core.errors import StoreError
from core.store.record import DraftRecord
from core.store.schema import DRAFTS, columns
from core.store.statement import MAX_CONTENT, MAX_ROWS, upsert
from core.store.text import digest_of, from_bytes, to_bytes

KEPT = 30 * 86_400.0


def put(connection: Connection, token: str, content: str, workflow_id: str | None) -> None:
    """Keep the draft of a tab instead of its former one, and forget those of 30 days ago."""
    data = to_bytes(content)
    if len(data) > MAX_CONTENT:
        raise StoreError(
            f"the draft has {len(data) / 1e6:.1f} MB, the most is {MAX_CONTENT / 1e6:.0f} MB",
            "it is not kept for a refresh; keep data in files or loaders, not in the table",
        )
    now = time.time()
    row = {"key": _key(token), "workflow_id": workflow_id, "content": data, "saved": now}
    upsert(connection, DRAFTS, [row])
    # Others may be doing the same: what they hold is left to them.
    old = select(DRAFTS.c.key).where(DRAFTS.c.saved < now - KEPT).limit(MAX_ROWS).with_for_update(skip_locked=True)
    connection.execute(delete(DRAFTS).where(DRAFTS.c.key.in_(old)))


def get(connection: Connection, token: str) -> DraftRecord | None:
    """Return the draft of a tab; None if there is none, or none of the last 30 days."""
    query = select(*columns(DRAFTS, "content", "saved")).where(DRAFTS.c.key == _key(token))
    row = connection.execute(query.where(DRAFTS.c.saved >= time.time() - KEPT)).one_or_none()
    return DraftRecord(from_bytes(row.content), row.saved) if row else None


def remove(connection: Connection, token: str) -> None:
    """Forget the draft of a tab, if there is one."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.key == _key(token)))


def _key(token: str) -> str:
    """Who reads the database learns no token."""
    return digest_of(to_bytes(token))
