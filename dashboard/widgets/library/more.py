"""What else can be done to a saved workflow: its history, name, tags, a copy, putting it away, deleting it."""

from __future__ import annotations

import streamlit as st

from core.store import WorkflowRecord
from dashboard import keys, link, services, state
from dashboard.reading import shelf
from dashboard.state import Session
from dashboard.widgets.marking import tag_field
from dashboard.widgets.text import plain


def library_more(session: Session, record: WorkflowRecord) -> None:
    """Draw the button, and the list once it is open."""
    key = keys.entry("more", record.id)
    with st.popover("", icon=":material/more_vert:", key=key, type="tertiary", on_change="rerun") as more:
        if more.open:
            _choices(session, record)


def _choices(session: Session, record: WorkflowRecord) -> None:
    name = keys.entry("rename", record.id)
    st.text_input(
        "Name",
        value=record.name,
        key=name,
        max_chars=200,
        on_change=lambda: services.rename_saved(session, record.id, str(state.widget(name))),
    )
    tag_field(session, "workflow", record.id, record.tags, shelf.known_tags())
    st.button(
        "Duplicate",
        key=keys.entry("duplicate", record.id),
        icon=":material/content_copy:",
        type="tertiary",
        on_click=services.duplicate,
        args=(session, record.id),
    )
    st.button(
        "Take out of the archive" if record.archived else "Archive",
        key=keys.entry("archive", record.id),
        icon=":material/unarchive:" if record.archived else ":material/archive:",
        type="tertiary",
        on_click=services.archive,
        args=(session, record.id, not record.archived),
    )
    if _act("Delete…", "delete", record, ":material/delete:"):
        _confirm(session, record)
    st.caption("Link to this workflow")
    st.code(link.to_workflow(record.id), language=None)


def _act(label: str, verb: str, record: WorkflowRecord, icon: str) -> bool:
    return st.button(label, key=keys.entry(verb, record.id), icon=icon, type="tertiary")


@st.dialog("Delete a workflow")
def _confirm(session: Session, record: WorkflowRecord) -> None:
    versions = f"its {record.latest} versions" if record.latest > 1 else "its only version"
    st.markdown(f"**{plain(record.name)}** and {versions} will be gone for everybody. This cannot be undone.")
    if record.last_run:
        st.checkbox("Delete the recorded runs as well", key=keys.CONFIRM_RUNS)
    with st.container(horizontal=True):
        if st.button("Delete", key=keys.CONFIRM, type="primary", on_click=lambda: _delete(session, record)):
            st.rerun()
        if st.button("Keep it"):
            st.rerun()


def _delete(session: Session, record: WorkflowRecord) -> None:
    services.delete_workflow(session, record.id, with_runs=bool(state.widget(keys.CONFIRM_RUNS)))
