"""What has just happened, in one sentence, over the page so that nothing moves."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard.state import Session
from dashboard.widgets.text import plain

ICONS = {"error": ":material/error:", "info": ":material/info:", "success": ":material/check_circle:"}
# What went well is gone before the next page is read.
DURATIONS: dict[str, Literal["infinite", "long", "short"]] = {"error": "infinite", "info": "long", "success": "short"}


def notice(session: Session) -> None:
    """Show the session's notice once; an error stays until it is closed."""
    found, session.notice = session.notice, None
    if found:
        duration = DURATIONS[found.kind]
        st.toast(plain(found.text), icon=ICONS[found.kind], duration=duration)
