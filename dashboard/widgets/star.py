"""The star of a workflow, a version or a run."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services
from dashboard.services.history import Kind
from dashboard.state import Session


def star(session: Session, kind: Kind, name: str, is_starred: bool, label: bool = False) -> None:
    """Draw the star; a click sets it or takes it away. `label` says so beside it.

    It has no tip: on a page of many stars these would take the browser longer than all the rest of a card.
    """
    sign = ":orange[★]" if is_starred else "☆"
    st.button(
        f"{sign} {'Take the star away' if is_starred else 'Give it a star'}" if label else sign,
        key=keys.entry("star", f"{kind}:{name}"),
        type="tertiary",
        on_click=services.star,
        args=(session, kind, name, not is_starred),
    )
