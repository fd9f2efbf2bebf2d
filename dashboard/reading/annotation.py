"""What the author of a function says of an argument's type, as far as a field of a form can make use of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

TRANSPARENT = ("Annotated", "Optional", "Union")


@dataclass(frozen=True)
class Annotation:
    """What a value may be.

    Attributes:
        names: of the types that it may have, without their modules; none if nothing is known.
        choices: the values that it may have; none if its type does not name them.
    """

    names: frozenset[str] = frozenset()
    choices: tuple[Any, ...] = ()


@lru_cache(maxsize=1_000)
def read_annotation(text: str) -> Annotation:
    """Return what an annotation says. What is not understood says nothing."""
    try:
        found = list(_alternatives(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Annotation()
    names = frozenset(name for name, _ in found if name)
    choices = tuple(choice for name, choice in found if not name)
    return Annotation(names, choices if names <= {"None"} else ())


def _alternatives(node: ast.expr) -> Iterator[tuple[str, Any]]:
    """Yield the name of each type that is allowed, or "" and the value of each value that is."""
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            yield from _alternatives(left)
            yield from _alternatives(right)
        case ast.Subscript(value, ast.Tuple(items)):
            yield from _of_subscript(_name(value), items)
        case ast.Subscript(value, item):
            yield from _of_subscript(_name(value), [item])
        case ast.Constant(str(text)):
            yield from _alternatives(ast.parse(text, mode="eval").body)
        case ast.Constant(None):
            yield "None", None
        case ast.Name() | ast.Attribute():
            yield _name(node), None


def _of_subscript(name: str, items: list[ast.expr]) -> Iterator[tuple[str, Any]]:
    if name == "Literal":
        yield from (("", ast.literal_eval(item)) for item in items)
    elif name in TRANSPARENT:
        for item in items[:1] if name == "Annotated" else items:
            yield from _alternatives(item)
        if name == "Optional":
            yield "None", None
    else:
        yield name, None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
