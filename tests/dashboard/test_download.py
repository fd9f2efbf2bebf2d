"""Downloads of stored values as the page's server has them: real processes, and what is left behind is removed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.artifact import Artifact
from core.errors import TooLargeError
from core.settings import Settings
from core.value import question
from core.value.answer import MAX_CONTENT
from dashboard.reading.stored import Stored
from dashboard.server import backend as room
from dashboard.server.backend import Backend
from dashboard.widgets.value.asked import UndrawnError
from dashboard.widgets.value.download import content


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Backend]:
    """A whole engine room, with processes of its own."""
    made = Backend.open(Settings(data=tmp_path / "real"))
    room.use(made)
    yield made
    made.close()


def test_a_large_frame_is_downloaded_whole(real: Backend) -> None:
    frame = pd.DataFrame(np.random.default_rng(0).random((300_000, 3)), columns=list("abc"))
    held = Stored(real.artifacts.put(frame))
    assert held.ask(question.head()).data["files"] == {"csv": "", "parquet": ""}
    found = content(held, "csv")
    assert len(found) > MAX_CONTENT
    assert len(pd.read_csv(io.BytesIO(found))) == 300_000
    assert pd.read_parquet(io.BytesIO(content(held, "parquet"))).equals(frame)


def test_small_values_are_downloaded_alike(real: Backend) -> None:
    assert content(Stored(real.artifacts.put(pd.Series([1, 2], name="n"))), "csv") == b",n\r\n0,1\r\n1,2\r\n"
    assert b"plotly" in content(Stored(real.artifacts.put(go.Figure())), "html")


def test_a_small_value_whose_file_would_be_huge_does_not_offer_it(real: Backend) -> None:
    many = pd.Series(pd.Categorical.from_codes(np.zeros(1_000_000, dtype="int8"), pd.Index(["x" * 400])))
    artifact = real.artifacts.put(many)
    told = Stored(artifact).ask(question.head()).data["files"]
    assert "tasktable run --out" in told["csv"]
    with pytest.raises(UndrawnError, match=r"more than 256\.0 MB"):
        content(Stored(artifact), "csv")


def test_a_file_that_turns_out_too_large_is_not_offered_again(real: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(artifact: Artifact, suffix: str) -> Path:
        raise TooLargeError(f"{suffix} of {artifact.kind} is too large")

    held = Stored(real.artifacts.put(np.arange(11)))
    assert held.ask(question.head()).data["files"] == {"npy": ""}
    monkeypatch.setattr(real.runner, "export", refuse)
    with pytest.raises(UndrawnError):
        content(held, "npy")
    assert held.ask(question.head()).data["files"] == {"npy": "npy of array is too large"}


def test_a_value_that_is_gone_cannot_be_downloaded_and_says_so(real: Backend) -> None:
    artifact = real.artifacts.put(np.arange(9))
    real.artifacts.remove(artifact.digest)
    with pytest.raises(UndrawnError, match="not there any more"):
        content(Stored(artifact), "npy")


def test_files_that_a_server_has_left_are_removed_when_the_next_one_starts(tmp_path: Path) -> None:
    folder = tmp_path / "real" / "downloads"
    folder.mkdir(parents=True)
    for name in ("old", "new"):
        (folder / name).write_bytes(b"12345")
    os.utime(folder / "old", (1, 1))
    made = Backend.open(Settings(data=tmp_path / "real"))
    made.close()
    assert [path.name for path in folder.iterdir()] == ["new"]


def test_files_of_more_than_an_hour_ago_are_tidied_up(real: Backend) -> None:
    held = Stored(real.artifacts.put(np.arange(9)))
    content(held, "npy")
    (path,) = (real.settings.data / "downloads").iterdir()
    assert real.housekeeping
    real.housekeeping.tidy()
    assert path.exists()
    os.utime(path, (1, 1))
    real.housekeeping.tidy()
    assert not path.exists()
    assert content(held, "npy")
