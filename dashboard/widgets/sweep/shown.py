"""Which sweep is looked at: the one that the address names, or one that is chosen among those that were made."""

from __future__ import annotations

import time

import streamlit as st

from core import TasktableError
from core.visible import spelled
from dashboard import keys, services, state
from dashboard.reading import clock, facts
from dashboard.server.backend import backend
from dashboard.state import Session
from dashboard.sweeping import Sweep

NAME = "sweep"


def sweep_shown(session: Session) -> Sweep | None:
    """Draw the choice, if there is one; return the sweep that is looked at."""
    named = st.query_params.get(NAME)
    if named and named[:64] != session.sweep.shown and not state.has_changed(NAME, session.sweep.shown):
        services.show_sweep(session, named[:64])
    found = _found(session)
    headings = {heading.id: heading for heading in backend().sweeps.headings()}
    if headings:
        now = time.time()
        state.set_widget(keys.SWEEP_SHOWN, found.id if found and found.id in headings else None)
        st.selectbox(
            "Sweeps that were made",
            list(headings),
            key=keys.SWEEP_SHOWN,
            index=None,
            placeholder="Sweeps that were made…",
            format_func=lambda sweep_id: spelled(
                f"{headings[sweep_id].name} · {headings[sweep_id].workflow} · "
                f"{clock.ago(headings[sweep_id].created, now)}"
            ),
            label_visibility="collapsed",
            width=420,
            on_change=state.unless_echo(
                keys.SWEEP_SHOWN, lambda: services.show_sweep(session, state.widget(keys.SWEEP_SHOWN) or "")
            ),
        )
    if found:
        st.query_params[NAME] = found.id
    elif NAME in st.query_params:
        del st.query_params[NAME]
    state.has_changed(NAME, session.sweep.shown)
    return found


def _found(session: Session) -> Sweep | None:
    if not session.sweep.shown:
        return None
    try:
        return backend().sweeps.find(session.sweep.shown, facts.catalog())
    except TasktableError as error:
        session.say("error", f"{error}.")
        services.show_sweep(session, "")
        return None
