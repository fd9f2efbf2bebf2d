"""The key of a piece of work changes with everything that its result depends on, and with nothing else."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import version
from core.errors import LiteralError
from core.function import Function
from core.task import Task
from core.work_key import input_identity, task_key
from tests.core import work
from tests.core.sameness import is_same


def function_of(call: Callable[..., Any], path: str = "acme.f") -> Function:
    return Function(path, call, inspect.signature(call))


def free(*parts: Any, first: Any = 0, second: Any = 0, **rest: Any) -> Any:
    """Take anything."""


def key(reads: Any = (), function: Function | None = None, **changes: Any) -> str:
    cells: dict[str, Any] = {"id": "a", "order": 0, "function_path": "acme.f", "output_keys": ("y",), **changes}
    return task_key(function or function_of(free), Task(**cells), reads)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8"))
LITERALS = SCALARS | st.lists(SCALARS, max_size=2) | st.tuples(SCALARS)


def test_key_is_sixty_four_digits_and_stays_the_same() -> None:
    assert len(key()) == 64
    assert int(key(), 16) >= 0
    assert key() == key()


@pytest.mark.parametrize(
    "changes",
    [{"id": "b"}, {"order": 9}, {"note": "n"}, {"output_keys": ("z",)}, {"input_keys": ("q",)}],
    ids=lambda changes: next(iter(changes)),
)
def test_names_and_places_do_not_matter(changes: dict[str, Any]) -> None:
    assert key(**changes) == key()


def test_everything_else_matters() -> None:
    keys = [
        key(),
        key(kwargs={"first": 1}),
        key(kwargs={"second": 1}),
        key(kwargs={"first": True}),
        key(kwargs={"first": 1.0}),
        key(kwargs={"first": "1"}),
        key(kwargs={"first": 0.0}),
        key(kwargs={"first": -0.0}),
        key(kwargs={"first": (1,)}),
        key(kwargs={"first": [1]}),
        key(kwargs={"first": {"a": 1, "b": 2}}),
        key(kwargs={"first": {"b": 2, "a": 1}}),
        key(output_keys=()),
        key(output_keys=("a", "b")),
        key([("r", 0)]),
        key([("r", 1)]),
        key([("s", 0)]),
        key([("r", 0), ("s", 0)]),
        key([("s", 0), ("r", 0)]),
        key(["r"]),
        key(["r", "0"]),
        key(function=function_of(free, "acme.g")),
        key(function=function_of(work.add)),
    ]
    assert len(set(keys)) == len(keys)


def test_order_of_keyword_arguments_matters_only_to_a_function_that_sees_it() -> None:
    assert key(kwargs={"first": 1, "second": 2}) == key(kwargs={"second": 2, "first": 1})
    assert key(kwargs={"a": 1, "first": 2}) == key(kwargs={"first": 2, "a": 1})
    assert key(kwargs={"a": 1, "b": 2}) != key(kwargs={"b": 2, "a": 1})


@given(LITERALS, LITERALS)
def test_inputs_are_told_apart_as_python_tells_them_apart(left: Any, right: Any) -> None:
    assert (input_identity(left) == input_identity(right)) == is_same(left, right)
    assert (key(kwargs={"first": left}) == key(kwargs={"first": right})) == is_same(left, right)


def test_value_without_an_exact_form_has_no_identity() -> None:
    with pytest.raises(LiteralError):
        input_identity(object())
    with pytest.raises(LiteralError):
        key(kwargs={"first": object()})


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package as pip would have installed it, next to another."""
    for name, module in (("acme-tools", "acme"), ("other", "acme_other")):
        (tmp_path / module).mkdir()
        (tmp_path / module / "__init__.py").write_text("def f():\n    return 1\n")
        about = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "RECORD").write_text(f"{about.name}/METADATA,,\n{module}/__init__.py,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    version.forget_versions()
    yield tmp_path
    sys.modules.pop("acme", None)
    version.forget_versions()


def test_version_of_the_package_matters(installed: Path) -> None:
    function = function_of(importlib.import_module("acme").f)
    keys = [key(function=function)]
    for name in ("other-1.0", "acme_tools-1.0"):
        metadata = installed / f"{name}.dist-info" / "METADATA"
        metadata.write_text(metadata.read_text().replace("1.0", "1.1"))
        version.forget_versions()
        keys.append(key(function=function_of(importlib.import_module("acme").f)))
    assert keys[0] == keys[1] != keys[2]


def test_edited_code_matters(installed: Path) -> None:
    module = importlib.import_module("acme")
    before = key(function=function_of(module.f))
    (installed / "acme" / "__init__.py").write_text("def f():\n    return 2\n")
    assert key(function=function_of(module.f)) != before


@pytest.mark.parametrize("name", ["", "math", "json", "no.such", "tests.core.work", "pandas.core.frame"])
def test_any_module_has_a_version_text(name: str) -> None:
    assert version.version_of(name).startswith(f"{sys.version_info.major}.{sys.version_info.minor}")
