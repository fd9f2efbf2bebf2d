"""What is handed on runs where the dashboard is not: in a new process that finds only the engine and the functions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core import Workflow
from core.artifact_folder import ArtifactFolder
from core.export import class_name, to_python
from core.notebook import to_notebook

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "sample_workflows").glob("*.json"))
BEFORE = """
import json, sys
from pathlib import Path
root, given = sys.argv[1:]
sys.path[:] = [str(Path.cwd()), *(path for path in sys.path if path and Path(path) != Path(root))]
sys.modules["streamlit"] = sys.modules["dashboard"] = None  # they cannot be imported
"""
AFTER = """
from core.artifact_folder import ArtifactFolder
folder = ArtifactFolder(Path.cwd() / "artifacts")
print(json.dumps({key: folder.put(values[key]).digest for key in json.loads(given)}))
"""
OF_THE_CLASS = """
import handed_on
values = handed_on.{name}.create().run()
"""
OF_THE_NOTEBOOK = """
values = {}
for cell in json.loads(Path("handed_on.ipynb").read_text(encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), "cell", "exec"), values)
"""


def digests_of(path: Path, folder: Path) -> dict[str, str]:
    """The digest of every value that a run of a workflow gives here."""
    kept = ArtifactFolder(folder / "here")
    return {key: kept.put(value).digest for key, value in Workflow.from_json(path).run().items()}


def run(folder: Path, program: str, keys: list[str]) -> dict[str, str]:
    """The digests of these values after a program in a process of its own, which has no dashboard."""
    for package in ("core", "sample_workflows"):
        (folder / package).symlink_to(ROOT / package)
    command = [sys.executable, "-I", "-c", BEFORE + program + AFTER, str(ROOT), json.dumps(keys)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_class_gives_the_same_values(path: Path, tmp_path: Path) -> None:
    workflow, expected = Workflow.from_json(path), digests_of(path, tmp_path)
    (tmp_path / "handed_on.py").write_text(to_python(workflow), encoding="utf-8")
    assert len(expected) > 5
    assert run(tmp_path, OF_THE_CLASS.format(name=class_name(workflow.name)), list(expected)) == expected


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_notebook_gives_the_same_values(path: Path, tmp_path: Path) -> None:
    workflow, expected = Workflow.from_json(path), digests_of(path, tmp_path)
    (tmp_path / "handed_on.ipynb").write_text(to_notebook(workflow), encoding="utf-8")
    assert run(tmp_path, OF_THE_NOTEBOOK, list(expected)) == expected
