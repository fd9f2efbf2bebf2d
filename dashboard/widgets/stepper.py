"""One stop per order: what has run, and a click to look at that moment."""

from __future__ import annotations

import streamlit as st

from dashboard import facts, keys, services, state
from dashboard.state import Session

MARKS = {"done": ":green[●]", "reused": ":blue[●]", "failed": ":red[●]", "stale": ":orange[●]", "skipped": ":gray[●]"}


def stepper(session: Session) -> None:
    """Draw the stops of the draft's orders; the one where the run stands is chosen."""
    stops = facts.stops(session)
    if not stops:
        return
    state.set_widget(keys.STOP_AT, facts.current_order(session))
    st.segmented_control(
        "Orders",
        [stop.order for stop in stops],
        key=keys.STOP_AT,
        format_func={stop.order: f"{MARKS.get(stop.state, ':gray[○]')} {stop.order}" for stop in stops}.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: _go(session),
    )


def _go(session: Session) -> None:
    order = state.widget(keys.STOP_AT)
    if order is not None:
        services.look_at(session, order)
