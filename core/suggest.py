"""Close matches for a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

MAX_LENGTH = 120
MAX_CANDIDATES = 2_000


def closest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return up to `most` of the `known` names that look like `name`, best first; none for a name of absurd length."""
    from difflib import get_close_matches

    if not name or len(name) > MAX_LENGTH:
        return []
    candidates = {candidate.lower(): candidate for candidate in islice(known, MAX_CANDIDATES)}
    return [candidates[match] for match in get_close_matches(name.lower(), candidates, n=most, cutoff=0.6)]


class Suggester:
    """Suggestions within a budget, so that a table of thousands of unknown names is still checked at once."""

    def __init__(self, budget: int = 20_000) -> None:
        self._budget = budget
        self._answers: dict[tuple[str, int], list[str]] = {}

    def closest(self, name: str, known: Iterable[str]) -> list[str]:
        """Return close matches, or none when the budget of comparisons is used up."""
        key = (name, id(known))
        if key not in self._answers:
            if self._budget <= 0:
                return []
            candidates = list(islice(known, MAX_CANDIDATES))
            self._budget -= len(candidates)
            self._answers[key] = closest(name, candidates)
        return self._answers[key]
