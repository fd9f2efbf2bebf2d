"""The library: samples and saved workflows, looked for, opened, duplicated, put away."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, state
from dashboard.reading import facts, shelf
from dashboard.widgets.library.bar import library_bar
from dashboard.widgets.library.card import sample_card, workflow_card
from dashboard.widgets.notice import notice
from dashboard.widgets.pager import pager
from dashboard.widgets.text import plain


def library() -> None:
    """Draw the page."""
    session = state.current()
    wish = library_bar(session)
    page = session.pages.setdefault(keys.LIBRARY, 0)
    found = shelf.shelf(wish, page)
    notice(session)
    if found.problem:
        st.error(plain(f"The library cannot be read: {found.problem}"))
    with st.container(key=keys.LIBRARY, horizontal=True, gap="small"):
        for record in found.records:
            workflow_card(session, record)
    if not found.records and not found.problem:
        st.caption(_nothing(wish))
    pager(session, keys.LIBRARY, len(found.records), shelf.PAGE, found.has_more)
    if wish.is_plain and page == 0:
        st.markdown("##### Samples")
        with st.container(key=keys.SAMPLES, horizontal=True, gap="small"):
            for stem, name in facts.samples().items():
                if wish.text.lower() in name.lower():
                    sample_card(session, stem, name)


def _nothing(wish: shelf.Wish) -> str:
    if wish.text or wish.tags:
        return "Nothing is found. Try fewer words or tags."
    if wish.whose:
        return "You have saved nothing yet." if wish.whose == "mine" else "Nobody else has saved anything yet."
    if wish.archived:
        return "Nothing is archived."
    return "Nothing is saved yet. Open a sample, change it, and press Save."
