"""The rules of the house, checked on the text of the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "dashboard", "sample_workflows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
VIEWS = sorted((ROOT / "dashboard" / "views").glob("*.py"))
SCRIPTS = sorted(path for path in (ROOT / "dashboard").rglob("*.js") if "vendor" not in path.parts)
MARKUP = r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|setHTMLUnsafe)\b"
CODE = r"\beval\s*\(|\bnew\s+Function\s*\("


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_check() -> None:
    assert {"core/run.py", "dashboard/app.py", "sample_workflows/prices.py"} <= set(map(name, MODULES))
    assert {"dashboard/views/workbench.py", "dashboard/views/functions.py"} <= set(map(name, VIEWS))
    assert {"dashboard/components/grid/grid.js", "dashboard/components/graph/graph.js"} <= set(map(name, SCRIPTS))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_its_job_in_one_line_first(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.partition("\n")[0].rstrip().endswith((".", ":", "?"))


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[-2:] != ("dashboard", "state.py")], ids=name)
def test_only_the_state_touches_the_session_state(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_state(node.attr)] == []
    imports = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert not any(map(_is_state, imports))


def _is_state(text: str) -> bool:
    return text == "session_state"


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_a_view_is_at_most_sixty_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_no_script_makes_markup_or_code_out_of_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(MARKUP, text) == []
    assert re.findall(CODE, text) == []


@pytest.mark.parametrize("path", [path for path in MODULES if "dashboard" in path.parts], ids=name)
def test_no_markup_of_users_is_let_through(path: Path) -> None:
    assert "unsafe_allow_html" not in path.read_text(encoding="utf-8")
    assert "unsafe_allow_javascript" not in path.read_text(encoding="utf-8")
