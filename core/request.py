"""What a managed run is asked to do, and within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.settings import ExecutorName, Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. 0 is no limit.

    Attributes:
        memory: bytes of data of one process.
        cpu: seconds of processor time of one process.
        seconds: wall-clock time of the run.
        file_size: bytes of one file that it writes.
        output_size: bytes of all the values that it stores.
        text: characters that one task prints; what is more is left out.
        processes: number of processes of the run.
    """

    memory: int = 4 * 1024**3
    cpu: float = 3600.0
    seconds: float = 3600.0
    file_size: int = 4 * 1024**3
    output_size: int = 8 * 1024**3
    text: int = 100_000
    processes: int = 64

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Return the limits that a server's owner has set."""
        return cls(
            memory=settings.run_memory,
            cpu=settings.run_cpu,
            seconds=settings.run_seconds,
            file_size=settings.run_file_size,
            output_size=settings.run_output_size,
        )


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One thing to do for a run. Several requests for the same run, one after another, continue it.

    Attributes:
        id: names the run; letters, digits and `-`.
        workflow: the workflow file's text; its `inputs` hold the values to run with.
        to_order: stop after this order; None runs to the end.
        only: run this task alone, with the values that are kept; None runs what is needed.
        anew: ids of tasks to call even if a kept result would do; `everything_anew` for all of them.
        executor: how tasks run.
        workers: how many at once.
        pipelined: a later order may start as soon as its inputs are there.
        user: who asks, for the cap per user.
        previous: the workflow file's text of the run before, to say why a task runs; "" if there is none.
        limits: see `Limits`.
    """

    id: str
    workflow: str
    to_order: int | None = None
    only: str | None = None
    anew: tuple[str, ...] = ()
    everything_anew: bool = False
    executor: ExecutorName = "inline"
    workers: int = 2
    pipelined: bool = False
    user: str = ""
    previous: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def is_partial(self) -> bool:
        """True if it asks for a part of the table only."""
        return self.to_order is not None or self.only is not None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {**asdict(self), "anew": list(self.anew)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RunRequest:
        """Read what `to_json` has written. Raises KeyError, TypeError."""
        return cls(**{**data, "anew": tuple(data["anew"]), "limits": Limits(**data["limits"])})
