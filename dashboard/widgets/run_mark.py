"""The state of a run as a coloured word."""

from __future__ import annotations

from core.record import RunState

COLOURS = {
    RunState.QUEUED: "gray",
    RunState.RUNNING: "violet",
    RunState.PAUSED: "blue",
    RunState.DONE: "green",
    RunState.FAILED: "red",
    RunState.STOPPED: "orange",
    RunState.INTERRUPTED: "orange",
}


def run_mark(state: RunState) -> str:
    """Return the state as Markdown."""
    return f":{COLOURS[state]}-badge[{state}]"
