"""A function's digest changes with the code that it runs, and with nothing else."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import Catalog, Workflow
from core.digest import files_of, module_digest

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


def test_function_keeps_the_digest_of_the_code_that_was_loaded(root: Path) -> None:
    """What was loaded is what runs, so its results must never be kept under the digest of a later edit."""
    loaded, before = Catalog.from_modules(["acme.functions"])["acme.functions.work"], module_digest("acme.functions")
    (root / "acme/middle.py").write_text("def value(): return 2\n")
    assert loaded.digest == before != module_digest("acme.functions")


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


def write(root: Path, files: dict[str, str]) -> str:
    """Write a package, load its module `start`, and return that module's name."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    importlib.invalidate_caches()
    importlib.import_module("acme.start")
    return "acme.start"


@pytest.mark.parametrize(
    ("package", "start"),
    [
        ("", "from .helper import f"),
        ("", "from . import helper"),
        ("", "import acme.helper"),
        ("", "import acme.helper as h"),
        ("", "from acme.helper import f as g"),
        ("", "from acme import *"),
        ("", "def work():\n    from acme.helper import f\n    return f()"),
        ("", "from acme.helper import f  # for later"),
        ("", "from \\\n.helper import f"),
        ("", "from .\\\nhelper \\\nimport f"),
        ("", "import os, \\\n    acme.helper"),
        ("", "from .helper import (\n    f,\n)"),
        ("", "import os; import acme.helper"),
        ("", "if True: from .helper import f"),
        ("", '"""Says how to\n\nimport acme tables from a disk\n"""\nfrom .helper import f'),
        ("", "try:\n    from .helper import f\nexcept ImportError:\n    f = None"),
        ("", "import importlib\nh = importlib.import_module('acme.helper')"),
        ("", "import importlib\nh = importlib.import_module('.helper', 'acme')"),
        ("from .helper import f", "from acme import f"),
        ("from .helper import f as middle", "from acme import middle"),
        ("from .helper import *", "from acme import middle"),
        ("import acme.helper as middle", "from . import middle"),
        ("from acme import helper\n\n\ndef middle():\n    return helper.f()", "from acme import middle"),
        ("from acme import helper", "import acme\n\n\ndef work():\n    return acme.helper.f()"),
    ],
)
def test_helper_counts_however_it_is_imported(
    tmp_path: Path, root: Path, package: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if start == "from acme import *":
        package = "from acme.helper import f"
    sys.modules.pop("acme", None)
    files = {"acme/helper.py": "def f():\n    return 1\n", "acme/__init__.py": package, "acme/start.py": start}
    name = write(root, files)
    before = module_digest(name)
    (root / "acme/helper.py").write_text("def f():\n    return 2\n")
    assert module_digest(name) != before


@pytest.mark.parametrize("start", ["from acme.helper import f", "from acme import helper", "import acme.helper as h"])
def test_what_only_the_package_imports_does_not_count(root: Path, start: str) -> None:
    """A package that imports all its modules for its users' convenience does not tie them to each other."""
    sys.modules.pop("acme", None)
    package = "from .unrelated import x\nfrom . import helper\n"
    files = {"acme/helper.py": "def f():\n    return 1\n", "acme/__init__.py": package, "acme/start.py": start}
    name = write(root, files)
    before = module_digest(name)
    (root / "acme/unrelated.py").write_text("x = 1  # edited\n")
    assert module_digest(name) == before
    (root / "acme/__init__.py").write_text("x = 2\n")
    assert module_digest(name) != before


def test_parts_of_a_package_without_a_file_of_its_own_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, text in ((1, "from spread.two.helper import f\n"), (2, "")):
        monkeypatch.syspath_prepend(str(tmp_path / str(number)))
        folder = tmp_path / str(number) / "spread" / ("one" if number == 1 else "two")
        folder.mkdir(parents=True)
        (folder / ("work.py" if number == 1 else "helper.py")).write_text(text or "def f(): return 1\n")
    importlib.invalidate_caches()
    try:
        importlib.import_module("spread.one.work")
        before = module_digest("spread.one.work")
        (tmp_path / "2/spread/two/helper.py").write_text("def f(): return 2\n")
        assert module_digest("spread.one.work") != before
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "spread"]:
            del sys.modules[name]


def test_files_to_watch_are_those_that_are_read(root: Path) -> None:
    names = {"__init__.py", "functions.py", "middle.py", "deep/__init__.py", "deep/helper.py"}
    assert {path for path in files_of("acme.functions") if path.exists()} == {root / "acme" / name for name in names}
    assert files_of("no.such.module") == ()


def test_what_would_be_read_if_it_were_there_is_watched_and_counts_as_soon_as_it_is(root: Path) -> None:
    text = (root / "acme/middle.py").read_text()
    (root / "acme/middle.py").write_text(f"{text}\ntry:\n    from acme import extra\nexcept ImportError:\n    pass\n")
    for name in ("extra.py", "middle/__init__.py"):
        before = module_digest("acme.functions")
        assert root / "acme" / name in files_of("acme.functions")
        (root / "acme" / name).parent.mkdir(exist_ok=True)
        (root / "acme" / name).write_text("x = 1\n")
        assert module_digest("acme.functions") != before


def test_modules_that_import_each_other_are_read_once(root: Path) -> None:
    (root / "acme/middle.py").write_text("from acme import functions, middle\nfrom .deep import helper\n")
    assert root / "acme/deep/helper.py" in files_of("acme.functions")
