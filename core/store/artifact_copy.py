"""Copies of stored values on another file system, such as S3, from which a lost one is fetched again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from core import durable
from core.errors import ArtifactError
from core.store.failure import without

if TYPE_CHECKING:
    from core.artifact import Artifact
    from core.artifact_folder import ArtifactFolder

SHOWN = 200


class ArtifactCopies:
    """Copies under one address, each named by its digest as in the folder, with the picture of a value beside it.

    `url` is anything that fsspec opens: `s3://bucket/prefix`, `file:///mnt/copies`. Credentials and endpoints are those
    that its driver finds, for S3 the `AWS_...` variables. Every method raises ArtifactError.
    """

    def __init__(self, url: str, folder: ArtifactFolder) -> None:
        self._url = url
        self._folder = folder

    def upload(self, artifact: Artifact) -> None:
        """Copy a value of the folder, unless a copy of its size is there. A value that was not stored has none."""
        if not artifact.is_stored:
            return
        files = [(artifact.digest, self._folder.path(artifact))]
        if picture := self._folder.preview(artifact):
            files.append((picture.name, picture))
        for digest, path in files:
            with self._told("copied"):
                if self._size(digest) != path.stat().st_size:
                    # The stores of objects, which are the asynchronous ones, have no folders, but might make a bucket.
                    if not self._files.async_impl:
                        self._files.makedirs(self._address(digest).rpartition("/")[0], exist_ok=True)
                    self._files.put_file(str(path), self._address(digest))

    def fetch(self, artifact: Artifact) -> None:
        """Bring a value back into the folder, unless it is there; a copy that is not what it should be is refused."""
        if not self._folder.has(artifact):
            self._fetch(artifact.digest, self._folder.path(artifact), artifact.size)
        digest = artifact.summary.get("preview", "")
        if digest and not self._folder.preview(artifact) and self._size(digest) is not None:
            self._fetch(digest, self._folder.root / digest[:2] / digest, None)

    def has(self, artifact: Artifact) -> bool:
        """Return whether there is a copy, of the right size."""
        with self._told("looked for"):
            return self._size(artifact.digest) == artifact.size

    def remove(self, digest: str) -> None:
        """Remove a copy, if it is there."""
        with self._told("removed"):
            if self._size(digest) is not None:
                self._files.rm_file(self._address(digest))

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        """The file system and the path on it. Drivers are imported when they are needed."""
        from fsspec.core import url_to_fs

        with self._told("reached"):
            files, root = url_to_fs(self._url)
        return files, str(root).rstrip("/")

    @property
    def _files(self) -> Any:
        return self._opened[0]

    def _address(self, digest: str) -> str:
        return f"{self._opened[1]}/{digest[:2]}/{digest}"

    def _size(self, digest: str) -> int | None:
        """Return how many bytes a copy has; None if there is none."""
        try:
            return int(self._files.info(self._address(digest))["size"])
        except FileNotFoundError:
            return None

    def _fetch(self, digest: str, target: Path, size: int | None) -> None:
        with self._told("fetched"), durable.new_file(self._folder.root) as path:
            try:
                self._files.get_file(self._address(digest), str(path))
            except FileNotFoundError:
                raise ArtifactError("a stored value is not there any more, nor is a copy of it") from None
            if (size is not None and path.stat().st_size != size) or _digest(path) != digest:
                raise ArtifactError("the copy of a stored value is damaged: its bytes are not those that were written")
            durable.place(path, target)

    @contextmanager
    def _told(self, verb: str) -> Iterator[None]:
        """Say what could not be done, and where, without the password of the address."""
        try:
            yield
        except ArtifactError:
            raise
        except Exception as error:  # every driver has errors of its own
            password = urlsplit(self._url).password or ""
            where, own = (
                without(text, (password, unquote(password))) for text in (self._url, f"{type(error).__name__}: {error}")
            )
            raise ArtifactError(
                f"a stored value cannot be {verb} at {where} ({' '.join(own.split())[:SHOWN]}); "
                "check TASKTABLE_ARTIFACTS_URL, the credentials and the network"
            ) from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, hashlib.sha256).hexdigest()
