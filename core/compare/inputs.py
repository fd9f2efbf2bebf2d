"""Which inputs two attempts were given that differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.compare.text import Change, changes, texts_of


def compare_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the inputs that differ, with their exact texts: 1, 1.0 and true are three values, NaN is itself."""
    return changes(texts_of(old), texts_of(new))
