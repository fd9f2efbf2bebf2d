"""What one browser tab has open, as text that outlives the server: the draft, what undo brings back, the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from core import Catalog, TasktableError, Workflow
from core.json_text import loads
from dashboard.attempt import Attempt
from dashboard.state import Session

MOST_TEXT = 1_000_000
VERSION = 1
_texts: WeakKeyDictionary[Workflow, str | None] = WeakKeyDictionary()


def to_text(session: Session) -> str:
    """Return the session as JSON; of former drafts as many of the latest as fit into a million characters."""
    run = session.run
    data: dict[str, Any] = {
        "version": VERSION,
        "draft": _text(session.draft),
        "selected": session.selected,
        "side": session.side,
        "live": session.is_live,
        "workflow": session.workflow_id,
        "based_on": session.version,
        "author": session.author,
        "run": None
        if run is None
        else {"id": run.id, "draft": _text(run.draft), "moment": run.moment, "past": run.is_past},
        "is_current": run is not None and run.draft is session.draft,
    }
    room = MOST_TEXT - len(data["draft"])
    for name, drafts in (("past", session.past), ("future", session.future)):
        data[name], data[f"{name}_homes"] = [], []
        for draft in reversed(drafts):
            text = _text(draft)
            room -= len(text)
            if room < 0:
                break
            data[name].insert(0, text)
            data[f"{name}_homes"].insert(0, session.homes.get(draft))
    return json.dumps(data)


def from_text(text: str, catalog: Catalog) -> Session:
    """Return the session that was written. Raises FormatError, KeyError for a text of another version."""
    data = loads(text, "the draft")

    def read(content: str) -> Workflow:
        return Workflow.from_json(content, catalog=catalog)

    session = Session(
        read(data["draft"]),
        past=_all(data["past"], read),
        future=_all(data["future"], read),
        selected=data["selected"],
        side=str(data.get("side", Session.side)),
        is_live=data["live"],
        workflow_id=data["workflow"],
        version=data["based_on"],
        author=str(data.get("author", "")),
    )
    for name, drafts in (("past", session.past), ("future", session.future)):
        for draft, home in zip(drafts, data.get(f"{name}_homes", ()), strict=False):
            if home:
                session.homes[draft] = home[0], home[1]
    if data["run"]:
        draft = session.draft if data["is_current"] else read(data["run"]["draft"])
        if draft.plan_or_none is not None:
            session.run = Attempt(
                data["run"]["id"], draft, data["run"]["moment"], is_past=bool(data["run"].get("past"))
            )
            session.is_awaited = True
    return session


def _all(texts: list[str], read: Callable[[str], Workflow]) -> list[Workflow]:
    return [read(text) for text in texts]


def text_of(draft: Workflow) -> str | None:
    """Return the workflow file's text, written once for each draft; None for one with a value that no file can hold."""
    if draft not in _texts:
        try:
            _texts[draft] = draft.to_json()
        except TasktableError:
            _texts[draft] = None
    return _texts[draft]


def _text(draft: Workflow) -> str:
    """Return the text; where a value has no form in one, that of the table without its inputs."""
    found = text_of(draft)
    return draft.replace(inputs=None).to_json() if found is None else found
