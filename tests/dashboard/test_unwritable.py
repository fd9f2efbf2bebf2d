"""A data folder that may not be written, with real processes: it is read, and written as soon as that is possible."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard import renounce, unwritable

Told = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What a server has seen and done before, while and after its folder may not be written."""
    folder = tmp_path_factory.mktemp("unwritable") / "data"
    command = [sys.executable, "-m", unwritable.__name__, str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=180, cwd=Path(__file__).parents[2]
    )
    if folder.exists():
        unwritable.permit(folder, True)
    if done.returncode == renounce.IMPOSSIBLE:
        pytest.skip("this user may write everything")
    assert done.returncode == 0, done.stderr
    return {line["when"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_the_library_the_history_and_the_values_are_shown(told: Told) -> None:
    seen = ("names", "states", "rows", "figure", "report")
    assert told["while"]["rows"] == 8313
    assert "1 Price against time" in told["while"]["names"]
    assert {name: told["while"][name] for name in seen[1:]} == {name: told["before"][name] for name in seen[1:]}


def test_running_and_saving_are_refused_with_what_to_do(told: Told) -> None:
    advice = "give the user that runs Tasktable the right to write there"
    assert advice in told["while"]["run"]
    assert told["while"]["save"].startswith("Not saved: nothing can be changed: the data folder")
    assert advice in told["while"]["save"]


def test_what_is_typed_meanwhile_is_no_reason_for_a_message_at_every_key(told: Told) -> None:
    assert told["while"]["keep"] == ""


def test_a_refused_run_leaves_no_entry(told: Told) -> None:
    assert told["while"]["runs"] == told["before"]["runs"]


def test_everything_can_be_done_again_without_a_restart(told: Told) -> None:
    assert told["after"]["run"] == ""
    assert told["after"]["save"] == "Saved as a new workflow, 3 Moving averages and their crossover."
    assert told["after"]["runs"] == told["while"]["runs"] + 1


def test_a_connection_from_that_time_is_not_kept(told: Told) -> None:
    assert told["meanwhile"]["save"].startswith("Not saved: ")
    assert told["later"]["save"] == "Saved as version 2."
