"""A series: numbers as a line, flags as counts, anything as rows; its statistics above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.value import question
from core.value.holder import Holder
from core.value.page import Query
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import asked
from dashboard.widgets.value.download import downloads
from dashboard.widgets.value.figure import config
from dashboard.widgets.value.frame import choice, controls, rows

LINE_HEIGHT = 300
PICTURES = {"number": "Line", "flag": "Counts"}


def series_view(holder: Holder, key: str, name: str) -> None:
    """Draw a series with its controls."""
    head = asked(holder, question.head(name)).data
    found = asked(holder, question.statistics(name)).data
    st.caption("  ·  ".join([f"{head['rows']:,} values", *map(plain, found["facts"])]))
    picture = PICTURES.get(head["kinds"][0]) if head["rows"] else None
    with st.container(key=keys.part(key, "controls"), horizontal=True, vertical_alignment="center", gap="xsmall"):
        chosen = choice("View", (picture, "Rows"), keys.part(key, "view")) if picture else "Rows"
        query = controls(head, key) if chosen == "Rows" else Query()
    if chosen == "Rows":
        rows(holder, head, query, key, name)
        return
    if chosen == "Line":
        line(holder, key, name, LINE_HEIGHT)
    else:
        _counts(found)
    with st.container(key=keys.part(key, "files"), horizontal=True, vertical_alignment="center", gap="small"):
        downloads(holder, head["files"], key, name)


def line(holder: Holder, key: str, name: str, height: int) -> None:
    """Draw numbers as a line over their dates, if their index has such, else over their numbers or positions."""
    found = asked(holder, question.line())
    points: Any = found.frame
    trace = {"type": "scatter", "mode": "lines", "name": name, "x": points["x"], "y": points["y"]}
    layout = {"height": height, "margin": {"l": 10, "r": 10, "t": 10, "b": 10}}
    st.plotly_chart({"data": [trace], "layout": layout}, key=keys.part(key, "line"), config=config(name))
    shown, count = found.data["points"], found.data["rows"]
    if shown < count:
        st.caption(f"drawn from {shown:,} of {count:,} points, the lowest and highest of every stretch")


def _counts(found: Mapping[str, Any]) -> None:
    with st.container(horizontal=True, gap="large"):
        for label in ("True", "False", "Missing"):
            count = found["counts"][label]
            share = f"{count / found['rows']:.1%}"
            st.metric(label, f"{count:,}", delta=share, delta_color="off", delta_arrow="off", width="content")
