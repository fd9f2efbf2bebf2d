"""Values in short: what a person reads of them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.value.excerpt import exact_text, hex_text, number_text, outline, short, size_of, size_text

NUMBERS: list[tuple[Any, str]] = [
    (0, "0"),
    (-1234567, "-1,234,567"),
    (10**5000, "a whole number of 16,610 bits"),
    (0.0, "0"),
    (1234567.891, "1,234,568"),
    (1234.5, "1,234.5"),
    (-0.00123456789, "-0.00123457"),
    (6.02214076e23, "6.02214e+23"),
    (1e-12, "1e-12"),
    (0.1 + 0.2, "0.3"),
    (float("nan"), "nan"),
    (float("-inf"), "-inf"),
    (True, "True"),
    (1 + 2j, "(1+2j)"),
    (np.int64(1234567), "1,234,567"),
    (np.float32(0.1), "0.1"),
    (np.bool_(True), "True"),
    (Decimal("1234567.10"), "1,234,567.10"),
    (Fraction(1, 3), "1/3"),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS, ids=lambda item: str(type(item).__name__))
def test_numbers_have_separators_and_six_digits(value: Any, text: str) -> None:
    assert number_text(value) == text


def test_all_digits_are_there_too() -> None:
    assert exact_text(0.1 + 0.2) == "0.30000000000000004"
    assert exact_text(np.float64(0.1)) == "0.1"
    assert exact_text(10**5000) == "a whole number of 16,610 bits"


class Silent:
    """Something without words."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __sizeof__(self) -> int:
        raise RuntimeError("no size")


CELLS: list[tuple[Any, str]] = [
    ("as it\nstands", "as it\nstands"),
    (dt.date(2020, 1, 2), "2020-01-02"),
    (pd.Timestamp("2020-01-02 03:04"), "2020-01-02 03:04:00"),
    (pd.Period("2020-01"), "2020-01"),
    ([1, [2, ["x"]]], "[1, [2, ['x']]]"),
    ({"a": None}, "{'a': None}"),
    (b"\xff", r"b'\xff'"),
    ("\ud800", r"\ud800"),
]


@pytest.mark.parametrize(("value", "text"), CELLS, ids=lambda item: str(type(item).__name__))
def test_cells(value: Any, text: str) -> None:
    assert short(value) == text


LONG: dict[str, Any] = {
    "text": "x" * 9_000,
    "lists": [list(range(10**5))] * 10**4,
    "number": 10**5000,
    "silent": Silent(),
    "silent inside": [Silent()],
}


@pytest.mark.parametrize("name", LONG)
def test_a_cell_is_short_whatever_it_holds(name: str) -> None:
    assert 0 < len(short(LONG[name])) <= 501


def test_nested_data_becomes_json() -> None:
    value = {"a": [1, 2.5, None, True], 3: ("x", {"y"}), "when": dt.date(2020, 1, 2), "frame": float("inf")}
    data, is_whole = outline(value)
    assert is_whole
    assert data == {"a": [1, 2.5, None, True], "3": ["x", ["y"]], "when": "2020-01-02", "frame": "inf"}
    json.dumps(data, allow_nan=False)


def test_keys_that_read_alike_are_all_there() -> None:
    assert outline({1: "a", "1": "b", (1,): "c"})[0] == {"1": "a", "1 (2)": "b", "(1,)": "c"}


def test_a_number_that_a_browser_cannot_hold_is_a_text() -> None:
    assert outline([2**53 - 1, 2**60 + 1])[0] == [2**53 - 1, "1152921504606846977"]


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


TOO_MUCH: dict[str, Any] = {
    "list": list(range(10**6)),
    "dictionary": {"a": list(range(10**6))},
    "endless": ENDLESS,
    "text": ["x" * 10**6],
    "key": {"k" * 10**6: 1},
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_left_out_and_said(name: str) -> None:
    data, is_whole = outline(TOO_MUCH[name])
    assert not is_whole
    assert len(json.dumps(data)) < 40_000


def test_bytes_are_shown_with_their_places() -> None:
    lines = hex_text(bytes(range(60, 80))).splitlines()
    assert lines[0] == "000000  3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK"
    assert lines[1].split() == ["000010", "4c", "4d", "4e", "4f", "LMNO"]
    assert hex_text(b"\x00\xff").endswith("..")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_234, "1.2 kB"), (5 * 10**6, "5.0 MB"), (10**10, "10.0 GB")],
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_size_may_be_unknown() -> None:
    assert size_of(Silent()) is None
    assert size_of("x") == "x".__sizeof__()
