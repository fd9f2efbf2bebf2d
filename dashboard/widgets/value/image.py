"""A picture: an image of Pillow or a figure of Matplotlib."""

from __future__ import annotations

import streamlit as st

from core.value import question
from core.value.holder import Holder
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import asked
from dashboard.widgets.value.download import downloads


def image_view(holder: Holder, key: str, name: str) -> None:
    """Draw a picture; a larger one is made smaller."""
    found = asked(holder, question.picture())
    if found.data["caption"]:
        st.caption(plain(found.data["caption"]))
    st.image(found.content)
    with st.container(key=keys.part(key, "files"), horizontal=True):
        downloads(holder, found.data["files"], key, name)
