"""The catalog: every function that a table may name, with its signature and docs."""

from __future__ import annotations

import streamlit as st

from dashboard import facts, keys
from dashboard.widgets.function_card import function_card


def functions() -> None:
    """Draw the page."""
    st.subheader("Functions that a task may name")
    text = st.text_input("Search", key=keys.FUNCTION_SEARCH, placeholder="path, title or tag")
    found = facts.search_functions(text or "")
    st.caption(f"{len(found)} of {len(facts.catalog())} functions")
    for function in found:
        with st.expander(f"`{function.path}`"):
            function_card(function)
