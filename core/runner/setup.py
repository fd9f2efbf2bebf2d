"""What a supervisor is told by its client, and what the processes that it forks need of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.settings import Settings

if TYPE_CHECKING:
    from core.catalog import Catalog
    from core.function import Function


@dataclass(frozen=True)
class Setup:
    """The settings that a supervisor and its children work by.

    Attributes:
        data: the data folder.
        token: names this supervisor; what it starts carries the token in its environment.
        path: where modules are looked for, as in the client.
        runs_at_once, runs_per_user: how many runs may be under way.
        memory: bytes that the reading of one value may use.
        secrets: what must not appear in what tasks print.
        grace: seconds between the polite signal and the kill.
    """

    data: Path
    token: str
    path: tuple[str, ...]
    runs_at_once: int
    runs_per_user: int
    memory: int
    secrets: tuple[str, ...] = field(default=(), repr=False)
    grace: float = 2.0

    @classmethod
    def of(cls, settings: Settings, token: str, path: tuple[str, ...]) -> Setup:
        """Take what is needed from the settings; nothing of the database is. Tasks find the secrets around them."""
        secrets = tuple(filter(None, (settings.quandl_key, *settings.proxy_passwords)))
        data = settings.data.absolute()
        return cls(data, token, path, settings.runs_at_once, settings.runs_per_user, settings.run_memory, secrets)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {**asdict(self), "data": str(self.data), "path": list(self.path), "secrets": list(self.secrets)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Setup:
        """Read what `to_json` has written."""
        lists = {name: tuple(data[name]) for name in ("path", "secrets")}
        return cls(**{**data, **lists, "data": Path(data["data"])})


@dataclass(frozen=True)
class Room:
    """What a forked process finds: the setup, the catalog, and how to leave what its parent had open.

    Attributes:
        setup: see `Setup`.
        catalog: the functions, imported.
        leave: gives back everything that belongs to the processes above; called once, first of all.
        is_current: True as long as no file of a function was edited since it was imported.
    """

    setup: Setup
    catalog: Catalog
    leave: Callable[[], None]
    is_current: Callable[[Function], bool]


def silence() -> None:
    """Read nothing and write nowhere: standard input and outputs of a process that runs what somebody else wrote."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
