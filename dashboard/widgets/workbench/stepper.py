"""One stop per order: what has run and how long it took, and a click to look at that moment."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import keys, services, state
from dashboard.reading import results
from dashboard.reading.results import Stop
from dashboard.reading.rows import time_text
from dashboard.state import Session
from dashboard.widgets.workbench.pending import after_edits

MARKS = {
    "running": ":violet[◉]",
    "done": ":green[●]",
    "reused": ":blue[◎]",
    "failed": ":red[◆]",
    "stale": ":orange[◐]",
    "skipped": ":gray[–]",
}
MAX_SHOWN, AROUND = 9, 3
SHORTEST = 0.0005


def stepper(session: Session) -> None:
    """Draw the stops of the draft's orders in one line; the one where the run stands is chosen.

    Of many orders, the first, the last and those around the run are drawn, and a list of all of them.
    """
    stops = results.stops(session)
    if not stops:
        return
    current = results.current_order(session)
    shown = window(stops, current)
    labels = {stop.order: _label(stop) for stop in shown}
    if len(shown) < len(stops):
        _mark_gaps(labels, shown, stops)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", wrap=False):
        state.set_widget(keys.STOP_AT, current)
        st.segmented_control(
            "Orders",
            list(labels),
            key=keys.STOP_AT,
            format_func=labels.__getitem__,
            label_visibility="collapsed",
            on_change=state.unless_echo(keys.STOP_AT, after_edits(session, lambda _: _go(session, keys.STOP_AT))),
        )
        if len(shown) < len(stops):
            _all(session, stops)


def window(stops: Sequence[Stop], current: int | None) -> list[Stop]:
    """Return the stops that are drawn: all of a few, else the first, the last and those around the run."""
    if len(stops) <= MAX_SHOWN:
        return list(stops)
    orders = [stop.order for stop in stops]
    running = [place for place, stop in enumerate(stops) if stop.state == "running"]
    middle = running[0] if running else orders.index(current) if current in orders else 0
    start = min(max(middle - AROUND, 1), len(stops) - 2 - 2 * AROUND)
    return [stops[0], *stops[start : start + 2 * AROUND + 1], stops[-1]]


def _mark_gaps(labels: dict[int, str], shown: Sequence[Stop], stops: Sequence[Stop]) -> None:
    """Say at the first and the last stop that others lie between them and their neighbours."""
    first, last = shown[0].order, shown[-1].order
    if shown[1] is not stops[1]:
        labels[first] += " …"
    if shown[-2] is not stops[-2]:
        labels[last] = f"… {labels[last]}"


def _all(session: Session, stops: Sequence[Stop]) -> None:
    """Draw the list of all orders; a choice goes there, and the list is empty again."""
    told = {stop.order: f"order {stop.order}: {stop.state}{_time(stop, ', ')}" for stop in stops}
    state.set_widget(keys.STOP_IN_LIST, None)
    st.selectbox(
        "Look at the moment after any order",
        list(told),
        key=keys.STOP_IN_LIST,
        index=None,
        placeholder=f"all {len(stops)}…",
        format_func=told.__getitem__,
        label_visibility="collapsed",
        width=110,
        on_change=state.unless_echo(keys.STOP_IN_LIST, after_edits(session, lambda _: _go(session, keys.STOP_IN_LIST))),
    )


def _label(stop: Stop) -> str:
    time = _time(stop, "")
    return f"{MARKS.get(stop.state, ':gray[○]')} **{stop.order}**" + (f" :small[:gray[{time}]]" if time else "")


def _time(stop: Stop, before: str) -> str:
    return f"{before}{time_text(stop.seconds)}" if stop.seconds >= SHORTEST else ""


def _go(session: Session, key: str) -> None:
    order = state.widget(key)
    if order is not None and order != results.current_order(session):
        services.look_at(session, order)
