"""The files that a catalog was made from, to notice when one of them is edited."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from inspect import unwrap
from pathlib import Path

from core.catalog import Catalog

Stamp = tuple[int, int]


class Sources:
    """Remembers time and size of every source file that a function of the catalog may run."""

    def __init__(self, catalog: Catalog) -> None:
        modules = {getattr(unwrap(function.call), "__module__", "") or "" for function in catalog.values()}
        self._stamps = {path: _stamp(path) for path in _files(modules)}

    @property
    def have_changed(self) -> bool:
        """True if a file was edited, removed, or put back, since the catalog was made."""
        return any(_stamp(path) != stamp for path, stamp in self._stamps.items())


def _files(modules: Iterable[str]) -> set[Path]:
    """The files of all loaded modules of the same top-level packages."""
    tops = {module.partition(".")[0] for module in modules}
    loaded = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in tops]
    files = (getattr(module, "__file__", None) for module in loaded)
    return {Path(file) for file in files if file and file.endswith(".py")}


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
