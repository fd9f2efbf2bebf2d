"""What Alembic runs: the steps, on the connection that it is given."""

from __future__ import annotations

from alembic import context

from core.store.migration import VERSION_TABLE
from core.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
