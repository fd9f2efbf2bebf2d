"""One workflow of the library: its picture, what it is, who saved it when, how its last run went, what can be done."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from core.store import WorkflowRecord
from dashboard import clock, keys, link, services, shelf
from dashboard.state import Session
from dashboard.widgets.library_more import library_more
from dashboard.widgets.run_mark import run_mark
from dashboard.widgets.star import star
from dashboard.widgets.text import plain

WIDTH = 430
MAX_DESCRIPTION = 140


def workflow_card(session: Session, record: WorkflowRecord) -> None:
    """Draw the card of a saved workflow."""
    with st.container(key=keys.entry("card", record.id), border=True, width=WIDTH, gap="xsmall"):
        _head(record.id, shelf.picture(record), record.name, _saved(record), record.description)
        if record.tags:
            st.markdown(" ".join(f":gray-badge[{plain(tag)}]" for tag in record.tags))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button("Open", key=keys.entry("open", record.id), icon=":material/open_in_full:"):
                if services.open_workflow(session, record.id):
                    link.go(link.WORKBENCH)
                st.rerun()
            st.markdown(_last_run(record), width="stretch")
            star(session, "workflow", record.id, record.starred)
            library_more(session, record)


def sample_card(session: Session, stem: str, name: str) -> None:
    """Draw the card of a sample."""
    with st.container(key=keys.entry("card", stem), border=True, width=WIDTH, gap="xsmall"):
        workflow = shelf.sample(stem)
        _head(stem, shelf.sample_picture(stem), name, [f"sample · {len(workflow.tasks)} tasks"], workflow.description)
        if st.button("Open", key=keys.entry("open", stem), icon=":material/open_in_full:"):
            services.open_sample(session, stem)
            link.go(link.WORKBENCH)


def _head(card: str, picture: str, name: str, saved: Sequence[str], description: str) -> None:
    with st.container(horizontal=True, gap="small"):
        st.image(picture, width=shelf.PICTURE_WIDTH)
        with st.container(gap=None):
            with st.container(key=keys.entry("title", card), gap=None):
                st.markdown(f"**{plain(name)}**")
                for line in saved:
                    st.caption(line)
            if description:
                short = description[:MAX_DESCRIPTION].rstrip() + ("…" if len(description) > MAX_DESCRIPTION else "")
                st.caption(plain(short))


def _saved(record: WorkflowRecord) -> list[str]:
    who = f" by {plain(record.author)}" if record.author else ""
    when = clock.ago(record.saved, time.time())
    return [f"version {record.latest}{who}", f"{when} · {clock.exact(record.saved, clock.browser_zone())}"]


def _last_run(record: WorkflowRecord) -> str:
    if record.last_run_state is None:
        return ":small[:gray[not run yet]]"
    ago = clock.ago(record.last_run_time, time.time())
    return f"{run_mark(record.last_run_state)} :small[:gray[run {record.last_run}, {ago}]]"
