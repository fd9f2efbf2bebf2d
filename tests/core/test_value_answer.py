"""Every question about every value has an answer, which goes over a wire and comes back as it was."""

from __future__ import annotations

import json
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import FormatError, TooLargeError
from core.value import question
from core.value.answer import MAX_CONTENT, Answer, Question, answer
from core.value.holder import KEPT, MAX_KEPT_BYTES, InMemory
from core.value.output import files, to_bytes
from core.value.page import Condition, Query, page
from core.value.picture import is_drawable
from core.value.wire import LENGTHS, MARK, MAX_BYTES
from tests.dashboard.values import VALUES

EVERYTHING = Query()


def asked(value: Any, asking: Question) -> Answer:
    """Return the answer, after it has gone over the wire and has come back as it was."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that write files, about strange values
        found = answer(value, json.loads(json.dumps(asking)))
    read = Answer.from_bytes(found.to_bytes())
    same(found, read)
    return read


def same(left: Answer, right: Answer) -> None:
    assert left.data == right.data
    assert left.content == right.content
    if left.frame is None or right.frame is None:
        assert left.frame is right.frame
    else:
        pd.testing.assert_frame_equal(left.frame, right.frame)


# Hostile values


class Silent:
    """Something without words, order, hash or size."""

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no order")

    def __sizeof__(self) -> int:
        raise RuntimeError("no size")


class Leaving(BaseException):
    """Not even an Exception."""


class Quitter:
    """Something that ends the process of whoever looks at it."""

    def __repr__(self) -> str:
        raise SystemExit(3)


class Leaver:
    def __repr__(self) -> str:
        raise Leaving


class Endless:
    def __repr__(self) -> str:
        return f"{self!r}"


class Hidden(type):
    """A class of classes that do not say their names."""

    def __getattribute__(cls, name: str) -> Any:
        raise RuntimeError("no names")


class Word(str):
    """A text that has other methods than texts have."""

    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __getitem__(self, place: Any) -> str:
        raise RuntimeError("no characters")

    def encode(self, *_: Any) -> bytes:
        return b"other"


class Number(int):
    def __str__(self) -> str:
        raise RuntimeError("no digits")

    __repr__ = __format__ = __str__  # type: ignore[assignment]


class Box(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        raise RuntimeError("no items")

    def __len__(self) -> int:
        raise RuntimeError("no length")


class Frame(pd.DataFrame):
    @property
    def columns(self) -> Any:
        raise RuntimeError("no columns")


def pretender() -> Any:
    kind = type("DataFrame", (), {"__module__": "pandas"})
    return kind()


def deep() -> Any:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    return value


HOSTILE: dict[str, Callable[[], Any]] = {
    "silent": Silent,
    "quitter": Quitter,
    "leaver": Leaver,
    "endless": Endless,
    "hidden": lambda: type.__call__(Hidden("Nameless", (), {})),
    "text with other methods": lambda: Word("a\ud800b"),
    "number with other methods": lambda: Number(7),
    "dictionary with other methods": lambda: Box(a=1),
    "frame without columns": lambda: Frame({"a": [1]}),
    "pretender": pretender,
    "deep": deep,
    "cells that quit": lambda: pd.DataFrame({"a": [Quitter(), Leaver(), Silent(), 1]}),
    "series that quits": lambda: pd.Series([Quitter(), Leaver()]),
    "name that quits": lambda: pd.Series([1.5], name=Quitter()),
    "texts with other methods": lambda: pd.Series([Word("\ud800"), Number(3)], dtype=object),
    "array that quits": lambda: np.array([Quitter()], dtype=object),
    "five thousand columns": lambda: pd.DataFrame(np.zeros((3, 5_000))),
    "long cells": lambda: pd.DataFrame({f"c{n}": ["\N{PILE OF POO}" * 2_000] * 500 for n in range(100)}),
    "long names": lambda: pd.DataFrame([[1] * 100], columns=["\N{PILE OF POO}" * 2_000] * 100),
    "half characters": lambda: pd.DataFrame([["\udfff"]], columns=pd.Index(["\ud800"], dtype=object), dtype=object),
    "huge numbers": lambda: pd.DataFrame({"a": [10**5000, -1], "b": [2**64 - 1, 0], "c": [2**63 - 1, -(2**63)]}),
    "no moment": lambda: pd.DataFrame({"a": [pd.NaT, pd.NaT], "b": [pd.NaT, pd.Timestamp("2020")], "c": [None, pd.NA]}),
    "mixed": lambda: pd.DataFrame({"a": [1, "x", None, 1j, pd.NaT, date(2020, 1, 1), [1], {"b": 2}]}),
    "index with gaps": lambda: pd.Series([1.0, 2.0], index=pd.Index([1, None], dtype="Int64")),
    "index of moments with gaps": lambda: pd.Series(
        [1.0, 2.0], index=pd.DatetimeIndex(["2020", None], tz="Asia/Tokyo")
    ),
    "fixed zone": lambda: pd.DataFrame({"a": pd.to_datetime(["2020-01-01T00:00+05:30"])}),
    "levels": lambda: pd.DataFrame(
        {"": [1, 2]}, index=pd.MultiIndex.from_tuples([(None, pd.NaT), ("x", pd.Timestamp("2020"))], names=["", None])
    ),
    "names of levels": lambda: pd.DataFrame({"__index_level_0__": [1]}, index=pd.Index(["x"])),
    "figure of objects": lambda: go.Figure(go.Scatter(y=[1], customdata=[object()])),
    "deep text": lambda: "[" * 10**6,
}

QUESTIONS: dict[str, Question] = {
    "head": question.head("x"),
    "rows": question.rows(EVERYTHING, 0, 500, "x"),
    "sorted rows": question.rows(Query(column=0, descending=True), 0, 50),
    "found rows": question.rows(Query((Condition(0, text="x"),)), 0, 50),
    "rows in a range": question.rows(Query((Condition(0, lowest=1.5, highest=date(2020, 1, 1)),)), 0, 50),
    "statistics": question.statistics(),
    "line": question.line(),
    "figure": question.figure(),
    "picture": question.picture(),
    "plain": question.plain(),
    "words": question.words(),
    "csv": question.file("csv"),
    "parquet": question.file("parquet"),
    "json": question.file("json"),
    "unknown file": question.file("exe"),
}


@pytest.mark.parametrize("asking", QUESTIONS)
@pytest.mark.parametrize("name", HOSTILE)
def test_every_question_about_a_hostile_value_is_answered(name: str, asking: str) -> None:
    found = asked(HOSTILE[name](), QUESTIONS[asking])
    assert found.reason or found.data or found.frame is not None or found.content
    assert len(found.to_bytes()) <= MAX_BYTES
    sendable(found.data)


@pytest.mark.parametrize("name", VALUES)
def test_every_question_about_any_value_is_answered(name: str) -> None:
    value = VALUES[name]()
    for asking in QUESTIONS.values():
        found = asked(value, asking)
        assert len(found.to_bytes()) <= MAX_BYTES
        sendable(found.data)


def sendable(data: Any) -> None:
    """Every text among the data can be written as UTF-8."""
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()


def test_what_cannot_be_drawn_says_why_and_what_it_is() -> None:
    found = asked(pretender(), question.head())
    assert found.data == {
        "reason": "It cannot be drawn (TypeError).",
        "kind": "other",
        "type": "pandas.DataFrame",
        "text": found.data["text"],
        "size": found.data["size"],
    }
    assert "object at" in found.data["text"]
    assert asked(Quitter(), question.words()).data["text"] == "(it cannot be described: SystemExit)"
    assert asked(Quitter(), question.words()).data["type"] == "Quitter"


def test_an_interrupt_is_none_of_the_values_doing() -> None:
    class Interrupted:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer(Interrupted(), question.plain())


@pytest.mark.parametrize("asking", [{}, {"ask": "everything"}, {"ask": None}, {"ask": ["head"]}])
def test_a_question_that_nobody_asks_is_refused(asking: Question) -> None:
    with pytest.raises(FormatError, match="ask one of head, rows"):
        answer(1, asking)


# Rows


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({"n": np.arange(120) * 7 % 120, "t": [f"name {number}" for number in range(120)]})


def test_a_head_says_what_can_be_asked(frame: pd.DataFrame) -> None:
    assert asked(frame, question.head()).data == {
        "kind": "frame",
        "rows": 120,
        "columns": 2,
        "names": ["n", "t"],
        "kinds": ["number", "text"],
        "files": {"csv": "", "parquet": ""},
    }
    head = asked(np.array([[1.0, np.nan, 4.0]]), question.head()).data
    assert (head["shape"], head["range"], head["names"]) == ([1, 3], ["1", "4", "2.5"], ["0", "1", "2"])
    assert asked(pd.Series([1]), question.head("own")).data["names"] == ["own"]
    assert asked(pd.Series([1], name="its"), question.head("own")).data["names"] == ["its"]


@pytest.mark.parametrize(
    ("first", "begins", "shown"),
    [(0, 0, 50), (50, 50, 50), (100, 100, 20), (150, 100, 20), (10**12, 100, 20), (-5, 0, 50)],
)
@pytest.mark.parametrize("query", [EVERYTHING, Query(column=0)], ids=["as they are", "sorted"])
def test_a_page_after_the_end_is_the_last_one(
    frame: pd.DataFrame, query: Query, first: int, begins: int, shown: int
) -> None:
    found = asked(frame, question.rows(query, first, 50))
    assert found.data == {"rows": 120, "found": 120, "first": begins}
    expected = frame if query is EVERYTHING else frame.sort_values("n")
    assert found.frame is not None
    assert found.frame["n"].tolist() == expected["n"].tolist()[begins : begins + shown]


def test_conditions_and_days_go_with_the_question(frame: pd.DataFrame) -> None:
    frame["d"] = pd.date_range("2020-01-01", periods=120)
    query = Query((Condition(0, lowest=10.0), Condition(2, lowest=date(2020, 2, 1), highest=date(2020, 2, 29))))
    found = asked(frame, question.rows(query, 0, 50))
    expected = frame[(frame["n"] >= 10) & frame["d"].between("2020-02-01", "2020-02-29")]
    assert found.frame is not None
    assert found.frame["t"].tolist() == expected["t"].tolist()
    assert found.data["found"] == len(expected) > 0


def test_a_page_touches_no_other_row() -> None:
    frame = pd.DataFrame(np.zeros((2_000_000, 4)))
    answer(frame, question.rows(EVERYTHING, 0, 50))  # imports what it needs
    tracemalloc.start()
    try:
        answer(frame, question.rows(EVERYTHING, 1_000_000, 50))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_nobody_gets_more_rows_than_a_page_has() -> None:
    found = asked(pd.DataFrame({"n": range(5_000)}), question.rows(EVERYTHING, 0, 10**9))
    assert found.frame is not None
    assert len(found.frame) == 500


def test_a_line_has_its_places_and_its_extremes() -> None:
    values = np.zeros(100_000)
    values[54_321] = 9.0
    found = asked(pd.Series(values, index=pd.date_range("2020", periods=100_000, freq="min")), question.line(1_000))
    assert found.frame is not None
    assert found.data == {"rows": 100_000, "points": len(found.frame)}
    assert len(found.frame) <= 1_002
    assert found.frame["y"].max() == 9.0
    assert found.frame["x"][found.frame["y"].argmax()] == pd.Timestamp("2020") + pd.Timedelta(minutes=54_321)


# Files and pictures


def test_a_file_is_what_the_files_of_a_run_are(frame: pd.DataFrame) -> None:
    assert pd.read_csv(BytesIO(asked(frame, question.file("csv")).content), index_col=0).equals(frame)
    assert pd.read_parquet(BytesIO(asked(frame, question.file("parquet")).content)).equals(frame)


@pytest.mark.parametrize(
    ("value", "suffix"),
    [
        (pd.DataFrame(np.random.default_rng(0).random((400, 4))), "csv"),
        (pd.DataFrame(np.random.default_rng(0).random((400, 4))), "parquet"),
        (np.zeros(4_000), "npy"),
        (go.Figure(), "html"),
        ([1] * 4_000, "json"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_file_that_is_too_large_says_so(value: Any, suffix: str) -> None:
    with pytest.raises(TooLargeError, match=r"more than 4\.0 kB"):
        to_bytes(value, suffix, 4_000)
    assert "more than 4.0 kB" in answer(value, question.file(suffix), 4_000).reason
    assert len(answer(value, question.file(suffix), None).content) > 4_000
    assert answer(value, question.file(suffix), 10**8).reason == ""


def test_a_csv_of_the_very_size_is_written(frame: pd.DataFrame) -> None:
    content = to_bytes(frame, "csv")
    assert to_bytes(frame, "csv", len(content)) == content
    with pytest.raises(TooLargeError):
        to_bytes(frame, "csv", len(content) - 1)


def test_large_files_are_told_before_they_are_made() -> None:
    numbers = np.random.default_rng(0).random((200_000, 4))
    doubts = files(pd.DataFrame(numbers), 1_000_000)
    assert all("more than 1.0 MB" in doubt for doubt in doubts.values())
    assert doubts.keys() == {"csv", "parquet"}
    assert "more than 1.0 MB" in files(numbers, 1_000_000)["npy"]
    assert files(pd.DataFrame(numbers), 100_000_000) == {"csv": "", "parquet": ""}
    assert files(pd.DataFrame(np.zeros((200_000, 4))), 1_000_000)["parquet"] == ""
    assert files(pd.DataFrame(numbers)) == {"csv": "", "parquet": ""}


def test_a_picture_becomes_smaller_until_it_can_be_sent() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (600, 900, 3), dtype="uint8")
    for value in (noise, Image.fromarray(noise)):
        whole = Image.open(BytesIO(answer(value, question.picture(), None).content))
        assert whole.size == (900, 600)
        found = answer(value, question.picture(), 200_000)
        assert len(found.content) <= 200_000
        assert is_drawable(found.content)
        assert Image.open(BytesIO(found.content)).size == (225, 150)


def test_only_a_picture_of_a_sensible_size_is_drawable() -> None:
    content = asked(Image.new("1", (3, 2)), question.picture()).content
    assert is_drawable(content)
    assert not is_drawable(content[:16] + (60_000).to_bytes(4, "big") * 2 + content[24:])
    assert not is_drawable(content[:20])
    assert not is_drawable(b"")
    assert not is_drawable(b"GIF89a" + content)


def test_a_figure_is_its_json_and_one_too_large_says_so() -> None:
    figure = go.Figure(go.Scatter(y=[1, 2]))
    assert json.loads(asked(figure, question.figure()).content) == json.loads(figure.to_json())
    assert answer(figure, question.figure(), 100).reason.startswith("The figure takes ")


# The wire

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
CELLS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.complex_numbers() | st.dates()
)
MOMENTS = st.datetimes(pd.Timestamp("1700").to_pydatetime(), pd.Timestamp("2200").to_pydatetime())


@st.composite
def columns(draw: st.DrawFn, rows: int) -> Any:
    def cells(kind: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(kind, min_size=rows, max_size=rows))

    match draw(st.integers(0, 6)):
        case 0:
            return pd.Series(cells(st.floats()), dtype="float64")
        case 1:
            return pd.Series(cells(st.integers(-(2**63), 2**63 - 1)), dtype="int64")
        case 2:
            return pd.Series(cells(st.none() | st.integers(-99, 99)), dtype="Int64")
        case 3:
            return pd.Series(cells(st.none() | st.booleans()), dtype="boolean")
        case 4:
            return pd.Series(cells(MOMENTS), dtype=draw(st.sampled_from(["datetime64[ns]", "datetime64[us]"])))
        case 5:
            zone = draw(st.sampled_from(["UTC", "Europe/Berlin", "+05:30"]))
            return pd.Series(
                pd.DatetimeIndex(cells(MOMENTS), dtype="datetime64[us]").tz_localize("UTC").tz_convert(zone)
            )
    return pd.Series(cells(CELLS), dtype=object)


@st.composite
def pages(draw: st.DrawFn) -> pd.DataFrame:
    rows, names = draw(st.integers(0, 5)), draw(st.lists(st.none() | st.text(max_size=3), max_size=4))
    cells = {number: draw(columns(rows)) for number in range(len(names))}
    levels = [draw(columns(rows)) for _ in range(draw(st.integers(1, 3)))]
    labels = [draw(st.none() | st.text(max_size=3)) for _ in levels]
    index = pd.Index(levels[0], name=labels[0]) if len(levels) == 1 else pd.MultiIndex.from_arrays(levels, names=labels)
    frame = pd.DataFrame({number: cell.array for number, cell in cells.items()}, index=index)
    frame.columns = pd.Index(names, dtype=object)
    return page(frame)


ANSWERS = st.builds(Answer, st.dictionaries(TEXTS, JSON, max_size=4), st.none() | pages(), st.binary(max_size=50))


@settings(deadline=None)
@given(ANSWERS)
@example(Answer())
def test_an_answer_comes_over_the_wire_as_it_was(sent: Answer) -> None:
    same(sent, Answer.from_bytes(sent.to_bytes()))


@settings(deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda rest: MARK + LENGTHS.pack(9, 3) + rest))
def test_garbage_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError):
        Answer.from_bytes(content)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_garbled_answer_is_refused_or_another_answer(data: st.DataObject) -> None:
    content = bytearray(GARBLED)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(content[: data.draw(st.integers(0, len(content)))]))


def read_or_refuse(content: bytes) -> None:
    try:
        read = Answer.from_bytes(content)
    except FormatError:
        return
    assert isinstance(read.data, dict)
    assert len(read.content) <= len(content)


def _mixed() -> pd.DataFrame:
    columns = {
        "a": [1.5, np.nan],
        "b": ["x", None],
        "d": pd.to_datetime(["2020", None]),
        "e": [1, 2],
        "f": [True, None],
    }
    return page(pd.DataFrame(columns).astype({"f": "boolean"}))


GARBLED = Answer({"rows": 2}, _mixed(), b"content").to_bytes()


def altered(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """The bytes of an answer of one column of two numbers, with its header changed."""
    content = Answer({}, page(pd.DataFrame({"a": [1.5, 2.5]}))).to_bytes()
    length, rest = LENGTHS.unpack_from(content, len(MARK))
    start = len(MARK) + LENGTHS.size
    header = json.loads(content[start : start + length])
    change(header)
    text = json.dumps(header).encode()
    return MARK + LENGTHS.pack(len(text), rest) + text + content[start + length :]


ALTERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "more rows than there are": lambda header: header["frame"].update(rows=10**12),
    "rows below none": lambda header: header["frame"].update(rows=-1),
    "rows that are no number": lambda header: header["frame"].update(rows="2"),
    "an unknown type": lambda header: header["frame"]["types"][1].update(type="decimal128(3, 2)"),
    "a type of objects": lambda header: header["frame"]["types"][1].update(type="extension<arrow.py_extension_type>"),
    "texts that are numbers": lambda header: header["frame"]["types"][1].update(type="string"),
    "a zone that is none": lambda header: header["frame"]["types"][1].update(type="timestamp[us]", zone="Nowhere/X"),
    "a part of negative size": lambda header: header["frame"]["types"][1].update(buffers=[None, -8]),
    "a part that is missing": lambda header: header["frame"]["types"][1].update(buffers=[None, None]),
    "a part that is too small": lambda header: header["frame"]["types"][1].update(buffers=[None, 8]),
    "too many parts": lambda header: header["frame"]["types"][1].update(buffers=[None, 8, 8]),
    "fewer columns than names": lambda header: header["frame"]["types"].pop(),
    "no names": lambda header: header["frame"].pop("columns"),
    "a frame that is a text": lambda header: header.update(frame="frame"),
    "data that are a list": lambda header: header.update(data=[]),
    "no data": lambda header: header.pop("data"),
    "no frame": lambda header: header.pop("frame"),
}


def test_an_answer_that_nobody_altered_is_read() -> None:
    read = Answer.from_bytes(altered(dict))
    assert read.frame is not None
    assert read.frame["a"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_answer_is_refused(name: str) -> None:
    with pytest.raises(FormatError, match="the answer about a value"):
        Answer.from_bytes(altered(ALTERED[name]))


@pytest.mark.parametrize(
    "text",
    [b'{"data": {"a": NaN}, "frame": null}', b'{"data":' + b"[" * 10**5, b"\xff", b'{"data": {}, "data": {}}', b"[]"],
)
def test_data_that_are_no_strict_json_are_refused(text: bytes) -> None:
    with pytest.raises(FormatError):
        Answer.from_bytes(MARK + LENGTHS.pack(len(text), 0) + text)


@pytest.mark.parametrize("data", [{"a": float("nan")}, {"a": object()}, {"a": {1}}])
def test_data_that_are_no_json_are_not_sent(data: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match="not plain JSON"):
        Answer(data).to_bytes()


def test_an_answer_that_is_too_large_says_so_instead() -> None:
    large = Answer({}, content=b"x" * 10_050)
    assert len(large.to_bytes(20_000)) > 10_050
    read = Answer.from_bytes(large.to_bytes(5_000))
    assert read.reason == "It takes 10.1 kB, more than the 5.0 kB that can be shown here."
    assert read.content == b""
    assert MAX_CONTENT < MAX_BYTES


# Who holds a value


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    found: list[str] = []

    def count(value: Any, asking: Question, most: int | None) -> Answer:
        found.append(asking["ask"])
        return answer(value, asking, most)

    monkeypatch.setattr("core.value.holder.answer", count)
    return found


def test_the_latest_answers_are_remembered(counted: list[str]) -> None:
    holder = InMemory(pd.DataFrame({"a": range(100)}))
    assert holder.kind == "frame"
    first = holder.ask(question.statistics())
    assert holder.ask(dict(reversed(question.statistics().items()))) is first
    for number in range(KEPT - 1):
        holder.ask(question.rows(EVERYTHING, number, 1))
    assert holder.ask(question.statistics()) is first
    assert len(counted) == KEPT
    for number in range(KEPT):
        holder.ask(question.rows(EVERYTHING, number, 1))
    assert holder.ask(question.statistics()) is not first


def test_large_contents_are_not_remembered(counted: list[str]) -> None:
    holder = InMemory(np.zeros(MAX_KEPT_BYTES // 8))
    assert len(holder.ask(question.file("npy")).content) > MAX_KEPT_BYTES
    holder.ask(question.file("npy"))
    assert counted == ["file", "file"]


def test_a_value_in_memory_is_saved_whatever_its_size() -> None:
    holder = InMemory(np.zeros(MAX_BYTES // 8))
    assert len(holder.ask(question.file("npy")).content) > MAX_BYTES
    assert holder.ask(question.head()).data["files"] == {"npy": ""}
