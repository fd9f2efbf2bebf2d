"""A catalog that travels as data says all that the catalog says, and calls nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sample_workflows
from core import Catalog, Task, Workflow
from core.described import describe, from_description
from core.errors import CatalogError
from core.function import shown
from core.work_key import task_key

SAMPLES = sorted(Path(sample_workflows.__file__).parent.glob("*.json"))
REAL = Catalog.default()


def travelled(catalog: Catalog = REAL) -> Catalog:
    return from_description(json.loads(json.dumps(describe(catalog))))


def test_every_function_arrives() -> None:
    assert list(travelled()) == sorted(REAL)


@pytest.mark.parametrize("path", sorted(REAL))
def test_what_is_known_of_a_function_arrives(path: str) -> None:
    there, here = travelled()[path], REAL[path]
    assert (there.path, there.title, there.doc, there.source, there.digest, there.marking) == (
        here.path,
        here.title,
        here.doc,
        here.source,
        here.digest,
        here.marking,
    )
    assert shown(there.signature) == shown(here.signature)
    assert {name: str(p.annotation) for name, p in there.signature.parameters.items()} == {
        name: str(p.annotation) for name, p in here.signature.parameters.items()
    }
    assert there.defaults == here.defaults


def test_work_has_the_same_key_where_the_function_is_not_loaded() -> None:
    """Else a page would say that Run calls what it reuses: a package's version is only known where it is loaded."""
    catalog = Catalog.from_modules(["textwrap", "packaging.utils"])
    path = "packaging.utils.canonicalize_name"
    task = Task("t1", 0, path, ("name",), {}, ("canonical",))
    keys = {task_key(found[path], task, ["0" * 64]) for found in (catalog, travelled(catalog))}
    assert len(keys) == 1
    assert "packaging" in catalog[path].version


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_table_has_the_same_problems(path: Path) -> None:
    there = Workflow.from_json(path, catalog=travelled())
    here = Workflow.from_json(path)
    assert there.problems == here.problems
    assert there.digests() == here.digests()
    assert there.plan.sources == here.plan.sources


def test_it_is_not_called() -> None:
    with pytest.raises(CatalogError, match="is not called in this process"):
        travelled()["sample_workflows.prices.get_prices"].call("WIKI/JPM")


def test_a_function_that_has_not_changed_stays_the_same_object() -> None:
    former, data = travelled(), describe(REAL)
    edited = [{**item, "digest": "0" * 16} if item["path"].endswith(".get_prices") else item for item in data]
    later = from_description(edited, former)
    assert [path for path in later if later[path] is not former[path]] == ["sample_workflows.prices.get_prices"]
    assert later["sample_workflows.prices.get_prices"].digest == "0" * 16
