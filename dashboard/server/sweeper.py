"""Runs the variants of sweeps beside the threads that draw pages, never more at once than may be under way."""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field, replace
from threading import Condition, Thread

from core.beginning import begin
from core.errors import TasktableError
from core.record import RunRecord, RunState
from core.request import Limits, RunRequest
from core.runner import Runner
from core.settings import Settings
from core.store import Store
from dashboard.sweeping import TAG, Sweep

PAUSE = 0.05
LONG_PAUSE = 1.0
MOST_REMEMBERED = 16
log = logging.getLogger(__name__)


@dataclass
class Progress:
    """How far a sweep has come since it was started, or continued, here.

    Attributes:
        sweep: which one.
        user: for whom its runs count.
        waiting: numbers of the variants that have not begun.
        under_way: numbers of those that were handed to the runner and are not over.
        refused: number of a variant -> why it could not run.
        began: when it was started; seconds since 1970.
        count: how many variants were to run.
        is_stopped: whether it was stopped.
    """

    sweep: Sweep
    user: str
    waiting: deque[int]
    under_way: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    began: float = field(default_factory=time.time)
    count: int = 0
    is_stopped: bool = False

    @property
    def ended(self) -> int:
        """How many of them are over."""
        return self.count - len(self.waiting) - len(self.under_way)

    @property
    def left(self) -> float | None:
        """Seconds until all are over, if they go on as they have; None before the first is over."""
        if not self.ended:
            return None
        return (time.time() - self.began) / self.ended * (self.count - self.ended)

    @property
    def is_over(self) -> bool:
        """True if nothing is left to do."""
        return not self.waiting and not self.under_way


class Sweeper:
    """The queue of all sweeps of one server. A page that is left, or loaded anew, changes nothing in it."""

    def __init__(self, settings: Settings, store: Store, runner: Runner) -> None:
        self._settings = settings
        self._store = store
        self._runner = runner
        self._progress: dict[str, Progress] = {}
        self._change = Condition()
        self._is_closed = False
        self._thread: Thread | None = None

    def start(self, sweep: Sweep, user: str) -> None:
        """Run every variant that is not done; nothing happens if it is under way."""
        todo = [number for number, run_id in enumerate(sweep.run_ids) if not self._is_done(run_id)]
        with self._change:
            if self.is_under_way(sweep.id) or self._is_closed:
                return
            self._forget_old()
            self._progress[sweep.id] = Progress(sweep, user, deque(todo), count=len(todo))
            if self._thread is None:
                self._thread = Thread(target=self._work, name="sweeper", daemon=True)
                self._thread.start()
            self._change.notify()

    def stop(self, sweep_id: str) -> None:
        """Begin no more variants, and stop those under way."""
        with self._change:
            found = self._progress.get(sweep_id)
            if found is None:
                return
            found.is_stopped = True
            found.waiting.clear()
            stopped = [found.sweep.run_ids[number] for number in found.under_way]
        for run_id in stopped:
            self._stop_run(run_id)

    def progress(self, sweep_id: str) -> Progress | None:
        """Return how far a sweep has come that was started here since the server was; else None."""
        with self._change:
            found = self._progress.get(sweep_id)
            if found is None:
                return None
            return replace(
                found,
                waiting=deque(found.waiting),
                under_way=set(found.under_way),
                refused=dict(found.refused),
            )

    def is_under_way(self, sweep_id: str) -> bool:
        """True if variants of it run, or wait."""
        found = self._progress.get(sweep_id)
        return found is not None and not found.is_over

    def close(self) -> None:
        """Begin nothing more."""
        with self._change:
            self._is_closed = True
            self._change.notify()
        if self._thread:
            self._thread.join(timeout=10)

    def _forget_old(self) -> None:
        over = [sweep_id for sweep_id, progress in self._progress.items() if progress.is_over]
        for sweep_id in over[: -MOST_REMEMBERED or None]:
            del self._progress[sweep_id]

    def _is_done(self, run_id: str) -> bool:
        known = self._runner.record(run_id)
        return known is not None and known.state is RunState.DONE

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._is_closed or self._active())
                if self._is_closed:
                    return
                active = self._active()
            try:
                self._turn(active)
            except Exception:
                log.exception("the sweeps did not go on for a moment")
                with self._change:
                    self._change.wait(LONG_PAUSE)

    def _turn(self, active: list[Progress]) -> None:
        for progress in active:
            self._settle(progress)
        has_begun = [self._begin_one(progress) for progress in active if self._has_room(progress)]
        if not any(has_begun):
            self._wait(active)

    def _active(self) -> list[Progress]:
        return [progress for progress in self._progress.values() if not progress.is_over]

    def _has_room(self, progress: Progress) -> bool:
        """True if one more of its variants may be handed over without waiting in the runner's own queue."""
        active = self._active()
        total = sum(len(other.under_way) for other in active)
        mine = sum(len(other.under_way) for other in active if other.user == progress.user)
        return total < self._settings.runs_at_once and mine < self._settings.runs_per_user

    def _begin_one(self, progress: Progress) -> bool:
        with self._change:
            if self._is_closed or not progress.waiting:
                return False
            number = progress.waiting.popleft()
            progress.under_way.add(number)
        try:
            self._submit(progress, number)
        except Exception as error:
            if not isinstance(error, TasktableError):
                log.exception("variant %d of the sweep %s could not be run", number, progress.sweep.id)
            with self._change:
                progress.refused[number] = str(error) or type(error).__name__
                progress.under_way.discard(number)
        if progress.is_stopped:
            self._stop_run(progress.sweep.run_ids[number])  # it was not there yet when the others were stopped
        return True

    def _submit(self, progress: Progress, number: int) -> None:
        sweep, settings = progress.sweep, self._settings
        variant, run_id = sweep.variants[number], sweep.run_ids[number]
        workflow = variant.workflow.replace(inputs=variant.workflow.complete_inputs({}))
        request = RunRequest(
            id=run_id,
            workflow=workflow.to_json(),
            executor=settings.executor,
            workers=settings.workers,
            user=progress.user,
            limits=Limits.of(settings),
        )
        begin(
            self._store,
            self._runner,
            request,
            workflow,
            workflow_id=sweep.workflow_id,
            version=sweep.version,
            author=sweep.author,
            note=variant.label[:2_000],
            tags=[TAG, sweep.name],
        )

    def _stop_run(self, run_id: str) -> None:
        try:
            self._runner.stop(run_id)
        except TasktableError as error:
            log.warning("run %s was not stopped: %s", run_id, error)

    def _settle(self, progress: Progress) -> None:
        """Take out what is over."""
        for number in list(progress.under_way):
            known = self._record(progress.sweep.run_ids[number])
            if known is None or known.state.is_over:
                if known:
                    self._write(known)
                with self._change:
                    progress.under_way.discard(number)

    def _record(self, run_id: str) -> RunRecord | None:
        try:
            return self._runner.record(run_id)
        except TasktableError:
            return None

    def _write(self, record: RunRecord) -> None:
        try:
            self._store.record_run(record)
        except TasktableError as error:
            log.warning("run %s was not recorded: %s", record.id, error)

    def _wait(self, active: list[Progress]) -> None:
        """Wait a moment, or until one of the runs under way is over."""
        first = next((progress for progress in active if progress.under_way), None)
        number = next(iter(first.under_way), None) if first else None
        if first is None or number is None:
            with self._change:
                self._change.wait(PAUSE)
            return
        try:
            self._runner.wait(first.sweep.run_ids[number], PAUSE)
        except TasktableError as error:
            log.warning("a run of the sweep %s is not known: %s", first.sweep.id, error)
            with self._change:
                self._change.wait(PAUSE)
