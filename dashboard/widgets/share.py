"""The draft as something to hand on: JSON, CSV, Python, Mermaid, text for a chat."""

from __future__ import annotations

import streamlit as st

from core.errors import LiteralError
from dashboard import keys, services
from dashboard.state import Session


def share(session: Session) -> None:
    """Draw the downloads that everybody needs, and the others in a popover."""
    draft = session.draft
    stem = services.file_stem(session)
    try:
        json_text = draft.to_json()
    except LiteralError:
        json_text = ""
    _download("JSON", json_text, f"{stem}.json", "application/json", keys.DOWNLOAD_JSON)
    _download("CSV", draft.to_csv(), f"{stem}.csv", "text/csv", keys.DOWNLOAD_CSV)
    with st.popover("Share", key=keys.SHARE):
        _download("Python class", services.python_text(session), f"{stem}.py", "text/x-python", keys.DOWNLOAD_PYTHON)
        _download("Mermaid", draft.to_mermaid(), f"{stem}.mmd", "text/plain", keys.DOWNLOAD_MERMAID)
        st.caption("The table as text; copy it into a chat:")
        st.code(services.chat_text(session), language="text")


def _download(label: str, text: str, name: str, kind: str, key: str) -> None:
    st.download_button(
        label, text, name, kind, key=key, icon=":material/download:", disabled=not text, on_click="ignore"
    )
