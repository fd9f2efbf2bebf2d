"""A Plotly figure, with Plotly's own tools and as a file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import keys
from dashboard.widgets.value.download import downloads, file_stem


def figure_view(figure: Any, key: str, name: str) -> None:
    """Draw a figure in the full width of its place; the camera among its tools saves it as PNG."""
    st.plotly_chart(figure, key=keys.part(key, "figure"), config=config(name))
    with st.container(key=keys.part(key, "files"), horizontal=True, vertical_alignment="center", gap="small"):
        downloads(figure, key, name)


def config(name: str) -> dict[str, Any]:
    """Return what Plotly shall offer for a figure of this name."""
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "png", "filename": file_stem(name), "scale": 2},
    }
