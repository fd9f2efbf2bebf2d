"""What differs between where two attempts ran: versions of Python and packages, and the functions' code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.compare.text import Change, changes, count


@dataclass(frozen=True, slots=True)
class EnvironmentDifference:
    """What differs around a table.

    Attributes:
        packages: name -> version, where they differ; "python" is one of the names.
        functions: function path -> digest of its code, where they differ.
    """

    packages: tuple[Change, ...] = ()
    functions: tuple[Change, ...] = ()

    @property
    def is_equal(self) -> bool:
        """True if nothing differs."""
        return not (self.packages or self.functions)

    @property
    def edited(self) -> tuple[str, ...]:
        """The paths of functions that both have, with different code."""
        return tuple(change.name for change in self.functions if change.old and change.new)

    @property
    def summary(self) -> str:
        """One sentence."""
        parts = []
        if self.packages:
            parts.append(f"{count(len(self.packages), 'version')} differ{'s' * (len(self.packages) == 1)}")
        if self.edited:
            parts.append(f"{count(len(self.edited), 'function')} edited")
        if others := len(self.functions) - len(self.edited):
            parts.append(f"{count(others, 'function')} known on one side only")
        return ", ".join(parts) or "the same versions and the same code"


def compare_environments(
    old: Mapping[str, str],
    new: Mapping[str, str],
    old_functions: Mapping[str, str] | None = None,
    new_functions: Mapping[str, str] | None = None,
) -> EnvironmentDifference:
    """Return what differs between two mappings of package to version, and two of function path to code digest."""
    return EnvironmentDifference(changes(old, new), changes(old_functions or {}, new_functions or {}))
