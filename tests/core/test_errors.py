"""One root, and messages that say what was found."""

from __future__ import annotations

import inspect
import pickle

import pytest

from core import Problem, Task, TaskError, TasktableError, WorkflowError, errors

TREE = {
    "SettingsError": (),
    "CatalogError": (),
    "FormatError": (ValueError,),
    "LiteralError": (ValueError,),
    "TooLargeError": (),
    "EditError": (ValueError,),
    "SweepError": (ValueError,),
    "WorkflowError": (ValueError,),
    "InputError": (ValueError,),
    "UnknownTaskError": (KeyError,),
    "MissingValueError": (KeyError,),
    "ArtifactError": (),
    "UnstorableError": (),
    "StoreError": (),
    "RunnerError": (),
    "TaskError": (),
}


def test_every_error_hangs_under_the_root_as_drawn() -> None:
    classes = {
        name: value for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert set(classes) == {*TREE, "TasktableError"}
    for name, also in TREE.items():
        assert classes[name].__bases__ == (TasktableError, *also)
        assert name in (errors.__doc__ or "")


def test_workflow_error_lists_errors_and_keeps_everything() -> None:
    problems = [Problem("a", "first", "t1", 1, "order"), Problem("b", "second"), Problem("c", "third", severity="note")]
    error = WorkflowError(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "the table cannot run, it has 2 problems:\n  row 1, order: first\n  second"
    assert str(WorkflowError(problems[:1])).startswith("the table cannot run, it has 1 problem:")


@pytest.mark.parametrize("kind", [errors.UnknownTaskError, lambda text: errors.MissingValueError(text, ["a"])])
def test_key_errors_show_their_message_as_it_is(kind: object) -> None:
    assert str(kind("there is no 'x'")) == "there is no 'x'"  # type: ignore[operator]


def test_task_error_is_one_sentence() -> None:
    error = TaskError(Task("t1", 3, "m.f"), "ValueError: no", ["a", "b"], "Traceback")
    assert str(error) == "task t1 (order 3) m.f(a, b) failed: ValueError: no"
    assert (error.run, error.traceback_text) == (None, "Traceback")


def test_problem_survives_pickling() -> None:
    problem = Problem("a", "first", "t1", 1, "order")
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301  # our own bytes
