"""One value, drawn by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.errors import TasktableError
from core.value import question
from core.value.holder import Holder
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.array import array_view
from dashboard.widgets.value.asked import UndrawnError, asked
from dashboard.widgets.value.figure import figure_view
from dashboard.widgets.value.frame import frame_view
from dashboard.widgets.value.image import image_view
from dashboard.widgets.value.plain import other_view, plain_view
from dashboard.widgets.value.series import series_view

View = Callable[[Holder, str, str], None]

WITH_CONTROLS: Mapping[str, View] = {"frame": frame_view, "series": series_view, "array": array_view}
WITH_FILES: Mapping[str, View] = {"figure": figure_view, "image": image_view}


def value_view(holder: Holder, place: str, name: str) -> None:
    """Draw a value; `place` and `name` make the key. What is too large is shown in part and says so."""
    key = keys.value(place, name)
    with st.container(key=key):
        if holder.kind in WITH_CONTROLS:
            _draw_apart(WITH_CONTROLS[holder.kind], holder, key, name)
        else:
            draw_surely(WITH_FILES.get(holder.kind, plain_view), holder, key, name)


def unstored_view(summary: Mapping[str, Any]) -> None:
    """Draw what was noted of a value that could not be stored: why, its type and its own words."""
    st.warning(plain(str(summary.get("reason") or "It could not be stored.")))
    if summary.get("type"):
        other_view({"type": str(summary["type"]), "text": str(summary.get("text", ""))})


def draw_surely(draw: View, holder: Holder, key: str, name: str) -> None:
    """Draw a value in one way; where that fails, say why, and draw its type and its own words as far as it has any."""
    try:
        draw(holder, key, name)
    except UndrawnError as error:
        _warn(error)
    except TasktableError as error:  # nobody can answer
        st.warning(plain(str(error)))
    except Exception as error:  # an answer may be such that it cannot be drawn
        st.warning(f"It cannot be drawn ({plain(type(error).__name__)}).")
        _describe(holder)


def _describe(holder: Holder) -> None:
    try:
        other_view(asked(holder, question.words()).data)
    except UndrawnError as error:
        _warn(error)
    except TasktableError as error:
        st.warning(plain(str(error)))


def _warn(error: UndrawnError) -> None:
    st.warning(plain(error.answer.reason))
    if "text" in error.answer.data:
        other_view(error.answer.data)


@st.fragment
def _draw_apart(draw: View, holder: Holder, key: str, name: str) -> None:
    """Draw a value with controls: only this part of the page is drawn again when they are used."""
    draw_surely(draw, holder, key, name)
