"""What a form can learn from the type that an author has written."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.reading.annotation import Annotation, read_annotation


@pytest.mark.parametrize(
    ("text", "names", "choices"),
    [
        ("int", {"int"}, ()),
        ("dt.date | None", {"date", "None"}, ()),
        ("datetime.date", {"date"}, ()),
        ("Optional[date]", {"date", "None"}, ()),
        ("typing.Union[int, float, str]", {"int", "float", "str"}, ()),
        ("Annotated[float, 'in percent']", {"float"}, ()),
        ("'pd.DataFrame'", {"DataFrame"}, ()),
        ("Mapping[str, int]", {"Mapping"}, ()),
        ("Literal['simple', 'exponential']", (), ("simple", "exponential")),
        ("typing.Literal[1, -2, None] | None", {"None"}, (1, -2, None)),
        ("Literal['all'] | int", {"int"}, ()),
        ("Literal[Mode.FAST]", (), ()),
        ("<class 'inspect._empty'>", (), ()),
        ("1 +", (), ()),
        ("", (), ()),
        ("(" * 500 + ")" * 500, (), ()),
    ],
)
def test_types_and_values_that_are_allowed(text: str, names: Any, choices: tuple[Any, ...]) -> None:
    assert read_annotation(text) == Annotation(frozenset(names), choices)
