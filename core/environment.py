"""On what a run runs: Python, the system, and the packages that the catalog and the engine stand on."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache

ALWAYS = ("tasktable", "pandas", "numpy", "plotly", "pyarrow")


@cache
def environment() -> Mapping[str, str]:
    """Return name -> version. Nothing of the machine's name, its users or its folders is part of it."""
    from importlib import metadata

    found = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in ALWAYS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
