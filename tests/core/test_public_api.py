"""What `core` offers, and that importing it is quick."""

from __future__ import annotations

import subprocess
import sys

import core

HEAVY = ("pandas", "numpy", "networkx", "plotly", "streamlit", "pyvis", "pyarrow", "requests", "quandl")


def test_names_are_exactly_these() -> None:
    assert core.__all__ == [
        "REQUIRED",
        "Catalog",
        "Problem",
        "Run",
        "State",
        "Task",
        "TaskError",
        "TaskResult",
        "TasktableError",
        "Workflow",
        "WorkflowError",
    ]
    assert all(hasattr(core, name) for name in core.__all__)


def test_import_run_and_json_load_no_heavy_package() -> None:
    program = f"""
import sys
from core import Catalog, Workflow
workflow = Workflow([[0, "operator.neg", "a", {{}}, "b"]], {{"a": 1}}, catalog=Catalog.trusted())
assert workflow.run() == {{"a": 1, "b": -1}}
Workflow.from_json(workflow.to_json(), Catalog())
Workflow.from_csv(workflow.to_csv(), catalog=Catalog())
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
