"""Files that are made of stored values to be downloaded, and pages of long frames, by real processes."""

from __future__ import annotations

import io
import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest

from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.durable import PREFIX
from core.errors import ArtifactError, RunnerError, TasktableError, TooLargeError
from core.runner import Runner
from core.runner.download import MANY, DownloadFolder
from core.runner.seen import Seen
from core.value import question
from core.value.answer import MAX_CONTENT, MAX_FILE, Answer
from core.value.page import Condition, Query
from tests.core import managed
from tests.core.managed import running, settings, until

ROWS = 1_000_000
LARGEST_FIRST = Query((Condition(1, lowest=0.5),), 0, True)


class Wait:
    """A value whose opening takes for ever in another process."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _wait, (os.getpid(),)


def _wait(maker: int) -> Wait:
    if os.getpid() != maker:
        time.sleep(120)
    return Wait()


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    numbers = np.random.default_rng(0).random(ROWS).round(6)
    return pd.DataFrame({"number": np.arange(ROWS)[::-1], "share": numbers})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads") / "data"


@pytest.fixture(scope="module")
def runner(data: Path) -> Iterator[Runner]:
    with running(settings(data.parent)) as made:
        yield made


@pytest.fixture(scope="module")
def long(data: Path, frame: pd.DataFrame) -> Artifact:
    return ArtifactFolder(data / "artifacts").put(frame)


@pytest.fixture
def folder(data: Path) -> DownloadFolder:
    return DownloadFolder(data)


def stored(data: Path, value: Any) -> Artifact:
    return ArtifactFolder(data / "artifacts").put(value)


def page(runner: Runner, artifact: Artifact, query: Query, first: int) -> Answer:
    return Answer.from_bytes(runner.ask(artifact, dict(question.rows(query, first, 100))))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_frame_of_a_million_rows_is_a_file(
    runner: Runner, long: Artifact, frame: pd.DataFrame, folder: DownloadFolder, suffix: str
) -> None:
    path = runner.export(long, suffix)
    content = io.BytesIO(folder.read(path, MAX_FILE))
    found = pd.read_csv(content, index_col=0) if suffix == "csv" else pd.read_parquet(content)
    assert found.equals(frame)
    assert path.stat().st_size > MAX_CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_head_of_a_long_frame_offers_its_files(runner: Runner, long: Artifact) -> None:
    head = Answer.from_bytes(runner.ask(long, dict(question.head())))
    assert head.data["files"] == {"csv": "", "parquet": ""}


def test_a_file_is_made_once(runner: Runner, data: Path) -> None:
    artifact = stored(data, np.arange(10))
    path = runner.export(artifact, "npy")
    before = path.stat()
    ArtifactFolder(data / "artifacts").remove(artifact.digest)
    assert runner.export(artifact, "npy") == path
    assert path.stat() == before


def test_a_file_asked_for_by_several_at_once_is_made_once(runner: Runner, data: Path, folder: DownloadFolder) -> None:
    artifact = stored(data, pd.DataFrame({"n": range(50_000)}))
    found: list[tuple[Path, int]] = []

    def ask() -> None:
        path = runner.export(artifact, "csv")
        found.append((path, path.stat().st_ino))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(managed.DEADLINE)
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_file_that_has_grown_old_is_made_anew(runner: Runner, data: Path, folder: DownloadFolder) -> None:
    artifact = stored(data, np.arange(20))
    path = runner.export(artifact, "npy")
    path.write_bytes(b"old")
    os.utime(path, (1, 1))
    assert np.load(io.BytesIO(folder.read(runner.export(artifact, "npy"), MAX_FILE))).tolist() == list(range(20))


def test_values_become_the_kinds_of_files_that_they_have(runner: Runner, data: Path, folder: DownloadFolder) -> None:
    odd = pd.DataFrame({"cell": [1, "two", None, b"x"]})
    artifact = stored(data, odd)
    assert folder.read(runner.export(artifact, "csv"), MAX_FILE).count(b"\r\n") == 5
    assert len(pd.read_parquet(runner.export(artifact, "parquet"))) == 4
    with pytest.raises(RunnerError, match="KeyError"):
        runner.export(artifact, "npy")


@pytest.mark.parametrize("suffix", ["", "../csv", "CSV", "csv/../../x", "c" * 50])
def test_a_kind_that_is_none_is_refused_here(runner: Runner, long: Artifact, suffix: str) -> None:
    with pytest.raises(ArtifactError, match="no file of the kind"):
        runner.export(long, suffix)


def test_a_digest_that_is_a_path_is_refused_here(runner: Runner) -> None:
    with pytest.raises(ArtifactError, match="no file of the kind"):
        runner.export(Artifact("../" * 20 + "etcs", "npy", 5, "array"), "npy")


def test_a_value_that_is_gone_is_told(runner: Runner) -> None:
    with pytest.raises(RunnerError, match="not there any more"):
        runner.export(Artifact("0" * 64, "npy", 5, "array"), "npy")


def test_a_file_that_is_too_large_is_told_with_what_to_do(runner: Runner, data: Path, folder: DownloadFolder) -> None:
    artifact = stored(data, np.zeros(MAX_FILE // 8 + 1))
    with pytest.raises(TooLargeError, match=r"more than 256\.0 MB.*tasktable run --out"):
        runner.export(artifact, "npy")
    told = Answer.from_bytes(runner.ask(artifact, dict(question.head()))).data["files"]["npy"]
    assert "more than 256.0 MB" in told
    assert list(folder.root.glob(f"{PREFIX}*")) == []


@pytest.mark.parametrize("kind", ["exit", "crash", "raise", "memory"])
def test_a_trap_becomes_no_file(runner: Runner, kind: str, folder: DownloadFolder) -> None:
    record = managed.run(runner, f"trap-{kind}", (0, "trap", (), {"kind": kind}, "x"))
    with pytest.raises(RunnerError):
        runner.export(record.tasks["t1"].outputs["x"], "json")
    assert not folder.root.exists() or list(folder.root.glob(f"{PREFIX}*")) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    artifact = stored(chosen.data, np.arange(5))
    (chosen.data / "downloads").write_text("in the way")
    with running(chosen) as runner, pytest.raises(RunnerError, match="no file can be made in"):
        runner.export(artifact, "npy")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    artifact = stored(chosen.data, np.arange(5))
    (chosen.data / "downloads").mkdir(mode=0o500)
    with running(chosen) as runner, pytest.raises(RunnerError, match="TASKTABLE_DATA"):
        runner.export(artifact, "npy")


def test_a_process_that_is_killed_while_it_makes_a_file_leaves_nothing(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    artifact, small = stored(chosen.data, Wait()), stored(chosen.data, np.arange(5))
    assert artifact.codec == "pickle"
    folder, reasons = DownloadFolder(chosen.data), []
    with running(chosen) as runner:
        runner.export(small, "npy")

        def ask() -> None:
            try:
                runner.export(artifact, "txt")
            except TasktableError as error:
                reasons.append(str(error))

        thread = Thread(target=ask)
        thread.start()
        child: psutil.Process = until(lambda: managed.supervisor(chosen).children())[0]
        unfinished = folder.root / f"{PREFIX}{child.pid}-half.csv"
        unfinished.write_text("half")
        child.send_signal(signal.SIGKILL)
        thread.join(managed.DEADLINE)
        assert reasons == [
            "the process that opened the value was killed by SIGKILL, as the system does when memory is short"
        ]
        assert not unfinished.exists()
        assert runner.export(small, "npy").exists()


def test_values_are_looked_at_while_files_are_made(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    slow = [stored(chosen.data, [Wait(), number]) for number in range(5)]
    small = stored(chosen.data, np.arange(5))
    with running(chosen) as runner:
        runner.catalog()
        threads = [Thread(target=_export_in_vain, args=(runner, artifact)) for artifact in slow]
        for thread in threads:
            thread.start()
        until(lambda: len(managed.supervisor(chosen).children()) == 2)
        assert Answer.from_bytes(runner.ask(small, dict(question.head()))).data["rows"] == 5
        runner.close()
        for thread in threads:
            thread.join(managed.DEADLINE)


def _export_in_vain(runner: Runner, artifact: Artifact) -> None:
    with pytest.raises(TasktableError):
        runner.export(artifact, "txt")


# Reading and removing


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    folder = DownloadFolder(tmp_path)
    folder.root.mkdir()
    (tmp_path / "secret").write_text("secret")
    link, pipe, much = folder.root / "link", folder.root / "pipe", folder.root / "much"
    link.symlink_to(tmp_path / "secret")
    os.mkfifo(pipe)
    much.write_bytes(b"12345")
    for path in (link, pipe, folder.root, folder.root / "nothing"):
        with pytest.raises(ArtifactError):
            folder.read(path, 100)
    with pytest.raises(ArtifactError, match="damaged"):
        folder.read(much, 4)
    assert folder.read(much, 5) == b"12345"


def test_old_files_go_and_the_oldest_of_too_many(tmp_path: Path) -> None:
    folder = DownloadFolder(tmp_path)
    folder.tidy()
    folder.root.mkdir()
    now = time.time()
    for name, age in (("new", 0), ("middle", 60), ("older", 120), ("old", 4_000), (f"{PREFIX}1-half", 4_000)):
        (folder.root / name).write_bytes(b"12345")
        os.utime(folder.root / name, (now - age, now - age))
    folder.tidy()
    assert sorted(path.name for path in folder.root.iterdir()) == ["middle", "new", "older"]
    folder.tidy(most=12)
    assert sorted(path.name for path in folder.root.iterdir()) == ["middle", "new"]


# Pages


def test_every_page_of_a_sorted_and_filtered_long_frame_is_right(
    runner: Runner, long: Artifact, frame: pd.DataFrame, folder: DownloadFolder
) -> None:
    wanted = frame[frame["share"] >= 0.5].sort_values("number", ascending=False, kind="stable")
    for first in (0, 100, 100_000, 0):
        found = page(runner, long, LARGEST_FIRST, first)
        assert found.frame is not None
        assert found.data["found"] == len(wanted)
        assert found.frame["number"].tolist() == wanted["number"].iloc[first : first + 100].tolist()
    assert list(folder.root.glob("*.npy"))


@pytest.mark.parametrize("content", [b"", b"garbled", None], ids=["empty", "garbled", "too long"])
def test_an_order_that_is_damaged_is_found_again(tmp_path: Path, content: bytes | None) -> None:
    folder, frame = DownloadFolder(tmp_path), pd.DataFrame({"n": range(MANY)})
    artifact, query = Artifact("0" * 64, "arrow", 1, "frame"), Query((), 0, True)
    first = folder.select(artifact, frame, query)
    (path,) = folder.root.iterdir()
    if content is None:
        np.save(path, np.zeros(MANY + 1, dtype=np.uint32))
    else:
        path.write_bytes(content)
    assert np.array_equal(folder.select(artifact, frame, query), first)
    assert np.array_equal(np.load(path), first)
    assert first[:2].tolist() == [MANY - 1, MANY - 2]


def test_an_order_is_taken_from_its_file(tmp_path: Path) -> None:
    folder, frame = DownloadFolder(tmp_path), pd.DataFrame({"n": range(MANY), "m": range(MANY)})
    artifact = Artifact("0" * 64, "arrow", 1, "frame")
    folder.select(artifact, frame, Query((), 0))
    (path,) = folder.root.iterdir()
    np.save(path, np.array([7], dtype=np.uint32))
    assert folder.select(artifact, frame, Query((), 0)).tolist() == [7]
    for query in (Query((), 0, True), Query((), 1), Query((Condition(0, lowest=1),), 0)):
        assert len(folder.select(artifact, frame, query)) > 1
    assert len(folder.select(Artifact("1" * 64, "arrow", 1, "frame"), frame, Query((), 0))) == MANY


def test_pages_are_shown_though_no_order_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "downloads").write_text("in the way")
    frame = pd.DataFrame({"n": range(MANY)})
    found = DownloadFolder(tmp_path).select(Artifact("0" * 64, "arrow", 1, "frame"), frame, Query((), 0, True))
    assert found[0] == MANY - 1


def test_a_short_frame_keeps_no_order(tmp_path: Path) -> None:
    folder = DownloadFolder(tmp_path)
    folder.select(Artifact("0" * 64, "arrow", 1, "frame"), pd.DataFrame({"n": range(9)}), Query((), 0))
    assert not folder.root.exists()


def test_a_value_that_is_damaged_after_it_was_read_is_noticed(runner: Runner, data: Path) -> None:
    artifact = stored(data, pd.DataFrame({"n": np.arange(3_000_000)}))
    assert page(runner, artifact, Query(), 0).reason == ""
    assert page(runner, artifact, Query(), 100).reason == ""
    path = ArtifactFolder(data / "artifacts").path(artifact)
    with path.open("r+b") as file:
        file.seek(artifact.size // 2)
        file.write(b"damaged!")
    os.utime(path, (1, 1))
    with pytest.raises(RunnerError, match="damaged"):
        page(runner, artifact, Query(), 200)


def test_only_a_file_as_it_was_is_known(tmp_path: Path) -> None:
    seen, artifact = Seen(tmp_path / "artifacts"), stored(tmp_path, np.arange(9)).to_json()
    mark = seen.mark(artifact)
    assert not seen.is_checked(artifact, mark)
    seen.confirm(artifact, mark)
    assert seen.is_checked(artifact, seen.mark(artifact))
    os.utime(ArtifactFolder(tmp_path / "artifacts").path(Artifact.from_json(artifact)), (1, 1))
    assert not seen.is_checked(artifact, seen.mark(artifact))
    assert not seen.is_checked(artifact, None)
    pickled = stored(tmp_path, {1, Wait}).to_json()
    seen.confirm(pickled, seen.mark(pickled))
    assert not seen.is_checked(pickled, seen.mark(pickled))
