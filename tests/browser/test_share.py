"""What is handed on reads back to the same workflow."""

from __future__ import annotations

from pathlib import Path

from core import Workflow
from tests.browser.workbench_page import WorkbenchPage

SAMPLES = Path(__file__).parents[2] / "sample_workflows"


def test_the_downloads_read_back_to_the_workflow_on_the_screen(workbench: WorkbenchPage, tmp_path: Path) -> None:
    sample = Workflow.from_json(SAMPLES / "analysis_3.json")
    assert workbench.download_json(tmp_path).read_text(encoding="utf-8") == sample.to_json()
    assert Workflow.from_csv(workbench.download_csv(tmp_path)).tasks == sample.tasks
    workbench.open_share()
    python = workbench.download_python(tmp_path).read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(python, names)  # noqa: S102 - that it runs is what is tested
    declared = next(v for v in names.values() if isinstance(v, type) and issubclass(v, Workflow) and v is not Workflow)
    assert declared.create().to_json() == sample.to_json()
    assert workbench.download_mermaid(tmp_path).read_text(encoding="utf-8") == sample.to_mermaid()
