"""A catalog as plain data, for a process that shall check and draw tables without importing the functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from inspect import Parameter, Signature, cleandoc, formatannotation
from typing import Any

from core.catalog import Catalog
from core.errors import CatalogError, LiteralError
from core.function import MARK, Function, Marking
from core.literal import decode, encode

Description = Mapping[str, Any]
KINDS = (
    Parameter.POSITIONAL_ONLY,
    Parameter.POSITIONAL_OR_KEYWORD,
    Parameter.VAR_POSITIONAL,
    Parameter.KEYWORD_ONLY,
    Parameter.VAR_KEYWORD,
)


def describe(catalog: Catalog) -> list[dict[str, Any]]:
    """Return everything that is known of the catalog's functions, but what they do, as plain JSON."""
    return [_describe(function) for _, function in sorted(catalog.items())]


def from_description(data: list[dict[str, Any]], former: Catalog | None = None) -> Catalog:
    """Return a catalog of functions that can be checked and drawn, and not called.

    A function of the `former` catalog whose description is the same is taken over, so that it stays the same object.
    """
    return Catalog(_function(item, former.find(item["path"]) if former else None) for item in data)


class _Described(Function):
    """A function that lives in another process."""

    def __init__(self, data: Description) -> None:
        self.description = data
        call = _absent(data["path"])
        setattr(call, MARK, _marking(data["marking"]))
        super().__init__(data["path"], call, _signature(data))
        self.__dict__.update(doc=data["doc"], source=data["source"], digest=data["digest"], version=data["version"])


class _Shown:
    """A default that has no exact form in JSON: only how it is written is known."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _absent(path: str) -> Callable[..., Any]:
    def absent(*_arguments: Any, **_kwargs: Any) -> Any:
        raise CatalogError(f"{path} is not called in this process")

    return absent


def _function(data: dict[str, Any], former: Function | None) -> Function:
    if isinstance(former, _Described) and former.description == data:
        return former
    return _Described(data)


def _describe(function: Function) -> dict[str, Any]:
    marking = asdict(function.marking)
    return {
        "path": function.path,
        "parameters": [_parameter(parameter) for parameter in function.signature.parameters.values()],
        "doc": cleandoc(function.doc),
        "source": function.source,
        "digest": function.digest,
        "version": function.version,
        "marking": {name: _literal(value) for name, value in marking.items()},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"name": parameter.name, "kind": int(parameter.kind)}
    if parameter.annotation is not Parameter.empty:
        written = parameter.annotation
        found["annotation"] = written if isinstance(written, str) else formatannotation(written)
    if parameter.default is not Parameter.empty:
        found["default"] = _literal(parameter.default)
    return found


def _literal(value: Any) -> dict[str, Any]:
    try:
        return {"value": json.loads(json.dumps(encode(value), allow_nan=False))}
    except LiteralError:
        return {"shown": repr(value)[:200]}


def _read(data: Mapping[str, Any]) -> Any:
    return decode(data["value"]) if "value" in data else _Shown(data["shown"])


def _signature(data: Description) -> Signature:
    return Signature(
        [
            Parameter(
                item["name"],
                KINDS[item["kind"]],
                default=_read(item["default"]) if "default" in item else Parameter.empty,
                annotation=item.get("annotation", Parameter.empty),
            )
            for item in data["parameters"]
        ]
    )


def _marking(data: Mapping[str, Any]) -> Marking:
    return Marking(**{name: _read(value) for name, value in data.items()})
