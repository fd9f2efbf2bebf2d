"""`tasktable run`: runs a workflow file, in a process of its own that can be stopped, or in memory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from core.cli.interruption import exit_code, heeding_termination
from core.cli.word import BAD_USAGE, FAILED_TASK, OK, complain, load, say, time_text
from core.errors import InputError, LiteralError, TaskError, TasktableError

if TYPE_CHECKING:
    from core.record import Event, RunRecord
    from core.request import RunRequest
    from core.result import TaskResult
    from core.runner import Runner
    from core.settings import Settings
    from core.store import Store
    from core.task import Task
    from core.workflow import Workflow

Line = tuple[int, str, str, float, Sequence[str]]


def run(options: argparse.Namespace) -> int:
    """Run the file, say what became of every task, and write the outputs. Returns the exit code."""
    workflow = load(options.file)
    tasks = workflow.plan.tasks
    try:
        given = dict(_setting(text, workflow) for text in options.settings)
        inputs = workflow.complete_inputs(given)
    except (InputError, LiteralError) as error:
        if isinstance(error, InputError) and error.missing:
            raise InputError(f"{error} (give it with --set NAME=VALUE)", error.missing) from None
        return complain(str(error), BAD_USAGE)
    if options.out:
        _make_folder(options.out)
    show = _Progress(len(tasks))
    return _inline(workflow, inputs, options, show) if options.inline else _managed(workflow, inputs, options, show)


def _inline(workflow: Workflow, inputs: Mapping[str, Any], options: argparse.Namespace, show: _Progress) -> int:
    run = workflow.start(inputs, on_event=show.result)
    failures: list[TaskError] = []
    while not run.done:
        try:
            run.finish()
        except TaskError as error:
            failures.append(error)
    written = {key: value for key, value in run.values.items() if key not in run.inputs}
    if options.out:
        _write_outputs(written, options.out)
    results = [run.result(position) for position in range(len(run.plan.tasks))]
    say(_summary([_line(result.task, str(result.state), result.seconds) for result in results]))
    for result in results:
        if result.error:
            sys.stderr.write(f"{result.error}\n{result.error.traceback_text}")
    return _end(bool(failures), list(written))


def _managed(workflow: Workflow, inputs: Mapping[str, Any], options: argparse.Namespace, show: _Progress) -> int:
    from uuid import uuid4

    from core.record import RunState
    from core.request import Limits, RunRequest
    from core.settings import Settings

    settings = Settings.from_environment()
    tasks = {task.id: task for task in workflow.plan.tasks}
    filled = workflow.replace(inputs=inputs)
    request = RunRequest(
        uuid4().hex,
        filled.to_json(),
        executor=options.executor or settings.executor,
        workers=settings.workers,
        everything_anew=options.anew,
        user="tasktable run",
        limits=Limits.of(settings),
    )
    with heeding_termination():
        record, code = _recorded(settings, request, filled, show)
    if options.out:
        _write_outputs(_values(record, settings), options.out)
    say(_summary([_line(task, *_outcome(record, task)) for task in tasks.values()]))
    for task_id, found in record.tasks.items():
        if found.error:
            task = tasks[task_id]
            arguments = ", ".join([*task.input_keys, *task.kwargs])
            place = f"task {task.id} (order {task.order}) {task.function_path}({arguments})"
            sys.stderr.write(f"{place} failed: {found.error}\n{found.traceback}")
    if code and record.state in (RunState.STOPPED, RunState.INTERRUPTED):
        return complain(str(record.state), code)
    written = [key for found in record.tasks.values() for key in found.outputs]
    is_told = any(found.error for found in record.tasks.values())
    return _end(record.state is not RunState.DONE, written, "" if is_told else record.reason)


def _recorded(settings: Settings, request: RunRequest, workflow: Workflow, show: _Progress) -> tuple[RunRecord, int]:
    """Run; the store is told when it begins and how it ends. Return what came of it, and the code as `_wait` does."""
    from core.beginning import begin
    from core.runner import Runner
    from core.store import Store

    tasks = {task.id: task for task in workflow.plan.tasks}

    def tell(run_id: str, event: Event) -> None:
        if event["kind"] == "task":
            show(tasks[event["task"]], event["state"], event.get("seconds", 0.0))
        elif event["kind"] == "began":
            with suppress(TasktableError):  # it is recorded at its end, then
                _record(store, runner, run_id)

    with closing(Store.open(settings)) as store, closing(Runner(settings, on_event=tell)) as runner:
        runner.catalog()  # what takes long comes before the run is recorded
        try:
            begin(store, runner, request, workflow, workflow_id=None, version=None)
            return _wait(runner, request.id)
        finally:
            runner.close()
            _record(store, runner, request.id)


def _record(store: Store, runner: Runner, run_id: str) -> None:
    """Write what is known of the run; one that never came to be leaves no record."""
    known = runner.record(run_id)
    if known is not None:
        store.record_run(known)
        return
    with suppress(TasktableError):
        store.delete_run(run_id)


def _wait(runner: Runner, run_id: str) -> tuple[RunRecord, int]:
    """Return the record at the end, and 0; an interruption stops the run first, and gives its exit code."""
    try:
        return runner.wait(run_id), OK
    except KeyboardInterrupt as interruption:
        runner.stop(run_id)
        return runner.wait(run_id), exit_code(interruption)


def _outcome(record: RunRecord, task: Task) -> tuple[str, float]:
    found = record.tasks.get(task.id)
    return (str(found.state), found.seconds) if found else ("waiting", 0.0)


def _values(record: RunRecord, settings: Settings) -> dict[str, Any]:
    """Read what was written; this process is the user's own, so it may read every kind of value."""
    from core.artifact_folder import ArtifactFolder

    folder = ArtifactFolder(settings.data / "artifacts")
    found = {key: artifact for task in record.tasks.values() for key, artifact in task.outputs.items()}
    return {key: folder.get(artifact, trusted=True) for key, artifact in found.items() if artifact.is_stored}


def _end(has_failed: bool, written: Sequence[str], reason: str = "") -> int:
    if not has_failed:
        return OK
    why = f"{reason}; " if reason else ""
    return complain(f"{why}values that were kept: {', '.join(dict.fromkeys(written)) or 'none'}", FAILED_TASK)


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

    def result(self, result: TaskResult) -> None:
        """Take an event of a run in memory."""
        self(result.task, str(result.state), result.seconds)

    def __call__(self, task: Task, state: str, seconds: float) -> None:
        if state in ("running", "waiting"):
            return
        self._ended += 1
        place = f"[{self._ended:>{len(str(self._count))}}/{self._count}]"
        sys.stderr.write(f"{place} {state:<8}{time_text(seconds):>9}  {task.function_path}\n")
        sys.stderr.flush()


def _make_folder(folder: str) -> None:
    """Before anything runs: a folder that cannot be made should cost no results."""
    from pathlib import Path

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TasktableError(f"cannot write into {folder}: {error.strerror or error}") from None


def _write_outputs(values: Mapping[str, Any], folder: str) -> None:
    from pathlib import Path

    from core.value.output import write_values

    for key, files, complaint in write_values(values, Path(folder)):
        say(f"{key}: {', '.join(files)}{' (' + complaint + ')' if complaint else ''}")


def _line(task: Task, state: str, seconds: float) -> Line:
    return task.order, task.function_path, state, seconds, task.output_keys


def _summary(lines: Sequence[Line]) -> str:
    width = max(len(path) for _, path, _, _, _ in lines)
    texts = [f"{'order':>5}  {'task':<{width}}  {'state':<8}{'time':>9}  outputs"]
    texts += [
        f"{order:>5}  {path:<{width}}  {state:<8}{time_text(seconds):>9}  {', '.join(keys)}"
        for order, path, state, seconds, keys in lines
    ]
    total = sum(seconds for _, _, _, seconds, _ in lines)
    return "\n".join([*texts, f"{'':>5}  {'all tasks':<{width}}  {'':<8}{time_text(total):>9}"])
