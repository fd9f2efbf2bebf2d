"""What people type in a cell: JSON, Python literals, and nothing that runs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LiteralError
from core.notation import MAX_LENGTH, parse
from tests.core.sameness import is_same


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (" -1.50 ", -1.5),
        ("+2", 2),
        ("1_000", 1000),
        ("0x10", 16),
        ('"a"', "a"),
        ("'a'", "a"),
        ("'it''s'", "its"),
        ("None", None),
        ("null", None),
        ("True", True),
        ("true", True),
        ("[1, true, null]", [1, True, None]),
        ("[1, True, None, ]", [1, True, None]),
        ('{"a": 1}', {"a": 1}),
        ("{'a': (1,), 'b': {1, 2}}", {"a": (1,), "b": {1, 2}}),
        ("{'a': true, 'b': null}", {"a": True, "b": None}),
        ("('a', 'b')", ("a", "b")),
        ("'a', 'b'", ("a", "b")),
        ("()", ()),
        ("set()", set()),
        ("b'ab'", b"ab"),
        ("{'a': nan}", {"a": float("nan")}),
        ("-inf", float("-inf")),
        ('{"$tuple": [1]}', (1,)),
        ("  {'a': 1}  ", {"a": 1}),
    ],
)
def test_text_spells_value(text: str, value: Any) -> None:
    result = parse(text)
    assert is_same(result, value), f"{result!r} came back"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Close",
        "a b",
        "1 +",
        "1 + 1",
        "2 ** 10",
        "1 + 2j + 3",
        "1 + True",
        "'a' 'b' + 'c'",
        "'a' + 1j",
        "-'a'",
        "-True",
        "not True",
        "...",
        "[1, ...]",
        "f'{1}'",
        "lambda: 1",
        "[x for x in (1, 2)]",
        "open('/etc/passwd')",
        "__import__('os').system('true')",
        "().__class__",
        "datetime.datetime.now()",
        "datetime.timezone.max",
        "datetime.datetime.fromtimestamp(0)",
        "Timestamp('now')",
        "Timestamp('today')",
        "pd.Timestamp.now()",
        "np.datetime64('now')",
        "np.datetime64('today')",
        "np.load('file')",
        "os.path",
        "ZoneInfo('../../etc/passwd')",
        "zoneinfo.ZoneInfo('/etc/passwd')",
        "zoneinfo.ZoneInfo()",
        "set([[1]])",
        "{[1]: 2}",
        "{[1]}",
        "{'a': 1, 'a': 2}",
        "{'a': 1, **{'b': 2}}",
        "[*[1]]",
        "set(*[[1]])",
        "Decimal('x')",
        "datetime.date(2020, 2, 30)",
        "datetime.date(*[2020, 1, 1])",
        "datetime.timedelta(days=10**20)",
        "Decimal(1, 2, 3)",
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        '{"$eval": 1}',
        "'\ud800'",
        "'a\0b'",
        "9" * 5000,
        "(" * 1000 + ")" * 1000,
        "[" * 5000 + "]" * 5000,
        "-" * 5000 + "1",
        "a." * 5000 + "a",
        "1+" * 5000 + "1",
        "[" * 90 + "None" + "]" * 90,
        "'" + "a" * MAX_LENGTH + "'",
    ],
    ids=lambda text: repr(text[:40]),
)
def test_text_that_is_no_value_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(LiteralError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    try:
        value = parse(text)
    except LiteralError:
        return
    assert is_same(parse(repr(value)), value)
