"""Running a run again exactly: first what differs here, then both are compared."""

from __future__ import annotations

import streamlit as st

from core import TasktableError
from dashboard import keys, link, services
from dashboard.state import Session
from dashboard.widgets.compare.table import cell, is_now, table, was
from dashboard.widgets.text import plain


def again_button(session: Session, run_id: str, key: str) -> None:
    """Draw the button; a click shows what differs here before anything runs."""
    if st.button("Run again exactly…", key=key, icon=":material/replay:"):
        _confirm(session, run_id)


@st.dialog("Run again exactly", width="medium")
def _confirm(session: Session, run_id: str) -> None:
    try:
        found = services.differences_here(run_id)
    except TasktableError as error:
        st.error(plain(str(error)))
        return
    with st.container(key=keys.AGAIN):
        if found.is_equal:
            st.success(
                "Nothing differs here: the same versions, and the same code of every function.",
                icon=":material/check_circle:",
            )
        else:
            st.warning(
                f"Here it differs: {plain(found.summary)}. The values may differ for that.", icon=":material/warning:"
            )
            rows = [[cell(change.name), was(change.old), is_now(change.new)] for change in found.packages]
            rows += [
                [cell(change.name), was(change.old and change.old[:8]), is_now(change.new and change.new[:8])]
                for change in found.functions
            ]
            table(["what", "then", "here"], rows)
        st.caption(
            "The same table runs with the same inputs, and nothing that is kept is used. Then the two are compared."
        )
    with st.container(horizontal=True):
        if st.button("Run again", key=keys.AGAIN_NOW, type="primary", icon=":material/replay:"):
            made = services.run_again(session, run_id)
            if made:
                link.go(link.COMPARE, **link.names_of([link.ref_of_run(run_id), link.ref_of_run(made)]))
            st.rerun()
        if st.button("Leave it"):
            st.rerun()
