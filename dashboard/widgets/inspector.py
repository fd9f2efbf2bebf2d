"""The selected task: what it wrote, what it read, its function, and why it failed."""

from __future__ import annotations

import streamlit as st

from core.output import whole
from dashboard import services
from dashboard.state import Session
from dashboard.widgets.function_card import function_card
from dashboard.widgets.text import plain
from dashboard.widgets.value_view import value_view


def inspector(session: Session) -> None:
    """Draw the tabs of the selected task; a hint where none is selected."""
    task = services.selected_task(session)
    if task is None:
        st.caption("Select a task in the table or in the graph to see its values and its function.")
        return
    result = services.states(session).get(task.id)
    label = f"order {task.order}, {task.function_path}: {result.state if result else 'not run'}"
    st.markdown(f"**{plain(label)}**")
    if result and result.error:
        st.error(plain(result.error.reason))
        st.code(whole(result.error.traceback_text), language="text")
    value, inputs, function = st.tabs(["Value", "Inputs", "Function"])
    with value:
        _values("value", services.written_values(session, task.id), "This task has not run, or writes nothing.")
    with inputs:
        _values(
            "read", services.read_values(session, task.id), "The task reads nothing, or its inputs are not there yet."
        )
    with function:
        found = services.catalog().find(task.function_path)
        if found:
            function_card(found)
        else:
            st.caption("The catalog has no such function.")


def _values(place: str, values: dict[str, object], nothing: str) -> None:
    if not values:
        st.caption(nothing)
    for key, value in values.items():
        st.markdown(f"`{key}`" if key.isidentifier() else plain(key))
        value_view(value, place, key)
