"""Pictures of PIL as PNG files, and a PNG to look at for anything else that can draw itself."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from core.codec.source import Source, content_of

MODES = ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")
MAX_PREVIEW = 2_000


def write(value: Any, path: Path) -> bool:
    """Write a picture and return True; False for anything else, and for a picture that a PNG would change."""
    kind = type(value)
    if kind.__module__ != "PIL.Image" or kind.__name__ != "Image" or value.mode not in MODES:
        return False
    content = io.BytesIO()
    try:
        value.save(content, format="png")
        if value != _picture(content):
            return False
    except Exception:  # a damaged picture may raise anything
        return False
    path.write_bytes(content.getvalue())
    return True


def read(source: Source) -> Any:
    """Return the picture of a file. Raises OSError, ValueError."""
    return _picture(io.BytesIO(content_of(source)))


def preview(value: Any) -> bytes:
    """Return a PNG of what a picture of PIL or a figure of matplotlib shows, or b"" for anything else."""
    root = str(type(value).__module__).partition(".")[0]
    content = io.BytesIO()
    try:
        if root == "PIL" and hasattr(value, "thumbnail"):
            small = value.convert("RGBA")
            small.thumbnail((MAX_PREVIEW, MAX_PREVIEW))
            small.save(content, format="png")
        elif root == "matplotlib" and hasattr(value, "savefig"):
            value.savefig(content, format="png")
    except Exception:  # drawing runs the value's own methods
        return b""
    return content.getvalue()


def _picture(content: io.BytesIO) -> Any:
    from PIL import Image

    with Image.open(content, formats=("png",)) as file:
        return file.copy()
