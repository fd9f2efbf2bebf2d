"""The draft as something to hand on: JSON, CSV, Python, Mermaid, text for a chat."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import LiteralError
from dashboard import facts, keys
from dashboard.state import Session


def share(session: Session) -> None:
    """Draw the downloads that everybody needs, and the others in a popover."""
    draft = session.draft
    stem = facts.file_stem(session)
    _download("JSON", _json(session), f"{stem}.json", "application/json", keys.DOWNLOAD_JSON)
    _download("CSV", draft.to_csv(), f"{stem}.csv", "text/csv", keys.DOWNLOAD_CSV)
    with st.popover("Share", key=keys.SHARE):
        python = partial(facts.python_text, session)
        _download("Python class", python, f"{stem}.py", "text/x-python", keys.DOWNLOAD_PYTHON)
        _download("Mermaid", draft.to_mermaid, f"{stem}.mmd", "text/plain", keys.DOWNLOAD_MERMAID)
        st.caption("The table as text; copy it into a chat:")
        st.code(facts.chat_text(session), language="text")


def _json(session: Session) -> str:
    """The workflow file, or "" for a draft with a value that no file can hold."""
    try:
        return session.draft.to_json()
    except LiteralError:
        return ""


def _download(label: str, content: str | Callable[[], str], name: str, kind: str, key: str) -> None:
    icon = ":material/download:"
    st.download_button(label, content, name, kind, key=key, icon=icon, disabled=content == "", on_click="ignore")
