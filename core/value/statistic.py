"""The profile of a column as texts and bars, ready to be drawn."""

from __future__ import annotations

from typing import Any

from core.value.excerpt import number_text, short
from core.value.kind import whole
from core.value.profile import Profile


def line(profile: Profile) -> dict[str, Any]:
    """Return the statistics of one column as texts, counts and bars."""
    return {
        "name": profile.name,
        "bars": list(profile.bars),
        "type": whole(profile.type),
        "missing": profile.missing,
        "distinct": distinct_text(profile),
        "lowest": cell_text(profile.lowest),
        "highest": cell_text(profile.highest),
        "mean": cell_text(profile.mean),
    }


def facts(profile: Profile) -> list[str]:
    """Return the statistics of one column as a few texts."""
    parts = [whole(profile.type), f"{profile.missing:,} missing"]
    if profile.distinct is not None:
        parts.append(f"{distinct_text(profile)} distinct")
    if profile.lowest is not None and profile.type not in ("bool", "boolean"):
        parts.append(f"{cell_text(profile.lowest)} to {cell_text(profile.highest)}")
    if profile.mean is not None:
        parts.append(f"mean {cell_text(profile.mean)}")
    return parts


def distinct_text(profile: Profile) -> str | None:
    """Return how many different values there are; of a sample, that there are at least so many."""
    if profile.distinct is None:
        return None
    return f"{'≥ ' if profile.sampled else ''}{profile.distinct:,}"


def cell_text(value: Any) -> str | None:
    """Return one statistic as text: numbers with separators, days without the time of midnight."""
    if value is None:
        return None
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind in ("i", "u", "f") or isinstance(value, int | float):
        return number_text(value)
    return short(value, 60).removesuffix(" 00:00:00")
