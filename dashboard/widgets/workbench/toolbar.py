"""The workflow's name and everything that is done to it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dashboard import keys, services, state
from dashboard.reading import facts, results, stand
from dashboard.reading.foresight import foresight
from dashboard.server.backend import backend
from dashboard.state import Session
from dashboard.widgets.workbench.pending import after_edits
from dashboard.widgets.workbench.run_status import run_status, told
from dashboard.widgets.workbench.save import save
from dashboard.widgets.workbench.share import share
from dashboard.widgets.workbench.shortcuts import shortcuts

STATUS_WIDTH = 160
EXECUTORS = {
    "inline": "one after another",
    "threads": "at once, in threads",
    "processes": "at once, in processes of their own",
}


def toolbar(session: Session) -> None:
    """Draw the bar."""
    with st.container(key=keys.TOOLBAR, horizontal=True, vertical_alignment="center", gap="small"):
        _open_and_name(session)
        with st.container(key=keys.STATUS, width=STATUS_WIDTH):
            run_status(session)
        _stand(session)
        _run_buttons(session)
        _act(session, "Undo", keys.UNDO, services.undo, not session.past, icon=":material/undo:")
        _act(session, "Redo", keys.REDO, services.redo, not session.future, icon=":material/redo:")
        save(session)
        _files(session)
        shortcuts()


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
        width=100,
        on_change=state.unless_echo(keys.SAMPLE, lambda: _open(session, state.widget(keys.SAMPLE))),
    )
    state.set_widget(keys.WORKFLOW_NAME, session.draft.name)
    st.text_input(
        "Name",
        key=keys.WORKFLOW_NAME,
        label_visibility="collapsed",
        width=190,
        max_chars=200,
        on_change=state.unless_echo(
            keys.WORKFLOW_NAME, lambda: services.rename(session, state.widget(keys.WORKFLOW_NAME))
        ),
    )


def _stand(session: Session) -> None:
    with st.container(key=keys.STAND, width="content"):
        text = stand.stand(session)
        st.badge(text, color="gray" if text == stand.DRAFT else "orange" if text.endswith(stand.CHANGED) else "blue")


def _open(session: Session, choice: str | None) -> None:
    if choice == keys.NEW:
        services.new_workflow(session)
    elif choice:
        services.open_sample(session, choice)


def _run_buttons(session: Session) -> None:
    is_running = results.is_running(session)
    is_still = facts.error_count(session) > 0 or is_running
    icon = ":material/bolt:" if session.is_live else ":material/play_arrow:"
    st.button(
        "Run",
        key=keys.RUN,
        type="primary",
        icon=icon,
        shortcut="Ctrl+Enter",
        help="Live: every valid change runs by itself" if session.is_live else None,
        disabled=is_still,
        on_click=after_edits(session, services.run_all),
    )
    with st.popover("More ways to run", icon=":material/more_vert:", key=keys.RUN_MORE, on_change="rerun") as more:
        if more.open:
            _ways(session, is_still)
    _act(session, "Stop", keys.STOP, services.stop, not is_running)
    _act(session, "Step", keys.STEP, services.step, is_still or results.next_order(session) is None)
    _act(session, "Back", keys.BACK, services.back, is_still or results.current_order(session) is None)
    _act(session, "Restart", keys.RESTART, services.restart, session.run is None or is_running)


def _ways(session: Session, is_still: bool) -> None:
    """Draw the other ways to run, and how runs are made."""
    task = facts.selected_task(session)
    no_task = is_still or task is None
    whole, part = foresight(session), foresight(session, task.order) if task else None
    anew = f": {sum(whole):,} to run" if whole else ""
    here = f": {told(*part)}" if part else ""
    _act(session, f"Run everything anew{anew}", keys.RUN_ANEW, services.run_anew, is_still, "tertiary")
    _act(session, f"Run to the selected task{here}", keys.RUN_HERE, services.run_here, no_task, "tertiary")
    _act(session, "Run only the selected task", keys.RUN_ONLY, services.run_only, no_task, "tertiary")
    state.set_widget(keys.LIVE, session.is_live)
    st.toggle(
        "Live: run after every valid change",
        key=keys.LIVE,
        on_change=state.unless_echo(keys.LIVE, lambda: _set_live(session)),
    )
    _at_once(session)


def _at_once(session: Session) -> None:
    """Draw how the tasks of a run are run: one after another, or several at once."""
    state.set_widget(keys.EXECUTOR, session.executor or backend().settings.executor)
    st.selectbox(
        "Tasks of one order run",
        list(EXECUTORS),
        key=keys.EXECUTOR,
        format_func=EXECUTORS.__getitem__,
        on_change=state.unless_echo(keys.EXECUTOR, lambda: setattr(session, "executor", state.widget(keys.EXECUTOR))),
    )
    state.set_widget(keys.PIPELINED, session.is_pipelined)
    st.toggle(
        "A later order starts as soon as its inputs are there",
        key=keys.PIPELINED,
        on_change=state.unless_echo(
            keys.PIPELINED, lambda: setattr(session, "is_pipelined", bool(state.widget(keys.PIPELINED)))
        ),
    )


def _set_live(session: Session) -> None:
    session.is_live = bool(state.widget(keys.LIVE))


def _act(
    session: Session,
    label: str,
    key: str,
    action: Callable[[Session], None],
    disabled: bool,
    kind: Literal["secondary", "tertiary"] = "secondary",
    icon: str | None = None,
) -> None:
    st.button(label, key=key, type=kind, icon=icon, disabled=disabled, on_click=after_edits(session, action))


def _files(session: Session) -> None:
    st.file_uploader(
        "Upload a workflow",
        key=keys.UPLOAD,
        label_visibility="collapsed",
        width=90,
        on_change=lambda: _uploaded(session),
    )
    share(session)


def _uploaded(session: Session) -> None:
    file = state.widget(keys.UPLOAD)
    if file is not None:
        services.upload(session, file.name, file.getvalue())
