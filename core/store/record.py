"""What the store gives back: frozen records of workflows, versions, drafts and runs. Times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.record import RunRecord, RunState
from core.task import NOTHING

Number = int | float


@dataclass(frozen=True, slots=True)
class WorkflowRecord:
    """One workflow as a library lists it.

    Attributes:
        id: names it; 32 hexadecimal digits.
        description: that of its latest version.
        created, saved: when its first and its latest version were saved.
        latest: number of its latest version.
        author, message, digest: of its latest version; equal digests have equal contents.
        last_run: number of its last run; 0 if it has none.
        last_run_id, last_run_state, last_run_time: of that run; "", None and 0.0 if there is none.
    """

    id: str
    name: str
    owner: str
    description: str
    archived: bool
    created: float
    saved: float
    latest: int
    author: str
    message: str
    digest: str
    starred: bool
    note: str
    tags: tuple[str, ...]
    last_run: int = 0
    last_run_id: str = ""
    last_run_state: RunState | None = None
    last_run_time: float = 0.0


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """One saved version, without its content.

    Attributes:
        number: from 1, without gaps.
        digest, size: SHA-256 and number of bytes of the content.
        based_on: number of the version that it was made from; 0 for the first one.
    """

    workflow_id: str
    number: int
    digest: str
    size: int
    based_on: int
    created: float
    author: str
    message: str
    starred: bool
    note: str
    tags: tuple[str, ...]

    @property
    def id(self) -> str:
        """Names it in `Store.tag`, `Store.note` and `Store.star`."""
        return f"{self.workflow_id}/{self.number}"


@dataclass(frozen=True, slots=True)
class VersionRecord(VersionSummary):
    """One saved version; `content` is the workflow file's text."""

    content: str


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """What a browser tab last kept; `saved` is when."""

    content: str
    saved: float


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run as a list shows it.

    Attributes:
        number: from 1, counted over the whole store.
        workflow_id, version: what was run; None for a table that was not saved, or whose workflow was deleted.
        state, reason: see `RunRecord`.
        created: when it was asked for.
        queued, began, ended: see `RunRecord`.
        scalars: key -> number, for every output that is one.
    """

    id: str
    number: int
    workflow_id: str | None
    version: int | None
    name: str
    author: str
    state: RunState
    reason: str
    created: float
    queued: float
    began: float
    ended: float
    starred: bool
    note: str
    tags: tuple[str, ...]
    scalars: Mapping[str, Number] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run with everything that is known of it.

    Attributes:
        content: the workflow file's text with the inputs as they were run.
        functions: function path -> code digest.
        environment: "python" and every package -> version.
        record: its state, and what became of each task.
    """

    id: str
    number: int
    workflow_id: str | None
    version: int | None
    name: str
    author: str
    created: float
    starred: bool
    note: str
    tags: tuple[str, ...]
    content: str
    functions: Mapping[str, str]
    environment: Mapping[str, str]
    record: RunRecord
