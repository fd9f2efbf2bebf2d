"""Lets the browser read Streamlit's large scripts before they are needed, while nobody does anything."""

from __future__ import annotations

from functools import cache

from dashboard.components.unseen import unseen
from dashboard.frontend import script_files

NAMES = ("PlotlyChart", "DataFrame")


def read_ahead() -> None:
    """Draw nothing; let the browser read what draws figures and tables."""
    unseen("ahead")(data=scripts(), key="ahead", height=1)


@cache
def scripts() -> list[str]:
    """Return the names of the script files."""
    return script_files(NAMES)
