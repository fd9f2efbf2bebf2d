"""The runs of a sweep as one row of the time line, which opens: how many there are, how they went, each of them."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from dashboard import keys, link
from dashboard.reading import clock
from dashboard.reading.rows import time_text
from dashboard.reading.timeline import PAGE, SweepRuns
from dashboard.state import Session
from dashboard.sweeping import TAG
from dashboard.widgets.history.row import history_row
from dashboard.widgets.markup import badge, safe
from dashboard.widgets.pager import pager


def history_sweep(session: Session, entry: SweepRuns, now: float, zone: tzinfo, with_name: bool) -> None:
    """Draw the row, and its runs once it is opened; `with_name` says of which workflow it is."""
    name = keys.entry("runs", entry.sweep_id)
    is_open = name in session.pages
    with st.container(key=keys.entry("row", entry.id), horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Hide the runs" if is_open else "Show the runs",
            key=keys.entry("fold", entry.sweep_id),
            icon=":material/expand_less:" if is_open else ":material/expand_more:",
            type="tertiary",
            on_click=_fold,
            args=(session, name),
        )
        of = f" <b>{safe(entry.runs[0].name)}</b>" if with_name else ""
        first = f"{badge('sweep')}{safe(entry.name)}{of}: {safe(entry.told)}"
        st.html(f'<div class="tt-entry">{first}<div class="tt-told">{_second_line(entry, now, zone)}</div></div>')
        if st.button("Open sweep", key=keys.entry("open", entry.id), icon=":material/grid_on:"):
            link.go(link.SWEEP, sweep=entry.sweep_id)
    if is_open:
        _runs(session, entry, name, now, zone)


def _fold(session: Session, name: str) -> None:
    """Open the row if it is folded, at its first page, and fold it if it is open."""
    if session.pages.pop(name, None) is None:
        session.pages[name] = 0


def _runs(session: Session, entry: SweepRuns, name: str, now: float, zone: tzinfo) -> None:
    first = session.pages[name] * PAGE
    shown = entry.runs[first : first + PAGE]
    with st.container(key=name, gap="xsmall"):
        for run in shown:
            history_row(session, run, now, zone, False, run.note[:200], (TAG, entry.name, run.note))
        pager(session, name, len(shown), PAGE, len(entry.runs) > first + PAGE)


def _second_line(entry: SweepRuns, now: float, zone: tzinfo) -> str:
    latest, first = entry.runs[0], entry.runs[-1]
    when = f"{clock.ago(entry.created, now)} · {clock.time_of_day(entry.created, zone)}"
    version = f"of version {latest.version}" if latest.version else ""
    told = [safe(latest.author), when, version, f"runs {first.number} to {latest.number}", time_text(entry.seconds)]
    return " · ".join(filter(None, told))
