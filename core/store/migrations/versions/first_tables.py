"""Workflows, versions, drafts, runs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column[str]:
    """A column of text."""
    return sa.Column(name, sa.Text(), nullable=False)


def moment(name: str) -> sa.Column[float]:
    """A column of seconds since 1970."""
    return sa.Column(name, sa.Double(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    """A column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=False)


def marks() -> list[sa.Column[Any]]:
    """The columns of what people add."""
    return [sa.Column("starred", sa.Boolean(), nullable=False), text("note"), text("tags"), text("words")]


def digest(table: str, name: str) -> list[sa.schema.SchemaItem]:
    """A column that names a text."""
    return [
        sa.Column(name, sa.String(64), nullable=False),
        sa.ForeignKeyConstraint([name], ["texts.digest"], name=f"fk_{table}_{name}"),
    ]


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "texts",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_texts"),
    )
    make_workflows()
    op.create_table(
        "drafts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("workflow_id", sa.Text()),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        moment("saved"),
        sa.PrimaryKeyConstraint("key", name="pk_drafts"),
    )
    op.create_index("ix_drafts_saved", "drafts", ["saved"])
    op.create_index("ix_drafts_workflow_id", "drafts", ["workflow_id"])
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(20), nullable=False),
        whole("value"),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(counters, [{"name": "run", "value": 0}])
    make_runs()


def make_workflows() -> None:
    """Make the tables of workflows and versions."""
    op.create_table(
        "workflows",
        text("id"),
        text("name"),
        text("owner"),
        text("description"),
        sa.Column("archived", sa.Boolean(), nullable=False),
        moment("created"),
        whole("latest"),
        moment("saved"),
        *marks(),
        sa.PrimaryKeyConstraint("id", name="pk_workflows"),
    )
    op.create_index("ix_workflows_archived_saved", "workflows", ["archived", "saved"])
    op.create_table(
        "versions",
        text("workflow_id"),
        whole("number"),
        *digest("versions", "digest"),
        whole("size"),
        whole("based_on"),
        moment("created"),
        text("author"),
        text("message"),
        *marks(),
        sa.PrimaryKeyConstraint("workflow_id", "number", name="pk_versions"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name="fk_versions_workflow_id", ondelete="CASCADE"),
    )
    op.create_index("ix_versions_digest", "versions", ["digest"])


def make_runs() -> None:
    """Make the tables of runs, their tasks and their artifacts."""
    op.create_table(
        "runs",
        text("id"),
        whole("number"),
        sa.Column("workflow_id", sa.Text()),
        sa.Column("version", sa.Integer()),
        text("name"),
        text("author"),
        *digest("runs", "digest"),
        *digest("runs", "functions"),
        *digest("runs", "environment"),
        moment("created"),
        sa.Column("state", sa.String(20), nullable=False),
        text("reason"),
        whole("position"),
        moment("queued"),
        moment("began"),
        moment("ended"),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        text("scalars"),
        *marks(),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("number", name="uq_runs_number"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name="fk_runs_workflow_id", ondelete="SET NULL"),
    )
    for column in ("digest", "functions", "environment", "state"):
        op.create_index(f"ix_runs_{column}", "runs", [column])
    op.create_index("ix_runs_workflow_id_number", "runs", ["workflow_id", "number"])
    op.create_table(
        "tasks",
        text("run_id"),
        text("task_id"),
        whole("place"),
        sa.Column("state", sa.String(20), nullable=False),
        moment("seconds"),
        moment("began"),
        *[text(name) for name in ("reason", "error", "traceback", "log", "outputs", "result")],
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "task_id", name="pk_tasks"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_tasks_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "artifacts",
        text("run_id"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "digest", name="pk_artifacts"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_artifacts_run_id", ondelete="CASCADE"),
    )
