"""Lets the browser read Streamlit's large scripts before they are needed, while nobody does anything."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.frontend import script_files

NAMES = ("PlotlyChart", "DataFrame")


def read_ahead() -> None:
    """Draw nothing; let the browser read what draws figures and tables."""
    _part()(data=scripts(), key="ahead", height=1)


@cache
def scripts() -> list[str]:
    """Return the names of the script files."""
    return script_files(NAMES)


@cache
def _part() -> Any:
    script = Path(__file__).with_name("ahead.js").read_text(encoding="utf-8")
    return st.components.v2.component("tasktable_ahead", js=script)
