"""One value, drawn by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.value.output import as_series, kind_of
from dashboard import keys
from dashboard.widgets.value.array import array_view
from dashboard.widgets.value.figure import figure_view
from dashboard.widgets.value.frame import frame_view
from dashboard.widgets.value.image import image_view
from dashboard.widgets.value.plain import data_view, number_view, other_view, text_view
from dashboard.widgets.value.series import series_view

WITH_CONTROLS: Mapping[str, Callable[[Any, str, str], None]] = {
    "frame": frame_view,
    "series": lambda value, key, name: series_view(as_series(value), key, name),
    "array": array_view,
}
WITH_FILES: Mapping[str, Callable[[Any, str, str], None]] = {"figure": figure_view, "image": image_view}
PLAIN: Mapping[str, Callable[[Any], None]] = {"number": number_view, "text": text_view, "data": data_view}


def value_view(value: Any, place: str, name: str) -> None:
    """Draw a value; `place` and `name` make the key. What is too large is shown in part and says so."""
    key = keys.value(place, name)
    with st.container(key=key):
        (_draw_apart if kind_of(value) in WITH_CONTROLS else _draw_surely)(value, key, name)


def _draw_surely(value: Any, key: str, name: str) -> None:
    try:
        _draw(value, key, name)
    except Exception as error:  # a value's own methods may raise anything
        st.warning(f"It cannot be drawn ({type(error).__name__}).")
        other_view(value)


@st.fragment
def _draw_apart(value: Any, key: str, name: str) -> None:
    """Draw a value with controls: only this part of the page is drawn again when they are used."""
    _draw_surely(value, key, name)


def _draw(value: Any, key: str, name: str) -> None:
    kind = kind_of(value)
    draw = WITH_CONTROLS.get(kind) or WITH_FILES.get(kind)
    if draw:
        draw(value, key, name)
    else:
        PLAIN.get(kind, other_view)(value)
