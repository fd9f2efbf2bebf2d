"""Work that the tables of the tests of managed runs name: some of it careless, slow, loud or deadly."""

# ruff: noqa: T201  # printing is what some of it does

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.function import task

DEADLINE = 20.0


def constant(number: Any = 1) -> Any:
    return number


def add(left: Any, right: Any, offset: Any = 0) -> Any:
    return left + 2 * right + offset


def scale(value: Any, factor: Any = 2) -> Any:
    return value * factor


def split(value: int) -> tuple[int, int]:
    return value + 1, value - 1


def pair(value: Any) -> list[Any]:
    return [value, [value]]


def combine(left: Any, right: Any, offset: Any = 0) -> list[Any]:
    return [left, right, offset]


def halves(value: Any) -> tuple[Any, Any]:
    return [value], value


def identity(value: Any) -> Any:
    return value


def drop(value: Any) -> None:
    """Read a value and write nothing."""


def items(count: int) -> list[int]:
    return list(range(count))


def append_in_place(values: list[Any], item: Any = 0) -> list[Any]:
    values.append(item)
    return values


def spoil_all(value: Any) -> Any:
    """Change every list in the argument in place, as deep as it goes."""
    if isinstance(value, list | tuple):
        for item in value:
            spoil_all(item)
    if isinstance(value, list):
        value.append("spoiled")
    return value


def append_to_option(value: Any, options: Any = None) -> list[Any]:
    options.append(value)
    return options


def both(left: list[Any], right: list[Any]) -> bool:
    """Tell whether the two are one object."""
    return left is right


def frame(rows: int) -> Any:
    import pandas as pd

    return pd.DataFrame({"number": range(rows)})


def spoil(frame: Any) -> int:
    """Change a frame in place, and return its sum."""
    frame["number"] *= 100
    frame["more"] = 1
    return int(frame["number"].sum())


def total(frame: Any) -> int:
    return int(frame.to_numpy().sum())


@task(cache="never")
def ticket(value: Any = None) -> str:
    """Return something else each time."""
    return uuid.uuid4().hex


@task(cache=60)
def quote(value: Any = None) -> str:
    """Return something else each time, that may be reused for a minute."""
    return uuid.uuid4().hex


def drawn(value: Any = None) -> str:
    """Return something else each time, though it is reused for ever."""
    return uuid.uuid4().hex


def lock(value: Any = None) -> Any:
    """Return what cannot be stored."""
    return threading.Lock()


def slow_lock(seconds: float) -> Any:
    time.sleep(seconds)
    return threading.Lock()


@task(time_limit=0.5)
def nap(seconds: float) -> None:
    time.sleep(seconds)


def half_stored(value: Any) -> tuple[Any, Any]:
    return value, threading.Lock()


def kind(value: Any) -> str:
    return type(value).__name__


def numbers(count: int) -> Iterator[int]:
    yield from range(count)


def listed(values: Any, more: int = 0) -> list[Any]:
    return [*values, *range(more)]


def items_under_lock() -> dict[str, Any]:
    """Return a list beside what can neither be stored nor copied."""
    items = [1]
    return {"lock": threading.Lock(), "items": items, "same": items}


def append_under_lock(value: dict[str, Any], item: int) -> list[int]:
    with value["lock"]:
        value["items"].append(item)
    return value["same"]


def fail(value: Any = None) -> Any:
    raise ValueError(f"no good: {value}")


def fail_with_secret(value: Any) -> Any:
    raise ValueError(f"https://server/?key={value}")


def leave(value: Any = None) -> None:
    sys.exit(3)


def cancel(value: Any = None) -> None:
    raise GeneratorExit("not an Exception")


def exhaust(value: Any = None) -> None:
    raise MemoryError


def noted(value: Any, path: str) -> Any:
    """Return the value; every call leaves a line in a file."""
    with Path(path).open("a") as file:
        file.write("x\n")
    return value


def fail_until(value: Any, path: str) -> Any:
    """Fail as long as a file is not there."""
    if not Path(path).exists():
        raise ValueError("not yet")
    return value


@task(retries=2)
def flaky(value: list[Any], path: str, failures: int) -> list[Any]:
    """Fail that many times; spoils its argument each time."""
    value.append("tried")
    with Path(path).open("a") as file:
        file.write("x\n")
    if len(Path(path).read_text().split()) <= failures:
        raise ConnectionError("try again")
    return value


def speak(text: str) -> str:
    print(text)
    print(f"careful, {text}", file=sys.stderr)
    return text


def warn(text: str) -> str:
    warnings.warn(text, stacklevel=1)
    return text


def report(text: str) -> str:
    logging.getLogger("acme").info("%s", text)
    logging.getLogger("acme").debug("not %s", text)
    return text


def speak_at_length(text: str, lines: int = 50_000) -> str:
    for number in range(lines):
        print(number, text)
    return text


def speak_and_wait(text: str, path: str) -> str:
    """Print, and go on when a file is there."""
    print(text)
    wait_for(path)
    return text


def meet(name: str, path: str, count: int) -> str:
    """Return when that many calls are under way at once."""
    folder = Path(path)
    (folder / f"{name}.{os.getpid()}.{threading.get_ident()}").touch()
    end = time.monotonic() + DEADLINE
    while sum(1 for _ in folder.iterdir()) < count:
        if time.monotonic() > end:
            raise TimeoutError("the others did not come")
        time.sleep(0.005)
    print(f"{name} came")
    warnings.warn(f"{name} warned", stacklevel=1)
    logging.getLogger("acme").warning("%s logged", name)
    return name


def wait_for(path: str) -> None:
    end = time.monotonic() + DEADLINE
    while not Path(path).exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} did not come")
        time.sleep(0.005)


def signalled(value: Any, number: int = signal.SIGSEGV) -> None:
    os.kill(os.getpid(), number)
    time.sleep(DEADLINE)


def exit_at_once(value: Any, code: int = 0) -> None:
    print("leaving")
    sys.stdout.flush()
    os._exit(code)


@task(time_limit=0.3)
def sleep_too_long(value: Any) -> Any:
    time.sleep(DEADLINE)
    return value


def fork_and_return(value: Any) -> Any:
    """Careless: both the original and the copy return."""
    if os.fork() == 0:
        return "copy"
    return value


def process(value: Any = None) -> int:
    return os.getpid()


def look(registry: dict[str, Any]) -> list[str]:
    return sorted(registry["__data__"])


def see(registry: dict[str, Any], key: str) -> Any:
    return registry["__data__"].get(key)


def forget(registry: dict[str, Any], key: str) -> None:
    del registry["__data__"][key]


def put(registry: dict[str, Any], key: str, value: Any) -> None:
    registry["__data__"][key] = value


def put_and_tell(registry: dict[str, Any], key: str, value: Any) -> tuple[Any, int]:
    registry["__data__"][key] = value
    return value, len(registry["__data__"])


def forget_and_fail(registry: dict[str, Any], key: str) -> None:
    del registry["__data__"][key]
    raise ValueError("too late")
