"""The selected task, one side of it at a time: value, inputs, its form, its function, what it printed, why it ran."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import streamlit as st

from core import State, Task
from core.value.holder import Holder
from core.value.output import whole
from dashboard import keys, state
from dashboard.reading import facts, results
from dashboard.state import Session
from dashboard.widgets.function_card import function_card
from dashboard.widgets.text import plain
from dashboard.widgets.value_view import value_view
from dashboard.widgets.workbench.task_form import task_form


def inspector(session: Session) -> None:
    """Draw the chosen side of the selected task; a hint where none is selected."""
    task = facts.selected_task(session)
    if task is None:
        st.caption("Select a task in the table or in the graph to see its values, its form and its function.")
        return
    result = results.states(session).get(task.id)
    label = f"order {task.order}, {task.function_path or 'no function yet'}: {result.state if result else 'not run'}"
    st.markdown(f"**{plain(label)}**")
    state.set_widget(keys.INSPECTOR_TAB, session.side)
    st.segmented_control(
        "Side",
        list(TABS),
        key=keys.INSPECTOR_TAB,
        label_visibility="collapsed",
        on_change=state.unless_echo(keys.INSPECTOR_TAB, lambda: _turn(session)),
    )
    TABS.get(session.side, _value)(session, task)


def _turn(session: Session) -> None:
    """Show another side; a press on the one that is shown changes nothing."""
    session.side = state.widget(keys.INSPECTOR_TAB) or session.side


def _value(session: Session, task: Task) -> None:
    result = results.states(session).get(task.id)
    if result and result.error:
        st.error(plain(result.error))
        st.code(whole(result.traceback), language="text")
    is_old = result is not None and result.state is State.STALE
    if is_old:
        st.badge("from before the last change", color="orange", icon=":material/history:")
    values, new = results.written_values(session, task.id), set() if is_old else results.new_keys(session, task)
    if values or not (result and result.error):
        _values("value", values, "This task has not run yet, or writes nothing.", new)


def _inputs(session: Session, task: Task) -> None:
    _values("read", results.read_values(session, task.id), "The task reads nothing, or its inputs are not there yet.")


def _function(_session: Session, task: Task) -> None:
    found = facts.catalog().find(task.function_path)
    if found:
        function_card(found)
    else:
        st.caption("The catalog has no such function.")


def _log(session: Session, task: Task) -> None:
    result = results.states(session).get(task.id)
    if result and result.log:
        if result.state is State.REUSED:
            st.caption("What it printed when it was called:")
        st.code(whole(result.log), language="text", wrap_lines=True)
    else:
        st.caption("The task has printed nothing.")


def _why(session: Session, task: Task) -> None:
    st.text(results.why(session, task))


def _values(place: str, values: Mapping[str, Holder], nothing: str, new: Collection[str] = ()) -> None:
    if not values:
        st.caption(nothing)
    for key, value in values.items():
        mark = " :green-badge[new]" if key in new else ""
        st.markdown((f"`{key}`" if key.isidentifier() else plain(key)) + mark)
        value_view(value, place, key)


TABS: Mapping[str, Callable[[Session, Task], None]] = {
    "Value": _value,
    "Inputs": _inputs,
    "Task": task_form,
    "Function": _function,
    "Log": _log,
    "Why": _why,
}
