"""Puts the cursor into a field as soon as it is drawn: whoever opens a form by a key goes on typing."""

from __future__ import annotations

from dashboard.components.unseen import unseen


def focus(field: str) -> None:
    """Put the cursor into the field with this key, once, when the form that it stands in appears."""
    unseen("focus")(data=field, key=f"focus_{field}", height=1)
