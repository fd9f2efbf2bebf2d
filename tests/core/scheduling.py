"""Managed runs in the tests' own process, on a data folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import Catalog, Workflow
from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from core.record import Event, RunRecord, RunState, TaskRecord
from core.schedule import execute, forecast
from tests.core import managed_work

MODULE = managed_work.__name__
CATALOG = Catalog.from_modules([MODULE])


def row(order: int, function: str, reads: Any = (), kwargs: Any = None, writes: Any = ()) -> list[Any]:
    """A row whose function is one of `tests.core.managed_work`."""
    return [order, f"{MODULE}.{function}", reads, kwargs or {}, writes]


def table(*rows: Any, **inputs: Any) -> Workflow:
    return Workflow(rows, inputs, catalog=CATALOG)


@dataclass(frozen=True)
class Executed:
    """What one request came to."""

    state: RunState
    events: list[Event]
    artifacts: ArtifactFolder

    @property
    def tasks(self) -> Mapping[str, TaskRecord]:
        return RunRecord("r").after_all(self.events).tasks

    @property
    def called(self) -> list[str]:
        """The ids of the tasks that were called, in this order."""
        return [event["task"] for event in self.events if event.get("state") == "running"]

    @property
    def states(self) -> dict[str, str]:
        return {task_id: str(task.state) for task_id, task in self.tasks.items()}

    @property
    def reasons(self) -> dict[str, str]:
        return {task_id: task.reason for task_id, task in self.tasks.items()}

    def value(self, task_id: str, key: str) -> Any:
        return self.artifacts.get(self.tasks[task_id].outputs[key], trusted=True)

    def values(self, workflow: Workflow) -> dict[str, dict[str, Any]]:
        """Task id -> output key -> value, for every task that finished."""
        return {
            task.id: {key: self.value(task.id, key) for key in task.output_keys}
            for task in workflow.tasks
            if task.id in self.tasks and self.tasks[task.id].is_finished
        }


@dataclass
class Office:
    """A data folder, and the runs on it."""

    root: Path
    count: int = 0
    artifacts: ArtifactFolder = field(init=False)
    cache: DiskCache = field(init=False)

    def __post_init__(self) -> None:
        self.artifacts = ArtifactFolder(self.root / "artifacts")
        self.cache = DiskCache(self.root, self.artifacts)

    def run(self, workflow: Workflow, inputs: Mapping[str, Any] | None = None, **options: Any) -> Executed:
        """Execute a request of a new run, unless `run` names one."""
        self.count += 1
        events: list[Event] = []
        options = {"run": f"run {self.count}", "cache": self.cache, "emit": events.append, **options}
        given = workflow.complete_inputs(inputs or {})
        state = execute(workflow.plan, workflow.catalog, given, artifacts=self.artifacts, **options)
        return Executed(state, events, self.artifacts)

    def forecast(self, workflow: Workflow, **options: Any) -> tuple[int, int]:
        return forecast(workflow.plan, workflow.catalog, workflow.complete_inputs({}), self.cache, **options)

    def damage(self, artifacts: Iterable[Artifact], content: bytes | None = b"garbled") -> None:
        """Overwrite stored values with as many other bytes; with None, remove them."""
        for artifact in artifacts:
            path = self.artifacts.path(artifact)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes((content * artifact.size)[: artifact.size])
