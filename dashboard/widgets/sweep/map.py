"""A chosen number of a sweep as a map, or as a line for one axis; a click on a run opens it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import keys, services, state
from dashboard.reading.outcome import Outcome
from dashboard.state import Session
from dashboard.sweeping import Sweep
from dashboard.widgets.sweep.figure import figure


def sweep_map(
    session: Session, sweep: Sweep, found: Sequence[Outcome], numbers: Sequence[float | None], name: str, is_high: bool
) -> None:
    """Draw it."""
    with st.container(key=keys.SWEEP_MAP):
        st.plotly_chart(
            figure(sweep, found, numbers, name, is_high),
            key=f"{keys.SWEEP_MAP}-figure",
            on_select=lambda: _clicked(session, sweep, found),
            selection_mode="points",
            config={"displaylogo": False, "displayModeBar": False},
        )


def _clicked(session: Session, sweep: Sweep, found: Sequence[Outcome]) -> None:
    held = state.widget(f"{keys.SWEEP_MAP}-figure")
    for point in held["selection"]["points"] if held else ():
        data = point.get("customdata")
        number = data[0] if isinstance(data, list | tuple) and data else data
        if isinstance(number, int | float) and 0 <= number < len(found) and found[int(number)].is_over:
            services.want_run(session, sweep.run_ids[int(number)])
