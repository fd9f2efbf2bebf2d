"""Texts that nobody may read: what is put in their place, also where a text comes in portions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"


def masked(text: str, secrets: Collection[str]) -> str:
    """Return the text with every secret in it replaced by `***`, also where it is quoted, as in an address or JSON."""
    for form in _forms(secrets):
        text = text.replace(form, MASK)
    return text


def masked_json(data: Any, secrets: Collection[str]) -> Any:
    """Return plain JSON in which no text, and no key, has a secret in it."""
    return json.loads(masked(json.dumps(data), secrets)) if any(secrets) else data


def held_back(text: str, secrets: Collection[str]) -> int:
    """Return how many characters at the end of a portion of text may be the beginning of a secret."""
    return max((_overlap(text, form) for form in _forms(secrets)), default=0)


def _forms(secrets: Collection[str]) -> Iterator[str]:
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            quoted = (quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1])
            yield from dict.fromkeys((secret, *quoted, *(json.dumps(form)[1:-1] for form in (secret, *quoted))))


def _overlap(text: str, secret: str) -> int:
    return next((size for size in range(min(len(secret) - 1, len(text)), 0, -1) if secret.startswith(text[-size:])), 0)
