"""Which tags and which note a run was begun with, so that they are told from those that people have given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Runs that were there before count as begun without any."""
    op.add_column("runs", sa.Column("given", sa.Text(), nullable=False, server_default=""))
