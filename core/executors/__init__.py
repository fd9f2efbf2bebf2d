"""Where the tasks of a run are run: in this thread, in several, or each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.executors.job import Executor, Job, Report, Tell
from core.settings import ExecutorName

__all__ = ["Executor", "Job", "Report", "Tell", "opened"]


@contextmanager
def opened(name: ExecutorName, workers: int, tell: Tell) -> Iterator[Executor]:
    """Give an executor for as long as it is needed; at the end nothing of it is left.

    Args:
        name: "inline", "threads" or "processes".
        workers: how many jobs at once; "inline" does one.
        tell: gets the events of the jobs; may be called from other threads.
    """
    executor = _make(name, max(1, workers), tell)
    try:
        yield executor
    finally:
        executor.close()


def _make(name: ExecutorName, workers: int, tell: Tell) -> Executor:
    if name == "threads":
        from core.executors.threads import Threads

        return Threads(workers, tell)
    if name == "processes":
        from core.executors.processes import Processes

        return Processes(workers, tell)
    from core.executors.inline import Inline

    return Inline(tell)
