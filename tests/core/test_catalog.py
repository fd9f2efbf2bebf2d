"""What a table may name, and that a hostile name finds, imports and runs nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from core import Catalog
from core.errors import CatalogError
from core.function import Function, task
from tests.core import functions
from tests.core.tables import CATALOG, MODULE, only_problem, table

LOOKALIKE = "tests.core.functi\u043ens.identity"  # a Cyrillic o
HOSTILE: list[Any] = [
    "os.system",
    "os.path.join",
    "subprocess.run",
    "builtins.eval",
    "builtins.exec",
    "eval",
    "__import__",
    "importlib.import_module",
    "antigravity.geohash",
    "this.s",
    "sys.exit",
    "shutil.rmtree",
    f"{MODULE}.__builtins__.eval",
    f"{MODULE}.__loader__.load_module",
    f"{MODULE}.identity.__globals__",
    f"{MODULE}.identity.__call__",
    f"{MODULE}.identity.__class__",
    f"{MODULE}.sys.exit",
    f"{MODULE}.functools.partial",
    f"{MODULE}.join",
    f"{MODULE}.exit",
    f"{MODULE}.Thing",
    f"{MODULE}.Thing.static",
    f"{MODULE}.Thing.named",
    f"{MODULE}.Pair",
    f"{MODULE}.renamed",
    f"{MODULE}.a_partial",
    f"{MODULE}.a_lambda",
    f"{MODULE}.a_callable",
    f"{MODULE}.disguised",
    f"{MODULE}.wrapped_lambda",
    f"{MODULE}.another_name",
    f"{MODULE}._private",
    f"{MODULE}.__name__",
    f"{MODULE}.calls.append",
    f"{MODULE}.identity\n",
    f"{MODULE}.identity ",
    f" {MODULE}.identity",
    f"{MODULE}.identity\0",
    f"{MODULE}.Identity",
    f"{MODULE.upper()}.identity",
    f"{MODULE}.identit\u0443",
    f"{MODULE}.ｉdentity",
    f"{MODULE}x.identity",
    f"x{MODULE}.identity",
    f"{MODULE}..identity",
    f"{MODULE}/identity",
    f"{MODULE}:identity",
    f"{MODULE}.identity()",
    f"{MODULE}.identity;os.system",
    LOOKALIKE,
    "identity",
    "",
    ".",
    "..",
    "../../etc/passwd",
    "file:///etc/passwd",
    "a" * 1_000_000,
    "a." * 500_000 + "a",
    "\ud800.x",
    "<script>alert(1)</script>",
    None,
    True,
    0,
    1.5,
    [],
    ["os.system"],
    {"a": 1},
    ("os", "system"),
    b"os.system",
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: repr(path)[:60])
def test_hostile_path_is_an_error_on_its_row_and_runs_nothing(path: Any, calls: list[Any]) -> None:
    workflow = table([0, path, "a", {}, "x"])
    problem = only_problem(workflow)
    assert (problem.severity, problem.column, problem.row) == ("error", "funcPath", 1)
    assert problem.kind in ("unknown-function", "unread-func-path")
    assert len(str(problem)) < 500
    assert "\n" not in str(problem)
    workflow.to_graph(), workflow._repr_html_()
    for name in ("antigravity", "this"):
        assert name not in sys.modules
    assert calls == []


def test_hostile_paths_in_one_table_leave_the_modules_as_they_were() -> None:
    rows = [[0, path, "a", {}, "x"] for path in HOSTILE]
    assert len(table(*rows).problems) >= len(HOSTILE)  # everything that checking needs is loaded now
    before = dict(sys.modules)
    assert sum(problem.column == "funcPath" for problem in table(*rows).problems) == len(HOSTILE)
    assert dict(sys.modules) == before


def test_package_with_side_effects_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "evil_package"
    package.mkdir()
    (package / "__init__.py").write_text(f"open({str(tmp_path / 'trace')!r}, 'w').close()")
    (package / "module.py").write_text("def f(): pass")
    monkeypatch.syspath_prepend(str(tmp_path))
    for path in ("evil_package.f", "evil_package.module.f", "evil_package.module.f.g"):
        assert only_problem(table([0, path, (), {}, "x"])).kind == "unknown-function"
    assert not (tmp_path / "trace").exists()
    assert "evil_package" not in sys.modules


def test_refusal_suggests_the_nearest_allowed_name() -> None:
    assert only_problem(table([0, f"{MODULE}.identit", "a", {}, "x"])).hint.startswith(
        f"did you mean {MODULE}.identity"
    )


def test_catalog_offers_the_modules_own_public_functions_and_nothing_else() -> None:
    names = {path.removeprefix(f"{MODULE}.") for path in CATALOG}
    assert {"identity", "decorated", "cached", "generator", "keyword_only", "made_synchronous"} <= names
    own = {
        name
        for name, value in vars(functions).items()
        if getattr(value, "__module__", "") == MODULE and not isinstance(value, type) and not name.startswith("_")
    }
    refused = {"a_lambda", "disguised", "a_callable", "another_name", "wrapped_lambda", "asynchronous",
               "asynchronous_generator", "made_asynchronous"}  # fmt: skip
    assert names == own - refused


def test_decorated_function_keeps_its_path_signature_and_docs() -> None:
    function = CATALOG[f"{MODULE}.decorated"]
    assert function.call is functions.decorated
    assert str(function.signature) == "(value: 'int', more: 'int' = 1) -> 'int'"
    assert "@logged" in function.source


def test_catalog_is_frozen() -> None:
    with pytest.raises(TypeError):
        CATALOG["os.system"] = CATALOG[f"{MODULE}.identity"]  # type: ignore[index]
    with pytest.raises(TypeError):
        CATALOG._functions["x"] = CATALOG[f"{MODULE}.identity"]  # type: ignore[index]
    size = len(CATALOG)
    functions.added_later = functions.identity  # type: ignore[attr-defined]
    try:
        assert CATALOG.find(f"{MODULE}.added_later") is None
        assert len(CATALOG) == size
    finally:
        del functions.added_later  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["nowhere_at_all", "tests.core.nowhere", "", ".", "tests.core.functions.identity"])
def test_module_that_is_missing_is_an_error_of_the_catalog(name: str) -> None:
    with pytest.raises(CatalogError, match=r"the catalog's module .* cannot be imported"):
        Catalog.from_modules([name])


@pytest.mark.parametrize("code", ["1 / 0", "raise SystemExit", "def f(:"])
def test_module_that_breaks_is_an_error_of_the_catalog(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_module.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CatalogError, match="broken_module"):
        Catalog.from_modules(["broken_module"])
    sys.modules.pop("broken_module", None)


def test_default_catalog_offers_the_samples() -> None:
    assert "sample_workflows.prices.get_prices" in Catalog.default()
    assert Catalog.default() is Catalog.default()
    assert {path.rpartition(".")[0] for path in Catalog.default()} >= {"sample_workflows.charts"}


def test_settings_widen_the_default_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"{MODULE}.identity" not in Catalog.default()
    monkeypatch.setenv("TASKTABLE_FUNCTIONS", f" {MODULE} , ")
    assert f"{MODULE}.identity" in Catalog.default()
    assert "sample_workflows.prices.get_prices" in Catalog.default()


def test_trusted_catalog_finds_any_importable_function() -> None:
    trusted = Catalog.trusted()
    assert trusted["os.path.join"].call is __import__("os").path.join
    assert list(trusted) == ["os.path.join"]
    assert len(trusted) == 1
    with pytest.raises(KeyError):
        trusted["os.path.nothing"]


def test_function_tells_what_forms_need() -> None:
    @task(title="A title", tags=("x",), cache="never", hints={"value": {"minimum": 1}})
    def marked(value: int, more: float = 2.0, *, last: str = "z") -> None:
        """Do it.

        In detail.
        """

    import inspect

    function = Function("m.marked", marked, inspect.signature(marked))
    assert function.title == "A title"
    assert function.marking.tags == ("x",)
    assert function.marking.cache == "never"
    assert function.doc == "Do it.\n\nIn detail."
    assert function.defaults == {"more": 2.0, "last": "z"}
    assert CATALOG[f"{MODULE}.as_list"].title == "As list"
    assert CATALOG[f"{MODULE}.identity"].doc == ""


@pytest.mark.parametrize("cache", ["sometimes", 0, -1, None])
def test_cache_rule_that_makes_no_sense_is_refused(cache: Any) -> None:
    with pytest.raises(ValueError, match="cache must be"):
        task(cache=cache)
