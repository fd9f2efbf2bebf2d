"""What stands behind the pages: real processes, a real store; and what the server's own process stays free of."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from core import State, Workflow
from core.artifact_folder import ArtifactFolder
from core.settings import Settings
from core.value import question
from dashboard import services
from dashboard.reading import facts, results
from dashboard.reading.stored import Stored
from dashboard.server import backend as room
from dashboard.server.backend import Backend
from dashboard.server.housekeeping import Housekeeping
from dashboard.state import Session
from tests.dashboard import curious, renounce

FREE = """
import os, sys
from streamlit.testing.v1 import AppTest
from dashboard.reading import rows
from dashboard.server import backend
page = AppTest.from_file(os.path.abspath("dashboard/app.py"), default_timeout=60).run()
backend.backend().patience = 60
page.button(key="run").click().run()
assert not page.exception, page.exception
states = {row["state"] for row in rows.grid_rows(page.session_state["session"])}
heavy = [name for name in sys.modules if name.startswith(("sample_workflows.", "quandl"))]
backend.backend().close()
print(states, heavy)
"""


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Backend]:
    """A whole engine room, with processes of its own."""
    made = Backend.open(Settings(data=tmp_path / "real"))
    made.patience = 60
    room.use(made)
    yield made
    made.close()


def test_the_crossover_runs_in_processes_and_is_recorded(real: Backend) -> None:
    session = Session(facts.load_sample(facts.FIRST_SAMPLE))
    services.run_all(session)
    assert {str(found.state) for found in results.states(session).values()} == {"done"}
    assert session.run
    real.close()
    stored = real.store.run(session.run.id)
    assert {str(found.state) for found in stored.record.tasks.values()} == {"done"}
    assert stored.record.state == "done"


def test_everything_that_belongs_to_a_run_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Table, inputs, environment, code, and of each task its state, time, reason, log and artifacts."""
    (tmp_path / "talking.py").write_text("def say(word):\n    print(word)\n    return word\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Backend.open(Settings(data=tmp_path / "data", function_modules=("talking",)))
    made.patience = 60
    room.use(made)
    try:
        rows = [[0, "talking.say", "word", {}, "said"], [1, "talking.say", (), {"word": 5}, "five"]]
        session = Session(Workflow(rows, {"word": "hello"}, name="Talk", catalog=facts.catalog()), author="ada")
        services.run_all(session)
        assert session.run
        first, second = session.run.id, ""
        services.set_input(session, "word", "bye")
        services.run_all(session)
        second = session.run.id
        made.recorder.close()
    finally:
        made.close()
    stored = made.store.run(second)
    ran = Workflow.from_json(stored.content, catalog=made.catalog())
    assert (ran.tasks, ran.inputs) == (session.draft.tasks, {"word": "bye"})
    assert (stored.name, stored.author) == ("Talk", "ada")
    assert set(stored.functions) == {"talking.say"}
    assert {"python", "pandas", "tasktable"} <= set(stored.environment)
    one, two = (stored.record.tasks[name] for name in ("t1", "t2"))
    assert (one.state, two.state) == (State.DONE, State.REUSED)
    assert one.log == "bye\n"
    assert one.seconds > 0
    assert "word" in one.reason
    assert "reused" in two.reason
    assert made.artifacts.get(one.outputs["said"]) == "bye"
    assert made.artifacts.get(two.outputs["five"]) == 5
    assert made.artifacts.get(made.store.run(first).record.tasks["t1"].outputs["said"]) == "hello"


def test_a_server_that_starts_finishes_the_record_of_a_run_that_was_cut_off(real: Backend) -> None:
    session = Session(facts.load_sample(facts.FIRST_SAMPLE))
    services.run_all(session)
    assert session.run
    journal = real.settings.data / "runs" / session.run.id / "events.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    real.close()
    journal.write_text("".join(lines[:-3]), encoding="utf-8")
    another = Backend.open(real.settings)
    another.close()
    record = another.store.run(session.run.id).record
    assert record.state in ("interrupted", "done")
    assert another.runner.record(session.run.id).state == "interrupted"  # type: ignore[union-attr]


def test_the_server_imports_no_function(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FREE],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TASKTABLE_DATA": str(tmp_path / "free")},
    )
    assert done.stdout.splitlines()[-1:] == ["{'done'} []"], done.stdout + done.stderr


def test_results_above_the_allowed_size_go_and_those_of_marked_runs_stay(
    real: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.run.PINNED", 0.0)
    session = Session(facts.load_sample(facts.FIRST_SAMPLE))
    services.run_all(session)
    assert session.run
    real.recorder.close()
    tight = Housekeeping(replace(real.settings, cache_size=1), real.cache, real.store)
    real.store.star("run", session.run.id, True)
    tight.tidy()
    folder = ArtifactFolder(real.settings.data / "artifacts")
    artifacts = [artifact for artifact, _ in results.output_artifacts(session).values()]
    assert all(map(folder.has, artifacts))
    real.store.star("run", session.run.id, False)
    tight.tidy()
    assert not any(map(folder.has, artifacts))
    tight.close()


def test_values_are_copied_elsewhere_and_fetched_when_they_are_gone(tmp_path: Path) -> None:
    made = Backend.open(Settings(data=tmp_path / "data", artifacts_url=f"file://{tmp_path / 'copies'}"))
    made.patience = 60
    room.use(made)
    try:
        session = Session(facts.load_sample("analysis_1"))
        services.run_all(session)
        artifact, _ = results.output_artifacts(session)["price"]
        made.recorder.close()
        assert made.copying
        made.copying.close()
        made.artifacts.remove(artifact.digest)
        assert not made.artifacts.has(artifact)
        assert Stored(artifact).ask(question.head()).data["rows"] == 8313
        assert made.artifacts.has(artifact)
    finally:
        made.close()


def test_a_module_that_is_broken_meanwhile_leaves_the_functions_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "edited_meanwhile.py"
    module.write_text("def one(a):\n    return 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Backend.open(Settings(data=tmp_path / "data", function_modules=(module.stem,)))
    room.use(made)
    try:
        made.look_again()
        assert f"{module.stem}.one" in made.catalog()
        module.write_text("def one(a:\n", encoding="utf-8")
        deadline = monotonic() + 20
        while not made.trouble and monotonic() < deadline:
            made.look_again()
        assert "edited_meanwhile" in made.trouble
        assert f"{module.stem}.one" in facts.catalog()
        module.write_text("def two(a):\n    return 2\n", encoding="utf-8")
        deadline = monotonic() + 30
        while f"{module.stem}.two" not in facts.catalog() and monotonic() < deadline:
            made.look_again()
        assert f"{module.stem}.two" in facts.catalog()
        assert made.trouble == ""
    finally:
        made.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environments of other processes")
def test_a_task_cannot_read_what_the_server_was_started_with(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", curious.__name__, str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    if done.returncode == renounce.IMPOSSIBLE:
        pytest.skip("this user may read everything")
    assert done.stdout == "nothing 2\n", done.stderr
