"""Every test has an engine room of its own: runs happen inside the test's process, results are kept in a new folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner

from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from core.settings import Settings
from core.store import Store
from dashboard.server import backend as room
from dashboard.server.backend import Backend
from dashboard.server.recorder import Recorder
from dashboard.state import Session
from tests.dashboard import work
from tests.dashboard.inline_runner import InlineRunner
from tests.dashboard.moves import ROWS
from tests.dashboard.work import session_of


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once() -> Iterator[None]:
    """Every page of Streamlit's app testing searches all installed packages for components: nine tenths of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One database for all tests; nothing in it is looked for but what a test has put there."""
    return Store.open(Settings(data=tmp_path_factory.mktemp("store")))


@pytest.fixture(autouse=True)
def backend(store: Store, tmp_path: Path) -> Iterator[Backend]:
    """The engine room, without processes."""
    settings = Settings(data=tmp_path / "data")
    runner: Any = InlineRunner(settings, (work.__name__,))
    artifacts = ArtifactFolder(settings.data / "artifacts")
    recorder = Recorder(store, runner.record)
    made = Backend(settings, store, runner, recorder, artifacts, DiskCache(settings.data, artifacts))
    room.use(made)
    yield made
    room.use(None)
    made.close()


@pytest.fixture
def called() -> list[str]:
    """The names of the functions that were called in this test."""
    work.calls.clear()
    return work.calls


@pytest.fixture
def session() -> Session:
    """A session with four rows in three orders."""
    return session_of(*ROWS)
