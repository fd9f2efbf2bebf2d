"""The figures and the other values of the run."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.artifact import Artifact
from core.dataflow import final_keys
from core.value import question
from dashboard import keys, services, state
from dashboard.reading import results
from dashboard.reading.stored import Stored
from dashboard.state import Session
from dashboard.widgets.text import plain
from dashboard.widgets.value.preview import preview
from dashboard.widgets.value_view import value_view

PLACE = "output"
FIGURES = ("figure", "image")
MAX_PILLS = 12
MAX_DRAWN = 24


def outputs(session: Session) -> None:
    """Draw every figure that the run has made and the values it ends with, and any other value on demand."""
    found = _artifacts(session)
    if not found:
        return
    if not results.is_current(session):
        with st.container(key=keys.OUTPUTS_OLD, width="content"):
            st.badge("from before the last change", color="orange", icon=":material/history:")
    finals = set(final_keys(session.draft.tasks))
    wanted = [key for key, (item, _) in reversed(found.items()) if item.kind in FIGURES or key in finals]
    shown = {key: found[key][0].kind for key in wanted[:MAX_DRAWN]}
    numbers = [key for key, kind in shown.items() if kind == "number"]
    if numbers:
        with st.container(key=keys.NUMBERS, horizontal=True, gap="large"):
            for key in numbers:
                _number(session, key, *found[key])
    with st.container(key=keys.GALLERY):
        for key in sorted((key for key in shown if key not in numbers), key=lambda key: shown[key] != "figure"):
            artifact, writer = found[key]
            with st.container(gap="xsmall"):
                _heading(session, key, writer)
                preview(Stored(artifact), PLACE, key)
    _others(found, [key for key in found if key not in shown])


def _artifacts(session: Session) -> dict[str, tuple[Artifact, str]]:
    """Return what is drawn; while a run is under way, what it has not written yet stays as it was drawn before."""
    found = results.output_artifacts(session)
    if results.is_running(session):
        return {**session.drawn, **found}
    session.drawn = found
    return found


def _number(session: Session, key: str, artifact: Artifact, writer: str) -> None:
    told = Stored(artifact).ask(question.plain()).data
    text = told.get("shown") or artifact.summary.get("text", "")
    with st.container(width="content", gap="xsmall"):
        st.metric(plain(key), plain(str(text)), width="content")
        _inspect(session, key, writer)


def _heading(session: Session, key: str, writer: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(key)}**", width="content")
        _inspect(session, key, writer)


def _inspect(session: Session, key: str, writer: str) -> None:
    if writer in {task.id for task in session.draft.tasks}:
        st.button(
            "Inspect",
            key=keys.inspect(key),
            type="tertiary",
            icon=":material/frame_inspect:",
            on_click=services.select,
            args=(session, writer),
        )


def _others(found: Mapping[str, tuple[Artifact, str]], names: list[str]) -> None:
    if not names:
        return
    if state.widget(keys.OUTPUT_KEY) not in names:
        state.set_widget(keys.OUTPUT_KEY, None)
    if len(names) > MAX_PILLS:
        chosen = st.selectbox("Other values", names, key=keys.OUTPUT_KEY, index=None, placeholder=f"{len(names)} keys…")
    else:
        chosen = st.pills("Other values", names, key=keys.OUTPUT_KEY, format_func=plain)
    if chosen:
        value_view(Stored(found[chosen][0]), PLACE, chosen)
