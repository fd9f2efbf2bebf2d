"""The scripts of the page: which files Streamlit's are, which others each of them needs, and those that are our own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from streamlit import file_util

NEEDED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w.$-]+\.js)"')


class OwnScripts:
    """Scripts that do not come with Streamlit, for a server that has them beside Streamlit's.

    Attributes:
        are_served: whether this process is such a server; else a script has to be a part of what is drawn.
    """

    def __init__(self) -> None:
        self.are_served = False
        self._contents: dict[str, bytes] = {}

    def add(self, name: str, text: str) -> str:
        """Have a script served; return the name of its file, which another text would not have."""
        content = text.encode("utf-8")
        file = f"{name}.{hashlib.sha256(content).hexdigest()[:16]}.js"
        self._contents[file] = content
        return file

    @property
    def files(self) -> tuple[str, ...]:
        """The names of their files."""
        return tuple(self._contents)

    def read(self, file: str) -> bytes | None:
        """Return a script, None if there is no such file."""
        return self._contents.get(file)


own_scripts = OwnScripts()


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
