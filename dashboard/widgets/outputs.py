"""The figures and the other values of the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from core.value.excerpt import number_text
from core.value.output import kind_of
from dashboard import facts, keys, services, state
from dashboard.state import Session
from dashboard.widgets.text import plain
from dashboard.widgets.value.preview import preview
from dashboard.widgets.value_view import value_view

STYLE = Path(__file__).with_name("value") / "value.css"
PLACE = "output"


def outputs(session: Session) -> None:
    """Draw every figure that the run has made and the values it ends with, and any other value on demand."""
    st.html(STYLE)
    values = facts.output_values(session)
    if not values:
        return
    if not facts.is_current(session):
        st.caption("These values are from before the last change. Run computes what the change touches.")
    finals = facts.final_keys(session)
    shown = {key: kind_of(value) for key, value in reversed(values.items()) if _is_figure(value) or key in finals}
    numbers = [key for key, kind in shown.items() if kind == "number"]
    if numbers:
        with st.container(key=keys.NUMBERS, horizontal=True, gap="large"):
            for key in numbers:
                _number(session, key, values[key])
    with st.container(key=keys.GALLERY):
        for key in sorted((key for key in shown if key not in numbers), key=lambda key: shown[key] != "figure"):
            with st.container(gap="xsmall"):
                _heading(session, key)
                preview(values[key], PLACE, key)
    _others(values, [key for key in values if key not in shown])


def _is_figure(value: Any) -> bool:
    return kind_of(value) in ("figure", "image")


def _number(session: Session, key: str, value: Any) -> None:
    with st.container(width="content", gap="xsmall"):
        st.metric(plain(key), plain(number_text(value)), width="content")
        _inspect(session, key)


def _heading(session: Session, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(key)}**", width="content")
        _inspect(session, key)


def _inspect(session: Session, key: str) -> None:
    writer = facts.writer_of(session, key)
    if writer is not None:
        st.button(
            "Inspect",
            key=keys.inspect(key),
            type="tertiary",
            icon=":material/frame_inspect:",
            on_click=services.select,
            args=(session, writer),
        )


def _others(values: dict[str, Any], names: list[str]) -> None:
    if not names:
        return
    if state.widget(keys.OUTPUT_KEY) not in names:
        state.set_widget(keys.OUTPUT_KEY, None)
    chosen = st.pills("Other values", names, key=keys.OUTPUT_KEY, format_func=plain)
    if chosen:
        value_view(values[chosen], PLACE, chosen)
