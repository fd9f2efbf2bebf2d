"""One value, drawn by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from core.errors import LiteralError
from core.literal import to_text
from core.output import describe, kind_of, whole
from dashboard import keys
from dashboard.widgets.text import plain

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 10_000
MAX_COLUMNS = 1_000
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
                st.code(describe(value) if isinstance(value, int) and value.bit_length() > 10_000 else repr(value))
            case "text":
                _text(value)
            case "data":
                _data(value)
            case "nothing":
                st.caption("None")
            case _:
                st.code(describe(value), language="text")


def _frame(frame: pd.DataFrame, key: str) -> None:
    st.caption(f"{len(frame):,} rows × {len(frame.columns):,} columns{_cut(*frame.shape)}")
    _table(frame.iloc[:MAX_ROWS, :MAX_COLUMNS], f"{key}_frame", "auto" if len(frame) < 11 else 320)


def _series(series: pd.Series[Any], key: str) -> None:
    st.caption(f"{len(series):,} values, {plain(str(series.dtype))}{_cut(len(series))}")
    is_number = series.dtype.kind in "iufb"
    table, drawing = st.columns([2, 5]) if is_number else (st.container(), None)
    with table:
        _table(series.iloc[:MAX_ROWS], f"{key}_series", 320)
    if drawing is not None:
        with drawing:
            _line(series, key)


def _line(series: pd.Series[Any], key: str) -> None:
    import plotly.graph_objects as go

    stride = -(-len(series) // MAX_POINTS)
    shown = series.iloc[:: max(1, stride)]
    places = shown.index if shown.index.dtype.kind in "iufM" else list(map(str, shown.index))
    figure = go.Figure(go.Scatter(x=places, y=shown.astype(float), mode="lines"))
    figure.update_layout(height=320, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    st.plotly_chart(figure, key=f"{key}_line", config={"displaylogo": False})
    if stride > 1:
        st.caption(f"drawn: one of every {stride} values")


def _array(array: Any, key: str) -> None:
    shape = " × ".join(map(str, array.shape)) or "a scalar"
    st.caption(f"array of {shape}, {plain(str(array.dtype))}{_cut(*array.shape[:2]) if array.ndim in (1, 2) else ''}")
    if array.ndim in (1, 2):
        _table(array[:MAX_ROWS, :MAX_COLUMNS] if array.ndim == 2 else array[:MAX_ROWS], f"{key}_array", 320)
    else:
        st.code(describe(array), language="text")


def _table(data: Any, key: str, height: int | Literal["auto"]) -> None:
    try:
        st.dataframe(data, key=key, height=height)
    except Exception:  # frames hold what Arrow does not, and a cell's own methods may raise anything
        st.code(describe(data), language="text")


def _text(text: str) -> None:
    st.code(whole(text[:MAX_TEXT]), language="text", wrap_lines=True)
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


def _cut(rows: int, columns: int = 0) -> str:
    parts = [f"{MAX_ROWS:,} rows"] if rows > MAX_ROWS else []
    parts += [f"{MAX_COLUMNS:,} columns"] if columns > MAX_COLUMNS else []
    return f", the first {' and '.join(parts)} shown" if parts else ""
