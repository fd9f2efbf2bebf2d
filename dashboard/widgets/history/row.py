"""One version or run on the time line: who, when and why, how it went, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import streamlit as st

from core.store import RunSummary, VersionSummary
from dashboard import keys, link, services, state
from dashboard.reading import clock, timeline
from dashboard.reading.rows import time_text
from dashboard.reading.timeline import Entry
from dashboard.state import Session
from dashboard.sweeping import sweep_of
from dashboard.widgets.history.more import history_more
from dashboard.widgets.markup import badge, badges, run_badge, safe

MAX_SCALARS = 4
STAR = '<span class="tt-star">★</span> '


def history_row(
    session: Session,
    entry: Entry,
    now: float,
    zone: tzinfo,
    with_name: bool,
    given: str = "",
    hidden: Sequence[str] = (),
) -> None:
    """Draw the row; `with_name` says of which workflow it is.

    `given` is what distinguishes a run from the others; `hidden` are texts of it that need not be told.
    """
    ref = ref_of(entry)
    with st.container(key=keys.entry("row", ref), horizontal=True, vertical_alignment="center", gap="small"):
        _tick(session, ref)
        first = _first_line(entry, with_name, given, hidden)
        second = _second_line(entry, now, zone, hidden)
        st.html(f'<div class="tt-entry">{first}<div class="tt-told">{second}</div></div>')
        _open(session, entry, ref)
        history_more(session, entry, ref)


def ref_of(entry: Entry) -> str:
    """Return how links name the entry."""
    if isinstance(entry, RunSummary):
        return link.ref_of_run(entry.id)
    return link.ref_of_version(entry.workflow_id, entry.number)


def _tick(session: Session, ref: str) -> None:
    key = keys.entry("tick", ref)
    state.set_widget(key, ref in session.ticked)
    st.checkbox(
        "Compare",
        key=key,
        label_visibility="collapsed",
        width="content",
        on_change=state.unless_echo(key, lambda: services.tick(session, ref, bool(state.widget(key)))),
    )


def _open(session: Session, entry: Entry, ref: str) -> None:
    if isinstance(entry, RunSummary):
        if st.button("Open", key=keys.entry("open", ref), icon=":material/play_circle:"):
            if services.open_run(session, entry.id):
                link.go(link.WORKBENCH)
            st.rerun()
    elif st.button("Restore", key=keys.entry("restore", ref), icon=":material/settings_backup_restore:"):
        if services.restore(session, entry.workflow_id, entry.number):
            link.go(link.WORKBENCH)
        st.rerun()


def _first_line(entry: Entry, with_name: bool, given: str, hidden: Sequence[str]) -> str:
    tags = badges(tag for tag in entry.tags if tag not in hidden)
    star = STAR if entry.starred else ""
    if isinstance(entry, VersionSummary):
        return f"{star}{badge(f'version {entry.number}', 'blue')}{safe(entry.message)} {tags}"
    name = f" <b>{safe(entry.name)}</b>" if with_name else ""
    of = f" {safe(given)}{' →' if entry.scalars else ''}" if given else ""
    numbers = " · ".join(
        f"{safe(key)} = <b>{_number(value)}</b>" for key, value in [*entry.scalars.items()][:MAX_SCALARS]
    )
    return f"{star}{run_badge(entry.state)}run {entry.number}{name}{of} {numbers} {tags}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def _second_line(entry: Entry, now: float, zone: tzinfo, hidden: Sequence[str]) -> str:
    who = safe(entry.author) if entry.author else ""
    when = f"{clock.ago(entry.created, now)} · {clock.time_of_day(entry.created, zone)}"
    parts = [
        who,
        when,
        *(_of_run(entry) if isinstance(entry, RunSummary) else ()),
        "" if entry.note in hidden else safe(entry.note[:200]),
    ]
    return " · ".join(filter(None, parts))


def _of_run(run: RunSummary) -> list[str]:
    unsaved = "" if sweep_of(run.id, run.tags) else "of an unsaved draft"
    parts = [f"of version {run.version}" if run.version else unsaved]
    taken = timeline.seconds(run)
    if taken is not None:
        parts.append(time_text(taken))
    found = timeline.counts(run)
    if found:
        told = ((found.ran, "ran"), (found.reused, "reused"), (found.failed, "failed"))
        parts.append(", ".join(f"{count} {verb}" for count, verb in told if count) or "no task ran")
    return [*parts, safe(run.reason)]
