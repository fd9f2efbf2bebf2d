"""An array of NumPy: a picture or a table, with its shape and range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.value import question
from core.value.holder import Holder
from core.value.page import MAX_COLUMNS
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import asked
from dashboard.widgets.value.download import downloads
from dashboard.widgets.value.frame import controls, rows
from dashboard.widgets.value.image import png


def array_view(holder: Holder, key: str, name: str) -> None:
    """Draw an array with its controls."""
    head = asked(holder, question.head(name)).data
    st.caption(_caption(head))
    if "names" in head:
        with st.container(key=keys.part(key, "controls"), horizontal=True, vertical_alignment="center", gap="xsmall"):
            query = controls(head, key)
        rows(holder, head, query, key, name)
        return
    if head.get("is_picture"):
        png(asked(holder, question.picture()))
    else:
        st.code(head["text"], language=None)
    with st.container(key=keys.part(key, "files"), horizontal=True):
        downloads(holder, head["files"], key, name)


def _caption(head: Mapping[str, Any]) -> str:
    shape, found = head["shape"], [plain(text) for text in head["range"]]
    lengths = " × ".join(f"{length:,}" for length in shape) or "no dimension"
    numbers = f"  ·  {found[0]} to {found[1]}  ·  mean {found[2]}" if found else ""
    cut = f", the first {MAX_COLUMNS} columns shown" if len(shape) > 1 and shape[-1] > MAX_COLUMNS else ""
    return f"array of {lengths}  ·  {plain(head['dtype'])}{numbers}{cut}"
