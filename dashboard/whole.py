"""Callbacks run to their end: what somebody did is not dropped because he did the next thing a moment later."""

from __future__ import annotations

from functools import wraps
from threading import local
from typing import Any

from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.safe_session_state import SafeSessionState

BEGIN, PAUSE = "on_script_will_rerun", "_yield_callback"
PRESSES = ("trigger_value", "string_trigger_value", "json_trigger_value")
_batch = local()


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
        widgets = getattr(args[0], "widgets", ()) if args else ()
        _batch.told = frozenset(user_key_from_element_id(widget.id) for widget in widgets)
        _batch.has_press = any(map(_is_press, widgets))
        try:
            return begin(state, *args, **kwargs)
        finally:
            object.__setattr__(state, PAUSE, pause)
            _batch.has_press = False

    setattr(SafeSessionState, BEGIN, undisturbed)


def is_beside_press() -> bool:
    """True in a callback that is called together with that of a button, the table or the graph."""
    return getattr(_batch, "has_press", False)


def is_told(key: str) -> bool:
    """True if the browser has told, for this pass, what the widget holds: it has drawn it."""
    return key in getattr(_batch, "told", ())


def _is_press(widget: Any) -> bool:
    kind = widget.WhichOneof("value")
    return kind in PRESSES and bool(getattr(widget, kind))
