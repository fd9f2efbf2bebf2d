"""The only module that touches `st.session_state`: what one browser session has open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from core import Workflow
from dashboard.attempt import Attempt

SESSION = "session"
MAX_HISTORY = 200
MAX_KEPT = 50


@dataclass(frozen=True)
class Notice:
    """One sentence for the user about what has just happened."""

    kind: Literal["error", "info", "success"]
    text: str


@dataclass
class Session:
    """What one browser session has open.

    Attributes:
        draft: the workflow as it stands in the grid and the input form.
        past, future: former drafts for undo, undone ones for redo.
        run: the latest run, of this draft or of an earlier one.
        is_awaited: whether the run's end is still to be told.
        durations: task id -> seconds that its latest call took.
        selected: id of the selected task.
        notice: what to tell the user once.
        last_edit: number of the last operation of the grid that was applied.
        is_live: whether every valid change runs at once.
        preflight: what to tell about a file that was just opened.
        workflow_id, version: which saved workflow the draft is of, and the version that it is based on; None if none.
        kept: what was written down last.
        token: a secret by which the same browser tab finds this state again after it was loaded anew.
    """

    draft: Workflow
    past: list[Workflow] = field(default_factory=list)
    future: list[Workflow] = field(default_factory=list)
    run: Attempt | None = None
    is_awaited: bool = False
    durations: dict[str, float] = field(default_factory=dict)
    selected: str | None = None
    notice: Notice | None = None
    last_edit: int = 0
    is_live: bool = False
    preflight: tuple[str, ...] = ()
    workflow_id: str | None = None
    version: int | None = None
    kept: Any = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def change(self, draft: Workflow) -> None:
        """Replace the draft; undo brings the former one back."""
        self.past = [*self.past[1 - MAX_HISTORY :], self.draft]
        self.future = []
        self.draft = draft

    def say(self, kind: Literal["error", "info", "success"], text: str) -> None:
        """Tell the user something at the next drawing."""
        self.notice = Notice(kind, text)


def current() -> Session | None:
    """Return this browser session's state, or None before `begin`."""
    session: Session | None = st.session_state.get(SESSION)
    return session


def begin(draft: Workflow) -> Session:
    """Make this browser session's state."""
    session = Session(draft)
    use(session)
    return session


def use(session: Session) -> None:
    """Make this the state of the browser session, and keep it for a tab that is loaded anew."""
    st.session_state[SESSION] = session
    kept = _kept()
    kept.pop(session.token, None)
    kept[session.token] = session
    while len(kept) > MAX_KEPT:
        kept.pop(next(iter(kept)))


def find(token: str) -> Session | None:
    """Return the state that a tab had, if it is still kept."""
    return _kept().get(token)


@st.cache_resource
def _kept() -> dict[str, Session]:
    return {}


def widget(key: str) -> Any:
    """Return what a widget holds, or None."""
    return st.session_state.get(key)


def set_widget(key: str, value: Any) -> None:
    """Set what a widget shall hold; only before it is drawn in this pass, or in a callback.

    A value that it holds already is not set again: that would overwrite what the user is typing at this moment.
    """
    missing = object()
    held = st.session_state.get(key, missing)
    if held is missing or type(held) is not type(value) or held != value:
        st.session_state[key] = value


def has_changed(name: str, value: Any) -> bool:
    """True if another value was given under this name the time before, in this browser session."""
    key, missing = f"seen_{name}", object()
    before = st.session_state.get(key, missing)
    st.session_state[key] = value
    return before is not missing and before != value
