"""The workflow's name and everything that is done to it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import TaskResult
from dashboard import facts, keys, services, state
from dashboard.state import Session
from dashboard.widgets.share import share
from dashboard.widgets.shortcuts import shortcuts

Wish = Callable[[Session, services.Listener], None] | None


def toolbar(session: Session) -> None:
    """Draw the bar."""
    with st.container(key=keys.TOOLBAR, horizontal=True, vertical_alignment="center", gap="small"):
        _open_and_name(session)
        with st.container(key=keys.STATUS, width=100):
            status = st.empty()
        _show_status(session, status)
        wish = _run_buttons(session)
        _act(session, "Undo", keys.UNDO, services.undo, not session.past)
        _act(session, "Redo", keys.REDO, services.redo, not session.future)
        _files(session)
        shortcuts()
    if wish:
        _run(session, status, wish)


def _open_and_name(session: Session) -> None:
    names = facts.samples()
    state.set_widget(keys.SAMPLE, None)
    st.selectbox(
        "Open a sample or an empty workflow",
        [keys.NEW, *names],
        key=keys.SAMPLE,
        index=None,
        placeholder="Open…",
        format_func=lambda stem: names.get(stem, "New, empty"),
        label_visibility="collapsed",
        width=120,
        on_change=lambda: _open(session, state.widget(keys.SAMPLE)),
    )
    state.set_widget(keys.WORKFLOW_NAME, session.draft.name)
    st.text_input(
        "Name",
        key=keys.WORKFLOW_NAME,
        label_visibility="collapsed",
        width=270,
        max_chars=200,
        on_change=lambda: services.rename(session, state.widget(keys.WORKFLOW_NAME)),
    )


def _open(session: Session, choice: str | None) -> None:
    if choice == keys.NEW:
        services.new_workflow(session)
    elif choice:
        services.open_sample(session, choice)


def _show_status(session: Session, place: DeltaGenerator) -> None:
    errors = facts.error_count(session)
    if errors:
        place.badge(f"{errors} problem{'s' if errors > 1 else ''}", icon=":material/error:", color="red")
    else:
        place.badge("valid", icon=":material/check_circle:", color="green")


def _run_buttons(session: Session) -> Wish:
    """Draw the buttons; return which run the user wants, if any."""
    is_broken = facts.error_count(session) > 0
    no_task = is_broken or session.selected is None
    wish: Wish = None
    if st.button("Run", key=keys.RUN, type="primary", icon=":material/play_arrow:", disabled=is_broken):
        wish = services.run_all
    with st.popover("", icon=":material/more_vert:", key=keys.RUN_MORE, disabled=is_broken):
        _forecast(session)
        if st.button("Run everything anew", key=keys.RUN_ANEW, type="tertiary", disabled=is_broken):
            wish = services.run_anew
        _act(session, "Run to the selected task", keys.RUN_HERE, services.run_here, no_task, "tertiary")
        _act(session, "Run only the selected task", keys.RUN_ONLY, services.run_only, no_task, "tertiary")
        state.set_widget(keys.LIVE, session.is_live)
        st.toggle("Live: run after every valid change", key=keys.LIVE, on_change=lambda: _set_live(session))
    _act(session, "Step", keys.STEP, services.step, is_broken)
    _act(session, "Back", keys.BACK, services.back, session.run is None or is_broken)
    _act(session, "Restart", keys.RESTART, services.restart, session.run is None)
    return wish


def _forecast(session: Session) -> None:
    to_run, reused = facts.forecast(session)
    with st.container(key=keys.FORECAST):
        st.caption(f"Run: {to_run} to run, {reused} reused")


def _set_live(session: Session) -> None:
    session.is_live = bool(state.widget(keys.LIVE))


def _act(
    session: Session,
    label: str,
    key: str,
    action: Callable[[Session], None],
    disabled: bool,
    kind: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    st.button(label, key=key, type=kind, disabled=disabled, on_click=action, args=(session,))


def _run(session: Session, place: DeltaGenerator, run: Callable[[Session, services.Listener], None]) -> None:
    count = len(session.draft.tasks)
    ended: list[TaskResult] = []

    def show(result: TaskResult) -> None:
        if result.state == "running":
            place.progress(len(ended) / count, f"{len(ended)} of {count}")
        else:
            ended.append(result)

    run(session, show)
    st.rerun()


def _files(session: Session) -> None:
    st.file_uploader(
        "Upload a workflow",
        key=keys.UPLOAD,
        type=["json", "csv", "tsv"],
        label_visibility="collapsed",
        width=90,
        on_change=lambda: _uploaded(session),
    )
    share(session)


def _uploaded(session: Session) -> None:
    file = state.widget(keys.UPLOAD)
    if file is not None:
        services.upload(session, file.name, file.getvalue())
