"""Numbers, texts, nested data, bytes and whatever else, as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.value import question
from core.value.excerpt import size_text
from core.value.holder import Holder
from core.value.words import MAX_BYTES, MAX_TEXT
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import asked

Data = Mapping[str, Any]
MOST_LINES, MOST_SHOWN, HEIGHT = 20, 3_000, 400


def plain_view(holder: Holder, _key: str, _name: str) -> None:
    """Draw a value that is neither rows nor a picture."""
    data = asked(holder, question.plain()).data
    VIEWS[data["kind"]](data)


def other_view(data: Data) -> None:
    """Draw the type of anything else, its size and how it describes itself."""
    kind, text, size = str(data.get("type", "")), str(data.get("text", "")), data.get("size")
    said = f"{size_text(size)} by itself" if isinstance(size, int) else ""
    st.caption("  ·  ".join(filter(None, (plain(kind), said))))
    st.code(text, language=None, wrap_lines=True)


def _number(data: Data) -> None:
    """Draw a number with separators, and with all its digits where these say more."""
    st.metric(plain(data["type"]), plain(data["shown"]), width="content")
    if data["exact"]:
        st.caption(plain(data["exact"]))


def _text(data: Data) -> None:
    st.caption(f"text of {data['length']:,} characters" + _first(MAX_TEXT, data["length"], "characters"))
    if data["text"]:
        is_long = data["text"].count("\n") > MOST_LINES or len(data["text"]) > MOST_SHOWN
        st.code(data["text"], language=None, wrap_lines=True, height=HEIGHT if is_long else "content")


def _data(data: Data) -> None:
    cut = "" if data["is_whole"] else ", shown in part"
    st.caption(plain(f"{data['type']} of {data['length']:,}") + cut)
    st.json(data["data"], expanded=2)


def _bytes(data: Data) -> None:
    st.caption(f"{data['length']:,} bytes" + _first(MAX_BYTES, data["length"], "bytes"))
    if data["text"]:
        st.code(data["text"], language=None)


def _nothing(_data: Data) -> None:
    st.caption("None")


def _first(most: int, count: int, what: str) -> str:
    return f", the first {most:,} {what} shown" if count > most else ""


VIEWS: Mapping[str, Callable[[Data], None]] = {
    "number": _number,
    "text": _text,
    "data": _data,
    "bytes": _bytes,
    "nothing": _nothing,
    "other": other_view,
}
