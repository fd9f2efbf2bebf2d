"""Whose history is shown, what is looked for in it, and the comparison of what is ticked."""

from __future__ import annotations

import streamlit as st

from core import TasktableError
from core.store import WorkflowRecord
from dashboard import keys, link, services, state
from dashboard.reading.side import in_time
from dashboard.reading.timeline import STATES, Wish
from dashboard.server.backend import backend
from dashboard.state import Session
from dashboard.widgets.text import plain

WORKFLOW = "workflow"


def history_bar(session: Session) -> Wish:
    """Draw the bar; return what is looked for."""
    record = _whose(session)
    with st.container(key="history_title", horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"#### {plain(record.name) if record else 'All runs on this server'}", width="content")
        if record and st.button("Open", key=keys.entry("open", "latest"), icon=":material/open_in_full:"):
            link.go(link.WORKBENCH, workflow=record.id)
        if record:
            st.button(
                "All runs", key=keys.HISTORY_EVERYTHING, type="tertiary", on_click=_show_everything, args=(session,)
            )
    with st.container(key="history_bar", horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            "Search",
            key=keys.HISTORY_SEARCH,
            placeholder="Search messages, people, notes, tags, #12",
            label_visibility="collapsed",
            icon=":material/search:",
            width=340,
        )
        states = st.multiselect(
            "States",
            STATES if record else STATES[1:],
            key=keys.HISTORY_STATES,
            placeholder="Saved, done, failed…",
            label_visibility="collapsed",
            width=300,
        )
        starred = st.toggle("Starred", key=keys.HISTORY_STARRED)
        _compare(session)
    wish = Wish(record.id if record else None, text or "", tuple(states), starred)
    if state.has_changed(keys.HISTORY, wish):
        session.pages[keys.HISTORY] = 0
    return wish


def _whose(session: Session) -> WorkflowRecord | None:
    """Return the workflow that the address names, else the one that is open; the address names it from then on."""
    named = st.query_params.get(WORKFLOW)
    wanted = named if named is not None else session.workflow_id
    if not wanted:
        return None
    try:
        record = backend().store.workflow(wanted[:200])
    except TasktableError as error:
        session.say("error", f"{error}. All runs are shown.")
        st.query_params[WORKFLOW] = ""
        return None
    st.query_params[WORKFLOW] = record.id
    return record


def _show_everything(session: Session) -> None:
    st.query_params[WORKFLOW] = ""
    session.pages[keys.HISTORY] = 0


def _compare(session: Session) -> None:
    count = len(session.ticked)
    is_ready = count > 1 and link.can_compare()
    label = f"Compare ({count} ticked)" if count else "Compare"
    if st.button(label, key=keys.COMPARE, icon=":material/compare_arrows:", disabled=not is_ready):
        link.go(link.COMPARE, **link.names_of(in_time(session.ticked)))
    if count:
        st.button("Untick", key=keys.UNTICK, type="tertiary", on_click=services.untick, args=(session,))
