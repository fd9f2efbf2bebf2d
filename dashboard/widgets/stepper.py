"""One stop per order: what has run and how long it took, and a click to look at that moment."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, results, services, state
from dashboard.results import Stop
from dashboard.rows import time_text
from dashboard.state import Session

MARKS = {
    "running": ":violet[◉]",
    "done": ":green[●]",
    "reused": ":blue[●]",
    "failed": ":red[●]",
    "stale": ":orange[●]",
    "skipped": ":gray[●]",
}
MAX_BUTTONS = 40


def stepper(session: Session) -> None:
    """Draw the stops of the draft's orders; the one where the run stands is chosen."""
    stops = results.stops(session)
    if not stops:
        return
    orders = [stop.order for stop in stops]
    labels = {stop.order: _label(stop) for stop in stops}
    current = results.current_order(session)
    if len(stops) <= MAX_BUTTONS:
        state.set_widget(keys.STOP_AT, current)
        st.segmented_control(
            "Orders",
            orders,
            key=keys.STOP_AT,
            format_func=labels.__getitem__,
            label_visibility="collapsed",
            on_change=state.unless_echo(keys.STOP_AT, lambda: _go(session)),
        )
    else:
        state.set_widget(keys.STOP_AT, current if current is not None else orders[0])
        st.select_slider(
            "Look at the moment after this order",
            orders,
            key=keys.STOP_AT,
            on_change=state.unless_echo(keys.STOP_AT, lambda: _go(session)),
        )


def _label(stop: Stop) -> str:
    time = f" :small[:gray[{time_text(stop.seconds)}]]" if stop.seconds else ""
    return f"{MARKS.get(stop.state, ':gray[○]')} {stop.order}{time}"


def _go(session: Session) -> None:
    order = state.widget(keys.STOP_AT)
    if order is not None:
        services.look_at(session, order)
