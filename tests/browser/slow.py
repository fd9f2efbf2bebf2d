"""Functions that take their time, for journeys that look at a run while it goes on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any


def after_file(value: Any, path: str) -> Any:
    """Return the value once a file is there; the test decides when."""
    print("waiting for the file")  # noqa: T201 - what it prints is looked at
    while not Path(path).exists():
        time.sleep(0.02)
    return value


def burn(value: Any) -> Any:
    """Count for ever."""
    number = 0
    while True:
        number += 1


def same(value: Any) -> Any:
    """Return the value."""
    return value
