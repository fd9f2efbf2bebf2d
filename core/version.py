"""Which version of Python and of an installed package the code of a module belongs to."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from importlib import metadata
from pathlib import Path


@lru_cache(maxsize=1_000)
def version_of(module: str) -> str:
    """Return the version of Python, and of the installed distribution that a module belongs to."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file:
        return python
    path = Path(file)
    base = path.parents[module.count(".") + (path.name == "__init__.py")]
    return f"{python} {_distribution(base, path.relative_to(base).as_posix(), module.partition('.')[0])}"


def _distribution(base: Path, file: str, top: str) -> str:
    """Return the name and version of what was installed into a folder together with a file, "" if nothing was.

    The list of all packages (`importlib.metadata.packages_distributions`) says the same, and takes half a second.
    """
    for item in _installed(base):
        record = item.read_text("RECORD")
        names = (item.read_text("top_level.txt") or "").split()
        if (f"\n{file}," in f"\n{record}") if record else top in names:
            return _named(item)
    return ""


@lru_cache(maxsize=1_000)
def _named(item: metadata.Distribution) -> str:
    # The head only: the parser of the library reads the whole of a project's description as well.
    head = (item.read_text("METADATA") or item.read_text("PKG-INFO") or "").partition("\n\n")[0]
    said = dict(line.split(": ", 1) for line in head.splitlines() if re.match("(Name|Version): ", line))
    return f"{said.get('Name')} {said.get('Version')}"


def forget_versions() -> None:
    """Look anew at what is installed when a version is asked for the next time."""
    for remembered in (version_of, _installed, _named):
        remembered.cache_clear()


@lru_cache(maxsize=100)
def _installed(base: Path) -> tuple[metadata.Distribution, ...]:
    return tuple(metadata.distributions(path=[str(base)]))
