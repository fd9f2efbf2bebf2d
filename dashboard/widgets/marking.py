"""The fields for what people add to a workflow, a version or a run: tags and a note."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import keys, services, state
from dashboard.services.history import Kind
from dashboard.state import Session

MAX_NOTE = 20_000


def tag_field(session: Session, kind: Kind, name: str, tags: Sequence[str], known: Sequence[str]) -> None:
    """Draw the tags; others can be chosen and new ones typed."""
    key = keys.entry("tags", name)
    st.multiselect(
        "Tags",
        sorted({*known, *tags}),
        default=list(tags),
        key=key,
        accept_new_options=True,
        placeholder="Choose, or type a new one",
        on_change=lambda: services.tag(session, kind, name, state.widget(key)),
    )


def note_field(session: Session, kind: Kind, name: str, text: str) -> None:
    """Draw the note."""
    key = keys.entry("note", name)
    st.text_area(
        "Note",
        value=text,
        key=key,
        max_chars=MAX_NOTE,
        height=90,
        on_change=lambda: services.note(session, kind, name, str(state.widget(key))),
    )
