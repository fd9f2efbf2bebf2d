"""Attempts at a task that took too long or ended their process: how many there were, and whether one may follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Former:
    """The attempts at a task that are over, the last of which took too long or ended its process.

    Attributes:
        count: how many there were, those that raised included.
        reason: how the last one failed.
        log: all that they printed, and how they failed.
    """

    count: int = 0
    reason: str = ""
    log: str = ""

    def after(self, attempt: int, attempts: int, error: str, log: str) -> Former | None:
        """Return what there is after one attempt more, or None if it was the last one.

        Args:
            attempt: its number, as it was told; it counts as one more than there were at least.
            attempts: how many there may be in all.
            error: how it failed.
            log: all that was printed, in the former attempts too.
        """
        count = max(attempt, self.count + 1)
        reason = failure(count, attempts, error)
        return Former(count, reason, f"{log}({reason})\n") if count < attempts else None


NONE = Former()


def failure(attempt: int, attempts: int, error: str) -> str:
    """Say that an attempt has failed."""
    return f"attempt {attempt} of {attempts} failed: {error}"
