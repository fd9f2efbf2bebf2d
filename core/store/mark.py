"""What people add to a workflow, a version or a run: tags, a note, a star."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Table, select, update

from core.errors import StoreError
from core.store.failure import UnknownRecordError
from core.store.schema import RUNS, VERSIONS, WORKFLOWS
from core.store.search import words_of
from core.store.statement import is_number
from core.store.text import read_tags, write_tags
from core.store.version import refuse_long

Kind = Literal["workflow", "version", "run"]
MAX_NOTE = 20_000
MAX_TAG = 60
MAX_TAGS = 30
TABLES = {"workflow": WORKFLOWS, "version": VERSIONS, "run": RUNS}


def tag(connection: Connection, kind: Kind, name: str, tags: Iterable[str]) -> None:
    """Replace the tags. Spaces around them and empty ones do not count."""
    _change(connection, kind, name, {"tags": tags_text(tags)})


def tags_text(tags: Iterable[str]) -> str:
    """Return tags as they are written down. Raises StoreError if they are too many or too long."""
    wanted = frozenset(filter(None, (" ".join(tag.split()) for tag in tags)))
    if len(wanted) > MAX_TAGS:
        raise StoreError(f"{len(wanted)} tags are too many, the most is {MAX_TAGS}", "keep those that you search for")
    for text in wanted:
        refuse_long(text, MAX_TAG, "a tag")
    return write_tags(wanted)


def note(connection: Connection, kind: Kind, name: str, text: str) -> None:
    """Replace the note."""
    refuse_long(text, MAX_NOTE, "the note")
    _change(connection, kind, name, {"note": text})


def star(connection: Connection, kind: Kind, name: str, on: bool) -> None:
    """Set or take away the star."""
    _change(connection, kind, name, {"starred": on})


def known_tags(connection: Connection, kind: Kind) -> list[str]:
    """Return every tag that one of this kind has, sorted."""
    table = _table(kind)
    rows = connection.execute(select(table.c.tags).where(table.c.tags != "").distinct()).scalars()
    return sorted({tag for text in rows for tag in read_tags(text)}, key=lambda tag: (tag.casefold(), tag))


def _change(connection: Connection, kind: Kind, name: str, changed: dict[str, Any]) -> None:
    table = _table(kind)
    this = _this(kind, name)
    row = connection.execute(select(table).where(*this).with_for_update()).one_or_none() if this else None
    if row is None:
        raise UnknownRecordError(f"there is no {kind} {name[:60]!r} (any more)")
    words = words_of(table, {**row._asdict(), **changed})
    connection.execute(update(table).where(*this), {**changed, "words": words})


def _table(kind: str) -> Table:
    if kind not in TABLES:
        raise StoreError(f"{kind[:40]!r} cannot be marked", f"choose one of {', '.join(get_args(Kind))}")
    return TABLES[kind]


def _this(kind: str, name: str) -> list[ColumnElement[bool]]:
    """Return the conditions for the row that is meant; none if no row can be."""
    if kind != "version":
        return [TABLES[kind].c.id == name]
    workflow_id, _, number = name.rpartition("/")
    if not (number.isascii() and number.isdigit() and len(number) < 11 and is_number(int(number))):
        return []
    return [VERSIONS.c.workflow_id == workflow_id, VERSIONS.c.number == int(number)]
