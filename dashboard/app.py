"""Page set-up and navigation: the script that Streamlit runs at every pass."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core import TasktableError
from dashboard import keys, link, services, state
from dashboard.components.tab import tab
from dashboard.reading import facts
from dashboard.server.backend import backend
from dashboard.server.page import STYLE, CompletePage
from dashboard.state import Session
from dashboard.views.compare import compare
from dashboard.views.functions import functions
from dashboard.views.history import history
from dashboard.views.library import library
from dashboard.views.sweep import sweep
from dashboard.views.workbench import workbench
from dashboard.whole import keep_what_is_done_whole
from dashboard.widgets.text import plain

ICON = Path(__file__).with_name("icon.png")


def main() -> None:
    """Draw the page that the address names."""
    keep_what_is_done_whole()
    st.set_page_config(page_title="Tasktable", page_icon=str(ICON), layout="wide")
    if not CompletePage.is_used:
        st.html(STYLE)
    pages = [
        st.Page(workbench, title="Workbench", icon=":material/table_chart:", url_path="start", default=True),
        st.Page(library, title="Library", icon=":material/folder_open:", url_path=link.LIBRARY),
        st.Page(history, title="History", icon=":material/history:", url_path=link.HISTORY),
        st.Page(sweep, title="Sweep", icon=":material/grid_on:", url_path=link.SWEEP),
        st.Page(compare, title="Compare", icon=":material/compare_arrows:", url_path=link.COMPARE),
        st.Page(functions, title="Functions", icon=":material/function:", url_path="functions"),
    ]
    linked = st.Page(follow_link, title="Workbench", url_path=link.WORKBENCH, visibility="hidden")
    state.offer_pages({**{page.url_path: page for page in pages}, link.WORKBENCH: pages[0]})
    chosen = st.navigation([*pages, linked], position="top")
    try:
        backend().catalog()
    except TasktableError as error:
        st.error(plain(str(error)), icon=":material/database_off:")
        return
    if reason := backend().store.read_only_reason:
        st.warning(plain(f"Nothing can be saved or run now: {reason}"), icon=":material/lock:")
    if backend().trouble:
        st.warning(plain(f"The functions are as they were before: {backend().trouble}"), icon=":material/sync_problem:")
    if not state.has_begun():
        state.begin(facts.load_sample(facts.FIRST_SAMPLE))
    _find_again(state.current())
    chosen.run()


def _find_again(session: Session) -> None:
    """Let the browser tab keep by which token its state is found, and take over what it had before."""

    def resume() -> None:
        state.take(session, services.resume(session, str(state.widget(keys.TAB).resume)))

    tab(session.token, session.resumed, key=keys.TAB, on_resume=resume)


def follow_link() -> None:
    """Go on to the workbench, which is at the root, with what the address names."""
    link.go(link.WORKBENCH, **st.query_params)


if __name__ == "__main__":
    main()
