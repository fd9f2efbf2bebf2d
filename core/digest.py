"""Which code a function runs, as a digest of its module and of what that module imports from the same package."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path


def module_digest(name: str) -> str:
    """Return 16 hexadecimal digits for the loaded module `name`; "" when it has no source file.

    Files are read, nothing is imported. Line endings do not count; comments do, because they are part of the file.
    """
    files = {name: file} if (file := _loaded_file(name)) else {}
    if not files:
        return ""
    top = name.partition(".")[0]
    root = files[name].parents[name.count(".") + (files[name].name == "__init__.py")]
    waiting = [name]
    texts: dict[str, bytes] = {}
    while waiting:
        current = waiting.pop()
        text = texts[current] = files[current].read_bytes().replace(b"\r\n", b"\n")
        for imported in _imports(text, current, files[current].name == "__init__.py"):
            if imported.partition(".")[0] == top and imported not in files and (path := _file(root, imported)):
                files[imported] = path
                waiting.append(imported)
    content = hashlib.sha256()
    for module in sorted(texts):
        content.update(f"{module}\0{len(texts[module])}\0".encode() + texts[module])
    return content.hexdigest()[:16]


def _loaded_file(name: str) -> Path | None:
    file = getattr(sys.modules.get(name), "__file__", None)
    path = Path(file) if file else None
    return path if path and path.suffix == ".py" and path.is_file() else None


def _file(root: Path, module: str) -> Path | None:
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imports(text: bytes, module: str, is_package: bool) -> Iterator[str]:
    """Yield every module that the text may import; a name imported from a package may be a module of it."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, module, is_package)
            yield from _with_parents(source)
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        yield ".".join(parts[:count])
