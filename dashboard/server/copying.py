"""Copies the values of runs that have ended to where the settings want copies, beside the threads that draw pages."""

from __future__ import annotations

import logging
from queue import SimpleQueue
from threading import Thread

from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.errors import TasktableError
from core.record import RunRecord
from core.store.artifact_copy import ArtifactCopies

log = logging.getLogger(__name__)


class Copying:
    """Copies, and fetches what is missing here; without an address it does neither."""

    def __init__(self, url: str, folder: ArtifactFolder) -> None:
        self._copies = ArtifactCopies(url, folder) if url else None
        self._folder = folder
        self._waiting: SimpleQueue[RunRecord | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="copying", daemon=True)
        if self._copies:
            self._thread.start()

    def copy(self, record: RunRecord) -> None:
        """Copy what a run has written, soon."""
        if self._copies:
            self._waiting.put(record)

    def fetch(self, artifact: Artifact) -> None:
        """Bring a value back that is missing here, if there is a copy. Raises ArtifactError if it cannot be read."""
        if self._copies and not self._folder.has(artifact):
            self._copies.fetch(artifact)

    def close(self) -> None:
        """Copy what waits, and end."""
        if self._copies:
            self._waiting.put(None)
            self._thread.join(timeout=30)

    def _work(self) -> None:
        while (record := self._waiting.get()) is not None:
            for task in record.tasks.values():
                for artifact in task.outputs.values():
                    self._upload(artifact)

    def _upload(self, artifact: Artifact) -> None:
        try:
            if self._copies and self._folder.has(artifact):
                self._copies.upload(artifact)
        except (TasktableError, OSError) as error:
            log.warning("a value was not copied: %s", error)
