"""Lets keys mean the same in the fields of the page as they do in its table."""

from __future__ import annotations

from dashboard.components.unseen import unseen


def mind_keys() -> None:
    """Draw nothing; see `keystrokes.js`."""
    unseen("keystrokes")(key="keystrokes", height=1)
