"""Which rows and columns of two frames are the same ones: by label where each occurs once, else by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, NamedTuple

from core.compare.same import is_nan

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Positions = np.ndarray[Any, np.dtype[np.int64]]


class Matching(NamedTuple):
    """Which rows, or columns, of two frames are the same ones: positions in each, side by side."""

    old: Positions
    new: Positions
    removed: Positions
    added: Positions
    is_by_label: bool

    @property
    def is_reordered(self) -> bool:
        """True if what both have stands in another order."""
        return bool((self.new[1:] < self.new[:-1]).any())


def match_rows(old: pd.Index[Any], new: pd.Index[Any]) -> Matching:
    """Match the rows of two frames by their indexes."""
    import numpy as np

    everything = np.arange(len(old))
    if len(old) == len(new) and old.equals(new):
        nothing = np.arange(0)
        return Matching(everything, everything, nothing, nothing, old.is_unique)
    if old.is_unique and new.is_unique and old.nlevels == new.nlevels:
        try:
            places = new.get_indexer(old)  # type: ignore[no-untyped-call, unused-ignore]
        except Exception:  # labels of several types that cannot be compared
            return _by_position(len(old), len(new))
        return _matching(places, len(new), True)
    return _by_position(len(old), len(new))


def match_columns(old: pd.Index[Any], new: pd.Index[Any]) -> Matching:
    """Match the columns of two frames by their names; of equal names the first with the first."""
    import numpy as np

    places = {key: place for place, key in enumerate(_numbered(new))}
    return _matching(np.array([places.get(key, -1) for key in _numbered(old)], dtype=np.int64), len(new), True)


def _numbered(labels: pd.Index[Any]) -> list[Hashable]:
    seen: Counter[Hashable] = Counter()
    result: list[Hashable] = []
    for label in labels:
        key: Hashable = (type(label).__name__, label) if not is_nan(label) else "missing"
        result.append((key, seen[key]))
        seen[key] += 1
    return result


def _by_position(old: int, new: int) -> Matching:
    import numpy as np

    both = np.arange(min(old, new))
    return Matching(both, both, np.arange(len(both), old), np.arange(len(both), new), False)


def _matching(places: Positions, length: int, is_by_label: bool) -> Matching:
    import numpy as np

    kept = np.flatnonzero(places >= 0)
    is_added = np.ones(length, dtype=bool)
    is_added[places[kept]] = False
    return Matching(kept, places[kept], np.flatnonzero(places < 0), np.flatnonzero(is_added), is_by_label)
