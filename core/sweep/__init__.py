"""Many attempts at once: lists and ranges of values as they are typed, and one workflow for each combination."""

from core.sweep.span import parse_values
from core.sweep.variant import Axis, Count, Target, Variant, count_tasks, current_value, expand, grid, read_axis

__all__ = [
    "Axis",
    "Count",
    "Target",
    "Variant",
    "count_tasks",
    "current_value",
    "expand",
    "grid",
    "parse_values",
    "read_axis",
]
