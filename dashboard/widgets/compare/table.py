"""A small table of texts, each as it stands, with what was and what is in two colours."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.widgets.text import plain

MAX_ROWS = 60
MAX_TEXT = 160


def cell(text: str | None, colour: str = "") -> str:
    """Return a text as Markdown for a cell; a dash for nothing."""
    if text is None:
        return ":gray[–]"
    short = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
    safe = plain(" ".join(short.split())) or ":gray[empty]"
    return f":{colour}[{safe}]" if colour and not safe.startswith(":") else safe


def was(text: str | None) -> str:
    """Return what was, for a cell."""
    return cell(text, "red")


def is_now(text: str | None) -> str:
    """Return what is, for a cell."""
    return cell(text, "green")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table whose cells are Markdown; of a long one the first rows, and how many there are more."""
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows[:MAX_ROWS])]
    st.markdown("\n".join(lines))
    if len(rows) > MAX_ROWS:
        st.caption(f"… and {len(rows) - MAX_ROWS:,} more")
