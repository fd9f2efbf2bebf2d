"""CSV as people have it, and CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import Catalog, Task, Workflow
from core.csv_text import dumps, guard, loads
from core.errors import FormatError
from core.table import MAX_TASKS

HEADER = "order,funcPath,inputKeys,kwargs,outputKeys\n"
TABLE = (
    Task("t1", 0, "m.get", ("ticker",), {}, ("data",)),
    Task("t2", 1, "m.split", ("data", "col"), {"how": "any", "size": (1, 2)}, ("left", "right")),
    Task("t3", 2, "m.show", (), {}, ()),
)
SPLIT = """1,m.split,"data,col","{'how': 'any', 'size': (1, 2)}","left,right"\n"""
PLAIN = f"{HEADER}0,m.get,ticker,,data\n{SPLIT}2,m.show,,,\n"
AS_PEOPLE_HAVE_IT = {
    "plain": PLAIN,
    "our own": HEADER
    + """0,m.get,ticker,{},data
1,m.split,"data, col","{""how"": ""any"", ""size"": {""$tuple"": [1, 2]}}","left, right"
2,m.show,,{},
""",
    "index column": """,order,funcPath,inputKeys,kwargs,outputKeys
0,0,m.get,"('ticker',)",{},"('data',)"
1,1,m.split,"('data', 'col')","{'how': 'any', 'size': (1, 2)}","('left', 'right')"
2,2,m.show,(),{},()
""",
    "semicolons": """order;funcPath;inputKeys;kwargs;outputKeys
0;m.get;ticker;;data
1;m.split;data,col;{'how': 'any', 'size': (1, 2)};['left', 'right']
2;m.show;;;
""",
    "tabs": "order\tfuncPath\tinputKeys\tkwargs\toutputKeys\n0\tm.get\tticker\t\tdata\n"
    "1\tm.split\tdata,col\t{'how': 'any', 'size': (1, 2)}\tleft,right\n2\tm.show\n",
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "only CR": PLAIN.replace("\n", "\r"),
    "byte order mark": f"\ufeff{PLAIN}",
    "snake case, other order, more columns": """Output_Keys,kwargs,my remark,func_path,input keys,ORDER
data,,hello,m.get,ticker,0.0
"left,right","{'how': 'any', 'size': (1, 2)}",,m.split,"data, col",1
,,"a,b",m.show,,2.00
""",
    "blank lines": "\n\n" + PLAIN.replace("\n", "\n\n,,,,\n"),
    "blank line before semicolons": """
funcPath;order;inputKeys;kwargs;outputKeys
m.get;0;ticker;;data
m.split;1;data,col;{'how': 'any', 'size': (1, 2)};left,right
m.show;2;;;
""",
    "short lines": PLAIN.replace("m.show,,,", "m.show"),
    "comma at the end of keys": PLAIN.replace("left,right", "left,right,").replace(",data\n", ',"data,"\n'),
    "quoted single keys": PLAIN.replace(",ticker,", ",'ticker',").replace(",data\n", ',"(""data"")"\n'),
}


@pytest.mark.parametrize("name", AS_PEOPLE_HAVE_IT)
def test_table_is_read_from(name: str) -> None:
    assert loads(AS_PEOPLE_HAVE_IT[name]) == TABLE
    assert loads(AS_PEOPLE_HAVE_IT[name].encode()) == TABLE


@pytest.mark.parametrize("text", ["order,funcPath\n0,m.f\n", "funcPath;order\nm.f;0\n", "func_path\torder\nm.f\t 0 \n"])
def test_optional_columns_may_be_missing(text: str) -> None:
    assert loads(text) == (Task("t1", 0, "m.f"),)


def test_rows_keep_table_order_ids_and_notes() -> None:
    tasks = (
        Task("b", 5, "m.f", note='first, "quoted"\nsecond line'),
        Task("a", -3, "m.g", ("x",), {"nested": {"deep": [1, None]}}),
    )
    assert loads(dumps(tasks)) == tasks


def test_default_ids_and_empty_notes_are_not_written() -> None:
    assert dumps(TABLE).partition("\n")[0] == "order,funcPath,inputKeys,kwargs,outputKeys"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "'=1", "''@x"])
def test_cell_that_begins_like_a_formula_is_quoted_and_read_back(text: str) -> None:
    tasks = (Task("t1", 0, text, (text,), {}, ("out",), note=text),)
    written = dumps(tasks)
    frame = pd.read_csv(io.StringIO(written))
    for column in ("funcPath", "note"):
        assert frame[column][0].startswith("'")
    assert loads(written) == tasks


@settings(max_examples=300)
@given(st.text(st.one_of(st.sampled_from("'=+-@\t\r\n,;\""), st.characters(codec="utf-8", exclude_characters="\0"))))
def test_any_text_survives_the_guard_and_never_begins_like_a_formula(text: str) -> None:
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    tasks = (Task("t1", 0, "m.f", note=text),)
    assert loads(dumps(tasks)) == tasks


def test_negative_order_is_a_number_for_a_spreadsheet() -> None:
    assert dumps((Task("t1", -1, "m.f"),)).splitlines()[1].startswith("-1,")


def test_cell_that_cannot_be_read_comes_back_as_it_was() -> None:
    text = HEADER + 'soon,m.f,"(a",{bad,out\n'
    tasks = loads(text)
    assert {column: cell.raw for column, cell in tasks[0].unread.items()} == {
        "order": "soon",
        "inputKeys": "(a",
        "kwargs": "{bad",
    }
    assert loads(dumps(tasks)) == tasks


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no column order and no column funcPath"),
        ("hello\n", "no column order and no column funcPath; expected are order, funcPath"),
        ("order,kwargs\n0,{}\n", "has no column funcPath"),
        ("order,funcPath,order\n0,m.f,1\n", "has the column order twice"),
        ("order,funcPath,ORDER\n0,m.f,1\n", "has the column order twice"),
        (HEADER + '0,"m.f\n1,m.g\n', "is not CSV: unexpected end of data (line 3)"),
        (HEADER + '0,"m.f"x,,,\n', "is not CSV"),
        (HEADER + "0,m.f,,,,extra\n", "has 6 cells in line 2, more than its 5 columns"),
        (HEADER + "\n0,m.f\n1,a,b,c,d,e,f\n", "has 7 cells in line 4"),
        (HEADER + "0,m.f\0,,,\n", "NUL character"),
        (HEADER + "0,m.\ud800,,,\n", "half a character"),
        (HEADER.encode("utf-16"), "not UTF-8 text"),
        (HEADER.encode() + b"0,m.\xe9,,,\n", "not UTF-8 text (at byte 47)"),
        (HEADER + "0," + "a" * 200_000 + ",,,\n", "field larger than field limit"),
        (HEADER + "0,m.f\n" * (MAX_TASKS + 1), f"has more than {MAX_TASKS:,} rows"),
        (HEADER + "0,m.f\n" * 100_000, f"has more than {MAX_TASKS:,} rows"),
        (HEADER + "0," * 3_000_000, "cells in line 2"),
        ("id," + HEADER + "a,0,m.f\nb,0,m.f\na,0,m.f\n", "[2] has the id 'a', as has a.csv[0]"),
        ("id," + HEADER + "../x,0,m.f\n", "has the id '../x'; an id is 1 to 64 letters"),
    ],
    ids=lambda value: repr(value[:50]),
)
def test_refused_saying_what_and_where(content: str | bytes, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        loads(content, "a.csv")
    assert str(caught.value).startswith("a.csv")
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 250


def test_workflow_reads_and_writes_csv_files(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    text = Workflow(TABLE, catalog=Catalog()).to_csv(path)
    assert path.read_bytes() == text.encode()
    read = Workflow.from_csv(path, {"ticker": "JPM"}, Catalog())
    assert read.tasks == TABLE
    assert read.name == "prices"
    assert read.inputs == {"ticker": "JPM"}
    assert Workflow.from_csv(str(path), catalog=Catalog()).tasks == TABLE
    assert Workflow.from_csv(path.read_bytes(), catalog=Catalog()).tasks == TABLE


@pytest.mark.parametrize("place", ["nowhere.csv", ".", "a\0b"])
def test_file_that_cannot_be_opened_is_refused(place: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        Workflow.from_csv(str(tmp_path / place), catalog=Catalog())
