"""Opens the SQLite file of the data folder."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.pool import QueuePool

from core.errors import StoreError
from core.store.database import Database
from core.store.failure import DamagedError, UnwritableError, explain, explained
from core.store.migration import is_up_to_date, upgrade
from core.store.schema import WORKFLOWS

FILE = "tasktable.db"
PATIENCE = 30
# A file up to this size is looked through when it is opened; that takes up to about a quarter of a second.
MAX_LOOKED_THROUGH = 64_000_000
# No file of SQLite is smaller.
LEAST = 512


def open_sqlite(folder: Path, secrets: tuple[str, ...]) -> Database:
    """Open the database of a data folder, which is made; one that cannot be written is opened to be read.

    Raises StoreError if nothing can be read, or if a newer program has made it.
    """
    path = folder / FILE
    where = f"the database {path}"
    try:
        return Database(_open(path, where, secrets), where, secrets)
    except DamagedError as refusal:
        found = _open_read_only(path, where, secrets, f"{refusal}, then start Tasktable again")
        if found is None:
            raise
        return found
    except UnwritableError as refusal:
        found = _open_read_only(path, where, secrets, str(refusal))
        if found is None:
            raise
        found.mend = lambda: _open(path, where, secrets)
        return found


def _open(path: Path, where: str, secrets: tuple[str, ...]) -> Engine:
    engine = _engine(f"file:{quote(str(path))}?mode=rwc")
    try:
        with _alone(path) as lock, explained(where, secrets):
            _refuse_emptied(path, where, was_used=lock.tell() > 0)
            _prepare(engine, path, where)
            if not lock.tell():
                with suppress(OSError):
                    lock.write("The database beside this file is in use. Nothing is in here.\n")
    except BaseException:
        engine.dispose()
        raise
    return engine


def _refuse_emptied(path: Path, where: str, was_used: bool) -> None:
    """Raise DamagedError for a file that has lost everything: SQLite would take it for a new one."""
    size = path.stat().st_size if path.is_file() else None
    if size is not None and size < LEAST and (size or was_used):
        raise explain(_sqlite_error(f"it has {size} bytes", sqlite3.SQLITE_NOTADB), where, ())


def _prepare(engine: Engine, path: Path, where: str) -> None:
    """Bring the file up to date, after a look at what it holds."""
    with engine.connect() as connection:
        if path.stat().st_size <= MAX_LOOKED_THROUGH:
            _refuse_damage(connection, where)
        current = is_up_to_date(connection)
    # Outside of a transaction: SQLite changes the mode only there.
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    if not current:
        with engine.execution_options(tasktable_writes=True).begin() as connection:
            upgrade(connection)


def _refuse_damage(connection: Connection, where: str) -> None:
    """Raise DamagedError if a page of the file is not what it should be."""
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if found != "ok":
        raise explain(_sqlite_error(found, sqlite3.SQLITE_CORRUPT), where, ())


def _sqlite_error(text: str, code: int) -> sqlite3.Error:
    """Return what SQLite would raise if it had noticed."""
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = code
    return error


def _open_read_only(path: Path, where: str, secrets: tuple[str, ...], reason: str) -> Database | None:
    """Open what can be read; None if nothing can.

    In a folder that may not be written, SQLite has to be told that nobody else writes; what was not moved from the
    log into the file would then be missing, so that is done only if there is no log. A file that has lost its end is
    read only by those who say that they would change the schema; here nobody can.
    """
    log = path.with_name(path.name + "-wal")
    try:
        has_log = log.is_file() and log.stat().st_size
    except OSError:  # not even the folder may be looked into
        return None
    ways = [("mode=ro", "OFF"), *([] if has_log else [("mode=ro&immutable=1", "OFF")]), ("mode=ro", "ON")]
    for mode, schema in ways:
        engine = _engine(f"file:{quote(str(path))}?{mode}", f"PRAGMA writable_schema = {schema}")
        database = Database(engine, where, secrets)
        try:
            with database.reading() as connection:
                is_readable = is_up_to_date(connection)
                connection.execute(select(func.max(WORKFLOWS.c.saved))).scalar_one()
        except StoreError:
            is_readable = False
        if is_readable:
            database.read_only = reason
            return database
        database.close()
    return None


@contextmanager
def _alone(path: Path) -> Iterator[TextIO]:
    """Hold the lock of opening, so that processes that start at once make the tables once; give its file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("a")
    except OSError as error:
        raise UnwritableError(
            f"the data folder {path.parent} cannot be written ({error.strerror})",
            "give the user that runs Tasktable the right to write there, free some space, or set TASKTABLE_DATA",
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0, os.SEEK_END)
        yield lock


def _engine(address: str, *settings: str) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        for setting in (*settings, "PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL"):
            connection.execute(setting)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """A transaction that will write says so at once: it waits its turn, and never has to be undone for another."""
        writes: Any = connection.get_execution_options().get("tasktable_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
