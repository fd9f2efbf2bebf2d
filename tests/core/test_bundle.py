"""A workflow, a run and values in one file: the same after the way there, and nothing hostile gets in."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.bundle import LeftOut, archive, read_bundle, write_bundle
from core.errors import FormatError, TooLargeError
from core.record import RunRecord, RunState, TaskRecord
from core.result import State

WORKFLOW = (Path(__file__).parents[2] / "sample_workflows" / "analysis_1.json").read_text(encoding="utf-8")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def artifact(content: bytes, codec: str = "text", **summary: Any) -> Artifact:
    return Artifact(digest(content), codec, len(content), "text", summary)


WORDS = b"some words"
RECORD = RunRecord(
    "run-1",
    RunState.DONE,
    reason="finished",
    queued=1.0,
    began=2.0,
    ended=3.5,
    tasks={
        "t1": TaskRecord(
            State.DONE, 0.25, 2.0, "it is new", "", "", "printed", {"data": artifact(WORDS, rows=3)}, result="key"
        ),
        "t2": TaskRecord(State.FAILED, error="ValueError: no", traceback="line 1"),
    },
)


def sample() -> bytes:
    return write_bundle(WORKFLOW, RECORD, [artifact(WORDS)], lambda _: WORDS, "Title", "Note", {"python": "3.11"})


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(
    files: Mapping[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]], way: int = zipfile.ZIP_STORED
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", way) as opened:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            opened.writestr(name, content)
    return target.getvalue()


def changed(name: str, change: Callable[[Any], Any]) -> bytes:
    """The sample with one of its JSON files changed, and the digest in the manifest set right."""
    files = members(sample())
    data = json.loads(files[name])
    data = change(data) or data
    files[name] = json.dumps(data).encode()
    if name != "manifest.json":
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = digest(files[name])
        files["manifest.json"] = json.dumps(manifest).encode()
    return zipped(files)


def test_everything_comes_back() -> None:
    found = read_bundle(sample())
    assert found.workflow_text == WORKFLOW
    assert found.workflow.name == "1 Price against time"
    assert found.contents == {digest(WORDS): WORDS}
    assert found.artifacts == (artifact(WORDS),)
    assert (found.title, found.note, found.environment) == ("Title", "Note", {"python": "3.11"})
    assert found.left_out == ()
    assert found.record is not None
    assert (found.record.state, found.record.began, found.record.ended) == (RunState.DONE, 2.0, 3.5)
    assert found.record.tasks["t1"].outputs == {"data": artifact(WORDS, rows=3)}
    assert found.record.tasks["t2"].error == "ValueError: no"


def test_ids_of_runs_and_results_do_not_travel() -> None:
    found = read_bundle(sample()).record
    assert found is not None
    assert found.id == ""
    assert found.tasks["t1"].result == ""
    assert b"run-1" not in b"".join(members(sample()).values())


def test_a_bundle_may_hold_a_workflow_alone() -> None:
    found = read_bundle(write_bundle(WORKFLOW))
    assert found.record is None
    assert not found.artifacts


def test_the_same_contents_are_the_same_bytes() -> None:
    assert sample() == sample()


def test_stored_values_of_open_codecs_come_back_and_pickles_are_left_out(tmp_path: Path) -> None:
    folder = ArtifactFolder(tmp_path / "here")
    values = [pd.DataFrame({"a": [1.0, np.nan]}), np.arange(3), "text", b"bytes", {"a": (1, 2)}, None]
    stored = [folder.put(value) for value in values]
    pickled = folder.put(pd.DataFrame({"a": [object]}))
    assert pickled.codec == "pickle"
    content = write_bundle(WORKFLOW, None, [*stored, pickled], lambda item: folder.path(item).read_bytes())
    found = read_bundle(content)
    assert {item.digest for item in found.artifacts} == {item.digest for item in stored}
    assert found.left_out == (
        LeftOut(pickled.digest, "it is stored as pickle, which only code can open; bundles hold no code"),
    )


def test_the_picture_of_a_value_that_is_left_out_is_taken_instead() -> None:
    png = b"\x89PNG\r\n\x1a\nrest"
    drawn = Artifact("a" * 64, "pickle", 5, "image", {"preview": digest(png)})
    found = read_bundle(write_bundle(WORKFLOW, None, [drawn], lambda _: png))
    assert found.contents == {digest(png): png}
    assert len(found.left_out) == 1


def test_values_that_are_gone_or_damaged_are_left_out_and_that_is_said() -> None:
    def gone(_: Artifact) -> bytes:
        raise OSError("it is gone")

    assert read_bundle(write_bundle(WORKFLOW, None, [artifact(WORDS)], gone)).left_out[0].reason.endswith("it is gone")
    damaged = read_bundle(write_bundle(WORKFLOW, None, [artifact(WORDS)], lambda _: b"other"))
    assert damaged.left_out == (LeftOut(digest(WORDS), "its file is damaged"),)
    unstored = Artifact("", "", 0, "other", {"reason": "it is a lock"})
    assert read_bundle(write_bundle(WORKFLOW, None, [unstored])).left_out == (LeftOut("", "it is a lock"),)


def test_values_that_shrink_like_a_bomb_are_stored_as_they_are() -> None:
    zeros = bytes(50_000_000)
    content = write_bundle(WORKFLOW, None, [artifact(zeros, "bytes")], lambda _: zeros)
    assert read_bundle(content).contents[digest(zeros)] == zeros


def test_a_bundle_that_would_be_too_large_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 1_000)
    with pytest.raises(TooLargeError, match="choose fewer values"):
        sample()


def test_a_text_that_is_no_workflow_is_refused() -> None:
    with pytest.raises(FormatError, match=r"workflow\.json"):
        write_bundle("{}")


TEXTS = st.text(max_size=30)


@given(TEXTS, TEXTS, st.binary(max_size=50), TEXTS, st.floats(0, 1e9), st.sampled_from(list(State)))
def test_any_texts_and_bytes_come_back(
    title: str, note: str, content: bytes, log: str, seconds: float, state: State
) -> None:
    item = artifact(content, "bytes")
    record = RunRecord("r", RunState.FAILED, tasks={"t1": TaskRecord(state, seconds, log=log, outputs={"x": item})})
    found = read_bundle(write_bundle(WORKFLOW, record, [item], lambda _: content, title, note))
    is_plain = not any(char == "\0" or 0xD800 <= ord(char) < 0xE000 for char in title + note + log)
    assert found.contents[item.digest] == content
    assert found.record is not None
    assert (found.record.tasks["t1"].state, found.record.tasks["t1"].seconds) == (state, seconds)
    if is_plain:
        assert (found.title, found.note, found.record.tasks["t1"].log) == (title, note, log)


MANIFEST_CHANGES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda data: data.update(format="other"), 'expected "format": "tasktable.bundle"'),
    (lambda data: data.update(version=2), "format version 2; this Tasktable reads version 1"),
    (lambda data: data.update(version=True), "format version True"),
    (lambda data: data.update(owner="me"), "unknown field 'owner'"),
    (lambda data: data.pop("files"), "no field files"),
    (lambda data: data.update(title=5), "title is not a text"),
    (lambda data: data.update(note="x" * 100_000), "note is not a text of at most 50,000"),
    (lambda data: data.update(environment=[]), "environment is not an object"),
    (lambda data: data["files"].update({"../x": "0"}), "names '../x'|at most 2 members"),
    (lambda data: data["files"].pop("workflow.json"), r"has no workflow\.json"),
    (lambda data: data["files"].pop("run.json"), r"'run\.json', which its manifest does not name"),
    (lambda data: data["files"].update({"workflow.json": "0" * 64}), "was changed or damaged"),
    (lambda data: data.update(artifacts=[]), "which its manifest does not name"),
    (lambda data: data.update(artifacts={}), "artifacts is not a list"),
    (lambda data: data.update(artifacts=data["artifacts"] * 2), "names a value twice"),
    (lambda data: data["artifacts"][0].update(codec="pickle"), "is stored as 'pickle'; a bundle may hold"),
    (lambda data: data["artifacts"][0].update(codec="arrow"), "is not written as arrow"),
    (lambda data: data["artifacts"][0].update(size=3), "is not what its digest says"),
    (lambda data: data["artifacts"][0].update(size=-1), "the size is not a number of bytes"),
    (lambda data: data["artifacts"][0].update(digest="../../etc/passwd"), "not 64 hexadecimal digits"),
    (lambda data: data["artifacts"][0].update(digest="b" * 64), "its file is not there"),
    (lambda data: data["artifacts"][0].update(digest=""), "its file is not there"),
    (lambda data: data["artifacts"][0].update(summary=[]), "the summary is no object"),
    (lambda data: data.update(left_out=[{"digest": 1, "reason": ""}]), r"left_out\[0\]: digest is not a text"),
    (lambda _: [1], 'expected "format"'),
]


@pytest.mark.parametrize(("change", "message"), MANIFEST_CHANGES)
def test_a_changed_manifest_is_refused(change: Callable[[Any], Any], message: str) -> None:
    def apply(data: Any) -> Any:
        result = change(data)
        return result if isinstance(result, list) else None

    with pytest.raises(FormatError, match=message):
        read_bundle(changed("manifest.json", apply))


RUN_CHANGES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda data: data.update(id="x"), "unknown field 'id'"),
    (lambda data: data.update(state="won"), "state is 'won'; known are queued"),
    (lambda data: data.update(state=["done"]), "known are queued"),
    (lambda data: data.update(is_partial=1), "is_partial is neither true nor false"),
    (lambda data: data.update(began=-1), "began is not a number of seconds"),
    (lambda data: data.update(began=True), "began is not a number of seconds"),
    (lambda data: data.update(began=10**400), "began is not a number of seconds"),
    (lambda data: data.update(tasks=[]), "tasks is not an object"),
    (lambda data: data["tasks"].update({"../t": data["tasks"]["t1"]}), "this is no id of a task"),
    (lambda data: data["tasks"]["t1"].update(result="key"), "unknown field 'result'"),
    (lambda data: data["tasks"]["t1"].update(log=None), "log is not a text"),
    (lambda data: data["tasks"]["t1"].update(outputs={"x": {}}), r"outputs\.x has no field digest"),
    (lambda data: data["tasks"]["t1"]["outputs"]["data"].update(digest="x"), "not 64 hexadecimal digits"),
]


@pytest.mark.parametrize(("change", "message"), RUN_CHANGES)
def test_a_changed_record_is_refused(change: Callable[[Any], Any], message: str) -> None:
    def apply(data: Any) -> None:
        change(data)

    with pytest.raises(FormatError, match=message):
        read_bundle(changed("run.json", apply))


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x",
        "artifacts/../x",
        "C:/x",
        "a\\b",
        "artifacts/",
        "artifacts//x",
        "./manifest.json",
        "x\n",
        "é",
        "x" * 500,
        "evil.py",
        "artifacts/" + "A" * 64,
        "MANIFEST.json",
    ],
)
def test_no_other_name_gets_in(name: str) -> None:
    files: list[tuple[str | zipfile.ZipInfo, bytes]] = [*members(sample()).items(), (name, b"x")]
    with pytest.raises(FormatError, match=r"forbidden name|none of a bundle|twice|no file"):
        read_bundle(zipped(files))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    files: list[tuple[str | zipfile.ZipInfo, bytes]] = [*members(sample()).items(), ("manifest.json", b"{}")]
    with pytest.raises(FormatError, match="twice"):
        read_bundle(zipped(files))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_what_else_is_no_file_are_refused(kind: int) -> None:
    entry = zipfile.ZipInfo("artifacts/" + "0" * 64)
    entry.external_attr = (kind | 0o777) << 16
    with pytest.raises(FormatError, match="no file"):
        read_bundle(zipped([*members(sample()).items(), (entry, b"/etc/passwd")]))


def test_a_name_with_a_hidden_end_is_refused() -> None:
    content = zipped({**members(sample()), "manifest.jsonX": b"{}"}).replace(b"manifest.jsonX", b"manifest.json\0")
    with pytest.raises(FormatError, match=r"forbidden name|damaged"):
        read_bundle(content)


def test_archive_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = bytes(20_000_000)
    with pytest.raises(FormatError, match="archive bomb"):
        read_bundle(zipped({"manifest.json": b"{}", "artifacts/" + digest(zeros): zeros}, zipfile.ZIP_DEFLATED))
    monkeypatch.setattr(archive, "MAX_TOTAL", 1_000)
    with pytest.raises(FormatError, match="would unpack to"):
        read_bundle(zipped({"manifest.json": bytes(2_000)}))


@cache
def bomb() -> bytes:
    """Six hundred small files that unpack to half a gigabyte together."""
    target, zeros = io.BytesIO(), bytes(900_000)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        for number in range(600):
            opened.writestr(f"artifacts/{number:064x}", zeros)
    return target.getvalue()


def bomb_with(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO(bomb())
    with zipfile.ZipFile(target, "a") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("files", [{}, {"manifest.json": b"{}"}, members(sample())])
@pytest.mark.parametrize("has_ratio_check", [True, False])
def test_a_bomb_of_many_small_files_is_refused_before_any_is_unpacked(
    files: Mapping[str, bytes], has_ratio_check: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bomb_with(files)
    if not has_ratio_check:
        monkeypatch.setattr(archive, "MIN_SUSPICIOUS_TOTAL", 10**9)
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match="archive bomb" if has_ratio_check else "manifest"):
            read_bundle(content)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_many_small_values_that_shrink_well_come_back() -> None:
    values = [bytes(number) for number in range(200_000, 200_150)]
    by_digest = {digest(value): value for value in values}
    items = [artifact(value, "bytes") for value in values]
    content = write_bundle(WORKFLOW, None, items, lambda item: by_digest[item.digest])
    assert read_bundle(content).contents == by_digest


def test_an_entry_that_announces_less_than_it_holds_is_refused() -> None:
    content = bytearray(zipped({"manifest.json": bytes(5_000)}, zipfile.ZIP_DEFLATED))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature) + offset
        content[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(FormatError, match="damaged"):
        read_bundle(bytes(content))


def test_too_many_files_are_refused_before_they_are_listed() -> None:
    with pytest.raises(FormatError, match="more than 2,000 files"):
        read_bundle(zipped({f"artifacts/{number}": b"" for number in range(2_001)}))
    with pytest.raises(FormatError, match="more than 2,000 files"):
        read_bundle(b"PK\x03\x04" + archive.ENTRY * 1_000_000)


def test_encrypted_and_oddly_packed_files_are_refused() -> None:
    with pytest.raises(FormatError, match="packed in a way"):
        read_bundle(zipped(members(sample()), zipfile.ZIP_LZMA))
    content = bytearray(zipped({"manifest.json": b"{}"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FormatError, match="encrypted"):
        read_bundle(bytes(content))


class Trap:
    """Leaves a mark when it is unpickled."""

    def __reduce__(self) -> Any:
        return Path.touch, (Path("trapped"),)


def test_a_pickle_under_any_name_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps(Trap())
    for codec in ("pickle", "Pickle", "cloudpickle", "arrow", "npy", "png", ""):
        files = members(sample())
        manifest = json.loads(files["manifest.json"])
        manifest["artifacts"].append(artifact(content, codec).to_json())
        files |= {"manifest.json": json.dumps(manifest).encode(), f"artifacts/{digest(content)}": content}
        with pytest.raises(FormatError):
            read_bundle(zipped(files))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03\x04", b"%PDF-1.7", b"\x1f\x8b", b"{}", b"PK\x05\x06" + bytes(18)]
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError, match=r"no ZIP archive|damaged archive|has no manifest"):
        read_bundle(content, "upload.zip")


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "[" * 100_000, "NaN", '"\\ud800"', "\0", "1" * 5_000])
def test_parser_bombs_are_refused(text: str) -> None:
    with pytest.raises(FormatError):
        read_bundle(zipped({**members(sample()), "manifest.json": text.encode()}))


@given(st.binary(max_size=200), st.integers(0, 10_000), st.booleans())
def test_garbage_is_refused_or_harmless(garbage: bytes, place: int, is_inserted: bool) -> None:
    content = sample()
    place %= len(content)
    broken = content[:place] + garbage + content[place + (0 if is_inserted else len(garbage)) :]
    with suppress(FormatError):
        assert read_bundle(broken).workflow_text == WORKFLOW
    with suppress(FormatError):
        read_bundle(b"PK\x03\x04" + garbage)


@given(st.integers(0, 10_000))
def test_a_bundle_that_was_cut_is_refused(length: int) -> None:
    content = sample()
    with pytest.raises(FormatError):
        read_bundle(content[: length % len(content)])
