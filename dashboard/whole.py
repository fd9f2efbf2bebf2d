"""Callbacks run to their end: what somebody did is not dropped because he did the next thing a moment later."""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from threading import local
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.safe_session_state import SafeSessionState

BEGIN, PAUSE = "on_script_will_rerun", "_yield_callback"
PRESSES = ("trigger_value", "string_trigger_value", "json_trigger_value")
TOLD = "told_before"
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
        _listen(state, getattr(args[0], "widgets", ()) if args else ())
        try:
            return begin(state, *args, **kwargs)
        finally:
            object.__setattr__(state, PAUSE, pause)
            _batch.has_other_cause = False
            _batch.changed = frozenset()

    setattr(SafeSessionState, BEGIN, undisturbed)


def _listen(state: SafeSessionState, widgets: Iterable[Any]) -> None:
    """Note what the browser tells of all widgets before a pass."""
    context = get_script_run_ctx()
    lasting = [widget for widget in widgets if widget.WhichOneof("value") not in PRESSES]
    told = {user_key_from_element_id(widget.id): widget.SerializeToString() for widget in lasting}
    before = state[TOLD] if TOLD in state else {}  # noqa: SIM401 - it has no `get`
    state[TOLD] = told
    _batch.told = frozenset(told)
    _batch.changed = frozenset(key for key, text in told.items() if before.get(key) != text)
    _batch.has_other_cause = any(map(_is_press, widgets)) or bool(context and context.fragment_ids_this_run)


def is_beside_another(key: str) -> bool:
    """True in a callback of a widget if the browser has sent for another reason than that somebody has used it.

    Such are a press of a button, another widget that tells something else than before, and a look at a run under way.
    """
    return getattr(_batch, "has_other_cause", False) or bool(getattr(_batch, "changed", frozenset()) - {key})


def is_told(key: str) -> bool:
    """True if the browser has told, for this pass, what the widget holds: it has drawn it."""
    return key in getattr(_batch, "told", ())


def _is_press(widget: Any) -> bool:
    kind = widget.WhichOneof("value")
    return kind in PRESSES and bool(getattr(widget, kind))
