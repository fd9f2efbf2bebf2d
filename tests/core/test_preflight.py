"""What a file from elsewhere needs is said before anything runs."""

from __future__ import annotations

from core import Workflow
from core.catalog import Catalog
from core.preflight import preflight

CATALOG = Catalog.from_modules(["tests.core.functions"])
IDENTITY, ADD = "tests.core.functions.identity", "tests.core.functions.add"


def test_everything_there_is_to_know_is_said() -> None:
    rows = [[0, IDENTITY, "a", {}, "x"], [1, ADD, ("x", "b"), {}, "y"], [2, "acme.gone", "y", {}, "z"]]
    digest = Workflow(rows, catalog=CATALOG).digests()[IDENTITY]
    workflow = Workflow(rows, catalog=CATALOG, functions={IDENTITY: "0" * 16, ADD: digest, "acme.gone": "1" * 16})
    assert preflight(workflow) == [
        f"It would call {IDENTITY}, {ADD}",
        "These functions are not in the catalog here: acme.gone",
        f"The code of these functions differs from where the file was written: {IDENTITY}",
        "These inputs have no value yet: a, b",
    ]


def test_a_file_that_just_runs_only_says_what_it_calls() -> None:
    workflow = Workflow([[0, IDENTITY, "a", {}, "x"]], {"a": 1}, catalog=CATALOG)
    assert preflight(workflow) == [f"It would call {IDENTITY}"]


def test_a_long_list_is_cut() -> None:
    rows = [[0, f"acme.f{number}", (), {}, f"k{number}"] for number in range(30)]
    (line,) = preflight(Workflow(rows, catalog=CATALOG))
    assert line.endswith("acme.f11, and 18 more")
