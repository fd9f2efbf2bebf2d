"""One function of the catalog: signature, docs, source."""

from __future__ import annotations

import streamlit as st

from core.function import Function
from dashboard.widgets.text import plain


def function_card(function: Function) -> None:
    """Draw the card."""
    st.markdown(
        f"**{plain(function.title)}** {' '.join(f':gray-badge[{plain(tag)}]' for tag in function.marking.tags)}"
    )
    st.code(f"{function.name}{function.signature}", language="python")
    st.text(function.doc or "No documentation.")
    with st.popover("Source", type="tertiary"):
        st.code(function.source or "No source.", language="python")
