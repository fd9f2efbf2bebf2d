"""One function that a table may name: how it is called, what its author says of it, which code it runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from core.suggest import closest

F = TypeVar("F", bound=Callable[..., Any])
MARK = "__tasktable__"
POSITIONAL_ONLY = inspect.Parameter.POSITIONAL_ONLY
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
KEYWORD = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
MAX_REMEMBERED = 1_000
EMPTY = inspect.Parameter.empty


@dataclass(frozen=True)
class Marking:
    """What an author said about a function with `@task(...)`.

    Attributes:
        title: a short name for people.
        tags: words to group and search by.
        cache: "always" (a result may be reused), "never", or a number of seconds for which it may be.
        hints: argument name -> hints for forms: `choices`, `minimum`, `maximum`, `description`.
        time_limit: seconds that one call may take in a managed run; None is no limit of its own.
        retries: how many times a managed run calls it again when it raises, takes too long or breaks its process.
    """

    title: str = ""
    tags: tuple[str, ...] = ()
    cache: str | float = "always"
    hints: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    time_limit: float | None = None
    retries: int = 0


def task(
    *,
    title: str = "",
    tags: tuple[str, ...] = (),
    cache: str | float = "always",
    hints: Mapping[str, Mapping[str, Any]] | None = None,
    time_limit: float | None = None,
    retries: int = 0,
) -> Callable[[F], F]:
    """Mark a function for the catalog; the function itself stays as it is. See `Marking` for the arguments.

    Raises ValueError for a mark that makes no sense.
    """
    if not (cache in ("always", "never") or (isinstance(cache, int | float) and cache > 0)):
        raise ValueError(f'cache must be "always", "never" or a number of seconds, not {cache!r}')
    if time_limit is not None and not (isinstance(time_limit, int | float) and time_limit > 0):
        raise ValueError(f"time_limit must be a number of seconds, or None, not {time_limit!r}")
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise ValueError(f"retries must be a whole number from 0 on, not {retries!r}")
    marking = Marking(title, tuple(tags), cache, dict(hints or {}), time_limit, retries)

    def mark(function: F) -> F:
        setattr(function, MARK, marking)
        return function

    return mark


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason why a call would not bind: `is_keyword` tells kwargs from input keys, `argument` is what is meant."""

    kind: str
    message: str
    is_keyword: bool
    hint: str = ""
    argument: str = ""
    offers: tuple[str, ...] = ()


class Function:
    """A function under the path by which tables name it. `call` is the callable itself."""

    def __init__(
        self,
        path: str,
        call: Callable[..., Any],
        signature: inspect.Signature,
        digests: dict[str, str] | None = None,
    ) -> None:
        """`digests`: module -> digest, shared by functions that were loaded together, so that each is found once."""
        self.path = path
        self._digests = {} if digests is None else digests
        self.call = call
        self.signature = signature
        self._misfits: dict[tuple[int, tuple[str, ...]], tuple[Misfit, ...]] = {}

    def __repr__(self) -> str:
        return f"Function({self.path}{self.signature})"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @cached_property
    def marking(self) -> Marking:
        """What `@task(...)` says, or an empty `Marking`."""
        marking = getattr(self.call, MARK, None)
        return marking if isinstance(marking, Marking) else Marking()

    @property
    def title(self) -> str:
        """A short name for people: the author's, else the function's own name in words."""
        return self.marking.title or self.name.replace("_", " ").capitalize()

    @cached_property
    def doc(self) -> str:
        """The docstring without its indentation, or ""."""
        return inspect.getdoc(self.call) or ""

    @cached_property
    def source(self) -> str:
        """The source text, or "" where there is none."""
        try:
            return inspect.getsource(inspect.unwrap(self.call))
        except (OSError, TypeError):
            return ""

    @cached_property
    def digest(self) -> str:
        """Changes when the function's module changes, or a module of the same package that it imports."""
        from core.digest import module_digest

        module = str(getattr(inspect.unwrap(self.call), "__module__", None) or "")
        if module not in self._digests:
            self._digests[module] = module_digest(module)
        return self._digests[module]

    @cached_property
    def version(self) -> str:
        """The versions of Python and of the package that the function was installed with."""
        from core.version import version_of

        return version_of(str(getattr(inspect.unwrap(self.call), "__module__", None) or ""))

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The arguments that have a default, with it."""
        return {name: p.default for name, p in self.signature.parameters.items() if p.default is not EMPTY}

    def misfits(self, positional: int, names: tuple[str, ...]) -> tuple[Misfit, ...]:
        """Return every reason why `positional` arguments and keyword arguments `names` do not bind, as Python would."""
        key = (positional, names)
        found = self._misfits.get(key)
        if found is None:
            if len(self._misfits) >= MAX_REMEMBERED:
                self._misfits.clear()
            found = self._misfits[key] = tuple(self._find_misfits(positional, names))
        return found

    def _find_misfits(self, positional: int, names: tuple[str, ...]) -> list[Misfit]:
        parameters = list(self.signature.parameters.values())
        kinds = {p.kind for p in parameters}
        slots = [p for p in parameters if p.kind in POSITIONAL]
        keywords = [p.name for p in parameters if p.kind in KEYWORD]
        filled = {p.name for p in slots[:positional]}
        takes_any_keyword = inspect.Parameter.VAR_KEYWORD in kinds
        hint = f"the signature is {self.name}{shown(self.signature)}"
        found: list[Misfit] = []
        if positional > len(slots) and inspect.Parameter.VAR_POSITIONAL not in kinds:
            message = f"{self.name} takes {_count(len(slots))} by position, {positional} given"
            found.append(Misfit("argument-count", message, False, hint))
        for name in names:
            is_slot = name in filled and name in keywords
            if is_slot:
                message = f"the argument {name} is given twice, by an input key and in kwargs"
                found.append(Misfit("argument-twice", message, True, f"remove {name} from one of them", name))
            elif name not in keywords and not takes_any_keyword:
                found.append(self._unknown_keyword(name, keywords, {p.name for p in slots}, hint))
        for p in parameters:
            if p.default is EMPTY and p.kind in (*POSITIONAL, inspect.Parameter.KEYWORD_ONLY):
                by_name = p.name in names and p.kind is not POSITIONAL_ONLY
                if p.name not in filled and not by_name:
                    found.append(self._missing_argument(p, hint))
        return found

    def _unknown_keyword(self, name: str, keywords: list[str], slots: set[str], hint: str) -> Misfit:
        if name in slots:
            return Misfit("positional-only", f"the argument {name} can only be given by an input key", True, hint)
        message = f"{self.name} takes no keyword argument {name[:60]!r}"
        near = closest(name, keywords)
        hint = f"did you mean {near[0]}?" if near else hint
        return Misfit("unknown-keyword", message, True, hint, name, tuple(near))

    def _missing_argument(self, parameter: inspect.Parameter, hint: str) -> Misfit:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            message = f"the keyword argument {parameter.name} of {self.name} is missing"
            return Misfit("missing-keyword", message, True, hint)
        message = f"the argument {parameter.name} of {self.name} is missing"
        return Misfit("missing-argument", message, False, hint)


def shown(signature: inspect.Signature) -> str:
    """Return the signature as short text: without annotations, with defaults."""
    bare = [p.replace(annotation=EMPTY) for p in signature.parameters.values()]
    text = str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
    return text if len(text) <= 200 else f"{text[:197]}..."


def describe_refusal(value: Any) -> str:
    """Return why `value` cannot be called by a table, or "" if it can: a plain function with a signature."""
    if isinstance(value, type):
        return "is a class, not a function"
    if not callable(value):
        return f"is a {type(value).__name__}, not a function"
    plain = inspect.unwrap(value)
    called = value if inspect.isroutine(value) else plain
    if inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called):
        return "is an async function; a task needs a plain one"
    if not inspect.isroutine(plain):
        return f"is a {type(value).__name__}, not a plain function"
    try:
        inspect.signature(value)
    except (ValueError, TypeError):
        return "is built in without a signature, so a call cannot be checked; wrap it in a function of your own"
    return ""


def _count(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"
