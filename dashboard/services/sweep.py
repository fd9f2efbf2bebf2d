"""Starting, stopping and looking at sweeps of the draft."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from core import TasktableError
from core.notation import spell
from core.sweep import Axis, Target, expand, parse_values
from dashboard.reading import facts, outcome
from dashboard.server.backend import backend
from dashboard.services.draft import open_sample
from dashboard.services.opening import open_draft
from dashboard.state import Session
from dashboard.sweeping import Sweep, Wish

EXAMPLE = "analysis_4"
EXAMPLE_WISH = Wish(("shortWindow", "longWindow"), ("5 to 20", "30 to 100 step 10"))
MAX_NAME = 60


def wish_target(session: Session, place: int, target: Target | None) -> None:
    """Choose what is varied first (0) or second (1); its values are to be typed anew."""
    if session.sweep.targets[place] != target:
        targets, texts = list(session.sweep.targets), list(session.sweep.texts)
        targets[place], texts[place] = target, ""
        session.sweep = replace(session.sweep, targets=(targets[0], targets[1]), texts=(texts[0], texts[1]))


def wish_values(session: Session, place: int, text: str) -> None:
    """Say which values the first (0) or second (1) target takes, as typed."""
    texts = list(session.sweep.texts)
    texts[place] = text
    session.sweep = replace(session.sweep, texts=(texts[0], texts[1]))


def open_example(session: Session) -> None:
    """Open the fourth sample, and wish for a sweep of the windows of its crossover."""
    if session.draft.name != facts.samples().get(EXAMPLE):
        open_sample(session, EXAMPLE)
    session.sweep = EXAMPLE_WISH


def start_sweep(session: Session, axes: Sequence[Axis]) -> None:
    """Run a variant of the draft for each combination; what is kept and still holds is not called again."""
    try:
        sweep = Sweep(
            id=uuid4().hex,
            name=_name(axes),
            workflow=session.draft,
            axes=tuple(axes),
            created=time.time(),
            author=session.author,
            workflow_id=session.workflow_id,
            version=session.version,
        )
        expand(sweep.workflow, sweep.axes)
        backend().sweeps.keep(sweep)
    except TasktableError as error:
        session.say("error", f"The sweep was not started: {error}")
        return
    backend().sweeper.start(sweep, session.token)
    show_sweep(session, sweep.id)


def continue_sweep(session: Session, sweep: Sweep) -> None:
    """Run every variant that is not done."""
    backend().sweeper.start(sweep, session.token)
    outcome.forget(sweep)


def stop_sweep(session: Session, sweep: Sweep) -> None:
    """Begin no more variants, and stop those under way; what has ended is kept."""
    backend().sweeper.stop(sweep.id)
    session.say("info", "The sweep was stopped. What had ended is kept; Continue runs the rest.")


def set_up_again(session: Session, sweep: Sweep) -> None:
    """Open the workflow of a sweep as the draft, and wish for the same values; undo brings the former draft back."""
    open_draft(session, sweep.workflow, sweep.workflow_id, sweep.version)
    targets = [axis.target for axis in sweep.axes]
    texts = [_typed(axis) for axis in sweep.axes]
    session.sweep = replace(
        session.sweep,
        targets=(targets[0], targets[1] if len(targets) > 1 else None),
        texts=(texts[0], texts[1] if len(texts) > 1 else ""),
    )


def show_sweep(session: Session, sweep_id: str) -> None:
    """Look at another sweep."""
    session.sweep = replace(session.sweep, shown=sweep_id)


def want_run(session: Session, run_id: str) -> None:
    """Say that the run of a variant is to be opened."""
    session.sweep = replace(session.sweep, wanted=run_id)


def wanted_run(session: Session) -> str:
    """Return the run that is to be opened, once; "" if there is none."""
    found = session.sweep.wanted
    if found:
        session.sweep = replace(session.sweep, wanted="")
    return found


def _typed(axis: Axis) -> str:
    """Return values as they could have been typed."""
    return ", ".join(value if _is_word(value) else spell(value) for value in axis.values)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and parse_values(value, is_text=True) == (value,)


def _name(axes: Sequence[Axis]) -> str:
    """Return a name that no sweep has yet: what is varied, and a number."""
    base = " × ".join(axis.name for axis in axes)[: MAX_NAME - 6].strip()
    taken = {heading.name for heading in backend().sweeps.headings()}
    number = 1
    while (name := base if number == 1 else f"{base} {number}") in taken:
        number += 1
    return name
