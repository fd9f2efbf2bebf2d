"""A figure as JSON and a picture as PNG, no larger than may be sent."""

from __future__ import annotations

from io import BytesIO
from struct import unpack_from
from typing import Any

from core.value.excerpt import size_text
from core.value.kind import kind_of
from core.value.output import files, to_bytes
from core.value.wire import Answer

MAX_PIXELS = 2_000
MAX_AREA = 50_000_000


def figure(value: Any, most: int | None) -> Answer:
    """Return a figure of Plotly as its JSON, with its files."""
    if kind_of(value) != "figure":
        raise TypeError("only a figure is drawn as one")
    content = value.to_json().encode("utf-8", "backslashreplace")
    if most is not None and len(content) > most:
        reason = f"The figure takes {size_text(len(content))}, more than the {size_text(most)} that can be drawn here."
        return Answer({"reason": reason})
    return Answer({"files": files(value, most)}, content=content)


def picture(value: Any, most: int | None) -> Answer:
    """Return an image, a figure of Matplotlib or an array of colours as PNG; a larger one is made smaller."""
    if hasattr(value, "savefig"):
        return Answer({"caption": "", "files": files(value, most)}, content=to_bytes(value, "png", most))
    if hasattr(value, "ndim"):
        return Answer({"caption": "", "files": files(value, most)}, content=_png(_image_of(value), most))
    caption = f"image of {value.width:,} × {value.height:,} pixels, {value.mode}"
    shown = value.convert("RGBA" if "A" in value.getbands() else "RGB")
    return Answer({"caption": caption, "files": files(value, most)}, content=_png(shown, most))


def is_drawable(content: bytes) -> bool:
    """True if bytes begin like a PNG of a size that a page can hold, so that it may be decoded."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        return False
    width, height = unpack_from(">II", content, 16) if len(content) >= 24 else (0, 0)
    return bool(0 < width * height <= MAX_AREA)


def is_picture(array: Any) -> bool:
    """True if an array is rows of rows of 3 or 4 colours of a byte each."""
    return array.ndim == 3 and array.dtype == "uint8" and array.shape[2] in (3, 4) and array.size > 0


def _image_of(array: Any) -> Any:
    import numpy as np
    from PIL import Image

    step = max(1, -(-max(array.shape[:2]) // MAX_PIXELS))
    return Image.fromarray(np.ascontiguousarray(array[::step, ::step]))


def _png(image: Any, most: int | None) -> bytes:
    """Return an image as PNG, half as wide until it fits."""
    width = MAX_PIXELS
    while True:
        image.thumbnail((width, width))
        file = BytesIO()
        image.save(file, format="png")
        if most is None or file.tell() <= most or width < 10:
            return file.getvalue()
        width = max(image.size) // 2
