"""Runs of one sweep as a single row of the time line: how many there are, how they went, and the way to the sweep."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from dashboard import clock, keys, link
from dashboard.timeline import SweepRuns
from dashboard.widgets.text import plain


def history_sweep(entry: SweepRuns, now: float, zone: tzinfo, with_name: bool) -> None:
    """Draw the row; `with_name` says of which workflow it is."""
    with st.container(key=keys.entry("row", entry.id), horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":gray[:material/grid_on:]", width="content")
        with st.container(gap=None, width="stretch"):
            name = f" **{plain(entry.runs[0].name)}**" if with_name else ""
            st.markdown(f":gray-badge[sweep] {plain(entry.name)}{name}: {plain(entry.told)}")
            st.caption(_second_line(entry, now, zone))
        if st.button("Open sweep", key=keys.entry("open", entry.id), icon=":material/grid_on:"):
            link.go(link.SWEEP, sweep=entry.sweep_id)


def _second_line(entry: SweepRuns, now: float, zone: tzinfo) -> str:
    latest, first = entry.runs[0], entry.runs[-1]
    when = f"{clock.ago(entry.created, now)} · {clock.time_of_day(entry.created, zone)}"
    version = f"of version {latest.version}" if latest.version else ""
    return " · ".join(filter(None, [plain(latest.author), when, version, f"runs {first.number} to {latest.number}"]))
