"""Configuration, read from environment variables that begin with `TASKTABLE_`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import unquote

from core.errors import SettingsError

PREFIX = "TASKTABLE_"
QUANDL_ADDRESS = "https://data.nasdaq.com/api/v3"
GIGABYTE = 1024**3
PROXIES = tuple(name for kind in ("HTTP", "HTTPS", "ALL") for name in (f"{kind}_PROXY", f"{kind}_proxy".lower()))

ExecutorName = Literal["inline", "threads", "processes"]


@dataclass(frozen=True)
class Settings:
    """What a server's owner decides; nothing in a workflow file can change it.

    Attributes:
        function_modules: modules whose functions a table may name, besides those that installed packages register.
        quandl_key: API key for `get_quandl_data`; never shown.
        quandl_address: base address of the Quandl API.
        quandl_timeout: seconds to wait for one answer.
        data: folder of the database, the artifacts, the cache and the runs.
        database_url: where workflows, versions and runs are recorded; "" is an SQLite file in the data folder.
        artifacts_url: where artifacts are kept besides the data folder, as an fsspec address; "" is nowhere.
        executor: how the tasks of a run are run.
        workers: how many tasks of a run may run at once.
        runs_at_once, runs_per_user: how many runs may be under way; the others wait.
        run_memory, run_output_size, run_file_size: bytes one run may use; see `core.request.Limits`.
        run_cpu, run_seconds: seconds one run may take, of a processor and by the clock.
        proxy_passwords: what the addresses of proxies hold besides names; never shown.
        cache_size: bytes of kept results above which those that were not used for longest are removed.
    """

    function_modules: tuple[str, ...] = ()
    quandl_key: str = field(default="", repr=False)
    quandl_address: str = QUANDL_ADDRESS
    quandl_timeout: float = 30.0
    data: Path = field(default_factory=lambda: _default_data(os.environ))
    database_url: str = field(default="", repr=False)
    artifacts_url: str = ""
    executor: ExecutorName = "inline"
    workers: int = 2
    runs_at_once: int = 4
    runs_per_user: int = 2
    run_memory: int = 4 * GIGABYTE
    run_output_size: int = 8 * GIGABYTE
    run_file_size: int = 4 * GIGABYTE
    run_cpu: float = 3600.0
    run_seconds: float = 3600.0
    cache_size: int = 10 * GIGABYTE
    proxy_passwords: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables: `TASKTABLE_` and the attribute's name in capitals, `TASKTABLE_FUNCTIONS` for the modules.

        Sizes are in megabytes, times in seconds. Raises SettingsError, naming the variable,
        when a value makes no sense.
        """
        variables = os.environ if environment is None else environment
        read = _Reader(variables)
        address = read.text("QUANDL_ADDRESS", QUANDL_ADDRESS).rstrip("/")
        if not address.startswith(("https://", "http://")):
            raise SettingsError(f"{PREFIX}QUANDL_ADDRESS must begin with https:// or http://")
        data = read.text("DATA", "")
        return cls(
            function_modules=tuple(name.strip() for name in read.text("FUNCTIONS", "").split(",") if name.strip()),
            quandl_key=read.text("QUANDL_KEY", ""),
            quandl_address=address,
            quandl_timeout=read.seconds("QUANDL_TIMEOUT", 30.0, 3600.0),
            data=Path(data).expanduser().absolute() if data else _default_data(variables),
            database_url=read.text("DATABASE_URL", ""),
            artifacts_url=read.text("ARTIFACTS_URL", ""),
            executor=read.executor("EXECUTOR"),
            workers=read.count("WORKERS", max(2, os.cpu_count() or 1)),
            runs_at_once=read.count("RUNS_AT_ONCE", 4),
            runs_per_user=read.count("RUNS_PER_USER", 2),
            run_memory=read.megabytes("RUN_MEMORY", 4 * GIGABYTE),
            run_output_size=read.megabytes("RUN_OUTPUT_SIZE", 8 * GIGABYTE),
            run_file_size=read.megabytes("RUN_FILE_SIZE", 4 * GIGABYTE),
            run_cpu=read.seconds("RUN_CPU", 3600.0, 1e6),
            run_seconds=read.seconds("RUN_SECONDS", 3600.0, 1e6),
            cache_size=read.megabytes("CACHE_SIZE", 10 * GIGABYTE),
            proxy_passwords=_passwords(variables.get(name, "") for name in PROXIES),
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, logged or stored."""
        return tuple(text for text in (self.quandl_key, _password(self.database_url), *self.proxy_passwords) if text)


def _passwords(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the passwords of addresses, as they stand there and as they are sent."""
    found = [password for password in map(_password, addresses) if password]
    return tuple(dict.fromkeys([*found, *map(unquote, found)]))


def _password(address: str) -> str:
    """Return the password in `scheme://user:password@host`, "" if there is none."""
    name = address.partition("://")[2].partition("/")[0].rpartition("@")[0]
    return name.partition(":")[2]


class _Reader:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, default: str) -> str:
        return self._variables.get(PREFIX + name, default)

    def seconds(self, name: str, default: float, most: float) -> float:
        return self._number(name, default, most, "a number of seconds")

    def megabytes(self, name: str, default: int) -> int:
        megabyte = 1024**2
        return int(self._number(name, default / megabyte, 1e9, "a number of megabytes") * megabyte)

    def count(self, name: str, default: int) -> int:
        number = self._number(name, default, 1000, "a whole number")
        if number != int(number):
            raise SettingsError(f"{PREFIX}{name} must be a whole number, not {number}")
        return int(number)

    def executor(self, name: str) -> ExecutorName:
        chosen = self.text(name, "inline")
        for known in get_args(ExecutorName):
            if chosen == known:
                return known  # type: ignore[no-any-return]
        raise SettingsError(f"{PREFIX}{name} must be one of {', '.join(get_args(ExecutorName))}, not {chosen[:40]!r}")

    def _number(self, name: str, default: float, most: float, what: str) -> float:
        text = self.text(name, "")
        try:
            number = float(text) if text else default
        except ValueError:
            number = 0.0
        if not 0 < number < most:
            raise SettingsError(f"{PREFIX}{name} must be {what} between 0 and {most:.0f}, not {text[:40]!r}")
        return number


def _default_data(variables: Mapping[str, str]) -> Path:
    """The user's own folder for data, as the system has it."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Tasktable"
    base = variables.get("XDG_DATA_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "share") / "tasktable"
