"""A database that is garbled, full or may not be written: what to do is said, and what can be read is."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

import pytest

from core.settings import Settings
from core.store import Store, StoreError
from core.store.failure import DamagedError, UnwritableError
from tests.core.store.content import begun, content, saved, task, told

PAGE = 4096
FILLER = """
import sys
from pathlib import Path
from core.settings import Settings
from core.store import Store, StoreError
store = Store.open(Settings(data=Path(sys.argv[1])))
{limit}
base = store.add_workflow("x", "1").number
workflow_id = store.workflows()[0].id
print(workflow_id, flush=True)
try:
    for number in range(2, 100_000):
        store.save(workflow_id, str(number) * 2_000, number - 1)
        print(number, flush=True)
except StoreError as error:
    print(f"refused: {{error}}")
    print(len(store.versions(workflow_id, limit=1000)))
"""


def file_of(settings: Settings) -> Path:
    """The database's file."""
    return settings.data / "tasktable.db"


@pytest.fixture
def filled(sqlite: Settings) -> Settings:
    """Settings of a store with contents enough for many pages, which is closed."""
    with Store.open(sqlite) as store:
        version = store.add_workflow("Crossover", content(first="x" * 20_000))
        for number in range(1, 30):
            version = store.save(version.workflow_id, content(text=f"{number}" * 5_000), number)
        begun(store, "r1", version)
        store.record_run(told("r1", task("t1", 1.0)))
    return sqlite


def garble(path: Path, start: int, length: int) -> None:
    """Write over a part of a file."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * length)


def schema_page(path: Path, table: str) -> int:
    """Where the first page of a table or an index begins."""
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    return (int(found[0]) - 1) * PAGE


def test_a_garbled_table_is_said_and_the_others_are_read_but_not_written(filled: Settings) -> None:
    garble(file_of(filled), schema_page(file_of(filled), "tasks"), PAGE)
    with Store.open(filled) as store:
        assert store.is_read_only
        workflow_id = store.workflows()[0].id
        assert len(store.versions(workflow_id)) == 30
        assert store.version(workflow_id, 30).number == 30
        with pytest.raises(StoreError, match=r"nothing can be changed: .*tasktable.db is garbled .*put a backup"):
            store.save(workflow_id, "new", 30)
        with pytest.raises(DamagedError, match=r"is garbled"):
            store.run("r1")
        with pytest.raises(StoreError, match="nothing can be changed"):
            store.put_draft("tab", "typed")


def test_garbled_contents_are_noticed_version_by_version(filled: Settings) -> None:
    path = file_of(filled)
    place = path.read_bytes().index(b"2323232323")
    garble(path, place, 100)
    with Store.open(filled) as store:
        workflow_id = store.workflows()[0].id
        readable = []
        for number in range(1, 31):
            try:
                store.version(workflow_id, number)
            except StoreError as error:
                assert "garbled" in str(error)  # noqa: PT017  # the others must not raise
            else:
                readable.append(number)
        assert readable == [number for number in range(1, 31) if number != 24]
        assert store.check() == [f"version 24 of the workflow {workflow_id} is garbled"]


@pytest.mark.parametrize("keep", [0, 1, 511, 512, PAGE - 1, PAGE])
def test_a_file_without_its_beginning_or_nearly_all_of_it_is_refused(filled: Settings, keep: int) -> None:
    os.truncate(file_of(filled), keep)
    with pytest.raises(StoreError, match=r"garbled.*(backup|move)"):
        Store.open(filled)


@pytest.mark.parametrize(
    "write", [lambda path: path.write_bytes(b"no database" * 999), lambda path: garble(path, 0, 99)]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    filled: Settings, write: Callable[[Path], object]
) -> None:
    write(file_of(filled))
    before = file_of(filled).read_bytes()
    with pytest.raises(DamagedError, match=r"is no database, or its beginning is garbled .* move the file away"):
        Store.open(filled)
    assert file_of(filled).read_bytes() == before


def test_a_truncated_file_is_said_and_read_as_far_as_it_goes(filled: Settings) -> None:
    os.truncate(file_of(filled), file_of(filled).stat().st_size // 2 // PAGE * PAGE)
    with Store.open(filled) as store:
        assert store.is_read_only
        assert store.workflows()[0].latest == 30
        assert any("garbled" in problem for problem in store.check())


def test_every_garbled_page_is_survived(filled: Settings, tmp_path: Path) -> None:
    """Whatever page is garbled: it opens, or it says why not; reading gives what was stored, or says why not."""
    with Store.open(filled) as store:
        version = store.version(store.workflows()[0].id, 30)
    outcomes = set()
    for page in range(file_of(filled).stat().st_size // PAGE):
        copy = Settings(data=tmp_path / f"copy{page}")
        shutil.copytree(filled.data, copy.data)
        garble(file_of(copy), page * PAGE, PAGE)
        try:
            with Store.open(copy) as store:
                outcomes.add(store.is_read_only)
                assert store.version(version.workflow_id, 30) == version
        except StoreError as error:
            outcomes.add(type(error))
        shutil.rmtree(copy.data)
    assert {True, DamagedError} <= outcomes
    assert outcomes <= {True, False, DamagedError, StoreError}


def test_damage_that_is_met_later_ends_the_writing(filled: Settings) -> None:
    with Store.open(filled) as store:
        workflow_id = store.workflows()[0].id
        store._database._engine.dispose()
        garble(file_of(filled), schema_page(file_of(filled), "tasks"), PAGE)
        with pytest.raises(DamagedError):
            store.run("r1")
        assert store.is_read_only
        with pytest.raises(StoreError, match=r"nothing can be changed: .*garbled"):
            store.save(workflow_id, "new", 30)


def test_a_full_database_refuses_and_goes_on_when_there_is_space(sqlite: Settings) -> None:
    with Store.open(sqlite) as store:
        version = saved(store, 1)[0]
        with store._database._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no page more than there are
        with pytest.raises(UnwritableError, match=r"the disk is full: .* cannot grow .*free some space"):
            store.save(version.workflow_id, "x" * 1_000_000, 1)
        assert not store.is_read_only
        assert store.version(version.workflow_id, 1) == version
        with store._database._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert store.save(version.workflow_id, "x" * 1_000_000, 1).number == 2


def fill(folder: Path, limit: str, *before: str) -> subprocess.CompletedProcess[str]:
    """Save in another process until it is refused."""
    command = [*before, sys.executable, "-c", FILLER.format(limit=limit), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def expect_all_there(done: subprocess.CompletedProcess[str], settings: Settings) -> None:
    """The other process was refused in words, and every version that it told of is there."""
    assert done.returncode == 0, done.stderr
    workflow_id, *lines = done.stdout.splitlines()
    numbers = [int(line) for line in lines[:-2]]
    assert lines[-2].startswith("refused: ")
    assert "disk is full" in lines[-2]
    assert len(numbers) > 5
    assert int(lines[-1]) == len(numbers) + 1
    with Store.open(settings) as store:
        for number in numbers:
            assert store.version(workflow_id, number).content == str(number) * 2_000
        assert store.check() == []
        assert not store.is_read_only
        store.save(workflow_id, "now there is space", numbers[-1])


def test_a_limit_of_file_sizes_loses_nothing_acknowledged(sqlite: Settings) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))"
    expect_all_there(fill(sqlite.data, limit), sqlite)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


@pytest.mark.parametrize("size", ["600k", "1m"])
def test_a_full_disk_loses_nothing_acknowledged(sqlite: Settings, size: str) -> None:
    sqlite.data.mkdir()
    # A file system of its own, that goes with the process; its content is copied before that.
    script = 'mount -t tmpfs -o size=$0 none "$1" || exit 77; "$2" -c "$3" "$1"; cp -a "$1" "$1.copy"'
    program = FILLER.format(limit="")
    shell = ["unshare", "-m", "sh", "-c", script, size, str(sqlite.data), sys.executable, program]
    if not shutil.which("unshare") or os.geteuid():
        pytest.skip("only root may mount a small disk")
    done = subprocess.run(shell, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode == 77:
        pytest.skip("mounting a small disk is not allowed here")
    expect_all_there(done, Settings(data=Path(f"{sqlite.data}.copy")))


def as_nobody(folder: Path, program: str) -> str:
    """Run a program as somebody who may not write in the folder; return what it prints."""
    setup = (
        "import os, sys; from pathlib import Path; from core.settings import Settings; from core.store import Store\n"
    )
    setup += "from core.store.store import *; import core.store.sqlite, core.store.check, sqlalchemy.dialects.sqlite\n"
    setup += "import alembic.command\n"
    drop = "os.setgid(65534); os.setuid(65534)\n" if os.geteuid() == 0 else ""
    command = [sys.executable, "-c", setup + drop + program, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def open_to_all(filled: Settings, tmp_path: Path) -> Settings:
    """The filled store in a folder that everybody can read and nobody write."""
    for folder in (*tmp_path.parents[:3], tmp_path, filled.data):
        if folder == Path(gettempdir()):
            continue
        folder.chmod(0o755)
    file_of(filled).chmod(0o444)
    (filled.data / "tasktable.lock").chmod(0o444)
    filled.data.chmod(0o555)
    return filled


def test_a_database_that_may_not_be_written_is_read(open_to_all: Settings) -> None:
    program = (
        "store = Store.open(Settings(data=Path(sys.argv[1])))\nprint(store.is_read_only, store.workflows()[0].latest)\n"
    )
    program += "try: store.put_draft('x', 'y')\nexcept Exception as error: print(error)"
    first, second = as_nobody(open_to_all.data, program).splitlines()
    open_to_all.data.chmod(0o755)
    assert first == "True 30"
    assert "nothing can be changed: the data folder" in second
    assert "the right to write there" in second


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnwritableError, match=r"the data folder .*file/data cannot be written .*TASKTABLE_DATA"):
        Store.open(Settings(data=tmp_path / "file" / "data"))


def test_a_folder_in_the_place_of_the_file_is_said(sqlite: Settings) -> None:
    file_of(sqlite).mkdir(parents=True)
    with pytest.raises(UnwritableError, match=r"cannot be opened .*its folder exists"):
        Store.open(sqlite)
