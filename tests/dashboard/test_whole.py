"""What somebody does is carried out even if he does the next thing while it is."""

from __future__ import annotations

from typing import Any, cast

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState

from dashboard.whole import keep_callbacks_whole


class LaterClickError(Exception):
    """The browser has sent more."""


class State(dict[str, Any]):
    """A state with one callback, which reads what a widget holds."""

    def on_script_will_rerun(self, *_args: Any, **_options: Any) -> None:
        self["found"] = self.asked["typed"]

    asked: SafeSessionState


def interrupt() -> None:
    raise LaterClickError


def test_a_callback_reads_what_it_needs_although_the_browser_has_sent_more() -> None:
    keep_callbacks_whole()
    inner = State(typed="60")
    inner.asked = SafeSessionState(cast(Any, inner), interrupt)
    inner.asked.on_script_will_rerun(None)
    assert inner["found"] == "60"
    with pytest.raises(LaterClickError):
        _ = inner.asked["typed"]


def test_doing_so_twice_is_doing_it_once() -> None:
    keep_callbacks_whole()
    first = SafeSessionState.on_script_will_rerun
    keep_callbacks_whole()
    assert SafeSessionState.on_script_will_rerun is first
