"""What the grid has sent, and what is done after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard import keys, services, state
from dashboard.state import Session


def apply_edits(session: Session) -> None:
    """Apply the operations that the grid has sent; those that were applied before are passed over."""
    sent = getattr(state.widget(keys.GRID), "edit", None)
    services.edit_all(session, sent.get("operations") if isinstance(sent, dict) else None)


def after_edits(session: Session, action: Callable[[Session], Any]) -> Callable[[], None]:
    """Return a callback for something that is pressed: what was edited just before it is applied before it.

    Streamlit calls the callbacks of buttons before those of components, when both come together.
    """

    def act() -> None:
        apply_edits(session)
        action(session)

    return act
