"""Begins a run: it is recorded first and then handed to the runner; one that is refused leaves no record."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from core.environment import environment
from core.errors import TasktableError
from core.request import RunRequest
from core.runner import Runner
from core.store import Store
from core.workflow import Workflow


def begin(
    store: Store,
    runner: Runner,
    request: RunRequest,
    workflow: Workflow,
    *,
    workflow_id: str | None,
    version: int | None,
    author: str = "",
    note: str = "",
    tags: Collection[str] = (),
) -> None:
    """Record a run, with everything that is needed to run it again exactly, and put it into the queue.

    `workflow` is what the request's text says, `note` and `tags` what is said of the run without a person having asked
    for it. Raises TasktableError if it cannot be recorded or not be run.
    """
    store.begin_run(
        request.id,
        workflow_id=workflow_id,
        version=version,
        name=workflow.name,
        content=request.workflow,
        functions=workflow.digests(),
        environment=environment(),
        author=author,
        note=note,
        tags=tags,
    )
    try:
        runner.submit(request)
    except TasktableError:
        if runner.record(request.id) is None:
            with suppress(TasktableError):  # the history shows it as waiting, then
                store.delete_run(request.id)
        raise
