"""What a line of a journal may say: only what the fold of events can take."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from core.record import Event, RunState
from core.result import State

TASK_TEXTS = ("reason", "error", "traceback", "log", "result")
ARTIFACT_TEXTS = ("digest", "codec", "kind")


def parse(line: bytes) -> Event | None:
    """Return the event that a line tells, or None if it tells none that could be folded. Raises nothing."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if is_event(event) else None


def is_event(event: Any) -> bool:
    """True if this has everything that the fold needs (see `RunRecord.after`), each of the right type."""
    if not isinstance(event, dict) or not is_number(event.get("at")):
        return False
    kind = event.get("kind")
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    return check is not None and check(event)


def is_number(value: Any) -> bool:
    """True for a finite number; a truth value is none."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False


def _is_queued(event: Event) -> bool:
    return is_number(event.get("position"))


def _is_began(event: Event) -> bool:
    return isinstance(event.get("partial", False), bool)


def _is_task(event: Event) -> bool:
    texts = (event.get(name, "") for name in TASK_TEXTS)
    return (
        _is_text(event.get("task"))
        and _is_text(event.get("state"))
        and event["state"] in set(State)
        and is_number(event.get("seconds", 0.0))
        and all(map(_is_text, texts))
        and _are_outputs(event.get("outputs", {}))
    )


def _is_log(event: Event) -> bool:
    return _is_text(event.get("task")) and _is_text(event.get("text"))


def _is_ended(event: Event) -> bool:
    return _is_text(event.get("state")) and event["state"] in set(RunState) and _is_text(event.get("reason", ""))


def _are_outputs(outputs: Any) -> bool:
    return isinstance(outputs, dict) and all(map(_is_text, outputs)) and all(map(_is_artifact, outputs.values()))


def _is_artifact(data: Any) -> bool:
    return (
        isinstance(data, dict)
        and all(_is_text(data.get(name)) for name in ARTIFACT_TEXTS)
        and isinstance(data.get("size"), int)
        and is_number(data["size"])
        and isinstance(data.get("summary"), dict)
        and _is_text(data["summary"].get("preview", ""))
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


CHECKS: Mapping[str, Callable[[Event], bool]] = {
    "queued": _is_queued,
    "began": _is_began,
    "task": _is_task,
    "log": _is_log,
    "ended": _is_ended,
}
