"""One workflow of the library: its picture, what it is, who saved it when, how its last run went, what can be done."""

from __future__ import annotations

import time
from collections.abc import Iterable

import streamlit as st

from core.store import WorkflowRecord
from dashboard import keys, link, services
from dashboard.reading import clock, shelf
from dashboard.state import Session
from dashboard.widgets.library.more import library_more
from dashboard.widgets.markup import badges, picture, run_badge, safe
from dashboard.widgets.star import star

MAX_DESCRIPTION = 140


def workflow_card(session: Session, record: WorkflowRecord) -> None:
    """Draw the card of a saved workflow."""
    with st.container(key=keys.entry("card", record.id), border=True, gap="xsmall"):
        lines = [*_saved(record), _last_run(record)]
        _face(shelf.picture(record), record.name, lines, record.description, record.tags)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button("Open", key=keys.entry("open", record.id), icon=":material/open_in_full:"):
                if services.open_workflow(session, record.id):
                    link.go(link.WORKBENCH)
                st.rerun()
            if st.button("History", key=keys.entry("history", record.id), type="tertiary"):
                link.go(link.HISTORY, workflow=record.id)
            star(session, "workflow", record.id, record.starred)
            library_more(session, record)


def sample_card(session: Session, stem: str, name: str) -> None:
    """Draw the card of a sample."""
    with st.container(key=keys.entry("card", stem), border=True, gap="xsmall"):
        workflow = shelf.sample(stem)
        _face(shelf.sample_picture(stem), name, [f"sample · {len(workflow.tasks)} tasks"], workflow.description)
        if st.button("Open", key=keys.entry("open", stem), icon=":material/open_in_full:"):
            services.open_sample(session, stem)
            link.go(link.WORKBENCH)


def _face(svg: str, name: str, lines: Iterable[str], description: str, tags: Iterable[str] = ()) -> None:
    """Draw all of a card that is only read, as one element."""
    short = description[:MAX_DESCRIPTION].rstrip() + ("…" if len(description) > MAX_DESCRIPTION else "")
    told = "".join(f'<div class="tt-told">{line}</div>' for line in [*lines, safe(short)] if line)
    text = f'<div class="tt-name">{safe(name)}</div>{told}'
    below = f"<div>{badges(tags)}</div>" if tags else ""
    st.html(f'<div class="tt-face">{picture(svg)}<div>{text}</div></div>{below}')


def _saved(record: WorkflowRecord) -> list[str]:
    who = f" by {safe(record.author)}" if record.author else ""
    when = clock.ago(record.saved, time.time())
    return [f"version {record.latest}{who}", f"{when} · {clock.exact(record.saved, clock.browser_zone())}"]


def _last_run(record: WorkflowRecord) -> str:
    if record.last_run_state is None:
        return "not run yet"
    ago = clock.ago(record.last_run_time, time.time())
    return f"{run_badge(record.last_run_state)} run {record.last_run}, {ago}"
