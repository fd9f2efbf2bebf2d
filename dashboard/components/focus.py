"""Puts the cursor into a field as soon as it is drawn: whoever opens a form by a key goes on typing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


def focus(field: str) -> None:
    """Put the cursor into the field with this key, once, when the form that it stands in appears."""
    _part()(data=field, key=f"focus_{field}", height=1)


@cache
def _part() -> Any:
    script = Path(__file__).with_name("focus.js").read_text(encoding="utf-8")
    return st.components.v2.component("tasktable_focus", js=script)
