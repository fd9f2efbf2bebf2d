"""One function of the catalog: its title and path, and once it is opened its signature, docs and source."""

from __future__ import annotations

import streamlit as st

from core.function import Function
from dashboard import keys
from dashboard.widgets.text import plain


def function_card(function: Function) -> None:
    """Draw the card; what it holds is drawn when it is opened."""
    label = f"**{plain(function.title)}** :gray[{plain(function.path)}]"
    with st.expander(label, key=keys.entry("function", function.path.replace(".", "-")), on_change="rerun") as card:
        if card.open:
            _contents(function)


def _contents(function: Function) -> None:
    if function.marking.tags:
        st.markdown(" ".join(f":gray-badge[{plain(tag)}]" for tag in function.marking.tags))
    st.code(f"{function.name}{function.signature}", language="python", wrap_lines=True)
    st.text(function.doc or "No documentation.")
    with st.popover("Source", type="tertiary"):
        st.code(function.source or "No source.", language="python")
