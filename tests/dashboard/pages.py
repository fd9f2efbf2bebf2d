"""The other pages of the app as a user has them, without a browser, and saved things to find there."""

from __future__ import annotations

from typing import Any

from streamlit.util import calc_hash

from core import Workflow
from core.store import Store
from dashboard.server.backend import backend
from dashboard.state import Session
from tests.dashboard.workbench import Workbench


class Pages(Workbench):
    """An app of which any page can be opened."""

    def go(self, page: str, **named: str) -> None:
        """Open a page by its address."""
        self.page._page_hash = calc_hash(page)
        self.page.query_params.clear()
        for name, value in named.items():
            self.page.query_params[name] = value
        self.draw()

    def open_list(self, key: str) -> None:
        """Open a list of further choices."""
        self.page.session_state[key] = True
        self.draw()

    def search(self, key: str, text: str) -> None:
        """Type into a field."""
        self.page.text_input(key=key).set_value(text).run()
        self._check()

    def keys(self, beginning: str) -> list[str]:
        """The keys of the buttons that begin so, in the order in which they are drawn."""
        return [str(button.key) for button in self.page.button if str(button.key).startswith(beginning)]

    def press_first(self, beginning: str) -> None:
        """Press the first of the buttons whose key begins so."""
        self.press(self.keys(beginning)[0])


def saved(workflow: Workflow, *messages: str, author: str = "Ann") -> str:
    """Save a workflow once per message, and return its id."""
    store: Store = backend().store
    made = store.add_workflow(workflow.name, workflow.to_json(), author, messages[0] if messages else "")
    for number, message in enumerate(messages[1:], 1):
        store.save(made.workflow_id, workflow.to_json(), number, author, message)
    return made.workflow_id


def record(session: Session) -> str:
    """Write into the store what the runner knows of a session's run, and return its id."""
    assert session.run is not None
    known: Any = backend().runner.record(session.run.id)
    backend().store.record_run(known)
    return session.run.id


def forget(run_id: str) -> None:
    """Let the runner know nothing of a run any more, as after a restart."""
    runner: Any = backend().runner
    del runner._records[run_id]
