"""Where a stored value is read from: its file, or the file's bytes if somebody has read them already."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

Source: TypeAlias = Path | bytes


def content_of(source: Source) -> bytes:
    """Return all the bytes. Raises OSError."""
    return source if isinstance(source, bytes) else source.read_bytes()
