"""A picture: an image of Pillow, a figure of Matplotlib, or an array of colours."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.value.output import to_bytes
from dashboard import keys
from dashboard.widgets.value.download import downloads

MAX_PIXELS = 2_000


def image_view(image: Any, key: str, name: str) -> None:
    """Draw a picture; a larger one is made smaller."""
    if hasattr(image, "savefig"):
        st.image(to_bytes(image, "png"))
    else:
        st.caption(f"image of {image.width:,} × {image.height:,} pixels, {image.mode}")
        shown = image.convert("RGBA" if "A" in image.getbands() else "RGB")
        shown.thumbnail((MAX_PIXELS, MAX_PIXELS))
        st.image(shown)
    with st.container(key=keys.part(key, "files"), horizontal=True):
        downloads(image, key, name)


def is_picture(array: Any) -> bool:
    """True if an array is rows of rows of 3 or 4 colours of a byte each."""
    return array.ndim == 3 and array.dtype == "uint8" and array.shape[2] in (3, 4) and array.size > 0
