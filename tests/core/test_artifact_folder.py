"""A stored value is there as a whole or not at all, and a damaged one is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.errors import ArtifactError

WRITER = """
import sys
from pathlib import Path
from core.artifact_folder import ArtifactFolder

folder = ArtifactFolder(Path(sys.argv[1]))
number = int(sys.argv[2])
print("ready", flush=True)
while True:
    number += 1
    artifact = folder.put({"number": number, "text": "x" * (number % 100_000)})
    print(artifact.digest, artifact.size, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> ArtifactFolder:
    return ArtifactFolder(tmp_path / "artifacts")


def files(folder: ArtifactFolder) -> list[Path]:
    return [path for path in folder.root.rglob("*") if path.is_file()]


def test_equal_values_are_stored_once_under_the_digest_of_their_bytes(folder: ArtifactFolder) -> None:
    first, second = folder.put([1, 2]), folder.put([1, 2])
    assert first == second
    assert files(folder) == [folder.path(first)]
    content = folder.path(first).read_bytes()
    assert hashlib.sha256(content).hexdigest() == first.digest == folder.path(first).name
    assert first.size == len(content)
    assert folder.get(first) == [1, 2]


def test_only_the_owner_may_look(folder: ArtifactFolder) -> None:
    path = folder.path(folder.put("secret"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(folder.root.stat().st_mode) == 0o700


@pytest.mark.parametrize("size", [10, 17_000_000])
@pytest.mark.parametrize("harm", ["remove", "cut", "grow", "flip", "empty"])
def test_damage_is_noticed_and_repaired_by_storing_again(folder: ArtifactFolder, harm: str, size: int) -> None:
    value = bytes(size)
    artifact = folder.put(value)
    path = folder.path(artifact)
    content = path.read_bytes()
    if harm == "remove":
        path.unlink()
    else:
        changed = {"cut": content[:-1], "grow": content + b"x", "flip": b"\1" + content[1:], "empty": b""}
        path.write_bytes(changed[harm])
    with pytest.raises(ArtifactError):
        folder.get(artifact)
    assert folder.has(artifact) == (harm == "flip")
    assert folder.put(value) == artifact
    assert folder.get(artifact) == value
    assert files(folder) == [path]


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "٠" * 64, None, 5])
def test_digest_that_is_none_makes_no_path(folder: ArtifactFolder, digest: Any) -> None:
    artifact = Artifact(digest, "text", 1, "text")
    for ask in (folder.path, folder.get):
        with pytest.raises(ArtifactError):
            ask(artifact)
    with pytest.raises(ArtifactError):
        folder.remove(digest)
    assert not folder.has(artifact)


def test_value_that_cannot_be_stored_says_why(folder: ArtifactFolder) -> None:
    artifact = folder.put({"lock": threading.Lock()})
    assert not artifact.is_stored
    assert "_thread.lock" in artifact.summary["reason"]
    assert artifact.kind == "data"
    assert files(folder) == []
    with pytest.raises(ArtifactError, match="was not stored"):
        folder.get(artifact)


class Rude:
    """Raises whatever is asked of it."""

    def __repr__(self) -> str:
        raise SystemExit

    def __len__(self) -> int:
        raise RuntimeError

    __str__ = __repr__
    __reduce__ = __repr__


class RudeKind(type):
    """A type that does not say what it is."""

    def __getattribute__(cls, name: str) -> Any:
        raise RuntimeError(name)


class Nameless(metaclass=RudeKind):
    """A value of it."""


class Anything:
    """Ends the program when it is asked for anything that it has not."""

    def __getattr__(self, name: str) -> Any:
        raise SystemExit(name)


class RudeFrame(pd.DataFrame):
    """Does not even say how large it is."""

    @property
    def shape(self) -> Any:
        raise RuntimeError


RUDE = [Rude(), [Rude()], {"a": Rude()}, Anything(), [Anything()], Nameless(), [Nameless()], RudeFrame({"a": [1]})]


@pytest.mark.parametrize("value", RUDE, ids=lambda _: "value")
def test_rude_value_breaks_nothing(folder: ArtifactFolder, value: Any) -> None:
    artifact = folder.put(value)
    assert artifact.is_stored or artifact.summary["reason"]
    json.dumps(artifact.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("value", "summary"),
    [
        (pd.DataFrame({"a": [1, 2]}), {"rows": 2, "columns": 1, "type": "pandas.DataFrame"}),
        (pd.Series([1.5]), {"length": 1, "dtype": "float64"}),
        (np.zeros((2, 3)), {"shape": [2, 3], "dtype": "float64", "type": "numpy.ndarray"}),
        (Image.new("RGB", (4, 2)), {"shape": [4, 2]}),
        ("text", {"length": 4}),
        ([1, 2, 3], {"length": 3}),
        (0.1, {"number": "0.1"}),
        (2**70, {"number": str(2**70)}),
        (float("nan"), {"number": "nan"}),
        (None, {"text": "None"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_summary_tells_what_a_value_is(folder: ArtifactFolder, value: Any, summary: dict[str, Any]) -> None:
    found = folder.put(value).summary
    assert {name: found[name] for name in summary} == summary


@pytest.mark.parametrize(
    "value",
    ["\U0001f600" * 10_000, ["\ud800" * 999] * 99, {"k" * 5000: "\0" * 5000}, pd.DataFrame({"é" * 999: [1]}), 10**5000],
    ids=lambda value: type(value).__name__,
)
def test_summary_stays_small_and_is_plain_json(folder: ArtifactFolder, value: Any) -> None:
    artifact = folder.put(value)
    text = json.dumps(artifact.to_json(), allow_nan=False)
    assert len(text) < 3_000
    assert Artifact.from_json(json.loads(text)) == artifact


def test_pickled_picture_has_another_to_look_at(folder: ArtifactFolder) -> None:
    artifact = folder.put(Image.new("CMYK", (4, 2)))
    assert artifact.codec == "pickle"
    preview = folder.preview(artifact)
    assert preview
    assert preview.read_bytes().startswith(b"\x89PNG")
    assert artifact.digests == (artifact.digest, preview.name)
    assert folder.preview(folder.put(1)) is None
    preview.unlink()
    assert folder.preview(artifact) is None


def test_figure_of_matplotlib_has_a_picture_to_look_at(folder: ArtifactFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is needed of matplotlib, which need not be installed."""

    def savefig(self: Any, file: Any, format: str) -> None:  # noqa: A002
        if self.is_broken:
            raise RuntimeError("cannot draw")
        file.write(f"a {format}".encode())

    kind = type("Figure", (), {"__module__": "matplotlib.figure", "savefig": savefig, "is_broken": False})
    module = ModuleType("matplotlib.figure")
    module.Figure = kind  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "matplotlib", ModuleType("matplotlib"))
    monkeypatch.setitem(sys.modules, "matplotlib.figure", module)
    figure = kind()
    artifact = folder.put(figure)
    preview = folder.preview(artifact)
    assert (artifact.kind, artifact.codec) == ("image", "pickle")
    assert preview
    assert preview.read_bytes() == b"a png"
    figure.is_broken = True
    assert folder.preview(folder.put(figure)) is None


def test_pickle_is_opened_only_if_trusted(folder: ArtifactFolder) -> None:
    artifact = folder.put(Image.new("CMYK", (4, 2)))
    with pytest.raises(ArtifactError, match="opened only where"):
        folder.get(artifact)
    assert folder.get(artifact, trusted=True).size == (4, 2)


@pytest.mark.parametrize(
    ("number", "advice"),
    [(28, "the disk is full"), (27, "TASKTABLE_RUN_FILE_SIZE"), (30, "TASKTABLE_DATA"), (5, "Input/output error")],
)
def test_disk_that_does_not_take_a_value_is_told_with_advice(
    folder: ArtifactFolder, number: int, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ArtifactError, match=advice):
        folder.put("value")
    monkeypatch.undo()
    assert files(folder) == []
    assert folder.get(folder.put("value")) == "value"


def test_file_that_is_larger_than_a_run_may_write_is_told(folder: ArtifactFolder) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from core.artifact_folder import ArtifactFolder\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "import numpy, pandas\n"
        "array = numpy.zeros(99_999)\n"
        "for value in ('x' * 1_000_000, array, pandas.DataFrame({'a': array}), {1: array}):\n"
        "    try: print(ArtifactFolder(Path(sys.argv[1])).put(value).summary['reason'])\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    run = [sys.executable, "-c", script, str(folder.root)]
    lines = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout.splitlines()
    assert [line.startswith("ArtifactError") and "TASKTABLE_RUN_FILE_SIZE" in line for line in lines] == [True] * 4
    assert files(folder) == []


def test_writers_that_are_killed_leave_no_half_file(folder: ArtifactFolder) -> None:
    """What a writer has told is there, whole; what lies under a digest is whole."""
    told: dict[str, int] = {}
    for attempt, count in enumerate((1, 2, 5, 9, 14, 20, 27, 3)):
        command = [sys.executable, "-c", WRITER, str(folder.root), str(attempt * 1000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n"
            lines = [writer.stdout.readline() for _ in range(count)]
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.readlines()
        told |= {line.split()[0]: int(line.split()[1]) for line in lines if line.endswith("\n")}
    assert len(told) >= 8
    for digest, size in told.items():
        assert folder.get(Artifact(digest, "json", size, "data"))["text"] is not None
    for digest in folder.files():
        assert hashlib.sha256((folder.root / digest[:2] / digest).read_bytes()).hexdigest() == digest


def test_leftovers_of_killed_writers_are_swept_a_day_later(folder: ArtifactFolder) -> None:
    folder.put(1)
    old, young = folder.root / ".new-1-old", folder.root / ".new-2-young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 100_000,) * 2)
    ArtifactFolder(folder.root).put(2)
    assert not old.exists()
    assert young.exists()


def test_many_may_write_and_read_the_same_at_once(folder: ArtifactFolder) -> None:
    def work(number: int) -> bool:
        value = {"number": number % 5}
        other = ArtifactFolder(folder.root)
        return bool(other.get(other.put(value)) == value)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
    assert len(files(folder)) == 5
