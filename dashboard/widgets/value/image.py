"""A picture: an image of Pillow or a figure of Matplotlib."""

from __future__ import annotations

import streamlit as st

from core.value import question
from core.value.answer import Answer
from core.value.holder import Holder
from core.value.picture import is_drawable
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import UndrawnError, asked
from dashboard.widgets.value.download import downloads


def image_view(holder: Holder, key: str, name: str) -> None:
    """Draw a picture; a larger one is made smaller."""
    found = asked(holder, question.picture())
    if found.data["caption"]:
        st.caption(plain(found.data["caption"]))
    png(found)
    with st.container(key=keys.part(key, "files"), horizontal=True):
        downloads(holder, found.data["files"], key, name)


def png(found: Answer) -> None:
    """Draw the picture of an answer. Raises UndrawnError if it is none, or one that no page can hold."""
    if not is_drawable(found.content):
        raise UndrawnError(Answer({"reason": "The picture is too large to be drawn here."}))
    st.image(found.content)
