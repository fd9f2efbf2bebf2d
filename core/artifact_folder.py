"""The folder of stored values: a value goes in, a reference comes out, and the other way round.

A file is named by the SHA-256 of its bytes, so equal bytes are stored once and nothing that is there ever changes.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection
from contextlib import suppress
from filecmp import cmp
from pathlib import Path
from typing import Any

from core import codec, durable
from core.artifact import Artifact
from core.codec.picture import preview
from core.errors import ArtifactError, UnstorableError
from core.value.summary import summarize

ALWAYS_CHECKED = 16 * 1024**2
SMALL = 1024**2
CHANGED = "a stored value is damaged: its bytes are not those that were written"
DIGEST = re.compile("[0-9a-f]{64}")


class ArtifactFolder:
    """Stored values under one folder, which is made when it is first needed. Safe to use from several processes.

    A writer that is killed leaves no half file under a digest. A reader finds out if a file is damaged.
    """

    def __init__(self, root: Path, checked: Collection[str] = ()) -> None:
        """`checked`: digests of files that are known to be undamaged; large ones are not read again to find out."""
        self.root = root
        self._place = str(root)
        self._checked = set(checked)
        self._is_swept = False

    def put(self, value: Any) -> Artifact:
        """Store a value; it is on the disk when this returns.

        A value that no file can hold gives an artifact without a digest, whose summary says why. Raises ArtifactError
        if the disk does not take it, and says what to do.
        """
        kind, summary = summarize(value)
        try:
            name, digest, size = self._write(value)
            summary |= self._preview(value) if name == "pickle" else {}
        except UnstorableError as error:
            return Artifact("", "", 0, kind, {**summary, "reason": str(error)[:500]})
        except OSError as error:
            raise ArtifactError(durable.tell(error, f"a value cannot be stored in {self.root}")) from error
        return Artifact(digest, name, size, kind, summary)

    def get(self, artifact: Artifact, trusted: bool = False) -> Any:
        """Return a stored value: an object of its own, which may be changed without harm to the stored one.

        Pickles are opened only if the artifacts are trusted. Raises ArtifactError if the value is not there any more,
        is damaged, or is not to be opened here.
        """
        try:
            source = self._read(artifact) if artifact.size <= SMALL else self._checked_path(artifact)
            return codec.decode(artifact.codec, source, trusted)
        except FileNotFoundError as error:
            raise ArtifactError("a stored value is not there any more") from error
        except OSError as error:
            raise ArtifactError(durable.tell(error, "a stored value cannot be read")) from error

    def take(self, digest: str, content: bytes) -> None:
        """Keep bytes that were stored elsewhere. Raises ArtifactError if they have another digest, or find no room."""
        target = self._path(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise ArtifactError("a value from elsewhere is damaged: its bytes are not those of its digest")
        try:
            with durable.new_file(self.root) as path:
                path.write_bytes(content)
                self._keep(path, target)
        except OSError as error:
            raise ArtifactError(durable.tell(error, f"a value cannot be stored in {self.root}")) from error

    def path(self, artifact: Artifact) -> Path:
        """Return where the file of a stored value lies, whether it is there or not. Raises ArtifactError."""
        return self._path(artifact.digest)

    def preview(self, artifact: Artifact) -> Path | None:
        """Return where a PNG file to look at lies, None if there is none."""
        digest = artifact.summary.get("preview", "")
        return self._path(digest) if digest and self._path(digest).is_file() else None

    def has(self, artifact: Artifact) -> bool:
        """True if the file of a stored value is there, and has the right size."""
        try:
            return os.stat(self._name(artifact.digest)).st_size == artifact.size
        except (ArtifactError, OSError):
            return False

    def remove(self, digest: str) -> None:
        """Remove the file with a digest, if it is there. Raises ArtifactError."""
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise ArtifactError(durable.tell(error, "a stored value cannot be removed")) from error

    def files(self) -> dict[str, os.stat_result]:
        """Return digest -> what the file system knows of the file, for everything that is stored."""
        found: dict[str, os.stat_result] = {}
        for entry in _entries(self.root):
            for file in _entries(entry.path) if entry.is_dir(follow_symlinks=False) else ():
                if DIGEST.fullmatch(file.name):
                    with suppress(OSError):
                        found[file.name] = file.stat(follow_symlinks=False)
        return found

    def _path(self, digest: str) -> Path:
        return Path(self._name(digest))

    def _name(self, digest: str) -> str:
        if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
            raise ArtifactError("this value was not stored" if digest == "" else f"{digest!r:.40} is no digest")
        return f"{self._place}/{digest[:2]}/{digest}"

    def _write(self, value: Any) -> tuple[str, str, int]:
        """Return the codec, the digest and the size."""
        if not self._is_swept:
            durable.sweep(self.root)
            self._is_swept = True
        with durable.new_file(self.root) as path:
            name = codec.encode(value, path)
            digest, size = _digest(path)
            self._keep(path, self._path(digest))
        return name, digest, size

    def _keep(self, path: Path, target: Path) -> None:
        """Give a file its name; if the same is there already, it only becomes young again."""
        with suppress(FileNotFoundError):
            if cmp(path, target, shallow=False):
                os.utime(target)
                durable.sync(target.parent)
                path.unlink()
                return
        durable.place(path, target)

    def _preview(self, value: Any) -> dict[str, str]:
        content = preview(value)
        return {"preview": self._write(content)[1]} if content else {}

    def _read(self, artifact: Artifact) -> bytes:
        """Return the bytes of a small file. Raises ArtifactError, OSError."""
        content, known = durable.read(self._name(artifact.digest))
        _compare(known.st_size, artifact)
        if hashlib.sha256(content).hexdigest() != artifact.digest:
            raise ArtifactError(CHANGED)
        return content

    def _checked_path(self, artifact: Artifact) -> Path:
        """Return where a file is that holds what was written. Raises ArtifactError, OSError."""
        path = self.path(artifact)
        _compare(path.stat().st_size, artifact)
        if artifact.size <= ALWAYS_CHECKED or artifact.digest not in self._checked:
            if _digest(path)[0] != artifact.digest:
                raise ArtifactError(CHANGED)
            self._checked.add(artifact.digest)
        return path


def _compare(size: int, artifact: Artifact) -> None:
    if size != artifact.size:
        raise ArtifactError(f"a stored value is damaged: it has {size:,} bytes instead of {artifact.size:,}")


def _digest(path: Path) -> tuple[str, int]:
    """Return the digest and the size of a file. Raises OSError."""
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, hashlib.sha256).hexdigest(), file.tell()


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
