"""The command: what it prints where, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import REQUIRED, Catalog, Workflow
from core.artifact_folder import ArtifactFolder
from core.cli import BAD_TABLE, BAD_USAGE, FAILED_TASK, OK, main
from core.settings import Settings
from core.store import Store
from tests.core import managed
from tests.core.managed import left_over

ROOT = Path(__file__).parents[2]
CROSSOVER = ROOT / "sample_workflows" / "analysis_3.json"
WORK = "tests.core.work"
Row = list[Any]
Save = Callable[..., str]


def row(order: int, function: str, reads: Any = (), kwargs: Any = None, writes: Any = ()) -> Row:
    return [order, f"{WORK}.{function}", reads, kwargs or {}, writes]


GOOD = [row(0, "scale", "number", {"factor": 3}, "threefold"), row(1, "type_name", "threefold", {}, "told")]
FAILING = [*GOOD, row(1, "fail", "number", {}, "bad"), row(2, "type_name", "bad", {}, "later")]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TASKTABLE_FUNCTIONS", WORK)
    monkeypatch.setenv("TASKTABLE_DATA", str(tmp_path / "data"))


@pytest.fixture(params=["in processes", "in memory"])
def way(request: pytest.FixtureRequest) -> list[str]:
    """What `run` is told besides, for each way to run."""
    return ["--inline"] if request.param == "in memory" else []


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a workflow file and return its path."""

    def write(rows: list[Row], name: str = "work.json", **inputs: Any) -> str:
        path = tmp_path / name
        workflow = Workflow(rows, inputs or None, name="work", catalog=Catalog.from_modules([WORK]))
        (workflow.to_csv if name.lower().endswith(".csv") else workflow.to_json)(path)
        return str(path)

    return write


def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "core.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )


@pytest.mark.parametrize("name", ["work.json", "work.csv", "WORK.CSV"])
def test_validate_is_content_with_a_valid_file(save: Save, capsys: Any, name: str) -> None:
    assert main(["validate", save(GOOD, name)]) == OK
    out, err = capsys.readouterr()
    assert out.endswith(f"{name}: 2 tasks, valid\n")
    assert err == ""


@pytest.mark.parametrize("name", ["work.json", "work.csv"])
def test_validate_says_every_problem_on_stderr(save: Save, capsys: Any, name: str) -> None:
    rows = [row(0, "scal", "number", {}, "a"), row(1, "add", "a", {"ofset": 1}, "b"), row(1, "scale", "c", {}, "c")]
    assert main(["validate", save(rows, name)]) == BAD_TABLE
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert [line for line in lines if not line.startswith("error: ")] == []
    for part in ("scal' is not in the catalog", f"did you mean {WORK}.scale", "argument right of add", "'ofset'"):
        assert part in err
    assert len(lines) == 4
    assert "valid" not in out


def test_validate_says_warnings_and_notes_on_stdout(save: Save, capsys: Any) -> None:
    path = save([row(0, "scale", "number", {}, "a"), row(1, "scale", "number", {}, "a")], number=1, idle=2)
    assert main(["validate", path]) == OK
    out, err = capsys.readouterr()
    assert "warning: " in out
    assert "note: " in out
    assert err == ""


UNREADABLE: dict[str, tuple[bytes | None, str]] = {
    "absent.json": (None, "cannot be read: No such file"),
    "absent.csv": (None, "cannot be read: No such file"),
    "torn.json": (b'{"format": ', "torn.json is not JSON"),
    "other.json": (b"{}", 'expected "format"'),
    "latin.csv": (b"order,funcPath\n0,\xff\n", "latin.csv is not UTF-8"),
    "other.csv": (b"a,b\n1,2\n", "has no column order"),
    "image.png": (b"\x89PNG\r\n\x1a\n", "is not UTF-8"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("verb", ["validate", "run", "graph"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, capsys: Any, verb: str, name: str) -> None:
    content, reason = UNREADABLE[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main([verb, str(tmp_path / name)]) == BAD_TABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tasktable: ")
    assert reason in err
    assert err.count("\n") == 1


def test_a_folder_is_not_a_workflow(tmp_path: Path, capsys: Any) -> None:
    assert main(["validate", str(tmp_path)]) == BAD_TABLE
    assert "cannot be read: Is a directory" in capsys.readouterr().err


def test_run_tells_progress_on_stderr_and_the_tasks_with_times_on_stdout(
    save: Save, capsys: Any, way: list[str]
) -> None:
    assert main(["run", *way, save(GOOD, number=2)]) == OK
    out, err = capsys.readouterr()
    time = r"\d+\.\d+ (ms|s)"
    assert re.fullmatch(rf"\[1/2\] done +{time}  {WORK}\.scale\n\[2/2\] done +{time}  {WORK}\.type_name\n", err), err
    heading, first, second, total = out.splitlines()
    assert heading.split() == ["order", "task", "state", "time", "outputs"]
    assert re.fullmatch(rf" +0  {WORK}\.scale +done +{time}  threefold", first)
    assert re.fullmatch(rf" +1  {WORK}\.type_name +done +{time}  told", second)
    assert re.fullmatch(rf" +all tasks +{time}", total)


def test_a_task_that_is_called_again_is_counted_once(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASKTABLE_FUNCTIONS", managed.WORK)
    path, kwargs = tmp_path / "work.json", {"path": str(tmp_path / "calls"), "ways": ["leave"]}
    path.write_text(managed.table((0, "stumble", (), kwargs, "x")))
    assert main(["run", str(path)]) == OK
    assert re.fullmatch(rf"\[1/1\] done +\S+ m?s  {managed.WORK}\.stumble\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("default", "text", "told"),
    [
        ("WIKI/JPM", "50", "str '50'"),
        ("WIKI/JPM", "[1]", "str '[1]'"),
        ("WIKI/JPM", "", "str ''"),
        ("WIKI/JPM", "a=b", "str 'a=b'"),
        (1, "50", "int 50"),
        (1, "0.5", "float 0.5"),
        (1, "[1, 'a', None]", "list [1, 'a', None]"),
        (1, '{"$tuple": [1]}', "tuple (1,)"),
        (1, "true", "bool True"),
        (1, "plain words", "str 'plain words'"),
        (None, "'50'", "str '50'"),
        (REQUIRED, "50", "int 50"),
        (REQUIRED, "JPM", "str 'JPM'"),
    ],
)
def test_set_gives_an_input_a_value_of_its_type(save: Save, tmp_path: Path, default: Any, text: str, told: str) -> None:
    path = save([row(0, "type_name", "given", {}, "told")], given=default)
    assert main(["run", "--inline", path, "--set", f"given={text}", "--out", str(tmp_path / "out")]) == OK
    assert json.loads((tmp_path / "out" / "told.json").read_text()) == told


def test_a_table_as_csv_takes_its_inputs_from_set(save: Save, tmp_path: Path, way: list[str]) -> None:
    path = save(GOOD, "work.csv")
    assert main(["run", *way, path, "--set", "number=5", "--out", str(tmp_path / "out")]) == OK
    assert json.loads((tmp_path / "out" / "threefold.json").read_text()) == 15


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("numbr=1", "there is no input 'numbr'; did you mean number?"),
        ("quite-else=1", "there is no input 'quite-else'; the inputs are number"),
        ("number", "--set needs NAME=VALUE, not 'number'"),
        ("", "--set needs NAME=VALUE, not ''"),
    ],
)
def test_a_setting_that_makes_no_sense_is_bad_usage(save: Save, capsys: Any, setting: str, complaint: str) -> None:
    assert main(["run", save(GOOD, number=1), "--set", setting]) == BAD_USAGE
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"tasktable: {complaint}\n")


@pytest.mark.parametrize("name", ["work.json", "work.csv"])
def test_inputs_without_a_value_are_named(save: Save, capsys: Any, name: str, way: list[str]) -> None:
    rows = [row(0, "add", ("left", "right"), {}, "sum")]
    assert main(["run", *way, save(rows, name, left=REQUIRED, right=REQUIRED)]) == BAD_TABLE
    assert (
        capsys.readouterr().err
        == "tasktable: these inputs have no value: left, right (give it with --set NAME=VALUE)\n"
    )


def test_a_table_with_problems_does_not_run(save: Save, capsys: Any, way: list[str]) -> None:
    assert main(["run", *way, save([*GOOD, row(2, "scal", "number")], number=1)]) == BAD_TABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert "the table cannot run, it has 1 problem" in err
    assert "scal' is not in the catalog" in err


def test_a_failing_task_is_named_with_its_own_traceback_and_the_rest_is_kept(
    save: Save, tmp_path: Path, capsys: Any, way: list[str]
) -> None:
    assert main(["run", *way, save(FAILING, number=7), "--out", str(tmp_path / "out")]) == FAILED_TASK
    out, err = capsys.readouterr()
    assert [line.split()[2] for line in out.splitlines()[-5:-1]] == ["done", "done", "failed", "skipped"]
    assert f"task t3 (order 1) {WORK}.fail(number) failed: ValueError: no good: 7\n" in err
    assert "work.py" in err
    assert "core/run.py" not in err
    assert err.endswith("tasktable: values that were kept: threefold, told\n")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"threefold.json", "told.json"}


def test_every_failing_task_is_told(save: Save, capsys: Any, way: list[str]) -> None:
    rows = [row(0, "fail", "number", {}, "a"), row(1, "fail", "number", {}, "b")]
    assert main(["run", *way, save(rows, number=1)]) == FAILED_TASK
    err = capsys.readouterr().err
    assert "task t1" in err
    assert "task t2" in err
    assert err.endswith("values that were kept: none\n")


def test_out_writes_every_output_and_says_so(save: Save, tmp_path: Path, capsys: Any, way: list[str]) -> None:
    rows = [row(0, "frame", "count", {}, "table"), row(0, "scale", "count", {}, "twice")]
    assert main(["run", *way, save(rows, count=3), "--out", str(tmp_path / "new" / "out")]) == OK
    assert capsys.readouterr().out.startswith("table: table.csv, table.parquet\ntwice: twice.json\n")
    assert {path.name for path in (tmp_path / "new" / "out").iterdir()} == {
        "table.csv",
        "table.parquet",
        "twice.json",
    }


def test_a_folder_that_cannot_be_made_is_told_before_anything_runs(
    save: Save, tmp_path: Path, capsys: Any, way: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["run", *way, save(GOOD, number=1), "--out", str(tmp_path / "file" / "out")]) == BAD_TABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"tasktable: cannot write into {tmp_path / 'file' / 'out'}: Not a directory\n"


@pytest.mark.parametrize(("more", "start"), [([], "flowchart LR"), (["--format", "dot"], "digraph")])
def test_graph_speaks_both_languages(save: Save, capsys: Any, more: list[str], start: str) -> None:
    assert main(["graph", save(GOOD, number=1), *more]) == OK
    out, err = capsys.readouterr()
    assert out.startswith(start)
    for name in ("number", "scale", "threefold", "type_name", "told"):
        assert name in out
    assert err == ""


def test_graph_draws_a_broken_table_too(save: Save, capsys: Any) -> None:
    assert main(["graph", save([row(0, "nothing", "a", {}, "a")])]) == OK
    assert "broken" in capsys.readouterr().out


def test_functions_lists_the_catalog(capsys: Any) -> None:
    assert main(["functions"]) == OK
    out = capsys.readouterr().out
    paths = [line.partition("(")[0] for line in out.splitlines() if not line.startswith(" ")]
    assert paths == sorted(Catalog.default())
    assert f"{WORK}.scale(value, factor=2)\n    Scale\n" in out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("work.SCALE", [f"{WORK}.scale"]),
        ("the clock", [f"{WORK}.ask"]),
        ("nothing has this name", []),
        ("crossover", ["sample_workflows.technical.crossover"]),
    ],
)
def test_functions_searches_paths_and_titles(capsys: Any, text: str, found: list[str]) -> None:
    assert main(["functions", text]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("(")[0] for line in lines if not line.startswith(" ")] == found


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["validate"],
        ["run"],
        ["run", "a.json", "--loud"],
        ["graph", "a.json", "--format", "png"],
        ["serve", "--port", "many"],
    ],
)
def test_misuse_ends_with_the_usage(capsys: Any, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == BAD_USAGE
    assert "usage: tasktable" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["validate", "run", "graph", "functions", "serve"])
def test_help_is_there_for_every_verb(capsys: Any, verb: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == OK
    assert f"usage: tasktable {verb}" in capsys.readouterr().out


def test_settings_that_make_no_sense_are_bad_usage(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("TASKTABLE_QUANDL_TIMEOUT", "soon")
    assert main(["functions"]) == BAD_USAGE
    assert "TASKTABLE_QUANDL_TIMEOUT" in capsys.readouterr().err


def test_a_catalog_module_that_cannot_be_imported_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("TASKTABLE_FUNCTIONS", "tests.core.absent")
    assert main(["functions"]) == BAD_TABLE
    assert "the catalog's module 'tests.core.absent' cannot be imported" in capsys.readouterr().err


def test_the_command_as_a_process_runs_the_crossover_analysis(tmp_path: Path) -> None:
    ended = command("run", str(CROSSOVER), "--set", "longWindow=60", "--out", str(tmp_path))
    assert ended.returncode == OK, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("[11/11] done")
    assert {"fig.html", "fig.json", "crossover.csv", "crossover.parquet"} <= {path.name for path in tmp_path.iterdir()}
    traces = json.loads((tmp_path / "fig.json").read_text())["data"]
    assert [trace["name"] for trace in traces] == ["Price", "Long SMA", "Short SMA", "Crossover"]


def test_a_second_run_takes_over_what_is_kept_unless_it_is_told_not_to(save: Save, capsys: Any) -> None:
    path = save(GOOD, number=2)
    for more, states in (
        ([], ["done", "done"]),
        ([], ["reused", "reused"]),
        (["--set", "number=3"], ["done", "done"]),
        (["--anew"], ["done", "done"]),
        (["--executor", "processes"], ["reused", "reused"]),
    ):
        assert main(["run", path, *more]) == OK
        assert [line.split()[2] for line in capsys.readouterr().out.splitlines()[1:-1]] == states


def test_cache_says_what_is_kept_and_clears_it(save: Save, capsys: Any, tmp_path: Path) -> None:
    assert main(["cache"]) == OK
    assert capsys.readouterr().out.startswith("0 results, 0 bytes of at most 10.7 GB")
    assert main(["run", save(GOOD, number=2)]) == OK
    capsys.readouterr()
    assert main(["cache", "trim"]) == OK
    out = capsys.readouterr().out
    assert out.startswith("2 results")
    assert str(tmp_path / "data") in out
    assert main(["cache", "clear"]) == OK
    out = capsys.readouterr().out
    assert out.startswith("0 results, ")
    assert "values of marked, saved and recent runs stay" in out
    artifacts = ArtifactFolder(tmp_path / "data" / "artifacts")
    with Store.open(Settings.from_environment()) as store:
        assert set(artifacts.files()) == store.pinned_artifacts() != set()
    assert main(["cache", "clear", "--all"]) == OK
    assert capsys.readouterr().out.startswith("0 results, 0 bytes")
    assert artifacts.files() == {}


def test_a_run_of_the_command_is_recorded(save: Save) -> None:
    assert main(["run", save(GOOD, number=2)]) == OK
    with Store.open(Settings.from_environment()) as store:
        (run,) = store.runs()
        assert (run.name, str(run.state), run.scalars) == ("work", "done", {"threefold": 6})


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl+C", "SIGTERM"])
def test_who_ends_the_command_stops_the_run_and_its_processes(
    save: Save, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    path = save([row(0, "scale", "number", {}, "kept"), row(1, "sleep", "kept", {}, "slept")], number=1)
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "run", path],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        # A background job of a shell ignores the signal, and so would this one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stderr is not None
    with process.stderr as told:
        assert "done" in told.readline()
        with Store.open(Settings.from_environment()) as store:
            assert [str(run.state) for run in store.runs()] == ["running"]
            process.send_signal(sent)
            assert process.wait(timeout=30) == code
            assert "stopped" in told.read()
            assert [str(run.state) for run in store.runs()] == ["stopped"]
    assert left_over(tmp_path / "data") == []


def test_what_is_ended_while_it_waits_for_its_processes_leaves_no_record(
    save: Save, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_arguments: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("core.runner.Runner.submit", end)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["run", save(GOOD, number=2)]) == 143
    assert capsys.readouterr().err == "tasktable: stopped\n"
    assert signal.getsignal(signal.SIGTERM) is before
    with Store.open(Settings.from_environment()) as store:
        assert store.runs() == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["validate", str(CROSSOVER)], OK),
        (["validate", str(CROSSOVER.with_suffix(".absent"))], BAD_TABLE),
        (["run", str(CROSSOVER), "--set", "longWindw=60"], BAD_USAGE),
        (["run", str(CROSSOVER), "--set", "longWindow=-1"], FAILED_TASK),
        (["dance"], BAD_USAGE),
    ],
)
def test_the_process_ends_with_the_code(arguments: list[str], code: int) -> None:
    ended = command(*arguments)
    assert ended.returncode == code
    assert bool(ended.stderr) is (code != OK)
    assert ("Traceback" in ended.stderr) is (code == FAILED_TASK)


@pytest.mark.parametrize("arguments", [["functions"], ["graph", str(CROSSOVER)], ["run", str(CROSSOVER)], ["cache"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "core.cli", *arguments],
            cwd=ROOT,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    finally:
        os.close(writing)
    assert ended.returncode == OK
    assert "BrokenPipe" not in ended.stderr
    assert "Traceback" not in ended.stderr
