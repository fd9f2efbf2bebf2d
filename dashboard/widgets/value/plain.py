"""Numbers, texts, nested data, bytes and whatever else, as text."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.value.excerpt import exact_text, hex_text, number_text, outline, size_of, size_text
from core.value.output import describe, whole
from dashboard.widgets.text import plain

MAX_TEXT = 20_000
MAX_BYTES = 256


def number_view(value: Any) -> None:
    """Draw a number with separators, and with all its digits where these say more."""
    shown, exact = number_text(value), exact_text(value)
    st.metric(plain(type(value).__name__), plain(shown), width="content")
    if shown.replace(",", "") != exact:
        st.caption(plain(exact[:MAX_TEXT]))


def text_view(text: str) -> None:
    """Draw a text, or its beginning."""
    st.caption(f"text of {len(text):,} characters" + _first(MAX_TEXT, len(text), "characters"))
    if text:
        st.code(whole(text[:MAX_TEXT]), language=None, wrap_lines=True)


def data_view(value: Any) -> None:
    """Draw a dictionary, a list, a tuple or a set."""
    data, is_whole = outline(value)
    st.caption(plain(f"{type(value).__name__} of {len(value):,}") + ("" if is_whole else ", shown in part"))
    st.json(data, expanded=2)


def other_view(value: Any) -> None:
    """Draw the type of anything else, its size and how it describes itself; of bytes the first."""
    if value is None:
        st.caption("None")
        return
    if isinstance(value, bytes | bytearray):
        _bytes(bytes(value))
        return
    kind, _, text = describe(value).partition("\n")
    size = size_of(value)
    st.caption(plain(kind) + ("" if size is None else f"  ·  {size_text(size)} by itself"))
    st.code(text, language=None, wrap_lines=True)


def _bytes(content: bytes) -> None:
    st.caption(f"{len(content):,} bytes" + _first(MAX_BYTES, len(content), "bytes"))
    if content:
        st.code(hex_text(content[:MAX_BYTES]), language=None)


def _first(most: int, count: int, what: str) -> str:
    return f", the first {most:,} {what} shown" if count > most else ""
