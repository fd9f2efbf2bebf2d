"""Which of the waiting runs may start: first come, first served, within a cap for all and a cap per user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from core.request import RunRequest


def may_start(waiting: Sequence[RunRequest], users: Iterable[str], at_once: int, per_user: int) -> RunRequest | None:
    """Return the first waiting run that may start now, or None.

    Args:
        waiting: in the order in which they came.
        users: who owns the runs that are under way, one entry per run.
        at_once: how many may be under way.
        per_user: how many of one user may be under way; one whose user has as many lets the next one pass.
    """
    under_way = Counter(users)
    if under_way.total() >= at_once:
        return None
    return next((request for request in waiting if under_way[request.user] < per_user), None)


def at_most(users: Iterable[str], per_user: int) -> list[str]:
    """Return who owns the runs that another supervisor may have under way at once, of all that are left to it."""
    return [user for user, count in Counter(users).items() for _ in range(min(count, per_user))]
