"""A function's digest changes with the code that it runs, and with nothing else."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import Catalog, Workflow
from core.digest import module_digest

FILES = {
    "acme/__init__.py": "",
    "acme/functions.py": "from acme import middle\nimport os, json\n\n\ndef work():\n    return middle.value()\n",
    "acme/middle.py": "from .deep.helper import value\n",
    "acme/deep/__init__.py": "",
    "acme/deep/helper.py": "def value():\n    return 1\n",
    "acme/unrelated.py": "x = 1\n",
    "elsewhere.py": "y = 1\n",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    importlib.import_module("acme.functions")
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == "acme"]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["acme/functions.py", "acme/middle.py", "acme/deep/helper.py", "acme/__init__.py"])
def test_editing_what_the_function_runs_changes_it(root: Path, name: str) -> None:
    before = module_digest("acme.functions")
    (root / name).write_text(FILES[name] + "z = 2\n")
    assert module_digest("acme.functions") != before
    (root / name).write_text(FILES[name])
    assert module_digest("acme.functions") == before


@pytest.mark.parametrize("name", ["acme/unrelated.py", "elsewhere.py"])
def test_editing_something_else_does_not(root: Path, name: str) -> None:
    before = module_digest("acme.functions")
    (root / name).write_text("z = 2\n")
    assert module_digest("acme.functions") == before


def test_line_endings_do_not_count(root: Path) -> None:
    before = module_digest("acme.functions")
    for name, text in FILES.items():
        (root / name).write_bytes(text.replace("\n", "\r\n").encode())
    assert module_digest("acme.functions") == before


@pytest.mark.parametrize("content", [b"def f(:\n", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", b"x = '\xe9'\n", b"\0"])
def test_helper_that_cannot_be_parsed_counts_by_its_bytes(root: Path, content: bytes) -> None:
    before = module_digest("acme.functions")
    (root / "acme/middle.py").write_bytes(content)
    after = module_digest("acme.functions")
    assert len(after) == 16
    assert after != before


def test_digest_looks_at_files_and_imports_nothing(root: Path) -> None:
    (root / "acme/deep/helper.py").write_text("from acme import unrelated\n1 / 0\n")
    assert len(module_digest("acme.functions")) == 16
    assert "acme.unrelated" not in sys.modules


@pytest.mark.parametrize("name", ["", "no.such.module", "builtins", "sys", "math"])
def test_module_without_source_has_none(name: str) -> None:
    assert module_digest(name) == ""


def test_file_of_a_workflow_tells_the_digest_of_each_function(root: Path) -> None:
    catalog = Catalog.from_modules(["acme.functions"])
    workflow = Workflow([[0, "acme.functions.work", (), {}, "x"], [1, "gone.f", "x", {}, "y"]], catalog=catalog)
    read = Workflow.from_json(workflow.to_json(), catalog)
    assert read.functions == workflow.digests() == {"acme.functions.work": module_digest("acme.functions")}
    (root / "acme/middle.py").write_text("def value(): return 2\n")
    fresh = Workflow.from_json(workflow.to_json(), Catalog.from_modules(["acme.functions"]))
    assert fresh.digests() != fresh.functions
