"""Starting, continuing, stopping and looking at runs of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from core import State, TasktableError, WorkflowError
from core.beginning import begin
from core.record import RunState
from core.request import Limits, RunRequest
from core.table import ordered
from dashboard.attempt import Attempt
from dashboard.reading import facts, results
from dashboard.server.backend import backend
from dashboard.services.draft import follow_code
from dashboard.state import Session


def run_all(session: Session) -> None:
    """Run the draft to its end; what is kept and still holds is not called again."""
    _run(session)


def run_anew(session: Session) -> None:
    """Run the draft to its end and reuse nothing."""
    session.run = None
    _run(session, everything_anew=True)


def run_here(session: Session) -> None:
    """Run, or go back, to the moment after the selected task's order."""
    task = facts.selected_task(session)
    if task:
        look_at(session, task.order)


def run_only(session: Session) -> None:
    """Run the selected task alone, with the values there are; what used its former output becomes stale."""
    task = facts.selected_task(session)
    if task:
        _run(session, only=task.id)


def stop(session: Session) -> None:
    """Stop the run under way; what has ended is kept, and Run goes on from there."""
    if session.run and results.is_running(session):
        backend().runner.stop(session.run.id)
        session.is_awaited = True


def keep_live(session: Session) -> None:
    """In live mode, run what the last change has left behind, if the draft can run."""
    is_behind = session.draft.plan_or_none is not None and not results.is_current(session)
    if session.is_live and is_behind and not results.is_running(session):
        run_all(session)


def settle(session: Session) -> None:
    """Tell how the run ended, once."""
    if not session.is_awaited or results.is_running(session):
        return
    session.is_awaited = False
    known = results.record(session)
    for task_id, found in known.tasks.items() if known else ():
        if found.state is State.DONE:
            session.durations[task_id] = found.seconds
    failed = [(task, found) for task, found in results.failures(session) if task.id in (known.tasks if known else ())]
    if known and known.state is RunState.STOPPED:
        session.say("info", "The run was stopped. What had ended is kept; Run goes on from there.")
    elif known and known.state is RunState.INTERRUPTED:
        session.say(
            "error", f"The run was interrupted: {known.reason}. What had ended is kept; Run goes on from there."
        )
    elif failed:
        task, found = failed[0]
        row = session.draft.tasks.index(task) + 1
        session.say("error", f"Row {row} (order {task.order}) {task.function_path} failed: {found.error}")
        session.selected = task.id
    elif known and known.state is RunState.FAILED:
        session.say("error", f"The run ended before its time: {known.reason}. What had ended is kept.")


def step(session: Session) -> None:
    """Come to the draft's next order; what has run already is not called again."""
    order = results.next_order(session)
    if order is not None:
        look_at(session, order)


def back(session: Session) -> None:
    """Go back by one order; nothing is computed."""
    attempt = session.run
    if attempt and attempt.moment is not None:
        moment = attempt.moment
        orders = [task.order for task in attempt.draft.plan.tasks if task.order < moment]
        session.run = attempt.at(max(orders, default=None))
        _follow(session)


def restart(session: Session) -> None:
    """Forget the run; results that are kept are reused when it runs again."""
    session.run = None


def look_at(session: Session, order: int) -> None:
    """Go to the moment after an order, back or forth; what has not run up to there is run."""
    attempt = session.run
    if attempt and results.is_current(session):
        is_behind = attempt.moment is not None and order <= attempt.moment
        session.run = attempt.at(order)
        if is_behind or _is_there(session, order):
            _follow(session)
            return
    _run(session, to_order=order)
    _follow(session)


def _is_there(session: Session, order: int) -> bool:
    known = results.states(session)
    return all(known.get(task.id, results.UNSAID).is_finished for task in session.draft.tasks if task.order <= order)


def _run(session: Session, *, to_order: int | None = None, only: str | None = None, **wish: Any) -> None:
    """Ask for a run of the draft as it stands now, and wait for a moment: most runs are over then.

    The run of the same draft goes on; another draft begins a new run, which shows what still holds of the former.
    """
    if results.is_running(session):
        session.say("info", "A run is under way. Stop it, or wait for its end.")
        return
    follow_code(session)
    try:
        inputs = session.draft.complete_inputs({})
        former = session.run
        attempt = former if former and results.goes_on(session) else _begin(session)
        request = _request(session, attempt, to_order, only, inputs, former, wish)
        _submit(session, attempt, request, is_new=attempt is not former)
    except TasktableError as error:
        session.say("error", str(error))
        return
    session.run = _seen(attempt, to_order, only)
    session.is_awaited = True
    title, lines = session.preflight[:1], session.preflight[1:]
    session.preflight = (*(text.partition(" Nothing has run ")[0] for text in title), *lines)
    backend().runner.wait(attempt.id, backend().patience)
    settle(session)


def _begin(session: Session) -> Attempt:
    """Return a new run of the draft. Raises WorkflowError if the draft cannot run."""
    if session.draft.plan_or_none is None:
        raise WorkflowError(session.draft.problems)
    moment, base = results.reached(session), results.kept(session, session.draft)
    return Attempt(uuid4().hex, session.draft, moment, base=base)


def _request(
    session: Session,
    attempt: Attempt,
    to_order: int | None,
    only: str | None,
    inputs: Mapping[str, Any],
    former: Attempt | None,
    wish: Mapping[str, Any],
) -> RunRequest:
    settings = backend().settings
    return RunRequest(
        id=attempt.id,
        workflow=session.draft.replace(inputs=inputs).to_json(),
        to_order=to_order,
        only=only,
        executor=session.executor or settings.executor,
        workers=settings.workers,
        pipelined=session.is_pipelined,
        user=session.token,
        previous=former.draft.to_json() if former else "",
        limits=Limits.of(settings),
        **wish,
    )


def _submit(session: Session, attempt: Attempt, request: RunRequest, *, is_new: bool) -> None:
    room = backend()
    if not is_new:
        room.runner.submit(request)
        return
    begin(
        room.store,
        room.runner,
        request,
        attempt.draft,
        workflow_id=session.workflow_id,
        version=session.version,
        author=session.author,
    )


def _seen(attempt: Attempt, to_order: int | None, only: str | None) -> Attempt:
    """Return the attempt at the moment to which the run will come."""
    if only is None:
        last = attempt.draft.plan.stages[-1].order
        return attempt.at(last if to_order is None else to_order)
    return replace(attempt, ahead=attempt.ahead | {only})


def _follow(session: Session) -> None:
    """Select a task of the order where the run stands, unless one is selected; a task that failed stays selected."""
    order = results.current_order(session)
    here = [task.id for task in ordered(session.draft.tasks) if task.order == order]
    if here and session.selected not in here and not session.notice:
        session.selected = here[0]
