"""Numbers as a line in an SVG, with its lowest and highest value and where it begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.report.markup import text
from core.value.excerpt import number_text, short

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

WIDTH, HEIGHT = 1_000.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 78.0, 8.0, 10.0, 26.0


def line(places: pd.Series[Any], values: pd.Series[Any], name: str) -> str:
    """Return the line of some values over their places, moments or numbers; "" if fewer than two of them are known.

    The line is broken where a value is missing or infinite.
    """
    import numpy as np

    x, y = _numbers(places), values.to_numpy(dtype="float64", na_value=np.nan)
    is_known = np.isfinite(y) & np.isfinite(x)
    if is_known.sum() < 2:
        return ""
    low, high = float(y[is_known].min()), float(y[is_known].max())
    start, end = float(x[is_known].min()), float(x[is_known].max())
    across = _scaled(x, start, end, LEFT, WIDTH - RIGHT)
    down = _scaled(y, low, high, HEIGHT - BOTTOM, TOP)
    ends = [_label(places[is_known].iloc[place]) for place in (0, -1)]
    return (
        f'<div class="scroll"><svg class="line" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" '
        f'aria-label="{text(name)} as a line">{_axes(low, high, ends)}<path class="curve" '
        f'd="{_path(across, down, is_known)}"/></svg></div>'
    )


def _numbers(places: pd.Series[Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    if places.dtype.kind == "M" or "datetime" in str(places.dtype):
        numbers = places.astype("int64").to_numpy(dtype="float64")
        return np.where(places.isna(), np.nan, numbers)
    return places.to_numpy(dtype="float64", na_value=np.nan)


def _scaled(numbers: Any, low: float, high: float, first: float, last: float) -> Any:
    """Return numbers from `low` to `high` as places from `first` to `last`; equal ones lie in the middle."""
    if high <= low:
        return numbers * 0 + (first + last) / 2
    half = high / 2 - low / 2  # the whole may be too large for a number
    return first + (numbers / 2 - low / 2) / half * (last - first)


def _path(across: Any, down: Any, is_known: Any) -> str:
    steps, is_drawing = [], False
    for x, y, known in zip(across, down, is_known, strict=True):
        if known:
            steps.append(f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}")
        is_drawing = bool(known)
    return "".join(steps)


def _axes(low: float, high: float, ends: list[str]) -> str:
    marks = [(TOP, high), (HEIGHT - BOTTOM, low)] if high > low else [((TOP + HEIGHT - BOTTOM) / 2, low)]
    grid = "".join(
        f'<path class="grid" d="M{LEFT:.0f} {y:.1f}H{WIDTH - RIGHT:.0f}"/>'
        f'<text class="high" x="{LEFT - 8:.0f}" y="{y + 4:.1f}">{text(number_text(value), 12)}</text>'
        for y, value in marks
    )
    first, last = (text(label, 40) for label in ends)
    return (
        f'{grid}<text x="{LEFT:.0f}" y="{HEIGHT - 6:.0f}">{first}</text>'
        f'<text class="high" x="{WIDTH - RIGHT:.0f}" y="{HEIGHT - 6:.0f}">{last}</text>'
    )


def _label(place: Any) -> str:
    return number_text(place) if isinstance(place, int | float) else short(place).removesuffix(" 00:00:00")
