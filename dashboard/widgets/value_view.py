"""One value, drawn by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import LiteralError
from core.literal import to_text
from core.output import describe, kind_of
from dashboard import keys

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 10_000
MAX_POINTS = 20_000
MAX_TEXT = 20_000
MAX_ITEMS = 2_000


def value_view(value: Any, place: str, name: str) -> None:
    """Draw a value; `place` and `name` make the key. What is too large is shown in part and says so."""
    key = keys.value(place, name)
    with st.container(key=key):
        match kind_of(value):
            case "figure":
                st.plotly_chart(value, key=f"{key}_figure", config={"displaylogo": False})
            case "frame":
                _frame(value, key)
            case "series":
                _series(value, key)
            case "array":
                _array(value, key)
            case "image":
                st.pyplot(value)
            case "number":
                st.code(repr(value), language="text")
            case "text":
                _text(value)
            case "data":
                _data(value)
            case "nothing":
                st.caption("None")
            case _:
                st.code(describe(value), language="text")


def _frame(frame: pd.DataFrame, key: str) -> None:
    st.caption(f"{len(frame):,} rows × {len(frame.columns):,} columns{_cut(len(frame))}")
    st.dataframe(frame.iloc[:MAX_ROWS], key=f"{key}_frame", height="auto" if len(frame) < 11 else 320)


def _series(series: pd.Series[Any], key: str) -> None:
    st.caption(f"{len(series):,} values, {series.dtype}{_cut(len(series))}")
    is_number = series.dtype.kind in "iufb"
    table, drawing = st.columns([2, 5]) if is_number else (st.container(), None)
    with table:
        st.dataframe(series.iloc[:MAX_ROWS], key=f"{key}_series", height=320)
    if drawing is not None:
        with drawing:
            _line(series, key)


def _line(series: pd.Series[Any], key: str) -> None:
    import plotly.graph_objects as go

    shown = series.iloc[:: max(1, len(series) // MAX_POINTS)]
    figure = go.Figure(go.Scatter(x=shown.index, y=shown.astype(float), mode="lines"))
    figure.update_layout(height=320, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    st.plotly_chart(figure, key=f"{key}_line", config={"displaylogo": False})


def _array(array: Any, key: str) -> None:
    shape = " × ".join(map(str, array.shape)) or "a scalar"
    st.caption(f"array of {shape}, {array.dtype}{_cut(len(array)) if array.ndim else ''}")
    if array.ndim in (1, 2):
        st.dataframe(array[:MAX_ROWS, :1000] if array.ndim == 2 else array[:MAX_ROWS], key=f"{key}_array", height=320)
    else:
        st.code(describe(array), language="text")


def _text(text: str) -> None:
    st.code(text[:MAX_TEXT], language="text", wrap_lines=True)
    if len(text) > MAX_TEXT:
        st.caption(f"the first {MAX_TEXT:,} of {len(text):,} characters")


def _data(value: Any) -> None:
    st.caption(f"{type(value).__name__} of {len(value):,}")
    try:
        text = to_text(value) if len(value) <= MAX_ITEMS else None
    except LiteralError:
        text = None
    if text is None or len(text) > MAX_TEXT:
        st.code(describe(value), language="text", wrap_lines=True)
    else:
        st.json(text, expanded=2)


def _cut(count: int) -> str:
    return f", the first {MAX_ROWS:,} shown" if count > MAX_ROWS else ""
