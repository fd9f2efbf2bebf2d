"""The sweep: one or two inputs or arguments of the draft varied, and a map of what came out of the runs."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services, state
from dashboard.reading import facts, sweep_choice
from dashboard.widgets.notice import notice
from dashboard.widgets.sweep.form import sweep_form
from dashboard.widgets.sweep.result import sweep_result
from dashboard.widgets.sweep.shown import sweep_shown
from dashboard.widgets.text import plain


def sweep() -> None:
    """Draw the page."""
    session = state.current()
    services.follow_code(session)
    with st.container(key=keys.SWEEP):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(f"#### Sweep of {plain(session.draft.name)}", width="stretch")
            shown = sweep_shown(session)
        if facts.error_count(session):
            st.error("The table has problems, so that it cannot run. Mend them in the workbench first.")
        elif not sweep_choice.targets(session.draft):
            st.info("The table has no inputs and no arguments that could be varied.")
        else:
            sweep_form(session)
        if shown:
            sweep_result(session, shown)
    notice(session)
