"""What goes wrong with a database, in words that say what to do, and never with a password.

StoreError               the root, in `core.errors`
|-- SaveConflict         somebody else has saved meanwhile; .latest, .base
|-- UnknownRecordError   no workflow, version or run has this name (also a KeyError)
|-- DamagedError         the database is garbled
`-- UnwritableError      it cannot be written: no space, no right, a broken disk
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import StoreError
from core.store.record import VersionRecord


class SaveConflict(StoreError):  # noqa: N818  # two people, no error
    """A version was based on one that is not the latest any more.

    `latest` is the newest version; `base` the one that was named, None if there is no such version.
    """

    def __init__(self, latest: VersionRecord, base: VersionRecord | None) -> None:
        self.latest = latest
        self.base = base
        who = f" by {latest.author}" if latest.author else ""
        super().__init__(
            f"version {latest.number} was saved{who} meanwhile, so this is not saved yet",
            "compare the two, then save on top of it, merge, or keep a copy",
        )


class UnknownRecordError(StoreError, KeyError):
    """No workflow, version or run has this name; it may have been deleted."""

    def __str__(self) -> str:
        return str(self.args[0])


class DamagedError(StoreError):
    """The database is garbled; part of it may still be read."""


class UnwritableError(StoreError):
    """The database cannot be written; it may still be read."""


Meaning = tuple[type[StoreError], str, str]
UNEXPECTED: Meaning = (
    StoreError,
    "{where} did not do what it was asked",
    "nothing of it is stored; what was stored before is",
)
SQLITE: dict[int, Meaning] = {
    sqlite3.SQLITE_FULL: (UnwritableError, "the disk is full: {where} cannot grow", "free some space and try again"),
    sqlite3.SQLITE_CORRUPT: (
        DamagedError,
        "{where} is garbled",
        "stop Tasktable, keep a copy of the file, then put a backup in its place or repair it: sqlite3 FILE .recover",
    ),
    sqlite3.SQLITE_NOTADB: (
        DamagedError,
        "{where} is no database, or its beginning is garbled",
        "put a backup in its place, or move the file away to begin anew",
    ),
    sqlite3.SQLITE_BUSY: (StoreError, "{where} was busy for too long with the work of others", "try again"),
    sqlite3.SQLITE_READONLY: (
        UnwritableError,
        "{where} may not be written",
        "give the user that runs Tasktable the right to write it",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        UnwritableError,
        "{where} cannot be opened",
        "look whether its folder exists and may be written, and whether the disk is full",
    ),
    sqlite3.SQLITE_PERM: (
        UnwritableError,
        "{where} may not be opened",
        "give the user that runs Tasktable the right to read it",
    ),
    sqlite3.SQLITE_IOERR: (
        UnwritableError,
        "{where} cannot be read or written",
        "look whether the disk is full or broken, or a limit for the size of files is reached",
    ),
}
# By the beginning of the SQLSTATE; of several that fit, the first.
POSTGRESQL: dict[str, Meaning] = {
    "53100": (UnwritableError, "the disk of {where} is full", "free some space there and try again"),
    "53": (StoreError, "{where} has too little of something", "look at its memory and connections, and try again"),
    "25006": (UnwritableError, "{where} takes no writing", "point TASKTABLE_DATABASE_URL to the primary server"),
    "28": (StoreError, "{where} refuses the user or the password", "check TASKTABLE_DATABASE_URL"),
    "3D": (StoreError, "{where} does not exist", "create the database, or check TASKTABLE_DATABASE_URL"),
    "42501": (
        UnwritableError,
        "{where} does not allow that",
        "grant the user of TASKTABLE_DATABASE_URL the right to make and write tables",
    ),
    "3F": (
        UnwritableError,
        "{where} has no schema in which tables may be made",
        "grant the user of TASKTABLE_DATABASE_URL the right to use one and to make tables in it",
    ),
    "XX": (DamagedError, "{where} is garbled", "look at the server's log and restore a backup"),
    "58": (UnwritableError, "{where} cannot read or write its files", "look at the server's log"),
    "55P03": (StoreError, "{where} was busy for too long with the work of others", "try again"),
    "57014": (StoreError, "{where} was busy for too long", "try again"),
    "40": (StoreError, "{where} was busy with the work of others", "try again"),
    "57P": (StoreError, "{where} is shutting down or starting", "try again when it is up"),
}
UNREACHABLE: Meaning = (
    StoreError,
    "{where} cannot be reached",
    "look whether it runs, and check TASKTABLE_DATABASE_URL; what was being written then may not be stored",
)


@contextmanager
def explained(where: str, secrets: tuple[str, ...]) -> Iterator[None]:
    """Turn what a database raises into a StoreError that speaks of `where`, and hides the secrets."""
    try:
        yield
    except PoolTimeoutError:
        raise StoreError(f"{where} has too much to do at once", "try again") from None
    except DBAPIError as error:
        raise explain(error.orig, where, secrets) from None
    except sqlite3.Error as error:
        raise explain(error, where, secrets) from None


def explain(cause: BaseException | None, where: str, secrets: tuple[str, ...]) -> StoreError:
    """Return what an error of a driver means, with the driver's own words in brackets."""
    kind, what, advice = _meaning(cause)
    own = without(" ".join(str(cause).split())[:300], secrets)
    return kind(f"{without(what.format(where=where), secrets)} ({own})", advice)


def without(text: str, secrets: tuple[str, ...]) -> str:
    """Return the text without any of the secrets, however they are spelled in an address."""
    spellings = {spelled for secret in secrets for spelled in (secret, quote(secret, safe=""), quote_plus(secret))}
    for spelled in sorted(filter(None, spellings), key=len, reverse=True):
        text = text.replace(spelled, "***")
    return text


def _meaning(cause: BaseException | None) -> Meaning:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        # The lower eight bits are the kind, the others say more of it.
        return SQLITE.get(code & 0xFF, UNEXPECTED)
    if isinstance(cause, sqlite3.Error):
        return UNEXPECTED
    if state := getattr(cause, "sqlstate", None):
        return next((found for beginning, found in POSTGRESQL.items() if state.startswith(beginning)), UNEXPECTED)
    names = {kind.__name__ for kind in type(cause).__mro__}
    return UNREACHABLE if names & {"OperationalError", "InterfaceError"} else UNEXPECTED
