"""A browser library's own file, made part of a component's module text."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def module_text(library: Path, *scripts: Path) -> str:
    """Return a module in which `library`, a UMD bundle, has run once per page, followed by the `scripts`.

    The names of module systems are hidden from the bundle, so that it registers itself on `window`.
    """
    bundle = library.read_text(encoding="utf-8")
    own = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
    mark = f"__tasktable_{library.name.partition('.')[0].replace('-', '_')}"
    return (
        f"if (!window.{mark}) {{ window.{mark} = true; (function (module, exports, define, require) {{\n{bundle}\n"
        f"}}).call(window); }}\n{own}"
    )
