"""Which keys a table ends with."""

from __future__ import annotations

import pytest

from core.dataflow import final_keys
from core.table import read_rows


@pytest.mark.parametrize(
    ("rows", "final"),
    [
        ([], []),
        ([[0, "f", (), {}, "a"], [1, "f", "a", {}, "b"]], ["b"]),
        ([[1, "f", "a", {}, "b"], [0, "f", (), {}, ("a", "c")]], ["c", "b"]),
        ([[0, "f", (), {}, "a"], [1, "f", "a", {}, "a"]], ["a"]),
        ([[0, "f", (), {}, "a"], [1, "f", (), {}, "a"], [2, "f", "a", {}, ()]], []),
    ],
)
def test_the_keys_that_no_task_reads_after_they_were_written_last(rows: list[list[object]], final: list[str]) -> None:
    assert final_keys(read_rows(rows)) == final
