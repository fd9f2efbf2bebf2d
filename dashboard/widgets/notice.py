"""What has just happened, in one sentence, over the page so that nothing moves."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard.state import Session
from dashboard.widgets.text import plain

ICONS = {"error": ":material/error:", "info": ":material/info:", "success": ":material/check_circle:"}


def notice(session: Session) -> None:
    """Show the session's notice once; an error stays until it is closed."""
    found, session.notice = session.notice, None
    if found:
        duration: Literal["infinite", "long"] = "infinite" if found.kind == "error" else "long"
        st.toast(plain(found.text), icon=ICONS[found.kind], duration=duration)
