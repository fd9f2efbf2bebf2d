"""The workflow's name and everything that is done to it as a whole."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import TaskResult
from core.errors import LiteralError
from dashboard import keys, services, state
from dashboard.state import Session


def toolbar(session: Session) -> None:
    """Draw the bar."""
    with st.container(key=keys.TOOLBAR, horizontal=True, vertical_alignment="center", gap="small"):
        _open_and_name(session)
        with st.container(key=keys.STATUS, width=100):
            status = st.empty()
        _show_status(session, status)
        wants_run = _run_buttons(session)
        _history_buttons(session)
        _files(session)
    if wants_run:
        _run(session, status)


def _open_and_name(session: Session) -> None:
    names = services.samples()
    state.set_widget(keys.SAMPLE, None)
    st.selectbox(
        "Open a sample",
        list(names),
        key=keys.SAMPLE,
        index=None,
        placeholder="Open a sample…",
        format_func=lambda stem: names[stem],
        label_visibility="collapsed",
        width=160,
        on_change=lambda: services.open_sample(session, state.widget(keys.SAMPLE)),
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


def _show_status(session: Session, place: DeltaGenerator) -> None:
    errors = services.error_count(session)
    if errors:
        place.badge(f"{errors} problem{'s' if errors > 1 else ''}", icon=":material/error:", color="red")
    else:
        place.badge("valid", icon=":material/check_circle:", color="green")


def _run_buttons(session: Session) -> bool:
    is_broken = services.error_count(session) > 0
    wants_run = st.button(
        "Run",
        key=keys.RUN,
        type="primary",
        icon=":material/play_arrow:",
        disabled=is_broken,
    )
    st.button(
        "Step",
        key=keys.STEP,
        disabled=is_broken,
        on_click=services.step,
        args=(session,),
    )
    st.button(
        "Back",
        key=keys.BACK,
        disabled=session.run is None or is_broken,
        on_click=services.back,
        args=(session,),
    )
    st.button(
        "Restart",
        key=keys.RESTART,
        disabled=session.run is None,
        on_click=services.restart,
        args=(session,),
    )
    return wants_run


def _run(session: Session, place: DeltaGenerator) -> None:
    count = len(session.draft.tasks)
    ended: list[TaskResult] = []

    def show(result: TaskResult) -> None:
        if result.state == "running":
            place.progress(len(ended) / count, f"{len(ended)} of {count}")
        else:
            ended.append(result)

    services.run_all(session, show)
    st.rerun()


def _history_buttons(session: Session) -> None:
    st.button(
        "Undo",
        key=keys.UNDO,
        disabled=not session.past,
        on_click=services.undo,
        args=(session,),
    )
    st.button(
        "Redo",
        key=keys.REDO,
        disabled=not session.future,
        on_click=services.redo,
        args=(session,),
    )


def _files(session: Session) -> None:
    st.file_uploader(
        "Upload a workflow",
        key=keys.UPLOAD,
        type=["json", "csv", "tsv"],
        label_visibility="collapsed",
        width=90,
        on_change=lambda: _uploaded(session),
    )
    stem = "".join(char if char.isalnum() else "_" for char in session.draft.name).strip("_")[:80] or "workflow"
    try:
        json_text = session.draft.to_json()
    except LiteralError:
        json_text = ""
    st.download_button(
        "JSON",
        json_text,
        f"{stem}.json",
        "application/json",
        key=keys.DOWNLOAD_JSON,
        icon=":material/download:",
        disabled=not json_text,
        on_click="ignore",
    )
    st.download_button(
        "CSV",
        session.draft.to_csv(),
        f"{stem}.csv",
        "text/csv",
        key=keys.DOWNLOAD_CSV,
        icon=":material/download:",
        on_click="ignore",
    )


def _uploaded(session: Session) -> None:
    file = state.widget(keys.UPLOAD)
    if file is not None:
        services.upload(session, file.name, file.getvalue())
