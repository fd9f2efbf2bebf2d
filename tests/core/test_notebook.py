"""A workflow as a notebook: it validates, and running its cells gives the same values."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core import REQUIRED, Catalog, Workflow, WorkflowError
from core.compare.value import compare_values
from core.errors import LiteralError
from core.literal import to_text
from core.notebook import to_notebook
from tests.core.tables import CATALOG, MODULE, row, table, trusted
from tests.core.test_export import VALUES

SAMPLES = sorted((Path(__file__).parents[2] / "sample_workflows").glob("*.json"))


def cells(text: str) -> list[dict[str, Any]]:
    nbformat.validate(nbformat.reads(text, as_version=4))
    found: list[dict[str, Any]] = json.loads(text)["cells"]
    return found


def run(text: str) -> dict[str, Any]:
    """The names that the code cells leave behind."""
    names: dict[str, Any] = {}
    for cell in cells(text):
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 - that it runs is what is tested
    return names


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_gives_the_same_values_as_the_workflow(path: Path) -> None:
    workflow = Workflow.from_json(path)
    values, names = workflow.run(), run(to_notebook(workflow))
    for key, value in values.items():
        assert compare_values(value, names[key]).is_equal, key


def test_a_notebook_reads_like_what_a_person_would_write() -> None:
    sources = ["".join(cell["source"]) for cell in cells(to_notebook(Workflow.from_json(SAMPLES[0])))]
    assert sources == [
        "# 1 Price against time\n\nDraws the closing price of a share against time\\.",
        "from sample_workflows import charts\nfrom sample_workflows import prices",
        "ticker = 'WIKI/JPM'\ndateCol = 'Date'",
        "# order 0\ndata = prices.get_prices(ticker)",
        "# order 1\ndates = prices.to_datetime(data, dateCol)\nprice = prices.get_column(data, column='Close')",
        "# order 2\nfig = charts.plot(dates, price, xlabel='Date', ylabels=('Price',))",
        "fig",
    ]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_every_input_and_argument_comes_back(value: object) -> None:
    workflow = table(row(0, "any_keywords", "a", {"b": value}, "x"), inputs={"a": value})
    names = run(to_notebook(workflow))
    if value is REQUIRED:
        assert names["a"] is ...
    else:
        assert to_text(names["a"]) == to_text(value) == to_text(names["x"]["b"])


@pytest.mark.parametrize("key", ["print", "functions", "math", "match", "values", "display", "é", "_", "core", "In"])
def test_keys_that_are_no_names_become_some(key: str) -> None:
    workflow = trusted([0, f"{MODULE}.increment", "a", {}, key], [1, "math.sqrt", key, {}, "x"], inputs={"a": 3})
    assert run(to_notebook(workflow))["x"] == 2.0


def test_several_outputs_none_and_a_rewritten_key() -> None:
    workflow = table(
        row(0, "as_tuple", ("a", "a"), {}, ("x", "y")),
        row(1, "increment", "x", {}, "x"),
        row(2, "one", (), {}, ()),
        row(3, "add", ("x", "y"), {}, "z"),
        inputs={"a": 1},
    )
    names = run(to_notebook(workflow))
    assert (names["x"], names["y"], names["z"]) == (2, 1, 3)


def test_a_task_that_reads_the_registry_gets_a_dictionary() -> None:
    workflow = table(
        row(0, "increment", "a", {}, "thing"),
        row(1, "forget", "__data__", {"key": "thing"}, ()),
        row(2, "registry", "__data__", {}, "left"),
        inputs={"a": 1},
    )
    names = run(to_notebook(workflow))
    assert names["values"] == {"a": 1, "left": ["a"]}
    assert names["values"] == workflow.run()


def test_static_and_class_methods_are_called_through_their_class() -> None:
    workflow = trusted([0, f"{MODULE}.Thing.static", "a", {}, "x"], [1, "math.floor", "x", {}, "y"], inputs={"a": 1})
    assert run(to_notebook(workflow))["y"] == 2


def test_keyword_arguments_without_a_name_of_python_are_passed() -> None:
    workflow = table(row(0, "any_keywords", "a", {"class": 1, "b c": float("nan"), "d": 2}, "x"), inputs={"a": 1})
    found = run(to_notebook(workflow))["x"]
    assert found["class"] == 1
    assert math.isnan(found["b c"])


def test_long_calls_are_broken_into_lines() -> None:
    workflow = table(row(0, "any_keywords", "a", {f"name_{n}": "x" * 20 for n in range(9)}, "x"), inputs={"a": 1})
    text = to_notebook(workflow)
    assert len(run(text)["x"]) >= 9
    assert max(len(line) for cell in cells(text) for line in cell["source"]) < 100


def test_a_table_that_cannot_run_is_no_notebook() -> None:
    with pytest.raises(WorkflowError):
        to_notebook(table(row(0, "increment", "a", {}, "b"), row(0, "no_such", (), {}, "c"), inputs={"a": 1}))


def test_a_value_that_python_cannot_spell_is_named() -> None:
    workflow = Workflow([[0, f"{MODULE}.identity", "a", {}, "b"]], {"a": print}, catalog=Catalog.trusted())
    with pytest.raises(LiteralError, match="the input a"):
        to_notebook(workflow)


@pytest.mark.parametrize(
    "hostile",
    ["![x](https://evil.example/x.png)", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "# h\n---"],
)
def test_title_and_description_are_text(hostile: str) -> None:
    workflow = Workflow(
        [[0, f"{MODULE}.identity", "a", {}, "b"]], {"a": 1}, name=hostile, description=hostile, catalog=CATALOG
    )
    html = MarkdownIt().render("".join(cells(to_notebook(workflow))[0]["source"]))
    assert "<img" not in html
    assert "<a " not in html
    assert "<hr" not in html
    assert html.count("<h") == 1


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_its_place(name: str, description: str, note: str) -> None:
    task = {"id": "t1", "order": 0, "funcPath": f"{MODULE}.identity", "inputKeys": "a", "outputKeys": "b", "note": note}
    workflow = Workflow([task], {"a": name}, name, description, CATALOG)
    try:
        text = to_notebook(workflow)
    except LiteralError:
        assert any(0xD800 <= ord(char) < 0xE000 for char in name)
        return
    assert run(text)["b"] == name
