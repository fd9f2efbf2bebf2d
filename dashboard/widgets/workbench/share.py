"""The draft as something to hand on: JSON, CSV, Python, a notebook, Mermaid, text for a chat; and its run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import keys, services
from dashboard.reading import facts, kept, results
from dashboard.state import Session
from dashboard.widgets.again import again_button
from dashboard.widgets.handing import values_files


def share(session: Session) -> None:
    """Draw the downloads that everybody needs, and the others in a popover."""
    draft = session.draft
    stem = facts.file_stem(session)
    json = kept.text_of(draft)
    _download("JSON", json or "", f"{stem}.json", "application/json", keys.DOWNLOAD_JSON)
    _download("CSV", draft.to_csv, f"{stem}.csv", "text/csv", keys.DOWNLOAD_CSV)
    with st.popover("Share", key=keys.SHARE, on_change="rerun") as more:
        if more.open:
            _run(session)
            _workflow(session, stem)


def _workflow(session: Session, stem: str) -> None:
    with st.container(horizontal=True, gap="small"):
        python, notebook = partial(facts.python_text, session), partial(services.notebook_of, session.draft)
        _download("Python class", python, f"{stem}.py", "text/x-python", keys.DOWNLOAD_PYTHON)
        _download("Notebook", notebook, f"{stem}.ipynb", "application/x-ipynb+json", keys.DOWNLOAD_NOTEBOOK)
        _download("Mermaid", session.draft.to_mermaid, f"{stem}.mmd", "text/plain", keys.DOWNLOAD_MERMAID)
    st.caption("The table as text; copy it into a chat:")
    st.code(facts.chat_text(session), language="text")


def _run(session: Session) -> None:
    """Draw what is handed on of the run, once it is over."""
    if session.run is None or results.is_running(session):
        return
    old = "" if results.is_current(session) else ", from before the last change"
    st.caption(f"The run{old}:")
    with st.container(key=keys.SHARE_RUN, horizontal=True, gap="small"):
        values_files(session.run.id, f"{facts.file_stem(session)}_run", keys.SHARE_RUN, "secondary")
        again_button(session, session.run.id, keys.SHARE_AGAIN)
    st.caption("The workflow:")


def _download(label: str, content: str | Callable[[], str], name: str, kind: str, key: str) -> None:
    icon = ":material/download:"
    st.download_button(label, content, name, kind, key=key, icon=icon, disabled=content == "", on_click="ignore")
