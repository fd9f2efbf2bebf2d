"""The workflow's name and everything that is done to it as a whole."""

from __future__ import annotations

import streamlit as st

from core import TaskResult
from core.errors import LiteralError
from dashboard import keys, services, state
from dashboard.state import Session
from dashboard.widgets.text import plain


def toolbar(session: Session) -> None:
    """Draw the bar."""
    with st.container(key="toolbar", horizontal=True, vertical_alignment="center", gap="small"):
        _open_and_name(session)
        _run_buttons(session)
        _history_buttons(session)
        _files(session)


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
        width=165,
        on_change=lambda: services.open_sample(session, state.widget(keys.SAMPLE)),
    )
    state.set_widget(keys.WORKFLOW_NAME, session.draft.name)
    st.text_input(
        "Name",
        key=keys.WORKFLOW_NAME,
        label_visibility="collapsed",
        width=290,
        max_chars=200,
        on_change=lambda: services.rename(session, state.widget(keys.WORKFLOW_NAME)),
    )
    errors = services.error_count(session)
    with st.container(key=keys.STATUS, width="content"):
        if errors:
            st.badge(f"{errors} problem{'s' if errors > 1 else ''}", icon=":material/error:", color="red")
        else:
            st.badge("valid", icon=":material/check_circle:", color="green")


def _run_buttons(session: Session) -> None:
    is_broken = services.error_count(session) > 0
    why = "Mend the problems under the table first" if is_broken else None
    if st.button(
        "Run",
        key=keys.RUN,
        type="primary",
        icon=":material/play_arrow:",
        disabled=is_broken,
        help=why or "Run to the end",
    ):
        _run(session)
    st.button(
        "Step",
        key=keys.STEP,
        icon=":material/skip_next:",
        disabled=is_broken,
        help=why or "Run the next order",
        on_click=services.step,
        args=(session,),
    )
    st.button(
        ":material/skip_previous:",
        key=keys.BACK,
        disabled=session.run is None or is_broken,
        help="Go back by one order; nothing is computed",
        on_click=services.back,
        args=(session,),
    )
    st.button(
        ":material/restart_alt:",
        key=keys.RESTART,
        disabled=session.run is None,
        help="Forget all values and start again",
        on_click=services.restart,
        args=(session,),
    )


def _run(session: Session) -> None:
    count = len(session.draft.tasks)
    bar = st.progress(0.0, "Starting…")
    ended: list[TaskResult] = []

    def show(result: TaskResult) -> None:
        if result.state == "running":
            bar.progress(len(ended) / count, plain(f"{len(ended)} of {count}: {result.task.function_path}"))
        else:
            ended.append(result)

    services.run_all(session, show)
    st.rerun()


def _history_buttons(session: Session) -> None:
    st.button(
        ":material/undo:",
        key=keys.UNDO,
        disabled=not session.past,
        help="Take the last change back",
        on_click=services.undo,
        args=(session,),
    )
    st.button(
        ":material/redo:",
        key=keys.REDO,
        disabled=not session.future,
        help="Make the undone change again",
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
        json_text, why = session.draft.to_json(), "The whole workflow: table, inputs, notes"
    except LiteralError as error:
        json_text, why = "", f"Cannot be written: {error}"
    st.download_button(
        "JSON",
        json_text,
        f"{stem}.json",
        "application/json",
        key=keys.DOWNLOAD_JSON,
        icon=":material/download:",
        disabled=not json_text,
        help=plain(why),
        on_click="ignore",
    )
    st.download_button(
        "CSV",
        session.draft.to_csv(),
        f"{stem}.csv",
        "text/csv",
        key=keys.DOWNLOAD_CSV,
        icon=":material/download:",
        help="The table alone",
        on_click="ignore",
    )


def _uploaded(session: Session) -> None:
    file = state.widget(keys.UPLOAD)
    if file is not None:
        services.upload(session, file.name, file.getvalue())
