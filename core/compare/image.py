"""What differs between two pictures: their sizes, and the share of their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.compare.difference import EQUAL, ValueDifference
from core.value.output import to_bytes

if TYPE_CHECKING:
    import numpy as np

    Points = np.ndarray[Any, np.dtype[np.uint8]]

MAX_POINTS = 25_000_000


@dataclass(frozen=True, slots=True)
class ImageDifference:
    """Two pictures.

    Attributes:
        sizes: width and height, old and new.
        modes: "RGB", "L", ..., old and new.
        share: share of the points that differ, from 0 to 1; None if the sizes differ.
        largest: the largest difference of one channel, from 0 to 255; None if the sizes differ.
    """

    sizes: tuple[tuple[int, int], tuple[int, int]]
    modes: tuple[str, str]
    share: float | None
    largest: int | None


def compare_images(old: Any, new: Any) -> ValueDifference:
    """Return what differs between two pictures of Pillow, or two figures of matplotlib as they are drawn."""
    left, right = _picture(old), _picture(new)
    sizes, modes = (left.size, right.size), (left.mode, right.mode)
    if sizes[0] != sizes[1]:
        text = f"{sizes[0][0]} × {sizes[0][1]} -> {sizes[1][0]} × {sizes[1][1]} points"
        return ValueDifference("image", False, text, ImageDifference(sizes, modes, None, None))
    step = 1
    while sizes[0][0] * sizes[0][1] // step**2 > MAX_POINTS:
        step += 1
    share, largest = _gap(_points(left, step), _points(right, step))
    parts = [f"{_percent(share)} of the points differ"] if share else []
    if modes[0] != modes[1]:
        parts.append(f"mode {modes[0]} -> {modes[1]}")
    if step > 1:
        parts.append(f"as far as every {step}th point in each direction tells")
    text = ", ".join(parts)
    details = ImageDifference(sizes, modes, share, largest)
    return ValueDifference("image", not text, text or EQUAL, details, step == 1)


def _picture(value: Any) -> Any:
    if not hasattr(value, "savefig"):
        return value
    import importlib
    from io import BytesIO

    # By name: only someone who has a figure of matplotlib needs Pillow here.
    return importlib.import_module("PIL.Image").open(BytesIO(to_bytes(value, "png")))


def _points(picture: Any, step: int) -> Points:
    import numpy as np

    points: Points = np.asarray(picture.convert("RGBA"))[::step, ::step]
    return points


def _gap(old: Points, new: Points) -> tuple[float, int]:
    """Return the share of points that differ, and the largest difference of a channel."""
    import numpy as np

    if not old.size:
        return 0.0, 0
    gaps = np.maximum(old, new) - np.minimum(old, new)
    return float(gaps.any(axis=2).mean()), int(gaps.max())


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "less than 0.1%"
