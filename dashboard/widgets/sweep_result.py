"""A sweep as far as it has come: progress, a map or a line of a chosen number, and the table of all its runs."""

from __future__ import annotations

import streamlit as st

from core.record import RunState
from dashboard import keys, link, outcome, services, state, sweep_number
from dashboard.backend import backend
from dashboard.outcome import Outcome
from dashboard.state import Session
from dashboard.sweeping import Sweep
from dashboard.widgets.sweep_map import sweep_map
from dashboard.widgets.sweep_table import sweep_table
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
    _progress(session, sweep, found)
    names = sweep_number.names(found)
    if names:
        name, is_high = _choice(names)
        numbers = [one.numbers.get(name) for one in found]
        left, right = st.columns([1, 1], gap="medium")
        with left:
            sweep_map(session, sweep, found, numbers, name, is_high)
        with right:
            sweep_table(session, sweep, found, [name, *(other for other in names if other != name)])
    else:
        sweep_table(session, sweep, found, names)


def _choice(names: list[str]) -> tuple[str, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if state.widget(keys.SWEEP_NUMBER) not in names:
            state.set_widget(keys.SWEEP_NUMBER, names[0])
        name = st.selectbox("Number", names, key=keys.SWEEP_NUMBER, width=360)
        if state.widget(keys.SWEEP_BEST) not in (HIGHEST, LOWEST):
            state.set_widget(keys.SWEEP_BEST, HIGHEST)
        best = st.segmented_control("Best is the", (HIGHEST, LOWEST), key=keys.SWEEP_BEST, required=True)
    return name or names[0], best != LOWEST


def _progress(session: Session, sweep: Sweep, found: list[Outcome]) -> None:
    done = sum(one.state == RunState.DONE for one in found)
    failed = sum(one.state == RunState.FAILED for one in found)
    progress = backend().sweeper.progress(sweep.id)
    with st.container(key=keys.SWEEP_PROGRESS, horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"**{plain(sweep.name)}**", width="content")
        if progress and not progress.is_over:
            left = f", {_time(progress.left)} left" if progress.left is not None else ""
            share = progress.ended / progress.count if progress.count else 1.0
            st.progress(share, f"{progress.ended:,} of {progress.count:,} runs{left}", width=320)
            st.button(
                "Stop", key=keys.SWEEP_STOP, icon=":material/stop:", on_click=services.stop_sweep, args=(session, sweep)
            )
        else:
            st.markdown(_summary(found, done, failed), width="content")
            if done < len(found) and all(one.state != outcome.UNREAD for one in found):
                st.button(
                    "Continue",
                    key=keys.SWEEP_CONTINUE,
                    icon=":material/play_arrow:",
                    help="Run what is not done",
                    on_click=services.continue_sweep,
                    args=(session, sweep),
                )


def _summary(found: list[Outcome], done: int, failed: int) -> str:
    rest = len(found) - done - failed
    unread = sum(one.state == outcome.UNREAD for one in found)
    parts = [f":green-badge[{done:,} done]"] if done else []
    parts += [f":red-badge[{failed:,} failed]"] if failed else []
    parts += [f":orange-badge[{rest - unread:,} not run to the end]"] if rest > unread else []
    parts += [f":gray-badge[{unread:,} being read]"] if unread else []
    return " ".join(parts)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
