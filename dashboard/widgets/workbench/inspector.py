"""The selected task, one side of it at a time: value, inputs, its form, its function, what it printed, why it ran."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import streamlit as st

from core import State, Task
from core.value.holder import Holder
from core.value.output import whole
from dashboard import keys, services, state
from dashboard.reading import facts, results
from dashboard.state import Session
from dashboard.widgets.function_card import function_card
from dashboard.widgets.text import plain
from dashboard.widgets.value_view import value_view
from dashboard.widgets.workbench.task_form import task_form

MOST_BESIDE, MOST_TEXT = 12, 70
NEW = " :green-badge[new]"


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
    _beside(session, task, lambda other: _written_in_short(session, other))


def _inputs(session: Session, task: Task) -> None:
    _values("read", results.read_values(session, task.id), "The task reads nothing, or its inputs are not there yet.")
    _beside(session, task, lambda other: [", ".join(map(plain, other.input_keys))] if other.input_keys else [])


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


def _beside(session: Session, task: Task, told: Callable[[Task], list[str]]) -> None:
    """Where the run is looked at after the task's order: tell in short of the order's other tasks, and lead to them."""
    if results.current_order(session) != task.order:
        return
    others = [other for other in session.draft.tasks if other.order == task.order and other.id != task.id]
    lines = [(other, number, text) for other in others for number, text in enumerate(told(other))]
    if not lines:
        return
    st.caption(f"Also at order {task.order}:")
    with st.container(key=keys.BESIDE, gap=None):
        for other, number, text in lines[:MOST_BESIDE]:
            name = plain(other.function_path.rpartition(".")[2])
            st.button(
                f"**{name}**  {text}",
                key=keys.beside(other.id, number),
                type="tertiary",
                on_click=services.select,
                args=(session, other.id),
            )
        if len(lines) > MOST_BESIDE:
            st.caption(f"… and {len(lines) - MOST_BESIDE} more")


def _written_in_short(session: Session, task: Task) -> list[str]:
    new = results.new_keys(session, task)
    found = results.states(session).get(task.id, results.UNSAID).outputs
    return [
        f"`{key}`{NEW if key in new else ''} {plain(str(artifact.summary.get('text', ''))[:MOST_TEXT])}"
        for key, artifact in found.items()
        if key.isidentifier()
    ]


def _values(place: str, values: Mapping[str, Holder], nothing: str, new: Collection[str] = ()) -> None:
    if not values:
        st.caption(nothing)
    for key, value in values.items():
        mark = NEW if key in new else ""
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
