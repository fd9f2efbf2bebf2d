"""One of what is compared: what it is, who made it when and why, how it went, and what can be done with it."""

from __future__ import annotations

import time

import streamlit as st

from dashboard import keys, link, services
from dashboard.reading import clock, comparison
from dashboard.reading.rows import time_text
from dashboard.reading.side import Side
from dashboard.state import Session
from dashboard.widgets.again import again_button
from dashboard.widgets.handing import run_files
from dashboard.widgets.run_mark import run_mark
from dashboard.widgets.text import plain


def compare_side(session: Session, side: Side, title: str) -> None:
    """Draw the card."""
    with st.container(key=keys.entry("side", side.ref), border=True, gap="xsmall", height="stretch"):
        mark = f" {run_mark(side.record.state)}" if side.run else ""
        st.markdown(f":gray[{title}]  **{side.label}** of {plain(side.name) or 'a draft'}{mark}")
        st.caption(_about(side))
        if side.message:
            st.markdown(f"“{plain(side.message[:300])}”")
        if why := comparison.failure(side):
            st.markdown(f":red[{plain(why[:400])}]")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _actions(session, side)


def _about(side: Side) -> str:
    now, zone = time.time(), clock.browser_zone()
    parts = [plain(side.author), f"{clock.ago(side.created, now)} · {clock.exact(side.created, zone)}"]
    if side.is_run:
        parts.append(f"of version {side.version}" if side.version else "of an unsaved draft")
    elif side.run:
        parts.append(f"with the values of run {side.run.number}")
    if side.record.ended and side.record.began:
        parts.append(time_text(max(0.0, side.record.ended - side.record.began)))
    return " · ".join(filter(None, parts))


def _actions(session: Session, side: Side) -> None:
    if st.button("Open", key=keys.entry("open", side.ref), icon=":material/open_in_full:"):
        if _opened(session, side):
            link.go(link.WORKBENCH)
        st.rerun()
    if side.run is None:
        if st.button("Run it", key=keys.entry("run", side.ref), icon=":material/play_arrow:", type="primary"):
            services.run_version(session, str(side.workflow_id), int(side.version or 0))
            st.rerun()
        return
    again_button(session, side.run.id, keys.entry("again", side.ref))
    with st.popover(
        "", key=keys.entry("files", side.ref), icon=":material/download:", type="tertiary", on_change="rerun"
    ) as more:
        if more.open:
            run_files(side.run.id, keys.entry("files", side.ref))


def _opened(session: Session, side: Side) -> bool:
    if side.is_run and side.run:
        return services.open_run(session, side.run.id)
    return services.open_version(session, str(side.workflow_id), int(side.version or 0))
