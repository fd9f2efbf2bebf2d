"""`tasktable serve`: opens the dashboard."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from core.cli.word import BAD_USAGE, complain


def serve(options: argparse.Namespace) -> int:  # noqa: RET503 - it ends by becoming the server
    import importlib.util
    import os
    from pathlib import Path

    spec = importlib.util.find_spec("dashboard")
    if spec is None or spec.origin is None:
        return complain("the dashboard is not installed", BAD_USAGE)
    folder = Path(spec.origin).parent
    flags = _server_flags(folder, {"server.port": options.port, "server.address": options.address})
    command = [sys.executable, str(folder / "__main__.py"), *flags]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - the server takes this process's place, signals included


def _server_flags(folder: Any, changes: dict[str, Any]) -> list[str]:
    """The safe settings of `.streamlit/config.toml` as flags, so that they hold from whatever folder it is started."""
    import tomllib

    beside, packaged = folder.parent / ".streamlit" / "config.toml", folder / "streamlit.toml"
    settings = tomllib.loads((beside if beside.is_file() else packaged).read_text(encoding="utf-8"))
    options = {f"{section}.{name}": value for section, values in settings.items() for name, value in values.items()}
    flags = []
    for name, value in {**options, **changes}.items():
        if isinstance(value, dict):
            continue
        values = value if isinstance(value, list) else [value]
        flags += [f"--{name}={str(item).lower() if isinstance(item, bool) else item}" for item in values]
    return flags
