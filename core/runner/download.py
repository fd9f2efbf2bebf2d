"""The folder of what is made of stored values and kept for an hour: files to download, and the order of sorted rows."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import durable
from core.artifact import Artifact
from core.errors import ArtifactError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from core.value.page import Query

FOLDER = "downloads"
OLD = 3600.0
MAX_FOLDER = 2_000_000_000
MANY = 100_000
NAME = re.compile(r"[0-9a-f]{64}\.[a-z]{1,20}\.[a-z]{1,20}")


class DownloadFolder:
    """Files under one folder of the data folder, made when they are first needed. Safe to use from several processes.

    A file is there as a whole or not at all. All of them may be removed at any time.
    """

    def __init__(self, data: Path) -> None:
        self.root = data / FOLDER

    def path(self, artifact: Artifact, suffix: str) -> Path:
        """Return where the file of one kind, such as "csv", of a stored value lies. Raises ArtifactError."""
        name = f"{artifact.digest}.{artifact.codec}.{suffix}"
        if not NAME.fullmatch(name):
            raise ArtifactError(f"there is no file of the kind {suffix[:40]!r} of this value")
        return self.root / name

    def has(self, path: Path) -> bool:
        """True if a file is there and will stay for a while."""
        try:
            return time.time() - path.lstat().st_mtime < OLD
        except OSError:
            return False

    def make(self, path: Path, write: Callable[[Path], object]) -> None:
        """Have a file written and give it its name, on the disk. What `write` raises leaves nothing behind.

        Raises ArtifactError if the folder cannot be written.
        """
        try:
            with durable.new_file(self.root, path.suffix) as new:
                write(new)
                durable.sync(new)
                durable.place(new, path)
        except OSError as error:
            raise ArtifactError(durable.tell(error, f"no file can be made in {self.root}")) from error

    def read(self, path: Path, most: int) -> bytes:
        """Return the content of a file of at most so many bytes. Raises ArtifactError if there is none."""
        try:
            # Neither a link to elsewhere nor a pipe, which would never end: who has made it may have run any code.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(handle, "rb") as file:
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode) or found.st_size > most:
                    raise ArtifactError("the file that was made to be downloaded is damaged")
                return file.read(found.st_size)
        except OSError as error:
            raise ArtifactError(durable.tell(error, "the file to download cannot be read")) from error

    def select(self, artifact: Artifact, frame: pd.DataFrame, query: Query) -> np.ndarray[Any, Any]:
        """Return the positions of the rows that a query asks for: of a long frame those that were found before."""
        from core.value.page import select

        if len(frame) < MANY:
            return select(frame, query)
        path = self.root / f"{_digest(artifact, query)}.npy"
        found = _positions(path, len(frame))
        if found is None:
            found = select(frame, query)
            with suppress(OSError):  # the next page takes as long as this one, then
                self._keep(path, found)
        return found

    def discard(self, pid: int) -> None:
        """Remove what a process that was ended has left unfinished."""
        with suppress(OSError):
            for path in self.root.glob(f"{durable.PREFIX}{pid}-*"):
                path.unlink(missing_ok=True)

    def tidy(self, most: int = MAX_FOLDER) -> None:
        """Remove what is older than an hour, and the oldest files beyond so many bytes. Never raises."""
        now, left = time.time(), most
        for path, found in sorted(self._files().items(), key=lambda item: -item[1].st_mtime):
            left -= found.st_size
            if now - found.st_mtime > OLD or left < 0:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _files(self) -> dict[Path, os.stat_result]:
        found = {}
        with suppress(OSError):
            for path in self.root.iterdir():
                with suppress(OSError):
                    found[path] = path.lstat()
        return found

    def _keep(self, path: Path, positions: np.ndarray[Any, Any]) -> None:
        import numpy as np

        with durable.new_file(self.root, path.suffix) as new:
            np.save(new, positions.astype(np.uint32 if positions.max(initial=0) < 2**32 else np.int64))
            new.rename(path)


def _digest(artifact: Artifact, query: Query) -> str:
    return hashlib.sha256(f"{artifact.digest}.{artifact.codec} {query!r}".encode()).hexdigest()


def _positions(path: Path, rows: int) -> np.ndarray[Any, Any] | None:
    """Return the positions in a file, without reading all of it; None if it has none of a frame of so many rows."""
    import numpy as np

    try:
        found: np.ndarray[Any, Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found if found.ndim == 1 and found.dtype.kind in "iu" and len(found) <= rows else None
