"""Nothing that one test counted is seen by the next."""

from __future__ import annotations

import pytest

from tests.core import functions


@pytest.fixture(autouse=True)
def calls() -> list[object]:
    """What the counting functions were called with in this test."""
    functions.calls.clear()
    return functions.calls
