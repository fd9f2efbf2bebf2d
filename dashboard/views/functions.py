"""The catalog: every function that a table may name, with its signature and docs."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, state
from dashboard.reading import facts
from dashboard.widgets.function_card import function_card
from dashboard.widgets.pager import pager

PAGE = 40


def functions() -> None:
    """Draw the page."""
    session = state.current()
    st.markdown("#### Functions that a task may name")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            "Search",
            key=keys.FUNCTION_SEARCH,
            placeholder="Search paths, titles, tags",
            label_visibility="collapsed",
            icon=":material/search:",
            width=380,
        )
        found = facts.search_functions(text or "")
        st.caption(f"{len(found)} of {len(facts.catalog())} functions", width="content")
    if state.has_changed(keys.FUNCTIONS, text):
        session.pages[keys.FUNCTIONS] = 0
    first = session.pages.setdefault(keys.FUNCTIONS, 0) * PAGE
    shown = found[first : first + PAGE]
    with st.container(key=keys.FUNCTIONS, gap="xsmall"):
        for function in shown:
            function_card(function)
    if not found:
        st.caption("Nothing is found. Try fewer words, or a part of the path.")
    pager(session, keys.FUNCTIONS, len(shown), PAGE, len(found) > first + PAGE)
