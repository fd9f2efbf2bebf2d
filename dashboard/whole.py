"""Callbacks run to their end: what somebody did is not dropped because he did the next thing a moment later."""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState

from dashboard.told import listen

BEGIN, PAUSE = "on_script_will_rerun", "_yield_callback"


def keep_callbacks_whole() -> None:
    """Let no later click interrupt what an earlier one has begun, in this process from now on.

    Streamlit begins a pass by calling the callbacks of what has changed. Whenever these look at the state, and once
    before the first of them, it asks whether the browser has sent more meanwhile; if so, it gives the pass up and
    begins with what came later. The callbacks of what came first are then cut off, or never called. Asked after the
    callbacks, as Streamlit also does, the question is harmless.
    """
    begin = getattr(SafeSessionState, BEGIN)
    if hasattr(begin, "__wrapped__"):
        return

    @wraps(begin)
    def undisturbed(state: SafeSessionState, *args: Any, **kwargs: Any) -> Any:
        pause = getattr(state, PAUSE)
        object.__setattr__(state, PAUSE, lambda: None)
        try:
            if args and args[0] is not None:
                listen(state, args[0].widgets)
            return begin(state, *args, **kwargs)
        finally:
            object.__setattr__(state, PAUSE, pause)

    setattr(SafeSessionState, BEGIN, undisturbed)
