"""Which numbers the runs of a sweep have in common, those that vary first, and which of a number is the best."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.reading.outcome import Outcome

MOST = 60


def names(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the names of the numbers, those that are not the same in all runs first; at most 60."""
    known = dict.fromkeys(name for one in outcomes for name in one.numbers)
    varying = [name for name in known if len({one.numbers[name] for one in outcomes if name in one.numbers}) > 1]
    return [*varying, *(name for name in known if name not in set(varying))][:MOST]


def best(numbers: Sequence[float | None], is_high: bool) -> int | None:
    """Return which of the numbers is the highest, or the lowest; None if there is none."""
    known = [(number, place) for place, number in enumerate(numbers) if number is not None and math.isfinite(number)]
    if not known:
        return None
    wanted = (max if is_high else min)(number for number, _ in known)
    return next(place for number, place in known if number == wanted)


def text(number: float | None, digits: int = 4) -> str:
    """Return a number in short."""
    if number is None or math.isnan(number):
        return ""
    return f"{number:,.0f}" if 1e4 <= abs(number) < 1e12 else f"{number:.{digits}g}"
