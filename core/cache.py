"""Which results are kept for which work, and how long: entries that name stored values by the key of the work."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from core import durable, lock
from core.artifact import Artifact
from core.artifact_folder import DIGEST, ArtifactFolder
from core.errors import ArtifactError

FRESH = 60.0  # seconds within which another use is not noted
FILE = re.compile(r'\{"check": "[0-9a-f]{64}", "entry": (?P<entry>.*)\}\n')


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept for one key.

    Attributes:
        key: names the work; see `core.work_key`.
        result: names this very outcome; tasks that read it are keyed by it.
        function_path: what was called.
        outputs: the values, in the order of the task's output keys.
        run: id of the run that computed it.
        seconds: wall-clock time of the call.
        log: what the call printed.
        created: seconds since 1970.
    """

    key: str
    result: str
    function_path: str
    outputs: tuple[Artifact, ...]
    run: str
    seconds: float
    log: str
    created: float

    @property
    def digests(self) -> list[str]:
        """The digests of all the files that it needs."""
        return [digest for output in self.outputs for digest in output.digests]


@dataclass(frozen=True, slots=True)
class Usage:
    """How much is kept: a number of entries, and the bytes of all stored values."""

    entries: int
    bytes: int


class Cache(Protocol):
    """What a run needs of a cache."""

    def find(self, key: str, max_age: float | None = None) -> Entry | None:
        """Return what is kept for a key, None if nothing is, or if it is older than `max_age` seconds."""

    def keep(self, entry: Entry) -> None:
        """Keep an entry, in place of any other with its key."""

    def forget(self, key: str) -> None:
        """Remove what is kept for a key."""

    def alone(self, key: str, on_wait: Callable[[], None] = lock.nothing) -> AbstractContextManager[None]:
        """Wait until nobody else works on a key, and keep others from it; `on_wait` is called if somebody does."""


class NullCache:
    """Keeps nothing."""

    def find(self, key: str, max_age: float | None = None) -> Entry | None:  # noqa: ARG002
        """Return None."""
        return None

    def keep(self, entry: Entry) -> None:
        """Do nothing."""

    def forget(self, key: str) -> None:
        """Do nothing."""

    def alone(self, key: str, on_wait: Callable[[], None] = lock.nothing) -> AbstractContextManager[None]:  # noqa: ARG002
        """Wait for nobody."""
        return nullcontext()


class DiskCache:
    """Entries as files under the data folder, for all processes that use it; `artifacts` holds the values."""

    def __init__(self, root: Path, artifacts: ArtifactFolder) -> None:
        self._entries = root / "cache"
        self._place = str(self._entries)
        self._locks = root / "locks"
        self._artifacts = artifacts
        self._held = threading.local()

    def find(self, key: str, max_age: float | None = None) -> Entry | None:
        """Return what is kept for a key, None if nothing is, or if it is older than `max_age` seconds.

        An entry that is damaged, or whose values are gone, is nothing, and is removed. Raises ArtifactError.
        """
        place = self._name(key)
        try:
            content, known = durable.read(place)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ArtifactError(durable.tell(error, "a kept result cannot be read")) from error
        entry = _read(content, key)
        if entry is None or not all(map(self._artifacts.has, entry.outputs)):
            self.forget(key)
            return None
        now = time.time()
        if max_age is not None and abs(now - entry.created) > max_age:
            return None
        if abs(now - known.st_mtime) > FRESH:
            with suppress(OSError):
                os.utime(place)
        return entry

    def keep(self, entry: Entry) -> None:
        """Keep an entry, in place of any other with its key; not if one of its values could not be stored.

        Raises ArtifactError.
        """
        target = self._path(entry.key)
        if not all(output.is_stored for output in entry.outputs):
            return
        try:
            durable.write(target, _written(entry))
        except OSError as error:
            raise ArtifactError(durable.tell(error, f"a result cannot be kept in {self._entries}")) from error

    def forget(self, key: str) -> None:
        """Remove what is kept for a key; its values stay. Raises ArtifactError."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise ArtifactError(durable.tell(error, "a kept result cannot be removed")) from error

    @contextmanager
    def alone(self, key: str, on_wait: Callable[[], None] = lock.nothing) -> Iterator[None]:
        """Wait until no other process and no other thread works on a key, and keep them from it.

        `on_wait` is called if one does. A thread that asks for what it has already goes on. Ends with the process,
        however that ends. Raises ArtifactError.
        """
        held: set[str] = self._held.__dict__.setdefault("keys", set())
        if key in held:
            yield
            return
        path = self._locks / self._path(key).stem
        try:
            handle = lock.take(path, on_wait)
        except OSError as error:
            raise ArtifactError(durable.tell(error, f"a result cannot be locked in {self._locks}")) from error
        held.add(key)
        try:
            yield
        finally:
            held.discard(key)
            lock.release(handle, path)

    def usage(self) -> Usage:
        """Return how much is kept."""
        sizes = sum(file.st_size for file in self._artifacts.files().values())
        return Usage(sum(1 for _ in self._files()), sizes)

    def clear(self, pinned: Collection[str] = ()) -> Usage:
        """Remove all entries and all values but those with a pinned digest. Returns what is left."""
        return self.evict(-1, pinned)

    def evict(self, most_bytes: int, pinned: Collection[str] = ()) -> Usage:
        """Remove what was not used for longest until the values take no more than `most_bytes`. Returns what is left.

        Values with a pinned digest stay, and so does what is kept with none but them. Who reads a value meanwhile
        keeps it; who has only found its entry computes it again.
        """
        for folder in (*self._entries.glob("??"), self._artifacts.root):
            durable.sweep(folder)
        lock.sweep(self._locks)
        files = self._artifacts.files()
        total = sum(file.st_size for file in files.values())
        if total <= most_bytes:
            return self.usage()
        pinned = frozenset(pinned)
        groups = self._groups(files)
        users = Counter(digest for _, _, digests in groups for digest in set(digests))
        for _, path, digests in sorted(groups, key=lambda group: group[0]):
            if total <= most_bytes:
                break
            if path and most_bytes >= 0 and pinned.issuperset(digests):
                continue
            if path:
                path.unlink(missing_ok=True)
            for digest in set(digests):
                users[digest] -= 1
                if not users[digest] and digest not in pinned and digest in files:
                    self._artifacts.remove(digest)
                    total -= files[digest].st_size
        return self.usage()

    def _groups(self, files: dict[str, os.stat_result]) -> list[tuple[float, Path | None, list[str]]]:
        """Return when it was last used, the entry's file and the values, for every entry and every other value."""
        groups: list[tuple[float, Path | None, list[str]]] = []
        for path in self._files():
            with suppress(OSError):
                entry = _read(path.read_bytes(), path.stem)
                if entry is None:
                    path.unlink()
                else:
                    groups.append((path.stat().st_mtime, path, entry.digests))
        named = {digest for _, _, digests in groups for digest in digests}
        return groups + [(file.st_mtime, None, [digest]) for digest, file in files.items() if digest not in named]

    def _files(self) -> Iterator[Path]:
        return (path for path in self._entries.glob("??/*.json") if DIGEST.fullmatch(path.stem))

    def _path(self, key: str) -> Path:
        return Path(self._name(key))

    def _name(self, key: str) -> str:
        """Return where an entry lies. Raises ArtifactError."""
        if not isinstance(key, str) or not DIGEST.fullmatch(key):
            raise ArtifactError(f"{key!r:.40} is no key of a result")
        return f"{self._place}/{key[:2]}/{key}.json"


def _written(entry: Entry) -> bytes:
    content = {name: getattr(entry, name) for name in Entry.__slots__}
    text = json.dumps({**content, "outputs": [output.to_json() for output in entry.outputs]}, allow_nan=False)
    return _checked(text).encode("ascii")


def _checked(entry: str) -> str:
    """Return a file's content: the entry, and what tells whether it is damaged."""
    return f'{{"check": "{hashlib.sha256(entry.encode("ascii")).hexdigest()}", "entry": {entry}}}\n'


def _read(content: bytes, key: str) -> Entry | None:
    """Return the entry that a file holds, None if it is damaged or belongs to another key."""
    try:
        found = FILE.fullmatch(content.decode("ascii"))
        if found is None or found[0] != _checked(found["entry"]):
            return None
        fields: dict[str, Any] = json.loads(found["entry"])
        entry = Entry(**{**fields, "outputs": tuple(Artifact.from_json(output) for output in fields["outputs"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return entry if entry.key == key else None
