"""A value at a glance: a line, a few rows, or the whole of what is small anyway."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.value.output import as_series, kind_of
from core.value.page import kind_of_column, page
from dashboard import keys
from dashboard.widgets.value.series import line
from dashboard.widgets.value_view import value_view

ROWS = 10
HEIGHT = 200


def preview(value: Any, place: str, name: str) -> None:
    """Draw a value, small if it can be large."""
    kind = kind_of(value)
    key = keys.value(place, name)
    if kind == "series" and len(value) > ROWS and kind_of_column(as_series(value)) == "number":
        with st.container(key=key):
            line(as_series(value), key, name, HEIGHT)
    elif kind in ("frame", "series"):
        frame = value if kind == "frame" else as_series(value).to_frame(name)
        with st.container(key=key):
            st.dataframe(page(frame.iloc[:ROWS]), key=keys.part(key, "frame"), height="content")
            if len(frame) > ROWS:
                st.caption(f"the first {ROWS} of {len(frame):,} rows")
    else:
        value_view(value, place, name)
