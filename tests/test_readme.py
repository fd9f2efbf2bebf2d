"""The README tells the truth: its Python runs, its commands and links exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102 - that it runs is what is tested
    assert "fig" in names["values"]  # type: ignore[operator]
    assert (tmp_path / "analysis.json").is_file()


@pytest.mark.parametrize("line", re.findall(r"^    \.venv/bin/tasktable (.*)$", README, re.MULTILINE))
def test_every_command_line_is_one(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_workflows").symlink_to(ROOT / "sample_workflows")
    (tmp_path / "my_table.csv").write_text("order,funcPath,inputKeys,kwargs,outputKeys\n")
    assert main(line.split()) == (1 if "my_table" in line else 0)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", re.findall(r"^make ([a-z-]+)", README.replace("    make", "make"), re.MULTILINE))
def test_every_make_target_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
