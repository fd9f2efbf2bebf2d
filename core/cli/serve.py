"""`tasktable serve`: opens the dashboard."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.cli.word import BAD_USAGE, complain

if TYPE_CHECKING:
    from pathlib import Path


def serve(options: argparse.Namespace) -> int:  # noqa: RET503 - it ends by becoming the server
    import importlib.util
    import json
    import os
    from pathlib import Path

    spec = importlib.util.find_spec("dashboard")
    if spec is None or spec.origin is None:
        return complain("the dashboard is not installed", BAD_USAGE)
    folder = Path(spec.origin).parent
    settings = {**_settings(folder), "server.port": options.port, "server.address": options.address}
    command = [sys.executable, str(folder / "__main__.py"), json.dumps(settings)]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - the server takes this process's place, signals included


def _settings(folder: Path) -> dict[str, Any]:
    """The safe settings of `.streamlit/config.toml`, so that they hold from whatever folder it is started."""
    import tomllib

    beside, packaged = folder.parent / ".streamlit" / "config.toml", folder / "streamlit.toml"
    return dict(_flat(tomllib.loads((beside if beside.is_file() else packaged).read_text(encoding="utf-8"))))


def _flat(values: dict[str, Any], section: str = "") -> Iterator[tuple[str, Any]]:
    """Yield ("server.port", 8501) and the like."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{section}{name}.")
        else:
            yield f"{section}{name}", value
