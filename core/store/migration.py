"""Brings the tables of a database up to date."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from core.errors import StoreError

VERSION_TABLE = "tasktable_schema"
# The revisions that this program knows, oldest first; a test compares them with the folder `migrations`.
REVISIONS = ("0001", "0002")


def revision_of(connection: Connection) -> str:
    """Return the revision of the tables; "" for a database without. Raises StoreError if this program is too old."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().first()  # noqa: S608
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"the database has tables of revision {str(found)[:40]!r}, which a newer Tasktable has made; "
            f"this one knows {REVISIONS[-1]}",
            "install the newer Tasktable again, or point TASKTABLE_DATA or TASKTABLE_DATABASE_URL to another place",
        )
    return str(found or "")


def is_up_to_date(connection: Connection) -> bool:
    """Return whether nothing is to be done. Raises StoreError if this program is too old for the tables."""
    return revision_of(connection) == REVISIONS[-1]


def upgrade(connection: Connection) -> None:
    """Run what is missing, within the transaction of the connection."""
    # Alembic takes a tenth of a second to import, and is needed once in the life of a database.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "core.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
