"""Opens a PostgreSQL database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from core.errors import StoreError
from core.store.database import Database
from core.store.failure import explained
from core.store.migration import is_up_to_date, upgrade

SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")
PATIENCE = 30
# Any number that no other program is likely to lock.
LOCK_OF_OPENING = 7_461_736_501


def open_postgresql(address: str, secrets: tuple[str, ...]) -> Database:
    """Open the database at an address. Raises StoreError if it cannot be reached, or if a newer program has made it."""
    url = _read(address)
    secrets = (*secrets, *passwords(url))
    where = f"the database {url.database or ''} at {url.host or url.query.get('host', 'this machine')}"
    try:
        engine = _engine(url)
    except ImportError:
        raise StoreError("PostgreSQL needs a driver", "install it: pip install 'tasktable[postgresql]'") from None
    database = Database(engine, where, secrets)
    try:
        with explained(where, secrets):
            database.read_only = _prepare(engine, where)
    except BaseException:
        database.close()
        raise
    database.mend = lambda: _mended(engine, where, secrets)
    return database


def _mended(engine: Engine, where: str, secrets: tuple[str, ...]) -> Engine:
    with explained(where, secrets):
        if reason := _prepare(engine, where):
            raise StoreError(reason)
    return engine


def passwords(url: URL) -> tuple[str, ...]:
    """Return what must not be shown of an address."""
    query = url.query.get("password", "")
    return tuple(filter(None, (url.password, *([query] if isinstance(query, str) else query))))


def _read(address: str) -> URL:
    advice = "write it as postgresql://user:password@host:5432/database"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError("TASKTABLE_DATABASE_URL is no address of a database", advice) from None
    if url.drivername not in SCHEMES:
        raise StoreError(f"TASKTABLE_DATABASE_URL begins with {url.drivername[:20]}://", advice)
    return url.set(drivername=SCHEMES[0])


def _prepare(engine: Engine, where: str) -> str:
    """Bring the tables up to date; return why nothing can be written, "" if everything can."""
    reason = ""
    with engine.begin() as connection:
        if connection.execute(text("SHOW server_encoding")).scalar_one() != "UTF8":
            raise StoreError(f"{where} does not keep every character", "create it with ENCODING 'UTF8'")
        if connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
            reason = f"{where} takes no writing"
        current = is_up_to_date(connection)
    if reason and not current:
        raise StoreError(reason, "its tables are missing or old; open it where it can be written first")
    if not current:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK_OF_OPENING})
            upgrade(connection)
    return reason


def _engine(url: URL) -> Engine:
    options: dict[str, Any] = {"application_name": "tasktable"}
    if "connect_timeout" not in url.query:
        options["connect_timeout"] = 10
    engine = create_engine(
        url, connect_args=options, pool_size=8, pool_pre_ping=True, pool_recycle=1800, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def set_patience(connection: Any, _: object) -> None:
        connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
        connection.execute(f"SET statement_timeout = '{2 * PATIENCE}s'")
        connection.commit()

    return engine
