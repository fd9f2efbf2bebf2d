"""An array of NumPy: a picture, a table, or its shape and range."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.value.excerpt import number_text, short
from core.value.output import describe
from core.value.page import MAX_COLUMNS
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.download import downloads
from dashboard.widgets.value.frame import controls, rows
from dashboard.widgets.value.image import MAX_PIXELS, is_picture
from dashboard.widgets.value.once import once


def array_view(array: Any, key: str, name: str) -> None:
    """Draw an array with its controls."""
    shape = " × ".join(f"{length:,}" for length in array.shape) or "no dimension"
    cut = f", the first {MAX_COLUMNS} columns shown" if array.ndim == 2 and array.shape[1] > MAX_COLUMNS else ""
    st.caption(f"array of {shape}  ·  {plain(short(str(array.dtype)))}{_range(array)}{cut}")
    if array.ndim in (1, 2):
        import pandas as pd

        frame = pd.DataFrame(array[:, :MAX_COLUMNS] if array.ndim == 2 else array)
        with st.container(key=keys.part(key, "controls"), horizontal=True, vertical_alignment="center", gap="xsmall"):
            query = controls(frame, key)
        rows(frame, array, query, key, name)
        return
    if is_picture(array):
        step = max(1, -(-max(array.shape[:2]) // MAX_PIXELS))
        st.image(array[::step, ::step])
    else:
        st.code(describe(array).partition("\n")[2], language=None)
    with st.container(key=keys.part(key, "files"), horizontal=True):
        downloads(array, key, name)


def _range(array: Any) -> str:
    if array.dtype.kind not in "iufb" or not array.size:
        return ""
    lowest, highest, mean = once(array, "range", None, lambda: _measure(array))
    return f"  ·  {number_text(lowest)} to {number_text(highest)}  ·  mean {number_text(mean)}"


def _measure(array: Any) -> tuple[Any, Any, Any]:
    import numpy as np

    known = array[~np.isnan(array)] if array.dtype.kind == "f" else array
    if not known.size:
        return (float("nan"),) * 3
    with np.errstate(all="ignore"):
        return known.min(), known.max(), known.mean()
