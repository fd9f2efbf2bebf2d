"""The workflow's inputs, one typed field each."""

from __future__ import annotations

import datetime as dt
from inspect import Parameter
from typing import Any

import streamlit as st

from core import REQUIRED
from dashboard import keys, services
from dashboard.reading import facts
from dashboard.reading.annotation import read_annotation
from dashboard.state import Session
from dashboard.widgets.field import DENSE, Field


def input_form(session: Session) -> None:
    """Draw a field for every input that the workflow has."""
    inputs = session.draft.inputs
    if not inputs:
        return
    with st.container(horizontal=True, gap="small"):
        for name, value in inputs.items():
            _field(session, name, value)


def _field(session: Session, name: str, value: Any) -> None:
    annotation, hints = facts.argument_of(session, name)
    shown = _as_date(value) if not annotation or "date" in read_annotation(annotation).names else value

    def change(new: Any, is_given: bool) -> None:
        text = new.isoformat() if type(new) is dt.date and type(value) is str else new
        # A field of a workflow that was open before may still report what it held.
        if name in session.draft.inputs:
            services.set_input(session, name, text if is_given else REQUIRED)

    Field(
        name,
        key=keys.input_field(name),
        is_given=value is not REQUIRED,
        value=shown,
        default=Parameter.empty,
        annotation=annotation,
        on_change=change,
        hints=hints,
        width=DENSE,
        owner=f"{session.draft.name} {value!r}",
    ).draw()


def _as_date(value: Any) -> Any:
    """A date that is written as text as the date itself; anything else as it is."""
    try:
        day = dt.date.fromisoformat(value) if type(value) is str else None
    except ValueError:
        return value
    return day if day and day.isoformat() == value else value
