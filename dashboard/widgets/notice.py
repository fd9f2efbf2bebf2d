"""What has just happened, in one sentence."""

from __future__ import annotations

import streamlit as st

from dashboard import keys
from dashboard.state import Session
from dashboard.widgets.text import plain

SHOWN = {"error": st.error, "info": st.info, "success": st.success}


def notice(session: Session) -> None:
    """Show the session's notice once."""
    found, session.notice = session.notice, None
    if found:
        with st.container(key=keys.NOTICE):
            SHOWN[found.kind](plain(found.text))
