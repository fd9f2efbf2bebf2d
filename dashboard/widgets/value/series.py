"""A series: numbers as a line, flags as counts, anything as rows; its statistics above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from core.value.page import Query, envelope, headings, kind_of_column
from core.value.profile import Profile, profile
from dashboard import keys
from dashboard.widgets.value.download import downloads
from dashboard.widgets.value.figure import config
from dashboard.widgets.value.frame import choice, controls, facts, rows
from dashboard.widgets.value.once import once

if TYPE_CHECKING:
    import pandas as pd

MAX_POINTS = 4_000
LINE_HEIGHT = 300
PICTURES = {"number": "Line", "flag": "Counts"}


def series_view(series: pd.Series[Any], key: str, name: str) -> None:
    """Draw a series with its controls."""
    found = once(series, "statistics", None, lambda: profile(series, name))
    st.caption(f"{len(series):,} values  ·  {facts(found)}")
    picture = PICTURES.get(kind_of_column(series)) if len(series) else None
    frame = series.to_frame(headings([series.name])[0] or name)
    with st.container(key=keys.part(key, "controls"), horizontal=True, vertical_alignment="center", gap="xsmall"):
        chosen = choice("View", (picture, "Rows"), keys.part(key, "view")) if picture else "Rows"
        query = controls(frame, key) if chosen == "Rows" else Query()
    if chosen == "Rows":
        rows(frame, series, query, key, name)
        return
    if chosen == "Line":
        line(series, key, name, LINE_HEIGHT)
    else:
        _counts(series, found)
    with st.container(key=keys.part(key, "files"), horizontal=True, vertical_alignment="center", gap="small"):
        downloads(series, key, name)


def line(series: pd.Series[Any], key: str, name: str, height: int) -> None:
    """Draw numbers as a line over their dates, if their index has such, else over their numbers or positions."""
    import plotly.graph_objects as go

    values = series.to_numpy(dtype="float64", na_value=float("nan"))
    shown = envelope(values, MAX_POINTS)
    figure = go.Figure(go.Scatter(x=_places(series.index)[shown], y=values[shown], mode="lines", name=name))
    figure.update_layout(height=height, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    st.plotly_chart(figure, key=keys.part(key, "line"), config=config(name))
    if len(shown) < len(series):
        st.caption(f"drawn from {len(shown):,} of {len(series):,} points, the lowest and highest of every stretch")


def _places(index: pd.Index[Any]) -> Any:
    import numpy as np
    from pandas import PeriodIndex
    from pandas.api import types

    if isinstance(index, PeriodIndex):
        return index.to_timestamp()
    is_drawn = types.is_datetime64_any_dtype(index.dtype) or types.is_any_real_numeric_dtype(index.dtype)
    return index if is_drawn else np.arange(len(index))


def _counts(series: pd.Series[Any], found: Profile) -> None:
    true = int(series.sum())
    counts = {"True": true, "False": found.rows - found.missing - true, "Missing": found.missing}
    with st.container(horizontal=True, gap="large"):
        for label, count in counts.items():
            share = f"{count / found.rows:.1%}"
            st.metric(label, f"{count:,}", delta=share, delta_color="off", delta_arrow="off", width="content")
