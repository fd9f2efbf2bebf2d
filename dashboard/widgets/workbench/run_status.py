"""What Run would do, or why it cannot, or how far a run under way has come."""

from __future__ import annotations

import streamlit as st

from core.record import RunState
from dashboard import keys, state
from dashboard.reading import facts, results
from dashboard.reading.foresight import foresight
from dashboard.reading.rows import time_text
from dashboard.state import Session
from dashboard.widgets.text import plain

PULSE = 0.25


def run_status(session: Session) -> None:
    """Draw it; while a run is under way it draws itself anew, and the page with it whenever a task has ended."""
    if results.is_running(session):
        st.fragment(_live, run_every=PULSE)(session)
        return
    if not session.draft.tasks:
        st.badge("no tasks yet", icon=":material/add:", color="gray")
        return
    errors, ahead = facts.error_count(session), foresight(session)
    if errors or ahead is None:
        st.badge(f"{errors} problem{'s' if errors > 1 else ''}", icon=":material/error:", color="red")
    elif failed := len(results.failures(session)):
        st.badge(f"{failed} failed, {ahead[0]:,} to run", icon=":material/error:", color="red")
    elif missing := facts.missing_inputs(session):
        text = f"{missing[0]} needs a value" if len(missing) == 1 else f"{len(missing)} inputs need a value"
        st.badge(plain(text), icon=":material/edit:", color="orange")
    else:
        st.badge(told(*ahead), icon=":material/check_circle:", color="green")


def told(calls: int, kept: int) -> str:
    """Return in words how many tasks a run would call, and how many have a kept result."""
    return f"{calls:,} to run, {kept:,} reused" if kept else f"{calls:,} to run"


def _live(session: Session) -> None:
    known = results.record(session)
    if known is None or known.state.is_over or state.has_changed(keys.STATUS, (known.id, known.state, _ended(session))):
        st.rerun()
    if known.state is RunState.QUEUED:
        st.progress(0.0, f"waiting, place {known.position}")
        return
    ended, count, left = results.progress(session)
    time = f", about {time_text(left)} left" if left else ""
    told = ", waiting for another run" if results.is_waiting_for_others(session) else time
    st.progress(ended / count if count else 0.0, f"{ended} of {count}{told}")


def _ended(session: Session) -> tuple[tuple[str, str], ...]:
    return tuple((task_id, found.state) for task_id, found in results.states(session).items())
