"""Everything that can be wrong with a table: kind, place, message, hint, severity; and all of it at once."""

from __future__ import annotations

import builtins
import inspect
from typing import Any

import pytest

from core import REQUIRED, Catalog, Problem, Task, Workflow
from core.cell import MAX_ORDER
from core.check import MAX_PROBLEMS, is_valid_key
from core.table import MAX_TASKS
from tests.core.tables import CATALOG, MODULE, chain, kinds, only_problem, row, table, trusted

NOT_SAVED = "is a builtin_function_or_method, which has no exact form in a file, so this workflow cannot be saved"
KEY_HINT = "use letters, digits and underscores, not starting with a digit, at most 100"


def error(kind: str, column: str, message: str, hint: str = "", place: int = 1) -> Problem:
    return Problem(kind, message, f"t{place}", place, column, hint)


ONE_ROW: list[tuple[list[Any], Problem]] = [
    (
        [0, f"{MODULE}.incremnt", "a", {}, "x"],
        error(
            "unknown-function",
            "funcPath",
            f"'{MODULE}.incremnt' is not in the catalog",
            f"did you mean {MODULE}.increment?",
        ),
    ),
    (
        [0, "", "a", {}, "x"],
        error("unknown-function", "funcPath", "the function path is empty", "pick a function from the catalog"),
    ),
    (
        [0, "os.system", "a", {}, "x"],
        error("unknown-function", "funcPath", "'os.system' is not in the catalog", "pick a function from the catalog"),
    ),
    (
        row(0, "add", "a", {}, "x"),
        error(
            "missing-argument", "inputKeys", "the argument right of add is missing", "the signature is add(left, right)"
        ),
    ),
    (
        row(0, "add", ("a", "b", "c"), {}, "x"),
        error(
            "argument-count",
            "inputKeys",
            "add takes 2 arguments by position, 3 given",
            "the signature is add(left, right)",
        ),
    ),
    (
        row(0, "one", "a", {}, "x"),
        error("argument-count", "inputKeys", "one takes no arguments by position, 1 given", "the signature is one()"),
    ),
    (
        row(0, "increment", "a", {"bye": 1}, "x"),
        error("unknown-keyword", "kwargs", "increment takes no keyword argument 'bye'", "did you mean by?"),
    ),
    (
        row(0, "increment", "a", {"zzz": 1}, "x"),
        error(
            "unknown-keyword",
            "kwargs",
            "increment takes no keyword argument 'zzz'",
            "the signature is increment(value, by=1)",
        ),
    ),
    (
        row(0, "keyword_only", "a", {}, "x"),
        error(
            "missing-keyword",
            "kwargs",
            "the keyword argument scale of keyword_only is missing",
            "the signature is keyword_only(value, *, scale, offset=0)",
        ),
    ),
    (
        row(0, "increment", ("a", "b"), {"by": 1}, "x"),
        error(
            "argument-twice",
            "kwargs",
            "the argument by is given twice, by an input key and in kwargs",
            "remove by from one of them",
        ),
    ),
    (
        row(0, "positional_only", "a", {"other": 1}, "x"),
        error(
            "positional-only",
            "kwargs",
            "the argument other can only be given by an input key",
            "the signature is positional_only(value, other=2, /, third=3)",
        ),
    ),
    (
        row(0, "identity", "a b", {}, "x"),
        error("invalid-key", "inputKeys", "'a b' is not a valid key", KEY_HINT),
    ),
    (row(0, "identity", "a", {}, "1x"), error("invalid-key", "outputKeys", "'1x' is not a valid key", KEY_HINT)),
    (row(0, "identity", "a", {}, "__data__"), error("invalid-key", "outputKeys", "'__data__' is reserved", KEY_HINT)),
    (row(0, "identity", "a", {}, ("x", "x")), error("duplicate-output", "outputKeys", "'x' stands twice in one row")),
    (
        row(0, "identity", "a", {}, "a"),
        error(
            "cycle",
            "inputKeys",
            "the row reads a, which only it writes",
            "declare it as an input, or rename the output",
        ),
    ),
    (
        row("soon", "identity", "a", {}, "x"),
        error("unread-order", "order", "the order must be a whole number, not 'soon'"),
    ),
    (
        row(1.5, "identity", "a", {}, "x"),
        error("unread-order", "order", "the order must be a whole number, not 1.5"),
    ),
    (
        row(None, "identity", "a", {}, "x"),
        error("unread-order", "order", "the order is empty, expected a whole number"),
    ),
    (
        row(MAX_ORDER + 1, "identity", "a", {}, "x"),
        error("unread-order", "order", "the order must lie within ±1,000,000,000"),
    ),
    (
        row(0, "identity", "a", [1], "x"),
        error("unread-kwargs", "kwargs", "the kwargs must be a JSON object such as {}, not [1]"),
    ),
    (
        row(0, "identity", "a", {1: 2}, "x"),
        error("unread-kwargs", "kwargs", "every name in kwargs must be text, not 1"),
    ),
    (row(0, "identity", 5, {}, "x"), error("unread-keys", "inputKeys", "the keys must be names, not 5")),
    (row(0, "identity", "a", {}, [None]), error("unread-keys", "outputKeys", "every key must be text, not None")),
    ([0, 5, "a", {}, "x"], error("unread-func-path", "funcPath", "the function path must be text, not 5")),
    (
        row(0, "any_keywords", "a", {"b": open}, "x"),
        Problem(
            "not-literal",
            f"kwargs.b {NOT_SAVED}",
            "t1",
            1,
            "kwargs",
            severity="warning",
        ),
    ),
]


@pytest.mark.parametrize("path", ["increment", "incremnt"])
def test_a_function_that_is_called_by_its_own_name_only_is_offered_with_its_path(path: str) -> None:
    problem = only_problem(Workflow([[0, path, "a", {}, "x"]], {"a": 1}, catalog=CATALOG))
    assert (problem.kind, problem.offers) == ("unknown-function", (f"{MODULE}.increment",))


def test_a_key_that_comes_later_is_not_what_was_meant() -> None:
    rows = [[0, f"{MODULE}.increment", "out", {}, "out2"], [1, f"{MODULE}.increment", "out2", {}, "out3"]]
    (problem,) = [found for found in Workflow(rows, {"outs": 1}, catalog=CATALOG).problems if found.severity == "error"]
    assert (problem.kind, problem.offers) == ("never-produced", ("outs",))


@pytest.mark.parametrize(("cells", "problem"), ONE_ROW, ids=lambda value: getattr(value, "kind", ""))
def test_one_row_has_one_problem(cells: list[Any], problem: Problem) -> None:
    assert only_problem(table(cells)) == problem


def test_kwargs_that_cannot_be_read_are_reported_with_the_reason() -> None:
    problem = only_problem(table(row(0, "identity", "a", "{bad", "x")))
    assert (problem.kind, problem.column) == ("unread-kwargs", "kwargs")
    assert problem.message.startswith("the kwargs cannot be read: the text is not JSON")


NOT_TEXT: dict[Any, Any] = {"a": 1, 5: 1}
SEVERAL_ROWS: list[tuple[Workflow, Problem]] = [
    (
        table(row(0, "add", ("pric", "price"), {}, "x"), inputs={"price": 1}),
        error("never-produced", "inputKeys", "no task writes 'pric', and it is not an input", "did you mean price?"),
    ),
    (
        table(row(0, "identity", "zzz", {}, "x"), inputs={}),
        error(
            "never-produced",
            "inputKeys",
            "no task writes 'zzz', and it is not an input",
            "declare it as an input, or let an earlier task write it",
        ),
    ),
    (
        table(row(1, "identity", "x"), row(2, "one", (), {}, "x")),
        error(
            "read-too-early",
            "inputKeys",
            "x is read before row 2 (order 2) writes it: the order contradicts the data",
            "give this row an order above 2",
        ),
    ),
    (
        table(row(1, "identity", "x", {}, "y"), row(1, "one", (), {}, "x")),
        error(
            "read-too-early",
            "inputKeys",
            "x is read before row 2 (order 1) writes it: the order contradicts the data",
            "move this row below it",
        ),
    ),
    (
        table(row(0, "identity", "b", {}, "a"), row(1, "identity", "a", {}, "b")),
        error(
            "cycle",
            "inputKeys",
            "b comes from row 2 (order 1), which itself needs this row's output: a cycle",
            "no order can run this; let one of them read another key",
        ),
    ),
    (
        table(row(0, "one", (), {}, "x"), row(1, "increment", "x", {}, "x"), row(1, "identity", "x", {}, "y")),
        Problem(
            "written-twice",
            "x is also written by row 1 (order 0); later rows read this one",
            "t2",
            2,
            "outputKeys",
            "give one of them another name, unless this is meant",
            "warning",
        ),
    ),
    (
        table(
            row(0, "one", (), {}, "x"),
            row(0, "as_pair", ("a", "a"), {}, ("b", "c")),
            row(1, "add", ("x", "b"), {}, "y"),
        ),
        Problem("never-read", "nothing reads c", "t2", 2, "outputKeys", severity="note"),
    ),
    (
        table(row(0, "one", (), {}, "x"), row(1, "one", (), {}, "y")),
        Problem("never-read", "nothing reads x", "t1", 1, "outputKeys", severity="note"),
    ),
    (
        table(row(0, "one", (), {}, "x"), inputs={"a": 1}),
        Problem("unused-input", "no task reads the input a", hint="remove it", severity="note"),
    ),
    (
        table(row(0, "identity", "a", {}, "x"), inputs={"a": 1, "b c": 1}),
        Problem("invalid-key", "the input 'b c' is not a valid name", hint=KEY_HINT),
    ),
    (
        table(row(0, "identity", "a", {}, "x"), inputs=NOT_TEXT),
        Problem("invalid-key", "the input '5' is not a valid name", hint=KEY_HINT),
    ),
    (
        table(row(0, "identity", "a", {}, "x"), inputs={"a": open}),
        Problem(
            "not-literal",
            f"the input a {NOT_SAVED}",
            severity="warning",
        ),
    ),
    (table(), Problem("empty-table", "the table has no tasks", hint="add a task")),
    (
        Workflow([Task(f"t{n}", 0, "m.f") for n in range(MAX_TASKS + 1)], catalog=CATALOG),
        Problem("too-many-rows", f"the table has {MAX_TASKS + 1:,} tasks, at most {MAX_TASKS:,} are allowed"),
    ),
]


@pytest.mark.parametrize(("workflow", "problem"), SEVERAL_ROWS, ids=lambda value: getattr(value, "kind", ""))
def test_table_has_one_problem(workflow: Workflow, problem: Problem) -> None:
    assert only_problem(workflow) == problem


NO_PROBLEM = {
    "reads a declared input": table(row(0, "identity", "a", {}, "x"), inputs={"a": REQUIRED}),
    "reads an undeclared input": table(row(0, "identity", "a", {}, "x")),
    "overwrites a declared input": table(row(0, "increment", "a", {}, "a"), inputs={"a": 1}),
    "reads an input before it is overwritten": table(
        row(0, "identity", "a", {}, "b"), row(1, "add", ("a", "b"), {}, "a"), inputs={"a": 1}
    ),
    "rows out of order": table(row(1, "identity", "x", {}, "y"), row(0, "one", (), {}, "x")),
    "registry reader reads every input and output": table(
        row(0, "one", (), {}, "x"), row(1, "registry", "__data__", {}, "y"), inputs={"a": 1}
    ),
    "keys in other scripts": table(row(0, "identity", "größe", {}, "価格")),
    "chain": table(*chain(50)),
}


@pytest.mark.parametrize("name", NO_PROBLEM)
def test_no_problem_with_a_table_that(name: str) -> None:
    assert NO_PROBLEM[name].problems == ()


def test_everything_is_reported_at_once_errors_first() -> None:
    workflow = table(
        row("x", "identity", "a", {}, "ok"),
        row(0, "nowhere", "a", {}, "b"),
        row(1, "add", ("a",), {"zzz": 1}, ("c d", "c d")),
        row(2, "identity", "later", {}, "never"),
        row(3, "one", (), {}, "later"),
        row(3, "one", (), {}, "later"),
        row(4, "identity", "unknown", {}, "self"),
        row(5, "identity", "loop2", {}, "loop1"),
        row(6, "identity", "loop1", {"value": 1}, "loop2"),
        row(7, "any_keywords", (), {"a": open}, "end"),
        inputs={"a": 1, "unused": 2, "bad name": print},
    )
    found = [(problem.kind, problem.row) for problem in workflow.problems]
    assert sorted(found, key=str) == sorted(
        [
            ("unread-order", 1),
            ("unknown-function", 2),
            ("missing-argument", 3),
            ("unknown-keyword", 3),
            ("invalid-key", 3),
            ("duplicate-output", 3),
            ("read-too-early", 4),
            ("never-produced", 7),
            ("cycle", 8),
            ("argument-twice", 9),
            ("invalid-key", None),
            ("written-twice", 6),
            ("not-literal", 10),
            ("not-literal", None),
            ("never-read", 1),
            ("never-read", 2),
            ("never-read", 3),
            ("never-read", 4),
            ("never-read", 5),
            ("never-read", 6),
            ("never-read", 7),
            ("never-read", 9),
            ("unused-input", None),
        ],
        key=str,
    )
    severities = [problem.severity for problem in workflow.problems]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)


def test_problem_is_a_sentence_with_its_place() -> None:
    problem = only_problem(table(row(0, "add", "a", {}, "x")))
    assert str(problem) == "row 1, inputKeys: the argument right of add is missing (the signature is add(left, right))"
    assert str(Problem("empty-table", "the table has no tasks")) == "the table has no tasks"


def test_problem_of_a_shared_shape_is_told_for_every_row() -> None:
    workflow = table(*(row(0, "add", "a", {}, f"x{number}") for number in range(100)))
    assert [(p.kind, p.row) for p in workflow.problems] == [("missing-argument", place) for place in range(1, 101)]


REFUSED = {
    "a_lambda": None,
    "a_partial": "is a partial, not a plain function",
    "a_callable": "is a Thing, not a plain function",
    "Thing": "is a class, not a function",
    "calls": "is a list, not a function",
    "asynchronous": "is an async function; a task needs a plain one",
    "asynchronous_generator": "is an async function; a task needs a plain one",
    "made_asynchronous": "is an async function; a task needs a plain one",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_function_is_not_in_the_catalog(name: str) -> None:
    assert only_problem(table(row(0, name, "a", {}, "x"))).kind == "unknown-function"


@pytest.mark.parametrize("name", [name for name in REFUSED if REFUSED[name]])
def test_what_is_no_plain_function_is_refused_in_trusted_code_with_the_reason(name: str) -> None:
    problem = only_problem(trusted(row(0, name, "a", {}, "x")))
    assert (problem.kind, problem.column) == ("not-a-function", "funcPath")
    assert problem.message == f"'{MODULE}.{name}' {REFUSED[name]}"


def has_no_signature(value: Any) -> bool:
    if not inspect.isroutine(value):
        return False
    try:
        inspect.signature(value)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("name", [name for name, value in vars(builtins).items() if has_no_signature(value)])
def test_builtin_without_signature_is_refused_with_the_reason(name: str) -> None:
    problem = only_problem(trusted([0, f"builtins.{name}", "a", {}, "x"]))
    assert problem.kind == "not-a-function"
    assert "built in without a signature" in problem.message


def test_function_with_a_broken_signature_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.core import functions

    monkeypatch.setattr(functions.identity, "__signature__", "none", raising=False)
    assert "without a signature" in only_problem(trusted(row(0, "identity", "a", {}, "x"))).message


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere_at_all.f", "there is no module 'nowhere_at_all'"),
        (f"{MODULE}.nothing", f"{MODULE} has no"),
        ("tests.core.nowhere.f", "the module tests.core has no 'nowhere'"),
        ("os.path.join.x", "os.path.join has no attribute 'x'"),
        ("len", "'len' is not the dotted path of a function"),
        ("a..b", "'a..b' is not the dotted path of a function"),
        (".a.b", "is not the dotted path of a function"),
        ("os.path.join ", "is not the dotted path of a function"),
        ("x" * 1_000_000 + ".f", "is not the dotted path of a function"),
    ],
)
def test_path_that_names_nothing_is_refused_in_trusted_code(path: str, message: str) -> None:
    problem = only_problem(trusted([0, path, "a", {}, "x"]))
    assert problem.kind == "unknown-function"
    assert message in problem.message or path.startswith(MODULE)
    assert len(problem.message) < 200


def test_module_that_cannot_be_imported_is_refused_in_trusted_code(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "breaks_on_import.py").write_text("1 / 0")
    (tmp_path / "leaves_on_import.py").write_text("raise SystemExit(3)")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, reason in (("breaks_on_import", "ZeroDivisionError"), ("leaves_on_import", "SystemExit: 3")):
        message = only_problem(trusted([0, f"{name}.f", (), {}, "x"])).message
        assert message.startswith(f"the module {name} cannot be imported: {reason}")


@pytest.mark.parametrize(
    ("key", "is_valid"),
    [("a", True), ("_", True), ("a1", True), ("é", True), ("a" * 100, True), ("a" * 101, False), ("", False),
     ("1a", False), ("a-b", False), ("a\n", False), ("a.b", False), ("__data__", False), ("\ud800", False),
     ("<b>", False), ("a\u202eb", False)],
)  # fmt: skip
def test_key_is_valid(key: str, is_valid: bool) -> None:
    assert is_valid_key(key) is is_valid


HOSTILE = {
    "unknown keys in every row": [[0, f"{MODULE}.identity", f"unknown{n}", {}, f"x{n}"] for n in range(20_000)],
    "unknown functions in every row": [[0, f"{MODULE}.nowhere{n}", "a", {}, f"x{n}"] for n in range(20_000)],
    "as many unknown keys as fit": [
        [0, f"{MODULE}.spread", tuple(f"k{place}" for place in range(1_000)), {}, "x"] for n in range(100)
    ],
    "as many unknown keywords as fit": [
        [0, f"{MODULE}.identity", "a", {f"k{place}": 1 for place in range(1_000)}, "x"] for n in range(100)
    ],
    "as many output keys as fit": [
        [0, f"{MODULE}.identity", "a", {}, tuple(f"k{place}" for place in range(1_000))] for n in range(100)
    ],
    "one output key a thousand times": [[0, f"{MODULE}.identity", "a", {}, ("k",) * 1_000] for n in range(100)],
    "key of a million characters": [[0, f"{MODULE}.identity", "k" * 1_000_000, {}, "x"]],
    "path of a million characters": [[0, "k" * 1_000_000, "a", {}, "x"]],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_table_is_checked_with_bounded_work(name: str) -> None:
    found = Workflow(HOSTILE[name], {"a": 1}, catalog=CATALOG).problems
    assert 0 < len(found) <= MAX_PROBLEMS
    assert sum(len(str(problem)) for problem in found) < 20_000_000


def test_kinds_are_kebab_case_and_stable_for_programs() -> None:
    found = {problem.kind for _, problem in [*ONE_ROW, *SEVERAL_ROWS]}
    assert all(kind == kind.lower() and " " not in kind for kind in found)
    assert len(found) == 22


def test_nothing_is_executed_by_checking(calls: list[Any]) -> None:
    workflow = table(row(0, "count", "a", {}, "x"), row(1, "fail", "x", {}, "y"), row(2, "leave", "y"))
    assert kinds(workflow) == []
    workflow.to_graph(), workflow.to_json(), workflow.to_csv(), workflow.to_dataframe(), workflow._repr_html_()
    assert calls == []


def test_empty_catalog_has_no_hint() -> None:
    assert only_problem(Workflow([[0, "a.b", (), {}, "x"]], catalog=Catalog())).hint == ""
