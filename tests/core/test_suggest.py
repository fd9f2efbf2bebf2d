"""Names that could be meant."""

from __future__ import annotations

import pytest

from core.suggest import closest


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("pric", ["price", "dates"], ["price"]),
        ("Price", ["price"], ["price"]),
        ("pkg.mod.get_colum", ["pkg.mod.get_column", "pkg.mod.get_prices", "pkg.mod.get_date"], ["pkg.mod.get_column"]),
        ("pkg.mode.load", ["pkg.mod.load", "pkg.mod.save"], ["pkg.mod.load"]),
        ("window1", ["window2", "window3"], ["window3", "window2"]),
        ("zzz", ["price"], []),
        ("", ["price"], []),
        ("x" * 200, ["x" * 200], []),
    ],
)
def test_names_that_are_much_less_alike_are_left_out(name: str, known: list[str], found: list[str]) -> None:
    assert closest(name, known) == found


def test_no_more_are_told_than_are_asked_for() -> None:
    assert closest("key1", ["key2", "key3", "key4", "key5"], 2) == ["key5", "key4"]
