"""Two pieces of work timed in turn, A B A B, and their ratio.

Taking turns means that a slow second on the machine hits both. The garbage collector is run once before each series
and then left on, as users have it: what a piece of work makes the collector do is part of its cost, and so is freeing
its own result. Each piece is called once before the clock starts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True)
class Comparison:
    """How much longer one piece of work takes than another.

    Attributes:
        ratio: the median of the ratios of all pairs; what bounds are held against.
        fastest: the ratio of the fastest repetitions; what is left when the machine is quiet.
        limit_seconds: the median duration of what was compared with.
    """

    ratio: float
    fastest: float
    limit_seconds: float


def compare(work: Work, limit: Work, seconds: float = 2.0, least_pairs: int = 15) -> Comparison:
    """Time pairs of `limit` and `work` for about so many seconds, at least so many pairs."""
    limit()
    work()
    gc.collect()
    pairs: list[tuple[float, float]] = []
    end = perf_counter() + seconds
    while len(pairs) < least_pairs or perf_counter() < end:
        pairs.append((duration(limit), duration(work)))
    limits, works = zip(*pairs, strict=True)
    return Comparison(median(b / a for a, b in pairs), min(works) / min(limits), median(limits))


def duration(work: Work) -> float:
    """Return how many seconds one call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start
