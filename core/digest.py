"""Which code a function runs, as a digest of its module and of what that module imports from the same package.

Files are read, nothing is imported. A module that is imported only because it is the parent of another counts by its
own text; what it imports in turn counts if names are taken from it.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import NamedTuple

SUFFIXES = (".py", *EXTENSION_SUFFIXES)
# An import that is all of a line; one inside a string counts as well, which does no harm.
PLAIN = re.compile(rb"\s*((?:from [.\w]+ import|import) (?:\*|\w[\w. ]*(?:, ?\w[\w. ]*)*))(?:#.*)?")
# What may be an import from a package without its name.
OTHER = re.compile(rb"\bfrom\s*\.|import_module|__import__")
CONTINUED = b"\\\n"


def module_digest(name: str) -> str:
    """Return 16 hexadecimal digits for the loaded module `name`; "" when it has no source file.

    Line endings do not count; comments do, because they are part of the file. Asked again, the files are read again.
    """
    texts = _Search(name).texts
    content = hashlib.sha256()
    for module in sorted(texts):
        content.update(f"{module}\0{len(texts[module])}\0".encode() + texts[module])
    return content.hexdigest()[:16] if texts else ""


def files_of(name: str) -> tuple[Path, ...]:
    """Return the files that `module_digest` reads for a module, or would read if they were there, sorted.

    It changes only if one of them does.
    """
    search = _Search(name)
    return tuple(sorted({*search.files.values(), *search.absent}))


class _Search:
    """Everything of one package that a module imports, directly or not.

    Attributes:
        files: module -> its file.
        texts: module -> the file's content.
        absent: files that would be a module's instead, or that of a name that none has yet.
    """

    def __init__(self, name: str) -> None:
        self.files: dict[str, Path] = {}
        self.texts: dict[str, bytes] = {}
        self.absent: set[Path] = set()
        file = _loaded_file(name)
        if file is None:
            return
        self._top = name.partition(".")[0]
        self._roots = _roots(self._top, file.parents[name.count(".") + (file.name == "__init__.py")])
        self.files[name] = file
        self._read(name)
        self._follow(name)

    def _follow(self, name: str) -> None:
        waiting, followed = [name], {name}
        while waiting:
            for found in self._imported(waiting.pop()):
                if found not in followed:
                    followed.add(found)
                    waiting.append(found)

    def _imported(self, module: str) -> Iterator[str]:
        """Read what a module imports from its package, and yield what is to be followed."""
        self._read_parents(module)
        file = self.files[module]
        if file.suffix != ".py":
            return
        for target, names in _imports(self.texts[module], self._top, module, file.name == "__init__.py"):
            if target.partition(".")[0] != self._top:
                continue
            if self._find(target):
                self._read_parents(target)
            inner = [name for name in names if self._find(f"{target}.{name}")]
            yield from (f"{target}.{name}" for name in inner)
            if target in self.files and (not names or set(names) - set(inner) or self._binds(target, inner)):
                yield target

    def _binds(self, package: str, names: list[str]) -> bool:
        """True if a package gives one of its modules' names to something else."""
        bound = _bound(self.texts[package], package) if self.files[package].suffix == ".py" else frozenset("*")
        return "*" in bound or not bound.isdisjoint(names)

    def _read_parents(self, module: str) -> None:
        parts = module.split(".")
        for count in range(1, len(parts)):
            self._find(".".join(parts[:count]))

    def _find(self, module: str) -> bool:
        """True if the module has a file, which is then read."""
        if module not in self.files:
            places = [place for root in self._roots for place in _places(root, module)]
            file = next((place for place in places if place.is_file()), None)
            before = places if file is None else places[: places.index(file)]
            self.absent.update(place for place in before if place.suffix == ".py")
            if file is None:
                return False
            self.files[module] = file
            self._read(module)
        return True

    def _read(self, module: str) -> None:
        try:
            content = self.files[module].read_bytes()
        except OSError:  # removed a moment ago, by an editor for example
            content = b""
        self.texts[module] = content.replace(b"\r\n", b"\n") if self.files[module].suffix == ".py" else content


class _Import(NamedTuple):
    """One module that is imported, and the names that are taken from it; none if it is the module that is wanted."""

    module: str
    names: tuple[str, ...]


def _loaded_file(name: str) -> Path | None:
    file = getattr(sys.modules.get(name), "__file__", None)
    path = Path(file) if file else None
    return path if path and path.suffix == ".py" and path.is_file() else None


def _roots(top: str, first: Path) -> list[Path]:
    """Return the folders that hold a part of a package: several, if it has no file of its own."""
    places = getattr(sys.modules.get(top), "__path__", ())
    return list(dict.fromkeys([first, *(Path(place).parent for place in places)]))


def _places(root: Path, module: str) -> Iterator[Path]:
    """Yield where the file of a module may lie, in the order in which Python looks for it."""
    base = root.joinpath(*module.split("."))
    yield from (base / f"__init__{suffix}" for suffix in SUFFIXES)
    yield from (base.parent / f"{base.name}{suffix}" for suffix in SUFFIXES)


def _importing(text: bytes, top: str) -> bytes:
    """Return what is to be parsed of a text to find its imports from this package: the less, the quicker.

    That is nothing, if nothing in it can be one; the lines with imports, if each has one of its own; else all of it.
    """
    name = top.encode()
    lines = [line for line in text.split(b"\n") if b"import" in line and (name in line or OTHER.search(line))]
    found = [re.fullmatch(PLAIN, line) for line in lines]
    is_plain = all(found) and CONTINUED not in text
    return b"\n".join(match[1] for match in found if match) if is_plain else text


@lru_cache(maxsize=5_000)
def _imports(text: bytes, top: str, module: str, is_package: bool) -> tuple[_Import, ...]:
    """Return every import of a text from a package, wherever it stands, and others; none if it cannot be parsed."""
    tree = _parsed(_importing(text, top)) or _parsed(text)
    return tuple(found for node in ast.walk(tree) for found in _of_node(node, module, is_package)) if tree else ()


def _of_node(node: ast.AST, module: str, is_package: bool) -> Iterator[_Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            parts = alias.name.split(".")
            first = len(parts) if alias.asname else 1  # without `as` the name of the package itself may be used
            yield from (_Import(".".join(parts[:count]), ()) for count in range(first, len(parts) + 1))
    elif isinstance(node, ast.ImportFrom):
        yield _Import(_absolute(node.module or "", node.level, module, is_package), _names(node))
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called, name = getattr(node.func, "attr", getattr(node.func, "id", "")), node.args[0].value
        if called in ("import_module", "__import__") and isinstance(name, str):
            plain = name.lstrip(".")
            yield _Import(_absolute(plain, len(name) - len(plain), module, is_package), ())


def _names(node: ast.ImportFrom) -> tuple[str, ...]:
    return tuple(alias.name for alias in node.names)


def _absolute(name: str, level: int, module: str, is_package: bool) -> str:
    if not level:
        return name
    parts = module.split(".")
    base = parts[: len(parts) - level + is_package]
    return ".".join([*base, *([name] if name else [])])


@lru_cache(maxsize=5_000)
def _bound(text: bytes, package: str) -> frozenset[str]:
    """Return the names to which a package's text gives a meaning of its own; `*` if it may be any name."""
    tree = _parsed(text)
    return frozenset(name for node in ast.walk(tree) for name in _given(node, package)) if tree else frozenset()


def _given(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        is_own = _absolute(node.module or "", node.level, package, True) == package
        yield from (alias.asname or alias.name for alias in node.names if alias.asname or not is_own)
    elif isinstance(node, ast.Import):
        yield from (alias.asname for alias in node.names if alias.asname)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def _parsed(text: bytes) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
