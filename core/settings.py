"""Configuration, read from environment variables that begin with `TASKTABLE_`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import SettingsError

PREFIX = "TASKTABLE_"
QUANDL_ADDRESS = "https://data.nasdaq.com/api/v3"


@dataclass(frozen=True)
class Settings:
    """What a server's owner decides; nothing in a workflow file can change it.

    Attributes:
        function_modules: modules whose functions a table may name, besides those that installed packages register.
        quandl_key: API key for `get_quandl_data`; never shown.
        quandl_address: base address of the Quandl API.
        quandl_timeout: seconds to wait for one answer.
    """

    function_modules: tuple[str, ...] = ()
    quandl_key: str = field(default="", repr=False)
    quandl_address: str = QUANDL_ADDRESS
    quandl_timeout: float = 30.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `TASKTABLE_FUNCTIONS`, `TASKTABLE_QUANDL_KEY`, `TASKTABLE_QUANDL_ADDRESS`, `TASKTABLE_QUANDL_TIMEOUT`.

        Raises SettingsError, naming the variable, when a value makes no sense.
        """
        variables = os.environ if environment is None else environment
        modules = variables.get(f"{PREFIX}FUNCTIONS", "")
        address = variables.get(f"{PREFIX}QUANDL_ADDRESS", QUANDL_ADDRESS).rstrip("/")
        if not address.startswith(("https://", "http://")):
            raise SettingsError(f"{PREFIX}QUANDL_ADDRESS must begin with https:// or http://")
        return cls(
            function_modules=tuple(name.strip() for name in modules.split(",") if name.strip()),
            quandl_key=variables.get(f"{PREFIX}QUANDL_KEY", ""),
            quandl_address=address,
            quandl_timeout=_seconds(f"{PREFIX}QUANDL_TIMEOUT", variables.get(f"{PREFIX}QUANDL_TIMEOUT", "30")),
        )


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3600:
        raise SettingsError(f"{name} must be a number of seconds between 0 and 3600, not {text[:40]!r}")
    return seconds
