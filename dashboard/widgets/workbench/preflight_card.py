"""What to know of a file that was just opened, before it runs."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services
from dashboard.state import Session
from dashboard.widgets.text import plain


def preflight_card(session: Session) -> None:
    """Draw the card until it is closed; nothing where no file was opened."""
    if not session.preflight:
        return
    with st.container(key=keys.PREFLIGHT, border=True, horizontal=True, vertical_alignment="top"):
        title, *lines = session.preflight
        with st.container(gap=None):
            st.markdown(f"**{plain(title)}**")
            for line in lines:
                st.caption(plain(line))
        st.button(
            "Close", key=keys.CLOSE_PREFLIGHT, type="tertiary", on_click=services.close_preflight, args=(session,)
        )
