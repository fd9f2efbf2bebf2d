"""Opens the SQLite file of the data folder."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text

from core.errors import StoreError
from core.store.database import Database
from core.store.failure import explained, is_damage
from core.store.migration import is_up_to_date, upgrade

FILE = "tasktable.db"
PATIENCE = 30
# A file up to this size is looked through when it is opened; that takes up to about a quarter of a second.
MAX_LOOKED_THROUGH = 64_000_000


def open_sqlite(folder: Path, secrets: tuple[str, ...]) -> Database:
    """Open the database of a data folder, which is made; one that cannot be written is opened to be read.

    Raises StoreError if nothing can be read, or if a newer program has made it.
    """
    path = folder / FILE
    where = f"the database {path}"
    try:
        return _open(path, where, secrets)
    except _NotWritableError as refusal:
        try:
            return _open_read_only(path, where, secrets, str(refusal))
        except StoreError:
            raise StoreError(refusal.what, refusal.advice) from None


class _NotWritableError(StoreError):
    """It may still be possible to read."""


def _open(path: Path, where: str, secrets: tuple[str, ...]) -> Database:
    engine = _engine(f"file:{quote(str(path))}?mode=rwc")
    database = Database(engine, where, secrets)
    try:
        with _alone(path), explained(where, secrets):
            _prepare(engine, path)
    except StoreError as error:
        database.close()
        if type(error) is not StoreError or "newer Tasktable" in error.what:
            raise
        raise _NotWritableError(error.what, error.advice) from None
    return database


def _prepare(engine: Engine, path: Path) -> None:
    """Bring the file up to date, after a look at what it holds."""
    with engine.connect() as connection:
        if path.stat().st_size <= MAX_LOOKED_THROUGH:
            refuse_damage(connection)
        current = is_up_to_date(connection)
    # Outside of a transaction: SQLite changes the mode only there.
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    if not current:
        with engine.execution_options(tasktable_writes=True).begin() as connection:
            upgrade(connection)


def refuse_damage(connection: Connection) -> None:
    """Raise DatabaseError, as SQLite does for a garbled page, if the file's structure is damaged anywhere."""
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if found != "ok":
        damage = sqlite3.DatabaseError(found)
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        from sqlalchemy.exc import DatabaseError

        raise DatabaseError("PRAGMA quick_check", None, damage)


def _open_read_only(path: Path, where: str, secrets: tuple[str, ...], reason: str) -> Database:
    """Open what can be read. In a folder that may not be written, SQLite wants to hear that nobody else writes."""
    ways = ["mode=ro"]
    log = path.with_name(path.name + "-wal")
    if path.is_file() and not (log.is_file() and log.stat().st_size):
        ways.append("mode=ro&immutable=1")
    for way in ways:
        database = Database(_engine(f"file:{quote(str(path))}?{way}"), where, secrets, read_only=reason)
        try:
            with database.reading() as connection:
                if not is_up_to_date(connection):
                    raise StoreError(reason)
                connection.execute(text("SELECT count(*) FROM workflows")).scalar_one()
        except StoreError as error:
            database.close()
            last = error
        else:
            database.read_only = reason
            return database
    raise last


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of opening, so that processes that start at once make the tables once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("a")
    except OSError as error:
        raise StoreError(
            f"the data folder {path.parent} cannot be written ({error.strerror})",
            "give the user that runs Tasktable the right to write there, free some space, or set TASKTABLE_DATA",
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _engine(address: str) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    from sqlalchemy.pool import QueuePool

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """A transaction that will write says so at once: it waits its turn, and never has to be undone for another."""
        writes: Any = connection.get_execution_options().get("tasktable_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


__all__ = ["FILE", "is_damage", "open_sqlite", "refuse_damage"]
