"""What is looked for in the library, and what is done to it as a whole."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import keys, services, state
from dashboard.reading import shelf
from dashboard.server.backend import backend
from dashboard.state import Session

WHOSE: Mapping[shelf.Whose, str] = {"mine": "Mine", "others": "Others’"}


def library_bar(session: Session) -> shelf.Wish:
    """Draw the bar; return what is looked for."""
    with st.container(key="library_bar", horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            "Search",
            key=keys.LIBRARY_SEARCH,
            placeholder="Search names, descriptions, messages, people, tags",
            label_visibility="collapsed",
            icon=":material/search:",
            width=380,
        )
        tags = _tags()
        whose = _whose(session)
        archived = st.toggle("Archived", key=keys.LIBRARY_ARCHIVED)
        st.file_uploader(
            "Upload a workflow into the library",
            key=keys.LIBRARY_UPLOAD,
            label_visibility="collapsed",
            width=90,
            on_change=lambda: _uploaded(session),
            disabled=backend().store.is_read_only,
        )
        st.download_button(
            "All as .zip",
            shelf.export_all,
            "workflows.zip",
            "application/zip",
            key=keys.LIBRARY_EXPORT,
            icon=":material/download:",
            on_click="ignore",
        )
    wish = shelf.Wish(text or "", tuple(tags), archived, session.author, whose)
    if state.has_changed(keys.LIBRARY, wish):
        session.pages[keys.LIBRARY] = 0
    return wish


def _tags() -> list[str]:
    known = shelf.known_tags()
    if not known:
        return []
    return st.multiselect(
        "Tags", known, key=keys.LIBRARY_TAGS, placeholder="Tags", label_visibility="collapsed", width=260
    )


def _whose(session: Session) -> shelf.Whose | None:
    """Who has not told a name has nothing that could be told apart from what others have."""
    if not session.author:
        return None
    return st.segmented_control(
        "Whose",
        WHOSE,
        key=keys.LIBRARY_WHOSE,
        format_func=lambda whose: WHOSE[whose],
        label_visibility="collapsed",
        width="content",
    )


def _uploaded(session: Session) -> None:
    file = state.widget(keys.LIBRARY_UPLOAD)
    if file is not None:
        keep = services.keep_bundle if file.name.lower().endswith(".zip") else services.keep_upload
        keep(session, file.name, file.getvalue())
