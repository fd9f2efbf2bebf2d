"""Lets a browser tab find its state again after it was loaded anew, or the server was."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.components.unseen import unseen


def tab(token: str, resumed: str, *, key: str, on_resume: Callable[[], None]) -> None:
    """Draw nothing; let the tab keep a token.

    Args:
        token: by which this state is found again.
        resumed: the token of the state that was taken over.
        key: the widget's key; `st.session_state[key].resume` is a former token when the callback is called.
        on_resume: called when the tab had another state before.
    """
    data = {"token": token, "resumed": resumed}
    unseen("tab")(data=data, key=key, height=1, on_resume_change=on_resume, on_draw_change=lambda: None)
