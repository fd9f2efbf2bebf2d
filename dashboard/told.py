"""What the browser tells before a pass: which widgets it has drawn, and why it has sent."""

from __future__ import annotations

from collections.abc import Collection
from threading import local
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.safe_session_state import SafeSessionState

PRESSES = ("trigger_value", "string_trigger_value", "json_trigger_value")
LOOK = "a look at a run under way"
BEFORE = "told_before"
INNER, ID_OF = "_state", "_get_widget_id"
_pass = local()


def listen(state: SafeSessionState, widgets: Collection[Any]) -> None:
    """Note what the browser tells of all widgets, before the callbacks of the pass are called."""
    lasting = [widget for widget in widgets if widget.WhichOneof("value") not in PRESSES]
    told = {user_key_from_element_id(widget.id): widget.SerializeToString() for widget in lasting}
    ids = {widget.id for widget in lasting}
    before = state[BEFORE] if BEFORE in state else {}  # noqa: SIM401 - it has no `get`
    state[BEFORE] = told
    _pass.told = frozenset(key for key in told if key and _as_drawn(state, key) in ids)
    pressed = {user_key_from_element_id(widget.id) for widget in widgets if _is_press(widget)}
    changed = {key for key, text in told.items() if before.get(key) != text}
    context = get_script_run_ctx()
    _pass.causes = pressed | changed | ({LOOK} if context and context.fragment_ids_this_run else set())


def is_beside_another(key: str) -> bool:
    """True in a callback of a widget if the browser has sent for another reason than that somebody has used it.

    Such are a press of a button, another widget that tells something else than before, and a look at a run under way.
    """
    return bool(getattr(_pass, "causes", set()) - {key})


def is_told(key: str) -> bool:
    """True if the browser has told, for this pass, what the widget holds: it has drawn it.

    A field that has become one of another kind, of a date instead of text, is drawn when the new one is.
    """
    return key in getattr(_pass, "told", ())


def _as_drawn(state: SafeSessionState, key: str) -> str:
    """Return the id of the widget that was drawn last under a key; a widget of another kind has another one."""
    found: str = getattr(getattr(state, INNER), ID_OF)(key)
    return found


def _is_press(widget: Any) -> bool:
    kind = widget.WhichOneof("value")
    return kind in PRESSES and bool(getattr(widget, kind))
