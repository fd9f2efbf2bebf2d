"""A runner without processes: a run is over when `submit` returns. What it does is what a worker does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import time

from core import Catalog, Workflow
from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from core.errors import RunnerError
from core.record import Event, RunRecord, RunState
from core.request import RunRequest
from core.runner.download import DownloadFolder
from core.runner.reader import answer_stored
from core.schedule import execute
from core.settings import Settings
from core.value import question
from core.value.question import Question


class InlineRunner:
    """Has the verbs of `core.runner.Runner`; `catalog_now` may be replaced, as when code was edited."""

    def __init__(self, settings: Settings, modules: tuple[str, ...] = ()) -> None:
        self.settings = settings
        self.catalog_now = Catalog([*Catalog.default().values(), *Catalog.from_modules(modules).values()])
        self.requests: list[RunRequest] = []
        self.on_event: Callable[[str, Event], None] = lambda _run_id, _event: None
        self._records: dict[str, RunRecord] = {}
        self._artifacts = ArtifactFolder(settings.data / "artifacts")

    def submit(self, request: RunRequest) -> None:
        """Run it."""
        self.requests.append(request)
        workflow = Workflow.from_json(request.workflow, catalog=self.catalog_now)
        previous = Workflow.from_json(request.previous, catalog=self.catalog_now) if request.previous else None
        self._tell(request.id, {"kind": "began", "partial": request.is_partial})
        state = execute(
            workflow.plan,
            self.catalog_now,
            workflow.inputs,
            cache=DiskCache(self.settings.data, self._artifacts),
            artifacts=self._artifacts,
            emit=lambda event: self._tell(request.id, event),
            run=request.id,
            to_order=request.to_order,
            only=request.only,
            anew=request.anew,
            everything_anew=request.everything_anew,
            previous=previous,
        )
        self._tell(request.id, {"kind": "ended", "state": str(state), "reason": ""})

    def stop(self, run_id: str) -> None:
        """Say that it was stopped."""
        self._tell(run_id, {"kind": "ended", "state": str(RunState.STOPPED), "reason": "stopped"})

    def record(self, run_id: str) -> RunRecord | None:
        """The fold so far."""
        return self._records.get(run_id)

    def works_on(self, run_id: str) -> bool:  # noqa: ARG002 - it is over already
        """Never."""
        return False

    def wait(self, run_id: str, timeout: float | None = None) -> RunRecord:  # noqa: ARG002 - it is over already
        """Return at once."""
        return self._records[run_id]

    def catalog(self) -> Catalog:
        """The functions themselves."""
        return self.catalog_now

    def refresh(self) -> None:
        """Nothing has been edited."""

    def ask(self, artifact: Artifact, asking: Question) -> bytes:
        """Answer here."""
        return answer_stored(self._artifacts, artifact, asking).to_bytes()

    def export(self, artifact: Artifact, suffix: str) -> Path:
        """Make the file here."""
        told = answer_stored(self._artifacts, artifact, question.file(suffix))
        if told.reason:
            raise RunnerError(told.reason)
        return DownloadFolder(self.settings.data).path(artifact, suffix)

    def recover(self) -> list[str]:
        """Nothing was left behind."""
        return []

    def close(self) -> None:
        """Nothing to end."""

    def _tell(self, run_id: str, event: Event) -> None:
        event = {"at": time(), **event}
        self._records[run_id] = self._records.get(run_id, RunRecord(run_id)).after(event)
        self.on_event(run_id, event)
