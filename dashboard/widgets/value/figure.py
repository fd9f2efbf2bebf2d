"""A Plotly figure, with Plotly's own tools and as a file."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from core.value import question
from core.value.holder import Holder
from dashboard import keys
from dashboard.widgets.value.asked import asked
from dashboard.widgets.value.download import downloads, file_stem


def figure_view(holder: Holder, key: str, name: str, height: int | None = None) -> None:
    """Draw a figure in the full width of its place; the camera among its tools saves it as PNG.

    `height` in pixels is that of a figure which says none itself.
    """
    found = asked(holder, question.figure())
    st.plotly_chart(_figure(json.loads(found.content), height), key=keys.part(key, "figure"), config=config(name))
    with st.container(key=keys.part(key, "files"), horizontal=True, vertical_alignment="center", gap="small"):
        downloads(holder, found.data["files"], key, name)


def _figure(data: dict[str, Any], height: int | None) -> Any:
    from plotly.graph_objects import Figure

    figure = Figure(data)  # a dictionary would be taken as well, but not one without a trace
    if "template" not in data.get("layout", {}):
        figure.layout.template = None  # one without a template is not given the usual one
    if height and figure.layout.height is None:
        figure.layout.height = height
    return figure


def config(name: str) -> dict[str, Any]:
    """Return what Plotly shall offer for a figure of this name."""
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "png", "filename": file_stem(name), "scale": 2},
    }
