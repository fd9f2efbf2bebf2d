"""What is wrong with the table; a click goes to the row."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services
from dashboard.state import Session
from dashboard.widgets.text import plain

ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
MAX_SHOWN = 30


def problem_list(session: Session) -> None:
    """Draw the list; nothing where there is nothing to say."""
    problems = session.draft.problems
    with st.container(key=keys.PROBLEMS):
        for number, problem in enumerate(problems[:MAX_SHOWN]):
            st.button(
                plain(str(problem)),
                key=keys.problem(number),
                icon=ICONS[problem.severity],
                type="tertiary",
                on_click=services.select,
                args=(session, problem.task),
            )
        if len(problems) > MAX_SHOWN:
            st.caption(f"… and {len(problems) - MAX_SHOWN:,} more")
