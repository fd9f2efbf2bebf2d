"""Close matches for a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, takewhile

MAX_LENGTH = 120
MAX_CANDIDATES = 2_000
SIMILAR = 0.6
MARGIN = 0.15


def closest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return up to `most` of the `known` names that look like `name`, best first; none for a name of absurd length.

    Those that are clearly less like it than the best are left out; what all dotted names begin with does not count.
    """
    from difflib import SequenceMatcher, get_close_matches

    if not name or len(name) > MAX_LENGTH:
        return []
    candidates = {candidate.lower(): candidate for candidate in islice(known, MAX_CANDIDATES)}
    near = get_close_matches(name.lower(), candidates, n=most, cutoff=SIMILAR)
    start = _shared([name.lower(), *near])
    likeness = {match: SequenceMatcher(None, name.lower()[start:], match[start:]).ratio() for match in near}
    return [candidates[match] for match in near if likeness[match] >= max(likeness.values()) - MARGIN]


def _shared(names: list[str]) -> int:
    """Return how long the dotted beginning is that all names have."""
    modules = zip(*(name.split(".")[:-1] for name in names), strict=False)
    return sum(len(same[0]) + 1 for same in takewhile(lambda parts: len(set(parts)) == 1, modules))


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
