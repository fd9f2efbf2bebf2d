"""A value at a glance: a line, a few rows, or the whole of what is small anyway."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.value import question
from core.value.holder import Holder
from core.value.page import Query
from dashboard import keys
from dashboard.widgets.value.asked import asked
from dashboard.widgets.value.figure import figure_view
from dashboard.widgets.value.series import line
from dashboard.widgets.value_view import View, draw_surely, value_view

ROWS = 10
HEIGHT, FIGURE_HEIGHT = 200, 360


def preview(holder: Holder, place: str, name: str) -> None:
    """Draw a value, small if it can be large."""
    if holder.kind not in GLANCES:
        value_view(holder, place, name)
        return
    key = keys.value(place, name)
    with st.container(key=key):
        draw_surely(GLANCES[holder.kind], holder, key, name)


def _figure(holder: Holder, key: str, name: str) -> None:
    figure_view(holder, key, name, FIGURE_HEIGHT)


def _glance(holder: Holder, key: str, name: str) -> None:
    head = asked(holder, question.head(name)).data
    if head["kind"] == "series" and head["rows"] > ROWS and head["kinds"] == ["number"]:
        line(holder, key, name, HEIGHT)
        return
    found = asked(holder, question.rows(Query(), 0, ROWS, name))
    st.dataframe(found.frame, key=keys.part(key, "frame"), height="content")
    if head["rows"] > ROWS:
        st.caption(f"the first {ROWS} of {head['rows']:,} rows")


GLANCES: Mapping[str, View] = {"frame": _glance, "series": _glance, "figure": _figure}
