"""The workflow file: exact, strict, and unable to widen what it may call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core import REQUIRED, Catalog, Task, Workflow
from core.errors import FormatError, LiteralError
from tests.core.functions import Thing
from tests.core.tables import CATALOG, MODULE, row

HEAD = {"format": "tasktable.workflow", "version": 1}
MINIMAL = {**HEAD, "tasks": []}


def read(data: Any, **more: Any) -> Workflow:
    return Workflow.from_json(json.dumps({**MINIMAL, **data} if isinstance(data, dict) else data), CATALOG)


def test_file_says_everything_that_a_workflow_holds(tmp_path: Path) -> None:
    tasks = (
        Task("b", 5, f"{MODULE}.identity", ("x",), {"value": (1, {2})}, (), note='why\n"quoted"'),
        Task("a", -1, f"{MODULE}.one", (), {}, ("x", "y")),
    )
    inputs = {"x": REQUIRED, "y": None, "$z": [1.5]}
    workflow = Workflow(tasks, inputs, "A name – é", "What it\nis for", CATALOG)
    path = tmp_path / "file.json"
    text = workflow.to_json(path)
    assert path.read_bytes() == text.encode()
    for source in (path, str(path), text, text.encode(), b"\xef\xbb\xbf" + text.encode()):
        again = Workflow.from_json(source, CATALOG)
        assert again.tasks == tasks
        assert again.declared_inputs == inputs
        assert again.declared_inputs is not None
        assert again.declared_inputs["x"] is REQUIRED
        assert (again.name, again.description) == ("A name – é", "What it\nis for")
        assert again.functions == workflow.digests()
        assert again.to_json() == text


def test_file_has_one_task_a_line() -> None:
    lines = Workflow([row(0, "one"), row(1, "one")], catalog=CATALOG).to_json().splitlines()
    assert sum('"funcPath"' in line for line in lines) == 2


def test_undeclared_inputs_stay_undeclared() -> None:
    workflow = Workflow([row(0, "identity", "a", {}, "b")], catalog=CATALOG)
    again = Workflow.from_json(workflow.to_json(), CATALOG)
    assert again.declared_inputs is None
    assert again.inputs == {"a": REQUIRED}
    assert Workflow.from_json(workflow.replace(inputs={}).to_json(), CATALOG).declared_inputs == {}


def test_cells_that_could_not_be_read_are_saved_as_they_are() -> None:
    cells = {"order": "soon", "funcPath": 5, "inputKeys": ["a", 1], "kwargs": "{bad", "outputKeys": {"a": 1}}
    workflow = Workflow([cells], catalog=CATALOG)
    again = Workflow.from_json(workflow.to_json(), CATALOG)
    assert {column: unread.raw for column, unread in again.tasks[0].unread.items()} == cells
    assert again.problems == workflow.problems


@pytest.mark.parametrize(
    ("workflow", "message"),
    [
        (
            Workflow([row(0, "identity", "a", {"value": [Thing()]})], catalog=CATALOG),
            r"task t1, kwargs\.value\[0\] is a Thing",
        ),
        (Workflow([], {"a": Thing()}, catalog=CATALOG), "the input a is a Thing"),
        (Workflow([row(0, "identity", "a", {"value": "\ud800"})], catalog=CATALOG), "half a character"),
    ],
)
def test_value_without_exact_form_is_refused_naming_the_cell(workflow: Workflow, message: str) -> None:
    with pytest.raises(LiteralError, match=message):
        workflow.to_json()


REFUSED: dict[str, tuple[Any, str]] = {
    "a list": ([], "is not a workflow: expected an object"),
    "a text": ("{", "is not a workflow: expected an object"),
    "no format": ({"format": None}, 'expected "format": "tasktable.workflow"'),
    "other format": ({"format": "kedro"}, "is not a workflow"),
    "version 2": ({"version": 2}, "has the format version 2; this Tasktable reads version 1"),
    "version 0": ({"version": 0}, "format version 0"),
    "version 1.0": ({"version": 1.0}, "format version 1.0"),
    "version true": ({"version": True}, "format version True"),
    "version text": ({"version": "1"}, "format version 1"),
    "version null": ({"version": None}, "format version None"),
    "owner": ({"owner": "me"}, "unknown field 'owner'"),
    "id": ({"id": 1}, "unknown field 'id'"),
    "allowed_functions": ({"allowed_functions": ["os.system"]}, "unknown field 'allowed_functions'"),
    "catalog": ({"catalog": "trusted"}, "unknown field 'catalog'"),
    "__class__": ({"__class__": "x"}, "unknown field '__class__'"),
    "tasks missing": ({"tasks": None}, "has no list of tasks"),
    "tasks an object": ({"tasks": {}}, "has no list of tasks"),
    "task a list": ({"tasks": [[0, "m.f", (), {}, ()]]}, "tasks[0] is not an object"),
    "task a text": ({"tasks": [{}, "x"]}, "tasks[1] is not an object"),
    "unknown field of a task": ({"tasks": [{"order": 0, "trusted": True}]}, "tasks[0] has the unknown field 'trusted'"),
    "equal ids": ({"tasks": [{"id": "a"}, {"id": "a"}]}, "has the id 'a', as has"),
    "bad id": ({"tasks": [{"id": "../a"}]}, "has the id '../a'; an id is"),
    "too many tasks": ({"tasks": [{}] * 20_001}, "more than 20,000 rows"),
    "100,000 tasks": ({"tasks": [{}] * 100_000}, "more than 20,000 rows"),
    "wrong tag": ({"tasks": [{"kwargs": {"a": {"$exec": 1}}}]}, "tasks[0].kwargs.a has the unknown tag '$exec'"),
    "wrong tag in an input": ({"inputs": {"a": [{"$date": "x"}]}}, "inputs.a[0] is not a valid $date"),
    "inputs a list": ({"inputs": ["a"]}, "inputs must be an object"),
    "too many inputs": ({"inputs": {f"i{number}": 1 for number in range(1_001)}}, "more than 1,000 inputs"),
    "name a number": ({"name": 5}, "name must be text"),
    "long name": ({"name": "x" * 201}, "name is longer than 200 characters"),
    "long description": ({"description": "x" * 20_001}, "description is longer than 20,000"),
    "functions a list": ({"functions": []}, "functions must be an object"),
    "digest a number": ({"functions": {"m.f": 1}}, "functions must be an object"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_sentence(name: str) -> None:
    data, message = REFUSED[name]
    text = json.dumps({**MINIMAL, **data} if isinstance(data, dict) else data)
    with pytest.raises(FormatError) as caught:
        Workflow.from_json(text.encode(), CATALOG)
    assert message in str(caught.value)
    assert str(caught.value).startswith("the text")
    assert len(str(caught.value)) < 700


def test_message_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("[")
    with pytest.raises(FormatError, match=r"^mine\.json is not JSON"):
        Workflow.from_json(tmp_path / "mine.json", CATALOG)


@pytest.mark.parametrize("source", ["nowhere.json", "", "a\0b", "x" * 10_000, "/"])
def test_file_that_cannot_be_opened_is_refused(source: str) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        Workflow.from_json(source, CATALOG)


def test_no_more_of_a_file_is_read_than_is_allowed(tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(FormatError, match="larger than 10 MB"):
        Workflow.from_json(tmp_path / "huge.json", CATALOG)


def test_file_may_name_only_what_the_catalog_allows() -> None:
    workflow = read({"tasks": [{"order": 0, "funcPath": "os.getcwd"}], "functions": {"os.getcwd": "abc"}})
    assert [problem.kind for problem in workflow.problems] == ["unknown-function"]
    assert Workflow.from_json(workflow.to_json(), Catalog.trusted()).problems == ()


def test_kwargs_of_a_file_that_are_no_object_are_a_problem_of_the_row() -> None:
    for kwargs in ([1], {"$tuple": [1]}, {"$float": "nan"}, 5):
        workflow = read({"tasks": [{"order": 0, "funcPath": f"{MODULE}.one", "kwargs": kwargs}]})
        assert [problem.kind for problem in workflow.problems] in (["unread-kwargs"], []), kwargs
