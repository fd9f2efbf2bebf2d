"""Plain functions that the tables of the tests name; `calls` counts what `count` was called with."""

from __future__ import annotations

import functools
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from os.path import join  # noqa: F401  # a re-export, which the catalog must not offer
from typing import Any

Pair = namedtuple("Pair", "left right")  # what people have
Single = namedtuple("Single", "only")
calls: list[Any] = []
a_lambda = lambda value: value  # noqa: E731
disguised = lambda value: value  # noqa: E731
disguised.__name__ = disguised.__qualname__ = "disguised"
a_partial = functools.partial(max, 1)
renamed = functools.partial  # a class under another name


class Thing:
    """Something that can be weakly referenced, is equal by its content, and has callables in it."""

    def __init__(self, value: Any = 0) -> None:
        self.value = value

    def __call__(self, value: Any) -> Any:
        return value

    @staticmethod
    def static(value: int) -> int:
        return value + 1

    @classmethod
    def named(cls, value: Any) -> str:
        return f"{cls.__name__} {value}"


a_callable = Thing()


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


@logged
def decorated(value: int, more: int = 1) -> int:
    return value + more


another_name = decorated
wrapped_lambda = functools.wraps(decorated)(lambda *args: args)


@functools.lru_cache
def cached(value: int) -> int:
    return value + 1


def _private(value: Any) -> Any:
    return value


def one() -> int:
    return 1


def identity(value: Any) -> Any:
    return value


def add(left: Any, right: Any) -> Any:
    return left + right


def increment(value: int, by: int = 1) -> int:
    return value + by


def count(value: Any, label: str = "") -> Any:
    """Return what came, and note it in `calls`."""
    calls.append(label or value)
    return value


def as_tuple(value: Any, *more: Any) -> tuple[Any, ...]:
    return (value, *more)


def as_list(value: Any, *more: Any) -> list[Any]:
    return [value, *more]


def as_pair(left: Any, right: Any) -> Pair:
    return Pair(left, right)


def as_single(value: Any) -> Single:
    return Single(value)


def keyword_only(value: Any, *, scale: int, offset: int = 0) -> Any:
    return value * scale + offset


def keyword_defaults(*, scale: int = 3) -> int:
    return scale


def positional_only(value: Any, other: Any = 2, /, third: Any = 3) -> list[Any]:
    return [value, other, third]


def spread(first: Any, *rest: Any, last: Any = None) -> list[Any]:
    return [first, *rest, last]


def any_keywords(value: Any = None, **more: Any) -> dict[str, Any]:
    return {"value": value, **more}


async def asynchronous(value: Any) -> Any:
    return value


async def asynchronous_generator(value: Any) -> Any:
    yield value


def synchronous(function: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that runs a coroutine to its end."""

    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        try:
            function(*args).send(None)
        except StopIteration as end:
            return end.value

    return wrapper


@synchronous
async def made_synchronous(value: Any) -> Any:
    return value


def made_async(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def wrapper(*args: Any) -> Any:
        return function(*args)

    return wrapper


@made_async
def made_asynchronous(value: Any) -> Any:
    return value


def generator(value: int) -> Iterator[int]:
    yield from range(value)


def append(values: list[Any], item: Any = 0) -> list[Any]:
    """Change the argument in place, as careless functions do."""
    values.append(item)
    return values


def append_option(value: Any, options: Any = None) -> int:
    options["list"].append(value)
    return len(options["list"])


def fail(value: Any = None) -> Any:
    raise ValueError(f"no good: {value}")


def fail_inside(value: Any) -> Any:
    try:
        fail(value)
    except ValueError as error:
        raise LookupError("outer") from error


def fail_on_first_call(value: Any) -> Any:
    calls.append(value)
    if len(calls) == 1:
        raise ValueError("the first call fails")
    return value


def interrupt_on_first_call(value: Any) -> Any:
    calls.append(value)
    if len(calls) == 1:
        raise KeyboardInterrupt
    return value


def leave(value: Any = 3) -> None:
    sys.exit(value)


class Unprintable(Exception):  # noqa: N818  # a user's own
    def __str__(self) -> str:
        raise RuntimeError("cannot be shown")


def fail_unprintably(value: Any) -> None:
    raise Unprintable


def raise_key_error(value: Any) -> None:
    raise KeyError("ticker")


def make_thing(value: Any = 0) -> Thing:
    return Thing(value)


def content(thing: Thing) -> Any:
    return thing.value


def registry(data: dict[str, Any]) -> list[str]:
    """Return the sorted keys of the live registry."""
    return sorted(data["__data__"])


def forget(data: dict[str, Any], key: str = "thing") -> None:
    del data["__data__"][key]


def forget_and_count(data: dict[str, Any], key: str = "thing") -> int:
    calls.append(key)
    return len(data["__data__"].pop(key).__dict__)


def store(data: dict[str, Any], key: str, value: Any) -> None:
    data["__data__"][key] = value
