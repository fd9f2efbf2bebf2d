"""The selected task as a form: its function, a field for every argument, its outputs and its note."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter
from typing import Any

import streamlit as st

from core import Task
from core.function import POSITIONAL, Function
from core.table import FUNC_PATH, INPUT_KEYS, KWARGS, NOTE, ORDER, OUTPUT_KEYS
from dashboard import keys, services, state
from dashboard.reading import facts
from dashboard.state import Session
from dashboard.widgets.field import Field

Send = Callable[[str, Any], None]


def task_form(session: Session, task: Task) -> None:
    """Draw the form; every change is an edit of the draft."""
    function = facts.catalog().find(task.function_path)

    def send(column: str, value: Any) -> None:
        services.set_cell(session, task.id, column, value)

    with st.container(horizontal=True, gap="small"):
        _order(task, send)
        _function_path(task, send)
    if function:
        _arguments(session, task, function, send)
    _outputs(task, send)
    _note(task, send)


def _order(task: Task, send: Send) -> None:
    key = keys.form("order")
    state.set_widget(key, task.order)
    st.number_input(
        "order", key=key, step=1, width=110, on_change=state.unless_echo(key, lambda: send(ORDER, state.widget(key)))
    )


def _function_path(task: Task, send: Send) -> None:
    key = keys.form("function")
    known = [choice["path"] for choice in facts.function_choices()]
    options = known if task.function_path in known or not task.function_path else [task.function_path, *known]
    state.set_widget(key, task.function_path or None)
    st.selectbox(
        "function",
        options,
        key=key,
        index=None,
        accept_new_options=True,
        placeholder="Choose a function…",
        on_change=state.unless_echo(key, lambda: send(FUNC_PATH, state.widget(key) or "")),
    )


def _arguments(session: Session, task: Task, function: Function, send: Send) -> None:
    parameters = list(function.signature.parameters.values())
    slots = [parameter for parameter in parameters if parameter.kind in POSITIONAL]
    choices = facts.known_keys(session)
    shown = [slot for index, slot in enumerate(slots) if index <= len(task.input_keys) and slot.name not in task.kwargs]
    with st.container(horizontal=True, gap="small"):
        for index, slot in enumerate(shown):
            _slot(task, index, slot, choices, send)
        rest = task.input_keys[len(slots) :]
        if rest or any(parameter.kind is Parameter.VAR_POSITIONAL for parameter in parameters):
            _rest(task, len(slots), choices, send)
    filled = {slot.name for slot in slots[: len(task.input_keys)]}
    named = [p for p in parameters if p.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)]
    with st.container(horizontal=True, gap="small"):
        for parameter in named:
            if parameter.name not in filled:
                _keyword(task, parameter, function, send)


def _slot(task: Task, index: int, slot: Parameter, choices: list[str], send: Send) -> None:
    key = keys.form(f"slot_{index}")
    current = task.input_keys[index] if index < len(task.input_keys) else None

    def change() -> None:
        new = state.widget(key)
        kept = task.input_keys
        send(INPUT_KEYS, [*kept[:index], new, *kept[index + 1 :]] if new else [*kept[:index], *kept[index + 1 :]])

    state.set_widget(key, current)
    st.selectbox(
        f"{slot.name} reads",
        choices if current is None or current in choices else [current, *choices],
        key=key,
        index=None,
        accept_new_options=True,
        placeholder="a key…" if slot.default is Parameter.empty else f"default {slot.default!r}"[:40],
        width=170,
        on_change=state.unless_echo(key, change),
    )


def _rest(task: Task, start: int, choices: list[str], send: Send) -> None:
    key = keys.form("rest")
    current = list(dict.fromkeys(task.input_keys[start:]))
    state.set_widget(key, current)
    st.multiselect(
        "further arguments read",
        list(dict.fromkeys([*current, *choices])),
        key=key,
        accept_new_options=True,
        width=340,
        on_change=state.unless_echo(key, lambda: send(INPUT_KEYS, [*task.input_keys[:start], *state.widget(key)])),
    )


def _keyword(task: Task, parameter: Parameter, function: Function, send: Send) -> None:
    def change(value: Any, is_given: bool) -> None:
        others = {name: old for name, old in task.kwargs.items() if name != parameter.name}
        send(KWARGS, {**others, parameter.name: value} if is_given else others)

    Field(
        parameter.name,
        key=keys.form(f"kwarg_{parameter.name}"),
        is_given=parameter.name in task.kwargs,
        value=task.kwargs.get(parameter.name),
        default=parameter.default,
        annotation="" if parameter.annotation is Parameter.empty else str(parameter.annotation),
        on_change=change,
        hints=function.marking.hints.get(parameter.name, {}),
        owner=f"{task.id} {task.kwargs.get(parameter.name)!r}",
    ).draw()


def _outputs(task: Task, send: Send) -> None:
    key = keys.form("outputs")
    state.set_widget(key, ", ".join(task.output_keys))
    st.text_input(
        "writes",
        key=key,
        placeholder="a key, or several",
        on_change=state.unless_echo(key, lambda: send(OUTPUT_KEYS, state.widget(key))),
    )


def _note(task: Task, send: Send) -> None:
    key = keys.form("note")
    state.set_widget(key, task.note)
    st.text_area("note", key=key, height=68, on_change=state.unless_echo(key, lambda: send(NOTE, state.widget(key))))
