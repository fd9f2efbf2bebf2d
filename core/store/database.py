"""One database: how it is opened, and how it is read and written in transactions."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from sqlalchemy import Connection, Engine, RootTransaction, event

from core.errors import StoreError
from core.store.failure import DamagedError, UnwritableError, explained

PAUSE = 1.0


class Database:
    """A database that is open.

    Any number of threads may use it. A forked child may not: it would share the parent's connections, so every use
    there raises StoreError; open the store again instead.

    Attributes:
        where: what messages call it; without a password.
        read_only: why nothing can be written; "" if everything can.
        mend: returns what it is to be used through from now on, if it can be written again; raises StoreError while
            it cannot. None if that cannot come to pass by itself.
        pause: for how many seconds it is not tried again.
    """

    def __init__(self, engine: Engine, where: str, secrets: tuple[str, ...], read_only: str = "") -> None:
        self.where = where
        self.read_only = read_only
        self.mend: Callable[[], Engine] | None = None
        self.pause = PAUSE
        self._secrets = secrets
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._use(engine)
        self._looked, self._looking = 0.0, threading.Lock()
        # SQLite lets one write at a time: threads wait in turn here, other processes within SQLite.
        self._turn: AbstractContextManager[object] = threading.Lock() if self._is_sqlite else nullcontext()
        self._process = os.getpid()
        self._is_closed = False

    def _use(self, engine: Engine) -> None:
        self._engine = engine
        # A reader of several tables sees them at one moment. SQLite's transactions do so anyway.
        self._reader = engine if self._is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = engine.execution_options(tasktable_writes=True)

    def look_again(self) -> None:
        """Find out, at most once in a while, whether what could not be written can be now."""
        with self._looking:
            if not (self.read_only and self.mend) or time.monotonic() - self._looked < self.pause:
                return
            self._looked = time.monotonic()
            with suppress(StoreError):
                former, mended = self._engine, self.mend()
                self._use(mended)
                self.read_only = ""
                if former is not mended:
                    _dispose(former)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the database as it is at one moment. Raises StoreError."""
        self._refuse()
        with self._explained(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept when the block ends, none if it raises. Raises StoreError."""
        self._refuse()
        self.look_again()
        if self.read_only:
            raise StoreError(f"nothing can be changed: {self.read_only}")
        with self._turn, self._explained(), self._begun() as transaction, transaction:
            yield transaction.connection

    @contextmanager
    def _begun(self) -> Iterator[RootTransaction]:
        """Give a transaction that writes. A connection from when nothing could be written is given up for a new one."""
        with self._writer.connect() as connection:
            transaction = self._begin(connection)
            if transaction:
                yield transaction
                return
            connection.invalidate()
        with self._writer.connect() as connection:
            yield connection.begin()

    def _begin(self, connection: Connection) -> RootTransaction | None:
        try:
            with explained(self.where, self._secrets):
                return connection.begin()
        except UnwritableError:
            return None

    def close(self) -> None:
        """Close every connection, one that is in use when its use ends. Nothing can be read or written any more."""
        if os.getpid() == self._process:
            self._is_closed = True
            _dispose(self._engine)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with explained(self.where, self._secrets):
                yield
        except DamagedError as error:
            self.read_only = str(error)
            raise

    def _refuse(self) -> None:
        if self._is_closed:
            raise StoreError("the store is closed", "open it again")
        if os.getpid() != self._process:
            raise StoreError(
                "the store was opened by the process that forked this one", "open it again in this process"
            )


def _dispose(engine: Engine) -> None:
    """Close the connections that wait for use, and have those that are in use closed when they are given back."""
    event.listen(engine.pool, "checkin", lambda _connection, record: record.close())
    engine.dispose()
