"""Saving the draft: how it stands to what is saved, and a form for the message and the name."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services, state
from dashboard.components.focus import focus
from dashboard.reading import stand
from dashboard.server.backend import backend
from dashboard.services.save import MAX_AUTHOR, MAX_MESSAGE
from dashboard.state import Session
from dashboard.widgets.text import plain
from dashboard.widgets.workbench.pending import after_edits


def save(session: Session) -> None:
    """Draw the button, and the form once it is open; the key is that of a button that is not shown."""
    st.button("Open Save", key=keys.SAVE_OPEN, shortcut="Ctrl+S", on_click=lambda: state.set_widget(keys.SAVE, True))
    with st.popover("Save", key=keys.SAVE, icon=":material/save:", on_change="rerun") as form:
        if form.open:
            _form(session)


def _form(session: Session) -> None:
    reason = backend().store.read_only_reason
    if reason:
        st.warning(plain(f"Nothing can be saved now: {reason}"))
        return
    st.caption(_what(session))
    with st.form(keys.SAVE_FORM, border=False):
        st.text_input(
            "What is new, and why?",
            key=keys.SAVE_MESSAGE,
            max_chars=MAX_MESSAGE,
            placeholder="longer window, less noise",
        )
        st.text_input("Your name", value=session.author, key=keys.SAVE_AUTHOR, max_chars=MAX_AUTHOR)
        st.form_submit_button(
            "Save", key=keys.SAVE_NOW, type="primary", width="stretch", on_click=after_edits(session, _save)
        )
    focus(keys.SAVE_MESSAGE)


def _what(session: Session) -> str:
    if session.workflow_id is None or session.version is None:
        return "It becomes a new workflow in the library, for everybody on this server."
    if not stand.is_changed(session):
        return f"This is version {session.version} as it was saved."
    return f"It becomes the version after version {session.version}."


def _save(session: Session) -> None:
    services.save(session, str(state.widget(keys.SAVE_MESSAGE) or ""), str(state.widget(keys.SAVE_AUTHOR) or ""))
    state.set_widget(keys.SAVE, False)
    state.set_widget(keys.SAVE_MESSAGE, "")
