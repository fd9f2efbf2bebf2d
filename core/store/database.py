"""One database: how it is opened, and how it is read and written in transactions."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Connection, Engine

from core.errors import StoreError
from core.store.failure import DamagedError, explained


class Database:
    """A database that is open.

    Any number of threads may use it. A forked child may not: it would share the parent's connections, so every use
    there raises StoreError; open the store again instead.

    Attributes:
        where: what messages call it; without a password.
        read_only: why nothing can be written; "" if everything can.
    """

    def __init__(self, engine: Engine, where: str, secrets: tuple[str, ...], read_only: str = "") -> None:
        self.where = where
        self.read_only = read_only
        self._secrets = secrets
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        # A reader of several tables sees them at one moment. SQLite's transactions do so anyway.
        self._reader = engine if self._is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = engine.execution_options(tasktable_writes=True)
        # SQLite lets one write at a time: threads wait in turn here, other processes within SQLite.
        self._turn: AbstractContextManager[object] = threading.Lock() if self._is_sqlite else nullcontext()
        self._process = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the database as it is at one moment. Raises StoreError."""
        self._refuse_child()
        with self._explained(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept when the block ends, none if it raises. Raises StoreError."""
        self._refuse_child()
        if self.read_only:
            raise StoreError(f"nothing can be changed: {self.read_only}")
        with self._turn, self._explained(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        if os.getpid() == self._process:
            self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with explained(self.where, self._secrets):
                yield
        except DamagedError as error:
            self.read_only = str(error)
            raise

    def _refuse_child(self) -> None:
        if os.getpid() != self._process:
            raise StoreError(
                "the store was opened by the process that forked this one", "open it again in this process"
            )
