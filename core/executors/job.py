"""What an executor is given for one task, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from core.artifact import Artifact
from core.result import State

Tell = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one call.

    Attributes:
        state: done, reused, failed, or waiting if it could not begin because a stored value is gone.
        result: names this very outcome.
        outputs: what it wrote: the output keys' values, then those under `changed`.
        seconds: wall-clock time of the call.
        reason: why it was called or reused.
        error, traceback, log: as in `TaskRecord`.
        lost: position of a task -> why the value that it stored cannot be read.
        changed: the keys of the registry that it set itself; `removed`: those that it took away.
        values: index of an output -> the value itself, where it could not be stored. Never leaves the process.
        broken: number of the attempt that its process did not survive; 0 if it did.
    """

    state: State
    result: str = ""
    outputs: tuple[Artifact, ...] = ()
    seconds: float = 0.0
    reason: str = ""
    error: str = ""
    traceback: str = ""
    log: str = ""
    lost: Mapping[int, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    values: Mapping[int, Any] = field(default_factory=dict)
    broken: int = 0

    @property
    def is_stored(self) -> bool:
        """True if another process could read all that it wrote."""
        return all(artifact.is_stored for artifact in self.outputs)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, without `values` and `broken`."""
        texts = ("result", "seconds", "reason", "error", "traceback", "log", "changed", "removed")
        return {
            **{name: getattr(self, name) for name in texts},
            "state": str(self.state),
            "outputs": [artifact.to_json() for artifact in self.outputs],
            "lost": list(self.lost.items()),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Read what `to_json` has written. Raises KeyError, TypeError, ValueError."""
        return cls(
            **{
                **data,
                "state": State(data["state"]),
                "outputs": tuple(Artifact.from_json(item) for item in data["outputs"]),
                "lost": dict(data["lost"]),
                "changed": tuple(data["changed"]),
                "removed": tuple(data["removed"]),
            }
        )

    def noted(self, text: str) -> Report:
        """Return a copy whose log begins with a line of the engine's own."""
        return replace(self, log=f"{text}\n{self.log}")


class Job(Protocol):
    """The work of one task: looks for a kept result, else calls the function and stores what it returns.

    It never raises for the function's sake. Events on the way go to `tell`, from whatever thread.
    """

    @property
    def name(self) -> str:
        """The task's id."""

    @property
    def time_limit(self) -> float | None:
        """Seconds that one call may take."""

    @property
    def stays(self) -> bool:
        """True if it is known that what it makes cannot leave the process that makes it."""

    def __call__(self, tell: Tell) -> Report:
        """Do it."""


class Executor(Protocol):
    """Where jobs are done. Jobs are named by a number."""

    @property
    def room(self) -> int:
        """How many more jobs may be started now."""

    def start(self, number: int, job: Job) -> None:
        """Begin a job; only if there is room."""

    def finished(self) -> list[tuple[int, Report]]:
        """Wait until at least one job has ended, and return all that have; only if one is under way."""

    def close(self) -> None:
        """End whatever is under way."""
