"""The files that a catalog was made from, to notice when one of them is edited, removed or added."""

from __future__ import annotations

import time
from inspect import unwrap
from pathlib import Path

from core.catalog import Catalog
from core.digest import files_of
from core.function import Function

Stamp = tuple[int, int]
NEVER: Stamp = (-1, -1)
ABSENT: Stamp = (0, 0)


class Sources:
    """Remembers time and size of every source file that the digest of a function of the catalog covers."""

    def __init__(self, catalog: Catalog, began: int) -> None:
        """Look at the files now. `began`: when their import began, in nanoseconds since 1970."""
        self._files = {module: files_of(module) for module in {_module(function) for function in catalog.values()}}
        files = {path for found in self._files.values() for path in found}
        self._stamps = {path: _stamp_since(path, began) for path in files}

    @property
    def have_changed(self) -> bool:
        """True if a file was edited, removed, added, or put back, since the catalog was made."""
        return any(_stamp(path) != stamp for path, stamp in self._stamps.items())

    def are_those_of(self, function: Function) -> bool:
        """True if the files of a function are those that its digest was made from."""
        return all(_stamp(path) == self._stamps[path] for path in self._files[_module(function)])


def _module(function: Function) -> str:
    return str(getattr(unwrap(function.call), "__module__", None) or "")


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return ABSENT
    return status.st_mtime_ns, status.st_size


def _stamp_since(path: Path, began: int) -> Stamp:
    """A file that was written while the modules were imported may have been read before: it counts as edited."""
    stamp = _stamp(path)
    return NEVER if began <= stamp[0] <= time.time_ns() else stamp
