"""The way to the other pages of a long list."""

from __future__ import annotations

import streamlit as st

from dashboard import keys
from dashboard.state import Session

NEWER, OLDER = "newer", "older"


def pager(session: Session, name: str, shown: int, size: int, has_more: bool) -> None:
    """Draw the buttons to the page before and after the one that `session.pages` names; nothing for a short list."""
    page = session.pages.get(name, 0)
    if page == 0 and not has_more:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="center", gap="small"):
        _button(session, name, NEWER, ":material/chevron_left:", page - 1, page == 0)
        first = page * size + 1
        st.caption(f"{first} to {first + shown - 1}" if shown else "nothing more", width="content")
        _button(session, name, OLDER, ":material/chevron_right:", page + 1, not has_more)


def _button(session: Session, name: str, way: str, icon: str, page: int, disabled: bool) -> None:
    st.button(
        way.capitalize(),
        key=keys.pager(name, way),
        icon=icon,
        type="tertiary",
        disabled=disabled,
        on_click=session.pages.update,
        args=({name: page},),
    )
