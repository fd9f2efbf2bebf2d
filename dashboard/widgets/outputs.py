"""The figures and the other values of the run."""

from __future__ import annotations

import streamlit as st

from core.output import kind_of
from dashboard import keys, services, state
from dashboard.state import Session
from dashboard.widgets.value_view import value_view


def outputs(session: Session) -> None:
    """Draw every figure that the run has made, and any other value on demand."""
    values = services.output_values(session)
    if not values:
        return
    if not services.is_current(session):
        st.caption("These values are from before the last change. Run computes what the change touches.")
    figures = {key: value for key, value in values.items() if kind_of(value) == "figure"}
    others = [key for key in values if key not in figures]
    for key, figure in reversed(figures.items()):
        value_view(figure, "output", key)
    if others:
        finals = [key for key in services.final_keys(session) if key in others]
        if state.widget(keys.OUTPUT_KEY) not in others:
            state.set_widget(keys.OUTPUT_KEY, finals[-1] if finals else None)
        chosen = st.pills("Values", others, key=keys.OUTPUT_KEY)
        if chosen:
            value_view(values[chosen], "output", chosen)
