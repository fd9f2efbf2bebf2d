"""The workflow's inputs, one typed field each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from core import REQUIRED
from core.errors import LiteralError
from core.literal import to_text
from dashboard import keys, services, state
from dashboard.state import Session
from dashboard.widgets.text import plain

MAX_SAFE = 2**53 - 1


def input_form(session: Session) -> None:
    """Draw a field for every input that the workflow has."""
    inputs = session.draft.inputs
    if not inputs:
        return
    st.caption("Inputs")
    with st.container(horizontal=True, gap="small"):
        for name, value in inputs.items():
            _field(session, name, value)


def _field(session: Session, name: str, value: Any) -> None:
    key = keys.input_field(name)
    common: dict[str, Any] = {"key": key, "width": 128}
    label = plain(name)

    def set_value() -> None:
        new = state.widget(key)
        if new is not None:
            services.set_input(session, name, new)

    if type(value) is bool:
        state.set_widget(key, value)
        st.toggle(label, on_change=set_value, **common)
    elif type(value) is int and abs(value) <= MAX_SAFE:
        state.set_widget(key, value)
        st.number_input(label, step=1, on_change=set_value, **common)
    elif type(value) is float and abs(value) <= MAX_SAFE:
        state.set_widget(key, value)
        st.number_input(label, step=None, format="%g", on_change=set_value, **common)
    elif type(value) is dt.date:
        state.set_widget(key, value)
        st.date_input(label, on_change=set_value, min_value=dt.date(1, 1, 1), max_value=dt.date(9999, 12, 31), **common)
    elif type(value) is str:
        state.set_widget(key, value)
        st.text_input(label, on_change=set_value, **common)
    else:
        state.set_widget(key, "" if value is REQUIRED else _text(value))
        st.text_input(
            label,
            placeholder="required: 50 or 'text'",
            help="A literal: 50, 0.5, 'text', [1, 2], {\"a\": 1}",
            on_change=lambda: services.set_input_text(session, name, state.widget(key)),
            **common,
        )


def _text(value: Any) -> str:
    try:
        return to_text(value)
    except LiteralError:
        return repr(value)
