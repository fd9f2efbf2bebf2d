"""What stands behind the pages of one server: the runner, the folders and the store, one of each for all sessions."""

from __future__ import annotations

import atexit
from dataclasses import dataclass, field
from threading import Lock
from typing import Self

from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from core.catalog import Catalog
from core.errors import TasktableError
from core.process import hide
from core.runner import Runner
from core.settings import Settings
from core.store import Store
from dashboard.server.copying import Copying
from dashboard.server.elsewhere import Elsewhere
from dashboard.server.housekeeping import Housekeeping
from dashboard.server.recorder import Recorder
from dashboard.server.sweeper import Sweeper
from dashboard.sweeping import SweepFolder


@dataclass
class Backend:
    """One server's engine room.

    Attributes:
        settings: what the server's owner decides.
        store: where workflows, versions, drafts and runs are recorded.
        runner: runs tables in processes of their own.
        recorder: writes into the store what the runner tells.
        artifacts: the values that tasks have written.
        cache: which of them would be reused.
        housekeeping: keeps them within the size that is allowed.
        copying: copies them to another file system, and back.
        elsewhere: records the runs of other programs on the same data folder.
        sweeps, sweeper: the sweeps that were made, and what runs them.
        trouble: why the functions are not what their files say, if that is so.
        patience: seconds that a page waits for a run before it is drawn while the run goes on.
    """

    settings: Settings
    store: Store
    runner: Runner
    recorder: Recorder
    artifacts: ArtifactFolder
    cache: DiskCache
    housekeeping: Housekeeping | None = None
    copying: Copying | None = None
    patience: float = 0.3
    trouble: str = ""
    _catalog: Catalog | None = None
    elsewhere: Elsewhere = field(init=False)
    sweeps: SweepFolder = field(init=False)
    sweeper: Sweeper = field(init=False)

    def __post_init__(self) -> None:
        self.elsewhere = Elsewhere(self.settings, self.store, self.runner, self.recorder)
        self.sweeps = SweepFolder(self.settings.data)
        self.sweeper = Sweeper(self.settings, self.store, self.runner)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the store, and put in order what a server that died has left. Raises StoreError."""
        store = Store.open(settings)
        runner = Runner(settings, on_event=lambda run_id, _event: recorder.notice(run_id))
        artifacts = ArtifactFolder(settings.data / "artifacts")
        copying = Copying(settings.artifacts_url, artifacts)
        recorder = Recorder(store, runner.record, copying.copy)
        for run_id in {*runner.recover(), *store.unfinished_runs()}:
            recorder.notice(run_id)
        cache = DiskCache(settings.data, artifacts)
        return cls(settings, store, runner, recorder, artifacts, cache, Housekeeping(settings, cache, store), copying)

    def catalog(self) -> Catalog:
        """Return the functions that tables may name. Raises CatalogError if they cannot be imported."""
        if self._catalog is None:
            self._catalog = self.runner.catalog()
        return self._catalog

    def look_again(self) -> None:
        """Take the functions as their files are now; while these cannot be imported they stay as they were.

        `trouble` says so then. Raises CatalogError if they have never been imported.
        """
        try:
            self.runner.refresh()
            self._catalog, self.trouble = self.runner.catalog(), ""
        except TasktableError as error:
            if self._catalog is None:
                raise
            self.trouble = str(error)

    def close(self) -> None:
        """End the processes and write what is left to write."""
        self.sweeper.close()
        if self.housekeeping:
            self.housekeeping.close()
        self.runner.close()
        self.recorder.close()
        if self.copying:
            self.copying.close()


_lock = Lock()
_backend: list[Backend] = []


def backend() -> Backend:
    """Return the server's one backend, opened when it is asked for first. Raises StoreError.

    From then on, no task can read this process's memory and environment, where the database's password may be.
    """
    with _lock:
        if not _backend:
            hide()
            _backend.append(Backend.open(Settings.from_environment()))
            atexit.register(_backend[0].close)
        return _backend[0]


def use(another: Backend | None) -> None:
    """Put another backend in its place, or none, so that the next call opens one."""
    with _lock:
        _backend[:] = [another] if another else []
