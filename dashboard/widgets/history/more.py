"""What else can be done to a version or a run: a star, tags, a note, a link, deleting."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.store import RunSummary
from dashboard import keys, link, services
from dashboard.reading.timeline import Entry, known_tags
from dashboard.state import Session
from dashboard.widgets.again import again_button
from dashboard.widgets.handing import run_files
from dashboard.widgets.marking import note_field, tag_field
from dashboard.widgets.star import star


def history_more(session: Session, entry: Entry, ref: str) -> None:
    """Draw the button, and the list once it is open."""
    key = keys.entry("more", ref)
    with st.popover("", icon=":material/more_vert:", key=key, type="tertiary", on_change="rerun") as more:
        if more.open:
            _choices(session, entry, ref)


def _choices(session: Session, entry: Entry, ref: str) -> None:
    is_run = isinstance(entry, RunSummary)
    kind: Literal["run", "version"] = "run" if is_run else "version"
    star(session, kind, entry.id, entry.starred, label=True)
    tag_field(session, kind, entry.id, entry.tags, known_tags(kind))
    note_field(session, kind, entry.id, entry.note)
    st.caption("Link that opens this")
    if isinstance(entry, RunSummary):
        st.code(link.to_run(entry.id), language=None)
        run_files(entry.id, keys.entry("files", ref))
        again_button(session, entry.id, keys.entry("again", ref))
        if st.button("Delete…", key=keys.entry("delete", ref), icon=":material/delete:", type="tertiary"):
            _confirm(session, entry)
    else:
        st.code(link.to_version(entry.workflow_id, entry.number), language=None)


@st.dialog("Delete a run")
def _confirm(session: Session, run: RunSummary) -> None:
    st.markdown(f"**Run {run.number}** and all that was recorded of it will be gone. This cannot be undone.")
    with st.container(horizontal=True):
        if st.button("Delete", key=keys.CONFIRM, type="primary", on_click=services.delete_run, args=(session, run.id)):
            st.rerun()
        if st.button("Keep it"):
            st.rerun()
