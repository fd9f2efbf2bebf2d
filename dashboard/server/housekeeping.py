"""Keeps the kept results within the size that the settings allow, now and then, beside the threads that draw pages."""

from __future__ import annotations

import logging
from threading import Event, Thread

from core.cache import DiskCache
from core.errors import TasktableError
from core.runner.download import DownloadFolder
from core.settings import Settings
from core.store import Store

PAUSE = 600.0
log = logging.getLogger(__name__)


class Housekeeping:
    """Removes what was not used for longest, every ten minutes; never what the store holds on to. Files that were made
    to be downloaded go after an hour."""

    def __init__(self, settings: Settings, cache: DiskCache, store: Store) -> None:
        self._most, self._cache, self._store = settings.cache_size, cache, store
        self._downloads = DownloadFolder(settings.data)
        self._downloads.tidy()
        self._is_closed = Event()
        Thread(target=self._work, name="housekeeping", daemon=True).start()

    def tidy(self) -> None:
        """Do it once, now."""
        self._downloads.tidy()
        self._cache.evict(self._most, self._store.pinned_artifacts())

    def close(self) -> None:
        """Do it no more."""
        self._is_closed.set()

    def _work(self) -> None:
        while not self._is_closed.wait(PAUSE):
            try:
                self.tidy()
            except (TasktableError, OSError) as error:
                log.warning("kept results were not tidied up: %s", error)
