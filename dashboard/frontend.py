"""The scripts of Streamlit's page: what their files are called, and which others each of them needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from streamlit import file_util

NEEDED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w.$-]+\.js)"')


def script_files(names: Iterable[str]) -> list[str]:
    """Return the files of scripts: "Button" is "Button.CORxUu4r.js". Without those that this Streamlit has not."""
    return [path.name for name in names for path in sorted(folder().glob(f"{name}.*.js"))]


def with_needed(files: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """Return the files and all that they import, each once; not those that are known, nor what only these import."""
    found: dict[str, None] = {}
    seen = set(known)
    left = [*files]
    while left:
        file = left.pop(0)
        if file not in seen:
            seen.add(file)
            found[file] = None
            left += NEEDED.findall((folder() / file).read_text(encoding="utf-8"))
    return list(found)


@cache
def folder() -> Path:
    """Return where the scripts lie."""
    return Path(file_util.get_static_dir()) / "static" / "js"
