"""Ask the Quandl API for one dataset; every failure becomes one sentence that never holds the key.

The `quandl` package does the asking. It takes half a second to import, so only a function that asks imports it.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from core.settings import Settings

_CODE = re.compile(r"([A-Z0-9_]{1,50}/[A-Z0-9_]{1,50})(?:\.([0-9]{1,3}))?", re.ASCII)
_KEY = re.compile(r"[!-~]*", re.ASCII)
_API_CONFIG = threading.Lock()
# The package reads an answer without looking at it first: what is not as expected ends in one of these.
_MISREAD = (LookupError, TypeError, ValueError, AttributeError, NameError, ArithmeticError, RecursionError)


def fetch(ticker: str) -> pd.DataFrame:
    """The dataset `ticker`, with its dates as the first column. See `prices.get_quandl_data`, also for the errors."""
    code, params = _parse(ticker)
    settings = Settings.from_environment()
    if not _KEY.fullmatch(settings.quandl_key):
        raise ValueError("TASKTABLE_QUANDL_KEY has characters that no key has, perhaps a space or a line break")
    data = _ask(code, params, settings)
    if isinstance(data, Exception):
        raise data  # here, and not where it was caught: so that no traceback leads to the request and its key
    if data.empty:
        raise LookupError(f"Quandl's dataset {ticker} is empty; check the code on data.nasdaq.com")
    return data


def _parse(ticker: str) -> tuple[str, dict[str, str]]:
    if not isinstance(ticker, str):
        raise TypeError(f'ticker must be text such as "WIKI/JPM", not {type(ticker).__name__}')
    match = _CODE.fullmatch(ticker)
    if match is None:
        shown = repr(ticker[:40])
        raise ValueError(f'{shown} is no Quandl code; write DATABASE/DATASET in capitals, such as "WIKI/JPM"')
    code, column = match.groups()
    return code, {"column_index": column} if column else {}


def _ask(code: str, params: dict[str, str], settings: Settings) -> pd.DataFrame | Exception:
    import quandl
    import requests

    try:
        with _configured(quandl.ApiConfig, settings):
            # Redirects are not followed: they would carry the key to another server.
            answer = quandl.Dataset(code).data(
                params=params, timeout=settings.quandl_timeout, allow_redirects=False, handle_column_not_found=True
            )
        return _frame(answer.column_names, answer.to_list())
    except quandl.QuandlError as error:
        return _refused(error, code, settings)
    except requests.exceptions.InvalidJSONError:
        return _malformed()
    except requests.exceptions.RequestException as error:
        return _unreachable(error, settings)
    except _MISREAD:
        return _malformed()


@contextmanager
def _configured(config: Any, settings: Settings) -> Iterator[None]:
    """Set the package's global configuration for one question, and put it back afterwards."""
    wanted = {
        "api_key": settings.quandl_key or None,
        "api_base": settings.quandl_address,
        "api_protocol": settings.quandl_address.partition("//")[0] + "//",
        "use_retries": False,  # five retries by default, each as long as the time-out
    }
    with _API_CONFIG:
        before = {name: getattr(config, name) for name in wanted}
        try:
            for name, value in wanted.items():
                setattr(config, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(config, name, value)


def _frame(names: list[str], rows: list[list[Any]]) -> pd.DataFrame:
    """The package's own conversion uses what pandas deprecates, and lets incomplete rows and dates pass."""
    if any(len(row) != len(names) or not isinstance(row[0], dt.date) for row in rows):
        raise ValueError("a row is incomplete, or does not begin with a date")
    data = pd.DataFrame(rows, columns=names)
    return data.assign(**{names[0]: pd.to_datetime(data[names[0]])})


def _refused(error: Any, code: str, settings: Settings) -> Exception:
    """What an answer that says no means: by Quandl's own error, else by the HTTP status."""
    kind, status = type(error).__name__, error.http_status or 0
    reason = f"Quandl refused {code} (status {status}): "
    if kind in ("AuthenticationError", "ForbiddenError") or status in (401, 403):
        known = "the key is wrong, or not subscribed to this dataset" if settings.quandl_key else "no key is set"
        return PermissionError(f"{reason}{known}; check TASKTABLE_QUANDL_KEY on the server")
    if kind == "LimitExceededError" or status == 429:
        return ConnectionError(f"{reason}too many questions in a short time; wait some minutes and run again")
    if kind == "NotFoundError":
        return LookupError(f"Quandl has no dataset {code} (status {status}); check the code on data.nasdaq.com")
    if kind == "InvalidRequestError":
        return ValueError(f"{reason}it does not understand the request; check the code and its column number")
    if kind in ("InternalServerError", "ServiceUnavailableError") or status >= 500:
        return ConnectionError(f"Quandl is out of order (status {status}); run again later")
    return _malformed()


def _unreachable(error: Exception, settings: Settings) -> Exception:
    if "timed out" in str(error):
        waited = f"no answer within {settings.quandl_timeout:g} seconds"
        return TimeoutError(f"Quandl gave {waited}; run again later, or raise TASKTABLE_QUANDL_TIMEOUT")
    return ConnectionError("the Quandl server cannot be reached; check the network and TASKTABLE_QUANDL_ADDRESS")


def _malformed() -> Exception:
    return ValueError(
        "Quandl's answer cannot be understood; check TASKTABLE_QUANDL_ADDRESS, or run again later with a known code"
    )
