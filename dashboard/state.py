"""The only module that touches `st.session_state`: what one browser session has open."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import streamlit as st

from core import Workflow
from core.settings import ExecutorName
from dashboard.attempt import Attempt
from dashboard.sweeping import Wish
from dashboard.told import is_beside_another, is_told

if TYPE_CHECKING:
    from core.artifact import Artifact
    from core.store import VersionRecord

SESSION = "session"
MAX_HISTORY = 200
MAX_KEPT = 50
MAX_FORMER = 6
MAX_LEFT = 20
# What a widget may hold in a browser that has not heard of any value.
EMPTY: tuple[Any, ...] = (None, "", False, [], ())


def new_token() -> str:
    """Return a secret by which a browser tab finds its state again."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Notice:
    """One sentence for the user about what has just happened."""

    kind: Literal["error", "info", "success"]
    text: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else has saved meanwhile.

    Attributes:
        latest: what they saved.
        base: the version that the draft is based on; None if it is gone.
        message: what the user wanted to save the draft with.
    """

    latest: VersionRecord
    base: VersionRecord | None
    message: str


@dataclass
class Session:
    """What one browser session has open.

    Attributes:
        draft: the workflow as it stands in the grid and the input form.
        past, future: former drafts for undo, undone ones for redo.
        run: the latest run, of this draft or of an earlier one.
        is_awaited: whether the run's end is still to be told.
        durations: task id -> seconds that its latest call took.
        drawn: what was drawn last of a run that was over: key -> artifact and the id of the task that wrote it.
        selected: id of the selected task.
        side: which side of it the inspector shows.
        notice: what to tell the user once.
        last_edit: number of the last operation of the grid that was applied.
        is_live: whether every valid change runs at once.
        executor: how the tasks of a run are run; None is as the settings say.
        is_pipelined: whether a later order may start as soon as its inputs are there.
        preflight: what to tell about a file that was just opened.
        workflow_id, version: which saved workflow the draft is of, and the version that it is based on; None if none.
        homes: a draft that undo or redo may bring back -> its workflow and version.
        left: a draft beside which another one was opened -> the run that was looked at then.
        author: what the user wants to be called.
        conflict: why the draft was not saved, until the user has decided what to do.
        has_opened: whether something was opened that the state of a tab before it was loaded anew must not replace.
        ticked: which versions and runs are to be compared, as links name them.
        pages: name of a long list -> which page of it is shown, from 0.
        sweep: what is to be swept, and which sweep is looked at.
        kept: what was written down last.
        token: a secret by which the same browser tab finds this state again after it was loaded anew.
        resumed: the token of the state that was taken over.
    """

    draft: Workflow
    past: list[Workflow] = field(default_factory=list)
    future: list[Workflow] = field(default_factory=list)
    run: Attempt | None = None
    is_awaited: bool = False
    durations: dict[str, float] = field(default_factory=dict)
    drawn: dict[str, tuple[Artifact, str]] = field(default_factory=dict)
    selected: str | None = None
    side: str = "Value"
    notice: Notice | None = None
    last_edit: int = 0
    is_live: bool = False
    executor: ExecutorName | None = None
    is_pipelined: bool = False
    preflight: tuple[str, ...] = ()
    workflow_id: str | None = None
    version: int | None = None
    homes: WeakKeyDictionary[Workflow, tuple[str | None, int | None]] = field(default_factory=WeakKeyDictionary)
    left: dict[Workflow, Attempt | None] = field(default_factory=dict)
    author: str = ""
    conflict: Conflict | None = None
    has_opened: bool = False
    ticked: tuple[str, ...] = ()
    pages: dict[str, int] = field(default_factory=dict)
    sweep: Wish = field(default_factory=Wish)
    kept: Any = None
    token: str = field(default_factory=new_token)
    resumed: str = ""

    def change(self, draft: Workflow) -> None:
        """Replace the draft; undo brings the former one back."""
        self.homes[self.draft] = self.workflow_id, self.version
        self.past = [*self.past[1 - MAX_HISTORY :], self.draft]
        self.future = []
        self.draft = draft

    def open(self, draft: Workflow, workflow_id: str | None = None, version: int | None = None) -> None:
        """Put another workflow in place of the draft, of which nothing has run, nor runs by itself; undo goes back."""
        self._leave()
        self.change(draft)
        self.belong(workflow_id, version)
        self.run, self.selected, self.preflight = None, None, ()
        self.is_awaited, self.is_live, self.has_opened = False, False, True

    def go_to(self, draft: Workflow) -> None:
        """Put a former or an undone draft in place of the draft, with the workflow and the run that it was of."""
        self.homes[self.draft] = self.workflow_id, self.version
        self.workflow_id, self.version = self.homes.get(draft, (self.workflow_id, self.version))
        if draft in self.left:
            self._leave()
            self.run = self.left.pop(draft)
        self.draft = draft

    def _leave(self) -> None:
        self.left[self.draft] = self.run
        while len(self.left) > MAX_LEFT:
            self.left.pop(next(iter(self.left)))

    def belong(self, workflow_id: str | None, version: int | None) -> None:
        """Say of which workflow the draft is, and on which version it is based."""
        self.workflow_id, self.version, self.conflict = workflow_id, version, None

    def rebase(self, version: int) -> None:
        """The draft, and the former ones that were based on the same version, are based on this one from now on."""
        former = (self.workflow_id, self.version)
        for draft in [*self.past, *self.future]:
            if self.homes.get(draft) == former:
                self.homes[draft] = self.workflow_id, version
        self.belong(self.workflow_id, version)

    def say(self, kind: Literal["error", "info", "success"], text: str) -> None:
        """Tell the user something at the next drawing."""
        self.notice = Notice(kind, text)


def has_begun() -> bool:
    """True after `begin` in this browser session."""
    return SESSION in st.session_state


def current() -> Session:
    """Return this browser session's state, which `begin` has made."""
    session: Session = st.session_state[SESSION]
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


def take(session: Session, found: Session) -> None:
    """Make the session what another one is. It stays the same object: callbacks of what is drawn already hold it."""
    for item in fields(found):
        setattr(session, item.name, getattr(found, item.name))
    use(session)


def find(token: str) -> Session | None:
    """Return the state that a tab had, if it is still kept."""
    return _kept().get(token)


@st.cache_resource
def _kept() -> dict[str, Session]:
    return {}


def widget(key: str) -> Any:
    """Return what a widget holds, or None."""
    return st.session_state.get(key)


def set_widget(key: str, value: Any, again: bool = False) -> None:
    """Set what a widget shall hold; only before it is drawn in this pass, or in a callback.

    A value that it holds already, as the browser has told, is not set again: that would overwrite what the user is
    typing at this moment. Until the browser has told so, it may have missed it, as it misses what the next pass
    overtakes.

    `again`: it is set again in any case, since what the browser shows for the same value may be called otherwise now.
    """
    held, former = st.session_state.get(key), _former(key)
    if type(held) is not type(value) or held != value:
        unheard = st.session_state.get(former, ())
        if is_told(key) and held in unheard[-1:]:
            unheard = ()  # the browser has come as far as that
        st.session_state[key] = value
        st.session_state[former] = (*unheard[-MAX_FORMER:], held, value)
    elif is_told(key):
        st.session_state.pop(former, None)
        if again:
            st.session_state[key] = value
    else:
        st.session_state[key] = value


def is_echo(key: str) -> bool:
    """True if a widget tells, beside what was really done, what it held before it was set, once or several times.

    Then nobody has typed: the browser had not heard yet that it was set. Nor has anybody typed into a field that is
    called since it has become one of another kind.
    """
    if not is_told(key):
        return True
    former = _former(key)
    if not is_beside_another(key) or former not in st.session_state:
        return False
    told, formers = widget(key), st.session_state[former]
    return told in formers or (None in formers and told in EMPTY)


def refuse(key: str, owner: str, why: str) -> None:
    """Note that what a widget holds now was not taken."""
    st.session_state[f"refused_{key}"] = owner, widget(key), why


def refusal(key: str, owner: str) -> str:
    """Return why what a widget holds was not taken, "" if it was; what is of another owner now is forgotten."""
    known, held, why = st.session_state.get(f"refused_{key}", ("", None, ""))
    return why if known == owner and held == widget(key) else ""


def _former(key: str) -> str:
    return f"former_{key}"


def unless_echo(key: str, act: Callable[[], Any]) -> Callable[[], None]:
    """Return a callback of a widget that acts unless nobody has used it; see `is_echo`."""

    def change() -> None:
        if not is_echo(key):
            act()

    return change


def has_changed(name: str, value: Any) -> bool:
    """True if another value was given under this name the time before, in this browser session."""
    key, missing = f"seen_{name}", object()
    before = st.session_state.get(key, missing)
    st.session_state[key] = value
    return before is not missing and before != value


def offer_pages(pages: Mapping[str, Any]) -> None:
    """Keep the pages of the app by name, for links from one to another."""
    st.session_state["pages"] = dict(pages)


def page(name: str) -> Any:
    """Return a page of the app, or None if there is none of this name."""
    return st.session_state.get("pages", {}).get(name)
