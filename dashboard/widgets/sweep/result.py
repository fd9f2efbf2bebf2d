"""A sweep as far as it has come: progress, a map or a line of a chosen number, and the table of all its runs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.record import RunState
from dashboard import keys, link, services, state
from dashboard.reading import outcome, sweep_number
from dashboard.reading.outcome import Outcome
from dashboard.server.backend import backend
from dashboard.state import Session
from dashboard.sweeping import Sweep
from dashboard.widgets.sweep.map import sweep_map
from dashboard.widgets.sweep.table import sweep_table
from dashboard.widgets.text import plain

PULSE = 1.0
PATIENCE = 2.0
HIGHEST, LOWEST = "highest", "lowest"


def sweep_result(session: Session, sweep: Sweep) -> None:
    """Draw it; while it is under way, or being read, it draws itself anew."""
    found = outcome.outcomes(sweep, 0.0 if backend().sweeper.is_under_way(sweep.id) else PATIENCE)
    is_still = not backend().sweeper.is_under_way(sweep.id) and all(one.state != outcome.UNREAD for one in found)
    st.fragment(_drawn, run_every=None if is_still else PULSE)(session, sweep, is_still)


def _drawn(session: Session, sweep: Sweep, is_still: bool) -> None:
    wanted = services.wanted_run(session)
    if wanted:
        if services.open_run(session, wanted):
            link.go(link.WORKBENCH)
        st.rerun()
    found = outcome.outcomes(sweep, PATIENCE)
    is_over = not backend().sweeper.is_under_way(sweep.id) and all(one.state != outcome.UNREAD for one in found)
    if is_over != is_still:
        st.rerun()
    names = sweep_number.names(found)
    with st.container(key=keys.SWEEP_PROGRESS, horizontal=True, vertical_alignment="center", gap="medium"):
        _heading(session, sweep)
        _progress(session, sweep, found)
    if not names:
        sweep_table(session, sweep, found, names)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name, is_high = _choice(names)
        numbers = [one.numbers.get(name) for one in found]
        _best(session, sweep, numbers, is_high)
    left, right = st.columns(2, gap="medium")
    with left:
        sweep_map(session, sweep, found, numbers, name, is_high)
    with right:
        sweep_table(session, sweep, found, [name, *(other for other in names if other != name)])


def _heading(session: Session, sweep: Sweep) -> None:
    is_other = sweep.workflow.name != session.draft.name
    of = f" :gray[of {plain(sweep.workflow.name)}]" if is_other else ""
    st.markdown(f"**{plain(sweep.name)}**{of}", width="content")
    if is_other or session.sweep.targets[0] is None:
        icon = ":material/settings_backup_restore:"
        if st.button("Set up again", key=keys.SWEEP_AGAIN, icon=icon, type="tertiary"):
            services.set_up_again(session, sweep)
            st.rerun()


def _choice(names: list[str]) -> tuple[str, bool]:
    if state.widget(keys.SWEEP_NUMBER) not in names:
        state.set_widget(keys.SWEEP_NUMBER, names[0])
    name = st.selectbox("Number", names, key=keys.SWEEP_NUMBER, width=360, label_visibility="collapsed")
    if state.widget(keys.SWEEP_BEST) not in (HIGHEST, LOWEST):
        state.set_widget(keys.SWEEP_BEST, HIGHEST)
    best = st.segmented_control(
        "Best is the", (HIGHEST, LOWEST), key=keys.SWEEP_BEST, required=True, label_visibility="collapsed"
    )
    return name or names[0], best != LOWEST


def _best(session: Session, sweep: Sweep, numbers: list[float | None], is_high: bool) -> None:
    best = sweep_number.best(numbers, is_high)
    if best is not None:
        label = plain(sweep.variants[best].label)
        st.markdown(f"is **{sweep_number.text(numbers[best])}** at {label}", width="content")
        st.button(
            "Open it",
            key=keys.SWEEP_OPEN_BEST,
            icon=":material/play_circle:",
            type="tertiary",
            on_click=services.want_run,
            args=(session, sweep.run_ids[best]),
        )


def _progress(session: Session, sweep: Sweep, found: list[Outcome]) -> None:
    progress = backend().sweeper.progress(sweep.id)
    if progress and not progress.is_over:
        left = f", {_time(progress.left)} left" if progress.left is not None else ""
        share = progress.ended / progress.count if progress.count else 1.0
        st.progress(share, f"{progress.ended:,} of {progress.count:,} runs{left}", width=320)
        _button("Stop", keys.SWEEP_STOP, ":material/stop:", services.stop_sweep, session, sweep)
        return
    states = [one.state for one in found]
    st.markdown(_summary(states), width="content")
    if outcome.UNREAD not in states and any(one != RunState.DONE for one in states):
        is_whole = all(one in (RunState.DONE, RunState.FAILED) for one in states)
        label = "Try again" if is_whole else "Continue"
        _button(label, keys.SWEEP_CONTINUE, ":material/play_arrow:", services.continue_sweep, session, sweep)


def _button(
    label: str, key: str, icon: str, act: Callable[[Session, Sweep], None], session: Session, sweep: Sweep
) -> None:
    st.button(label, key=key, icon=icon, on_click=act, args=(session, sweep))


def _summary(states: list[str]) -> str:
    counts = (
        ("green", "done", states.count(RunState.DONE)),
        ("red", "failed", states.count(RunState.FAILED)),
        ("gray", "being read", states.count(outcome.UNREAD)),
    )
    rest = len(states) - sum(count for _, _, count in counts)
    told = (*counts, ("orange", "not run to the end", rest))
    return " ".join(f":{colour}-badge[{count:,} {what}]" for colour, what, count in told if count)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
