"""What is looked for in the library, and what is done to it as a whole."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services, state
from dashboard.reading import shelf
from dashboard.server.backend import backend
from dashboard.state import Session


def library_bar(session: Session) -> tuple[str, list[str], bool]:
    """Draw the bar; return the text, the tags, and whether archived ones are wanted."""
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
    if state.has_changed(keys.LIBRARY, (text, tuple(tags), archived)):
        session.pages[keys.LIBRARY] = 0
    return text or "", tags, archived


def _tags() -> list[str]:
    known = shelf.known_tags()
    if not known:
        return []
    return st.multiselect(
        "Tags", known, key=keys.LIBRARY_TAGS, placeholder="Tags", label_visibility="collapsed", width=260
    )


def _uploaded(session: Session) -> None:
    file = state.widget(keys.LIBRARY_UPLOAD)
    if file is not None:
        keep = services.keep_bundle if file.name.lower().endswith(".zip") else services.keep_upload
        keep(session, file.name, file.getvalue())
