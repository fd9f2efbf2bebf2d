"""The history of a workflow: its versions and runs on one time line."""

from __future__ import annotations

import time
from functools import partial

import streamlit as st

from dashboard import keys, state
from dashboard.reading import clock, timeline
from dashboard.widgets.history.bar import history_bar
from dashboard.widgets.history.row import history_row
from dashboard.widgets.history.sweep import history_sweep
from dashboard.widgets.notice import notice
from dashboard.widgets.pager import pager
from dashboard.widgets.text import plain


def history() -> None:
    """Draw the page."""
    session = state.current()
    wish = history_bar(session)
    page = session.pages.setdefault(keys.HISTORY, 0)
    found = timeline.timeline(wish, page)
    notice(session)
    if found.problem:
        st.error(plain(f"The history cannot be read: {found.problem}"))
    now, zone = time.time(), clock.browser_zone()
    given = timeline.varied(found.entries)
    days = timeline.by_day(found.entries, partial(clock.day, now=now, zone=zone))
    with st.container(key=keys.HISTORY, gap="small"):
        for day, entries in days.items():
            st.markdown(f"**{day}**")
            with st.container(border=True, gap="xsmall"):
                for entry in entries:
                    if isinstance(entry, timeline.SweepRuns):
                        history_sweep(session, entry, now, zone, wish.workflow_id is None)
                    else:
                        history_row(session, entry, now, zone, wish.workflow_id is None, given.get(entry.id, ""))
    if not found.entries and not found.problem:
        st.caption(_nothing(wish))
    pager(session, keys.HISTORY, len(found.entries), timeline.PAGE, found.has_more)


def _nothing(wish: timeline.Wish) -> str:
    if wish.text or wish.states or wish.starred:
        return "Nothing is found. Try fewer words, or other states."
    return "Nothing has been saved or run yet. Press Run or Save in the workbench: versions and runs are listed here."
