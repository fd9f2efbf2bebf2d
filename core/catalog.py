"""Which functions a table may name. A frozen table for data; for Python code, whatever its author may import."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any

from core.errors import CatalogError
from core.function import Function, describe_refusal

ENTRY_POINTS = "tasktable.functions"
MAX_PATH = 200
PATH = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+"


class Catalog(Mapping[str, Function]):
    """A frozen mapping from function path to `Function`. Looking a path up imports and executes nothing."""

    def __init__(self, functions: Iterable[Function] = ()) -> None:
        self._functions: Mapping[str, Function] = MappingProxyType({item.path: item for item in functions})

    @classmethod
    def from_modules(cls, names: Iterable[str]) -> Catalog:
        """Import the modules and return the catalog of their public plain functions. Raises CatalogError."""
        return cls(item for name in names for item in _module_functions(_import(name)))

    @classmethod
    def default(cls) -> Catalog:
        """The functions of installed packages (entry points `tasktable.functions`) and of the settings' modules."""
        from core.settings import Settings

        return _default(Settings.from_environment().function_modules)

    @staticmethod
    def trusted() -> Catalog:
        """A catalog without limits, for tables written in Python code: any importable function."""
        return _Trusted()

    def __getitem__(self, path: str) -> Function:
        return self._functions[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)

    def find(self, path: str) -> Function | None:
        """Return the function under exactly this path, or None."""
        return self._functions.get(path)

    def refusal(self, path: str) -> tuple[str, str]:
        """Return the kind of problem and the sentence that say why `find(path)` is None."""
        if not path:
            return "unknown-function", "the function path is empty"
        if len(path) > MAX_PATH or not re.fullmatch(PATH, path, re.ASCII):
            return "unknown-function", f"{shorten(path)} is not the dotted path of a function"
        return "unknown-function", f"{shorten(path)} is not in the catalog"


class _Trusted(Catalog):
    """Resolves any path by importing its module; an answer is kept, a refusal is not."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, Function] = {}

    def __getitem__(self, path: str) -> Function:
        function = self.find(path)
        if function is None:
            raise KeyError(path)
        return function

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def find(self, path: str) -> Function | None:
        found = self._found.get(path)
        if found is None:
            value, reason = _resolve(path)
            if reason or describe_refusal(value):
                return None
            found = self._found[path] = Function(path, value, inspect.signature(value))
        return found

    def refusal(self, path: str) -> tuple[str, str]:
        value, reason = _resolve(path)
        if reason:
            return "unknown-function", reason
        return "not-a-function", f"{shorten(path)} {describe_refusal(value)}"


@functools.lru_cache(maxsize=8)
def _default(modules: tuple[str, ...]) -> Catalog:
    from importlib import metadata

    registered = sorted({point.value for point in metadata.entry_points(group=ENTRY_POINTS)})
    return Catalog.from_modules(dict.fromkeys([*registered, *modules]))


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise CatalogError(f"the catalog's module {name!r} cannot be imported: {error}") from error


def _module_functions(module: ModuleType) -> Iterator[Function]:
    """Yield a module's functions; they know the digest of the code that was loaded just now, not of a later edit."""
    from core.digest import module_digest

    digests = {module.__name__: module_digest(module.__name__)}
    for name, value in vars(module).items():
        if not name.startswith("_") and _is_defined_in(module, name, value) and not describe_refusal(value):
            yield Function(f"{module.__name__}.{name}", value, inspect.signature(value), digests)


def _is_defined_in(module: ModuleType, name: str, value: Any) -> bool:
    """True for a function that this very module defines under this very name, decorated or not."""
    plain = inspect.unwrap(value) if callable(value) else value
    return (
        isinstance(plain, FunctionType)
        and plain.__module__ == module.__name__
        and plain.__qualname__ == plain.__code__.co_name == name
        and plain.__globals__ is vars(module)
    )


def _resolve(path: str) -> tuple[Any, str]:
    """Return what an importable path names, or None and the reason why it names nothing."""
    parts = path.split(".") if len(path) <= MAX_PATH else [""]
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        return None, f"{shorten(path)} is not the dotted path of a function"
    value: Any = None
    for count, part in enumerate(parts, 1):
        if count > 1 and hasattr(value, part):
            value = getattr(value, part)
            continue
        if count > 1 and not isinstance(value, ModuleType):
            return None, f"{'.'.join(parts[: count - 1])} has no attribute {part!r}"
        name = ".".join(parts[:count])
        try:
            value = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name and name.startswith(error.name):
                what = "there is no module" if count == 1 else f"the module {'.'.join(parts[: count - 1])} has no"
                return None, f"{what} {part!r}"
            return None, f"the module {name} cannot be imported: {error}"
        except (Exception, SystemExit) as error:
            return None, f"the module {name} cannot be imported: {type(error).__name__}: {error}"
    return value, ""


def shorten(text: str, most: int = 80) -> str:
    """Return the text quoted, its middle left out when it is long."""
    return repr(text if len(text) <= most else f"{text[: most // 2]}...{text[-most // 4 :]}")
