"""Managed runs as their client sees them: submitted, continued, recorded, queued, asked, refreshed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import Catalog, Workflow
from core.artifact_folder import ArtifactFolder
from core.compare.answer import comparison
from core.errors import CatalogError, RunnerError
from core.record import RunState
from core.runner import Runner
from core.value.answer import Answer
from tests.core import managed
from tests.core.managed import run, running, settings, states, until

ADDITION = [(0, "number", (), {}, "a"), (1, "add", "a", {}, "b")]


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with running(settings(tmp_path_factory.mktemp("shared"), runs_at_once=8, runs_per_user=8)) as made:
        yield made


def test_a_run_is_done_and_its_values_are_on_disk(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        record = run(runner, "one", *ADDITION)
        assert record.state is RunState.DONE
        assert states(record) == ["done", "done"]
        assert ArtifactFolder(chosen.data / "artifacts").get(record.tasks["t2"].outputs["b"]) == 2
        kinds = [event["kind"] for event in managed.journal(chosen, "one")]
        assert (kinds[0], kinds[1], kinds[-1]) == ("queued", "began", "ended")
    assert Runner(chosen).record("one") == record


def test_events_arrive_in_the_journals_order(tmp_path: Path) -> None:
    heard: list[Any] = []
    chosen = settings(tmp_path)
    with running(chosen, lambda run_id, event: heard.append((run_id, event))) as runner:
        run(runner, "one", *ADDITION)
    assert [event for _, event in heard] == managed.journal(chosen, "one")
    assert {run_id for run_id, _ in heard} == {"one"}


def test_a_listener_that_raises_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def listen(run_id: str, event: Any) -> None:
        raise ValueError("not now")

    with running(settings(tmp_path), listen) as runner:
        assert run(runner, "one", *ADDITION).state is RunState.DONE
    assert "could not be handled" in caplog.text


def test_a_run_goes_on_where_it_paused(runner: Runner) -> None:
    record = run(runner, "steps", *ADDITION, to_order=0)
    assert (record.state, states(record)) == (RunState.PAUSED, ["done"])
    record = run(runner, "steps", *ADDITION)
    assert (record.state, states(record)) == (RunState.DONE, ["reused", "done"])


def test_a_second_run_reuses_everything(runner: Runner) -> None:
    run(runner, "first", *ADDITION)
    assert states(run(runner, "second", *ADDITION)) == ["reused", "reused"]


def test_a_failing_task_fails_the_run_and_not_its_neighbours(runner: Runner) -> None:
    record = run(
        runner, "bad", *ADDITION, (2, "fail", "b", {}, "x"), (3, "add", "x", {}, "y"), (3, "add", "b", {}, "z")
    )
    assert record.state is RunState.FAILED
    assert states(record)[2:] == ["failed", "skipped", "done"]
    assert record.reason == "`fail` failed: ValueError: no good: 2"


def test_a_table_that_cannot_run_fails_in_words(runner: Runner) -> None:
    record = run(runner, "impossible", (0, "add", "nowhere", {}, "x"))
    assert record.state is RunState.FAILED
    assert "nowhere" in record.reason
    record = run(runner, "unknown", (0, "no_such_function", (), {}, "x"))
    assert "no_such_function" in record.reason


def test_a_run_under_way_is_refused(runner: Runner, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    wanted = managed.request("busy", (0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gate)}, "b"))
    runner.submit(wanted)
    with pytest.raises(RunnerError, match="under way"):
        runner.submit(wanted)
    gate.touch()
    assert runner.wait("busy", managed.DEADLINE).state is RunState.DONE


def test_a_run_under_way_elsewhere_is_refused(tmp_path: Path) -> None:
    gate, chosen = tmp_path / "gate", settings(tmp_path)
    wanted = managed.request("busy", (0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gate)}, "b"))
    one, other = Runner(chosen), Runner(chosen)
    try:
        one.submit(wanted)
        with pytest.raises(RunnerError, match="under way"):
            other.submit(wanted)
        assert other.recover() == []
        gate.touch()
        assert one.wait("busy", managed.DEADLINE).state is RunState.DONE
        record = other.record("busy")
        assert record
        assert record.state is RunState.DONE
    finally:
        one.close()
        other.close()
    assert managed.left_over(chosen.data) == []


def test_two_clients_of_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    gate, chosen = tmp_path / "gate", settings(tmp_path)
    with running(chosen) as stays:
        goes = Runner(chosen)
        stays.submit(
            managed.request("stays", (0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gate)}, "b"))
        )
        run(goes, "goes", *ADDITION)
        goes.close()
        gate.touch()
        assert stays.wait("stays", managed.DEADLINE).state is RunState.DONE


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b", "a\n", "x" * 65, "é"])
def test_an_id_that_is_none_is_refused(runner: Runner, name: str) -> None:
    with pytest.raises(RunnerError, match="letters"):
        runner.submit(managed.request(name, *ADDITION))


def test_there_is_no_record_of_a_run_that_never_was(runner: Runner) -> None:
    assert runner.record("never") is None
    with pytest.raises(RunnerError, match="no run never"):
        runner.wait("never")


def test_waiting_ends_after_the_timeout(runner: Runner) -> None:
    runner.submit(managed.request("long", (0, "sleep", (), {}, "x")))
    assert not runner.wait("long", 0.01).state.is_over
    runner.stop("long")
    assert runner.wait("long", managed.DEADLINE).state is RunState.STOPPED


def test_stopping_a_run_that_is_over_or_unknown_does_nothing(runner: Runner) -> None:
    before = run(runner, "over", *ADDITION)
    runner.stop("over")
    runner.stop("unheard-of")
    assert runner.record("over") == before


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_a_task_says_that_it_waits_for_the_same_work_of_another_run(tmp_path: Path, executor: Any) -> None:
    gate = tmp_path / "gate"
    rows = [(0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gate)}, "b")]
    with running(settings(tmp_path)) as runner:

        def task(name: str) -> tuple[str, str]:
            record = runner.record(name)
            found = record.tasks.get("t2") if record else None
            return (str(found.state), found.reason) if found else ("", "")

        runner.submit(managed.request("first", *rows, executor=executor))
        until(lambda: task("first")[0] == "running")
        runner.submit(managed.request("second", *rows, executor=executor))
        until(lambda: task("second") == ("waiting", "it waits for the same work, which is being done already"))
        gate.touch()
        assert runner.wait("second", managed.DEADLINE).state is RunState.DONE
        assert task("second") == ("reused", "reused from run first")


def test_runs_beyond_the_caps_wait_and_know_their_place(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    rows = [(0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gate)}, "b")]
    with running(settings(tmp_path, runs_at_once=2, runs_per_user=1)) as runner:
        for name, user in (("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "bob"), ("c1", "cy")):
            runner.submit(managed.request(name, *rows, user=user))

        def seen() -> dict[str, tuple[str, int]]:
            records = {name: runner.record(name) for name in ("a1", "a2", "a3", "b1", "c1")}
            return {name: (str(record.state), record.position) for name, record in records.items() if record}

        expected = {"a1": ("running", 0), "b1": ("running", 0), "a2": ("queued", 1), "a3": ("queued", 2)}
        until(lambda: seen() == {**expected, "c1": ("queued", 3)})
        runner.stop("a2")
        assert runner.wait("a2", managed.DEADLINE).state is RunState.STOPPED
        until(lambda: [seen()[name] for name in ("a3", "c1")] == [("queued", 1), ("queued", 2)])
        gate.touch()
        ended = [runner.wait(name, managed.DEADLINE).state for name in ("a1", "a3", "b1", "c1")]
        assert ended == [RunState.DONE] * 4


def test_caps_and_queue_are_one_for_the_runs_before_and_after_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "caps_work.py"
    module.write_text("def answer():\n    return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    gates = {name: tmp_path / name for name in ("a1", "a2", "a3", "b1", "c1")}
    order: list[tuple[str, str]] = []

    def hear(name: str, event: Any) -> None:
        if event["kind"] in ("began", "ended"):
            order.append((name, event["kind"]))

    chosen = settings(tmp_path, function_modules=("caps_work", managed.WORK), runs_at_once=2, runs_per_user=1)
    with running(chosen, hear) as runner:

        def submit(name: str, user: str) -> None:
            rows = [(0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gates[name])}, "b")]
            runner.submit(managed.request(name, *rows, user=user))

        def is_running(name: str) -> bool:
            record = runner.record(name)
            return bool(record and record.state is RunState.RUNNING)

        def places() -> dict[str, int]:
            records = [runner.record(name) for name in gates]
            return {record.id: record.position for record in records if record and record.position}

        submit("a1", "ann")
        submit("a2", "ann")
        until(lambda: is_running("a1"))
        module.write_text("def answer():\n    return 4242\n")
        os.utime(module, (1, 1))
        submit("a3", "ann")
        submit("b1", "bob")
        submit("c1", "cy")
        until(lambda: is_running("b1"))
        until(lambda: places() == {"a2": 1, "a3": 2, "c1": 3})
        gates["a1"].touch()
        until(lambda: is_running("a2"))
        until(lambda: places() == {"a3": 1, "c1": 2})
        for gate in gates.values():
            gate.touch()
        assert {runner.wait(name, managed.DEADLINE).state for name in gates} == {RunState.DONE}
    assert most_at_once(order) == 2
    assert most_at_once([(name, kind) for name, kind in order if name.startswith("a")]) == 1
    assert [name for name, kind in order if kind == "began"][:2] == ["a1", "b1"]


def most_at_once(order: list[tuple[str, str]]) -> int:
    changes = [1 if kind == "began" else -1 for _, kind in order]
    return max(sum(changes[: number + 1]) for number in range(len(changes)))


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_each_attempt_is_seen(runner: Runner, tmp_path: Path, executor: Any) -> None:
    path, name = tmp_path / "calls", f"attempts-{executor}"
    runner.submit(managed.request(name, (0, "fail_twice", (), {"path": str(path)}, "x"), executor=executor))
    failed = "(attempt 1 of 3 failed: ConnectionError: try again)\n"

    def is_seen() -> bool:
        record = runner.record(name)
        task = record.tasks.get("t1") if record else None
        return bool(task and task.reason.endswith("; attempt 2 of 3") and task.log == failed)

    until(is_seen)
    (tmp_path / "calls.gate").touch()
    record = runner.wait(name, managed.DEADLINE)
    assert (record.state, record.reason) == (RunState.DONE, "")
    assert record.tasks["t1"].log == failed + failed.replace("1", "2")
    assert record.tasks["t1"].reason.endswith("called 3 times, because it failed before")


def test_a_task_that_takes_too_long_is_named_with_its_limit(runner: Runner) -> None:
    record = run(runner, "late", (0, "slow", (), {}, "x"))
    assert record.tasks["t1"].error == record.reason == "took longer than 0.3 s while running `slow`"


def test_no_secret_reaches_a_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKTABLE_DATABASE_URL", "postgresql://me:hidden@host/db")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setenv("TASKTABLE_QUANDL_KEY", "needed")
    chosen = settings(tmp_path, database_url="postgresql://me:hidden@host/db", quandl_key="needed")
    with running(chosen) as runner:
        record = run(runner, "look", (0, "look_around", (), {}, "x"))
        found = ArtifactFolder(chosen.data / "artifacts").get(record.tasks["t1"].outputs["x"])
        assert found["TASKTABLE_QUANDL_KEY"] == "needed"
        assert "hidden" not in str(found)
        assert "TASKTABLE_DATABASE_URL" not in found
        environ = Path(f"/proc/{managed.supervisor(chosen).pid}/environ").read_bytes()
        assert b"hidden" not in environ


def test_a_task_holds_nothing_that_belongs_to_the_runner(runner: Runner, tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as own:
        record = run(own, "look", (0, "look_at_descriptors", (), {}, "x"))
        found = ArtifactFolder(chosen.data / "artifacts").get(record.tasks["t1"].outputs["x"])
    assert not [name for name in found if "socket" in name or name.endswith(("lock", ".jsonl", ".log"))]
    assert len({name for name in found if "pipe:" in name}) == 2  # of its events, and of its own two streams
    assert "/dev/null" in found


def test_the_catalog_is_described_and_cannot_be_called(runner: Runner) -> None:
    function = runner.catalog()[f"{managed.WORK}.number"]
    assert str(function.signature) == "(value: 'int' = 1)"
    with pytest.raises(CatalogError):
        function.call()


def test_a_module_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    with running(settings(tmp_path, function_modules=("no_such_module",))) as runner:
        with pytest.raises(CatalogError, match="'no_such_module' cannot be imported"):
            runner.catalog()
        with pytest.raises(CatalogError, match="'no_such_module' cannot be imported"):
            runner.submit(managed.request("one", *ADDITION))
        assert runner.record("one") is None


def test_a_module_that_ends_the_process_at_import_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leaves_at_once.py").write_text("import os\nos._exit(0)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with (
        running(settings(tmp_path, function_modules=("leaves_at_once",))) as runner,
        pytest.raises(CatalogError, match="ended"),
    ):
        runner.catalog()


def test_an_edited_function_is_used_at_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "edited_work.py"
    module.write_text("def answer():\n    return 1\n")
    gate = tmp_path / "gate"
    monkeypatch.syspath_prepend(tmp_path)
    chosen = settings(tmp_path, function_modules=("edited_work", managed.WORK))
    text = managed.table((0, "number", (), {}, "x")).replace(f"{managed.WORK}.number", "edited_work.answer")
    artifacts = ArtifactFolder(chosen.data / "artifacts")
    with running(chosen) as runner:
        waits = managed.request(
            "waits", (0, "number", (), {}, "a"), (1, "wait_for_file", "a", {"path": str(gate)}, "b")
        )
        runner.submit(waits)
        before = runner.catalog()
        assert not runner.refresh()
        module.write_text("def answer():\n    return 4242\n\n\ndef more():\n    return 2\n")
        os.utime(module, (1, 1))
        runner.submit(managed.RunRequest("edited", text))
        record = runner.wait("edited", managed.DEADLINE)
        assert artifacts.get(record.tasks["t1"].outputs["x"]) == 4242
        assert "edited_work.more" in runner.catalog()
        assert "edited_work.more" not in before
        gate.touch()
        assert runner.wait("waits", managed.DEADLINE).state is RunState.DONE


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of which a part is imported when it is needed; returns its folder."""
    folder = tmp_path / "late_work"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "work.py").write_text(LATE)
    (folder / "helper.py").write_text("K = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


LATE = """
def answer(_start):
    from late_work import helper
    return helper.K


def more():
    try:
        from late_work import extra
    except ImportError:
        return 0
    return extra.K


def double(value):
    return 2 * value
"""


def rewrite(path: Path, text: str) -> None:
    """As an editor does, at another moment than before."""
    path.write_text(text)
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns - 1_000_000_000))


def test_what_is_imported_after_an_edit_in_a_run_is_not_taken_for_what_was_there(tmp_path: Path, late: Path) -> None:
    gate = tmp_path / "gate"
    modules = (managed.WORK, "late_work.work")
    chosen = settings(tmp_path, function_modules=modules)
    rows = [
        [0, f"{managed.WORK}.wait_for_file", "a", {"path": str(gate)}, "b"],
        [1, "late_work.work.answer", "b", {}, "c"],
        [2, f"{managed.WORK}.add", "c", {}, "d"],
    ]
    text = Workflow(rows, {"a": 1}, catalog=Catalog()).to_json()
    artifacts = ArtifactFolder(chosen.data / "artifacts")

    def outcome(runner: Runner, name: str) -> tuple[int, str]:
        record = runner.wait(name, managed.DEADLINE)
        return artifacts.get(record.tasks["t3"].outputs["d"]), record.tasks["t2"].reason

    with running(chosen) as runner:
        runner.submit(managed.RunRequest("during", text))
        until(lambda: (found := runner.record("during")) and found.tasks)
        rewrite(late / "helper.py", "K = 22\n")
        gate.touch()
        value, reason = outcome(runner, "during")
        assert (value, reason.endswith("; not kept, because its code was edited meanwhile")) == (23, True)
        rewrite(late / "helper.py", "K = 1\n")
        runner.submit(managed.RunRequest("after", text))
        assert outcome(runner, "after")[0] == 2


def test_a_module_that_was_not_there_is_noticed(tmp_path: Path, late: Path) -> None:
    chosen = settings(tmp_path, function_modules=("late_work.work",))
    text = Workflow([[0, "late_work.work.more", (), {}, "x"]], {}, catalog=Catalog()).to_json()
    artifacts = ArtifactFolder(chosen.data / "artifacts")
    with running(chosen) as runner:
        for name, expected in (("before", 0), ("after", 7)):
            runner.submit(managed.RunRequest(name, text))
            record = runner.wait(name, managed.DEADLINE)
            assert artifacts.get(record.tasks["t1"].outputs["x"]) == expected
            rewrite(late / "extra.py", "K = 7\n")


def test_a_stored_value_is_asked_in_a_process_of_its_own(runner: Runner) -> None:
    record = run(runner, "ask", *ADDITION)
    artifact = record.tasks["t2"].outputs["b"]
    assert Answer.from_bytes(runner.ask(artifact, {"ask": "plain"})).reason == ""
    with pytest.raises(RunnerError, match="no question"):
        runner.ask(artifact, {"ask": "something else"})
    with pytest.raises(RunnerError):
        runner.ask(type(artifact)("0" * 64, "json", 5, "data"), {"ask": "plain"})


def test_two_stored_values_are_compared_in_a_process_of_its_own(runner: Runner) -> None:
    record = run(runner, "compare", *ADDITION)
    old, new = (record.tasks[task].outputs[key] for task, key in (("t1", "a"), ("t2", "b")))
    found = Answer.from_bytes(runner.ask(old, comparison(new)))
    assert (found.data["kind"], found.data["summary"]) == ("number", "1 -> 2 (+1, +100%)")
    with pytest.raises(RunnerError, match="not there any more"):
        runner.ask(old, comparison(type(new)("0" * 64, "json", 5, "data")))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("exit", "exited by itself with code 0"),
        ("crash", "SIGSEGV"),
        ("raise", "SystemExit"),
        ("memory", "memory"),
    ],
)
def test_a_value_that_is_a_trap_harms_nobody(runner: Runner, kind: str, words: str) -> None:
    record = run(runner, f"trap-{kind}", (0, "trap", (), {"kind": kind}, "x"))
    assert record.state is RunState.DONE
    with pytest.raises(RunnerError, match=words):
        runner.ask(record.tasks["t1"].outputs["x"], {"ask": "plain"})


def test_what_the_opening_of_a_value_starts_is_ended(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    with running(chosen) as runner:
        record = run(runner, "child", (0, "trap", (), {"kind": "child"}, "x"))
        runner.ask(record.tasks["t1"].outputs["x"], {"ask": "plain"})
        until(lambda: len(managed.left_over(chosen.data)) == 1)


def test_a_closed_runner_says_so(tmp_path: Path) -> None:
    runner = Runner(settings(tmp_path))
    runner.close()
    runner.close()
    with pytest.raises(RunnerError, match="closed"):
        runner.submit(managed.request("one", *ADDITION))


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    runner = Runner(settings(tmp_path, data=tmp_path / "file" / "data"))
    with pytest.raises(RunnerError, match="cannot be written"):
        runner.submit(managed.request("one", *ADDITION))
    runner.close()
