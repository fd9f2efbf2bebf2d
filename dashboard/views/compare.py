"""Two or more versions or runs compared: what was done differently, and what came of it."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, state
from dashboard.widgets.compare.bar import compare_bar
from dashboard.widgets.compare.pair import compare_pair
from dashboard.widgets.compare.together import together
from dashboard.widgets.notice import notice
from dashboard.widgets.text import plain

FEW = 5
FIRST_STEP = (
    "Choose two runs or versions. What differs is shown here: table, inputs, versions and every value. Where there are "
    "none to choose, run a table in the workbench, change something, and run it again."
)


def compare() -> None:
    """Draw the page."""
    session = state.current()
    sides = compare_bar(session)
    notice(session)
    if len(sides) > 2:
        together(sides)
    if len(sides) > FEW:
        name = f"{plain(sides[0].label)} and {plain(sides[1].label)} side by side"
        with st.expander(name, key=keys.COMPARE_PAIR, on_change="rerun") as more:
            if more.open:
                compare_pair(session, sides[0], sides[1])
    elif len(sides) > 1:
        compare_pair(session, sides[0], sides[1])
    else:
        st.caption(FIRST_STEP)
