"""The command `tasktable`: validate, run and draw a workflow file, list functions, serve the dashboard.

Exit codes: 0 all went well; 1 the table or its inputs cannot run; 2 the command was misused; 3 a task failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.errors import InputError, LiteralError, SettingsError, TaskError, TasktableError, WorkflowError

if TYPE_CHECKING:
    from core.result import TaskResult
    from core.run import Run
    from core.workflow import Workflow

OK, BAD_TABLE, BAD_USAGE, FAILED_TASK = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the given arguments (those of the process by default) and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except (WorkflowError, InputError) as error:
        return _complain(str(error), BAD_TABLE)
    except SettingsError as error:
        return _complain(str(error), BAD_USAGE)
    except TasktableError as error:
        return _complain(str(error), BAD_TABLE)
    except BrokenPipeError:
        _write_nowhere()
        return OK
    except KeyboardInterrupt:
        return _complain("stopped", 130)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tasktable", description="Analyses as tables of tasks.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    validate = commands.add_parser("validate", help="say everything that is wrong with a workflow file")
    validate.add_argument("file", help="a workflow: JSON, or a table as CSV")
    validate.set_defaults(command=_validate)

    run = commands.add_parser("run", help="run a workflow file in memory and write its outputs")
    run.add_argument("file", help="a workflow: JSON, or a table as CSV")
    run.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="settings", help="give an input another value"
    )
    run.add_argument("--out", metavar="DIR", help="write every output into this folder")
    run.set_defaults(command=_run)

    graph = commands.add_parser("graph", help="print the graph of a workflow file")
    graph.add_argument("file", help="a workflow: JSON, or a table as CSV")
    graph.add_argument("--format", choices=("mermaid", "dot"), default="mermaid", help="default: mermaid")
    graph.set_defaults(command=_graph)

    functions = commands.add_parser("functions", help="list the functions that a workflow file may name")
    functions.add_argument("text", nargs="?", default="", help="only those whose path or title holds this text")
    functions.set_defaults(command=_functions)

    serve = commands.add_parser("serve", help="open the dashboard on http://127.0.0.1:8501")
    serve.add_argument("--port", type=int, default=8501, help="default: 8501")
    serve.add_argument("--address", default="127.0.0.1", help="default: 127.0.0.1; read docs/self-hosting.md before")
    serve.set_defaults(command=_serve)
    return parser


def _validate(options: argparse.Namespace) -> int:
    workflow = _load(options.file)
    for problem in workflow.problems:
        stream = sys.stderr if problem.severity == "error" else sys.stdout
        stream.write(f"{problem.severity}: {problem}\n")
    if workflow.plan_or_none is None:
        return BAD_TABLE
    _say(f"{options.file}: {len(workflow.tasks)} tasks, valid")
    return OK


def _run(options: argparse.Namespace) -> int:
    workflow = _load(options.file)
    plan = workflow.plan
    try:
        given = dict(_setting(text, workflow) for text in options.settings)
        inputs = workflow.complete_inputs(given)
    except (InputError, LiteralError) as error:
        if isinstance(error, InputError) and error.missing:
            raise InputError(f"{error} (give it with --set NAME=VALUE)", error.missing) from None
        return _complain(str(error), BAD_USAGE)
    if options.out:
        _make_folder(options.out)
    run = workflow.start(inputs, on_event=_Progress(len(plan.tasks)))
    failures: list[TaskError] = []
    while not run.done:
        try:
            run.finish()
        except TaskError as error:
            failures.append(error)
    if options.out:
        _write_outputs(run, options.out)
    _say(_summary(run))
    if not failures:
        return OK
    for result in run.results.values():
        if result.error:
            sys.stderr.write(f"{result.error}\n{result.error.traceback_text}")
    kept = [key for key in run.values if key not in run.inputs]
    return _complain(f"values that were kept: {', '.join(kept) or 'none'}", FAILED_TASK)


def _graph(options: argparse.Namespace) -> int:
    workflow = _load(options.file)
    _say((workflow.to_dot() if options.format == "dot" else workflow.to_mermaid()).rstrip())
    return OK


def _functions(options: argparse.Namespace) -> int:
    from core.catalog import Catalog
    from core.function import shown

    text = options.text.lower()
    for path, function in sorted(Catalog.default().items()):
        if text in path.lower() or text in function.title.lower():
            _say(f"{path}{shown(function.signature)}\n    {function.title}")
    return OK


def _serve(options: argparse.Namespace) -> int:  # noqa: RET503 - it ends by becoming the server
    import importlib.util
    import os
    from pathlib import Path

    spec = importlib.util.find_spec("dashboard")
    if spec is None or spec.origin is None:
        return _complain("the dashboard is not installed", BAD_USAGE)
    folder = Path(spec.origin).parent
    flags = _server_flags(folder, {"server.port": options.port, "server.address": options.address})
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), *flags]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - the server takes this process's place, signals included


def _server_flags(folder: Any, changes: dict[str, Any]) -> list[str]:
    """The safe settings of `.streamlit/config.toml` as flags, so that they hold from whatever folder it is started."""
    import tomllib

    beside, packaged = folder.parent / ".streamlit" / "config.toml", folder / "streamlit.toml"
    settings = tomllib.loads((beside if beside.is_file() else packaged).read_text(encoding="utf-8"))
    options = {f"{section}.{name}": value for section, values in settings.items() for name, value in values.items()}
    flags = []
    for name, value in {**options, **changes}.items():
        if isinstance(value, dict):
            continue
        values = value if isinstance(value, list) else [value]
        flags += [f"--{name}={str(item).lower() if isinstance(item, bool) else item}" for item in values]
    return flags


def _load(file: str) -> Workflow:
    from core.workflow import Workflow

    return Workflow.from_csv(file) if file.lower().endswith((".csv", ".tsv")) else Workflow.from_json(file)


def _setting(text: str, workflow: Workflow) -> tuple[str, Any]:
    """Read NAME=VALUE: text where the input's default is text, else a literal, else the text as it stands."""
    from core.notation import parse

    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--set needs NAME=VALUE, not {text[:60]!r}")
    if isinstance(workflow.inputs.get(name), str):
        return name, value
    try:
        return name, parse(value)
    except LiteralError:
        return name, value


class _Progress:
    """Prints one line for every task that ends."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._ended = 0

    def __call__(self, result: TaskResult) -> None:
        if result.state == "running":
            return
        self._ended += 1
        place = f"[{self._ended:>{len(str(self._count))}}/{self._count}]"
        sys.stderr.write(f"{place} {result.state:<8}{_time(result.seconds):>9}  {result.task.function_path}\n")
        sys.stderr.flush()


def _make_folder(folder: str) -> None:
    """Before anything runs: a folder that cannot be made should cost no results."""
    from pathlib import Path

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TasktableError(f"cannot write into {folder}: {error.strerror or error}") from None


def _write_outputs(run: Run, folder: str) -> None:
    from pathlib import Path

    from core.value.output import write_values

    written = {key: value for key, value in run.values.items() if key not in run.inputs}
    for key, files, complaint in write_values(written, Path(folder)):
        _say(f"{key}: {', '.join(files)}{' (' + complaint + ')' if complaint else ''}")


def _summary(run: Run) -> str:
    results = [run.result(position) for position in range(len(run.plan.tasks))]
    width = max(len(result.task.function_path) for result in results)
    lines = [f"{'order':>5}  {'task':<{width}}  {'state':<8}{'time':>9}  outputs"]
    lines += [
        f"{result.task.order:>5}  {result.task.function_path:<{width}}  {result.state:<8}{_time(result.seconds):>9}  "
        f"{', '.join(result.task.output_keys)}"
        for result in results
    ]
    total = sum(result.seconds for result in results)
    return "\n".join([*lines, f"{'':>5}  {'all tasks':<{width}}  {'':<8}{_time(total):>9}"])


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _write_nowhere() -> None:
    """After a reader such as `head` has gone: what is still to be written at the end must not raise again."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"tasktable: {text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
