"""The tables of the store. Every change here needs a migration; a test compares the two."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from core.store.text import ExactText

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def columns(table: Table, *names: str) -> list[Column[Any]]:
    """Return some columns of a table."""
    return [table.c[name] for name in names]


def _text(name: str) -> Column[str]:
    return Column(name, ExactText, nullable=False, default="")


def _moment(name: str) -> Column[float]:
    """Seconds since 1970; 0.0 as long as it has not happened."""
    return Column(name, Double, nullable=False, default=0.0)


def _digest(name: str, **options: Any) -> Column[str]:
    """The text that is meant lies in `TEXTS`."""
    return Column(name, String(64), ForeignKey("texts.digest"), nullable=False, **options)


def _marks() -> list[Column[Any]]:
    """What people add to a workflow, a version or a run; `words` is everything that a search looks at."""
    return [
        Column("starred", Boolean, nullable=False, default=False),
        _text("note"),
        _text("tags"),
        _text("words"),
    ]


TEXTS = Table(
    "texts",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

WORKFLOWS = Table(
    "workflows",
    METADATA,
    Column("id", ExactText, primary_key=True),
    _text("name"),
    _text("owner"),
    _text("description"),
    Column("archived", Boolean, nullable=False, default=False),
    _moment("created"),
    Column("latest", Integer, nullable=False),
    _moment("saved"),
    *_marks(),
    Index(None, "archived", "saved"),
)

VERSIONS = Table(
    "versions",
    METADATA,
    Column("workflow_id", ExactText, ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _digest("digest", index=True),
    Column("size", Integer, nullable=False),
    Column("based_on", Integer, nullable=False),
    _moment("created"),
    _text("author"),
    _text("message"),
    *_marks(),
)

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("workflow_id", ExactText, index=True),
    Column("content", LargeBinary, nullable=False),
    _moment("saved"),
    Index(None, "saved"),
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", ExactText, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("workflow_id", ExactText, ForeignKey("workflows.id", ondelete="SET NULL")),
    Column("version", Integer),
    _text("name"),
    _text("author"),
    _digest("digest", index=True),
    _digest("functions", index=True),
    _digest("environment", index=True),
    _moment("created"),
    Column("state", String(20), nullable=False, index=True),
    _text("reason"),
    Column("position", Integer, nullable=False, default=0),
    _moment("queued"),
    _moment("began"),
    _moment("ended"),
    Column("is_partial", Boolean, nullable=False, default=False),
    Column("events", BigInteger, nullable=False, default=0),
    _text("scalars"),
    *_marks(),
    # The tags and the note that no person has given: what these were when the run was begun.
    Column("given", ExactText, nullable=False, default="", server_default=""),
    Index(None, "workflow_id", "number"),
)

TASKS = Table(
    "tasks",
    METADATA,
    Column("run_id", ExactText, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("task_id", ExactText, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    _moment("seconds"),
    _moment("began"),
    _text("reason"),
    _text("error"),
    _text("traceback"),
    _text("log"),
    _text("outputs"),
    _text("result"),
    Column("number", BigInteger, nullable=False, default=0),
)

ARTIFACTS = Table(
    "artifacts",
    METADATA,
    Column("run_id", ExactText, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), primary_key=True),
)
